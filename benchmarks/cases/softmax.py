"""Softmax: more rows, and the same numbers in narrower or wider rows."""

import numpy as np
from scipy import special

import handbook
from benchmarks.sweeps import Sweep, calls, normal, pytorch, steps, versions

OWN = versions("softmax", "matmul", "logsumexp")
SCIPY, TORCH = "scipy.special.softmax", "torch.softmax"
SHOWN = [*OWN[:3], SCIPY, TORCH, "np.exp(X)"]
PEERS = {"handbook.softmax": [SCIPY, TORCH]}
LIMITS = {OWN[0]: "np.exp(X)"}


def softmaxes(n, d, dtype="float64"):
    X = normal(n, d, dtype=dtype)
    masked = X.copy()
    masked[:, 0] = -np.inf
    shifted = X.copy()
    shifted[0, 0] = 1000
    torch, T = pytorch(X)
    ours = handbook.softmax
    return X.size, {
        **calls("softmax", OWN, X),
        SCIPY: lambda: special.softmax(X, axis=1),
        "handbook.softmax, one -inf a row": lambda: ours(masked),
        "handbook.softmax, a logit of 1000": lambda: ours(shifted),
        "X.copy()": lambda: X.copy(),
        "np.exp(X)": lambda: np.exp(X),
        TORCH: lambda: torch.softmax(T, dim=1),
    }


SWEEPS = [
    Sweep(
        key="rows",
        setting="rows of 100 columns, float64",
        sizes=steps(10, 50_000),
        at=lambda n: softmaxes(n, 100),
        exponents={1: [*OWN, SCIPY]},
        fit=(1000, 10_000),  # beyond, the matrix leaves the cache
        shown=SHOWN,
    ),
    Sweep(
        key="columns",
        setting="200,000 numbers in rows of ever more columns, float64",
        sizes=steps(2, 5000),
        at=lambda d: softmaxes(200_000 // d, d),
        shown=SHOWN,
    ),
    Sweep(
        key="float32",
        axis="rows",
        setting="rows of 100 columns, float32",
        sizes=steps(10, 10_000),
        at=lambda n: softmaxes(n, 100, "float32"),
        exponents={1: [*OWN, SCIPY]},
        shown=SHOWN,
    ),
]
