import numpy as np
from numpy.typing import ArrayLike, NDArray

from handbook.guards import as_real


def cosine_similarity_matrix(X: ArrayLike) -> NDArray[np.floating]:
    r"""Compare every pair of rows of X by the cosine of their angle.

    Parameters
    ----------
    X : (n, d) array_like
        Real vectors, one per row. n and d may be 0.

    Returns
    -------
    (n, n) ndarray
        Symmetric, every entry in [-1, 1], in ``np.result_type(X, 1.0)``:
        float32 stays float32, integers and bools become float64. A zero row
        has similarity 0 with every row, itself included.

    Raises
    ------
    TypeError
        If `X` does not hold real numbers.
    ValueError
        If `X` is not two-dimensional.

    Notes
    -----
    $$
    s_{ij} = \frac{x_i \cdot x_j}{\|x_i\| \, \|x_j\|}
    $$

    Every row is divided by its largest magnitude before it is squared, so
    that no finite row overflows or vanishes [1]. Rounding can still leave
    a product at 1 + 4e-16, hence the clip.

    References
    ----------
    1. J. L. Blue, "A portable Fortran program to find the Euclidean
       norm of a vector", ACM Transactions on Mathematical Software 4 (1),
       1978. <https://doi.org/10.1145/355769.355771>

    Examples
    --------
    >>> from handbook import cosine_similarity_matrix
    >>> cosine_similarity_matrix([[1, 0], [3, 3], [0, 0]]).round(4)
    array([[1.    , 0.7071, 0.    ],
           [0.7071, 1.    , 0.    ],
           [0.    , 0.    , 0.    ]])
    """
    X = as_real("X", X)
    if X.ndim != 2:
        raise ValueError(f"X must be (n, d), got {X.shape}")
    U = X.astype(np.result_type(X, 1.0))  # a copy; int8 would wrap
    largest = np.abs(U).max(axis=1, keepdims=True, initial=0)  # (n, 1)
    np.divide(U, largest, out=U, where=largest != 0)  # zero rows stay
    norms = np.linalg.norm(U, axis=1, keepdims=True)  # (n, 1), 0 or >= 1
    np.divide(U, norms, out=U, where=norms != 0)  # (n, d), unit rows
    S = U @ U.T  # (n, n)
    return np.clip(S, -1, 1, out=S)  # rounding leaves 1 + 4e-16
