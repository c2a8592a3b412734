from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.spatial import KDTree

from handbook import knn_predict
from handbook.checks import peak_bytes
from handbook.solutions.knn import neighbours

FLOATS = ("float16", "float32", "float64", "longdouble")
SIGNED = ("int8", "int16", "int32", "int64")
UNSIGNED = ("uint8", "uint16", "uint32", "uint64")
EXTREMES = (-(2**63), -(10**12), -1, 0, 3, 10**18, 2**63 - 1)


def winner(labels):
    """Count, and take the smallest of those with most votes."""
    votes = Counter(labels.tolist())
    return min(c for c in votes if votes[c] == max(votes.values()))


@st.composite
def problems(draw):
    """Draw X (n, d), y (n,), Q (m, d), k without a tie at the k-th row.

    Features are eighths below 32, so that every distance is a multiple of
    1/64 and rounding cannot swap two different ones. Return the row
    numbers by distance as well, (m, n).
    """
    n, d = draw(st.integers(1, 12)), draw(st.integers(1, 3))
    m = draw(st.integers(0, 4))
    eighths = st.integers(-255, 255)
    X = draw(hnp.arrays(np.int16, (n, d), elements=eighths)) / 8
    Q = draw(hnp.arrays(np.int16, (m, d), elements=eighths)) / 8
    y = draw(hnp.arrays(np.int64, n, elements=st.sampled_from(EXTREMES)))
    D = ((Q[:, None] - X) ** 2).sum(axis=2)  # exact: small dyadic numbers
    gaps = np.diff(np.sort(D, axis=1), append=np.inf) > 0  # after the k-th
    clear = (np.flatnonzero(gaps.all(axis=0)) + 1).tolist()
    return X, y, Q, draw(st.sampled_from(clear)), D.argsort(axis=1)


@given(problems(), st.integers(-(2**30), 2**30))
def test_agrees_with_the_book_after_any_shift(problem, shift):
    X, y, Q, k, order = problem  # eighths: the shift is exact
    labels = knn_predict(X + shift, y, Q + shift, k)
    assert labels.shape == (len(Q),)
    assert labels.dtype == y.dtype
    assert labels.tolist() == [winner(y[rows[:k]]) for rows in order]


@pytest.mark.parametrize("offset", [0, 1e7, -1e7, 1e8])
@pytest.mark.parametrize(("n", "d", "k"), [(1000, 3, 7), (300, 40, 1)])
def test_agrees_with_a_kd_tree(rng, n, d, k, offset):
    X, Q = rng.standard_normal((n, d)), rng.standard_normal((60, d))
    X, Q, y = X + offset, Q + offset, rng.choice(EXTREMES, n)
    rows = KDTree(X).query(Q, k=[*range(1, k + 1)])[1]  # no cancellation
    expected = [winner(labels) for labels in y[rows]]
    np.testing.assert_array_equal(knn_predict(X, y, Q, k), expected)


def test_without_features_every_row_is_equally_near():
    labels = knn_predict(np.empty((3, 0)), [2, 1, 1], np.empty((2, 0)), k=3)
    np.testing.assert_array_equal(labels, [1, 1])


def test_huge_labels_cost_no_memory():
    X, y = np.array([[0.0], [1.0]]), np.array([-(10**18), 10**18])
    assert peak_bytes(knn_predict, (X, y, X, 1)) < 100_000


def test_distances_are_kept_for_a_block_of_queries(rng):
    X, Q = rng.standard_normal((5000, 10)), rng.standard_normal((1000, 10))
    peak = peak_bytes(knn_predict, (X, np.arange(5000) % 7, Q))
    # two (64, n) arrays of float32, three (n, d); all distances are 40 MB
    assert peak < 2 * 4 * 64 * 5000 + 3 * 8 * 50_000 + 1_000_000


@pytest.mark.parametrize("offset", [0, 2**33])
@pytest.mark.parametrize(
    ("n", "d", "spread"),
    [
        (4000, 3, 3000),  # squares up to 3e7: float32 rounds them
        (500, 30, 2**20),
        (3000, 8, 2),  # ties for nearly all
        (3000, 16, 1),  # all rows are the same
        (5, 2**19, 3),  # too many terms for float32
    ],
)
def test_the_nearest_by_exact_arithmetic(rng, n, d, spread, offset):
    X, Q = rng.integers(spread, size=(2, n, d))
    expect_the_nearest(X, Q[:100], min(n, 9), offset)


@pytest.mark.parametrize("radius", [10**4, 10**5, 10**6])
def test_the_nearest_of_rows_that_are_equally_far_in_float32(rng, radius):
    along = rng.permutation(1000)  # squared distances: radius² + along²
    X = np.stack([rng.choice([-radius, radius], 1000), along], axis=1)
    expect_the_nearest(X, np.zeros((3, 2), int), 40, 0)


def expect_the_nearest(X, Q, k, offset):
    rows = neighbours(X + float(offset), Q + float(offset), k)
    for q, found in zip(Q, rows, strict=True):
        squares = ((X - q) ** 2).sum(axis=1)  # of integers: exact
        assert len({*found}) == k
        np.testing.assert_array_equal(
            np.sort(squares[found]), np.sort(squares)[:k]
        )


@pytest.mark.parametrize("scale", [1e-300, 1e-150, 1e150, 1e300])
def test_features_of_any_magnitude(rng, scale):
    X, y = rng.standard_normal((300, 4)), rng.integers(3, size=300)
    Q = rng.standard_normal((50, 4))
    np.testing.assert_array_equal(
        knn_predict(scale * X, y, scale * Q), knn_predict(X, y, Q)
    )


@pytest.mark.parametrize("kind", [*SIGNED, *UNSIGNED])
def test_k_may_be_any_integer_of_numpy(rng, kind):
    X = rng.standard_normal((300, 2))  # 300 does not fit into int8
    y = rng.integers(0, 3, 300)
    np.testing.assert_array_equal(
        knn_predict(X, y, X, np.dtype(kind).type(5)), knn_predict(X, y, X)
    )


def test_any_memory_layout(rng):
    X, Q = rng.standard_normal((30, 6)), rng.standard_normal((20, 6))
    y = rng.integers(-3, 3, 60)[::2]
    expected = knn_predict(X.copy(), y.copy(), Q.copy(), k=4)
    for views in (
        (np.asfortranarray(X), y, np.asfortranarray(Q)),
        (np.repeat(X, 2, axis=0)[::2], y, np.repeat(Q, 2, axis=0)[::2]),
        (X[:, ::-1], y, Q[:, ::-1]),
        (X[::-1], y[::-1], Q),
        (X.astype(">f8"), y.astype(">i8"), Q.astype(">f8")),
        (X.tolist(), y.tolist(), Q.tolist()),
    ):
        np.testing.assert_array_equal(knn_predict(*views, k=4), expected)


REAL = "X_train and X_test must be real, got "
INTEGER = "y_train and k must be integers, got "
SHAPES = r"X_train and X_test must be \(n, d\) and \(m, d\), got "
RANGE = r"y_train must be \(2,\) and k in \[1, 2\], got "
FINITE = "X_train and X_test must be finite"
EMPTY = r"y_train must be \(0,\) and k in \[1, 0\], got \(2,\) and 1"


@pytest.mark.parametrize(
    ("name", "value", "error", "message"),
    [
        ("X_train", [["a"], ["b"]], TypeError, REAL + "<U1 and float64"),
        ("X_test", [[1j]], TypeError, REAL + "float64 and complex128"),
        ("X_test", [[None]], TypeError, REAL + "float64 and object"),
        ("y_train", [1.0, 2.0], TypeError, INTEGER + "float64 and 1$"),
        ("y_train", ["a", "b"], TypeError, INTEGER + "<U1 and 1$"),
        ("k", 1.0, TypeError, INTEGER + r"int64 and 1\.0"),
        ("k", np.float64(1), TypeError, INTEGER + "int64 and np.float"),
        ("k", "1", TypeError, INTEGER + "int64 and '1'"),
        ("X_train", [0.0, 1], ValueError, SHAPES + r"\(2,\) and \(1, 1\)"),
        ("X_test", [0.0], ValueError, SHAPES + r"\(2, 1\) and \(1,\)"),
        ("X_test", [[0.0, 1]], ValueError, SHAPES + r"\(2, 1\) and \(1, 2"),
        ("X_train", [[0.0], [np.nan]], ValueError, FINITE),
        ("X_test", [[np.inf]], ValueError, FINITE),
        ("y_train", [1], ValueError, RANGE + r"\(1,\) and 1"),
        ("y_train", [[1], [2]], ValueError, RANGE + r"\(2, 1\) and 1"),
        ("y_train", 1, ValueError, RANGE + r"\(\) and 1"),
        ("k", 0, ValueError, RANGE + r"\(2,\) and 0"),
        ("k", 3, ValueError, RANGE + r"\(2,\) and 3"),
        ("X_train", np.empty((0, 1)), ValueError, EMPTY),
    ],
)
def test_bad_input(name, value, error, message):
    good = {"X_train": [[0.0], [1]], "y_train": np.array([1, 2], "int64")}
    good |= {"X_test": [[0.0]], "k": 1}
    with pytest.raises(error, match=message):
        knn_predict(**(good | {name: value}))


@pytest.mark.parametrize("dtype", ["bool", *FLOATS, *SIGNED, *UNSIGNED])
def test_leaves_no_trace(untouched, dtype):
    X, Q = np.array([[1], [0], [1]], dtype), np.array([[0], [1]], dtype)
    y = np.array([3, -1, 3])
    with untouched(X, y, Q) as (X, y, Q):
        labels = knn_predict(X, y, Q, k=1)
    np.testing.assert_array_equal(labels, [-1, 3])
    assert not np.shares_memory(labels, y)
