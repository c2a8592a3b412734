"""Top k: wider rows, and more of each row."""

import numpy as np

from benchmarks.sweeps import (
    Functions,
    Sweep,
    calls,
    normal,
    pytorch,
    steps,
)

SHOWN = (
    "topk_per_row",
    "handbook.topk_per_row",
    "topk_per_row_groups",
    "np.argsort, sliced",
    "bottleneck argpartition",
    "torch.topk",
)
OWN = f"{SHOWN[1]} {SHOWN[0]} topk_per_row_argsort {SHOWN[2]}"
PEERS = {SHOWN[1]: SHOWN[3:]}


def functions(n: int, d: int, k: int) -> Functions:
    X = normal(n, d)
    return {
        **calls("top_k", OWN, X, k),
        "np.argsort, sliced": lambda: np.argsort(X, axis=1)[
            :, : -k - 1 : -1
        ],
        "X.max(axis=1)": lambda: X.max(axis=1),
    }


def others(n: int, d: int, k: int) -> Functions:
    import bottleneck

    torch = pytorch()

    X = normal(n, d)
    T = torch.from_numpy(X)

    def partition() -> np.ndarray:
        top = bottleneck.argpartition(-X, k - 1, axis=1)[:, :k]
        order = np.argsort(-np.take_along_axis(X, top, axis=1), axis=1)
        return np.take_along_axis(top, order, axis=1)

    return {
        "bottleneck argpartition": partition,
        "torch.topk": lambda: torch.topk(T, k, dim=1),
    }


SWEEPS = [
    Sweep(
        key="columns",
        axis="columns",
        setting="100 rows, k = 5, float64",
        sizes=steps(10, 20_000),
        functions=lambda d: functions(100, d, 5),
        others=lambda d: others(100, d, 5),
        elements=lambda d: 100 * d,
        exponents={
            "handbook.topk_per_row": 1.0,
            "topk_per_row": 1.0,
            "np.argsort, sliced": 1.1,
        },
        crossings=(
            ("handbook.topk_per_row", "np.argsort, sliced"),
            ("topk_per_row_groups", "handbook.topk_per_row"),
        ),
        peers=PEERS,
        shown=SHOWN,
        memory={
            "handbook.topk_per_row": 1.0,
            "topk_per_row": 1.0,
            "topk_per_row_groups": 0.5,
        },
    ),
    Sweep(
        key="k",
        axis="places",
        setting="100 rows of 5,000 columns, float64",
        sizes=steps(1, 5000),
        functions=lambda k: functions(100, 5000, k),
        others=lambda k: others(100, 5000, k),
        elements=lambda k: 100 * 5000,
        exponents={},
        crossings=(("handbook.topk_per_row", "topk_per_row_groups"),),
        peers=PEERS,
        shown=SHOWN,
    ),
]
