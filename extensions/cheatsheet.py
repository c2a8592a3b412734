"""Gather the solutions of all challenges on one page.

The line MARK becomes, for each challenge in the order of the index, its
title, idea, complexity and solution as they stand on its page.
"""

import re
from pathlib import Path
from typing import Any

import yaml
from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

DOCS = Path(__file__).parent.parent / "docs"
MARK = "{{ solutions }}"
ROW = re.compile(r"^\| \*\*\[.*?\]\((.*?)\)", re.MULTILINE)
PAGE = re.compile(
    r"---\n(?P<front>.*?)\n---\n"
    r".*?\n## Solution\n\n(?P<fence>```python\n.*?\n```)\n",
    re.DOTALL,
)


def solutions() -> str:
    """Return the Markdown that takes the place of MARK."""
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    parts = []
    for path in re.findall(
        r"^\| \*\*\[.*?\]\((.*?)\)", index, re.MULTILINE
    ):
        text = (DOCS / path).read_text(encoding="utf-8")
        match = PAGE.match(text)
        if not match:
            raise ValueError(f"{path} does not begin its Solution by code")
        front = yaml.safe_load(match["front"])
        parts += [
            f"## [{front['title']}](../{path}) {{ #{Path(path).stem} }}",
            f"{front['idea']} *Time {front['time']}, memory"
            f" {front['memory']}.*",
            match["fence"],
        ]
    return "\n\n".join(parts)


class CheatsheetPreprocessor(Preprocessor):
    """Replace the mark."""

    def run(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        if MARK in lines:
            text = text.replace(MARK, solutions())
        return text.split("\n")


class CheatsheetExtension(Extension):
    """Register the preprocessor."""

    def extendMarkdown(self, md: Markdown) -> None:
        # before superfences (25) takes the blocks out of the text
        md.preprocessors.register(
            CheatsheetPreprocessor(md), "cheatsheet", 28
        )


def makeExtension(**kwargs: Any) -> CheatsheetExtension:
    """Return the extension: the entry point that Markdown looks for."""
    return CheatsheetExtension(**kwargs)
