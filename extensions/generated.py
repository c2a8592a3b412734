"""Put in its place what is derived: tables, lists, code of other pages.

A line that holds nothing but a mark, such as {{ challenges }}, becomes what
its function returns when the site is built.

    python -m extensions.generated         write what stands in the checkout
    python -m extensions.generated SITE    write llms.txt and the pages in
                                           Markdown into a built site
"""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from benchmarks import judging, measured, mutants, pad, site
from handbook.challenges import functions_of
from handbook.page import STEMS, Page, challenge

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
MARK = re.compile(r"^\{\{ (\w+) \}\}$", re.MULTILINE)
LISTED = """\
# {title}

> {description}

Each challenge has its problem, hints, solution, pitfalls, complexity,
alternatives and follow-ups. Every block of code on these pages is executed,
and every printed output is compared.

## Challenges

{challenges}

## Guides

{guides}
"""


LEVELS = ["easy", "medium", "hard"]
INIT = ROOT / "handbook/__init__.py"
CONFIG = ROOT / "mkdocs.yml"


def in_order() -> list[str]:
    """Return the challenges from the easiest and shortest on."""

    def key(stem: str) -> tuple[int, int, str]:
        front = challenge(stem).front
        level = LEVELS.index(front["difficulty"])
        return level, front["minutes"], front["title"]

    return sorted(STEMS, key=key)


def init() -> str:
    """Return handbook/__init__.py: the functions of the challenges."""
    names = {stem: sorted(functions_of(stem)) for stem in STEMS}
    every = sorted(["check", *(n for own in names.values() for n in own)])
    lines = [
        '"""The public functions, and `check` to judge your own."""',
        "",
        "from handbook.session import check",
    ]
    for stem, own in names.items():
        lines.append(
            f"from handbook.solutions.{stem} import {', '.join(own)}"
        )
    listed = ", ".join(f'"{name}"' for name in every)
    source = "\n".join([*lines, "", f"__all__ = [{listed}]", ""])
    formatted = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--stdin-filename", INIT],
        input=source,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return formatted.stdout


def config() -> str:
    """Return mkdocs.yml with the challenges in their order."""
    text = CONFIG.read_text(encoding="utf-8")
    entries = "".join(
        f"      - challenges/{stem}.md\n" for stem in in_order()
    )
    return re.sub(
        r"(?<=  - Challenges:\n)(      - challenges/\w+\.md\n)+",
        entries,
        text,
    )


WRITTEN = {INIT: init, CONFIG: config}


def navigation(folder: str) -> list[str]:
    """Return the pages of a folder in the order of the navigation."""
    text = CONFIG.read_text(encoding="utf-8")
    return re.findall(rf"^ +- ({folder}/\w+\.md)$", text, re.MULTILINE)


def pages(folder: str) -> list[tuple[str, Page]]:
    return [(path, Page(DOCS / path)) for path in navigation(folder)]


def index() -> str:
    """Return the table of the challenges."""
    lines = [
        "| Challenge, and its idea { .idea } | Difficulty | Minutes | Time"
        " | Memory | Tags |",
        "|---|---|---:|---|---|---|",
    ]
    for path, page in pages("challenges"):
        front = {
            key: str(value).replace("|", r"\|")
            for key, value in page.front.items()
        }
        lines.append(
            f"| **[{front['title']}]({path})** <br>{front['description']}"
            f" <br>*{front['idea']}* | {front['difficulty']}"
            f" | {front['minutes']} min | {front['time']}"
            f" | {front['memory']}"
            f" | {', '.join(page.front['tags'][1:])} |"
        )
    return "\n".join(lines)


def solutions() -> str:
    """Return idea, complexity and whiteboard code of every challenge."""
    parts = []
    for path, page in pages("challenges"):
        front, stem = page.front, page.path.stem
        parts += [
            f"## [{front['title']}](../{path}) {{ #{stem} }}",
            f"{front['idea']} *Time {front['time']}, memory"
            f" {front['memory']}.*",
            f"```python\n{challenge(stem).solution.source}```",
        ]
    return "\n\n".join(parts)


GENERATED: dict[str, Callable[[], str]] = {
    "challenges": index,
    "headline": measured.headline,
    "judging": judging.table,
    "machines": measured.setting,
    "measured": measured.gallery,
    "mutants": mutants.table,
    "pad": pad.table,
    "ratios": measured.ratios,
    "site": site.table,
    "solutions": solutions,
    "survivors": mutants.survivors,
}


def expanded(text: str) -> str:
    """Return a page with every mark replaced."""
    return MARK.sub(lambda match: GENERATED[match[1]](), text)


def llms() -> str:
    """Return the list of the pages, for programs that read."""

    def entries(folder: str) -> str:
        fronts = [(path, page.front) for path, page in pages(folder)]
        return "\n".join(
            f"- [{front['title']}]({path}): {front['description']}"
            for path, front in fronts
        )

    front = Page(DOCS / "index.md").front
    return LISTED.format(
        title=front["title"],
        description=front["description"],
        challenges=entries("challenges"),
        guides=entries("guides"),
    )


def write(folder: Path) -> None:
    """Write what programs read into a built site."""
    (folder / "llms.txt").write_text(llms(), encoding="utf-8")
    for path, page in pages("challenges") + pages("guides"):
        text = expanded(page.text)
        (folder / path).write_text(text, encoding="utf-8")


class GeneratedPreprocessor(Preprocessor):
    """Replace the marks."""

    def run(self, lines: list[str]) -> list[str]:
        return expanded("\n".join(lines)).split("\n")


class GeneratedExtension(Extension):
    """Register the preprocessor."""

    def extendMarkdown(self, md: Markdown) -> None:
        # before superfences (25) takes the blocks out of the text
        md.preprocessors.register(
            GeneratedPreprocessor(md), "generated", 28
        )


def makeExtension(**kwargs: Any) -> GeneratedExtension:
    """Return the extension: the entry point that Markdown looks for."""
    return GeneratedExtension(**kwargs)


if __name__ == "__main__":
    if sys.argv[1:]:
        write(Path(sys.argv[1]))
    else:
        for path, made in WRITTEN.items():
            path.write_text(made(), encoding="utf-8")
