"""The closed world is closed: what Sybil would pass over is refused."""

import re
import shutil
import subprocess
import sys

import pytest

from tests.pages import ROOT

GOOD = """\
# Good

```python
x = 1
```

??? tip "A hint"

    1. First

        ```python
        >>> x + 1
        2
        ```

```text
x (n,) -> y (n,)
```

```console
$ make test
```

The prompt `>>>` and the tag `<pre>` may be named.
"""

# name: the page, the line that is refused, a part of the reason
REFUSED = {
    "language_py": ("```py\n1 / 0\n```\n", 1, "only ```"),
    "language_python3": ("```python3\n1 / 0\n```\n", 1, "only ```"),
    "language_pycon": ("```pycon\n>>> 1 / 0\n```\n", 1, "only ```"),
    "language_doctest": ("```doctest\n>>> 1 / 0\n```\n", 1, "only ```"),
    "language_upper": ("```Python\n1 / 0\n```\n", 1, "only ```"),
    "no_language": ("text\n\n```\n1 / 0\n```\n", 3, "only ```"),
    "title": ('```python title="x"\n1 / 0\n```\n', 1, "only ```"),
    "hl_lines": ("```python hl_lines=1\n1 / 0\n```\n", 1, "only ```"),
    "braces": ("```{.python}\n1 / 0\n```\n", 1, "only ```"),
    "space_before": ("``` python\n1 / 0\n```\n", 1, "only ```"),
    "space_after": ("```python \n1 / 0\n```\n", 1, "only ```"),
    "tildes": ("~~~python\n1 / 0\n~~~\n", 1, "only ```"),
    "four_ticks": ("````python\n1 / 0\n````\n", 1, "only ```"),
    "indented_code": ("text\n\n    1 / 0\n", 3, "indented code"),
    "indented_in_list": ("- item\n\n        1 / 0\n", 3, "indented code"),
    "bare_prompt": ("text\n>>> 1 / 0\n", 2, "a prompt outside"),
    "prompt_in_prose": ("Try >>> 1 / 0 now\n", 1, "a prompt outside"),
    "pre": ("<pre>1 / 0</pre>\n", 1, "code in an HTML tag"),
    "code_tag": ("A <code>1 / 0</code>\n", 1, "code in an HTML tag"),
    "unclosed": ("```python\nx = 1\n", 1, "never closed"),
    "after_unclosed": (
        "```text\n\n```python\n1 / 0\n```\n",
        3,
        "a fence inside the fence",
    ),
    "byte_order_mark": (
        "\ufeff```python\n1 / 0\n```\n",
        1,
        "byte order mark",
    ),
    "blank_in_session": (
        "```python\n>>> x = 1\n\n1 / 0\n```\n",
        4,
        "without a prompt",
    ),
    "skip": (
        "<!-- skip: next -->\n\n```python\n1 / 0\n```\n",
        1,
        "an HTML comment",
    ),
    "invisible": (
        "<!--- invisible-code: python\n1 / 0\n--->\n",
        1,
        "an HTML comment",
    ),
    "doctest_skip": (
        "```python\n>>> 1 / 0  # doctest: +SKIP\n```\n",
        2,
        "doctest directive",
    ),
    "doctest_ellipsis": (
        "```python\n>>> 2  # doctest: +ELLIPSIS\n...\n```\n",
        2,
        "doctest directive",
    ),
    "python_as_text": ("```text\nimport os\n```\n", 2, "Python in a text"),
    "session_as_text": ("```text\n>>> 1 / 0\n```\n", 2, "Python in a text"),
    "python_as_console": (
        "```console\ndef f(x):\n```\n",
        2,
        "Python in a console",
    ),
    "tab": ("text\n\n\t1 / 0\n", 3, "a tab"),
    "fence_in_list_mark": ("- ```python\n  1 / 0\n  ```\n", 1, "a list"),
    "fence_in_quote": (
        "> ```python\n> 1 / 0\n> ```\n",
        1,
        "a list or quote",
    ),
    "fence_off_column": (
        "- item\n\n  ```python\n  1\n  ```\n",
        3,
        "column",
    ),
    "dedented_line": (
        '??? tip "x"\n\n    ```python\n    x = 1\n1 / 0\n    ```\n',
        5,
        "less indented",
    ),
}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A project with the handbook's own conftest.py and these pages."""
    folder = tmp_path_factory.mktemp("world")
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    docs = folder / "docs"
    docs.mkdir()
    (docs / "good.md").write_text(GOOD, encoding="utf-8")
    (docs / "good.markdown").write_text(GOOD, encoding="utf-8")
    (docs / "wrong_output.md").write_text(
        "# A\n\n```python\n>>> 1 + 1\n3\n```\n",
        encoding="utf-8",
    )
    (docs / "wrong_code.md").write_text(
        "```python\nx = 1\nassert x > 1\n```\n",
        encoding="utf-8",
    )
    (docs / "warning.md").write_text(
        "```python\nimport warnings\n\nwarnings.warn('careful')\n```\n",
        encoding="utf-8",
    )
    for name, (text, _, _) in REFUSED.items():
        (docs / f"{name}.md").write_text(text, encoding="utf-8")
    return docs


def pytest_on(*paths):
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *paths],
        cwd=paths[0].parent
        if paths[0].is_dir()
        else paths[0].parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def report(world):
    result = pytest_on(world, "--continue-on-collection-errors")
    assert result.returncode == 1, result.stdout + result.stderr
    return result.stdout


@pytest.mark.parametrize("name", REFUSED)
def test_refused(report, world, name):
    _, line, reason = REFUSED[name]
    path = world / f"{name}.md"
    assert re.search(
        rf"{re.escape(str(path))}:{line}: .*{re.escape(reason)}", report
    ), report
    assert f"ERROR docs/{name}.md" in report


def test_nothing_else_is_refused(report, world):
    refused = set(re.findall(r"ERROR docs/(\w+)\.md", report))
    assert refused == set(REFUSED)
    result = pytest_on(world / "good.md", world / "good.markdown")
    assert result.returncode == 0, result.stdout
    assert "4 passed" in result.stdout


def test_wrong_output_fails_with_file_and_line(report):
    assert "Expected:\n    3\nGot:\n    2" in report
    assert re.search(r"docs[/\\]wrong_output\.md, line 4", report)
    assert "FAILED docs/wrong_output.md::line:4" in report


def test_wrong_code_fails_with_file_and_line(report):
    assert re.search(r"docs[/\\]wrong_code\.md:3: AssertionError", report)


def test_a_warning_fails(report):
    assert "UserWarning: careful" in report
    assert "FAILED docs/warning.md::line:1" in report
