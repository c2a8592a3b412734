import numpy as np
from numpy.typing import ArrayLike

from handbook.guards import as_real


def roc_auc(y_true: ArrayLike, scores: ArrayLike) -> float:
    r"""Return the area under the ROC curve, from labels and scores.

    Parameters
    ----------
    y_true : (n,) array_like
        Labels 0 and 1, as bools, integers or floats. Both must occur.
    scores : (n,) array_like
        Real scores of any range, higher for a more likely positive;
        infinities are ranked. They are compared in their own dtype.

    Returns
    -------
    float
        The share of the pairs of a positive and a negative in which the
        positive has the higher score; a tie counts half.

    Raises
    ------
    TypeError
        If labels or scores are not real.
    ValueError
        If the shapes are not one (n,), a label is neither 0 nor 1, a class
        is missing, or a score is NaN.

    Notes
    -----
    With the scores $s_i$ of p positives and $t_j$ of q negatives [1]:

    $$
    \mathrm{AUC} = \frac{1}{p q} \sum_{i,j}
    \left( [s_i > t_j] + \tfrac{1}{2} [s_i = t_j] \right)
    $$

    The pairs are counted as integers and divided once at the end. With
    both classes sorted, the searches take O(n log n).

    References
    ----------
    1. Hanley, J. A. and McNeil, B. J. (1982), "The meaning and use of the
       area under a receiver operating characteristic (ROC) curve",
       Radiology 143, pages 29 to 36.

    Examples
    --------
    >>> from handbook import roc_auc
    >>> roc_auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.75
    """
    y, s = as_real("y_true", y_true), as_real("scores", scores)
    if y.ndim != 1 or y.shape != s.shape:
        raise ValueError(
            f"y_true and scores must be (n,), got {y.shape} and {s.shape}"
        )
    other = y[(y != 0) & (y != 1)]  # NaN is both
    if other.size:
        raise ValueError(f"y_true must hold 0 and 1 only, got {other[0]}")
    if np.isnan(s).any():
        row = np.isnan(s).argmax()
        raise ValueError(f"scores must not be NaN, got NaN in row {row}")
    positives, negatives = np.sort(s[y == 1]), np.sort(s[y == 0])
    p, q = len(positives), len(negatives)
    if p == 0 or q == 0:
        raise ValueError(
            f"y_true must hold both classes, got {p} ones and {q} zeros"
        )
    # for each positive, sorted as well: neighbours take the same path
    below = np.searchsorted(negatives, positives, side="left")  # (p,)
    up_to = np.searchsorted(negatives, positives, side="right")
    # a tie is in one of the two counts, so it counts half of 2
    return int(np.sum(below + up_to, dtype=np.int64)) / (2 * p * q)
