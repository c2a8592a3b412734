import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

QUERIES = 64  # the block of distances stays in the cache
GROUP = 44  # the least of each is found before the k least
AGAIN = 2**19  # at most so many differences are taken at a time


def knn_predict(
    X_train: ArrayLike, y_train: ArrayLike, X_test: ArrayLike, k: int = 5
) -> NDArray[Any]:
    r"""Classify test rows by the majority of their k nearest neighbours.

    Parameters
    ----------
    X_train : (n, d) array_like
        Real, finite features of the training samples.
    y_train : (n,) array_like
        Integer labels, any integers: negative, huge, with gaps. Bools too.
    X_test : (m, d) array_like
        Real, finite features of the samples to classify. m may be 0.
    k : int, default 5
        Number of neighbours that vote, 1 <= k <= n.

    Returns
    -------
    (m,) ndarray, dtype of `y_train`
        The label with most votes among the k rows of `X_train` nearest by
        Euclidean distance; of tied labels the smallest. Among equally
        distant rows the choice of the k-th is not specified.

    Raises
    ------
    TypeError
        If the features are not real, or `y_train` or `k` not integers.
    ValueError
        If the shapes do not fit together, `k` lies outside [1, n], or a
        feature is NaN or infinite.

    Notes
    -----
    $$
    \|a - b\|^2 = \|a\|^2 - 2 \, a \cdot b + \|b\|^2
    $$

    The first term is the same for all neighbours of a, so it is left out.
    The identity cancels far from the origin [1]. There both sets are moved
    by the mean of a sample, which changes no distance.

    The products are computed in float32, for a block of queries at a time.
    Their error is at most c (|a|^2 / 2 + |b|^2) with c = (d + 8) eps [2].
    Every row that may be among the k nearest in spite of it is compared
    again, by its differences in float64. These are most rows only if their
    distances are alike to six digits.

    References
    ----------
    1. scikit-learn API documentation,
       ``sklearn.metrics.pairwise.euclidean_distances``.
    2. N. J. Higham, "Accuracy and Stability of Numerical Algorithms", 2nd
       edition, SIAM, 2002, section 3.1, on inner products.

    Examples
    --------
    >>> from handbook import knn_predict
    >>> X_train = [[0, 0], [0, 1], [1, 0], [9, 9], [9, 8]]
    >>> knn_predict(X_train, [-1, -1, -1, 7, 7], [[1, 1], [8, 8]], k=3)
    array([-1,  7])
    """
    X, y, Q = map(np.asarray, (X_train, y_train, X_test))
    if X.dtype.kind not in "biuf" or Q.dtype.kind not in "biuf":
        raise TypeError(
            f"X_train and X_test must be real, got {X.dtype} and {Q.dtype}"
        )
    if y.dtype.kind not in "biu" or not isinstance(k, (int, np.integer)):
        raise TypeError(
            f"y_train and k must be integers, got {y.dtype} and {k!r}"
        )
    if X.ndim != 2 or Q.ndim != 2 or X.shape[1] != Q.shape[1]:
        raise ValueError(
            f"X_train and X_test must be (n, d) and (m, d), "
            f"got {X.shape} and {Q.shape}"
        )
    if y.shape != X.shape[:1] or not 1 <= k <= len(X):
        raise ValueError(
            f"y_train must be ({len(X)},) and k in [1, {len(X)}], "
            f"got {y.shape} and {k}"
        )
    nearest = neighbours(np.asarray(X, float), np.asarray(Q, float), int(k))
    # the classes of neighbours are enough: sorting all labels takes longer
    classes, codes = np.unique(y[nearest], return_inverse=True)  # (C,)
    m, C = len(Q), len(classes) or 1
    cells = np.arange(m)[:, None] * C + codes.reshape(m, k)  # (i, label)
    votes = np.bincount(cells.ravel(), minlength=m * C).reshape(m, C)
    return classes[votes.argmax(axis=1)]  # first maximum: smallest label


def neighbours(
    X: NDArray[np.float64], Q: NDArray[np.float64], k: int
) -> NDArray[np.intp]:
    """Return the rows of X, (n, d), nearest to each of Q, (m, d)."""
    (n, d), m = X.shape, len(Q)
    fast = "f4" if d < 2**19 else "f8"  # so c is below 1/16
    c = float((d + 8) * np.finfo(fast).eps)
    A, B, a, b = centred(X, Q, fast)
    largest = np.max([a.max(initial=0), b.max()])
    if not 1e-18 < largest < 1e30:  # squares in float32 may be inf or 0
        ends = [f(Z, initial=0) for f in (np.min, np.max) for Z in (X, Q)]
        if not np.isfinite(ends).all():
            raise ValueError("X_train and X_test must be finite")
        power = -np.frexp(np.abs(ends).max())[1]
        scale = 2.0 ** min(power, 1023)
        X, Q = X * scale, Q * scale  # at most 1
        A, B, a, b = centred(X, Q, fast)
    squares = (1 - c) * b  # (n,)
    slack = 13 * c * a[:, None] + d * 2.0**-120  # (m, 1)
    size = min(GROUP, math.isqrt(n // k))
    groups = n // size  # at least k
    nearest = np.empty((m, k), np.intp)
    for start in range(0, m, QUERIES):
        block = slice(start, start + QUERIES)
        L = -2 * A[block] @ B.T  # (b, n)
        L += squares  # at most |b|^2 - 2 ab + c |a|^2 / 2
        least = L[:, : groups * size].reshape(-1, size, groups).min(axis=1)
        T = np.partition(least, k - 1, axis=1)[:, k - 1 : k]  # (b, 1)
        # k rows have L <= T. As (|b| - |a|)^2 <= |a|^2 + T, but for the
        # error, their |b|^2 is at most 3 max(T, 0) + 5.5 |a|^2. So their
        # exact values are at most T + c (|a|^2 / 2 + 2 |b|^2), and L is at
        # most c |a|^2 / 2 more than that for the k nearest.
        limit = T + 6 * c * np.maximum(T, 0) + slack[block]
        near = limit >= L  # (b, n)
        i, j = np.divmod(np.flatnonzero(near), n)  # (s,), query by query
        if d * len(i) <= AGAIN:
            differences = X[j] - Q[block][i]  # (s, d)
            order = np.lexsort([np.vecdot(differences, differences), i])
            first = np.searchsorted(i, np.arange(len(L)))[:, None]
            nearest[block] = j[order[first + np.arange(k)]]
        else:  # many are alike: one query at a time
            for q, rows in enumerate(map(np.flatnonzero, near), start):
                differences = X[rows] - Q[q]
                D = np.vecdot(differences, differences)
                nearest[q] = rows[np.argpartition(D, k - 1)[:k]]
    return nearest


def centred(
    X: NDArray[np.float64], Q: NDArray[np.float64], dtype: str
) -> tuple[NDArray[Any], ...]:
    """Return Q and X about a point amid X, and their squared lengths."""
    sample = X[:: 1 + len(X) // 64]
    with np.errstate(over="ignore", invalid="ignore"):  # it shows below
        middle = sample.mean(axis=0)  # (d,)
        if middle @ middle > np.square(sample - middle).sum(axis=1).mean():
            A, B = np.empty(Q.shape, dtype), np.empty(X.shape, dtype)
            np.subtract(Q, middle, out=A, casting="same_kind")
            np.subtract(X, middle, out=B, casting="same_kind")
        else:  # the origin lies amid X, and a cast is a third of the time
            A, B = Q.astype(dtype), X.astype(dtype)
        return A, B, np.vecdot(A, A), np.vecdot(B, B)
