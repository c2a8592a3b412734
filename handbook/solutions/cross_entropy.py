import numpy as np
from numpy.typing import ArrayLike, NDArray

from handbook.broadcast import unbuffer
from handbook.guards import as_float
from handbook.solutions.softmax import needs_shift


def cross_entropy(
    logits: ArrayLike, labels: ArrayLike
) -> tuple[float, NDArray[np.floating]]:
    r"""Return the mean softmax cross-entropy and its gradient.

    Parameters
    ----------
    logits : (n, C) array_like
        Real numbers, one row per sample, n and C at least 1. ``-inf`` masks
        a class.
    labels : (n,) array_like
        The class of each row: integers in [0, C), of any integer dtype.

    Returns
    -------
    loss : float
        The mean over the rows, in nats. It is infinite if a label is
        masked.
    grad : (n, C) ndarray
        The derivatives of the loss with respect to the logits, in
        ``np.result_type(logits, 1.0)``: float32 stays float32, integers and
        bools become float64.

    Raises
    ------
    TypeError
        If `logits` is not real or `labels` holds no integers. Bools are
        none.
    ValueError
        If `logits` is not two-dimensional or empty, `labels` is not of
        shape (n,), or a label lies outside [0, C).

    Notes
    -----
    With the probabilities $p_i$ that the softmax makes of row $x_i$, and
    the one-hot matrix Y of the labels,

    $$
    L = \frac{1}{n} \sum_{i=1}^{n} \Bigl( \log \sum_k e^{x_{ik}} -
    x_{i, y_i} \Bigr), \qquad
    \frac{\partial L}{\partial X} = \frac{1}{n} (P - Y)
    $$

    The row maxima are subtracted [1] unless all logits that are not masked
    lie in [-40, 40] in float32, or in [-300, 300] in float64: then no
    exponential overflows or underflows. A row that holds NaN or ``+inf``,
    or is masked everywhere, has the loss NaN and a gradient of NaN; the
    other rows of `grad` keep theirs.

    References
    ----------
    1. P. Blanchard, D. J. Higham and N. J. Higham, "Accurately
       computing the log-sum-exp and softmax functions", IMA Journal of
       Numerical Analysis 41 (4), 2021. <https://doi.org/10.1093/imanum/draa038>

    Examples
    --------
    >>> from handbook import cross_entropy
    >>> loss, grad = cross_entropy([[1, 2, 3], [1000, 0, 0]], [2, 1])
    >>> round(loss, 4)
    500.2038
    >>> grad.round(4)
    array([[ 0.045 ,  0.1224, -0.1674],
           [ 0.5   , -0.5   ,  0.    ]])
    """
    logits, labels = as_float("logits", logits), np.asarray(labels)
    if logits.ndim != 2 or logits.size == 0:
        raise ValueError(
            f"logits must be (n, C) with n, C >= 1, got {logits.shape}"
        )
    if labels.dtype.kind not in "iu":
        raise TypeError(f"labels must be integers, got {labels.dtype}")
    n, C = logits.shape
    if labels.shape != (n,):
        raise ValueError(f"labels must be ({n},), got {labels.shape}")
    outside = labels[(labels < 0) | (labels >= C)]
    if outside.size:
        raise ValueError(f"labels must be in [0, {C}), got {outside.max()}")
    rows = np.arange(n)
    own = logits[rows, labels].astype(np.result_type(logits, np.float64))
    shift = needs_shift(logits)
    # a row that holds NaN or inf, or is masked everywhere, warns of nothing
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        if shift:
            top = logits.max(axis=1)  # (n,)
            unbuffer(logits)
            P = logits - top[:, None]  # (n, C), all <= 0
            margins = top - own  # (n,), >= 0
            np.exp(P, out=P)  # a 1 in every row
        else:
            P = np.exp(logits)
        wide = np.result_type(P, np.float32)  # float16 ends at 65504
        total = P @ np.ones(C, wide)  # (n,)
        unbuffer(P)
        P *= 1 / (n * total[:, None])  # products are quicker than quotients
        if shift:
            losses = np.log(total) + margins
        else:  # log(total) - own would cancel; rounding may leave -1e-16
            losses = np.maximum(np.log(total * np.exp(-own)), 0)
    P[rows, labels] -= 1 / n
    # divided first: a sum of losses may overflow where their mean does not
    return float((losses / n).sum()), P
