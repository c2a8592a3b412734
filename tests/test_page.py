"""The model of a page, in the checkout and in an installed package."""

import subprocess
import sys

import pytest

from handbook.page import CHALLENGES, STEMS, challenge, portable
from tests.pages import ROOT

SITE = "https://example.org/handbook/"


def test_a_checkout_reads_its_own_pages():
    assert CHALLENGES == ROOT / "docs/challenges"
    assert challenge("softmax").front["title"] == "Softmax"


def test_the_parts_of_a_page():
    page = challenge("softmax")
    assert page.statement.startswith("Implement `softmax(X)`.")
    assert page.statement.endswith("and each result is new.")
    title, text = page.hints[2]
    assert title == "Hint 3: one m for each row"
    assert text.startswith("`X.max(axis=1)` has shape (n,).")
    question, answer = page.follow_ups[2]
    assert question == "What does a temperature do?"
    assert answer.startswith("You divide")
    assert answer.endswith("\n```")
    assert page.say_aloud.startswith("In float64, exp overflows above")
    assert page.say_aloud.endswith("broadcast along the rows.")
    assert page.rubric["passable"].startswith("shifts after seeing the NaN")
    assert "exp(−|z|)" in challenge("sigmoid").rubric["strong"]


@pytest.mark.parametrize(
    ("text", "web", "expected"),
    [
        ("[**Mask.**](#mask){ #mask } So", SITE, "**Mask.** So"),
        ("[a\nb](#here)", SITE, f"[a\nb]({SITE}challenges/knn/#here)"),
        (
            "[a](../guides/scale.md#b)",
            SITE,
            f"[a]({SITE}guides/scale/#b)",
        ),
        (
            "![a](../assets/figures/a.svg)",
            SITE,
            f"[a]({SITE}assets/figures/a.svg)",
        ),
        ("[a](top_k.md), [b](#c)", "", "a, b"),
        ("![a](../assets/figures/a.svg)", "", "a"),
        ("[`a`](https://a.org/b.md)", "", "[`a`](https://a.org/b.md)"),
        ("`a[0](b)`", SITE, "`a[0](b)`"),
        ("```python\na[0](b)\n```", SITE, "```python\na[0](b)\n```"),
        ("[a](https://a.org/b.md#c)", SITE, "[a](https://a.org/b.md#c)"),
    ],
)
def test_links_lead_to_the_site_or_become_text(text, web, expected):
    assert portable(text, web and f"{web}challenges/knn.md") == expected


def test_an_installed_package_carries_the_pages(tmp_path):
    subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-deps",
            ),
            *("--disable-pip-version-check", "--target", tmp_path, ROOT),
        ],
        check=True,
    )
    code = (
        "from handbook.challenges import starter\n"
        "from handbook.page import CHALLENGES, STEMS, challenge, portable\n"
        "print(CHALLENGES, *STEMS)\n"
        "assert challenge('softmax').promises('Problem')\n"
        "assert 'Softmax (easy)' in starter('softmax')\n"
    )
    run = subprocess.run(
        [
            sys.executable,
            "-I",
            "-c",
            f"import sys\nsys.path.insert(0, {str(tmp_path)!r})\n{code}",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    folder, *stems = run.stdout.split()
    assert folder == str(tmp_path / "handbook/pages")
    assert stems == STEMS
