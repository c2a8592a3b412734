"""Cross-entropy with its gradient: more rows, and ever more classes."""

import numpy as np
from scipy import special

import handbook
from benchmarks.sweeps import Sweep, calls, normal, pytorch, steps, versions

OWN = versions("cross_entropy", "in_place", "one_hot")
SCIPY, TORCH = "scipy.special.log_softmax, np.exp", "torch cross_entropy"
SHOWN = [*OWN, SCIPY, TORCH]
PEERS = {OWN[0]: [SCIPY, TORCH]}
LIMITS = {OWN[0]: "np.exp(X)"}


def losses(n, C, dtype="float64"):
    X = normal(n, C, dtype=dtype)
    shifted = X.copy()
    shifted[0, 0] = 1000
    y = np.random.default_rng(1).integers(0, C, n)
    rows, ours = np.arange(n), handbook.cross_entropy
    torch, T, t = pytorch(X, y)

    def log_softmax():  # no gradient there: P - Y by hand
        logp = special.log_softmax(X, axis=1)
        grad = np.exp(logp)
        grad[rows, y] -= 1
        return -logp[rows, y].mean(), grad / n

    def autograd():
        leaf = T.detach().requires_grad_()
        loss = torch.nn.functional.cross_entropy(leaf, t)
        loss.backward()
        return loss, leaf.grad

    return X.size, {
        **calls("cross_entropy", OWN, X, y),
        "handbook.cross_entropy, a logit of 1000": lambda: ours(shifted, y),
        SCIPY: log_softmax,
        TORCH: autograd,
        "np.exp(X)": lambda: np.exp(X),
    }


SWEEPS = [
    Sweep(
        key="rows",
        setting="100 classes, float64",
        sizes=steps(10, 20_000),
        at=lambda n: losses(n, 100),
        shown=SHOWN,
        exponents={1: OWN},
        fit=(500, 5000),  # beyond, the matrix leaves the cache
    ),
    Sweep(
        key="classes",
        setting="200,000 logits in rows of ever more classes, float64",
        sizes=steps(2, 5000),
        at=lambda C: losses(200_000 // C, C),
        shown=SHOWN,
    ),
    Sweep(
        key="float32",
        axis="rows",
        setting="100 classes, float32",
        sizes=steps(10, 5000),
        at=lambda n: losses(n, 100, "float32"),
        shown=SHOWN,
    ),
]
