"""Unit rows: more rows, narrower rows, float32, and some zero rows."""

from sklearn.preprocessing import normalize

from benchmarks.sweeps import Sweep, calls, normal, pytorch, steps, versions

OWN = versions("l2_normalize", "masked", "matmul", "scaled")
OWN += versions("l1_normalize")
L2 = ["sklearn normalize, l2", "torch normalize, l2"]
L1 = ["sklearn normalize, l1", "torch normalize, l1"]
SHOWN = ["l2_normalize_matmul", *OWN[:2], *L2, "X.copy()"]
PEERS = {"handbook.l2_normalize": L2, "handbook.l1_normalize": L1}
LIMITS = dict.fromkeys(PEERS, "X.copy()")


def units(n, d, dtype="float64", own=OWN, zeros=0):
    X = normal(n, d, dtype=dtype)
    X[:zeros] = 0
    torch, T = pytorch(X)
    return X.size, {
        **calls("normalize_rows", own, X),
        L2[0]: lambda: normalize(X, "l2"),
        L1[0]: lambda: normalize(X, "l1"),
        "X.copy()": lambda: X.copy(),
        L2[1]: lambda: torch.nn.functional.normalize(T, p=2, dim=1),
        L1[1]: lambda: torch.nn.functional.normalize(T, p=1, dim=1),
    }


SWEEPS = [
    Sweep(
        key="rows",
        setting="rows of 100 columns, float64",
        sizes=steps(10, 10_000),
        at=lambda n: units(n, 100, own=[*OWN, "l2_normalize_apply"]),
        exponents={1: OWN},
        fit=(500, 10_000),
        shown=["l2_normalize_apply", *SHOWN[1:]],
    ),
    Sweep(
        key="columns",
        setting="200,000 numbers in rows of ever more columns, float64",
        sizes=steps(2, 5000),
        at=lambda d: units(200_000 // d, d),
        shown=SHOWN,
    ),
    Sweep(
        key="float32",
        axis="rows",
        setting="rows of 100 columns, float32",
        sizes=steps(10, 10_000),
        at=lambda n: units(n, 100, "float32"),
        shown=SHOWN,
    ),
    Sweep(
        key="zeros",
        axis="rows",
        setting="rows of 10 columns, one in a hundred zero, float64",
        sizes=steps(100, 100_000),
        at=lambda n: units(n, 10, zeros=n // 100),
        exponents={1: OWN},
        fit=(5000, 100_000),
        shown=SHOWN,
    ),
]
