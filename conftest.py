"""Run every example of the handbook, and refuse what would not be run.

Sybil runs the `python` fences of the pages and the examples of the
docstrings. What looks like code on a page but would be passed over in
silence is refused when the page is collected: the closed world.
"""

import re
from collections.abc import Iterator

import pytest
from sybil import Document, Region, Sybil
from sybil.document import PythonDocStringDocument
from sybil.parsers.markdown import PythonCodeBlockParser
from sybil.parsers.rest import DocTestParser
from sybil.sybil import SybilCollection

MARKDOWN = ("*.md", "*.markdown", "*.mdown", "*.mkdn", "*.mkd")
LANGUAGES = ("python", "text", "console")
TAG_LISTING = "<!-- material/tags -->"

FENCE = re.compile(r"(?P<indent> *)(?P<ticks>`{3,}|~{3,})(?P<info>.*)")
HIDDEN_FENCE = re.compile(r"[ >]*([-*+]|\d+[.)])? *(```|~~~)")
CONTAINER = re.compile(r" *(\?\?\?\+?|!!!|===|:::|\[\^|[-*+] |\d+\. )")
PROMPT = re.compile(r"(^|[\s>])>>>(\s|$)")
CODE_TAG = re.compile(
    r"</?(code|iframe|pre|samp|script|template|textarea|xmp)\b", re.I
)
PYTHON = re.compile(
    r"\s*((from [\w.]+ )?import \w|def \w+\(|class \w+\W|return |print\()"
)


def refusals(text: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the reason of everything that is not allowed."""
    if text.startswith("\ufeff"):
        yield (
            1,
            "a byte order mark hides a fence on the first line: remove it",
        )
    opened: re.Match[str] | None = None  # the fence that we are in
    opened_at = 0
    session = ended = False  # in a >>> session, after a blank line in it
    containers: list[int] = []  # columns at which their content starts
    for number, line in enumerate(text.splitlines(), start=1):
        if "\t" in line:
            yield number, "a tab: indent with spaces"
        if opened:
            info = opened["info"]
            content = line.removeprefix(opened["indent"])
            if content.rstrip() == opened["ticks"]:
                opened = None
            elif HIDDEN_FENCE.match(line):
                yield (
                    number,
                    f"a fence inside the fence of line {opened_at}",
                )
            elif content.strip() and not line.startswith(opened["indent"]):
                yield number, "less indented than the fence that it is in"
            elif "doctest:" in line:
                yield number, "a doctest directive: compare exact output"
            elif info != "python":
                if PROMPT.search(line) or PYTHON.match(content):
                    yield number, f"Python in a {info} fence: say python"
            elif content.startswith((">>>", "...")):
                if number == opened_at + 1:
                    session = True
                ended = False
            elif not content.strip():
                ended = True
            elif session and ended:
                yield number, "code without a prompt in a >>> session"
            continue
        indent = len(line) - len(line.lstrip(" "))
        if not line.strip():
            continue
        while containers and indent < containers[-1]:
            containers.pop()
        column = containers[-1] if containers else 0
        if fence := FENCE.fullmatch(line):
            opened, opened_at, session, ended = fence, number, False, False
            if fence["info"] not in LANGUAGES or fence["ticks"] != "```":
                yield (
                    number,
                    f"the fence {line.strip()!r}: only ``` followed by "
                    f"{', '.join(LANGUAGES)} and nothing else is allowed",
                )
            elif indent != column:
                yield number, f"a fence at column {indent}, not {column}"
            continue
        if HIDDEN_FENCE.match(line):
            yield (
                number,
                "a fence behind a list or quote mark: give it a line",
            )
        elif indent >= column + 4:
            yield number, "indented code: use a python fence"
        elif CONTAINER.match(line):
            containers.append(indent + 4)
        if PROMPT.search(line):
            yield number, "a prompt outside a fence: use a python fence"
        if "<!--" in line and line.strip() != TAG_LISTING:
            yield number, "an HTML comment: readers do not see it"
        if CODE_TAG.search(re.sub(r"`[^`]*`", "", line)):
            yield number, "code in an HTML tag: use a python fence"
    if opened:
        yield opened_at, "a fence that is never closed"


def closed_world(document: Document) -> Iterator[Region]:
    """Fail the collection of a page that holds something refused."""
    found = [
        f"{document.path}:{line}: {reason}"
        for line, reason in refusals(document.text)
    ]
    if found:
        raise pytest.Collector.CollectError("\n".join(found))
    return iter(())


pages = Sybil(
    parsers=[closed_world, PythonCodeBlockParser()],
    patterns=MARKDOWN,
    encoding="utf-8",
)
docstrings = Sybil(
    parsers=[DocTestParser()],
    patterns=["handbook/*.py", "handbook/solutions/*.py"],
    document_types={".py": PythonDocStringDocument},
    encoding="utf-8",
)
pytest_collect_file = SybilCollection([pages, docstrings]).pytest()
