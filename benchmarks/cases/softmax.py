"""Softmax: more rows, and the same numbers in narrower or wider rows."""

import numpy as np
from scipy import special

from benchmarks.sweeps import (
    Functions,
    Sweep,
    calls,
    normal,
    pytorch,
    steps,
)

OWN = "handbook.softmax softmax softmax_matmul softmax_logsumexp"
PEERS = {"handbook.softmax": ("scipy.special.softmax", "torch.softmax")}
SHOWN = ("softmax", "handbook.softmax", "softmax_matmul")
SHOWN += (*PEERS["handbook.softmax"], "np.exp(X)")


def functions(n: int, d: int, dtype: str = "float64") -> Functions:
    X = normal(n, d, dtype=dtype)
    return {
        **calls("softmax", OWN, X),
        "scipy.special.softmax": lambda: special.softmax(X, axis=1),
        "X.copy()": lambda: X.copy(),
        "np.exp(X)": lambda: np.exp(X),
    }


def others(n: int, d: int, dtype: str = "float64") -> Functions:
    torch = pytorch()
    X = torch.from_numpy(normal(n, d, dtype=dtype))
    return {"torch.softmax": lambda: torch.softmax(X, dim=1)}


LINEAR = dict.fromkeys([*OWN.split(), "scipy.special.softmax"], 1.0)
SWEEPS = [
    Sweep(
        key="rows",
        axis="rows",
        setting="rows of 100 columns, float64",
        sizes=steps(10, 50_000),
        functions=lambda n: functions(n, 100),
        others=lambda n: others(n, 100),
        elements=lambda n: n * 100,
        exponents=LINEAR,
        fit=(1000, 10_000),  # beyond, the matrix leaves the cache
        peers=PEERS,
        shown=SHOWN,
        memory=LINEAR,
    ),
    Sweep(
        key="columns",
        axis="columns",
        setting="200,000 numbers in rows of ever more columns, float64",
        sizes=steps(2, 5000),
        functions=lambda d: functions(200_000 // d, d),
        others=lambda d: others(200_000 // d, d),
        elements=lambda d: 200_000,
        exponents={},
        peers=PEERS,
        shown=SHOWN,
    ),
    Sweep(
        key="float32",
        axis="rows",
        setting="rows of 100 columns, float32",
        sizes=steps(10, 10_000),
        functions=lambda n: functions(n, 100, "float32"),
        others=lambda n: others(n, 100, "float32"),
        elements=lambda n: n * 100,
        exponents=LINEAR,
        peers=PEERS,
        shown=SHOWN,
    ),
]
