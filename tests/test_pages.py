"""The contract of the pages: what each must hold, and what must agree."""

import ast
import json
import re
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser

import markdown
import pytest
from fontTools.ttLib import TTFont
from mkdocs.config import load_config

import handbook
from extensions.generated import WRITTEN
from extensions.mathml import to_mathml
from handbook.challenges import functions_of
from handbook.page import STEMS, Fence, Page, challenge
from tests.pages import PAGES, ROOT, SHEETS

LIBRARIES = {"scale": ("dask.array", "dask.distributed")}  # of a guide
PROMPTED = re.compile(r"^>>> (def|class) ", re.MULTILINE)
DEFINED = re.compile(r"^(def|class) ", re.MULTILINE)
each_challenge = pytest.mark.parametrize("stem", STEMS)
each_page = pytest.mark.parametrize(
    "page",
    PAGES,
    ids=[str(p.path.relative_to(ROOT / "docs")) for p in PAGES],
)


def run(*arguments: str, **kwargs) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        **kwargs,
    )


def test_every_room_has_every_stem():
    for room in ("whiteboard", "solutions", "checks"):
        found = (ROOT / "handbook" / room).glob("[!_]*.py")
        assert sorted(p.stem for p in found) == STEMS, room
    tests = (ROOT / "tests").glob("test_*.py")
    assert {f"test_{stem}" for stem in STEMS} <= {p.stem for p in tests}
    attempts = (ROOT / "tests/attempts").glob("*.txt")
    assert sorted(p.stem for p in attempts) == STEMS


def test_what_is_asked_for_is_public():
    asked = [name for stem in STEMS for name in functions_of(stem)]
    assert sorted([*asked, "check"]) == sorted(handbook.__all__)
    for stem in STEMS:
        assert {*functions_of(stem)} <= {
            *challenge(stem).solution.functions
        }


@each_page
def test_every_page_has_a_title_and_a_description(page):
    assert page.titles(1) == [page.front["title"]]
    assert page.front["description"].endswith(".")


@each_challenge
def test_solution_fits_a_whiteboard(stem):
    """At most 12 lines of body a function, 15 for a loop of training."""
    for function in ast.parse(challenge(stem).solution.source).body:
        if not isinstance(function, ast.FunctionDef):
            assert isinstance(function, ast.Import | ast.ImportFrom)
            continue
        docstring, first, *_ = function.body
        assert docstring.lineno == docstring.end_lineno, function.name
        loops = any(isinstance(n, ast.For) for n in ast.walk(function))
        lines = function.end_lineno - first.lineno + 1
        assert lines <= (15 if loops else 12), function.name
        given = ast.walk(function.args)
        assert not any(getattr(n, "annotation", None) for n in given)
        raises = [n for n in ast.walk(function) if isinstance(n, ast.Raise)]
        promised = "is an error" in challenge(stem).prose("Problem")
        assert promised or not raises, function.name


@each_challenge
def test_names_say_what_they_stand_for(stem):
    page = challenge(stem)
    taken = Counter(n for f in page.fences for n in f.functions)
    for section in ("Alternatives", "Pitfalls"):
        for name in page.variants(section):
            assert taken[name] == 1, f"{name} is defined twice"


@each_page
def test_code_fits_its_column(page):
    wide = [
        f"{fence.where}: {len(line)} columns"
        for fence in page.fences
        for line in fence.source.splitlines()
        if len(line) > 76
    ]
    assert not wide


class CodeBlocks(HTMLParser):
    """Collect the language and the text of every code block of a page."""

    def __init__(self):
        super().__init__()
        self.blocks = []
        self.language = None
        self.inside = False

    def handle_starttag(self, tag, attrs):
        classes = dict(attrs).get("class", "").split()
        for name in classes:
            if name.startswith("language-"):
                self.language = name.removeprefix("language-")
        if tag == "pre":
            self.inside = True
            self.blocks.append((self.language, ""))

    def handle_endtag(self, tag):
        if tag == "pre":
            self.inside, self.language = False, None

    def handle_data(self, data):
        if self.inside:
            language, text = self.blocks[-1]
            self.blocks[-1] = (language, text + data)


def rendered(page: Page, md: markdown.Markdown) -> list[tuple[str, str]]:
    """The code blocks of a page as its reader sees them."""
    body = re.sub(r"\A---\n.*?\n---\n", "", page.text, flags=re.DOTALL)
    parser = CodeBlocks()
    parser.feed(md.reset().convert(body))
    return parser.blocks


@pytest.fixture(scope="session")
def collected():
    """The number of examples that pytest collects of each page."""
    result = run("-m", "pytest", "--collect-only", "-q", "docs")
    assert result.returncode in (0, 5), result.stdout + result.stderr
    return Counter(re.findall(r"^(\S+\.md)::", result.stdout, re.MULTILINE))


@each_page
def test_what_is_seen_is_what_is_run(page, site_markdown, collected):
    if page.path.stem in SHEETS:
        assert not page.fences  # its blocks are run where they come from
        return
    blocks = rendered(page, site_markdown)
    fences = [
        ("pycon" if f.session else f.language, f.source.strip("\n"))
        for f in page.fences
    ]
    assert [(name, text.strip("\n")) for name, text in blocks] == fences
    expected = sum(
        len(re.findall(r"^>>> ", text, re.MULTILINE)) or 1
        for language, text in blocks
        if language in ("python", "pycon")
    )
    name = page.path.relative_to(ROOT).as_posix()
    assert collected[name] == expected
    if name.startswith("docs/challenges/"):
        assert expected >= 20


def outside_code(page: Page) -> str:
    """The page with everything blanked that is code, its lines in place."""
    lines = [""] * (page.text.count("\n") + 1)
    for number, line in page.lines:
        lines[number - 1] = re.sub(r"`[^`]*`", "", line)
    return "\n".join(lines)


@each_page
def test_formulas_are_tex(page):
    text = outside_code(page)
    for match in re.finditer(r"\$\$([^$]+)\$\$|\$([^$]+)\$", text):
        line = text.count("\n", 0, match.start()) + 1
        try:
            to_mathml(match[1] or match[2], display=bool(match[1]))
        except ValueError as error:
            pytest.fail(f"{page.path}:{line}: {error}")


def test_the_font_of_formulas_has_the_sign_of_a_root():
    """It is in no text: the browser draws it for the element."""
    font = TTFont(ROOT / "docs/assets/math.woff2")
    assert ord("√") in font.getBestCmap()


@each_page
def test_links_lead_to_files(page):
    text = outside_code(page)
    for match in re.finditer(r"\]\((?!https?:|#)([^)#]+)", text):
        line = text.count("\n", 0, match.start()) + 1
        target = page.path.parent / match[1]
        assert target.exists(), f"{page.path}:{line}: no file {match[1]}"


ALONE = """
import json, sys, sysconfig
for name in sys.argv[1:]:  # what a page may use besides NumPy
    __import__(name)
before = set(sys.modules)  # they, and what the interpreter starts with
library = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
for where, source in json.load(sys.stdin):
    exec(compile(source, where, "exec"), {"__name__": "__main__"})
foreign = sorted(
    name
    for name, module in sys.modules.items()
    if (getattr(module, "__file__", None) or "").startswith(tuple(library))
    and name not in before
    and name.split(".")[0] != "numpy"
)
assert not foreign, foreign
"""


def run_alone(fences: list[Fence], *libraries: str) -> None:
    """Run each block in an empty namespace, with nothing but NumPy.

    And these libraries, where a page is about them.
    """
    blocks = json.dumps([(f.where, f.source) for f in fences])
    result = run("-I", "-c", ALONE, *libraries, input=blocks)
    assert result.returncode == 0, result.stderr


@each_challenge
def test_solution_runs_in_an_empty_interpreter(stem):
    run_alone([challenge(stem).solution])


@each_page
def test_every_function_can_be_copied_alone(page, tmp_path):
    hidden = [f.where for f in page.fences if re.search(PROMPTED, f.source)]
    assert not hidden, f"defined behind prompts: {hidden}"
    copied = [f for f in page.fences if re.search(DEFINED, f.source)]
    run_alone(copied, *LIBRARIES.get(page.path.stem, ()))
    # names inside functions that only another block defines: ruff
    for fence in copied:
        (tmp_path / f"line_{fence.line}.py").write_text(
            fence.source, encoding="utf-8"
        )
    result = run(
        "-m",
        "ruff",
        "check",
        "--no-cache",  # a checkout may be read-only
        "--isolated",
        "--select=F",
        "--ignore=F401",  # a starter imports what its answer will need
        str(tmp_path),
    )
    assert result.returncode == 0, f"{page.path}:\n{result.stdout}"


@each_page
def test_code_is_clean(page, tmp_path):
    """Lint a page's code as one module, its lines where they stand."""
    lines = [""] * page.text.count("\n")
    for fence in page.fences:
        if fence.language != "python":
            continue
        for number, line in enumerate(fence.source.splitlines()):
            if not fence.session:
                lines[fence.line - 1 + number] = line
            elif line.startswith((">>>", "...")):
                lines[fence.line - 1 + number] = line[4:]
    module = tmp_path / f"{page.path.stem}.py"
    module.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    result = run(
        "-m",
        "ruff",
        "check",
        "--no-cache",
        "--config=pyproject.toml",
        # errors, not style: pitfalls do what a linter warns of, sessions
        # show values, and every block has its own imports
        "--select=E,F,W",
        "--ignore=E402,E731,F811",
        str(module),
    )
    assert result.returncode == 0, f"{page.path}:\n{result.stdout}"


def nav_paths(nav) -> list[str]:
    if isinstance(nav, str):
        return [nav]
    children = nav.values() if isinstance(nav, dict) else nav
    return [path for child in children for path in nav_paths(child)]


def navigation() -> list[str]:
    return nav_paths(load_config(str(ROOT / "mkdocs.yml")).nav)


def test_nav_is_complete():
    docs = ROOT / "docs"
    pages = {p.path.relative_to(docs).as_posix() for p in PAGES}
    assert sorted(navigation()) == sorted(pages)


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_what_is_generated_is_current(path):
    assert path.read_text(encoding="utf-8") == WRITTEN[path](), (
        f"run make generate: it writes {path.name}"
    )


def test_readme_prints_a_solution():
    fence = next(f for f in Page(ROOT / "README.md").fences if f.functions)
    assert fence.source in [challenge(s).solution.source for s in STEMS]
