import numpy as np
from numpy.typing import ArrayLike, NDArray


def batch_matmul(A: ArrayLike, B: ArrayLike) -> NDArray[np.floating]:
    """Multiply two stacks of matrices pair by pair, without a loop.

    Parameters
    ----------
    A : (b, m, k) array_like
        Left factors: real numbers. Any of b, m, k may be 0.
    B : (b, k, n) array_like
        Right factors: real numbers, as many as in `A`. n may be 0.

    Returns
    -------
    (b, m, n) ndarray
        ``A[i] @ B[i]`` for every i, in ``np.result_type(A, B, 1.0)``:
        float32 stays float32, integers and bools become float64 before the
        first product, so that nothing wraps around.

    Raises
    ------
    TypeError
        If `A` or `B` does not hold real numbers.
    ValueError
        If `A` or `B` is not a stack of matrices, or their batch sizes or
        inner sizes differ.

    Notes
    -----
    ``@`` is the operator of PEP 465 [1]. On stacks it multiplies the last
    two axes and broadcasts the others [2], which `numpy.dot` does not.

    References
    ----------
    1. N. J. Smith, "PEP 465: A dedicated infix operator for matrix
       multiplication", 2014. <https://peps.python.org/pep-0465/>
    2. NumPy reference, `numpy.matmul`.
       <https://numpy.org/doc/stable/reference/generated/numpy.matmul.html>

    Examples
    --------
    >>> import numpy as np
    >>> from handbook import batch_matmul
    >>> A = np.arange(8).reshape(2, 2, 2)
    >>> B = np.array([[[1, 0], [0, 1]], [[0, 1], [1, 0]]])
    >>> batch_matmul(A, B)  # the second swap exchanges the columns
    array([[[0., 1.],
            [2., 3.]],
    <BLANKLINE>
           [[5., 4.],
            [7., 6.]]])
    """
    A, B = np.asarray(A), np.asarray(B)
    if A.dtype.kind not in "biuf" or B.dtype.kind not in "biuf":
        raise TypeError(
            f"A and B must be real, got {A.dtype} and {B.dtype}"
        )
    if A.ndim != 3 or B.ndim != 3 or A.shape[::2] != B.shape[:2]:
        raise ValueError(
            f"A and B must be (b, m, k) and (b, k, n), "
            f"got {A.shape} and {B.shape}"
        )
    dtype = np.result_type(A, B, 1.0)  # integers to float64: no wrap-around
    return A.astype(dtype, copy=False) @ B.astype(dtype, copy=False)
