"""Measure what a practice pad takes: python -m benchmarks.pad.

The seconds from *Check* to the verdict on softmax, in a new browser,
after a reload and after another run; the bytes over the wire; and
the memory of the page's process, as Linux counts it, with the Python that
waits for the next run. The least of three profiles is stored in pad.json;
the guide "How it is verified" shows it.

The CDN's files come from this machine: its network is not measured.
"""

import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import load, save
from benchmarks.site import build
from handbook.page import challenge

STORE = Path(__file__).with_suffix(".json")
PROFILES = (3, 3, 10)  # how many runs each has


class Memory:
    """The memory of a browser's largest page, when nothing goes on."""

    def __init__(self, browser: Any) -> None:
        self.session = browser.new_browser_cdp_session()

    def processes(self) -> list[dict[str, Any]]:
        return self.session.send("SystemInfo.getProcessInfo")["processInfo"]

    def megabytes(self) -> float:
        busy = 0.0
        while True:
            seconds = sum(p["cpuTime"] for p in self.processes())
            if seconds - busy < 0.1:
                break
            busy = seconds
            time.sleep(1)
        return max(
            proportional(process["id"])
            for process in self.processes()
            if process["type"] == "renderer"
        )


def proportional(process: int) -> float:
    """Return the MB of a process, and its share of what others share."""
    text = Path(f"/proc/{process}/smaps_rollup").read_text("ascii")
    (line,) = (t for t in text.splitlines() if t.startswith("Pss:"))
    return int(line.split()[1]) * 1024 / 1e6


def profile(browser: Any, server: Any, runs: int) -> dict[str, float]:
    """Return what the pad takes in a browser that has kept nothing."""
    from tests.browser.pad import CDN, Pad, answer, on_the_wire

    solution = challenge("softmax").solution.source
    asked: list[str] = []
    context = browser.new_context(service_workers="block")  # fetches twice
    context.route(f"{CDN}**", answer)
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    memory = Memory(browser)

    def seconds() -> float:
        start = time.perf_counter()
        assert Pad(page).run(solution)["accepted"]
        return time.perf_counter() - start

    def fetched() -> float:
        names = [u.split("/")[-1] for u in asked if u.startswith(CDN)]
        return sum(map(on_the_wire, names)) / 1e6

    page.goto(f"{server.url}challenges/softmax/")
    found = {"memory before": memory.megabytes()}
    server.sent.clear()
    Pad(page).open()
    found["cold"] = seconds()
    found["wire cold"] = fetched() + sum(server.sent.values()) / 1e6
    found["memory after one"] = memory.megabytes()
    found["ready"] = seconds()
    found["later"] = min(seconds() for _ in range(runs - 2))
    if runs == max(PROFILES):
        found["memory after ten"] = memory.megabytes()
    page.reload()
    asked.clear()
    found["warm"] = seconds()
    found["wire warm"] = fetched()
    context.close()
    return found


def measure() -> dict[str, float]:
    """Return the least of each over the profiles."""
    from playwright.sync_api import sync_playwright

    from tests.browser.pad import expect_lock
    from tests.browser.server import Server

    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder)) as server,
        sync_playwright() as playwright,
    ):
        build(server)
        expect_lock(server.folder)
        profiles = []
        for runs in PROFILES:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"),
                args=["--no-sandbox"],
            )
            profiles.append(profile(browser, server, runs))
            browser.close()
    least = {
        key: min(p[key] for p in profiles if key in p)
        for key in profiles[-1]
    }
    # by its own work alone at most 1
    return least | {"load": os.getloadavg()[1] / (os.cpu_count() or 1)}


def table() -> str:
    """Return what is stored as a table."""
    found = stored()
    rows = {
        "the first run in a new browser": f"{found['cold']:.1f} s",
        "the first run after a reload": f"{found['warm']:.1f} s",
        "a run straight after another": f"{found['later']:.1f} s",
        "a run some seconds after another": f"{found['ready']:.1f} s",
        "over the wire for the first run": f"{found['wire cold']:.1f} MB",
        "from the CDN after a reload": f"{found['wire warm']:.1f} MB",
        "memory before a run": f"{found['memory before']:.0f} MB",
        "after one run": f"{found['memory after one']:.0f} MB",
        "after ten runs": f"{found['memory after ten']:.0f} MB",
        "load of the machine meanwhile, per core": f"{found['load']:.1f}",
    }
    lines = [f"| {name} | {value} |" for name, value in rows.items()]
    return "\n".join(["| softmax in the pad | |", "|---|---:|", *lines])


def stored() -> dict[str, float]:
    """Return what was measured last."""
    return load(STORE)


if __name__ == "__main__":
    save(STORE, measure())
    print(table())
