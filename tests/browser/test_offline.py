"""Without a network: the archive on the disk, the pad that was used."""

import re
import shutil
from io import BytesIO
from urllib.parse import unquote, urlsplit
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from extensions.offline import ARCHIVE, archive
from tests.browser import PATHS, SITE
from tests.browser.test_printing import squeezed

WEB = "http://browser.test/handbook/"  # where the site says that it is
FONTS = "document.fonts.ready.then((all) => [...all].map((f) => f.status))"
LINKS = """
() => [["a[href]", "href"], ["[id]", "id"]].map(([selector, name]) =>
  [...document.querySelectorAll(selector)].map((element) => element[name]))
"""


@pytest.fixture
def disk(chromium, tmp_path):
    """Open a page of the unpacked archive; there is no network."""
    folder = tmp_path / "Hand büch"
    with ZipFile(SITE / ARCHIVE) as packed:
        packed.extractall(folder)
    root = (folder / "numpy-handbook").as_uri()
    context = chromium.new_context(offline=True, reduced_motion="reduce")
    asked, said = [], []
    context.on("request", lambda request: asked.append(request.url))
    context.on("console", lambda message: said.append(message.text))
    context.on("weberror", lambda error: said.append(error.error))
    page = context.new_page()

    def disk(path=""):
        page.goto(f"{root}/{path}index.html")
        return page

    yield disk
    context.close()
    foreign = [
        u for u in asked if not u.startswith((root, "data:", "blob:"))
    ]
    assert (foreign, said) == ([], [])


def test_every_link_of_the_archive_leads_somewhere(disk):
    links, ids = set(), {}
    for path in PATHS:
        page = disk(path)
        found, ids[unquote(urlsplit(page.url).path)] = page.evaluate(LINKS)
        links |= {link for link in found if link.startswith("file:")}
        assert not [link for link in found if link.startswith("http://127")]
    assert len(links) > 3 * len(PATHS)
    for link in links:
        parts = urlsplit(link)
        assert unquote(parts.fragment) in ["", *ids[unquote(parts.path)]]


def test_the_archive_is_read_from_the_disk(disk):
    page = disk()
    download = page.get_by_role("link", name="Download the handbook")
    expect(download).to_have_attribute("href", f"{WEB}{ARCHIVE}")
    page.get_by_label("Softmax solved").check()
    nav = page.locator(".md-sidebar--primary")
    nav.get_by_role("link", name="Softmax accepted").click()
    expect(page.locator("h1 + p .mark")).to_have_text("accepted")
    assert page.evaluate(FONTS) == ["loaded"]
    expect(page.locator("figure svg").first).to_be_visible()
    hint = page.locator("details").first
    words = squeezed(hint.locator("p").text_content()[:30])
    sheets = PdfReader(BytesIO(page.pdf())).pages
    assert words in squeezed("".join(s.extract_text() for s in sheets))
    hint.locator("summary").click()
    expect(hint.locator("p")).to_be_visible()
    place = page.locator(".practice")
    expect(place).to_contain_text("does not run from the disk")
    expect(place.get_by_role("button")).to_have_count(0)
    expect(place.get_by_role("link", name="on the web")).to_have_attribute(
        "href", f"{WEB}challenges/softmax/"
    )
    page.locator(".md-footer__link--next").click()
    expect(page.locator("h1")).to_have_text("Moving average¶")
    page.keyboard.press("/")
    page.keyboard.type("label smoothing")
    best = page.locator(".md-search-result__item").first
    expect(best).to_contain_text("label smoothing")
    best.locator("> a").nth(1).click()
    page.wait_for_url(re.compile(r"/sigmoid/index\.html.*#label_smoothing"))
    expect(page.locator("h3#label_smoothing")).to_be_in_viewport()


def test_the_same_site_makes_the_same_archive(tmp_path):
    shutil.copytree(SITE, tmp_path / "site")
    archive(tmp_path / "site")
    made = (tmp_path / "site" / ARCHIVE).read_bytes()
    assert made == (SITE / ARCHIVE).read_bytes()
