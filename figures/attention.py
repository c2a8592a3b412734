"""The example of the page: scores, masked scores, weights and result."""

import numpy as np

from figures import SMALL, Drawing, rounded
from handbook import scaled_dot_product_attention

WIDTH, HEIGHT = 46, 26  # of a cell
LEFT = 30  # of the matrices (t, s)
TOPS = 44, 130, 226
COLOURS = [["blue"], ["orange"]]  # one for each query


def spoken(texts: list[list[str]]) -> str:
    return " and ".join(", ".join(row) for row in texts)


def figures() -> dict[str, str]:
    Q = np.array([[2.0, 0], [0, 2]])
    K = np.array([[1.0, 0], [0, 1], [1, 1]])
    V = np.array([[1.0], [2], [3]])
    mask = np.tri(2, 3, 1, dtype=bool)
    scores = Q @ K.T / np.sqrt(2)  # (2, 3)
    weights = scaled_dot_product_attention(Q, K, np.eye(3), mask)
    result = scaled_dot_product_attention(Q, K, V, mask)
    shown, shares = (
        rounded(scores),
        [[f"{x:.3g}" for x in row] for row in weights],
    )
    hidden = np.where(mask, shown, "−∞")
    drawing = Drawing(
        "attention",
        320,
        "Masked scores become −∞ before the softmax over the keys",
        f"Two queries, {Q.tolist()}, meet three keys, {K.tolist()}. The"
        f" scores divided by the root of 2 are {spoken(shown)}. The mask"
        f" {mask.tolist()} sets one of them to minus infinity. The softmax"
        f" of each row gives the weights {spoken(shares)}, which sum to 1"
        f" in each row. Multiplied by the values {V.ravel().tolist()} they"
        f" give {result.round(4).tolist()}.",
    )
    middle = LEFT + 1.5 * WIDTH
    drawing.text(middle, 12, "scores QKᵀ / √d", bold=True)
    for j, key in enumerate(("k₁", "k₂", "k₃")):
        drawing.text(LEFT + (j + 0.5) * WIDTH, 32, key)
    for top, values in zip(TOPS, (shown, hidden, shares), strict=True):
        faint = ~mask & (values is not shown)
        style = {"colours": COLOURS, "width": WIDTH, "faint": faint}
        drawing.cells(values, LEFT, top, **style)
        for i, query in enumerate(("q₁", "q₂")):
            drawing.text(LEFT - 15, top + (i + 0.5) * HEIGHT, query)
    for top, below, words in (
        (*TOPS[:2], "mask: q₁ may not look at k₃"),
        (*TOPS[1:], "softmax of each row, over the keys"),
    ):
        start = top + 2 * HEIGHT + 6
        drawing.line((middle, start), (middle, below - 6), arrow=True)
        style = {"anchor": "start", "size": SMALL}
        drawing.text(middle + 12, start + 11, words, **style)
    y = TOPS[2] + HEIGHT  # the middle of the last line
    drawing.text(182, y, "@", mono=True)
    drawing.cells(rounded(V), 196, y - 1.5 * HEIGHT)
    drawing.text(246, y, "=")
    values = [[f"{x:.4f}"] for x in result.ravel()]
    drawing.cells(values, 260, y - HEIGHT, colours=COLOURS, width=64)
    for x, words in (
        (middle, "weights, sum 1"),
        (214, "V"),
        (292, "result"),
    ):
        drawing.text(x, y + 1.5 * HEIGHT + 16, words, bold=True)
    return {"attention": drawing.svg()}
