"""Logistic regression: more rows, more steps; and its probabilities."""

import warnings

import numpy as np
from scipy import special
from sklearn.linear_model import LogisticRegression

from benchmarks.sweeps import Sweep, calls, normal, pytorch, steps, versions

OWN = versions("fit_logistic", "ones")
PROBA = versions("predict_proba")
LBFGS, TORCH = "sklearn LogisticRegression, lbfgs", "torch loop"
EXPIT, SIGMOID = "scipy.special.expit of X @ w + b", "torch.sigmoid"
PEERS = {OWN[0]: [LBFGS, TORCH], PROBA[0]: [EXPIT, SIGMOID]}
LIMITS = {OWN[0]: "X @ w, y @ X, each step", PROBA[0]: "np.exp(X @ w)"}
MORE_MEMORY = {OWN[0]: "a product with X at a time, and its errors"}


def fits(n, times):
    X = normal(n, 20)
    y = (X.sum(axis=1) + 5 * normal(n, seed=1) > 0).astype(float)
    # another algorithm, with as many steps
    model = LogisticRegression(C=1 / (n * 0.01), max_iter=times, tol=0)
    torch, S, t = pytorch(X, y)
    w = np.zeros(20)

    def fit():
        with warnings.catch_warnings(action="ignore"):
            model.fit(X, y)

    def descend():
        weights = torch.zeros(20, dtype=torch.float64, requires_grad=True)
        bias = torch.zeros(1, dtype=torch.float64, requires_grad=True)
        groups = [{"params": [weights], "weight_decay": 0.01}]
        descent = torch.optim.SGD([*groups, {"params": [bias]}], lr=0.1)
        for _ in range(times):
            descent.zero_grad()
            torch.nn.functional.binary_cross_entropy_with_logits(
                S @ weights + bias, t
            ).backward()
            descent.step()

    return X.size, {
        **calls("logistic_regression", OWN, X, y, 0.1, times, 0.01),
        LBFGS: fit,
        TORCH: descend,
        LIMITS[OWN[0]]: lambda: [(X @ w, y @ X) for _ in range(times)],
    }


def predictions(n):
    X, w = normal(n, 20), normal(20, seed=1)
    torch, S, v = pytorch(X, w)
    return X.size, {
        **calls("logistic_regression", PROBA, X, w, 0.5),
        EXPIT: lambda: special.expit(X @ w + 0.5),
        SIGMOID: lambda: torch.sigmoid(S @ v + 0.5),
        LIMITS[PROBA[0]]: lambda: np.exp(X @ w),
    }


SWEEPS = [
    Sweep(
        key="rows",
        setting="20 columns, 20 steps, float64",
        sizes=steps(50, 50_000),
        at=lambda n: fits(n, 20),
        exponents={1: OWN[1:]},  # the guards of 20 steps are overhead
        memory={1: OWN},
    ),
    Sweep(
        key="steps",
        setting="1,000 rows of 20 columns, float64",
        sizes=steps(1, 200),
        at=lambda times: fits(1000, times),
        exponents={1: OWN},
    ),
    Sweep(
        key="predictions",
        axis="rows",
        setting="predictions from 20 columns, float64",
        sizes=steps(50, 50_000),
        at=predictions,
    ),
]
