"""Top k: wider rows, and more of each row."""

import numpy as np

from benchmarks import sweeps
from benchmarks.sweeps import Sweep, calls, normal, pytorch, steps, versions

OWN = versions("topk_per_row", "argsort", "groups")
OURS, PLAIN, _, GROUPS = OWN
SORTED, PARTITION = "np.argsort, sliced", "bottleneck argpartition"
SHOWN = [OURS, PLAIN, GROUPS, SORTED, PARTITION, "torch.topk"]
PEERS = {OURS: [SORTED, PARTITION, "torch.topk"]}
LIMITS = {OURS: "X.max(axis=1)"}


def selections(n, d, k):
    X, bottleneck = normal(n, d), sweeps.library("bottleneck")
    torch, T = pytorch(X)

    def partition():
        top = bottleneck.argpartition(-X, k - 1, axis=1)[:, :k]
        order = np.argsort(-np.take_along_axis(X, top, axis=1), axis=1)
        return np.take_along_axis(top, order, axis=1)

    return X.size, {
        **calls("top_k", OWN, X, k),
        SORTED: lambda: np.argsort(X, axis=1)[:, : -k - 1 : -1],
        "X.max(axis=1)": lambda: X.max(axis=1),
        PARTITION: partition,
        "torch.topk": lambda: torch.topk(T, k, dim=1),
    }


SWEEPS = [
    Sweep(
        key="columns",
        setting="100 rows, k = 5, float64",
        sizes=steps(10, 20_000),
        at=lambda d: selections(100, d, 5),
        # production begins to select among groups on the way
        exponents={1: [PLAIN], 1.1: [SORTED]},
        memory={1: [PLAIN], 0.5: [GROUPS]},
        crossings=[(OURS, SORTED), (GROUPS, OURS)],
        shown=SHOWN,
    ),
    Sweep(
        key="k",
        axis="places",
        setting="100 rows of 5,000 columns, float64",
        sizes=steps(1, 5000),
        at=lambda k: selections(100, 5000, k),
        crossings=[(OURS, GROUPS)],
        shown=SHOWN,
    ),
]
