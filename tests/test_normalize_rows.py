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
INTEGERS = ("bool", "int8", "uint8", "int64", "uint64")
NORMALIZERS = (l2_normalize, l1_normalize)
both = pytest.mark.parametrize("normalize", NORMALIZERS)


def length(normalize, row):
    """Compute the norm of a row by exact sums, at any magnitude."""
    row = [float(x) for x in row]
    if normalize is l2_normalize:
        return math.hypot(*row)  # scales by itself, within one ulp
    return math.fsum(abs(x) for x in row)


def matrices(limit=1e308, **kwargs):
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


def test_the_page_example():
    X = [[3, -4], [0, 0]]
    np.testing.assert_array_equal(l2_normalize(X), [[0.6, -0.8], [0, 0]])
    np.testing.assert_array_equal(
        l1_normalize(X), [[3 / 7, -4 / 7], [0, 0]]
    )


@both
def test_a_square_matrix_is_divided_along_its_rows(normalize):
    # from a public bug report: without keepdims the L1 rows sum to 0.18,
    # 1.57 and 2.96
    rows = [[0, 3, 6], [9, 12, 15], [18, 21, 24]]
    norms = [45**0.5, 450**0.5, 1341**0.5]
    if normalize is l1_normalize:
        norms = [9, 36, 63]
    expected = [
        [x / norm for x in row]
        for row, norm in zip(rows, norms, strict=True)
    ]
    U = normalize(np.arange(0, 27, 3).reshape(3, 3))
    np.testing.assert_allclose(U, expected, rtol=1e-15)


def test_high_precision(rng):
    # 9 columns: the sum of squares is good to 9 roundings of 1.1e-16
    scales = 10.0 ** rng.integers(-300, 300, (40, 1))
    X = rng.standard_normal((40, 9)) * scales
    mpmath.mp.dps = 40
    U, V = l2_normalize(X), l1_normalize(X)
    for row, u, v in zip(X, U, V, strict=True):
        exact = [mpmath.mpf(float(x)) for x in row]
        l2 = mpmath.sqrt(mpmath.fsum(x * x for x in exact))
        l1 = mpmath.fsum(abs(x) for x in exact)
        np.testing.assert_allclose(u, [float(x / l2) for x in exact], 1e-15)
        np.testing.assert_allclose(v, [float(x / l1) for x in exact], 1e-15)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    ("normalize", "norm"), [(l2_normalize, "l2"), (l1_normalize, "l1")]
)
def test_agrees_with_scikit_learn(rng, normalize, norm, dtype):
    X = rng.standard_normal((40, 13)).astype(dtype)
    X[7] = 0
    expected = preprocessing.normalize(X, norm=norm)
    rtol = 16 * np.finfo(dtype).eps
    np.testing.assert_allclose(normalize(X), expected, rtol=rtol)


@both
@given(X=matrices())
def test_rows_have_unit_norm_at_any_magnitude(normalize, X):
    U = normalize(X)
    assert U.shape == X.shape
    for row, unit in zip(X, U, strict=True):
        expected = 1 if row.any() else 0
        assert length(normalize, unit) == pytest.approx(expected, rel=1e-15)


@both
@given(X=matrices(limit=1e307, allow_subnormal=False))
def test_a_row_is_divided_by_its_norm(normalize, X):
    for row, unit in zip(X, normalize(X), strict=True):
        expected = row / (length(normalize, row) or 1)
        # next to 1e307 the smallest elements are a few times 5e-324
        np.testing.assert_allclose(unit, expected, rtol=1e-14, atol=2e-323)
        assert (np.signbit(unit) == np.signbit(row)).all()


@both
@given(X=matrices(limit=1e6), exponent=st.integers(-900, 900))
def test_scale_changes_nothing(normalize, X, exponent):
    X = np.round(X, 3)  # no element underflows when it is scaled
    scaled = normalize(np.ldexp(X, exponent))
    np.testing.assert_allclose(scaled, normalize(X), rtol=1e-14)


@both
def test_a_row_depends_on_itself_alone(rng, normalize):
    scales = [[1], [0], [1e200], [1e-200], [1e-160], [1e308], [np.nan]]
    X = rng.uniform(-1, 1, (7, 9)) * scales
    together = normalize(X)
    alone = np.concatenate([normalize(row[None]) for row in X])
    np.testing.assert_allclose(together, alone, rtol=1e-14)


@both
def test_zero_rows_stay_zero(normalize):
    X = np.array([[0.0, -0.0], [3.0, 4.0], [0.0, 0.0]])
    U = normalize(X)
    np.testing.assert_array_equal(U[[0, 2]], 0)
    assert U[1].all()
    np.testing.assert_array_equal(normalize(np.zeros((2, 3))), 0)


@both
@pytest.mark.parametrize("dtype", FLOATS)
def test_both_ends_of_the_range(normalize, dtype):
    f = np.finfo(dtype)
    X = np.array([[f.max, -f.max], [f.smallest_subnormal, 0]], dtype=dtype)
    root = math.sqrt(0.5) if normalize is l2_normalize else 0.5
    # 1 / 2 ** 0.5 is rounded, in float16 to 3 digits
    rtol = 2 * float(f.eps)
    expected = np.array([[root, -root], [1, 0]])
    np.testing.assert_allclose(normalize(X).astype(float), expected, rtol)
    for row, unit in zip(X, expected, strict=True):
        alone = normalize(row[None])[0].astype(float)
        np.testing.assert_allclose(alone, unit, rtol)


@pytest.mark.parametrize("exponent", [*range(-541, -476, 2), 510, 511, 512])
def test_accurate_where_squares_leave_the_range(rng, exponent):
    # rows from 2 ** -485 to 2 ** 512 are not scaled; 50 squares are summed
    # with at most 49 roundings of 1.1e-16, which the root halves
    X = np.ldexp(rng.uniform(0.5, 1, (3, 50)), exponent)
    for row, unit in zip(X, l2_normalize(X), strict=True):
        expected = row / math.hypot(*row)
        np.testing.assert_allclose(unit, expected, rtol=4e-15)


@pytest.mark.parametrize("dtype", FLOATS)
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


def test_only_rows_that_overflow_are_shrunk():
    X = [[1e308] * 8, [5e-324] * 8, [2.0, 0, 0, 0, 0, 0, 0, -6.0]]
    expected = [[0.125] * 8, [0.125] * 8, [0.25, 0, 0, 0, 0, 0, 0, -0.75]]
    np.testing.assert_allclose(l1_normalize(X), expected, rtol=1e-15)


@both
@pytest.mark.parametrize("scale", [1, 1e-10, 1e-200, 1e200])
def test_no_epsilon(rng, normalize, scale):
    X = rng.standard_normal((20, 7)) * scale
    for unit in normalize(X):
        assert length(normalize, unit) == pytest.approx(1, rel=1e-15)


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
@pytest.mark.parametrize("dtype", FLOATS)
def test_floats_keep_their_dtype(normalize, dtype):
    for X in ([[3, 4]], [[0, 0]], [[np.finfo(dtype).max] * 2]):
        assert normalize(np.array(X, dtype=dtype)).dtype == dtype


@both
@pytest.mark.parametrize("dtype", INTEGERS)
def test_integers_and_bools_become_float64(normalize, dtype):
    X = np.array([[0, 1, 1], [0, 0, 0], [1, 0, 0]], dtype=dtype)
    U = normalize(X)
    assert U.dtype == np.float64
    np.testing.assert_array_equal(U, normalize(X.astype(float)))


@both
@pytest.mark.parametrize("dtype", ["int8", "int16", "int32", "int64"])
def test_the_smallest_integer_has_a_magnitude(normalize, dtype):
    smallest = np.iinfo(dtype).min
    X = np.array([[smallest, 0], [smallest, smallest]], dtype=dtype)
    root = math.sqrt(0.5) if normalize is l2_normalize else 0.5
    expected = [[-1, 0], [-root, -root]]
    np.testing.assert_allclose(normalize(X), expected, rtol=1e-15)


@both
@pytest.mark.parametrize("dtype", ["int8", "uint8", "uint64"])
def test_integer_arithmetic_does_not_wrap(normalize, dtype):
    top = np.iinfo(dtype).max
    X = np.array([[16, 0], [top, top], [0, top]], dtype=dtype)
    for row, unit in zip(X, normalize(X), strict=True):
        expected = row / length(normalize, row)
        np.testing.assert_allclose(unit, expected, rtol=1e-15)


@both
@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_empty(normalize, shape):
    for dtype in (np.float32, np.float64):
        U = normalize(np.empty(shape, dtype))
        assert U.shape == shape
        assert U.dtype == dtype
    assert normalize(np.empty(shape, int)).dtype == np.float64


@both
def test_long_float32_rows(rng, normalize):
    # one running sum is the worst order: 2e-5 on these rows
    X = rng.standard_normal((2, 100_000), dtype=np.float32)
    U = normalize(X).astype(float)
    order = 2 if normalize is l2_normalize else 1
    norms = np.linalg.norm(U, order, axis=1)
    np.testing.assert_allclose(norms, 1, rtol=1e-4)


@both
def test_any_memory_layout(rng, normalize):
    X = rng.standard_normal((6, 8))
    X[2] = 0
    for view in (np.asfortranarray(X), X[::2, ::-1], X.T):
        expected = normalize(view.copy())
        # the order of eight additions may differ with the layout
        np.testing.assert_allclose(normalize(view), expected, rtol=4e-15)
    once = np.broadcast_to(X[0], (3, 8))  # read-only
    np.testing.assert_allclose(normalize(once), normalize(once.copy()))


@both
def test_lists_and_tuples(normalize):
    expected = normalize(np.array([[1.0, 2.0], [3.0, 4.0]]))
    np.testing.assert_array_equal(normalize([[1, 2], [3, 4]]), expected)
    np.testing.assert_array_equal(normalize(((1, 2), (3, 4))), expected)


@both
@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        ([1.0, 2.0], ValueError, r"X must be \(n, d\), got \(2,\)"),
        (3.0, ValueError, r"X must be \(n, d\), got \(\)"),
        ([], ValueError, r"X must be \(n, d\), got \(0,\)"),
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
@pytest.mark.parametrize("dtype", [*FLOATS, *INTEGERS])
def test_leaves_no_trace(untouched, normalize, dtype):
    # every path: ordinary rows, a zero row, and where it exists the top
    rows = [[[1, 0, 1]], [[0, 0, 0], [1, 0, 1]]]
    if dtype in FLOATS:
        rows.append([[np.finfo(dtype).max] * 4])
    for X in rows:
        with untouched(np.array(X, dtype=dtype)) as array:
            U = normalize(array)
        assert not np.shares_memory(U, array)


@pytest.mark.parametrize("d", [3, 9, 25, 100])
@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "g"])
def test_l1_at_the_top_of_the_range(dtype, d):
    # max / d may be rounded up, and d of them then overflow once more
    X = np.full((1, d), np.finfo(dtype).max, dtype)
    rtol = (d + 4) * float(np.finfo(dtype).eps)  # a sum of d terms
    expected = np.ones((1, d), dtype) / np.array(d, dtype)
    np.testing.assert_allclose(l1_normalize(X), expected, rtol=rtol)


@pytest.mark.parametrize("bad", [0.0, 1e200, 1e-200, np.nan])
def test_l2_of_a_row_does_not_depend_on_the_others(rng, bad):
    X = rng.standard_normal((50, 8))
    expected = l2_normalize(X)
    mixed = np.insert(X, 25, bad, axis=0)
    found = np.delete(l2_normalize(mixed), 25, axis=0)
    np.testing.assert_allclose(found, expected, rtol=1e-15)
