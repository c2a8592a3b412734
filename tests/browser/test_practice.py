"""The pad: write, run and be judged in the page, by Python and NumPy."""

import gzip
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from handbook.challenges import starter
from handbook.judge import judge
from handbook.page import STEMS, challenge
from tests.attempts import rejected
from tests.browser import REFUSED, RUN, SETTINGS, SOLVED
from tests.browser.pad import (
    CDN,
    CORE,
    PINS,
    Pad,
    answer,
    connect,
    expect_lock,
    pin,
    wheel,
)
from tests.pages import ROOT

FILES = ROOT / "docs/assets/pyodide.mjs"
TYPED = "raise NotImplementedError"


@pytest.fixture(scope="module", autouse=True)
def other_lock(site):
    expect_lock(site.folder)


@pytest.fixture
def pad(visit):
    """Open the pad of a challenge."""

    def pad(stem, **settings):
        page = visit(f"challenges/{stem}/", hosts=[CDN], **settings)
        connect(page)
        return Pad(page).open()

    return pad


def solution(stem):
    return challenge(stem).solution.source


def verdicts(report, but):
    """What a report says, without the checks of these names."""
    return [
        (row["name"], row["passed"])
        for row in report["checks"]
        if row["name"] not in but
    ]


def pins():
    return dict(PINS.findall(FILES.read_text(encoding="utf-8")))


def test_the_pins_are_those_of_what_npm_publishes():
    text = FILES.read_text(encoding="utf-8")
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
    assert f"const WIRE = {size / 1e6:.1f};" in pad


def test_without_javascript_it_names_the_command_line(visit):
    stem = "softmax"
    page = visit(f"challenges/{stem}/", java_script_enabled=False)
    place = page.locator(".practice")
    expect(place).to_contain_text(f"handbook check {stem}")
    expect(place.get_by_role("button")).to_have_count(0)
    with page.expect_download() as download:
        place.get_by_role("link", name="download the notebook").click()
    assert download.value.suggested_filename == f"{stem}.ipynb"
    text = Path(download.value.path()).read_text("utf-8")
    assert f"handbook.check({stem})" in text
    place.get_by_role("link", name="how to practise").click()
    expect(page.locator("h1")).to_have_text("Practise¶")


def test_an_unopened_pad_loads_nothing(visit):
    asked = []
    page = visit("tags/")
    page.context.on("request", lambda request: asked.append(request.url))
    page.goto(page.url.replace("tags/", "challenges/softmax/"))
    page.wait_for_load_state("networkidle")
    loaded = {url.rsplit("/", 1)[1] for url in asked}
    assert "handbook.mjs" in loaded
    late = {
        "practice.mjs",
        "pyodide.mjs",
        "python.mjs",
        "editor.mjs",
        "cover.mjs",
        "sharing.mjs",
        "accepted.mjs",
        "diff.mjs",
        "mock.mjs",
        "record.mjs",
        "fsrs.mjs",
        "handbook.zip",
    }
    assert not loaded & late


# The attempts one after the other in one worker, as the pad starts it
JUDGED = """
async ([assets, attempts]) => {
  const { load } = await import(`${assets}pyodide.mjs`);
  const worker = new Worker(`${assets}python.mjs`, { type: "module" });
  const answer = (message, key) => new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => {
      if (data[key]) resolve(data[key]);
      else if (data.failed ?? data.ended) reject(new Error(data.failed));
    };
    worker.postMessage(message);
  });
  await answer(await load(), "ready");
  const reports = [];
  for (const [stem, source] of attempts) {
    reports.push(await answer({ stem, source }, "report"));
  }
  worker.terminate();
  return reports;
}
"""


def test_challenges_are_judged_as_on_the_command_line(visit, site):
    """Two of them: tests/browser/test_same_verdict.py has the others."""
    page = visit("about/", hosts=[CDN])
    connect(page)
    attempts = [
        (stem, source)
        for stem in ("one_hot", "sigmoid")
        for source in (starter(stem), solution(stem), rejected(stem)[1])
    ]
    reports = page.evaluate(JUDGED, [f"{site.url}assets/", attempts])
    for (stem, source), report in zip(attempts, reports, strict=True):
        assert report["accepted"] == (source == solution(stem))
        expected = judge(stem, source)
        assert report.keys() == expected.keys()
        left = {  # to the command line
            row["name"] for row in report["checks"] if row["passed"] is None
        }
        assert verdicts(report, left) == verdicts(expected, left)
        if source == rejected(stem)[1]:
            failed = [row for row in report["checks"] if not row["passed"]]
            assert failed[0]["name"] == rejected(stem)[0]


def test_a_page_shows_what_the_judge_says(pad):
    """One page after the other, by instant navigation."""
    here = pad("softmax")
    asked = []
    here.page.context.on("request", lambda r: asked.append(r.url))
    for stem in ("one_hot", "sigmoid"):
        here.page.evaluate("window.same = true")
        title = challenge(stem).front["title"]
        nav = here.page.locator(".md-sidebar--primary")
        nav.get_by_role("link", name=title, exact=True).click()
        expect(here.page.locator("h1")).to_have_text(f"{title}¶")
        here.open()
        expect(here.text).to_have_value(starter(stem))
        assert here.run(solution(stem))["accepted"]
        expect(here.place.get_by_role("table")).to_be_visible()
        expect(here.status).to_have_text(re.compile(r"^Accepted \("))
        expect(here.place).to_contain_text("would ask next")
        report = here.run(rejected(stem)[1])
        failed = [row for row in report["checks"] if not row["passed"]]
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
    assert sum(url.endswith("asm.wasm") for url in asked) == 1
    here.page.locator(".md-logo").first.click()
    boxes = here.page.get_by_label(re.compile(" solved$"))
    for title in ("One-hot encoding", "Sigmoid and binary cross-entropy"):
        expect(boxes.and_(here.page.get_by_label(title))).to_be_checked()


def test_an_answer_fit_for_production_is_told_so(pad):
    here = pad("softmax")
    report = here.run("from handbook import softmax\n")
    assert report["production"]
    expect(here.status).to_have_text(
        "Accepted (5 of 5), and fit for production."
    )
    expect(here.place).to_contain_text("5 of 5 answered")
    assert here.status.evaluate(SIGN) == "★"
    nav = here.page.locator(".md-nav--primary .mark")
    for mark in (here.page.locator("h1 + p .mark"), nav.first):
        expect(mark).to_have_text("production")


HIGHER = "(e) => e.clientHeight < Math.min(200, e.scrollHeight)"


def test_questions_open_on_their_input(pad):
    """And what is printed stands by the check that printed it."""
    here = pad("softmax")
    printing = "print('here')\nright = softmax\ndef softmax(X):\n"
    printing += "    print('X is', X)\n    return right(X)\n"
    report = here.run(f"{solution('softmax')}\n{printing}")
    checks = report["checks"]
    held, asked = (
        [row for row in checks if row["passed"] is passed]
        for passed in (True, False)
    )
    shown = here.place.locator(".practice-results pre")
    assert shown.all_text_contents() == [
        report["printed"][row["name"]] for row in held[:5] + asked
    ]
    assert shown.first.evaluate(HIGHER)
    more = here.place.get_by_text("Printed in masked is zero:")
    for title in (more, here.place.get_by_text("Printed by softmax.py:")):
        expect(title.locator("+ pre")).to_have_text(re.compile("X is|here"))
    for row in asked:
        question = here.page.get_by_text(f"? {row['hint']}")
        question.click()
        opened = here.place.locator("details[open]").filter(has=question)
        expect(opened).to_contain_text(row["promise"])
        expect(opened).to_contain_text(row["got"])


# As the whiteboard code, but for the last line
MINE = '''\
import numpy as np  # that's all


def softmax(X):
    """Say "#"."""
    E = np.exp(X - X.max(axis=1, keepdims=True))  # (n, d)

    return E / np.sum(E, axis=1, keepdims=True)
'''


def test_an_accepted_answer_is_compared_with_the_whiteboard(pad):
    """And leads to the next challenge that is not accepted."""
    here = pad("softmax", width=360)
    show = here.page.get_by_role("button", name="Show the solution")
    mark = "([key, stems]) => localStorage[key] = JSON.stringify(stems)"
    others = [stem for stem in STEMS if stem not in ("softmax", "one_hot")]
    here.page.evaluate(mark, [SOLVED, others])
    here.text.fill(MINE)
    expect(show).to_be_visible()
    assert here.run(MINE)["accepted"]
    expect(show).to_be_hidden()
    differences = here.place.locator(".practice-differences")
    assert differences.inner_text().splitlines() == [
        "  import numpy as np",
        "  def softmax(X):",
        "      E = np.exp(X - X.max(axis=1, keepdims=True))",
        "-     return E / np.sum(E, axis=1, keepdims=True)",
        "+     return E / E.sum(axis=1, keepdims=True)",
    ]
    assert differences.evaluate("(e) => e.scrollWidth <= e.clientWidth")
    here.text.press("End")
    here.text.press_sequentially("# more")
    expect(show).to_be_hidden()  # it was earned
    here.press("Last accepted")
    expect(here.text).to_have_value(MINE)
    body = solution("softmax").split('"""\n')[1]
    same = starter("softmax").replace(f"    {TYPED}\n", body)
    assert here.run(same)["accepted"]
    expect(here.place).to_contain_text("Your code is the whiteboard code")
    here.place.get_by_role("link", name="One-hot encoding").click()
    expect(here.page.locator("h1")).to_have_text("One-hot encoding¶")


def test_a_loop_on_the_larger_input_is_not_accepted(pad):
    here = pad("softmax")
    loop = "while np.shape(X) == (4001, 41): pass"
    source = f"{solution('softmax')}\nright = softmax\n"
    source += f"def softmax(X):\n    {loop}\n    return right(X)\n"
    here.text.fill(source)
    here.press("Check")
    expect(here.status).to_have_text(re.compile("Check 6"), timeout=120_000)
    here.let_time_pass()
    report = here.judged()
    assert not report["accepted"]
    assert [r["name"] for r in report["checks"] if not r["passed"]] == [
        "larger_input"
    ]


def test_any_run_can_be_stopped_and_the_next_run_works(pad):
    here = pad("softmax")
    here.press("Check")  # while Python loads
    expect(here.status).to_contain_text("Loading Python and NumPy")
    here.press("Stop")
    expect(here.status).to_have_text("Stopped.")
    loop = f"{solution('softmax')}\nprint('here')\nwhile True:\n    pass\n"
    here.text.fill(loop)
    here.press("Check")
    expect(here.status).to_have_text(re.compile("Running"), timeout=120_000)
    # the page answers meanwhile
    here.page.get_by_role("button", name="Palette").click()
    expect(here.status).to_have_text(re.compile("Running"))
    here.press("Stop")
    expect(here.status).to_have_text(re.compile("was stopped"))
    expect(here.place).to_contain_text("here")
    # a loop in a check, until its time is over
    in_check = "def softmax(X):\n    while len(X) == 2:\n        pass\n"
    here.text.fill(in_check)
    here.press("Check")
    expect(here.status).to_have_text(re.compile("Check 2"), timeout=120_000)
    here.let_time_pass()
    report = here.judged()
    expected = judge("softmax", in_check, seconds=0.5)
    for row in expected["checks"]:
        row["got"] = row["got"].replace("0.5 s", "30 s")
        row["where"] = ""  # a line that a browser does not tell
    assert report["checks"][1:] == expected["checks"][1:]
    assert report["checks"][1]["given"].startswith("softmax(array([[")
    expect(here.status).to_have_text("Not accepted (0 of 5, 3 not run).")
    expect(here.rows.filter(has_text="(not run)")).to_have_count(3)
    assert report.keys() == judge("softmax", "").keys()
    assert here.run(solution("softmax"))["accepted"]


def test_no_run_sees_what_another_changed(pad):
    """A run that ends Python is told as on the command line."""
    here = pad("softmax")
    right = solution("softmax")
    changes = (
        "import builtins\nimport numpy as np\n"
        "np.set_printoptions(precision=1)\n"
        "np.exp = builtins.sum = None\n"
    )
    assert not here.run(changes + right)["accepted"]
    assert here.run(right)["accepted"]
    function = "def softmax(X):\n    "
    for source in [
        f"{function}import os; os._exit(3)\n",
        f"import builtins\nbuiltins.isinstance = None\n{right}",
        f"{function}return input('X')\n",
    ]:
        report, expected = here.run(source), judge("softmax", source)
        assert report["problem"] == expected["problem"]
        if report["checks"]:
            first = expected["checks"][0]
            where = report["checks"][0]["where"]  # another Python's
            assert report["checks"][0] == first | {"where": where}
    report = here.run(f"{function}import os; os.abort()\n")
    assert "crashed Python" in report["checks"][0]["got"]
    # gone with their memory: at most the last and the next are left
    assert len(here.page.workers) <= 2


def test_code_is_tried_without_being_judged(pad):
    here = pad("softmax")
    page = here.page
    call = "softmax(np.array([[1.0, 2.0, 3.0], [1000.0, 1001.0, 1002.0]]))"
    expect(here.scratch).to_have_value(f"{call}.round(4)")
    naive = "import numpy\ndef softmax(X):\nprint(X.shape)\n"
    here.type(f"{naive}return numpy.exp(X) / numpy.exp(X).sum(1)[:, None]")
    page.keyboard.press("Shift+Enter")
    assert here.tried("Your code ran.").splitlines() == [
        "(2, 3)",
        "array([[0.09  , 0.2447, 0.6652],",
        "       [   nan,    nan,    nan]])",
    ]
    expect(here.text).to_be_focused()
    expect(here.output).to_be_in_viewport(ratio=1)
    expect(here.rows).to_have_count(0)
    expect(here.status).to_be_empty()
    # a failed check lends its input, and the verdict stays
    page.keyboard.press("ControlOrMeta+Enter")
    row = here.judged()["checks"][1]
    shown = here.rows.filter(has_text=row["promise"])
    shown.get_by_role("button", name="Copy this input to scratch").click()
    expect(here.scratch).to_be_focused()
    expect(here.scratch).to_have_value(call)
    expect(here.scratch).to_be_in_viewport(ratio=1)
    here.scratch.press("End")
    page.keyboard.type("[0]\n1 / 0")
    page.keyboard.press("Shift+Enter")
    assert here.tried("Your code raised an error.").splitlines() == [
        "(2, 3)",
        "array([0.09003057, 0.24472847, 0.66524096])",
        '  File "scratch", line 2, in <module>',
        "    1 / 0",
        "    ~~^~~",
        "ZeroDivisionError: division by zero",
    ]
    expect(here.scratch).to_be_focused()
    expect(here.status).to_have_text(re.compile("^Not accepted"))
    page.reload()
    expect(here.scratch).to_have_value(f"{call}[0]\n1 / 0")
    # what does not end is ended
    here.scratch.fill("print('here')\nwhile True:\n    pass")
    here.press("Run")
    expect(here.output).to_have_text("here", timeout=120_000)
    here.press("Stop")
    assert here.tried("Your code was stopped.") == "here"
    # and it is the page's example again
    here.scratch.fill("")
    page.reload()
    expect(here.scratch).to_have_value(f"{call}.round(4)")


SIGN = "(e) => getComputedStyle(e, '::before').content[1]"


def test_a_verdict_comes_into_view(pad):
    """By keyboard and by pointer, below a text that fills the screen."""
    here = pad("softmax")
    page = here.page
    old = here.place.get_by_text("changed since this verdict")
    _, wrong = rejected("softmax")
    more = "\n# and so on" * 60
    for width, height in ((1280, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        here.text.fill(wrong + more)
        here.text.press("ControlOrMeta+Home")
        top = here.text.evaluate("(e) => e.getBoundingClientRect().top")
        page.evaluate("(y) => scrollBy(0, y)", top - height / 2)
        expect(here.status).not_to_be_in_viewport()
        here.text.press("ControlOrMeta+Enter")
        expect(here.status).to_have_text(re.compile("ing .*…"))
        expect(here.status).to_be_in_viewport(ratio=1)
        here.judged()
        expect(here.status).to_have_text(re.compile(r"^Not accepted \("))
        expect(here.status).to_be_in_viewport(ratio=1)
        expect(here.rows.first).to_be_in_viewport()
        assert here.status.evaluate(SIGN) == "✗"
        # an old verdict says so, until its text is back
        expect(old).to_be_hidden()
        here.text.press("Space")
        expect(old).to_be_visible()
        here.text.press("Backspace")
        expect(old).to_be_hidden()
        here.text.fill(solution("softmax") + more)
        here.press("Check")
        expect(here.status).to_be_in_viewport(ratio=1)
        here.judged()
        expect(here.status).to_have_text(re.compile(r"^Accepted \("))
        expect(here.status).to_be_in_viewport(ratio=1)
        assert here.status.evaluate(SIGN) == "✓"
        # whoever reads elsewhere meanwhile is left in peace
        here.press("Check")
        page.evaluate("scrollTo(0, 0)")
        here.judged()
        assert page.evaluate("scrollY") == 0


def test_the_editor_fits_its_text_and_the_hand(pad):
    here = pad("softmax")
    start = starter("softmax").index("raise NotImplementedError")
    caret = "(e) => [e.selectionStart, e.selectionEnd]"
    assert here.text.evaluate(caret) == [start, start + 25]
    expect(here.text).to_have_accessible_description(
        re.compile(
            "Ctrl.Enter.* checks; Shift.Enter runs.*Escape, then Tab leaves"
        )
    )
    editor = here.place.locator(".prism-code-editor")
    height = "(e) => e.clientHeight"
    fits = "(e) => e.scrollHeight === e.clientHeight"
    assert editor.evaluate(fits)
    expect(
        here.place.get_by_role("button", name="Reset")
    ).to_be_in_viewport()
    few = editor.evaluate(height)
    here.text.fill("\n" * 200)
    assert few < editor.evaluate(height) < 800
    phone = pad("softmax", width=390, has_touch=True)
    size = "(e) => getComputedStyle(e).fontSize"
    assert phone.text.evaluate(size) == "16px"


TYPED_ALIKE = [
    'f"got {X.shape}"',
    "f'{x!r:>{w}}'\n",
    '"""Say "so"."""',
    'print("(")',
    "x = {'a': [1, (2, 3)]}",
    "x <y> z",
    "# shapes:\nX = 1",
    "x = 1  # note: (\ny = 2",
]


def test_what_is_typed_is_what_is_there(visit):
    here = Pad(visit("challenges/softmax/")).open()
    assert [here.type(text) for text in TYPED_ALIKE] == TYPED_ALIKE


def test_the_editor_indents_and_spoils_no_selection(visit):
    page = visit("challenges/softmax/")
    here = Pad(page).open()
    typed = here.type('def f(X):\n"""Do."""\nif X:\nreturn [\n1')
    indented = '    """Do."""\n    if X:\n        return [\n            1'
    assert typed == f"def f(X):\n{indented}"
    here.type("f()")
    here.text.press("ArrowLeft")
    here.text.press_sequentially("g()")
    expect(here.text).to_have_value("f(g())")
    for character in "(\"'<[{":
        here.type("abc")
        here.text.press("Shift+Home")
        here.text.press_sequentially(character)
        expect(here.text).to_have_value(character)
    here.type("a\nb")
    here.text.press("ControlOrMeta+A")
    here.text.press("Tab")
    expect(here.text).to_have_value("    a\n    b")
    here.text.press("Shift+Tab")
    expect(here.text).to_have_value("a\nb")


def test_drafts_and_marks_are_kept(pad):
    here = pad("one_hot")
    here.page.evaluate("(key) => localStorage[key] = '{no list'", SOLVED)
    here.text.press("ControlOrMeta+Home")
    here.text.press_sequentially("# mine\n")
    draft = here.text.input_value()
    assert draft == f"# mine\n{starter('one_hot')}"
    here.page.reload()  # a draft opens the pad
    expect(here.text).to_have_value(draft)
    expect(here.text).not_to_be_focused()
    here.press("Reset")
    expect(here.text).to_have_value(starter("one_hot"))
    here.page.keyboard.press("ControlOrMeta+Z")
    expect(here.text).to_have_value(draft)
    here.press("Reset")
    here.page.reload()  # without a draft the pad waits
    here.open().press("Bring back")
    expect(here.text).to_have_value(draft)
    assert here.run(solution("one_hot"))["accepted"]
    stored = here.page.evaluate("() => ({...localStorage})")
    assert json.loads(stored[SOLVED]) == ["one_hot"]
    assert stored[f"{SOLVED}.damaged"] == "{no list"
    here.page.reload()  # the browser returns to where the verdict stood
    expect(here.text).to_have_value(solution("one_hot"))
    run = here.place.get_by_role("button", name="Check")
    expect(run).to_be_in_viewport()


WRITES = """
() => {
  window.written = [];
  const {setItem} = Storage.prototype;
  Storage.prototype.setItem = function (key, text) {
    written.push(text);
    setItem.call(this, key, text);
  };
}
"""


def test_two_tabs_share_a_draft(pad):
    here = pad("one_hot")
    there = Pad(here.page.context.new_page())
    there.page.goto(here.page.url)
    there.open()
    here.text.fill("# here")
    expect(there.text).to_have_value("# here")
    expect(there.notice).to_contain_text("Another tab changed this draft")
    there.text.press("ControlOrMeta+Z")
    expect(there.text).to_have_value(starter("one_hot"))
    expect(here.text).to_have_value(starter("one_hot"))
    here.page.evaluate(WRITES)
    there.type("# there")
    expect(here.text).to_have_value("# there")
    # else it would write what the other has typed past by now
    assert here.page.evaluate("written") == []


def test_a_page_that_was_ended_while_it_ran_says_so(pad):
    here = pad("one_hot")
    here.page.context.route(f"{CDN}**", never)
    here.type("# mine")
    # as when a phone ends it: the page tidies nothing up
    here.page.evaluate("() => { Storage.prototype.removeItem = () => {}; }")
    here.press("Check")
    expect(here.status).to_contain_text("Loading")
    here.page.reload()
    expect(here.text).to_have_value("# mine")
    expect(here.notice).to_contain_text(
        "ended this page while your code ran"
    )
    here.page.reload()
    expect(here.text).to_have_value("# mine")
    expect(here.notice).to_be_hidden()


def test_marks_tell_accepted_from_production(visit):
    page = visit("")
    page.evaluate(
        """(key) => {
          localStorage[key] = '["knn", "softmax", "top_k"]';
          localStorage["numpy-handbook.production"] = '["knn", "top_k"]';
        }""",
        SOLVED,
    )
    page.reload()
    row = page.locator("tr:has(th.idea), tbody tr")
    for title, mark, sign in [
        ("Softmax", "accepted", "✓"),
        ("k-nearest neighbours", "production", "★"),
    ]:
        nav = page.locator(".md-nav--primary a", has_text=title).first
        for place in (row.filter(has_text=title), nav):
            found = place.locator(".mark")
            expect(found).to_have_text(mark)
            assert found.evaluate(SIGN) == sign
    page.get_by_label("Top-k per row solved").uncheck()
    top_k = row.filter(has=page.get_by_label("Top-k per row solved"))
    expect(top_k.locator(".mark")).to_have_count(0)
    page.get_by_label("Top-k per row solved").check()
    expect(top_k.locator(".mark")).to_have_text("accepted")
    fits = "(e) => e.scrollWidth === e.clientWidth"
    assert page.locator(".md-typeset__scrollwrap").first.evaluate(fits)
    other = page.context.new_page()
    other.goto(f"{page.url}challenges/knn/#solution")
    expect(other.locator("h1 + p .mark")).to_have_text("production")
    page.get_by_label("k-nearest neighbours solved").uncheck()
    expect(other.locator(".mark")).to_have_count(2)  # of the others


def test_it_works_without_storage_and_without_its_editor(visit):
    page = visit("about/", hosts=[CDN])
    page.add_init_script(REFUSED)
    connect(page)
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


FETCHES = """
() => {
  window.fetches = [];
  const { fetch } = window;
  window.fetch = (url, options) => {
    fetches.push([url, options?.cache]);
    return fetch(url, options);
  };
}
"""


FORGET = """
async () => {
  for (const name of await caches.keys()) await caches.delete(name);
}
"""


def damaged(route):
    headers = {"Access-Control-Allow-Origin": "*"}
    route.fulfill(body=b"x" * 1000, headers=headers)


def never(route):
    """Leave a request without an answer."""


def unavailable(route):
    headers = {"Access-Control-Allow-Origin": "*"}
    route.fulfill(status=503, headers=headers)


def for_own(request):
    """Whether it is for the modules that the site has itself."""
    return request.url.endswith("handbook.zip")


def test_what_does_not_load_is_said_and_tried_again(pad, visit):
    here = pad("softmax")
    here.text.fill(solution("softmax"))
    for part, how, sentence in [
        ("", lambda route: route.abort(), "cannot be reached"),
        ("asm.wasm", unavailable, "status 503"),
        ("asm.js", damaged, "not the file that was published"),
        ("", never, "cdn.jsdelivr.net has sent nothing for 15 s"),
    ]:
        here.page.reload()  # what has come stays as long as the page
        here.page.evaluate(FORGET)  # or is kept
        here.page.context.unroute(f"{CDN}**")
        here.page.context.route(f"{CDN}**", all_but(part, how))
        with here.page.expect_request_finished(
            for_own
        ):  # else it is late, too
            here.press("Check")
        if how is never:
            expect(here.status).to_contain_text("Loading")
            here.let_time_pass()
        expect(here.status).to_contain_text(sentence, timeout=120_000)
        expect(here.status).to_contain_text("tries again")
        expect(here.status).to_be_in_viewport(ratio=1)
        expect(here.text).to_have_value(solution("softmax"))
    visit.complaints.clear()  # Chromium's own about the failed requests
    # damaged in the browser's cache: the page asks the CDN itself
    here.page.evaluate(FETCHES)
    here.page.context.unroute(f"{CDN}**")
    answers = iter([damaged])
    here.page.context.route(
        f"{CDN}**",
        all_but("numpy", lambda route: next(answers, answer)(route)),
    )
    here.press("Check")
    assert here.judged()["accepted"]
    numpy = here.page.evaluate(
        "fetches.filter(([url]) => /numpy/.test(url))"
    )
    assert [cache for _, cache in numpy] == ["default", "reload"]
    visit.complaints.clear()  # about the damaged file


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
    connect(page)
    page.goto(f"{site.url}challenges/softmax/")
    here = Pad(page).open()
    here.press("Check")
    expect(here.status).to_contain_text("too little memory", timeout=60_000)
    browser.close()


def test_the_keyboard_is_enough(visit):
    page = visit("challenges/softmax/", hosts=[CDN])
    connect(page)
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
    expect(here.scratch).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    expect(here.text).to_be_focused()
    page.keyboard.press("ControlOrMeta+Enter")
    report = here.judged()
    assert not report["accepted"]
    page.keyboard.press("Escape")
    opened = here.rows.locator("details[open]")
    count = opened.count()
    first = here.rows.locator("summary").first
    for _ in range(6):  # the scratch, unless below it, and four buttons
        if not first.evaluate("(e) => e === document.activeElement"):
            page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(opened).to_have_count(count - 1)


def test_axe_finds_nothing_on_an_open_pad(pad):
    here = pad("softmax", reduced_motion="reduce")
    page = here.page
    page.add_script_tag(path=ROOT / "node_modules/axe-core/axe.min.js")
    _, wrong = rejected("softmax")
    printing = f"print('x' * 999)\n{wrong}"
    for source in (printing, solution("softmax").replace("E", "P")):
        here.run(source)
        if source == printing:
            here.press("Run")
            here.tried("Your code ran.")
        for palette, width in SETTINGS:
            page.emulate_media(color_scheme=palette)
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(RUN, [".practice", None]) == []
            sideways = "document.documentElement.scrollWidth"
            assert page.evaluate(sideways) == width
