"""The pairs of a row and a label, and the cell that each of them sets."""

import numpy as np

from figures import SMALL, Drawing
from handbook import one_hot


def figures() -> dict[str, str]:
    labels = np.array([2, 0, 1])
    rows = np.arange(len(labels))
    Y = one_hot(labels, num_classes=4).astype(int)  # 1, not 1.0
    colours = np.array(["blue", "orange", "green"])  # one for each row
    shades = np.where(Y == 1, colours[:, None], None)  # (n, C)
    drawing = Drawing(
        "one_hot",
        232,
        "Each pair of a row and a label sets one cell",
        f"The row numbers {rows.tolist()} stand beside the labels"
        f" {labels.tolist()}. "
        + " ".join(
            f"The pair ({i}, {j}) sets row {i}, column {j}."
            for i, j in zip(rows, labels, strict=True)
        )
        + f" The result, shape {Y.shape}, is {Y.tolist()}.",
    )
    code = "result[np.arange(n), labels] = 1"
    drawing.text(170, 14, code, mono=True, bold=True)
    drawing.text(50, 46, "np.arange(n)", mono=True, size=SMALL)
    drawing.text(126, 46, "labels", mono=True, size=SMALL)
    drawing.text(50, 64, "rows", size=SMALL)
    drawing.text(126, 64, "columns", size=SMALL)
    drawing.text(248, 46, f"result {Y.shape}", mono=True, size=SMALL)
    for j in range(Y.shape[1]):
        drawing.text(194 + 36 * j, 64, str(j), mono=True, size=SMALL)
    for i, j in zip(rows, labels, strict=True):
        top, colour = 96 + 48 * i, colours[i]
        drawing.cells([i], 32, top, colours=colour)
        drawing.line((68, top + 13), (108, top + 13), colour=colour)
        drawing.cells([j], 108, top, colours=colour)
        drawing.cells(Y[i], 176, top, colours=shades[i])
        x, gap = 194 + 36 * j, top - 14  # over the row, down to its cell
        corners = (160, top + 13), (160, gap), (x, gap), (x, top)
        drawing.line((144, top + 13), *corners, colour=colour, arrow=True)
    return {"one_hot": drawing.svg()}
