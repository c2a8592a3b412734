"""A row of logits, its probabilities, and the gradient: P - Y."""

import numpy as np

from figures import SMALL, Drawing
from handbook import cross_entropy, softmax


def figures() -> dict[str, str]:
    row, label = np.array([[1.0, 2, 3]]), 2
    _, grad = cross_entropy(row, [label])
    P, Y = softmax(row), np.eye(3)[[label]]
    logits, p, y, g = (
        [f"{x:.3g}".replace("-", "−") for x in A[0].round(3).tolist()]
        for A in (row, P, Y, grad)
    )
    drawing = Drawing(
        "cross_entropy",
        252,
        "The gradient is P − Y: the label's cell loses 1",
        f"One row of logits, {', '.join(logits)}, with label {label}. Its"
        f" softmax P is {', '.join(p)}, which sums to 1. The one-hot row Y"
        f" is {', '.join(y)}, which sums to 1 as well. The difference P − Y"
        f" is {', '.join(g)}: only the label's cell, {g[label]}, is"
        f" negative, and the row sums to 0.",
    )
    left, width = 66, 62
    middle = left + (label + 0.5) * width  # of the label's cell
    rows = (
        (30, "logits", logits, None, ""),
        (98, "P", p, "blue", "sum 1"),
        (142, "− Y", y, None, "sum 1"),
        (202, "P − Y", g, "blue", "sum 0"),
    )
    drawing.text(middle, 14, f"label {label}", colour="orange", size=SMALL)
    for top, name, texts, colour, total in rows:
        colours = [[colour, colour, "orange"]]
        drawing.text(left - 12, top + 13, name, anchor="end")
        drawing.cells(texts, left, top, width=width, colours=colours)
        drawing.text(left + 3 * width + 14, top + 13, total, anchor="start")
    centre = left + 1.5 * width
    drawing.line((centre, 62), (centre, 92), arrow=True)
    drawing.text(centre + 11, 76, "softmax", anchor="start", size=SMALL)
    drawing.line((left - 44, 185), (left + 3 * width + 54, 185))
    for x, said, colour in (
        (left + width, "descent lowers", "blue"),
        (middle, "raises", "orange"),
    ):
        drawing.text(x, 240, said, size=SMALL, colour=colour)
    return {"cross_entropy": drawing.svg()}
