"""The practice pad of a page, and a CDN that answers from npm's files.

NumPy for Pyodide comes from another npm package than Pyodide, with another
hash, so the lock file that is served names that hash.
"""

import hashlib
import json
import os
import re
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route, expect

from tests.pages import ROOT

CDN = "https://cdn.jsdelivr.net/"
CORE = ROOT / "node_modules/pyodide"
NUMPY = "node_modules/@bentopdf/pymupdf-wasm/assets/numpy-*.whl"
PINS = re.compile(r'"([\w.-]+)": "(sha256-[^"]+)"')


def pin(content: bytes) -> str:
    """The pin of a file that has this content."""
    return f"sha256-{b64encode(hashlib.sha256(content).digest()).decode()}"


def wheel() -> Path:
    return next(ROOT.glob(NUMPY))


@cache
def lock() -> bytes:
    """Pyodide's lock file; NumPy's wheel is one with another hash."""
    content = json.loads((CORE / "pyodide-lock.json").read_bytes())
    numpy = content["packages"]["numpy"]
    assert numpy["version"] in wheel().name
    numpy["sha256"] = hashlib.sha256(wheel().read_bytes()).hexdigest()
    return json.dumps(content).encode()


def expect_lock(site: Path) -> None:
    """Let the worker of a built site expect the lock file of `lock`."""
    worker = site / "assets/python.mjs"
    text = worker.read_text(encoding="utf-8")
    old = dict(PINS.findall(text))["pyodide-lock.json"]
    new = worker.with_suffix(f".{os.getpid()}")  # others read it meanwhile
    new.write_text(text.replace(old, pin(lock())), encoding="utf-8")
    new.replace(worker)


def answer(route: Route) -> None:
    """Answer for the CDN with the files that it has from npm."""
    name = route.request.url.rsplit("/", 1)[1]
    kind = (
        "application/wasm" if name.endswith("wasm") else "text/javascript"
    )
    if name == "pyodide-lock.json":
        content = lock()
    elif name.startswith("numpy"):
        content = wheel().read_bytes()
    else:
        content = (CORE / name).read_bytes()
    headers = {"Access-Control-Allow-Origin": "*", "Content-Type": kind}
    route.fulfill(body=content, headers=headers)


class Pad:
    """The pad of a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.place = page.locator(".practice")
        self.status = self.place.get_by_role("status")
        self.text = page.get_by_label("Your solution")
        self.rows = self.place.locator(".practice-results > li")

    def open(self) -> "Pad":
        self.page.get_by_role("button", name="Write your").click()
        expect(self.text).to_be_focused()
        return self

    def press(self, name: str) -> None:
        self.place.get_by_role("button", name=name).click()

    def judged(self) -> dict[str, Any]:
        """Wait for the run that goes on; return its report."""
        report = "document.querySelector('.practice').report"
        self.page.wait_for_function(report, timeout=120_000)
        return self.page.evaluate(report)

    def run(self, source: str) -> dict[str, Any]:
        self.text.fill(source)
        self.press("Run checks")
        return self.judged()
