import math
import re
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


def agrees_with_exact_sums(arr, window):
    """Compare the means with correctly rounded sums.

    A rounding errs by eps / 2 of its result. Adding w samples of at most M
    in magnitude one by one gives at most w - 1 sums below w M, and less
    than w M eps / 2 in each mean. Differences to one of the samples are up
    to 2 M: w M eps, and M eps for the differences, M eps for the quotient,
    M eps / 2 for the last addition. That is w + 2.5, and fsum has a
    rounding in it as well.
    """
    starts = range(len(arr) - window + 1)
    windows = [arr[start : start + window] for start in starts]
    means = moving_average(arr, window)
    assert means.shape == (len(windows),)
    for own, mean in zip(windows, means, strict=True):
        bound = (window + 3) * np.abs(own).max() * EPS
        assert abs(mean - math.fsum(own) / window) <= bound


def exact_means(whole, window):
    """Average every window of whole numbers, with one rounding."""
    sums = np.cumsum([0, *map(int, whole)], dtype=object)
    exact = (sums[window:] - sums[:-window]) * Fraction(1, window)
    return exact.astype(float)


@given(st.data())
def test_agrees_with_exact_sums(data):
    # below the normal numbers a rounding is not relative to the samples
    numbers = st.floats(-1e6, 1e6, allow_subnormal=False)
    arr = data.draw(hnp.arrays(float, st.integers(1, 16), elements=numbers))
    agrees_with_exact_sums(arr, data.draw(st.integers(1, len(arr))))


@pytest.mark.parametrize("window", [200, 255, 256, 1300, 2047, 2999, 3000])
@pytest.mark.parametrize("spikes", [0, 1, 30, 1000])
def test_long_windows_agree_with_exact_sums(rng, window, spikes):
    arr = rng.standard_normal(3000)
    places = rng.integers(0, 3000, spikes)
    arr[places] *= 10.0 ** rng.integers(0, 17, spikes)
    agrees_with_exact_sums(arr, window)


@pytest.mark.parametrize("window", [1, 2, 7, 100, 1999, 2000])
def test_agrees_with_scipy(rng, window):
    arr = rng.standard_normal(2000)
    filtered = ndimage.uniform_filter1d(arr, window)
    whole = filtered[window // 2 :][: len(arr) - window + 1]
    np.testing.assert_allclose(
        moving_average(arr, window), whole, rtol=0, atol=1e-12
    )


@pytest.mark.parametrize(
    ("start", "window"), [(1e8, 5), (1e8, 1000), (1e8, 100_000), (0, 5)]
)
def test_far_from_zero_and_along_a_trend(rng, start, window):
    arr = np.linspace(start, 1e8, 200_000) + rng.standard_normal(200_000)
    ticks = np.rint(arr * 2**26)  # the spacing of float64 at 1e8
    means = moving_average(ticks / 2**26, window)
    exact = exact_means(ticks, window) / 2**26
    assert np.abs(means - exact).max() <= 2 * np.spacing(1e8)


@pytest.mark.parametrize("value", [0.0, 0.1, -3.3, 1e280, 5e-324, np.inf])
@pytest.mark.parametrize(("n", "window"), [(9, 4), (5000, 1500)])
def test_constant_samples_have_constant_means(value, n, window):
    means = moving_average(np.full(n, value), window)
    expected = np.full(n - window + 1, value)
    np.testing.assert_allclose(means, expected, rtol=4 * EPS, atol=0)


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


@pytest.mark.parametrize("dtype", ["float16", "float32", ">f4"])
@pytest.mark.parametrize("window", [3, 256])
def test_small_floats_are_summed_in_float64(dtype, window):
    largest = np.finfo(dtype).max  # the sum of two is inf in the dtype
    means = moving_average(np.full(260, largest, dtype), window)
    assert means.dtype == np.dtype(dtype).newbyteorder("=")
    np.testing.assert_array_equal(means, np.full(261 - window, largest))


@pytest.mark.parametrize("window", [3, 2001])
def test_longdouble_is_summed_in_longdouble(window):
    # float64 could not tell these samples from 1, if longdouble is wider
    eps = np.finfo(np.longdouble).eps
    arr = 1 + eps * np.arange(window + 3, dtype=np.longdouble)
    middles = arr[window // 2 :][:4]
    means = moving_average(arr, window)
    assert means.dtype == np.longdouble
    np.testing.assert_allclose(means, middles, rtol=0, atol=2 * eps)


@pytest.mark.parametrize("window", [3, 256])
def test_any_memory_layout(rng, window):
    base = rng.standard_normal(1200)
    frozen = base.copy()
    frozen.flags.writeable = False
    column = base.reshape(300, 4)[:, 2]
    constant = np.broadcast_to(2.5, 300)  # stride 0
    for view in (base[::-1], base[3::4], column, constant, frozen):
        expected = moving_average(view.copy(), window)
        np.testing.assert_allclose(
            moving_average(view, window), expected, rtol=0, atol=1e-15
        )


@pytest.mark.parametrize("window", [1, 2, 5, 255, 256, 100_000, 250_000])
def test_less_than_three_arrays_are_allocated(window):
    arr = np.ones(250_000)
    tracemalloc.start()
    means = moving_average(arr, window)
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < (1.5 if window < 1000 else 2.7) * arr.nbytes
    assert kept < means.nbytes + 10_000


@pytest.mark.parametrize(
    ("arr", "window"),
    [([1.0, 2, 3], w) for w in (0, -1, -3, 4, 100, np.int64(4))]
    + [(np.empty(0), 1), (3.0, 1), ([[1.0, 2]], 1), (np.empty((0, 2)), 1)],
)
def test_bad_shapes_and_windows(arr, window):
    got = re.escape(f"[1, n], got {np.shape(arr)} and {window}")
    message = rf"^arr must be \(n,\) and window in {got}$"
    with pytest.raises(ValueError, match=message):
        moving_average(arr, window)


@pytest.mark.parametrize("bad", [2.0, 2.5, np.float64(2), "2", None, [2]])
def test_window_that_is_not_an_integer(bad):
    message = re.escape(f"window must be an integer, got {bad!r}")
    with pytest.raises(TypeError, match=f"^{message}$"):
        moving_average([1.0, 2.0, 3.0], bad)


@pytest.mark.parametrize("bad", ["a", 1j, None, np.datetime64("2020")])
def test_samples_that_are_not_real(bad):
    arr = np.array([bad])
    message = re.escape(f"arr must be real, got dtype {arr.dtype}")
    with pytest.raises(TypeError, match=f"^{message}$"):
        moving_average(arr, 1)


@pytest.mark.parametrize("dtype", [*FLOATS, *INTEGERS])
@pytest.mark.parametrize("window", [1, 2, 256])
def test_leaves_no_trace(untouched, dtype, window):
    with untouched(np.ones(300, dtype=dtype)) as arr:
        moving_average(arr, window)
