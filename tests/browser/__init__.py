"""The site in a browser: what a reader sees, reaches, copies and prints."""

import re
from html.parser import HTMLParser
from unicodedata import normalize

from handbook.page import challenge, in_order
from tests.pages import PAGES, ROOT, SHEETS

SITE = ROOT / "site"  # as make test-browser builds it, once for all workers


def address(page):
    """The address of a page, below that of the site."""
    path = page.path.relative_to(ROOT / "docs").with_suffix("").as_posix()
    return "" if path == "index" else f"{path}/"


PATHS = [address(page) for page in PAGES]
MISSING = "challenges/soft-max/"  # what a reader may have typed
SETTINGS = [(p, w) for p in ("light", "dark") for w in (1280, 360)]
SOLVED = "numpy-handbook.solved"  # where a browser keeps the marks
CLIPBOARD = ["clipboard-read", "clipboard-write"]  # to be permitted
# A browser that keeps nothing
REFUSED = """
Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("refused", "SecurityError"); },
});
"""
# What axe finds
RUN = """
async ([context, rules]) => {
  const options = {resultTypes: ["violations"]};
  if (rules) options.runOnly = rules;
  const {violations} = await axe.run(context ?? document, options);
  return violations.flatMap(({id, nodes}) => nodes.map((node) =>
    `${id}: ${node.target}\n${node.html}\n${node.failureSummary}`));
}
"""


def fences(path):
    """The blocks of a page, and those that it takes from the challenges."""
    page = PAGES[PATHS.index(path)]
    if page.path.stem in SHEETS:
        return [challenge(stem).solution for stem in in_order()]
    return page.fences


class Kinds(HTMLParser):
    """Collect the kinds of elements of a page: names and classes, and
    those of the part that they stand in; tokens, formulas and drawings are
    alike in every part.
    """

    VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "path"})

    def __init__(self):
        super().__init__()
        self.open, self.found = [""], set()

    def handle_starttag(self, tag, attrs):
        classes = sorted((dict(attrs).get("class") or "").split())
        kind = ".".join([tag, *classes])
        alike = [k for k in self.open if k in ("code", "math", "svg")]
        parts = alike or [k for k in self.open if "." in k]
        self.found.add((*parts[-1:], kind))
        if tag not in self.VOID:
            self.open.append(kind)

    def handle_endtag(self, tag):
        while len(self.open) > 1 and tag not in self.VOID:
            if self.open.pop().split(".")[0] == tag:
                break


def squeezed(text):
    """Without blanks, and without the ligatures of a PDF."""
    return re.sub(r"\s", "", normalize("NFKC", text))


def built(path):
    """The HTML of a page."""
    return (SITE / path / "index.html").read_text(encoding="utf-8")


def kinds(path):
    """The kinds of elements in the article of a built page."""
    parser = Kinds()
    article = re.search(r"<article.*</article>", built(path), re.DOTALL)
    parser.feed(article[0])
    return parser.found


def cover(paths):
    """The fewest pages, found greedily, that show every kind of element.

    A kind that is new widens it by itself.
    """
    own = {path: kinds(path) for path in paths}
    left, chosen = set().union(*own.values()), []
    while left:
        best = max(paths, key=lambda path: len(own[path] & left))
        chosen.append(best)
        left -= own[best]
    return chosen
