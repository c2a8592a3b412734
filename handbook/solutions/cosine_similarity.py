import numpy as np
from numpy.typing import ArrayLike, NDArray

from handbook.solutions.normalize_rows import l2_normalize


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

    `l2_normalize` makes unit rows of all rows, and BLAS computes only one
    half of a product with its own transpose [1]. Rounding can leave an
    entry at 1 + 4e-16, hence the clip. With 2,000 rows or more of 2 to 256
    columns, moving the result takes much of the time, so it is computed,
    clipped and mirrored 500 rows at a time.

    References
    ----------
    1. J. J. Dongarra et al., "A set of level 3 basic linear algebra
       subprograms", ACM Transactions on Mathematical Software 16
       (1), 1990. <https://doi.org/10.1145/77626.79170>

    Examples
    --------
    >>> from handbook import cosine_similarity_matrix
    >>> cosine_similarity_matrix([[1, 0], [3, 3], [0, 0]]).round(4)
    array([[1.    , 0.7071, 0.    ],
           [0.7071, 1.    , 0.    ],
           [0.    , 0.    , 0.    ]])
    """
    U = l2_normalize(X)
    n, d = U.shape
    if n < 2000 or not 2 <= d <= 256:
        S = U @ U.T  # (n, n)
        return np.clip(S, -1, 1, out=S)  # rounding leaves 1 + 4e-16
    S = np.empty((n, n), U.dtype)
    for start in range(0, n, 500):
        stop = start + 500
        rows, block = U[start:stop], S[start:stop]
        # block[:, :start] was copied from the blocks above
        np.matmul(rows, rows.T, out=block[:, start:stop])
        np.matmul(rows, U[stop:].T, out=block[:, stop:])
        np.clip(block, -1, 1, out=block)
        S[stop:, start:stop] = block[:, stop:].T
    return S
