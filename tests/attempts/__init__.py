"""Answers that people give, with an interviewer's verdict.

`<stem>.py` holds ATTEMPTS: label, verdict, source. The verdict is "accept",
or the check that is the first to fail: one of the core rejects the answer,
one of production is asked about an accepted one. A line such as

    # rows_sum_to_one: over the columns

heads each in the text that `parsed` reads.

    python -m tests.attempts    print the core verdicts of those that may
                                call BLAS, as JSON
"""

import contextlib
import importlib
import re

from handbook.challenges import stems
from handbook.checks import checks_of
from handbook.judge import examine

HEAD = "import numpy as np\n"
PRODUCT = re.compile("@|dot|matmul|einsum|inner|linalg|convolve|handbook")


def parsed(text):
    """Read attempts: below each line "# verdict: label" its source."""
    _, *parts = re.split(r"^# (\w+): (.+)\n", text, flags=re.MULTILINE)
    return [
        (label, verdict, source)
        for verdict, label, source in zip(
            parts[::3], parts[1::3], parts[2::3], strict=True
        )
    ]


class Enough(Exception):
    """What follows is not needed."""


def attempts_of(stem):
    """The attempts at a challenge: label, verdict, source."""
    found = importlib.import_module(f"tests.attempts.{stem}").ATTEMPTS
    return [(label, said, HEAD + source) for label, said, source in found]


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
        if PRODUCT.search(attempt[-1])
    ]


def core_verdicts():
    """The core verdicts of the products, in their order."""
    return [core_verdict(stem, source) for stem, _, _, source in products()]
