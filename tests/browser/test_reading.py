"""Keyboard, headings, figures and formulas."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import matplotlib as mpl
import pytest
from playwright.sync_api import expect

LOOK = """
() => {
  const element = document.activeElement;
  const look = (e) => {
    const s = getComputedStyle(e);
    return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow,
            s.backgroundColor, s.color, s.borderColor,
            s.textDecorationLine, s.opacity].join();
  };
  // the label beside it shows the focus of an input that is itself unseen
  const box = element.getBoundingClientRect();
  const shown = box.width ? element : element.nextElementSibling;
  const place = shown?.getBoundingClientRect();
  const seen = () => shown && look(shown);
  const focused = seen();
  element.blur();
  const plain = seen();
  element.focus({focusVisible: true});
  element.dataset.stop ??= ++window.stops;
  return {name: element.outerHTML.slice(0, 160), visible: focused !== plain,
          stop: Number(element.dataset.stop),
          onScreen: place?.width > 0 && place.right > 0
            && place.left < innerWidth,
          order: [...document.querySelectorAll("*")].indexOf(element),
          body: element === document.body};
}
"""


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("palette", ["light", "dark"])
@pytest.mark.parametrize("place", ["", "challenges/softmax/"])
def test_every_stop_of_the_tab_key_can_be_seen(
    visit, place, palette, width
):
    page = visit(place, palette, width, reduced_motion="reduce")
    page.evaluate("window.stops = 0")
    stops = []
    for _ in range(400):
        page.keyboard.press("Tab")
        look = page.evaluate(LOOK)
        if look["body"] or look["stop"] <= len(stops):
            break  # once round
        stops.append(look)
    assert len(stops) > 30
    hidden = [
        s["name"] for s in stops if not s["visible"] or not s["onScreen"]
    ]
    assert not hidden
    orders = [stop["order"] for stop in stops]
    assert orders == sorted(orders), "not in the order of the page"
    assert "skip" in stops[0]["name"], "the first stop skips the navigation"


def test_an_interviewer_shows_the_problem_or_keeps_the_rubric(visit):
    page = visit("challenges/softmax/")
    article = page.locator("article")
    back = page.get_by_role("link", name="The whole page")
    expect(back).to_be_hidden()
    page.get_by_role("link", name="the problem alone").click()
    expect(article).to_contain_text("Implement softmax(X)")
    for heading in ("Hints", "Solution", "Interviewer notes"):
        expect(article.locator(f"h2:has-text('{heading}')")).to_be_hidden()
    idea = article.get_by_text("Subtract each row's maximum").first
    expect(idea).to_be_hidden()
    expect(page.locator(".md-sidebar--secondary")).to_be_hidden()
    expect(article.get_by_role("link", name="stability")).to_be_hidden()
    page.get_by_role("link", name="the rubric alone").click()
    expect(article.get_by_text("passable")).to_be_visible()
    for heading in ("Problem", "Solution", "Pitfalls"):
        expect(article.locator(f"h2:has-text('{heading}')")).to_be_hidden()
    back.click()
    solution = article.locator("h2:has-text('Solution')")
    expect(solution).to_be_visible()
    page.go_back()
    expect(solution).to_be_hidden()
    page.go_forward()
    expect(solution).to_be_visible()


def test_a_candidate_is_never_shown_the_whole_page(visit):
    page = visit("assets/mark.svg")
    held = []
    for late in ("**/handbook.mjs", "**/reference/"):
        page.route(late, lambda route: held.append(route))
    address = page.url.replace("assets/mark.svg", "challenges/softmax/")
    page.goto(f"{address}#candidate", wait_until="commit")
    page.locator("footer").wait_for()
    solution = page.locator("#solution")
    expect(solution).to_be_hidden()
    held.pop().continue_()
    page.wait_for_load_state()
    expect(solution).to_be_hidden()
    with page.expect_request("**/reference/"):
        page.get_by_role("link", name="Reference").first.click()
    expect(solution).to_be_hidden()
    held.pop().continue_()
    expect(page.locator("h1")).to_contain_text("Reference")
    expect(page.locator(".md-sidebar--secondary")).to_be_visible()


def test_without_javascript_the_page_is_whole_and_dark(visit):
    page = visit(
        "challenges/softmax/#candidate", "dark", java_script_enabled=False
    )
    expect(page.locator("#solution")).to_be_visible()
    expect(page.get_by_text("For an interviewer")).to_be_hidden()
    dark = "rgb(28, 31, 39)"
    expect(page.locator("body")).to_have_css("background-color", dark)


def test_a_narrow_screen_opens_its_menus_by_keyboard(visit):
    page = visit("", width=360, reduced_motion="reduce")
    page.get_by_role("button", name="Navigation").focus()
    page.keyboard.press("Enter")
    page.locator(".md-sidebar--primary").wait_for(state="visible")
    page.reload()
    page.get_by_role("button", name="Search").focus()
    page.keyboard.press(" ")
    page.keyboard.type("temperature")
    page.locator(".md-search-result__item").first.wait_for()
    page.reload()
    page.keyboard.press("/")
    page.keyboard.type("momentum")
    page.locator(".md-search-result__item").first.wait_for()


def test_nothing_scrolls_sideways_on_a_phone(visit, path):
    page = visit(path, width=360)
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_the_palette_is_that_of_the_system_or_chosen(visit):
    page = visit("", palette="dark", reduced_motion="reduce")
    button = page.get_by_role("button", name="Palette")

    def background():
        return page.evaluate("getComputedStyle(document.body).background")

    dark = background()
    button.click()
    expect(button).to_have_accessible_name("Palette: light")
    light = background()
    assert light != dark
    page.reload()
    expect(button).to_have_accessible_name("Palette: light")
    assert background() == light
    button.click()
    assert background() == dark
    page.emulate_media(color_scheme="light")
    assert background() == dark
    button.click()
    expect(button).to_have_accessible_name("Palette: as the system")
    assert background() == light
    page.evaluate("localStorage['numpy-handbook.palette'] = 'purple'")
    page.reload()
    expect(button).to_have_accessible_name("Palette: as the system")


FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{folder}</dir><cachedir>{folder}/cache</cachedir>
</fontconfig>
"""


@pytest.fixture(scope="module")
def plain_fonts(launch, tmp_path_factory):
    """Chromium on a machine whose only font has nothing but letters."""
    folder = tmp_path_factory.mktemp("fonts")
    font = Path(mpl.get_data_path(), "fonts/ttf/DejaVuSans.ttf")
    subset = [
        *(sys.executable, "-m", "fontTools.subset", str(font)),
        "--unicodes=20-7E",
        f"--output-file={folder / 'letters.ttf'}",
    ]
    subprocess.run(subset, check=True)
    config = folder / "fonts.conf"
    config.write_text(FONTS.format(folder=folder), encoding="utf-8")
    browser = launch(env=os.environ | {"FONTCONFIG_FILE": str(config)})
    yield browser
    browser.close()


def fonts_of(page, selector):
    """The fonts that draw what a selector finds, and how much each does."""
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    found = session.send(
        "DOM.querySelectorAll", {"nodeId": root, "selector": selector}
    )
    used = Counter()
    for node in found["nodeIds"]:
        drawn = session.send(
            "CSS.getPlatformFontsForNode", {"nodeId": node}
        )
        for font in drawn["fonts"]:
            used[font["familyName"]] += font["glyphCount"]
    return used


HEIGHTS = """
async () => {
  document.querySelector("h1").insertAdjacentHTML("afterend", `
    <math id="tall"><mo>(</mo><mfrac>
      <mfrac><mi>x</mi><mi>y</mi></mfrac><mfrac><mi>y</mi><mi>x</mi></mfrac>
    </mfrac><mo>)</mo></math>`);
  await document.fonts.ready;
  return ["mo", "mfrac"].map((name) => document
    .querySelector(`#tall ${name}`).getBoundingClientRect().height);
}
"""


def test_formulas_bring_their_font(plain_fonts, site, path):
    page = plain_fonts.new_page()
    page.goto(site.url + path)
    page.evaluate("document.fonts.ready")
    if page.locator("math").count():
        assert set(fonts_of(page, "math *")) == {"STIX Two Math"}
        bracket, fraction = page.evaluate(HEIGHTS)
        assert bracket > 0.9 * fraction
    page.close()
