import numpy as np
from numpy.typing import ArrayLike, NDArray

from handbook.guards import as_integer, as_real

CACHED = 32_768  # samples: their sums stay in the cache


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

    Sums of k samples make sums of 2 k and of k + 1,

    $$
    s_{2k}(i) = s_k(i) + s_k(i + k), \qquad s_{k+1}(i) = s_k(i) + x_{i+k}
    $$

    and reach w in at most 2 log2(w) array additions, in pieces that stay
    in the cache unless w is large. The rounding error of a mean is at most
    that of adding w numbers one by one, about w eps times the largest
    magnitude in the window [1]; on average it is far below.

    References
    ----------
    1. N. J. Higham, "The accuracy of floating point summation", SIAM
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
    means = np.empty(len(x) - w + 1, np.result_type(arr, 1.0))
    step = max(CACHED, 2 * w)
    for start in range(0, len(means), step):
        part = x[start : start + step + w - 1]
        sums, width = part, 1  # sums[i] is that of part[i : i + width]
        for bit in f"{w:b}"[1:]:
            sums = sums[:-width] + sums[width:]
            width *= 2
            if bit == "1":
                sums = sums[:-1] + part[width:]
                width += 1
        np.divide(
            sums, w, out=means[start : start + step], casting="same_kind"
        )
    return means
