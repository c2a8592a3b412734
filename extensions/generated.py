"""Put in its place what is derived: tables, lists, code of other pages.

A line that holds nothing but a mark, such as {{ challenges }}, becomes what
its function returns when the site is built.

    python -m extensions.generated         write what stands in the checkout
    python -m extensions.generated SITE    write llms.txt and the pages in
                                           Markdown into a built site
"""

import ast
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from html import escape
from itertools import groupby
from pathlib import Path
from textwrap import indent
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from benchmarks import judging, measured, mutants, pad, site
from handbook.challenges import functions_of
from handbook.page import STEMS, Page, challenge, in_order

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
MARK = re.compile(r"^( *)\{\{ (\w+) \}\}$", re.MULTILINE)
LISTED = """\
# {title}

> {description}

Each challenge has its problem, hints, solution, pitfalls, complexity,
alternatives and follow-ups. Every block of code on these pages is executed,
and every printed output is compared.

## Challenges

{challenges}

## Guides

{guides}
"""


EXPORTS = '''\
"""The public functions, and `check` to judge your own."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from handbook.session import check

if TYPE_CHECKING:
{imports}

__all__ = [{names}]
_HOMES = {{{homes}}}


# a function is imported when it is used: NumPy takes its time
def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        said = f"module {{__name__!r}} has no attribute {{name!r}}"
        raise AttributeError(said)
    home = import_module(f"handbook.solutions.{{_HOMES[name]}}")
    globals()[name] = getattr(home, name)
    return globals()[name]


def __dir__() -> list[str]:
    return [*globals(), *_HOMES]
'''
INIT = ROOT / "handbook/__init__.py"
CONFIG = ROOT / "mkdocs.yml"


def track_of(stem: str) -> str:
    return challenge(stem).front["track"]


def init() -> str:
    """Return handbook/__init__.py: the functions of the challenges."""
    names = {stem: sorted(functions_of(stem)) for stem in STEMS}
    homes = {name: stem for stem, own in names.items() for name in own}
    imports = "\n".join(
        f"    from handbook.solutions.{stem} import {', '.join(own)}"
        for stem, own in names.items()
    )
    source = EXPORTS.format(
        imports=imports,
        names=", ".join(f'"{n}"' for n in sorted(["check", *homes])),
        homes=", ".join(f'"{n}": "{homes[n]}"' for n in sorted(homes)),
    )
    formatted = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--stdin-filename", INIT],
        input=source,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return formatted.stdout


def config() -> str:
    """Return mkdocs.yml with the challenges in their order."""
    text = CONFIG.read_text(encoding="utf-8")
    entries = "".join(
        f"  - {track.capitalize()}:\n"
        + "".join(f"      - challenges/{stem}.md\n" for stem in stems)
        for track, stems in groupby(in_order(), track_of)
    )
    return re.sub(
        r"(?<=  - Handbook: index.md\n).*(?=  - Guides:)",
        entries,
        text,
        flags=re.DOTALL,
    )


WRITTEN = {INIT: init, CONFIG: config}


def navigation(folder: str) -> list[str]:
    """Return the pages of a folder in the order of the navigation."""
    text = CONFIG.read_text(encoding="utf-8")
    return re.findall(rf"^ +- ({folder}/\w+\.md)$", text, re.MULTILINE)


def pages(folder: str) -> list[tuple[str, Page]]:
    return [(path, Page(DOCS / path)) for path in navigation(folder)]


def index() -> str:
    """Return a table of the challenges of each track."""
    lines = []
    for track, stems in groupby(in_order(), track_of):
        lines += [
            f"### {track.capitalize()} {{ #{track} }}",
            "",
            "| Challenge, and its idea { .idea } | Difficulty | Minutes"
            " | Time | Memory | Tags |",
            "|---|---|---:|---|---|---|",
            *map(row, stems),
            "",
        ]
    return "\n".join(lines)


def row(stem: str) -> str:
    """Return the row of a challenge in the table of its track."""
    front = {
        key: str(value).replace("|", r"\|")
        for key, value in challenge(stem).front.items()
    }
    tags = challenge(stem).front["tags"][1:]
    # a product may break before a factor: six of them are wider than paper
    time, space = (
        front[o].replace("·", "<wbr>·") for o in ("time", "memory")
    )
    return (
        f"| **[{front['title']}](challenges/{stem}.md)**"
        f" <br>{front['description']} <br>*{front['idea']}*"
        f" | {front['difficulty']} | {front['minutes']} min"
        f" | {time} | {space} | {', '.join(tags)} |"
    )


def archive() -> str:
    """Return where the archive is: `make site` alone packs it."""
    packed = (
        '<a href="numpy-handbook.zip">Download the handbook</a>, unpack it,'
        " and open its `index.html`."
    )
    local = "`make site` packs the handbook as `site/numpy-handbook.zip`."
    said = packed if os.environ.get("PACKED") else local
    return f"- **Read without a network.** {said}"


def deck() -> str:
    """Return where the cards are: `make site` alone puts them there."""
    packed = (
        '<a href="../../handbook.apkg">Download the deck</a> and open it in'
        " Anki, on a computer or a phone."
    )
    local = "`make deck` writes `handbook.apkg`. Open it in Anki."
    return packed if os.environ.get("PACKED") else local


CONTRACT = """\
    options:
      show_root_heading: false
      show_root_toc_entry: false
      show_source: true"""
MOCK = """\
<div class="mock" data-challenges="{challenges}" data-search-exclude>
<p>The interview needs JavaScript. Without it, use <code>handbook
interview</code> on the command line.</p>
</div>"""
EVENING = 100  # minutes of challenges, if there is only one
HOUR = 60


def minutes(stems: Iterable[str]) -> int:
    """Return how long challenges take in an interview."""
    return sum(challenge(stem).front["minutes"] for stem in stems)


def links(stems: Iterable[str]) -> str:
    """Return links to challenges, as they are written in a guide."""
    return ", ".join(
        f"[{challenge(stem).front['title']}](../challenges/{stem}.md)"
        for stem in stems
    )


def plan_evening() -> str:
    """Return what most challenges build on, in learning order."""
    wanted = Counter(
        first
        for stem in STEMS
        for first in challenge(stem).front["read_first"]
    )
    chosen: list[str] = []
    for stem in sorted(in_order(), key=lambda stem: -wanted[stem]):
        if minutes([*chosen, stem]) <= EVENING:
            chosen.append(stem)
    lines = [
        "| challenge | minutes | others that build on it |",
        "|---|---:|---|",
    ]
    for stem in sorted(chosen, key=in_order().index):
        later = [
            s
            for s in in_order()
            if stem in challenge(s).front["read_first"]
        ]
        lines.append(
            f"| {links([stem])} | {minutes([stem])} | {links(later)} |"
        )
    return "\n".join(lines)


def plan_weekend() -> str:
    """Return the tracks, and how long they take."""
    lines = ["| track | challenges | minutes |", "|---|---|---:|"]
    for track, group in groupby(in_order(), track_of):
        stems = list(group)
        lines.append(f"| {track} | {links(stems)} | {minutes(stems)} |")
    return "\n".join(lines)


def plan_weeks() -> str:
    """Return all challenges, an hour of them an evening."""
    evenings: list[list[str]] = [[]]
    for stem in in_order():
        if minutes([*evenings[-1], stem]) > HOUR:
            evenings.append([])
        evenings[-1].append(stem)
    lines = ["| evening | challenges | minutes |", "|---:|---|---:|"]
    lines += [
        f"| {number} | {links(stems)} | {minutes(stems)} |"
        for number, stems in enumerate(evenings, start=1)
    ]
    return "\n".join(lines)


def mock() -> str:
    """Return where the mock interview is, and what it draws from."""
    kept = "title", "track", "difficulty", "minutes"
    drawn = [
        {"stem": stem} | {key: challenge(stem).front[key] for key in kept}
        for stem in in_order()
    ]
    challenges = escape(json.dumps(drawn, ensure_ascii=False))
    return MOCK.format(challenges=challenges)


def production(stem: str) -> str:
    """Return contract and source of what would be shipped.

    The contract of each function, and the source of its helpers.
    """
    path = ROOT / f"handbook/solutions/{stem}.py"
    body = ast.parse(path.read_text(encoding="utf-8")).body
    found = [
        node.name for node in body if isinstance(node, ast.FunctionDef)
    ]
    public = functions_of(stem)
    blocks = [f"::: handbook.{name}\n{CONTRACT}" for name in public]
    blocks += [
        f"::: handbook.solutions.{stem}.{name}\n{CONTRACT}"
        for name in found
        if name not in public
    ]
    return "\n\n".join(blocks)


def answer(path: str, page: Page, text: str) -> str:
    """Return title, text and whiteboard code of a challenge.

    The search finds the page of the challenge instead.
    """
    title, stem = page.front["title"], page.path.stem
    return (
        f"## [{title}](../{path}) {{ #{stem} data-search-exclude }}\n\n"
        f"{text}\n\n```python\n{page.solution.source}```"
    )


def complexity(page: Page) -> str:
    return f"*Time {page.front['time']}, memory {page.front['memory']}.*"


def solutions() -> str:
    """Return idea, complexity and whiteboard code of every challenge."""
    return "\n\n".join(
        answer(path, page, f"{page.front['idea']} {complexity(page)}")
        for path, page in pages("challenges")
    )


def booklet() -> str:
    """Return contents, then task, answer and words of every challenge.

    The contents are the first page on paper, each challenge is the next.
    """
    lines = ["| Challenge | Page |", "|---|---:|"]
    parts = []
    for number, (path, page) in enumerate(pages("challenges"), start=2):
        front, stem = page.front, page.path.stem
        lines.append(f"| [{front['title']}](#{stem}) | {number} |")
        task = f"{front['description']} *{front['minutes']}&nbsp;minutes.*"
        parts += [
            answer(path, page, task),
            complexity(page),
            f'**Say aloud:** "{page.say_aloud}"',
        ]
    return "\n\n".join(["\n".join(lines), *parts])


GENERATED: dict[str, Callable[[], str]] = {
    "archive": archive,
    "booklet": booklet,
    "bounds": measured.bounds,
    "challenges": index,
    "deck": deck,
    "headline": measured.headline,
    "judging": judging.table,
    "machines": measured.setting,
    "measured": measured.gallery,
    "memory": measured.memory,
    "mock": mock,
    "mutants": mutants.table,
    "pad": pad.table,
    "plan_evening": plan_evening,
    "plan_weekend": plan_weekend,
    "plan_weeks": plan_weeks,
    "ratios": measured.ratios,
    "site": site.table,
    "solutions": solutions,
    "survivors": mutants.survivors,
    **{f"production_{stem}": partial(production, stem) for stem in STEMS},
    **{f"speed_{stem}": partial(measured.speed, stem) for stem in STEMS},
}


def expanded(text: str) -> str:
    """Return a page with every mark replaced."""
    return MARK.sub(lambda m: indent(GENERATED[m[2]](), m[1]), text)


def llms() -> str:
    """Return the list of the pages, for programs that read."""

    def entries(folder: str) -> str:
        fronts = [(path, page.front) for path, page in pages(folder)]
        return "\n".join(
            f"- [{front['title']}]({path}): {front['description']}"
            for path, front in fronts
        )

    front = Page(DOCS / "index.md").front
    return LISTED.format(
        title=front["title"],
        description=front["description"],
        challenges=entries("challenges"),
        guides=entries("guides"),
    )


def write(folder: Path) -> None:
    """Write what programs read into a built site."""
    (folder / "llms.txt").write_text(llms(), encoding="utf-8")
    for path, page in pages("challenges") + pages("guides"):
        text = expanded(page.text)
        (folder / path).write_text(text, encoding="utf-8")


class GeneratedPreprocessor(Preprocessor):
    """Replace the marks."""

    def run(self, lines: list[str]) -> list[str]:
        return expanded("\n".join(lines)).split("\n")


class GeneratedExtension(Extension):
    """Register the preprocessor."""

    def extendMarkdown(self, md: Markdown) -> None:
        # before superfences (25) takes the blocks out of the text
        md.preprocessors.register(
            GeneratedPreprocessor(md), "generated", 28
        )


def makeExtension(**kwargs: Any) -> GeneratedExtension:
    """Return the extension: the entry point that Markdown looks for."""
    return GeneratedExtension(**kwargs)


if __name__ == "__main__":
    if sys.argv[1:]:
        write(Path(sys.argv[1]))
    else:
        for path, made in WRITTEN.items():
            path.write_text(made(), encoding="utf-8")
