import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from handbook import checks
from handbook.checks import (
    Function,
    call,
    core,
    expect_close,
    expect_error,
    expect_result,
    production,
    real_array,
    spell,
)

LARGER_INPUT = {
    "layer_norm": lambda rng: (
        rng.standard_normal((7, 301, 129)),
        rng.standard_normal(129),
        rng.standard_normal(129),
    )
}
RNG = np.random.default_rng(0)
X = np.array([[0.0, 1], [2, 6]])
TOKENS = np.array([[[0.0, 2], [10, 30]]])  # (batch, tokens, d)


def _exact(X: Any, gamma: Any, beta: Any, eps: float = 1e-5) -> Any:
    """Return the definition's values, rounded from the root on."""
    result = []
    for row in np.reshape(X, (-1, np.shape(X)[-1])).tolist():
        x = [Fraction(value) for value in row]
        mean = sum(x, Fraction()) / len(x)
        var = sum(((a - mean) ** 2 for a in x), Fraction()) / len(x)
        root = _decimal(var + Fraction(eps)).sqrt()
        z = [float(_decimal(a - mean) / root) for a in x]
        result.append(np.multiply(z, gamma) + beta)
    return np.reshape(result, np.shape(X))


def _decimal(x: Fraction) -> Decimal:
    return Decimal(x.numerator) / x.denominator


def _plain(X: Any) -> tuple[Any, Any, Any]:
    """Return the arguments with gains of 1 and biases of 0."""
    d = X.shape[-1]
    return X, np.ones(d), np.zeros(d)


def _expect(layer_norm: Function, *args: Any, **close: Any) -> None:
    expect_result(layer_norm, *args, expected=_exact(*args), **close)


@core("layer_norm")
def last_axis(layer_norm: Function) -> None:
    """Each row along the last axis is normalised by itself.

    Which numbers belong to one token? Over which axis do you average, and
    which shape must the means have when you subtract them?
    """
    for A in (
        X,
        np.array([[1.0, 2, 4], [30, 10, 70], [-5, 5, 6]]),
        TOKENS,
        10 * RNG.standard_normal((4, 3)).round(2),
        10 * RNG.standard_normal((2, 3, 4)).round(2),
        np.array([1.0, 2, 4]),
        10 * RNG.standard_normal((2, 2, 2, 3)).round(2),
    ):
        args = _plain(A)
        given = spell(layer_norm, args, {})
        got = real_array(given, call(layer_norm, *args))
        expected = _exact(*args)
        # which variance is a check of its own
        other = expected * math.sqrt(1 - 1 / A.shape[-1])
        if got.shape != A.shape or not np.allclose(got, other, 0, 1e-3):
            expect_close(given, got, expected, atol=1e-3)


@core("layer_norm")
def population_variance(layer_norm: Function) -> None:
    """The sum of squared deviations is divided by d, not by d - 1.

    What is the variance of [1, 3] when you divide by 2, and when you divide
    by 1? What is the default of ddof, in NumPy and elsewhere?
    """
    for A in (np.array([[1.0, 3]]), np.array([[0.0, 3, 6], [4, 4, 1]])):
        _expect(layer_norm, *_plain(A), atol=1e-3)


@core("layer_norm")
def eps_inside_the_root(layer_norm: Function) -> None:
    """The divisor is sqrt(var + eps), with the eps that is passed.

    Is it the eps of the call? A row of ∓0.001 has the variance 1e-6, a
    tenth of 1e-5. What is the root of the sum, and what is the sum of the
    root and eps?
    """
    small = np.array([[-1e-3, 1e-3]])
    _expect(layer_norm, *_plain(small), atol=1e-4)
    for eps in (1.0, 1e-6):
        for A in (np.array([[1.0, 3]]), small):
            _expect(layer_norm, *_plain(A), eps, atol=1e-4)


@core("layer_norm")
def gain_and_bias_per_feature(layer_norm: Function) -> None:
    """gamma and beta have one entry per feature: they run along the rows.

    gamma has shape (d,). With which axis of X does NumPy align it? Is beta
    added before or after the division?
    """
    gamma, beta = np.array([1.0, 10]), np.array([5.0, -20])
    _expect(layer_norm, X, gamma, beta, atol=1e-3)
    for shape in ((3,), (3, 3), (2, 3), (2, 3, 3)):
        A = 10 * RNG.standard_normal(shape).round(2)
        gamma, beta = RNG.integers(-9, 9, (2, 3)).astype(float)
        _expect(layer_norm, A, gamma, beta, atol=1e-3)


@core("layer_norm")
def constant_row_gives_beta(layer_norm: Function) -> None:
    """A row of equal features becomes beta, not NaN.

    What is x minus the mean there, and what do you divide it by? What is
    left of the formula?
    """
    beta = np.array([4.0, -3, 0.5])
    for A in (
        np.array([[7.0, 7, 7], [1, 2, 6]]),
        np.zeros((1, 3)),
        np.full((2, 2, 3), -2.5),
    ):
        _expect(layer_norm, A, np.array([1.0, 2, 3]), beta, atol=1e-3)


vectorised = checks.vectorised(
    "No Python loop over rows or elements.",
    "One reduction gives all means. Along which axis does it go, however "
    "many axes lead?",
    {
        "layer_norm": [
            (_plain(np.ones((4, 4))), _plain(np.ones(shape)))
            for shape in ((404, 4), (4, 404))
        ]
    },
)
input_unchanged = checks.input_unchanged(
    {
        "layer_norm": [
            (A, np.array([1.0, 10]), np.array([5.0, -20]))
            for A in (X, TOKENS)
        ]
    }
)


@production("layer_norm")
def far_from_zero(layer_norm: Function) -> None:
    """The error is below 1e-6 for features of spread 1 around 1e8.

    The squares are near 1e16, and their spread is near 1. How many digits
    does float64 have, and which subtraction loses them?
    """
    offset = 1e8 + np.array([[0.0, 1, 2, 3]])
    _expect(layer_norm, *_plain(offset), atol=1e-6)
    rows = RNG.standard_normal((3, 768))
    _expect(layer_norm, *_plain(1e8 + rows), atol=1e-6)
    single = _plain((1000 + rows).astype("float32"))
    _expect(layer_norm, *single, atol=1e-3)


@production("layer_norm")
def any_magnitude(layer_norm: Function) -> None:
    """Rows of 1e200 are normalised, rows of 1e-200 divided by sqrt(eps).

    What is the square of 1e200? By what may you scale a row first, and
    what happens to eps then?
    """
    x, top = np.array([[1.0, 2, 4, -5]]), np.finfo("float64").max
    beside = [[1e200, 0, 0], [1, 2, 4], [top, -top, top], [1e-3, 0, 1e-3]]
    for A, rtol in (
        (x * 1e200, 1e-9),
        (x * 1e-200, 1e-9),
        (x[0] * 1e307, 1e-9),
        (np.array([beside, beside[::-1]]), 1e-9),
        ((x * 1e30).astype("float32"), 1e-5),
        ((x * 5e37).astype("float32"), 1e-5),
        ((x * 1e-30).astype("float32"), 1e-5),
    ):
        _expect(layer_norm, *_plain(A), rtol=rtol)
    for A in (x * 1e150, x * 1e160, x * 1e200):  # an eps that counts
        _expect(layer_norm, *_plain(A), 1e300, rtol=1e-9)
    _expect(layer_norm, *_plain(np.full((2, 3), 1e300)), rtol=1e-9)


@production("layer_norm")
def any_real_dtype(layer_norm: Function) -> None:
    """The result has X's dtype, whatever gamma's; integers give float64.

    gamma may be float64. Which dtype does its product with a float32 row
    have? And is the mean of three equal float32 numbers that number?
    """
    for dtype, row in (
        ("int8", [-128, 127, 3]),
        ("uint8", [0, 255, 7]),
        ("int64", [-(2**63), 2**62, 1]),
        ("uint64", [2**64 - 1, 0, 1]),
        ("bool", [0, 1, 1]),
        ("float16", [-300, 300, 600]),
        ("float32", [3, -4, 5]),
        ("float64", [3, -4, 5]),
    ):
        kept = dtype if dtype.startswith("float") else "float64"
        for other in ("float32", "float64", "int64"):
            gamma = np.array([1, 2, -3], other)
            args = np.array([row, row], dtype), gamma, gamma[::-1].copy()
            _expect(layer_norm, *args, atol=4e-3, dtype=kept)
    _expect(layer_norm, [[1, 3], [2, 2]], [1, 2], [0, 1], atol=1e-4)
    rows = np.full((2, 3), np.float32(12345.678))  # a sum that is rounded
    _expect(layer_norm, *_plain(rows), dtype="float32")


@production("layer_norm")
def nan_stays_in_its_row(layer_norm: Function) -> None:
    """A row that holds NaN or infinity becomes NaN, and no other row does.

    Does any number of yours belong to all rows together? And what is the
    infinity minus the mean of its row?
    """
    for bad in ([np.nan, 1, 2], [1, np.inf, 2], [-np.inf, np.inf, np.nan]):
        A = np.array([[3.0, 4, 8], bad, [1e200, 2e200, 0]])
        args = _plain(np.where(np.isfinite(A), A, 0))
        expected = _exact(*args)
        expected[1] = np.nan
        expect_result(
            layer_norm, A, *args[1:], expected=expected, atol=1e-6
        )


@production("layer_norm")
def empty_leading_axes(layer_norm: Function) -> None:
    """A batch without rows gives an empty result, d = 0 a ValueError.

    Which reductions of NumPy fail on an axis of length 0? What is the mean
    of no features?
    """
    for shape in ((0, 3), (2, 0, 3), (0, 0, 1)):
        A = np.empty(shape)
        expect_result(layer_norm, *_plain(A), expected=A)
    for A in (np.empty((3, 0)), np.empty(0), np.empty((0, 0))):
        expect_error(layer_norm, *_plain(A), error=ValueError)


@production("layer_norm")
def bad_input_is_refused(layer_norm: Function) -> None:
    """gamma or beta that is not (d,) and eps <= 0 are a ValueError.

    A gamma of shape (n, 1) or (1,) broadcasts in silence. Who notices? And
    what does an eps of 0 make of a constant row?
    """
    one, zero = np.ones(2), np.zeros(2)
    for wrong in (np.ones((2, 1)), np.ones(1), np.ones(3), np.ones((2, 2))):
        expect_error(layer_norm, X, wrong, zero, error=ValueError)
        expect_error(layer_norm, X, one, wrong, error=ValueError)
    for eps in (0.0, -1e-5, np.nan, np.inf):
        expect_error(layer_norm, X, one, zero, eps, error=ValueError)
    expect_error(layer_norm, np.float64(3), one, zero, error=ValueError)
    text = np.array([["a", "b"]])
    expect_error(layer_norm, text, one, zero, error=TypeError)
    expect_error(layer_norm, X, one, zero, "1e-5", error=TypeError)
