"""Keep the code light and what is copied of it clean.

Names, operators, punctuation and blanks are four of five tokens of the code
and have the colour of plain text: they need no element of their own. Code
and tables stay out of the search index, which travels with every first
visit: words are found in headings and text. A `>>>` session is lexed as
one, so that the style sheet can leave prompts and outputs out of a copy.

The theme measures and changes each `pre > code` when a page opens, the
folded ones too, which doubles the time until a phone answers. So the code
is one element deeper, and the copy button that the theme would add is there
already.
"""

import re
from itertools import count
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

BLOCK = re.compile(r"<pre><span></span>(<code>.*?</code>)</pre>", re.DOTALL)
COPIED = """<pre id="code-{0}"><span class="md-code__nav"><button \
type="button" class="md-code__button" title="Copy to clipboard" \
data-clipboard-target="#code-{0} code" data-md-type="copy"></button></span>\
<span>{1}</span></pre>"""
EXCLUDED = "data-search-exclude"
PLAIN = re.compile(r'<span class="[nopw]">([^<]*)</span>')
NUMBERS = count()  # of all blocks of the site
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


def with_button(match: re.Match[str]) -> str:
    return COPIED.format(next(NUMBERS), match[1])


class TableTreeprocessor(Treeprocessor):
    """Mark the tables."""

    def run(self, root: Element) -> None:
        for table in root.iter("table"):
            table.set(EXCLUDED, "")


class CodePostprocessor(Postprocessor):
    """Mark the blocks of code, which superfences writes as HTML."""

    def run(self, text: str) -> str:
        text = TRACEBACK.sub(as_output, text)
        text = BLOCK.sub(with_button, text)
        for start in ('<div class="language-', '<details class="note"'):
            name, rest = start.split(" ", 1)
            text = text.replace(start, f"{name} {EXCLUDED} {rest}")
        return PLAIN.sub(r"\1", text)


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
