import numpy as np
from numpy.typing import ArrayLike, NDArray

from handbook.guards import as_float


def scaled_dot_product_attention(
    Q: ArrayLike, K: ArrayLike, V: ArrayLike, mask: ArrayLike | None = None
) -> NDArray[np.floating]:
    r"""Return for each query the mean of the values, weighted by scores.

    Parameters
    ----------
    Q : (..., t, d) array_like
        Real queries, d >= 1.
    K : (..., s, d) array_like
        Real keys.
    V : (..., s, v) array_like
        Real values, one row per key.
    mask : array_like of bool, optional
        Broadcasts to (..., t, s). True where a query may look at a key, as
        in PyTorch's function of this name. In its `MultiheadAttention`,
        True hides a key.

    Returns
    -------
    (..., t, v) ndarray
        In ``np.result_type(Q, K, V, 1.0)`` of arrays: float32 stays
        float32, integers and bools become float64. Leading axes broadcast.
        A query without a key, because of the mask or s = 0, gives zeros.

    Raises
    ------
    TypeError
        If `Q`, `K` or `V` is not real, or `mask` is not boolean.
    ValueError
        If the shapes do not fit together.

    Notes
    -----
    With the queries as rows of Q, the keys as rows of K [1]:

    $$
    \operatorname{softmax}\left( \frac{Q K^\top}{\sqrt{d}} \right) V
    $$

    Keys that no query may look at are replaced by zeros, and so are their
    values, because 0 times NaN is NaN. float16 is computed in float32.

    References
    ----------
    1. A. Vaswani et al., "Attention is all you need", NeurIPS 2017,
       equation 1. <https://arxiv.org/abs/1706.03762>

    Examples
    --------
    >>> from handbook import scaled_dot_product_attention
    >>> Q, K, V = (
    ...     [[2, 0], [0, 2]],
    ...     [[1, 0], [0, 1], [1, 1]],
    ...     [[1], [2], [3]],
    ... )
    >>> mask = [[True, True, False], [True, True, True]]
    >>> scaled_dot_product_attention(Q, K, V, mask).round(4)
    array([[1.1956],
           [2.3374]])
    """
    Q, K, V = as_float("Q", Q), as_float("K", K), as_float("V", V)
    shapes = f"{Q.shape}, {K.shape} and {V.shape}"
    if (
        min(Q.ndim, K.ndim, V.ndim) < 2
        or Q.shape[-1] == 0
        or Q.shape[-1] != K.shape[-1]
        or K.shape[-2] != V.shape[-2]
    ):
        raise ValueError(
            f"Q, K and V must be (..., t, d), (..., s, d) and (..., s, v) "
            f"with d >= 1, got {shapes}"
        )
    try:
        lead = np.broadcast_shapes(*(X.shape[:-2] for X in (Q, K, V)))
    except ValueError:
        raise ValueError(
            f"leading axes of Q, K and V must broadcast, got {shapes}"
        ) from None
    dtype = np.result_type(Q, K, V)
    work = np.result_type(dtype, np.float32)
    Q = np.broadcast_to(Q, (*lead, *Q.shape[-2:]))
    full = (*Q.shape[:-1], K.shape[-2])
    allowed = np.asarray(True if mask is None else mask)
    if allowed.dtype != bool:
        raise TypeError(f"mask must be boolean, got dtype {allowed.dtype}")
    try:
        hidden = ~np.broadcast_to(allowed, full)  # (..., t, s)
    except ValueError:
        raise ValueError(
            f"mask must broadcast to {full}, got {allowed.shape}"
        ) from None
    unseen = np.expand_dims(hidden.all(axis=-2), -1)  # (..., s, 1)
    K, V = np.where(unseen, 0, K), np.where(unseen, 0, V)
    Q = Q.astype(work, copy=False) / Q.shape[-1] ** 0.5
    weights = Q @ K.astype(work, copy=False).swapaxes(-1, -2)
    np.copyto(weights, -np.inf, where=hidden)
    top = weights.max(axis=-1, keepdims=True, initial=-np.inf)
    weights -= np.where(top == -np.inf, 0, top)
    np.exp(weights, out=weights)  # at most 1; all 0 without a key
    total = weights.sum(axis=-1, keepdims=True)  # (..., t, 1)
    result = weights @ V.astype(work, copy=False)
    result /= np.where(total == 0, 1, total)
    return result.astype(dtype, copy=False)
