"""The mock interview, its record, and what is due for another."""

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from handbook import interview as held
from handbook.cli import app
from handbook.interview import Room, Run, hold, time_of
from handbook.page import STEMS, challenge
from handbook.record import draw, due, dumped, merged, parse, read

HANDBOOK = str(Path(sys.executable).with_name("handbook"))
SOLUTION = challenge("softmax").solution.source
FOLLOW_UPS = dict(challenge("softmax").follow_ups)
RECORD = Path("interviews/record.jsonl")
STATE = Path("interviews/open.json")
FILE = Path("interviews/softmax-1/softmax.py")


def entry(**changes):
    """A record, as its definition shows one."""
    record = {
        "challenge": "softmax",
        "ended": "2026-11-28T21:04:05",
        "seconds": 611,
        "hints": 0,
        "checks": 1,
        "accepted": True,
        "questions": [
            {"question": "Why −m?", "answer": "It cancels.", "right": True}
        ],
        "rubric": "strong",
    }
    return record | changes


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty folder to work in, and a terminal that is wide enough."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def handbook(*arguments, answers=()):
    text = "".join(f"{line}\n" for line in answers)
    return CliRunner().invoke(
        app, list(arguments), input=text, catch_exceptions=False
    )


def save(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_a_whole_interview():
    first = handbook(
        *("interview", "softmax", "--seed", "0"),
        answers=["hint", "check", "what?", "stop", "never", "no", "pause"],
    )
    assert first.exit_code == 0
    assert "Softmax, easy, 15 minutes" in first.output
    assert "Shift changes nothing. Adding 1000" in first.output
    assert "Hint 1: which logits are too large?" in first.output
    assert "not accepted (0 of 5)" in first.output
    assert first.output.count("Type check, hint, pause or stop.") == 1
    assert "Give up? It counts as not accepted." in first.output
    assert "Type yes or no." in first.output
    assert "left. Run handbook interview to resume." in first.output
    for hidden in ("Hint 2", "np.exp(X", *FOLLOW_UPS):
        assert hidden not in first.output
    assert "Judge it with: check, at the" in FILE.read_text("utf-8")

    save(FILE, SOLUTION)
    second = handbook("interview", answers=["check", "It wraps"])
    assert "Resuming softmax, 1" in second.output
    assert "Accepted after 0:0" in second.output
    assert "Question 1 of 4\nQuantised logits arrive as" in second.output
    assert "float32 stays float32" not in second.output

    third = handbook("interview", answers=["", "around", "", ""])
    assert "pauses.\nIt wraps\n\n> > > > float32 stays" in third.output
    fourth = handbook("interview", answers=["y", "Nothing"])
    assert "Question 2 of 4\n" in fourth.output

    last = handbook(
        "interview",
        answers=[
            *("at all", "", "", "no", "", "yes", "", "No", "none", "pass"),
        ],
    )
    for number in (1, 2, 3, 4):
        shown = f"Question {number} of 4" in last.output
        assert shown == (number > 1)
    assert "weak: clips the logits or adds an epsilon" in last.output
    assert not STATE.exists()
    (record,) = read(RECORD)
    assert (record["hints"], record["checks"]) == (1, 2)
    assert record["accepted"]
    assert record["rubric"] == "passable"
    said = [(a["answer"], a["right"]) for a in record["questions"]]
    assert said == [
        ("It wraps\n\naround", True),
        ("Nothing\nat all", False),
        ("", True),
        ("", False),
    ]
    asked = [a["question"] for a in record["questions"]]
    assert set(asked[2:]) < FOLLOW_UPS.keys()
    assert "1 hint, 2 checks, 2 of 4 questions, passable." in last.output


class Script:
    """A person who says what is written, each word a minute later."""

    def __init__(self, words, state, reports=()):
        self.words, self.now, self.shown = iter(words), 100.0, []
        self.reports = iter(reports)
        self.room = Room(
            self.ask, self.shown.append, self.judge, self.clock, state
        )

    def ask(self, prompt):
        self.now += 60
        self.shown.append(prompt)
        try:
            return next(self.words)
        except StopIteration:
            raise EOFError from None

    def judge(self, path):
        return next(self.reports)

    def clock(self):
        return self.now


def row(name, passed, **texts):
    empty = {"given": "", "expected": "", "got": "", "where": ""}
    return {
        "name": name,
        "tier": "production",
        "promise": f"Keeps {name}.",
        "hint": f"What of {name}?",
        "passed": passed,
        **empty,
        **texts,
    }


def report(*rows):
    return {"accepted": True, "checks": [{"tier": "core"}, *rows]}


def test_the_clock_stops_in_a_pause_and_at_acceptance(tmp_path):
    state = tmp_path / "open.json"
    run = Run("softmax", "softmax.py", seed=0)
    with pytest.raises(EOFError):
        hold(run, Script(["hint", "hint", "pause"], state).room)
    assert run.seconds == 180
    run = Run.load(state)
    assert (run.seconds, run.hints) == (180, 2)
    rows = row("a", True), row("b", True)
    script = Script(
        [
            *(*["hint"] * 2, "", *["stay"] * 10, "check"),
            *("é\udcff", "", "", "y", *["", "y"] * 3, "s"),
        ],
        state,
        [report(*rows)],
    )
    assert hold(run, script.room) == "strong"
    assert run.seconds == 180 + 14 * 60
    assert run.hints == 3
    assert run.questions[0].answer == "é?"  # what a terminal can't read
    assert "[12:00 left] " in script.shown
    assert "[1:00 over] " in script.shown
    assert "There are no more hints." in map(str, script.shown)


def test_what_the_code_does_not_keep_is_asked_first(tmp_path):
    rows = [
        row("a", True),
        row("b", False, given="f(1)", got="2"),
        row("c", None),
        row("d", False, given="f(2)", got="3"),
        row("d", False, given="f(3)", got="4"),
    ]
    run = Run("softmax", "softmax.py", seed=0)
    first, second, *rest = held.questions(run, report(*rows))
    assert (first.question, second.question) == ("What of b?", "What of d?")
    assert first.solution == (
        "Keeps b.\n\ngiven:\n\n```text\nf(1)\n```\n\n"
        "got:\n\n```text\n2\n```"
    )
    assert "f(2)" in second.solution
    assert "f(3)" not in second.solution
    assert len(rest) == 2
    assert all(FOLLOW_UPS[q.question] == q.solution for q in rest)
    first, second, *_ = held.questions(run, report(*rows[:2], *rows[2:3]))
    assert (first.question, second.question) == ("What of b?", "What of a?")
    assert second.solution == "Keeps a.\n\nYour code keeps this promise."


def test_giving_up_is_recorded():
    run = handbook("interview", "knn", answers=["hint", "stop", "y"])
    (record,) = read(RECORD)
    assert not record["accepted"]
    assert record["questions"] == []
    assert record["rubric"] is None
    assert "knn: not accepted after 0:00, 1 hint, 0 checks." in run.output
    assert "def knn_predict(X_train" in run.output


def test_what_cannot_be_read_is_no_check():
    handbook("interview", "softmax", answers=["pause"])
    FILE.unlink()
    run = handbook("interview", answers=["check", "stop", "y"])
    assert "softmax.py" in run.stderr
    assert read(RECORD)[0]["checks"] == 0


def test_a_closed_terminal_pauses():
    call = [HANDBOOK, "interview", "softmax"]
    with subprocess.Popen(
        call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
    ) as run:
        run.stdin.write(b"hint\nhint\n")
        shown = b""
        while b"Hint 2" not in shown:
            shown += run.stdout.read(1)
        if hasattr(signal, "SIGHUP"):
            os.kill(run.pid, signal.SIGHUP)
        run.communicate()  # ends its input
    assert Run.load(STATE).hints == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sofmax"], "did you mean softmax?"),
        (["--track", "maths"], "one of fundamentals, classical"),
        (["--difficulty", "none"], "one of easy, medium, hard"),
        (["--minutes", "1"], "no challenge matches"),
        (["softmax", "--track", "networks"], "no challenge matches"),
    ],
)
def test_options_that_leave_nothing(arguments, said):
    run = handbook("interview", *arguments)
    assert run.exit_code == 2
    assert said in run.stderr
    assert not Path("interviews").exists()


def test_options_choose_what_is_drawn():
    run = handbook(
        *("interview", "--track", "classical", "--difficulty", "medium"),
        answers=["stop", "yes"],
    )
    assert run.exit_code == 0
    front = challenge(read(RECORD)[0]["challenge"]).front
    assert (front["track"], front["difficulty"]) == ("classical", "medium")
    handbook("interview", "--minutes", "15", "--seed", "3")
    stem = Run.load(STATE).challenge
    assert challenge(stem).front["minutes"] <= 15


def test_an_open_interview_comes_first():
    handbook("interview", "softmax", answers=["pause"])
    run = handbook("interview", "knn")
    assert run.exit_code == 2
    assert "without arguments resumes it" in run.stderr
    assert Run.load(STATE).challenge == "softmax"


GOOD = {
    "challenge": "softmax",
    "file": "softmax-1/softmax.py",
    "seed": 0,
    "seconds": 1.5,
    "hints": 0,
    "checks": 0,
    "accepted": False,
    "questions": [],
}
DAMAGED = [
    {"challenge": "soft_max", "file": "soft_max.py"},
    {"file": "/etc/passwd"},
    {"file": None},
    {"seconds": "x"},
    {"seconds": float("nan")},
    {"seconds": -1.0},
    {"hints": 4},
    {"questions": [1]},
    {"questions": [{"question": 1, "solution": ""}]},
]


def test_a_sound_state_goes_on():
    save(STATE, json.dumps(GOOD))
    assert handbook("interview").exit_code == 0


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", *(json.dumps(GOOD | change) for change in DAMAGED)],
)
def test_a_damaged_state_stays_as_it_is(text):
    save(STATE, text)
    run = handbook("interview")
    assert run.exit_code == 2
    assert "open.json holds no interview" in run.stderr
    assert STATE.read_text("utf-8") == text


def test_the_draw_prefers_what_is_open_or_long_ago():
    records = parse(
        dumped(
            [
                entry(challenge="a", ended="2026-11-28T08:00:00"),
                entry(challenge="b", accepted=False),
                entry(challenge="c", ended="2026-11-14T08:00:00"),
            ]
        )
    )
    rng, today = random.Random(0), date(2026, 11, 28)
    count = Counter(
        draw([*"abcd"], records, today, rng) for _ in range(12_000)
    )
    # weights 1, 4, 1 + 14 / 7 and 4; the deviation is at most 53
    for stem, expected in zip(
        "abcd", (1000, 4000, 3000, 4000), strict=True
    ):
        assert abs(count[stem] - expected) < 250


def test_review_says_what_is_due():
    run = handbook("review")
    assert run.exit_code == 0
    assert "Begin with: handbook interview batch_matmul" in run.output
    soon = entry(challenge="knn", ended="2999-01-01T08:00:00")
    save(RECORD, dumped([soon]))
    run = handbook("review")
    assert "Nothing is due before 2999-01-03: knn." in run.output
    save(
        RECORD, dumped([soon, entry(ended="2001-01-01T08:00:00", hints=2)])
    )
    run = handbook("review")
    line = next(li for li in run.output.splitlines() if "softmax" in li)
    words = (
        "2001-01-02 softmax 2001-01-01: accepted after 10:11, 2 hints, "
        "1 check, 1 of 1 questions, strong"
    )
    assert line.split() == words.split()
    assert "Begin with: handbook interview softmax" in run.output
    every = [
        entry(challenge=stem, ended="2999-01-01T08:00:00") for stem in STEMS
    ]
    save(RECORD, dumped(every))
    assert "Begin" not in handbook("review").output


def test_a_review_comes_later_the_better_the_answer():
    """Initial stabilities of FSRS-6: 0.212, 1.2931 and 2.3065 days."""

    def days(**changes):
        found = due([entry(**changes)])["softmax"] - date(2026, 11, 28)
        return found.days

    assert days(accepted=False) == 1
    assert days(hints=1) == days(checks=2) == 1
    assert days() == 2


def test_an_import_adds_what_is_new():
    ours, theirs = entry(), entry(ended="2026-11-27T08:00:00")
    save(RECORD, dumped([ours, ours]).rstrip("\n"))
    save(Path("from browser.jsonl"), dumped([theirs, ours]))
    for number in (1, 0):
        run = handbook("review", "--import", "from browser.jsonl")
        assert f"New interviews: {number}." in run.output
    lines = RECORD.read_text("utf-8").splitlines()
    assert [*map(json.loads, lines)] == [ours, ours, theirs]
    assert merged(read(RECORD)) == [theirs, ours]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "Expecting property name"),
        ("[]", "a record has challenge, ended"),
        (json.dumps({"challenge": "knn"}), "a record has challenge"),
        (json.dumps(entry(seconds=-1)), "seconds is -1"),
        (json.dumps(entry(accepted=1)), "accepted is 1"),
        (
            json.dumps(entry(rubric="fine")),
            "strong, passable, weak or null",
        ),
        (json.dumps(entry(ended="2026-11-28")), "like 2026-11-28T21:04:05"),
        (json.dumps(entry(ended="yesterday")), "isoformat string"),
        (json.dumps(entry(ended="9999-12-31T08:00:00")), "ended is '9999"),
        (json.dumps(entry(questions=["Why?"])), "questions holds 'Why?'"),
        (
            json.dumps(
                entry(
                    questions=[{"question": "", "answer": "", "right": "x"}]
                )
            ),
            "questions holds {'question'",
        ),
    ],
)
def test_a_damaged_record_is_named_and_stays(line, said):
    text = dumped([entry()]) + "\n" + line
    save(RECORD, text)
    for command in ("review", "interview"):
        run = handbook(command)
        assert run.exit_code == 2
        assert f"{RECORD}: line 3 is no record" in run.stderr
        assert said in run.stderr
    assert RECORD.read_text("utf-8") == text


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "fsrs", None)
    save(RECORD, dumped([entry()]))
    run = handbook("review")
    assert run.exit_code == 2
    assert "handbook review needs the package fsrs" in run.stderr
    RECORD.unlink()
    assert "Not asked yet: " in handbook("review").output


def test_time_is_said_in_minutes():
    assert [*map(time_of, (0, 59.6, 611))] == ["0:00", "1:00", "10:11"]
