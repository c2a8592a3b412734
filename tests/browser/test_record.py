"""The record of mock interviews: as the page keeps it, run by Node.js, and
as the command line does.
"""

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from fsrs import Card, Rating, Scheduler

from handbook.record import due, dumped, parse
from tests.pages import ROOT

NODE = Path(sys.executable).with_name("node")
MODULE = (ROOT / "docs/assets/record.mjs").as_uri()
# Calls of the module, each a name and arguments, and what they return
CALLS = f"""
import {{ readFileSync }} from "node:fs";
import * as record from {json.dumps(MODULE)};
const calls = JSON.parse(readFileSync(0, "utf-8"));
const results = calls.map(([name, args]) => {{
  try {{ return {{ result: record[name](...args) }}; }}
  catch ({{ message }}) {{ return {{ message }}; }}
}});
console.log(JSON.stringify(results));
"""
GOOD = {
    "challenge": "softmax",
    "ended": "2026-11-28T21:04:05",
    "seconds": 611,
    "hints": 1,
    "checks": 2,
    "accepted": True,
    "questions": [{"question": "Why?", "answer": "é→😀", "right": True}],
    "rubric": "strong",
}


def run(calls):
    """Run calls of the module in one process."""
    done = subprocess.run(
        [NODE, "--input-type=module", "--eval", CALLS],
        input=json.dumps(calls),
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return json.loads(done.stdout)


def results(*calls):
    return [call["result"] for call in run(calls)]


def line(**changed):
    return json.dumps(GOOD | changed, ensure_ascii=False)


# What each rating is the rating of: its hints, checks, and whether accepted
RATED = {
    Rating.Again: [(0, 0, False), (3, 5, False), (0, 1, False)],
    Rating.Hard: [(1, 1, True), (0, 2, True), (3, 4, True)],
    Rating.Good: [(0, 1, True)],
}


def history(rng):
    """Some interviews on one challenge, and how each is rated."""
    day, found = date(2026, 1, 1), []
    for number in range(rng.randrange(1, 12)):
        day += timedelta(rng.choice([0, 0, 1, 2, 5, 9, 30, 200]))
        rating = rng.choice(list(RATED))
        hints, checks, accepted = rng.choice(RATED[rating])
        result = {"hints": hints, "checks": checks, "accepted": accepted}
        ended = f"{day}T23:{number:02}:59"
        found.append((rating, day, GOOD | result | {"ended": ended}))
    return found


def test_both_schedulers_agree():
    rng = Random(20)
    histories = [history(rng) for _ in range(200)]
    scheduler = Scheduler(
        learning_steps=(), relearning_steps=(), enable_fuzzing=False
    )
    expected = []
    for reviews in histories:
        card = Card()
        for rating, day, _ in reviews:
            at = datetime(day.year, day.month, day.day, tzinfo=UTC)
            card, _ = scheduler.review_card(card, rating, at)
        expected.append({"softmax": card.due.date().isoformat()})
    calls = []
    for reviews, days in zip(histories, expected, strict=True):
        records = [record for _, _, record in reviews]
        own = {stem: f"{day}" for stem, day in due(records).items()}
        assert own == days
        rng.shuffle(records)  # time is in the record
        calls.append(("due", [records]))
    assert results(*calls) == expected
    assert len({found["softmax"] for found in expected}) > 100


def test_each_challenge_is_due_by_itself():
    knn = GOOD | {"challenge": "knn", "hints": 0, "checks": 1}
    both, one, other = results(
        ("due", [[GOOD, knn]]), ("due", [[GOOD]]), ("due", [[knn]])
    )
    assert both == one | other
    assert one["softmax"] < other["knn"]  # it was harder


def test_a_file_is_read_and_written():
    """Blanks, line ends and the order of keys are as others write them."""
    mixed = json.dumps(dict(reversed(GOOD.items())))
    text = f"{line()}\r\n\n{mixed}\n{line(rubric=None, questions=[])}"
    ((read),) = results(("parse", [text]))
    assert read == [GOOD, GOOD, GOOD | {"rubric": None, "questions": []}]
    assert [list(record) for record in read] == [list(GOOD)] * 3
    written, empty = results(("format", [read]), ("format", [[]]))
    assert [json.loads(own) for own in written.splitlines()] == read
    assert parse(written) == read  # and the other way round:
    assert results(("parse", [dumped(read)])) == [read]
    assert written.endswith("}\n")
    assert empty == ""
    assert results(("parse", [written]), ("parse", [empty])) == [read, []]


DAMAGED = {
    "not JSON": "{",
    "not a JSON object": "[1]",
    "not a JSON object ": "null",
    'challenge is "../x", and must be the name': line(challenge="../x"),
    'ended is "2026-02-30T': line(ended="2026-02-30T00:00:00"),
    'ended is "2026-11-28"': line(ended="2026-11-28"),
    "a time such as 2026-11-28T21:04:05": line(ended=None),
    "seconds is 1.5, and must be a whole number": line(seconds=1.5),
    "hints is -1": line(hints=-1),
    'checks is "2"': line(checks="2"),
    "accepted is 1, and must be true or false": line(accepted=1),
    "questions is {}": line(questions={}),
    "with question, answer and right": line(questions=[{"question": "x"}]),
    "strong, passable, weak or null": line(rubric="good"),
    "rubric is missing": json.dumps(
        {key: GOOD[key] for key in GOOD if key != "rubric"}
    ),
}


def test_a_damaged_line_is_named():
    texts = [f"{line()}\n\n{bad}\n{line()}" for bad in DAMAGED.values()]
    calls = [("parse", [text]) for text in texts]
    for why, answer in zip(DAMAGED, run(calls), strict=True):
        assert answer["message"].startswith("Line 3 is damaged: "), why
        assert why.strip() in answer["message"]


def test_two_records_become_one():
    later = GOOD | {"ended": "2026-12-01T08:00:00"}
    other = GOOD | {"seconds": 612}  # in the same second, another
    merged, same, swapped = results(
        ("merge", [[later, GOOD], [GOOD]]),
        ("merge", [[GOOD, later], [GOOD, later]]),
        ("merge", [[GOOD], [other]]),
    )
    assert merged == same == [GOOD, later]
    assert swapped == [GOOD, other]


# The records of a challenge, whether it is marked, and its weight
WEIGHTS = [
    ([], False, 4),
    ([], True, 2),
    ([{"accepted": False, "ended": "2026-12-10T09:00:00"}], True, 4),
    ([{"ended": "2026-12-10T09:00:00"}], False, 1),
    ([{"ended": "2026-12-03T23:59:59"}], False, 2),
    ([{"ended": "2026-11-29T00:00:00"}], False, 1 + 11 / 7),
    ([{"ended": "2026-01-01T00:00:00"}], False, 4),
    ([{"ended": "2026-12-24T00:00:00"}], False, 1),  # a clock was wrong
    (  # the last one counts, wherever it stands
        [
            {"ended": "2026-12-10T09:00:00"},
            {"accepted": False, "ended": "2026-12-09T09:00:00"},
        ],
        False,
        1,
    ),
    ([{"challenge": "knn"}], False, 4),
]


def test_the_weight_of_a_challenge():
    calls = [
        (
            "weight",
            ["softmax", [GOOD | own for own in mine], "2026-12-10", solved],
        )
        for mine, solved, _ in WEIGHTS
    ]
    found = results(*calls)
    assert found == pytest.approx([weight for *_, weight in WEIGHTS])


def test_the_draw_follows_the_weights():
    numbers = [(i + 0.5) / 70 for i in range(70)]
    drawn = results(*[("draw", [[4, 1, 2], number]) for number in numbers])
    assert drawn == [0] * 40 + [1] * 10 + [2] * 20
    assert results(("draw", [[0.1] * 10, 1 - 2**-53])) == [9]
