"""Rows on the circle of L2 norm 1 and on the diamond of L1 norm 1."""

import numpy as np
from numpy.typing import NDArray

from figures import SMALL, Drawing, rounded
from handbook import l1_normalize, l2_normalize

Rows = NDArray[np.floating]
UNIT = 56  # the length 1
Y = 107  # of both origins
NAMES = ("a", "b", "c", "d")
COLOURS = ("blue", "orange", "green", None)


def ring(x: float, y: float) -> list[tuple[float, float]]:
    """Return a small circle around a point."""
    angles = np.linspace(0, 2 * np.pi, 13)
    return [(x + 3.5 * np.cos(t), y + 3.5 * np.sin(t)) for t in angles]


def panel(
    drawing: Drawing, x: float, X: Rows, U: Rows, border: Rows
) -> None:
    """Draw the rows X as rings and U as arrows; the origin is (x, Y)."""

    def place(P: object) -> list[tuple[float, float]]:
        return [(x + UNIT * p, Y - UNIT * q) for p, q in np.asarray(P)]

    drawing.line((x - 76, Y), (x + 76, Y), width=0.5)
    drawing.line((x, Y - 82), (x, Y + 66), width=0.5)
    drawing.line(*place(border), width=1)
    drawing.text(x + UNIT + 8, Y + 10, "1", size=SMALL)
    for name, colour, row, unit in zip(NAMES, COLOURS, X, U, strict=True):
        ends = place([unit, row])
        drawing.line(*ring(*ends[1]), colour=colour)
        if not unit.any():
            drawing.text(x - 11, Y + 11, name, colour=colour, bold=True)
            continue
        drawing.line(*ends, colour=colour, width=1, dashed=True)
        drawing.line((x, Y), ends[0], colour=colour, arrow=True, width=2)
        farther = max(row, unit, key=np.linalg.norm)
        ((left, top),) = place([farther + 0.24 * row / np.linalg.norm(row)])
        drawing.text(left, top, name, colour=colour, bold=True)


def figures() -> dict[str, str]:
    X = np.array([[1.2, 0.9], [-0.5, 1.2], [0.3, -0.4], [0, 0]])
    L2, L1 = l2_normalize(X), l1_normalize(X)
    angles = np.linspace(0, 2 * np.pi, 73)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)  # (73, 2)
    diamond = np.array([[1, 0], [0, 1], [-1, 0], [0, -1], [1, 0]])
    arrays = [A.round(2).tolist() for A in (X, L2, L1)]
    rows = [
        f" {name} = {x} becomes {u} and {v}."
        for name, x, u, v in zip(NAMES, *arrays, strict=True)
    ]
    drawing = Drawing(
        "normalize_rows",
        332,
        "Rows moved along their directions to norm 1",
        "Four rows of the plane, scaled to the circle of L2 norm 1 and to"
        " the diamond of L1 norm 1." + "".join(rows) + " The directions"
        " stay, and the zero row stays at the origin.",
    )
    drawing.text(90, 12, "L2: x² + y² = 1")
    drawing.text(250, 12, "L1: |x| + |y| = 1")
    panel(drawing, 90, X, L2, circle)
    panel(drawing, 250, X, L1, diamond)
    drawing.line(*ring(108, 192))
    drawing.text(118, 192, "before", anchor="start", size=SMALL)
    drawing.line((178, 192), (198, 192), arrow=True, width=2)
    drawing.text(204, 192, "after", anchor="start", size=SMALL)
    column = np.array(COLOURS)[:, None]
    tables = (26, "X (4, 2)", X), (134, "L2", L2), (242, "L1", L1)
    for left, title, values in tables:
        drawing.text(left + 44, 216, title, mono=True)
        cells = rounded(values)
        drawing.cells(cells, left, 228, colours=column, width=44, height=24)
    for i, (name, colour) in enumerate(zip(NAMES, COLOURS, strict=True)):
        drawing.text(13, 240 + 24 * i, name, colour=colour, bold=True)
    return {"normalize_rows": drawing.svg()}
