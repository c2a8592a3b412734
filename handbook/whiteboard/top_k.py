import numpy as np


def topk_per_row(X, k):
    """Return the columns of each row's k largest values, largest first."""
    top = np.argpartition(X, -k, axis=1)[:, -k:]  # (n, k), unordered
    values = np.take_along_axis(X, top, axis=1)  # (n, k)
    order = np.argsort(-values, axis=1)  # (n, k), positions within top
    return np.take_along_axis(top, order, axis=1)  # columns of X
