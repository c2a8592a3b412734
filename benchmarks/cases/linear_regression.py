"""Least squares with a penalty: more rows, and more columns."""

import numpy as np
from scipy import linalg
from sklearn.linear_model import LinearRegression, Ridge

from benchmarks.sweeps import Sweep, calls, normal, pytorch, steps, versions

OWN = versions("fit_linear", "normal", "svd")
LSTSQ, PLAIN = "scipy.linalg.lstsq, [X 1]", "sklearn LinearRegression"
RIDGE = [f"sklearn Ridge, {solver}" for solver in ("cholesky", "svd")]
TORCH = "torch.linalg.lstsq, [X 1]"
PEERS = {OWN[0]: [*RIDGE, PLAIN, LSTSQ, TORCH]}
LIMITS = {OWN[0]: "X.T @ X"}
MORE_MEMORY = {OWN[0]: "X, y and the penalty as one matrix, not XᵀX"}


def fits(n, d):
    X, y = normal(n, d), normal(n, seed=1)
    ones = np.column_stack([X, np.ones(n)])
    cholesky, svd = (Ridge(1, solver=label.split()[-1]) for label in RIDGE)
    plain = LinearRegression()
    torch, S, t = pytorch(ones, y[:, None])
    return X.size, {
        **calls("linear_regression", OWN, X, y, 1.0),
        RIDGE[0]: lambda: cholesky.fit(X, y),
        RIDGE[1]: lambda: svd.fit(X, y),
        PLAIN: lambda: plain.fit(X, y),  # these three without a penalty
        LSTSQ: lambda: linalg.lstsq(ones, y),
        TORCH: lambda: torch.linalg.lstsq(S, t),
        "X.T @ X": lambda: X.T @ X,
    }


SWEEPS = [
    Sweep(
        key="rows",
        setting="20 columns, l2 = 1, float64",
        sizes=steps(50, 50_000),
        at=lambda n: fits(n, 20),
        exponents={1: OWN[:3]},
        fit=(2000, 50_000),
        shown=[*OWN, RIDGE[0], LSTSQ],
    ),
    Sweep(
        key="columns",
        setting="2,000 rows, l2 = 1, float64",
        sizes=steps(1, 200),
        at=lambda d: fits(2000, d),
        shown=[*OWN, RIDGE[0], LSTSQ],
    ),
]
