"""Gradient descent: more samples, and larger batches."""

import warnings

import numpy as np
from sklearn.linear_model import SGDRegressor
from sklearn.neural_network import MLPRegressor

from benchmarks.sweeps import Sweep, calls, normal, pytorch, steps, versions

OWN = [*versions("mini_batch_gd"), "train_epoch_split"]
MLP, SGD = "sklearn MLPRegressor", "sklearn SGDRegressor"
PEERS = {"handbook.mini_batch_gd": [MLP, "torch loop", SGD]}
LIMITS = {OWN[0]: "X @ w, y @ X"}


def epochs(n, m):
    X = normal(n, 10)
    y = X @ np.arange(10.0)
    start = np.zeros(10), 0.0  # of a fit, which here takes one epoch
    rng = np.random.default_rng(0)
    once = {"learning_rate": "constant", "max_iter": 1, "random_state": 0}
    # without a hidden layer it is the same model and the same descent
    sgd = {"solver": "sgd", "alpha": 0, "hidden_layer_sizes": ()}
    network = MLPRegressor(
        batch_size=m, momentum=0, learning_rate_init=0.002, **sgd, **once
    )
    single = SGDRegressor(penalty=None, eta0=0.002, tol=None, **once)
    torch, S, t = pytorch(X, y)

    def fit_network():
        with warnings.catch_warnings(action="ignore"):
            network.fit(X, y)

    def descend():
        weights = torch.zeros(10, dtype=torch.float64, requires_grad=True)
        bias = torch.zeros(1, dtype=torch.float64, requires_grad=True)
        descent = torch.optim.SGD([weights, bias], lr=0.001)
        for batch in torch.randperm(n).split(m):
            descent.zero_grad()
            ((S[batch] @ weights + bias - t[batch]) ** 2).mean().backward()
            descent.step()

    return X.size, {
        **calls("gradient_descent", OWN[:2], X, y, 0.001, 1, m, 0),
        **calls("gradient_descent", OWN[2:], X, y, *start, 0.001, m, rng),
        MLP: fit_network,
        **({SGD: lambda: single.fit(X, y)} if m == 1 else {}),
        "torch loop": descend,
        "X @ w, y @ X": lambda: (X @ start[0], y @ X),
    }


SWEEPS = [
    Sweep(
        key="samples",
        setting="an epoch, 10 columns, batches of 32, float64",
        sizes=steps(50, 50_000),
        at=lambda n: epochs(n, 32),
        exponents={1: OWN},
    ),
    Sweep(
        key="batch",
        axis="samples in a batch",
        setting="an epoch, 1,000 samples, 10 columns, float64",
        sizes=steps(1, 1000)[::-1],
        at=lambda m: epochs(1000, m),
        shown=[*OWN, MLP, SGD, "torch loop"],
    ),
]
