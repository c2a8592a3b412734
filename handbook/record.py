"""The record of mock interviews: a line each, and what it asks for next.

It is a text of JSON Lines, the same that a browser exports and imports.
Nothing else is stored: when a challenge is due is computed from it.
"""

import json
import random
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypedDict, cast

from handbook.page import RUBRIC


class Answer(TypedDict):
    """A question that was asked, and what was said to it."""

    question: str
    answer: str
    right: bool  # as the person says who answered


class Record(TypedDict):
    """A mock interview."""

    challenge: str
    ended: str  # local time, in whole seconds: 2026-11-28T21:04:05
    seconds: int  # on the clock, without pauses
    hints: int
    checks: int
    accepted: bool
    questions: list[Answer]
    rubric: str | None  # strong, passable, weak; None if it was not placed


TYPES: dict[str, type] = {
    "challenge": str,
    "ended": str,
    "seconds": int,
    "hints": int,
    "checks": int,
    "accepted": bool,
    "questions": list,
}
KEYS = Record.__annotations__.keys()
WEIGHT = 4.0  # of a challenge that is open, in the draw
WEEK = 7  # days


def read(path: Path) -> list[Record]:
    """Return the interviews of a file, the earliest first.

    Raises
    ------
    ValueError
        If a line is no record; it names the file and the line.
    """
    try:
        return parse(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:  # what is not UTF-8 is one
        raise ValueError(f"{path}: {error}") from None


def append(path: Path, records: list[Record]) -> None:
    """Add interviews to a file; what it holds stays as it is."""
    with path.open("a+", encoding="utf-8", newline="\n") as file:
        file.seek(0)
        whole = file.read()[-1:] in ("", "\n")
        file.write("\n" * (not whole) + dumped(records))


def parse(text: str) -> list[Record]:
    """Return the interviews of a text, the earliest first."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                found.append(checked(json.loads(line)))
            except ValueError as error:
                raise ValueError(
                    f"line {number} is no record, correct or delete it: "
                    f"{error}"
                ) from None
    return sorted(found, key=lambda record: record["ended"])


def checked(record: Any) -> Record:
    """Return a record; raise ValueError if it is none."""
    if not isinstance(record, dict) or record.keys() != KEYS:
        raise ValueError(f"a record has {', '.join(KEYS)}")
    for key, kind in TYPES.items():
        value = record[key]
        negative = isinstance(value, int) and value < 0
        if type(value) is not kind or negative:
            raise ValueError(f"{key} is {value!r}")
    if record["rubric"] not in (*RUBRIC, None):
        raise ValueError(
            f"rubric is {record['rubric']!r}: {', '.join(RUBRIC)} or null"
        )
    ended = record["ended"]
    if datetime.fromisoformat(ended).isoformat() != ended or ended > "9":
        raise ValueError(f"ended is {ended!r}: like 2026-11-28T21:04:05")
    for answer in record["questions"]:
        kinds = Answer.__annotations__
        if not isinstance(answer, dict) or kinds != {
            key: type(value) for key, value in answer.items()
        }:
            raise ValueError(f"questions holds {answer!r}")
    return cast(Record, record)


def dumped(records: Iterable[Record]) -> str:
    """Return the text of interviews, a line each."""
    return "".join(
        json.dumps(record, ensure_ascii=False) + "\n" for record in records
    )


def merged(*histories: list[Record]) -> list[Record]:
    """Return the interviews of several texts, each once, by their time."""
    lines = {dumped([r]): r for history in histories for r in history}
    return sorted(lines.values(), key=lambda record: record["ended"])


def latest(records: list[Record]) -> dict[str, Record]:
    """Return the last interview at each challenge."""
    return {record["challenge"]: record for record in records}


def day(record: Record) -> date:
    return date.fromisoformat(record["ended"][:10])


def draw(
    stems: list[str],
    records: list[Record],
    today: date,
    rng: random.Random,
) -> str:
    """Draw a challenge: rather one that is open, or was asked long ago."""
    last = latest(records)

    def weight(stem: str) -> float:
        if stem not in last or not last[stem]["accepted"]:
            return WEIGHT
        days = max((today - day(last[stem])).days, 0)
        return min(1 + days / WEEK, WEIGHT)

    return rng.choices(stems, [weight(stem) for stem in stems])[0]


def rating(record: Record) -> int:
    """Return FSRS's rating: 1 again, 2 hard, 3 good."""
    if not record["accepted"]:
        return 1
    return 3 if not record["hints"] and record["checks"] == 1 else 2


def due(records: list[Record]) -> dict[str, date]:
    """Return the day on which each challenge of a record is due.

    FSRS schedules whole days: an interview counts as a review at midnight
    of its day.

    Raises
    ------
    ModuleNotFoundError
        If the package fsrs is not installed.
    """
    try:
        from fsrs import Card, Rating, Scheduler
    except ImportError:
        raise ModuleNotFoundError(
            "handbook review needs the package fsrs: pip install fsrs"
        ) from None

    scheduler = Scheduler(
        learning_steps=(), relearning_steps=(), enable_fuzzing=False
    )
    cards: dict[str, Card] = {}
    for record in records:
        card = cards.get(record["challenge"], Card(card_id=1))
        moment = datetime.combine(day(record), datetime.min.time(), UTC)
        cards[record["challenge"]], _ = scheduler.review_card(
            card, Rating(rating(record)), moment
        )
    return {stem: card.due.date() for stem, card in cards.items()}
