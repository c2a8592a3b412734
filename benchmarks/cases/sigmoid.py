"""The sigmoid, its derivative and its loss: more logits, float32."""

import numpy as np
from scipy import special
from sklearn.metrics import log_loss

from benchmarks.growth import (
    Functions,
    Sweep,
    calls,
    normal,
    pytorch,
    steps,
)

OWN = (
    "sigmoid sigmoid_in_place sigmoid_select sigmoid_masks sigmoid_shifted"
    " sigmoid_logaddexp"
)
SLOPES = (
    "sigmoid_derivative sigmoid_derivative_product sigmoid_derivative_cosh"
)
LOSSES = (
    "binary_cross_entropy binary_cross_entropy_logaddexp"
    " binary_cross_entropy_softplus"
)
PEERS = {"sigmoid": ("scipy.special.expit", "torch.sigmoid")}


def functions(n: int, dtype: str = "float64", own: str = OWN) -> Functions:
    z = 5 * normal(n, dtype=dtype)
    return {
        **calls("sigmoid", own, z),
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
        functions=lambda n: functions(n, own=f"{OWN} sigmoid_vectorize"),
        others=others,
        elements=lambda n: n,
        exponents=LINEAR | {"sigmoid_vectorize": 1.0},
        peers=PEERS,
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
        exponents=LINEAR,
        peers=PEERS,
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
            "binary_cross_entropy": (
                "sklearn log_loss of expit",
                "torch bce_with_logits",
            )
        },
    ),
]
