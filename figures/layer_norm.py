"""The row that is normalised, beside the column of batch norm."""

import numpy as np

from figures import SMALL, Drawing, rounded
from handbook import layer_norm

X = np.array(
    [
        [[5, 0, 2, 1], [1, 2, 3, 4], [7, 7, 7, 7]],
        [[0, 3, 1, 4], [9, 2, 6, 3], [2, 8, 5, 1]],
    ]
)
GAMMA, BETA = np.array([1, 1, 2, 2]), np.array([0, 0, 0, 1])
GAIN = "\N{GREEK SMALL LETTER GAMMA}"
FEATURE = 2  # whose column batch norm takes
CELL, HEIGHT = 36, 24
TOP = 52  # of the arrays
LEFT = (22, 186)  # of the first and of the second sequence


def figures() -> dict[str, str]:
    row = X[0, 1]
    z = layer_norm(row, np.ones(4), np.zeros(4))
    result = layer_norm(row, GAMMA, BETA)
    column = X[..., FEATURE].ravel()
    drawing = Drawing(
        "layer_norm",
        322,
        "One token is normalised along its features",
        f"X, shape {X.shape}, holds 2 sequences of 3 tokens with 4 features"
        f" each. The token {row.tolist()} has the mean {row.mean()} and the"
        f" variance {row.var()}. Normalised it is {z.round(2).tolist()};"
        f" with the gains {GAMMA.tolist()} and the biases {BETA.tolist()}"
        f" it is {result.round(2).tolist()}. Batch norm would normalise a"
        f" column instead, one feature of all 6 tokens, such as"
        f" {column.tolist()}.",
    )
    drawing.text(176, 12, "X (batch, tokens, d)", mono=True)
    shades = np.full((2, 3, 1), None)
    shades[0, 1] = "blue"
    style = {"width": CELL, "height": HEIGHT}
    bottom = TOP + 3 * HEIGHT
    for i, left in enumerate(LEFT):
        drawing.text(left + 2 * CELL, 34, f"X[{i}]", mono=True, size=SMALL)
        drawing.cells(X[i], left, TOP, colours=shades[i], **style)
        x = left + FEATURE * CELL + 3, left + (FEATURE + 1) * CELL - 3
        y = TOP - 5, bottom + 5
        corners = [(x[0], y[0]), (x[1], y[0]), (x[1], y[1]), (x[0], y[1])]
        drawing.line(*corners, corners[0], colour="orange", dashed=True)
    drawing.text(
        332,
        bottom + 18,
        "batch norm: one feature, all tokens",
        colour="orange",
        anchor="end",
        size=SMALL,
    )
    start = TOP + 1.5 * HEIGHT
    drawing.line((20, start), (8, start), (8, 188), (20, 188), arrow=True)
    drawing.text(
        22, 164, "layer norm: one token", colour="blue", anchor="start"
    )
    says = (
        (f"μ = {row.mean()}", f"σ² = {row.var()}"),
        ("mean 0", "variance 1"),
        (f"{GAIN} = {GAMMA.tolist()}", f"β = {BETA.tolist()}"),
    )
    steps = "subtract μ, divide by √(σ² + ε)", f"times {GAIN}, plus β"
    style["width"] = 46
    for i, values in enumerate((row, z, result)):
        y = 176 + 58 * i
        cells = rounded(values[None])
        drawing.cells(
            cells, 22, y, colours="green" if i else "blue", **style
        )
        for j, line in enumerate(says[i]):
            drawing.text(220, y + 4 + 17 * j, line, anchor="start")
        if i < 2:
            drawing.line((114, y + 28), (114, y + 54), arrow=True)
            drawing.text(124, y + 41, steps[i], anchor="start", size=SMALL)
    return {"layer_norm": drawing.svg()}
