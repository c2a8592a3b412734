"""The mock interview in the page, and the record that it keeps."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from handbook.judge import judge
from handbook.page import STEMS, challenge
from tests.attempts import rejected
from tests.browser import REFUSED, RUN, SETTINGS
from tests.browser.pad import CDN, Pad, connect, expect_lock
from tests.pages import ROOT

PATH = "guides/mock/"
STEM = "softmax"
PAGE = challenge(STEM)
DRAFT = f"numpy-handbook.draft.{STEM}"
NOW = "2026-11-28T21:04:05"
TYPED = """\
import numpy as np

def softmax(X):
E = np.exp(X - X.max(axis=1, keepdims=True))
return E / E.sum(axis=1, keepdims=True)"""  # the editor indents
PAST = {
    "challenge": STEM,
    "ended": "2026-01-02T10:00:00",
    "seconds": 900,
    "hints": 0,
    "checks": 1,
    "accepted": True,
    "questions": [],
    "rubric": "weak",
}
# Playwright's clock has none, and the pad asks how the page was opened
ENTRIES = """
performance.getEntriesByType = (type) => real.getEntriesByType(type);
"""
# What is stored, without the marks
STORED = """
() => Object.keys(localStorage)
  .map((key) => key.replace("numpy-handbook.", ""))
  .filter((key) => !["solved", "production"].includes(key)).sort()
"""
# Whether what scrolls is focusable, a moment after a resize
REACHED = """
() => [...document.querySelectorAll(".md-typeset__scrollwrap, pre code")]
  .every((box) => box.scrollWidth <= box.clientWidth || box.tabIndex === 0)
"""
JUDGED = """
(pad, detail) => pad.dispatchEvent(new CustomEvent("judged", { detail }))
"""
SIDEWAYS = "document.documentElement.scrollWidth"


@pytest.fixture(scope="module", autouse=True)
def other_lock(site):
    expect_lock(site.folder)


def lines(*records):
    return "".join(f"{json.dumps(record)}\n" for record in records)


def load(page, text):
    """Import a file."""
    content = {"name": "record.jsonl", "mimeType": "text/plain"}
    file = content | {"buffer": text.encode()}
    page.get_by_label("Import").set_input_files(file)


def saved(page):
    """The records of the file that the page offers."""
    with page.expect_download() as download:
        press(page, "Download record.jsonl")
    assert download.value.suggested_filename == "record.jsonl"
    text = Path(download.value.path()).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def timer(page):
    return page.get_by_role("timer")


def begin(page):
    """Start the challenge that is due, and wait for its clock."""
    load(page, lines(PAST))
    press(page, "Start Softmax")
    expect(pausing(page)).to_be_visible()


def pausing(page):
    return page.get_by_role("button", name="Pause")


def resume(page):
    press(page, "Resume")
    expect(pausing(page)).to_be_visible()


def question(page, number):
    name = f"Question {number} of 4"
    expect(page.get_by_role("heading", name=name)).to_be_focused()
    return page.locator(".mock-talk")


def words(text):
    """The first words of a Markdown text, as a page shows them."""
    return re.split(r"[`*$\n\[]", text)[0].strip()


@pytest.fixture
def mock(visit):
    """Open the page at a time that stands still."""

    def mock(**settings):
        page = visit("about/", hosts=[CDN], **settings)
        connect(page)
        page.context.add_init_script("window.real = performance")
        page.clock.install(time="2026-11-28T21:00:00")
        page.context.add_init_script(ENTRIES)
        page.goto(page.url.replace("about/", PATH))
        page.clock.pause_at(NOW)
        expect(page.get_by_role("button", name="Draw")).to_be_enabled()
        return page

    return mock


def test_a_whole_interview(mock):
    page = mock()
    article = page.locator("article")
    page.evaluate("(key) => localStorage[key] = '# mine'", DRAFT)
    begin(page)
    expect(page.get_by_role("heading", name="Softmax")).to_be_focused()
    expect(timer(page)).to_have_text("15:00 left")
    expect(article).to_contain_text("Implement softmax(X)")
    for name in PAGE.promises("Problem"):
        expect(article).to_contain_text(f"{name}.")
    away = page.locator(".mock-work a[href*=challenges]")
    expect(away).to_have_count(0)  # nor a way to the answer
    hint = article.get_by_text(PAGE.hints[0][0])
    expect(hint).to_have_count(0)
    expect(article).not_to_contain_text("Say aloud")
    page.clock.fast_forward(65_000)
    expect(timer(page)).to_have_text("13:55 left")
    press(page, "Hint (0 of 3)")
    expect(hint).to_be_visible()
    here = Pad(page)
    assert not here.run(rejected(STEM)[1])["accepted"]
    here.type("# half of it")

    page.reload()
    expect(timer(page)).to_have_text("13:55 left")
    expect(here.text).to_have_count(0)
    resume(page)
    expect(here.text).to_have_value("# half of it")
    expect(hint).to_be_visible()
    page.clock.fast_forward(5_000)
    own = here.type(TYPED)
    here.press("Check")
    assert here.judged()["accepted"]
    expect(timer(page)).to_be_hidden()
    expect(here.place).not_to_contain_text("would ask next")

    rows = judge(STEM, own)["checks"]
    rows = [row for row in rows if row["tier"] == "production"]
    asked = sorted(rows, key=lambda row: row["passed"])[:2]
    said = ["It is 1.", "", " no idea \n", "é→😀"]
    talk = question(page, 1)
    expect(talk).to_contain_text(asked[0]["hint"])
    expect(talk).not_to_contain_text(asked[0]["promise"])
    expect(page.get_by_role("button", name="Show the")).to_be_disabled()
    page.get_by_label("Your answer").fill(said[0])
    page.reload()
    press(page, "Resume")
    question(page, 1)
    expect(page.get_by_label("Your answer")).to_have_value(said[0])
    press(page, "Show the answer")
    expect(talk).to_contain_text(asked[0]["promise"])
    expect(talk).to_contain_text(asked[0]["got"])
    press(page, "Mine said that")
    expect(question(page, 2)).to_contain_text(asked[1]["hint"])
    press(page, "I don't know")
    expect(talk).to_contain_text(asked[1]["promise"])
    press(page, "Go on")
    answers = {name: words(text) for name, text in PAGE.follow_ups}
    found = []
    for number, last in ((3, "Mine did not"), (4, "Mine said that")):
        shown = question(page, number).locator("p").first.inner_text()
        expect(talk).not_to_contain_text(answers[shown])
        page.get_by_label("Your answer").fill(said[number - 1])
        press(page, "Show the answer")
        expect(talk).to_contain_text(answers[shown])
        press(page, last)
        found.append(shown)
    assert len(set(found)) == 2

    for level, text in PAGE.rubric.items():
        label = page.get_by_label(level)
        expect(label).to_be_visible()
        expect(talk).to_contain_text(words(text))
    page.get_by_label("passable").check()
    press(page, "Finish")
    title = page.get_by_role("heading", name="Softmax: accepted")
    expect(title).to_be_focused()
    expect(article).to_contain_text(
        "Accepted after 1:10 of 15 minutes: 1 hint, 2 checks, 2 of 4 "
        "questions right, passable."
    )
    texts = [row["hint"] for row in asked] + found
    right = [True, False, False, True]
    assert saved(page) == [
        PAST,
        {
            "challenge": STEM,
            "ended": "2026-11-28T21:05:15",
            "seconds": 70,
            "hints": 1,
            "checks": 2,
            "accepted": True,
            "questions": [
                {"question": q, "answer": a.strip(), "right": r}
                for q, a, r in zip(texts, said, right, strict=True)
            ],
            "rubric": "passable",
        },
    ]
    # of the interview nothing else is left, and the page keeps its draft
    assert page.evaluate(STORED) == [f"draft.{STEM}", "record"]
    page.get_by_role("link", name="the page of Softmax").click()
    expect(Pad(page).text).to_have_value("# mine")
    expect(page.locator("h1 + p .mark")).to_have_text("accepted")


def test_giving_up(mock):
    page = mock()
    page.get_by_label("Track").select_option("networks")
    page.get_by_label("Difficulty").select_option("easy")
    page.get_by_label("Minutes at most").fill("1")
    draw = page.get_by_role("button", name="Draw a challenge")
    expect(draw).to_be_disabled()
    page.get_by_label("Minutes at most").fill("15")
    fitting = [
        stem
        for stem in STEMS
        if (front := challenge(stem).front)["track"] == "networks"
        and front["difficulty"] == "easy"
        and front["minutes"] <= 15
    ]
    counted = page.get_by_text(f"{len(fitting)} challenge")
    expect(counted).to_be_visible()
    draw.click()
    expect(pausing(page)).to_be_visible()
    title = page.locator(".mock h2").inner_text()
    front = {challenge(s).front["title"]: challenge(s).front for s in STEMS}
    assert front[title]["track"] == "networks"
    minutes = front[title]["minutes"]
    page.clock.fast_forward(1000 * (60 * minutes + 65))
    expect(timer(page)).to_have_text("1:05 over")
    press(page, "Give up")  # Playwright dismisses what the page asks
    expect(timer(page)).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    press(page, "Give up")
    expect(page.locator(".mock")).to_contain_text(
        f"Given up after {minutes + 1}:05 of {minutes} minutes: 0 hints, 0"
        " checks."
    )
    (record,) = saved(page)
    assert (record["accepted"], record["rubric"]) == (False, None)
    assert (record["seconds"], record["checks"]) == (60 * minutes + 65, 0)
    row = page.locator(".mock-record tbody tr")
    expect(row).to_contain_text("not accepted")
    # again the next day
    expect(page.locator(".mock")).to_contain_text("due again on 2026-11-29")
    expect(page.get_by_role("button", name="Start")).to_have_count(0)
    page.clock.fast_forward(1000 * 60 * 60 * 24)
    page.reload()
    expect(
        page.get_by_role("button", name=f"Start {title}")
    ).to_be_visible()
    page.get_by_role("link", name=title).last.click()
    expect(page.locator("h1")).to_have_text(f"{title}¶")


def test_the_clock_runs_in_one_open_page_only(mock):
    page = mock()
    begin(page)
    page.clock.fast_forward(10_000)
    press(page, "Pause")
    expect(page.get_by_text("Implement softmax(X)")).to_be_hidden()
    page.clock.fast_forward(60_000)
    expect(timer(page)).to_have_text("14:50 left")
    resume(page)
    page.clock.fast_forward(2_500)  # the last half second counts, too
    nav = page.locator(".md-sidebar--primary")
    nav.get_by_role("link", name="Idioms").click()
    expect(page.locator("h1")).to_have_text("Idioms¶")
    page.clock.fast_forward(60_000)
    page.go_back()
    expect(timer(page)).to_have_text("14:48 left")
    resume(page)
    page.clock.fast_forward(1_500)
    expect(timer(page)).to_have_text("14:46 left")
    other = page.context.new_page()
    other.goto(page.url)
    resume(other)
    expect(page.get_by_role("button", name="Resume")).to_be_visible()
    other.once("dialog", lambda dialog: dialog.accept())
    press(other, "Give up")
    expect(page.get_by_role("button", name="Draw")).to_be_visible()
    rows = page.locator(".mock-record tbody tr")
    expect(rows).to_have_count(2)


def test_the_record_is_carried_between_browsers(mock):
    page = mock()
    told = page.locator(".mock-record [role=status]")
    later = PAST | {"ended": "2026-11-20T10:00:00", "accepted": False}
    load(page, lines(later))
    expect(told).to_have_text("1 interview imported, of 1 in the file.")
    load(page, lines(PAST, later))
    expect(told).to_have_text("1 interview imported, of 2 in the file.")
    assert saved(page) == [PAST, later]
    load(page, f"{lines(PAST)}{{")
    expect(told).to_have_text(
        "Line 2 is damaged: it is not JSON. Nothing has changed."
    )
    assert saved(page) == [PAST, later]
    page.reload()
    assert saved(page) == [PAST, later]
    page.evaluate("localStorage['numpy-handbook.record'] += '{'")
    page.reload()
    expect(told).to_contain_text("Line 3 is damaged")
    kept = page.evaluate("localStorage['numpy-handbook.record.damaged']")
    assert kept.endswith("}\n{")


def test_without_storage_the_page_remembers(mock, visit):
    page = mock()
    page.add_init_script(REFUSED)
    page.reload()
    expect(page.locator(".mock-record")).to_contain_text("keeps nothing")
    begin(page)
    page.once("dialog", lambda dialog: dialog.accept())
    press(page, "Give up")
    assert [record["accepted"] for record in saved(page)] == [True, False]
    # by the theme about its palette
    assert {str(complaint) for complaint in visit.complaints} == {"refused"}
    visit.complaints.clear()


def test_without_javascript_it_names_the_command_line(visit):
    page = visit(PATH, java_script_enabled=False)
    expect(page.locator(".mock")).to_contain_text("handbook interview")


def expect_accessible(page):
    """Expect nothing of axe, nor that anything scrolls sideways."""
    for palette, width in SETTINGS:
        page.emulate_media(color_scheme=palette)
        page.set_viewport_size({"width": width, "height": 800})
        page.wait_for_function(REACHED)
        assert page.evaluate(RUN, [".mock, .mock-record", None]) == []
        assert page.evaluate(SIDEWAYS) == width


def test_axe_finds_nothing_in_an_interview(mock, site):
    page = mock(reduced_motion="reduce")
    page.clock.resume()  # axe waits for it
    page.add_script_tag(path=ROOT / "node_modules/axe-core/axe.min.js")
    begin(page)
    press(page, "Hint (0 of 3)")
    expect_accessible(page)
    page.evaluate("Math.random = () => 0.99")  # the last follow-up first
    pad = page.locator(".practice")
    pad.evaluate(JUDGED, judge(STEM, PAGE.solution.source))
    for number in range(1, 5):
        question(page, number)
        page.get_by_label("Your answer").fill("It depends.")
        press(page, "Show the answer")
        if number == 3:
            link = page.locator(".mock-answered a")
            address = f"{site.url}guides/scale/#{STEM}_scale"
            expect(link).to_have_attribute("href", address)
        if number % 2:  # one of each kind
            expect_accessible(page)
        press(page, "Mine said that")
    expect_accessible(page)
    press(page, "Finish")
    expect_accessible(page)
