"""A browser's verdict is the command line's.

Of the starter, both codes and an answer that the core refuses; of every
answer there is with --all-pages.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from handbook.challenges import starter
from handbook.page import STEMS, challenge
from tests.attempts import attempts_of, rejected, rows_of
from tests.browser import SITE
from tests.browser.pad import wheel
from tests.pages import ROOT

# the checks that a browser leaves to the command line, by challenge
UNSEEN = {"top_k": {"indices_of_dtype_intp"}}
# reads the clock: on a busy machine two runs may differ anywhere
CLOCK = "time_independent_of_the_window"


@pytest.fixture(scope="module")
def browser():
    """Judge answers as a browser does: by Pyodide, without a page."""
    script = Path(__file__).with_name("verdicts.mjs")
    node = Path(sys.executable).with_name("node")
    with subprocess.Popen(
        [node, script, SITE / "assets/handbook.zip", wheel()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        yield process
        process.stdin.close()


def answers(stem, *, every):
    """The answers to a challenge, by what they are called."""
    page = challenge(stem)
    path = ROOT / "handbook/solutions" / f"{stem}.py"
    found = {
        "starter": starter(stem),
        "whiteboard": page.solution.source,
        "production": path.read_text(encoding="utf-8"),
    }
    if not every:
        return found | {"refused": rejected(stem)[1]}
    for section in ("Alternatives", "Pitfalls", "In production"):
        found |= page.variants(section)
    found |= {label: source for label, _, source in attempts_of(stem)}
    # there is no other library in the pad than NumPy
    return {
        name: source
        for name, source in found.items()
        if "from scipy" not in source
    }


@pytest.mark.parametrize("stem", STEMS)
def test_the_verdict_is_the_same(browser, request, stem):
    tried = answers(stem, every=request.config.getoption("--all-pages"))
    browser.stdin.write(json.dumps([stem, *tried.values()]) + "\n")
    browser.stdin.flush()
    expected = [  # meanwhile
        {row["name"]: row["passed"] for row in rows_of(stem, source)}
        for source in tried.values()
    ]
    found = json.loads(browser.stdout.readline())
    for name, here, there in zip(tried, expected, found, strict=True):
        for rows in (here, there):
            rows.pop(CLOCK, None)
        unseen = {check for check in there if there[check] is None}
        assert unseen <= UNSEEN.get(stem, set()), name
        assert there == here | dict.fromkeys(unseen), name
