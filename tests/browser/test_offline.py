"""Without a network: the archive on the disk, the pad that was used."""

import re
import shutil
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from extensions.offline import ARCHIVE, archive
from handbook.page import challenge
from tests.browser import PATHS, SITE, squeezed
from tests.browser.pad import CDN, Pad, answer, connect, expect_lock
from tests.browser.server import Server

VIEWS = "candidate", "rubric"  # of a page: no part of it
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
        known = ["", *VIEWS, *ids[unquote(parts.path)]]
        assert unquote(parts.fragment) in known


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
    with page.expect_download() as download:
        place.get_by_role("link", name="download the notebook").click()
    assert download.value.suggested_filename == "softmax.ipynb"
    own = SITE / "challenges/softmax/softmax.ipynb"
    assert Path(download.value.path()).read_bytes() == own.read_bytes()
    page.get_by_role("link", name="the problem alone").click()
    expect(hint).to_be_hidden()
    page.locator(".md-footer__link--next").click()
    expect(page.locator("h1")).to_have_text("Cosine similarity¶")
    page.keyboard.press("/")
    page.keyboard.type("label smoothing")
    best = page.locator(".md-search-result__item").first
    expect(best).to_contain_text("label smoothing")
    best.locator("> a").nth(1).click()
    page.wait_for_url(re.compile(r"/sigmoid/index\.html.*#label_smoothing"))
    expect(page.locator("h3#label_smoothing")).to_be_in_viewport()


def test_the_deck_is_downloaded_from_the_site(disk, visit):
    page = visit("guides/practise/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the deck").click()
    with ZipFile(download.value.path()) as package:
        assert "collection.anki2" in package.namelist()
    link = disk("guides/practise/").get_by_role("link", name="the deck")
    expect(link).to_have_attribute("href", f"{WEB}handbook.apkg")


def test_the_mock_interview_on_the_disk_leads_to_the_web(disk):
    place = disk("guides/mock/").locator(".mock")
    expect(place).to_contain_text("does not run from the disk")
    expect(place).to_contain_text("handbook interview")
    expect(place.get_by_role("button")).to_have_count(0)
    expect(place.get_by_role("link", name="on the web")).to_have_attribute(
        "href", f"{WEB}guides/mock/"
    )


def test_the_same_site_makes_the_same_archive(tmp_path):
    shutil.copytree(SITE, tmp_path / "site")
    archive(tmp_path / "site")
    made = (tmp_path / "site" / ARCHIVE).read_bytes()
    assert made == (SITE / ARCHIVE).read_bytes()


# Whether the browser keeps the files that these names end
KEPT = """
async (names) => {
  const kept = [];
  for (const name of await caches.keys()) {
    kept.push(...await (await caches.open(name)).keys());
  }
  return names.every((name) => kept.some(({url}) => url.endsWith(name)));
}
"""
PYTHON = ["pyodide.asm.wasm", "whl", "python.mjs", "handbook.zip"]
# Damage the wheel that is kept, if it is to be; whether it is whole
WHEEL = """
async (damage) => {
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const {url} of await cache.keys()) {
      if (!url.endsWith("whl")) continue;
      if (damage) await cache.put(url, new Response("x"));
      return (await (await cache.match(url)).blob()).size > 1;
    }
  }
}
"""


def wait_until(page, condition, arg):
    """Wait for a promise of true: wait_for_function awaits none."""
    for _ in range(300):
        if page.evaluate(condition, arg):
            return
        page.wait_for_timeout(100)
    raise TimeoutError(arg)


@pytest.fixture
def own(chromium, tmp_path):
    """A page of a browser, and a server of a copy of the site."""
    folder = shutil.copytree(SITE, tmp_path / "site")
    expect_lock(folder)
    context = chromium.new_context()
    with Server(folder) as server:
        yield context.new_page(), server
        context.close()


def test_a_pad_that_was_used_works_without_a_network(own):
    page, server = own
    context = page.context
    connect(page)
    page.goto(f"{server.url}challenges/softmax/")
    page.evaluate("caches.open('numpy-handbook.python of old')")
    here = Pad(page).open()
    right = challenge("softmax").solution.source
    assert here.run(right)["accepted"]
    wait_until(page, KEPT, PYTHON)
    assert not page.evaluate("caches.has('numpy-handbook.python of old')")
    assert not page.evaluate(WHEEL, True)
    page.locator(".md-logo").first.click()
    wait_until(page, KEPT, ["/handbook/"])

    context.unroute(f"{CDN}**")
    context.set_offline(True)
    server.sent.clear()
    page.reload()
    nav = page.locator(".md-sidebar--primary")
    nav.get_by_role("link", name="Softmax accepted").click()
    here.press("Check")
    expect(here.status).to_contain_text(
        re.compile("no network, and this browser has not kept numpy-.*whl")
    )
    # the CDN alone comes back
    context.route(f"{CDN}**", answer)
    here.press("Check")
    wait_until(page, WHEEL, False)
    context.unroute(f"{CDN}**")
    page.reload()
    here.press("Check")
    assert here.judged()["accepted"]
    # the browser itself may look for another service worker, and the icon
    # of the page before may still be on its way
    own_requests = {"/handbook/offline.mjs", "/handbook/assets/mark.svg"}
    assert set(server.sent) <= own_requests


def test_the_network_comes_first_and_a_new_version_renews_what_is_kept(own):
    page, server = own
    page.goto(f"{server.url}challenges/softmax/")
    page.evaluate(
        "async (url) => (await import(url)).keepPage()",
        f"{server.url}assets/pyodide.mjs",
    )
    wait_until(page, KEPT, ["/softmax/"])
    page.goto(server.url)
    wait_until(page, KEPT, ["/handbook/"])
    old = page.evaluate("caches.keys()")
    for path, before, after in [
        ("index.html", 'content="NumPy', "content=\"Today's NumPy"),
        ("challenges/softmax/index.html", "Turn rows", "Change rows"),
        ("offline.mjs", 'VERSION = "', 'VERSION = "new'),
    ]:
        file = server.folder / path
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(before, after), encoding="utf-8")
    page.reload()
    assert "Today's" in page.content()
    wait_until(page, "([old]) => caches.has(old).then((has) => !has)", old)
    page.context.set_offline(True)
    page.goto(f"{server.url}challenges/softmax/")
    assert "Change rows" in page.content()
