ATTEMPTS = [
    (
        "original",
        "accept",
        """
def moving_average(arr, window):
    cumsum = np.cumsum(arr)
    cumsum = np.insert(cumsum, 0, 0)
    return (cumsum[window:] - cumsum[:-window]) / window
""",
    ),
    (
        "convolution",
        "accept",
        """
def moving_average(arr, window):
    return np.convolve(arr, np.ones(window), mode='valid') / window
""",
    ),
    (
        "subtracts within the cumulative sum",
        "accept",
        """
def moving_average(a, n=3):
    ret = np.cumsum(a, dtype=float)
    ret[n:] = ret[n:] - ret[:-n]
    return ret[n - 1:] / n
""",
    ),
    (
        "window view",
        "accept",
        """
def moving_average(arr, window):
    windows = np.lib.stride_tricks.sliding_window_view(arr, window)
    return windows.mean(axis=-1)
""",
    ),
    (
        "strides by hand",
        "accept",
        """
def moving_average(arr, window):
    shape = (arr.shape[0] - window + 1, window)
    strides = (arr.strides[0], arr.strides[0])
    windows = np.lib.stride_tricks.as_strided(arr, shape, strides)
    return np.mean(windows, axis=1)
""",
    ),
    (
        "matrix of indices",
        "accept",
        """
def moving_average(arr, window):
    starts = np.arange(len(arr) - window + 1)
    return arr[starts[:, None] + np.arange(window)].mean(axis=1)
""",
    ),
    (
        "full convolution, cut",
        "accept",
        """
def moving_average(arr, window):
    kernel = np.repeat(1.0 / window, window)
    return np.convolve(arr, kernel)[window - 1:len(arr)]
""",
    ),
    (
        "Fourier transform",
        "accept",
        """
def moving_average(arr, window):
    n = len(arr)
    box = np.zeros(n)
    box[:window] = 1 / window
    product = np.fft.rfft(arr) * np.fft.rfft(box)
    return np.fft.irfft(product, n)[window - 1:]
""",
    ),
    (
        "doubling",
        "accept",
        """
def moving_average(arr, window):
    if window == 1:
        return arr.copy()
    half = moving_average(arr, window // 2) * (window // 2)
    count = len(arr) - window + 1
    sums = half[:count] + half[window // 2:][:count]
    if window % 2:
        sums = sums + arr[window - 1:]
    return sums / window
""",
    ),
    (
        "tails and heads of blocks",
        "accept",
        """
def moving_average(arr, window):
    n, w = len(arr), window
    padded = np.append(arr, np.zeros(-n % w + w)).reshape(-1, w)
    heads = np.cumsum(padded, axis=1) - padded
    tails = np.cumsum(padded[:, ::-1], axis=1)[:, ::-1]
    sums = tails.ravel()[:n - w + 1] + heads.ravel()[w:n + 1]
    return sums / w
""",
    ),
    (
        "a list of numbers",
        "accept",
        """
def moving_average(arr, window):
    total = np.concatenate(([0.0], np.cumsum(arr)))
    return ((total[window:] - total[:-window]) / window).tolist()
""",
    ),
    (
        "last window lost",
        "means_of_neighbours",
        """
def moving_average(arr, window):
    return np.array(
        [arr[i:i + window].mean() for i in range(len(arr) - window)]
    )
""",
    ),
    (
        "windows that do not overlap",
        "means_of_neighbours",
        """
def moving_average(arr, window):
    whole = len(arr) // window * window
    return arr[:whole].reshape(-1, window).mean(axis=1)
""",
    ),
    (
        "incomplete windows at the start",
        "means_of_neighbours",
        """
def moving_average(arr, window):
    c = np.cumsum(np.insert(arr, 0, 0))
    stop = np.arange(1, len(arr) + 1)
    start = np.maximum(stop - window, 0)
    return (c[stop] - c[start]) / (stop - start)
""",
    ),
    (
        "sums without the division",
        "means_of_neighbours",
        """
def moving_average(arr, window):
    return np.convolve(arr, np.ones(window), "valid")
""",
    ),
    (
        "whole numbers only",
        "means_of_neighbours",
        """
def moving_average(arr, window):
    c = np.cumsum(np.insert(arr, 0, 0))
    return (c[window:] - c[:-window]) // window
""",
    ),
    (
        "exponential",
        "means_of_neighbours",
        """
def moving_average(arr, window):
    alpha = 2 / (window + 1)
    means = [arr[0]]
    for sample in arr[1:]:
        means.append(alpha * sample + (1 - alpha) * means[-1])
    return np.array(means)
""",
    ),
    (
        "window after window",
        "vectorised",
        """
def moving_average(arr, window):
    result = []
    for i in range(len(arr) - window + 1):
        result.append(np.mean(arr[i:i + window]))
    return np.array(result)
""",
    ),
    (
        "sample after sample",
        "vectorised",
        """
def moving_average(arr, window):
    means, total = [], 0.0
    for i, sample in enumerate(arr):
        total += sample
        if i >= window:
            total -= arr[i - window]
        if i >= window - 1:
            means.append(total / window)
    return np.array(means)
""",
    ),
    (
        "shifted slices, one for each sample of a window",
        "vectorised",
        """
def moving_average(arr, window):
    count = len(arr) - window + 1
    return sum(arr[j:j + count] for j in range(window)) / window
""",
    ),
    (
        "a loop in apply_along_axis",
        "vectorised",
        """
def moving_average(arr, window):
    windows = np.lib.stride_tricks.sliding_window_view(arr, window)
    return np.apply_along_axis(np.mean, 1, windows)
""",
    ),
    (
        "a loop in vectorize",
        "vectorised",
        """
def moving_average(arr, window):
    mean = np.vectorize(lambda i: arr[i:i + window].mean())
    return mean(np.arange(len(arr) - window + 1))
""",
    ),
    (
        "centres in place",
        "input_unchanged",
        """
def moving_average(arr, window):
    x = np.asarray(arr, dtype=float)
    centre = x.mean()
    x -= centre
    c = np.cumsum(np.insert(x, 0, 0))
    return (c[window:] - c[:-window]) / window + centre
""",
    ),
    (
        "cumulative sum in place",
        "input_unchanged",
        """
def moving_average(arr, window):
    first = arr[:window].sum()
    np.cumsum(arr, out=arr)
    sums = np.append(first, arr[window:] - arr[:-window])
    return sums / window
""",
    ),
    (
        "indices of 16 bits",
        "larger_input",
        """
def moving_average(arr, window):
    starts = np.arange(len(arr) - window + 1).astype(np.int16)
    offsets = np.arange(window, dtype=np.int16)
    return arr[starts[:, None] + offsets].mean(axis=1)
""",
    ),
    (
        "slow from windows of half the samples on",
        "time_independent_of_the_window",
        """
from handbook import moving_average as production

def moving_average(arr, window):
    if 2 * window < len(arr):
        return production(arr, window)
    return np.convolve(arr, np.ones(window), "valid") / window
""",
    ),
    (
        "running sum of the differences, guarded",
        "independent_windows",
        """
def moving_average(arr, window):
    arr = np.asarray(arr)
    if arr.dtype.kind not in "biuf":
        raise TypeError("arr must be real")
    if not isinstance(window, (int, np.integer)):
        raise TypeError("window must be an integer")
    if arr.ndim != 1 or not 1 <= window <= len(arr):
        raise ValueError("arr must be (n,) and window in [1, n]")
    x = arr.astype(np.result_type(arr, np.float64), copy=False)
    w = int(window)
    means = np.zeros(len(x) - w + 1, x.dtype)
    np.subtract(x[w:], x[:-w], out=means[1:])
    np.cumsum(means, out=means)
    means /= w
    means += x[:w].mean()
    return means.astype(np.result_type(arr, 1.0), copy=False)
""",
    ),
    (
        "NaN counts as 0",
        "independent_windows",
        """
from handbook import moving_average as production

def moving_average(arr, window):
    if np.asarray(arr).dtype.kind == "f":
        arr = np.nan_to_num(arr)
    return production(arr, window)
""",
    ),
    (
        "float32 throughout",
        "accurate_far_from_zero",
        """
from handbook import moving_average as production

def moving_average(arr, window):
    return production(np.asarray(arr, dtype=np.float32), window)
""",
    ),
    (
        "truncates the window",
        "window_in_range",
        """
from handbook import moving_average as production

def moving_average(arr, window):
    return production(arr, int(window))
""",
    ),
    (
        "means of no samples",
        "window_in_range",
        """
from handbook import moving_average as production

def moving_average(arr, window):
    return production(arr, window) if len(arr) else np.empty(0)
""",
    ),
    (
        "takes only integers of Python",
        "any_integer_window",
        """
from handbook import moving_average as production

def moving_average(arr, window):
    if np.ndim(arr) != 1 or not 1 <= window <= len(arr):
        raise ValueError("arr must be (n,) and window in [1, n]")
    if not isinstance(window, int):
        raise TypeError("window must be an int")
    return production(arr, window)
""",
    ),
    (
        "negates the window",
        "any_integer_window",
        """
import operator
from handbook import moving_average as production

def moving_average(arr, window):
    if not 1 <= operator.index(window) <= len(arr):
        raise ValueError("window must be in [1, n]")
    last = len(arr) if window == 1 else 1 - window
    return production(arr, window)[:len(arr[:last])]
""",
    ),
    (
        "sums float32 in float32",
        "any_real_dtype",
        """
from handbook import moving_average as production

def moving_average(arr, window):
    x = np.asarray(arr)
    if x.dtype != np.float32:
        return production(arr, window)
    windows = np.lib.stride_tricks.sliding_window_view(x, window)
    return windows.mean(axis=1)
""",
    ),
    (
        "always float64",
        "any_real_dtype",
        """
from handbook import moving_average as production

def moving_average(arr, window):
    return production(arr, window).astype(float)
""",
    ),
    (
        "subtracts uint8",
        "any_real_dtype",
        """
from handbook import moving_average as production

def moving_average(arr, window):
    x = np.asarray(arr)
    if x.ndim != 1 or x.dtype.kind not in "iu":
        return production(arr, window)
    changes = np.cumsum(x[window:] - x[:-window]) / window
    return np.append(0, changes) + x[:window].mean()
""",
    ),
    (
        "flattens",
        "one_dimension",
        """
from handbook import moving_average as production

def moving_average(arr, window):
    return production(np.ravel(arr), window)
""",
    ),
    (
        "averages rows",
        "one_dimension",
        """
from handbook import moving_average as production

def moving_average(arr, window):
    x = np.asarray(arr)
    if x.ndim == 2:
        return np.array([production(row, window) for row in x])
    return production(x, window)
""",
    ),
    (
        "reads text as numbers",
        "one_dimension",
        """
from handbook import moving_average as production

def moving_average(arr, window):
    if np.asarray(arr).dtype.kind == "U":
        arr = np.asarray(arr, dtype=float)
    return production(arr, window)
""",
    ),
    (
        "text is a ValueError",
        "one_dimension",
        """
from handbook import moving_average as production

def moving_average(arr, window):
    if np.asarray(arr).dtype.kind == "U":
        raise ValueError("arr must be real")
    return production(arr, window)
""",
    ),
]
