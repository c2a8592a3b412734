"""Read what was measured: curves, exponents, crossings, ratios, tables."""

import json
import math
import re
import statistics
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import Any

import numpy as np

from benchmarks import ROOT
from benchmarks.sweeps import Sweep, limits, peers, reasons, sweeps
from handbook.page import STEMS, challenge

RESULTS = ROOT / "benchmarks/results"
CLOSE = 0.15  # to a claimed exponent
LAST = 4  # the exponent is that of the last sizes: a decade
WHAT = {"seconds": "Time", "bytes": "Peak memory"}
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


WHITEBOARD = "the whiteboard version"
ALL = "the fastest of all, at each size"
COMPILED = ("SciPy", "scikit-learn", "pandas")
AMONG: dict[str, tuple[str, ...]] = {
    ALL: ("",),
    "the fastest of SciPy, scikit-learn and pandas": tuple(
        start for name in COMPILED for start in LIBRARIES[name]
    ),
    **LIBRARIES,
}


class Stored(dict[str, Any]):
    """A part of what is stored; it says how to measure what it lacks."""

    def __init__(self, part: dict[str, Any], stem: str) -> None:
        super().__init__(part)
        self.stem = stem

    def __missing__(self, key: str) -> None:
        raise LookupError(outdated(self.stem, f"there is no {key!r}"))


def outdated(stem: str, why: str) -> str:
    """Return what to do about results that are not those of today."""
    path = f"benchmarks/results/{stem}.json"
    return f"{path}: {why}; run make bench STEM={stem}"


@cache
def stored(stem: str) -> dict[str, Any]:
    """Return what the last run has left of a challenge."""
    path = RESULTS / f"{stem}.json"
    if not path.exists():
        raise FileNotFoundError(outdated(stem, "there is no such file"))
    text = path.read_text(encoding="utf-8")
    return json.loads(text, object_hook=lambda part: Stored(part, stem))


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


def table(found: dict[str, Any], kind: str) -> str:
    """Return what is stored of a sweep: the curves and their exponents."""
    head, scale = {
        "seconds": ("milliseconds", 1e3),
        "bytes": ("peak in MB", 1e-6),
    }[kind]
    sizes = [f"{size:,}" for size in found["sizes"]]
    lines = [
        [f"{head}, {found['axis']}:", *sizes, "exponent"],
        ["---", *["---:"] * (len(sizes) + 1)],
    ]
    for label, values in found[kind].items():
        cells = [three(scale * v) if v else "" for v in values]
        lines.append([f"`{label}`", *cells, power(found, label, kind)])
    return "\n".join(map(row, lines))


def power(found: dict[str, Any], label: str, kind: str) -> str:
    """Return the exponent of a curve as a text, empty if there is none."""
    value = exponent(found, label, kind)
    text = f"{round(value, 2) + 0.0:.2f}"  # never -0.00
    return "" if math.isnan(value) else text.replace("-", "−")


def row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def plots(stem: str) -> Iterator[tuple[str, str, Sweep, dict[str, Any]]]:
    """Yield name and kind of each figure, its sweep and what was found."""
    for sweep in sweeps(stem):
        found = stored(stem)["sweeps"][sweep.key]
        yield f"{stem}_{sweep.key}", "seconds", sweep, found
        if "bytes" in found:
            yield f"{stem}_memory", "bytes", sweep, found


def crossings(
    found: dict[str, Any], sweep: Sweep, kind: str
) -> dict[float, str]:
    """Return the sizes at which one function overtakes another in time."""
    return {
        size: f"{one} overtakes {other} at {rounded(size)} {sweep.axis}."
        for one, other in (sweep.crossings if kind == "seconds" else ())
        if (size := crossing(found, one, other)) is not None
    }


def gallery() -> str:
    """Return the figures and tables of every challenge."""
    parts = []
    for stem in STEMS:
        title = challenge(stem).front["title"]
        parts.append(
            f"### [{title}](../challenges/{stem}.md) {{ #{stem} }}"
        )
        for name, kind, sweep, found in plots(stem):
            call = f"{WHAT[kind]} of a call against"
            said = crossings(found, sweep, kind).values()
            text = [f"{call} {sweep.axis}: {sweep.setting}.", *said]
            file = f"../assets/figures/{name}.svg"
            parts += [f"![{' '.join(text)}]({file})", table(found, kind)]
    return "\n\n".join(parts)


def rounded(size: float) -> str:
    """Return a size to two figures."""
    return f"{float(f'{size:.2g}'):,.0f}"


def comparisons(
    stem: str, pairs: dict[str, Any] | None = None
) -> Iterator[tuple[Sweep, str, str, dict[int, float]]]:
    """Yield each function with a peer, and how many times as fast it is.

    Along a sweep, by size, from 10,000 numbers on. Or with what is paired
    with it.
    """
    for sweep in sweeps(stem):
        found = stored(stem)["sweeps"][sweep.key]
        sizes = list(zip(found["sizes"], found["elements"], strict=True))
        compared = peers(stem) if pairs is None else pairs
        for ours, others in compared.items():
            for peer in others:
                if {ours, peer} <= found["seconds"].keys():
                    own, its = (found["seconds"][f] for f in (ours, peer))
                    yield (
                        sweep,
                        ours,
                        peer,
                        {
                            size: its[i] / own[i]
                            for i, (size, elements) in enumerate(sizes)
                            if elements >= 10_000 and own[i] and its[i]
                        },
                    )


def ratios() -> str:
    """Return how many times as fast as each library production is."""
    lines: dict[str, list[str]] = {}
    for sweep, ours, peer, found in chain(*map(comparisons, STEMS)):
        values = list(found.values())
        mean = statistics.geometric_mean(values)
        ends = dict.fromkeys([min(found), max(found)])
        span = " to ".join(f"{size:,}" for size in ends)
        if ours not in lines:
            head = [f"`{ours}` against", "least", "mean", "most", "input"]
            lines[ours] = [row(head), "| --- | ---: | ---: | ---: | --- |"]
        cells = [f"{r:.2f}" for r in (min(values), mean, max(values))]
        where = f"{sweep.axis}: {span}; {sweep.setting}"
        lines[ours].append(row([peer, *cells, where]))
    return "\n\n".join(map("\n".join, lines.values()))


def times_the_limit(stem: str) -> dict[str, list[float]]:
    """Return how many times the time of its limit a function takes.

    The limit is the part of its work that no code can leave out.
    """
    pairs = {ours: [limit] for ours, limit in limits(stem).items()}
    times: dict[str, list[float]] = {}
    for _, ours, _, found in comparisons(stem, pairs):
        times.setdefault(ours, []).extend(1 / r for r in found.values())
    return times


def bounds() -> str:
    """Return how far production is from what it does at the least."""
    lines = [
        row(["function", "limit", "least", "mean", "most"]),
        "| --- | --- | ---: | ---: | ---: |",
    ]
    for stem in STEMS:
        for ours, times in times_the_limit(stem).items():
            mean = statistics.geometric_mean(times)
            cells = [f"{t:.2f}" for t in (min(times), mean, max(times))]
            lines.append(
                row([f"`{ours}`", f"`{limits(stem)[ours]}`", *cells])
            )
    return "\n".join(lines)


def peaks(stem: str) -> dict[str, tuple[str, float]]:
    """Return the fastest library, and our peak memory divided by its own.

    At the largest input that all take, without PyTorch, whose memory
    cannot be seen.
    """
    compared: dict[str, tuple[str, float]] = {}
    found = stored(stem)["sweeps"][sweeps(stem)[0].key]
    seconds, memory = found["seconds"], found["bytes"]
    for ours, others in peers(stem).items():
        seen = [
            peer
            for peer in others
            if peer in memory and not peer.startswith("torch")
        ]
        if seen and ours in memory:
            curves = [curve(found, f, "bytes")[0] for f in [ours, *seen]]
            at = min(map(len, curves)) - 1
            fastest = min(seen, key=lambda peer: seconds[peer][at])
            ratio = memory[ours][at] / memory[fastest][at]
            compared[ours] = fastest, ratio
    return compared


def memory() -> str:
    """Return production's peak memory beside the fastest library's."""
    lines = [
        row(
            [
                "function",
                "the fastest library",
                "our peak / its",
                "why more",
            ]
        ),
        "| --- | --- | ---: | --- |",
    ]
    for stem in STEMS:
        for ours, (peer, ratio) in peaks(stem).items():
            why = reasons(stem).get(ours, "")
            lines.append(row([f"`{ours}`", peer, f"{ratio:.2f}", why]))
    return "\n".join(lines)


def pace(ratio: float) -> tuple[str, str]:
    """Return a verb, and how fast something is, to two figures."""
    times = f"{float(f'{max(ratio, 1 / ratio):.2g}'):g}"
    if times == "1":
        return "is", "about as fast as"
    often = "twice" if times == "2" else f"{times} times"
    if ratio > 1:
        return "is", f"{often} as fast as"
    return "takes", f"{often} as long as"


def in_words(parts: list[str]) -> str:
    """Return parts of a sentence as one list: a, b and c."""
    *first, last = parts
    comma = "," if any(" and " in part for part in parts) else ""
    return f"{', '.join(first)}{comma} and {last}" if first else last


def beside(ratios: dict[str, float]) -> str:
    """Return what a function is as fast as, then what it is behind."""
    said: dict[str, dict[str, list[str]]] = {}
    for name, ratio in ratios.items():
        verb, fast = pace(ratio)
        said.setdefault(verb, {}).setdefault(fast, []).append(name)
    return ", but ".join(
        f"{verb} {in_words([f'{f} {in_words(n)}' for f, n in own.items()])}"
        for verb, own in sorted(said.items())
    )


def speed(stem: str) -> str:
    """Return how fast production is, in a sentence.

    Each function beside the whiteboard's and each library, in the mean;
    then the comparison that looks worst.
    """
    pairs = {
        ours: [ours.removeprefix("handbook."), *peers(stem).get(ours, [])]
        for ours in limits(stem)
    }
    said, places = [], []
    for ours, (board, *_) in pairs.items():
        dtypes, own = set(), []
        for sweep, _, peer, found in comparisons(stem, {ours: pairs[ours]}):
            dtypes |= {*re.findall(r"float\d+", sweep.setting)}
            other = WHITEBOARD if peer == board else f"`{peer}`"
            own += found.values() if peer == board else ()
            for size, ratio in found.items():
                where = f"{sweep.axis}: {size:,}; {sweep.setting}"
                places.append((ratio, ours, other, where))
        times = {WHITEBOARD: own} | {
            name: leads(stem, name, ours) for name in LIBRARIES
        }
        means = {
            name: statistics.geometric_mean(found)
            for name, found in times.items()
            if found
        }
        dtype = in_words(sorted(dtypes))
        said.append(f"`{ours}` ({dtype}) {beside(means)}")
    ratio, ours, other, where = min(places)
    subject = f"`{ours}`" if len(pairs) > 1 else "it"
    verb, fast = pace(ratio)
    said.append(f"at worst, {subject} {verb} {fast} {other} ({where}).")
    head = "[On average](../guides/measured.md#libraries), from 10,000"
    text = f"{head} numbers on, {'; '.join(said)}"
    return f"{text}\n{{: data-search-exclude }}"  # the whole paragraph


def leads(stem: str, among: str = ALL, of: str = "") -> list[float]:
    """Return our lead over the fastest peer, for each function and size.

    Among some libraries, or all; of one function, or of all.
    """
    fastest: dict[tuple[str, str, int], float] = {}
    for sweep, ours, peer, found in comparisons(stem):
        if peer.startswith(AMONG[among]) and of in ("", ours):
            for size, ratio in found.items():
                place = sweep.key, ours, size
                fastest[place] = min(ratio, fastest.get(place, math.inf))
    return list(fastest.values())


def overall(among: str = ALL) -> tuple[float, float, int]:
    """Return mean and least lead over the challenges, and their number.

    A challenge counts once: the mean over its sizes from 10,000 numbers on
    of the time of the fastest peer, divided by production's.
    """
    own = [leads(stem, among) for stem in STEMS]
    means = [statistics.geometric_mean(found) for found in own if found]
    least = min(chain(*own))
    return statistics.geometric_mean(means), least, len(means)


def headline() -> str:
    """Return how production compares with every library, as a table."""
    lines = [
        row(["library", "its time over ours", "least", "challenges"]),
        row(["---", "---:", "---:", "---:"]),
    ]
    for name in AMONG:
        mean, least, count = overall(name)
        lines.append(row([name, f"{mean:.2f}", f"{least:.2f}", f"{count}"]))
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
