import numpy as np
from numpy.typing import ArrayLike, NDArray

from handbook.guards import as_float, as_integer

BLOCK = 16_384  # so many numbers stay in the cache


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

    The result is a local minimum that depends on the start. A block of rows
    at a time, distances come from products with the centred centroids, in
    float64. Rows for which the rounding of these might decide between two
    centroids are compared again, by differences [2]. From about 1e154 on
    the squares overflow.

    References
    ----------
    1. S. P. Lloyd (1982), "Least squares quantization in PCM", IEEE
       Transactions on Information Theory 28, pages 129 to 137.
    2. N. J. Higham, "Accuracy and Stability of Numerical Algorithms", 2nd
       edition, SIAM, 2002, section 3.1, on the error of inner products.

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
    centre = X.mean(axis=0, dtype=np.float64)  # products cancel far from 0
    labels, sums, counts = assign(X, centroids, centre)
    for _ in range(max_iter):
        means = sums / np.maximum(counts, 1) + centre
        # an empty cluster keeps its centroid
        centroids[:] = np.where(counts > 0, means, centroids)
        before = labels
        labels, sums, counts = assign(X, centroids, centre)
        if np.array_equal(labels, before):
            break
    return labels, centroids


def assign(
    X: NDArray[np.floating],
    centroids: NDArray[np.floating],
    centre: NDArray[np.float64],
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.intp]]:
    """Return labels (n,), and by cluster sums (k, d) and counts (k, 1).

    The sums are those of the rows less the centre. Where the rounding of
    products might decide between two centroids, differences do.
    """
    k, d = centroids.shape
    C = centroids - centre
    own = np.vecdot(C, C)[:, None]  # (k, 1)
    slack = (d + 8) * np.finfo(np.float64).eps
    number = np.arange(k)[:, None]
    labels = np.empty(len(X), np.intp)
    sums = np.zeros((k, d))
    size = max(64, BLOCK // max(k, d))
    for start in range(0, len(X), size):
        rows = X[start : start + size].astype(np.float64, copy=False)
        A = rows - centre
        D = -2 * C @ A.T
        D += own  # (k, b): squared distances less |a|^2
        limit = D.min(axis=0) + slack * (np.vecdot(A, A) + 2 * own.max())
        near = limit >= D
        members = near.astype(np.float64)
        if np.count_nonzero(near) > len(rows):
            doubtful = np.flatnonzero(members.sum(axis=0) > 1)
            gaps = (rows[doubtful] - centroid for centroid in centroids)
            squares = [np.vecdot(gap, gap) for gap in gaps]
            members[:, doubtful] = number == np.argmin(squares, axis=0)
        labels[start : start + size] = number[:, 0] @ members
        sums += members @ A
    return labels, sums, np.bincount(labels, minlength=k)[:, None]
