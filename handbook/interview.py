"""A mock interview in a terminal: the clock, hints, questions, the record.

Whoever calls passes in how to ask, show and judge, and the clock.
"""

import json
import math
import random
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.markdown import Markdown
from rich.text import Text

from handbook.page import RUBRIC, STEMS, challenge, portable
from handbook.record import Answer, Record
from handbook.rendering import rendered, texts

if TYPE_CHECKING:
    from handbook.judge import Report

ASKED = 2  # questions about production, and as many follow-ups
COMMANDS = "check, hint, pause or stop"
FORMULA = re.compile(
    r"(```.*?```|`[^`]*`)|\$\$(.+?)\$\$|\$([^$\n]+)\$", re.DOTALL
)


@dataclass
class Question:
    """A question, what answers it, and what the person said."""

    question: str
    solution: str  # Markdown
    answer: str = ""
    opened: bool = False  # once the person has said what there is to say
    right: bool | None = None


@dataclass
class Run:
    """An interview that goes on."""

    challenge: str
    file: str  # in the folder of the state
    seed: int  # of the choice of questions
    seconds: float = 0.0  # on the clock
    hints: int = 0
    checks: int = 0
    accepted: bool = False
    questions: list[Question] = field(default_factory=list)

    @classmethod
    def load(cls, path: Path) -> "Run":
        """Return the run of a file; raise ValueError if it holds none."""
        try:
            state = json.loads(path.read_text(encoding="utf-8"))
            asked = [Question(**each) for each in state.pop("questions")]
            run = cls(**state, questions=asked)
        except (ValueError, KeyError, TypeError, AttributeError):
            run = None
        if run is None or not run.sound():
            raise ValueError(
                f"{path} holds no interview: remove it to begin anew"
            )
        return run

    def sound(self) -> bool:
        """Whether all of it is what it must be."""
        fields = [
            (own, own.__annotations__) for own in (self, *self.questions)
        ]
        return (
            all(
                isinstance(getattr(own, name), kind)
                for own, kinds in fields
                for name, kind in kinds.items()
                if isinstance(kind, type)
            )
            and self.challenge in STEMS
            and Path(self.file).stem == self.challenge
            and 0 <= self.seconds < math.inf
            and 0 <= self.hints <= len(challenge(self.challenge).hints)
        )

    def save(self, path: Path) -> None:
        """Write the run to a file: the old one stays if that fails."""
        new = path.with_suffix(".new")
        new.write_text(json.dumps(asdict(self)), encoding="utf-8")
        new.replace(path)

    def record(self, ended: datetime, rubric: str | None) -> Record:
        """Return what is kept of it."""
        return Record(
            challenge=self.challenge,
            ended=ended.strftime("%Y-%m-%dT%H:%M:%S"),
            seconds=round(self.seconds),
            hints=self.hints,
            checks=self.checks,
            accepted=self.accepted,
            questions=[
                Answer(
                    question=q.question,
                    answer=q.answer,
                    right=bool(q.right),
                )
                for q in self.questions
            ],
            rubric=rubric,
        )


@dataclass
class Room:
    """How an interview hears, speaks, judges and knows the time."""

    ask: Callable[[str], str]  # raises EOFError when nobody answers
    show: Callable[[Any], None]
    judge: Callable[[Path], "Report | None"]  # None: it can't be read
    clock: Callable[[], float]  # seconds
    state: Path  # where the run is kept

    def file(self, run: Run) -> Path:
        """Return the file that holds the answer."""
        return self.state.parent / run.file


def prose(text: str) -> Markdown:
    """Return Markdown of a page as a terminal shows it."""

    def formula(match: re.Match[str]) -> str:
        code, display, inline = match.groups()
        if display:
            return f"```text\n{display.strip()}\n```"
        return code or f"`{inline}`"

    return Markdown(FORMULA.sub(formula, portable(text)), hyperlinks=False)


def time_of(seconds: float) -> str:
    """Return minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def left(run: Run) -> str:
    """Say what is left of the time that the page gives."""
    rest = 60 * challenge(run.challenge).front["minutes"] - run.seconds
    return f"{time_of(abs(rest))} {'left' if rest >= 0 else 'over'}"


def hold(run: Run, room: Room) -> str | None:
    """Go on with an interview to its end.

    Return where the person places the answer, None if nowhere. Whatever
    ends it earlier (EOFError, KeyboardInterrupt, SystemExit) passes
    through; the run is saved by then.
    """
    if not run.accepted and not write(run, room):
        return None
    for number, question in enumerate(run.questions, start=1):
        if question.right is None:
            room.show(Text(f"\nQuestion {number} of {len(run.questions)}"))
            put(run, question, room)
    return place(run, room)


def write(run: Run, room: Room) -> bool:
    """Let the person write while the clock runs; say if it is accepted."""
    page = challenge(run.challenge)
    began = room.clock() - run.seconds
    front = page.front
    title = f"{front['title']}, {front['difficulty']}"
    room.show(prose(f"# {title}, {front['minutes']} minutes"))
    room.show(prose(page.statement))
    said = f"Write your answer in {room.file(run)}. Then type {COMMANDS}."
    room.show(Text(f"\n{said}"))
    try:
        while not run.accepted:
            run.seconds = room.clock() - began
            run.save(room.state)
            word = room.ask(f"[{left(run)}] ").strip().lower()
            run.seconds = room.clock() - began
            if word == "check":
                check(run, room)
            elif word == "hint" and run.hints == len(page.hints):
                room.show(Text("There are no more hints."))
            elif word == "hint":
                title, text = page.hints[run.hints]
                run.hints += 1
                room.show(prose(f"**{title}**\n\n{text}"))
            elif word == "pause":
                raise EOFError
            elif word == "stop":
                room.show(Text("Give up? It counts as not accepted."))
                if choose(["yes", "no"], room) == "yes":
                    return False
            elif word:
                room.show(Text(f"Type {COMMANDS}."))
    finally:
        if not run.accepted:
            run.seconds = room.clock() - began
        run.save(room.state)
    return True


def check(run: Run, room: Room) -> None:
    """Have the answer judged; once it is accepted, choose the questions."""
    report = room.judge(room.file(run))
    if report is None:
        return
    run.checks += 1
    if not report["accepted"]:
        for part in rendered(str(room.file(run)), report, production=False):
            room.show(part)
        return
    run.accepted = True
    run.questions = questions(run, report)
    room.show(Text(f"Accepted after {time_of(run.seconds)}.", "bold"))


def questions(run: Run, report: "Report") -> list[Question]:
    """Choose questions: what the code does not keep comes first."""
    rows = [r for r in report["checks"] if r["tier"] == "production"]
    rows.sort(key=lambda row: row["passed"] is not False)
    distinct = {row["hint"]: row for row in reversed(rows)}
    asked = []
    for row in list(reversed(distinct.values()))[:ASKED]:
        parts = [row["promise"]]
        if row["passed"]:
            parts.append("Your code keeps this promise.")
        parts += [
            f"{name}:\n\n```text\n{text.rstrip()}\n```"
            for name, text in texts(row).items()
            if text
        ]
        asked.append(Question(row["hint"], "\n\n".join(parts)))
    follow_ups = challenge(run.challenge).follow_ups
    chosen = random.Random(run.seed).sample(follow_ups, ASKED)
    return asked + [Question(title, answer) for title, answer in chosen]


def put(run: Run, question: Question, room: Room) -> None:
    """Ask a question, then open its answer."""
    room.show(prose(question.question))
    if not question.opened:
        said = (
            "Your answer. Two empty lines end it, one if you have none. "
            "Ctrl-C pauses."
        )
        room.show(Text("\n".join(filter(None, [said, question.answer]))))
        while not re.search(r"\n\n\n$|^\n$", question.answer):
            line = room.ask("> ").encode(errors="replace").decode()
            question.answer += f"{line.rstrip()}\n"
            run.save(room.state)
        question.answer = question.answer.strip()
        question.opened = True
        run.save(room.state)
    room.show(prose(question.solution))
    room.show(Text("Did you say that?"))
    question.right = choose(["yes", "no"], room) == "yes"
    run.save(room.state)


def place(run: Run, room: Room) -> str:
    """Show the rubric; return where the person places the answer."""
    room.show(Text("\nWhere would you place your interview?"))
    for name, words in challenge(run.challenge).rubric.items():
        room.show(prose(f"**{name}**: {words}"))
    return choose(RUBRIC, room)


def choose(options: list[str], room: Room) -> str:
    """Ask until an option is named, by its first letter at least."""
    while True:
        word = room.ask(f"{', '.join(options)}? ").strip().lower()
        for option in options:
            if word and option.startswith(word):
                return option
        room.show(Text(f"Type {' or '.join(options)}."))


def solution(run: Run) -> Markdown:
    """Return what a strong candidate writes and says."""
    page = challenge(run.challenge)
    code = f"```python\n{page.solution.source}```"
    return prose(f"The solution:\n\n{code}\n\n{page.say_aloud}")


def summary(record: Record) -> str:
    """Say how an interview went."""
    verdict = "accepted" if record["accepted"] else "not accepted"
    parts = [f"{verdict} after {time_of(record['seconds'])}"]
    for number, name in (
        (record["hints"], "hint"),
        (record["checks"], "check"),
    ):
        parts.append(f"{number} {name}{'s' * (number != 1)}")
    if asked := record["questions"]:
        right = sum(answer["right"] for answer in asked)
        parts.append(f"{right} of {len(asked)} questions")
    if record["rubric"]:
        parts.append(record["rubric"])
    return ", ".join(parts)
