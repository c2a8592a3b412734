"""Answers that people give, with an interviewer's verdict.

`<stem>.txt` holds them, each below a line with its verdict and a label:

    # rows_sum_to_one: over the columns

The verdict is "accept", or the check that is the first to fail: one of the
core rejects the answer, one of production is asked about an accepted one.
Functions that an answer does not define are the handbook's. An answer may
be the handbook's code but for an edit, `-` the old lines, `+` the new: of
the production code where a check of production or the larger input fails,
else of the whiteboard code.

    python -m tests.attempts    print the core verdicts of those that may
                                call BLAS, as JSON
"""

import contextlib
import functools
import re
from pathlib import Path

from handbook.challenges import functions_of, stems
from handbook.checks import checks_of, larger_input_of
from handbook.judge import examine
from tests.pages import ROOT

PRODUCT = re.compile("@|dot|matmul|einsum|inner|linalg|convolve|handbook")
HEAD = "import numpy as np\nimport handbook\n"
HERE = Path(__file__).parent


def edited(stem, said, answer):
    """The handbook's code after an answer's edits; or else the answer."""
    edits = re.findall(
        r"((?:^-.*\n)+)((?:^\+.*\n?)*)", answer, re.MULTILINE
    )
    if not edits:
        return answer
    core = said in ("accept", *(c.name for c in checks_of(stem, "core")))
    room = "whiteboard" if core else "solutions"
    path = ROOT / "handbook" / room / f"{stem}.py"
    source = path.read_text(encoding="utf-8")
    for edit in edits:
        old, new = (
            re.sub("^. ?", "", e, flags=re.M).rstrip() for e in edit
        )
        indent = len(old) - len(old.lstrip())
        old, new = old[indent:], new[indent:]
        assert source.count(old) == 1, f"not once in {path}:\n{old}"
        source = source.replace(old, new)
    return source


@functools.cache
def attempts_of(stem):
    """The attempts at a challenge: label, verdict, source."""
    text = (HERE / f"{stem}.txt").read_text(encoding="utf-8")
    _, *parts = re.split(r"^# (\w+): (.+)\n", text, flags=re.MULTILINE)
    names = ", ".join(functions_of(stem))
    head = HEAD + f"from handbook import {names}\n"
    return [
        (label, said, head + edited(stem, said, source))
        for said, label, source in zip(
            parts[::3], parts[1::3], parts[2::3], strict=True
        )
    ]


@functools.cache
def core_names(stem):
    found = checks_of(stem, "core") + larger_input_of(stem)
    return {check.name for check in found}


def rejected(stem):
    """The first attempt that a core check refuses, and that check."""
    return next(
        (verdict, source)
        for _, verdict, source in attempts_of(stem)
        if verdict in core_names(stem)
    )


class Enough(Exception):
    """What follows is not needed."""


def rows_of(stem, source, until="the comparison"):
    """The rows of a report, made in this process: quicker, the same."""
    rows = []

    def tell(event):
        if event.get("running") == until:
            raise Enough
        if problem := event.get("problem"):
            raise AssertionError(problem)
        if "row" in event:
            rows.append(event["row"])

    with contextlib.suppress(Enough):
        examine(stem, source, f"{stem}.py", tell)
    return rows


def broken(rows):
    """The names of the checks that failed, in order."""
    return [row["name"] for row in rows if not row["passed"]]


def core_verdict(stem, source):
    """The first core check that fails, or accept."""
    question = checks_of(stem, "production")[0].name
    rows = rows_of(stem, source, until=question)
    return [*broken(rows), "accept"][0]


def products():
    """The attempts that may call BLAS."""
    return [
        (stem, *attempt)
        for stem in stems()
        for attempt in attempts_of(stem)
        if PRODUCT.search(attempt[-1].split("\n", 3)[3])
    ]


def core_verdicts():
    """The core verdicts of the products, in their order."""
    return [core_verdict(stem, source) for stem, _, _, source in products()]
