import numpy as np
from numpy.typing import ArrayLike, NDArray

from handbook.broadcast import unbuffer
from handbook.guards import as_float

# by dtype.char: exponentials of these and sums of billions of them are far
# from the limits, in float64 their products, too (cross_entropy has some)
MILD = {"f": 40, "d": 300, "g": 300}


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
    exponent at or below 0 [1]. It is left out if all logits of `X` that are
    not masked lie in [-40, 40] in float32, or in [-300, 300] in float64:
    then no exponential overflows or underflows. So the last digits of a row
    may depend on the other rows. A row that is masked everywhere, or that
    holds NaN or ``+inf``, has no distribution: it becomes NaN.

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
            top = X.max(axis=1, keepdims=True)
            unbuffer(X)
            P = X - top  # (n, d) - (n, 1), <= 0
            del top
        np.exp(P, out=P)
    else:
        P = np.exp(X)
    sums = P @ np.ones((X.shape[1], 1), X.dtype)  # (n, 1)
    with np.errstate(divide="ignore"):  # a row that is masked everywhere
        unbuffer(P)
        P *= 1 / sums  # products take less time than quotients
    return P


def needs_shift(logits: NDArray[np.floating]) -> bool:
    """Tell if exponentials of logits or their sums may over- or underflow.

    Masked logits are no reason; in float16 all others are.
    """
    limit = MILD.get(logits.dtype.char, 0)
    if not logits.max(initial=0) <= limit:  # or NaN
        return True
    low = logits.min(initial=0) < -limit
    return bool(low and ((logits < -limit) & (logits > -np.inf)).any())
