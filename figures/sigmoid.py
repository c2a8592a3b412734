"""The two branches of the sigmoid, and the tails of its derivative."""

import numpy as np

from figures import STAND_INS, plot, themed
from handbook import sigmoid, sigmoid_derivative


def branches() -> str:
    z = np.linspace(-6, 6, 121)
    figure, axes = plot(230)
    for side, colour, formula in (
        (z <= 0, "orange", "z < 0:  exp(z) / (1 + exp(z))"),
        (z >= 0, "blue", "z ≥ 0:  1 / (1 + exp(−z))"),
    ):
        style = {"color": STAND_INS[colour], "label": formula}
        axes.plot(z[side], sigmoid(z[side]), **style)
    axes.set(xlabel="z", ylabel="sigmoid(z)", yticks=[0, 0.5, 1])
    figure.legend(loc="outside upper left", labelcolor="linecolor")
    return themed(
        figure,
        "sigmoid",
        "One sigmoid, two formulas",
        f"The sigmoid rises from {sigmoid(-6.0):.4f} at z = −6 through"
        f" {sigmoid(0.0)} at z = 0 to {sigmoid(6.0):.4f} at z = 6. Left of"
        " 0 it is computed as exp(z) / (1 + exp(z)), right of 0 as 1 / (1 +"
        " exp(−z)): no exponential is ever larger than 1.",
    )


def tails() -> str:
    z = np.arange(0, 61)
    s, slope = sigmoid(z), sigmoid_derivative(z)
    product = s * (1 - s)  # 0 from some z on
    stays = product > 0
    lost = f"s·(1 − s): 0 from z = {z[~stays][0]} on"
    blue, orange = STAND_INS["blue"], STAND_INS["orange"]
    dots = {"linestyle": "none", "marker": "o", "markersize": 4}
    figure, axes = plot(240)
    axes.semilogy(z, slope, color=blue, label="s(z)·s(−z)")
    axes.semilogy(
        z[stays], product[stays], color=orange, label=lost, **dots
    )
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.set(xlabel="z", ylabel="derivative")
    figure.legend(loc="outside upper left", labelcolor="linecolor")
    return themed(
        figure,
        "sigmoid_tails",
        "The derivative in its right tail",
        "On a logarithmic axis s(z)·s(−z) falls along a straight line to"
        f" {slope[-1]:.1e} at z = 60. s·(1 − s) leaves it"
        f" and is exactly 0 from z = {z[~stays][0]} on.",
    )


def figures() -> dict[str, str]:
    return {"sigmoid": branches(), "sigmoid_tails": tails()}
