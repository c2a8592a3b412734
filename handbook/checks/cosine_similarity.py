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
    expect_result,
    production,
    real_array,
    spell,
)

LARGER_INPUT = {
    "cosine_similarity_matrix": lambda rng: (
        10 * rng.standard_normal((1003, 41)),
    )
}


def _similarities(function: Function, X: Any) -> tuple[str, Any]:
    """Return the call and its result: real, one entry for every pair."""
    given = spell(function, (X,), {})
    S = real_array(given, call(function, X))
    shape = (len(X), len(X))
    expect(given, S.shape == shape, f"shape {shape}", S.shape)
    return given, S


def _cosines(X: Any) -> list[list[float]]:
    """Return the cosines by the definition, one pair after the other."""
    return [
        [
            sum(a * b for a, b in zip(x, y, strict=True))
            / (math.hypot(*x) * math.hypot(*y))
            for y in X.tolist()
        ]
        for x in X.tolist()
    ]


@core("cosine_similarity_matrix")
def cosine_of_every_pair(function: Function) -> None:
    """S[i, j] is the dot product of rows i and j over both lengths.

    Try the rows [100, 0] and [30, 40] by hand. Is every row divided by its
    own length? Which shape do the lengths have?
    """
    for rows, expected, atol in (
        ([[100, 0], [30, 40]], [[1, 0.6], [0.6, 1]], 1e-6),
        ([[30, 40], [-60, -80]], [[1, -1], [-1, 1]], 1e-6),
        ([[0.3, 0.4], [-0.5, 0]], [[1, -0.6], [-0.6, 1]], 1e-4),  # epsilon
    ):
        X = np.array(rows, dtype=float)
        expect_result(function, X, expected=expected, atol=atol)
    rng = np.random.default_rng(0)
    for shape in ((4, 4), (5, 3), (3, 5), (1, 7), (6, 1)):
        X = rng.integers(200, 1000, shape) * rng.choice([-1.0, 1], shape)
        expect_result(function, X, expected=_cosines(X), atol=1e-6)


@core("cosine_similarity_matrix")
def zero_rows_give_zero(function: Function) -> None:
    """A zero row has similarity 0 with every other row.

    What is the length of a zero row, and what do you divide by it?
    """
    for rows, expected in (
        (
            [[30, 40], [50, 0], [0, 0]],
            [[1, 0.6, 0], [0.6, 1, 0], [0, 0, 0]],
        ),
        ([[0, 0], [50, -50], [0, 0]], [[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
    ):
        X, wanted = np.array(rows, dtype=float), np.array(expected)
        given, S = _similarities(function, X)
        zero, judged = ~X.any(axis=1), S.copy()
        judged[zero, zero] = 0  # with itself: a convention, not judged here
        if not np.allclose(judged, wanted, rtol=0, atol=1e-6):
            expect_close(given, S, wanted, atol=1e-6)


vectorised = checks.vectorised(
    "No Python loop over rows, pairs or elements.",
    "Entry (i, j) is a dot product. Which one operation takes all of them "
    "at once?",
    {
        "cosine_similarity_matrix": [
            ((np.ones((4, 4)),), (np.ones((104, 104)),))
        ]
    },
    extra=100,
)


input_unchanged = checks.input_unchanged(
    {"cosine_similarity_matrix": [(np.array([[3.0, 4], [0, 0]]),)]}
)


@production("cosine_similarity_matrix")
def between_minus_1_and_1(function: Function) -> None:
    """No entry exceeds 1 or falls below -1, not by one rounding error.

    What is the arccos of 1.0000000000000002? Which pairs come that close
    to 1, and what could hold them back?
    """
    rng = np.random.default_rng(1)
    rows = rng.standard_normal((150, 16))
    for X in (
        np.array([[1.0, 8]]),  # in units: more than 1 in any BLAS
        np.array([[1.0, 8], [-1, -8]]),
        np.concatenate([rows, -rows]),
        np.concatenate([rows, -rows]).astype("float32"),
    ):
        given, S = _similarities(function, X)
        outside = S[~(np.abs(S) <= 1)]  # or NaN
        expected = "every entry between -1 and 1"
        expect(given, not outside.size, expected, outside[:4].tolist())


@production("cosine_similarity_matrix")
def zero_on_the_diagonal(function: Function) -> None:
    """A zero row has similarity 0 with itself, too: exactly 0.

    What stands on your diagonal for a row of zeros? Which direction would
    it share with itself?
    """
    for X in (
        np.array([[3.0, 4], [0, 0]]),
        np.array([[0.0, 0, 0], [1, -2, 3], [-0.0, 0, -0.0]]),
        np.zeros((1, 2)),
        np.zeros((3, 3)),
    ):
        given, S = _similarities(function, X)
        for i in np.flatnonzero(~X.any(axis=1)):
            zeros = np.zeros(len(X))
            expect_close(f"row {i} of {given}", S[i], zeros)
            expect_close(f"column {i} of {given}", S[:, i], zeros)


@production("cosine_similarity_matrix")
def symmetric(function: Function) -> None:
    """S[i, j] and S[j, i] are the same float.

    Floating-point products commute, but (a / b) / c is not (a / c) / b.
    Does any step of yours treat rows and columns in turn?
    """
    rng = np.random.default_rng(2)
    for X in (
        np.array([[1.0, 1], [1, 2]]),
        rng.standard_normal((4, 4)),
        rng.standard_normal((33, 33)),
        rng.standard_normal((101, 65)),
        rng.standard_normal((101, 65)).astype("float32"),
    ):
        given, S = _similarities(function, X)
        i, j = np.unravel_index((S != S.T).argmax(), S.shape)
        a, b = S[i, j].item(), S[j, i].item()
        expect(given, a == b, f"S[{i}, {j}] == S[{j}, {i}]", (a, b))


@production("cosine_similarity_matrix")
def length_changes_nothing(function: Function) -> None:
    """A row times a positive number has the same similarities.

    Is there a constant in your divisor? What does it do to a row of length
    1e-9?
    """
    rng = np.random.default_rng(3)
    rows = rng.integers(1, 10, (4, 4)) * rng.choice([-1.0, 1], (4, 4))
    factors = np.array([[1e-9], [1e9], [1e-100], [1e100]])
    angles = np.linspace(0, 1, 2001) + math.pi * (np.arange(2001) % 2)
    many = np.stack([np.cos(angles), np.sin(angles), 0 * angles], axis=1)
    cosines = np.cos(angles[:, None] - angles)  # (2001, 2001)
    many[::2] *= 5
    for X, expected in (
        (np.array([[3e-9, 4e-9], [1, 0]]), [[1, 0.6], [0.6, 1]]),
        (rows * factors, _cosines(rows)),
        (many, cosines),
    ):
        expect_result(function, X, expected=expected, atol=1e-9)


@production("cosine_similarity_matrix")
def finite_for_finite_input(function: Function) -> None:
    """Rows of 1e200, 1e-200 or 5e-324 give the right numbers, no warning.

    The square of 1e200 is inf, that of 1e-200 is 0. What can you do to a
    row before you square it that leaves its direction alone?
    """
    for rows in (
        [[3e200, 4e200], [1e200, 0]],
        [[3e-200, 4e-200], [-1e-200, 0]],
        [[3e200, 4e200], [-3e-200, -4e-200], [3, 4], [1e-320, 0]],
        [[1e308, 1e308], [5e-324, 5e-324], [0, -5e-324]],
    ):
        X = np.array(rows)
        exponents = np.frexp(np.abs(X).max(axis=1, keepdims=True))[1]
        expected = _cosines(np.ldexp(X, -exponents))
        expect_result(function, X, expected=expected, atol=1e-6)
    X = np.array([[3e30, 4e30], [1e-45, 0]], dtype="float32")
    expect_result(function, X, expected=[[1, 0.6], [0.6, 1]], atol=1e-5)


@production("cosine_similarity_matrix")
def any_real_dtype(function: Function) -> None:
    """float32 stays float32; integers and bools become float64 first.

    What is 100 * 100 in int8, and the magnitude of -128? Which dtype does
    np.result_type(X, 1.0) name?
    """
    half = [[1, 0.5], [0.5, 1]]
    for dtype, rows, S in (
        ("int8", [[100, 0], [10, 0]], [[1, 1], [1, 1]]),
        ("bool", [[0, 1, 1], [1, 1, 0]], half),
        ("int8", [[-128, 0], [16, 0]], [[1, -1], [-1, 1]]),
        ("int8", [[-128, -128], [16, 16]], [[1, -1], [-1, 1]]),
        ("uint8", [[0, 200, 200], [200, 200, 0]], half),
        ("uint8", [[16, 0], [0, 16]], [[1, 0], [0, 1]]),
        ("int64", [[-(2**63), 0], [30, 40]], [[1, -0.6], [-0.6, 1]]),
        ("uint64", [[2**63, 0], [30, 40]], [[1, 0.6], [0.6, 1]]),
        ("float32", [[10, 0], [30, 40]], [[1, 0.6], [0.6, 1]]),
        ("float64", [[10, 0], [30, 40]], [[1, 0.6], [0.6, 1]]),
    ):
        X = np.array(rows, dtype=dtype)
        wanted = "float32" if dtype == "float32" else "float64"
        expect_result(function, X, expected=S, atol=1e-6, dtype=wanted)
    lists = [[2, 0], [0, 3]]
    expect_result(function, lists, expected=np.eye(2), atol=1e-6)


@production("cosine_similarity_matrix")
def empty_is_allowed(function: Function) -> None:
    """n and d may be 0.

    A row of no numbers is a zero row. Which NumPy reductions fail on an
    axis of length 0?
    """
    for n, d in ((0, 3), (3, 0), (0, 0)):
        expect_result(function, np.empty((n, d)), expected=np.zeros((n, n)))


@production("cosine_similarity_matrix")
def bad_input(function: Function) -> None:
    """A shape other than (n, d) is a ValueError, text a TypeError.

    What does your code return for one row of shape (d,), or for a stack of
    matrices? Who notices?
    """
    for shape in ((3,), (), (2, 2, 2)):
        expect_error(function, np.ones(shape), error=ValueError)
    expect_error(function, np.array([["a", "b"]]), error=TypeError)
