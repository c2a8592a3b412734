import numpy as np


def mlp_forward(X, params):
    """Return the logits, shape (n, C), and what backward needs."""
    Z1 = X @ params["W1"] + params["b1"]  # (n, h)
    A1 = np.maximum(Z1, 0)  # (n, h)
    logits = A1 @ params["W2"] + params["b2"]  # (n, C)
    return logits, (X, Z1, A1)


def mlp_backward(cache, params, grad_logits):
    """Return the gradient of each parameter, under the same keys."""
    X, Z1, A1 = cache
    grad_Z1 = (grad_logits @ params["W2"].T) * (Z1 > 0)  # (n, h)
    return {
        "W1": X.T @ grad_Z1,  # (d, h)
        "b1": grad_Z1.sum(axis=0),  # (h,)
        "W2": A1.T @ grad_logits,  # (h, C)
        "b2": grad_logits.sum(axis=0),  # (C,)
    }
