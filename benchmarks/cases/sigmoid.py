"""The sigmoid, its derivative and its loss: more logits, float32."""

import numpy as np
from scipy import special
from sklearn.metrics import log_loss

from benchmarks.sweeps import Sweep, calls, normal, pytorch, steps, versions

OWN, SLOPES = versions("sigmoid"), versions("sigmoid_derivative")
LOSSES = versions("binary_cross_entropy", "logaddexp")
EXPIT = ["scipy.special.expit", "torch.sigmoid"]
LOG_LOSS = ["sklearn log_loss of expit", "torch bce_with_logits"]
PEERS = {OWN[0]: EXPIT, LOSSES[0]: LOG_LOSS}
LIMITS = dict.fromkeys([OWN[0], SLOPES[0], LOSSES[0]], "np.exp(z)")


def sigmoids(n, dtype):
    z = 5 * normal(n, dtype=dtype)
    torch, t = pytorch(z)
    return n, {
        **calls("sigmoid", OWN, z),
        EXPIT[0]: lambda: special.expit(z),
        "np.exp(z)": lambda: np.exp(z),
        "z.copy()": lambda: z.copy(),
        EXPIT[1]: lambda: torch.sigmoid(t),
    }


def losses(n):
    z = 5 * normal(n)
    y = (z > 0).astype(float)
    torch, t, u = pytorch(z, y)
    return n, {
        **calls("sigmoid", SLOPES, z),
        **calls("sigmoid", LOSSES, y, z),
        "np.exp(z)": lambda: np.exp(z),
        LOG_LOSS[0]: lambda: log_loss(y, special.expit(z)),
        LOG_LOSS[1]: lambda: (
            torch.nn.functional.binary_cross_entropy_with_logits(t, u)
        ),
    }


SWEEPS = [
    *(
        Sweep(
            key=key,
            axis="logits",
            setting=dtype,
            sizes=steps(500, 500_000),
            at=lambda n, dtype=dtype: sigmoids(n, dtype),
            exponents={1: ["handbook.sigmoid"]},
            memory={1: OWN},
        )
        for key, dtype in (("logits", "float64"), ("float32", "float32"))
    ),
    Sweep(
        key="loss",
        axis="logits",
        setting="the derivative and the loss, float64",
        sizes=steps(500, 500_000),
        at=losses,
        exponents={1: [*SLOPES, *LOSSES]},
        shown=[*SLOPES, *LOSSES[:2], *LOG_LOSS],
    ),
]
