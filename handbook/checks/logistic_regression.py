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
    spell,
)
from handbook.checks.linear_regression import Fit

LINE = np.array([[0.0], [1], [2], [3]]), np.array([0.0, 0, 1, 1])
# the classes overlap, and are not of one size
X0 = np.array([[1, 2], [-1, 0], [2, -1], [0, 1], [-2, 1], [1, -1], [1, 2]])
PLANE = X0.astype(float), np.array([1.0, 0, 1, 1, 0, 0, 0])
APART = np.array([[-2.0], [-1], [1], [2], [3]]), np.array([0.0, 0, 1, 1, 1])


def _sigmoid(z: Any) -> Any:
    return np.exp(-np.logaddexp(0, -z))


def _gradient(
    X: Any, y: Any, weights: Any, bias: float, l2: float = 0.0
) -> Any:
    """Return the mean of error times row, and the mean error, last."""
    error = _sigmoid(X @ weights + bias) - y
    slope = (error[:, None] * X).mean(axis=0) + l2 * weights
    return np.append(slope, error.mean())


def _descend(
    X: Any, y: Any, lr: float, steps: int, l2: float = 0.0
) -> tuple[Any, float]:
    theta = np.zeros(X.shape[1] + 1)
    for _ in range(steps):
        theta = theta - lr * _gradient(X, y, theta[:-1], theta[-1], l2)
    return theta[:-1], float(theta[-1])


def _larger(rng: np.random.Generator) -> tuple[Any, ...]:
    """Return samples of which the labels are mostly noise."""
    X = rng.standard_normal((40_959, 7))
    y = X @ np.arange(7) + 3 + 10 * rng.standard_normal(len(X)) > 0
    return X, y.astype(float), 1.0, 20, 0.01


def _rows(rng: np.random.Generator) -> tuple[Any, ...]:
    """Return rows with logits on either side, as a fit would leave them."""
    X = rng.standard_normal((43_003, 7))
    return X, rng.standard_normal(7), 0.5


LARGER_INPUT = {"fit_logistic": _larger, "predict_proba": _rows}


def _larger_result(given: str, got: Any) -> None:
    """Expect the same descent."""
    Fit(given, got, 7).expect(*_descend(*_larger(np.random.default_rng(0))))


LARGER_RESULT = {"fit_logistic": _larger_result}


def _fit(function: Function, X: Any, y: Any, *options: Any) -> Fit:
    given = spell(function, (X, y, *options), {})
    return Fit(given, call(function, X, y, *options), np.shape(X)[1])


@core("fit_logistic")
def mean_gradient(fit_logistic: Function) -> None:
    """Every row five times gives the same fit, with a penalty or without.

    The loss is a mean. What do you divide the sum of error times row by,
    and what does that do to the penalty?
    """
    for l2 in (0.0, 0.5):
        for X, y in (LINE, PLANE):
            once = _fit(fit_logistic, X, y, 0.5, 3, l2)
            X, y = np.repeat(X, 5, axis=0), np.repeat(y, 5)
            five = _fit(fit_logistic, X, y, 0.5, 3, l2)
            five.expect(once.weights, once.bias)


@core("fit_logistic")
def one_step(fit_logistic: Function) -> None:
    """The first step subtracts lr times the mean of (1/2 - y)·x from w = 0.

    By hand: all probabilities are 1/2 at first. Is there a p(1 - p) in
    your gradient? Does the bias see the weights from before the step?
    """
    _fit(fit_logistic, *LINE, 1.0, 1).expect([0.5], 0)
    X, y = PLANE
    slope, shift = X.T @ (y - 0.5) / 7, (y - 0.5).mean()
    _fit(fit_logistic, X, y, 0.2, 1).expect(0.2 * slope, 0.2 * shift)
    for steps in (2, 7):
        for data in (LINE, PLANE):
            fit = _fit(fit_logistic, *data, 0.5, steps)
            fit.expect(*_descend(*data, 0.5, steps))


@core("fit_logistic")
def converges(fit_logistic: Function) -> None:
    """After 2,000 steps of lr 1 both gradients are below 1e-6.

    The classes overlap, so there is a minimum. Do you take all the steps?
    If you stop early: what is below your threshold there?
    """
    X, y = PLANE
    fit = _fit(fit_logistic, X, y, 1.0, 2000)
    found = _gradient(X, y, fit.weights, fit.bias)
    given = f"gradient of the loss, by w, then b, at {fit.given}"
    expect_close(given, found, np.zeros(3), atol=1e-6)


@core("fit_logistic")
def ridge_spares_bias(fit_logistic: Function) -> None:
    """The penalty adds l2·w to the gradient of w, and nothing to that of b.

    What is the derivative of l2 / 2 times the squared length of w? With
    X = 0 and three ones in four labels: which bias gives p = 3/4?
    """
    X, y = np.zeros((4, 1)), np.array([1.0, 1, 1, 0])
    _fit(fit_logistic, X, y, 1.0, 200, 1.0).expect([0], math.log(3))
    fit = _fit(fit_logistic, *PLANE, 0.5, 7, 0.5)
    fit.expect(*_descend(*PLANE, 0.5, 7, 0.5))


@core("predict_proba")
def probabilities(predict_proba: Function) -> None:
    """P(y = 1) for each row, shape (n,); logits of ±1000 give 1 and 0.

    Is the logit of a row x·w + b? What is exp(1000), and what is inf
    divided by inf?
    """
    X, weights = np.array([[0.0, 1], [1, 1], [-2, 0]]), np.array([2.0, -1])
    expected = [1 / (1 + math.exp(-z)) for z in (-0.5, 1.5, -3.5)]
    args = X, weights, 0.5
    expect_result(predict_proba, *args, expected=expected, atol=1e-9)
    one, X = np.array([1.0]), np.array([[1000.0], [0], [-1000]])
    expected = [1, 0.5, 0]
    expect_result(predict_proba, X, one, 0.0, expected=expected, atol=1e-9)


@core("fit_logistic")
def separable_stays_finite(fit_logistic: Function) -> None:
    """Classes that a line separates give finite w and b, X times 1000, too.

    Which logits do large features lead to after one step? Which numbers of
    yours become inf there, and which NaN?
    """
    X, y = APART
    for scale, steps, rtol in ((1.0, 300, 1e-6), (1000.0, 30, 1e-3)):
        fit = _fit(fit_logistic, scale * X, y, 0.5, steps)
        weights, bias = _descend(scale * X, y, 0.5, steps)
        fit.expect(weights, bias, rtol)  # a clip of 1e-7 is none


X4, X404 = np.ones((4, 2)), np.ones((404, 2))
Y4, Y404 = (np.resize([0.0, 1], n) for n in (4, 404))

vectorised = checks.vectorised(
    "A Python loop over the steps only, never over rows or columns.",
    "Which one product gives all logits, and which one the sum over all "
    "rows of error times row?",
    {
        "fit_logistic": [((X4, Y4, 0.1, 3), (X404, Y404, 0.1, 3))],
        "predict_proba": [((X4, X4[0], 0.5), (X404, X4[0], 0.5))],
    },
)

input_unchanged = checks.input_unchanged(
    {
        "fit_logistic": [(*PLANE, 0.1, 2, 0.5)],
        "predict_proba": [(PLANE[0], np.array([2.0, -1]), 0.5)],
    }
)


@production("predict_proba")
def silent_tails(predict_proba: Function) -> None:
    """No logit gives a warning, and that of -740 gives exp(-740).

    Which exponential overflows, and for which sign? The logarithm of a
    probability is next: how many digits are right at z = -40?
    """
    one, z = np.array([1.0]), np.array([-740.0, -300, -40, -1, 1, 40, 740])
    expected = [math.exp(x) / (1 + math.exp(x)) for x in z[:4]]
    expected += [1 / (1 + math.exp(-x)) for x in z[4:]]
    close: Any = {"rtol": 1e-12, "atol": 1e-323}
    args = z[:, None], one, 0.0
    expect_result(predict_proba, *args, expected=expected, **close)
    X = np.array([[-1e200], [1e200]])
    for args in ((X, one, 0.0), (X, 1e200 * one, -1e9)):
        expect_result(predict_proba, *args, expected=[0, 1])


@production("fit_logistic", "predict_proba")
def any_real_dtype(function: Function, name: str) -> None:
    """float32 stays float32; integers and bools become float64.

    Labels may be bool or uint8, features integers or lists. What does
    p - y give if y is a list? Which dtype does np.zeros(d) have?
    """
    for dtype in ("float32", "float64", "int8", "uint8", "?"):
        X = abs(PLANE[0]).astype(dtype)
        stays = "float32" if dtype == "float32" else "float64"
        if name == "predict_proba":
            weights = np.array([2, -1]).astype(stays)
            expected = _sigmoid(X.astype(float) @ [2, -1] + 0.1)
            close: Any = {"rtol": 1e-5, "dtype": stays}
            args = X, weights, 0.1
            expect_result(function, *args, expected=expected, **close)
            continue
        expected = _descend(X.astype(float), PLANE[1], 0.5, 300, 0.01)
        for labels in (dtype, "?", "uint8", "float64"):
            y = PLANE[1].astype(labels)
            fit = _fit(function, X, y, 0.5, 300, 0.01)
            found, given = fit.weights.dtype, f"weights of {fit.given}"
            expect(given, found == stays, f"dtype {stays}", found)
            fit.expect(*expected)
    X, y = (a.astype(int).tolist() for a in PLANE)
    if name == "predict_proba":
        expected = _sigmoid(PLANE[0] @ [2, -1] + 1)
        close = {"rtol": 1e-12, "dtype": "float64"}
        expect_result(function, X, [2, -1], 1, expected=expected, **close)
    else:
        _fit(function, X, y, 1, 2).expect(*_descend(*PLANE, 1, 2))
        _fit(function, X, y).expect(*_descend(*PLANE, 0.1, 1000))


@production("fit_logistic", "predict_proba")
def degenerate_sizes(function: Function, name: str) -> None:
    """steps = 0 gives zeros, d = 0 a bias only; n = 0 has no fit.

    What is the mean of an empty array? And how many probabilities do you
    return for no rows?
    """
    none, ones = np.empty((4, 0)), np.array([1.0, 1, 1, 0])
    for d in (0, 2):
        X, weights = np.empty((0, d)), np.ones(d)
        if name == "predict_proba":
            expect_result(function, X, weights, 0.5, expected=np.empty(0))
        else:
            expect_error(function, X, np.empty(0), error=ValueError)
            args = X, np.empty(0), 0.1, 0
            expect_error(function, *args, error=ValueError)
    if name == "predict_proba":
        expected, no = np.full(4, 0.5), np.empty(0)
        expect_result(function, none, no, 0.0, expected=expected)
    else:
        _fit(function, none, ones, 1.0, 200).expect([], math.log(3))
        _fit(function, *PLANE, 0.1, 0).expect([0, 0], 0)
        _fit(function, PLANE[0][:1], ones[:1], 0.1, 1).expect(
            [0.05, 0.1], 0.05
        )


@production("fit_logistic", "predict_proba")
def bad_input_is_refused(function: Function, name: str) -> None:
    """Wrong labels, shapes or numbers raise ValueError, text TypeError.

    What do labels of -1 and 1 lead to, and what a y of shape (n, 1)? A
    row with NaN has no label: what does one do to all the weights?
    """
    X, y = PLANE
    if name == "predict_proba":
        weights = np.array([2.0, -1])
        args: tuple[Any, ...]
        for args in (
            (X, weights[:, None], 0.5),
            (X, weights[:1], 0.5),
            (X, weights[0], 0.5),
            (X[0], weights, 0.5),
            (X[None], weights, 0.5),
            (X, weights, np.ones(7)),
            (X, weights, np.ones(1)),
        ):
            expect_error(function, *args, error=ValueError)
        rows = np.array([[np.nan, 1], [0, 0], [np.inf, np.inf]])
        expected = [np.nan, 0.5, np.nan]
        args = rows, np.array([1.0, -1]), 0.0
        expect_result(function, *args, expected=expected)
        for args in (
            ("a", weights, 0),
            (X, ["1"] * 2, 0),
            (X, weights, 1j),
        ):
            expect_error(function, *args, error=TypeError)
        return
    for label in (-1, 2, 0.5, np.nan, np.inf):
        one = np.append(y[:6], label)
        expect_error(function, X, one, error=ValueError)
    for a, b in (
        (X, y[:, None]),
        (X, y[:6]),
        (X, y[:1]),
        (X, y[0]),
        (X[:, 0], y),
        (X[None], y[:1]),
    ):
        expect_error(function, a, b, error=ValueError)
    for value in (np.nan, np.inf, -np.inf):
        a = np.where(X == 2, value, X)
        expect_error(function, a, y, error=ValueError)
    for options in (
        (0, 9),
        (-0.1, 9),
        (math.nan, 9),
        (math.inf, 9),
        ([0.1], 9),
        (0.1, -1),
        (0.1, 9, -1e-9),
        (0.1, 9, math.nan),
        (0.1, 9, math.inf),
        (0.1, 9, [0.5, 0.5]),
    ):
        expect_error(function, X, y, *options, error=ValueError)
    for strange in (("0.1", 9), (0.1, -1.0), (0.1, 9, "1"), (1j, 9)):
        expect_error(function, X, y, *strange, error=TypeError)
    for a, b in ((X.astype(str), y), (X, y.astype(complex))):
        expect_error(function, a, b, error=TypeError)
