"""The form of a challenge page: what stands where, and its length."""

import re
from html.parser import HTMLParser

import pytest

from benchmarks.sweeps import sweeps
from extensions.practice import example
from handbook.challenges import functions_of
from handbook.checks import checks_of
from handbook.judge import try_out
from handbook.page import (
    BREAKS,
    LEVELS,
    STEMS,
    TRACKS,
    Page,
    challenge,
    in_order,
    slug,
)
from tests.pages import ROOT

SECTIONS = [
    "Problem",
    "Hints",
    "Solution",
    "Interviewer notes",
    "Pitfalls",
    "Complexity",
    "Alternatives",
    "Follow-ups",
    "In production",
    "Reference",
]
KEYS = [
    "title",
    "description",
    "track",
    "read_first",
    "difficulty",
    "minutes",
    "tags",
    "time",
    "memory",
    "idea",
    "queries",
]
FIGURE = re.compile(
    r"^ *!\[(.+)\]\(\.\./assets/figures/(\w+)\.svg\)$", re.MULTILINE
)
FOLDED = re.compile(r'^\?\?\? \w+ "', re.MULTILINE)
LEFT_OUT = {
    "annotation",
    "button",
    "figcaption",
    "script",
    "svg",
    "template",
}
INLINE = {"a", "code", "em", "span", "strong"}
TEX = re.compile(r"\$+([^$]+)\$+")
VOID = {"img", "br", "hr", "input", "link", "meta"}
each_challenge = pytest.mark.parametrize("stem", STEMS)


class Words(HTMLParser):
    """Count the words that are seen before anything is opened."""

    def __init__(self):
        super().__init__()
        self.hidden = []  # of each open element
        self.text = []

    def handle_starttag(self, tag, attrs):
        if tag in VOID:
            return
        given = dict(attrs)
        classes = (given.get("class") or "").split()
        inside = self.hidden[-1] if self.hidden else ""
        if inside == "folded" and tag == "summary":
            inside = ""
        elif not inside and tag == "details" and "open" not in given:
            inside = "folded"
        elif (
            tag in LEFT_OUT
            or "hidden" in given
            or {"headerlink", "practice", "views"} & {*classes}
        ):
            inside = "left out"
        self.hidden.append(inside)

    def handle_endtag(self, tag):
        if tag not in VOID:
            self.hidden.pop()
        if tag not in INLINE:
            self.text.append(" ")

    def handle_data(self, data):
        if not self.hidden or not self.hidden[-1]:
            self.text.append(data)


def words(page, md):
    """How many words of a page are not folded; of a formula, its TeX."""
    body = re.sub(r"\A---\n.*?\n---\n", "", page.text, flags=re.DOTALL)
    body = TEX.sub(lambda tex: "x " * len(tex[1].split()), body)
    parser = Words()
    parser.feed(md.reset().convert(body))
    return len("".join(parser.text).split())


@each_challenge
def test_a_page_fits_an_evening(stem, site_markdown):
    page = challenge(stem)
    assert page.text.count("\n") <= 450
    assert words(page, site_markdown) <= 1500


def test_the_guide_to_large_arrays_fits_an_evening(site_markdown):
    page = Page(ROOT / "docs/guides/scale.md")
    assert page.text.count("\n") <= 45 * len(STEMS)
    assert words(page, site_markdown) <= 2000


@each_challenge
def test_front_matter_and_opening(stem):
    page = challenge(stem)
    front = page.front
    assert list(front) == KEYS
    assert front["track"] in TRACKS
    assert front["difficulty"] in LEVELS
    assert front["tags"][0] == front["difficulty"], "it is a tag as well"
    assert len(front["tags"]) > 1
    assert isinstance(front["minutes"], int)
    assert front["idea"].endswith(".")
    assert len(front["queries"]) >= 5, "by what will people look for it?"
    opening = f"{front['idea']} {front['minutes']} minutes."
    if first := front["read_first"]:
        titles = [f"[{challenge(s).front['title']}]({s}.md)" for s in first]
        opening += f" Read {' and '.join(titles)} first."
    opening += " [Show the answer](#solution)"
    _, found = page.text.split(f"\n# {front['title']}\n")
    assert " ".join(found.split("\n## Problem\n")[0].split()) == opening


@each_challenge
def test_what_to_read_first(stem):
    first = challenge(stem).front["read_first"]
    before = in_order()[: in_order().index(stem)]
    assert set(first) <= set(before), "it comes later in the navigation"
    assert first or challenge(stem).front["track"] == TRACKS[0]


@each_challenge
def test_sections(stem):
    assert challenge(stem).titles(2) == SECTIONS


@each_challenge
def test_problem(stem):
    page = challenge(stem)
    names = page.promises("Problem")
    found = [check.constraint for check in checks_of(stem, "core")]
    assert list(dict.fromkeys(found)) == [slug(name) for name in names]
    assert 3 <= len(names) <= 8
    assert "\n|---" in page.prose("Problem"), "a worked example, as a table"
    pad = f'<div class="practice" data-challenge="{stem}"></div>'
    assert page.text.count('class="practice"') == 1
    assert page.prose("Problem").rstrip().endswith(pad)


@each_challenge
def test_the_pad_begins_with_the_session_of_the_solution(stem):
    printed, solution = [], challenge(stem).solution.source

    def tell(event):
        printed.append(event.get("printed", ""))

    assert try_out(solution, example(stem), "it", tell) is None
    sessions = [f for f in challenge(stem).code("Solution") if f.session]
    shown = re.sub(r"^(>>>|\.\.\.).*\n", "", sessions[0].source, flags=re.M)
    assert "".join(printed).strip() == shown.strip()


@each_challenge
def test_hints(stem):
    hints = challenge(stem).hints
    assert [title[:7] for title, _ in hints] == [
        f"Hint {number}:" for number in (1, 2, 3)
    ]
    for _, text in hints:
        assert len(text.split()) <= 45, text
        assert "?" in text


@each_challenge
def test_solution(stem):
    page = challenge(stem)
    path = ROOT / "handbook/whiteboard" / f"{stem}.py"
    assert page.solution.source == path.read_text(encoding="utf-8")
    fences = page.code("Solution")
    assert len(fences) > 1, "show a session below the code"
    assert fences[1].session
    prose = page.prose("Solution")
    figures = [name for _, name in FIGURE.findall(prose)]
    assert figures == [stem], "the drawing of the idea"
    why, figure, aloud = map(
        prose.index, ("**Why it works.**", "![", '**Say aloud:** "')
    )
    assert why < figure < aloud
    assert not FOLDED.search(prose)


@each_challenge
def test_interviewer_notes(stem):
    page = challenge(stem)
    notes = page.prose("Interviewer notes")
    assert "| strong | passable | weak |" in notes
    assert all(page.rubric.values())


@each_challenge
def test_pitfalls(stem):
    page = challenge(stem)
    titles = page.titles(3, "Pitfalls")
    assert 3 <= len(titles) <= 5, f"3 to 5 pitfalls, got {titles}"
    assert not FOLDED.search(page.prose("Pitfalls"))
    names = [slug(name) for name in page.promises("Problem")]
    for title in titles:
        said = BREAKS.search(page.prose(title, level=3))
        assert said, f"{title}: say what it breaks"
        assert slug(" ".join(said[1].split())) == said[2]
        assert said[2] in names, f"{title}: a promise of the core"
        fences = page.code(title, level=3)
        functions = [n for fence in fences for n in fence.functions]
        assert page.anchor(title) in functions, title
        assert any(fence.session for fence in fences), f"{title}: not shown"


@each_challenge
def test_complexity(stem):
    prose = challenge(stem).prose("Complexity")
    figures = [name for _, name in FIGURE.findall(prose)]
    assert len(figures) == 1, f"one figure of a sweep, got {figures}"
    assert figures[0] in [f"{stem}_{sweep.key}" for sweep in sweeps(stem)]
    assert f"(../guides/measured.md#{stem})" in prose


@each_challenge
def test_alternatives(stem):
    page = challenge(stem)
    prose = page.prose("Alternatives")
    assert "| version | use it when |\n|---|---|\n" in prose
    variants = page.variants("Alternatives")
    assert variants
    for title in page.titles(3, "Alternatives"):
        anchor = page.anchor(title)
        assert anchor in variants, title
        assert f"](#{anchor})" in prose, f"{title}: not in the table"
        fences = page.code(title, level=3)
        assert any(fence.session for fence in fences), (
            f"{title}: not compared"
        )


@each_challenge
def test_follow_ups(stem):
    page = challenge(stem)
    titles = page.titles(3, "Follow-ups")
    assert 4 <= len(titles) <= 6, f"4 to 6 questions, got {titles}"
    assert sum(bool(page.code(t, level=3)) for t in titles) >= 2
    assert [title for title, answer in page.follow_ups if answer] == titles
    for title in titles:
        assert page.anchor(title), title
        assert title.endswith("?"), f"{title}: ask"
        text = page.prose(title, level=3).strip()
        first, _, rest = text.partition("\n")
        assert first == '??? success "Answer"', f"{title}: fold the answer"
        assert all(
            not li or li.startswith("    ") for li in rest.split("\n")
        )


@each_challenge
def test_production_says_what_makes_it_fast(stem, site_markdown):
    """By hand, then by how much: behind the promises, and not folded."""
    prose = challenge(stem).prose("In production")
    parts = prose.split("\n\n")
    note = parts.index('??? note "Contract and source"')
    assert parts[note - 2].lstrip().startswith("- [**"), "the promises"
    mark = f"\n{{{{ speed_{stem} }}}}"
    assert parts[note - 1].endswith(mark)
    by_hand = parts[note - 1].removesuffix(mark)
    assert not re.search(r"\d\S* times", by_hand), "leave it to the data"
    html = site_markdown.reset().convert(parts[note - 1])
    text = re.sub(r"<[^>]+>", "", html).strip()
    assert "\n\n" not in text, "one paragraph"
    assert text.endswith(").")
    assert 2 <= len(re.findall(r"[.?!](?=\s|$)", text)) <= 3, text


@each_challenge
def test_production(stem):
    page = challenge(stem)
    names = page.promises("In production")
    found = [check.constraint for check in checks_of(stem, "production")]
    assert list(dict.fromkeys(found)) == [slug(name) for name in names]
    prose = page.prose("In production")
    assert '\n??? note "Contract and source"\n' in prose
    assert f"\n    {{{{ production_{stem} }}}}\n" in prose
    for name in functions_of(stem):
        assert f"[handbook.{name}]" in page.prose("Reference")
    for title in page.titles(3, "In production"):
        assert '\n??? failure "' in page.prose(title, level=3), title


@each_challenge
def test_anchors_are_unique(stem):
    page = challenge(stem)
    anchors = [a for _, _, _, a in page.headings if a]
    for section in ("Problem", "In production"):
        anchors += map(slug, page.promises(section))
    anchors += [title.lower().replace(" ", "-") for title in SECTIONS]
    assert len(set(anchors)) == len(anchors)


@each_challenge
def test_text_fits_its_column(stem):
    page = challenge(stem)
    free = "|", "![", "description", "queries"
    wide = [
        number
        for number, line in enumerate(page.text.splitlines(), start=1)
        if len(line) > 120 and not line.lstrip().startswith(free)
    ]
    assert not wide
