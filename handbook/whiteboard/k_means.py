import numpy as np


def draw(X, k, rng):
    """Return k distinct rows of X to begin with."""
    return X[np.random.default_rng(rng).permutation(len(X))[:k]]


def assign(X, centroids):
    """Return the number of the nearest centroid for each row."""
    gaps = X[:, None] - centroids  # (n, 1, d) - (k, d) -> (n, k, d)
    return (gaps**2).sum(axis=2).argmin(axis=1)  # ties: the lowest


def update(X, labels, centroids):
    """Return the means of the clusters; an empty one keeps its place."""
    centroids = centroids.astype(float)  # a copy, never of integers
    for j in np.unique(labels):
        centroids[j] = X[labels == j].mean(axis=0)
    return centroids


def k_means(X, k, init=None, max_iter=100, rng=None):
    """Return labels, shape (n,), and centroids, shape (k, d)."""
    centroids = draw(X, k, rng) if init is None else init
    labels = assign(X, centroids)
    for _ in range(max_iter):
        centroids, before = update(X, labels, centroids), labels
        labels = assign(X, centroids)
        if np.array_equal(labels, before):
            break
    return labels, centroids
