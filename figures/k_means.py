"""The two steps of an iteration: label the rows, move the centroids."""

import numpy as np

from figures import STAND_INS, plot, themed
from handbook import k_means

# by cluster; the shapes tell the clusters apart where colours do not
CLUSTERS = (("o", "blue"), ("s", "orange"))
X = np.array(
    [
        *([0.5, 3.5], [1.4, 4.3], [2.2, 3.4], [0.9, 2.3], [2.6, 4.5]),
        *([3.4, 2.6], [4.5, 1.9], [5.3, 2.7], [5.0, 0.8], [3.9, 0.9]),
    ]
)
INIT = np.array([[0.5, 2.9], [2.2, 2.6]])


def figures() -> dict[str, str]:
    labels, _ = k_means(X, 2, INIT, max_iter=0)
    changed, means = k_means(X, 2, INIT, max_iter=1)
    figure, panels = plot(170, ncols=2, sharex=True, sharey=True)
    for axes, centres in zip(panels, (INIT, means), strict=True):
        across = (centres[1] - centres[0]) @ [[0, 1], [-1, 0]]
        bisector = {"linestyle": (0, (4, 3)), "linewidth": 1}
        bisector["color"] = STAND_INS[None]
        middle = centres.mean(axis=0)
        axes.axline(middle, middle + across, **bisector)
        axes.set(aspect="equal", xticks=[], yticks=[])
        axes.set(xlim=(0, 5.8), ylim=(0.3, 5))
        for j, (marker, colour) in enumerate(CLUSTERS):
            ink = {"color": STAND_INS[colour], "linestyle": "none"}
            own = X[labels == j].T
            axes.plot(*own, **ink, marker=marker, markersize=5)
            axes.plot(*centres[j], **ink, marker="X", markersize=11)
    for j, (_, colour) in enumerate(CLUSTERS):
        thin = {"color": STAND_INS[colour], "linewidth": 1}
        for row in X[labels == j]:
            panels[0].plot(*zip(row, INIT[j], strict=True), **thin)
        old = {"marker": "X", "markersize": 9, "markerfacecolor": "none"}
        panels[1].plot(*INIT[j], **old, color=STAND_INS[colour])
        way = {"arrowstyle": "->", "shrinkA": 3, "shrinkB": 4}
        panels[1].annotate("", means[j], INIT[j], arrowprops=thin | way)
    panels[0].set_title("label: nearest centroid")
    panels[1].set_title("update: mean of its rows")
    counts = np.bincount(labels)
    moves = " and ".join(
        f"from ({a:.2g}, {b:.2g}) to ({c:.2g}, {d:.2g})"
        for (a, b), (c, d) in zip(INIT, means, strict=True)
    )
    return {
        "k_means": themed(
            figure,
            "k_means",
            "One iteration: rows to the nearest centroid, then the means",
            f"Two plots of {len(X)} rows and 2 centroids. In the first,"
            f" lines join {counts[0]} rows to the left centroid, which is"
            f" the nearest, and {counts[1]} to the right one. The dashed"
            " bisector of the centroids separates the clusters. In the"
            " second, the centroids have moved to the means of their rows,"
            f" {moves}. By the new bisector, {np.sum(changed != labels)}"
            " rows belong to the other cluster.",
        )
    }
