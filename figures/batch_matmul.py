"""Matrices multiplied pair by pair, and every matrix by every other."""

import numpy as np

from figures import SMALL, Drawing
from handbook import batch_matmul

A = np.arange(12).reshape(2, 2, 3)
B = np.array([[[1, 0], [0, 1], [1, 0]], [[0, 1], [1, 0], [1, 1]]])
COLOURS = ("blue", "orange")  # one for each pair


def pairs() -> str:
    C = batch_matmul(A, B).astype(int)  # whole numbers, without the .0
    drawing = Drawing(
        "batch_matmul",
        262,
        "The first axis counts the pairs, the last two are multiplied",
        f"A, shape {A.shape}, and B, shape {B.shape}, give C, shape"
        f" {C.shape}, in {len(C)} separate products. "
        + " ".join(
            f"A[{i}] = {A[i].tolist()} times B[{i}] = {B[i].tolist()} is"
            f" C[{i}] = {C[i].tolist()}."
            for i in range(len(C))
        ),
    )
    for x, axes, stack in (
        (88, "A (b, m, k)", A),
        (185, "B (b, k, n)", B),
        (285, "C (b, m, n)", C),
    ):
        drawing.text(x, 14, axes, mono=True, size=SMALL)
        drawing.text(x, 32, str(stack.shape), mono=True, size=SMALL)
    for i, colour in enumerate(COLOURS):
        top = 52 + 118 * i  # of B, which is three cells high
        middle = top + 39
        drawing.text(5, middle, f"i = {i}", anchor="start", bold=True)
        drawing.cells(A[i], 46, middle - 26, colours=colour, width=28)
        drawing.text(143.5, middle, "@", mono=True)
        drawing.cells(B[i], 157, top, colours=colour, width=28)
        drawing.text(227, middle, "=")
        drawing.cells(C[i], 241, middle - 26, colours=colour, width=44)
    drawing.line((5, 150), (72, 150), dashed=True)
    drawing.text(170, 150, "no product crosses this line", size=SMALL)
    drawing.line((268, 150), (335, 150), dashed=True)
    return drawing.svg()


def crossed() -> str:
    dot = np.dot(A, B)  # (b, m, b, n)
    drawing = Drawing(
        "batch_matmul_dot",
        290,
        "np.dot multiplies every A by every B",
        f"np.dot of A, shape {A.shape}, and B, shape {B.shape}, has shape"
        f" {dot.shape}: one block for every A[i] and B[j]. "
        + " ".join(
            f"A[{i}] times B[{j}] is {dot[i, :, j].tolist()},"
            f" {'wanted' if i == j else 'not asked for'}."
            for i, j in np.ndindex(len(A), len(B))
        ),
    )
    for i, line in enumerate(("np.dot(A, B)", "(b, m, b, n)", dot.shape)):
        drawing.text(62, 42 + 20 * i, str(line), mono=True, size=SMALL)
    for i, colour in enumerate(COLOURS):
        left, top = 138 + 98 * i, 126 + 62 * i
        drawing.text(left + 44, 12, f"B[{i}]", mono=True)
        drawing.cells(B[i], left, 26, colours=colour, width=44)
        drawing.text(6, top + 26, f"A[{i}]", mono=True, anchor="start")
        drawing.cells(A[i], 46, top, colours=colour, width=26)
    for i, j in np.ndindex(len(A), len(B)):
        left, top = 138 + 98 * j, 126 + 62 * i
        fill = COLOURS[i] if i == j else None
        block = dot[i, :, j]  # (m, n)
        drawing.cells(
            block, left, top, colours=fill, width=44, faint=i != j
        )
    drawing.text(231, 258, "solid: the pairs, C[0] and C[1]", size=SMALL)
    drawing.text(231, 276, "dashed: not asked for", size=SMALL)
    return drawing.svg()


def figures() -> dict[str, str]:
    return {"batch_matmul": pairs(), "batch_matmul_dot": crossed()}
