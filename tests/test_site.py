"""The built site: complete, without third parties, and strict."""

import re
import shutil
import subprocess
import sys
from html import escape, unescape
from html.parser import HTMLParser

import pytest

from extensions.generated import MARK, navigation, write
from extensions.mathml import to_mathml
from handbook.page import STEMS, Page, challenge
from tests.pages import PAGES, ROOT


def build(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    result = build(ROOT, "--site-dir", str(folder))
    assert result.returncode == 0, result.stderr
    write(folder)
    return folder


class Requests(HTMLParser):
    """Collect what a browser fetches while it shows a page."""

    def __init__(self):
        super().__init__()
        self.urls = []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "link" and attributes.get("rel") in ("canonical", "edit"):
            return
        if tag != "a":
            self.urls += [attributes.get("src"), attributes.get("srcset")]
        if tag == "link":
            self.urls.append(attributes.get("href"))


def test_no_third_party_request(site):
    pages = list(site.rglob("*.html"))
    assert len(pages) == len(PAGES) + 1  # and 404.html
    for page in pages:
        parser = Requests()
        parser.feed(page.read_text(encoding="utf-8"))
        foreign = [
            u for u in parser.urls if u and re.match(r"(\w+:)?//", u)
        ]
        assert not foreign, page


def test_styles_fetch_nothing_from_elsewhere(site):
    for style in site.rglob("*.css"):
        text = style.read_text(encoding="utf-8")
        assert not re.findall(
            r"(?:url\(|@import)\s*[\"']?(?:https?:)?//", text
        )


def test_formulas_are_mathml(site):
    text = (site / "challenges/softmax/index.html").read_text("utf-8")
    text = re.sub(r"<pre.*?</pre>", "", text, flags=re.DOTALL)  # code
    assert "<mfrac>" in text
    assert "arithmatex" in text
    assert not re.search(r"\\(frac|sum|max)\b|\$\$", text)


def test_the_reference_documents_every_function(site):
    import handbook

    text = (site / "reference/index.html").read_text("utf-8")
    found = re.findall(r'id="handbook\.(\w+)"', text)
    assert sorted(found) == handbook.__all__
    assert "Parameters:" in text
    assert "Raises:" in text
    assert "----" not in text, "a docstring section was not recognised"


def test_to_mathml():
    assert to_mathml("x^2", display=False) == (
        "<math><msup><mi>x</mi><mn>2</mn></msup></math>"
    )
    assert to_mathml("x", display=True).startswith('<math display="block">')
    with pytest.raises(ValueError, match=r"bad TeX in \$\\nope\$.*nope"):
        to_mathml(r"\nope", display=False)


def test_programs_find_every_page_in_markdown(site):
    listed = (site / "llms.txt").read_text(encoding="utf-8")
    paths = navigation("challenges") + navigation("guides")
    assert len(paths) >= len(STEMS) + 5
    for path in paths:
        front = Page(ROOT / "docs" / path).front
        line = f"- [{front['title']}]({path}): {front['description']}\n"
        assert line in listed
        text = (site / path).read_text(encoding="utf-8")
        assert f"\n# {front['title']}\n" in text
        assert not MARK.search(text), path


def test_what_is_derived_is_in_its_place(site):
    index = (site / "index.html").read_text(encoding="utf-8")
    sheet = (site / "guides/cheatsheet/index.html").read_text("utf-8")
    found = (site / "guides/measured/index.html").read_text("utf-8")
    for stem in STEMS:
        front = challenge(stem).front
        for text in (index, sheet, found):
            assert escape(front["title"], quote=False) in text
        assert escape(front["idea"], quote=False) in index
        code = challenge(stem).solution.source.splitlines()[-1]
        plain = unescape(re.sub(r"<[^>]*>", "", sheet))
        assert code in plain
        assert f'id="{stem}"' in found
    for page in site.rglob("index.html"):
        assert not re.search(r"\{\{ \w+ \}\}", page.read_text("utf-8")), (
            page
        )


def test_every_page_has_a_title_and_a_description_of_its_own(site):
    seen = set()
    for page in site.rglob("index.html"):
        text = page.read_text(encoding="utf-8")
        (title,) = re.findall(r"<title>(.+?)</title>", text)
        name = '<meta name="description" content='
        (description,) = re.findall(f'{name}"(.+?)">', text)
        assert 40 <= len(unescape(description)) <= 160, page
        assert "assets/mark.svg" in text
        seen |= {title, description}
    assert len(seen) == 2 * len(PAGES)


@pytest.mark.parametrize(
    ("module", "package", "said"),
    [
        (
            "deck",
            "genanki",
            'the deck needs genanki: pip install -e ".[study]"',
        ),
        (
            "notebooks",
            "nbformat",
            'notebooks need nbformat: pip install -e ".[study]"',
        ),
        (
            "printed",
            "playwright",
            'printing needs Playwright: pip install -e ".[browser]"',
        ),
    ],
)
def test_what_is_missing_is_named(module, package, said):
    without = f"sys.modules[{package!r}] = None; import extensions.{module}"
    result = subprocess.run(
        [sys.executable, "-c", f"import sys; {without}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (1, f"{said}\n")


def outline(page):
    """The ids of the headings, the figures, formulas and code of a page."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"<pre\b.*?</pre>", text, re.DOTALL)
    return (
        re.findall(r"<h[1-6]\b[^>]* id=\"([^\"]+)", text),
        re.findall(r"<title id=\"(\w+)-title", text),
        re.findall(r"<math.*?</math>", text, re.DOTALL),
        [unescape(re.sub(r"<[^>]*>", "", block)) for block in blocks],
    )


def test_the_successor_builds_the_same_pages(site, tmp_path):
    for name in ("docs", "extensions", "handbook"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    result = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    pages = {p.relative_to(site) for p in site.rglob("*.html")}
    assert pages == {
        p.relative_to(tmp_path / "site")
        for p in (tmp_path / "site").rglob("*.html")
    }
    for page in pages:
        assert outline(tmp_path / "site" / page) == outline(site / page)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A site of two pages that can be built, with the settings of ours."""
    folder = tmp_path_factory.mktemp("small")
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    before, after = config.split("\nnav:\n")
    rest = after[after.index("\nvalidation:") :]
    (folder / "mkdocs.yml").write_text(
        f"{before}\n{rest}", encoding="utf-8"
    )
    shutil.copytree(ROOT / "extensions", folder / "extensions")
    (folder / "docs/assets").mkdir(parents=True)
    for name, text in (
        ("home", "# A page\n\n[x](#a-page), $x < y$\n"),
        ("index", "# Index\n"),
    ):
        path = folder / f"docs/{name}.md"
        path.write_text(text, encoding="utf-8")
    result = build(folder)
    assert result.returncode == 0, result.stderr
    return folder


def built_with(folder, text):
    """Build a site whose page says something else; return what is told."""
    page = folder / "docs/home.md"
    page.write_text(f"# A page\n\n{text}\n", encoding="utf-8")
    result = build(folder)
    assert result.returncode != 0
    return result.stdout + result.stderr


@pytest.mark.parametrize("text", [r"$\frac{1}{\nope}$", "$$\n\\nope\n$$"])
def test_a_formula_that_is_no_tex_fails_the_build(small, text):
    told = built_with(small, text)
    assert re.search(r"home\.md.*bad TeX.*nope", told, re.DOTALL), told


def test_each_broken_link_fails_the_build(small):
    links = "nowhere.md", "#nowhere", "/nowhere"
    told = built_with(
        small,
        "".join(f"[x]({link})\n" for link in links) + "[x][handbook.nope]",
    )
    for name in (*links, "handbook.nope"):
        assert re.search(f"WARNING.*home\\.md.*'{name}'", told), told
    assert "Aborted with 4 warnings in strict mode" in told
