import numpy as np
from numpy.typing import ArrayLike, NDArray

from handbook.guards import as_integer, as_real


def moving_average(arr: ArrayLike, window: int) -> NDArray[np.floating]:
    r"""Average each run of `window` samples, each from its own samples.

    Parameters
    ----------
    arr : (n,) array_like
        Real samples.
    window : int
        Length w of the window, 1 <= w <= n.

    Returns
    -------
    (n - window + 1,) ndarray
        ``arr[i : i + window].mean()`` for every i, in
        ``np.result_type(arr, 1.0)``: float32 stays float32, integers and
        bools become float64. All sums are kept in float64 or wider.

    Raises
    ------
    TypeError
        If `arr` does not hold real numbers, or `window` is not an integer.
    ValueError
        If `arr` is not one-dimensional, or `window` lies outside [1, n].

    Notes
    -----
    A running sum adds the sample that enters and subtracts the one that
    leaves, so what it rounded away beside 1e16 stays lost, and after a NaN
    it is NaN for good. Here only samples of one window are ever added: a
    NaN or an infinity spoils the w windows that hold it, and a change of a
    sample changes no bit of any other mean.

    Below w = 256 sums of k samples make sums of 2 k and of k + 1,

    $$
    s_{2k}(i) = s_k(i) + s_k(i + k), \qquad s_{k+1}(i) = s_k(i) + x_{i+k}
    $$

    and reach w in at most 14 additions per mean. For longer windows the
    samples are cut into blocks of w, as for van Herk's running maximum [1]:
    a window is the tail of one block and the head of the next, and all
    tails and heads are cumulative sums within the blocks. So the time is
    O(n) for any w. With float64 samples a call holds two arrays of n
    numbers at its peak, the result included.

    The rounding error of a mean is at most that of adding w numbers one by
    one, about w eps times the largest magnitude in the window [2]. The
    blocks stay far below that where the samples are far from zero: what
    they add up are differences to the last sample of the block, which every
    window from that block holds.

    References
    ----------
    1. M. van Herk, "A fast algorithm for local minimum and maximum filters
       on rectangular and octagonal kernels", Pattern Recognition Letters 13
       (7), 1992. <https://doi.org/10.1016/0167-8655(92)90069-C>
    2. N. J. Higham, "The accuracy of floating point summation", SIAM
       Journal on Scientific Computing 14 (4), 1993.
       <https://doi.org/10.1137/0914050>

    Examples
    --------
    >>> from handbook import moving_average
    >>> moving_average([1, 2, 3, 4, 10], window=3)
    array([2.        , 3.        , 5.66666667])
    >>> moving_average([1e16, 1, 1, 1], window=2)
    array([5.e+15, 1.e+00, 1.e+00])
    """
    arr = as_real("arr", arr)
    w = as_integer("window", window)  # np.uint8(window) would wrap
    if arr.ndim != 1 or not 1 <= w <= len(arr):
        raise ValueError(
            f"arr must be (n,) and window in [1, n], "
            f"got {arr.shape} and {w}"
        )
    x = arr.astype(np.result_type(arr, np.float64), copy=False)
    if w < 256:
        sums, width = x, 1  # sums[i] is that of x[i : i + width]
        for bit in f"{w:b}"[1:]:
            sums = sums[:-width] + sums[width:]
            width *= 2
            if bit == "1":
                sums = sums[:-1] + x[width:]
                width += 1
        means = sums / w
    else:
        n, rows = len(x), len(x) // w
        blocks = x[: rows * w].reshape(rows, w)
        last = blocks[:, -1:]  # (rows, 1), in all windows from its block
        centre = np.clip(last, -1e290, 1e290)  # no difference overflows
        tails = np.empty((rows, w), x.dtype)  # r to the end of the block
        np.subtract(blocks, centre, out=tails)
        np.cumsum(tails[:, ::-1], axis=1, out=tails[:, ::-1])
        heads = np.zeros((rows, w), x.dtype)  # 0 to r of the next block
        heads.reshape(-1)[: n - w] = x[w:]
        heads -= centre
        np.cumsum(heads, axis=1, out=heads)
        tails[:, 1:] += heads[:, :-1]
        del heads
        tails /= w
        tails += centre
        means = tails.reshape(-1)[: n - w + 1].copy()
    return means.astype(np.result_type(arr, 1.0), copy=False)
