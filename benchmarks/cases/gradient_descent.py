"""Gradient descent: more samples, and larger batches."""

import warnings

import numpy as np
from sklearn.linear_model import SGDRegressor
from sklearn.neural_network import MLPRegressor

from benchmarks.sweeps import (
    Functions,
    Sweep,
    calls,
    normal,
    pytorch,
    steps,
)

STEM = "gradient_descent"
OWN = "handbook.mini_batch_gd", "mini_batch_gd", "train_epoch_split"
PEERS = "sklearn MLPRegressor", "torch loop"
SHOWN = *OWN, *PEERS


def data(n: int) -> tuple[np.ndarray, np.ndarray]:
    X = normal(n, 10)
    return X, X @ np.arange(10.0)


def functions(n: int, m: int) -> Functions:
    X, y = data(n)
    start = np.zeros(10), 0.0  # of a fit, which here takes one epoch
    rng = np.random.default_rng(0)
    once = {"learning_rate": "constant", "max_iter": 1, "random_state": 0}
    # without a hidden layer it is the same model and the same descent
    sgd = {"solver": "sgd", "alpha": 0, "hidden_layer_sizes": ()}
    network = MLPRegressor(
        batch_size=m, momentum=0, learning_rate_init=0.002, **sgd, **once
    )
    single = SGDRegressor(penalty=None, eta0=0.002, tol=None, **once)

    def fit_network() -> None:
        with warnings.catch_warnings(action="ignore"):
            network.fit(X, y)

    found = {
        **calls(STEM, " ".join(OWN[:2]), X, y, 0.001, 1, m, 0),
        **calls(STEM, OWN[2], X, y, *start, 0.001, m, rng),
        "sklearn MLPRegressor": fit_network,
    }
    if m == 1:
        found["sklearn SGDRegressor"] = lambda: single.fit(X, y)
    return found


def others(n: int, m: int) -> Functions:
    torch = pytorch()
    X, y = map(torch.from_numpy, data(n))

    def descend() -> None:
        weights = torch.zeros(10, dtype=torch.float64, requires_grad=True)
        bias = torch.zeros(1, dtype=torch.float64, requires_grad=True)
        descent = torch.optim.SGD([weights, bias], lr=0.001)
        for batch in torch.randperm(n).split(m):
            descent.zero_grad()
            loss = ((X[batch] @ weights + bias - y[batch]) ** 2).mean()
            loss.backward()
            descent.step()

    return {"torch loop": descend}


SWEEPS = [
    Sweep(
        key="samples",
        axis="samples",
        setting="an epoch, 10 columns, batches of 32",
        sizes=steps(50, 50_000),
        functions=lambda n: functions(n, 32),
        others=lambda n: others(n, 32),
        elements=lambda n: n * 10,
        exponents=dict.fromkeys(OWN, 1.0),
        peers={OWN[0]: PEERS},
        shown=SHOWN,
        memory=dict.fromkeys(OWN, 1.0),
    ),
    Sweep(
        key="batch",
        axis="samples in a batch",
        setting="an epoch, 1,000 samples, 10 columns",
        sizes=steps(1, 1000)[::-1],
        functions=lambda m: functions(1000, m),
        others=lambda m: others(1000, m),
        elements=lambda m: 1000 * 10,
        exponents={},
        peers={OWN[0]: (*PEERS, "sklearn SGDRegressor")},
        shown=(*SHOWN, "sklearn SGDRegressor"),
    ),
]
