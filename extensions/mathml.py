"""Turn the TeX of a page into MathML while the site is built.

`pymdownx.arithmatex` finds the formulas, `math_core` converts them; a
formula that it cannot convert stops the build.
"""

from html import unescape
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from math_core import LatexError, LatexToMathML

CONVERTER = LatexToMathML(fancy_error=False)


def to_mathml(tex: str, *, display: bool) -> str:
    """Convert one formula, inline or displayed on a line of its own."""
    try:
        return CONVERTER.convert_with_local_state(tex, displaystyle=display)
    except LatexError as error:
        raise ValueError(f"bad TeX in ${tex}$: {error}") from error


class MathMLTreeprocessor(Treeprocessor):
    """Replace what arithmatex has wrapped by MathML."""

    def run(self, root: Element) -> None:
        for element in root.iter():
            if element.get("class") == "arithmatex":
                display = element.tag == "div"
                tex = (element.text or "").strip()[2:-2]  # without \( \)
                tex = unescape(tex) if display else tex  # escaped in blocks
                mathml = to_mathml(tex, display=display)
                element.text = self.md.htmlStash.store(mathml)


class MathMLExtension(Extension):
    """Register `pymdownx.arithmatex` and the conversion behind it."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.registerExtensions(
            ["pymdownx.arithmatex"],
            {"pymdownx.arithmatex": {"generic": True}},
        )
        # after inline parsing (20), before the tree is written out
        md.treeprocessors.register(MathMLTreeprocessor(md), "mathml", 15)


def makeExtension(**kwargs: Any) -> MathMLExtension:
    """Return the extension: the entry point that Markdown looks for."""
    return MathMLExtension(**kwargs)
