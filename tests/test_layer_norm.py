import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from mpmath import mp, mpf
from scipy import stats
from sklearn.preprocessing import StandardScaler

from benchmarks.sweeps import on_page
from handbook import layer_norm
from handbook.checks import peak_bytes

FLOATS = ("float16", "float32", "float64", "longdouble")
close = np.testing.assert_allclose
equal = np.testing.assert_array_equal

# torch.nn.functional.layer_norm(X, (3,), GAMMA, BETA), its gradients for
# the gradient DY of the result, and rms_norm(X, (3,), GAMMA, eps=1e-5):
# PyTorch 2.13.0 on a CPU, float64; a line for each row
X = [[[1, 2, 4], [7, 7, 7]], [[-1e-3, 1e-3, 2e-3], [9, -50, 100]]]
GAMMA, BETA = [1, -1, 2], [0, 1, -2]
DY = np.sin(np.arange(12).reshape(2, 2, 3))
TORCH = [
    [-1.06904153145, 1.267260382863, 0.6726038286257],
    [0, 1, -2],
    [-0.4902903378455, 0.9019419324309, -1.215535459447],
    [-0.1728795495833, 2.129119558216, 0.6039982155983],
]
DX = [
    [0.4974439503019, -0.7461744595955, 0.2487305092935],
    [152.1357098943, 346.8316074125, -498.9673173068],
    [-143.6018426265, -303.6363092277, 447.2381518542],
    [0.009246417776826, -0.005609493393668, -0.003636924383157],
]
DGAMMA = [0.06574786090767, 0.4537958551092, 0.3011677665997]
DBETA = [0.2738229951027, 0.1976339773294, -0.06025880776478]
RMS = [
    [0.3779642030349, -0.7559284060698, 3.023713624279],
    [0.9999998979592, -0.9999998979592, 1.999999795918],
    [-0.2886751345948, -0.2886751345948, 1.154700538379],
    [0.1389778392111, 0.7720991067285, 3.088396426914],
]


def plain(X, *eps):
    d = X.shape[-1]
    return layer_norm(X, np.ones(d), np.zeros(d), *eps)


def by_mpmath(X, gamma, beta, eps):
    """Normalise row by row, with 60 digits."""
    with mp.workdps(60):
        result = []
        for row in X.reshape(-1, X.shape[-1]).tolist():
            mean = mp.fsum(map(mpf, row)) / len(row)
            gaps = [mpf(x) - mean for x in row]
            root = mp.sqrt(mp.fsum(g * g for g in gaps) / len(row) + eps)
            terms = zip(gaps, gamma.tolist(), beta.tolist(), strict=True)
            result.append([float(c * g / root + b) for g, c, b in terms])
    return np.reshape(result, X.shape)


def test_agrees_with_torch():
    found = layer_norm(X, GAMMA, BETA)
    close(found, np.reshape(TORCH, (2, 2, 3)), rtol=1e-11)


def test_gradients_of_the_page_agree_with_torch():
    backward = on_page("layer_norm")["layer_norm_backward"]
    dX, dgamma, dbeta = backward(DY, np.array(X), np.array(GAMMA))
    close(dX, np.reshape(DX, (2, 2, 3)), rtol=1e-10)
    close(dgamma, DGAMMA, rtol=1e-11)
    close(dbeta, DBETA, rtol=1e-11)


def test_rms_norm_of_the_page_agrees_with_torch():
    found = on_page("layer_norm")["rms_norm"](np.array(X), np.array(GAMMA))
    close(found, np.reshape(RMS, (2, 2, 3)), rtol=1e-11)


@given(
    hnp.arrays(
        np.float64,
        hnp.array_shapes(min_dims=1, max_dims=4, max_side=4),
        elements=st.floats(-1e300, 1e300) | st.floats(-3, 3),
    ),
    st.sampled_from([1e-320, 1e-12, 1e-5, 1.0, 1e250]),
)
def test_agrees_with_many_digits(X, eps):
    d = X.shape[-1]
    gamma, beta = np.linspace(-2, 2, d), np.arange(d) * 1.0
    found = layer_norm(X, gamma, beta, eps)
    assert found.shape == X.shape
    least = max(eps, np.finfo(float).tiny)
    close(found, by_mpmath(X, gamma, beta, least), rtol=1e-13, atol=1e-13)


def test_agrees_with_scikit_learn_and_scipy(rng):
    X = rng.normal(5, 3, (50, 30))
    close(plain(X, 1e-12), StandardScaler().fit_transform(X.T).T, rtol=1e-9)
    close(plain(X, 1e-12), stats.zscore(X, axis=1), rtol=1e-9)


@pytest.mark.parametrize("offset", [1e4, 1e8, -1e12])
def test_an_offset_costs_no_more_than_its_rounding(rng, offset):
    X = rng.integers(-50, 50, (4, 768)) * 1.0  # whole: the sum is exact
    close(plain(X + offset), plain(X), rtol=1e-12, atol=1e-13)


def test_an_outlier_first_costs_few_digits(rng):
    X = rng.normal(size=(1, 10_000))
    X[0, 0] = 1e9
    wanted = by_mpmath(X, np.ones(10_000), np.zeros(10_000), 1e-5)
    close(plain(X), wanted, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("value", [12345.678, 0.1, -1 / 3, 6e4])
def test_a_constant_row_gives_beta_to_the_bit(dtype, value):
    rows = np.full((2, 768), value, dtype)
    beta = np.linspace(-1, 1, 768).astype(dtype)
    equal(layer_norm(rows, np.full(768, 9.0), beta), [beta, beta])


@pytest.mark.parametrize("dtype", FLOATS)
def test_largest_and_smallest_numbers(dtype):
    f = np.finfo(dtype)
    tiny = f.smallest_subnormal
    X = np.array([[f.max, -f.max], [0, tiny], [f.max, 0], [1, 3]], dtype)
    found = plain(X)
    close(found[[0, 2]], [[1, -1], [1, -1]], rtol=f.eps)
    assert np.abs(found[1]).max() <= 320 * tiny  # 1 / sqrt(1e-5)
    close(found[3], [-1, 1], rtol=1e-5 + f.eps)


@pytest.mark.parametrize("dtype", FLOATS)
def test_the_dtype_is_that_of_x(rng, dtype):
    X = rng.normal(size=(5, 7)).astype(dtype)
    for other in (*FLOATS, "int8", "bool"):
        found = layer_norm(X, np.ones(7, other), np.zeros(7, other))
        assert found.dtype == X.dtype
        close(found, plain(X.astype(float)), atol=4 * np.finfo(dtype).eps)


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint64", "int64"])
def test_integers_and_bools_become_float64(dtype):
    found = plain(np.array([[0, 1], [1, 1]], dtype), 1e-12)
    assert found.dtype == np.float64
    close(found, [[-1, 1], [0, 0]], rtol=1e-11)


def test_float32_is_as_exact_as_it_can_be(rng):
    X = rng.normal(3, 2, (20, 768)).astype(np.float32)
    close(plain(X), plain(X.astype(float)), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_an_eps_that_the_dtype_cannot_hold(dtype):
    for eps in (1e-320, 1e300):
        X = np.array([[7, 7], [1, 3]], dtype)
        small = min(1, eps)
        expected = [[0, 0], [small - 1, 1 - small]]
        close(plain(X, eps), expected, atol=1e-3)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", FLOATS)
def test_nan_and_infinity_stay_in_their_row(bad, dtype):
    X = np.array([[1, 3, 2], [bad, 2, 1], [1, 2, bad], [-1, 0, 1]], dtype)
    found = plain(np.stack([X, X[::-1]]))
    assert np.isnan(found[0][1:3]).all()
    assert np.isfinite(found[0][[0, 3]]).all()
    equal(found[1], found[0][::-1])


def test_infinite_gains_warn_of_nothing():
    equal(layer_norm([1.0, 3], [np.inf, np.nan], [0, 0]), [-np.inf, np.nan])
    single = np.array([1, 3], np.float32)
    equal(layer_norm(single, [1e300, 1], [0, 0])[:1], [-np.inf])


def test_any_memory_layout(rng):
    X, gamma, beta = rng.normal(size=(4, 6, 8)), *rng.normal(size=(2, 8))
    expected = layer_norm(X, gamma, beta)
    for view in (
        np.asfortranarray(X),
        np.repeat(X, 2, axis=-1)[..., ::2],
        X.astype(">f8"),
        X.tolist(),
    ):
        close(layer_norm(view, gamma, beta), expected, atol=1e-12)
    found = layer_norm(X[:, ::-1, ::-1], gamma[::-1], beta[::-1])
    close(found, expected[:, ::-1, ::-1], atol=1e-12)


def test_one_array_of_the_size_of_x(rng):
    X, one = rng.normal(size=(500, 400)), np.ones(400)
    assert peak_bytes(layer_norm, (X, one, one)) < 1.1 * X.nbytes


@pytest.mark.parametrize("name", ["X", "gamma", "beta", "eps"])
@pytest.mark.parametrize("value", [["a"], [1j], [None]])
def test_what_is_not_real(name, value):
    args = {"X": [1], "gamma": [1], "beta": [0]} | {name: value}
    with pytest.raises(TypeError, match=f"^{name} must be real, got dtype"):
        layer_norm(**args)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((3, [1], [0]), "X must be (..., d) with d >= 1, got ()"),
        (([[]], [], []), "X must be (..., d) with d >= 1, got (1, 0)"),
        (([1, 2], [1], [0, 0]), "gamma must be (2,), got (1,)"),
        (([[1, 2]], 1, [0, 0]), "gamma must be (2,), got ()"),
        (([1, 2], [1, 1], [[0, 0]]), "beta must be (2,), got (1, 2)"),
        (([1], [1], [0], 0), "eps must be a finite number > 0, got 0"),
        (
            ([1], [1], [0], np.nan),
            "eps must be a finite number > 0, got nan",
        ),
        (
            ([1], [1], [0], np.inf),
            "eps must be a finite number > 0, got inf",
        ),
        (([1], [1], [0], [1]), "eps must be a finite number > 0, got [1]"),
    ],
)
def test_bad_input(args, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        layer_norm(*args)


@pytest.mark.parametrize("dtype", FLOATS)
def test_leaves_no_trace(untouched, dtype):
    top = np.finfo(dtype).max
    X = np.array([[1, 3], [top, -top], [np.nan, 1], [5, 5]], dtype)
    arrays = X, np.ones(2, dtype), np.zeros(2, dtype)
    with untouched(*arrays) as arrays:
        assert not np.shares_memory(layer_norm(*arrays), X)
