"""The pad: write, run and be judged in the page, by Python and NumPy."""

import gzip
import json
import re

import pytest
from playwright.sync_api import expect

from handbook.challenges import starter
from handbook.checks import checks_of
from handbook.judge import judge
from handbook.page import STEMS, challenge
from tests.attempts import attempts_of
from tests.browser import REFUSED, RUN, SETTINGS, SOLVED
from tests.browser.pad import (
    CDN,
    CORE,
    PINS,
    Pad,
    answer,
    expect_lock,
    pin,
    wheel,
)
from tests.pages import ROOT

WORKER = ROOT / "docs/assets/python.mjs"


@pytest.fixture(scope="module", autouse=True)
def other_lock(site):
    expect_lock(site.folder)


@pytest.fixture
def pad(visit):
    """Open the pad of a challenge."""

    def pad(stem, **settings):
        page = visit(f"challenges/{stem}/", hosts=[CDN], **settings)
        page.context.route(f"{CDN}**", answer)
        return Pad(page).open()

    return pad


def solution(stem):
    return challenge(stem).solution.source


def rejected(stem):
    """The first attempt that a core check refuses, and that check."""
    core = [check.name for check in checks_of(stem, "core")]
    return next(
        (verdict, source)
        for _, verdict, source in attempts_of(stem)
        if verdict in core
    )


def verdicts(report, but):
    """What a report says, without the checks of these names."""
    return [
        (row["name"], row["passed"])
        for row in report["checks"]
        if row["name"] not in but
    ]


def pins():
    return dict(PINS.findall(WORKER.read_text(encoding="utf-8")))


def test_the_pins_are_those_of_what_npm_publishes():
    text = WORKER.read_text(encoding="utf-8")
    version = json.loads((CORE / "package.json").read_bytes())["version"]
    assert f"/npm/pyodide@{version}/" in text
    assert f"/pyodide/v{version}/full/" in text
    assert len(pins()) == 5
    for name, expected in pins().items():
        assert pin((CORE / name).read_bytes()) == expected, name


def test_the_pad_says_how_much_is_loaded():
    files = [CORE / name for name in pins()] + [wheel()]
    size = sum(len(gzip.compress(file.read_bytes())) for file in files)
    pad = (ROOT / "docs/assets/practice.mjs").read_text(encoding="utf-8")
    assert f"from cdn.jsdelivr.net, {size / 1e6:.1f} MB," in pad


def test_without_javascript_it_names_the_command_line(visit):
    stem = "softmax"
    page = visit(f"challenges/{stem}/", java_script_enabled=False)
    place = page.locator(".practice")
    expect(place).to_contain_text(f"handbook check {stem}")
    expect(place.get_by_role("button")).to_have_count(0)
    href = place.get_by_role("link").get_attribute("href")
    page.goto(f"{page.url}{href}")
    expect(page.locator("h1")).to_have_text("Practise¶")


def test_an_unopened_pad_loads_nothing(visit):
    asked = []
    page = visit("tags/")
    page.context.on("request", lambda request: asked.append(request.url))
    page.goto(page.url.replace("tags/", "challenges/softmax/"))
    page.wait_for_load_state("networkidle")
    loaded = {url.rsplit("/", 1)[1] for url in asked}
    assert "handbook.mjs" in loaded
    late = {"practice.mjs", "python.mjs", "editor.mjs", "handbook.zip"}
    assert not loaded & late


def test_all_challenges_are_judged_as_on_the_command_line(pad, visit):
    """One worker, one page after the other by instant navigation."""
    here = pad("softmax")
    asked = []
    here.page.context.on("request", lambda r: asked.append(r.url))
    for stem in STEMS:
        here.page.evaluate("window.same = true")
        title = challenge(stem).front["title"]
        nav = here.page.locator(".md-sidebar--primary")
        nav.get_by_role("link", name=title, exact=True).click()
        expect(here.page.locator("h1")).to_have_text(f"{title}¶")
        here.open()
        expect(here.text).to_have_value(starter(stem))
        assert not here.run(starter(stem))["accepted"]
        report = here.run(solution(stem))
        assert report["accepted"], report
        expected = judge(stem, solution(stem))
        left = {  # to the command line
            row["name"] for row in report["checks"] if row["passed"] is None
        }
        assert verdicts(report, left) == verdicts(expected, left)
        expect(here.place.get_by_role("table")).to_be_visible()
        expect(here.status).to_have_text(re.compile(r"^Accepted \("))
        expect(here.place).to_contain_text("would ask next")
        name, source = rejected(stem)
        report = here.run(source)
        failed = [row for row in report["checks"] if not row["passed"]]
        assert failed[0]["name"] == name
        assert report.keys() == judge(stem, source).keys()
        expect(here.status).to_have_text(re.compile(r"^Not accepted \("))
        expect(here.place).not_to_contain_text("would ask next")
        marks = [text[0] for text in here.rows.all_inner_texts()]
        assert marks == ["✗✓"[row["passed"]] for row in report["checks"]]
        opened = here.rows.locator("details[open]")
        expect(opened).to_have_count(len(failed))
        for row, shown in zip(failed, opened.all(), strict=True):
            for word in ("promise", "given", "got", "hint"):
                expect(shown).to_contain_text(row[word].rstrip())
        assert here.page.evaluate("window.same")
    assert sum(url.endswith("asm.wasm") for url in asked) <= 2
    here.page.locator(".md-logo").first.click()
    for box in here.page.get_by_label(re.compile(" solved$")).all():
        expect(box).to_be_checked()


def test_an_answer_fit_for_production_is_told_so(pad):
    here = pad("softmax")
    report = here.run("from handbook import softmax\n")
    assert report["production"]
    expect(here.status).to_have_text(
        "Accepted (5 of 5), and fit for production."
    )
    expect(here.place).to_contain_text("5 of 5 answered")


def test_questions_open_on_their_input(pad):
    here = pad("softmax")
    report = here.run(solution("softmax"))
    asked = [row for row in report["checks"] if not row["passed"]]
    for row in asked:
        question = here.page.get_by_text(f"? {row['hint']}")
        question.click()
        opened = here.place.locator("details[open]").filter(has=question)
        expect(opened).to_contain_text(row["promise"])
        expect(opened).to_contain_text(row["got"])


def test_a_loop_on_the_larger_input_is_not_accepted(pad):
    here = pad("softmax")
    loop = "while np.shape(X) == (4001, 41): pass"
    source = f"{solution('softmax')}\nright = softmax\n"
    source += f"def softmax(X):\n    {loop}\n    return right(X)\n"
    report = here.run(source)
    assert not report["accepted"]
    assert [r["name"] for r in report["checks"] if not r["passed"]] == [
        "larger_input"
    ]


def test_any_run_can_be_stopped_and_the_next_run_works(pad):
    here = pad("softmax")
    here.press("Run checks")  # while Python loads
    expect(here.status).to_contain_text("of 3")
    here.press("Stop")
    expect(here.status).to_have_text("Stopped.")
    loop = f"{solution('softmax')}\nprint('here')\nwhile True:\n    pass\n"
    here.text.fill(loop)
    here.press("Run checks")
    expect(here.status).to_have_text(re.compile("Running"), timeout=120_000)
    here.press("Stop")
    expect(here.status).to_have_text(re.compile("was stopped"), timeout=500)
    expect(here.place).to_contain_text("here")
    # a loop in a check, until its time is over; the page answers meanwhile
    in_check = "def softmax(X):\n    while True:\n        pass\n"
    here.text.fill(in_check)
    here.press("Run checks")
    expect(here.status).to_have_text(re.compile("Check 1"), timeout=120_000)
    here.page.get_by_role("button", name="Palette").click(timeout=1000)
    report = here.judged()
    assert "within 30 s" in report["checks"][0]["got"]
    assert {row["got"] for row in report["checks"][1:]} == {"not run"}
    assert len(report["checks"]) == len(checks_of("softmax", "core"))
    assert report.keys() == judge("softmax", "").keys()
    assert here.run(solution("softmax"))["accepted"]


def test_drafts_and_marks_are_kept(pad):
    here = pad("one_hot")
    here.page.evaluate("(key) => localStorage[key] = '{no list'", SOLVED)
    here.text.press_sequentially("# mine\n")
    draft = here.text.input_value()
    assert "# mine" in draft
    here.page.reload()
    expect(Pad(here.page).open().text).to_have_value(draft)
    here.press("Reset")
    expect(here.text).to_have_value(starter("one_hot"))
    here.page.keyboard.press("ControlOrMeta+Z")
    expect(here.text).to_have_value(draft)
    assert here.run(solution("one_hot"))["accepted"]
    stored = here.page.evaluate("() => ({...localStorage})")
    assert json.loads(stored[SOLVED]) == ["one_hot"]
    assert stored[f"{SOLVED}.damaged"] == "{no list"


def test_it_works_without_storage_and_without_its_editor(visit):
    page = visit("about/", hosts=[CDN])
    page.add_init_script(REFUSED)
    page.context.route(f"{CDN}**", answer)
    page.context.route("**/editor.mjs", lambda route: route.abort())
    page.goto(page.url.replace("about/", "challenges/softmax/"))
    here = Pad(page).open()
    expect(here.place).to_contain_text("keeps nothing")
    expect(here.place.locator(".prism-code-editor")).to_have_count(0)
    assert here.run(solution("softmax"))["accepted"]
    said = {str(complaint) for complaint in visit.complaints}
    # by the theme about its palette, by Chromium about the editor
    assert said == {"refused", "Failed to load resource: net::ERR_FAILED"}
    visit.complaints.clear()


def all_but(part, how):
    """Answer for the CDN, but for one file in another way."""

    def answer_but(route):
        (how if part in route.request.url else answer)(route)

    return answer_but


def damaged(route):
    headers = {"Access-Control-Allow-Origin": "*"}
    route.fulfill(body=b"x" * 1000, headers=headers)


def unavailable(route):
    headers = {"Access-Control-Allow-Origin": "*"}
    route.fulfill(status=503, headers=headers)


def test_what_does_not_load_is_said_and_tried_again(pad, visit):
    here = pad("softmax")
    here.text.fill(solution("softmax"))
    for part, how, sentence in [
        ("", lambda route: route.abort(), "cannot be reached"),
        ("asm.wasm", unavailable, "status 503"),
        ("asm.js", damaged, "not the file that was published"),
        ("numpy", damaged, "NumPy does not load"),
    ]:
        here.page.context.unroute(f"{CDN}**")
        here.page.context.route(f"{CDN}**", all_but(part, how))
        here.press("Run checks")
        expect(here.status).to_contain_text(sentence, timeout=120_000)
        expect(here.status).to_contain_text("tries again")
        expect(here.text).to_have_value(solution("softmax"))
    visit.complaints.clear()  # Chromium's own about the failed requests
    here.page.context.unroute(f"{CDN}**")
    here.page.context.route(f"{CDN}**", answer)
    here.press("Run checks")
    assert here.judged()["accepted"]


def test_a_pad_that_did_not_load_opens_at_the_next_try(visit):
    page = visit("challenges/softmax/")
    page.context.route("**/practice.mjs", lambda route: route.abort())
    page.get_by_role("button", name="Write your").click()
    again = page.get_by_role("button", name="cannot be loaded: try again")
    expect(again).to_be_enabled()
    visit.complaints.clear()  # Chromium's own about the failed request
    page.context.unroute("**/practice.mjs")
    again.click()
    expect(page.get_by_label("Your solution")).to_be_focused()


def test_too_little_memory_is_said(launch, site):
    # 16 MiB at most, as on a machine that has no more
    browser = launch(
        args=["--no-sandbox", "--js-flags=--wasm-max-mem-pages=256"]
    )
    page = browser.new_page()
    page.context.route(f"{CDN}**", answer)
    page.goto(f"{site.url}challenges/softmax/")
    here = Pad(page).open()
    here.press("Run checks")
    expect(here.status).to_contain_text("too little memory", timeout=60_000)
    browser.close()


def test_the_keyboard_is_enough(visit):
    page = visit("challenges/softmax/", hosts=[CDN])
    page.context.route(f"{CDN}**", answer)
    page.get_by_role("button", name="Write your").focus()
    page.keyboard.press("Enter")
    here = Pad(page)
    expect(here.text).to_be_focused()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.press("Delete")
    page.keyboard.type("def softmax(X):\nif X:\nreturn X")
    indented = "def softmax(X):\n    if X:\n        return X"
    expect(here.text).to_have_value(indented)
    page.keyboard.press("Tab")
    expect(here.text).to_have_value(re.compile("return X +$"))
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run checks")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(here.text).to_be_focused()
    page.keyboard.press("ControlOrMeta+Enter")
    report = here.judged()
    assert not report["accepted"]
    page.keyboard.press("Escape")
    opened = here.rows.locator("details[open]")
    count = opened.count()
    for _ in range(4):  # Run checks, Stop, Reset, the first result
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(opened).to_have_count(count - 1)


def test_axe_finds_nothing_on_an_open_pad(pad):
    here = pad("softmax", reduced_motion="reduce")
    page = here.page
    page.add_script_tag(path=ROOT / "node_modules/axe-core/axe.min.js")
    _, wrong = rejected("softmax")
    printing = f"print('x' * 999)\n{wrong}"
    for source in (printing, solution("softmax")):
        here.run(source)
        for palette, width in SETTINGS:
            page.emulate_media(color_scheme=palette)
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(RUN, [".practice", None]) == []
            sideways = "document.documentElement.scrollWidth"
            assert page.evaluate(sideways) == width
