"""Measure how long the command line takes: python -m benchmarks.judging.

Whole commands, from their start to their end, the shortest of nine: what
else the machine does can only add. They are stored in judging.json; the
guide "How it is verified" shows them.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import load, save
from handbook.page import STEMS, challenge

STORE = Path(__file__).with_suffix(".json")
HANDBOOK = str(Path(sys.executable).with_name("handbook"))
RUNS = 9
# whoever installs it has it compiled
COMPILED = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}


def run(folder: str, *arguments: str) -> float:
    start = time.perf_counter()
    subprocess.run(
        [HANDBOOK, *arguments],
        cwd=folder,
        env=COMPILED,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - start


def save_until_verdict(folder: str) -> float:
    """Return the time from a save to the verdict under --watch."""
    attempt = Path(folder, "attempts/softmax.py")
    with subprocess.Popen(
        [HANDBOOK, "check", "softmax", "--watch", "--json"],
        cwd=folder,
        env=COMPILED,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout
        process.stdout.readline()
        time.sleep(1)  # the first run is over, nothing else is going on
        start = time.perf_counter()
        attempt.touch()
        process.stdout.readline()
        elapsed = time.perf_counter() - start
        process.terminate()
    return elapsed


def measure() -> dict[str, float]:
    """Return the seconds that each command takes."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "attempts").mkdir()
        for stem in STEMS:
            source = challenge(stem).solution.source
            Path(folder, f"attempts/{stem}.py").write_text(source, "utf-8")

        def least(*arguments: str) -> float:
            return min(run(folder, *arguments) for _ in range(RUNS))

        found = {
            "`handbook --help`": least("--help"),
            "`handbook list`": least("list"),
        }
        for stem in STEMS:
            found[f"`handbook check {stem}`"] = least("check", stem)
        found["`handbook check`, all challenges"] = least("check")
        found["`--watch`, from a save to the verdict on softmax"] = min(
            save_until_verdict(folder) for _ in range(RUNS)
        )
        return found


def table() -> str:
    """Return the stored times as a table."""
    lines = [f"| {name} | {t:.2f} |" for name, t in load(STORE).items()]
    return "\n".join(["| command | seconds |", "|---|---:|", *lines])


if __name__ == "__main__":
    save(STORE, measure())
    print(table())
