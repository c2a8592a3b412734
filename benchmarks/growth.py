"""Measure how the functions of the pages grow, beside what people call.

    make bench                                      everything, 10 minutes
    .venv/bin/python -m benchmarks.growth softmax   these challenges only
    .venv/bin/python -m benchmarks.growth --show    print what is stored

`benchmarks/cases/<stem>.py` says what is timed, `benchmarks/results/` holds
what was found, one file a challenge. A run that was ended goes on where it
was when it is started again.

The clock is timeit's, which keeps the garbage collector out, and the rules
are those of pyperf and asv: a warm-up that does not count, as many calls a
value as it takes to outlast the clock, functions that take turns, and
rounds over everything, so that the values of a function lie minutes apart.
All of them are stored, and the least is shown, as timeit advises: a machine
that is shared with others has slow minutes, of which a median is made up by
chance. choice() says how often. One thread: BLAS, OpenMP and PyTorch are
held to it.

glibc hands large arrays back to the system until one of 32 MB has been
freed, and keeps the memory of smaller ones from then on. That is where a
run begins, so that the order of the cases does not matter.
"""

import argparse
import json
import math
import platform
import re
import statistics
import timeit
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import import_module
from importlib.metadata import version
from itertools import chain, filterfalse, product
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import Progress, TimeRemainingColumn
from threadpoolctl import threadpool_info, threadpool_limits

import handbook
from tests.pages import ROOT, STEMS, challenge

RESULTS = ROOT / "benchmarks" / "results"
UNFINISHED = RESULTS / "unfinished.json"
ROUNDS = 7
SECONDS_A_VALUE = 0.01
SLOW = 0.2  # a function that takes as long is not tried on larger inputs
CLOSE = 0.15  # to a claimed exponent
EQUAL = 0.95  # of a library's speed, and more, counts as equal
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

Functions = dict[str, Callable[[], object]]


@dataclass(frozen=True)
class Sweep:
    """An axis along which the functions of a challenge are measured."""

    key: str  # of the figure, <stem>_<key>
    axis: str  # what the sizes are, such as "rows"
    setting: str  # what does not change
    sizes: tuple[int, ...]  # in the order of their times
    functions: Callable[[int], Functions]
    others: Callable[[int], Functions]  # those of the extra "peers"
    elements: Callable[[int], int]  # how many numbers the input holds
    exponents: dict[str, float]  # claimed by the page
    # the sizes between which an exponent is fitted, else the last decade
    fit: tuple[int, int] | None = None
    crossings: tuple[tuple[str, str], ...] = ()
    peers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # exponents of the peak, where it is measured as well
    memory: dict[str, float] = field(default_factory=dict)


@cache
def on_page(stem: str) -> dict[str, Callable[..., Any]]:
    """Return the functions of a challenge's page, as printed there.

    Under the name of a public function it is the package's.
    """
    namespace: dict[str, Callable[..., Any]] = {}
    for fence in challenge(stem).fences:
        if fence.functions:
            own: dict[str, Any] = {}
            exec(fence.source, own)
            namespace |= {name: own[name] for name in fence.functions}
    public = {name: getattr(handbook, name) for name in handbook.__all__}
    return namespace | public


def sweeps(stem: str) -> list[Sweep]:
    """Return what is to be measured of a challenge."""
    return import_module(f"benchmarks.cases.{stem}").SWEEPS


def calls(stem: str, names: str, *arguments: Any) -> Functions:
    """Return calls of functions of a page, by their names."""
    page = on_page(stem)
    return {
        name: lambda f=page[name]: f(*arguments) for name in names.split()
    }


def normal(
    *shape: int, dtype: str = "float64", seed: int = 0
) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.standard_normal(shape).astype(dtype)


def pytorch() -> Any:
    """Return PyTorch, held to one thread."""
    import torch

    torch.set_num_threads(1)
    return torch


def steps(first: int, last: int) -> tuple[int, ...]:
    """Return 1, 2, 5, 10, 20, 50 and so on, from the first to the last."""
    digits = range(len(str(last)))
    series = [m * 10**e for e in digits for m in (1, 2, 5)]
    return tuple(s for s in series if first <= s <= last)


def seconds(functions: Functions) -> dict[str, float]:
    """Return the time of a call of each, the functions taking turns."""
    times = {}
    for label, function in functions.items():
        timer = timeit.Timer(function)
        timer.timeit(1)
        once = timer.timeit(1)
        number = math.ceil(SECONDS_A_VALUE / max(once, 1e-7))
        times[label] = timer.timeit(number) / number
    return times


def peak_bytes(function: Callable[[], object]) -> int:
    """Return the peak of the memory that a call asks for, its result in it.

    PyTorch's memory is not seen, nor what only a first call needs.
    """
    function()
    tracemalloc.start()
    function()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def visit(sweep: Sweep, size: int, own: dict[str, Any]) -> None:
    """Add a round at one size to what was found along a sweep.

    A function that was slow at an earlier size is not tried.
    """
    functions = sweep.functions(size) | sweep.others(size)
    point = own.get(str(size))
    if point is None:
        slow = {
            label
            for before in own.values()
            for label, values in before["seconds"].items()
            if min(values) > SLOW
        }
        functions = {k: f for k, f in functions.items() if k not in slow}
        point = {"seconds": {label: [] for label in functions}}
        if sweep.memory:
            point["bytes"] = {
                label: peak_bytes(function)
                for label, function in functions.items()
                if "torch" not in label
            }
    functions = {label: functions[label] for label in point["seconds"]}
    for label, time in seconds(functions).items():
        point["seconds"][label].append(time)
    own[str(size)] = point


def machine() -> dict[str, str]:
    """Return what the times depend on."""
    (blas,) = [
        f"{pool['internal_api']} {pool['version']}, "
        f"{pool.get('architecture', '?')} kernel"
        for pool in threadpool_info()
        if pool["user_api"] == "blas" and "numpy" in pool["filepath"]
    ]
    level = np.lib.introspect.opt_func_info(func_name="^exp$")
    cpuinfo = Path("/proc/cpuinfo")
    text = cpuinfo.read_text(encoding="utf-8") if cpuinfo.exists() else ""
    found = re.search(r"^model name\s*: (.+)$", text, re.MULTILINE)
    return {
        "processor": found[1] if found else platform.machine(),
        "threads": "1",
        "python": platform.python_version(),
        "simd": level["exp"]["dd"]["current"],
        "blas": blas,
        **{package: version(package) for package in PACKAGES},
    }


def measure(stems: list[str]) -> None:
    """Measure all rounds, then store the results of each challenge."""
    here = machine()
    done: dict[str, Any] = {}
    if UNFINISHED.exists():
        done = json.loads(UNFINISHED.read_text(encoding="utf-8"))
    if done.get("machine") != here:
        done = {"machine": here, "points": {}}
    points = done["points"]
    todo = [(s, w, n) for s in stems for w in sweeps(s) for n in w.sizes]
    np.ones(4_000_000)  # 32 MB, freed at once
    columns = [*Progress.get_default_columns()[:-1], TimeRemainingColumn()]
    with Progress(*columns, auto_refresh=False) as progress:  # no thread
        task = progress.add_task("", total=ROUNDS * len(todo))
        for number, (stem, sweep, n) in product(range(ROUNDS), todo):
            text = f"round {number + 1} {stem} {sweep.key} {n:,}"
            progress.update(task, description=text)
            progress.refresh()
            own = points.setdefault(stem, {}).setdefault(sweep.key, {})
            seen = own.get(str(n), {"seconds": {}})["seconds"].values()
            if min(map(len, seen), default=0) <= number:
                visit(sweep, n, own)
            if n == sweep.sizes[-1]:
                write(UNFINISHED, done)
            progress.advance(task)
    for stem in stems:
        store(stem, here, points.pop(stem))
    if points:
        write(UNFINISHED, done)
    else:
        UNFINISHED.unlink()


def store(stem: str, here: dict[str, str], points: dict[str, Any]) -> None:
    """Write the results of a challenge, a list for each curve."""
    result: dict[str, Any] = {
        "machine": here | {"date": date.today().isoformat()},
        "sweeps": {},
    }
    for sweep in sweeps(stem):
        sizes = sorted(sweep.sizes)
        own = [points[sweep.key][str(size)] for size in sizes]
        curves = {
            kind: {
                label: [
                    rounded_off(point[kind].get(label)) for point in own
                ]
                for label in dict.fromkeys(chain(*(p[kind] for p in own)))
            }
            for kind in own[0]
        }
        result["sweeps"][sweep.key] = {
            "axis": sweep.axis,
            "setting": sweep.setting,
            "sizes": sizes,
            "fit": list(sweep.fit or sizes[-LAST :: LAST - 1]),
            "elements": [sweep.elements(size) for size in sizes],
            **curves,
        }
    write(RESULTS / f"{stem}.json", result)


def rounded_off(
    found: list[float] | int | None,
) -> list[float] | int | None:
    """Return the times of a function at one size, to three figures."""
    if isinstance(found, list):
        return [float(f"{value:.3g}") for value in found]
    return found


def write(path: Path, data: dict[str, Any]) -> None:
    text = json.dumps(data, indent=1, ensure_ascii=False)
    text = re.sub(r"\[[^\[\]{}]*\]", lambda m: " ".join(m[0].split()), text)
    path.write_text(text + "\n", encoding="utf-8")


@cache
def stored(
    stem: str, pick: Callable[[list[float]], float] = min
) -> dict[str, Any]:
    """Return what the last run has left of a challenge.

    ``pick`` makes one of the times of a function at one size.
    """
    path = RESULTS / f"{stem}.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    for found in data["sweeps"].values():
        found["seconds"] = {
            label: [values and pick(values) for values in points]
            for label, points in found["seconds"].items()
        }
    return data


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
    return "" if math.isnan(value) else f"{value:.2f}".replace("-", "−")


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


def section(stem: str) -> str:
    """Return what the Complexity section of a page shows."""
    parts = []
    for sweep in sweeps(stem):
        time, *memory = images(stem, sweep)
        parts += [time, table(stem, sweep.key)]
        if memory:
            parts += [*memory, table(stem, sweep.key, "bytes")]
    return "\n\n".join(parts)


def gallery() -> str:
    """Return all figures, a heading and a link for each challenge."""
    parts = []
    for stem in STEMS:
        title = challenge(stem).front["title"]
        link = f"[{title}](../challenges/{stem}.md#complexity)"
        parts.append(f"### {link} {{ data-search-exclude }}")
        parts += [i for sweep in sweeps(stem) for i in images(stem, sweep)]
    return "\n\n".join(parts)


def rounded(size: float) -> str:
    """Return a size to two figures."""
    return f"{float(f'{size:.2g}'):,.0f}"


def outside(peer: str) -> bool:
    """Return whether a peer is outside the ecosystem of NumPy."""
    return peer.startswith(("bottleneck", "torch"))


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
    """Return how many times as fast as its peers each solution is."""
    tables: dict[str, list[str]] = {}
    for stem in STEMS:
        for sweep in sweeps(stem):
            found = stored(stem)["sweeps"][sweep.key]
            for ours, peers in sweep.peers.items():
                lines = tables.setdefault(
                    ours,
                    [
                        row([f"`{ours}` against", *HEAD]),
                        row(["---", "---:", "---:", "---:", "---"]),
                    ],
                )
                for peer in peers:
                    sizes, values = zip(
                        *times_as_fast(found, ours, peer), strict=True
                    )
                    ends = dict.fromkeys([sizes[0], sizes[-1]])
                    span = " to ".join(f"{size:,}" for size in ends)
                    mean = statistics.geometric_mean(values)
                    shown = min(values), mean, max(values)
                    lines.append(
                        row(
                            [
                                peer,
                                *(f"{ratio:.2f}" for ratio in shown),
                                f"{sweep.axis}: {span}; {sweep.setting}",
                            ]
                        )
                    )
    return "\n\n".join("\n".join(lines) for lines in tables.values())


def overall(pick: Callable[[list[float]], float] = min) -> float:
    """Return the geometric mean of the ten, each against the fastest peer.

    A challenge counts once: the mean over its sizes from 10,000 numbers on
    of the time of the fastest peer of the ecosystem, divided by ours.
    """
    return statistics.geometric_mean(
        statistics.geometric_mean(leads(stem, pick).values())
        for stem in STEMS
    )


def sentence() -> str:
    """Return what overall() found, as a sentence."""
    return (
        f"In the geometric mean over the ten challenges the solution is"
        f" **{overall():.2f}** times as fast as the fastest peer, and"
        f" {overall(statistics.median):.2f} times by medians."
    )


def leads(
    stem: str, pick: Callable[[list[float]], float] = min
) -> dict[tuple[str, str, int], float]:
    """Return our lead over the fastest peer: sweep, function, size."""
    leads: dict[tuple[str, str, int], float] = {}
    for sweep in sweeps(stem):
        found = stored(stem, pick)["sweeps"][sweep.key]
        for ours, peers in sweep.peers.items():
            for peer in filterfalse(outside, peers):
                for n, ratio in times_as_fast(found, ours, peer):
                    place = sweep.key, ours, n
                    leads[place] = min(ratio, leads.get(place, math.inf))
    return leads


def behind(stem: str) -> str:
    """Return how far a challenge is behind, a sentence for each function.

    Empty if no library is ahead by more than 5 %.
    """
    least: dict[str, dict[str, tuple[float, str]]] = {}
    for sweep in sweeps(stem):
        found = stored(stem)["sweeps"][sweep.key]
        for ours, peers in sweep.peers.items():
            own = least.setdefault(ours, {})
            for peer in peers:
                for size, ratio in times_as_fast(found, ours, peer):
                    here = ratio, f"{sweep.axis}: {size:,}"
                    if ratio < EQUAL:
                        own[peer] = min(here, own.get(peer, here))
    said = [
        f"`{ours}` has at worst "
        + ", ".join(
            f"{ratio:.2f} of the speed of `{peer}` ({where})"
            for peer, (ratio, where) in own.items()
        )
        for ours, own in least.items()
        if own
    ]
    text = f"**Where a library is ahead.** {'; '.join(said)}."
    return f"{text}\n{{ data-search-exclude }}" if said else ""


def choice() -> str:
    """Return what the medians would have shown instead, as a sentence."""
    above, off, claims = [], 0, 0
    for stem in STEMS:
        for sweep in sweeps(stem):
            key = sweep.key
            least, median = (
                stored(stem, pick)["sweeps"][key]
                for pick in (min, statistics.median)
            )
            for label in least["seconds"]:
                ratios = curve(median, label)[1] / curve(least, label)[1]
                above += list(ratios - 1)
            for label, power in sweep.exponents.items():
                claims += 1
                off += abs(exponent(median, label) - power) > CLOSE
    half, twentieth = np.quantile(above, [0.5, 0.95])
    return (
        f"Half of the medians lie more than {half:.0%} above the least,"
        f" one in twenty more than {twentieth:.0%}; by medians {off} of"
        f" the {claims} exponents that the pages claim would miss by more"
        f" than {CLOSE}, by the least none does."
    ).replace("%", " %")


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("stem", nargs="*", help=", ".join(STEMS))
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    stems = arguments.stem or STEMS
    if unknown := set(stems) - set(STEMS):
        parser.error(f"no challenge {unknown}: choose from {STEMS}")
    if not arguments.show:
        for stem in stems:  # imports the libraries, to be held below
            sweeps(stem)
        with threadpool_limits(1):
            measure(stems)
    for stem in stems:
        print(f"\n{stem}\n\n{section(stem)}")
    if not arguments.stem:
        parts = gallery(), ratios(), sentence(), setting(), choice()
        print(*parts, sep="\n\n")


if __name__ == "__main__":
    main()
