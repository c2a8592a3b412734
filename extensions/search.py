"""Keep code and tables out of the search index.

The index travels with every first visit. Words are found in headings and
text; code would make it twice as large and its excerpts unreadable.
"""

from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.treeprocessors import Treeprocessor

EXCLUDED = "data-search-exclude"


class TableTreeprocessor(Treeprocessor):
    """Mark the tables."""

    def run(self, root: Element) -> None:
        for table in root.iter("table"):
            table.set(EXCLUDED, "")


class CodePostprocessor(Postprocessor):
    """Mark the blocks of code, which superfences writes as HTML."""

    def run(self, text: str) -> str:
        return text.replace(
            '<div class="language-', f'<div {EXCLUDED} class="language-'
        )


class SearchExtension(Extension):
    """Register both."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(TableTreeprocessor(md), "tables", 15)
        # after raw_html (30) has put the blocks into the text
        md.postprocessors.register(CodePostprocessor(md), "code", 15)


def makeExtension(**kwargs: Any) -> SearchExtension:
    """Return the extension: the entry point that Markdown looks for."""
    return SearchExtension(**kwargs)
