import functools
import math
import time

import numpy as np

from handbook import checks
from handbook.checks import (
    Broken,
    Function,
    call,
    core,
    expect_error,
    expect_result,
    production,
    spell,
)

LARGER_INPUT = {
    "moving_average": lambda rng: (rng.standard_normal(100_003), 51)
}


@core("moving_average")
def means_of_neighbours(moving_average: Function) -> None:
    """The means of the n - w + 1 whole windows, the first one included.

    Write down the windows of five samples for w = 1, 3 and 5. How many are
    there, where does the first one start, and where does the last one end?
    """
    first, means = np.array([1.0, 2, 3, 4, 10]), [2, 3, 17 / 3]
    expect_result(moving_average, first, 3, expected=means, atol=1e-6)
    rng = np.random.default_rng(0)
    others = [rng.standard_normal(n) for n in (2, 3, 4, 7, 8, 9, 100)]
    for x in (first, *(other.round(3) for other in others)):
        n = len(x)
        for w in sorted({1, 2, 3, n // 2, n - 1, n} & {*range(1, n + 1)}):
            windows = [x[i : i + w] for i in range(n - w + 1)]
            means = [math.fsum(window) / w for window in windows]
            expect_result(moving_average, x, w, expected=means, atol=1e-6)


vectorised = checks.vectorised(
    "No Python loop over windows, nor over the samples of one.",
    "What is the sum of the first i samples, for every i at once? Or which "
    "NumPy call sees all windows of an array?",
    {
        "moving_average": [
            ((np.ones(404), 2), (np.ones(804), 2)),
            ((np.ones(804), 2), (np.ones(804), 402)),
        ]
    },
)


input_unchanged = checks.input_unchanged(
    {"moving_average": [(np.array([1.0, 2, 4, 8]), w) for w in (3, 1)]}
)


@production("moving_average")
def time_independent_of_the_window(moving_average: Function) -> None:
    """A window of half the samples takes about as long as one of 100.

    How many samples do you read for one mean? Two neighbouring windows
    share all but two samples. And what loops inside a NumPy call?
    """
    n, narrow, most = 60_000, 100, 20
    x = np.random.default_rng(1).standard_normal(n)
    base = _seconds(moving_average, x, narrow)
    # n + w - 1 has small factors, in case a Fourier transform is as long
    for w in (n // 20 + 1, n // 2 + 1):
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
    a millisecond. Where two last half a second, they are all: the machine
    may have stood still during one.
    """
    rounds: list[tuple[float, int]] = []
    while len(rounds) < 2 or (
        len(rounds) < 3 and sum(spent for spent, _ in rounds) < 0.5
    ):
        spent, calls, start = 0.0, 0, time.perf_counter()
        while spent < 0.005:
            call(function, x, window)
            calls += 1
            spent = time.perf_counter() - start
        rounds.append((spent, calls))
    return min(spent / calls for spent, calls in rounds)


@production("moving_average")
def independent_windows(moving_average: Function) -> None:
    """A sample influences only the windows that hold it.

    Two of the three windows of [1e16, 1, 1, 1] do not hold the 1e16. What
    is 1e16 + 1 - 1e16, and what is NaN - NaN?
    """
    check = functools.partial(expect_result, moving_average, rtol=1e-6)
    nan, inf = np.nan, np.inf
    for x, w, expected in (
        ([1e16, 1, 1, 1], 2, [5e15, 1, 1]),
        ([1, 2, nan, 4, 5, 7], 2, [1.5, nan, nan, 4.5, 6]),
        ([1, 2, inf, 4, 5, 7], 2, [1.5, inf, inf, 4.5, 6]),
        # a running sum of the differences leaves 7e-17
        ([1.9272201201869577, 0, 0, 0], 3, [0.6424067067289859, 0]),
    ):
        check(np.array(x, dtype=float), w, expected=expected)
    n, w, place = 4_000, 1_300, 2_000
    samples, starts = np.ones(n), np.arange(n - w + 1)
    samples[place] = 1e16
    holds = (place - w < starts) & (starts <= place)
    check(samples, w, expected=np.where(holds, 1e16 / w, 1))


@production("moving_average")
def accurate_far_from_zero(moving_average: Function) -> None:
    """200,000 samples around 1e8: each mean is right within 1e-5.

    How large does your running sum become, and how far apart are two
    neighbouring float64 numbers there? What could you sum instead?
    """
    # whole multiples of 2**-24: exact in float64, their sums in int64
    ticks = np.random.default_rng(2).integers(-(2**24), 2**24, 200_000)
    samples = 1e8 + ticks / 2**24
    for w in (5, 1001):
        means = 1e8 + _means(ticks, w) / 2**24
        expect_result(moving_average, samples, w, expected=means, atol=1e-5)


def _means(ticks: np.ndarray, window: int) -> np.ndarray:
    """Average integers: exact sums, one rounding in the division."""
    sums = np.cumsum(np.concatenate(([0], ticks)))
    return (sums[window:] - sums[:-window]) / window


@production("moving_average")
def window_in_range(moving_average: Function) -> None:
    """A w outside 1 to n is a ValueError, a w like 2.5 a TypeError.

    Which windows of three samples make no sense? Try 4, 0, -2 and 2.5:
    NumPy answers some of them with numbers.
    """
    x = np.array([1.0, 2, 4])
    for w in (4, 5, 100, 0, -1, -2, -3, np.int64(4)):
        expect_error(moving_average, x, w, error=ValueError)
    for w in (0, 1):
        expect_error(moving_average, np.empty(0), w, error=ValueError)
    for other in (2.5, 2.0, np.float64(2), "2", None):
        expect_error(moving_average, x, other, error=TypeError)


@production("moving_average")
def any_integer_window(moving_average: Function) -> None:
    """w may be an integer of Python or of NumPy, unsigned ones included.

    A window read from an array is no int of Python. What is
    -np.uint8(2), and which index is that?
    """
    x = np.array([1.0, 2, 4])
    for samples, w, means in (
        (x, np.int64(2), [1.5, 3]),
        (x, np.uint8(2), [1.5, 3]),
        (x, np.uint64(2), [1.5, 3]),
        (np.ones(300), np.uint8(2), np.ones(299)),  # no uint8 holds 300
        (x[:1], np.int8(1), [1]),
    ):
        expect_result(moving_average, samples, w, expected=means, rtol=1e-9)


@production("moving_average")
def any_real_dtype(moving_average: Function) -> None:
    """float32 stays float32, summed in float64; integers become float64.

    What is 1 - 200 in uint8? Convert before the first arithmetic: to which
    type for the sums, and to which for the result?
    """
    check = functools.partial(
        expect_result, moving_average, dtype="float64"
    )
    for x, means in (
        (np.array([200, 250, 1, 2], dtype=np.uint8), [225, 125.5, 1.5]),
        (np.array([0, 1, 1, 0, 1], dtype=bool), [0.5, 1, 0.5, 0.5]),
        ([1, 2, 3, 4, 10], [1.5, 2.5, 3.5, 7]),
        (np.arange(5.0), [0.5, 1.5, 2.5, 3.5]),
    ):
        check(x, 2, expected=means, atol=1e-9)
    for dtype in ("int8", "uint8", "int16", "int64", "uint64"):
        low, high = int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)
        x = np.array([high, low, high, high, low], dtype=dtype)
        middle = (low + high) / 2
        means = [middle, middle, high, middle]
        check(x, 2, expected=means, atol=1e-12 * high)
    # 1024 to 2048 in steps of 2**-13: the spacing of float32 there
    ticks = np.random.default_rng(3).integers(2**23, 2**24, 5_000)
    x = (ticks / 2**13).astype(np.float32)
    exact, atol = _means(ticks, 50) / 2**13, 0.6 * 2**-13  # rounding: 0.5
    check(x, 50, expected=exact, atol=atol, dtype="float32")


@production("moving_average")
def one_dimension(moving_average: Function) -> None:
    """What is not (n,) is a ValueError, text is a TypeError.

    Which shapes pass your guard, and which answers do they get? Is "1" a
    number to np.asarray(arr, dtype=float)?
    """
    for shape in ((3, 3), (3, 1), (1, 3), (1, 1), (), (0, 2), (2, 2, 2)):
        expect_error(moving_average, np.ones(shape), 1, error=ValueError)
    expect_error(moving_average, np.ones((3, 3)), 2, error=ValueError)
    for text in ("a", "b"), ("1", "2"):
        expect_error(moving_average, np.array(text), 1, error=TypeError)
        expect_error(moving_average, [*text], 2, error=TypeError)
