import numpy as np
from numpy.typing import ArrayLike, NDArray

from handbook.guards import as_float


def fit_linear(
    X: ArrayLike, y: ArrayLike, l2: float = 0.0
) -> tuple[NDArray[np.floating], float]:
    r"""Fit a linear regression by least squares, with a ridge penalty.

    Parameters
    ----------
    X : (n, d) array_like
        Real, finite features, n >= 1. d may be 0.
    y : (n,) array_like
        Real, finite targets.
    l2 : float, default 0.0
        Weight of the penalty, finite and at least 0. It meets the sum of
        the squared errors, not their mean.

    Returns
    -------
    weights : (d,) ndarray
        The minimiser, in ``np.result_type(X, y, 1.0)``: float32 stays
        float32, integers and bools become float64. If there are several
        minimisers, as for collinear columns or d > n with ``l2=0``, the one
        of smallest norm, in which a constant column has the weight 0.
    bias : float
        The bias, which is neither penalised nor counted in that norm.

    Raises
    ------
    TypeError
        If `X`, `y` or `l2` is not real.
    ValueError
        If the shapes do not fit together, n is 0, a number is NaN or
        infinite, or `l2` is negative.

    Notes
    -----
    The weights w and the bias b minimise [1]

    $$
    \|Xw + b - y\|^2 + \lambda \|w\|^2
    $$

    where $\lambda$ is `l2`. Centring both sides removes b. The penalty is d
    more rows with targets 0: the identity, times the root of `l2`. The
    singular value decomposition is computed in float64. Singular values
    that the rounding of `X` could have made out of 0 count as 0.

    References
    ----------
    1. T. Hastie, R. Tibshirani and J. Friedman, "The Elements of
       Statistical Learning", 2nd edition, Springer, 2009, section 3.4.1.

    Examples
    --------
    >>> from handbook import fit_linear
    >>> weights, bias = fit_linear([[0], [1], [2], [3]], [1, 3, 5, 7], l2=5)
    >>> weights.round(4), round(bias, 4)
    (array([1.]), 2.5)
    """
    X, y, ridge = as_float("X", X), as_float("y", y), as_float("l2", l2)
    if X.ndim != 2 or y.shape != X.shape[:1] or len(y) == 0:
        raise ValueError(
            f"X must be (n, d) and y (n,) with n >= 1, "
            f"got {X.shape} and {y.shape}"
        )
    if not (np.isfinite(X).all() and np.isfinite(y).all()):
        raise ValueError("X and y must be finite, got NaN or infinity")
    if ridge.ndim or not 0 <= ridge < np.inf:
        raise ValueError(f"l2 must be a finite number >= 0, got {l2}")
    n, d = X.shape
    dtype = np.result_type(X, y)
    rounding = np.finfo(X.dtype).eps * d  # of X, beside its largest column
    rcond = max(rounding, np.finfo(np.float64).eps * (n + d))
    X, y = (np.asarray(a, np.float64) for a in (X, y))
    x_mean = X[0] + (X - X[0]).mean(axis=0)  # exact for a constant column
    y_mean = y.mean()
    A = np.vstack([X - x_mean, float(ridge) ** 0.5 * np.eye(d)])
    t = np.concatenate([y - y_mean, np.zeros(d)])  # (n + d,)
    weights = np.linalg.lstsq(A, t, rcond)[0].astype(dtype)  # (d,)
    return weights, float(y_mean - x_mean @ weights)
