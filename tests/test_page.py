"""The model of a page, in the checkout and in an installed package."""

import subprocess
import sys

from handbook.page import CHALLENGES, STEMS, challenge, portable
from tests.pages import ROOT


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


def test_what_only_the_site_can_show_is_left_out():
    text = (
        "- [**Any.**](#any){ #any } See [there](../guides/scale.md#s).\n"
        "\n![A drawing.](../assets/figures/a.svg)\n\n"
        "`a[0][i](x)` and [it](https://a.org)"
    )
    assert portable(text) == (
        "- **Any.** See there.\n\n\n`a[0][i](x)` and [it](https://a.org)"
    )


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
