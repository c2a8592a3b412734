import itertools
import math
import tracemalloc

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.spatial import distance
from sklearn.metrics import pairwise

from handbook import cosine_similarity_matrix

FLOATS = ("float16", "float32", "float64", "longdouble")
INTEGERS = ("bool", "int8", "uint8", "int64", "uint64")
SHAPES = st.tuples(st.integers(0, 6), st.integers(0, 5))  # (n, d)
FINITE = st.floats(allow_nan=False, allow_infinity=False)


def assert_close(actual, desired, atol):
    """Compare absolutely: cosines near 0 are differences."""
    np.testing.assert_allclose(actual, desired, rtol=0, atol=atol)


def exact_cosines(X):
    """Cosines at 60 digits: every float is an exact mpf, none overflows."""
    S = np.zeros((len(X), len(X)))
    with mpmath.workdps(60):
        exact = [[mpmath.mpf(x.item()) for x in row] for row in X]
        norms = [mpmath.sqrt(mpmath.fdot(r, r)) for r in exact]
        for i, j in itertools.product(range(len(X)), repeat=2):
            if norms[i] and norms[j]:
                dot = mpmath.fdot(exact[i], exact[j])
                S[i, j] = dot / (norms[i] * norms[j])
    return S


def test_published_values():
    # a 3-4-5 and a 5-12-13 triangle: (3 * 5 + 4 * 12) / (5 * 13)
    S = cosine_similarity_matrix([[3, 4], [5, 12], [-3, -4]])
    expected = [[1, 63 / 65, -1], [63 / 65, 1, -63 / 65], [-1, -63 / 65, 1]]
    np.testing.assert_allclose(S, expected, rtol=1e-15)


@pytest.mark.parametrize("n", [40, 2003])  # at once, by blocks
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_agrees_with_scikit_learn_and_scipy(rng, n, dtype):
    X = rng.standard_normal((n, 13)).astype(dtype)
    X[7], X[-1] = 0, X[8]
    S = cosine_similarity_matrix(X)
    np.testing.assert_array_equal(S, S.T)
    assert np.abs(S).max() <= 1
    # 13 products of at most 1 and two normalisations on either side
    atol = 16 * np.finfo(dtype).eps
    assert_close(S, pairwise.cosine_similarity(X), atol=atol)
    # SciPy answers NaN for a zero row
    expected = np.nan_to_num(1 - distance.cdist(X, X, "cosine"))
    assert_close(S, expected, atol=atol)


@given(hnp.arrays(np.float64, SHAPES, elements=FINITE))
def test_any_finite_rows(X):
    S = cosine_similarity_matrix(X)
    assert S.dtype == np.float64
    assert ((S >= -1) & (S <= 1)).all()  # false for NaN
    np.testing.assert_array_equal(S, S.T)
    zero = ~X.any(axis=1)
    assert not S[zero].any()
    assert_close(S.diagonal()[~zero], 1, atol=1e-15)
    # scaling and normalising move an element by about 2 eps, relatively;
    # the sum of 5 products adds at most 5 eps / 2
    assert_close(S, exact_cosines(X), atol=2e-15)


@pytest.mark.parametrize("dtype", FLOATS)
def test_ends_of_the_range(dtype):
    f = np.finfo(dtype)
    X = np.array(
        [
            [f.max, f.max, 0, 0],
            [f.smallest_subnormal] * 4,
            [0, 0, 0, -f.smallest_subnormal],
            [f.tiny, 0, 0, f.max],
        ],
        dtype=dtype,
    )
    half = math.sqrt(0.5)
    expected = [[1, half, 0, 0], [half, 1, -0.5, 0.5]]
    expected += [[0, -0.5, 1, -1], [0, 0.5, -1, 1]]
    # float16's tiny / max is 9e-10; the others' quotients are smaller;
    # sqrt(0.5) is a float64, hence eps of at least that
    atol = 4 * max(f.eps, np.finfo(np.float64).eps)
    S = cosine_similarity_matrix(X)
    assert S.dtype == dtype
    assert_close(S, expected, atol=float(atol))


def test_nan_stays_in_its_row_and_column():
    nan = np.nan
    S = cosine_similarity_matrix([[nan, 1], [0, 2], [0, 0]])
    expected = [[nan, nan, nan], [nan, 1, 0], [nan, 0, 0]]
    np.testing.assert_array_equal(S, expected)


def test_infinite_rows_are_nan():
    with pytest.warns(RuntimeWarning, match="invalid value"):
        S = cosine_similarity_matrix([[np.inf, 1], [0, 1]])
    np.testing.assert_array_equal(S, [[np.nan, np.nan], [np.nan, 1]])


def test_any_memory_layout(rng):
    X = rng.standard_normal((6, 8))
    X.flags.writeable = False
    for view in (np.asfortranarray(X), X[::2, ::-1], X.T):
        S = cosine_similarity_matrix(view)
        assert_close(S, exact_cosines(view), atol=2e-15)
        np.testing.assert_array_equal(S, S.T)
        assert S.flags.writeable


@pytest.mark.parametrize(("n", "d"), [(400, 500), (200, 2000), (2000, 20)])
def test_extra_memory(n, d):
    X = np.ones((n, d))
    tracemalloc.start()
    cosine_similarity_matrix(X)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # two arrays of n * d while normalising, then U and S; ufunc buffers
    # add up to 150 KB
    assert peak <= 8 * max(2 * n * d, n * d + n * n) + 150_000


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        ([1.0, 2.0], ValueError, r"X must be \(n, d\), got \(2,\)"),
        (3.0, ValueError, r"X must be \(n, d\), got \(\)"),
        ([[[1.0]]], ValueError, r"X must be \(n, d\), got \(1, 1, 1\)"),
        ([["a"]], TypeError, "X must be real, got dtype <U1"),
        ([[1j]], TypeError, "X must be real, got dtype complex128"),
        ([[None]], TypeError, "X must be real, got dtype object"),
        (np.zeros((1, 1), "m8[s]"), TypeError, r"got dtype timedelta64\[s"),
    ],
)
def test_bad_input(X, error, message):
    with pytest.raises(error, match=message):
        cosine_similarity_matrix(X)


@pytest.mark.parametrize("dtype", [*FLOATS, *INTEGERS])
def test_leaves_no_trace(untouched, dtype):
    X = np.array([[1, 0, 1], [0, 0, 0], [1, 1, 0]], dtype=dtype)
    with untouched(X):
        cosine_similarity_matrix(X)
