"""Cosine similarity: more rows, more columns, float32."""

import numpy as np
from scipy.spatial.distance import cdist
from sklearn.metrics.pairwise import cosine_similarity

from benchmarks.sweeps import (
    Functions,
    Sweep,
    calls,
    normal,
    pytorch,
    steps,
)

NAIVE = "cosine_similarity_matrix_pairs"
GRAM = "cosine_similarity_matrix_gram"
SHOWN = (
    "handbook.cosine_similarity_matrix",
    "cosine_similarity_matrix",
    "sklearn cosine_similarity",
    "torch normalize and mm",
    "X @ X.T",
)
OWN = f"{SHOWN[0]} {SHOWN[1]} {GRAM}"
PEERS = {SHOWN[0]: (SHOWN[2], "scipy cdist", SHOWN[3])}


def functions(
    n: int, d: int, dtype: str = "float64", own: str = OWN
) -> Functions:
    X = normal(n, d, dtype=dtype)
    return {
        **calls("cosine_similarity", own, X),
        "sklearn cosine_similarity": lambda: cosine_similarity(X),
        "scipy cdist": lambda: 1 - cdist(X, X, "cosine"),
        "X @ X.T": lambda: X @ X.T,
        "X @ X.T.copy()": lambda: X @ X.T.copy(),
        "np.ones((n, n))": lambda: np.ones((n, n), dtype),
    }


def others(n: int, d: int, dtype: str = "float64") -> Functions:
    torch = pytorch()

    X = torch.from_numpy(normal(n, d, dtype=dtype))

    def cosine():
        U = torch.nn.functional.normalize(X)
        return U @ U.T

    return {"torch normalize and mm": cosine}


SQUARE = dict.fromkeys([*SHOWN[:2], NAIVE], 2.0)
SWEEPS = [
    Sweep(
        key="rows",
        axis="rows",
        setting="32 columns, float64",
        sizes=steps(2, 2000),
        functions=lambda n: functions(n, 32, own=f"{OWN} {NAIVE}"),
        others=lambda n: others(n, 32),
        elements=lambda n: n * 32,
        exponents=SQUARE,
        peers=PEERS,
        shown=(*SHOWN, NAIVE),
        memory=SQUARE | {GRAM: 2.0},
    ),
    Sweep(
        key="columns",
        axis="columns",
        setting="1,000 rows, float64",
        sizes=steps(2, 2000),
        functions=lambda d: functions(1000, d),
        others=lambda d: others(1000, d),
        elements=lambda d: 1000 * d,
        exponents={"X @ X.T.copy()": 1.0},
        peers=PEERS,
        shown=(*SHOWN, "X @ X.T.copy()"),
    ),
    Sweep(
        key="float32",
        axis="rows",
        setting="32 columns, float32",
        sizes=steps(2, 2000),
        functions=lambda n: functions(n, 32, "float32"),
        others=lambda n: others(n, 32, "float32"),
        elements=lambda n: n * 32,
        exponents={},
        peers=PEERS,
        shown=(*SHOWN, GRAM),
    ),
]
