from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


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
    The identity cancels far from the origin [1]; centring both sets on the
    training mean, in float64, changes no distance and avoids that. From
    about 1e154 on the squares of features overflow.

    References
    ----------
    1. scikit-learn API documentation,
       ``sklearn.metrics.pairwise.euclidean_distances``.

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
    if not (np.isfinite(X).all() and np.isfinite(Q).all()):
        raise ValueError("X_train and X_test must be finite")
    centre = X.mean(axis=0, dtype=np.float64)  # (d,)
    X, Q = X - centre, Q - centre  # float64; distances stay as they are
    D = -2 * Q @ X.T  # (m, n)
    D += np.vecdot(X, X)  # + (n,): squared distances less |q|^2
    nearest = np.argpartition(D, k - 1, axis=1)[:, :k]  # (m, k)
    classes, codes = np.unique(y, return_inverse=True)  # (C,), (n,)
    rows = np.arange(len(Q))[:, None]  # (m, 1)
    cells = rows * len(classes) + codes[nearest]  # (m, k): cell (i, label)
    votes = np.bincount(cells.ravel(), minlength=len(Q) * len(classes))
    votes = votes.reshape(len(Q), len(classes))  # (m, C)
    return classes[votes.argmax(axis=1)]  # first maximum: smallest label
