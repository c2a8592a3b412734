"""Put a drawn figure into the page itself, so that it follows its palette.

A paragraph that holds nothing but the image of an SVG below FOLDER becomes
a `<figure>`: the drawing, and below it the text of the image as caption.
"""

from html import escape
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

FOLDER = Path(__file__).parent.parent / "docs/assets/figures"


class FigureTreeprocessor(Treeprocessor):
    """Replace the images of figures by the figures."""

    def run(self, root: Element) -> None:
        for paragraph in root.iter("p"):
            image = next(iter(paragraph), None)
            source = "" if image is None else image.get("src", "")
            if image is None or "assets/figures/" not in source:
                continue
            svg = (FOLDER / Path(source).name).read_text(encoding="utf-8")
            caption = escape(image.get("alt", ""), quote=False)
            paragraph.clear()
            paragraph.text = self.md.htmlStash.store(
                '<figure class="drawing" data-search-exclude>'
                f"{svg}<figcaption>{caption}</figcaption></figure>"
            )


class FigureExtension(Extension):
    """Register the treeprocessor."""

    def extendMarkdown(self, md: Markdown) -> None:
        # after inline parsing (20), before the tree is written out
        md.treeprocessors.register(FigureTreeprocessor(md), "figures", 15)


def makeExtension(**kwargs: Any) -> FigureExtension:
    """Return the extension: the entry point that Markdown looks for."""
    return FigureExtension(**kwargs)
