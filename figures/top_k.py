"""What a partition settles about a row, and what is left to sort."""

import numpy as np

from figures import SMALL, Drawing
from handbook import topk_per_row

CELL = 32  # the width of a cell
LEFT = 62  # of the first cell; the names of the lines stand before it
GAP = 8  # on both sides of the pivot


def figures() -> dict[str, str]:
    row = np.array([4, 9, 1, 7, 2, 8, 3, 6])  # no two are equal
    d, k = len(row), 3
    kth = d - k
    columns = np.argpartition(row, kth)
    pivot = row[columns[kth]]
    # which columns are on a side is settled, in which order is not
    parts = [np.sort(p) for p in np.split(columns, [kth, kth + 1])]
    top = topk_per_row(row[None], k)[0]  # (k,)
    shades = np.where(
        row > pivot, "blue", np.where(row == pivot, "orange", None)
    )
    drawing = Drawing(
        "top_k",
        296,
        "A partition finds the k largest, a small sort puts them in order",
        f"The scores {row.tolist()} are partitioned at position {kth}, for"
        f" k = {k}. The positions 0 to {kth - 1} then hold the scores"
        f" {row[parts[0]].tolist()} in any order, all at most {pivot};"
        f" position {kth} holds {pivot}; the positions behind it hold"
        f" {row[parts[2]].tolist()} in any order, all at least {pivot}."
        f" Sorted, largest first, the last {k} are {row[top].tolist()};"
        f" their columns {top.tolist()} are the answer.",
    )

    def names(x: float, y: float, *lines: str) -> None:
        for i, name in enumerate(lines):
            drawing.text(x, y + 23 * i, name, anchor="end", size=SMALL)

    def numbers(x: float, y: float, values: np.ndarray) -> None:
        for i, value in enumerate(values):
            drawing.text(
                x + (i + 0.5) * CELL, y, str(value), mono=True, size=SMALL
            )

    names(58, 12, "column", "score")
    numbers(LEFT + GAP, 12, np.arange(d))
    drawing.cells(row, LEFT + GAP, 22, colours=shades, width=CELL)
    drawing.line((206, 55), (206, 83), arrow=True)
    drawing.text(198, 68, f"argpartition at d − k = {kth}", anchor="end")
    names(58, 102, "position", "score", "column")
    x, position, spans = LEFT, 0, []
    for part in parts:
        numbers(x, 102, position + np.arange(len(part)))
        drawing.cells(row[part], x, 112, colours=shades[part], width=CELL)
        numbers(x, 148, part)
        spans.append((x, x + len(part) * CELL))
        x += len(part) * CELL + GAP
        position += len(part)
    low, high = [f"≤ {pivot}", "any order"], [f"≥ {pivot}", "any order"]
    for (left, right), said in zip(
        spans, (low, ["pivot"], high), strict=True
    ):
        drawing.line((left + 1, 160), (right - 1, 160))
        for i, line in enumerate(said):
            drawing.text((left + right) / 2, 173 + 16 * i, line, size=SMALL)
    middle = (spans[1][0] + spans[2][1]) / 2
    drawing.line((middle, 202), (middle, 230), arrow=True)
    drawing.text(
        middle - 8, 215, f"sort these k = {k}, largest first", anchor="end"
    )
    left = middle - k * CELL / 2
    names(left - 6, 251, "score")
    names(left - 6, 277, "column, the answer")
    drawing.cells(row[top], left, 238, colours=shades[top], width=CELL)
    drawing.cells(top, left, 264, colours="green", width=CELL)
    return {"top_k": drawing.svg()}
