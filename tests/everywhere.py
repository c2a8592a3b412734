"""Run the tests as other machines would: make test-everywhere.

An old processor, a locale that knows no UTF-8, another time zone and hash
seed, documents before tests; a folder whose name holds a space and an
umlaut; and there the tests (not the examples of a page) in any order.
`--quick` runs the first variation, without the tests of the judge and the
site, which do most of their work in other processes.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from tests.pages import ROOT

LEFT_OUT = (".git", ".venv", "node_modules", "site", ".*_cache", "*.pyc")


def without_simd() -> str:
    """Name what this processor has beyond the least that NumPy runs on."""
    found = np._core._multiarray_umath
    return " ".join(
        name
        for name in found.__cpu_dispatch__
        if found.__cpu_features__.get(name)
    )


OLD = {
    "NPY_DISABLE_CPU_FEATURES": without_simd(),
    "OPENBLAS_CORETYPE": "Prescott",  # others than x86 do not look at it
    "LC_ALL": "C",
    "PYTHONCOERCECLOCALE": "0",
    "PYTHONUTF8": "0",
    "PYTHONHASHSEED": "1",
    "TZ": "Pacific/Kiritimati",
}
UMLAUT = Path(tempfile.gettempdir(), "Hand büch")
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "docs", "handbook"]
VARIATIONS: dict[str, tuple[Path, dict[str, str], list[str]]] = {
    "an old processor, a C locale, another time zone": (
        ROOT,
        OLD,
        [*DOCUMENTS, "tests"],
    ),
    "documents in a folder with a space and an umlaut": (
        UMLAUT,
        {},
        DOCUMENTS,
    ),
    "tests in any order, in that folder": (
        UMLAUT,
        {},
        ["tests", "--random-order-bucket=global"],
    ),
}
SLOW = "test_attempts", "test_judge", "test_cli", "test_closed_world"


def run(folder: Path, env: dict[str, str], arguments: list[str]) -> int:
    """Run docs before tests; return the exit status."""
    if folder != ROOT:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(
            ROOT, folder, ignore=shutil.ignore_patterns(*LEFT_OUT)
        )
    command = [
        *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider"),
        *("--quiet", "--numprocesses=auto", "--dist=loadfile", *arguments),
        *("--ignore=tests/browser", "--deselect=tests/test_site.py"),
    ]
    print(" ".join(map(str, command)), flush=True)
    return subprocess.call(command, cwd=folder, env=os.environ | env)


if __name__ == "__main__":
    quick = "--quick" in sys.argv
    failed = []
    for name in list(VARIATIONS)[: 1 if quick else None]:
        print(f"\n{name}", flush=True)
        folder, env, arguments = VARIATIONS[name]
        if quick:
            arguments += [f"--ignore=tests/{name}.py" for name in SLOW]
        if run(folder, env, arguments):
            failed.append(name)
    sys.exit("\n".join(["failed:", *failed]) if failed else 0)
