import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn import preprocessing

from handbook import l1_normalize, l2_normalize

FLOATS = ("float16", "float32", "float64", "longdouble")
both = pytest.mark.parametrize("normalize", [l2_normalize, l1_normalize])
each_float = pytest.mark.parametrize("dtype", FLOATS)


def length(normalize, row):
    """Compute the norm of a row by exact sums, at any magnitude."""
    row = [float(x) for x in row]
    if normalize is l2_normalize:
        return math.hypot(*row)  # scales by itself, within one ulp
    return math.fsum(abs(x) for x in row)


def matrices(limit, **kwargs):
    """Draw (n, d) matrices of finite numbers, n and d from 0 on."""
    shapes = st.tuples(st.integers(0, 4), st.integers(0, 5))
    elements = st.floats(-limit, limit, **kwargs)
    return hnp.arrays(np.float64, shapes, elements=elements)


def test_published_values():
    # Pythagorean rows: 3-4-5, 2-3-6-7, 1-4-8-9
    X = [[3, -4, 0], [2, 3, -6], [-1, 4, 8]]
    U = l2_normalize(X)
    np.testing.assert_allclose(U, X / np.array([[5], [7], [9]]), rtol=4e-16)
    V = l1_normalize(X)
    np.testing.assert_array_equal(V, X / np.array([[7], [11], [13]]))


def test_high_precision(rng):
    # 9 columns: the sum of squares is good to 9 roundings of 1.1e-16
    scales = 10.0 ** rng.integers(-300, 300, (40, 1))
    X = rng.standard_normal((40, 9)) * scales
    mpmath.mp.dps = 40
    for row, u, v in zip(X, l2_normalize(X), l1_normalize(X), strict=True):
        exact = [mpmath.mpf(float(x)) for x in row]
        l2 = mpmath.sqrt(mpmath.fsum(x * x for x in exact))
        l1 = mpmath.fsum(abs(x) for x in exact)
        np.testing.assert_allclose(u, [float(x / l2) for x in exact], 1e-15)
        np.testing.assert_allclose(v, [float(x / l1) for x in exact], 1e-15)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_agrees_with_scikit_learn(rng, dtype):
    X = rng.standard_normal((40, 13)).astype(dtype)
    X[7] = 0
    for normalize, norm in ((l2_normalize, "l2"), (l1_normalize, "l1")):
        expected = preprocessing.normalize(X, norm=norm)
        rtol = 16 * np.finfo(dtype).eps
        np.testing.assert_allclose(normalize(X), expected, rtol=rtol)


@both
@given(X=matrices(1e307, allow_subnormal=False))
def test_a_row_is_divided_by_its_norm(normalize, X):
    for row, unit in zip(X, normalize(X), strict=True):
        expected = row / (length(normalize, row) or 1)
        # next to 1e307 the smallest elements are a few times 5e-324
        np.testing.assert_allclose(unit, expected, rtol=1e-14, atol=2e-323)
        assert (np.signbit(unit) == np.signbit(row)).all()


@both
def test_a_row_depends_on_itself_alone(rng, normalize):
    scales = [[1], [0], [1e200], [1e-200], [1e-160], [1e308], [np.nan]]
    X = rng.uniform(-1, 1, (7, 9)) * scales
    together = normalize(X)
    alone = np.concatenate([normalize(row[None]) for row in X])
    np.testing.assert_allclose(together, alone, rtol=1e-14)


@both
@each_float
def test_both_ends_of_the_range(normalize, dtype):
    f = np.finfo(dtype)
    X = np.array([[f.max, -f.max], [f.smallest_subnormal, 0]], dtype=dtype)
    root = math.sqrt(0.5) if normalize is l2_normalize else 0.5
    # 1 / 2 ** 0.5 is rounded, in float16 to 3 digits
    rtol = 2 * float(f.eps)
    expected = np.array([[root, -root], [1, 0]])
    for rows in (slice(2), slice(1), slice(1, 2)):
        U = normalize(X[rows])
        assert U.dtype == dtype
        np.testing.assert_allclose(U.astype(float), expected[rows], rtol)


@pytest.mark.parametrize("exponent", [*range(-541, -476, 2), 510, 511, 512])
def test_accurate_where_squares_leave_the_range(rng, exponent):
    # rows from 2 ** -485 to 2 ** 512 are not scaled; 50 squares are summed
    # with at most 49 roundings of 1.1e-16, which the root halves
    X = np.ldexp(rng.uniform(0.5, 1, (3, 50)), exponent)
    for row, unit in zip(X, l2_normalize(X), strict=True):
        expected = row / math.hypot(*row)
        np.testing.assert_allclose(unit, expected, rtol=4e-15)


@each_float
def test_squares_that_lose_digits_in_their_dtype(dtype):
    # of the squares 9 and 16 only the units of 4 or 2 are left
    exponent = np.frexp(np.finfo(dtype).smallest_subnormal)[1] // 2 - 1
    X = np.ldexp(np.array([[3, 4]], dtype=dtype), exponent)
    rtol = 2 * float(np.finfo(dtype).eps)
    U = l2_normalize(X).astype(float)
    np.testing.assert_allclose(U, [[0.6, 0.8]], rtol=rtol)


@pytest.mark.parametrize("exponent", [-535, -518])
def test_many_small_errors_do_not_add_up(exponent):
    # squares of 4 and of 38 bits, all rounded in the same direction; the
    # sum of the second kind is an ordinary number
    X = np.full((1, 10_000), np.ldexp(1.3, exponent))
    # one after the other, as some kernels add, d terms lose d * eps / 2
    rtol = 10_000 * np.finfo(float).eps / 2
    np.testing.assert_allclose(l2_normalize(X), 0.01, rtol=rtol)


@pytest.mark.parametrize("d", [3, 9, 25, 100])
@each_float
def test_l1_at_the_top_of_the_range(dtype, d):
    # max / d may be rounded up, and d of them then overflow once more
    X = np.full((1, d), np.finfo(dtype).max, dtype)
    rtol = (d + 4) * float(np.finfo(dtype).eps)  # a sum of d terms
    expected = np.ones((1, d), dtype) / np.array(d, dtype)
    np.testing.assert_allclose(l1_normalize(X), expected, rtol=rtol)


@both
@pytest.mark.parametrize("other", [0.0, 1.0, 1e200, 1e-200])
def test_nan_stays_in_its_row(normalize, other):
    U = normalize([[np.nan, other], [other, 0.0], [0.0, np.nan]])
    expected = [[np.nan, np.nan], [float(other != 0), 0], [np.nan, np.nan]]
    np.testing.assert_array_equal(U, expected)


@both
def test_infinity_is_nan_and_warns(normalize):
    with pytest.warns(RuntimeWarning, match="invalid value"):
        U = normalize([[np.inf, 1.0], [0.0, 2.0]])
    assert np.isnan(U[0, 0])
    np.testing.assert_array_equal(U[1], [0, 1])


@both
def test_any_memory_layout(rng, normalize):
    X = rng.standard_normal((6, 8))
    X[2] = 0
    once = np.broadcast_to(X[0], (3, 8))  # read-only
    for view in (np.asfortranarray(X), X[::2, ::-1], X.T, once):
        expected = normalize(view.copy())
        # the order of eight additions may differ with the layout
        np.testing.assert_allclose(normalize(view), expected, rtol=4e-15)


@both
@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        ([1.0, 2.0], ValueError, r"X must be \(n, d\), got \(2,\)"),
        ([[[1.0]]], ValueError, r"X must be \(n, d\), got \(1, 1, 1\)"),
        ([["a"]], TypeError, "X must be real, got dtype <U1"),
        ([[1j]], TypeError, "X must be real, got dtype complex128"),
        ([[None]], TypeError, "X must be real, got dtype object"),
    ],
)
def test_bad_input(normalize, X, error, message):
    with pytest.raises(error, match=message):
        normalize(X)


@both
@pytest.mark.parametrize("dtype", [*FLOATS, "bool", "int8", "uint64"])
@pytest.mark.parametrize("n", [0, 3])
def test_dtypes_without_a_trace(untouched, normalize, dtype, n):
    X = np.array([[1, 0, 1], [0, 0, 0], [1, 0, 0]], dtype=dtype)[:n]
    with untouched(X):
        U = normalize(X)
    assert U.dtype == (dtype if dtype in FLOATS else "float64")
    np.testing.assert_array_equal(U[1:], X[1:])
    if dtype in FLOATS:  # the path of rows that overflow
        with untouched(np.full((2, 4), np.finfo(dtype).max)) as X:
            normalize(X)
