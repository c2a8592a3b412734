"""Write the cards of every challenge as a package for Anki.

    python -m extensions.deck FOLDER    write FOLDER/handbook.apkg

An importing Anki knows a card by its guid and takes its new text only if
that is newer than its own, so the guids come from anchors, which never
change, and the notes have the date of the build. SOURCE_DATE_EPOCH sets it:
then the same pages make the same bytes.

Formulas are left to the MathJax that every Anki brings: older ones show no
MathML, and none brings a font for it.
"""

import os
import re
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from markdown import Markdown
from mkdocs.config import load_config
from mkdocs.utils import get_build_datetime

from extensions.lean import SESSION
from handbook.page import Fence, Page, challenge, in_order, portable

try:
    import genanki  # type: ignore[import-untyped]
except ModuleNotFoundError:
    sys.exit('the deck needs genanki: pip install -e ".[study]"')

ROOT = Path(__file__).parent.parent
PACKAGE = "handbook.apkg"
NAME = "NumPy interview handbook"
# Anki knows deck and model by these: they never change
DECK_ID = 1_264_130_586
MODEL_ID = 1_385_094_016
FIELDS = ["Challenge", "Question", "Code", "Answer"]
ASKED = '<div class="challenge">{{Challenge}}</div>\n{{Question}}'
TEMPLATE = {
    "name": "Card",
    "qfmt": f"{ASKED}\n{{{{Code}}}}",
    "afmt": f'{ASKED}\n<hr id="answer">\n{{{{Answer}}}}',
}
COMMENT = re.compile(r"  # .*$", re.MULTILINE)
FIGURE = re.compile(r"^!\[.*\]\(.*\)$", re.MULTILINE)


@dataclass(frozen=True)
class Card:
    """What is asked about a part of a page, in Markdown."""

    anchor: str  # of that part
    question: str
    answer: str
    code: str = ""  # that belongs to the question alone


def fenced(source: str) -> str:
    return f"```python\n{source.rstrip()}\n```"


def unmarked(page: Page, fence: Fence) -> str:
    """Return a wrong answer without what gives it away.

    The comments mark the wrong line, and the name says what is wrong.
    Where there are two answers, the names tell them apart.
    """
    source = COMMENT.sub("", fence.source)
    if len(fence.functions) == 1:
        (name,) = fence.functions
        source = source.replace(name, page.stands_for(name) or name)
    return source


def cards(page: Page) -> Iterator[Card]:
    """Yield the cards of a challenge."""
    front = page.front
    yield Card(
        "idea",
        f"{front['description']} What is the idea?",
        f"{front['idea']}\n\n{fenced(page.solution.source)}\n\n"
        f"Time {front['time']}, memory {front['memory']}.",
    )
    yield Card(
        "say_aloud",
        "Say aloud: how would you explain your solution?",
        page.say_aloud,
    )
    for title in page.titles(3, "Pitfalls"):
        text = page.markdown(title, 3)
        yield Card(
            page.anchor(title) or "",
            "What goes wrong, on which input?",
            f"**{title}.** {FIGURE.sub('', text)}",
            fenced(unmarked(page, page.code(title, 3)[0])),
        )
    for question, answer in page.follow_ups:
        yield Card(
            page.anchor(question) or "",
            question,
            FIGURE.sub("", answer),
        )


def renderer() -> Markdown:
    """Return the site's Markdown without what its pages need besides."""
    config = load_config(str(ROOT / "mkdocs.yml"))
    own = [
        name
        for name in config.markdown_extensions
        if not name.startswith("extensions.")
    ]
    return Markdown(
        extensions=[*own, "pymdownx.arithmatex"],
        extension_configs={
            **config.mdx_configs,
            "pymdownx.arithmatex": {"generic": True},
        },
    )


def rendered(markdown: Markdown, text: str, stem: str) -> str:
    """Return the HTML of a part of a page.

    Its links lead to the site if SITE_URL says where that is.
    """
    site = os.environ.get("SITE_URL", "").rstrip("/")
    text = portable(text, site and f"{site}/challenges/{stem}.md")
    return markdown.reset().convert(SESSION.sub(r"\1pycon", text))


def deck() -> genanki.Deck:
    """Return the cards of all challenges, in learning order."""
    style = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
    fields = [{"name": name} for name in FIELDS]
    model = genanki.Model(MODEL_ID, NAME, fields, [{**TEMPLATE}], style)
    found = genanki.Deck(DECK_ID, NAME)
    markdown = renderer()
    for stem in in_order():
        front = challenge(stem).front
        for card in cards(challenge(stem)):
            title = f"[{front['title']}]({stem}.md)"
            parts = title, card.question, card.code, card.answer
            found.add_note(
                genanki.Note(
                    model,
                    [rendered(markdown, part, stem) for part in parts],
                    tags=[
                        f"track::{front['track']}",
                        f"difficulty::{front['difficulty']}",
                        f"challenge::{stem}",
                    ],
                    guid=genanki.guid_for(DECK_ID, stem, card.anchor),
                    due=len(found.notes),
                )
            )
    return found


def write(folder: Path) -> None:
    """Write the package.

    genanki would leave its database behind, and the time in the archive.
    """
    date = get_build_datetime().timestamp()
    database = sqlite3.connect(":memory:")
    genanki.Package(deck()).write_to_db(
        database.cursor(), date, count(int(date * 1000))
    )
    database.commit()
    files = {"collection.anki2": database.serialize(), "media": b"{}"}
    database.close()
    with ZipFile(folder / PACKAGE, "w", ZIP_DEFLATED) as out:
        for name, content in files.items():
            out.writestr(ZipInfo(name), content, ZIP_DEFLATED)


if __name__ == "__main__":
    write(Path(sys.argv[1]))
