"""Wrap what stands between two headings, so that it can wait.

The style sheet lets a browser skip a part that is not on the screen, for
which it holds as much room free as a phone will need, or a little more: too
little, and what comes next would lie over it. The headings stay outside:
the theme asks where they are.

When the theme starts, it makes every address of the page absolute. That of
a style sheet has the browser read it again and lay the page out twice. So a
script before the text does it while there is nothing to lay out.
"""

import re
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER, AtomicString

HEADINGS = ("h1", "h2", "h3")
STASHED = re.compile(HTML_PLACEHOLDER % "([0-9]+)")
DRAWN = re.compile(r'<svg [^>]*viewBox="0 0 \S+ ([\d.]+)"')
BLOCKS = (
    *("blockquote", "dd", "details", "div", "dl", "dt", "li", "ol", "p"),
    *("table", "tbody", "thead", "tr", "ul"),
)
ABSOLUTE = """\
for (const link of document.querySelectorAll("link[rel=stylesheet]"))
  if (!link.getAttribute("href").includes("://")) link.href = link.href;
"""
ROW = 1.3  # rem that a line of text takes
PIXELS = 20 * ROW  # of a figure on a phone, in the same height


class PartsTreeprocessor(Treeprocessor):
    """Put what follows each heading into a part."""

    def run(self, root: Element) -> None:
        children = list(root)
        if not any(child.tag in HEADINGS for child in children):
            return  # a text within a page, as a docstring
        part = None
        for child in children:
            root.remove(child)
            if child.tag in HEADINGS:
                root.append(child)
                part = None
                continue
            if part is None:
                part = SubElement(root, "div", {"class": "part"})
            part.append(child)
        script = Element("script")
        script.text = AtomicString(ABSOLUTE)
        root.insert(1, script)  # a search begins at the title
        for part in root.findall("div[@class='part']"):
            part.set("style", f"--height:{self.height(part):.0f}rem")

    def height(self, element: Element) -> float:
        """Return the rem that an element takes on a phone, at least."""
        if element.tag == "details":  # closed, one on the other
            return ROW * (1 + len("".join(element[0].itertext())) / 24) + 2
        inner = [child for child in element if child.tag in BLOCKS]
        if inner:
            return sum(map(self.height, inner)) + 1
        text = "".join(element.itertext())
        rows = 0.0
        for number in STASHED.findall(text):  # code, formulas, figures
            block = str(self.md.htmlStash.rawHtmlBlocks[int(number)])
            rows += block.count("\n") if "<code>" in block else 2
            rows += 2 + sum(
                float(height) / PIXELS + 4
                for height in DRAWN.findall(block)
            )
        if element.tag == "tr":
            return ROW * (
                2 + max(len("".join(c.itertext())) for c in element) / 12
            )
        return ROW * (rows + 1 + len(STASHED.sub("", text)) / 36) + 1


class PartsExtension(Extension):
    """Register the treeprocessor."""

    def extendMarkdown(self, md: Markdown) -> None:
        # after all that look at the neighbours of an element
        md.treeprocessors.register(PartsTreeprocessor(md), "parts", 2)


def makeExtension(**kwargs: Any) -> PartsExtension:
    """Return the extension: the entry point that Markdown looks for."""
    return PartsExtension(**kwargs)
