"""Top k: wider rows, and more of each row.

Each call gets the next of up to 16 matrices: a processor learns the
branches of a selection from one small matrix that comes again and again.
"""

from itertools import cycle

import numpy as np

from benchmarks import sweeps
from benchmarks.sweeps import Sweep, normal, pytorch, steps, versions

OWN = versions("topk_per_row", "argsort", "groups")
OURS, PLAIN, _, GROUPS = OWN
SORTED, PARTITION = "np.argsort, sliced", "bottleneck argpartition"
SHOWN = [OURS, PLAIN, GROUPS, SORTED, PARTITION, "torch.topk"]
PEERS = {OURS: [SORTED, PARTITION, "torch.topk"]}
LIMITS = {OURS: "X.max(axis=1)"}


def partition(X, k):
    bottleneck = sweeps.library("bottleneck")
    top = bottleneck.argpartition(-X, k - 1, axis=1)[:, :k]
    order = np.argsort(-np.take_along_axis(X, top, axis=1), axis=1)
    return np.take_along_axis(top, order, axis=1)


def selections(n, d, k):
    given = normal(max(1, min(16, 2_000_000 // (n * d))), n, d)
    torch, T = pytorch(given) if sweeps.library("torch") else (None, [])
    functions = {
        **{name: sweeps.on_page("top_k")[name] for name in OWN},
        SORTED: lambda X, k: np.argsort(X, axis=1)[:, : -k - 1 : -1],
        "X.max(axis=1)": lambda X, k: X.max(axis=1),
        PARTITION: partition,
        "torch.topk": lambda X, k: torch.topk(X, k, dim=1),
    }

    def fresh(label):
        X = cycle(T if "torch" in label else given)
        return lambda: functions[label](next(X), k)

    return n * d, {label: fresh(label) for label in functions}


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
