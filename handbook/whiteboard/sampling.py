import numpy as np


def sampling_probs(logits, temperature=1.0, top_k=None, top_p=None):
    """Return the probabilities to sample from, shape (n, V)."""
    order = np.argsort(-logits, axis=1, kind="stable")  # (n, V)
    Z = np.take_along_axis(logits, order, axis=1) / temperature
    P = np.exp(Z - Z[:, :1])  # largest first
    if top_k is not None:
        P[:, top_k:] = 0
    P /= P.sum(axis=1, keepdims=True)
    if top_p is not None:
        P[P.cumsum(axis=1) - P >= top_p] = 0  # mass before the token
        P /= P.sum(axis=1, keepdims=True)
    ranks = np.argsort(order, axis=1)  # inverse permutation
    return np.take_along_axis(P, ranks, axis=1)


def sample_categorical(probs, rng):
    """Return one token for each row of probabilities, shape (n,)."""
    cdf = np.cumsum(probs, axis=1)  # (n, V)
    u = rng.uniform(0, cdf[:, -1])  # (n,), below the last sum
    return (cdf <= u[:, None]).sum(axis=1)
