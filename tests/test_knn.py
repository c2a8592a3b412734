import tracemalloc
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.spatial import KDTree
from sklearn.datasets import load_iris
from sklearn.neighbors import KNeighborsClassifier

from handbook import knn_predict

FLOATS = ("float16", "float32", "float64", "longdouble")
SIGNED = ("int8", "int16", "int32", "int64")
UNSIGNED = ("uint8", "uint16", "uint32", "uint64")
EXTREMES = (-(2**63), -(10**12), -1, 0, 3, 10**18, 2**63 - 1)


def by_the_book(X_train, y_train, X_test, k):
    """Sort exact rational distances, count, take the smallest winner."""
    rows = [[Fraction(v) for v in row] for row in X_train.tolist()]
    answers = []
    for query in X_test.tolist():
        distances = [
            sum(
                (Fraction(a) - b) ** 2
                for a, b in zip(query, row, strict=True)
            )
            for row in rows
        ]
        order = sorted(range(len(rows)), key=distances.__getitem__)
        # the contract leaves open which of equally distant rows is k-th
        assert k == len(rows) or (
            distances[order[k - 1]] < distances[order[k]]
        )
        votes = Counter(y_train[i].item() for i in order[:k])
        most = max(votes.values())
        answers.append(min(c for c in votes if votes[c] == most))
    return np.array(answers, dtype=y_train.dtype)


def nearest_row(X_train, X_test):
    """Ask for the nearest row itself: every row is its own class."""
    return knn_predict(X_train, np.arange(len(X_train)), X_test, k=1)


@st.composite
def problems(draw):
    """Draw X (n, d), y (n,), Q (m, d), k without a tie at the k-th row.

    Features are eighths below 32, so that every distance is a multiple of
    1/64 and rounding cannot swap two different ones.
    """
    n, d = draw(st.integers(1, 12)), draw(st.integers(1, 3))
    m = draw(st.integers(0, 4))
    eighths = st.integers(-255, 255)
    X = draw(hnp.arrays(np.int16, (n, d), elements=eighths)) / 8
    Q = draw(hnp.arrays(np.int16, (m, d), elements=eighths)) / 8
    y = draw(hnp.arrays(np.int64, n, elements=st.sampled_from(EXTREMES)))
    D = ((Q[:, None] - X) ** 2).sum(axis=2)  # exact: small dyadic numbers
    D.sort(axis=1)
    clear = [
        k
        for k in range(1, n + 1)
        if k == n or (D[:, k - 1] < D[:, k]).all()
    ]
    return X, y, Q, draw(st.sampled_from(clear))


def test_worked_example():
    X = [[0, 0], [0, 1], [1, 0], [9, 9], [9, 8]]
    labels = knn_predict(X, [-1, -1, -1, 7, 7], [[1, 1], [8, 8]], k=3)
    assert isinstance(labels, np.ndarray)
    np.testing.assert_array_equal(labels, [-1, 7])


def test_k_is_five_by_default():
    X = [[0.0], [1.0], [2.0], [3.0], [4.0], [5.0], [6.0]]
    y = [1, 1, 2, 2, 2, 1, 1]  # of 3, 5 and 7 votes: 1, 2 and 1
    assert knn_predict(X, y, [[0.0]]).item() == 2
    assert knn_predict(X, y, [[0.0]], k=4).item() == 1
    assert knn_predict(X, y, [[0.0]], k=6).item() == 1


@given(problems())
def test_agrees_with_the_book(problem):
    X, y, Q, k = problem
    labels = knn_predict(X, y, Q, k)
    assert labels.shape == (len(Q),)
    assert labels.dtype == y.dtype
    np.testing.assert_array_equal(labels, by_the_book(X, y, Q, k))


@given(problems(), st.integers(-(2**30), 2**30))
def test_a_common_shift_changes_nothing(problem, shift):
    X, y, Q, k = problem  # eighths: the shift is exact
    np.testing.assert_array_equal(
        knn_predict(X + shift, y, Q + shift, k), knn_predict(X, y, Q, k)
    )


@given(problems(), st.integers(0, 2**32))
def test_order_of_rows_and_features_does_not_matter(problem, seed):
    X, y, Q, k = problem
    expected = knn_predict(X, y, Q, k)
    rng = np.random.default_rng(seed)
    rows, features = rng.permutation(len(X)), rng.permutation(X.shape[1])
    found = knn_predict(X[rows][:, features], y[rows], Q[:, features], k)
    np.testing.assert_array_equal(found, expected)


@given(problems())
def test_a_query_does_not_depend_on_the_others(problem):
    X, y, Q, k = problem
    alone = [knn_predict(X, y, query[None], k).item() for query in Q]
    np.testing.assert_array_equal(knn_predict(X, y, Q, k), alone)


@given(problems(), st.integers(-3, 3))
def test_increasing_labels_rename_the_answers(problem, factor):
    X, y, Q, k = problem
    codes = np.searchsorted(EXTREMES, y)  # 0 to 6, in the order of labels
    found = knn_predict(X, 10 * codes + factor, Q, k)
    expected = np.searchsorted(EXTREMES, knn_predict(X, y, Q, k))
    np.testing.assert_array_equal(found, 10 * expected + factor)


@pytest.mark.parametrize("k", [1, 2, 3, 10, 149])
def test_agrees_with_scikit_learn_on_iris(k):
    # its features have one decimal and repeat: a jitter parts equal rows
    X, y = load_iris(return_X_y=True)
    X = X + 1e-3 * np.random.default_rng(0).standard_normal(X.shape)
    theirs = KNeighborsClassifier(k, algorithm="brute").fit(X[1:], y[1:])
    np.testing.assert_array_equal(
        knn_predict(X[1:], y[1:], X, k), theirs.predict(X)
    )


@pytest.mark.parametrize(("n", "d", "k"), [(1000, 2, 7), (300, 40, 1)])
def test_neighbours_agree_with_a_kd_tree(rng, n, d, k):
    X, Q = rng.standard_normal((n, d)), rng.standard_normal((60, d))
    y = rng.choice(EXTREMES, n)
    rows = KDTree(X).query(Q, k=[*range(1, k + 1)])[1]
    expected = []
    for labels in y[rows].tolist():
        votes = Counter(labels)
        most = max(votes.values())
        expected.append(min(c for c in votes if votes[c] == most))
    np.testing.assert_array_equal(knn_predict(X, y, Q, k), expected)


@pytest.mark.parametrize("d", [1, 3, 64])
def test_training_rows_find_themselves(rng, d):
    X = rng.standard_normal((200, d))
    np.testing.assert_array_equal(nearest_row(X, X), np.arange(200))


def test_the_majority_beats_the_nearest():
    X, y = [[0.0], [2.0], [3.0], [50.0]], [5, 8, 8, 5]
    assert knn_predict(X, y, [[0.0]], k=1).item() == 5
    assert knn_predict(X, y, [[0.0]], k=3).item() == 8


def test_the_kth_neighbour_has_the_casting_vote(rng):
    # the k - 1 nearest are tied, the k-th votes 1, all others would vote 0
    distances = 1.0 + np.arange(1001)
    for k in range(1, 1001, 2):
        y = np.zeros(1001, int)
        y[: k // 2] = y[k - 1] = 1
        rows = rng.permutation(1001)
        X = distances[rows, None]
        assert knn_predict(X, y[rows], [[0.0]], k).item() == 1


@pytest.mark.parametrize(
    "order", [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]]
)
def test_tied_votes_go_to_the_smallest_label(order):
    X = np.array([[0.0], [1.0], [2.0], [3.0]])[order]
    y = np.array([4, 4, -6, -6])[order]  # the larger label is nearer
    assert knn_predict(X, y, [[0.0]], k=4).item() == -6
    assert knn_predict(X, y, [[0.0]], k=3).item() == 4


def test_three_classes_tie():
    X = [[0.0], [1.0], [2.0]]
    labels = knn_predict(X, [9, 2, 5], [[0.0], [2.0]], k=3)
    np.testing.assert_array_equal(labels, [2, 2])


def test_every_row_votes_when_k_is_n(rng):
    X, Q = rng.standard_normal((9, 2)), 100 * rng.standard_normal((20, 2))
    y = [3, 3, 3, 3, 1, 1, 1, 2, 2]
    np.testing.assert_array_equal(knn_predict(X, y, Q, k=9), 3)


def test_queries_keep_their_votes_apart():
    # two classes, and queries in an order that any leak would show
    X, y = [[0.0], [1.0], [10.0], [11.0]], [-2, -2, 6, 6]
    Q = [[0.0], [11.0], [10.0], [1.0], [11.0]]
    np.testing.assert_array_equal(
        knn_predict(X, y, Q, k=2), [-2, 6, 6, -2, 6]
    )


def test_one_row_and_one_class():
    assert knn_predict([[3.0]], [-9], [[1e6]], k=1).item() == -9
    labels = knn_predict([[3.0], [4.0]], [-9, -9], [[0.0], [5.0]], k=2)
    np.testing.assert_array_equal(labels, [-9, -9])


def test_equal_rows_may_all_vote():
    labels = knn_predict([[1.0]] * 3 + [[2.0]], [4, 4, 1, 1], [[1.0]], k=3)
    assert labels.item() == 4


def test_without_features_every_row_is_equally_near():
    labels = knn_predict(np.empty((3, 0)), [2, 1, 1], np.empty((2, 0)), k=3)
    np.testing.assert_array_equal(labels, [1, 1])


@pytest.mark.parametrize("offset", [1e7, -1e7, 1e8])
def test_neighbours_survive_a_shift(rng, offset):
    X, Q = rng.standard_normal((1000, 3)), rng.standard_normal((50, 3))
    X, Q = X + offset, Q + offset
    expected = KDTree(X).query(Q)[1]  # from differences: no cancellation
    np.testing.assert_array_equal(nearest_row(X, Q), expected)


def test_scikit_learn_loses_the_neighbours_in_a_shift(rng):
    """The Complexity section says what its speed leaves out."""
    X, Q = rng.standard_normal((1000, 3)), rng.standard_normal((50, 3))
    expected = KDTree(X + 1e8).query(Q + 1e8)[1]
    brute = KNeighborsClassifier(1, algorithm="brute")
    found = brute.fit(X + 1e8, np.arange(1000) // 2).predict(Q + 1e8)
    assert (found != expected // 2).sum() > 40, (
        "the Complexity section of knn.md must not say so any more"
    )


@pytest.mark.parametrize("offset", [1e3, 1e4])
def test_neighbours_survive_a_shift_in_float32(rng, offset):
    X, Q = rng.standard_normal((1000, 3)), rng.standard_normal((50, 3))
    X, Q = (X + offset).astype("float32"), (Q + offset).astype("float32")
    expected = KDTree(X.astype(float)).query(Q.astype(float))[0]
    found = np.linalg.norm(Q.astype(float) - X[nearest_row(X, Q)], axis=1)
    # at 1e4 a float32 grid of 1e-3 makes ties; half of its square, 5e-7,
    # tells different distances apart
    np.testing.assert_allclose(found**2, expected**2, rtol=0, atol=1e-7)


def test_both_sets_move_by_the_same_vector():
    # on its own mean a single query would become the origin
    X = [[0.0], [1.0], [10.0]]
    for row, query in enumerate(([[0.0]], [[1.0]], [[10.0]])):
        assert nearest_row(X, query).item() == row


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("other", FLOATS)
def test_float_features(dtype, other):
    X = np.array([[-3], [0], [5]], dtype)
    Q = np.array([[4], [-9], [1]], other)
    np.testing.assert_array_equal(nearest_row(X, Q), [2, 0, 1])


@pytest.mark.parametrize("dtype", ["float16", "float32"])
def test_narrow_floats_are_computed_in_float64(dtype):
    # in these dtypes the squares overflow, and the mean loses the rows
    largest = np.finfo(dtype).max
    second = np.nextafter(largest, np.array(0, dtype))
    third = np.nextafter(second, np.array(0, dtype))
    X = np.array([[largest], [second], [third]], dtype)
    np.testing.assert_array_equal(nearest_row(X, X), [0, 1, 2])


@pytest.mark.parametrize("dtype", [*SIGNED, *UNSIGNED])
def test_integer_features_do_not_wrap(dtype):
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    middle = low // 2 + high // 2
    X = np.array([[low], [middle], [high]], dtype)
    np.testing.assert_array_equal(nearest_row(X, X[::-1]), [2, 1, 0])


def test_pixels_sixteen_apart_are_not_equal():
    X, Q = np.array([[16], [1]], np.uint8), np.array([[0]], np.uint8)
    assert nearest_row(X, Q).item() == 1


def test_bool_features():
    X = np.array([[False, False], [True, True], [True, False]])
    np.testing.assert_array_equal(nearest_row(X, X), [0, 1, 2])


def test_mixed_features():
    X, Q = np.array([[0], [200]], np.uint8), np.array([[-5.5], [150.25]])
    np.testing.assert_array_equal(nearest_row(X, Q), [0, 1])
    np.testing.assert_array_equal(nearest_row(Q, X), [0, 1])


@pytest.mark.parametrize("dtype", [*SIGNED, *UNSIGNED])
def test_extreme_labels_keep_their_dtype(dtype):
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    y = np.array([high, low, high], dtype)
    labels = knn_predict([[0], [5], [9]], y, [[0], [4], [9]], k=1)
    assert labels.dtype == dtype
    np.testing.assert_array_equal(labels, y)


def test_bool_labels():
    labels = knn_predict(
        [[0], [1], [9]], [True, True, False], [[9], [0]], 1
    )
    assert labels.dtype == bool
    np.testing.assert_array_equal(labels, [False, True])
    assert not knn_predict([[0], [1]], [True, False], [[0]], k=2).item()


def test_huge_labels_cost_no_memory():
    y = np.array([-(10**18), 10**18])
    tracemalloc.start()
    labels = knn_predict([[0.0], [1.0]], y, [[0.0], [1.0]], k=1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    np.testing.assert_array_equal(labels, y)
    assert peak < 100_000


def test_the_pairs_of_rows_are_the_largest_arrays(rng):
    X, Q = rng.standard_normal((1000, 50)), rng.standard_normal((400, 50))
    tracemalloc.start()
    knn_predict(X, np.arange(1000) % 7, Q)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # distances and row numbers, then the centred copies: 2.4 MB of slack
    # is less than a third (m, n) array of 3.2 MB, and d such are 160 MB
    assert peak < 2 * 8 * 400 * 1000 + 2_400_000


@pytest.mark.parametrize("k", [np.int8(3), np.uint64(3), np.intp(3), 3])
def test_any_integer_k(k):
    X, y = [[0.0], [1.0], [2.0], [3.0]], [1, 2, 2, 1]
    assert knn_predict(X, y, [[0.0]], k).item() == 2


def test_no_queries():
    y = np.array([4, 5], np.int16)
    labels = knn_predict([[0.0, 1.0], [2.0, 3.0]], y, np.empty((0, 2)), k=2)
    assert labels.shape == (0,)
    assert labels.dtype == np.int16


def test_any_memory_layout(rng):
    X, Q = rng.standard_normal((30, 6)), rng.standard_normal((20, 6))
    y = rng.integers(-3, 3, 60)[::2]
    expected = knn_predict(X.copy(), y.copy(), Q.copy(), k=4)
    views = [
        (np.asfortranarray(X), y, np.asfortranarray(Q)),
        (np.repeat(X, 2, axis=0)[::2], y, np.repeat(Q, 2, axis=0)[::2]),
        (X[:, ::-1], y, Q[:, ::-1]),
        (X[::-1], y[::-1], Q),
        (X.astype(">f8"), y.astype(">i8"), Q.astype(">f8")),
        (X.tolist(), y.tolist(), Q.tolist()),
    ]
    for X_train, y_train, X_test in views:
        found = knn_predict(X_train, y_train, X_test, k=4)
        np.testing.assert_array_equal(found, expected)


GOOD = {
    "X_train": [[0.0], [1.0]],
    "y_train": [1, 2],
    "X_test": [[0.0]],
    "k": 1,
}
SHAPES = r"must be \(n, d\) and \(m, d\), got "
RANGE = r"y_train must be \(2,\) and k in \[1, 2\], got "


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (
            {"X_train": [["a"], ["b"]]},
            TypeError,
            "real, got <U1 and float64",
        ),
        ({"X_test": [["a"]]}, TypeError, "be real, got float64 and <U1"),
        ({"X_train": [[1j], [0]]}, TypeError, "real, got complex128 and"),
        ({"X_test": [[1j]]}, TypeError, "got float64 and complex128"),
        ({"X_test": [[None]]}, TypeError, "got float64 and object"),
        (
            {"y_train": [1.0, 2.0]},
            TypeError,
            "integers, got float64 and 1$",
        ),
        ({"y_train": ["a", "b"]}, TypeError, "integers, got <U1 and 1$"),
        ({"y_train": [None, 1]}, TypeError, "integers, got object and 1$"),
        ({"k": 1.0}, TypeError, r"integers, got int64 and 1\.0"),
        (
            {"k": np.float64(1)},
            TypeError,
            "integers, got int64 and np.float",
        ),
        ({"k": "1"}, TypeError, "must be integers, got int64 and '1'"),
        ({"k": None}, TypeError, "must be integers, got int64 and None"),
        (
            {"X_train": [0.0, 1.0]},
            ValueError,
            SHAPES + r"\(2,\) and \(1, 1",
        ),
        (
            {"X_train": [[[0.0]], [[1.0]]]},
            ValueError,
            r"got \(2, 1, 1\) and",
        ),
        ({"X_test": [0.0]}, ValueError, SHAPES + r"\(2, 1\) and \(1,\)"),
        ({"X_test": []}, ValueError, r"got \(2, 1\) and \(0,\)"),
        ({"X_test": [[[0.0]]]}, ValueError, r"and \(1, 1, 1\)"),
        ({"X_test": [[0.0, 1.0]]}, ValueError, r"\(2, 1\) and \(1, 2\)"),
        (
            {"X_test": np.empty((0, 2))},
            ValueError,
            r"\(2, 1\) and \(0, 2\)",
        ),
        ({"X_train": [[0.0], [np.nan]]}, ValueError, "must be finite"),
        ({"X_train": [[0.0], [-np.inf]]}, ValueError, "must be finite"),
        ({"X_test": [[np.nan]]}, ValueError, "must be finite"),
        ({"X_test": [[np.inf]]}, ValueError, "must be finite"),
        ({"y_train": [1]}, ValueError, RANGE + r"\(1,\) and 1"),
        ({"y_train": [1, 2, 3]}, ValueError, RANGE + r"\(3,\) and 1"),
        ({"y_train": [[1], [2]]}, ValueError, RANGE + r"\(2, 1\) and 1"),
        ({"y_train": [[1, 2]]}, ValueError, RANGE + r"\(1, 2\) and 1"),
        ({"y_train": 1}, ValueError, RANGE + r"\(\) and 1"),
        ({"k": 0}, ValueError, RANGE + r"\(2,\) and 0"),
        ({"k": -1}, ValueError, RANGE + r"\(2,\) and -1"),
        ({"k": 3}, ValueError, RANGE + r"\(2,\) and 3"),
        (
            {"X_train": np.empty((0, 1)), "y_train": np.empty(0, int)},
            ValueError,
            r"k in \[1, 0\], got \(0,\) and 1",
        ),
    ],
)
def test_bad_input(change, error, message):
    if "y_train" not in change:
        change = change | {"y_train": np.array([1, 2], np.int64)}
    with pytest.raises(error, match=message):
        knn_predict(**(GOOD | change))


def test_bad_k_is_found_without_queries():
    with pytest.raises(
        ValueError, match=r"k in \[1, 2\], got \(2,\) and 3"
    ):
        knn_predict([[0.0], [1.0]], [1, 2], np.empty((0, 1)), k=3)


@pytest.mark.parametrize("dtype", ["bool", *FLOATS, *SIGNED, *UNSIGNED])
def test_leaves_no_trace(untouched, dtype):
    X, Q = np.array([[1], [0], [1]], dtype), np.array([[0], [1]], dtype)
    y = np.array([3, -1, 3])
    with untouched(X, y, Q) as (X, y, Q):
        labels = knn_predict(X, y, Q, k=1)
    np.testing.assert_array_equal(labels, [-1, 3])
    assert not np.shares_memory(labels, y)


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.int64])
def test_k_may_be_any_integer_of_numpy(rng, kind):
    X = rng.standard_normal((300, 2))  # 300 does not fit into int8
    y = rng.integers(0, 3, 300)
    np.testing.assert_array_equal(
        knn_predict(X, y, X, kind(5)), knn_predict(X, y, X, 5)
    )
