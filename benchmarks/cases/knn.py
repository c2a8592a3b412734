"""The k nearest: more rows, and more queries."""

import numpy as np
from scipy.spatial import KDTree
from sklearn.neighbors import KNeighborsClassifier

from benchmarks.sweeps import (
    Functions,
    Sweep,
    calls,
    normal,
    pytorch,
    steps,
)

OWN = "knn_predict handbook.knn_predict knn_predict_blocks"
BROADCAST = "knn_predict_broadcast"
SKLEARN, TORCH = "sklearn brute force", "torch cdist and topk"
SCIPY = "scipy KDTree, built before"
LIBRARIES = SKLEARN, TORCH, SCIPY
PEERS = {"handbook.knn_predict": (SKLEARN, TORCH)}


def data(n: int, m: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    y = np.random.default_rng(2).integers(0, 10, n)
    return normal(n, 32), y, normal(m, 32, seed=1)


def functions(n: int, m: int, own: str = OWN) -> Functions:
    X, y, Q = data(n, m)
    brute = KNeighborsClassifier(5, algorithm="brute").fit(X, y)
    tree = KDTree(X)
    D = Q @ X.T  # what is in it does not matter
    return {
        **calls("knn", own, X, y, Q, 5),
        SKLEARN: lambda: brute.predict(Q),
        SCIPY: lambda: tree.query(Q, 5),
        "Q @ X.T": lambda: Q @ X.T,
        "X - X.mean(axis=0)": lambda: X - X.mean(axis=0),
        "np.argpartition(D, 4)": lambda: np.argpartition(D, 4, axis=1),
    }


def others(n: int, m: int) -> Functions:
    torch = pytorch()
    X, y, Q = map(torch.from_numpy, data(n, m))

    def predict():
        nearest = torch.topk(torch.cdist(Q, X), 5, largest=False).indices
        return torch.mode(y[nearest], dim=1).values

    return {TORCH: predict}


SWEEPS = [
    Sweep(
        key="rows",
        axis="training rows",
        setting="10 queries, 32 columns, k = 5",
        sizes=steps(50, 50_000),
        functions=lambda n: functions(n, 10, f"{OWN} {BROADCAST}"),
        others=lambda n: others(n, 10),
        elements=lambda n: n * 32,
        exponents=dict.fromkeys(OWN.split(), 1.0),
        fit=(500, 50_000),
        peers=PEERS,
        shown=(*OWN.split()[:2], BROADCAST, *LIBRARIES),
        memory=dict.fromkeys(OWN.split(), 1.0),
    ),
    Sweep(
        key="queries",
        axis="queries",
        setting="2,000 training rows, 32 columns, k = 5",
        sizes=steps(1, 1000),
        functions=lambda m: functions(2000, m),
        others=lambda m: others(2000, m),
        elements=lambda m: m * 32,
        exponents={"knn_predict": 1.0, "handbook.knn_predict": 1.0},
        peers=PEERS,
        shown=(*OWN.split(), *LIBRARIES),
    ),
]
