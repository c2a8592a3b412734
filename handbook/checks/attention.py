import functools
import math
from typing import Any

import numpy as np

from handbook import checks
from handbook.checks import (
    Function,
    core,
    expect_error,
    expect_result,
    production,
)

NAME = "scaled_dot_product_attention"
TWO = np.eye(2)
ONES = np.ones((2, 1))
CAUSAL = np.array([[True, False], [True, True]])
expect_near = functools.partial(expect_result, atol=1e-6)


def _by_hand(Q: Any, K: Any, V: Any, mask: Any = None) -> Any:
    """Go through queries and keys, number by number."""
    shape = (*Q.shape[:-1], V.shape[-1])
    full = (*Q.shape[:-1], K.shape[-2])
    allowed = np.broadcast_to(True if mask is None else mask, full)
    result = np.zeros(shape)
    for *lead, i in np.ndindex(shape[:-1]):
        q, keys, values = Q[(*lead, i)], K[(*lead,)], V[(*lead,)]
        seen = [j for j in range(len(keys)) if allowed[(*lead, i, j)]]
        if not seen:
            continue
        scores = [math.fsum(q * keys[j]) / math.sqrt(len(q)) for j in seen]
        sizes = [math.exp(score - max(scores)) for score in scores]
        parts = [
            size / math.fsum(sizes) * values[j]
            for size, j in zip(sizes, seen, strict=True)
        ]
        result[(*lead, i)] = np.sum(parts, axis=0)
    return result


def _case(t: int, s: int, d: int, v: int, *lead: int) -> tuple[Any, ...]:
    """Return Q, K and V of these lengths, with these leading axes."""
    rng = np.random.default_rng(0)
    shapes = (t, d), (s, d), (s, v)
    return tuple(rng.standard_normal((*lead, *shape)) for shape in shapes)


def _larger(rng: np.random.Generator) -> tuple[Any, ...]:
    """Return two samples of three heads, padded and causal."""
    shapes = (2, 3, 203, 19), (2, 3, 211, 19), (2, 3, 211, 23)
    padding = np.arange(211) < np.array([211, 190])[:, None, None, None]
    mask = padding & np.tri(203, 211, 8, dtype=bool)  # (2, 1, 203, 211)
    return *(rng.standard_normal(shape) for shape in shapes), mask


LARGER_INPUT = {NAME: _larger}


@core(NAME)
def scaled_scores(attention: Function) -> None:
    """The weights are a softmax of the scores q·k, divided by √d.

    By hand: q = (4, 0) and the keys (1, 0) and (0, 1) give the scores
    4/√2 and 0. Which axis of Q is d?
    """
    for d in (2, 4, 9):
        Q, V = 4 * np.eye(2, d), np.array([[1.0], [2]])
        first = 1 / (1 + math.exp(-4 / math.sqrt(d)))  # of the own key
        expected = [[2 - first], [1 + first]]
        expect_near(attention, Q, Q / 4, V, expected=expected)


@core(NAME)
def weights_sum_to_one(attention: Function) -> None:
    """The weights of a query sum to 1 over the keys.

    If all rows of V are equal, what is their weighted mean? Which axis of
    the scores holds the keys, and which shape does the sum have?
    """
    K = np.array([[1.0, 0], [1, 0]])
    expect_near(attention, 4 * TWO, K, ONES, expected=ONES)
    Q, K, _ = _case(3, 3, 2, 1)
    expect_near(attention, Q, K, np.ones((3, 4)), expected=np.ones((3, 4)))


@core(NAME)
def any_shapes(attention: Function) -> None:
    """t ≠ s, d ≠ v and any leading axes: samples and heads stay apart.

    What is the shape of K.T if K is (batch, heads, s, d)? Which two axes
    do you want to swap?
    """
    X = np.arange(8.0).reshape(2, 2, 2)
    args: tuple[Any, ...] = X, X.copy(), X.copy()  # not one array
    expect_near(attention, *args, expected=_by_hand(*args))
    for t, s, d, v, *lead in (
        (3, 4, 2, 1),
        (4, 3, 1, 5),
        (1, 3, 2, 2),
        (3, 3, 3, 3),
        (3, 1, 2, 3),
        (3, 4, 2, 3, 2),
        (2, 3, 4, 2, 2, 3),
        (3, 3, 3, 3, 3, 3),
        (2, 4, 3, 1, 2, 1, 3),
    ):
        args = _case(t, s, d, v, *lead)
        expect_near(attention, *args, expected=_by_hand(*args))


@core(NAME)
def mask(attention: Function) -> None:
    """Masked keys have weight 0, and the other weights sum to 1.

    True means "may look". What is exp(0), and what becomes of the sum if
    you zero weights after it? How does a mask (b, 1, 1, s) broadcast?
    """
    V = np.array([[1.0], [2]])
    args = 0 * TWO, TWO, ONES, CAUSAL
    expect_near(attention, *args, expected=ONES)
    share = 1 / (1 + math.exp(-4 / math.sqrt(2)))
    expected = [[1], [2 - share]]
    args = -4 * TWO, TWO, V, CAUSAL
    expect_near(attention, *args, expected=expected)
    args = -400 * TWO, TWO, V, ~CAUSAL[::-1, ::-1] | TWO.astype(bool)
    expect_near(attention, *args, expected=_by_hand(*args))
    Q, K, V = _case(3, 4, 2, 2, 2, 3)
    padded = np.arange(4) < np.array([2, 4])[:, None, None, None]
    every = np.random.default_rng(1).random((2, 3, 3, 4)) < 0.6
    every[..., 1] = True
    for allowed in (
        np.tri(3, 4, 1, dtype=bool),  # causal, with a cache of one
        np.ones((3, 4), bool),
        padded,  # (b, 1, 1, s)
        padded & np.tri(3, 4, 1, dtype=bool),
        every,
    ):
        args = Q, K, V, allowed
        expect_near(attention, *args, expected=_by_hand(*args))
    args = Q[0, 0], K[0, 0], V[0, 0], every[0, 0]
    expect_near(attention, *args, expected=_by_hand(*args))


@core(NAME)
def finite_for_large_scores(attention: Function) -> None:
    """Scores up to ±1e6 give the right weights, not NaN.

    What is exp(1e6)? A shift of all scores of a query by the same number
    changes no weight: which shift is safe, also where a masked score is
    the largest?
    """
    near = 1 / (1 + math.exp(-1))
    K, V = np.array([[1.0], [1 - 1e-6]]), np.array([[1.0], [2]])
    Q = np.array([[1e6], [1.0], [-1e6]])
    expected = [[2 - near], [1.5], [1 + near]]
    expect_near(attention, Q, K, V, expected=expected)
    expect_near(attention, Q, -K, V, expected=expected[::-1])
    Q = np.array([[1e6], [-1e6]])
    K = np.array([[1.0], [-1]])
    expect_near(attention, Q, K, V, expected=V)
    hidden = np.array([[False, True]])  # the larger score
    expect_near(attention, Q[:1], K, V, hidden, expected=V[1:])


vectorised = checks.vectorised(
    "No Python loop over queries, keys or features; over heads is fine.",
    "Which product gives all scores of a head at once, and which argument "
    "of max and sum keeps the axis of the keys?",
    {
        NAME: [
            (_case(4, 4, 4, 4), _case(404, 4, 4, 4)),
            (_case(4, 4, 4, 4), _case(4, 404, 4, 4)),
            (_case(4, 4, 4, 4), _case(4, 4, 404, 404)),
        ]
    },
)

input_unchanged = checks.input_unchanged(
    {NAME: [_case(2, 2, 2, 2), (*_case(2, 3, 2, 1), np.tri(2, 3, 1) > 0)]}
)


@production(NAME)
def fully_masked_row(attention: Function) -> None:
    """A query that may look at no key gives zeros, without a warning.

    What is -inf minus -inf? And if you fill with -1e9: which weights do
    the masked keys get? The same goes for a stack without keys, s = 0.
    """
    none, V = np.array([[False, False], [True, True]]), [[1.0], [99]]
    args: tuple[Any, ...] = 0 * TWO, TWO, np.array(V), none
    expect_near(attention, *args, expected=[[0], [50]])
    args = 0 * TWO, TWO, np.array(V), none[:1, :1]
    expect_near(attention, *args, expected=[[0], [0]])
    args = _case(3, 4, 2, 2, 2)
    some = np.array([True, False])[:, None, None]
    expected = _by_hand(*(*args, some))
    expect_near(attention, *args, some, expected=expected)
    for allowed in (None, np.ones((3, 0), bool)):
        args = *_case(3, 0, 2, 4, 2), allowed
        expect_near(attention, *args, expected=np.zeros((2, 3, 4)))


@production(NAME)
def nan_cannot_leak(attention: Function) -> None:
    """K and V may hold NaN or inf where no query may look.

    A weight of 0 times NaN: what is it? Which rows of K and V does the
    mask hide from every query?
    """
    Q, K, V = _case(3, 4, 2, 2, 2, 3)
    padded = np.arange(4) < np.array([2, 3])[:, None, None, None]
    causal = padded & np.tri(3, 4, 1, dtype=bool)
    for allowed in (padded, causal):
        expected = _by_hand(Q, K, V, allowed)
        for value in (np.nan, np.inf, -np.inf):
            hidden = ~padded[:, 0, 0][:, None, :, None]  # (b, 1, s, 1)
            args = Q, *(np.where(hidden, value, X) for X in (K, V)), allowed
            expect_near(attention, *args, expected=expected)
    args = Q[0, 0], K[0, 0].copy(), V[0, 0].copy(), np.tri(3, 4) > 0
    args[1][3] = args[2][3] = np.nan
    expected = _by_hand(Q[0, 0], K[0, 0], V[0, 0], np.tri(3, 4) > 0)
    expect_near(attention, *args, expected=expected)


@production(NAME)
def any_real_dtype(attention: Function) -> None:
    """float32 stays float32; integers and bools become float64 first.

    Q, K, V and the mask may be lists. Of which dtype is np.sqrt(64), and
    what does float32 divided by it become? What is 100 · 100 in int8?
    """
    Q, K, V = [[2, 0], [0, 1]], [[1, 0], [0, 1], [1, 1]], [[1], [2], [3]]
    allowed = [[True, True, False], [True, True, True]]
    floats = [np.array(X, float) for X in (Q, K, V)]
    expected = _by_hand(*(*floats, np.array(allowed)))
    for dtype in ("float32", "float64"):
        args = *(X.astype(dtype) for X in floats), np.array(allowed)
        expect_near(attention, *args, expected=expected, dtype=dtype)
    expect_near(attention, Q, K, V, allowed, expected=expected)
    for dtype in ("int8", "uint8", "int64", "bool"):
        arrays = [X.astype(dtype) for X in floats]
        expected = _by_hand(*(X.astype(float) for X in arrays))
        args = tuple(arrays)
        expect_near(attention, *args, expected=expected, dtype="float64")
    many = np.array([[100, 1]], "int8")
    args = many, np.concatenate([many, many - 100]), np.array([[1], [2]])
    expected = _by_hand(*(X.astype(float) for X in args))
    expect_near(attention, *args, expected=expected, dtype="float64")


@production(NAME)
def empty_axes(attention: Function) -> None:
    """t, v or a leading axis may be 0: the result is empty.

    What is the shape of the result if there are no queries? Which of your
    lines needs a first sample?
    """
    for shape in ((0, 3, 2, 4), (2, 3, 2, 0), (2, 3, 2, 4, 0, 2)):
        t, _, _, v, *lead = shape
        Q, K, V = _case(*shape)
        expected = np.empty((*lead, t, v))
        for allowed in (None, np.ones((t, 3), bool)):
            args = Q, K, V, allowed
            expect_near(attention, *args, expected=expected)


@production(NAME)
def errors(attention: Function) -> None:
    """Shapes that disagree raise ValueError, a mask of numbers TypeError.

    An additive mask holds 0 and -inf. As a boolean, which of the two is
    true? And who notices a K with another d, or V with another s?
    """
    Q, K, V = _case(2, 3, 4, 5)
    additive = np.where(np.tri(2, 3, 1) > 0, 0, -np.inf)
    for allowed in (additive, np.tri(2, 3, 1, int), "causal"):
        expect_error(attention, Q, K, V, allowed, error=TypeError)
    for wrong in (Q.astype(str), Q + 1j):
        expect_error(attention, wrong, K, V, error=TypeError)
    for wrong in (K.astype(str), K + 1j):
        expect_error(attention, Q, wrong, V, error=TypeError)
    for wrong in (V.astype(str), V + 1j):
        expect_error(attention, Q, K, wrong, error=TypeError)
    args: tuple[Any, ...]
    for args in (
        (Q, K[:, :3], V),
        (Q[:, :1], K, V),
        (Q, K, V[:2]),
        (Q, K[:1], V),
        (Q[0], K, V),
        (Q, K[0], V),
        (Q, K, V[:, 0]),
        (Q[:, :0], K[:, :0], V),
        _case(2, 3, 4, 5, 2)[:1] + _case(2, 3, 4, 5, 3)[1:],
        (Q, K, V, np.ones((3, 3), bool)),
        (Q, K, V, np.ones((2, 2), bool)),
        (Q, K, V, np.ones((2, 2, 3), bool)),
        (Q[:1], K, V, np.ones((2, 3), bool)),
    ):
        expect_error(attention, *args, error=ValueError)
