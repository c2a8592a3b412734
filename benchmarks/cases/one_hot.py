"""One-hot: more labels, and more classes."""

import numpy as np
import pandas as pd
from sklearn.preprocessing import OneHotEncoder

from benchmarks.sweeps import Functions, Sweep, calls, pytorch, steps

OWN = "handbook.one_hot one_hot one_hot_flat one_hot_eye one_hot_comparison"
LINEAR = dict.fromkeys(OWN.split(), 1.0)
PEERS = {
    "handbook.one_hot": (
        "sklearn OneHotEncoder",
        "pandas get_dummies",
        "torch one_hot",
    )
}
SHOWN = (
    "one_hot",
    "handbook.one_hot",
    "one_hot_flat",
    "one_hot_eye",
    "one_hot_comparison",
    "torch one_hot",
)


def drawn(n: int, C: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, C, n)


def functions(n: int, C: int) -> Functions:
    labels = drawn(n, C)
    encoder = OneHotEncoder(categories=[np.arange(C)], sparse_output=False)
    known = pd.CategoricalDtype(range(C))
    return {
        **calls("one_hot", OWN, labels, C),
        "sklearn OneHotEncoder": lambda: encoder.fit_transform(
            labels[:, None]
        ),
        "pandas get_dummies": lambda: pd.get_dummies(
            pd.Series(labels, dtype=known), dtype=float
        ).to_numpy(),
        "np.ones((n, C))": lambda: np.ones((n, C)),
    }


def others(n: int, C: int) -> Functions:
    torch = pytorch()

    labels = torch.from_numpy(drawn(n, C))
    one_hot = torch.nn.functional.one_hot
    return {"torch one_hot": lambda: one_hot(labels, C).double()}


SWEEPS = [
    Sweep(
        key="labels",
        axis="labels",
        setting="10 classes",
        sizes=steps(100, 100_000),
        functions=lambda n: functions(n, 10),
        others=lambda n: others(n, 10),
        elements=lambda n: n * 10,
        exponents=LINEAR,
        peers=PEERS,
        shown=SHOWN,
        memory=LINEAR,
    ),
    Sweep(
        key="classes",
        axis="classes",
        setting="1,000 labels",
        sizes=steps(2, 2000),
        functions=lambda C: functions(1000, C),
        others=lambda C: others(1000, C),
        elements=lambda C: 1000 * C,
        exponents={"one_hot_comparison": 1.0},
        crossings=(("one_hot_comparison", "one_hot_eye"),),
        peers=PEERS,
        shown=SHOWN,
    ),
]
