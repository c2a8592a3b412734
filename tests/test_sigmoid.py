import math

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

both = pytest.mark.parametrize("function", [sigmoid, sigmoid_derivative])


def logits(limit=1e6):
    """Draw arrays of finite logits: of any shape, empty ones and () too."""
    shapes = hnp.array_shapes(
        min_dims=0, max_dims=3, min_side=0, max_side=5
    )
    return hnp.arrays(np.float64, shapes, elements=st.floats(-limit, limit))


@st.composite
def samples(draw, limit=1e6):
    """Draw targets, eighths from 0 to 1, and finite logits of one shape."""
    shape = draw(hnp.array_shapes(min_dims=0, max_dims=2, max_side=5))
    eighths = hnp.arrays(np.int8, shape, elements=st.integers(0, 8))
    finite = st.floats(-limit, limit)
    z = hnp.arrays(np.float64, shape, elements=finite)
    return draw(eighths) / 8, draw(z)


# The definitions, with so many digits that 1 - s may cancel: to |z| = 750.


@mpmath.workdps(700)
def exact_sigmoid(z):
    return float(1 / (1 + mpmath.exp(-mpmath.mpf(float(z)))))


@mpmath.workdps(700)
def exact_derivative(z):
    s = 1 / (1 + mpmath.exp(-mpmath.mpf(float(z))))
    return float(s * (1 - s))


@mpmath.workdps(700)
def exact_loss(y, z):
    y, s = mpmath.mpf(float(y)), 1 / (1 + mpmath.exp(-mpmath.mpf(float(z))))
    return float(-y * mpmath.log(s) - (1 - y) * mpmath.log(1 - s))


EXACT = {sigmoid: exact_sigmoid, sigmoid_derivative: exact_derivative}


def test_published_values():
    z = [-1000, -1, 0, 1, 1000]
    expected = [0, 0.2689, 0.5, 0.7311, 1]
    np.testing.assert_array_equal(sigmoid(z).round(4), expected)
    expected = [0, 0.1966, 0.25, 0.1966, 0]
    np.testing.assert_array_equal(sigmoid_derivative(z).round(4), expected)


def test_published_loss():
    y, z = [1, 0, 1, 0], [2, -1, 0.5, -2]
    with mpmath.workdps(30):
        s = [1 / (1 + mpmath.exp(-x)) for x in z]
        terms = [mpmath.log(p) for p in (s[0], 1 - s[1], s[2], 1 - s[3])]
        expected = float(-mpmath.fsum(terms) / 4)
    assert round(expected, 4) == 0.2603  # and not 0.2536
    loss = binary_cross_entropy(y, z)
    assert loss == pytest.approx(expected, rel=1e-15)


@both
@pytest.mark.parametrize(
    ("dtype", "limit"), [("float32", 87), ("float64", 708)]
)
def test_right_in_both_tails(rng, function, dtype, limit):
    # to the limits of the normal numbers, and denser around 0
    z = np.concatenate(
        [
            rng.uniform(-limit, limit, 60),
            rng.uniform(-40, 40, 60),
            [-40, -37, -1, -0.0, 0, 1, 37, 40],
        ]
    ).astype(dtype)
    expected = [EXACT[function](x) for x in z]
    rtol = ULPS * np.finfo(dtype).eps
    np.testing.assert_allclose(function(z), expected, rtol=rtol)


@both
@pytest.mark.parametrize(
    ("z", "dtype"),
    [(-720, "float64"), (-740, "float64"), (-100, "float32")],
)
def test_subnormal_results_do_not_vanish(function, z, dtype):
    z = np.array([z], dtype)
    result, step = function(z), np.finfo(dtype).smallest_subnormal
    assert result > 0
    # one step is all the accuracy that is left there
    ulp = ULPS * np.finfo(dtype).eps * result
    assert abs(result - EXACT[function](z[0])) <= step + ulp


def test_derivative_does_not_vanish_on_the_right():
    assert sigmoid_derivative(40.0) == pytest.approx(
        exact_derivative(40), rel=1e-15
    )
    assert sigmoid_derivative(740.0) == sigmoid_derivative(-740.0) > 0


@pytest.mark.parametrize("dtype", ["float32", "float64", "longdouble"])
def test_agrees_with_scipy(rng, dtype):
    z = rng.uniform(-80, 80, 1000).astype(dtype)
    rtol = ULPS * np.finfo(dtype).eps
    np.testing.assert_allclose(sigmoid(z), special.expit(z), rtol=rtol)
    slope = special.expit(z) * special.expit(-z)
    np.testing.assert_allclose(sigmoid_derivative(z), slope, rtol=rtol)


def test_derivative_is_the_slope(rng):
    # a central difference errs by h^2/6 * max|s'''| = 2e-12 / 6 / 8, and
    # by the rounding of s, eps / h = 2e-10
    z, h = rng.uniform(-10, 10, 200), 1e-6
    slope = (sigmoid(z + h) - sigmoid(z - h)) / (2 * h)
    np.testing.assert_allclose(
        sigmoid_derivative(z), slope, rtol=0, atol=1e-9
    )


@given(logits())
def test_probabilities_and_slopes(z):
    s, slope = sigmoid(z), sigmoid_derivative(z)
    assert s.shape == slope.shape == z.shape
    assert ((s >= 0) & (s <= 1)).all()
    # for |z| < 1e-7 the square of 1 + e may round down, by one step
    assert ((slope >= 0) & (slope <= np.nextafter(0.25, 1))).all()


@given(logits(limit=800))
def test_symmetries(z):
    np.testing.assert_allclose(sigmoid(z) + sigmoid(-z), 1, rtol=1e-15)
    np.testing.assert_array_equal(
        sigmoid_derivative(-z), sigmoid_derivative(z)
    )


@given(logits(limit=50))
def test_larger_logits_get_larger_probabilities(z):
    z = np.sort(z.round(3), axis=None)
    assert (np.diff(sigmoid(z)) >= 0).all()


@both
def test_an_element_does_not_depend_on_the_others(rng, function):
    z = 100 * rng.standard_normal(50)
    alone = [function(x) for x in z]
    # the vector loop and the scalar one may round exp differently
    np.testing.assert_allclose(function(z), alone, rtol=1e-15)


def test_infinities():
    z = [-np.inf, np.inf]
    np.testing.assert_array_equal(sigmoid(z), [0, 1])
    np.testing.assert_array_equal(sigmoid_derivative(z), [0, 0])


def test_nan_stays_nan():
    z = [np.nan, 0.0]
    np.testing.assert_array_equal(sigmoid(z), [np.nan, 0.5])
    np.testing.assert_array_equal(sigmoid_derivative(z), [np.nan, 0.25])


@pytest.mark.parametrize("dtype", FLOATS)
def test_no_overflow_for_the_largest_logits(dtype):
    largest = np.finfo(dtype).max
    z = np.array([-largest, largest], dtype)
    np.testing.assert_array_equal(sigmoid(z), [0, 1])
    np.testing.assert_array_equal(sigmoid_derivative(z), [0, 0])


@both
def test_raises_no_floating_point_flag_but_underflow(function):
    z = np.array([-np.inf, -1e308, -1000, -40, 0, 40, 1000, 1e308, np.inf])
    with np.errstate(all="raise", under="ignore"):
        function(z)


@both
@pytest.mark.parametrize("dtype", FLOATS)
def test_floats_keep_their_dtype(function, dtype):
    assert function(np.zeros(3, dtype)).dtype == dtype
    assert function(np.zeros((), dtype)).dtype == dtype


@both
@pytest.mark.parametrize("dtype", INTEGERS)
def test_integers_and_bools_become_float64(function, dtype):
    z = np.array([0, 1, 1, 0], dtype)
    result = function(z)
    assert result.dtype == np.float64
    expected = [EXACT[function](x) for x in z]
    np.testing.assert_allclose(result, expected, rtol=1e-15)


@both
@pytest.mark.parametrize(
    ("dtype", "z"),
    [("int8", -128), ("int8", 127), ("uint8", 255), ("int16", -300)],
)
def test_small_integers_do_not_wrap(function, dtype, z):
    expected = EXACT[function](z)
    result = function(np.array([z], dtype))
    np.testing.assert_allclose(result, expected, rtol=1e-14)


@pytest.mark.parametrize("dtype", ["int64", "uint64"])
def test_the_largest_integers(dtype):
    limits = np.iinfo(dtype)
    z = np.array([limits.min, limits.max], dtype)
    expected = [0.5 if limits.min == 0 else 0, 1]
    np.testing.assert_array_equal(sigmoid(z), expected)


@both
@pytest.mark.parametrize(
    "shape", [(), (0,), (3, 0), (4,), (1, 1), (2, 1, 3)]
)
def test_any_shape(function, shape):
    result = function(np.zeros(shape, np.float32))
    assert result.shape == shape
    assert result.dtype == np.float32


@both
def test_lists_and_numbers(function):
    assert function([]).shape == (0,)
    assert function(2).shape == ()
    assert function(2.0) == function([[2.0]])[0, 0]


@both
def test_any_memory_layout(rng, function):
    z = rng.standard_normal((6, 8))
    for view in (np.asfortranarray(z), z[::2, ::-1], z.T):
        expected = function(view.copy())
        np.testing.assert_allclose(function(view), expected, rtol=1e-15)


@both
@pytest.mark.parametrize(
    ("z", "dtype"),
    [
        (["a"], "<U1"),
        ([1j], "complex128"),
        ([None], "object"),
        (np.array([1], "M8[s]"), r"datetime64\[s\]"),
    ],
)
def test_not_real(function, z, dtype):
    with pytest.raises(
        TypeError, match=f"z must be real, got dtype {dtype}"
    ):
        function(z)


@pytest.mark.parametrize("scale", [1, 30, 300])
def test_loss_with_many_digits(rng, scale):
    z = scale * rng.standard_normal(40)
    for y in (rng.integers(0, 2, 40), rng.random(40)):
        losses = [exact_loss(*pair) for pair in zip(y, z, strict=True)]
        expected = math.fsum(losses) / 40
        loss = binary_cross_entropy(y, z)
        assert loss == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(
    "z", [-750.5, -40.0, -1e-9, 0.0, 3.25, 40.0, 700.0]
)
@pytest.mark.parametrize("y", [0, 0.3, 1])
def test_loss_of_one(y, z):
    # right to all digits: a loss of 4e-18 is not 0
    expected = exact_loss(y, z)
    loss = binary_cross_entropy(y, z)
    assert loss == pytest.approx(expected, rel=1e-14, abs=1e-320)


@given(samples())
def test_loss_is_the_mean_of_naive_losses(sample):
    y, z = sample
    losses = [
        -t * special.log_expit(x) - (1 - t) * special.log_expit(-x)
        for t, x in zip(y.ravel(), z.ravel(), strict=True)
    ]
    expected = math.fsum(losses) / y.size
    loss = binary_cross_entropy(y, z)
    assert type(loss) is float
    assert loss >= 0
    assert loss == pytest.approx(expected, rel=1e-13, abs=1e-300)


@given(samples())
def test_swapping_the_classes_changes_nothing(sample):
    y, z = sample
    loss = binary_cross_entropy(1 - y, -z)
    expected = binary_cross_entropy(y, z)
    assert loss == pytest.approx(expected, rel=1e-13, abs=1e-300)


@given(samples(limit=50))
def test_loss_is_least_at_the_target(sample):
    y, z = sample
    y = 0.1 + 0.8 * y  # 0.1 to 0.9: the best logits are finite
    least = binary_cross_entropy(y, special.logit(y))
    assert binary_cross_entropy(y, z) >= least * (1 - 1e-15)


def test_gradient_is_the_residual(rng):
    y, z, h = rng.random(5), 3 * rng.standard_normal(5), 1e-6
    steps = h * np.eye(5)
    up = [binary_cross_entropy(y, z + step) for step in steps]
    down = [binary_cross_entropy(y, z - step) for step in steps]
    slope = np.subtract(up, down) / (2 * h)  # errs by eps / h = 2e-10
    expected = (special.expit(z) - y) / 5
    np.testing.assert_allclose(slope, expected, rtol=0, atol=1e-9)


def test_confident_mistakes_are_not_capped():
    assert binary_cross_entropy([0], [1000.0]) == 1000
    assert binary_cross_entropy([1], [-1000.0]) == 1000
    assert binary_cross_entropy([1, 0], [1000.0, -1000.0]) == 0


@pytest.mark.parametrize("n", [1, 2, 3, 1000])
@pytest.mark.parametrize("z", [1e308, -1e308])
def test_finite_for_the_largest_logits(n, z):
    wrong = float(z < 0)
    for y, share in ((wrong, 1), (0.5, 0.5), (1 - wrong, 0)):
        loss = binary_cross_entropy(np.full(n, y), np.full(n, z))
        assert loss == pytest.approx(1e308 * share, rel=1e-13)


def test_one_logit_at_the_end_of_the_range():
    largest = np.finfo(np.float64).max
    assert binary_cross_entropy(0, largest) == largest


@pytest.mark.parametrize(
    "z", [-1000.0, -700.25, -40.0, 40.0, 700.25, 1000.0]
)
@pytest.mark.parametrize(
    "y",
    [5e-324, 1e-300, 1e-12, 1e-6, 0.05, 1 - 1e-6, 1 - 1e-12, 1 - 2**-53],
)
def test_soft_targets_at_large_logits(y, z):
    # max(z, 0) - z * y has 5 digits left for y = 1 - 1e-12 and z = 1000
    expected = exact_loss(y, z)
    assert binary_cross_entropy(y, z) == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("dtype", ["float16", "float32", "longdouble"])
def test_soft_targets_of_any_dtype(dtype):
    # 1 - y is taken in float64: float16 has no 0.9999
    y, z = np.array([1e-4, 0.999], dtype), np.array([1000, 1000], dtype)
    losses = [exact_loss(*pair) for pair in zip(y, z, strict=True)]
    expected = math.fsum(losses) / 2
    assert binary_cross_entropy(y, z) == pytest.approx(expected, rel=1e-15)


def test_loss_after_saturation():
    # a public bug report: three of the probabilities round to 1
    z = np.array([[60.0, 100.0], [20.0, 80.0]])
    losses = [binary_cross_entropy(0, x) for x in z.ravel()]
    np.testing.assert_allclose(losses, [60, 100, 20, 80], rtol=1e-9)
    y = np.zeros_like(z)
    assert binary_cross_entropy(y, z) == pytest.approx(65, rel=1e-9)


def test_nan_logit_gives_nan():
    assert math.isnan(binary_cross_entropy([1, 0], [np.nan, 0.0]))


@pytest.mark.parametrize("dtype", FLOATS)
def test_loss_is_computed_in_float64(rng, dtype):
    z = (10 * rng.standard_normal(100)).astype(dtype)
    y = rng.random(100).astype(dtype)
    loss = binary_cross_entropy(y, z)
    assert type(loss) is float
    expected = binary_cross_entropy(y.astype(float), z.astype(float))
    assert loss == pytest.approx(expected, rel=1e-15)


@pytest.mark.parametrize("dtype", INTEGERS)
def test_loss_of_integers_and_bools(dtype):
    y, z = np.array([1, 0, 0], dtype), np.array([1, 1, 0], dtype)
    losses = [exact_loss(*pair) for pair in zip(y, z, strict=True)]
    loss = binary_cross_entropy(y, z)
    assert loss == pytest.approx(math.fsum(losses) / 3, rel=1e-15)
    assert binary_cross_entropy(y.tolist(), z.tolist()) == loss


@pytest.mark.parametrize(
    ("dtype", "z", "y"),
    [
        ("int8", -128, 1),
        ("uint8", 255, 0),
        ("int64", -(2**63), 1),
        ("uint64", 2**64 - 1, 0),
    ],
)
def test_loss_of_the_extreme_integers(dtype, z, y):
    targets, wrong = np.array([y], dtype), np.array([z], dtype)
    assert binary_cross_entropy(targets, wrong) == float(abs(z))
    assert binary_cross_entropy(1 - targets, wrong) < 1e-50


def test_loss_in_any_memory_layout(rng):
    y, z = rng.random((6, 8)), rng.standard_normal((6, 8))
    expected = binary_cross_entropy(y.ravel(), z.ravel())
    for loss in (
        binary_cross_entropy(y, np.asfortranarray(z)),
        binary_cross_entropy(y.T, z.T),
        binary_cross_entropy(y[::-1, ::-1], z[::-1, ::-1]),
    ):
        assert loss == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(
    ("y", "z", "shapes"),
    [
        ([1, 0], [[1.0], [2.0]], r"\(2,\) and \(2, 1\)"),
        ([1], [1.0, 2.0], r"\(1,\) and \(2,\)"),
        (1, [1.0], r"\(\) and \(1,\)"),
        ([], [], r"\(0,\) and \(0,\)"),
        (np.empty((3, 0)), np.empty((3, 0)), r"\(3, 0\) and \(3, 0\)"),
    ],
)
def test_shapes_that_differ_or_are_empty(y, z, shapes):
    message = f"y_true and logits must share a shape .* got {shapes}"
    with pytest.raises(ValueError, match=message):
        binary_cross_entropy(y, z)


@pytest.mark.parametrize(
    ("y", "extent"),
    [
        ([0, 1, 2], "0 to 2"),
        ([-1, 1, 1], "-1 to 1"),
        ([0.5, -0.25, 1], "-0.25 to 1"),
        ([0, np.nan, 1], "nan to nan"),
        ([0, np.inf, 1], "0.0 to inf"),
        ([0, 5e-324, np.nextafter(1, 2)], "0.0 to 1.0000000000000002"),
        ([1, 0, -5e-324], "-5e-324 to 1.0"),
        (np.array([0, 1, 255], np.uint8), "0 to 255"),
    ],
)
def test_targets_outside_the_range(y, extent):
    message = rf"y_true must be in \[0, 1\], got {extent}"
    with pytest.raises(ValueError, match=message):
        binary_cross_entropy(y, [0.0, 1.0, 2.0])


@pytest.mark.parametrize(
    ("y", "z", "dtypes"),
    [
        (["a"], [1.0], "<U1, float64"),
        ([1], ["1"], "int64, <U1"),
        ([1j], [1.0], "complex128, float64"),
        ([1.0], [1j], "float64, complex128"),
        ([None], [1.0], "object, float64"),
        ([True], [None], "bool, object"),
    ],
)
def test_loss_of_what_is_not_real(y, z, dtypes):
    message = f"y_true and logits must be real, got {dtypes}"
    with pytest.raises(TypeError, match=message):
        binary_cross_entropy(y, z)


@pytest.mark.parametrize("dtype", [*FLOATS, *INTEGERS])
def test_leaves_no_trace(untouched, dtype):
    with untouched(np.array([[1, 0, 1]], dtype)) as z:
        sigmoid(z)
        sigmoid_derivative(z)
    y, z = np.array([1, 0, 1], dtype), np.array([0, 1, 1], dtype)
    with untouched(y, z) as (y, z):
        binary_cross_entropy(y, z)
