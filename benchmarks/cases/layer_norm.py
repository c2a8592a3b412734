"""Layer norm: more rows, wider rows, float32."""

import numpy as np

from benchmarks.sweeps import Sweep, calls, normal, pytorch, steps, versions

OWN = versions("layer_norm", "centred")
TORCH = "torch layer_norm"
PEERS = {OWN[0]: [TORCH]}
LIMITS = {OWN[0]: "X.copy()"}


def layers(n, d, dtype="float64"):
    X = normal(n, d, dtype=dtype)
    gamma, beta = np.ones(d, dtype), np.zeros(d, dtype)
    torch, *tensors = pytorch(X, gamma, beta)

    def theirs():
        return torch.nn.functional.layer_norm(
            tensors[0], (d,), *tensors[1:]
        )

    return X.size, {
        **calls("layer_norm", OWN, X, gamma, beta),
        TORCH: theirs,
        "X.copy()": lambda: X.copy(),
    }


SWEEPS = [
    Sweep(
        key="rows",
        setting="rows of 100 columns, float64",
        sizes=steps(10, 10_000),
        at=lambda n: layers(n, 100),
        exponents={1: OWN},
        fit=(500, 10_000),
    ),
    Sweep(
        key="columns",
        setting="200,000 numbers in rows of ever more columns, float64",
        sizes=steps(2, 5000),
        at=lambda d: layers(200_000 // d, d),
    ),
    Sweep(
        key="float32",
        axis="rows",
        setting="rows of 768 columns, float32",
        sizes=steps(1, 1000),
        at=lambda n: layers(n, 768, "float32"),
    ),
]
