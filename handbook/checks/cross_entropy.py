import math
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
    production,
    real_array,
    show,
    spell,
)

Pair = tuple[Any, Any]
INF, NAN = math.inf, math.nan
# rows of different sizes, a label that does not win, and one that occurs
# twice: n is not C
X0 = np.array([[1.0, 2, 3], [0, -1, 0.5], [2, 2, -3], [-1, 4, 0]])
Y0 = np.array([2, 1, 0, 2])
FAR = np.array([[1000.0, 0, 0], [0, -1000, 0], [-1000, -1000, -1000]])
BOTH = "What does the statement ask for: which two results, in which order?"


def _losses(logits: Any, labels: Any) -> Any:
    """Return the loss of each row: log-sum-exp less the label's logit."""
    own = [row[label] for row, label in zip(logits, labels, strict=True)]
    return np.logaddexp.reduce(logits, axis=1) - own


def _slopes(logits: Any, labels: Any, h: float = 1e-5) -> Any:
    """Return the central differences of the mean loss, (n, C)."""
    slopes = np.empty(logits.shape)
    for at in np.ndindex(logits.shape):
        up, down = logits.copy(), logits.copy()
        up[at] += h
        down[at] -= h
        pair = [_losses(X, labels).mean() for X in (up, down)]
        slopes[at] = (pair[0] - pair[1]) / (2 * h)
    return slopes


def _larger(rng: np.random.Generator) -> Pair:
    """Return more classes than 8 bits number."""
    return rng.standard_normal((1003, 307)), rng.integers(0, 307, 1003)


LARGER_INPUT = {"cross_entropy": _larger}


def _parts(given: str, got: Any) -> tuple[float, Any]:
    """Return the loss, one number in any form, and the gradient."""
    if not (isinstance(got, tuple | list) and len(got) == 2):
        raise Broken(given, "loss and gradient", show(got), BOTH)
    loss = real_array(f"loss of {given}", got[0])
    if loss.size != 1:
        shape = f"shape {loss.shape}"
        raise Broken(f"loss of {given}", "one number", shape, BOTH)
    grad = real_array(f"gradient of {given}", got[1])
    return float(loss.ravel()[0]), grad


def _larger_result(given: str, got: Any) -> None:
    """Expect the log-sum-exp of NumPy, and P - Y made of it."""
    X, y = _larger(np.random.default_rng(0))
    loss, grad = _parts(given, got)
    expect_close(f"loss of {given}", loss, _losses(X, y).mean(), 1e-6, 1e-9)
    P = np.exp(X - np.logaddexp.reduce(X, axis=1)[:, None])
    expected = (P - np.eye(307)[y]) / 1003
    expect_close(f"gradient of {given}", grad, expected, 1e-5, 1e-9)


LARGER_RESULT = {"cross_entropy": _larger_result}


def _results(function: Function, logits: Any, labels: Any) -> Any:
    """Return the call as a reader would write it, loss and gradient."""
    given = spell(function, (logits, labels), {})
    return given, *_parts(given, call(function, logits, labels))


@core("cross_entropy")
def float_and_matrix(cross_entropy: Function) -> None:
    """A pair: the loss, one number, and a gradient of the logits' shape.

    How many losses have n rows, and how many logits can you change? So
    which shape has the gradient of one number?
    """
    for X, y in ((X0, Y0), (X0[:1], Y0[:1]), (X0[:3], Y0[:3])):
        given, _, grad = _results(cross_entropy, X, y)
        same, expected = grad.shape == X.shape, f"shape {X.shape}"
        expect(f"gradient of {given}", same, expected, grad.shape)


@core("cross_entropy")
def mean_loss(cross_entropy: Function) -> None:
    """The mean over the rows; C equal logits give log C.

    Which logarithm, of which probability? Are the inputs logits, or do
    they pass through a second softmax? What do you divide the sum by?
    """
    cases = [
        (np.zeros((1, 4)), [2], math.log(4)),
        (np.full((3, 2), -7.5), [0, 1, 1], math.log(2)),
        (np.array([[2.0, 0], [0, 2]]), [0, 1], math.log1p(math.exp(-2))),
        (np.array([[2.0, 0], [0, 2]]), [0, 0], math.log1p(math.exp(2)) - 1),
        (X0, Y0, _losses(X0, Y0).mean()),
    ]
    for X, y, expected in cases:
        given, loss, _ = _results(cross_entropy, X, np.array(y))
        expect_close(f"loss of {given}", loss, expected, rtol=1e-4)


@core("cross_entropy")
def finite_at_1000(cross_entropy: Function) -> None:
    """Logits of 1000 or -1000 give the right loss, and no NaN.

    What is exp(1000), and what the logarithm of a probability that has
    become 0? Can you write log p without computing p first?
    """
    X = FAR
    for row, label, expected in (
        (0, 1, 1000),
        (0, 0, 0),
        (1, 1, 1000 + math.log(2)),
        (1, 2, math.log(2)),
        (2, 1, math.log(3)),
    ):
        x, y = X[[row]], np.array([label])
        given, loss, grad = _results(cross_entropy, x, y)
        expect_close(f"loss of {given}", loss, expected, 1e-9, 1e-6)
        finite = np.isfinite(grad).all()
        expect(f"gradient of {given}", finite, "finite numbers", grad)
    expected = (2000 + math.log(6)) / 3
    given, loss, _ = _results(cross_entropy, X, np.array([2, 1, 0]))
    expect_close(f"loss of {given}", loss, expected, rtol=1e-9)


@core("cross_entropy")
def gradient_by_differences(cross_entropy: Function) -> None:
    """The gradient equals central differences of the loss.

    What does a small step of one logit do to the mean loss? By hand: for
    zeros (2, 2) and labels 0 and 1 each entry is 1/4 or -1/4.
    """
    rng = np.random.default_rng(0)
    cases = [
        (np.zeros((2, 2)), np.array([0, 1])),
        (X0, Y0),
        (FAR, np.array([1, 0, 1])),
        (rng.standard_normal((5, 4)), np.array([3, 0, 0, 2, 3])),
    ]
    for X, y in cases:
        given, _, grad = _results(cross_entropy, X, y)
        expect_close(f"gradient of {given}", grad, _slopes(X, y), atol=1e-7)


_ONES, _NONE = np.ones((404, 4)), np.zeros(404, int)
vectorised = checks.vectorised(
    "No Python loop over the rows or the classes.",
    "Which two index arrays, of which shape, pick the label's entry of "
    "every row at once?",
    {
        "cross_entropy": [
            ((_ONES[:4], _NONE[:4]), (_ONES, _NONE)),
            ((_ONES[:4], _NONE[:4]), (_ONES.T, _NONE[:4])),
        ]
    },
)

input_unchanged = checks.input_unchanged({"cross_entropy": [(X0, Y0)]})


def _expect(
    function: Function,
    X: Any,
    y: Any,
    loss: float,
    grad: Any,
    dtype: str = "float64",
    rtol: float = 1e-9,
) -> None:
    """Expect this loss, and this gradient."""
    given, found, slopes = _results(function, X, y)
    expect_close(f"loss of {given}", found, loss, rtol)
    given = f"gradient of {given}"
    expect(given, slopes.dtype == dtype, f"dtype {dtype}", slopes.dtype)
    expect_close(given, slopes, grad, rtol, rtol)


@production("cross_entropy")
def labels_checked(cross_entropy: Function) -> None:
    """-1, C or a column of labels is a ValueError, floats a TypeError.

    Missing labels are coded as -1: which class do they train? And how many
    entries do rows (n,) and labels (n, 1) pick together?
    """
    X = np.array([[2.0, 0], [0, 2]])
    wrong: Any = [0, -1], [2, 0], [[0], [1]], [[0, 1]], [0], [0, 1, 1], 0
    for y in wrong:
        expect_error(cross_entropy, X, np.array(y), error=ValueError)
    for y in ([0.0, 1.0], [0.5, 1], [False, True], ["0", "1"], [1j, 0]):
        expect_error(cross_entropy, X, np.array(y), error=TypeError)
    for dtype in ("int8", "uint8", "uint64"):
        loss = math.log1p(math.exp(-2))
        p = 1 / (1 + math.exp(2)) / 2
        grad, labels = [[-p, p], [p, -p]], np.array([0, 1], dtype)
        _expect(cross_entropy, X, labels, loss, grad)
    _expect(cross_entropy, X, [0, 1], loss, grad)


@production("cross_entropy")
def masked_classes(cross_entropy: Function) -> None:
    """A logit of -inf has gradient 0; as the label's, the loss is inf.

    A mask makes probabilities 0. What is 0 times -inf in a product with a
    one-hot matrix?
    """
    half = math.log(2)
    X, y = np.array([[0.0, -INF, 0]]), np.array([0])
    _expect(cross_entropy, X, y, half, [[-0.5, 0, 0.5]])
    X, y = np.array([[5, -INF, -INF], [0.0, 1, 1]]), np.array([0, 0])
    p = 1 / (1 + 2 * math.e)
    grad = [[0, 0, 0], [(p - 1) / 2, math.e * p / 2, math.e * p / 2]]
    _expect(cross_entropy, X, y, -math.log(p) / 2, grad)
    given, loss, slopes = _results(cross_entropy, X, np.array([2, 0]))
    expect(f"loss of {given}", loss == INF, "inf", loss)
    given = f"gradient of {given}, beside the label"
    expect_close(given, slopes[0, :2], [0.5, 0], 1e-9)


@production("cross_entropy")
def any_real_dtype(cross_entropy: Function) -> None:
    """float32 gives a float32 gradient, integers float64; loss is a float.

    Quantised logits arrive as uint8. What is 0 - 255 there? Which type has
    a mean of float32?
    """
    p = 1 / (1 + math.e)
    for dtype in ("float32", "float64", "int8", "uint8", "?"):
        X, y = np.array([[0, 1], [1, 0]]).astype(dtype), np.array([0, 0])
        stays, rtol = "float64", 1e-9
        if dtype == "float32":
            stays, rtol = dtype, 1e-6
        grad = [[(p - 1) / 2, (1 - p) / 2], [-p / 2, p / 2]]
        loss = math.log1p(math.e) - 0.5
        _expect(cross_entropy, X, y, loss, grad, stays, rtol)
        found = type(call(cross_entropy, X, y)[0])
        given = f"loss of {spell(cross_entropy, (X, y), {})}"
        expect(given, found is float, "a Python float", found)
    X, y = np.array([[0, 255]], np.uint8), np.array([0])
    _expect(cross_entropy, X, y, 255, [[-1, 1]])
    _expect(cross_entropy, X.tolist(), [0], 255, [[-1, 1]])
    expect_error(cross_entropy, np.array([["a", "b"]]), y, error=TypeError)


@production("cross_entropy")
def huge_logits(cross_entropy: Function) -> None:
    """Two rows of loss 1e308 have the mean 1e308, without a warning.

    What is 1e308 + 1e308? When do you divide by n?
    """
    X, y = np.array([[1e308, 0], [0, 1e308]]), np.array([1, 0])
    half = [[0.5, -0.5], [-0.5, 0.5]]
    _expect(cross_entropy, X, y, 1e308, half)
    X = np.array([[1e308, -1e308], [2.0**40, 2.0**40 + 1]])
    p, y = math.e / (1 + math.e), np.array([0, 0])
    grad, loss = [[0, 0], [-p / 2, p / 2]], math.log1p(math.e) / 2
    _expect(cross_entropy, X, y, loss, grad)
    X = np.array([[3e38, -3e38]], np.float32)
    loss = 2 * float(X[0, 0])  # no float32
    _expect(cross_entropy, X, y[:1] + 1, loss, [[1, -1]], "float32")


@production("cross_entropy")
def nan_stays_in_its_row(cross_entropy: Function) -> None:
    """A row with NaN has a gradient of NaN, and the others keep theirs.

    One broken sample makes the loss NaN. Which rows does a maximum or a
    sum over all of the batch reach?
    """
    X, y = np.array([[NAN, 0], [0, 0], [INF, 0]]), np.array([1, 0, 1])
    grad = [[NAN, NAN], [-1 / 6, 1 / 6], [NAN, NAN]]
    _expect(cross_entropy, X, y, NAN, grad)
    X = np.array([[-INF, -INF], [0, 0], [0, 0]])
    _expect(cross_entropy, X, y, NAN, [grad[0], grad[1], [1 / 6, -1 / 6]])


@production("cross_entropy")
def empty_batch(cross_entropy: Function) -> None:
    """No rows, no classes or one row without its axis is a ValueError.

    What is the mean of no losses? PyTorch returns NaN: who notices?
    """
    none = np.empty(0, int)
    for shape in ((0, 3), (0, 0), (3,), (), (1, 1, 3)):
        expect_error(cross_entropy, np.ones(shape), none, error=ValueError)
    for X, y in ((np.ones((1, 0)), [0]), (np.ones(3), [0, 1, 2])):
        expect_error(cross_entropy, X, np.array(y), error=ValueError)
    expect_error(cross_entropy, [], [], error=ValueError)
