import math
from decimal import Context, Decimal, localcontext
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

CURVES = "sigmoid", "sigmoid_derivative"
LOSS = "binary_cross_entropy"
N = 200_003
LARGER_INPUT = {
    **dict.fromkeys(CURVES, lambda rng: (5 * rng.standard_normal(N),)),
    LOSS: lambda rng: (rng.integers(0, 2, N), 5 * rng.standard_normal(N)),
}
LOGITS = np.array([-2.0, 0.5, 3, -0.25, 1, -4])
NEAR = np.linspace(1, 3, 404)
INTEGERS: dict[str, list[int]] = {
    "uint8": [1, 0, 5, 255],
    "int8": [-128, -2, 0, 1, 127],
    "bool": [0, 1],
    "int64": [-(2**63), -2, 0, 1, 2**63 - 1],
    "uint64": [0, 1, 5, 2**64 - 1],
}


def _args(name: str, z: Any) -> tuple[Any, ...]:
    """Return the arguments of a call; the labels are 0 and 1 in turn."""
    if name != LOSS:
        return (z,)
    return np.resize([0, 1], z.shape).astype(z.dtype), z


def _result(function: Function, *args: Any) -> Any:
    """Return real numbers: one for each logit, or one loss for all."""
    given = spell(function, args, {})
    got = real_array(given, call(function, *args))
    if len(args) == 2:
        expect(given, got.shape == (), "one number", got)
    else:
        shape = np.shape(args[0])
        expect(given, got.shape == shape, f"shape {shape}", got.shape)
    return got


def _exact(name: str, *args: Any) -> Any:
    """Return the definition's values, or their mean: the loss."""
    pairs = zip(np.ravel(args[0]), np.ravel(args[-1]), strict=True)
    values = []
    with localcontext(Context(prec=40)):
        for y, x in (map(Decimal, map(float, pair)) for pair in pairs):
            s, rest = 1 / (1 + (-x).exp()), 1 / (1 + x.exp())  # is 1 - s
            if name == LOSS:
                values.append(-y * s.ln() - (1 - y) * rest.ln())
            else:  # y is x
                values.append(s if name == "sigmoid" else s * rest)
        if name == LOSS:
            return float(sum(values) / len(values))
    return np.array(values, float).reshape(np.shape(args[0]))


def _expect(function: Function, name: str, *args: Any, **close: Any) -> Any:
    """Expect the definition's result, and return the function's."""
    got, given = _result(function, *args), spell(function, args, {})
    expect_close(given, got, _exact(name, *args), **close)
    return got


@core(*CURVES)
def right_values(function: Function, name: str) -> None:
    """Logits from -30 to 30 give the right values, to within 1e-9.

    By hand: at z = 1 the sigmoid is 0.7311 and its slope 0.1966. Is your
    argument the logit, and does each result stand in its logit's place?
    """
    _expect(function, name, np.array([1.0, 0, -1]), atol=1e-9)
    for z in np.linspace(30, -30, 121).reshape(11, 11):
        _expect(function, name, z, atol=1e-9)


@core(LOSS)
def mean_loss(binary_cross_entropy: Function) -> None:
    """The loss is the mean of -log s if y is 1, of -log(1 - s) if y is 0.

    By hand: label 1 with logit 2 costs 0.1269, label 0 with logit -1 costs
    0.3133. Is your argument the logit, and what do you divide by?
    """
    y, z = np.array([1, 0, 1, 0]), np.array([2, -1, 0.5, -2])
    _expect(binary_cross_entropy, LOSS, y, z, atol=1e-6)
    y = np.array([0, 1, 0, 0, 1, 0, 0])
    z = np.array([0.5, 3, -4, 6, -1, -0.25, 0])
    _expect(binary_cross_entropy, LOSS, y, z, atol=1e-6)


@core(LOSS)
def confident_mistakes(binary_cross_entropy: Function) -> None:
    """A wrong logit of 40 or 1000 costs 40 or 1000, a right one nothing.

    What is log(1 - s) once s has been rounded to 1, or kept below it? Put
    the sigmoid into the logarithm on paper first.
    """
    y = np.array([0, 1])
    for size in (40.0, 1000.0):
        z = np.array([size, -size])
        expect_result(binary_cross_entropy, y, z, expected=size, atol=1e-6)
        expect_result(binary_cross_entropy, 1 - y, z, expected=0, atol=1e-6)


@core(*CURVES, LOSS, silent=True)
def no_warning(function: Function, name: str) -> None:
    """Logits of 1000 and -1000 give finite numbers, and no warning.

    Which exponential overflows, and for which sign of z? How many of its
    arguments does np.where compute?
    """
    args = _args(name, np.repeat([-1000.0, 0, 1000], 2))
    got = _result(function, *args)
    finite = np.isfinite(got).all()
    expect(spell(function, args, {}), finite, "finite numbers", got)


@core(*CURVES)
def symmetric(function: Function, name: str) -> None:
    """s(-z) is 1 - s(z), and the slope is the same at z and -z.

    Draw both curves. Which values do they approach far from 0, on the left
    and on the right?
    """
    z = np.array([0.5, 2, 40, 100, 1000])
    left = _expect(function, name, -z, atol=1e-9)
    expected = 1 - left if name == "sigmoid" else left
    expect_result(function, z, expected=expected, atol=1e-9)


vectorised = checks.vectorised(
    "No Python loop over the logits.",
    "Each step for one number is a NumPy call for an array. Which call "
    "selects between two numbers, and which adds them up?",
    {
        name: [
            (_args(name, side[:4]), _args(name, side))
            for side in (NEAR, -NEAR)
        ]
        for name in (*CURVES, LOSS)
    },
)


input_unchanged = checks.input_unchanged(
    {
        name: [_args(name, np.array([-1000.0, -1, 0, 1, 1000]))]
        for name in (*CURVES, LOSS)
    }
)


@production(*CURVES)
def right_in_both_tails(function: Function, name: str) -> None:
    """Small results have their digits, down to the smallest float.

    The logarithm of a probability is next. How many digits has yours at
    z = -40, and its slope at z = 40? What is 1 / inf at z = -740?
    """
    near, far = [0.5, 1, 2, 5, 10, 17, 30], [33.3, 37, 40, 100.5, 300]
    for z in map(np.array, ([0, 1e-9], near, far, [700, 708])):
        _expect(function, name, z, rtol=1e-14)
        _expect(function, name, -z, rtol=1e-14)
    # digits get lost there: two steps of the smallest float are allowed
    z = np.array([-720, -740, -745, 720, 740, 745.0])
    got = _expect(function, name, z, rtol=1e-14, atol=1e-323)
    inside, given = (got > 0) & (got <= 1), spell(function, (z,), {})
    expect(given, inside.all(), "more than 0, at most 1", got)


@production(*CURVES, LOSS)
def any_shape(function: Function, name: str) -> None:
    """Logits may be a number, a list or an array of any shape.

    What does your code ask of its arguments that a float, a list or a
    matrix does not have? What if no logit is left?
    """
    shapes = (6,), (2, 3), (6, 1), (1, 3, 2)
    inputs = [*map(LOGITS.reshape, shapes), *map(np.array, LOGITS)]
    if name != LOSS:
        inputs += [np.empty(0), np.empty((3, 0))]
    for z in inputs:
        args = _args(name, z)
        _expect(function, name, *args, atol=1e-6)
        _expect(function, name, *(a.tolist() for a in args), atol=1e-6)


@production(*CURVES, LOSS)
def any_real_dtype(function: Function, name: str) -> None:
    """Integers and bools count as float64; sigmoid and slope keep float32.

    Quantised logits arrive as uint8. What is -z there, and what is exp of
    it? Which dtype does np.result_type(z, 1.0) name?
    """
    for dtype, values in INTEGERS.items():
        for x in values:
            args = _args(name, np.array([x, x], dtype))
            close: Any = {"rtol": 1e-9, "atol": 1e-12, "dtype": "float64"}
            expected = _result(function, *(a.astype(float) for a in args))
            expect_result(function, *args, expected=expected, **close)
    for dtype in ("float32", "float64") if name != LOSS else ():
        z, close = LOGITS.astype(dtype), {"atol": 1e-5, "dtype": dtype}
        expect_result(function, z, expected=_exact(name, z), **close)


@production(LOSS)
def loss_in_float64(binary_cross_entropy: Function) -> None:
    """The loss is a Python float, computed in float64 from float32, too.

    In which dtype do you add the losses of a million float32 logits? What
    does repr show for the number that you return?
    """
    rng = np.random.default_rng(0)
    y, z = rng.integers(0, 2, (3, 4)), 2 * rng.standard_normal((3, 4))
    for dtype in ("float32", "float64"):
        args = y.astype(dtype), z.astype(dtype)
        _expect(binary_cross_entropy, LOSS, *args, rtol=1e-12)
        loss = call(binary_cross_entropy, *args)
        given = f"type of {spell(binary_cross_entropy, args, {})}"
        expect(given, type(loss) is float, "float", type(loss))


@production(*CURVES)
def nan_and_infinity(function: Function, name: str) -> None:
    """NaN stays NaN, an infinite logit gives the limit, and none warns.

    What is NaN >= 0, and what NaN < 0? Where is inf / inf in your formula?
    """
    limits = [0.5, 0, 1] if name == "sigmoid" else [0.25, 0, 0]
    for dtype in ("float64", "float32"):
        z = np.array([np.nan, 0, -np.inf, np.inf], dtype)
        expect_result(function, z, expected=[np.nan, *limits], atol=1e-6)


@production(*CURVES, LOSS)
def real_numbers_only(function: Function, name: str) -> None:
    """Text and complex numbers raise TypeError.

    A column of a CSV file arrives as text. Does your code take "1" for 1?
    And what does it return for 1j?
    """
    one = np.array([1.0])
    for wrong in map(np.array, (["a"], ["1"], [1j])):
        pairs = (wrong, one), (one, wrong)
        for args in pairs if name == LOSS else [(wrong,)]:
            expect_error(function, *args, error=TypeError)


@production(LOSS)
def soft_targets(binary_cross_entropy: Function) -> None:
    """Targets may be probabilities between 0 and 1.

    Smoothed labels are 0.05 and 0.95. Do you select a logarithm, or do you
    weigh both?
    """
    y = np.array([0.05, 0.95, 0.125, 0.3, 0.5, 1])
    _expect(binary_cross_entropy, LOSS, y, LOGITS, rtol=1e-9)


@production(LOSS)
def targets_in_range(binary_cross_entropy: Function) -> None:
    """A target outside 0 to 1, or NaN, raises ValueError.

    Labels of -1 and 1 are in use, and masks of 0 and 255: would you notice
    them? Which comparison is true for NaN?
    """
    z = np.array([0.5, -1])
    above, below = np.nextafter(1, 2), -1e-300
    for wrong in (-1, 2, 255, above, below, math.nan, math.inf, -math.inf):
        for y in (np.array([1, wrong]), np.array([wrong, 0])):
            expect_error(binary_cross_entropy, y, z, error=ValueError)


@production(LOSS)
def one_shape(binary_cross_entropy: Function) -> None:
    """Two shapes, or no element at all, raise ValueError.

    A network returns (n, 1), labels are (n,). What does broadcasting make
    of the two, and what is the mean of nothing?
    """
    matrices = [(6,), (6, 1)], [(1, 6), (6,)], [(2, 3), (3, 2)]
    vectors = [(1,), (4,)], [(4,), (1,)], [(), (1,)], [(3,), (4,)]
    empty = [(0,), (0,)], [(3, 0), (3, 0)], [(0,), (1,)]
    for a, b in (*matrices, *vectors, *empty):
        y, z = np.zeros(a), np.ones(b)
        expect_error(binary_cross_entropy, y, z, error=ValueError)


@production(*CURVES, LOSS)
def extreme_logits(function: Function, name: str) -> None:
    """Logits up to 1e308 give the right result, and no warning.

    If each of two losses is 1e308, what is their sum, and what their mean?
    Does any step of yours square a logit or its exponential?
    """
    for dtype, largest in (("float64", 1e308), ("float32", 3e38)):
        for size in (-100, 100, -1000, 1000, -largest, largest):
            z = np.full(6, size, dtype)
            args: tuple[Any, ...] = (z,)
            expected: Any = [float(name == "sigmoid" and size > 0)] * 6
            if name == LOSS:
                args = np.array([0, 0, 0.5, 0.5, 1, 1]), z
                expected = abs(float(z[0])) / 2
            close: Any = {"rtol": 1e-9, "atol": 1e-6}
            expect_result(function, *args, expected=expected, **close)
