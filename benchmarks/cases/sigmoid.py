"""The sigmoid, its derivative and its loss: more logits, float32."""

import numpy as np
from scipy import special
from sklearn.metrics import log_loss

from benchmarks.sweeps import (
    Functions,
    Sweep,
    calls,
    normal,
    pytorch,
    steps,
)

OWN = "handbook.sigmoid sigmoid"
SLOPES = "handbook.sigmoid_derivative sigmoid_derivative"
LOSSES = (
    "handbook.binary_cross_entropy binary_cross_entropy"
    " binary_cross_entropy_logaddexp"
)
PEERS = {"handbook.sigmoid": ("scipy.special.expit", "torch.sigmoid")}
SHOWN = (
    *OWN.split(),
    "scipy.special.expit",
    "torch.sigmoid",
    "np.exp(z)",
    "z.copy()",
)


def functions(n: int, dtype: str = "float64") -> Functions:
    z = 5 * normal(n, dtype=dtype)
    return {
        **calls("sigmoid", OWN, z),
        "scipy.special.expit": lambda: special.expit(z),
        "np.exp(z)": lambda: np.exp(z),
        "z.copy()": lambda: z.copy(),
    }


def others(n: int, dtype: str = "float64") -> Functions:
    torch = pytorch()

    z = 5 * torch.from_numpy(normal(n, dtype=dtype))
    return {"torch.sigmoid": lambda: torch.sigmoid(z)}


def losses(n: int) -> Functions:
    z = 5 * normal(n)
    y = (z > 0).astype(float)
    return {
        **calls("sigmoid", SLOPES, z),
        **calls("sigmoid", LOSSES, y, z),
        "sklearn log_loss of expit": lambda: log_loss(y, special.expit(z)),
    }


def other_losses(n: int) -> Functions:
    torch = pytorch()

    z = 5 * torch.from_numpy(normal(n))
    y = (z > 0).double()
    loss = torch.nn.functional.binary_cross_entropy_with_logits
    return {"torch bce_with_logits": lambda: loss(z, y)}


LINEAR = dict.fromkeys(OWN.split(), 1.0)
SWEEPS = [
    Sweep(
        key="logits",
        axis="logits",
        setting="float64",
        sizes=steps(500, 500_000),
        functions=functions,
        others=others,
        elements=lambda n: n,
        exponents={"handbook.sigmoid": 1.0},
        peers=PEERS,
        shown=SHOWN,
        memory=LINEAR,
    ),
    Sweep(
        key="float32",
        axis="logits",
        setting="float32",
        sizes=steps(500, 500_000),
        functions=lambda n: functions(n, "float32"),
        others=lambda n: others(n, "float32"),
        elements=lambda n: n,
        exponents={"handbook.sigmoid": 1.0},
        peers=PEERS,
        shown=SHOWN,
    ),
    Sweep(
        key="loss",
        axis="logits",
        setting="the derivative and the loss, float64",
        sizes=steps(500, 500_000),
        functions=losses,
        others=other_losses,
        elements=lambda n: n,
        exponents=dict.fromkeys(f"{SLOPES} {LOSSES}".split(), 1.0),
        peers={
            "handbook.binary_cross_entropy": (
                "sklearn log_loss of expit",
                "torch bce_with_logits",
            )
        },
        shown=(
            "handbook.sigmoid_derivative",
            "sigmoid_derivative",
            "handbook.binary_cross_entropy",
            "binary_cross_entropy",
            "sklearn log_loss of expit",
            "torch bce_with_logits",
        ),
    ),
]
