"""Put a drawn figure into the page itself, so that it follows its palette.

A paragraph that holds nothing but the image of an SVG below FOLDER becomes
a `<figure>`: the drawing, and below it the text of the image as caption.
A table that follows, and whose first head ends in a colon, holds the
numbers of the figure: it can be opened.
"""

from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

FOLDER = Path(__file__).parent.parent / "docs/assets/figures"


def pictured(paragraph: Element) -> Element | None:
    """Return the image of a paragraph that holds a figure."""
    image = next(iter(paragraph), None) if paragraph.tag == "p" else None
    if image is None or "assets/figures/" not in image.get("src", ""):
        return None
    return image


def numbers(element: Element) -> bool:
    """Return whether an element is the table of a figure, with its axis."""
    head = element.find("thead/tr/th") if element.tag == "table" else None
    return head is not None and "".join(head.itertext()).endswith(":")


class FigureTreeprocessor(Treeprocessor):
    """Replace the images of figures by the figures."""

    def run(self, root: Element) -> None:
        for parent in list(root.iter()):
            for paragraph, table in pairwise(list(parent)):
                if pictured(paragraph) is not None and numbers(table):
                    place = list(parent).index(table)
                    details = Element("details", {"class": "numbers"})
                    SubElement(details, "summary").text = "The numbers"
                    parent[place] = details
                    details.append(table)
        for paragraph in root.iter("p"):
            image = pictured(paragraph)
            if image is None:
                continue
            source = image.get("src", "")
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
