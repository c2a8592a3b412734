import numpy as np


def scaled_dot_product_attention(Q, K, V, mask=None):
    """Return the weighted means of the rows of V, (..., t, v)."""
    scores = Q @ K.swapaxes(-1, -2) / Q.shape[-1] ** 0.5  # (..., t, s)
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)  # over the keys
    return weights @ V  # (..., t, v)
