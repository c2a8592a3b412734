"""How the functions of each page grow, from the stored measurements."""

from collections import Counter
from itertools import chain
from typing import Any

from benchmarks.measured import (
    WHAT,
    crossings,
    curve,
    plots,
    power,
    rounded,
)
from benchmarks.sweeps import Sweep, peers
from figures import STAND_INS, plot, themed
from handbook.page import STEMS, challenge

# of the curves that share a colour
DASHES: list[Any] = [
    "solid",
    (0, (5, 1.5)),
    (0, (1, 1)),
    (0, (6, 1.5, 1, 1.5)),
    (0, (9, 2)),
    (0, (3, 1, 1, 1, 1, 1)),
    (0, (1, 3)),
]
AT_THE_TOP: Any = {"fontsize": 11.5, "va": "bottom", "ha": "center"}
LINE = 15  # what a line of the legend takes


def role(stem: str, label: str) -> str | None:
    """Return the colour of a curve: what the function is."""
    page = challenge(stem)
    if label.startswith("handbook.") or label in page.solution.functions:
        return "blue"
    if any(label in fence.functions for fence in page.fences):
        return None
    compared = label in chain(*peers(stem).values())
    if not compared and ("(" in label or "@" in label):
        return "green"  # an operation of NumPy: a limit
    return "orange"


def drawing(
    stem: str, name: str, kind: str, sweep: Sweep, found: dict[str, Any]
) -> str:
    """Return the curves of a sweep on logarithmic axes."""
    shown = sweep.shown or found[kind]
    labels = [label for label in found[kind] if label in shown]
    figure, axes = plot(220 + LINE * len(labels))
    drawn = Counter[str | None]()
    said = []
    for label in labels:
        colour = role(stem, label)
        sizes, values = curve(found, label, kind)
        slope = power(found, label, kind)
        axes.loglog(
            sizes,
            values,
            color=STAND_INS[colour],
            linestyle=DASHES[drawn[colour]],
            linewidth=2.6 if label.startswith("handbook.") else 1.2,
            marker="o" if len(sizes) == 1 else "",
            label=f"{label}  {slope}",
        )
        drawn[colour] += 1
        said.append(f"{label} {unit(values[-1], kind)} {slope}".rstrip())
    overtakes = crossings(found, sweep, kind)
    for size in overtakes:
        axes.axvline(size, color=STAND_INS[None], linewidth=0.6)
        place = axes.get_xaxis_transform()
        axes.text(size, 1, rounded(size), transform=place, **AT_THE_TOP)
    axes.minorticks_off()
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.yaxis.set_major_formatter(lambda value, _: unit(value, kind))
    axes.set_xlabel(sweep.axis)
    figure.legend(loc="outside lower left", fontsize=11.5, labelspacing=0.2)
    return themed(
        figure,
        name,
        f"{WHAT[kind]} against {sweep.axis}",
        f"{WHAT[kind]} on logarithmic axes, {sweep.setting}. At the"
        f" largest size, with the fitted exponent: {', '.join(said)}."
        f" {' '.join(overtakes.values())}".rstrip(),
    )


def unit(value: float, kind: str) -> str:
    """Return a time or a size in its unit."""
    units: Any = (
        ((1, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))
        if kind == "seconds"
        else ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (1, "B"))
    )
    scale, name = next((u for u in units if value >= u[0]), units[-1])
    return f"{value / scale:.3g} {name}"


def figures() -> dict[str, str]:
    return {
        name: drawing(stem, name, *rest)
        for stem in STEMS
        for name, *rest in plots(stem)
    }
