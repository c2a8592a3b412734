"""Attention: more keys for as many queries, and more tokens, causal."""

import numpy as np

from benchmarks.sweeps import Sweep, calls, normal, pytorch, steps, versions

OWN = versions("scaled_dot_product_attention", "online")
TORCH = "torch scaled_dot_product_attention"
PEERS = {OWN[0]: [TORCH]}
LIMITS = {OWN[0]: "np.exp(Q @ K.T) @ V"}


def attentions(t, s, mask=None):
    Q = normal(2, t, 64)
    K, V = normal(2, s, 64, seed=1), normal(2, s, 64, seed=2)
    torch, *tensors = pytorch(Q, K, V, *([] if mask is None else [mask]))

    def attend():
        return torch.nn.functional.scaled_dot_product_attention(*tensors)

    numbers = Q.size + K.size + V.size
    return numbers, {
        **calls("attention", OWN, Q, K, V, mask),
        TORCH: attend,
        LIMITS[OWN[0]]: lambda: np.exp(Q @ K.swapaxes(1, 2)) @ V,
    }


SWEEPS = [
    Sweep(
        key="keys",
        setting="256 queries, 2 heads of width 64, float64",
        sizes=steps(5, 5000),
        at=lambda s: attentions(256, s),
        exponents={1: OWN},
        memory={1: OWN[:2], 0: OWN[2:]},  # beyond a block of 512 keys
    ),
    Sweep(
        key="tokens",
        setting="a causal mask, 2 heads of width 64, float64",
        sizes=steps(10, 2000),
        at=lambda t: attentions(t, t, np.tri(t, dtype=bool)),
        exponents={2: OWN},
        fit=(100, 1000),  # beyond, the scores leave the cache
    ),
]
