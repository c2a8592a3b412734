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
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.browser.server import Server

ROOT = Path(__file__).parent.parent
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
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


def lighthouse(url: str, *categories: str) -> dict[str, float]:
    """Return the scores of a page, 0 to 100."""
    report = subprocess.run(
        [
            ROOT / "node_modules/.bin/lighthouse",
            url,
            "--quiet",
            "--output=json",
            f"--only-categories={','.join(categories)}",
            "--chrome-flags=--headless --no-sandbox",
        ],
        env=os.environ | {"CHROME_PATH": shutil.which("chromium") or ""},
        stdout=subprocess.PIPE,
        check=True,
    ).stdout
    scores = json.loads(report)["categories"]
    return {name: 100 * scores[name]["score"] for name in categories}


def build(server: Server) -> float:
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
    """Return the seconds of a build, and the scores and bytes of pages."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder)) as server,
    ):
        seconds = statistics.median(build(server) for _ in range(3))
        pages = {}
        for kind, path in KINDS.items():
            server.sent.clear()
            runs = [
                lighthouse(server.url + path, *CATEGORIES) for _ in range(3)
            ]
            pages[kind] = {
                name: statistics.median(run[name] for run in runs)
                for name in CATEGORIES
            }
            pages[kind]["kilobytes"] = sum(server.sent.values()) / 3e3
        return {"build": seconds, "pages": pages}


def table() -> str:
    """Return what is stored as a table."""
    rows = [
        f"| {kind} | {' | '.join(f'{page[c]:.0f}' for c in CATEGORIES)}"
        f" | {page['kilobytes']:.0f} |"
        for kind, page in stored()["pages"].items()
    ]
    head = (
        "| page | performance | accessibility | best practices | SEO | kB |"
    )
    return "\n".join([head, "|---|---:|---:|---:|---:|---:|", *rows])


def stored() -> dict[str, Any]:
    """Return what was measured last."""
    return json.loads(STORE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    text = json.dumps(measure(), indent=2) + "\n"
    STORE.write_text(text, encoding="utf-8")
    print(text)
