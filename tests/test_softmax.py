import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import special

from handbook import softmax

FLOATS = ("float16", "float32", "float64", "longdouble")
INTEGERS = ("bool", "int8", "uint8", "int64", "uint64")


def logits(limit):
    """Draw (n, d) matrices of finite logits, n from 0 on, d from 1 on."""
    shapes = st.tuples(st.integers(0, 6), st.integers(1, 6))
    return hnp.arrays(float, shapes, elements=st.floats(-limit, limit))


NORMAL = 50 * np.random.default_rng(0).standard_normal((20, 7))


@pytest.mark.parametrize(
    ("X", "rtol"),
    [
        (np.array([[1.0, 2, 3], [1000, 1001, 1002]]), 1e-15),
        (NORMAL, 5e-14),  # rounding moves x - m by 3e-14
        (NORMAL / 10, 4e-15),
    ],
)
def test_high_precision(X, rtol):
    mpmath.mp.dps = 40
    for row, p in zip(X.tolist(), softmax(X), strict=True):
        exact = [mpmath.exp(x) for x in row]
        expected = [float(e / mpmath.fsum(exact)) for e in exact]
        np.testing.assert_allclose(p, expected, rtol=rtol)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("d", [1, 2, 300])
def test_sums_that_would_overflow_or_vanish(dtype, d):
    most = np.log(float(np.finfo(dtype).max))
    X = np.repeat(most * np.linspace(-1.5, 1.5, 301)[:, None], d, axis=1)
    X[:, -1] -= 0.4 * most
    X = X.astype(dtype)
    masked = np.pad(X, ((0, 0), (0, 1)), constant_values=-np.inf)
    limits = np.finfo(dtype)
    for Z in (X, masked):
        expected = special.softmax(Z.astype("longdouble"), axis=1)
        alone = np.concatenate([softmax(row[None]) for row in Z])
        for P in (softmax(Z), alone):
            np.testing.assert_allclose(
                P, expected, rtol=4 * most * limits.eps, atol=limits.tiny
            )


@given(logits(limit=1e6))
def test_rows_are_distributions(X):
    P = softmax(X)
    assert P.shape == X.shape
    assert (P >= 0).all()
    np.testing.assert_allclose(P.sum(axis=1), 1, rtol=1e-14)


@given(logits(limit=100), st.integers(-1000, 1000))
def test_shift_changes_nothing(X, shift):
    X = np.round(X, 3)
    np.testing.assert_allclose(softmax(X + shift), softmax(X), rtol=1e-9)


@pytest.mark.parametrize("dtype", FLOATS)
def test_the_largest_logits(dtype):
    largest = np.finfo(dtype).max
    X = np.array([[largest, -largest], [largest, largest]], dtype=dtype)
    np.testing.assert_array_equal(softmax(X), [[1, 0], [0.5, 0.5]])


def test_fully_masked_row_is_nan():
    with pytest.warns(RuntimeWarning, match="invalid value"):
        P = softmax([[-np.inf, -np.inf], [0.0, 0.0]])
    np.testing.assert_array_equal(P, [[np.nan, np.nan], [0.5, 0.5]])


def test_nan_stays_in_its_row():
    P = softmax([[np.nan, 1.0], [0.0, 0.0]])
    np.testing.assert_array_equal(P, [[np.nan, np.nan], [0.5, 0.5]])


def test_any_memory_layout(rng):
    X = rng.standard_normal((6, 8))
    for view in (np.asfortranarray(X), X[::2, ::-1], X.T):
        expected = softmax(view.copy())
        np.testing.assert_allclose(softmax(view), expected, rtol=1e-15)


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        ([1.0, 2.0], ValueError, r"X must be \(n, d\) .* got \(2,\)"),
        ([[[1.0]]], ValueError, r"got \(1, 1, 1\)"),
        (np.empty((3, 0)), ValueError, r"d >= 1, got \(3, 0\)"),
        ([["a"]], TypeError, "X must be real, got dtype <U1"),
        ([[1j]], TypeError, "X must be real, got dtype complex128"),
        ([[None]], TypeError, "X must be real, got dtype object"),
    ],
)
def test_bad_input(X, error, message):
    with pytest.raises(error, match=message):
        softmax(X)


@pytest.mark.parametrize("dtype", [*FLOATS, *INTEGERS])
def test_dtypes(untouched, dtype):
    with untouched(np.array([[1, 0, 1], [0, 0, 1]], dtype)) as X:
        P = softmax(X)
    result = dtype if dtype in FLOATS else "float64"
    assert P.dtype == softmax(X[:0]).dtype == result
    expected = special.softmax(X.astype(result), axis=1)
    np.testing.assert_allclose(P, expected, rtol=4 * np.finfo(result).eps)
