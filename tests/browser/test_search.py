"""What people type into the search box, and what has to come first."""

import json
import re
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from tests.browser import PATHS
from tests.pages import PAGES

# The queries are those of a stranger, written down before the search was
# asked; each stands on the page that must come first.
FIRST = {
    path: page.front["queries"]
    for path, page in zip(PATHS, PAGES, strict=True)
    if "queries" in page.front
}

# The theme sets its line about the number of results anew with each answer,
# and the first results with it.
ASK = """
async (queries) => {
  const box = document.querySelector(".md-search__input");
  const meta = document.querySelector(".md-search-result__meta");
  const links = () => [...document.querySelectorAll(
    ".md-search-result__item:first-child a.md-search-result__link")];
  const answers = {};
  for (const query of queries) {
    const answered = new Promise((resolve) =>
      new MutationObserver((_, observer) => {
        observer.disconnect();
        resolve();
      }).observe(meta, {childList: true}));
    box.value = query;
    box.dispatchEvent(new KeyboardEvent("keyup"));
    await answered;
    answers[query] = links().slice(0, 2).map(
      ({origin, pathname, hash}) => origin + pathname + hash);
  }
  return answers;
}
"""


@pytest.fixture
def search(visit):
    """A page with the search open and ready."""
    page = visit("tags/", reduced_motion="reduce")
    page.keyboard.press("/")
    meta = page.locator(".md-search-result__meta")
    expect(meta).to_have_text("Type to start searching")
    expect(page.locator(".md-search__input")).to_be_focused()
    return page


def test_what_is_asked_for_comes_first(search, site):
    wanted = {query: page for page in FIRST for query in FIRST[page]}
    assert len(wanted) == sum(map(len, FIRST.values())), "a query is twice"
    answers = search.evaluate(ASK, list(wanted))
    wrong = []
    for query, page in wanted.items():
        found = [answer.removeprefix(site.url) for answer in answers[query]]
        if not found or found[0].split("#")[0] != page:
            came = ", ".join(found) or "nothing"
            wrong.append(f"{query}: {came} comes first, not {page}")
    assert not wrong, "\n".join([f"{len(wrong)} queries", *wrong])


def test_every_result_leads_to_its_section(site):
    with urlopen(f"{site.url}search/search_index.json") as answer:
        documents = json.load(answer)["docs"]
    anchors = {}
    for document in documents:
        path, _, anchor = document["location"].partition("#")
        if path not in anchors:
            with urlopen(site.url + path) as answer:
                html = answer.read().decode()
            anchors[path] = {"", *re.findall(r'\bid="([^"]+)"', html)}
        assert anchor in anchors[path], document["location"]
    assert {*FIRST} < set(anchors)


def enter(page, query):
    """Put a query in place of the last, so that there is one answer."""
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.insert_text(query)
    page.keyboard.press("End")  # the theme listens to keys


def test_a_result_is_reached_and_opened_by_keyboard(search, site):
    best = search.locator(".md-search-result__item").first.locator("> a")
    enter(search, "label smoothing")
    expect(best.nth(1)).to_contain_text("label smoothing")
    search.keyboard.press("ArrowDown")
    expect(best.nth(0)).to_be_focused()
    search.keyboard.press("ArrowDown")
    expect(best.nth(1)).to_be_focused()
    search.keyboard.press("Enter")
    search.wait_for_url(f"{site.url}challenges/sigmoid/**#label_smoothing")
    expect(search.locator(".md-search__input")).not_to_be_focused()
    expect(search.locator("h3#label_smoothing")).to_be_in_viewport()
    # The theme notes the offset 100 ms after the page has come to rest, and
    # what is opened before opens at this offset, whatever its anchor.
    search.wait_for_function("history.state?.y === scrollY")
    # While the search is closed, the box has the focus, but not the theme.
    opened = search.locator("#__search")
    expect(opened).not_to_be_checked()
    search.keyboard.press("/")
    expect(opened).to_be_checked()
    enter(search, "momentum")
    expect(best.nth(1)).to_contain_text("momentum")
    search.keyboard.press("Enter")  # in the box: what is best
    search.wait_for_url(f"{site.url}**/gradient_descent/**#momentum_adam")
    expect(search.locator("h3#momentum_adam")).to_be_in_viewport()


def test_nothing_is_found_where_nothing_is(search):
    meta = search.locator(".md-search-result__meta")
    items = search.locator(".md-search-result__item")
    for query in ("xqzvw", "qwrtzp plkmnb", "()"):
        enter(search, query)
        expect(meta).to_have_text("No matching documents")
        expect(items).to_have_count(0)
        enter(search, "einsum")
        expect(items.first).to_contain_text("einsum")
