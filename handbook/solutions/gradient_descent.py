from typing import Any

import numpy as np
from numpy.typing import ArrayLike


def mini_batch_gd(
    X: ArrayLike,
    y: ArrayLike,
    lr: float = 0.01,
    epochs: int = 100,
    batch_size: int = 32,
    rng: np.random.Generator | int | None = None,
) -> dict[str, Any]:
    r"""Fit a linear regression by mini-batch gradient descent on the MSE.

    Parameters
    ----------
    X : (n, d) array_like
        Real features, n >= 1.
    y : (n,) array_like
        Real targets.
    lr : float, default 0.01
        Learning rate, positive and finite. Full-batch descent can diverge
        above 2 divided by the largest eigenvalue of the Hessian.
    epochs : int, default 100
        Passes over the data, at least 0.
    batch_size : int, default 32
        Samples per update, at least 1. The last batch of an epoch holds
        what is left, and is averaged over its own size.
    rng : int, numpy.random.Generator or None, default None
        Seed or generator of the permutations, a new one every epoch.

    Returns
    -------
    dict
        ``weights``, ndarray of shape (d,), of the float type of the data,
        float64 for integers; ``bias``, float; ``loss_history``, list of
        `epochs` floats: the mean over an epoch's batches of the loss before
        each update.

    Raises
    ------
    TypeError
        If the data or `lr` are not real, or the counts not integers.
    ValueError
        If the shapes do not fit together, or a number is out of range.

    Notes
    -----
    With the error e = Xw + b - y of a batch of m samples [1]:

    $$
    \nabla_w = \tfrac{2}{m} X^\top e, \qquad
    \nabla_b = \tfrac{2}{m} \sum_i e_i
    $$

    References
    ----------
    1. I. Goodfellow, Y. Bengio and A. Courville, "Deep Learning", MIT
       Press, 2016, chapters 4.3 and 8.1.3. <https://www.deeplearningbook.org>

    Examples
    --------
    >>> import numpy as np
    >>> from handbook import mini_batch_gd
    >>> X = np.array([[0.0], [1.0], [2.0], [3.0]])
    >>> y = 2 * X[:, 0] + 1
    >>> fit = mini_batch_gd(X, y, lr=0.1, epochs=500, batch_size=2, rng=0)
    >>> fit["weights"].round(3), round(fit["bias"], 3)
    (array([2.]), 1.0)
    """
    X, y = np.asarray(X), np.asarray(y)
    if not all(np.asarray(a).dtype.kind in "biuf" for a in (X, y, lr)):
        raise TypeError(
            f"X, y and lr must be real, got {X.dtype}, {y.dtype} and {lr!r}"
        )
    if not all(
        isinstance(c, (int, np.integer)) for c in (epochs, batch_size)
    ):
        raise TypeError(
            f"epochs and batch_size must be integers, "
            f"got {epochs!r} and {batch_size!r}"
        )
    if X.ndim != 2 or y.shape != X.shape[:1] or len(y) == 0:
        raise ValueError(
            f"X must be (n, d) and y (n,) with n >= 1, "
            f"got {X.shape} and {y.shape}"
        )
    if not 0 < lr < np.inf or epochs < 0 or batch_size < 1:
        raise ValueError(
            f"need finite lr > 0, epochs >= 0 and batch_size >= 1, "
            f"got {lr}, {epochs} and {batch_size}"
        )
    rng = np.random.default_rng(rng)
    weights = np.zeros(X.shape[1], np.result_type(X, y, 1.0))  # (d,), float
    bias, loss_history = 0.0, []
    for _ in range(epochs):
        order, losses = rng.permutation(len(y)), []
        for start in range(0, len(y), batch_size):
            batch = order[start:][:batch_size]  # the last may be short
            error = X[batch] @ weights + bias - y[batch]  # (m,)
            losses.append(np.mean(error**2))
            weights -= lr * 2 / len(batch) * (error @ X[batch])  # (d,)
            bias -= lr * 2 * error.mean()
        loss_history.append(float(np.mean(losses)))
    return {
        "weights": weights,
        "bias": float(bias),
        "loss_history": loss_history,
    }
