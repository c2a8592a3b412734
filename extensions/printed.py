"""Print the cheat sheet and the booklet: python -m extensions.printed SITE.

handbook-cheatsheet.pdf and handbook-booklet.pdf are what a reader prints
from the pages of a built site, with a footer. Their links lead to where the
site will stand.
"""

import re
import shutil
import sys
from pathlib import Path

try:
    from playwright.sync_api import Browser, Route, sync_playwright
except ModuleNotFoundError:
    sys.exit('printing needs Playwright: pip install -e ".[browser]"')

PRINTED = ("cheatsheet", "booklet")
HOME = re.compile(r'<link rel="canonical" href="([^"]+)"')
FOOTER = """\
<div style="font: 7pt sans-serif; text-align: center; width: 100%">
<span class="title"></span> · <span class="pageNumber"></span></div>"""


def write(browser: Browser, site: Path, folder: Path) -> None:
    """Print the pages of a built site into a folder."""
    web = HOME.findall((site / "index.html").read_text("utf-8"))[0]

    def answer(route: Route) -> None:
        file = site / route.request.url.removeprefix(web)
        route.fulfill(path=file / "index.html" if file.is_dir() else file)

    context = browser.new_context(service_workers="block")
    context.route(f"{web}**", answer)
    page = context.new_page()
    for name in PRINTED:
        page.goto(f"{web}guides/{name}/")
        page.pdf(
            path=folder / f"handbook-{name}.pdf",
            format="A4",
            prefer_css_page_size=True,
            display_header_footer=True,
            header_template="<span></span>",
            footer_template=FOOTER,
            outline=True,
            tagged=True,
        )
    context.close()


if __name__ == "__main__":
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        write(chromium, Path(sys.argv[1]), Path())
        chromium.close()
