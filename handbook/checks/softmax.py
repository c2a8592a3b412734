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

TITLE, DIFFICULTY = "Softmax", "easy"
LARGER_INPUT = {"softmax": lambda rng: (rng.standard_normal((1000, 500)),)}
E1, E2, E3 = 0.09003057317038046, 0.24472847105479764, 0.6652409557748218


def rows_sum_to_one(softmax: Function) -> None:
    """Every entry is at least 0, and every row sums to 1.

    Which axis do you sum over, and which shape does the sum have? Try it
    on two rows by hand: [0, 1] and [2, 4].
    """
    same(
        softmax, np.array([[1.0, 2, 3]]), expected=[[E1, E2, E3]], rtol=1e-9
    )
    rng = np.random.default_rng(0)
    for shape in ((2, 2), (4, 4), (5, 3), (1, 7), (6, 1)):
        X = 5 * rng.standard_normal(shape)
        given = spell(softmax, (X,), {})
        P = as_array(given, call(softmax, X))
        holds(given, P.shape == shape, f"shape {shape}", P.shape)
        holds(given, (P >= 0).all(), "no negative entry", P)
        alike(f"row sums of {given}", P.sum(axis=1), np.ones(len(X)), 1e-9)
        order, ranks = X.argsort(axis=1), P.argsort(axis=1)
        alike(f"ranks in {given}", ranks, order)


def finite_for_finite_logits(softmax: Function) -> None:
    """Logits of 1000, -1000 or 1e308 give numbers, without a warning.

    exp(1000) overflows. What can you subtract without changing the result,
    and from which numbers: of the matrix, or of the row?
    """
    same(
        softmax,
        np.array([[1.0, 2, 3], [1000, 1001, 1002]]),
        expected=[[E1, E2, E3], [E1, E2, E3]],
        rtol=1e-9,
    )
    same(
        softmax,
        np.array([[1000.0, 1000], [-1000, -1000], [0, 0]]),
        expected=np.full((3, 2), 0.5),
        rtol=1e-9,
    )
    largest = np.array([[1e308, -1e308], [1e308, 1e308]])
    same(softmax, largest, expected=[[1, 0], [0.5, 0.5]], rtol=1e-9)


def shift_changes_nothing(softmax: Function) -> None:
    """Adding a constant to a row leaves its probabilities as they are.

    The factor exp(c) stands in the numerator and in the denominator. How
    far apart are neighbouring floats at the height of your logits?
    """
    X = np.random.default_rng(1).integers(-16, 17, (4, 5)) / 8
    shift = np.array([[0.0], [64], [-(2**30)], [2**40]])  # all sums exact
    same(softmax, X + shift, expected=call(softmax, X), rtol=1e-7)


def masked_is_zero(softmax: Function) -> None:
    """A logit of -inf marks a masked position: its probability is 0.

    What is exp(-inf)? And what is -inf minus a finite maximum?
    """
    X = np.array([[0.0, -np.inf, 0.0], [-np.inf, 5.0, -np.inf]])
    same(softmax, X, expected=[[0.5, 0, 0.5], [0, 1, 0]], rtol=1e-9)


def any_real_dtype(softmax: Function) -> None:
    """float32 stays float32; integers and bools become float64 first.

    What is 0 - 255 in uint8? np.result_type(X, 1.0) names a type in which
    nothing wraps.
    """
    logits = np.array([[0, 255, 254]], dtype=np.uint8)
    expected = np.exp([[-255.0, 0, -1]]) / (1 + np.exp(-1) + np.exp(-255))
    same(softmax, logits, expected=expected, rtol=1e-9)
    for dtype in ("bool", "int8", "uint8", "int64", "uint64"):
        X = np.array([[0, 1, 1]], dtype=dtype)
        e = np.e
        expected = np.array([[1, e, e]]) / (1 + 2 * e)
        same(softmax, X, expected=expected, rtol=1e-9)
    same(softmax, [[1, 2, 3]], expected=[[E1, E2, E3]], rtol=1e-9)
    for dtype in ("float32", "float64"):
        X = np.array([[1, 2, 3]], dtype=dtype)
        given = spell(softmax, (X,), {})
        P = as_array(given, call(softmax, X))
        holds(given, P.dtype == dtype, f"dtype {dtype}", P.dtype)


def no_rows_no_problem(softmax: Function) -> None:
    """n may be 0; what is not (n, d) with d >= 1 raises an error.

    Which NumPy reductions fail on an axis of length 0?
    """
    same(softmax, np.empty((0, 3)), expected=np.empty((0, 3)))
    for shape in ((3,), (), (2, 2, 2), (3, 0)):
        raises(softmax, np.ones(shape), error=ValueError)
    raises(softmax, np.array([["a", "b"]]), error=TypeError)


def vectorised(softmax: Function) -> None:
    """No Python loop over rows or elements.

    One expression for the whole matrix: let broadcasting do the rows.
    """
    small, large = np.ones((4, 4)), np.ones((404, 4))
    no_python_loop(softmax, (small,), (large,), extra=400)
    wide = np.ones((4, 404))
    no_python_loop(softmax, (small,), (wide,), extra=400)


def input_unchanged(softmax: Function) -> None:
    """The caller's array holds afterwards what it held before.

    Which of your lines write into the array that you were given?
    """
    for dtype in ("float64", "float32", "int64"):
        leaves_no_trace(softmax, np.array([[1, 2, 3]], dtype=dtype))
