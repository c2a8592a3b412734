import sys
from collections.abc import Iterator
from typing import Any

import numpy as np

from handbook import checks
from handbook.checks import (
    Broken,
    Function,
    call,
    core,
    expect,
    expect_close,
    expect_error,
    expect_input_unchanged,
    expect_result,
    production,
    real_array,
    spell,
    unseen,
)

LARGER_INPUT = {  # neighbours in order are 1/8 apart: no near-ties
    "topk_per_row": lambda rng: (
        rng.permuted(np.tile(np.arange(301) / 8 - 20, (1003, 1)), axis=1),
        3,
    )
}
# where indices have 32 bits, the one is intp and the other may be elsewhere
ALIKE = {"int32", "int64"} if np.intp(0).itemsize == 4 else set()
CLASSIC = np.array([[3.0, 9, 1, 7], [5, 2, 8, 0]])


def _answer(function: Function, X: Any, k: int) -> Any:
    """Return the columns named, k of X in each of its n rows."""
    given = spell(function, (X, k), {})
    T = real_array(given, call(function, X, k))
    n, d = X.shape
    expect(given, T.shape == (n, k), f"shape {(n, k)}", T)
    columns = f"columns from 0 to {d - 1}"
    expect(given, np.isin(T, np.arange(d)).all(), columns, T)
    return T.astype(np.intp)


def _ranking(X: Any) -> Any:
    """Sort each row in Python: its columns, the largest value first."""
    rows = [
        sorted(range(len(row)), key=lambda j: (row[j] != row[j], row[j]))
        for row in X.tolist()
    ]
    return np.array(rows)[:, ::-1]  # a NaN, unequal to itself, is first


def _distinct(n: int, d: int) -> Any:
    """Return scores of both signs, no two of a row equal."""
    rng = np.random.default_rng(n * d)
    rows = np.tile(np.arange(d) - d // 3, (n, 1))
    return rng.permuted(rows, axis=1).astype(float)


def _expect_top(function: Function, X: Any, *ks: int) -> None:
    """Expect k different columns of the largest values, largest first."""
    for k in ks:
        given, T = spell(function, (X, k), {}), _answer(function, X, k)
        different = all(len(set(row)) == k for row in T.tolist())
        expect(given, different, f"{k} different columns in a row", T)
        found = np.take_along_axis(X, T, axis=1)
        best = np.take_along_axis(X, _ranking(X)[:, :k], axis=1)
        expect_close(f"the values that {given} leads to", found, best)


@core("topk_per_row")
def columns_not_values(function: Function) -> None:
    """The answer holds column numbers of X, not values or positions.

    After a selection there are two numberings: positions among the
    selected and columns of X. Which of them does your last line return?
    """
    X = np.array([[60.0, 50, 90, 80], [30, 10, 20, 40]])
    given = spell(function, (X, 2), {})
    T = real_array(given, call(function, X, 2))
    columns = T.dtype != bool and np.isin(T, np.arange(4)).all()
    expect(given, columns, "columns from 0 to 3", T)
    positions = T.shape == (2, 2) and (np.sort(T, axis=1) == [0, 1]).all()
    expected = "columns of X: in row 0 they are 2 and 3"
    expect(given, not positions, expected, T)


@core("topk_per_row")
def one_answer_per_row(function: Function) -> None:
    """Each row has its own k columns, whatever the other rows hold.

    Along which axis do you select, sort and look up? An array of indices
    belongs to an array row by row: does your indexing pair them so?
    """
    classic = np.array([[3.0, 9, 1, 7], [50, 20, 80, 10]])
    scaled = _distinct(4, 6) * [[1], [-1], [100], [0.5]]
    for X, k in ((classic, 2), (scaled, 2), (scaled, 4)):
        rows = [_answer(function, row[None], k) for row in X]  # alone
        expect_result(function, X, k, expected=np.concatenate(rows))


@core("topk_per_row")
def largest_first(function: Function) -> None:
    """A row leads to its k largest values, from the largest down.

    Does the function you select with promise an order among the selected?
    What stands in the first column of your answer, and what in the last?
    """
    expect_result(function, CLASSIC, 2, expected=[[1, 3], [2, 0]])
    expect_result(function, CLASSIC, 3, expected=[[1, 3, 0], [2, 0, 1]])
    # on some processors a selection from 256 columns or fewer is a sort
    for n, d in ((3, 8), (20, 60), (9, 4), (3, 300), (2, 1003)):
        _expect_top(function, _distinct(n, d), 2, (3 * d) // 5, d - 1)


@core("topk_per_row")
def k_different_columns(function: Function) -> None:
    """However many values are equal, a row names k different columns.

    How many values reach the second largest of [9, 5, 5, 1]? And what does
    your code name if all of a row are equal?
    """
    _expect_top(function, np.array([[9.0, 5, 5, 1]]), 2)
    rng = np.random.default_rng(2)
    for X in (
        np.full((1, 5), 7.0),
        np.array([[0.0, -0.0, -1, -0.0, 0]]),
        np.full((2, 300), 7.0),
        rng.integers(0, 3, (3, 300)).astype(float),
    ):
        d = X.shape[1]
        _expect_top(function, X, 2, 3, d // 2, d - 1)


@core("topk_per_row")
def k_from_1_to_d(function: Function) -> None:
    """Every k from 1 to d works, both ends included.

    Try both ends, k = 1 and k = d. Positions count from 0: which is the
    last, and where does the first of the k largest stand?
    """
    _expect_top(function, CLASSIC, 4, 3, 2, 1)
    _expect_top(function, np.array([[7.0]]), 1)
    _expect_top(function, _distinct(2, 300), 1, 299, 300)


vectorised = checks.vectorised(
    "No Python loop over rows or elements.",
    "Which NumPy functions take the whole matrix and an axis? A loop over "
    "the k places is allowed, but you can do without.",
    {
        "topk_per_row": [
            ((_distinct(4, 8), 3), (_distinct(*shape), 3))
            for shape in ((404, 8), (4, 408))
        ]
    },
)


input_unchanged = checks.input_unchanged({"topk_per_row": [(CLASSIC, 2)]})


@production("topk_per_row")
def wide_rows_are_not_sorted(function: Function) -> None:
    """Of a row of hundreds of columns only the k survivors are sorted.

    A sort puts all d values in order, and you were asked for k. Which
    function puts a single value where a sort would put it?
    """
    k = 5
    for n, d in ((3, 300), (2, 5000)):
        X = _distinct(n, d)
        for name, size in _sorts(function, X, k):
            if size > n * k:
                given = spell(function, (X, k), {})
                expected = f"no more than n * k = {n * k} numbers sorted"
                raise Broken(given, expected, f"{name} on {size}")


def _sorts(function: Function, X: Any, k: int) -> Iterator[tuple[str, int]]:
    """Yield what a call sorts with, and how many numbers."""
    events: list[Any] = []
    before = sys.getprofile()
    sys.setprofile(lambda *event: events.append(event))
    try:
        call(function, X, k)
    finally:
        sys.setprofile(before)
    for frame, event, called in events:
        name, variables = frame.f_code.co_name, frame.f_locals
        numpy = frame.f_globals.get("__name__", "").startswith("numpy")
        owner = getattr(called, "__self__", None)  # of a method
        if event == "c_call" and isinstance(owner, np.ndarray):
            if called.__name__ in ("sort", "argsort"):
                yield called.__name__, owner.size
        elif event == "call" and numpy and name == "lexsort":
            yield name, np.size(variables["keys"][-1])
        elif event == "call" and numpy and name.endswith("partition"):
            # as many places as columns are a sort by another name
            yield name, len(X) * np.size(variables.get("kth", 0))


@production("topk_per_row")
def infinities_are_scores(function: Function) -> None:
    """Scores of -inf, inf and 1e308 rank like any others.

    A masked candidate scores -inf. What does your answer name in a row
    that holds fewer than k others?
    """
    inf = np.inf
    for X in (np.array([[5, -inf, -inf, -inf]]), np.full((2, 4), -inf)):
        _expect_top(function, X, 2, 3, 4)
    X = np.array([[0.0, -inf, 1e308, inf, -1e308]])
    expect_result(function, X, 5, expected=[[3, 2, 0, 4, 1]])
    X = (_distinct(4, 6) + 0.5) * [[1], [-1], [1e300], [1e-300]]
    _expect_top(function, X, 4)


@production("topk_per_row")
def nan_is_largest(function: Function) -> None:
    """NaN counts as larger than every number, infinity included.

    Where do NumPy's sorts put NaN, and where do comparisons and a minus
    sign put it?
    """
    nan, inf = np.nan, np.inf
    for dtype in ("float64", "float32", "float16"):
        X = np.array([[nan, 1, 2, inf], [-inf, -1, nan, 0]], dtype=dtype)
        _expect_top(function, X, 1, 2, 3, 4)
        expect_input_unchanged(function, X, 2)
        X = np.array([[1, nan, 2, nan, nan, 3]], dtype=dtype)
        _expect_top(function, X, 2, 3, 4)
    wide = _distinct(2, 300)
    wide[[0, 1], [250, 3]] = nan
    expect_result(function, wide, 1, expected=[[250], [3]])


@production("topk_per_row")
def any_real_dtype(function: Function) -> None:
    """Scores of every real dtype, and lists, are ranked as they are.

    What is the negative of 0 in uint8, and of -128 in int8? Is 2**53 + 1 a
    float64? If you need no arithmetic, you need no other dtype.
    """
    odd = [[2**53, 2**53 + 1], [2**62 + 1, 2**62]]
    for X, expected in (
        (np.array([[0, 7, 200]], dtype="uint8"), [[2, 1, 0]]),
        (np.array([[False, True]]), [[1]]),
        (np.array(odd, dtype="int64"), [[1], [0]]),
        (np.array(odd, dtype="uint64"), [[1], [0]]),
        ([[3, 9, 1, 7], [5, 2, 8, 0]], [[1, 3], [2, 0]]),
    ):
        expect_result(function, X, len(expected[0]), expected=expected)
    for dtype in np.typecodes["AllInteger"]:  # of one letter each
        a, z = np.iinfo(dtype).min, np.iinfo(dtype).max
        X = np.array([[a, z, a + 1, z - 1], [a + 2, a, z, z - 1]], dtype)
        for k in (1, 2, 3, 4):
            ranking = np.array([[1, 3, 2, 0], [2, 3, 0, 1]])[:, :k]
            expect_result(function, X, k, expected=ranking)
        X = np.array([[1, 0, 1, 1], [0, 0, 0, 0]], dtype=dtype)
        _expect_top(function, X, 2)
    for dtype in ("float16", "float32", "float64", "longdouble", ">f8"):
        one = np.ones((), dtype)
        X = np.array([[one, np.nextafter(one, 2 * one), -6e4, 6e4]], dtype)
        for k in (1, 2, 3, 4):
            expect_result(function, X, k, expected=[[3, 1, 0, 2][:k]])


@production("topk_per_row")
def k_out_of_range(function: Function) -> None:
    """Any other k is a ValueError; a k that is no integer, a TypeError.

    What does a slice [:, -k:] return if k is 0? And who notices if k is
    larger than d?
    """
    for k in (0, 5, -1, -4, 600):
        expect_error(function, CLASSIC, k, error=ValueError)
    for shape, k in (((0, 3), 0), ((0, 3), 4), ((3, 0), 1)):
        expect_error(function, np.empty(shape), k, error=ValueError)
    for other in (2.0, np.float64(2), "2", None):
        expect_error(function, CLASSIC, other, error=TypeError)


@production("topk_per_row")
def k_of_any_integer_type(function: Function) -> None:
    """k may be any integer of NumPy, too: np.uint8(5) is 5.

    k comes out of an array of 8-bit integers. What are -np.uint8(5) and
    300 - np.int8(5)?
    """
    X = _distinct(2, 300)
    for kind in (np.uint8, np.int8, np.int64):
        expect_result(function, X, kind(5), expected=_ranking(X)[:, :5])


@production("topk_per_row")
def indices_of_dtype_intp(function: Function) -> None:
    """The answer has dtype intp, the type that NumPy indexes with.

    Can the caller index with your answer, whatever the dtype of the
    scores? From which column on does int16 wrap?
    """
    for dtype in ("float64", "uint8"):
        X = CLASSIC.astype(dtype)
        given, T = spell(function, (X, 3), {}), call(function, X, 3)
        found = np.asarray(T).dtype
        if found.name in ALIKE:
            unseen.get().append("which dtype is intp on a 64-bit system")
        else:
            expect(given, found == np.intp, "dtype intp", found)


@production("topk_per_row")
def no_rows_no_problem(function: Function) -> None:
    """n may be 0.

    A filter leaves no row today. Which of your calls need a first row?
    """
    for k in (1, 3, 5):
        T = np.empty((0, k))
        expect_result(function, np.empty((0, 5)), k, expected=T)


@production("topk_per_row")
def bad_input(function: Function) -> None:
    """X that is not (n, d) is a ValueError; text, a TypeError.

    What do you return for one row of shape (d,) or a stack of matrices?
    And for what NumPy can sort although they are no real numbers?
    """
    for shape in ((3,), (2, 2, 2), (), (0,)):
        expect_error(function, np.ones(shape), 1, error=ValueError)
    objects = np.array([[2, 1]], dtype=object)
    for X in (np.array([["a", "b"]]), np.array([[1j, 2]]), objects):
        expect_error(function, X, 1, error=TypeError)
