import numpy as np


def layer_norm(X, gamma, beta, eps=1e-5):
    """Normalise along the last axis, then scale and shift each feature."""
    mean = X.mean(axis=-1, keepdims=True)  # (..., 1)
    var = X.var(axis=-1, keepdims=True)  # (..., 1), divided by d
    return gamma * (X - mean) / np.sqrt(var + eps) + beta  # (..., d)
