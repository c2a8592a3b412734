"""Batched products: more matrices, and the same numbers in larger ones."""

from benchmarks.growth import (
    Functions,
    Sweep,
    calls,
    normal,
    pytorch,
    steps,
)

OWN = (
    "batch_matmul batch_matmul_optimized batch_matmul_einsum"
    " batch_matmul_vecdot batch_matmul_broadcast batch_matmul_loop"
)
PEERS = {"batch_matmul": ("A @ B", "torch.bmm")}


def functions(b: int, m: int, own: str = OWN) -> Functions:
    A, B = normal(b, m, m), normal(b, m, m, seed=1)
    return {
        **calls("batch_matmul", own, A, B),
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


SWEEPS = [
    Sweep(
        key="matrices",
        axis="matrices",
        setting="pairs of 16 × 16 matrices, float64",
        sizes=steps(5, 5000),
        functions=lambda b: functions(b, 16),
        others=lambda b: others(b, 16),
        elements=lambda b: b * 16 * 16,
        exponents=dict.fromkeys([*OWN.split(), "A @ B"], 1.0),
        fit=(200, 2000),
        peers=PEERS,
        memory=dict.fromkeys(OWN.split(), 1.0),
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
        crossings=(("batch_matmul", "batch_matmul_einsum"),),
        peers=PEERS,
    ),
]
