from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from handbook.guards import as_float

Floats = NDArray[np.floating]
KEYS = ("W1", "b1", "W2", "b2")


def _layers(params: Mapping[str, ArrayLike]) -> list[Floats]:
    """Return W1, b1, W2 and b2 as floats of shapes that fit."""
    if missing := [key for key in KEYS if key not in params]:
        raise ValueError(
            f"params must hold {', '.join(KEYS)}, got no {missing[0]}"
        )
    layers = [as_float(f"params[{key!r}]", params[key]) for key in KEYS]
    W1, b1, W2, b2 = (layer.shape for layer in layers)
    if not (
        len(W1) == len(W2) == 2
        and (b1, b2) == (W1[1:], W2[1:])
        and W1[1] == W2[0]
    ):
        raise ValueError(
            f"params must be W1 (d, h), b1 (h,), W2 (h, C), b2 (C,), "
            f"got {W1}, {b1}, {W2}, {b2}"
        )
    return layers


def mlp_forward(
    X: ArrayLike, params: Mapping[str, ArrayLike]
) -> tuple[Floats, tuple[Floats, Floats]]:
    r"""Return the logits of a two-layer network, and a cache.

    Parameters
    ----------
    X : (n, d) array_like
        Real rows. n may be 0.
    params : mapping
        ``W1`` (d, h), ``b1`` (h,), ``W2`` (h, C) and ``b2`` (C,), real.

    Returns
    -------
    logits : (n, C) ndarray
        In ``np.result_type`` of the arrays and 1.0: float32 stays float32,
        integers and bools become float64. A row of X that holds NaN has
        NaN logits.
    cache : tuple
        What `mlp_backward` needs. It holds X itself, not a copy, if X is a
        float array: do not write into X before the backward pass.

    Raises
    ------
    TypeError
        If an array is not real.
    ValueError
        If a parameter is missing or the shapes do not fit together.

    Notes
    -----
    With the biases added to each row,

    $$
    \text{logits} = \max(X W_1 + b_1, 0) \, W_2 + b_2
    $$

    Examples
    --------
    >>> from handbook import mlp_forward
    >>> params = {
    ...     "W1": [[1, -1]],
    ...     "b1": [0, 0],
    ...     "W2": [[2], [3]],
    ...     "b2": [1],
    ... }
    >>> logits, _ = mlp_forward([[1], [-1]], params)
    >>> logits
    array([[3.],
           [4.]])
    """
    X = as_float("X", X)
    W1, b1, W2, b2 = _layers(params)
    if X.ndim != 2 or X.shape[1] != len(W1):
        raise ValueError(f"X must be (n, {len(W1)}), got {X.shape}")
    with np.errstate(over="ignore", invalid="ignore"):
        A1 = np.maximum(X @ W1 + b1, 0)  # (n, h)
        return A1 @ W2 + b2, (X, A1)


def mlp_backward(
    cache: tuple[Floats, Floats],
    params: Mapping[str, ArrayLike],
    grad_logits: ArrayLike,
) -> dict[str, Floats]:
    r"""Return the gradients of a loss by the parameters.

    Parameters
    ----------
    cache : tuple
        From `mlp_forward`.
    params : mapping
        The parameters of the forward pass.
    grad_logits : (n, C) array_like
        The gradient of the loss by the logits, real. If the loss is a mean,
        the factor 1/n is already in it.

    Returns
    -------
    dict
        ``W1``, ``b1``, ``W2`` and ``b2``, each of the shape of its
        parameter, in ``np.result_type`` of the logits and `grad_logits`. A
        unit that is 0 or negative passes no gradient, not even an infinite
        one.

    Raises
    ------
    TypeError
        If an array is not real.
    ValueError
        If a parameter is missing or the shapes do not fit together.

    Notes
    -----
    With $G$ for `grad_logits`, $A_1$ for the hidden layer and $\odot$ for
    the product element by element [1],

    $$
    G_1 = (G W_2^\top) \odot [A_1 > 0], \qquad
    \nabla_{W_1} = X^\top G_1, \qquad
    \nabla_{W_2} = A_1^\top G
    $$

    The gradients of the biases are the sums of $G_1$ and $G$ over the rows.

    References
    ----------
    1. I. Goodfellow, Y. Bengio and A. Courville, "Deep Learning", MIT
       Press, 2016, section 6.5.

    Examples
    --------
    >>> from handbook import mlp_backward, mlp_forward
    >>> params = {
    ...     "W1": [[1, -1]],
    ...     "b1": [0, 0],
    ...     "W2": [[2], [3]],
    ...     "b2": [1],
    ... }
    >>> _, cache = mlp_forward([[1], [-1]], params)
    >>> mlp_backward(cache, params, [[1], [10]])["W1"]
    array([[  2., -30.]])
    """
    X, A1 = cache
    W1, _, W2, b2 = _layers(params)
    if W1.shape != (X.shape[1], A1.shape[1]):
        raise ValueError(
            f"params must be those of the forward pass, got W1 {W1.shape} "
            f"for a cache of {X.shape} and {A1.shape}"
        )
    grad = as_float("grad_logits", grad_logits)
    if grad.shape != (len(X), W2.shape[1]):
        raise ValueError(
            f"grad_logits must be {(len(X), W2.shape[1])}, got {grad.shape}"
        )
    grad = grad.astype(np.result_type(A1, W2, b2, grad), copy=False)
    with np.errstate(over="ignore", invalid="ignore"):
        grad_A1 = grad @ W2.T  # (n, h)
        grad_Z1 = grad_A1 * (A1 > 0)  # quicker than np.where
        if not np.isfinite(grad_A1).all():  # inf * 0 is NaN
            grad_Z1 = np.where(A1 > 0, grad_A1, 0)
        return {
            "W1": X.T @ grad_Z1,  # (d, h)
            "b1": grad_Z1.sum(axis=0),  # (h,)
            "W2": A1.T @ grad,  # (h, C)
            "b2": grad.sum(axis=0),  # (C,)
        }
