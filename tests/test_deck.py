"""The deck, read back from its package: a zip that holds SQLite."""

import ast
import json
import re
import sqlite3
import subprocess
import sys
from html.parser import HTMLParser
from textwrap import dedent
from urllib.parse import urldefrag
from zipfile import ZipFile

import pytest

from extensions import deck
from extensions.generated import navigation
from handbook.page import STEMS, Page
from tests.pages import ROOT

PAGES = {
    stem: (ROOT / f"docs/challenges/{stem}.md").read_text(encoding="utf-8")
    for stem in STEMS
}
DATE = 1_780_000_000
SITE = "https://example.org/numpy"
TAGS = {
    *("a", "code", "div", "em", "hr", "p", "pre", "span", "strong"),
    *("li", "ol", "ul", "table", "tbody", "td", "th", "thead", "tr"),
}
SHOWN = re.compile(r"\\\((.*?)\\\)|\\\[(.*?)\\\]", re.DOTALL)
WRITTEN = re.compile(r"\$\$(.*?)\$\$|\$([^$\n]+)\$", re.DOTALL)
FENCE = re.compile(r"^( *)```\w+\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
ASKED = "What goes wrong, on which input?"


def section(stem, title):
    """A section of a page, as it is written."""
    return PAGES[stem].split(f"\n## {title}\n")[1].split("\n## ")[0]


def formulas(pattern, text):
    return ["".join("".join(f).split()) for f in pattern.findall(text)]


class Side(HTMLParser):
    """One side of a card, taken apart; each tag must be closed."""

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.links = [], [], []
        self.text = self.prose = ""  # prose is outside all code
        self.blocks = []
        self.feed(html)
        self.close()
        assert not self.open
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "a":
            self.links.append(dict(attrs)["href"])
        if tag == "pre":
            self.blocks.append("")
        if tag != "hr":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data
        if "pre" in self.open:
            self.blocks[-1] += data
        elif "code" not in self.open:
            self.prose += data


def build(folder, date=DATE, site=None):
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(date))
        patch.delenv("SITE_URL", raising=False)
        if site:
            patch.setenv("SITE_URL", site)
        deck.write(folder)
    return folder / "handbook.apkg"


def read(path):
    """Each card by its guid, with its sides as Anki fills them in."""
    with ZipFile(path) as archive:
        assert archive.read("media") == b"{}"
        content = archive.read("collection.anki2")
    database = sqlite3.connect(":memory:")
    database.deserialize(content)
    (models,) = database.execute("select models from col").fetchone()
    rows = database.execute(
        "select guid, notes.mod, tags, flds, due, mid, did, ord from notes"
        " left join cards on nid = notes.id order by due"
    ).fetchall()
    database.close()
    ((key, model),) = json.loads(models).items()
    (template,) = model["tmpls"]
    names = [field["name"] for field in model["flds"]]
    cards = {}
    for guid, date, tags, fields, due, *ids in rows:
        # those that learners have: no build may change them
        assert (key, *ids) == ("1385094016", 1385094016, 1264130586, 0)
        assert guid not in cards
        assert due == len(cards)
        values = dict(zip(names, fields.split("\x1f"), strict=True))
        front, back = (
            re.sub(r"{{(\w+)}}", lambda m, v=values: v[m[1]], text)
            for text in (template["qfmt"], template["afmt"])
        )
        cards[guid] = {
            "stem": re.search(r"challenge::(\w+)", tags)[1],
            "tags": tags.split(),
            "date": date,
            "question": Side(values["Question"]).text,
            "front": Side(front),
            "answer": Side(back.split('<hr id="answer">')[1]),
        }
    return cards


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    return build(tmp_path_factory.mktemp("deck") / "made")


@pytest.fixture(scope="module")
def cards(package):
    return read(package)


@pytest.fixture(scope="module")
def later(tmp_path_factory):
    """The cards of the next build, with other titles and with links."""
    folder = tmp_path_factory.mktemp("deck")
    for stem, text in PAGES.items():
        for old, new in (
            (r"^(title: .*|# .*)$", r"\1, reworded"),
            (r"^### (.*) \{", r"### Reworded: \1 {"),
        ):
            text = re.sub(old, new, text, flags=re.MULTILINE)
        (folder / f"{stem}.md").write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        pages = {stem: Page(folder / f"{stem}.md") for stem in STEMS}
        patch.setattr(deck, "challenge", pages.get)
        return read(build(folder / "later", DATE + 60, SITE))


def find(cards, stem, words):
    (card,) = [
        card
        for card in cards.values()
        if card["stem"] == stem and words in card["answer"].text
    ]
    return card["front"], card["answer"]


def test_every_part_of_every_page_has_a_card(cards):
    for stem, text in PAGES.items():
        found = [
            card["question"]
            for card in cards.values()
            if card["stem"] == stem
        ]
        pitfalls = section(stem, "Pitfalls").count("\n### ")
        questions = re.findall(
            r"^### (.*) \{", section(stem, "Follow-ups"), re.MULTILINE
        )
        assert text.count("\nidea: ") == text.count("**Say aloud:**") == 1
        assert found[0].endswith(" What is the idea?")
        assert found[1] == "Say aloud: how would you explain your solution?"
        assert found[2:] == [
            *[ASKED] * pitfalls,
            *[question.replace("`", "") for question in questions],
        ]
    assert len(cards) > 8 * len(STEMS)
    stems = dict.fromkeys(card["stem"] for card in cards.values())
    in_turn = [f"challenges/{stem}.md" for stem in stems]
    assert in_turn == navigation("challenges")


def test_a_card_says_what_the_page_says(cards):
    front, idea = find(cards, "softmax", "Time O(n·d), memory O(n·d).")
    assert front.text == (
        "Softmax Turn rows of logits into probabilities without overflow."
        " What is the idea?"
    )
    assert idea.text.startswith("Subtract each row's maximum before you")
    _, aloud = find(cards, "softmax", "In float64, exp overflows above")
    assert aloud.text.endswith("and broadcast along the rows.")
    front, wrong = find(cards, "attention", "No division by √d. The scores")
    assert front.text.startswith(f"Scaled dot-product attention {ASKED}")
    assert "weight. Breaks Scaled scores." in wrong.text
    assert ("span", {"class": "go"}) in wrong.tags  # what is printed
    front, answer = find(cards, "softmax", "You divide the logits by it")
    assert front.text == "Softmax What does a temperature do?"
    assert answer.text.endswith(" 10.0 [[0.301 0.332 0.367]]")
    _, table = find(cards, "knn", "HNSW")
    assert ("td", {}) in table.tags


def test_the_code_of_the_answers_is_that_of_the_page(cards):
    for stem in STEMS:
        idea, aloud, *others = [
            card["answer"].blocks
            for card in cards.values()
            if card["stem"] == stem
        ]
        solution = FENCE.search(section(stem, "Solution"))[2]
        assert (idea, aloud) == ([solution], [])
        written = [
            dedent(source)
            for title in ("Pitfalls", "Follow-ups")
            for part in section(stem, title).split("\n### ")[1:]
            for _, source in FENCE.findall(part)
        ]
        assert [code for blocks in others for code in blocks] == written


def test_both_sides_have_text_and_nothing_of_markdown_or_the_site(cards):
    for card in cards.values():
        for side in (card["front"], card["answer"]):
            assert len(side.text) > 20
            assert {tag for tag, _ in side.tags} <= TAGS
            assert not [a for _, a in side.tags if "id" in a]
            text = SHOWN.sub("", side.prose)
            marks = r"[*`{}$\\¶]|\]\(|\]\[|!\[|\?\?\?|\|--|^#|Answer$"
            assert not re.search(marks, text, re.MULTILINE), text


def test_formulas_are_whole_and_in_ankis_notation(cards):
    shown, written = [], []
    for card in cards.values():
        for side in (card["front"], card["answer"]):
            shown += formulas(SHOWN, side.prose)
    for stem in STEMS:
        for title in ("Pitfalls", "Follow-ups"):
            prose = FENCE.sub("", section(stem, title))
            written += formulas(WRITTEN, prose)
    assert r"u\cdotv=\cos\theta" in shown
    assert sorted(shown) == sorted(written)


def test_the_front_of_a_pitfall_does_not_give_it_away(cards):
    for stem in STEMS:
        fronts = [
            card["front"].blocks[0]
            for card in cards.values()
            if (card["stem"], card["question"]) == (stem, ASKED)
        ]
        pitfalls = section(stem, "Pitfalls").split("\n### ")[1:]
        whiteboard = ROOT / f"handbook/whiteboard/{stem}.py"
        right = re.findall(r"def (\w+)", whiteboard.read_text("utf-8"))
        for front, pitfall in zip(fronts, pitfalls, strict=True):
            wrong = ast.unparse(ast.parse(FENCE.search(pitfall)[2]))
            names = re.findall(r"^def (\w+)", wrong, re.MULTILINE)
            found = re.findall(r"^def (\w+)", front, re.MULTILINE)
            if len(names) == 1:
                assert found[0] in right
                wrong = wrong.replace(names[0], found[0])
            assert "#" not in front
            assert ast.unparse(ast.parse(front)) == wrong


def test_tags_name_track_difficulty_and_challenge(cards):
    for card in cards.values():
        front = PAGES[card["stem"]].split("\n---\n")[0]
        (track,) = re.findall(r"^track: (\w+)$", front, re.MULTILINE)
        (level,) = re.findall(r"^difficulty: (\w+)$", front, re.MULTILINE)
        assert card["tags"] == [
            f"track::{track}",
            f"difficulty::{level}",
            f"challenge::{card['stem']}",
        ]


def test_the_command_writes_the_same_bytes(package, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(DATE))
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    monkeypatch.delenv("SITE_URL", raising=False)
    subprocess.run(
        [sys.executable, "-m", "extensions.deck", tmp_path],
        cwd=ROOT,
        check=True,
    )
    made = (tmp_path / "handbook.apkg").read_bytes()
    assert made == package.read_bytes()


def test_an_update_finds_the_cards_of_a_learner(cards, later):
    assert list(later) == list(cards)
    card = later["z4f$ske[l^"]  # softmax_naive, which learners have
    assert card["front"].text.startswith("Softmax, reworded What goes")
    assert card["answer"].text.startswith("Reworded: No shift. A row of")
    # Anki takes only what is newer
    assert {card["date"] for card in cards.values()} == {DATE}
    assert {card["date"] for card in later.values()} == {DATE + 60}


def test_links_lead_to_the_site_or_are_text(cards, later):
    for card, linked in zip(cards.values(), later.values(), strict=True):
        links = linked["front"].links + linked["answer"].links
        assert links[0] == f"{SITE}/challenges/{card['stem']}/"
        elsewhere = card["front"].links + card["answer"].links
        assert elsewhere == [k for k in links if not k.startswith(SITE)]
        for link in elsewhere:
            assert f"]({link})" in PAGES[card["stem"]]
        for link in set(links) - set(elsewhere):
            address, anchor = urldefrag(link.removeprefix(f"{SITE}/"))
            page = ROOT / "docs" / f"{address.removesuffix('/')}.md"
            text = page.read_text(encoding="utf-8")
            known = ["", "solution", *re.findall(r"\{ #(\w+) \}", text)]
            assert anchor in known, link
