import numpy as np


def softmax(X):
    """Turn each row of logits into probabilities that sum to 1."""
    E = np.exp(X - X.max(axis=1, keepdims=True))  # (n, d), largest is 1
    return E / E.sum(axis=1, keepdims=True)  # (n, d) / (n, 1)
