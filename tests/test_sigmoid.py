import math
import re
from statistics import fmean

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import special

from handbook import binary_cross_entropy, sigmoid, sigmoid_derivative

FLOATS = ("float16", "float32", "float64", "longdouble")
INTEGERS = ("bool", "int8", "uint8", "int64", "uint64")
ULPS = 8  # NumPy's exp is good to 4, and each division adds 0.5
REAL = TypeError, " and logits must be real"
SHAPE = ValueError, " and logits must share a shape that is not empty"
RANGE = ValueError, " must be in [0, 1]"
both = pytest.mark.parametrize("function", [sigmoid, sigmoid_derivative])
logits = hnp.arrays(
    np.float64,
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5),
    elements=st.floats(-1e6, 1e6),
)


@mpmath.workdps(700)
def exact(function, z, y=0):
    """The definition, with digits enough for 1 - s to cancel."""
    y, s = mpmath.mpf(float(y)), 1 / (1 + mpmath.exp(-mpmath.mpf(float(z))))
    if function is binary_cross_entropy:
        return float(-y * mpmath.log(s) - (1 - y) * mpmath.log(1 - s))
    return float(s if function is sigmoid else s * (1 - s))


def test_published_values():
    z = [-1000, -1, 0, 1, 1000]
    s, slope = [0, 0.2689, 0.5, 0.7311, 1], [0, 0.1966, 0.25, 0.1966, 0]
    np.testing.assert_array_equal(sigmoid(z).round(4), s)
    np.testing.assert_array_equal(sigmoid_derivative(z).round(4), slope)
    loss = binary_cross_entropy([1, 0, 1, 0], [2, -1, 0.5, -2])
    assert round(loss, 4) == 0.2603  # and not 0.2536


@both
@pytest.mark.parametrize(
    ("dtype", "limit", "beyond"),
    [("float32", 87, [-100]), ("float64", 708, [-720, -740])],
)
def test_right_in_both_tails(rng, function, dtype, limit, beyond):
    # to the limits of the normal numbers and beyond, and denser around 0
    near, far = rng.uniform(-40, 40, 60), rng.uniform(-limit, limit, 60)
    ends = [-40, -37, -1, -0.0, 0, 1, 37, 40, *beyond]
    z = np.concatenate([near, far, ends]).astype(dtype)
    result, f = function(z), np.finfo(dtype)
    assert (result > 0).all()
    # one step is all the accuracy that subnormal numbers have
    close = {"rtol": ULPS * f.eps, "atol": float(f.smallest_subnormal)}
    expected = [exact(function, x) for x in z]
    np.testing.assert_allclose(result, expected, **close)


@pytest.mark.parametrize("dtype", ["float32", "float64", "longdouble"])
def test_agrees_with_scipy(rng, dtype):
    z = rng.uniform(-80, 80, 1000).astype(dtype)
    rtol = ULPS * np.finfo(dtype).eps
    np.testing.assert_allclose(sigmoid(z), special.expit(z), rtol=rtol)
    slope = special.expit(z) * special.expit(-z)
    np.testing.assert_allclose(sigmoid_derivative(z), slope, rtol=rtol)


@given(logits)
def test_probabilities_and_slopes(z):
    s, slope = sigmoid(z), sigmoid_derivative(z)
    assert s.shape == slope.shape == z.shape
    assert ((s >= 0) & (s <= 1)).all()
    # for |z| < 1e-7 the square of 1 + e may round down, by one step
    assert ((slope >= 0) & (slope <= np.nextafter(0.25, 1))).all()
    np.testing.assert_allclose(s + sigmoid(-z), 1, rtol=1e-15)
    np.testing.assert_array_equal(sigmoid_derivative(-z), slope)
    rising = sigmoid(np.sort(z.round(3), axis=None))
    assert (np.diff(rising) >= 0).all()


@pytest.mark.parametrize("dtype", FLOATS)
def test_ends_of_the_range(dtype):
    largest = np.finfo(dtype).max
    z = np.array([np.nan, -np.inf, -largest, largest, np.inf], dtype)
    with np.errstate(all="raise", under="ignore"):
        s, slope = sigmoid(z), sigmoid_derivative(z)
        alone = sigmoid(z[3]), sigmoid_derivative(z[3])
    np.testing.assert_array_equal(s, [np.nan, 0, 0, 1, 1])
    np.testing.assert_array_equal(slope, [np.nan, 0, 0, 0, 0])
    assert {x.dtype for x in (s, slope, *alone)} == {np.dtype(dtype)}
    assert math.isnan(binary_cross_entropy([1, 0], [np.nan, 0.0]))


def test_any_memory_layout(rng):
    y, z = rng.random((6, 8)), 100 * rng.standard_normal((6, 8))
    for cut in (np.asfortranarray, np.transpose, lambda a: a[::2, ::-1]):
        pairs = [*zip(cut(y).ravel(), cut(z).ravel(), strict=True)]
        for function in (sigmoid, sigmoid_derivative):
            # the vector loop and the scalar one may round exp differently
            alone = [function(x) for _, x in pairs]
            result = function(cut(z)).ravel()
            np.testing.assert_allclose(result, alone, rtol=1e-15)
        loss = binary_cross_entropy(cut(y).copy(), cut(z))
        expected = fmean(binary_cross_entropy(*pair) for pair in pairs)
        assert loss == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("size", [1e-9, 0, 3.25, 40, 700.25, 750.5, 1000])
@pytest.mark.parametrize("sign", [-1, 1])
def test_loss_of_one(sign, size):
    # max(z, 0) - z * y has 5 digits left for y = 1 - 1e-12 and z = 1000
    z, rel = sign * size, 1e-15 if size in (40, 700.25, 1000) else 1e-14
    small = 0, 5e-324, 1e-300, 1e-12, 1e-6, 0.05, 0.3
    for y in (*small, 1 - 1e-6, 1 - 1e-12, 1 - 2**-53, 1):
        expected = exact(binary_cross_entropy, z, y)
        loss = binary_cross_entropy(y, z)
        assert loss == pytest.approx(expected, rel=rel, abs=1e-320), y


@given(logits.filter(np.size))
def test_loss_is_the_mean_of_naive_losses(z):
    y = np.random.default_rng(0).integers(0, 9, z.shape) / 8
    losses = -y * special.log_expit(z) - (1 - y) * special.log_expit(-z)
    loss = binary_cross_entropy(y, z)
    assert type(loss) is float
    assert loss >= 0
    expected = math.fsum(losses.ravel()) / y.size
    assert loss == pytest.approx(expected, rel=1e-14, abs=1e-300)


@pytest.mark.parametrize("n", [1, 2, 3, 1000])
@pytest.mark.parametrize("z", [1e308, -1e308])
def test_finite_for_the_largest_logits(n, z):
    wrong, largest = float(z < 0), np.finfo(np.float64).max
    for y, share in ((wrong, 1), (0.5, 0.5), (1 - wrong, 0)):
        loss = binary_cross_entropy(np.full(n, y), np.full(n, z))
        assert loss == pytest.approx(1e308 * share, rel=1e-13)
    assert binary_cross_entropy(0, largest) == largest


@pytest.mark.parametrize("dtype", FLOATS)
def test_loss_is_computed_in_float64(rng, dtype):
    # and 1 - y with it: float16 has no 0.9999
    z = np.append(10 * rng.standard_normal(100), [1000, 1000]).astype(dtype)
    y = np.append(rng.random(100), [1e-4, 0.999]).astype(dtype)
    expected = binary_cross_entropy(y.astype(float), z.astype(float))
    loss = binary_cross_entropy(y, z)
    assert loss == pytest.approx(expected, rel=1e-15)


@both
@pytest.mark.parametrize("dtype", ["<U1", "complex128", "object", "M8[s]"])
def test_not_real(function, dtype):
    z = np.ones(2, int).astype(dtype)
    message = f"z must be real, got dtype {z.dtype}"
    with pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
        function(z)


@pytest.mark.parametrize(
    ("error", "y", "z", "got"),
    [
        (REAL, ["a"], [1.0], "<U1, float64"),
        (REAL, [1], ["1"], "int64, <U1"),
        (REAL, [1j], [1.0], "complex128, float64"),
        (REAL, [True], [None], "bool, object"),
        (SHAPE, [1, 0], [[1.0], [2.0]], "(2,) and (2, 1)"),
        (SHAPE, [1.0], 1, "(1,) and ()"),
        (SHAPE, [[], []], [[], []], "(2, 0) and (2, 0)"),
        (RANGE, [0, 1, 2], [0, 1, 2], "0 to 2"),
        (RANGE, [1, 0, -5e-324], [0, 1, 2], "-5e-324 to 1.0"),
        (RANGE, [0, np.nan, 1], [0, 1, 2], "nan to nan"),
        (RANGE, np.array([0, 255], np.uint8), [0, 1], "0 to 255"),
    ],
)
def test_loss_of_bad_input(error, y, z, got):
    kind, said = error
    message = re.escape(f"y_true{said}, got {got}")
    with pytest.raises(kind, match=f"^{message}$"):
        binary_cross_entropy(y, z)


@pytest.mark.parametrize("dtype", [*FLOATS, *INTEGERS])
def test_leaves_no_trace(untouched, dtype):
    y, z = np.array([1, 0, 1], dtype), np.array([0, 1, 1], dtype)
    with untouched(y, z):
        binary_cross_entropy(y, z)
        assert sigmoid(z).shape == sigmoid_derivative(z).shape == (3,)
