"""What comes out of the printer: all that is read, and nothing to click."""

import re
from io import BytesIO
from math import hypot

from pypdf import PdfReader

from tests.browser import PATHS, fences, squeezed
from tests.pages import PAGES

PIXEL = 72 / 96  # of CSS, in the points of a PDF
WIDTH = round(182 / 25.4 * 96)  # of A4 without 14 mm on either side
MARGIN = 10 / 25.4 * 72  # at the top and at the bottom
DETAILS = re.compile(
    r'^\?\?\? \w+ "(.*)"\n((?:\n|    .*\n)*)', re.MULTILINE
)
FENCE = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
MARKUP = re.compile(
    r"\$\$[^$]*\$\$|\$[^$]*\$"  # formulas
    r"|!\[.*|\]\([^)]*\)|[`*\[\]|]"  # images, links, marks of Markdown
    r"|^ *:::.*|^ +\w+:(?: \w+| \{.*)?$|^[ |-]+$"  # contracts, tables
    r"|^ +- |\{\{ \w+ \}\}",  # lists, what is generated
    re.MULTILINE,
)

# What is there for the screen only, and is not hidden
CLICKABLE = """
() => [...document.querySelectorAll(`header, footer, nav, aside, form,
    button, select, .md-skip, .md-search, .md-dialog, .headerlink`)]
  .filter((element) => element.checkVisibility(
    {opacityProperty: true, visibilityProperty: true}))
  .map((element) => element.outerHTML)
"""
# What is closed, what would have to be scrolled, and code that is too small
# or has too little room for its lines
UNREADABLE = """
(size) => {
  const all = [...document.querySelectorAll("article *")];
  const code = all.filter((element) => element.matches("pre code"));
  const style = (element) => getComputedStyle(element);
  const scrolls = (element) => element.scrollWidth > element.clientWidth;
  return [
    all.filter((element) =>
      element.matches("details > *") && !element.checkVisibility()),
    all.filter((element) =>
      style(element).overflowX !== "visible" && scrolls(element)),
    code.filter((element) => parseFloat(style(element).fontSize) < size),
    code.filter((element) => {
      const height = element.clientHeight;
      element.style.whiteSpace = "pre";
      return element.clientHeight < height || scrolls(element);
    }),
  ].map((found) => found.map((element) => element.outerHTML));
}
"""


def details(page):
    """What is closed on the screen, in pieces without markup."""
    for title, body in re.findall(DETAILS, page.text):
        yield from map(squeezed, MARKUP.split(title))
        yield from map(squeezed, MARKUP.split(FENCE.sub("", body)))


def to_paper(page):
    """Print as a reader does: on A4, with the margins of the page."""
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    return PdfReader(BytesIO(pdf)).pages


def ink(sheets):
    return [sheet.get_contents().get_data() for sheet in sheets]


def test_all_that_is_read_is_printed_and_nothing_else(visit, path):
    lines, scales = [], set()

    def see(text, user, matrix, font, size):
        if not text.strip():
            return
        x, y = matrix[4:]
        bottom = x * user[1] + y * user[3] + user[5]
        assert MARGIN < bottom < sheet.mediabox.height - MARGIN, text
        scales.add(round(hypot(*user[:2]), 3))

    page = visit(path, width=WIDTH, reduced_motion="reduce")
    sheets = to_paper(page)
    for sheet in sheets:
        text = sheet.extract_text(visitor_text=see)
        lines += map(squeezed, text.splitlines())
    assert scales == {PIXEL}, "something is too wide: all becomes smaller"
    whole = {"", *lines}
    for fence in fences(path):
        for line in fence.source.splitlines():
            assert squeezed(line) in whole, f"{fence.where}: {line}"
    everything = "".join(lines)
    for piece in details(PAGES[PATHS.index(path)]):
        assert piece in everything
    page.emulate_media(color_scheme="dark")
    assert ink(to_paper(page)) == ink(sheets), "the palette shows"

    page.emulate_media(media="print")
    assert page.evaluate(CLICKABLE) == []
    closed, cut, small, wrapped = page.evaluate(UNREADABLE, 7 / PIXEL)
    assert (closed, cut, small, wrapped) == ([], [], [], [])


def test_the_cheat_sheet_is_four_sheets_at_most(visit):
    page = visit("guides/cheatsheet/", width=WIDTH, reduced_motion="reduce")
    assert len(to_paper(page)) <= 4
