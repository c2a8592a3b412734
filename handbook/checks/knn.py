from typing import Any

import numpy as np

from handbook import checks
from handbook.checks import (
    Function,
    call,
    core,
    expect,
    expect_error,
    expect_no_loop,
    expect_result,
    production,
    real_array,
    spell,
)


def _larger(rng: np.random.Generator) -> tuple[Any, Any, Any, int]:
    """Return many rows and labels, and a query near each of the last."""
    X, y = rng.standard_normal((33_859, 7)), rng.integers(0, 10, 33_859)
    return X, y, X[-19:] + 0.1 * rng.standard_normal((19, 7)), 5


LARGER_INPUT = {"knn_predict": _larger}
_ROWS = np.arange(200)  # with k = 1 the label is the nearest row
_X, _Q = np.random.default_rng(2).standard_normal((2, 408, 3))
_FEW, _MANY = (_X[:8], np.arange(8) % 3), (_X, np.arange(408) % 3)


@core("knn_predict")
def majority_of_the_nearest(knn_predict: Function) -> None:
    """The label most common among the k nearest rows (Euclidean distance).

    Is k 5 by default? Compute one query's distances by hand: which terms
    of |q - x|^2 may you leave out, and how may you move the two sets?
    """
    X, Q = np.arange(9.0)[:, None], np.array([[0.0], [3.0]])
    y = np.array([0, 0, 1, 1, 1, 0, 0, 0, 0])
    expect_result(knn_predict, X, y, Q[:1], expected=[1])  # k = 5
    y = np.array([0, 0, 1, 3, 4, 2, 2, 2, 2])  # of five: mean 1.6, median 1
    expect_result(knn_predict, X, y, Q, 1, expected=[0, 3])
    expect_result(knn_predict, X, y, Q[:1], 5, expected=[0])
    # neither the sum of the differences decides, nor the largest of them
    for row, nearest in (([3.0, 3.0], 0), ([4.0, 4.0], 1)):
        X = np.array([row, [0.0, 5.0], [9, 9], [9, 9]])
        _finds(knn_predict, X, np.zeros((1, 2)), [nearest])

    rng = np.random.default_rng(0)
    X, Q = rng.standard_normal((31, 3)), rng.standard_normal((45, 3))
    y = rng.integers(0, 2, 31)
    near = np.linalg.norm(Q[:, None] - X, axis=2).argsort(axis=1)
    for k in (1, 3, 5, 9, 15):  # odd, of two labels: no tie
        expected = np.median(y[near[:, :k]], axis=1).astype(int).tolist()
        expect_result(knn_predict, X, y, Q, k, expected=expected)

    order = rng.permutation(201)  # the k-th nearest has the casting vote
    X, Q = order[:, None] / 2, np.array([[-1.0]])
    for k in range(1, 199, 6):
        y = np.zeros(201, dtype=int)
        y[: k // 2] = y[k - 1] = 1
        expect_result(knn_predict, X, y[order], Q, k, expected=[1])


@core("knn_predict")
def near_duplicates_are_found(knn_predict: Function) -> None:
    """A row that is the query but for rounding beats all rows far from it.

    Rounding may leave any sign to a squared distance of 1e-17. What is
    its root then, and where does that stand among the sorted distances?
    """
    # whichever terms of the square are added first, they sum to -7e-15
    X, Q = np.array([[-7.0], [0.0], [7.0]]), np.array([[7.000000007]])
    _finds(knn_predict, X, Q, [2])
    # one column: no kernel of BLAS has a say in the rounding of a product
    rng = np.random.default_rng(1)
    for columns in (1, 16):
        X = rng.standard_normal((60, columns))
        X[:, 0] = rng.permutation(np.linspace(-6, 6, 60))  # 0.2 apart
        Q = X + rng.integers(-4, 5, X.shape) * np.spacing(X)
        _finds(knn_predict, X, Q, [*range(60)])


@core("knn_predict")
def ties_to_the_smallest(knn_predict: Function) -> None:
    """Of labels with equally many votes the smallest wins.

    Two labels have equally many votes: which line decides then, and does
    it know the labels? Which of equal maxima does argmax return?
    """
    # far away there is a row of every label
    X = np.array([[i + 90.0 * (i > 4)] for i in range(23)])
    for labels, k, winner in (
        ([2, 1, 0, 0], 2, 1),  # the farther one is the smaller
        ([1, 2, 0, 0], 2, 1),
        ([2, 2, 1, 1], 4, 1),
        ([1, 2, 2, 1], 4, 1),
        ([9, 2, 2, 9], 4, 2),
        ([8, 5, 5, 8], 4, 5),  # a set may begin with 8
        ([17, 8, 16, 9], 4, 8),
        ([0, 2, 2, 1, 1], 5, 1),  # 0 is smaller, has one vote
        ([1, 1, 2, 2, 0], 5, 1),
    ):
        y = np.array([*labels, *range(max(labels) + 1)])
        args = X[: len(y)], y, X[:1], k
        expect_result(knn_predict, *args, expected=[winner])


@core("knn_predict")
def no_loop_over_rows(knn_predict: Function) -> None:
    """No Python loop over training rows or pairs; one over queries is fine.

    How do you get one query's distances to all rows at once? Which
    function of NumPy finds the k smallest?
    """
    small, large = (*_FEW, _Q[:8], 3), (*_MANY, _Q[:8], 3)
    expect_no_loop(knn_predict, small, large, extra=400)


_A, _B = np.array([[5.0, 1], [1, 7], [9, 2]]), np.array([[5.0, 2], [1, 4]])
input_unchanged = checks.input_unchanged(
    {"knn_predict": [(_A, np.array([1, 0, 1]), _B, 1)]}
)


@production("knn_predict")
def vectorised(knn_predict: Function) -> None:
    """No Python loop over the queries either; one over blocks is fine.

    Which expression handles one query? Give its arrays a first axis of
    length m. How do you count the votes of all queries in one call?
    """
    small, large = (*_FEW, _Q[:8], 3), (*_FEW, _Q, 3)
    expect_no_loop(knn_predict, small, large, extra=400)


@production("knn_predict")
def every_k_up_to_n(knn_predict: Function) -> None:
    """With k = n all rows vote.

    At which index does the k-th smallest of n numbers stand when they are
    sorted? Is there one for k = n?
    """
    X, y = np.arange(5.0)[:, None], np.array([3, 3, 8, 8, 8])
    for k, label in ((5, 8), (np.int64(5), 8), (1, 3), (2, 3), (3, 3)):
        expect_result(knn_predict, X, y, X[:1], k, expected=[label])
    expect_result(knn_predict, X[:1], y[:1], X[:1], 1, expected=[3])


@production("knn_predict")
def k_is_checked(knn_predict: Function) -> None:
    """k below 1 or above n is a ValueError, k = 2.5 a TypeError.

    What does the slice up to k give for k = 0, for k = -1 and for k > n?
    """
    X, y = np.arange(5.0)[:, None], np.array([3, 3, 8, 8, 8])
    for wrong in (0, 6, -1, -5, 10**6):
        for m in (1, 0):
            expect_error(knn_predict, X, y, X[:m], wrong, error=ValueError)
    expect_error(knn_predict, X[:0], y[:0], X[:1], 1, error=ValueError)
    for no_integer in (2.5, 1.0, np.float64(5), "1", None):
        expect_error(knn_predict, X, y, X[:1], no_integer, error=TypeError)


@production("knn_predict")
def shift_changes_nothing(knn_predict: Function) -> None:
    """Adding 1e7 to every coordinate of both sets changes no neighbour.

    How large are the squares then, and how far apart are the floats there?
    What may you subtract from both sets before you square?
    """
    X = 1e7 + np.array([[0.0], [0.1], [0.2]])
    _finds(knn_predict, X, X[1:], [1, 2])
    # multiples of 2**-20, so that the shifted numbers are exact
    Z = np.random.default_rng(1).standard_normal((260, 3))
    X, Q = np.split(np.round(2**20 * Z) / 2**20, [200])
    D = ((Q[:, None] - X) ** 2).sum(axis=2)
    clear = np.diff(np.sort(D, axis=1))[:, 0] > 1e-3  # no near tie
    Q, expected = Q[clear], D[clear].argmin(axis=1).tolist()
    for shift in (1e7, -1e7, np.array([0, 1e7, -1e7])):
        _finds(knn_predict, X + shift, Q + shift, expected)


@production("knn_predict")
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
        (-(2**63), 2**63 - 1, "int64"),
        (2**63 - 2, 2**63 - 1, "int64"),
        (2**64 - 2, 2**64 - 1, "uint64"),
        (-128, 127, "int8"),
        (3, 255, "uint8"),
        (False, True, "bool"),
    ):
        for a, b in ((low, high), (high, low)):
            y = np.array([a, a, a, b, b, b, a], dtype=dtype)
            args, expected = (X, y, Q, 3), [b, a, a, b]
            given = spell(knn_predict, args, {})
            got = real_array(given, call(knn_predict, *args))
            # as exact integers: 2**63 - 1 is no float
            same = got.tolist() == expected
            expect(given, same, f"labels {expected}", got)
            expect(given, got.dtype == dtype, f"dtype {dtype}", got.dtype)
    labels = [-1, -1, -1, 7, 7, 7, -1]  # a list is fine, too
    expect_result(knn_predict, X, labels, Q, 3, expected=[7, -1, -1, 7])


@production("knn_predict")
def any_real_dtype(knn_predict: Function) -> None:
    """Features of any real dtype are compared in float64.

    What is 0 - 16 in uint8, and what is its square? Which of your lines is
    the first to compute, and in which dtype does it?
    """
    X, Q = np.array([[1], [16]], np.uint8), np.array([[0]], np.uint8)
    _finds(knn_predict, X, Q, [0])
    for dtype in ("int8", "uint8", "int16", "uint16", "int64", "uint64"):
        low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
        X = np.array([[low], [low // 2 + high // 2], [high]], dtype)
        _finds(knn_predict, X, X[::-1], [2, 1, 0])
    X = np.array([[False, False], [True, True], [True, False]])
    _finds(knn_predict, X, X, [0, 1, 2])
    for dtype, scale in (("float16", 2e4), ("float32", 1e38)):
        X = np.array([[3 * scale], [2 * scale], [scale]], dtype)
        _finds(knn_predict, X, X[::-1], [2, 1, 0])  # the squares overflow
    # float32 cannot tell 2**24 from 2**24 + 1: as features, as distances
    for dtype in ("int32", "uint32", "float64"):
        X = np.array([[2**24], [2**24 + 1]], dtype)
        _finds(knn_predict, X, X, [0, 1])
    X = np.array([[2**24 + 2], [1 - 2**24]], "float32")
    Q = np.array([[1]], "float32")
    _finds(knn_predict, X, Q, [1])
    _finds(knn_predict, X[::-1], Q, [0])
    # nor can it tell neighbours 1e-6 apart
    rng = np.random.default_rng(3)
    near = rng.standard_normal(8) + 1e-6 * rng.standard_normal((100, 8))
    rows = np.concatenate([near, -near])
    _finds(knn_predict, rows, rows[::9], [*range(0, 200, 9)])
    far = np.array([[(-1) ** i * 1e5, i] for i in range(200)])  # 1e10 + i²
    queries = [[1e5, 0], [-1e5, 0], [0, 0]]
    _finds(knn_predict, far[::-1], queries, [199, 198, 199])
    X, Q = np.array([[0], [200]], np.uint8), np.array([[-5.5], [150.25]])
    _finds(knn_predict, X, Q, [0, 1])
    _finds(knn_predict, Q, X, [0, 1])
    _finds(knn_predict, [[0, 0], [3, 4]], [[3, 3]], [1])


@production("knn_predict")
def no_queries_no_problem(knn_predict: Function) -> None:
    """Without queries there are no labels: m may be 0.

    Which shape has each of your arrays for m = 0? Which NumPy functions
    want at least one number, or one array?
    """
    X, y = np.array([[0.0, 1], [2, 3], [4, 4]]), np.array([4, 5, 5])
    for k in (1, 2):
        expect_result(knn_predict, X, y, np.empty((0, 2)), k, expected=[])


@production("knn_predict")
def no_missing_values(knn_predict: Function) -> None:
    """NaN or infinity among the features is a ValueError.

    A sensor was off, and a feature is NaN. Which label does such a query
    get, and which distances are NaN if it is one of the rows?
    """
    X, y = np.array([[0.0, 1], [2, 3], [4, 4]]), np.array([4, 5, 5])
    for value in (np.nan, np.inf, -np.inf):
        bad = np.array([[0, 1], [value, 3], [4, 4]])
        expect_error(knn_predict, X, y, bad, 1, error=ValueError)
        expect_error(knn_predict, bad, y, X, 1, error=ValueError)


@production("knn_predict")
def bad_input_is_an_error(knn_predict: Function) -> None:
    """ValueError if shapes do not fit, TypeError for a wrong kind of data.

    What would broadcasting make of queries with one feature, and a cast to
    float of "1" or of 1j? Ask ndim, shape and dtype.kind before you start.
    """
    X, y, Z = np.eye(3), np.array([4, 5, 6]), np.ones((2, 3, 3))
    Q = Z[0, :2]
    for bad in (X[0], X[None], X[:, :2], X[:, :1], np.float64(1)):
        expect_error(knn_predict, bad, y, Q, 1, error=ValueError)
    for bad in (Q[0], Q[None], Q[:, :2], Q[:, :1], Q[:0, :1], []):
        expect_error(knn_predict, X, y, bad, 1, error=ValueError)
    # these would broadcast
    for A, B in ((X[..., None], X), (X, Z), (X[:, :0], Q[:, :1])):
        expect_error(knn_predict, A, y, B, 1, error=ValueError)
    for bad in (y[:2], y[:1], [4, 5, 6, 7], y[:, None], y[None], 4):
        expect_error(knn_predict, X, bad, Q, 1, error=ValueError)
    for dtype in ("str", "complex128", "object"):
        expect_error(knn_predict, X.astype(dtype), y, Q, 1, error=TypeError)
        expect_error(knn_predict, X, y, Q.astype(dtype), 1, error=TypeError)
    for dtype in ("float64", "str", "complex128", "object"):
        expect_error(knn_predict, X, y.astype(dtype), Q, 1, error=TypeError)


def _finds(
    knn_predict: Function, X: Any, Q: Any, expected: list[int]
) -> None:
    """Expect these rows to be the nearest."""
    expect_result(knn_predict, X, _ROWS[: len(X)], Q, 1, expected=expected)
