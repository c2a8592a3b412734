"""Cut a font for the formulas of the site: python -m extensions.mathfont.

A variable is shown in a mathematical letter, and where no font has these
letters it is a blank; where none has a MATH table, fractions and roots are
put together by guess. STIX Two Math comes with the package ziamath; only
what the formulas of the pages and docstrings need is kept.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from importlib.resources import as_file, files
from pathlib import Path
from unicodedata import name, normalize

from markdown import Markdown

ROOT = Path(__file__).parent.parent
FONT = ROOT / "docs/assets/math.woff2"
SOURCE = files("ziamath") / "fonts/STIXTwoMath-Regular.ttf"


def pages() -> Iterator[str]:
    for path in ROOT.glob("docs/**/*.md"):
        yield path.read_text(encoding="utf-8")


def docstrings() -> Iterator[str]:
    for path in ROOT.glob("handbook/solutions/*.py"):
        module = ast.parse(path.read_text(encoding="utf-8"))
        for node in module.body:
            if isinstance(node, ast.FunctionDef):
                yield ast.get_docstring(node) or ""


def characters() -> set[str]:
    """Return every character that a formula shows."""
    markdown = Markdown(
        extensions=["pymdownx.superfences", "extensions.mathml"]
    )
    found = set()
    for text in (*pages(), *docstrings()):
        html = markdown.reset().convert(text)
        for formula in re.findall(r"<math.*?</math>", html, re.DOTALL):
            found |= set(unescape(re.sub(r"<[^>]+>", "", formula)))
    # a variable is shown in italics, which are letters of their own; h is
    # the Planck constant, older than the others and not among them; and a
    # root has no character: its sign is drawn with the element
    italics = {
        letter
        for letter in map(chr, range(0x1D400, 0x1D800))
        if name(letter, "").startswith("MATHEMATICAL ITALIC")
        and normalize("NFKC", letter) in found
    }
    return found | italics | {"\N{PLANCK CONSTANT}", "\N{SQUARE ROOT}"}


def cut() -> None:
    """Write the font."""
    with as_file(SOURCE) as path:
        subset = [
            *(sys.executable, "-m", "fontTools.subset", str(path)),
            f"--text={''.join(sorted(characters()))}",
            f"--output-file={FONT}",
            "--flavor=woff2",
            "--layout-features=",
            "--no-hinting",
            "--name-IDs=0,1,2,13,14",  # the copyright and the licence, OFL
        ]
        subprocess.run(subset, check=True)


if __name__ == "__main__":
    cut()
