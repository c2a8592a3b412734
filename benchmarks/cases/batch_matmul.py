"""Batched products: more matrices, and the same numbers in larger ones."""

from benchmarks.sweeps import Sweep, calls, normal, pytorch, steps, versions

OWN = versions("batch_matmul", "optimized", "einsum", "broadcast")
SHOWN = [*OWN, "torch.bmm"]
PEERS = {"handbook.batch_matmul": ["A @ B", "torch.bmm"]}
LIMITS = {"handbook.batch_matmul": "A @ B"}


def products(b, m):
    A, B = normal(b, m, m), normal(b, m, m, seed=1)
    torch, S, T = pytorch(A, B)
    return A.size, {
        **calls("batch_matmul", [*OWN, "batch_matmul_loop"], A, B),
        "A @ B": lambda: A @ B,
        "A.copy()": lambda: A.copy(),
        "torch.bmm": lambda: torch.bmm(S, T),
    }


SWEEPS = [
    Sweep(
        key="matrices",
        setting="pairs of 16 × 16 matrices, float64",
        sizes=steps(5, 5000),
        at=lambda b: products(b, 16),
        exponents={1: [*OWN, "batch_matmul_loop", "A @ B"]},
        fit=(200, 2000),
        shown=SHOWN,
    ),
    Sweep(
        key="width",
        axis="columns",
        setting="100,000 numbers a stack, in square matrices, float64",
        sizes=steps(1, 200),
        at=lambda m: products(100_000 // m**2, m),
        crossings=[("handbook.batch_matmul", "batch_matmul_einsum")],
        shown=SHOWN,
    ),
]
