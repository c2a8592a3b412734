import numpy as np
from numpy.typing import ArrayLike, NDArray

from handbook.guards import as_float

MILD = 40  # exp(40) is 2.4e17: even float32 holds the sum of 1e20 of them


def softmax(X: ArrayLike) -> NDArray[np.floating]:
    r"""Turn every row of logits into probabilities that sum to 1.

    Parameters
    ----------
    X : (n, d) array_like
        Logits: real numbers, one row per sample. ``-inf`` marks a masked
        position. n may be 0, d must be at least 1.

    Returns
    -------
    (n, d) ndarray
        Probabilities in ``np.result_type(X, 1.0)``: float32 stays float32,
        integers and bools become float64. Masked positions are 0.

    Raises
    ------
    TypeError
        If `X` does not hold real numbers.
    ValueError
        If `X` is not two-dimensional or has no columns.

    Notes
    -----
    $$
    p_{ij} = \frac{e^{x_{ij} - m_i}}{\sum_k e^{x_{ik} - m_i}}, \qquad
    m_i = \max_k x_{ik}
    $$

    The shift by the row maximum changes no probability and keeps every
    exponent at or below 0 [1]. If all logits lie in [-40, 40], float32 and
    float64 do not need it: no exponential overflows or vanishes. A row that
    is masked everywhere, or that holds NaN or ``+inf``, has no
    distribution: it becomes NaN.

    References
    ----------
    1. P. Blanchard, D. J. Higham and N. J. Higham, "Accurately
       computing the log-sum-exp and softmax functions", IMA Journal of
       Numerical Analysis 41 (4), 2021. <https://doi.org/10.1093/imanum/draa038>

    Examples
    --------
    >>> from handbook import softmax
    >>> softmax([[1, 2, 3], [1000, 1001, 1002]]).round(4)
    array([[0.09  , 0.2447, 0.6652],
           [0.09  , 0.2447, 0.6652]])
    """
    X = as_float("X", X)  # uint8 would wrap
    if X.ndim != 2 or X.shape[1] == 0:
        raise ValueError(f"X must be (n, d) with d >= 1, got {X.shape}")
    if needs_shift(X):
        with np.errstate(over="ignore"):  # -inf is as good: exp makes it 0
            P = X - X.max(axis=1, keepdims=True)  # (n, d) - (n, 1), <= 0
        np.exp(P, out=P)
    else:
        P = np.exp(X)
    sums = P @ np.ones((X.shape[1], 1), X.dtype)  # (n, 1)
    P *= 1 / sums  # products take less time than quotients
    return P


def needs_shift(X: NDArray[np.floating]) -> bool:
    """Tell if sums of the exponentials of X might overflow or vanish.

    In float16 they always might, and NaN is never within the limits.
    """
    largest = max(X.max(initial=0), -X.min(initial=0))
    return not (X.dtype.char in "fdg" and largest <= MILD)
