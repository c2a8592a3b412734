"""Windows as a view of the image, and as columns of one product."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from figures import SMALL, Drawing
from handbook import conv2d

X = np.arange(9).reshape(3, 3)
W = np.array([[1, 2], [3, 4]])
COLOURS = ("blue", "orange")  # of the first two windows


def frame(drawing: Drawing, left: float, colour: str) -> None:
    """Draw a rectangle just inside a window of x."""
    (x, right), (y, bottom) = (left + 2, left + 58), (28, 80)
    corners = [(x, y), (right, y), (right, bottom), (x, bottom), (x, y)]
    drawing.line(*corners, colour=colour, width=3)


def figures() -> dict[str, str]:
    windows = sliding_window_view(X, W.shape)  # (2, 2, 2, 2)
    steps = [s // X.itemsize for s in windows.strides]
    places = sliding_window_view(np.arange(X.size).reshape(3, 3), (2, 2))
    y = conv2d([[X]], [[W]])[0, 0].astype(int)
    columns = windows.reshape(4, 4).T  # (kh * kw, oh * ow)
    sums = [
        " + ".join(
            f"{a}·{b}"
            for a, b in zip(W.flat, windows[0, j].flat, strict=True)
        )
        for j in (0, 1)
    ]
    drawing = Drawing(
        "conv2d",
        404,
        "The windows are a view; as columns they meet the kernel at once",
        f"x is {X.tolist()} and the kernel {W.tolist()}. Window 0, 0 holds"
        f" {windows[0, 0].tolist()}, so y[0, 0] = {sums[0]} = {y[0, 0]}."
        f" Window 0, 1, one column to the right, holds"
        f" {windows[0, 1].tolist()}, so y[0, 1] = {sums[1]} = {y[0, 1]}."
        f" In memory x is a row of {X.size} numbers. Both windows are"
        f" views of it: the strides of the windows are {steps} numbers."
        f" As a matrix, each window is a column, and {W.ravel().tolist()}"
        f" times {columns.tolist()} is y: {y.ravel().tolist()}.",
    )
    for middle, label in (
        (52, "x (3, 3)"),
        (185, "kernel (2, 2)"),
        (292, "y (2, 2)"),
    ):
        drawing.text(middle, 12, label, mono=True, size=SMALL)
    shared = np.full((3, 3), None)
    shared[:2, 0], shared[:2, 2] = COLOURS
    drawing.cells(X, 7, 26, colours=shared, width=30, height=28)
    frame(drawing, 7, COLOURS[0])
    frame(drawing, 37, COLOURS[1])
    drawing.cells(W, 155, 40, width=30, height=28)
    hue = np.array([COLOURS, (None, None)])
    drawing.cells(y, 258, 40, colours=hue, width=34, height=28)
    drawing.line((101, 68), (149, 68), arrow=True)
    drawing.line((219, 68), (252, 68), arrow=True)
    for j, colour in enumerate(COLOURS):
        text = f"y[0, {j}] = {sums[j]} = {y[0, j]}"
        drawing.text(7, 130 + 18 * j, text, anchor="start", colour=colour)
    drawing.line((5, 168), (335, 168), dashed=True)
    drawing.text(7, 184, "in memory", anchor="start", bold=True)
    drawing.text(
        335,
        184,
        f"strides {tuple(steps)} in numbers",
        anchor="end",
        mono=True,
        size=SMALL,
    )
    for j, colour in enumerate(COLOURS):
        top = 198 + 30 * j
        inside = np.isin(np.arange(X.size), places[0, j])
        hue = np.where(inside, colour, None)
        label = f"window 0, {j}"
        drawing.text(7, top + 12, label, anchor="start", size=SMALL)
        drawing.cells(
            X.ravel(),
            92,
            top,
            colours=hue,
            width=27,
            height=24,
            faint=~inside,
        )
    drawing.line((5, 266), (335, 266), dashed=True)
    drawing.text(7, 282, "as columns", anchor="start", bold=True)
    drawing.text(
        335, 282, "a copy, (c·kh·kw, oh·ow)", anchor="end", size=SMALL
    )
    hue = np.array([*COLOURS, None, None])
    drawing.cells(W.ravel(), 5, 335, width=22)
    drawing.text(103, 348, "@", mono=True)
    drawing.cells(columns, 115, 296, colours=hue, width=24)
    drawing.text(221, 348, "=")
    drawing.cells(y.ravel(), 231, 335, colours=hue, width=26)
    return {"conv2d": drawing.svg()}
