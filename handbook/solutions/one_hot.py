import numpy as np
from numpy.typing import ArrayLike, NDArray


def one_hot(labels: ArrayLike, num_classes: int) -> NDArray[np.float64]:
    """Encode every integer label as a row with a single 1.

    Parameters
    ----------
    labels : (n,) array_like
        Integer class labels in [0, num_classes). n may be 0.
    num_classes : int
        Number of classes C, at least 1. It is never guessed from the data.

    Returns
    -------
    (n, num_classes) ndarray, float64
        Row i is 1 in column ``labels[i]`` and 0 elsewhere.

    Raises
    ------
    TypeError
        If the labels or `num_classes` are not integers. Bools are not.
    ValueError
        If `labels` is not one-dimensional, a label lies outside
        [0, num_classes), or `num_classes` is below 1.

    Notes
    -----
    The assignment pairs the row index with the label, element by element:
    NumPy calls it integer array indexing [1].

    References
    ----------
    1. NumPy user guide, "Indexing on ndarrays", section "Advanced
       indexing". <https://numpy.org/doc/stable/user/basics.indexing.html>

    Examples
    --------
    >>> from handbook import one_hot
    >>> one_hot([2, 0, 1], num_classes=4)
    array([[0., 0., 1., 0.],
           [1., 0., 0., 0.],
           [0., 1., 0., 0.]])
    """
    labels = np.asarray(labels)
    if labels.size == 0:
        labels = labels.astype(np.intp)  # an empty list arrives as float64
    if labels.dtype.kind not in "iu":
        raise TypeError(f"labels must be integers, got {labels.dtype}")
    if not isinstance(num_classes, (int, np.integer)):
        raise TypeError(f"num_classes must be int, got {num_classes!r}")
    if labels.ndim != 1 or num_classes < 1:
        raise ValueError(
            f"labels must be (n,) and num_classes >= 1, "
            f"got {labels.shape} and {num_classes}"
        )
    outside = labels[(labels < 0) | (labels >= num_classes)]
    if outside.size:
        raise ValueError(
            f"labels must be in [0, {num_classes}), got {outside.max()}"
        )
    result = np.zeros((len(labels), num_classes))  # (n, C)
    result[np.arange(len(labels)), labels] = 1  # pairs (i, label)
    return result
