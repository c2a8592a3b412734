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


def rows(elements, dtype=np.float64, n=6, d=5):
    """Draw (n, d) matrices, n and d from 0 on."""
    shapes = st.tuples(st.integers(0, n), st.integers(0, d))
    return hnp.arrays(dtype, shapes, elements=elements)


finite = rows(st.floats(allow_nan=False, allow_infinity=False))
integers = rows(st.integers(-9, 9), dtype=np.int64)


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
    S = cosine_similarity_matrix([[1, 0], [3, 3], [0, 0]])
    half = math.sqrt(0.5)
    expected = [[1, half, 0], [half, 1, 0], [0, 0, 0]]
    np.testing.assert_allclose(S, expected, rtol=1e-15)
    # a 3-4-5 and a 5-12-13 triangle: (3 * 5 + 4 * 12) / (5 * 13)
    S = cosine_similarity_matrix([[3, 4], [5, 12], [-3, -4]])
    expected = [[1, 63 / 65, -1], [63 / 65, 1, -63 / 65], [-1, -63 / 65, 1]]
    np.testing.assert_allclose(S, expected, rtol=1e-15)


def test_agrees_with_a_loop(rng):
    X = rng.standard_normal((12, 7))
    S = cosine_similarity_matrix(X)
    for i, j in itertools.product(range(12), repeat=2):
        dot = math.fsum(a * b for a, b in zip(X[i], X[j], strict=True))
        expected = dot / (math.hypot(*X[i]) * math.hypot(*X[j]))
        assert S[i, j] == pytest.approx(expected, rel=0, abs=1e-15)


def test_high_precision(rng):
    X = rng.standard_normal((15, 9)) * 10.0 ** rng.integers(-3, 4, (15, 1))
    X[4] = 0
    # scaling and normalising move an element by about 2 eps, relatively;
    # the sum of 9 products adds at most 9 eps / 2
    assert_close(cosine_similarity_matrix(X), exact_cosines(X), atol=2e-15)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_agrees_with_scikit_learn_and_scipy(rng, dtype):
    X = rng.standard_normal((40, 13)).astype(dtype)
    X[7] = 0
    S = cosine_similarity_matrix(X)
    # 13 products of at most 1 and two normalisations on either side
    atol = 16 * np.finfo(dtype).eps
    assert_close(S, pairwise.cosine_similarity(X), atol=atol)
    kept = np.delete(np.delete(S, 7, axis=0), 7, axis=1)
    X = np.delete(X, 7, axis=0)  # SciPy answers NaN for a zero row
    expected = 1 - distance.cdist(X, X, "cosine")
    assert_close(kept, expected, atol=atol)


@given(finite)
def test_any_finite_rows(X):
    S = cosine_similarity_matrix(X)
    assert S.shape == (len(X), len(X))
    assert S.dtype == np.float64
    assert ((S >= -1) & (S <= 1)).all()  # false for NaN
    np.testing.assert_array_equal(S, S.T)
    zero = ~X.any(axis=1)
    assert not S[zero].any()
    assert not S[:, zero].any()
    assert_close(S.diagonal()[~zero], 1, atol=1e-15)
    assert_close(S, exact_cosines(X), atol=2e-15)


@given(integers, st.data())
def test_length_changes_nothing(X, data):
    exponents = data.draw(
        hnp.arrays(np.int64, (len(X), 1), elements=st.integers(-1000, 1000))
    )
    S = cosine_similarity_matrix(X)
    scaled = np.ldexp(X.astype(float), exponents)
    assert_close(cosine_similarity_matrix(scaled), S, atol=2e-15)
    tenths = X * np.array([0.1])
    assert_close(cosine_similarity_matrix(tenths), S, atol=2e-15)


@given(integers)
def test_an_opposite_row_changes_sign(X):
    both = cosine_similarity_matrix(np.concatenate([X, -X]))
    n = len(X)
    S = cosine_similarity_matrix(X)
    for block, sign in (
        (both[:n, :n], 1),
        (both[:n, n:], -1),
        (both[n:, n:], 1),
    ):
        assert_close(block, sign * S, atol=2e-15)


@given(integers, st.randoms(use_true_random=False))
def test_order_of_rows_and_columns(X, random):
    S = cosine_similarity_matrix(X)
    order = random.sample(range(len(X)), len(X))
    columns = random.sample(range(X.shape[1]), X.shape[1])
    shuffled = cosine_similarity_matrix(X[order][:, columns])
    assert_close(shuffled, S[np.ix_(order, order)], atol=2e-15)


def test_no_negative_direction(rng):
    # a Gram matrix is positive semidefinite, of rank d at most
    X = rng.standard_normal((30, 4))
    values = np.linalg.eigvalsh(cosine_similarity_matrix(X))
    assert_close(values[:26], 0, atol=1e-13)
    assert values[26] > 1
    assert values.sum() == pytest.approx(30, rel=1e-13)  # the trace


@pytest.mark.parametrize("n", [2, 5, 17, 64, 150])
@pytest.mark.parametrize("d", [1, 3, 16, 129])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_symmetric_bit_for_bit(rng, n, d, dtype):
    X = rng.standard_normal((2 * n, d)).astype(dtype)
    for view in (X[:n], np.asfortranarray(X[:n]), X[::-2]):
        S = cosine_similarity_matrix(view)
        np.testing.assert_array_equal(S, S.T)


@pytest.mark.parametrize("row", [[2, 29], [-29, 2]])
def test_rounding_does_not_exceed_one(row):
    # unclipped this is 1 + 4e-16, however a BLAS rounds the two products
    X = np.array([row, np.negative(row)])
    S = cosine_similarity_matrix(X)
    np.testing.assert_array_equal(S, [[1, -1], [-1, 1]])
    np.testing.assert_array_equal(np.arccos(S), [[0, np.pi], [np.pi, 0]])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_never_exceeds_one(rng, dtype):
    X = rng.standard_normal((500, 16)).astype(dtype)
    S = cosine_similarity_matrix(np.concatenate([X, -X]))
    assert S.max() == 1
    assert S.min() == -1


def test_zero_rows_are_zero():
    X = [[0.0, 0.0], [1.0, 1.0], [-0.0, 0.0]]
    S = cosine_similarity_matrix(X)
    np.testing.assert_array_equal(S[[0, 2]], 0)
    np.testing.assert_array_equal(S[:, [0, 2]], 0)
    assert S[1, 1] == pytest.approx(1, abs=1e-15)


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
    expected = [
        [1, math.sqrt(0.5), 0, 0],
        [math.sqrt(0.5), 1, -0.5, 0.5],
        [0, -0.5, 1, -1],
        [0, 0.5, -1, 1],
    ]
    # float16's tiny / max is 9e-10; the others' quotients are smaller;
    # sqrt(0.5) is a float64, hence eps of at least that
    atol = 4 * max(f.eps, np.finfo(np.float64).eps)
    assert_close(cosine_similarity_matrix(X), expected, atol=float(atol))


def test_all_columns_count_in_float16():
    # 60,000 squares of 1 still fit: the largest float16 is 65,504; length
    # and quotient are rounded by eps / 2 each, and the square doubles that
    S = cosine_similarity_matrix(np.ones((2, 60_000), np.float16))
    assert_close(S, 1, atol=2 * float(np.finfo(np.float16).eps))


def test_nan_stays_in_its_row_and_column():
    S = cosine_similarity_matrix([[np.nan, 1], [0, 1], [0, 2], [0, 0]])
    expected = np.array([[1, 1, 0], [1, 1, 0], [0, 0, 0]])
    assert np.isnan(S[0]).all()
    assert np.isnan(S[:, 0]).all()
    np.testing.assert_array_equal(S[1:, 1:], expected)


def test_infinite_rows_are_nan():
    with pytest.warns(RuntimeWarning, match="invalid value"):
        S = cosine_similarity_matrix([[np.inf, 1], [0, 1]])
    np.testing.assert_array_equal(S, [[np.nan, np.nan], [np.nan, 1]])


@pytest.mark.parametrize("dtype", FLOATS)
def test_floats_keep_their_dtype(dtype):
    S = cosine_similarity_matrix(np.array([[3, 4], [4, 3]], dtype))
    assert S.dtype == dtype
    atol = 4 * float(np.finfo(dtype).eps)
    assert_close(S, np.array([[25, 24], [24, 25]], dtype) / 25, atol=atol)


@pytest.mark.parametrize("dtype", INTEGERS)
def test_integers_and_bools_become_float64(dtype):
    X = np.array([[0, 1, 1], [1, 1, 0], [0, 0, 0]], dtype=dtype)
    S = cosine_similarity_matrix(X)
    assert S.dtype == np.float64
    expected = [[1, 0.5, 0], [0.5, 1, 0], [0, 0, 0]]
    assert_close(S, expected, atol=1e-15)


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int64", "uint64"])
def test_extreme_integers_do_not_wrap(dtype):
    limits = np.iinfo(dtype)
    X = np.array([[limits.min, limits.max], [limits.max, 0]], dtype=dtype)
    assert_close(cosine_similarity_matrix(X), exact_cosines(X), atol=1e-15)


def test_parallel_int8_rows():
    X = np.array([[100, 0], [10, 0]], dtype=np.int8)
    np.testing.assert_array_equal(cosine_similarity_matrix(X), 1)


@pytest.mark.parametrize("dtype", ["float32", "float64", "int64"])
@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (3, 0), (1, 0)])
def test_empty(shape, dtype):
    S = cosine_similarity_matrix(np.empty(shape, dtype))
    assert S.dtype == np.result_type(dtype, 1.0)
    np.testing.assert_array_equal(S, np.zeros((shape[0], shape[0])))


def test_any_memory_layout(rng):
    X = rng.standard_normal((6, 8))
    for view in (np.asfortranarray(X), X[::2, ::-1], X.T):
        expected = cosine_similarity_matrix(view.copy(order="C"))
        assert_close(cosine_similarity_matrix(view), expected, atol=2e-15)


def test_result_is_independent_of_the_input(rng):
    X = rng.standard_normal((4, 4))
    S = cosine_similarity_matrix(X)
    assert not np.shares_memory(S, X)
    assert S.flags.writeable
    X.flags.writeable = False
    assert_close(cosine_similarity_matrix(X), S, atol=2e-15)


@pytest.mark.parametrize(("n", "d"), [(400, 500), (200, 2000), (700, 20)])
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
        (
            np.zeros((1, 1), "m8[s]"),
            TypeError,
            r"X must be real, got dtype timedelta64\[s\]",
        ),
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
