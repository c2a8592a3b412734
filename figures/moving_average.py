"""What enters a window and what leaves it."""

import numpy as np

from figures import SMALL, Drawing
from handbook import moving_average


def figures() -> dict[str, str]:
    x = np.array([1, 2, 3, 4, 10])
    w = 3
    changes = np.append(0, x[w:] - x[:-w])  # enters - leaves
    sums = np.cumsum(changes)  # w * (means[i] - means[0])
    means = [f"{mean:.3g}" for mean in moving_average(x, w)]
    first = f"{x[:w].mean():g}"
    steps = [
        f" In window {i}, {x[i + w - 1]} enters and {x[i - 1]} leaves: the"
        f" change is {changes[i]}, the running sum {sums[i]}, the mean"
        f" {means[i]}."
        for i in range(1, len(sums))
    ]
    drawing = Drawing(
        "moving_average",
        208,
        "From window to window one sample enters and one leaves",
        f"x is {x.tolist()} and the window is {w} wide. Window 0 holds"
        f" {x[:w].tolist()}: its change and its running sum are 0, its mean"
        f" is {first}." + "".join(steps),
    )
    drawing.text(76, 24, "window in x", size=SMALL)
    for middle, lines in (
        (191, ("enters", "− leaves")),
        (250, ("running", "sum")),
        (311, ("mean", f"÷ {w}, + {first}")),
    ):
        for y, line in zip((16, 32), lines, strict=True):
            drawing.text(middle, y, line, size=SMALL)
    for i in range(len(sums)):
        y = 46 + 58 * i
        place = np.arange(len(x)) - i  # 0 to w - 1 inside the window
        inside = (place >= 0) & (place < w)
        colours = np.where(inside, "blue", None)
        if i:
            for end, hue, word in (
                (i - 1, "orange", "leaves"),
                (i + w - 1, "green", "enters"),
            ):
                colours[end], left = hue, 24 + 26 * end
                drawing.text(left, y + 36, word, colour=hue, size=SMALL)
            drawing.text(167, y + 13, f"{x[i + w - 1]} − {x[i - 1]}")
            drawing.line((250, y - 32), (250, y), arrow=True)
            drawing.text(
                257, y - 18, f"+ {changes[i]}", anchor="start", size=SMALL
            )
        drawing.cells(x, 11, y, colours=colours, width=26, faint=~inside)
        drawing.cells([changes[i]], 193, y, width=26)
        drawing.line((219, y + 13), (236, y + 13), arrow=True)
        drawing.cells([sums[i]], 236, y, width=28)
        drawing.line((264, y + 13), (288, y + 13), arrow=True)
        drawing.cells([means[i]], 288, y, colours="blue", width=46)
    return {"moving_average": drawing.svg()}
