import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from handbook.guards import as_integer, as_real

COLUMNS = 2**17  # numbers that are copied at a time, if an image has fewer


def conv2d(
    x: ArrayLike, w: ArrayLike, stride: int = 1, padding: int = 0
) -> NDArray[np.floating]:
    r"""Slide each filter over each image, without flipping it.

    Parameters
    ----------
    x : (n, c, h, w) array_like
        Images: real numbers. n, c, h and w may be 0.
    w : (f, c, kh, kw) array_like
        Filters: real numbers. f may be 0, kh and kw may not.
    stride : int
        Step of the window along both axes, at least 1.
    padding : int
        Zeros on each of the four sides of an image, at least 0.

    Returns
    -------
    (n, f, oh, ow) ndarray
        With ``oh = (h + 2 * padding - kh) // stride + 1``, and ow likewise,
        in ``np.result_type(x, w, 1.0)``: float32 stays float32, integers
        and bools become float64 before the first product.

    Raises
    ------
    TypeError
        If `x` or `w` does not hold real numbers, or `stride` or `padding`
        is not an integer.
    ValueError
        If `x` or `w` has not four axes, their channels differ, the kernel
        is empty or larger than the padded image, `stride` is below 1 or
        `padding` below 0.

    Notes
    -----
    With zeros around the image, and the stride s [1]:

    $$
    y_{nfij} = \sum_{c,k,l} w_{fckl} \, x_{n,c,\, s i + k,\, s j + l}
    $$

    The windows are a view. A matrix product needs a copy of them, one
    window a column (im2col) [2]. A few images are copied at a time, one if
    it is large, so the copy does not grow with n.

    References
    ----------
    1. V. Dumoulin and F. Visin, "A guide to convolution arithmetic for
       deep learning", 2016. <https://arxiv.org/abs/1603.07285>
    2. K. Chellapilla, S. Puri and P. Simard, "High Performance
       Convolutional Neural Networks for Document Processing", 2006.
       <https://inria.hal.science/inria-00112631>

    Examples
    --------
    >>> import numpy as np
    >>> from handbook import conv2d
    >>> x = np.arange(9).reshape(1, 1, 3, 3)
    >>> conv2d(x, [[[[1, 2], [3, 4]]]])
    array([[[[27., 37.],
             [57., 67.]]]])
    """
    x, w = as_real("x", x), as_real("w", w)
    s, p = as_integer("stride", stride), as_integer("padding", padding)
    if x.ndim != 4 or w.ndim != 4 or x.shape[1] != w.shape[1]:
        raise ValueError(
            f"x and w must be (n, c, h, w) and (f, c, kh, kw), "
            f"got {x.shape} and {w.shape}"
        )
    if s < 1 or p < 0:
        raise ValueError(
            f"stride must be at least 1 and padding at least 0, "
            f"got {s} and {p}"
        )
    n, f, c, kernel = len(x), len(w), x.shape[1], w.shape[2:]
    height, width = (size + 2 * p for size in x.shape[2:])
    if not (1 <= kernel[0] <= height and 1 <= kernel[1] <= width):
        raise ValueError(
            f"w must fit {(height, width)}, the padded image, "
            f"got kernel {kernel}"
        )
    oh, ow = (height - kernel[0]) // s + 1, (width - kernel[1]) // s + 1
    dtype = np.result_type(x, w, 1.0)  # integers to float64: no wrap-around
    entries, places = c * kernel[0] * kernel[1], oh * ow
    filters = w.astype(dtype, copy=False).reshape(f, entries)
    y = np.empty((n, f, places), dtype)
    block = COLUMNS // max(1, entries * places) or 1
    for start in range(0, n, block):
        images = x[start : start + block].astype(dtype, copy=False)
        images = np.pad(images, ((0, 0), (0, 0), (p, p), (p, p)))
        windows = sliding_window_view(images, kernel, axis=(2, 3))
        windows = windows[:, :, ::s, ::s].transpose(0, 1, 4, 5, 2, 3)
        columns = windows.reshape(len(images), entries, places)  # a copy
        np.matmul(filters, columns, out=y[start : start + block])
    return y.reshape(n, f, oh, ow)
