import numpy as np


def roc_auc(y_true, scores):
    """Return the probability that a positive outscores a negative."""
    positive = y_true == 1  # (n,)
    p, q = positive.sum(), (~positive).sum()
    if p == 0 or q == 0:
        raise ValueError("AUC needs both classes")
    _, group, size = np.unique(
        scores, return_inverse=True, return_counts=True
    )
    ranks = (size.cumsum() - (size - 1) / 2)[group]  # ties share the mean
    return float((ranks[positive].sum() - p * (p + 1) / 2) / (p * q))
