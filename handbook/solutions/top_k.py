from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from handbook.guards import as_integer, as_real

GROUP = 8


def one_by_one(X: NDArray[Any], k: int) -> NDArray[np.intp] | None:
    """Return the columns of each row's k largest, (n, k), largest first.

    None if the k-th of a row is the least number of all, or if there is
    NaN: a column might be named twice.
    """
    n, d = X.shape
    rest, least = X.copy(), X.min()
    flat, starts = rest.reshape(-1), np.arange(0, n * d, d)
    top = np.empty((k, n), np.intp)
    for j in range(k):
        rest.argmax(axis=1, out=top[j])
        last = top[j] + starts
        if j < k - 1:
            flat[last] = least  # below all that is still to be named
    return top.T.copy() if (flat[last] > least).all() else None


def largest(X: NDArray[Any], k: int) -> NDArray[np.intp]:
    """Return the columns of each row's k largest, (n, k), in any order."""
    n, d = X.shape
    groups = d // GROUP
    if groups <= max(4 * k, 16):
        return np.argpartition(X, d - k, axis=1)[:, d - k :]
    # column j is in group j % groups
    whole = X[:, : groups * GROUP].reshape(n, GROUP, groups)
    best = largest(whole.max(axis=1), k)[:, None]  # (n, 1, k)
    members = best + groups * np.arange(GROUP)[:, None]  # (n, GROUP, k)
    rest = np.tile(np.arange(groups * GROUP, d), (n, 1))  # in no group
    columns = np.hstack([members.reshape(n, GROUP * k), rest])
    rows = np.arange(n)[:, None]
    return columns[rows, largest(X[rows, columns], k)]


def topk_per_row(X: ArrayLike, k: int) -> NDArray[np.intp]:
    """Return the columns of each row's k largest values, largest first.

    Parameters
    ----------
    X : (n, d) array_like
        Real scores, of any real dtype. n may be 0.
    k : int
        How many to keep, 1 <= k <= d.

    Returns
    -------
    (n, k) ndarray, intp
        Column indices. Equal values come in no promised order. NaN counts
        as larger than every number, as in NumPy's sorts.

    Raises
    ------
    TypeError
        If `X` does not hold real numbers, or `k` is not an integer.
    ValueError
        If `X` is not two-dimensional, or `k` lies outside [1, d].

    Notes
    -----
    A few places (10 k <= d, and k d up to 20,000, d up to 4096) are the
    maximum of each row, then of what is left, and so on. For more, or in
    wider rows, a row is dealt into groups of 8. Its k largest lie in the k
    groups with the largest maxima, so only the maxima, dealt into groups
    again, and then the members of these groups are compared, and the k
    survivors sorted. `numpy.argpartition` selects by introselect [1]. On
    x86 processors with AVX2 or AVX-512 it is a quickselect, and a sort
    below 257 columns. Other narrow rows are sorted at once, and all rows
    for large k.

    References
    ----------
    1. D. R. Musser, "Introspective sorting and selection algorithms",
       Software: Practice and Experience 27 (8), 1997.

    Examples
    --------
    >>> from handbook import topk_per_row
    >>> topk_per_row([[3, 9, 1, 7], [5, 2, 8, 0]], k=2)
    array([[1, 3],
           [2, 0]])
    """
    X, k = as_real("X", X), as_integer("k", k)
    if X.ndim != 2 or not 1 <= k <= X.shape[1]:
        raise ValueError(
            f"X must be (n, d) and k in [1, d], got {X.shape} and {k}"
        )
    d = X.shape[1]
    if k == 1:
        return X.argmax(axis=1)[:, None]
    if X.size >= 1000 and 10 * k <= d <= min(4096, 20_000 // k):
        top = one_by_one(X, k)
        if top is not None:
            return top
    if d <= 64 or k >= d / (8 if d <= 256 else 2):
        return np.argsort(X, axis=1)[:, : -k - 1 : -1].copy()
    rows, top = np.arange(len(X))[:, None], largest(X, k)
    return top[rows, np.argsort(X[rows, top], axis=1)[:, ::-1]]
