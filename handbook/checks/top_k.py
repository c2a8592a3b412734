import builtins
import contextlib
import functools
import sys
from collections.abc import Iterable
from typing import Any

import numpy as np

from handbook.checks import (
    Broken,
    Function,
    alike,
    as_array,
    call,
    holds,
    leaves_no_trace,
    no_python_loop,
    raises,
    same,
    spell,
)

TITLE, DIFFICULTY = "Top-k per row", "medium"
LARGER_INPUT = {
    "topk_per_row": lambda rng: (rng.standard_normal((500, 2000)), 5)
}


def _columns(function: Function, X: Any, k: Any) -> Any:
    """Return the answer: n rows of k columns of X, in any integral type."""
    given = spell(function, (X, k), {})
    T = as_array(given, call(function, X, k))
    n, d = np.shape(X)
    holds(given, T.shape == (n, k), f"shape {(n, int(k))}", T)
    expected = f"columns from 0 to {d - 1}"
    holds(given, np.isin(T, np.arange(d)).all(), expected, T)
    return T.real.astype(np.intp)


def _names(function: Function, X: Any, k: Any, expected: Any) -> None:
    """Expect these columns, in any order within a row."""
    given = f"the columns, in any order, of {spell(function, (X, k), {})}"
    T = _columns(function, X, k)
    alike(given, np.sort(T, axis=1), np.sort(expected, axis=1))


def _ranking(X: Any) -> Any:
    """Sort each row in Python: its columns, the largest value first."""
    return np.array(
        [
            sorted(range(len(row)), key=row.__getitem__, reverse=True)
            for row in X.tolist()
        ]
    )


def _distinct(n: int, d: int) -> Any:
    """Return scores of both signs, no two of a row equal."""
    rng = np.random.default_rng(n * d)
    rows = np.tile(np.arange(d) - d // 3, (n, 1))
    return rng.permuted(rows, axis=1).astype(float)


def largest_first(topk_per_row: Function) -> None:
    """A row of the answer leads to its k largest values, largest first.

    Does the function you select with promise an order among the selected?
    What stands in the first column of your answer, and what in the last?
    """
    X = np.array([[3, 9, 1, 7], [5, 2, 8, 0]])
    same(topk_per_row, X, 2, expected=[[1, 3], [2, 0]])
    same(topk_per_row, X, 4, expected=[[1, 3, 0, 2], [2, 0, 1, 3]])
    infinite = np.array([[0.0, -np.inf, 1e308, np.inf, -1e308]])
    same(topk_per_row, infinite, 5, expected=[[3, 2, 0, 4, 1]])
    for n, d in ((1, 1), (3, 8), (5, 3), (20, 60), (3, 300)):
        X = _distinct(n, d)
        for k in {1, (d + 1) // 2, d}:
            same(topk_per_row, X, k, expected=_ranking(X)[:, :k])
    for n, d in ((3, 8), (3, 300)):
        ties = np.random.default_rng(d).integers(-1, 2, (n, d))
        for k in (1, d // 2, d - 1):
            T = _columns(topk_per_row, ties, k)
            found = np.take_along_axis(ties, T, axis=1)
            given = f"values in {spell(topk_per_row, (ties, k), {})}"
            best = np.take_along_axis(ties, _ranking(ties)[:, :k], axis=1)
            alike(given, found, best)


def columns_not_values(topk_per_row: Function) -> None:
    """The answer holds column indices of X, dtype intp, shape (n, k).

    After a selection there are two numberings: places among the selected
    and columns of X. Which of them does your last line return?
    """
    X = np.array([[10, 20, 30, 80, 40, 90], [70, 10, 20, 60, 30, 40]])
    _names(topk_per_row, X, 1, [[5], [0]])
    _names(topk_per_row, X, 2, [[3, 5], [0, 3]])
    _names(topk_per_row, X, 3, [[3, 4, 5], [0, 3, 5]])
    for dtype in ("float64", "uint8"):
        scores = X.astype(dtype)
        T = np.asarray(call(topk_per_row, scores, 3))
        given = spell(topk_per_row, (scores, 3), {})
        holds(given, T.dtype == np.intp, "dtype intp", T.dtype)


def k_different_columns(topk_per_row: Function) -> None:
    """However many values are equal, a row names k different columns.

    How many values reach the k-th largest of [9, 5, 5, 1] if k is 2? And
    what if all of a row are equal, to 0 or to -inf?
    """
    rng = np.random.default_rng(2)
    for X in (
        np.array([[9, 5, 5, 1]]),
        np.array([[0.0, -0.0, -1, -0.0, 0]]),
        np.array([[5, -np.inf, -np.inf, -np.inf]]),
        np.array([[1, 0, 1, 1], [0, 0, 0, 0]], dtype="uint8"),
        np.full((2, 300), 7.0),
        rng.integers(0, 3, (3, 300)),
    ):
        d = X.shape[1]
        for k in {1, 2, 3, d // 2, d - 1}:
            T = _columns(topk_per_row, X, k)
            different = all(len(set(row)) == k for row in T.tolist())
            given = spell(topk_per_row, (X, k), {})
            holds(given, different, f"{k} different columns in a row", T)


def one_answer_per_row(topk_per_row: Function) -> None:
    """A row's answer does not depend on the other rows.

    Along which axis do you select, sort and look up? One row may hold
    larger scores than all the others.
    """
    scale = np.array([[1.0], [-1], [1e300], [1e-300]])
    X = (_distinct(4, 6) + 0.5) * scale
    for k in (1, 2, 4):
        T = _columns(topk_per_row, X, k)
        for i in range(len(X)):
            alone = _columns(topk_per_row, X[i : i + 1], k)
            given = f"row {i} of {spell(topk_per_row, (X, k), {})}"
            alike(given, T[i], alone[0])


def nan_is_largest(topk_per_row: Function) -> None:
    """NaN counts as larger than every number, infinity included.

    Where do NumPy's sorts put NaN, and where do comparisons and a minus
    sign put it?
    """
    nan, inf = np.nan, np.inf
    for dtype in ("float64", "float32", "float16"):
        X = np.array([[nan, 1, 2, inf], [-inf, -1, nan, 0]], dtype=dtype)
        same(topk_per_row, X, 1, expected=[[0], [2]])
        _names(topk_per_row, X, 2, [[0, 3], [2, 3]])
        _names(topk_per_row, X, 3, [[0, 2, 3], [1, 2, 3]])
        X = np.array([[1, nan, 2, nan, nan, 3]], dtype=dtype)
        _names(topk_per_row, X, 3, [[1, 3, 4]])
        _names(topk_per_row, X, 4, [[1, 3, 4, 5]])
        T = _columns(topk_per_row, X, 2)
        given = spell(topk_per_row, (X, 2), {})
        holds(given, np.isin(T, [1, 3, 4]).all(), "columns of NaN", T)
        X = np.array([[nan, 7, nan]], dtype=dtype)
        T = _columns(topk_per_row, X, 3)
        given = spell(topk_per_row, (X, 3), {})
        holds(given, T[0, 2] == 1, "column 1, of the 7, as the last", T)
    wide = _distinct(2, 300)
    wide[[0, 1], [250, 3]] = nan
    same(topk_per_row, wide, 1, expected=[[250], [3]])


def any_real_dtype(topk_per_row: Function) -> None:
    """Scores of every real dtype are compared as they are.

    What is the negative of 0 in uint8, and of -128 in int8? Is 2**53 + 1 a
    float64? If you need no arithmetic, you need no other dtype.
    """
    _names(topk_per_row, [[3, 9, 1, 7], [5, 2, 8, 0]], 2, [[1, 3], [0, 2]])
    _names(topk_per_row, np.array([[False, True]]), 1, [[1]])
    ranking = np.array([[1, 3, 2, 0], [2, 3, 0, 1]])
    for dtype in np.typecodes["AllInteger"]:  # of one letter each
        low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
        X = np.array(
            [
                [low, high, low + 1, high - 1],
                [low + 2, low, high, high - 1],
            ],
            dtype=dtype,
        )
        for k in (1, 2, 3):
            _names(topk_per_row, X, k, ranking[:, :k])
    for dtype in ("int64", "uint64"):
        X = np.array([[2**53, 2**53 + 1], [2**62 + 1, 2**62]], dtype=dtype)
        _names(topk_per_row, X, 1, [[1], [0]])
    for dtype in ("float16", "float32", "float64", "longdouble", ">f8"):
        one = np.ones((), dtype)
        X = np.array([[one, np.nextafter(one, 2 * one), -6e4, 6e4]], dtype)
        for k in (1, 2, 3):
            _names(topk_per_row, X, k, [[3, 1, 0][:k]])


def k_from_1_to_d(topk_per_row: Function) -> None:
    """Every k from 1 to d works; any other raises an error.

    Try both ends, k = 1 and k = d, and one step beyond each. What does a
    slice [:, -k:] return if k is 0?
    """
    X = _distinct(3, 5)
    for k in (1, 2, 3, 4, 5):
        _names(topk_per_row, X, k, _ranking(X)[:, :k])
    _names(topk_per_row, np.array([[7.0]]), 1, [[0]])
    wide = _distinct(2, 300)
    for kind in (np.int8, np.uint8, np.int64):
        _names(topk_per_row, wide, kind(5), _ranking(wide)[:, :5])
    for k in (0, -1, -5, 6, 600):
        raises(topk_per_row, X, k, error=ValueError)
    for k in (0, 4):
        raises(topk_per_row, np.empty((0, 3)), k, error=ValueError)
    raises(topk_per_row, np.empty((3, 0)), 1, error=ValueError)
    for other in (2.0, np.float64(2), "2", None):
        raises(topk_per_row, X, other, error=TypeError)


def no_rows_no_problem(topk_per_row: Function) -> None:
    """n may be 0; what is not (n, d) of real numbers raises an error.

    Which of your calls need a first row? And what do you do with scores
    that NumPy can sort although they are no real numbers?
    """
    for k in (1, 3, 5):
        same(topk_per_row, np.empty((0, 5)), k, expected=np.empty((0, k)))
    for shape in ((), (3,), (2, 2, 2), (0,)):
        raises(topk_per_row, np.ones(shape), 1, error=ValueError)
    raises(topk_per_row, np.array([["a", "b"]]), 1, error=TypeError)
    raises(topk_per_row, np.array([[1j, 2]]), 1, error=TypeError)
    raises(topk_per_row, np.array([[2, 1]], object), 1, error=TypeError)


def wide_rows_are_not_sorted(topk_per_row: Function) -> None:
    """Of a row of hundreds of columns only the k survivors are sorted.

    A sort puts all d values in order, and you were asked for k. Which
    function puts a single value where a sort would put it?
    """
    k = 5
    for n, d in ((3, 300), (2, 5000)):
        X = _distinct(n, d)
        for name, size in _sorts(topk_per_row, X, k):
            if size > n * k:
                raise Broken(
                    spell(topk_per_row, (X, k), {}),
                    f"no more than n * k = {n * k} numbers sorted",
                    f"{name} on {size}",
                )


def _sorts(function: Function, X: Any, k: int) -> list[tuple[str, int]]:
    """Return what a call sorts with, and how many numbers."""
    found: list[tuple[str, int]] = []
    events: list[Any] = []
    builtin, profile = builtins.sorted, sys.getprofile()

    def counted(values: Iterable[Any], /, **kwargs: Any) -> list[Any]:
        items = list(values)
        found.append(("sorted", len(items)))
        return builtin(items, **kwargs)

    vars(builtins)["sorted"] = counted
    sys.setprofile(lambda *event: events.append(event))
    try:
        call(function, X, k)
    finally:
        sys.setprofile(profile)
        vars(builtins)["sorted"] = builtin
    for frame, event, called in events:
        name, variables = frame.f_code.co_name, frame.f_locals
        numpy = frame.f_globals.get("__name__", "").startswith("numpy")
        owner = getattr(called, "__self__", None)  # of a method
        if event == "c_call" and isinstance(owner, np.ndarray | list):
            if called.__name__ in ("sort", "argsort"):
                size = len(owner) if isinstance(owner, list) else owner.size
                found.append((called.__name__, size))
        elif event == "call" and numpy and name == "lexsort":
            found.append((name, np.size(variables["keys"][-1])))
        elif event == "call" and numpy and name.endswith("partition"):
            # as many places as columns are a sort by another name
            found.append((name, len(X) * np.size(variables.get("kth", 0))))
    return found


def vectorised(topk_per_row: Function) -> None:
    """No Python loop over rows or elements.

    Which NumPy functions take the whole matrix and an axis? A loop over
    the k places is allowed, but you can do without.
    """
    small = _distinct(4, 8)
    for large in (_distinct(404, 8), _distinct(4, 408)):
        no_python_loop(topk_per_row, (small, 3), (large, 3), extra=400)


def input_unchanged(topk_per_row: Function) -> None:
    """The caller's array holds afterwards what it held before.

    Which of your lines write, and is it your own copy that they write
    into? np.asarray copies nothing that is an array already.
    """
    X = np.array([[3, 9, 1, 7], [5, 2, 8, 0]])
    for dtype in ("float64", "float32", "int64", "uint8"):
        leaves_no_trace(topk_per_row, X.astype(dtype), 2)
    leaves_no_trace(topk_per_row, X.tolist(), 2)

    @functools.wraps(topk_per_row)
    def attempt(X: Any, k: int) -> Any:
        with contextlib.suppress(Exception):  # not what is asked here
            return topk_per_row(X, k)

    leaves_no_trace(attempt, np.array([[3, np.nan, 1], [2, 5, np.nan]]), 2)
