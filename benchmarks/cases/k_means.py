"""An iteration of Lloyd's algorithm: more rows, and more clusters."""

import warnings

from scipy.cluster.vq import kmeans2, vq
from sklearn.cluster import KMeans

from benchmarks.sweeps import Sweep, calls, normal, pytorch, steps, versions

OWN = [*versions("k_means"), *versions("assign", "expanded", "loop")[1:]]
UPDATES = versions("update", "sums")[1:]
SKLEARN, SCIPY = "sklearn KMeans", "scipy kmeans2, vq"
TORCH = "torch cdist and index_add"
PEERS = {OWN[0]: [SKLEARN, SCIPY, TORCH]}
LIMITS = {OWN[0]: "X @ init.T, twice"}


def iteration(n, d, k):
    X = normal(n, d)
    init = X[:k].copy()
    labels = calls("k_means", ["assign_loop"], X, init)["assign_loop"]()
    once = {"init": init, "n_init": 1, "max_iter": 1, "tol": 0}
    model = KMeans(k, algorithm="lloyd", **once)
    torch, S, C = pytorch(X, init)

    def fit():
        with warnings.catch_warnings(action="ignore"):  # it did not end
            model.fit(X)

    def assign_twice():  # kmeans2 returns the labels before the update
        vq(X, kmeans2(X, init, iter=1, minit="matrix")[0])

    def step():
        nearest = torch.cdist(S, C).argmin(dim=1)
        counts = torch.bincount(nearest, minlength=k)[:, None]
        sums = torch.zeros_like(C).index_add_(0, nearest, S)
        means = torch.where(counts > 0, sums / counts, C)
        torch.cdist(S, means).argmin(dim=1)

    return X.size, {
        **calls("k_means", OWN[:2], X, k, init, 1),
        **calls("k_means", OWN[2:], X, init),
        **calls("k_means", UPDATES, X, labels, init),
        SKLEARN: fit,
        SCIPY: assign_twice,
        TORCH: step,
        "X @ init.T, twice": lambda: (X @ init.T, X @ init.T),
    }


SWEEPS = [
    Sweep(
        key="rows",
        setting="16 columns, 10 clusters, one update, float64",
        sizes=steps(20, 20_000),
        at=lambda n: iteration(n, 16, 10),
        exponents={1: [*OWN[:3], OWN[4], UPDATES[1]]},
        memory={1: OWN[1:]},  # production takes blocks of rows
        shown=[*OWN, SKLEARN],
    ),
    Sweep(
        key="clusters",
        setting="2,000 rows, 16 columns, one update, float64",
        sizes=steps(1, 200),
        at=lambda k: iteration(2000, 16, k),
        shown=[*OWN, SKLEARN],
    ),
]
