import math
import time

import numpy as np

from handbook.checks import (
    Broken,
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

TITLE, DIFFICULTY = "Moving average", "medium"
LARGER_INPUT = {
    "moving_average": lambda rng: (rng.standard_normal(500_000), 100)
}


def means_of_neighbours(moving_average: Function) -> None:
    """The means of the n - w + 1 whole windows, the first one included.

    Write down the windows of four samples for w = 1, 2, 3 and 4. How many
    are there, and where does the first one start?
    """
    x = np.array([1.0, 2, 3, 4, 10])
    for w, expected in (
        (1, [1, 2, 3, 4, 10]),
        (2, [1.5, 2.5, 3.5, 7]),
        (3, [2, 3, 17 / 3]),
        (4, [2.5, 4.75]),
        (5, [4]),
    ):
        same(moving_average, x, w, expected=expected, atol=1e-9)
    rng = np.random.default_rng(0)
    for n in (1, 2, 3, 4, 7, 8, 9, 100):
        x = np.round(rng.standard_normal(n), 3)
        for w in sorted({1, 2, 3, n // 2, n - 1, n} & {*range(1, n + 1)}):
            windows = [x[i : i + w] for i in range(n - w + 1)]
            expected = [math.fsum(window) / w for window in windows]
            same(moving_average, x, w, expected=expected, atol=1e-9)


def time_independent_of_the_window(moving_average: Function) -> None:
    """A window of half the samples takes about as long as one of ten.

    How many samples do you read for one mean? Two neighbouring windows
    share all but two samples. And what loops inside a NumPy call?
    """
    n, narrow, most = 40_000, 10, 25
    x = np.random.default_rng(1).standard_normal(n)
    base = _seconds(moving_average, x, narrow)
    # n + w - 1 has small factors, in case a Fourier transform is as long
    for w in (n // 200 + 1, n // 20 + 1, n // 2 + 1):
        wide = _seconds(moving_average, x, w)
        if wide > most * base:
            raise Broken(
                spell(moving_average, (x, w), {}),
                f"about the time that window={narrow} takes",
                f"{wide / base:.0f} times as long",
            )


def _seconds(function: Function, x: object, window: int) -> float:
    """Return the time of a call: of the best of three rounds.

    A round lasts 5 ms at least: the clock of a browser may tick but once
    a millisecond. Where one lasts half a second, it is the last.
    """
    rounds: list[tuple[float, int]] = []
    while len(rounds) < 3 and sum(spent for spent, _ in rounds) < 0.5:
        spent, calls, start = 0.0, 0, time.perf_counter()
        while spent < 0.005:
            call(function, x, window)
            calls += 1
            spent = time.perf_counter() - start
        rounds.append((spent, calls))
    return min(spent / calls for spent, calls in rounds)


def accurate_far_from_zero(moving_average: Function) -> None:
    """200,000 samples around 1e8, w = 5: each mean is right within 1e-5.

    How large does your running sum become, and how far apart are two
    neighbouring float64 numbers there? What could you sum instead?
    """
    # whole multiples of 2**-24: exact in float64, their sums in int64
    ticks = np.random.default_rng(2).integers(-(2**24), 2**24, 200_000)
    means = 1e8 + _means(ticks, 5) / 2**24
    samples = 1e8 + ticks / 2**24
    got = call(moving_average, samples, 5)
    given = f"{spell(moving_average, (samples, 5), {})} around 1e8"
    a = as_array(given, got)
    holds(given, a.shape == means.shape, f"shape {means.shape}", a.shape)
    worst = float(np.abs(a - means).max())
    holds(given, worst <= 1e-5, "no error above 1e-5", worst)


def _means(ticks: np.ndarray, window: int) -> np.ndarray:
    """Average integers: exact sums, one rounding in the division."""
    sums = np.cumsum(np.concatenate(([0], ticks)))
    return (sums[window:] - sums[:-window]) / window


def any_real_dtype(moving_average: Function) -> None:
    """float32 stays float32, summed in float64; integers become float64.

    What is 1 - 200 in uint8? Convert before the first arithmetic: to which
    type for the sums, and to which for the result?
    """
    pixels = np.array([200, 250, 1, 2], dtype=np.uint8)
    same(moving_average, pixels, 2, expected=[225, 125.5, 1.5], atol=1e-9)
    for dtype in ("int8", "uint8", "int16", "int64", "uint64"):
        low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
        x = np.array([high, low, high, high, low], dtype=dtype)
        middle = (int(low) + int(high)) / 2
        means = [middle, middle, float(high), middle]
        same(moving_average, x, 2, expected=means, atol=1e-12 * high)
    for dtype in ("bool", "int8", "uint8", "int64", "uint64"):
        x = np.array([0, 1, 1, 0, 1], dtype=dtype)
        means = [0.5, 1, 0.5, 0.5]
        same(moving_average, x, 2, expected=means, atol=1e-9)
        _dtype_is("float64", moving_average, x)
    means = [2, 3, 17 / 3]
    same(moving_average, [1, 2, 3, 4, 10], 3, expected=means, atol=1e-9)
    for dtype in ("float32", "float64"):
        _dtype_is(dtype, moving_average, np.arange(5, dtype=dtype))
    # 1024 to 2048 in steps of 2**-13: the spacing of float32 there
    ticks = np.random.default_rng(3).integers(2**23, 2**24, 5_000)
    x = (ticks / 2**13).astype(np.float32)
    given = f"{spell(moving_average, (x, 50), {})} from 1024 to 2048"
    exact = _means(ticks, 50) / 2**13
    got = call(moving_average, x, 50)
    alike(given, got, exact, atol=0.6 * 2**-13)  # one rounding is 0.5


def _dtype_is(dtype: str, function: Function, x: np.ndarray) -> None:
    given = spell(function, (x, 2), {})
    found = as_array(given, call(function, x, 2)).dtype
    holds(given, found == dtype, f"dtype {dtype}", found)


def window_in_range(moving_average: Function) -> None:
    """Any integer w from 1 to n; otherwise ValueError, or TypeError.

    Which windows of three samples make no sense? Try 0, -2, 5 and 2.5:
    NumPy answers some of them with numbers. And what is -np.uint8(2)?
    """
    x = np.array([1.0, 2, 4])
    for w in (1, 3, np.int64(2)):
        call(moving_average, x, w)
    call(moving_average, np.ones(300), np.uint8(2))
    for w in (0, -1, -2, -3, 4, 5, 100, np.int64(4)):
        raises(moving_average, x, w, error=ValueError)
    for w in (0, 1):
        raises(moving_average, np.empty(0), w, error=ValueError)
    for other in (2.0, 2.5, np.float64(2), "2", None):
        raises(moving_average, x, other, error=TypeError)


def one_dimension(moving_average: Function) -> None:
    """What is not (n,) is a ValueError, text is a TypeError.

    Which shapes pass your guard, and which answers do they get? Is "1" a
    number to np.asarray(arr, dtype=float)?
    """
    for shape in ((), (1, 1), (1, 3), (3, 1), (3, 3), (0, 2), (2, 2, 2)):
        raises(moving_average, np.ones(shape), 1, error=ValueError)
    raises(moving_average, np.ones((3, 3)), 2, error=ValueError)
    for text in ("a", "b"), ("1", "2"):
        raises(moving_average, np.array(text), 1, error=TypeError)
        raises(moving_average, [*text], 2, error=TypeError)


def vectorised(moving_average: Function) -> None:
    """No Python loop over samples or windows.

    By how much does each mean differ from the one before? Which NumPy
    function adds up all the changes at once?
    """
    short, long = np.ones(404), np.ones(804)
    no_python_loop(moving_average, (short, 2), (long, 2), extra=400)
    no_python_loop(moving_average, (long, 2), (long, 402), extra=400)


def input_unchanged(moving_average: Function) -> None:
    """The caller's array holds afterwards what it held before.

    Which of your lines write into the array that you were given, or into
    a view of it?
    """
    for dtype in ("float64", "float32", "int64"):
        leaves_no_trace(moving_average, np.array([1, 2, 4, 8], dtype), 3)
    leaves_no_trace(moving_average, [1.0, 2.0, 4.0, 8.0], 3)
