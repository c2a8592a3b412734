"""The practice pad of a page, and a CDN that answers from npm's files.

NumPy for Pyodide comes from another npm package than Pyodide, with another
hash, so the lock file that is served names that hash.
"""

import gzip
import hashlib
import io
import json
import os
import re
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from playwright.sync_api import Page, Route, expect

from tests.pages import ROOT

CDN = "https://cdn.jsdelivr.net/"
CORE = ROOT / "node_modules/pyodide"
NUMPY = "node_modules/@bentopdf/pymupdf-wasm/assets/numpy-*.whl"
# No limit of 15 s or more passes by itself, however busy the machine is
PATIENT = """
window.late = [];
window.setTimeout = ((own) => (f, ms, ...rest) =>
  ms >= 15_000 ? late.push(f) : own(f, ms, ...rest))(setTimeout);
"""
PINS = re.compile(r'"([\w.-]+)": "(sha256-[^"]+)"')


def pin(content: bytes) -> str:
    """The pin of a file that has this content."""
    return f"sha256-{b64encode(hashlib.sha256(content).digest()).decode()}"


def wheel() -> Path:
    return next(ROOT.glob(NUMPY))


@cache
def numpy() -> bytes:
    """NumPy's wheel, compressed as the CDN has it."""
    out = io.BytesIO()
    with (
        ZipFile(wheel()) as stored,
        ZipFile(out, "w", ZIP_DEFLATED) as compressed,
    ):
        for info in stored.infolist():
            name = ZipInfo(info.filename)  # the same bytes each time
            name.compress_type = ZIP_DEFLATED
            compressed.writestr(name, stored.read(info))
    return out.getvalue()


@cache
def lock() -> bytes:
    """Pyodide's lock file; NumPy's wheel is one with another hash."""
    found = json.loads((CORE / "pyodide-lock.json").read_bytes())
    entry = found["packages"]["numpy"]
    assert entry["version"] in wheel().name
    entry["sha256"] = hashlib.sha256(numpy()).hexdigest()
    return json.dumps(found).encode()


def expect_lock(site: Path) -> None:
    """Let the pad of a built site expect the lock file of `lock`."""
    files = site / "assets/pyodide.mjs"
    text = files.read_text(encoding="utf-8")
    old = dict(PINS.findall(text))["pyodide-lock.json"]
    new = files.with_suffix(f".{os.getpid()}")  # others read it meanwhile
    new.write_text(text.replace(old, pin(lock())), encoding="utf-8")
    new.replace(files)


def content(name: str) -> bytes:
    """What the CDN has under a name, from npm."""
    if name == "pyodide-lock.json":
        return lock()
    if name.startswith("numpy"):
        return numpy()
    return (CORE / name).read_bytes()


@cache
def on_the_wire(name: str) -> int:
    """How many bytes of it the CDN sends."""
    return len(gzip.compress(content(name)))


def answer(route: Route) -> None:
    """Answer for the CDN with the files that it has from npm."""
    name = route.request.url.rsplit("/", 1)[1]
    kind = (
        "application/wasm" if name.endswith("wasm") else "text/javascript"
    )
    headers = {"Access-Control-Allow-Origin": "*", "Content-Type": kind}
    route.fulfill(body=content(name), headers=headers)


def connect(page: Page) -> None:
    """Answer for the CDN, and leave it to the test when time is over."""
    page.context.route(f"{CDN}**", answer)
    page.context.add_init_script(PATIENT)
    page.evaluate(PATIENT)


class Pad:
    """The pad of a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.place = page.locator(".practice")
        self.status = self.place.locator(".verdict")
        self.notice = page.locator(".practice-pad > .practice-notice")
        self.text = page.get_by_label("Your solution")
        self.scratch = page.get_by_label("Scratch")
        self.trial = self.place.locator(".practice-tried > p")
        self.output = self.place.locator(".practice-tried pre")
        self.rows = self.place.locator(".practice-results > li")

    def open(self) -> "Pad":
        self.page.get_by_role("button", name="Write your").click()
        expect(self.text).to_be_focused()
        return self

    def type(self, text: str) -> str:
        """Type key by key into the emptied editor; return its text."""
        self.text.press("ControlOrMeta+A")
        self.text.press("Delete")
        self.text.press_sequentially(text)
        return self.text.input_value()

    def press(self, name: str) -> None:
        self.place.get_by_role("button", name=name, exact=True).click()

    def let_time_pass(self) -> None:
        """Let every limit pass that the page waits for."""
        self.page.evaluate("late.forEach((pass) => pass())")

    def judged(self) -> dict[str, Any]:
        """Wait for the run that goes on; return its report."""
        report = "document.querySelector('.practice').report"
        self.page.wait_for_function(report, timeout=120_000)
        return self.page.evaluate(report)

    def tried(self, sentence: str) -> str:
        """Wait for the trial that goes on; return what it shows."""
        expect(self.trial).to_have_text(sentence, timeout=120_000)
        return self.output.inner_text()

    def run(self, source: str) -> dict[str, Any]:
        self.text.fill(source)
        self.press("Check")
        return self.judged()
