"""Read what was measured: curves, exponents, crossings, ratios, tables."""

import json
import math
import statistics
from functools import cache
from typing import Any

import numpy as np

from benchmarks import ROOT
from benchmarks.sweeps import Sweep, sweeps
from handbook.page import STEMS, challenge

RESULTS = ROOT / "benchmarks/results"
CLOSE = 0.15  # to a claimed exponent
HEAD = "least", "mean", "most", "input"
LAST = 4  # the exponent is that of the last sizes: a decade
PACKAGES = (
    "numpy",
    "scipy",
    "scikit-learn",
    "pandas",
    "bottleneck",
    "torch",
)
LIBRARIES = {  # what the labels of their functions begin with
    "NumPy": ("np.", "A @ B"),
    "SciPy": ("scipy",),
    "scikit-learn": ("sklearn",),
    "pandas": ("pandas",),
    "bottleneck": ("bottleneck",),
    "PyTorch": ("torch",),
}


@cache
def stored(stem: str) -> dict[str, Any]:
    """Return what the last run has left of a challenge."""
    path = RESULTS / f"{stem}.json"
    if not path.exists():
        raise FileNotFoundError(f"run make bench STEM={stem}: no {path}")
    return json.loads(path.read_text(encoding="utf-8"))


def curve(
    found: dict[str, Any], label: str, kind: str = "seconds"
) -> tuple[np.ndarray, np.ndarray]:
    """Return the sizes at which a function was measured, and the values."""
    values = np.array(found[kind][label], dtype=float)
    there = ~np.isnan(values)
    return np.array(found["sizes"], dtype=float)[there], values[there]


def exponent(
    found: dict[str, Any], label: str, kind: str = "seconds"
) -> float:
    """Return p of size**p, fitted between the sizes that are stored.

    A curve that ends before is fitted to its own last decade; NaN if it was
    measured at fewer sizes than that.
    """
    sizes, values = curve(found, label, kind)
    first, last = found["fit"]
    inside = (first <= sizes) & (sizes <= last)
    if sizes[-1] < last:
        inside = np.arange(len(sizes)) >= len(sizes) - LAST
    if inside.sum() < LAST:
        return math.nan
    logs = np.log(sizes[inside]), np.log(values[inside])
    return float(np.polyfit(*logs, 1)[0])


def crossing(found: dict[str, Any], one: str, other: str) -> float | None:
    """Return the size from which on one function is ahead of the other.

    Between two sizes the curves are straight lines on logarithmic axes;
    None if the first is never ahead, or always.
    """
    sizes, times = curve(found, one)
    others = dict(zip(*curve(found, other), strict=True))
    both = [i for i, n in enumerate(sizes) if n in others]
    lead = np.array([np.log(others[sizes[i]] / times[i]) for i in both])
    behind = np.flatnonzero(lead <= 0)
    if len(behind) == 0 or behind[-1] == len(lead) - 1:
        return None
    last = behind[-1]
    share = lead[last] / (lead[last] - lead[last + 1])
    logs = np.log(sizes[both])
    return float(np.exp(logs[last] + share * (logs[last + 1] - logs[last])))


def three(value: float) -> str:
    """Return a number to three figures, large ones in full."""
    return f"{value:,.0f}" if value >= 99.95 else f"{value:.3g}"


def table(stem: str, key: str, kind: str = "seconds") -> str:
    """Return what is stored of a sweep: the curves and their exponents."""
    found = stored(stem)["sweeps"][key]
    head, scale = {
        "seconds": ("milliseconds", 1e3),
        "bytes": ("peak in MB", 1e-6),
    }[kind]
    sizes = [f"{size:,}" for size in found["sizes"]]
    return "\n".join(
        [
            row([f"{head}, {found['axis']}:", *sizes, "exponent"]),
            row(["---", *["---:"] * (len(sizes) + 1)]),
            *(
                row(
                    [
                        f"`{label}`",
                        *(three(scale * v) if v else "" for v in values),
                        power(found, label, kind),
                    ]
                )
                for label, values in found[kind].items()
            ),
        ]
    )


def power(found: dict[str, Any], label: str, kind: str) -> str:
    """Return the exponent of a curve as a text, empty if there is none."""
    value = exponent(found, label, kind)
    text = f"{round(value, 2) + 0.0:.2f}"  # never -0.00
    return "" if math.isnan(value) else text.replace("-", "−")


def row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def crossings(stem: str, sweep: Sweep) -> list[str]:
    """Return which function overtakes which, and where."""
    found = stored(stem)["sweeps"][sweep.key]
    return [
        f"{one} overtakes {other} at {rounded(size)} {sweep.axis}."
        for one, other in sweep.crossings
        if (size := crossing(found, one, other)) is not None
    ]


def image(stem: str, key: str, caption: str) -> str:
    """Return the Markdown of a figure."""
    return f"![{caption}](../assets/figures/{stem}_{key}.svg)"


def images(stem: str, sweep: Sweep) -> list[str]:
    """Return the figures of a sweep, time first."""
    what = f"{sweep.axis}: {sweep.setting}"
    said = [f"Time of a call against {what}.", *crossings(stem, sweep)]
    found = [image(stem, sweep.key, " ".join(said))]
    if sweep.memory:
        caption = f"Peak memory of a call against {what}."
        found.append(image(stem, "memory", caption))
    return found


def gallery() -> str:
    """Return the figures and tables of every challenge."""
    parts = []
    for stem in STEMS:
        title = challenge(stem).front["title"]
        parts.append(
            f"### [{title}](../challenges/{stem}.md) {{ #{stem} }}"
        )
        for sweep in sweeps(stem):
            time, *memory = images(stem, sweep)
            parts += [time, table(stem, sweep.key)]
            if memory:
                parts += [*memory, table(stem, sweep.key, "bytes")]
    return "\n\n".join(parts)


def rounded(size: float) -> str:
    """Return a size to two figures."""
    return f"{float(f'{size:.2g}'):,.0f}"


def times_as_fast(
    found: dict[str, Any], ours: str, peer: str
) -> list[tuple[int, float]]:
    """Return size and ratio from 10,000 numbers on, above 1 if we lead."""
    columns = zip(
        found["sizes"],
        found["elements"],
        found["seconds"][ours],
        found["seconds"][peer],
        strict=True,
    )
    return [
        (size, peers / own)
        for size, elements, own, peers in columns
        if elements >= 10_000 and own and peers
    ]


def ratios() -> str:
    """Return how many times as fast as each library production is."""
    lines: dict[str, list[str]] = {}
    for stem in STEMS:
        for sweep in sweeps(stem):
            found = stored(stem)["sweeps"][sweep.key]
            for ours, peers in sweep.peers.items():
                for peer in peers:
                    sizes, values = zip(
                        *times_as_fast(found, ours, peer), strict=True
                    )
                    ends = dict.fromkeys([sizes[0], sizes[-1]])
                    span = " to ".join(f"{size:,}" for size in ends)
                    mean = statistics.geometric_mean(values)
                    cells = [
                        peer,
                        *(
                            f"{r:.2f}"
                            for r in (min(values), mean, max(values))
                        ),
                        f"{sweep.axis}: {span}; {sweep.setting}",
                    ]
                    lines.setdefault(ours, []).append(row(cells))
    return "\n\n".join(
        "\n".join(
            [
                row(
                    [f"`{ours}` against", "least", "mean", "most", "input"]
                ),
                row(["---", "---:", "---:", "---:", "---"]),
                *rows,
            ]
        )
        for ours, rows in lines.items()
    )


def leads(stem: str, among: str = "") -> list[float]:
    """Return our lead over the fastest peer, for each function and size.

    Over that of one library, or of all.
    """
    fastest: dict[tuple[str, str, int], float] = {}
    for sweep in sweeps(stem):
        found = stored(stem)["sweeps"][sweep.key]
        for ours, peers in sweep.peers.items():
            for peer in peers:
                if peer.startswith(LIBRARIES.get(among, "")):
                    for n, ratio in times_as_fast(found, ours, peer):
                        place = sweep.key, ours, n
                        here = fastest.get(place, math.inf)
                        fastest[place] = min(ratio, here)
    return list(fastest.values())


def overall(among: str = "") -> tuple[float, int]:
    """Return the geometric mean over the challenges, and their number.

    A challenge counts once: the mean over its sizes from 10,000 numbers on
    of the time of the fastest peer, divided by production's.
    """
    own = [leads(stem, among) for stem in STEMS]
    means = [statistics.geometric_mean(found) for found in own if found]
    return statistics.geometric_mean(means), len(means)


def headline() -> str:
    """Return how production compares with every library, as a table."""
    lines = [
        row(["library", "its time over ours", "challenges"]),
        row(["---", "---:", "---:"]),
    ]
    for name in ["", *LIBRARIES]:
        mean, count = overall(name)
        text = name or "the fastest of all, at each size"
        lines.append(row([text, f"{mean:.2f}", f"{count}"]))
    return "\n".join(lines)


def setting() -> str:
    """Return the machines and the versions, a sentence for each."""
    by_machine: dict[str, list[str]] = {}
    for stem in STEMS:
        m = stored(stem)["machine"]
        names = ", ".join(f"{name} {m[name]}" for name in PACKAGES)
        text = (
            f"{m['processor']}, {m['threads']} thread;"
            f" Python {m['python']}, {names}; BLAS is {m['blas']},"
            f" the SIMD level of NumPy's exponential {m['simd']}"
        )
        title = challenge(stem).front["title"]
        by_machine.setdefault(f"{text}, {m['date']}", []).append(title)
    return "\n".join(
        f"- {', '.join(titles)}: {text}."
        for text, titles in by_machine.items()
    )
