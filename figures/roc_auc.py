"""The pairs as cells, the ROC curve between those won and those lost."""

import numpy as np

from figures import SMALL, Drawing
from handbook import roc_auc

CELL = 36  # the width of a pair
LEFT, TOP, HEIGHT = 56, 32, 30
COLOURS = {1.0: "blue", 0.5: "orange", 0.0: None}


def figures() -> dict[str, str]:
    positives = np.array([9, 7, 5, 4])  # the highest first
    negatives = np.array([8, 5, 3, 2, 1])
    p, q = len(positives), len(negatives)
    scores = np.concatenate([positives, negatives])
    auc = roc_auc(np.repeat([1, 0], [p, q]), scores)
    gaps = np.subtract.outer(positives, negatives)  # (p, q)
    won = (gaps > 0) + (gaps == 0) / 2
    ranks = [
        (scores < s).sum() + ((scores == s).sum() + 1) / 2
        for s in positives
    ]
    wins = won.sum(axis=1)
    total = wins.sum()
    places = range(p, 0, -1)  # among the positives, from the lowest
    sums = [
        f"{rank:g} − {place} = {win:g}"
        for rank, place, win in zip(ranks, places, wins, strict=True)
    ]
    drawing = Drawing(
        "roc_auc",
        200,
        "The area below the ROC curve is the share of pairs won",
        f"A table has a row for each of the positives, with the scores"
        f" {positives.tolist()} from the bottom to the top, and a column"
        f" for each of the negatives, with the scores {negatives.tolist()}."
        f" Each of the {p * q} cells is a pair. The ROC curve goes from the"
        f" bottom left to the top right, up for a positive and right for a"
        f" negative; at the tied score 5 it crosses a cell diagonally. The"
        f" cells below it are won. Each row has as many as the rank of its"
        f" positive among all {p + q} scores less its place among the"
        f" positives: {', '.join(sums)}. The sum is {total:g}, and"
        f" {total:g} / {p * q} is the AUC, {auc:g}.",
    )
    bottom = TOP + p * HEIGHT

    def corner(column: int, row: int) -> tuple[float, float]:
        return LEFT + column * CELL, bottom - row * HEIGHT

    drawing.text(4, 14, "positives", anchor="start", size=SMALL)
    drawing.text(
        LEFT - 8, bottom + 40, "negatives", anchor="start", size=SMALL
    )
    drawing.text(
        336,
        bottom + 14,
        f"{total:g} of {p * q} pairs",
        anchor="end",
        size=SMALL,
    )
    drawing.text(
        336,
        bottom + 34,
        f"AUC {auc:g}",
        anchor="end",
        colour="green",
        bold=True,
    )
    drawing.text(
        336, 14, "rank − place = pairs won", anchor="end", size=SMALL
    )
    for row in range(p):
        x, y = corner(0, row + 1)
        middle = y + HEIGHT / 2
        drawing.text(LEFT - 16, middle, str(positives[row]), bold=True)
        drawing.cells(
            [{1.0: "won", 0.5: "", 0.0: "lost"}[w] for w in won[row]],
            x,
            y,
            colours=[COLOURS[w] for w in won[row]],
            width=CELL,
            height=HEIGHT,
            size=SMALL,
        )
        drawing.text(336, middle, sums[row], anchor="end", size=SMALL)
    for column, score in enumerate(negatives):
        x, y = corner(column, 0)
        drawing.text(x + CELL / 2, y + 14, str(score), bold=True)
    for row, column in np.argwhere(won == 0.5):
        x, y = corner(column, row)  # below the diagonal
        drawing.text(x + 0.72 * CELL, y - 0.32 * HEIGHT, "½")
    # highest score first: up for a positive, right for a negative
    path = [(0, 0)]
    for score in np.unique(scores)[::-1]:
        column, row = path[-1]
        up, right = (positives == score).sum(), (negatives == score).sum()
        path.append((column + right, row + up))
    drawing.line(
        *(corner(*point) for point in path), colour="green", width=3
    )
    return {"roc_auc": drawing.svg()}
