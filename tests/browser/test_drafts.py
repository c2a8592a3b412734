"""What a draft does to its page, and how it is carried away."""

import contextlib
import re
import zlib
from base64 import urlsafe_b64encode
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import expect

from tests.browser import CLIPBOARD, RUN
from tests.browser.pad import Pad
from tests.pages import ROOT

PATH = "challenges/softmax/"
KEPT = (
    "([key, text]) => localStorage[`numpy-handbook.${key}.softmax`] = text"
)
# What moves by itself, as Lighthouse sums it up
MOVED = """
window.moved = 0;
new PerformanceObserver((list) => {
  for (const { value } of list.getEntries()) moved += value;
}).observe({ type: "layout-shift", buffered: true });
"""
TOP = "(e) => scrollY + e.getBoundingClientRect().top"
TWO_FRAMES = """
() => new Promise((done) =>
  requestAnimationFrame(() => requestAnimationFrame(done)))
"""


@pytest.fixture
def drafted(visit):
    """Open a page whose pad holds a draft that is not accepted."""

    def drafted(**settings):
        page = visit(PATH, **settings)
        Pad(page).open().type("# mine")
        return page

    return drafted


def button(page):
    return page.get_by_role("button", name="Show the solution")


def expect_shown(page, *, shown=True):
    """Expect all that gives the answer away, or nothing of it."""
    article = page.locator(".md-content article")
    for tell in (
        page.locator("#solution ~ .highlight code").first,
        article.get_by_text("Say aloud"),
        article.get_by_text("shifts by the row maximum"),
        page.locator("#softmax_no_keepdims"),
        page.locator("#softmax_matmul"),
        article.get_by_text("At its peak the solution holds"),
    ):
        expect(tell).to_be_visible(visible=shown)
    expect(button(page)).to_be_visible(visible=not shown)
    for anchor in ("solution", "interviewer-notes", "pitfalls"):
        expect(page.locator(f"h2#{anchor}")).to_be_visible()


def test_no_solution_before_it_is_asked_for(visit):
    page = visit(PATH)
    expect_shown(page)
    here = Pad(page).open()
    expect_shown(page)
    here.text.press_sequentially("x")
    expect_shown(page, shown=False)
    page.reload()
    expect_shown(page, shown=False)
    page.add_script_tag(path=ROOT / "node_modules/axe-core/axe.min.js")
    for palette in ("light", "dark"):
        page.emulate_media(color_scheme=palette, reduced_motion="reduce")
        assert page.evaluate(RUN, [".uncover", None]) == []
    page.emulate_media(media="print")
    expect(page.locator("#softmax_matmul")).to_be_visible()
    expect(button(page)).to_be_hidden()
    page.emulate_media(media="screen")
    button(page).focus()
    page.keyboard.press("Enter")
    expect_shown(page)
    expect(page.locator("#solution")).to_be_focused()
    here.text.press_sequentially("y")  # with the solution in view
    page.reload()
    expect_shown(page)
    here.press("Reset")
    expect_shown(page)
    here.text.press_sequentially("z")  # another attempt
    expect_shown(page, shown=False)
    # what was accepted once covers nothing
    page.evaluate(KEPT, ["accepted", "# good"])
    here.text.fill("# good")
    expect_shown(page)


def find(page, query, address):
    """Search, and follow the result whose address ends so."""
    page.locator(".md-search__input").click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type(query)
    # the theme notes late where a reader has scrolled, and would go there
    page.wait_for_function("(history.state?.y ?? 0) === scrollY")
    page.locator(f".md-search-result__link[href$='{address}']").click()


def test_who_follows_a_link_has_asked_for_the_solution(drafted, site):
    page = drafted()
    page.get_by_role("link", name="Show the answer").click()
    expect_shown(page)
    expect(page.locator("#solution")).to_be_in_viewport()
    here = Pad(page)
    here.press("Reset")
    here.type("# again")
    expect_shown(page, shown=False)
    page.reload()  # the address still ends with #solution
    expect(here.text).to_be_visible()
    expect_shown(page, shown=False)
    toc = page.locator(".md-sidebar--secondary")
    toc.get_by_role("link", name="No keepdims").click()
    expect_shown(page)
    expect(page.locator("#softmax_no_keepdims")).to_be_in_viewport()
    here.press("Reset")
    here.type("# once more")
    # a link to another page says nothing about this one
    find(page, "momentum adam", "#momentum_adam")
    expect(page.locator("#momentum_adam")).to_be_in_viewport()
    assert (
        page.evaluate("'numpy-handbook.shown.softmax' in localStorage")
        is False
    )
    find(page, "softmax temperature", "softmax/#temperature")
    expect_shown(page)
    expect(page.locator("#temperature")).to_be_in_viewport()
    here.press("Reset")
    here.type("# and again")
    page.goto("about:blank")
    page.goto(f"{site.url}{PATH}#softmax_matmul")
    expect_shown(page)
    expect(page.locator("#softmax_matmul")).to_be_in_viewport()


def test_the_rubric_is_for_those_who_hold_the_interview(drafted):
    page = drafted()
    page.get_by_role("link", name="the rubric alone").click()
    expect(page.get_by_text("shifts by the row maximum")).to_be_visible()
    page.get_by_role("link", name="The whole page").click()
    expect_shown(page, shown=False)


def test_another_tab_covers_and_uncovers(visit):
    page = visit(PATH)
    other = page.context.new_page()
    other.goto(page.url)
    Pad(page).open().type("# mine")
    expect_shown(other, shown=False)
    button(other).click()
    expect_shown(page)


@contextlib.contextmanager
def scripts_held_back(page):
    """Load a page anew and draw it; its scripts come when this ends."""
    late, held = [], True

    def hold(route):
        late.append(route) if held else route.continue_()

    page.route(re.compile(r"\.m?js$"), hold)
    page.reload(wait_until="commit")
    page.wait_for_selector("footer")
    page.evaluate("document.fonts.ready")
    page.evaluate(TWO_FRAMES)
    yield
    held = False
    while late:
        late.pop().continue_()


@pytest.mark.parametrize("width", [1280, 360])
def test_a_first_visit_opens_without_a_jump(visit, width):
    page = visit(PATH, width=width)
    place = page.locator("#solution")
    with scripts_held_back(page):
        top = place.evaluate(TOP)
    expect(page.get_by_role("button", name="Write your")).to_be_enabled()
    page.evaluate(TWO_FRAMES)
    assert place.evaluate(TOP) == pytest.approx(top, abs=1)


@pytest.mark.parametrize("width", [1280, 360])
def test_a_page_with_a_draft_opens_without_a_jump(drafted, width):
    """However late its scripts arrive, from its first frame on."""
    page = drafted(width=width)
    page.add_init_script(MOVED)
    for selector in (".practice", ".uncover"):
        place = page.locator(selector)
        place.evaluate("(e) => e.scrollIntoView({block: 'center'})")
        before = page.evaluate("scrollY")
        page.wait_for_function("history.state?.y === scrollY")  # the theme
        with scripts_held_back(page):
            top = place.evaluate(TOP)
        expect(Pad(page).text).to_be_visible()
        page.evaluate(TWO_FRAMES)
        assert place.evaluate(TOP) == pytest.approx(top, abs=1)
        assert page.evaluate("moved") < 0.01
        assert page.evaluate("scrollY") == before
        expect(place).to_be_in_viewport()


def copied(page):
    return page.evaluate("navigator.clipboard.readText()")


def test_a_draft_is_carried_away(visit):
    page = visit(PATH, permissions=CLIPBOARD, width=390)
    here = Pad(page).open()
    own = here.type("x = 'é→😀' + '+/='")
    with page.expect_download() as download:
        here.press("Download")
    assert download.value.suggested_filename == "softmax.py"
    assert Path(download.value.path()).read_text("utf-8") == own
    here.press("Copy")
    expect(here.place.get_by_text("Copied.")).to_be_visible()
    assert copied(page) == own
    here.press("Copy link")
    expect(here.place.get_by_text("Link copied.")).to_be_visible()
    link = copied(page)
    assert re.fullmatch(re.escape(page.url) + r"#draft=[\w-]+", link)
    # in the browser of somebody who has no draft
    there = Pad(visit(link.partition("/handbook/")[2]))
    expect(there.text).to_have_value(own)
    expect(there.notice).to_contain_text("has not been run")
    expect(there.notice).to_be_in_viewport()
    assert "#" not in there.page.url
    # in a page that is open, with a draft of its own
    here.type("# my own")
    page.evaluate("(link) => location.href = link", link)
    expect(here.text).to_have_value(own)
    here.text.press("ControlOrMeta+Z")
    expect(here.text).to_have_value("# my own")
    here.text.press("ControlOrMeta+Shift+Z")
    here.text.press("End")
    here.text.press_sequentially("# more")
    page.reload()
    expect(here.text).to_have_value(f"{own}# more")
    here.press("Bring back")
    expect(here.text).to_have_value("# my own")
    here.press("Bring back")
    expect(here.text).to_have_value(f"{own}# more")
    for _ in range(2):  # the theme takes the first for another page
        here.type("# mine again")
        page.evaluate("(link) => { location.href = link; }", link)
        expect(here.text).to_have_value(own)
    # more than a link can hold
    here.text.fill("".join(map(chr, range(0x4E00, 0x4E00 + 8000))))
    here.press("Copy link")
    expect(here.place.get_by_text("too long for a link")).to_be_visible()


def packed(data):
    return urlsafe_b64encode(zlib.compress(data)).decode().rstrip("=")


def test_a_damaged_link_changes_nothing(drafted):
    page = drafted()
    here = Pad(page)
    page.reload()
    expect(here.text).to_have_value("# mine")
    stored = page.evaluate("() => ({...localStorage})")
    address = page.url
    good = packed(b"# theirs\n" * 9)
    for code in (
        "",
        "%7B!",
        good[:-9],
        packed(b"1" * 10**7),
        packed(Random(0).randbytes(20_000).hex().encode()),
    ):
        page.goto("about:blank")
        page.goto(f"{address}#draft={code}")
        expect(here.notice).to_have_text(
            "The link is damaged or too long. Nothing has changed."
        )
        expect(here.text).to_have_value("# mine")
        assert "#" not in page.url
    assert page.evaluate("() => ({...localStorage})") == stored


def test_what_was_accepted_last_can_be_brought_back(drafted):
    page = drafted()
    here = Pad(page)
    last = here.place.get_by_role("button", name="Last accepted")
    expect(last).to_be_hidden()
    page.evaluate(KEPT, ["accepted", "# good"])
    page.reload()
    last.click()
    expect(here.text).to_have_value("# good")
    expect(last).to_be_hidden()
    here.press("Bring back")
    expect(here.text).to_have_value("# mine")
