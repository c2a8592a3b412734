"""How the maxima of the rows meet the rows: (n, d) against (n, 1)."""

import numpy as np

from figures import SMALL, Drawing
from handbook import softmax


def figures() -> dict[str, str]:
    X = np.array([[1, 2, 3], [1000, 1001, 1002]])
    m = X.max(axis=1, keepdims=True)  # (2, 1)
    P = softmax(X)
    drawing = Drawing(
        "softmax",
        250,
        "Each row of logits is shifted by its own maximum",
        f"X, shape {X.shape}, holds the rows {X[0].tolist()} and"
        f" {X[1].tolist()}. The row maxima {m[0, 0]} and {m[1, 0]}, shape"
        f" {m.shape}, are stretched along the rows and subtracted: both"
        f" rows become {(X - m)[0].tolist()}. Exponentiated and divided by"
        f" its sum each row is {P[0].round(4).tolist()}.",
    )
    style = {"colours": [["blue"], ["orange"]], "width": 44}
    drawing.text(75, 14, "X (2, 3)", mono=True)
    drawing.cells(X, 8, 28, **style)
    drawing.text(158, 54, "−", size=18)
    drawing.text(248, 14, "max, keepdims (2, 1)", mono=True)
    drawing.cells(m, 180, 28, **style)
    drawing.cells(np.repeat(m, 2, axis=1), 228, 28, **style, faint=True)
    drawing.text(274, 94, "stretched, not copied", size=SMALL)
    drawing.line((75, 84), (75, 126), arrow=True)
    drawing.cells(X - m, 8, 132, **style)
    drawing.text(150, 158, "≤ 0, a 0 in every row", anchor="start")
    drawing.line((75, 188), (75, 212), arrow=True)
    drawing.text(86, 200, "exp, then divide", anchor="start", size=SMALL)
    result = [[f"{p:.4f}" for p in P[0]]]
    drawing.cells(result, 8, 218, colours="green", width=60)
    drawing.text(200, 231, "both rows", anchor="start")
    return {"softmax": drawing.svg()}
