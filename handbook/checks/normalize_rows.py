import math
from typing import Any

import numpy as np

from handbook import checks
from handbook.checks import (
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
)

NORMS: dict[str, Function] = {
    "l2_normalize": lambda row: math.hypot(*row),
    "l1_normalize": lambda row: sum(map(abs, row)),
}
BOTH = tuple(NORMS)
RNG = np.random.default_rng(0)
ORDINARY = [  # signs and zeros, but no row of zeros
    np.array([[30.0, -40], [60, 80]]),
    np.array([[50.0, -50, 0], [0, 0, -70], [20, 30, -60]]),
    *(
        RNG.integers(20, 100, shape) * RNG.choice([-1.0, 1], shape)
        for shape in ((2, 2), (4, 4), (5, 3), (1, 7), (6, 1))
    ),
]
ZERO_BELOW = np.array([[30.0, -40], [0, 0]])
LARGER_INPUT = dict.fromkeys(
    BOTH, lambda rng: (rng.standard_normal((1003, 501)),)
)


def _unit_rows(name: str, X: Any) -> list[list[float]]:
    """Return the rows by their norms, scaled before anything overflows."""
    units = []
    for row in X.tolist():
        largest = max(map(abs, row), default=0) or 1
        scaled = [x / largest for x in row]
        norm = NORMS[name](scaled) or 1
        units.append([x / norm for x in scaled])
    return units


def _expect_unit_rows(
    function: Function, name: str, X: Any, **how: Any
) -> None:
    expect_result(function, X, expected=_unit_rows(name, X), **how)


def _expect_norms_of_1(
    function: Function, name: str, X: Any, atol: float
) -> None:
    given = spell(function, (X,), {})
    U = real_array(given, call(function, X))
    expect(given, U.shape == X.shape, f"shape {X.shape}", U.shape)
    norms = [NORMS[name](row) for row in U.tolist()]
    what = f"{name[:2].upper()} norms of the rows of {given}"
    expect_close(what, norms, np.ones(len(X)), atol=atol)


@core(*BOTH)
def unit_rows(function: Function, name: str) -> None:
    """Every row that is not zero gets norm 1.

    What is the norm of the first row by hand? Over which axis do you sum,
    and which shape do the norms have when you divide?
    """
    for X in ORDINARY:
        _expect_norms_of_1(function, name, X, atol=1e-6)
    # an epsilon of 1e-6 is taken here, max(norm, 1) is not
    _expect_norms_of_1(function, name, np.array([[0.3, -0.4]]), atol=1e-4)


@core(*BOTH)
def direction_stays(function: Function, name: str) -> None:
    """A row is divided by one positive number: signs and ratios remain.

    Does one number divide the whole row? Which signs go in, and which come
    out?
    """
    for X in ORDINARY:
        _expect_unit_rows(function, name, X, atol=1e-6)


@core(*BOTH)
def zero_rows_stay_zero(function: Function, name: str) -> None:
    """A row of zeros comes back as zeros, not as NaN.

    What is the norm of a zero row, and what do you divide by it?
    """
    mixed = np.array([[0.0, 0, 0], [10, -20, 30], [0, 0, 0]])
    for X in (ZERO_BELOW, mixed, np.zeros((1, 2)), np.zeros((3, 3))):
        _expect_unit_rows(function, name, X, atol=1e-6)


vectorised = checks.vectorised(
    "No Python loop over rows or elements.",
    "One reduction gives all norms. Which shape must they have to meet the "
    "rows?",
    {
        name: [
            ((np.ones((4, 4)),), (np.ones(shape),))
            for shape in ((404, 4), (4, 404))
        ]
        for name in BOTH
    },
)
input_unchanged = checks.input_unchanged(
    {name: [(ZERO_BELOW,)] for name in BOTH}
)


@production(*BOTH)
def zero_rows_in_silence(function: Function, name: str) -> None:
    """A row of zeros causes no warning.

    Your tests turn warnings into errors. Do you divide 0 by 0 and repair
    the result afterwards?
    """
    _expect_unit_rows(function, name, ZERO_BELOW, atol=1e-6)


@production(*BOTH)
def no_epsilon(function: Function, name: str) -> None:
    """A row of 1e-10 gets norm 1 to the last digits, not nearly 1.

    Is there a constant in your divisor? Which rows need it, and what does
    it do to the others?
    """
    X = np.array([[3.0, -4], [1, 2], [-7, 0]])
    for scale in (1e-10, 1e-100, 1):
        _expect_norms_of_1(function, name, X * scale, atol=1e-13)


@production(*BOTH)
def any_magnitude(function: Function, name: str) -> None:
    """Rows of 1e200, 1e-200 or 1e308 come out right, side by side.

    What is the square of 1e200, and of 1e-200? What is 1e308 + 1e308?
    What can you do to such a row, and to no other, first?
    """
    x = np.array([[3.0, -4]])
    scales = np.array([[1e200], [1e-200], [1e-162], [2e307], [5e-324], [1]])
    top, top32 = (np.finfo(t).max for t in ("float64", "float32"))
    beside = [[top] * 3, [0] * 3, [0.25, 0, -0.5], [0, 5e-324, 5e-324]]
    scales32 = np.array([[1e30], [1e-30], [2.0**125], [2.0**-149]])
    for X, rtol in (
        *((x * scale, 1e-9) for scale in scales),
        (x * scales, 1e-9),
        (np.full((1, 3), top), 1e-9),
        (np.array(beside), 1e-9),
        (np.full((1, 1100), 1e308), 1e-9),
        # of as many as that, the sum is rounded, and may be rounded up
        (np.full((1, 100_000), top32), 1e-3),
        # the sum of the squares is normal in float32, each square is not
        (np.full((1, 1100), np.float32(129 * 2.0**-75)), 1e-5),
        ((x * scales32).astype("float32"), 1e-5),
    ):
        _expect_unit_rows(function, name, X, rtol=rtol)


@production(*BOTH)
def nan_stays_nan(function: Function, name: str) -> None:
    """A row that holds NaN becomes NaN, and no other row does.

    What is NaN > 0, and what is NaN == 0? Does any number of yours belong
    to all rows together?
    """
    for X in (
        np.array([[3.0, 4], [np.nan, 1]]),
        np.array([[np.nan, 0, 2], [1, 2, 3], [0, 5, np.nan]]),
        np.array([[1.0, 2], [np.nan, np.nan], [1e6, -1e-6]]),
    ):
        expected = np.array(_unit_rows(name, np.nan_to_num(X)))
        expected[np.isnan(X).any(axis=1)] = np.nan
        expect_result(function, X, expected=expected, atol=1e-6)


@production(*BOTH)
def unchanged_on_every_path(function: Function) -> None:
    """X stays as it is when rows are huge, tiny or NaN, too.

    Which of your lines run for such rows only, and what do they write to?
    """
    with np.errstate(all="ignore"):  # warnings have a check of their own
        for X in (
            np.array([[1.5e308, 1e308], [1e-300, 0]]),
            np.array([[1e30, 2e30], [1e-30, 3e-30]], dtype="float32"),
            np.array([[3, -4], [0, 0]], dtype="float32"),
            np.array([[np.nan, 1], [3, 4]]),
        ):
            expect_input_unchanged(function, X)


@production(*BOTH)
def any_real_dtype(function: Function, name: str) -> None:
    """float32 stays float32; integers and bools become float64 first.

    What is 16 * 16 in int8, and what is np.abs of -128? Which dtype does
    np.result_type(X, 1.0) name?
    """
    for dtype, *rows in (
        ("int8", [-128, 127, 1], [16, 0, 0], [-128, 0, 0]),
        ("uint8", [255, 200, 0]),
        ("int32", [-(2**31), 2**30, 1]),
        ("int64", [-(2**63), 0, 0]),
        ("uint64", [2**63, 0, 0]),
        ("bool", [0, 1, 1]),
        ("float32", [3, -4, 5]),
        ("float64", [3, -4, 5]),
    ):
        X = np.array(rows, dtype=dtype)
        kept = "float32" if dtype == "float32" else "float64"
        _expect_unit_rows(function, name, X, atol=1e-6, dtype=kept)
    unit = _unit_rows(name, np.array([[3, 4]]))
    expect_result(function, [[3, 4], [6, 8]], expected=2 * unit, atol=1e-6)


@production(*BOTH)
def empty_is_fine(function: Function) -> None:
    """n or d may be 0: the result has the shape of X.

    Which NumPy reductions fail on an axis of length 0?
    """
    for shape in ((0, 3), (3, 0), (0, 0)):
        expect_result(function, np.empty(shape), expected=np.empty(shape))


@production(*BOTH)
def bad_input(function: Function) -> None:
    """X that is not (n, d) is a ValueError, text is a TypeError.

    What does your code do with one row, of shape (d,), or with a stack of
    matrices? Does it notice?
    """
    for shape in ((3,), (), (2, 2, 2), (0,)):
        expect_error(function, np.ones(shape), error=ValueError)
    expect_error(function, np.array([["a", "b"]]), error=TypeError)
