"""The model of a page: front matter, sections, promises, fences, functions.

In a checkout the challenges are read from docs/challenges; the wheel holds
a copy of these files.
"""

import ast
import re
import textwrap
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

HERE = Path(__file__).parent
CHECKOUT = HERE.parent / "docs/challenges"
CHALLENGES = CHECKOUT if CHECKOUT.is_dir() else HERE / "pages"
STEMS = sorted(path.stem for path in CHALLENGES.glob("*.md"))
TRACKS = ["fundamentals", "classical", "networks", "transformers"]
LEVELS = ["easy", "medium", "hard"]
HEADING = re.compile(r"(#+) (.*?)( \{ #(\w+) \})?")  # and its anchor
BREAKS = re.compile(r"Breaks\s+\[\*([^*]+)\*\]\(#(\w+)\)\.")
FOLDED = r'^\?\?\? {} "(.+)"\n\n((?:    .*\n|\n)+)'
RUBRIC = ["strong", "passable", "weak"]
# code, or a link with its attributes
LINK = re.compile(
    r"(?P<code>```.*?```|`[^`]*`)"
    r"|!?\[(?P<text>[^]]*)\]\((?P<target>[^)]*)\)(?P<own>\{.*?\})?",
    re.DOTALL,
)


def slug(name: str) -> str:
    """The name of the check of a constraint, and its anchor."""
    return re.sub(r"\W+", "_", name.replace("−", "minus ").lower())


def portable(text: str, address: str = "") -> str:
    """Return Markdown as it reads away from the site.

    Links and pictures become links to the site, where the page has this
    address with .md at its end, or plain text if that is empty.
    """

    def link(match: re.Match[str]) -> str:
        if match["code"]:
            return match[0]
        if match["own"]:  # the name of a promise, which links to itself
            return match["text"]
        target = match["target"]
        if not urlsplit(target).scheme:
            if not address:
                return match["text"]
            target = urljoin(address, target)
            target = re.sub(r"\.md(?=#|$)", "/", target)
        return f"[{match['text']}]({target})"

    return LINK.sub(link, text)


@dataclass(frozen=True)
class Fence:
    """A fenced block: where it starts, its language and its content."""

    path: Path
    line: int  # of the first line of the content
    language: str
    source: str

    @property
    def where(self) -> str:
        return f"{self.path}:{self.line}"

    @property
    def session(self) -> bool:
        return self.language == "python" and self.source.startswith(">>>")

    @property
    def functions(self) -> list[str]:
        """The names of the functions that the block defines."""
        if self.language != "python" or self.session:
            return []
        body = ast.parse(self.source).body
        return [n.name for n in body if isinstance(n, ast.FunctionDef)]


@dataclass(frozen=True)
class Page:
    """A Markdown file: front matter, text, what is under a title."""

    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def front(self) -> dict[str, Any]:
        import yaml  # the command line starts without it

        match = re.match(r"---\n(.*?\n)---\n", self.text, re.DOTALL)
        return yaml.safe_load(match[1]) if match else {}

    @cached_property
    def lines(self) -> list[tuple[int, str]]:
        """The numbered lines outside fences and front matter."""
        start = self.text.count("\n", 0, self.text.find("\n# ") + 1)
        inside = {
            number
            for fence in self.fences
            for number in range(
                fence.line - 1, fence.line + fence.source.count("\n") + 1
            )
        }
        return [
            (number, line)
            for number, line in enumerate(self.text.splitlines(), start=1)
            if number > start and number not in inside
        ]

    @cached_property
    def fences(self) -> list[Fence]:
        pattern = r"^( *)```([^\n`]*)\n(.*?)^\1```$"
        return [
            Fence(
                self.path,
                self.text.count("\n", 0, match.start(3)) + 1,
                match[2],
                re.sub(rf"^{match[1]}", "", match[3], flags=re.MULTILINE),
            )
            for match in re.finditer(
                pattern, self.text, re.MULTILINE | re.DOTALL
            )
        ]

    @cached_property
    def headings(self) -> list[tuple[int, int, str, str | None]]:
        """The line, level, title and explicit anchor of each heading."""
        return [
            (number, len(match[1]), match[2], match[4])
            for number, line in self.lines
            if (match := HEADING.fullmatch(line))
        ]

    def titles(self, level: int, section: str = "") -> list[str]:
        """The titles of one level, of the whole page or in one section."""
        return [
            title
            for number, found, title, _ in self.headings
            if found == level
            and (not section or number in self.extent(section))
        ]

    def anchor(self, title: str) -> str | None:
        """The explicit anchor of a heading."""
        return next(a for _, _, name, a in self.headings if name == title)

    def extent(self, title: str, level: int = 2) -> range:
        """The line numbers below a title, up to the next of its level."""
        starts = [
            number
            for number, found, name, _ in self.headings
            if (found, name) == (level, title)
        ]
        assert len(starts) == 1, (
            f"{self.path}: {len(starts)} times {title!r}"
        )
        ends = [
            number
            for number, found, _, _ in self.headings
            if number > starts[0] and found <= level
        ]
        last = min(ends, default=self.text.count("\n") + 2)
        return range(starts[0] + 1, last)

    def prose(self, title: str, level: int = 2) -> str:
        """What a section says outside its fences."""
        extent = self.extent(title, level)
        return "\n".join(line for n, line in self.lines if n in extent)

    def code(self, title: str, level: int = 2) -> list[Fence]:
        """The fences of a section."""
        extent = self.extent(title, level)
        return [fence for fence in self.fences if fence.line in extent]

    def markdown(self, title: str, level: int = 2) -> str:
        """What a section holds, its fences included."""
        extent = self.extent(title, level)
        lines = self.text.splitlines()[extent.start - 1 : extent.stop - 1]
        return "\n".join(lines).strip()

    def folded(
        self, kind: str, title: str, level: int = 2
    ) -> list[tuple[str, str]]:
        """The title and the text of each folded note of a section."""
        found = re.findall(
            FOLDED.format(kind),
            self.markdown(title, level) + "\n",
            re.MULTILINE,
        )
        return [
            (name, textwrap.dedent(text).strip()) for name, text in found
        ]

    @cached_property
    def statement(self) -> str:
        """The problem with its core promises, without the pad."""
        text = self.markdown("Problem")
        return re.sub(
            r'^<div class="practice".*\n?', "", text, flags=re.M
        ).strip()

    @cached_property
    def hints(self) -> list[tuple[str, str]]:
        """The title and the text of each hint."""
        return self.folded("tip", "Hints")

    @cached_property
    def follow_ups(self) -> list[tuple[str, str]]:
        """Each question of the follow-ups, and its answer."""
        return [
            (title, answer)
            for title in self.titles(3, "Follow-ups")
            for _, answer in self.folded("success", title, 3)
        ]

    @cached_property
    def say_aloud(self) -> str:
        """What to say while writing the solution."""
        prose = self.prose("Solution")
        match = re.search(
            r'\*\*Say aloud:\*\* "(.+?)"\n', prose + "\n", re.S
        )
        assert match, self.path
        return match[1].replace("\n", " ")

    @cached_property
    def rubric(self) -> dict[str, str]:
        """What makes an answer strong, passable or weak."""
        table = self.prose("Interviewer notes").split("|---|\n")[1]
        row = table.split("\n")[0].strip("|").replace(r"\|", "\0")
        cells = [c.strip().replace("\0", "|") for c in row.split("|")]
        return dict(zip(RUBRIC, cells, strict=True))

    def promises(self, section: str) -> list[str]:
        """The names of the promises of a section: its bold list items."""
        prose = self.prose(section)
        items = re.findall(
            r"^- \[\*\*(.+?)\.\*\*\]\(#(\w+)\)\{ #(\w+) \} ",
            prose,
            re.MULTILINE,
        )
        assert len(items) == len(re.findall(r"^- ", prose, re.MULTILINE))
        for name, target, anchor in items:
            assert target == anchor == slug(name), name
        return [name for name, _, _ in items]

    @cached_property
    def solution(self) -> Fence:
        """The whiteboard code."""
        return self.code("Solution")[0]

    def stands_for(self, name: str) -> str | None:
        """The function of the solution in whose place a variant is tried.

        It is the longest that the name begins with.
        """
        replaced = [
            function
            for function in self.solution.functions
            if name.startswith(f"{function}_")
        ]
        return max(replaced, key=len, default=None)

    def variants(self, section: str) -> dict[str, str]:
        """The functions of a section, each as an attempt."""
        return {
            name: f"{self.solution.source}\n\n{fence.source}\n"
            f"{replaced} = {name}\n"
            for fence in self.code(section)
            for name in fence.functions
            if (replaced := self.stands_for(name))
        }


@cache
def challenge(stem: str) -> Page:
    """Return the page of a challenge."""
    return Page(CHALLENGES / f"{stem}.md")


def in_order() -> list[str]:
    """Return the challenges by track, the easiest and shortest first.

    Of two alike, the one that presupposes fewer others comes first.
    """

    def key(stem: str) -> tuple[int, int, int, int, str]:
        front = challenge(stem).front
        track = TRACKS.index(front["track"])
        level = LEVELS.index(front["difficulty"])
        presupposes = len(front["read_first"])
        return track, level, front["minutes"], presupposes, front["title"]

    return sorted(STEMS, key=key)
