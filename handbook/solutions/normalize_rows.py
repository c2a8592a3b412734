import numpy as np
from numpy.typing import ArrayLike, NDArray

from handbook.broadcast import unbuffer
from handbook.guards import as_float


def l2_normalize(X: ArrayLike) -> NDArray[np.floating]:
    """Scale every row to Euclidean length 1; zero rows stay zero.

    Parameters
    ----------
    X : (n, d) array_like
        Real vectors, one per row. n and d may be 0.

    Returns
    -------
    (n, d) ndarray
        The scaled rows, in ``np.result_type(X, 1.0)``: float32 stays
        float32, integers and bools become float64.

    Raises
    ------
    TypeError
        If `X` does not hold real numbers.
    ValueError
        If `X` is not two-dimensional.

    Notes
    -----
    float64 squares overflow above about 1e154 and vanish below 1e-162. Only
    the rows that come near either end are scaled by a power of 2, so that
    their largest magnitude is between 1/2 and 1, and squared again [1]. In
    float16 that carries up to d = 65,504.

    References
    ----------
    1. J. L. Blue, "A portable Fortran program to find the Euclidean
       norm of a vector", ACM Transactions on Mathematical Software 4
       (1), 1978. <https://doi.org/10.1145/355769.355771>

    Examples
    --------
    >>> from handbook import l2_normalize
    >>> l2_normalize([[3, 4], [0, 0], [3e200, 4e200]])
    array([[0.6, 0.8],
           [0. , 0. ],
           [0.6, 0.8]])
    """
    X = as_float("X", X)
    if X.ndim != 2:
        raise ValueError(f"X must be (n, d), got {X.shape}")
    ones = np.ones((X.shape[1], 1), X.dtype)  # X @ ones sums every row
    f = np.finfo(X.dtype)
    with np.errstate(over="ignore"):
        if X.shape[1] > 64:
            squares = np.vecdot(X, X)[:, None]  # (n, 1)
        else:  # vecdot is slow to begin a row
            squares = (X * X) @ ones  # (n, d) @ (d, 1) -> (n, 1)
        bad = ~((squares > f.tiny / f.eps) & np.isfinite(squares))[:, 0]
        squares[bad] = 1
        unbuffer(X)
        U = X / np.sqrt(squares)  # (n, d)
        if bad.any():  # squares overflowed or vanished
            bad[bad] = X[bad].any(axis=1)  # zero rows are done
            R = X[bad]  # (b, d)
            largest = np.abs(R).max(axis=1, keepdims=True, initial=0)
            R = np.ldexp(R, -np.frexp(largest)[1])  # below 1
            U[bad] = R / np.sqrt((R * R) @ ones)  # by 1/2 or more
    return U


def l1_normalize(X: ArrayLike) -> NDArray[np.floating]:
    """Scale every row to L1 norm 1; zero rows stay zero.

    Parameters
    ----------
    X : (n, d) array_like
        Real vectors, one per row. n and d may be 0.

    Returns
    -------
    (n, d) ndarray
        The scaled rows, signs kept, in ``np.result_type(X, 1.0)``: float32
        stays float32, integers and bools become float64.

    Raises
    ------
    TypeError
        If `X` does not hold real numbers.
    ValueError
        If `X` is not two-dimensional.

    Notes
    -----
    Sums of magnitudes lose nothing near 0; only at the upper end can they
    overflow, and then the row is divided by a power of 2 above d first. In
    float16 that carries up to d = 32,752.

    Examples
    --------
    >>> import numpy as np
    >>> from handbook import l1_normalize
    >>> l1_normalize(np.array([[-128, 127, 1], [0, 0, 0]], dtype=np.int8))
    array([[-0.5       ,  0.49609375,  0.00390625],
           [ 0.        ,  0.        ,  0.        ]])
    """
    X = as_float("X", X)  # |int8 -128| wraps
    if X.ndim != 2:
        raise ValueError(f"X must be (n, d), got {X.shape}")
    ones = np.ones((X.shape[1], 1), X.dtype)  # X @ ones sums every row
    with np.errstate(over="ignore"):
        norms = np.abs(X) @ ones  # (n, d) @ (d, 1) -> (n, 1)
        over = np.isinf(norms)
        if over.any():  # the sum overflowed: shrink those rows
            power = -X.shape[1].bit_length() - 1
            X = np.asarray(np.ldexp(X, over * power))
            norms = np.abs(X) @ ones
        norms[norms == 0] = 1
        unbuffer(X)
        return X / norms
