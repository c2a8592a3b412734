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
    "softmax": lambda rng: (1000 * rng.standard_normal((4001, 41)),)
}
E1, E2, E3 = 0.09003057317038046, 0.24472847105479764, 0.6652409557748218


@core("softmax")
def rows_sum_to_one(softmax: Function) -> None:
    """No entry is negative, and every row sums to 1.

    Which axis do you sum over, and which shape does the sum have? Try it
    on two rows by hand: [0, 1] and [2, 4].
    """
    X = np.array([[1.0, 2, 3]])
    expect_result(softmax, X, expected=[[E1, E2, E3]], atol=1e-6)
    rng = np.random.default_rng(0)
    for shape in ((2, 2), (4, 4), (5, 3), (1, 7), (6, 1)):
        X = 5 * rng.standard_normal(shape)
        given = spell(softmax, (X,), {})
        P = real_array(given, call(softmax, X))
        expect(given, P.shape == shape, f"shape {shape}", P.shape)
        expect(given, (P >= 0).all(), "no negative entry", P)
        sums = P.sum(axis=1)
        expect_close(f"row sums of {given}", sums, np.ones(len(X)), 1e-6)
        order, ranks = X.argsort(axis=1), P.argsort(axis=1)
        expect_close(f"ranks in {given}", ranks, order)


@core("softmax", silent=True)
def finite_for_large_logits(softmax: Function) -> None:
    """Logits of 1000 or -1000 give probabilities, and no warning.

    exp(1000) overflows. What can you subtract without changing the result,
    and from which numbers: of the matrix, or of the row?
    """
    X = np.array([[1.0, 2, 3], [1000, 1001, 1002]])
    expect_result(softmax, X, expected=[[E1, E2, E3]] * 2, atol=1e-6)
    X = np.array([[1000.0, 1000], [-1000, -1000], [0, 0]])
    expect_result(softmax, X, expected=np.full((3, 2), 0.5), atol=1e-6)


@core("softmax")
def shift_changes_nothing(softmax: Function) -> None:
    """Adding 1000 to a row keeps its probabilities, up to rounding.

    The factor exp(1000) stands in the numerator and in the denominator.
    Do you change the logits in any other way than by a constant?
    """
    X = np.array([[0.5, 1, -2], [0, 3, 2]])
    expected = call(softmax, X)
    for shift in (1, 1000, -1000, np.array([[1000], [-1000]])):
        expect_result(softmax, X + shift, expected=expected, atol=1e-6)


_ONES = np.ones((404, 4))
vectorised = checks.vectorised(
    "No Python loop over rows or elements.",
    "One expression for the whole matrix: let broadcasting do the rows.",
    {"softmax": [((_ONES[:4],), (A,)) for A in (_ONES, _ONES.T)]},
)


input_unchanged = checks.input_unchanged(
    {"softmax": [(np.array([[1.0, 2, 3], [4, 4, 4]]),)]}
)


@production("softmax")
def masked_is_zero(softmax: Function) -> None:
    """A logit of -inf gets probability 0.

    How do you mask a position in attention? What is -inf minus a finite
    maximum, and what is exp of that?
    """
    X = np.array([[0.0, -np.inf, 0.0], [-np.inf, 5.0, -np.inf]])
    expected = [[0.5, 0, 0.5], [0, 1, 0]]
    expect_result(softmax, X, expected=expected, rtol=1e-9)


@production("softmax")
def any_real_dtype(softmax: Function) -> None:
    """float32 stays float32; integers and bools become float64 first.

    Quantised logits arrive as uint8. What is 0 - 255 there? Which dtype
    does np.result_type(X, 1.0) name?
    """
    logits = np.array([[0, 255]], dtype=np.uint8)
    wrapped_no_more = [[np.exp(-255.0), 1]]
    expect_result(softmax, logits, expected=wrapped_no_more, rtol=1e-9)
    for dtype in ("bool", "int8", "uint8", "int64", "uint64"):
        X = np.array([[0, 1, 1]], dtype=dtype)
        expected = np.array([[1, np.e, np.e]]) / (1 + 2 * np.e)
        expect_result(softmax, X, expected=expected, rtol=1e-9)
    rows = [[E1, E2, E3]]
    expect_result(softmax, [[1, 2, 3]], expected=rows, rtol=1e-9)
    for dtype in ("float32", "float64"):
        X = np.array([[1, 2, 3]], dtype=dtype)
        expect_result(softmax, X, expected=rows, atol=1e-6, dtype=dtype)


@production("softmax")
def extreme_logits(softmax: Function) -> None:
    """Logits from -1e308 to 1e308 give probabilities, and no warning.

    What is -1e308 - 1e308, and is that result of any harm?
    """
    X = np.array([[1e308, -1e308], [1e308, 1e308]])
    expect_result(softmax, X, expected=[[1, 0], [0.5, 0.5]], rtol=1e-9)
    X = np.array([[2.0**40, 2.0**40 + 1]])  # neighbours are 0.0002 apart
    expected = np.array([[1, np.e]]) / (1 + np.e)
    expect_result(softmax, X, expected=expected, rtol=1e-9)


@production("softmax")
def no_rows(softmax: Function) -> None:
    """n may be 0.

    A filter leaves no row today. Which NumPy reductions fail on an axis of
    length 0?
    """
    expect_result(softmax, np.empty((0, 3)), expected=np.empty((0, 3)))


@production("softmax")
def bad_input(softmax: Function) -> None:
    """A shape other than (n, d >= 1) is a ValueError, text a TypeError.

    What does your code return for one row of shape (d,), or for a stack of
    matrices? Who notices?
    """
    for shape in ((3,), (), (2, 2, 2), (3, 0)):
        expect_error(softmax, np.ones(shape), error=ValueError)
    expect_error(softmax, np.array([["a", "b"]]), error=TypeError)
