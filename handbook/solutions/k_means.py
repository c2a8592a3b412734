import numpy as np
from numpy.typing import ArrayLike, NDArray

from handbook.guards import as_float, as_integer


def k_means(
    X: ArrayLike,
    k: int,
    init: ArrayLike | None = None,
    max_iter: int = 100,
    rng: np.random.Generator | int | None = None,
) -> tuple[NDArray[np.intp], NDArray[np.floating]]:
    r"""Cluster rows around k centroids by Lloyd's algorithm.

    Parameters
    ----------
    X : (n, d) array_like
        Real, finite rows.
    k : int
        Number of clusters, 1 <= k <= n.
    init : (k, d) array_like, optional
        Real, finite centroids to begin with. Cluster j is the one that
        begins at ``init[j]``. By default k distinct rows of `X`.
    max_iter : int, default 100
        Largest number of updates, at least 0.
    rng : int, numpy.random.Generator or None, default None
        Seed or generator of the rows to begin with, if `init` is not given.

    Returns
    -------
    labels : (n,) ndarray of intp
        The nearest of the returned centroids; of equally near ones the
        first.
    centroids : (k, d) ndarray
        The means of the clusters, in ``np.result_type(X, 1.0)``: float32
        stays float32, integers and bools become float64. A cluster without
        rows keeps its centroid.

    Raises
    ------
    TypeError
        If `X` or `init` is not real, or `k` or `max_iter` no integer.
    ValueError
        If the shapes do not fit together, `k` lies outside [1, n],
        `max_iter` is negative, or a number is NaN or infinite.

    Notes
    -----
    With the centroids $c_j$ and the labels $l_i$, no step increases [1]

    $$
    \sum_{i=1}^{n} \left\| x_i - c_{l_i} \right\|^2
    $$

    The result is a local minimum that depends on the start. Differences are
    taken before they are squared, in float64, one centroid after the other:
    rows may lie far from the origin, and no (n, k, d) array is made. From
    about 1e154 on the squares overflow.

    References
    ----------
    1. S. P. Lloyd (1982), "Least squares quantization in PCM", IEEE
       Transactions on Information Theory 28, pages 129 to 137.

    Examples
    --------
    >>> from handbook import k_means
    >>> k_means([[0, 0], [0, 1], [4, 0], [4, 1]], 2, init=[[0, 0], [4, 0]])
    (array([0, 0, 1, 1]), array([[0. , 0.5],
           [4. , 0.5]]))
    """
    X, k = as_float("X", X), as_integer("k", k)
    max_iter = as_integer("max_iter", max_iter)
    if X.ndim != 2:
        raise ValueError(f"X must be (n, d), got {X.shape}")
    if not 1 <= k <= len(X):
        raise ValueError(f"k must be in [1, {len(X)}], got {k}")
    if max_iter < 0:
        raise ValueError(f"max_iter must be >= 0, got {max_iter}")
    if init is None:
        start = X[np.random.default_rng(rng).permutation(len(X))[:k]]
    else:
        start = as_float("init", init)
    if start.shape != (k, X.shape[1]):
        raise ValueError(
            f"init must be {(k, X.shape[1])}, got {start.shape}"
        )
    centroids = start.astype(X.dtype)  # (k, d), a copy
    if not (np.isfinite(X).all() and np.isfinite(centroids).all()):
        raise ValueError("X and init must be finite, got NaN or infinity")
    rows = X.astype(np.float64, copy=False)
    squares = np.empty((k, len(X)))  # of the distances
    labels = np.empty(0, dtype=np.intp)  # none yet, and nothing to update
    for _ in range(max_iter + 1):
        for j in np.unique(labels):  # an empty cluster keeps its centroid
            centroids[j] = rows[labels == j].mean(axis=0)
        for j, centroid in enumerate(centroids):
            gaps = rows - centroid  # (n, d), float64
            np.vecdot(gaps, gaps, out=squares[j])
        before, labels = labels, squares.argmin(axis=0)  # ties: the first
        if np.array_equal(labels, before):
            break
    return labels, centroids
