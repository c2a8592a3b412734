"""A browser's verdict is the command line's, of every answer there is.

Where a core promise is about warnings; with --all-pages everywhere.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from handbook.checks import checks_of
from handbook.page import STEMS, challenge
from tests.attempts import attempts_of, rows_of
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


def answers(stem):
    """The answers to a challenge, by what they are called."""
    page = challenge(stem)
    path = ROOT / "handbook/solutions" / f"{stem}.py"
    found = {
        "whiteboard": page.solution.source,
        "production": path.read_text(encoding="utf-8"),
    }
    for section in ("Alternatives", "Pitfalls", "In production"):
        found |= page.variants(section)
    found |= {label: source for label, _, source in attempts_of(stem)}
    # there is no other library in the pad than NumPy
    return {
        name: source
        for name, source in found.items()
        if "from scipy" not in source
    }


def pytest_generate_tests(metafunc):
    if "stem" in metafunc.fixturenames:
        every = metafunc.config.getoption("--all-pages")
        stems = [
            stem
            for stem in STEMS
            if every or any(c.silent for c in checks_of(stem, "core"))
        ]
        metafunc.parametrize("stem", stems)


def test_the_verdict_is_the_same(browser, stem):
    tried = answers(stem)
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
