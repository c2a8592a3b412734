import numpy as np


def l2_normalize(X):
    """Scale each row to Euclidean length 1; zero rows stay zero."""
    norms = np.linalg.norm(X, axis=1, keepdims=True)  # (n, 1)
    return X / np.where(norms == 0, 1, norms)  # a zero row is divided by 1


def l1_normalize(X):
    """Scale each row to L1 norm 1; zero rows stay zero."""
    norms = np.abs(X).sum(axis=1, keepdims=True)  # (n, 1)
    return X / np.where(norms == 0, 1, norms)  # a zero row is divided by 1
