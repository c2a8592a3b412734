"""Cosine similarity: more rows, more columns, float32."""

import numpy as np
from scipy.spatial.distance import cdist
from sklearn.metrics.pairwise import cosine_similarity

from benchmarks.sweeps import Sweep, calls, normal, pytorch, steps, versions

OWN = versions("cosine_similarity_matrix", "gram", "pairs")
OURS, PLAIN, GRAM, PAIRS = OWN
SKLEARN, TORCH = "sklearn cosine_similarity", "torch normalize and mm"
SHOWN = [OURS, PLAIN, SKLEARN, TORCH, "X @ X.T"]
PEERS = {OURS: [SKLEARN, "scipy cdist", TORCH]}
LIMITS = {OURS: "X @ X.T"}


def similarities(n, d, dtype="float64", own=OWN[:3]):
    X = normal(n, d, dtype=dtype)
    torch, T = pytorch(X)
    return X.size, {
        **calls("cosine_similarity", own, X),
        SKLEARN: lambda: cosine_similarity(X),
        "scipy cdist": lambda: 1 - cdist(X, X, "cosine"),
        "X @ X.T": lambda: X @ X.T,
        "X @ X.T.copy()": lambda: X @ X.T.copy(),
        "np.ones((n, n))": lambda: np.ones((n, n), dtype),
        TORCH: lambda: (U := torch.nn.functional.normalize(T)) @ U.T,
    }


SWEEPS = [
    Sweep(
        key="rows",
        setting="32 columns, float64",
        sizes=steps(2, 2000),
        at=lambda n: similarities(n, 32, own=OWN),
        exponents={2: [OURS, PLAIN, PAIRS]},
        memory={2: OWN},
        shown=[*SHOWN, PAIRS],
    ),
    Sweep(
        key="columns",
        setting="1,000 rows, float64",
        sizes=steps(2, 2000),
        at=lambda d: similarities(1000, d),
        exponents={1: ["X @ X.T.copy()"]},
        shown=[*SHOWN, "X @ X.T.copy()"],
    ),
    Sweep(
        key="float32",
        axis="rows",
        setting="32 columns, float32",
        sizes=steps(2, 2000),
        at=lambda n: similarities(n, 32, "float32"),
        shown=[*SHOWN, GRAM],
    ),
]
