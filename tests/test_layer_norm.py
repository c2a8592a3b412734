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

# torch.nn.functional.layer_norm(X, (4,), GAMMA, BETA), its gradients for
# the gradient DY of the result, and rms_norm(X, (4,), GAMMA, eps=1e-5):
# PyTorch 2.13.0 on a CPU, float64
X = [
    [[1, 2, 3, 4], [7, 7, 7, 7], [-1e-3, 1e-3, 2e-3, 0]],
    [[0, 1, 2, 6], [100, -50, 25, 3], [1e8, 1e8 + 1, 1e8 + 2, 1e8 + 3]],
]
GAMMA, BETA = [1, -1, 2, 0.5], [0, 1, -2, 3]
DY = np.sin(3 * (np.arange(24).reshape(2, 3, 4) / 10 - 1))
FIRST = [-1.3416354199689, 1.4472118066563, -1.1055763866874, 3.6708177099845]
TORCH = [
    [
        FIRST,
        [0, 1, -2, 3],
        [-0.4472135955, 0.8509288015, -1.10557280900008, 2.92546440075],
    ],
    [
        [-0.9878773877367, 1.548820770965, -2.2195283083859, 3.8232311564472],
        [1.4940105430888, 2.2898600340953, -1.795849491006, 2.8468871182549],
        FIRST,
    ],
]
DX = [
    [
        [-0.1471443793179, 0.5983342642001, -0.7552259104897, 0.3040360256075],
        [-131.4951145373, 491.8981574429, -413.0107297755, 52.60768686991],
        [-150.1466400107, 94.10243139154, -0.1056173042455, 56.14982592341],
    ],
    [
        [0.0655482177605, -0.549836904474, 0.588973568449, -0.1046848817357],
        [-8.0048899368e-3, -7.9888183752e-3, 1.60484981398e-2, -5.4789828e-5],
        [-9.228698909e-4, 0.2373545058072, -0.4719314649701, 0.2354998253286],
    ],
]
DGAMMA = [1.1496568869195, -1.3257038276495, -0.533331881961, -0.6134340794827]
DBETA = [0, -0.2316044913661, -0.4425204432949, -0.6139073619611]
RMS = [
    [
        [0.3651481282381, -0.7302962564762, 2.1908887694286, 0.7302962564762],
        [0.9999998979592, -0.9999998979592, 1.9999997959184, 0.4999999489796],
        [-0.2948839123098, -0.2948839123098, 1.1795356492392, 0],
    ],
    [
        [0, -0.3123473714127, 1.2493894856507, 0.937042114238],
        [1.7451448863766, 0.8725724431883, 0.8725724431883, 0.0261771732956],
        [0.999999985, -0.999999995, 2.00000001, 0.5000000075],
    ],
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
    close(layer_norm(X, GAMMA, BETA), TORCH, rtol=1e-12)


def test_gradients_of_the_page_agree_with_torch():
    backward = on_page("layer_norm")["layer_norm_backward"]
    dX, dgamma, dbeta = backward(DY, np.array(X), np.array(GAMMA))
    close(dX, DX, rtol=1e-9, atol=1e-8)  # one row is at 1e8
    close(dgamma, DGAMMA, rtol=1e-8)
    close(dbeta, DBETA, rtol=1e-11, atol=1e-12)


def test_rms_norm_of_the_page_agrees_with_torch():
    found = on_page("layer_norm")["rms_norm"](np.array(X), np.array(GAMMA))
    close(found, RMS, rtol=1e-11)


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


@pytest.mark.parametrize("shape", [(768,), (2, 768), (2, 3, 768)])
def test_moments_of_each_row(rng, shape):
    Z = plain(rng.normal(-40, 9, shape))
    close(Z.mean(axis=-1), 0, atol=1e-13)
    close(Z.var(axis=-1), 1, rtol=1e-6)


def test_gain_and_bias_are_those_of_the_feature(rng):
    X = rng.normal(size=(3, 3, 3))
    gamma, beta = np.array([2.0, 0, -1]), np.array([0.0, 5, 1])
    close(layer_norm(X, gamma, beta), plain(X) * gamma + beta, rtol=1e-13)
    equal(layer_norm(X, gamma, beta)[..., 1], 5)


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


@pytest.mark.parametrize("shape", [(0, 3), (2, 0, 3), (0, 0, 1)])
def test_empty_leading_axes(shape):
    assert plain(np.empty(shape, np.float32)).shape == shape


def test_any_memory_layout(rng):
    X, gamma, beta = rng.normal(size=(4, 6, 8)), *rng.normal(size=(2, 8))
    expected = layer_norm(X, gamma, beta)
    for view in (
        np.asfortranarray(X),
        np.repeat(X, 2, axis=-1)[..., ::2],
        X.astype(">f8"),
        X.tolist(),
    ):
        close(layer_norm(view, gamma, beta), expected, rtol=1e-12)
    found = layer_norm(X[:, ::-1, ::-1], gamma[::-1], beta[::-1])
    close(found, expected[:, ::-1, ::-1], rtol=1e-12)


def test_one_array_of_the_size_of_x(rng):
    X, one = rng.normal(size=(500, 400)), np.ones(400)
    assert peak_bytes(layer_norm, (X, one, one)) < 1.1 * X.nbytes


@pytest.mark.parametrize(
    ("args", "error", "message"),
    [
        (([["a"]], [1], [0]), TypeError, "X must be real, got dtype <U"),
        (([[1j]], [1], [0]), TypeError, "X must be real, got dtype complex"),
        (([1], ["a"], [0]), TypeError, "gamma must be real, got dtype <U"),
        (([1], [1], [None]), TypeError, "beta must be real, got dtype obj"),
        (([1], [1], [0], "a"), TypeError, "eps must be real, got dtype <U"),
        ((3, [1], [0]), ValueError, r"d >= 1, got \(\)$"),
        (([[]], [], []), ValueError, r"d >= 1, got \(1, 0\)$"),
        (([1, 2], [1], [0, 0]), ValueError, r"gamma must be \(2,\), got \(1"),
        (([[1, 2]], 1, [0, 0]), ValueError, r"gamma must be \(2,\), got \(\)"),
        (([1, 2], [1, 1], [0]), ValueError, r"beta must be \(2,\), got \(1,"),
        (([1], [1], [0], 0), ValueError, "eps must be a finite .* > 0, got 0"),
        (([1], [1], [0], np.nan), ValueError, "finite number > 0, got nan$"),
        (([1], [1], [0], np.inf), ValueError, "finite number > 0, got inf$"),
        (([1], [1], [0], [1]), ValueError, r"finite number > 0, got \[1\]$"),
    ],
)
def test_bad_input(args, error, message):
    with pytest.raises(error, match=message):
        layer_norm(*args)


@pytest.mark.parametrize("dtype", FLOATS)
def test_leaves_no_trace(untouched, dtype):
    top = np.finfo(dtype).max
    X = np.array([[1, 3], [top, -top], [np.nan, 1], [5, 5]], dtype)
    arrays = X, np.ones(2, dtype), np.zeros(2, dtype)
    with untouched(*arrays) as arrays:
        assert not np.shares_memory(layer_norm(*arrays), X)
