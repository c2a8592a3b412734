"""Take pictures of the site: python -m tests.browser.screenshots.

Three pages in both palettes at both widths, and with a path as arguments
other pages: python -m tests.browser.screenshots challenges/knn/
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.site import build
from tests.browser.server import Server
from tests.pages import ROOT

FOLDER = ROOT / "screenshots"
PATHS = ("", "challenges/softmax/", "guides/cheatsheet/")


def main(paths: list[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as site,
        Server(Path(site)) as server,
        sync_playwright() as playwright,
    ):
        build(server)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for palette in ("light", "dark"):
            for width in (1280, 360):
                page = browser.new_page(
                    color_scheme=palette,
                    reduced_motion="reduce",
                    viewport={"width": width, "height": 800},
                )
                for path in paths or PATHS:
                    page.goto(server.url + path)
                    name = path.strip("/").replace("/", "_") or "index"
                    file = FOLDER / f"{name}_{palette}_{width}.png"
                    page.screenshot(path=file, full_page=True)
                    print(file.relative_to(ROOT))
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
