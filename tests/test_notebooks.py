"""The notebooks: complete, plain, the same bytes, accepted in a kernel."""

import json
import os
import re
import subprocess
import sys

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from extensions.notebooks import folded, write
from handbook.challenges import functions_of
from handbook.page import STEMS, challenge, portable
from tests.pages import ROOT

WEB = "https://example.org/handbook/"
CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)


def folder(path):
    """The folder of a site, as far as notebooks need it."""
    for stem in STEMS:
        (path / "challenges" / stem).mkdir(parents=True)
    return path


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site with the notebooks that the command writes."""
    path = folder(tmp_path_factory.mktemp("site"))
    subprocess.run(
        [sys.executable, "-m", "extensions.notebooks", path],
        cwd=ROOT,
        env={**os.environ, "SITE_URL": WEB.removesuffix("/")},
        check=True,
    )
    return path


def read(site, stem):
    path = site / f"challenges/{stem}/{stem}.ipynb"
    return nbformat.read(path, as_version=4)


def cell(notebook, name):
    (found,) = [cell for cell in notebook.cells if cell.id == name]
    return found


def shown(found):
    """What a code cell shows as text."""
    return "\n".join(
        output["data"]["text/plain"] for output in found.outputs
    )


def executed(notebook):
    return NotebookClient(notebook, timeout=60).execute()


def test_whiteboard_code_is_accepted_in_every_notebook(site):
    """In one kernel, which forgets each challenge before the next."""
    cells = []
    for stem in STEMS:
        notebook = read(site, stem)
        cell(notebook, "answer").source = challenge(stem).solution.source
        cells += [new_code_cell("%reset -f")]
        cells += [c for c in notebook.cells if c.cell_type == "code"]
    for number, each in enumerate(cells):
        each.id = str(number)  # those of the notebooks are alike
    executed(new_notebook(cells=cells, metadata=notebook.metadata))
    verdicts = [shown(each) for each in cells if each.outputs]
    for stem, text in zip(STEMS, verdicts, strict=True):
        names = ", ".join(functions_of(stem))
        assert f"\n{names}: accepted (" in text, stem


def test_an_untouched_notebook_is_judged_and_not_accepted(site):
    notebook = executed(read(site, "softmax"))
    text = shown(cell(notebook, "check"))
    assert "softmax: not accepted (0 of 5)" in text
    assert not cell(notebook, "answer").outputs


@pytest.mark.parametrize("stem", STEMS)
def test_a_notebook_holds_what_the_page_holds(site, stem):
    notebook, page = read(site, stem), challenge(stem)
    address = f"{WEB}challenges/{stem}.md"
    nbformat.validate(notebook)
    hints = ["hint-1", "hint-2", "hint-3"]
    questions = page.titles(3, "Follow-ups")
    follow_ups = [f"follow-up-{n}" for n in range(1, len(questions) + 1)]
    assert [c.id for c in notebook.cells] == [
        *("about", "problem", "answer", "check"),
        *("hints", *hints, "solution", "follow-ups", *follow_ups),
    ]
    about = cell(notebook, "about").source
    assert about.startswith(f"# {page.front['title']}\n")
    assert f", {page.front['minutes']} minutes.\n" in about
    assert "needs the package `handbook`" in about
    assert f"]({WEB}challenges/{stem}/)" in about
    problem = cell(notebook, "problem").source
    for promise in page.promises("Problem"):
        assert f"\n- **{promise}.** " in problem
    answer = cell(notebook, "answer").source
    assert answer.startswith("import numpy as np\n")
    assert answer.endswith("raise NotImplementedError")
    for name, (title, text) in zip(hints, page.hints, strict=True):
        expected = folded(title, portable(text, address))
        assert cell(notebook, name).source == expected
    solution = cell(notebook, "solution").source
    assert f"\n```python\n{page.solution.source}```\n" in solution
    assert page.say_aloud in solution
    for name, title in zip(follow_ups, questions, strict=True):
        source = cell(notebook, name).source
        assert source.startswith(f"### {title}\n\n<details>\n")
        for fence in page.code(title, 3):
            assert f"```{fence.language}\n{fence.source}```" in source


@pytest.mark.parametrize("stem", STEMS)
def test_nothing_of_the_site_is_left_in_a_notebook(site, stem):
    for each in read(site, stem).cells:
        prose = CODE.sub("", each.source)
        assert not re.search(r"\{ #|\?\?\? |\]\(#|\]\[|!\[|<div", prose)
        for target in re.findall(r"\]\(([^)]*)\)", prose):
            assert target.startswith("https://")
            if target.startswith(WEB):  # a page, or a file beside it
                path = target.removeprefix(WEB).split("#")[0]
                page = f"{path.removesuffix('/')}.md"
                known = page if path.endswith("/") else path
                assert (ROOT / "docs" / known).is_file(), target
        folds = each.source.count("<details>\n<summary>")
        assert folds == each.source.count("\n\n</details>")
        assert folds == (each.id == "solution" or each.id[-1].isdigit())


def test_the_same_pages_make_the_same_bytes(site, tmp_path):
    write(folder(tmp_path), WEB)
    for stem in STEMS:
        path = f"challenges/{stem}/{stem}.ipynb"
        made = (tmp_path / path).read_bytes()
        assert made == (site / path).read_bytes()
        assert b"\r" not in made
        assert json.loads(made)["nbformat"] == 4


def test_a_folded_text_is_markdown_below_a_title_in_html():
    assert folded("Is `a` < b?", "**No.**") == (
        "<details>\n<summary>Is <code>a</code> &lt; b?</summary>\n\n"
        "**No.**\n\n</details>"
    )


def test_only_a_packed_page_links_its_notebook(site_markdown, monkeypatch):
    line = '<div class="practice" data-challenge="softmax"></div>'
    for packed, links in {"1": 1, "": 0}.items():
        monkeypatch.setenv("PACKED", packed)
        page = site_markdown.reset().convert(line)
        assert page.count('href="softmax.ipynb"') == links
