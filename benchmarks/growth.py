"""Measure how the functions of the pages grow, beside what people call.

    make bench              every challenge, ten minutes
    make bench STEM=knn     one of them

`benchmarks/cases/<stem>.py` says what is timed, `benchmarks/results/` holds
what was found, one file a challenge, each with its machine. A run that was
ended goes on where it was when it is started again.

A warm-up does not count, a value takes as many calls as outlast the clock,
functions take turns, and rounds go over everything, so that the values of a
function lie minutes apart. The least is stored, as timeit advises: other
programs can make a call slower, never faster. One thread: BLAS, OpenMP and
PyTorch are held to it.

glibc hands large arrays back to the system until one of 32 MB has been
freed, and keeps the memory of smaller ones from then on. That is where a
run begins, so that the order of the cases does not matter.
"""

import argparse
import json
import math
import platform
import re
import timeit
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from itertools import chain, product
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import Progress, TimeRemainingColumn
from threadpoolctl import threadpool_info, threadpool_limits

from benchmarks.measured import LAST, PACKAGES, RESULTS
from benchmarks.sweeps import Calls, Sweep, sweeps
from handbook import checks
from handbook.page import STEMS

UNFINISHED = RESULTS / "unfinished.json"
ROUNDS = 7
SECONDS_A_VALUE = 0.01
SLOW = 0.2  # a function that takes as long is not tried on larger inputs


def seconds(functions: Calls) -> dict[str, float]:
    """Return the time of a call of each, the functions taking turns.

    To three figures.
    """
    times = {}
    for label, function in functions.items():
        timer = timeit.Timer(function)
        timer.timeit(1)
        once = timer.timeit(1)
        number = math.ceil(SECONDS_A_VALUE / max(once, 1e-7))
        times[label] = float(f"{timer.timeit(number) / number:.3g}")
    return times


def peak_bytes(function: Callable[[], object]) -> int:
    """Return the peak of the memory that a call asks for, its result in it.

    PyTorch's memory is not seen, nor what only a first call needs.
    """
    function()
    return checks.peak_bytes(function, ())


def visit(
    sweep: Sweep, size: int, own: dict[str, Any], peaks: bool
) -> None:
    """Add a round at one size to what was found along a sweep.

    A function that was slow at an earlier size is not tried.
    """
    elements, functions = sweep.at(size)
    point = own.get(str(size))
    if point is None:
        slow = {
            label
            for before in own.values()
            for label, time in before["seconds"].items()
            if time > SLOW
        }
        functions = {k: f for k, f in functions.items() if k not in slow}
        times = dict.fromkeys(functions, math.inf)
        point = {"rounds": 0, "elements": elements, "seconds": times}
        if peaks:
            point["bytes"] = {
                label: peak_bytes(function)
                for label, function in functions.items()
                if "torch" not in label
            }
    least = point["seconds"]
    for label, time in seconds({k: functions[k] for k in least}).items():
        least[label] = min(time, least[label])
    point["rounds"] += 1
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
            if own.get(str(n), {"rounds": 0})["rounds"] <= number:
                visit(sweep, n, own, sweep is sweeps(stem)[0])
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
                label: [point[kind].get(label) for point in own]
                for label in dict.fromkeys(chain(*(p[kind] for p in own)))
            }
            for kind in ("seconds", "bytes")
            if kind in own[0]
        }
        result["sweeps"][sweep.key] = {
            "axis": sweep.axis,
            "setting": sweep.setting,
            "sizes": sizes,
            "fit": list(sweep.fit or sizes[-LAST :: LAST - 1]),
            "elements": [point["elements"] for point in own],
            **curves,
        }
    write(RESULTS / f"{stem}.json", result)


def write(path: Path, data: dict[str, Any]) -> None:
    text = json.dumps(data, indent=1, ensure_ascii=False)
    text = re.sub(r"\[[^\[\]{}]*\]", lambda m: " ".join(m[0].split()), text)
    path.write_text(text + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("stem", nargs="*", help=", ".join(STEMS))
    stems = parser.parse_args().stem or STEMS
    if unknown := set(stems) - set(STEMS):
        parser.error(f"no challenge {unknown}: choose from {STEMS}")
    for stem in stems:  # imports the libraries, to be held below
        sweeps(stem)
    with threadpool_limits(1):
        measure(stems)


if __name__ == "__main__":
    main()
