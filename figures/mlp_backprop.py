"""Values flow forwards, gradients back through the gate of the ReLU."""

import numpy as np

from figures import SMALL, Drawing
from handbook import mlp_backward, mlp_forward

X = np.array([[1, 2], [3, -1]])
PARAMS = {
    "W1": np.array([[1, -1, 0], [0, 1, -1]]),
    "b1": np.zeros(3),
    "W2": np.array([[1, 0], [0, 1], [2, 2]]),
    "b2": np.array([0.5, -0.5]),
}
G = np.array([[1, 0], [0, -1]])


def texts(array: np.ndarray) -> np.ndarray:
    """Return numbers as short texts, a vector as a row."""
    words = [f"{x + 0.0:g}".replace("-", "−") for x in array.ravel()]
    return np.atleast_2d(np.reshape(words, array.shape))


def figures() -> dict[str, str]:
    logits, cache = mlp_forward(X, PARAMS)
    grads = mlp_backward(cache, PARAMS, G)
    Z1 = X @ PARAMS["W1"] + PARAMS["b1"]  # (2, 3)
    A1, closed = np.maximum(Z1, 0), Z1 <= 0
    back = G @ PARAMS["W2"].T  # (2, 3), before the gate
    grad_Z1 = np.where(closed, 0, back)
    stopped = " and ".join(f"{x:g}" for x in back[closed])
    drawing = Drawing(
        "mlp_backprop",
        352,
        "The forward pass, and under it the gradients on their way back",
        f"Forward: X, shape (n, d), is {X.tolist()}; Z1, shape (n, h), is"
        f" {Z1.tolist()}; the ReLU makes it A1, {A1.tolist()}; the logits,"
        f" shape (n, C), are {logits.tolist()}. Backward: G, shape (n, C),"
        f" is {G.tolist()}; G times W2 transposed, shape (n, h), is"
        f" {back.tolist()}. The gate is closed at {closed.sum()} units, so"
        f" the gradients {stopped} stop and grad_Z1 is {grad_Z1.tolist()}."
        f" X transposed times grad_Z1 is the gradient of W1, shape (d, h),"
        f" {grads['W1'].tolist()}; the sum of its rows is that of b1, shape"
        f" (h,), {grads['b1'].tolist()}. A1 transposed times G is that of"
        f" W2, shape (h, C), {grads['W2'].tolist()}; the sum of the rows of"
        f" G is that of b2, shape (C,), {grads['b2'].tolist()}.",
    )

    def array(values, left, top, *lines, colour, width=22, gate=False):
        """Draw an array below its name and what else is said of it."""
        middle = left + width * values.shape[-1] / 2
        for number, line in enumerate(reversed(lines)):
            drawing.text(
                middle, top - 12 - 17 * number, line, mono=True, size=SMALL
            )
        style = {"width": width, "size": SMALL, "faint": gate}
        drawing.cells(texts(values), left, top, colours=colour, **style)

    top = 42
    array(X, 4, top, "X", "(n, d)", colour="blue")
    array(Z1, 84, top, "Z1", "(n, h)", colour="blue", gate=closed)
    array(A1, 180, top, "A1", "(n, h)", colour="blue")
    array(logits, 276, top, "logits", "(n, C)", colour="blue", width=30)
    for x, over, under in (
        (50, "W1", "b1"),
        (152, "max", ""),
        (248, "W2", "b2"),
    ):
        end = 82 if x == 50 else x + 26
        drawing.line((x, top + 26), (end, top + 26), arrow=True)
        middle = (x + end) / 2 - 1
        drawing.text(middle, top + 15, over, size=SMALL)
        drawing.text(middle, top + 38, under, size=SMALL)

    top = 150
    shades = np.where(closed, None, "orange")
    array(grad_Z1, 84, top, "grad_Z1", "(n, h)", colour=shades, gate=closed)
    array(back, 180, top, "G·W2ᵀ", "(n, h)", colour="orange", gate=closed)
    array(G, 276, top, "G", "(n, C)", colour="orange", width=30)
    drawing.line((274, top + 26), (248, top + 26), arrow=True)
    drawing.line((178, top + 26), (152, top + 26), arrow=True)
    drawing.text(165, top + 15, "gate", size=SMALL)

    top = 270
    array(grads["b1"], 4, top, "b1 (h,)", "sum", colour="green")
    array(grads["W1"], 84, top, "W1 (d, h)", "Xᵀ·grad_Z1", colour="green")
    array(grads["b2"], 190, top, "b2 (C,)", "sum", colour="green", width=30)
    array(
        grads["W2"],
        276,
        top,
        "W2 (h, C)",
        "A1ᵀ·G",
        colour="green",
        width=30,
    )
    for x, side in ((117, 37), (306, 220)):
        drawing.line((x, 206), (x, 230), arrow=True)
        drawing.line((x, 216), (side, 216), (side, 230), arrow=True)
    return {"mlp_backprop": drawing.svg()}
