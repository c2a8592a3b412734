import numpy as np
from numpy.typing import ArrayLike, NDArray

from handbook.guards import as_float, as_integer


def predict_proba(
    X: ArrayLike, weights: ArrayLike, bias: float
) -> NDArray[np.floating]:
    r"""Return the probability of class 1 for each row of X.

    Parameters
    ----------
    X : (n, d) array_like
        Real features. n and d may be 0.
    weights : (d,) array_like
        Real weights, as `fit_logistic` returns them.
    bias : float
        The bias.

    Returns
    -------
    (n,) ndarray
        Probabilities in ``np.result_type(X, weights, 1.0)`` of arrays:
        float32 stays float32, integers and bools become float64. A row
        that holds NaN has the probability NaN.

    Raises
    ------
    TypeError
        If `X`, `weights` or `bias` is not real.
    ValueError
        If the shapes do not fit together.

    Notes
    -----
    With the logit $z = x^\top w + b$ of a row x,

    $$
    P(y = 1 \mid x) = \frac{1}{1 + e^{-z}} = \frac{e^z}{1 + e^z}
    $$

    The first form is safe for z >= 0, the second for z < 0; with
    ``exp(-|z|)`` both read from one array that cannot overflow.

    Examples
    --------
    >>> from handbook import predict_proba
    >>> predict_proba([[0], [1], [2], [3]], [0.5], 0).round(4)
    array([0.5   , 0.6225, 0.7311, 0.8176])
    """
    X, weights = as_float("X", X), as_float("weights", weights)
    shift = as_float("bias", bias)
    if X.ndim != 2 or weights.shape != X.shape[1:] or shift.ndim:
        raise ValueError(
            f"X must be (n, d), weights (d,) and bias a number, "
            f"got {X.shape}, {weights.shape} and {shift.shape}"
        )
    with np.errstate(over="ignore", invalid="ignore"):
        z = X @ weights + float(shift)  # (n,)
    e = np.exp(-np.abs(z))  # in [0, 1]
    return np.where(z >= 0, 1, e) / (1 + e)


def fit_logistic(
    X: ArrayLike,
    y: ArrayLike,
    lr: float = 0.1,
    steps: int = 1000,
    l2: float = 0.0,
) -> tuple[NDArray[np.floating], float]:
    r"""Fit a logistic regression by full-batch gradient descent.

    Parameters
    ----------
    X : (n, d) array_like
        Real, finite features, n >= 1. d may be 0.
    y : (n,) array_like
        Labels 0 and 1, of any real dtype.
    lr : float, default 0.1
        Length of a step, finite and above 0.
    steps : int, default 1000
        How many updates, at least 0. There is no other stopping rule.
    l2 : float, default 0.0
        Weight of the penalty, finite and at least 0. scikit-learn's C is
        ``1 / (n * l2)``.

    Returns
    -------
    weights : (d,) ndarray
        In ``np.result_type(X, 1.0)`` of the array X: float32 stays float32,
        integers and bools become float64. The descent runs in float64.
    bias : float
        The bias, which is not penalised.

    Raises
    ------
    TypeError
        If `X`, `y`, `lr` or `l2` is not real, or `steps` no integer.
    ValueError
        If the shapes do not fit together, n is 0, a label is not 0 or 1, a
        feature is NaN or infinite, or a number is out of range.

    Notes
    -----
    From zeros, both w and b descend on the mean cross-entropy plus
    $\tfrac{\lambda}{2} \|w\|^2$, where $\lambda$ is `l2`. With the errors
    $e = p - y$ of the probabilities p its gradients are [1]

    $$
    \nabla_w = \tfrac{1}{n} X^\top e + \lambda w, \qquad
    \nabla_b = \tfrac{1}{n} \sum_i e_i
    $$

    References
    ----------
    1. C. M. Bishop, "Pattern Recognition and Machine Learning", Springer,
       2006, section 4.3.2.

    Examples
    --------
    >>> from handbook import fit_logistic
    >>> X, y = [[0], [1], [2], [3]], [0, 0, 1, 1]
    >>> fit_logistic(X, y, lr=1.0, steps=1)
    (array([0.5]), 0.0)
    """
    X, y = as_float("X", X), as_float("y", y)
    rate, ridge = as_float("lr", lr), as_float("l2", l2)
    steps = as_integer("steps", steps)
    if X.ndim != 2 or y.shape != X.shape[:1] or len(y) == 0:
        raise ValueError(
            f"X must be (n, d) and y (n,) with n >= 1, "
            f"got {X.shape} and {y.shape}"
        )
    if not np.isfinite(X).all():
        raise ValueError("X must be finite, got NaN or infinity")
    if wrong := y[(y != 0) & (y != 1)].tolist():
        raise ValueError(f"y must hold 0 and 1 only, got {wrong[0]}")
    if rate.ndim or not 0 < rate < np.inf:
        raise ValueError(f"lr must be a finite number > 0, got {lr}")
    if steps < 0:
        raise ValueError(f"steps must be at least 0, got {steps}")
    if ridge.ndim or not 0 <= ridge < np.inf:
        raise ValueError(f"l2 must be a finite number >= 0, got {l2}")
    n, d = X.shape
    features = X.astype(np.float64, copy=False)
    weights, bias = np.zeros(d), 0.0
    for _ in range(steps):
        error = predict_proba(features, weights, bias) - y  # (n,)
        slope = features.T @ error / n + float(ridge) * weights  # (d,)
        weights -= float(rate) * slope
        bias -= float(rate) * float(error.mean())
    return weights.astype(X.dtype), bias
