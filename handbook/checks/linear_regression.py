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

# columns and targets that sum to 0, so that the bias is 0
X0 = np.array([[-2.0, -1], [-1, -2], [0, 0], [1, 1], [2, 2]])
W0, Y0 = np.array([2.0, -1]), np.array([-2.0, 1, -4, 2, 3])
LINE = np.array([[0.0], [1], [2], [3]]), np.array([1.0, 3, 5, 7])


def _larger(rng: np.random.Generator) -> tuple[Any, Any]:
    """Return samples of a plane with noise as large as the plane."""
    X = rng.standard_normal((40_959, 7))
    return X, X @ np.arange(7) + 3 + 10 * rng.standard_normal(len(X))


LARGER_INPUT = {"fit_linear": _larger}


def _larger_result(given: str, got: Any) -> None:
    """Expect the fit of LAPACK with a column of ones."""
    X, y = _larger(np.random.default_rng(0))
    *weights, bias = np.linalg.lstsq(np.c_[X, np.ones(len(X))], y)[0]
    Fit(given, got, 7).expect(weights, bias)


LARGER_RESULT = {"fit_linear": _larger_result}


class Fit:
    """The parts of a fit of d weights."""

    def __init__(self, given: str, result: Any, d: int) -> None:
        hint = "What does the statement ask for, and of which shapes?"
        if not (isinstance(result, tuple | list) and len(result) == 2):
            raise Broken(given, "weights and bias", show(result), hint)
        self.given = given
        self.weights = real_array(f"weights of {given}", result[0])
        bias = real_array(f"bias of {given}", result[1])
        for name, array, fits, said in (
            (
                "weights",
                self.weights,
                self.weights.shape == (d,),
                f"({d},)",
            ),
            ("bias", bias, bias.size == 1, "()"),
        ):
            if not fits:
                got = f"shape {array.shape}"
                raise Broken(
                    f"{name} of {given}", f"shape {said}", got, hint
                )
        self.bias = float(bias.item())

    def expect(
        self,
        weights: Any,
        bias: float,
        rtol: float = 1e-6,
        atol: float = 1e-6,
    ) -> None:
        expect_close(
            f"weights of {self.given}", self.weights, weights, rtol, atol
        )
        expect_close(f"bias of {self.given}", self.bias, bias, rtol, atol)


def _fit(function: Function, X: Any, y: Any, *l2: float) -> Fit:
    given = spell(function, (X, y, *l2), {})
    return Fit(given, call(function, X, y, *l2), np.shape(X)[1])


@core("fit_linear")
def least_squares(fit_linear: Function) -> None:
    """Weights and bias minimise the sum of squared errors, d = 1 included.

    Which vector is at right angles to every column of X at the minimum?
    Are your weights of shape (d,), for one column too?
    """
    _fit(fit_linear, X0[:, :1], Y0).expect([1.1], 0)
    _fit(fit_linear, X0, Y0).expect(W0, 0)
    rng = np.random.default_rng(0)
    X, y = rng.standard_normal((12, 4)), rng.standard_normal(12)
    X, y = X - X.mean(axis=0), y - y.mean()
    _fit(fit_linear, X, y).expect(np.linalg.lstsq(X, y)[0], 0)


@core("fit_linear")
def bias_is_fitted(fit_linear: Function) -> None:
    """Adding 10 to X and 100 to y changes the bias, and no weight.

    Does the line have to pass through the origin? Are weights and bias
    found together, or the bias from what other weights leave over?
    """
    _fit(fit_linear, *LINE).expect([2], 1)
    _fit(fit_linear, X0, Y0 + 100).expect(W0, 100)
    _fit(fit_linear, X0 + 10, Y0 + 100).expect(W0, 90)


@core("fit_linear")
def ridge_on_the_sum(fit_linear: Function) -> None:
    """The penalty l2·‖w‖² is added to the sum of the squared errors.

    Divide neither term by n. If you append rows to X: which number times
    the identity adds l2·‖w‖² to the sum of squares?
    """
    X = X0[:, :1]  # X.T @ X is 10, X.T @ Y0 is 11
    _fit(fit_linear, X, Y0, 5.0).expect([11 / 15], 0)
    _fit(fit_linear, X, Y0, 0.1).expect([11 / 10.1], 0)
    # of [[10, 9], [9, 10]] and [11, 8], with 9 added to the diagonal
    expected = np.array([11 * 19 - 8 * 9, 8 * 19 - 11 * 9]) / (19**2 - 9**2)
    _fit(fit_linear, X0, Y0, 9.0).expect(expected, 0)


@core("fit_linear")
def bias_unpenalised(fit_linear: Function) -> None:
    """With l2 = 1e9 the weights are almost 0, the bias the mean of y.

    Which of your columns does the penalty meet: that of the ones, too?
    Which bias is best if all weights are 0?
    """
    _fit(fit_linear, *LINE, 5.0).expect([1], 2.5)
    _fit(fit_linear, *LINE, 1e9).expect([0], 4)
    _fit(fit_linear, X0 + 10, Y0 + 100, 1e9).expect([0, 0], 100)


input_unchanged = checks.input_unchanged(
    {"fit_linear": [(X0 + 10, Y0 + 100, 0.5)]}
)


@production("fit_linear")
def collinear_columns(fit_linear: Function) -> None:
    """Predictions are right for collinear columns, and for d > n.

    A column is twice another, or the columns are one-hot. What is the rank
    of X.T @ X then? Which solver of NumPy needs no full rank?
    """
    x, y = LINE
    groups = np.repeat([0, 1, 2], 4)
    rng = np.random.default_rng(1)
    noise, full = rng.standard_normal(30), rng.standard_normal((30, 3))
    few, wide = rng.standard_normal(3), rng.standard_normal((3, 5))
    ones = np.c_[full, np.ones(30)]
    best = ones @ np.linalg.lstsq(ones, noise)[0]
    for X, targets, expected in (
        (x * [1, 2], y, y),
        (np.eye(3)[groups], noise[:12], _means(noise[:12])[groups]),
        (wide, few, few),
        (np.c_[full, full[:, 0] + full[:, 1]], noise, best),
        (np.c_[full, np.full(30, 0.1)], noise, best),
    ):
        fit = _fit(fit_linear, X, targets)
        found = X @ fit.weights + fit.bias
        expect_close(
            f"predictions of {fit.given}", found, expected, 0, 1e-6
        )


def _means(y: Any) -> Any:
    """Return the means of the groups of four."""
    return y.reshape(-1, 4).mean(axis=1)


@production("fit_linear")
def smallest_weights(fit_linear: Function) -> None:
    """Of several minimisers at l2 = 0, the weights of smallest norm.

    The bias does not count, so a constant column gets the weight 0. What
    does a mean that is off by one rounding make of such a column?
    """
    x, y = LINE
    _fit(fit_linear, x * [1, 2], y).expect([0.4, 0.8], 1)
    means = _means(np.arange(12.0) ** 2)
    X, middle = np.eye(3)[np.repeat([0, 1, 2], 4)], means.mean()
    fit = _fit(fit_linear, X, np.arange(12.0) ** 2)
    fit.expect(means - middle, middle)
    rng = np.random.default_rng(2)
    X, y = rng.standard_normal((5, 8)), rng.standard_normal(5)
    weights = np.linalg.pinv(X - X.mean(axis=0)) @ (y - y.mean())
    bias = y.mean() - X.mean(axis=0) @ weights
    _fit(fit_linear, X, y).expect(weights, bias)
    for n, constant in ((50, 12345.678), (1000, 1e8 + 0.1), (1000, 1 / 3)):
        x, noise = rng.standard_normal((2, n))
        X = np.c_[x, np.full(n, constant)]
        _fit(fit_linear, X, 2 * x + 1).expect([2, 0], 1, 1e-9, 1e-9)
        _fit(fit_linear, X[:, 1:], noise).expect([0], noise.mean())


@production("fit_linear")
def ill_conditioned(fit_linear: Function) -> None:
    """At condition 1e8, or 1e8 from the origin, weights have six digits.

    What is the condition number of X.T @ X if that of X is 1e8? How long
    is a column 1e8 from the origin beside what varies in it?
    """
    weights = np.array([1.0, -2, 0.5, 3, -1])
    rng = np.random.default_rng(3)
    U, V = (np.linalg.qr(rng.standard_normal((n, 5)))[0] for n in (200, 5))
    Z = U * np.geomspace(1, 1e-8, 5) @ V.T
    whole = rng.integers(-50, 50, (200, 5)).astype(float)
    for given, X, y in (
        ("with a condition number of 1e8", Z, Z @ weights + 1),
        ("1e8 from the origin", 1e8 + whole, whole @ weights + 1),
    ):
        fit = _fit(fit_linear, X, y)
        error = np.linalg.norm(fit.weights - weights)
        error /= np.linalg.norm(weights)
        said = "a relative error of the weights below 1e-6"
        expect(f"{fit.given}, X {given}", error < 1e-6, said, error)


@production("fit_linear")
def any_units(fit_linear: Function) -> None:
    """X or y may be 1e160 times as large or as small.

    What is the square of 1e160, and that of 1e-160? Is any number of yours
    absolute, such as a tolerance or a 1e-8 in a denominator?
    """
    for scale in (1e160, 1e-160, 1e100, 1e-20):
        fit = _fit(fit_linear, scale * (X0 + 10), Y0 + 100)
        fit.weights = scale * fit.weights
        fit.expect(W0, 90)
        for l2, expected in ((0.0, ([2], 1)), (5.0, ([1], 2.5))):
            fit = _fit(fit_linear, LINE[0], scale * LINE[1], l2)
            fit.weights, fit.bias = fit.weights / scale, fit.bias / scale
            fit.expect(*expected)


@production("fit_linear")
def any_real_dtype(fit_linear: Function) -> None:
    """float16 and float32 stay, integers become float64.

    A float32 sum of two columns is rounded. Which singular value does that
    make out of 0, and what is its inverse? May X be a list?
    """
    rows, targets = [[0, 0], [0, 100], [100, 0], [100, 100]], [1, 3, 3, 9]
    for dtypes in ("ff", "df", "fd", "dd", "?d", "bb", "Bf", "lB", "Qd"):
        X, y = np.array(rows, dtypes[0]), np.array(targets, dtypes[1])
        A = np.c_[X.astype(float), np.ones(4)]
        *weights, bias = np.linalg.lstsq(A, y.astype(float))[0]
        fit = _fit(fit_linear, X, y)
        _expect_dtype(fit, "float32" if dtypes == "ff" else "float64")
        fit.expect(weights, bias, 1e-5, 1e-5)
    _fit(fit_linear, rows, targets).expect([0.04, 0.04], 0)
    X = np.array([[-6e4], [6e4]], "float16")  # their difference is inf
    fit = _fit(fit_linear, X, X[:, 0] / 2)
    _expect_dtype(fit, "float16")
    fit.expect([0.5], 0)
    rng = np.random.default_rng(4)
    Z = rng.standard_normal((40, 3)).astype("float32")
    X = np.c_[Z[:, :2], Z[:, 0] + Z[:, 1]]  # in float64 of rank 3
    y = X.sum(axis=1) + Z[:, 2]
    centred = X.astype(float) - X.mean(axis=0, dtype=float)
    weights = np.linalg.pinv(centred, rcond=1e-4) @ (y - y.mean())
    fit = _fit(fit_linear, X, y)
    expect_close(f"weights of {fit.given}", fit.weights, weights, 0, 1e-3)


def _expect_dtype(fit: Fit, dtype: str) -> None:
    found = fit.weights.dtype
    expect(
        f"weights of {fit.given}", found == dtype, f"dtype {dtype}", found
    )


@production("fit_linear")
def degenerate_sizes(fit_linear: Function) -> None:
    """n = 1 and d = 0 leave the bias to be fitted; n = 0 is a ValueError.

    Which weights are the smallest if there is one sample? What is the mean
    of no sample?
    """
    one, many = np.array([[3.0, 4]]), np.empty((3, 0))
    _fit(fit_linear, one, np.array([7.0])).expect([0, 0], 7)
    _fit(fit_linear, one, np.array([7.0]), 2.0).expect([0, 0], 7)
    _fit(fit_linear, many, np.array([1.0, 2, 6])).expect([], 3)
    for d in (2, 1, 0):
        X = np.empty((0, d))
        expect_error(fit_linear, X, np.empty(0), error=ValueError)


@production("fit_linear")
def bad_input_is_refused(fit_linear: Function) -> None:
    """Wrong shapes, NaN or l2 < 0 raise ValueError, wrong kinds TypeError.

    What does a y of shape (n, 1) lead to in your code, and what l2=-1? Is
    NaN among the weights a message that anybody understands?
    """
    X, y = np.eye(4)[:, :2], np.arange(4.0)
    for a, b in (
        (X, y[:, None]),
        (X, y[:3]),
        (X, y[:1]),
        (X, y[0]),
        (y, y),
        (X[None], y[:1]),
        (np.ones((4, 2, 2)), y),
        (y[0], y[0]),
    ):
        expect_error(fit_linear, a, b, error=ValueError)
    for value in (np.nan, np.inf, -np.inf):
        bad = np.array([0, value, 1, 2])
        expect_error(fit_linear, X, bad, error=ValueError)
        expect_error(fit_linear, bad[:, None], y, error=ValueError)
    for l2 in (-1, -1e-9, np.nan, np.inf, -np.inf):
        for columns in (X, X[:, :0]):  # where nothing else complains
            expect_error(fit_linear, columns, y, l2, error=ValueError)
    for text in ("0.1", None, 1j):
        expect_error(fit_linear, X, y, text, error=TypeError)
    for dtype in ("str", "complex128", "object", "M8[D]"):
        strange = X.astype(int).astype(dtype)
        expect_error(fit_linear, strange, y, error=TypeError)
        expect_error(fit_linear, X, strange[:, 0], error=TypeError)
