from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from handbook.broadcast import unbuffer
from handbook.guards import as_float


def layer_norm(
    X: ArrayLike, gamma: ArrayLike, beta: ArrayLike, eps: float = 1e-5
) -> NDArray[np.floating]:
    r"""Normalise along the last axis, then scale and shift each feature.

    Parameters
    ----------
    X : (..., d) array_like
        Real features, d >= 1. Any of the leading axes may be empty.
    gamma : (d,) array_like
        Real gain of each feature.
    beta : (d,) array_like
        Real bias of each feature.
    eps : float, default 1e-5
        What is added to the variance, finite and above 0. At least the
        smallest normal number of the dtype is added.

    Returns
    -------
    (..., d) ndarray
        In ``np.result_type(X, 1.0)``, whatever the dtypes of `gamma` and
        `beta`: float32 stays float32, integers and bools become float64.
        A row that holds NaN or infinity becomes NaN.

    Raises
    ------
    TypeError
        If an argument is not real.
    ValueError
        If `X` has no last axis or an empty one, `gamma` or `beta` is not
        (d,), or `eps` is out of range.

    Notes
    -----
    For a row x with mean $\mu$ and variance $\sigma^2$, divided by d, the
    result is [1]

    $$
    \gamma \odot \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}} + \beta
    $$

    The first feature is subtracted before the mean is taken, so that the
    rounded mean of a constant row is not divided by a small root. Rows
    whose squares overflow are scaled by a power of 2, and so is eps.
    float16 is computed in float32.

    References
    ----------
    1. J. L. Ba, J. R. Kiros and G. E. Hinton, "Layer normalization", 2016.
       <https://arxiv.org/abs/1607.06450>

    Examples
    --------
    >>> from handbook import layer_norm
    >>> layer_norm([[1, 3], [7, 7]], [1, 2], [0, 1]).round(3) + 0.0
    array([[-1.,  3.],
           [ 0.,  1.]])
    """
    X = as_float("X", X)
    gamma, beta = as_float("gamma", gamma), as_float("beta", beta)
    small = as_float("eps", eps)
    if X.ndim == 0 or X.shape[-1] == 0:
        raise ValueError(f"X must be (..., d) with d >= 1, got {X.shape}")
    for name, value in (("gamma", gamma), ("beta", beta)):
        if value.shape != X.shape[-1:]:
            raise ValueError(
                f"{name} must be {X.shape[-1:]}, got {value.shape}"
            )
    if small.ndim or not 0 < small < np.inf:
        raise ValueError(f"eps must be a finite number > 0, got {eps}")
    rows = X.astype(np.promote_types(X.dtype, np.float32), copy=False)
    least = max(float(small), float(np.finfo(rows.dtype).tiny))
    with np.errstate(over="ignore", invalid="ignore"):
        unbuffer(rows, gamma, beta)
        out, var = _centred(rows)
        out *= 1 / np.sqrt(var + least)
        over = ~np.isfinite(var[..., 0])
        if over.any():  # squares overflowed, or the row holds NaN
            largest = np.abs(rows[over]).max(axis=-1, keepdims=True)
            power = np.frexp(largest)[1]  # (b, 1)
            scaled, var = _centred(np.ldexp(rows[over], -power))
            out[over] = scaled / np.sqrt(var + np.ldexp(least, -2 * power))
        out *= gamma
        out += beta
        return out.astype(X.dtype, copy=False)


def _centred(rows: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the rows minus their means, and their variances (..., 1)."""
    out = rows - rows[..., :1]  # a constant row is 0 now, to the bit
    d = rows.shape[-1]
    out -= out @ np.ones((d, 1), rows.dtype) / d
    return out, np.vecdot(out, out)[..., None] / d
