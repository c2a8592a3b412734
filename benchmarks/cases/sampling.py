"""Sampling: a larger vocabulary, and more draws."""

import numpy as np

from benchmarks.sweeps import Sweep, calls, normal, pytorch, steps, versions
from handbook import softmax

PROBS = versions("sampling_probs", "select")
DRAWS = versions("sample_categorical", "gumbel")
SETTINGS = {"temperature": 0.8, "top_k": 50, "top_p": 0.9}
TORCH, TORCH_DRAW = "torch.topk and softmax", "torch.multinomial"
NUMPY_DRAW = "np.random multinomial"
PEERS = {PROBS[0]: [TORCH], DRAWS[0]: [TORCH_DRAW, NUMPY_DRAW]}
LIMITS = {PROBS[0]: "X.max(axis=1)", DRAWS[0]: "P.cumsum(axis=1)"}


def probabilities(V):
    X = 4 * normal(5, V)
    torch, T = pytorch(X)

    def filtered():
        values, index = torch.topk(T / 0.8, 50, dim=1)
        P = torch.softmax(values, dim=1)
        P[P.cumsum(dim=1) - P >= 0.9] = 0
        P /= P.sum(dim=1, keepdim=True)
        return torch.zeros_like(T).scatter_(1, index, P)

    return X.size, {
        **calls("sampling", PROBS, X, *SETTINGS.values()),
        TORCH: filtered,
        "X.max(axis=1)": lambda: X.max(axis=1),
    }


def draws(n):
    P, rng = softmax(normal(n, 50)), np.random.default_rng(0)
    torch, T = pytorch(P)
    return P.size, {
        **calls("sampling", DRAWS, P, rng),
        NUMPY_DRAW: lambda: rng.multinomial(1, P).argmax(axis=1),
        TORCH_DRAW: lambda: torch.multinomial(T, 1),
        "P.cumsum(axis=1)": lambda: P.cumsum(axis=1),
    }


SWEEPS = [
    Sweep(
        key="vocabulary",
        setting="5 rows, top-k 50, top-p 0.9, float64",
        sizes=steps(50, 50_000),
        at=probabilities,
        # the solution has none: processors learn to sort the same rows;
        # nor has production, which selects among groups
        exponents={1: [PROBS[2]]},
        fit=(1000, 50_000),
        memory={1: PROBS},
        crossings=[(PROBS[1], PROBS[2])],
    ),
    Sweep(
        key="draws",
        axis="rows",
        setting="a vocabulary of 50, float64",
        sizes=steps(10, 10_000),
        at=draws,
        exponents={1: DRAWS[:2]},
        fit=(500, 10_000),
    ),
]
