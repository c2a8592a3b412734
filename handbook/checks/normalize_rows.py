import math
from typing import Any

import numpy as np

from handbook.checks import (
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

TITLE, DIFFICULTY = "Normalise rows", "easy"
LARGER_INPUT = {
    "l2_normalize": lambda rng: (rng.standard_normal((1000, 500)),),
    "l1_normalize": lambda rng: (rng.standard_normal((1000, 500)),),
}


def _l2(row: Any) -> float:
    return math.hypot(*row)


def _l1(row: Any) -> float:
    return sum(map(abs, row))


def _result(function: Function, X: Any) -> tuple[str, Any]:
    """Return the call and its result: real, of the shape of X."""
    given = spell(function, (X,), {})
    U = as_array(given, call(function, X))
    holds(given, U.shape == X.shape, f"shape {X.shape}", U.shape)
    return given, U


def _ordinary() -> list[Any]:
    """Return matrices with signs and zeros, but without a row of zeros."""
    rng = np.random.default_rng(0)
    shapes = ((2, 2), (4, 4), (5, 3), (1, 7), (6, 1))
    return [
        np.array([[300.0, -400], [600, 800]]),
        np.array([[500.0, -500, 0], [0, 0, -700], [200, 300, -600]]),
        *(
            rng.integers(200, 1000, shape) * rng.choice([-1.0, 1], shape)
            for shape in shapes
        ),
    ]


def _has_norm_1(
    function: Function, norm: Function, X: Any, atol: float
) -> None:
    given, U = _result(function, X)
    with np.errstate(all="ignore"):  # in longdouble
        norms = [norm(row) for row in U.tolist()]
    alike(
        f"norms of the rows of {given}", norms, np.ones(len(X)), atol=atol
    )


def _has_its_direction(function: Function, X: Any) -> None:
    given, U = _result(function, X)
    holds(given, np.isfinite(U).all(), "finite numbers", U)
    places = np.abs(X).argmax(axis=1)
    for x, u, largest in zip(X.tolist(), U.tolist(), places, strict=True):
        ratio = u[largest] / x[largest]
        holds(given, ratio > 0, f"a positive multiple of {x}", u)
        expected, atol = [ratio * a for a in x], 1e-9 * abs(u[largest])
        alike(f"a row of {given}", u, expected, atol=atol)


def _keeps_zero_rows(function: Function) -> None:
    for X in (
        np.array([[3.0, 4], [0, 0]]),
        np.array([[0.0, 0, 0], [1, -2, 3], [-0.0, 0, -0.0]]),
        np.zeros((1, 2)),
        np.zeros((3, 3)),
    ):
        given, U = _result(function, X)
        zero = ~X.any(axis=1)
        alike(f"the zero rows of {given}", U[zero], X[zero])


def _serves_any_magnitude(
    function: Function, norm: Function, rtol: float = 1e-5
) -> None:
    """Try the ends of the range; `rtol` is for a sum of 1000 float32."""
    x = np.array([[3.0, -4]])
    unit = x / norm([3, -4])
    scales = np.array([[1e200], [1e-200], [1e-162], [2e307], [5e-324], [1]])
    for scale in scales:
        same(function, x * scale, expected=unit, rtol=1e-9)
    units = unit.repeat(len(scales), axis=0)
    same(function, x * scales, expected=units, rtol=1e-9)
    largest = np.full((1, 3), np.finfo("float64").max)
    expected = np.full((1, 3), 1 / norm([1, 1, 1]))
    same(function, largest, expected=expected, rtol=1e-9)
    # beside a row that overflows, ordinary and tiny ones
    rows = [[0.0, 0, 0], [0.25, 0, -0.5], [0, 5e-324, 5e-324]]
    like = [[0.0, 0, 0], [0.25, 0, -0.5], [0, 1, 1]]
    alone = [np.array(row) / (norm(row) or 1) for row in like]
    mixed, expected = (
        np.vstack([largest, rows]),
        np.vstack([expected, alone]),
    )
    same(function, mixed, expected=expected, rtol=1e-9)
    wide = np.full((1, 1100), 1e308)
    expected = np.full((1, 1100), 1 / norm([1] * 1100))
    same(function, wide, expected=expected, rtol=1e-9)
    # of as many as that, the sum is rounded, and may be rounded up
    wide = np.full((1, 100_000), np.finfo("float32").max, "float32")
    expected = np.full((1, 100_000), 1 / norm([1] * 100_000))
    same(function, wide, expected=expected, rtol=1e-3)
    # the sum of the squares is normal in float32, each square is not
    small = np.full((1, 1000), 3.6e-21, "float32")
    expected = np.full((1, 1000), 1 / norm([1] * 1000))
    same(function, small, expected=expected, rtol=rtol)
    scales = np.array([[1e30], [1e-30], [2.0**125], [2.0**-149]])
    X, units = (x * scales).astype("float32"), unit.repeat(4, axis=0)
    same(function, X, expected=units, rtol=1e-5)


def _spreads_no_nan(function: Function) -> None:
    for X in (
        np.array([[3.0, 4], [np.nan, 1]]),
        np.array([[np.nan, 0, 2], [1, 2, 3], [0, 5, np.nan]]),
        np.array([[1.0, 2], [np.nan, np.nan], [1e6, -1e-6]]),
    ):
        given, U = _result(function, X)
        expected = np.broadcast_to(
            np.isnan(X).any(axis=1)[:, None], X.shape
        )
        alike(f"np.isnan of {given}", np.isnan(U), expected)


def _takes_any_real_dtype(function: Function, norm: Function) -> None:
    for dtype, row in (
        ("bool", [0, 1, 1]),
        ("int8", [-128, 127, 1]),
        ("int8", [16, 0, 0]),
        ("int8", [-128, 0, 0]),
        ("uint8", [255, 200, 0]),
        ("int32", [-(2**31), 2**30, 1]),
        ("int64", [-(2**63), 0, 0]),
        ("uint64", [2**63, 0, 0]),
        ("float32", [3, -4, 5]),
        ("float64", [3, -4, 5]),
    ):
        X = np.array([row], dtype=dtype)
        given, U = _result(function, X)
        alike(given, U, [[a / norm(row) for a in row]], atol=1e-6)
        wanted = "float32" if dtype == "float32" else "float64"
        holds(given, U.dtype == wanted, f"dtype {wanted}", U.dtype)
    unit = [3 / norm([3, 4]), 4 / norm([3, 4])]
    same(function, [[3, 4], [6, 8]], expected=[unit, unit], atol=1e-6)


def _serves_no_rows_and_no_columns(function: Function) -> None:
    for shape in ((0, 3), (3, 0), (0, 0)):
        same(function, np.empty(shape), expected=np.empty(shape))


def _refuses_bad_input(function: Function) -> None:
    for shape in ((3,), (), (2, 2, 2), (0,)):
        raises(function, np.ones(shape), error=ValueError)
    raises(function, np.array([["a", "b"]]), error=TypeError)


def _has_no_loop(function: Function) -> None:
    small, large = np.ones((4, 4)), np.ones((404, 404))
    no_python_loop(function, (small,), (large,), extra=400)


def _keeps_its_input(function: Function) -> None:
    for rows in (
        [[3, -4], [1, 2]],
        [[3, 4], [0, 0]],
        [[1e30, 2e30], [1e-30, 3e-30]],
        [[np.nan, 1], [3, 4]],
    ):
        for dtype in ("float64", "float32"):
            leaves_no_trace(function, np.array(rows, dtype=dtype))
    leaves_no_trace(function, np.array([[1.5e308, 1e308], [1e-300, 0]]))


def unit_rows_of_l2_normalize(l2_normalize: Function) -> None:
    """Every row that is not zero gets Euclidean length 1.

    Try [3, 4] and [6, 8] by hand. Which axis do you sum the squares over,
    and along which axis do you divide?
    """
    for X in _ordinary():
        _has_norm_1(l2_normalize, _l2, X, atol=1e-9)


def unit_rows_of_l1_normalize(l1_normalize: Function) -> None:
    """The magnitudes of every row that is not zero sum to 1.

    Try [5, -5] by hand: what is its norm? Along which axis do you divide?
    """
    for X in _ordinary():
        _has_norm_1(l1_normalize, _l1, X, atol=1e-9)


def direction_stays_of_l2_normalize(l2_normalize: Function) -> None:
    """A row is divided by one positive number: signs and ratios remain.

    How many numbers is a row divided by? Compare the signs, too.
    """
    for X in _ordinary():
        _has_its_direction(l2_normalize, X)


def direction_stays_of_l1_normalize(l1_normalize: Function) -> None:
    """A row is divided by one positive number: signs and ratios remain.

    Which sign has your divisor for [1, -3]? Where do magnitudes belong, and
    where do signs?
    """
    for X in _ordinary():
        _has_its_direction(l1_normalize, X)


def zero_rows_stay_zero_of_l2_normalize(l2_normalize: Function) -> None:
    """A row of zeros comes back as zeros: no NaN, no warning.

    What is the length of a zero row, and what do you divide by it?
    """
    _keeps_zero_rows(l2_normalize)


def zero_rows_stay_zero_of_l1_normalize(l1_normalize: Function) -> None:
    """A row of zeros comes back as zeros: no NaN, no warning.

    What is the sum of a zero row, and what do you divide by it?
    """
    _keeps_zero_rows(l1_normalize)


def any_magnitude_of_l2_normalize(l2_normalize: Function) -> None:
    """Rows of 1e200 or 1e-200 come out as rows of 1 do, side by side.

    The square of 1e200 is inf, that of 1e-200 is 0. What can you do to a
    row, and to this row only, before you square it?
    """
    _serves_any_magnitude(l2_normalize, _l2)


def any_magnitude_of_l1_normalize(l1_normalize: Function) -> None:
    """Rows of 1e308 or 5e-324 come out as rows of 1 do, side by side.

    Each term is finite. Is the sum of 1e308 and 1e308?
    """
    # added one after the other, without BLAS: each sum is rounded
    _serves_any_magnitude(l1_normalize, _l1, rtol=1000 * 2.0**-24)


def no_epsilon_of_l2_normalize(l2_normalize: Function) -> None:
    """A row of 1e-10 gets length 1 to the last digits, not nearly 1.

    Is there a constant in your divisor? Which rows need it, and what does
    it do to the others?
    """
    X = np.array([[3.0, -4], [1, 2], [-7, 0]])
    for scale in (1e-10, 1e-100, 1):
        _has_norm_1(l2_normalize, _l2, X * scale, atol=1e-13)


def no_epsilon_of_l1_normalize(l1_normalize: Function) -> None:
    """A row of 1e-10 gets norm 1 to the last digits, not nearly 1.

    Is there a constant in your divisor? Which rows need it, and what does
    it do to the others?
    """
    X = np.array([[3.0, -4], [1, 2], [-7, 0]])
    for scale in (1e-10, 1e-100, 1):
        _has_norm_1(l1_normalize, _l1, X * scale, atol=1e-13)


def nan_stays_nan_of_l2_normalize(l2_normalize: Function) -> None:
    """A row that holds NaN becomes NaN, and no other row does.

    What is NaN > 0, and what is NaN == 0? Does any number of yours belong
    to all rows together?
    """
    _spreads_no_nan(l2_normalize)


def nan_stays_nan_of_l1_normalize(l1_normalize: Function) -> None:
    """A row that holds NaN becomes NaN, and no other row does.

    What is NaN > 0, and what is NaN == 0? Does any number of yours belong
    to all rows together?
    """
    _spreads_no_nan(l1_normalize)


def any_real_dtype_of_l2_normalize(l2_normalize: Function) -> None:
    """float32 stays float32; integers and bools become float64 first.

    What is 16 * 16 in int8? np.result_type(X, 1.0) names a type in which
    nothing wraps.
    """
    _takes_any_real_dtype(l2_normalize, _l2)


def any_real_dtype_of_l1_normalize(l1_normalize: Function) -> None:
    """float32 stays float32; integers and bools become float64 first.

    What is np.abs of -128 in int8? np.result_type(X, 1.0) names a type in
    which nothing wraps.
    """
    _takes_any_real_dtype(l1_normalize, _l1)


def empty_is_fine_of_l2_normalize(l2_normalize: Function) -> None:
    """n or d may be 0: the result has the shape of X.

    Which NumPy reductions fail on an axis of length 0?
    """
    _serves_no_rows_and_no_columns(l2_normalize)


def empty_is_fine_of_l1_normalize(l1_normalize: Function) -> None:
    """n or d may be 0: the result has the shape of X.

    Which NumPy reductions fail on an axis of length 0?
    """
    _serves_no_rows_and_no_columns(l1_normalize)


def bad_input_of_l2_normalize(l2_normalize: Function) -> None:
    """X that is not (n, d) is a ValueError, text is a TypeError.

    What does your code do with one row, of shape (d,), or with a stack of
    matrices? Does it notice?
    """
    _refuses_bad_input(l2_normalize)


def bad_input_of_l1_normalize(l1_normalize: Function) -> None:
    """X that is not (n, d) is a ValueError, text is a TypeError.

    What does your code do with one row, of shape (d,), or with a stack of
    matrices? Does it notice?
    """
    _refuses_bad_input(l1_normalize)


def vectorised_of_l2_normalize(l2_normalize: Function) -> None:
    """No Python loop over rows or elements.

    One reduction gives all norms. Which shape must they have to meet the
    rows?
    """
    _has_no_loop(l2_normalize)


def vectorised_of_l1_normalize(l1_normalize: Function) -> None:
    """No Python loop over rows or elements.

    One reduction gives all norms. Which shape must they have to meet the
    rows?
    """
    _has_no_loop(l1_normalize)


def input_unchanged_of_l2_normalize(l2_normalize: Function) -> None:
    """The caller's array holds afterwards what it held before.

    Which of your lines write into the array that you were given?
    """
    _keeps_its_input(l2_normalize)


def input_unchanged_of_l1_normalize(l1_normalize: Function) -> None:
    """The caller's array holds afterwards what it held before.

    Which of your lines write into the array that you were given?
    """
    _keeps_its_input(l1_normalize)
