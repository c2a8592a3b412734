"""Turn the line that stands for a practice pad into what the pad needs.

The starter is made from the package here, and travels in the page; the
package itself travels beside it: python -m extensions.practice writes PACK.
"""

import doctest
import os
import re
from html import escape
from pathlib import Path
from typing import Any
from zipfile import ZipFile, ZipInfo

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor

from handbook.challenges import starter
from handbook.page import challenge

ROOT = Path(__file__).parent.parent
PACK = ROOT / "docs/assets/handbook.zip"
LINE = re.compile(
    r'<div class="practice" data-challenge="(\w+)"></div>', re.ASCII
)
PAD = """\
<p hidden>{queries}</p>
<div class="practice" data-challenge="{stem}" data-scratch="{scratch}"
data-search-exclude>
<button type="button" class="md-button" hidden disabled>Write your solution
here</button>
<script>
document.documentElement.dataset.view = location.hash.slice(1);
try {{
  document.currentScript.previousElementSibling.hidden = false;
  const place = document.currentScript.parentElement;
  const stored = (key) => localStorage[`numpy-handbook.${{key}}.{stem}`];
  if (stored("draft") !== undefined) {{
    place.classList.add("opening");
    place.style.minHeight = stored("height");
    const covered = stored("shown") === undefined;
    place.parentElement.classList.toggle("covered", covered);
  }}
}} catch {{}}
</script>
<p>On the command line, <code>handbook start {stem}</code> writes a file to
fill in and <code>handbook check {stem}</code> judges it:
<a href="../../guides/practise/">how to practise</a>.{notebook}</p>
<template>{starter}</template>
</div>
<p class="views" data-search-exclude>For an interviewer:
<a href="#candidate">the problem alone</a>, <a href="#rubric">the rubric
alone</a>. <a class="whole" href="#">The whole page</a></p>"""
# only `make site` writes the notebooks
NOTEBOOK = """
For Jupyter, <a href="{stem}.ipynb" download="{stem}.ipynb">download the
notebook</a>."""
SOLUTION = re.compile(r'<h2 id="solution">.*</h2>')
# covered before the page is drawn, uncovered whatever else is loaded
COVER = """
<p hidden class="uncover" data-search-exclude>Your draft is not accepted
yet, so the rest of the page is covered.
<button type="button" class="md-button"
onclick="this.closest('article').classList.remove('covered')">\
Show the solution</button></p>"""


class PracticePostprocessor(Postprocessor):
    """Replace the line, and let the solution be covered."""

    def run(self, text: str) -> str:
        if LINE.search(text):
            text = SOLUTION.sub(rf"\g<0>{COVER}", text)
        return LINE.sub(pad, text)


def pad(match: re.Match[str]) -> str:
    """Return the pad, and for the search the words that people use."""
    stem = match[1]
    packed = os.environ.get("PACKED")
    return PAD.format(
        stem=stem,
        notebook=NOTEBOOK.format(stem=stem) if packed else "",
        queries=escape(", ".join(challenge(stem).front["queries"])),
        starter=escape(starter(stem)),
        scratch=escape(example(stem)),
    )


def example(stem: str) -> str:
    """Return the lines of the session below the solution."""
    session = next(f for f in challenge(stem).code("Solution") if f.session)
    lines = doctest.DocTestParser().get_examples(session.source)
    text = "".join(line.source for line in lines)
    return text.removeprefix("import numpy as np\n").rstrip()


class PracticeExtension(Extension):
    """Register the postprocessor."""

    def extendMarkdown(self, md: Markdown) -> None:
        # after raw_html (30) has put the line into the text
        md.postprocessors.register(
            PracticePostprocessor(md), "practice", 14
        )


def makeExtension(**kwargs: Any) -> PracticeExtension:
    """Return the extension: the entry point that Markdown looks for."""
    return PracticeExtension(**kwargs)


def pack(path: Path) -> None:
    """Write the modules that the judge needs, the same bytes each time."""
    with ZipFile(path, "w") as archive:
        for file in sorted((ROOT / "handbook").rglob("*.py")):
            if file.stem not in ("cli", "interview", "record"):
                name = file.relative_to(ROOT).as_posix()
                # not compressed: the server does that
                archive.writestr(ZipInfo(name), file.read_bytes())


if __name__ == "__main__":
    pack(PACK)
