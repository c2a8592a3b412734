"""Batched products: more matrices, and the same numbers in larger ones."""

from benchmarks.sweeps import (
    Functions,
    Sweep,
    calls,
    normal,
    pytorch,
    steps,
)

OWN = (
    "handbook.batch_matmul batch_matmul batch_matmul_optimized"
    " batch_matmul_einsum batch_matmul_broadcast"
)
PEERS = {"handbook.batch_matmul": ("A @ B", "torch.bmm")}
SHOWN = (*OWN.split(), "torch.bmm")


def functions(b: int, m: int) -> Functions:
    A, B = normal(b, m, m), normal(b, m, m, seed=1)
    return {
        **calls("batch_matmul", f"{OWN} batch_matmul_loop", A, B),
        "A @ B": lambda: A @ B,
        "A.copy()": lambda: A.copy(),
    }


def others(b: int, m: int) -> Functions:
    torch = pytorch()

    A, B = map(torch.from_numpy, (normal(b, m, m), normal(b, m, m, seed=1)))
    return {"torch.bmm": lambda: torch.bmm(A, B)}


def batch(m: int) -> int:
    """Return how many m x m matrices make 100,000 numbers."""
    return max(1, 100_000 // m**2)


GROWS = dict.fromkeys([*OWN.split(), "batch_matmul_loop"], 1.0)
SWEEPS = [
    Sweep(
        key="matrices",
        axis="matrices",
        setting="pairs of 16 × 16 matrices, float64",
        sizes=steps(5, 5000),
        functions=lambda b: functions(b, 16),
        others=lambda b: others(b, 16),
        elements=lambda b: b * 16 * 16,
        exponents=GROWS | {"A @ B": 1.0},
        fit=(200, 2000),
        peers=PEERS,
        shown=SHOWN,
        memory=GROWS,
    ),
    Sweep(
        key="width",
        axis="columns",
        setting="100,000 numbers a stack, in square matrices, float64",
        sizes=steps(1, 200),
        functions=lambda m: functions(batch(m), m),
        others=lambda m: others(batch(m), m),
        elements=lambda m: batch(m) * m * m,
        exponents={},
        crossings=(("handbook.batch_matmul", "batch_matmul_einsum"),),
        peers=PEERS,
        shown=SHOWN,
    ),
]
