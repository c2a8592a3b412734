"""Keep the pages light, for phones.

Names, operators, punctuation and blanks are four of five tokens of the code
and have the colour of plain text: they need no element of their own. Code
and tables stay out of the search index, which travels with every first
visit: words are found in headings and text.
"""

import re
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.treeprocessors import Treeprocessor

EXCLUDED = "data-search-exclude"
PLAIN = re.compile(r'<span class="[nopw]">([^<]*)</span>')


class TableTreeprocessor(Treeprocessor):
    """Mark the tables."""

    def run(self, root: Element) -> None:
        for table in root.iter("table"):
            table.set(EXCLUDED, "")


class CodePostprocessor(Postprocessor):
    """Mark the blocks of code, which superfences writes as HTML."""

    def run(self, text: str) -> str:
        return PLAIN.sub(r"\1", text).replace(
            '<div class="language-', f'<div {EXCLUDED} class="language-'
        )


class LeanExtension(Extension):
    """Register both."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(TableTreeprocessor(md), "tables", 15)
        # after raw_html (30) has put the blocks into the text
        md.postprocessors.register(CodePostprocessor(md), "code", 15)


def makeExtension(**kwargs: Any) -> LeanExtension:
    """Return the extension: the entry point that Markdown looks for."""
    return LeanExtension(**kwargs)
