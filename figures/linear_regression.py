"""Ridge as least squares: one more row flattens the line."""

import numpy as np

from figures import STAND_INS, plot, themed
from handbook import fit_linear


def figures() -> dict[str, str]:
    X, y, l2 = np.array([[0.0], [1], [2], [3]]), np.array([1.0, 3, 5, 7]), 5
    x_mean, y_mean = X.mean(), y.mean()
    x, t = X[:, 0] - x_mean, y - y_mean
    root = np.sqrt(l2)
    ends = np.array([-2.5, 2.5])
    figure, axes = plot(270)
    told = []
    for penalty, colour, style in ((0, "blue", "-"), (l2, "orange", "--")):
        (slope,), bias = fit_linear(X, y, penalty)
        said = f"l2 = {penalty}: w = {slope:g}, b = {bias:g}"
        ink = {"color": STAND_INS[colour], "linestyle": style}
        axes.plot(ends, slope * ends, **ink, label=said)
        told.append(f"with {said}")
    dots = {"linestyle": "none", "marker": "o", "markersize": 7}
    axes.plot(x, t, **dots, color=STAND_INS["blue"])
    dots |= {"marker": "s", "color": STAND_INS["orange"]}
    axes.plot(root, 0, **dots)
    (slope,), _ = fit_linear(X, y, l2)
    thin = {"color": STAND_INS["orange"], "linewidth": 1}
    axes.plot([root, root], [0, slope * root], **thin)
    axes.annotate(
        "appended row\n(√5, 0)",
        (root, -0.4),
        ha="center",
        va="top",
        color=STAND_INS["orange"],
    )
    grey = {"color": STAND_INS[None], "linewidth": 0.6, "zorder": 0}
    axes.axhline(0, **grey)
    axes.axvline(0, **grey)
    axes.set(xlabel="x − mean(x)", ylabel="y − mean(y)", ylim=(-4.4, 4.4))
    axes.set(xlim=(-2.6, 3), xticks=[-2, -1, 0, 1, 2], yticks=[-3, 0, 3])
    figure.legend(loc="outside upper left", labelcolor="linecolor")
    points = ", ".join(f"({a:g}, {b:g})" for a, b in zip(x, t, strict=True))
    return {
        "linear_regression": themed(
            figure,
            "linear_regression",
            "Ridge is least squares with one more row for each weight",
            f"The four samples minus their means are the points {points}."
            f" Two lines pass through the origin: {' and '.join(told)}. The"
            f" second is the least-squares fit of five points, the four and"
            f" ({root:.2f}, 0), which pulls it towards the horizontal.",
        )
    }
