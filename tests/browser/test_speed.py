"""A first visit is light, and Lighthouse has nothing to add."""

import pytest
from playwright.sync_api import expect

from benchmarks.site import KINDS, lighthouse, marks
from tests.browser import PATHS


@pytest.mark.parametrize("path", PATHS)
def test_a_first_visit_is_light(visit, site, path):
    site.sent.clear()
    page = visit(path)
    page.wait_for_load_state("networkidle")
    page.locator(".md-search__input").focus()  # the index is there by now
    assert any("search_index" in name for name in site.sent)
    assert sum(site.sent.values()) <= 200_000, site.sent.most_common()


WATCH = """
window.read = [];
new MutationObserver((changes) => {
  for (const { target } of changes)
    if (target.matches("link[rel=stylesheet]"))
      read.push([target.href, document.querySelector(".part") !== null]);
}).observe(document, { attributeFilter: ["href"], subtree: true });
"""


def test_no_style_sheet_is_read_again_below_a_text(chromium, site):
    """A page that was laid out would be laid out once more."""
    with chromium.new_context() as context:
        context.add_init_script(WATCH)
        page = context.new_page()
        page.goto(f"{site.url}challenges/softmax/")
        page.wait_for_load_state("networkidle")
        read = page.evaluate("read")
        assert len(read) == len({address for address, _ in read}) == 3
        assert not any(below for _, below in read), (
            "the theme had to read them again: see extensions/parts.py"
        )
        # to another page and back: they stay
        page.locator(".md-footer__link--next").click()
        expect(page.locator("h1")).not_to_contain_text("Softmax")
        page.go_back()
        expect(page.locator("h1")).to_contain_text("Softmax")
        assert page.evaluate("read") == read


@pytest.mark.parametrize("kind", ["the longest challenge", "the reference"])
def test_lighthouse_gives_full_marks(site, kind):
    # the other kinds and performance: benchmarks/site.py
    names = ("accessibility", "best-practices", "seo")
    report = lighthouse(site.url + KINDS[kind], *names)
    assert marks(report) == dict.fromkeys(names, 100)
