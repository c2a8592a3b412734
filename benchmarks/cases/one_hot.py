"""One-hot: more labels, and more classes."""

import numpy as np
import pandas as pd
from sklearn.preprocessing import OneHotEncoder

from benchmarks.sweeps import Sweep, calls, pytorch, steps, versions

OWN = versions("one_hot", "flat", "eye", "comparison")
SKLEARN, PANDAS = "sklearn OneHotEncoder", "pandas get_dummies"
SHOWN = [*OWN, "torch one_hot"]
PEERS = {"handbook.one_hot": [SKLEARN, PANDAS, "torch one_hot"]}
LIMITS = {OWN[0]: "np.ones((n, C))"}


def encodings(n, C):
    labels = np.random.default_rng(0).integers(0, C, n)
    encoder = OneHotEncoder(categories=[np.arange(C)], sparse_output=False)
    known = pd.CategoricalDtype(range(C))
    torch, T = pytorch(labels)
    return n * C, {
        **calls("one_hot", OWN, labels, C),
        SKLEARN: lambda: encoder.fit_transform(labels[:, None]),
        PANDAS: lambda: pd.get_dummies(
            pd.Series(labels, dtype=known), dtype=float
        ).to_numpy(),
        "np.ones((n, C))": lambda: np.ones((n, C)),
        "torch one_hot": lambda: torch.nn.functional.one_hot(T, C).double(),
    }


SWEEPS = [
    Sweep(
        key="labels",
        setting="10 classes, float64",
        sizes=steps(100, 100_000),
        at=lambda n: encodings(n, 10),
        exponents={1: OWN},
        shown=SHOWN,
    ),
    Sweep(
        key="classes",
        setting="1,000 labels, float64",
        sizes=steps(2, 2000),
        at=lambda C: encodings(1000, C),
        exponents={1: ["one_hot_comparison"]},
        crossings=[("one_hot_comparison", "one_hot_eye")],
        shown=SHOWN,
    ),
]
