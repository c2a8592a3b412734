"""What comes out of the printer: all that is read, and nothing to click."""

import re
from io import BytesIO
from math import hypot

import pytest
from pypdf import PdfReader

from extensions.printed import write
from handbook.page import STEMS, challenge, in_order
from tests.browser import PATHS, SITE, fences, squeezed
from tests.browser.server import BUILT_FOR
from tests.pages import PAGES

PIXEL = 72 / 96  # of CSS, in the points of a PDF
WIDTH = round(182 / 25.4 * 96)  # of A4 without 14 mm on either side
SMALL = round(124 / 25.4 * 96)  # of A5 without 12 mm on either side
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


def read(sheet, margin):
    """The lines of a sheet, without blanks."""
    scales = set()

    def see(text, user, matrix, font, size):
        if not text.strip():
            return
        x, y = matrix[4:]
        bottom = x * user[1] + y * user[3] + user[5]
        assert margin < bottom < sheet.mediabox.height - margin, text
        scales.add(round(hypot(*user[:2]), 3))

    text = sheet.extract_text(visitor_text=see)
    assert scales == {PIXEL}, "something is too wide: all becomes smaller"
    return [squeezed(line) for line in text.splitlines()]


def test_all_that_is_read_is_printed_and_nothing_else(visit, path):
    width = SMALL if path == "guides/booklet/" else WIDTH
    page = visit(path, width=width, reduced_motion="reduce")
    sheets = to_paper(page)
    lines = [line for sheet in sheets for line in read(sheet, MARGIN)]
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


@pytest.fixture(scope="module")
def printed(chromium, tmp_path_factory):
    """What `make print` writes, and the lines of each page."""
    folder = tmp_path_factory.mktemp("printed")
    write(chromium, SITE, folder)
    found = {path.stem: PdfReader(path) for path in folder.iterdir()}
    return {
        name: (pdf, [read(sheet, 0) for sheet in pdf.pages])
        for name, pdf in found.items()
    }


def starts(pdf):
    """Each challenge, and the index of the page on which it begins."""
    _, chapters = pdf.outline
    pages = map(pdf.get_destination_page_number, chapters)
    return zip(map(challenge, in_order()), pages, strict=True)


@pytest.mark.parametrize(
    ("name", "title", "paper", "most"),
    [
        ("handbook-cheatsheet", "Cheat sheet", [210, 297], 4),
        ("handbook-booklet", "Booklet", [148, 210], len(STEMS) + 1),
    ],
)
def test_each_solution_is_on_one_page(printed, name, title, paper, most):
    pdf, lines = printed[name]
    title = f"{title} - NumPy interview handbook"
    assert pdf.metadata.title == title
    assert len(lines) <= most
    for number, sheet in enumerate(pdf.pages, start=1):
        _, _, *size = sheet.mediabox
        assert [round(side / 72 * 25.4) for side in size] == paper
        assert lines[number - 1][-1] == squeezed(f"{title} · {number}")
    for page, index in starts(pdf):
        own = {"", *lines[index]}
        wanted = [page.front["title"], *page.solution.source.splitlines()]
        for line in wanted:
            assert squeezed(line) in own, f"{page.path.stem}: {line}"


def test_the_booklet_says_what_its_contents_promise(printed):
    pdf, lines = printed["handbook-booklet"]
    for page, index in starts(pdf):
        entry = f"{page.front['title']} {index + 1}"
        assert squeezed(entry) in lines[0]
        said = squeezed(page.say_aloud.replace("`", ""))
        assert said in "".join(lines[index]), page.path.stem


def test_a_pdf_links_to_itself_and_to_the_site(printed):
    def links(pdf):
        for sheet in pdf.pages:
            for note in sheet.get("/Annots", ()):
                link = note.get_object()
                yield link.get("/Dest") or link["/A"]["/URI"]

    site = BUILT_FOR.decode()
    pages = [f"{site}challenges/{stem}/" for stem in in_order()]
    contents = [f"/{stem}" for stem in in_order()]
    assert [*links(printed["handbook-cheatsheet"][0])] == pages
    assert [*links(printed["handbook-booklet"][0])] == contents + pages
