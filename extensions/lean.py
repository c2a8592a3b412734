"""Keep the code light and what is copied of it clean.

Names, operators, punctuation and blanks are four of five tokens of the code
and have the colour of plain text: they need no element of their own. Code
and tables stay out of the search index, which travels with every first
visit: words are found in headings and text. A `>>>` session is lexed as
one, so that the style sheet can leave prompts and outputs out of a copy.
"""

import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

EXCLUDED = "data-search-exclude"
PLAIN = re.compile(r'<span class="[nopw]">([^<]*)</span>')
SESSION = re.compile(r"^( *```)python(?=\n *>>> )", re.MULTILINE)
TRACEBACK = re.compile(
    r'<span class="gt">.*?(?=<span class="gp">|</code>)', re.DOTALL
)


class SessionPreprocessor(Preprocessor):
    """Give the sessions the lexer that tells input from output."""

    def run(self, lines: list[str]) -> list[str]:
        return SESSION.sub(r"\1pycon", "\n".join(lines)).split("\n")


def as_output(match: re.Match[str]) -> str:
    text = re.sub(r"<[^>]*>", "", match[0])
    return f'<span class="go">{text}</span>'


class TableTreeprocessor(Treeprocessor):
    """Mark the tables."""

    def run(self, root: Element) -> None:
        for table in root.iter("table"):
            table.set(EXCLUDED, "")


class CodePostprocessor(Postprocessor):
    """Mark the blocks of code, which superfences writes as HTML."""

    def run(self, text: str) -> str:
        text = TRACEBACK.sub(as_output, text)
        return PLAIN.sub(r"\1", text).replace(
            '<div class="language-', f'<div {EXCLUDED} class="language-'
        )


class LeanExtension(Extension):
    """Register both."""

    def extendMarkdown(self, md: Markdown) -> None:
        # before superfences (25) takes the blocks out of the text
        md.preprocessors.register(SessionPreprocessor(md), "sessions", 27)
        md.treeprocessors.register(TableTreeprocessor(md), "tables", 15)
        # after raw_html (30) has put the blocks into the text
        md.postprocessors.register(CodePostprocessor(md), "code", 15)


def makeExtension(**kwargs: Any) -> LeanExtension:
    """Return the extension: the entry point that Markdown looks for."""
    return LeanExtension(**kwargs)
