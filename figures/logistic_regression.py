"""Errors p - y of the example, and the curves that follow from them."""

import numpy as np

from figures import STAND_INS, plot, themed
from handbook import fit_logistic, predict_proba


def figures() -> dict[str, str]:
    X, y = np.array([[0.0], [1], [2], [3]]), np.array([0.0, 0, 1, 1])
    x = np.linspace(-0.4, 3.4, 96)
    figure, axes = plot(270)
    told = []
    for steps, colour, style in (
        (0, None, ":"),
        (1, "orange", "--"),
        (100, "blue", "-"),
    ):
        (weight,), bias = fit = fit_logistic(X, y, 1.0, steps)
        axes.plot(
            x,
            predict_proba(x[:, None], *fit),
            color=STAND_INS[colour],
            linestyle=style,
            label=f"{steps} step{'s' * (steps != 1)}",
        )
        p = ", ".join(f"{v:.2f}" for v in predict_proba(X, *fit))
        told.append(
            f"After {steps}, w = {weight:.2f}, b = {bias:.2f} and the"
            f" probabilities are {p}."
        )
    p = predict_proba(X, *fit_logistic(X, y, 1.0, 1))
    ink = {"color": STAND_INS["orange"], "linewidth": 1.4}
    axes.vlines(X[:, 0], y, p, **ink)
    for at, label, found in zip(X[:, 0], y, p, strict=True):
        middle = (
            (label + found) / 2 if label else found / 5
        )  # off the curve
        axes.annotate(
            f"{found - label:+.2f}".replace("-", "−"),
            (at + 0.05, middle),
            va="center",
            color=STAND_INS["orange"],
        )
    dots = {"linestyle": "none", "marker": "o", "markersize": 7}
    axes.plot(X[:, 0], y, **dots, color=STAND_INS["blue"])
    axes.set(xlabel="x", ylabel="p, and the labels y", xticks=X[:, 0])
    axes.set(xlim=(-0.4, 3.6), ylim=(-0.08, 1.08), yticks=[0, 0.5, 1])
    figure.legend(loc="outside upper left", labelcolor="linecolor", ncols=3)
    errors = ", ".join(f"{v:.2f}" for v in p - y)
    return {
        "logistic_regression": themed(
            figure,
            "logistic_regression",
            "Each step moves the curve by the errors p − y",
            f"Probability against x, beside the labels of the example, 0 at"
            f" x = 0 and 1, 1 at x = 2 and 3, with lr = 1. {' '.join(told)}"
            f" Vertical lines from the labels to the curve after 1 step are"
            f" the errors {errors}.",
        )
    }
