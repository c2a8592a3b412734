import numpy as np
from numpy.typing import ArrayLike, NDArray

from handbook.guards import as_float, as_integer
from handbook.solutions.top_k import topk_per_row

SHORT = 1e-12  # of a mass, by rounding


def sampling_probs(
    logits: ArrayLike,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
) -> NDArray[np.floating]:
    r"""Return the probabilities that a language model samples from.

    Parameters
    ----------
    logits : (n, V) array_like
        Real scores of V >= 1 tokens, below infinity. ``-inf`` bans a token,
        but not all of a row. n may be 0.
    temperature : float, default 1.0
        Divides the logits, finite and above 0.
    top_k : int, optional
        How many tokens stay, at least 1; from V on, all do. Of equal
        logits the first stay.
    top_p : float, optional
        Mass of what then stays, in (0, 1]; with 1, all tokens stay.

    Returns
    -------
    (n, V) ndarray
        Rows that sum to 1, in ``np.result_type(logits, 1.0)`` of the array:
        float32 stays float32, integers and bools become float64. Masses
        are added up in float64.

    Raises
    ------
    TypeError
        If `logits`, `temperature` or `top_p` is not real, or `top_k` no
        integer.
    ValueError
        If `logits` is not (n, V) or holds NaN, infinity or a row of only
        ``-inf``, or a number is out of range.

    Notes
    -----
    The softmax of the logits divided by the temperature is cut to the
    `top_k` largest and renormalised. Then it is cut to the nucleus [1], the
    smallest set of the largest probabilities with

    $$
    \sum_{j \in S} p_j \geq \text{top\_p}
    $$

    and renormalised again. A token stays if the mass before it is below
    `top_p`, so the token that crosses the mark stays. A sum that falls
    short by 1e-12 of it has reached it: 0.5 + 0.3 is 0.8 but for rounding.

    References
    ----------
    1. A. Holtzman, J. Buys, L. Du, M. Forbes, Y. Choi, "The Curious Case of
       Neural Text Degeneration", ICLR 2020, section 3.1.

    Examples
    --------
    >>> import numpy as np
    >>> from handbook import sampling_probs
    >>> logits = np.log([[0.1, 0.4, 0.2, 0.3]])
    >>> sampling_probs(logits, top_k=3, top_p=0.7).round(4)
    array([[0.    , 0.5714, 0.    , 0.4286]])
    """
    logits = as_float("logits", logits)
    heat = as_float("temperature", temperature)
    mass = as_float("top_p", 1.0 if top_p is None else top_p)
    if logits.ndim != 2 or logits.shape[1] == 0:
        raise ValueError(
            f"logits must be (n, V), V >= 1, got {logits.shape}"
        )
    V = logits.shape[1]
    k = V if top_k is None else as_integer("top_k", top_k)
    if heat.ndim or not 0 < heat < np.inf:
        raise ValueError(
            f"temperature must be a finite number > 0, got {temperature}"
        )
    if k < 1:
        raise ValueError(f"top_k must be at least 1, got {k}")
    if mass.ndim or not 0 < mass <= 1:
        raise ValueError(f"top_p must be in (0, 1], got {top_p}")
    peaks = logits.max(axis=1, keepdims=True)  # (n, 1)
    if not np.isfinite(peaks).all():
        raise ValueError(
            "logits must hold no NaN or inf and no row of only -inf"
        )
    best, top = logits, None
    if k < V or mass < 1:
        top = _largest(logits, min(k, V))  # (n, k)
        best = np.take_along_axis(logits, top, axis=1)
    with np.errstate(over="ignore"):  # to -inf, whose exp is 0
        Z = best.astype(np.result_type(logits, np.float64)) - peaks
        Z /= heat
    P = np.exp(Z)  # (n, k), largest first, or (n, V)
    if mass < 1:
        mark = mass * (1 - SHORT) * P.sum(axis=1, keepdims=True)  # (n, 1)
        before = P.cumsum(axis=1)[:, :-1]  # of the next token
        P[:, 1:][before >= mark] = 0
    P /= P.sum(axis=1, keepdims=True)
    if top is None:
        return P.astype(logits.dtype, copy=False)
    probs = np.zeros_like(logits)
    np.put_along_axis(probs, top, P.astype(logits.dtype), axis=1)
    return probs


def _largest(X: NDArray[np.floating], k: int) -> NDArray[np.intp]:
    """Return each row's k largest, in order, of equal ones the first."""
    top = topk_per_row(X, k)
    kth = np.take_along_axis(X, top[:, -1:], axis=1)  # (n, 1)
    kept = kth <= X
    if np.count_nonzero(kept) > top.size:  # ties
        above = kth < X
        room = k - above.sum(axis=1, keepdims=True)
        tied = kept & ~above
        kept = above | tied & (tied.cumsum(axis=1) <= room)
    top = np.flatnonzero(kept).reshape(len(X), k)  # in X as one row
    top %= X.shape[1]  # columns, ascending
    values = np.take_along_axis(X, top, axis=1)
    order = np.argsort(-values, axis=1, kind="stable")
    return np.take_along_axis(top, order, axis=1)


def sample_categorical(
    probs: ArrayLike, rng: np.random.Generator
) -> NDArray[np.intp]:
    r"""Draw one token for each row of probabilities.

    Parameters
    ----------
    probs : (n, V) array_like
        Real probabilities of V >= 1 tokens; each row sums to 1, but for at
        most 0.01. n may be 0.
    rng : numpy.random.Generator
        Gives one number a row. It moves on, so the next call draws anew.

    Returns
    -------
    (n,) ndarray of intp
        Tokens of positive probability, drawn independently.

    Raises
    ------
    TypeError
        If `probs` is not real, or `rng` no generator.
    ValueError
        If `probs` is not (n, V), a probability is negative or NaN, or a row
        does not sum to 1.

    Notes
    -----
    The inverse of the distribution function [1]: for u uniform in [0, 1),
    the token is the first j with

    $$
    p_0 + \dots + p_j > u \, (p_0 + \dots + p_{V-1})
    $$

    The sum on the right is 1 but for rounding. Sums are in float64.

    References
    ----------
    1. L. Devroye, "Non-Uniform Random Variate Generation", Springer, 1986,
       section III.2.

    Examples
    --------
    >>> import numpy as np
    >>> from handbook import sample_categorical
    >>> rng = np.random.default_rng(0)
    >>> sample_categorical([[0, 1, 0], [0.5, 0, 0.5], [0, 0, 1]], rng)
    array([1, 0, 2])
    """
    probs = as_float("probs", probs)
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"rng must be a numpy.random.Generator, got {rng!r}"
        )
    if probs.ndim != 2 or probs.shape[1] == 0:
        raise ValueError(f"probs must be (n, V), V >= 1, got {probs.shape}")
    if wrong := probs[probs < 0].tolist():
        raise ValueError(f"probs must not be negative, got {wrong[0]}")
    cdf = probs.cumsum(axis=1, dtype=np.float64)  # (n, V)
    total = cdf[:, -1:]  # (n, 1)
    if wrong := total[~(abs(total - 1) <= 0.01)].tolist():
        raise ValueError(f"rows of probs must sum to 1, got {wrong[0]}")
    u = rng.uniform(0, total)  # (n, 1), below the last sum
    return (cdf <= u).sum(axis=1)
