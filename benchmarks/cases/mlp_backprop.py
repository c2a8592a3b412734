"""Both passes of a network: more rows, more hidden units."""

from benchmarks.sweeps import Sweep, normal, on_page, pytorch, steps

FORWARD = ["handbook.mlp_forward", "mlp_forward"]
BACKWARD = ["handbook.mlp_backward", "mlp_backward", "mlp_backward_again"]
LAYERS, GRAD = "torch, the formula", "torch.autograd.grad"
PEERS = {FORWARD[0]: [LAYERS], BACKWARD[0]: [GRAD]}
LIMITS = {FORWARD[0]: "two products", BACKWARD[0]: "three products"}


def passes(n, h):
    X, G = normal(n, 50), normal(n, 10, seed=1)
    params = {
        "W1": normal(50, h, seed=2),
        "b1": normal(h, seed=3),
        "W2": normal(h, 10, seed=4),
        "b2": normal(10, seed=5),
    }
    torch, S, T, *layers = pytorch(X, G, *params.values())
    if torch:
        for layer in layers:
            layer.requires_grad_()

    def formula():
        first, b1, second, b2 = layers
        return torch.relu(S @ first + b1) @ second + b2

    logits = formula() if torch else None
    page, calls = on_page("mlp_backprop"), {}
    W1, W2 = params["W1"], params["W2"]
    A1 = X @ W1
    for name in FORWARD:
        calls[name] = lambda f=page[name]: f(X, params)
    for name in BACKWARD:  # each with the cache of its own forward pass
        forward = FORWARD[not name.startswith("handbook")]
        args = page[forward](X, params)[1], params, G
        calls[name] = lambda f=page[name], args=args: f(*args)
    return X.size, {
        **calls,
        LAYERS: formula,
        LIMITS[FORWARD[0]]: lambda: (X @ W1, A1 @ W2),
        LIMITS[BACKWARD[0]]: lambda: (G @ W2.T, A1.T @ G, X.T @ A1),
        GRAD: lambda: torch.autograd.grad(
            logits, layers, T, retain_graph=True
        ),
    }


SWEEPS = [
    Sweep(
        key="rows",
        setting="50 columns, 50 units, 10 logits, float64",
        sizes=steps(10, 10_000),
        at=lambda n: passes(n, 50),
        exponents={1: [*FORWARD, *BACKWARD]},
        # from 256 KB on NumPy reuses a temporary of the others
        memory={1: [*FORWARD, BACKWARD[0]]},
        fit=(500, 5000),
        shown=[FORWARD[1], *BACKWARD, LAYERS, GRAD],
    ),
    Sweep(
        key="units",
        setting="200 rows of 50 columns, 10 logits, float64",
        sizes=steps(1, 2000),
        at=lambda h: passes(200, h),
        exponents={1: [*FORWARD, *BACKWARD]},
        shown=[FORWARD[1], *BACKWARD, LAYERS, GRAD],
    ),
]
