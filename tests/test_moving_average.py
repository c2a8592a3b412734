import math
import sys
import tracemalloc
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import ndimage

from handbook import moving_average

FLOATS = ("float16", "float32", "float64", "longdouble")
INTEGERS = (
    *("bool", "int8", "int16", "int32", "int64"),
    *("uint8", "uint16", "uint32", "uint64"),
)
EPS = np.finfo(np.float64).eps


def fsum_means(arr, window):
    """Average every window with correctly rounded sums."""
    starts = range(len(arr) - window + 1)
    return [math.fsum(arr[i : i + window]) / window for i in starts]


def exact_means(arr, window):
    """Average every window of integers as fractions."""
    arr = arr.tolist()
    starts = range(len(arr) - window + 1)
    return [Fraction(sum(arr[i : i + window]), window) for i in starts]


@st.composite
def samples_and_window(draw, elements, dtype=np.float64):
    """Draw (n,) samples, n from 1 on, and a window that fits."""
    n = draw(st.integers(1, 16))
    arr = draw(hnp.arrays(dtype, n, elements=elements))
    return arr, draw(st.integers(1, n))


# below the normal numbers a rounding is no longer relative to the samples
NORMAL = st.floats(-1e6, 1e6, allow_subnormal=False)
FINITE = samples_and_window(NORMAL)
WHOLE = samples_and_window(st.integers(-(2**30), 2**30), np.int64)


def rounding(arr, window):
    """Bound the error of the means of samples of at most M in magnitude.

    A rounding errs by eps / 2 of its result. Adding w samples one by one
    gives at most w - 1 sums below w M, and less than w M eps / 2 in each
    mean. Differences to one of the samples are up to 2 M: w M eps, and M
    eps for the differences, M eps for the quotient, M eps / 2 for the last
    addition. That is w + 2.5, and fsum has a rounding in it as well.
    """
    return (window + 3) * np.abs(arr).max() * EPS


def test_published_values():
    means = moving_average([1, 2, 3, 4, 10], window=3)
    np.testing.assert_allclose(means, [2, 3, 17 / 3], rtol=2 * EPS)
    np.testing.assert_array_equal(means.round(4), [2, 3, 5.6667])


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        (1, [4, -2, 0, 6]),
        (2, [1, -1, 3]),
        (3, [2 / 3, 4 / 3]),
        (4, [2]),
    ],
)
def test_every_window_of_four_samples(window, expected):
    means = moving_average([4.0, -2.0, 0.0, 6.0], window)
    np.testing.assert_allclose(means, expected, rtol=4 * EPS)


def test_one_sample():
    np.testing.assert_array_equal(moving_average([7.5], 1), [7.5])


@given(FINITE)
def test_agrees_with_exact_sums(drawn):
    arr, window = drawn
    means = moving_average(arr, window)
    assert means.shape == (len(arr) - window + 1,)
    np.testing.assert_allclose(
        means, fsum_means(arr, window), rtol=0, atol=rounding(arr, window)
    )


@given(WHOLE)
def test_integers_are_summed_exactly(drawn):
    # sums of 16 integers below 2**30 are exact in float64: what is left is
    # the rounding of the quotient
    arr, window = drawn
    exact = [float(mean) for mean in exact_means(arr, window)]
    np.testing.assert_array_equal(moving_average(arr, window), exact)


@pytest.mark.parametrize("window", [1, 2, 7, 100, 1999, 2000])
def test_agrees_with_scipy(rng, window):
    arr = rng.standard_normal(2000)
    filtered = ndimage.uniform_filter1d(arr, window)
    whole = filtered[window // 2 :][: len(arr) - window + 1]
    np.testing.assert_allclose(
        moving_average(arr, window), whole, rtol=0, atol=1e-12
    )


@pytest.mark.parametrize("window", [5, 1000, 100_000])
def test_far_from_zero(rng, window):
    arr = 1e8 + rng.standard_normal(200_000)
    means = moving_average(arr, window)
    # every sample is a multiple of 2**-26, so int64 differences are exact
    ticks = ((arr - 1e8) * 2**26).astype(np.int64)
    sums = np.concatenate(([0], ticks.cumsum()))
    exact = 1e8 + (sums[window:] - sums[:-window]) / window / 2**26
    assert np.abs(means - exact).max() <= 2 * np.spacing(1e8)


def test_a_trend_costs_little(rng):
    arr = np.linspace(0, 1e8, 200_000) + rng.standard_normal(200_000)
    means = moving_average(arr, 5)
    starts = range(0, 199_996, 499)
    exact = [math.fsum(arr[start : start + 5]) / 5 for start in starts]
    assert np.abs(means[::499] - exact).max() <= 2 * np.spacing(1e8)


def test_float32_is_summed_in_float64(rng):
    arr = (1000 + rng.standard_normal(50_000)).astype(np.float32)
    means = moving_average(arr, 5)
    windows = np.lib.stride_tricks.sliding_window_view(arr.astype(float), 5)
    half = np.spacing(np.float32(1000)) / 2  # one rounding, the last
    assert np.abs(means - windows.mean(axis=1)).max() <= half * 1.001


@given(samples_and_window(st.integers(-1000, 1000), np.int64))
def test_shift_moves_the_means(drawn):
    arr, window = drawn
    moved = moving_average(arr + 2.0**26, window)
    expected = moving_average(arr, window) + 2.0**26
    np.testing.assert_allclose(moved, expected, rtol=4 * EPS)


@given(FINITE)
def test_reversed_samples_have_reversed_means(drawn):
    arr, window = drawn
    np.testing.assert_allclose(
        moving_average(arr[::-1], window)[::-1],
        moving_average(arr, window),
        rtol=0,
        atol=2 * rounding(arr, window),
    )


@given(FINITE)
def test_means_lie_between_the_extremes(drawn):
    arr, window = drawn
    means = moving_average(arr, window)
    slack = rounding(arr, window)
    assert means.min() >= arr.min() - slack
    assert means.max() <= arr.max() + slack


@given(FINITE)
def test_whole_window_is_the_mean(drawn):
    arr, _ = drawn
    expected = math.fsum(arr) / len(arr)
    means = moving_average(arr, len(arr))
    atol = rounding(arr, len(arr))
    np.testing.assert_allclose(means, [expected], rtol=0, atol=atol)


@pytest.mark.parametrize("window", [1, 2, 9, 10])
def test_a_straight_line_stays_straight(window):
    line = 3.0 * np.arange(10) - 5
    middles = line[: 11 - window] + 1.5 * (window - 1)
    means = moving_average(line, window)
    np.testing.assert_allclose(means, middles, rtol=0, atol=32 * EPS)


@pytest.mark.parametrize("value", [0.0, -3.0, 1e300, 5e-324])
def test_constant_samples_have_constant_means(value):
    means = moving_average(np.full(9, value), 4)
    np.testing.assert_array_equal(means, np.full(6, value))


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("window", [1, 3, 5])
def test_floats_keep_their_dtype(dtype, window):
    means = moving_average(np.arange(5, dtype=dtype), window)
    assert means.dtype == dtype
    middles = np.arange(6 - window) + (window - 1) / 2
    np.testing.assert_array_equal(means, middles.astype(dtype))


def test_half_precision_sums_do_not_overflow():
    largest = np.finfo(np.float16).max  # twice that is inf in float16
    means = moving_average(np.full(4, largest), 3)
    np.testing.assert_array_equal(means, np.full(2, largest))


@pytest.mark.parametrize("window", [3, 2001])
def test_longdouble_is_summed_in_longdouble(window):
    # float64 could not tell these samples from 1, if longdouble is wider
    eps = np.finfo(np.longdouble).eps
    arr = 1 + eps * np.arange(window + 3, dtype=np.longdouble)
    middles = arr[window // 2 :][:4]
    means = moving_average(arr, window)
    np.testing.assert_allclose(means, middles, rtol=0, atol=2 * eps)


@pytest.mark.parametrize("dtype", INTEGERS)
def test_integers_and_bools_become_float64(dtype):
    arr = np.array([0, 1, 1, 0, 1], dtype=dtype)
    means = moving_average(arr, 2)
    assert means.dtype == np.float64
    np.testing.assert_array_equal(means, [0.5, 1, 0.5, 0.5])


@pytest.mark.parametrize("dtype", [d for d in INTEGERS if d != "bool"])
def test_integers_do_not_wrap(dtype):
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    arr = np.array([high, low, high, high, low], dtype=dtype)
    exact = [float(mean) for mean in exact_means(arr, 2)]
    # at most four roundings, of numbers no larger than the largest sample
    np.testing.assert_allclose(
        moving_average(arr, 2), exact, rtol=0, atol=4 * high * EPS
    )


def test_a_nan_spoils_the_windows_that_hold_it():
    means = moving_average([1.0, 2.0, np.nan, 4.0, 5.0, 6.0], 2)
    expected = [1.5, np.nan, np.nan, 4.5, 5.5]
    np.testing.assert_array_equal(means, expected)


def test_a_giant_leaves_with_its_window():
    means = moving_average([1e16, 1, 1, 1], 2)
    np.testing.assert_array_equal(means, [5e15, 1, 1])


def test_a_sample_leaves_no_residue():
    arr = [1.9272201201869577, 0, 0, 0]
    means = moving_average(arr, 3)
    np.testing.assert_array_equal(means, fsum_means(arr, 3))
    assert means[-1] == 0


SPOILT = np.nan, np.inf, -np.inf, 1e16, -1e300, 1.7e308


@pytest.mark.parametrize("window", [1, 2, 3, 50, 255, 256, 1500, 2999])
@pytest.mark.parametrize("spoilt", SPOILT)
@pytest.mark.parametrize("place", [0, 1, 1499, 1500, 2047, 2998, 2999])
def test_a_sample_influences_only_its_windows(rng, window, spoilt, place):
    arr = rng.standard_normal(3000)
    before = moving_average(arr, window)
    arr[place] = spoilt
    means = moving_average(arr, window)
    starts = np.arange(3001 - window)
    holds = (place - window < starts) & (starts <= place)
    np.testing.assert_array_equal(means[~holds], before[~holds])
    # beside it the other samples are lost
    alone = np.full(holds.sum(), spoilt / window)
    np.testing.assert_allclose(means[holds], alone, rtol=1e-12)


@given(
    drawn=samples_and_window(st.floats(), np.float64),
    others=st.lists(st.floats(), min_size=16, max_size=16),
)
@pytest.mark.filterwarnings("ignore:.* encountered in")
def test_a_mean_is_one_of_its_own_samples(drawn, others):
    arr, window = drawn
    means = moving_average(arr, window)
    for start, mean in enumerate(means):
        changed = np.array(others[: len(arr)])
        own = slice(start, start + window)
        changed[own] = arr[own]
        found = moving_average(changed, window)[start]
        np.testing.assert_array_equal(found, mean)


@pytest.mark.parametrize("window", [200, 255, 256, 1300, 2047, 2999, 3000])
@pytest.mark.parametrize("spikes", [0, 1, 30, 1000])
def test_long_windows_agree_with_exact_sums(rng, window, spikes):
    arr = rng.standard_normal(3000)
    places = rng.integers(0, 3000, spikes)
    arr[places] *= 10.0 ** rng.integers(0, 17, spikes)
    expected = fsum_means(arr, window)
    windows = np.lib.stride_tricks.sliding_window_view(np.abs(arr), window)
    bound = (window + 3) * windows.max(axis=1) * EPS
    assert (np.abs(moving_average(arr, window) - expected) <= bound).all()


@pytest.mark.parametrize("value", [0.1, -3.3, 1e280, 5e-324, np.inf])
def test_long_constant_windows_have_constant_means(value):
    means = moving_average(np.full(5000, value), 1500)
    np.testing.assert_array_equal(means, np.full(3501, value))


@pytest.mark.parametrize("dtype", [d for d in INTEGERS if d != "bool"])
def test_numpy_integers_are_windows(dtype):
    # neither n nor -window has to fit into the type of the window
    window = np.dtype(dtype).type(2)
    for n in (3, 300):
        means = moving_average(np.arange(n), window)
        np.testing.assert_array_equal(means, np.arange(n - 1) + 0.5)


def test_any_memory_layout(rng):
    base = rng.standard_normal(30)
    table = rng.standard_normal((6, 5))
    constant = np.broadcast_to(2.5, 8)  # stride 0
    frozen = base.copy()
    frozen.flags.writeable = False
    for view in (base[::-1], base[3::4], table[:, 2], constant, frozen):
        expected = moving_average(view.copy(), 3)
        np.testing.assert_allclose(
            moving_average(view, 3), expected, rtol=0, atol=1e-15
        )


def test_byte_order_does_not_matter():
    arr = np.array([1, 2, 4], dtype=">f4")
    means = moving_average(arr, 2)
    assert means.dtype == np.float32
    np.testing.assert_array_equal(means, [1.5, 3])


def test_python_does_the_same_few_steps_for_any_size():
    # a Python loop would run more lines or make more calls
    def steps(n, window):
        counted = 0

        def count(frame, event, argument):
            nonlocal counted
            counted += 1
            return count

        arr = np.ones(n)
        before = sys.gettrace(), sys.getprofile()
        sys.settrace(count)
        sys.setprofile(count)
        try:
            moving_average(arr, window)
        finally:
            sys.settrace(before[0])
            sys.setprofile(before[1])
        return counted

    assert 0 < steps(10, 2) == steps(5000, 2)
    assert steps(5000, 2500) == steps(9000, 256)
    assert steps(5000, 255) < 100 + steps(5000, 2)  # eight bits


@pytest.mark.parametrize("window", [1, 2, 5, 255, 256, 100_000, 250_000])
def test_two_arrays_are_allocated(window):
    arr = np.ones(250_000)
    tracemalloc.start()
    means = moving_average(arr, window)
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2.2 * arr.nbytes
    assert kept < means.nbytes + 10_000


@pytest.mark.parametrize("window", [1, 2, 3])
def test_the_result_is_a_new_array(window):
    arr = np.arange(3.0)
    assert not np.shares_memory(moving_average(arr, window), arr)


@pytest.mark.parametrize("window", [0, -1, -3, 4, 100, np.int64(4)])
def test_window_out_of_range(window):
    message = rf"window in \[1, n\], got \(3,\) and {window}$"
    with pytest.raises(ValueError, match=message):
        moving_average([1.0, 2.0, 3.0], window)


@pytest.mark.parametrize("window", [0, 1])
@pytest.mark.parametrize("dtype", ["float32", "int64"])
def test_no_samples(window, dtype):
    message = rf"window in \[1, n\], got \(0,\) and {window}$"
    with pytest.raises(ValueError, match=message):
        moving_average(np.empty(0, dtype), window)


@pytest.mark.parametrize(
    "window", [2.0, 2.5, np.float64(2), "2", None, [2]]
)
def test_window_that_is_not_an_integer(window):
    with pytest.raises(TypeError, match="window must be an integer, got "):
        moving_average([1.0, 2.0, 3.0], window)


def test_the_message_shows_the_window():
    with pytest.raises(TypeError, match=r"must be an integer, got '2'$"):
        moving_average([1.0, 2.0, 3.0], "2")


@pytest.mark.parametrize(
    ("arr", "error", "message"),
    [
        (3.0, ValueError, r"arr must be \(n,\) .* got \(\) and 1"),
        (
            [[1.0, 2.0]],
            ValueError,
            r"arr must be \(n,\) .* got \(1, 2\) and 1",
        ),
        (np.empty((0, 2)), ValueError, r"got \(0, 2\) and 1"),
        (["a"], TypeError, "arr must be real, got dtype <U1"),
        ([1j], TypeError, "arr must be real, got dtype complex128"),
        ([None], TypeError, "arr must be real, got dtype object"),
        (
            np.array(["2020"], "datetime64[Y]"),
            TypeError,
            r"arr must be real, got dtype datetime64\[Y\]",
        ),
    ],
)
def test_bad_samples(arr, error, message):
    with pytest.raises(error, match=message):
        moving_average(arr, 1)


@pytest.mark.parametrize("dtype", [*FLOATS, *INTEGERS])
@pytest.mark.parametrize("window", [1, 2, 4])
def test_leaves_no_trace(untouched, dtype, window):
    with untouched(np.array([1, 0, 1, 1], dtype=dtype)) as arr:
        moving_average(arr, window)
