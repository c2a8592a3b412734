import numpy as np
from numpy.typing import ArrayLike, NDArray

from handbook.guards import as_float

CACHED = 16_384  # logits that stay in the cache


def sigmoid(z: ArrayLike) -> NDArray[np.floating]:
    r"""Map real numbers to (0, 1) without overflow: 1 / (1 + exp(-z)).

    Parameters
    ----------
    z : array_like, any shape
        Real logits, infinities and NaN included.

    Returns
    -------
    ndarray or scalar, shape of z
        Probabilities in ``np.result_type(z, 1.0)``: float32 stays float32,
        integers and bools become float64. NaN stays NaN.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers.

    Notes
    -----
    $$
    \sigma(z) = \frac{1}{1 + e^{-z}} = \frac{e^z}{1 + e^z}
    $$

    The first form keeps its relative accuracy everywhere but where
    ``exp(-z)`` overflows, below -709 in float64; there the second form is
    ``exp(z)`` to the last bit. A block of the logits stays in the cache
    from one operation to the next.

    Examples
    --------
    >>> from handbook import sigmoid
    >>> sigmoid([-1000, -1, 0, 1, 1000]).round(4)
    array([0.    , 0.2689, 0.5   , 0.7311, 1.    ])
    """
    z = as_float("z", z)  # -uint8 would wrap
    s = np.empty(z.shape, z.dtype)
    tail = -np.log(np.finfo(z.dtype).max)  # exp(-z) overflows below
    logits, results = z.reshape(-1), s.reshape(-1)
    for start in range(0, z.size, CACHED):
        x, out = (a[start : start + CACHED] for a in (logits, results))
        with np.errstate(over="ignore"):  # 1 / inf is as good as 0
            np.exp(np.negative(x, out=out), out=out)
        out += 1
        np.reciprocal(out, out=out)
        low = x < tail
        if low.any():  # subnormal
            out[low] = np.exp(x[low])
    return s[()]


def sigmoid_derivative(z: ArrayLike) -> NDArray[np.floating]:
    r"""Return the slope of the sigmoid, accurate in both tails.

    Parameters
    ----------
    z : array_like, any shape
        Real logits, infinities and NaN included.

    Returns
    -------
    ndarray or scalar, shape of z
        Slopes from 0 to 0.25, to rounding, in ``np.result_type(z, 1.0)``.
        NaN stays NaN.

    Raises
    ------
    TypeError
        If `z` does not hold real numbers.

    Notes
    -----
    $$
    \sigma'(z) = \sigma(z) \, \sigma(-z) = \frac{e^{-|z|}}{(1 + e^{-|z|})^2}
    $$

    The usual ``s * (1 - s)`` is 0 from z = 37 on, because s rounds to 1;
    this form keeps its relative accuracy until the exponential itself
    leaves the floating-point range.

    Examples
    --------
    >>> from handbook import sigmoid_derivative
    >>> sigmoid_derivative(0)
    np.float64(0.25)
    >>> f"{sigmoid_derivative(40.0):.3e}"
    '4.248e-18'
    """
    z = as_float("z", z)
    e = np.exp(-np.abs(z))  # in [0, 1]
    return e / (1 + e) ** 2  # even in z: sigmoid(z) * sigmoid(-z)


def binary_cross_entropy(y_true: ArrayLike, logits: ArrayLike) -> float:
    r"""Average the cross-entropy of binary targets, straight from logits.

    Parameters
    ----------
    y_true : array_like, any shape
        Targets in [0, 1]: labels 0 and 1, or probabilities.
    logits : array_like, shape of y_true
        Finite real logits, before any sigmoid, up to 1e308 in magnitude.

    Returns
    -------
    float
        The mean, in nats, computed in float64.

    Raises
    ------
    TypeError
        If `y_true` or `logits` does not hold real numbers.
    ValueError
        If the shapes differ, are empty, or a target lies outside [0, 1].

    Notes
    -----
    $$
    \ell(y, z) = z \, ([z \ge 0] - y) + \log(1 + e^{-|z|})
    $$

    This is ``-y * log(s) - (1 - y) * log(1 - s)`` with s = sigmoid(z), but
    never takes the logarithm of a rounded 0 [1]; `numpy.log1p` keeps the
    digits of a small exponential [2]. The first term is max(z, 0) - z * y
    without its cancellation: for y = 1 - 1e-12 and z = 1000 that would be
    1000 less almost 1000.

    References
    ----------
    1. TensorFlow API documentation,
       ``tf.nn.sigmoid_cross_entropy_with_logits``.
    2. M. Maechler, "Accurately computing log(1 - exp(-|a|))", vignette
       of the R package Rmpfr, 2012.

    Examples
    --------
    >>> from handbook import binary_cross_entropy
    >>> round(binary_cross_entropy([1, 0, 1, 0], [2, -1, 0.5, -2]), 4)
    0.2603
    """
    y, z = np.asarray(y_true), np.asarray(logits)
    if y.dtype.kind not in "biuf" or z.dtype.kind not in "biuf":
        raise TypeError(
            f"y_true and logits must be real, got {y.dtype}, {z.dtype}"
        )
    if y.shape != z.shape or y.size == 0:
        raise ValueError(
            f"y_true and logits must share a shape that is not empty, "
            f"got {y.shape} and {z.shape}"
        )
    if not (y.min() >= 0 and y.max() <= 1):  # NaN is not, either
        raise ValueError(
            f"y_true must be in [0, 1], got {y.min()} to {y.max()}"
        )
    z = z.astype(np.float64, copy=False)
    # z * (1 - y) on the right of 0, -z * y on the left: nothing cancels
    losses = z * np.subtract(z >= 0, y, dtype=np.float64)
    losses += np.log1p(np.exp(-np.abs(z)))
    return float((losses / losses.size).sum())  # the plain sum may overflow
