"""The vote of the k nearest rows on the label of one query."""

import numpy as np
from matplotlib.patches import Circle

from figures import STAND_INS, plot, themed
from handbook import knn_predict

K = 5
# by label; the shapes tell the classes apart where colours do not
CLASSES = (("circle", "o", "blue"), ("triangle", "^", "orange"))


def figures() -> dict[str, str]:
    rng = np.random.default_rng(97)
    grid = np.indices((7, 5)).reshape(2, -1).T  # (35, 2)
    X = grid + rng.uniform(-0.36, 0.36, grid.shape)  # no two rows touch
    y = (X[:, 0] + rng.uniform(-1.5, 1.5, len(X)) > 3).astype(int)  # (35,)
    query = np.array([2.8, 2.1])
    winner = CLASSES[knn_predict(X, y, query[None], k=K)[0]][0]
    distances = np.linalg.norm(X - query, axis=1)  # (35,)
    nearest = distances.argsort()[:K]  # (5,), the nearest first
    votes = np.bincount(y[nearest], minlength=len(CLASSES))  # (2,)
    radius = distances[nearest[-1]]

    figure, axes = plot(280)
    axes.set(aspect="equal", xticks=[], yticks=[])
    axes.set(xlabel="feature 0", ylabel="feature 1")
    edge = {"edgecolor": STAND_INS[None], "linestyle": (0, (4, 3))}
    axes.add_patch(Circle(query, radius, fill=False, **edge))
    chosen = np.isin(np.arange(len(X)), nearest)
    for label, (_, marker, colour) in enumerate(CLASSES):
        ink = {"color": STAND_INS[colour]}
        style = ink | {"linestyle": "", "marker": marker, "markersize": 8}
        hollow = {"markerfacecolor": "none", "markeredgewidth": 1.2}
        near, far = (X[(y == label) & part] for part in (chosen, ~chosen))
        for row in near:
            axes.plot(*zip(query, row, strict=True), **ink, linewidth=1.2)
        axes.plot(*near.T, **style, label=f"{votes[label]} votes")
        axes.plot(*far.T, **style, **hollow)
    style = {"color": STAND_INS[None], "linestyle": "none", "zorder": 3}
    style |= {"marker": "*", "markersize": 13}
    axes.plot(*query, **style, label=f"query becomes a {winner}")
    spacing = {"handlelength": 1, "handletextpad": 0.5, "columnspacing": 1}
    figure.legend(loc="outside upper center", ncols=3, **spacing)
    places = ", ".join(
        f"a {CLASSES[y[row]][0]} at {distances[row]:.2f}" for row in nearest
    )
    counts = " and ".join(
        f"{(y == label).sum()} {name}s"
        for label, (name, _, _) in enumerate(CLASSES)
    )
    return {
        "knn": themed(
            figure,
            "knn",
            f"The {K} nearest rows vote, and the majority is the answer",
            f"A plane of two features holds {len(X)} training rows,"
            f" {counts}, and one query. The rows nearest to it, by"
            f" distance: {places}. They lie on or within a circle of radius"
            f" {radius:.2f} around the query and are joined to it by lines."
            f" The votes are {votes.tolist()}: the query is classified as a"
            f" {winner}.",
        )
    }
