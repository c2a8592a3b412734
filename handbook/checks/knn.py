import math
from typing import Any

import numpy as np

from handbook.checks import (
    Function,
    as_array,
    call,
    holds,
    leaves_no_trace,
    no_python_loop,
    raises,
    spell,
)

TITLE, DIFFICULTY = "k-nearest neighbours", "hard"
LARGER_INPUT = {
    "knn_predict": lambda rng: (
        rng.standard_normal((5000, 16)),
        rng.integers(0, 10, 5000),
        rng.standard_normal((200, 16)),
        5,
    )
}


def majority_of_the_nearest(knn_predict: Function) -> None:
    """The label that most of the k nearest rows have; k is 5 by default.

    Take one query and three rows, and compute the distances by hand. Must
    both sets be moved by the same vector? And if you take a root: what did
    rounding leave of a distance of 0?
    """
    X, y = np.arange(7.0)[:, None], np.array([1, 1, 2, 2, 2, 1, 1])
    Q = np.array([[0.0], [3.0]])
    _predicts(knn_predict, X, y, Q[:1], [2])  # k = 5
    _predicts(knn_predict, X, y, Q, [1, 2], k=1)
    y = np.array([1, 1, 5, 8, 9, 4, 4])  # of five: mean 4.8, median 5
    _predicts(knn_predict, X, y, Q[:1], [1], k=5)
    # neither the sum of the differences decides, nor the largest of them
    for row, nearest in (([3.0, 3.0], 0), ([4.0, 4.0], 1)):
        X, Q = np.array([row, [0.0, 5.0]]), np.zeros((1, 2))
        _predicts(knn_predict, X, _ROWS[:2], Q, [nearest], k=1)

    rng = np.random.default_rng(0)
    X, Q = rng.standard_normal((31, 3)), rng.standard_normal((8, 3))
    y = rng.integers(0, 2, 31)
    for k in (1, 3, 5, 9, 15):  # odd, of two labels: no tie
        expected = [_majority(X, y, query, k) for query in Q]
        _predicts(knn_predict, X, y, Q, expected, k=k)
        _predicts(knn_predict, X, y, Q[:1], expected[:1], k=k)

    order = rng.permutation(601)  # the k-th nearest has the casting vote
    X, Q = order[:, None] / 2, np.array([[-1.0]])
    for k in range(1, 601, 2):
        y = np.zeros(601, dtype=int)
        y[: k // 2] = y[k - 1] = 1
        _predicts(knn_predict, X, y[order], Q, [1], k=k)

    X = rng.standard_normal((100, 64))  # every row finds itself
    _predicts(knn_predict, X, _ROWS, X, _ROWS.tolist(), k=1)


def ties_to_the_smallest(knn_predict: Function) -> None:
    """Of labels with equally many votes the smallest wins.

    Which of several equal maxima does argmax return? So in which order
    should the labels stand when you count?
    """
    X, Q = np.array([[0.0], [1], [2], [3], [90]]), np.array([[0.0]])
    for labels, k, winner in (
        ([2, 1, 0, 0, 0], 2, 1),  # the farther one is the smaller
        ([1, 2, 0, 0, 0], 2, 1),
        ([9, 9, 2, 2, 7], 4, 2),
        ([2, 2, 9, 9, 7], 4, 2),
        ([9, 2, 2, 9, 7], 4, 2),
        ([17, 8, 16, 9, 7], 4, 8),
        ([8, 5, 5, 8, 1], 4, 5),
    ):
        _predicts(knn_predict, X, np.array(labels), Q, [winner], k=k)
    y = np.array([1, 7, 7, 4, 4, 9])  # 1 is smaller, but has one vote
    X = np.array([[0.0], [1], [2], [3], [4], [90]])
    _predicts(knn_predict, X, y, X[:5:4], [4, 4], k=5)


def any_integer_labels(knn_predict: Function) -> None:
    """Negative, huge, with gaps, unsigned, bools: the dtype is kept.

    Do you index or allocate by the label itself? Which function of NumPy
    turns the labels -7, 3 and 10**18 into 0, 1 and 2?
    """
    X = np.array([[0.0], [1], [2], [8], [9], [10], [99]])
    Q = np.array([[9.0], [1], [0], [10]])
    for low, high, dtype in (
        (-1, 7, "int64"),
        (-7, -3, "int64"),
        (0, 10**15, "int64"),
        (-(10**18), 10**18, "int64"),
        (-(2**63), 2**63 - 1, "int64"),
        (2**63 - 2, 2**63 - 1, "int64"),
        (2**64 - 2, 2**64 - 1, "uint64"),
        (-7, 3, "int32"),
        (-128, 127, "int8"),
        (3, 255, "uint8"),
        (False, True, "bool"),
    ):
        for a, b in ((low, high), (high, low)):
            y = np.array([a, a, a, b, b, b, a], dtype=dtype)
            expected = [b, a, a, b]
            got = _predicts(knn_predict, X, y, Q, expected, k=3)
            given = spell(knn_predict, (X, y, Q), {"k": 3})
            holds(given, got.dtype == dtype, f"dtype {dtype}", got.dtype)
    labels = [-1, -1, -1, 7, 7, 7, -1]  # a list is fine, too
    _predicts(knn_predict, X, labels, Q, [7, -1, -1, 7], k=3)


def every_k_up_to_n(knn_predict: Function) -> None:
    """k may be 1 to n; else it is a ValueError, or a TypeError if no int.

    At which index does the k-th smallest of n numbers stand when they are
    sorted? Is there one for k = n? And what does a slice up to k = 0 give?
    """
    X, y = np.arange(5.0)[:, None], np.array([3, 3, 8, 8, 8])
    Q = np.array([[0.0]])
    for k, label in ((1, 3), (2, 3), (3, 3), (5, 8)):
        _predicts(knn_predict, X, y, Q, [label], k=k)
        _predicts(knn_predict, X, y, Q, [label], k=np.int64(k))
    _predicts(knn_predict, X[:1], y[:1], Q, [3], k=1)
    for wrong in (0, -1, -5, 6, 10**6):
        raises(knn_predict, X, y, Q, k=wrong, error=ValueError)
        raises(knn_predict, X, y, Q[:0], k=wrong, error=ValueError)
    raises(knn_predict, X[:0], y[:0], Q, k=1, error=ValueError)
    for no_integer in (1.0, 2.5, np.float64(5), "1", None):
        raises(knn_predict, X, y, Q, k=no_integer, error=TypeError)


def shift_changes_nothing(knn_predict: Function) -> None:
    """Adding 1e7 to every coordinate of both sets changes no neighbour.

    How large are the squares then, and how far apart are the floats there?
    What may you subtract from both sets before you square?
    """
    rng = np.random.default_rng(1)
    # multiples of 2**-20, so that the shifted numbers are exact
    X = np.round(2**20 * rng.standard_normal((200, 3))) / 2**20
    Q = np.round(2**20 * rng.standard_normal((60, 3))) / 2**20
    D = np.sort(((Q[:, None] - X) ** 2).sum(axis=2), axis=1)
    Q = Q[D[:, 1] - D[:, 0] > 1e-3]  # no near tie
    y = np.arange(200)  # the label is the nearest row
    expected = _labels(knn_predict, X, y, Q, k=1).tolist()
    for shift in (1e7, -1e7, np.array([0, 1e7, -1e7])):
        _predicts(knn_predict, X + shift, y, Q + shift, expected, k=1)


def any_real_dtype(knn_predict: Function) -> None:
    """Features of any real dtype are compared in float64.

    What is 0 - 16 in uint8, and what is its square? Which of your lines is
    the first to compute, and in which dtype does it?
    """
    X, Q = np.array([[1], [16]], np.uint8), np.array([[0]], np.uint8)
    _predicts(knn_predict, X, _ROWS[:2], Q, [0], k=1)
    for dtype in ("int8", "uint8", "int16", "uint16", "int64", "uint64"):
        low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
        X = np.array([[low], [low // 2 + high // 2], [high]], dtype)
        _predicts(knn_predict, X, _ROWS[:3], X[::-1], [2, 1, 0], k=1)
    X = np.array([[False, False], [True, True], [True, False]])
    _predicts(knn_predict, X, _ROWS[:3], X, [0, 1, 2], k=1)
    for dtype, scale in (("float16", 2e4), ("float32", 1e38)):
        # the squares overflow
        X = np.array([[3 * scale], [2 * scale], [scale]], dtype)
        _predicts(knn_predict, X, _ROWS[:3], X[::-1], [2, 1, 0], k=1)
    # float32 cannot tell 2**24 from 2**24 + 1: as features, as distances
    for dtype in ("int32", "uint32", "float64"):
        X = np.array([[2**24], [2**24 + 1]], dtype)
        _predicts(knn_predict, X, _ROWS[:2], X, [0, 1], k=1)
    X = np.array([[2**24 + 2], [1 - 2**24]], "float32")
    Q = np.array([[1]], "float32")
    _predicts(knn_predict, X, _ROWS[:2], Q, [1], k=1)
    _predicts(knn_predict, X[::-1], _ROWS[:2], Q, [0], k=1)
    X, Q = np.array([[0], [200]], np.uint8), np.array([[-5.5], [150.25]])
    _predicts(knn_predict, X, _ROWS[:2], Q, [0, 1], k=1)
    _predicts(knn_predict, Q, _ROWS[:2], X, [0, 1], k=1)
    _predicts(knn_predict, [[0, 0], [3, 4]], [0, 1], [[3, 3]], [1], k=1)


def no_queries_no_problem(knn_predict: Function) -> None:
    """Without queries there are no labels: m may be 0.

    Which shape has each of your arrays for m = 0? Which NumPy functions
    want at least one number, or one array?
    """
    X, y = np.array([[0.0, 1], [2, 3], [4, 4]]), np.array([4, 5, 5])
    for k in (1, 2):
        _predicts(knn_predict, X, y, np.empty((0, 2)), [], k=k)


def bad_input_is_an_error(knn_predict: Function) -> None:
    """ValueError if shapes do not fit, TypeError for a wrong kind of data.

    What would broadcasting make of queries with one feature, and a cast to
    float of "1" or of 1j? Ask ndim, shape and dtype.kind before you start.
    """
    X, y, Q = np.eye(3), np.array([4, 5, 6]), np.ones((2, 3))
    _labels(knn_predict, X, y, Q, k=1)
    _labels(knn_predict, np.eye(300), np.arange(300), np.eye(300), k=1)
    for bad in (X[0], X[None], X[:, :2], X[:, :1], np.float64(1)):
        raises(knn_predict, bad, y, Q, k=1, error=ValueError)
    for bad in (Q[0], Q[None], Q[:, :2], Q[:, :1], Q[:0, :1], []):
        raises(knn_predict, X, y, bad, k=1, error=ValueError)
    for left, right in (  # these would broadcast
        ((3, 3, 1), (3, 3)),
        ((3, 3), (2, 3, 3)),
        ((3, 0), (2, 1)),
    ):
        A, B = np.ones(left), np.ones(right)
        raises(knn_predict, A, y, B, k=1, error=ValueError)
    for bad in (y[:2], y[:1], [4, 5, 6, 7], y[:, None], y[None], 4):
        raises(knn_predict, X, bad, Q, k=1, error=ValueError)
    for dtype in ("str", "complex128", "object"):
        raises(knn_predict, X.astype(dtype), y, Q, k=1, error=TypeError)
        raises(knn_predict, X, y, Q.astype(dtype), k=1, error=TypeError)
    for dtype in ("float64", "str", "complex128", "object"):
        raises(knn_predict, X, y.astype(dtype), Q, k=1, error=TypeError)


def vectorised(knn_predict: Function) -> None:
    """No Python loop over samples; features and blocks may be looped over.

    Which expression handles one query? Give its arrays a first axis of
    length m. The votes of all queries can be counted in one call, too.
    """
    rng = np.random.default_rng(2)
    X, Q = rng.standard_normal((408, 3)), rng.standard_normal((408, 3))
    y = np.arange(408) % 3
    small = (X[:8], y[:8], Q[:8], 3)
    _labels(knn_predict, *small[:3], k=3)
    no_python_loop(knn_predict, small, (X, y, Q[:8], 3), extra=400)
    no_python_loop(knn_predict, small, (X[:8], y[:8], Q, 3), extra=400)


def input_unchanged(knn_predict: Function) -> None:
    """The caller's arrays hold afterwards what they held before.

    Which of your lines write into an array that you were given? When does
    np.asarray copy, and when not?
    """
    y = np.array([3, 1, 3])
    for dtype in ("float64", "float32", "int64"):
        X = np.array([[5, 1], [1, 7], [9, 2]], dtype)
        Q = np.array([[5, 2], [1, 4]], dtype)
        leaves_no_trace(knn_predict, X, y, Q, 1)
        _labels(knn_predict, X, y, Q, k=1)


_ROWS = np.arange(100)


def _labels(knn_predict: Function, X: Any, y: Any, Q: Any, **k: Any) -> Any:
    """Call, and expect one label for each query."""
    given = spell(knn_predict, (X, y, Q), k)
    labels = as_array(given, call(knn_predict, X, y, Q, **k))
    shape = (len(Q),)
    holds(given, labels.shape == shape, f"shape {shape}", labels.shape)
    return labels


def _predicts(
    knn_predict: Function,
    X: Any,
    y: Any,
    Q: Any,
    expected: list[int],
    **k: Any,
) -> Any:
    """Expect these labels, as exact integers: 2**63 - 1 is no float."""
    labels = _labels(knn_predict, X, y, Q, **k)
    given = spell(knn_predict, (X, y, Q), k)
    pairs = zip(labels.tolist(), expected, strict=True)
    for i, (label, right) in enumerate(pairs):
        where = f"query {i} of {given}" if len(expected) > 1 else given
        holds(where, label == right, f"label {right}", label)
    return labels


def _majority(X: Any, y: Any, query: Any, k: int) -> int:
    """Sort all rows by distance, let k vote; for votes without a tie."""
    order = sorted(range(len(X)), key=lambda i: math.dist(X[i], query))
    votes = y[order[:k]].tolist()
    return max(set(votes), key=votes.count)
