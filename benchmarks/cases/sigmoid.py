"""The sigmoid, its derivative and its loss: more logits, float32."""

from functools import partial

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
LOSSES = "handbook.binary_cross_entropy binary_cross_entropy"
LOGADDEXP = "binary_cross_entropy_logaddexp"
PEERS = ("scipy.special.expit", "torch.sigmoid")
LOSS_PEERS = ("sklearn log_loss of expit", "torch bce_with_logits")


def functions(n: int, dtype: str) -> Functions:
    z = 5 * normal(n, dtype=dtype)
    return {
        **calls("sigmoid", OWN, z),
        "scipy.special.expit": lambda: special.expit(z),
        "np.exp(z)": lambda: np.exp(z),
        "z.copy()": lambda: z.copy(),
    }


def others(n: int, dtype: str) -> Functions:
    torch = pytorch()

    z = 5 * torch.from_numpy(normal(n, dtype=dtype))
    return {"torch.sigmoid": lambda: torch.sigmoid(z)}


def losses(n: int) -> Functions:
    z = 5 * normal(n)
    y = (z > 0).astype(float)
    return {
        **calls("sigmoid", SLOPES, z),
        **calls("sigmoid", f"{LOSSES} {LOGADDEXP}", y, z),
        "sklearn log_loss of expit": lambda: log_loss(y, special.expit(z)),
    }


def other_losses(n: int) -> Functions:
    torch = pytorch()

    z = 5 * torch.from_numpy(normal(n))
    y = (z > 0).double()
    loss = torch.nn.functional.binary_cross_entropy_with_logits
    return {"torch bce_with_logits": lambda: loss(z, y)}


logits = partial(
    Sweep,
    axis="logits",
    sizes=steps(500, 500_000),
    elements=lambda n: n,
)
SWEEPS = [
    *(
        logits(
            key=key,
            setting=dtype,
            functions=partial(functions, dtype=dtype),
            others=partial(others, dtype=dtype),
            exponents={"handbook.sigmoid": 1.0},
            peers={"handbook.sigmoid": PEERS},
            shown=(*OWN.split(), *PEERS, "np.exp(z)", "z.copy()"),
            memory=memory,
        )
        for key, dtype, memory in (
            ("logits", "float64", dict.fromkeys(OWN.split(), 1.0)),
            ("float32", "float32", {}),
        )
    ),
    logits(
        key="loss",
        setting="the derivative and the loss, float64",
        functions=losses,
        others=other_losses,
        exponents=dict.fromkeys(
            f"{SLOPES} {LOSSES} {LOGADDEXP}".split(), 1.0
        ),
        peers={"handbook.binary_cross_entropy": LOSS_PEERS},
        shown=(*f"{SLOPES} {LOSSES}".split(), *LOSS_PEERS),
    ),
]
