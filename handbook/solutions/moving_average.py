import numpy as np
from numpy.typing import ArrayLike, NDArray


def moving_average(arr: ArrayLike, window: int) -> NDArray[np.floating]:
    r"""Average each run of `window` samples, in time independent of it.

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
    From one window to the next one sample enters and one leaves:

    $$
    a_{i+1} = a_i + \frac{x_{i+w} - x_i}{w}
    $$

    Summing the differences, not the samples, keeps the running sum as small
    as the spread of the data; a running sum of n samples grows with n, and
    its rounding error with it [1]. A NaN makes every window from the first
    that holds it NaN, and a sample that is larger than the others by 1e16
    leaves its rounding error in them.

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
    """
    arr = np.asarray(arr)
    if arr.dtype.kind not in "biuf":
        raise TypeError(f"arr must be real, got dtype {arr.dtype}")
    if not isinstance(window, (int, np.integer)):
        raise TypeError(f"window must be an integer, got {window!r}")
    if arr.ndim != 1 or not 1 <= window <= len(arr):
        raise ValueError(
            f"arr must be (n,) and window in [1, n], "
            f"got {arr.shape} and {window}"
        )
    x = arr.astype(np.result_type(arr, np.float64), copy=False)
    w = int(window)  # np.uint8(window) would wrap
    means = np.zeros(len(x) - w + 1, x.dtype)
    np.subtract(x[w:], x[:-w], out=means[1:])  # enters - leaves
    np.cumsum(means, out=means)  # w * (means[i] - means[0])
    means /= w
    means += x[:w].mean()
    return means.astype(np.result_type(arr, 1.0), copy=False)
