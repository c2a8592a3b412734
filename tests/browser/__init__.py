"""The site in a browser: what a reader sees, reaches, copies and prints."""

from tests.pages import PAGES, ROOT


def address(page):
    """The address of a page, below that of the site."""
    path = page.path.relative_to(ROOT / "docs").with_suffix("").as_posix()
    return "" if path == "index" else f"{path}/"


PATHS = [address(page) for page in PAGES]
MISSING = "challenges/soft-max/"  # what a reader may have typed
# What a browser would not lay out before it is near the screen
LAID_OUT = ".part, .doc-contents { content-visibility: visible !important }"
