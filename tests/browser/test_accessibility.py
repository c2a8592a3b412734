"""axe finds nothing, and everything can be reached and seen by keyboard."""

import pytest

from tests.browser import RUN, SETTINGS
from tests.pages import ROOT

AXE = ROOT / "node_modules/axe-core/axe.min.js"
COLOURS = ["color-contrast", "link-in-text-block"]  # what a palette changes

# Of each kind of token in the code one stays: the colour of the others is
# the same, and thousands of them would take axe minutes.
THIN = """
() => {
  const seen = new Set();
  for (const token of document.querySelectorAll(".highlight code span")) {
    if (seen.has(token.className)) token.replaceWith(token.textContent);
    seen.add(token.className);
  }
  document.querySelectorAll("pre").forEach((block) => block.normalize());
}
"""
# Of the parts of the text that look the same three of a kind stay. A kind
# is an element with what it stands in, by names and classes.
SAMPLE = """
(names) => {
  const kinds = {};
  const name = ({tagName, className}) => `${tagName}.${className}`;
  const kind = (element) => element.matches(".md-content") ? "" :
    `${kind(element.parentElement)} ${name(element)}`;
  const parts = `.md-content :is(${names})`;
  for (const part of document.querySelectorAll(parts)) {
    if (!part.isConnected) continue;
    const inside = new Set([...part.querySelectorAll("*")].map(name));
    const own = `${kind(part)} ${[...inside].sort()}`;
    kinds[own] = (kinds[own] ?? 0) + 1;
    if (kinds[own] > 3) part.remove();
  }
}
"""
# Whether what scrolls is focusable, a moment after a resize
SETTLED = """
() => [...document.querySelectorAll("pre code")].every((code) =>
  !code.checkVisibility({contentVisibilityAuto: true})
  || code.scrollWidth <= code.clientWidth || code.tabIndex === 0)
"""
UNFOLD = (
    "document.querySelectorAll('details').forEach((d) => d.open = true)"
)
# Every control as if it had focus and the pointer were on it: the rules for
# these states get a class in their place, of the same specificity.
HOLD = """
() => {
  const state = /(?<!-thumb):(focus-visible|focus-within|focus|hover)/g;
  const copy = (group) => {
    for (let i = group.cssRules.length - 1; i >= 0; i--) {
      const rule = group.cssRules[i];
      const held = rule.cssText.replace(state, ".held");
      if (rule.cssRules?.length) copy(rule);
      else if (held !== rule.cssText) group.insertRule(held, i + 1);
    }
  };
  [...document.styleSheets].forEach(copy);
  const controls = document.querySelectorAll(
    "a[href], button, input, select, summary, label[for], [tabindex]");
  controls.forEach((control) => control.classList.add("held"));
}
"""


def violations(page, selector=None, settings=SETTINGS, rules=COLOURS):
    """What axe finds in each palette, on a wide and on a narrow screen."""
    found = []
    for palette, width in settings:
        page.emulate_media(color_scheme=palette)
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function(SETTLED)
        for violation in page.evaluate(RUN, [selector, rules]):
            found.append(f"{palette}, {width} px: {violation}")
    return "\n\n".join(found)


@pytest.fixture
def look(visit):
    """Visit a page with axe."""

    def look(path):
        page = visit(path, reduced_motion="reduce")  # no colour on its way
        page.add_script_tag(path=AXE)
        return page

    return look


def test_axe_finds_nothing(look, path):
    page = look(path)
    page.evaluate(THIN)
    page.evaluate(UNFOLD)
    page.evaluate(SAMPLE, "tr")
    light, narrow, *dark = SETTINGS
    assert violations(page, settings=[light], rules=None) == ""
    # all has been looked at: what follows changes no more than looks
    page.evaluate(SAMPLE, "p, li, pre")
    assert violations(page, settings=[narrow], rules=None) == ""
    assert violations(page, settings=dark) == ""
    page.evaluate(HOLD)
    assert violations(page) == ""


def test_axe_finds_nothing_in_the_search(look):
    page = look("")
    page.keyboard.press("/")
    page.keyboard.type("overflow")
    page.locator(".md-search-result__item").first.wait_for()
    assert violations(page, ".md-search", rules=None) == ""
