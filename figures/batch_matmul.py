"""Matrices multiplied pair by pair."""

import numpy as np

from figures import SMALL, Drawing
from handbook import batch_matmul

A = np.arange(12).reshape(2, 2, 3)
B = np.array([[[1, 0], [0, 1], [1, 0]], [[0, 1], [1, 0], [1, 1]]])


def figures() -> dict[str, str]:
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
    for i, colour in enumerate(("blue", "orange")):
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
    return {"batch_matmul": drawing.svg()}
