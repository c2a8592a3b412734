"""The figures: current, described, themable and readable on a phone."""

import re
from collections import Counter
from xml.etree import ElementTree

import markdown
import pytest

from extensions.generated import expanded
from figures import SMALL, WIDTH
from figures.__main__ import FOLDER, drawn
from tests.pages import PAGES

SVG = "{http://www.w3.org/2000/svg}"
STORED = sorted(path.stem for path in FOLDER.glob("*"))
each_figure = pytest.mark.parametrize("name", STORED)


@pytest.fixture(scope="module")
def figures():
    return drawn()


def test_the_stored_figures_are_those_drawn(figures):
    assert sorted(figures) == STORED
    stale = [
        name
        for name, svg in figures.items()
        if (FOLDER / f"{name}.svg").read_text(encoding="utf-8") != svg
    ]
    assert not stale, "run make figures and commit what it writes"


def shown(page):
    """The captions of the figures of a page by their names."""
    images = re.findall(
        r"^ *!\[(.+)\]\((?:\.\./)*assets/figures/(\w+)\.svg\)$",
        expanded(page.text),
        re.MULTILINE,
    )
    assert len(images) == len({name for _, name in images}), page.path
    return {name: caption for caption, name in images}


def test_every_figure_is_shown_and_has_a_caption():
    found = [shown(page) for page in PAGES]
    assert {name for own in found for name in own} == {*STORED}
    for own in found:
        for caption in own.values():
            assert caption.endswith((".", "?"))


@each_figure
def test_a_figure_says_what_it_shows(name):
    root = ElementTree.parse(FOLDER / f"{name}.svg").getroot()
    title, description = root[0], root[1]
    assert (title.tag, description.tag) == (f"{SVG}title", f"{SVG}desc")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{name}-title {name}-desc"
    assert (title.get("id"), description.get("id")) == (
        f"{name}-title",
        f"{name}-desc",
    )
    assert title.text
    assert re.search(r"\d", description.text), "say the numbers drawn"


@each_figure
def test_a_figure_follows_the_palette(name):
    text = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    colours = set(re.findall(r"(?:fill|stroke)[:=] ?\"?([^;\"]+)", text))
    allowed = r"currentColor|none|var\(--figure-\w+, #\w{6}\)"
    assert {c for c in colours if not re.fullmatch(allowed, c)} == set()


@each_figure
def test_a_figure_can_be_read_on_a_phone(name):
    text = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    left, top, width, _ = re.search(r'viewBox="(.+?)"', text)[1].split()
    assert (left, top, width) == ("0", "0", str(WIDTH))
    sizes = re.findall(r"font-size[:=]\"?([\d.]+)", text)
    assert all(float(size) >= SMALL for size in sizes), sizes
    assert len(text) < 40_000


def test_the_ids_of_a_figure_are_its_own():
    taken = Counter()
    for path in FOLDER.glob("*.svg"):
        text = path.read_text(encoding="utf-8")
        ids = re.findall(r' id="([^"]+)"', text)
        assert len(set(ids)) == len(ids)
        taken.update(ids)
        assert set(re.findall(r"(?:url\(|href=\")#([^)\"]+)", text)) <= {
            *ids
        }
    assert max(taken.values()) == 1


def test_only_the_images_of_figures_become_figures():
    text = "![A *b* < c.](../assets/figures/softmax.svg)\n\n![x](page.png)"
    html = markdown.markdown(text, extensions=["extensions.figures"])
    assert html.startswith('<figure class="drawing"')
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in html
    assert "<figcaption>A *b* &lt; c.</figcaption>" in html
    assert html.endswith('<p><img alt="x" src="page.png" /></p>')
    figure = text.split("\n")[0]
    numbers, other = "\n\n| a: |\n|---|\n| 1 |", "\n\n| a |\n|---|\n| 1 |"
    html = markdown.markdown(
        figure + numbers + other + "\n\n" + figure + other,
        extensions=["extensions.figures", "tables"],
    )
    before, inside = html.split("</details>")[0].split("<details")
    assert inside.startswith(' class="numbers">\n<summary>The numbers</s')
    assert "<table>" in inside
    assert "<table>" not in before
    assert html.count("<details") == 1
    with pytest.raises(FileNotFoundError, match=r"nope\.svg"):
        markdown.markdown(
            "![x](assets/figures/nope.svg)",
            extensions=["extensions.figures"],
        )
