"""Unit rows: more rows, narrower rows, float32, and some zero rows."""

import numpy as np
from sklearn.preprocessing import normalize

from benchmarks.sweeps import (
    Functions,
    Sweep,
    calls,
    normal,
    pytorch,
    steps,
)

OWN = (
    "handbook.l2_normalize l2_normalize l2_normalize_masked"
    " l2_normalize_matmul l2_normalize_scaled"
    " handbook.l1_normalize l1_normalize"
)
LINEAR = dict.fromkeys(OWN.split(), 1.0)
PEERS = {
    f"handbook.{norm}_normalize": (
        f"sklearn normalize, {norm}",
        f"torch normalize, {norm}",
    )
    for norm in ("l2", "l1")
}
HEAD = "handbook.l2_normalize", "l2_normalize"
TAIL = "sklearn normalize, l2", "torch normalize, l2", "X.copy()"
SHOWN = (*HEAD, "l2_normalize_matmul", *TAIL)


def rows(n: int, d: int, dtype: str, zero: float) -> np.ndarray:
    X = normal(n, d, dtype=dtype)
    X[: int(zero * n)] = 0
    return X


def functions(
    n: int, d: int, dtype: str = "float64", own: str = OWN, zero: float = 0
) -> Functions:
    X = rows(n, d, dtype, zero)
    return {
        **calls("normalize_rows", own, X),
        "sklearn normalize, l2": lambda: normalize(X, "l2"),
        "sklearn normalize, l1": lambda: normalize(X, "l1"),
        "X.copy()": lambda: X.copy(),
    }


def others(
    n: int, d: int, dtype: str = "float64", zero: float = 0
) -> Functions:
    torch = pytorch()

    X = torch.from_numpy(rows(n, d, dtype, zero))
    normalize = torch.nn.functional.normalize
    return {
        "torch normalize, l2": lambda: normalize(X, p=2, dim=1),
        "torch normalize, l1": lambda: normalize(X, p=1, dim=1),
    }


SWEEPS = [
    Sweep(
        key="rows",
        axis="rows",
        setting="rows of 100 columns, float64",
        sizes=steps(10, 10_000),
        functions=lambda n: functions(
            n, 100, own=f"{OWN} l2_normalize_apply"
        ),
        others=lambda n: others(n, 100),
        elements=lambda n: n * 100,
        exponents=LINEAR,
        fit=(500, 10_000),
        peers=PEERS,
        shown=(*HEAD, "l2_normalize_apply", *TAIL),
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
        exponents={},
        peers=PEERS,
        shown=SHOWN,
    ),
    Sweep(
        key="zeros",
        axis="rows",
        setting="rows of 10 columns, one in a hundred zero, float64",
        sizes=steps(100, 100_000),
        functions=lambda n: functions(n, 10, zero=0.01),
        others=lambda n: others(n, 10, zero=0.01),
        elements=lambda n: n * 10,
        exponents=LINEAR,
        fit=(5000, 100_000),
        peers=PEERS,
        shown=SHOWN,
    ),
]
