"""What a copy button yields is the code, and it runs where it is pasted."""

import ast
import inspect
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from doctest import DocTestParser
from functools import cache

import pytest

import handbook
from tests.browser import PATHS
from tests.pages import PAGES, ROOT, Fence, challenge
from tests.test_pages import DEFINED

CLIPBOARD = ["clipboard-read", "clipboard-write"]
# The clipboard holds something else before, so that the wait has an end
# that is known; five seconds are for a button that does nothing.
PRESS = """
async (button) => {
  const before = "nothing was copied";
  await navigator.clipboard.writeText(before);
  button.click();
  const end = Date.now() + 5000;
  let text = before;
  while (text === before && Date.now() < end) {
    text = await navigator.clipboard.readText();
  }
  return text;
}
"""
# One namespace for a page, where warnings are errors as in pytest
IN_ORDER = """
import json, sys, traceback, warnings
warnings.simplefilter("error")
namespace = {"__name__": "__main__"}
for where, source, expected in json.load(sys.stdin):
    raised = None
    try:
        exec(compile(source, where, "exec"), namespace)
    except Exception as error:
        raised = traceback.format_exception_only(error)[-1]
    if raised != expected:
        sys.exit(f"{where}: raised {raised}, not {expected}\\n{source}")
"""


def copied(page) -> Iterator[str]:
    """What each copy button of a page puts into the clipboard."""
    buttons = page.query_selector_all("[data-clipboard-target]")
    if buttons:
        buttons[0].click()  # a pointer gets at it; the others are alike
    for button in buttons:
        yield button.evaluate(PRESS)


def python(*arguments: str, **settings) -> None:
    result = subprocess.run(
        [sys.executable, "-I", *arguments],
        # starting more threads takes longer than importing NumPy
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
        **settings,
    )
    assert result.returncode == 0, f"{result.stderr}\n{arguments}"


@cache
def run_alone(source: str) -> None:
    """Run a block in an interpreter of its own."""
    python("-W", "error", "-c", source)


def solutions() -> list[Fence]:
    """The blocks of the cheat sheet, in the order of the index."""
    index = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    stems = dict.fromkeys(re.findall(r"\(challenges/(\w+)\.md\)", index))
    return [challenge(stem).solution for stem in stems]


def fences(path: str) -> list[Fence]:
    if path == "guides/cheatsheet/":
        return solutions()
    return PAGES[PATHS.index(path)].fences


def code(text: str) -> list[str]:
    """The lines, without the blank ones that outputs leave behind."""
    return [line for line in text.splitlines() if line.strip()]


def session(source: str) -> tuple[list[str], str | None]:
    """The lines that are typed in a session, and what it raises last."""
    *before, last = DocTestParser().get_examples(source)
    assert not any(example.exc_msg for example in before), source
    return code("".join(e.source for e in [*before, last])), last.exc_msg


@pytest.mark.parametrize("path", [p for p in PATHS if p != "reference/"])
def test_blocks_are_copied_as_code(visit, path):
    blocks = zip(
        fences(path),
        copied(visit(path, permissions=CLIPBOARD)),
        strict=True,
    )
    runs, in_order = [], []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for fence, text in blocks:
            error = None
            if fence.session:
                typed, error = session(fence.source)
                assert code(text) == typed, fence.where
            elif fence.language == "console":
                typed = re.findall(r"^\$ (.*)", fence.source, re.MULTILINE)
                assert code(text) == typed, fence.where
            else:
                assert text == fence.source.rstrip(), fence.where
                if fence.language == "python" and DEFINED.search(text):
                    runs.append(pool.submit(run_alone, text))
            if fence.language == "python":
                in_order.append((fence.where, text, error))
        python("-c", IN_ORDER, input=json.dumps(in_order))
        for run in runs:
            run.result()


def header(source: str) -> str:
    """A function without its body."""
    (function,) = ast.parse(source).body
    function.body = []
    return ast.unparse(function)


def test_contracts_are_copied_as_code(visit):
    """The reference has two blocks a function: signature and examples."""
    yielded = list(copied(visit("reference/", permissions=CLIPBOARD)))
    assert len(yielded) == 2 * len(handbook.__all__)
    for number, name in enumerate(handbook.__all__):
        shown, example = yielded[2 * number : 2 * number + 2]
        function = getattr(handbook, name)
        signature = header(inspect.getsource(function))
        signature = re.sub(r"\b[a-z]+\.", "", signature)  # np.random.
        assert header(f"def {shown}: 0") == signature
        assert (code(example), None) == session(inspect.getdoc(function))
        run_alone(example)
