from tests.attempts import parsed

ATTEMPTS = parsed(
    """
# accept: original
def moving_average(arr, window):
    cumsum = np.cumsum(arr)
    cumsum = np.insert(cumsum, 0, 0)
    return (cumsum[window:] - cumsum[:-window]) / window

# accept: convolution
def moving_average(arr, window):
    return np.convolve(arr, np.ones(window), mode='valid') / window

# accept: subtracts within the cumulative sum
def moving_average(a, n=3):
    ret = np.cumsum(a, dtype=float)
    ret[n:] = ret[n:] - ret[:-n]
    return ret[n - 1:] / n

# accept: window view
def moving_average(arr, window):
    windows = np.lib.stride_tricks.sliding_window_view(arr, window)
    return windows.mean(axis=-1)

# accept: strides by hand
def moving_average(arr, window):
    shape = (arr.shape[0] - window + 1, window)
    strides = (arr.strides[0], arr.strides[0])
    windows = np.lib.stride_tricks.as_strided(arr, shape, strides)
    return np.mean(windows, axis=1)

# accept: matrix of indices
def moving_average(arr, window):
    starts = np.arange(len(arr) - window + 1)
    return arr[starts[:, None] + np.arange(window)].mean(axis=1)

# accept: full convolution, cut
def moving_average(arr, window):
    kernel = np.repeat(1.0 / window, window)
    return np.convolve(arr, kernel)[window - 1:len(arr)]

# accept: Fourier transform
def moving_average(arr, window):
    n = len(arr)
    box = np.zeros(n)
    box[:window] = 1 / window
    product = np.fft.rfft(arr) * np.fft.rfft(box)
    return np.fft.irfft(product, n)[window - 1:]

# accept: doubling
def moving_average(arr, window):
    if window == 1:
        return arr.copy()
    half = moving_average(arr, window // 2) * (window // 2)
    count = len(arr) - window + 1
    sums = half[:count] + half[window // 2:][:count]
    if window % 2:
        sums = sums + arr[window - 1:]
    return sums / window

# accept: tails and heads of blocks
def moving_average(arr, window):
    n, w = len(arr), window
    padded = np.append(arr, np.zeros(-n % w + w)).reshape(-1, w)
    heads = np.cumsum(padded, axis=1) - padded
    tails = np.cumsum(padded[:, ::-1], axis=1)[:, ::-1]
    sums = tails.ravel()[:n - w + 1] + heads.ravel()[w:n + 1]
    return sums / w

# accept: a list of numbers
def moving_average(arr, window):
    total = np.concatenate(([0.0], np.cumsum(arr)))
    return ((total[window:] - total[:-window]) / window).tolist()

# means_of_neighbours: last window lost
def moving_average(arr, window):
    return np.array(
        [arr[i:i + window].mean() for i in range(len(arr) - window)]
    )

# means_of_neighbours: windows that do not overlap
def moving_average(arr, window):
    whole = len(arr) // window * window
    return arr[:whole].reshape(-1, window).mean(axis=1)

# means_of_neighbours: incomplete windows at the start
def moving_average(arr, window):
    c = np.cumsum(np.insert(arr, 0, 0))
    stop = np.arange(1, len(arr) + 1)
    start = np.maximum(stop - window, 0)
    return (c[stop] - c[start]) / (stop - start)

# means_of_neighbours: sums without the division
def moving_average(arr, window):
    return np.convolve(arr, np.ones(window), "valid")

# means_of_neighbours: whole numbers only
def moving_average(arr, window):
    c = np.cumsum(np.insert(arr, 0, 0))
    return (c[window:] - c[:-window]) // window

# means_of_neighbours: exponential
def moving_average(arr, window):
    alpha = 2 / (window + 1)
    means = [arr[0]]
    for sample in arr[1:]:
        means.append(alpha * sample + (1 - alpha) * means[-1])
    return np.array(means)

# vectorised: window after window
def moving_average(arr, window):
    result = []
    for i in range(len(arr) - window + 1):
        result.append(np.mean(arr[i:i + window]))
    return np.array(result)

# vectorised: sample after sample
def moving_average(arr, window):
    means, total = [], 0.0
    for i, sample in enumerate(arr):
        total += sample
        if i >= window:
            total -= arr[i - window]
        if i >= window - 1:
            means.append(total / window)
    return np.array(means)

# vectorised: shifted slices, one for each sample of a window
def moving_average(arr, window):
    count = len(arr) - window + 1
    return sum(arr[j:j + count] for j in range(window)) / window

# vectorised: a loop in apply_along_axis
def moving_average(arr, window):
    windows = np.lib.stride_tricks.sliding_window_view(arr, window)
    return np.apply_along_axis(np.mean, 1, windows)

# vectorised: a loop in vectorize
def moving_average(arr, window):
    mean = np.vectorize(lambda i: arr[i:i + window].mean())
    return mean(np.arange(len(arr) - window + 1))

# input_unchanged: centres in place
def moving_average(arr, window):
    x = np.asarray(arr, dtype=float)
    centre = x.mean()
    x -= centre
    c = np.cumsum(np.insert(x, 0, 0))
    return (c[window:] - c[:-window]) / window + centre

# input_unchanged: cumulative sum in place
def moving_average(arr, window):
    first = arr[:window].sum()
    np.cumsum(arr, out=arr)
    sums = np.append(first, arr[window:] - arr[:-window])
    return sums / window

# larger_input: indices of 16 bits
def moving_average(arr, window):
    starts = np.arange(len(arr) - window + 1).astype(np.int16)
    offsets = np.arange(window, dtype=np.int16)
    return arr[starts[:, None] + offsets].mean(axis=1)

# time_independent_of_the_window: slow from windows of half the samples on
from handbook import moving_average as production

def moving_average(arr, window):
    if 2 * window < len(arr):
        return production(arr, window)
    return np.convolve(arr, np.ones(window), "valid") / window

# independent_windows: running sum of the differences, guarded
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

# independent_windows: NaN counts as 0
from handbook import moving_average as production

def moving_average(arr, window):
    if np.asarray(arr).dtype.kind == "f":
        arr = np.nan_to_num(arr)
    return production(arr, window)

# accurate_far_from_zero: float32 throughout
from handbook import moving_average as production

def moving_average(arr, window):
    return production(np.asarray(arr, dtype=np.float32), window)

# window_in_range: truncates the window
from handbook import moving_average as production

def moving_average(arr, window):
    return production(arr, int(window))

# window_in_range: means of no samples
from handbook import moving_average as production

def moving_average(arr, window):
    return production(arr, window) if len(arr) else np.empty(0)

# any_integer_window: takes only integers of Python
from handbook import moving_average as production

def moving_average(arr, window):
    if np.ndim(arr) != 1 or not 1 <= window <= len(arr):
        raise ValueError("arr must be (n,) and window in [1, n]")
    if not isinstance(window, int):
        raise TypeError("window must be an int")
    return production(arr, window)

# any_integer_window: negates the window
import operator
from handbook import moving_average as production

def moving_average(arr, window):
    if not 1 <= operator.index(window) <= len(arr):
        raise ValueError("window must be in [1, n]")
    last = len(arr) if window == 1 else 1 - window
    return production(arr, window)[:len(arr[:last])]

# any_real_dtype: sums float32 in float32
from handbook import moving_average as production

def moving_average(arr, window):
    x = np.asarray(arr)
    if x.dtype != np.float32:
        return production(arr, window)
    windows = np.lib.stride_tricks.sliding_window_view(x, window)
    return windows.mean(axis=1)

# any_real_dtype: always float64
from handbook import moving_average as production

def moving_average(arr, window):
    return production(arr, window).astype(float)

# any_real_dtype: subtracts uint8
from handbook import moving_average as production

def moving_average(arr, window):
    x = np.asarray(arr)
    if x.ndim != 1 or x.dtype.kind not in "iu":
        return production(arr, window)
    changes = np.cumsum(x[window:] - x[:-window]) / window
    return np.append(0, changes) + x[:window].mean()

# one_dimension: flattens
from handbook import moving_average as production

def moving_average(arr, window):
    return production(np.ravel(arr), window)

# one_dimension: averages rows
from handbook import moving_average as production

def moving_average(arr, window):
    x = np.asarray(arr)
    if x.ndim == 2:
        return np.array([production(row, window) for row in x])
    return production(x, window)

# one_dimension: reads text as numbers
from handbook import moving_average as production

def moving_average(arr, window):
    if np.asarray(arr).dtype.kind == "U":
        arr = np.asarray(arr, dtype=float)
    return production(arr, window)

# one_dimension: text is a ValueError
from handbook import moving_average as production

def moving_average(arr, window):
    if np.asarray(arr).dtype.kind == "U":
        raise ValueError("arr must be real")
    return production(arr, window)
"""
)
