"""The k nearest: more rows, and more queries."""

import numpy as np
from scipy.spatial import KDTree
from sklearn.neighbors import KNeighborsClassifier

from benchmarks.sweeps import Sweep, calls, normal, pytorch, steps, versions

OWN = versions("knn_predict", "blocks", "broadcast")
SKLEARN, TORCH = "sklearn brute force", "torch cdist and topk"
SHOWN = [*OWN[:2], SKLEARN, TORCH, "scipy KDTree, built before"]
PEERS = {"handbook.knn_predict": [SKLEARN, TORCH]}
LIMITS = {OWN[0]: "Q @ X.T"}
MORE_MEMORY = {OWN[0]: "both sets in float32; distances"}


def predictions(n, m, own=OWN[:3]):
    X, Q = normal(n, 32), normal(m, 32, seed=1)
    y = np.random.default_rng(2).integers(0, 10, n)
    brute = KNeighborsClassifier(5, algorithm="brute").fit(X, y)
    tree = KDTree(X)
    D = Q @ X.T  # what is in it does not matter
    torch, S, R, labels = pytorch(X, Q, y)

    def predict():
        nearest = torch.topk(torch.cdist(R, S), 5, largest=False).indices
        return torch.mode(labels[nearest], dim=1).values

    return {
        **calls("knn", own, X, y, Q, 5),
        SKLEARN: lambda: brute.predict(Q),
        "scipy KDTree, built before": lambda: tree.query(Q, 5),
        "Q @ X.T": lambda: Q @ X.T,
        "X - X.mean(axis=0)": lambda: X - X.mean(axis=0),
        "np.argpartition(D, 4)": lambda: np.argpartition(D, 4, axis=1),
        TORCH: predict,
    }


SWEEPS = [
    Sweep(
        key="rows",
        axis="training rows",
        setting="10 queries, 32 columns, k = 5, float64",
        sizes=steps(50, 50_000),
        at=lambda n: (n * 32, predictions(n, 10, OWN)),
        exponents={1: OWN[1:3]},  # the checks are half of production
        fit=(5000, 50_000),
        shown=[*SHOWN, "knn_predict_broadcast"],
    ),
    Sweep(
        key="queries",
        setting="2,000 training rows, 32 columns, k = 5, float64",
        sizes=steps(1, 2000),
        at=lambda m: (m * 32, predictions(2000, m)),
        exponents={1: OWN[:2]},
        fit=(200, 2000),
        shown=[*SHOWN, "knn_predict_blocks"],
    ),
]
