"""Measure how light and fast the site is: python -m benchmarks.site.

Lighthouse (mobile preset) looks at one page of each kind, three times; the
medians, the bytes of a first visit and the time of the strict build are
stored in site.json. The guide "How it is verified" shows them.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import ROOT, load, save

STORE = Path(__file__).with_suffix(".json")
KINDS = {
    "the index": "",
    "the longest challenge": "challenges/gradient_descent/",
    "the shortest challenge": "challenges/softmax/",
    "a guide": "guides/verified/",
    "the cheat sheet": "guides/cheatsheet/",
    "the reference": "reference/",
    "the tags": "tags/",
}
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-features=PaintHolding",  # the first frame waits a second
)
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


def lighthouse(url: str, *categories: str) -> dict[str, Any]:
    """Return the report on a page."""
    report = subprocess.run(
        [
            Path(sys.executable).with_name("node"),
            ROOT / "node_modules/lighthouse/cli/index.js",
            url,
            "--quiet",
            "--disable-full-page-screenshot",
            "--output=json",
            f"--only-categories={','.join(categories)}",
            f"--chrome-flags={' '.join(FLAGS)}",
        ],
        env=os.environ | {"CHROME_PATH": shutil.which("chromium") or ""},
        stdout=subprocess.PIPE,
        check=True,
    ).stdout
    return json.loads(report)


def marks(report: dict[str, Any]) -> dict[str, float]:
    """Return the score of each category, 0 to 100."""
    found = report["categories"].items()
    return {name: 100 * category["score"] for name, category in found}


def build(server: Any) -> float:
    """Build the site into the server's folder; return the seconds."""
    start = time.perf_counter()
    subprocess.run(
        ["make", "--silent", "site", f"SITE={server.folder}"],
        cwd=ROOT,
        env=os.environ | {"SITE_URL": server.url},
        stderr=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - start


def measure() -> dict[str, Any]:
    """Return the time of a build, and marks of pages."""
    from tests.browser.server import Server

    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder)) as server,
    ):
        seconds = statistics.median(build(server) for _ in range(3))
        pages = {}
        for kind, path in KINDS.items():
            url = server.url + path
            reports = [lighthouse(url, *CATEGORIES) for _ in range(3)]
            pages[kind] = {
                name: statistics.median(marks(r)[name] for r in reports)
                for name in CATEGORIES
            }
            weight = reports[0]["audits"]["total-byte-weight"]
            pages[kind]["kilobytes"] = weight["numericValue"] / 1000
        return {"build": seconds, "pages": pages}


def table() -> str:
    """Return what is stored as a table; the time depends on the machine."""
    rows = [
        f"| {kind} | {' | '.join(f'{page[c]:.0f}' for c in CATEGORIES)}"
        f" | {page['kilobytes']:.0f} |"
        for kind, page in stored()["pages"].items()
    ]
    head = (
        "| page | performance | accessibility | best practices | SEO | kB |"
    )
    return "\n".join([head, f"|---{5 * '|---:'}|", *rows])


def stored() -> dict[str, Any]:
    """Return what was measured last."""
    return load(STORE)


if __name__ == "__main__":
    save(STORE, measure())
    print(STORE.read_text(encoding="utf-8"))
