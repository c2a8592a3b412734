"""Cosines as shadows of unit rows, and as one product of all of them."""

import numpy as np

from figures import SMALL, Drawing, rounded
from handbook import cosine_similarity_matrix, l2_normalize

UNIT = 74  # the length 1
ORIGIN = (170, 103)
NAMES = ("a", "b", "c", "d")
COLOURS = ("blue", "orange", "green", None)


def place(points: object) -> list[tuple[float, float]]:
    """Return where points (m, 2) of the plane are drawn."""
    left, top = ORIGIN
    return [
        (left + UNIT * x, top - UNIT * y) for x, y in np.asarray(points)
    ]


def arc(radius: float, stop: float) -> list[tuple[float, float]]:
    """Return an arc around the origin that begins on the right."""
    t = np.linspace(0, stop, 37)
    return place(radius * np.stack([np.cos(t), np.sin(t)], axis=1))


def figures() -> dict[str, str]:
    X = np.array([[2, 0], [1, 1], [-2, 1], [0, 0]])
    U = l2_normalize(X)
    S = cosine_similarity_matrix(X)  # (4, 4)
    cosines = rounded(S)
    angles = np.arccos(S[0])  # from a, which points to the right
    degrees = [f"{angle:.0f}°" for angle in np.degrees(angles)]
    drawing = Drawing(
        "cosine_similarity",
        296,
        "Cosines are shadows of unit rows",
        f"The rows a = {X[0].tolist()}, b = {X[1].tolist()}, c ="
        f" {X[2].tolist()} and a zero row d are divided by their lengths."
        f" On the unit circle b stands at {degrees[1]} to a, and its shadow"
        f" on a is {cosines[0][1]}. c stands at {degrees[2]}, and its"
        f" shadow {cosines[0][2]} points away from a. The matrix of all"
        " cosines has the rows"
        f" {', '.join('[' + ', '.join(row) + ']' for row in cosines)}.",
    )
    x, y = ORIGIN
    drawing.line(*arc(1, np.pi), width=1, dashed=True)
    drawing.text(x, y - UNIT - 10, "length 1", size=SMALL)
    drawing.line((x - 1.2 * UNIT, y), (x, y), width=0.5)
    for i, radius, text_x, text_y, side, anchor in (
        (1, 0.3, 36, 14, 4, "start"),
        (2, 0.2, -4, 28, -4, "end"),
    ):
        colour, angle = COLOURS[i], degrees[i]
        drawing.line(*arc(radius, angles[i]), width=1)
        drawing.text(x + text_x, y - text_y, angle, size=SMALL)
        tip, foot = place([U[i], S[0, i] * U[0]])
        drawing.line(tip, foot, colour=colour, width=1, dashed=True)
        drawing.line((x, y + 9), (foot[0], y + 9), colour=colour, width=4)
        said = f"cos {angle} = {cosines[0][i]}"
        drawing.text(x + side, y + 24, said, colour=colour, anchor=anchor)
    for name, colour, row, unit in zip(NAMES, COLOURS, X, U, strict=True):
        if row.any():
            tip, end, label = place([unit, row, row + 0.14 * unit])
            drawing.line(tip, end, colour=colour, arrow=True, width=1)
            drawing.line(ORIGIN, tip, colour=colour, arrow=True, width=2.5)
            drawing.text(*label, name, colour=colour, bold=True)
    top = 184
    shades = np.full(S.shape, None)
    shades[0, 1:3] = shades[1:3, 0] = COLOURS[1:3]
    rows = np.array(COLOURS)[:, None]
    for left, width, height, title, values, colours in (
        (20, 24, top - 11, "X", X, rows),
        (80, 40, top - 11, "U = X / norms", U, rows),
        (178, 39, top - 29, "S = U @ U.T", S, shades),
    ):
        cells = rounded(values)
        middle = left + width * len(cells[0]) / 2
        drawing.text(middle, height, title, mono=True, size=SMALL)
        drawing.cells(
            cells, left, top, colours=colours, width=width, size=SMALL
        )
    for i, (name, colour) in enumerate(zip(NAMES, COLOURS, strict=True)):
        places = (10, top + 13 + 26 * i), (198 + 39 * i, top - 11)
        for left, height in places:
            drawing.text(left, height, name, colour=colour, bold=True)
    return {"cosine_similarity": drawing.svg()}
