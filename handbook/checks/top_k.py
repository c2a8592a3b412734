import sys
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
    show,
    spell,
)

LARGER_INPUT = {  # neighbours in order are 1/8 apart: no near-ties
    "topk_per_row": lambda rng: (
        rng.permuted(np.tile(np.arange(301) / 8 - 20, (1003, 1)), axis=1),
        7,
    )
}


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


def _expect_any_of_equals(function: Function, X: Any, k: int) -> None:
    """Expect k different columns of the largest values, largest first."""
    given, T = spell(function, (X, k), {}), _answer(function, X, k)
    different = all(len(set(row)) == k for row in T.tolist())
    expect(given, different, f"{k} different columns in a row", T)
    found = np.take_along_axis(X, T, axis=1)
    best = np.take_along_axis(X, _ranking(X)[:, :k], axis=1)
    expect_close(f"the values that {given} leads to", found, best)


@core("topk_per_row")
def columns_not_values(topk_per_row: Function) -> None:
    """The answer holds column numbers of X, not values or positions.

    After a selection there are two numberings: positions among the
    selected and columns of X. Which of them does your last line return?
    """
    X = np.array([[60.0, 50, 90, 80], [30, 10, 20, 40]])
    given = spell(topk_per_row, (X, 2), {})
    T = real_array(given, call(topk_per_row, X, 2))
    columns = T.dtype != bool and np.isin(T, np.arange(4)).all()
    expect(given, columns, "columns from 0 to 3", T)
    positions = T.shape == (2, 2) and (np.sort(T, axis=1) == [0, 1]).all()
    expected = "columns of X: in row 0 they are 2 and 3"
    expect(given, not positions, expected, T)


@core("topk_per_row")
def one_answer_per_row(topk_per_row: Function) -> None:
    """Each row has its own k columns, whatever the other rows hold.

    Along which axis do you select, sort and look up? An array of indices
    belongs to an array row by row: does your indexing pair them so?
    """
    classic = np.array([[3.0, 9, 1, 7], [50, 20, 80, 10]])
    scaled = _distinct(4, 6) * [[1], [-1], [100], [0.5]]
    for X, k in ((classic, 2), (scaled, 2), (scaled, 4)):
        given = spell(topk_per_row, (X, k), {})
        T = _answer(topk_per_row, X, k)
        for i in range(len(X)):
            alone = _answer(topk_per_row, X[i : i + 1], k)[0]
            expected = f"{show(alone)}, as for this row alone"
            same = np.array_equal(T[i], alone)
            expect(f"row {i} of {given}", same, expected, T[i])


@core("topk_per_row")
def largest_first(topk_per_row: Function) -> None:
    """A row leads to its k largest values, from the largest down.

    Does the function you select with promise an order among the selected?
    What stands in the first column of your answer, and what in the last?
    """
    X = np.array([[3.0, 9, 1, 7], [5, 2, 8, 0]])
    expect_result(topk_per_row, X, 2, expected=[[1, 3], [2, 0]])
    expect_result(topk_per_row, X, 3, expected=[[1, 3, 0], [2, 0, 1]])
    # on some processors a selection from 256 columns or fewer is a sort
    for n, d in ((3, 8), (20, 60), (9, 4), (3, 300), (2, 1003)):
        X = _distinct(n, d)
        for k in (2, (3 * d) // 5, d - 1):
            expect_result(topk_per_row, X, k, expected=_ranking(X)[:, :k])


@core("topk_per_row")
def k_different_columns(topk_per_row: Function) -> None:
    """However many values are equal, a row names k different columns.

    How many values reach the second largest of [9, 5, 5, 1]? And what does
    your code name if all of a row are equal?
    """
    _expect_any_of_equals(topk_per_row, np.array([[9.0, 5, 5, 1]]), 2)
    rng = np.random.default_rng(2)
    for X in (
        np.full((1, 5), 7.0),
        np.array([[0.0, -0.0, -1, -0.0, 0]]),
        np.full((2, 300), 7.0),
        rng.integers(0, 3, (3, 300)).astype(float),
    ):
        d = X.shape[1]
        for k in (2, 3, d // 2, d - 1):
            _expect_any_of_equals(topk_per_row, X, k)


@core("topk_per_row")
def k_from_1_to_d(topk_per_row: Function) -> None:
    """Every k from 1 to d works, both ends included.

    Try both ends, k = 1 and k = d. Positions count from 0: which is the
    last, and where does the first of the k largest stand?
    """
    X = np.array([[3.0, 9, 1, 7], [5, 2, 8, 0]])
    for k in (4, 3, 2, 1):
        expect_result(topk_per_row, X, k, expected=_ranking(X)[:, :k])
    expect_result(topk_per_row, np.array([[7.0]]), 1, expected=[[0]])
    wide = _distinct(2, 300)
    for k in (1, 299, 300):
        expected = _ranking(wide)[:, :k]
        expect_result(topk_per_row, wide, k, expected=expected)


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


input_unchanged = checks.input_unchanged(
    {"topk_per_row": [(np.array([[3.0, 9, 1, 7], [5, 2, 8, 0]]), 2)]}
)


@production("topk_per_row")
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
    profile = sys.getprofile()
    sys.setprofile(lambda *event: events.append(event))
    try:
        call(function, X, k)
    finally:
        sys.setprofile(profile)
    for frame, event, called in events:
        name, variables = frame.f_code.co_name, frame.f_locals
        numpy = frame.f_globals.get("__name__", "").startswith("numpy")
        owner = getattr(called, "__self__", None)  # of a method
        if event == "c_call" and isinstance(owner, np.ndarray):
            if called.__name__ in ("sort", "argsort"):
                found.append((called.__name__, owner.size))
        elif event == "call" and numpy and name == "lexsort":
            found.append((name, np.size(variables["keys"][-1])))
        elif event == "call" and numpy and name.endswith("partition"):
            # as many places as columns are a sort by another name
            found.append((name, len(X) * np.size(variables.get("kth", 0))))
    return found


@production("topk_per_row")
def infinities_are_scores(topk_per_row: Function) -> None:
    """Scores of -inf, inf and 1e308 rank like any others.

    A masked candidate scores -inf. What does your answer name in a row
    that holds fewer than k others?
    """
    inf = np.inf
    for X in (np.array([[5, -inf, -inf, -inf]]), np.full((2, 4), -inf)):
        for k in (2, 3, 4):
            _expect_any_of_equals(topk_per_row, X, k)
    X = np.array([[0.0, -inf, 1e308, inf, -1e308]])
    expect_result(topk_per_row, X, 5, expected=[[3, 2, 0, 4, 1]])
    X = (_distinct(4, 6) + 0.5) * [[1], [-1], [1e300], [1e-300]]
    expect_result(topk_per_row, X, 4, expected=_ranking(X)[:, :4])


@production("topk_per_row")
def nan_is_largest(topk_per_row: Function) -> None:
    """NaN counts as larger than every number, infinity included.

    Where do NumPy's sorts put NaN, and where do comparisons and a minus
    sign put it?
    """
    nan, inf = np.nan, np.inf
    for dtype in ("float64", "float32", "float16"):
        X = np.array([[nan, 1, 2, inf], [-inf, -1, nan, 0]], dtype=dtype)
        for k in (1, 2, 3, 4):
            expected = np.array([[0, 3, 2, 1], [2, 3, 1, 0]])[:, :k]
            expect_result(topk_per_row, X, k, expected=expected)
        expect_input_unchanged(topk_per_row, X, 2)
        X = np.array([[1, nan, 2, nan, nan, 3]], dtype=dtype)
        for k in (2, 3, 4):
            _expect_any_of_equals(topk_per_row, X, k)
    wide = _distinct(2, 300)
    wide[[0, 1], [250, 3]] = nan
    expect_result(topk_per_row, wide, 1, expected=[[250], [3]])


@production("topk_per_row")
def any_real_dtype(topk_per_row: Function) -> None:
    """Scores of every real dtype, and lists, are ranked as they are.

    What is the negative of 0 in uint8, and of -128 in int8? Is 2**53 + 1 a
    float64? If you need no arithmetic, you need no other dtype.
    """
    X = np.array([[0, 7, 200]], dtype="uint8")
    expect_result(topk_per_row, X, 3, expected=[[2, 1, 0]])
    expect_result(
        topk_per_row, np.array([[False, True]]), 1, expected=[[1]]
    )
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
        for k in (1, 2, 3, 4):
            expect_result(topk_per_row, X, k, expected=ranking[:, :k])
        X = np.array([[1, 0, 1, 1], [0, 0, 0, 0]], dtype=dtype)
        _expect_any_of_equals(topk_per_row, X, 2)
    for dtype in ("int64", "uint64"):
        X = np.array([[2**53, 2**53 + 1], [2**62 + 1, 2**62]], dtype=dtype)
        expect_result(topk_per_row, X, 1, expected=[[1], [0]])
    for dtype in ("float16", "float32", "float64", "longdouble", ">f8"):
        one = np.ones((), dtype)
        X = np.array([[one, np.nextafter(one, 2 * one), -6e4, 6e4]], dtype)
        for k in (1, 2, 3, 4):
            expect_result(topk_per_row, X, k, expected=[[3, 1, 0, 2][:k]])
    rows = [[3, 9, 1, 7], [5, 2, 8, 0]]
    expect_result(topk_per_row, rows, 2, expected=[[1, 3], [2, 0]])


@production("topk_per_row")
def k_out_of_range(topk_per_row: Function) -> None:
    """Any other k is a ValueError; a k that is no integer, a TypeError.

    What does a slice [:, -k:] return if k is 0? And who notices if k is
    larger than d?
    """
    X = np.array([[3.0, 9, 1, 7], [5, 2, 8, 0]])
    for k in (0, 5, -1, -4, 600):
        expect_error(topk_per_row, X, k, error=ValueError)
    for k in (0, 4):
        expect_error(topk_per_row, np.empty((0, 3)), k, error=ValueError)
    expect_error(topk_per_row, np.empty((3, 0)), 1, error=ValueError)
    for other in (2.0, np.float64(2), "2", None):
        expect_error(topk_per_row, X, other, error=TypeError)


@production("topk_per_row")
def k_of_any_integer_type(topk_per_row: Function) -> None:
    """k may be any integer of NumPy, too: np.uint8(5) is 5.

    k comes out of an array of 8-bit integers. What are -np.uint8(5) and
    300 - np.int8(5)?
    """
    X = _distinct(2, 300)
    for kind in (np.uint8, np.int8, np.int64):
        expected = _ranking(X)[:, :5]
        expect_result(topk_per_row, X, kind(5), expected=expected)


@production("topk_per_row")
def indices_of_dtype_intp(topk_per_row: Function) -> None:
    """The answer has dtype intp, the type that NumPy indexes with.

    Can the caller index with your answer, whatever the dtype of the
    scores? From which column on does int16 wrap?
    """
    for dtype in ("float64", "uint8"):
        X = np.array([[3, 9, 1, 7], [5, 2, 8, 0]], dtype=dtype)
        T = np.asarray(call(topk_per_row, X, 3))
        given = spell(topk_per_row, (X, 3), {})
        expect(given, T.dtype == np.intp, "dtype intp", T.dtype)


@production("topk_per_row")
def no_rows_no_problem(topk_per_row: Function) -> None:
    """n may be 0.

    A filter leaves no row today. Which of your calls need a first row?
    """
    X = np.empty((0, 5))
    for k in (1, 3, 5):
        expect_result(topk_per_row, X, k, expected=np.empty((0, k)))


@production("topk_per_row")
def bad_input(topk_per_row: Function) -> None:
    """X that is not (n, d) is a ValueError; text, a TypeError.

    What do you return for one row of shape (d,) or a stack of matrices?
    And for what NumPy can sort although they are no real numbers?
    """
    for shape in ((3,), (2, 2, 2), (), (0,)):
        expect_error(topk_per_row, np.ones(shape), 1, error=ValueError)
    for X in ([["a", "b"]], [[1j, 2]]):
        expect_error(topk_per_row, np.array(X), 1, error=TypeError)
    objects = np.array([[2, 1]], dtype=object)
    expect_error(topk_per_row, objects, 1, error=TypeError)
