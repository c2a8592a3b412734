import math
from decimal import Context, Decimal, localcontext
from typing import Any

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
    spell,
)

TITLE, DIFFICULTY = "Sigmoid and binary cross-entropy", "medium"
LARGER_INPUT = {
    "sigmoid": lambda rng: (5 * rng.standard_normal(200_000),),
    "sigmoid_derivative": lambda rng: (5 * rng.standard_normal(200_000),),
    "binary_cross_entropy": lambda rng: (
        rng.integers(0, 2, 200_000),
        5 * rng.standard_normal(200_000),
    ),
}
WARN = {"all": "warn", "under": "ignore"}
LOGITS = np.array([-2.0, 0.5, 3, -0.25, 1, -4])
LABELS = np.array([1.0, 0, 1, 0, 0, 1])
INTEGERS: dict[str, list[int]] = {
    "bool": [0, 1],
    "int8": [-128, -2, 0, 1, 127],
    "uint8": [0, 1, 5, 255],
    "int64": [-(2**63), -2, 0, 1, 2**63 - 1],
    "uint64": [0, 1, 5, 2**64 - 1],
}


def _numbers(function: Function, *args: Any, **handling: Any) -> Any:
    """Return what a call does, real numbers; by default it may warn."""
    given = spell(function, args, {})
    with np.errstate(**(handling or {"all": "ignore"})):
        return as_array(given, call(function, *args))


def _result(function: Function, z: Any, **handling: Any) -> Any:
    """Return numbers of the shape of z."""
    got, shape = _numbers(function, z, **handling), np.shape(z)
    given = spell(function, (z,), {})
    holds(given, got.shape == shape, f"shape {shape}", got.shape)
    return got


def _loss(function: Function, y: Any, z: Any, **handling: Any) -> Any:
    """Return one number."""
    got = _numbers(function, y, z, **handling)
    holds(spell(function, (y, z), {}), got.shape == (), "one number", got)
    return got


def _exact(z: float) -> tuple[float, float]:
    """Return s and s * (1 - s), with digits enough for the difference."""
    with localcontext(Context(prec=350)):
        s = 1 / (1 + (-Decimal(z)).exp())
        return float(s), float(s * (1 - s))


def _mean_loss(y: Any, z: Any) -> float:
    """Return the loss by its definition; for small logits only."""
    losses = []
    for target, logit in zip(np.ravel(y), np.ravel(z), strict=True):
        s = 1 / (1 + math.exp(-float(logit)))
        wrong = 1 - float(target)
        losses.append(
            -float(target) * math.log(s) - wrong * math.log(1 - s)
        )
    return math.fsum(losses) / len(losses)


def _right_in_both_tails(function: Function, which: int) -> None:
    left = [-708.0, -700, -300, -100.5, -40, -37, -33.3, -30, -17, -10]
    near = [-5.0, -2, -1, -0.5, -1e-9, 0, 1e-9, 0.5, 1, 2, 5]
    z = np.array([*left, *near, *(-x for x in left)])
    for x, got in zip(z.tolist(), _result(function, z), strict=True):
        alike(spell(function, (x,), {}), got, _exact(x)[which], rtol=1e-14)
    # digits get lost there: two steps of the smallest float are allowed
    z = np.array([-720, -740, -745, 720, 740, 745.0])
    for x, got in zip(z.tolist(), _result(function, z), strict=True):
        given, expected = spell(function, (x,), {}), _exact(x)[which]
        alike(given, got, expected, rtol=1e-14, atol=1e-323)
        holds(given, got > 0, "more than 0", got)


def right_in_both_tails_of_sigmoid(sigmoid: Function) -> None:
    """A small probability has its digits, down to the smallest float.

    What does your formula add to something far larger at z = -40, and what
    is 1 / inf at z = -740?
    """
    _right_in_both_tails(sigmoid, 0)


def right_in_both_tails_of_sigmoid_derivative(
    sigmoid_derivative: Function,
) -> None:
    """A small slope has its digits, on the left and on the right.

    What is 1 - s at z = 40? Which other value of the sigmoid equals it?
    """
    _right_in_both_tails(sigmoid_derivative, 1)


def symmetric_of_sigmoid(sigmoid: Function) -> None:
    """s(-z) is 1 - s(z) to rounding, and s lies in [0, 1].

    Draw the curve: about which point is it symmetric? Which of your
    branches disagrees at z = 1 and z = -1?
    """
    z = np.concatenate([np.linspace(0, 40, 81), [1e-9, 100, 800]])
    left, right = _result(sigmoid, -z), _result(sigmoid, z)
    given = spell(sigmoid, (z,), {})
    for s in (left, right):
        inside = ((s >= 0) & (s <= 1)).all()
        holds(given, inside, "nothing outside [0, 1]", s)
    for x, a, b in zip(z, left, right, strict=True):
        given = spell(sigmoid, (-float(x),), {})
        alike(given, a, 1 - b, atol=1e-14)


def symmetric_of_sigmoid_derivative(sigmoid_derivative: Function) -> None:
    """The slope is the same at z and -z, and lies in [0, 0.25].

    The sigmoid never falls and is steepest at 0. Is your argument the
    logit or the probability?
    """
    z = np.concatenate([np.linspace(0, 40, 81), [1e-9, 100, 800]])
    left = _result(sigmoid_derivative, -z)
    right = _result(sigmoid_derivative, z)
    for x, a, b in zip(z, left, right, strict=True):
        given = spell(sigmoid_derivative, (float(x),), {})
        inside = 0 <= b <= 0.25 + 1e-14
        holds(given, inside, "a slope in [0, 0.25]", b)
        given = spell(sigmoid_derivative, (-float(x),), {})
        alike(given, a, b, atol=1e-14)


def _no_warning(function: Function, limits: list[float]) -> None:
    for dtype in ("float64", "float32"):
        largest = np.finfo(dtype).max
        for x, expected in zip((-1, 1), limits, strict=True):
            for size in (100, 1000, largest, np.inf):
                z = np.array([x * size], dtype)
                given = spell(function, (z,), {})
                got = _result(function, z, **WARN)
                alike(given, got, [expected], atol=1e-6)
        z = np.array([np.nan, 0], dtype)
        given = spell(function, (z,), {})
        got = np.isnan(_result(function, z, **WARN))
        alike(f"isnan of {given}", got, [True, False])


def no_warning_of_sigmoid(sigmoid: Function) -> None:
    """Large, infinite and missing logits are fine; NaN stays NaN.

    For which z does your exponential overflow? A selection does not help
    if both sides of it have been computed.
    """
    _no_warning(sigmoid, [0, 1])


def no_warning_of_sigmoid_derivative(sigmoid_derivative: Function) -> None:
    """Large, infinite and missing logits are fine; NaN stays NaN.

    The slope is even. Which sign of the exponent is the safe one?
    """
    _no_warning(sigmoid_derivative, [0, 0])


def _any_shape(function: Function) -> None:
    shape: tuple[int, ...]
    flat = _result(function, LOGITS)
    for shape in ((6,), (6, 1), (2, 3), (1, 3, 2)):
        z, expected = LOGITS.reshape(shape), flat.reshape(shape)
        for form in (z, z.tolist()):
            given = spell(function, (form,), {})
            alike(given, _result(function, form), expected, 1e-6)
    for i, x in enumerate(LOGITS.tolist()):
        for number in (x, np.array(x)):
            given = spell(function, (number,), {})
            alike(given, _result(function, number), flat[i], 1e-6)
    _result(function, [])
    for shape in ((0,), (3, 0)):
        _result(function, np.empty(shape))


def any_shape_of_sigmoid(sigmoid: Function) -> None:
    """A number, a list or an array, empty too: the result has its shape.

    What does your code ask of z that a float, a list or np.empty((3, 0))
    does not have?
    """
    _any_shape(sigmoid)


def any_shape_of_sigmoid_derivative(sigmoid_derivative: Function) -> None:
    """A number, a list or an array, empty too: the result has its shape.

    What does your code ask of z that a float, a list or np.empty((3, 0))
    does not have?
    """
    _any_shape(sigmoid_derivative)


def _any_real_dtype(function: Function) -> None:
    for dtype, values in INTEGERS.items():
        z = np.array(values, dtype)
        expected = _result(function, z.astype(float))
        given, got = spell(function, (z,), {}), _result(function, z)
        alike(given, got, expected, rtol=1e-9, atol=1e-12)
        holds(given, got.dtype == float, "dtype float64", got.dtype)
    expected = _result(function, LOGITS)
    for dtype, atol in (("float32", 1e-5), ("float64", 0)):
        z = LOGITS.astype(dtype)
        given, got = spell(function, (z,), {}), _result(function, z)
        alike(given, got, expected, rtol=1e-12, atol=atol)
        holds(given, got.dtype == dtype, f"dtype {dtype}", got.dtype)
    for wrong in (np.array(["a"]), np.array(["1"]), np.array([1j])):
        raises(function, wrong, error=TypeError)


def any_real_dtype_of_sigmoid(sigmoid: Function) -> None:
    """float32 stays float32; integers become float64; text is an error.

    What is -1 in uint8, and what does an integer array make of 0.73? What
    does np.result_type say of z and 1.0?
    """
    _any_real_dtype(sigmoid)


def any_real_dtype_of_sigmoid_derivative(
    sigmoid_derivative: Function,
) -> None:
    """float32 stays float32; integers become float64; text is an error.

    What is -1 in uint8, and in which type is the exp of it? What does
    np.result_type say of z and 1.0?
    """
    _any_real_dtype(sigmoid_derivative)


def any_real_dtype_of_binary_cross_entropy(
    binary_cross_entropy: Function,
) -> None:
    """Integers and bools count as float64; text and complex are errors.

    What is -1 in uint8? Which of your operations happen before anything
    is a float, and what would accept the text "1" as a number?
    """
    for dtype, values in INTEGERS.items():
        z = np.array(values, dtype)
        for label in (0, 1):
            y = np.full(z.shape, label, dtype)
            floats = y.astype(float), z.astype(float)
            expected = _loss(binary_cross_entropy, *floats)
            got = _loss(binary_cross_entropy, y, z)
            given = spell(binary_cross_entropy, (y, z), {})
            alike(given, got, expected, rtol=1e-9, atol=1e-12)
    one = np.array([1.0])
    for wrong in (np.array(["a"]), np.array(["1"]), np.array([1j])):
        raises(binary_cross_entropy, wrong, one, error=TypeError)
        raises(binary_cross_entropy, one, wrong, error=TypeError)


def loss_from_logits(binary_cross_entropy: Function) -> None:
    """The mean loss in float64, a Python float, not capped for mistakes.

    What becomes of log(1 - s) when s rounds to 1? Put the sigmoid into
    the logarithm on paper before you compute anything.
    """
    y, z = np.array([1, 0, 1, 0]), np.array([2, -1, 0.5, -2])
    got = _loss(binary_cross_entropy, y, z)
    given = spell(binary_cross_entropy, (y, z), {})
    alike(given, got, 0.2602986734460686, rtol=1e-12)
    rng = np.random.default_rng(0)
    for shape, dtype in (((7,), "float64"), ((3, 4), "float32")):
        y = (rng.integers(0, 9, shape) / 8).astype(dtype)
        z = (2 * rng.standard_normal(shape)).astype(dtype)
        got = _loss(binary_cross_entropy, y, z)
        given = spell(binary_cross_entropy, (y, z), {})
        alike(given, got, _mean_loss(y, z), rtol=1e-12)
    for label, logit in ((0, 40), (1, -40), (0, 1000), (1, -1000)):
        for dtype in ("float64", "float32"):
            y, z = np.array([label]), np.array([logit], dtype)
            got = _loss(binary_cross_entropy, y, z)
            given = spell(binary_cross_entropy, (y, z), {})
            alike(given, got, abs(logit), rtol=1e-12)
    loss = call(binary_cross_entropy, y, z)
    given = f"type of {spell(binary_cross_entropy, (y, z), {})}"
    holds(given, type(loss) is float, "float", type(loss))


def finite_loss(binary_cross_entropy: Function) -> None:
    """Logits up to 1e308 give a finite loss, without a warning.

    For which z is exp(z) infinite? And if each of two losses is 1e308, how
    large is their sum, how large their mean?
    """
    for size in (1000, 1e308):
        for signs in ([1], [-1], [1, 1], [-1, -1], [1, -1, 1]):
            z = size * np.array(signs)
            for target in (0, 0.5, 1):
                y = np.full(z.shape, float(target))
                given = spell(binary_cross_entropy, (y, z), {})
                loss = _loss(binary_cross_entropy, y, z, **WARN)
                good = abs(loss) <= size * (1 + 1e-9)
                holds(given, good, f"at most {size}", loss)


def targets_in_range(binary_cross_entropy: Function) -> None:
    """Targets are 0, 1 or between; anything else raises ValueError.

    Labels of -1 and 1 are in use too: would you notice them? And which
    comparison is true for NaN?
    """
    z = np.array([0.5, -1])
    above, below = np.nextafter(1, 2), -1e-300
    for wrong in (2, -1, 255, above, below, math.nan, math.inf, -math.inf):
        for y in (np.array([1, wrong]), np.array([wrong, 0])):
            raises(binary_cross_entropy, y, z, error=ValueError)
    for target in (0.0, 0.125, 0.3, 0.5, 1.0):
        y, z = np.array([target]), np.array([0.75])
        got = _loss(binary_cross_entropy, y, z)
        given = spell(binary_cross_entropy, (y, z), {})
        alike(given, got, _mean_loss(y, z), rtol=1e-6)


def one_shape(binary_cross_entropy: Function) -> None:
    """One shape and at least one element, else ValueError.

    Which shape does a network return, which shape do labels have, and
    what does broadcasting make of the two?
    """
    flat = _loss(binary_cross_entropy, LABELS, LOGITS)
    for shape in ((6, 1), (2, 3), (1, 2, 3)):
        y, z = LABELS.reshape(shape), LOGITS.reshape(shape)
        given = spell(binary_cross_entropy, (y, z), {})
        got = _loss(binary_cross_entropy, y, z)
        alike(given, got, flat, rtol=1e-6)
    _loss(binary_cross_entropy, 1.0, 2.0)
    for a, b in (
        [(6,), (6, 1)],
        [(1, 6), (6,)],
        [(2, 3), (3, 2)],
        [(1,), (4,)],
        [(4,), (1,)],
        [(), (1,)],
        [(3,), (4,)],
        [(0,), (0,)],
        [(3, 0), (3, 0)],
        [(0,), (1,)],
    ):
        y, z = np.ones(a), np.ones(b)
        raises(binary_cross_entropy, y, z, error=ValueError)


def _vectorised(function: Function, count: int) -> None:
    for few, many in (((4,), (404,)), ((4, 2), (404, 2))):
        small, large = (np.ones(few),) * count, (np.ones(many),) * count
        no_python_loop(function, small, large, extra=400)
        _numbers(function, *small)


def vectorised_of_sigmoid(sigmoid: Function) -> None:
    """No Python loop over the logits.

    An `if` asks about one number. What asks about all of them at once?
    """
    _vectorised(sigmoid, 1)


def vectorised_of_sigmoid_derivative(sigmoid_derivative: Function) -> None:
    """No Python loop over the logits.

    Each step of the formula for one number is a NumPy call for an array.
    """
    _vectorised(sigmoid_derivative, 1)


def vectorised_of_binary_cross_entropy(
    binary_cross_entropy: Function,
) -> None:
    """No Python loop over the elements.

    Labels are numbers: can you write the choice between the two logarithms
    as a product?
    """
    _vectorised(binary_cross_entropy, 2)


def _input_unchanged(function: Function) -> None:
    for dtype in ("float64", "float32"):
        z = np.array([-1000, -1, 0, 1, 1000], dtype)
        leaves_no_trace(function, z)
        leaves_no_trace(function, np.array([np.nan, 2], dtype))
        _numbers(function, z)


def input_unchanged_of_sigmoid(sigmoid: Function) -> None:
    """The caller's array holds afterwards what it held before.

    Does np.asarray copy? And astype with copy=False?
    """
    _input_unchanged(sigmoid)


def input_unchanged_of_sigmoid_derivative(
    sigmoid_derivative: Function,
) -> None:
    """The caller's array holds afterwards what it held before.

    Does np.asarray copy? And astype with copy=False?
    """
    _input_unchanged(sigmoid_derivative)


def input_unchanged_of_binary_cross_entropy(
    binary_cross_entropy: Function,
) -> None:
    """The caller's arrays hold afterwards what they held before.

    Which of your lines write into the targets or the logits? Does
    np.asarray copy?
    """
    for dtype in ("float64", "float32"):
        z = np.array([-1000, -1, 0, 1, 1000], dtype)
        for kind in ("int64", dtype):
            y = np.array([0, 1, 0, 1, 1], kind)
            leaves_no_trace(binary_cross_entropy, y, z)
            _numbers(binary_cross_entropy, y, z)
