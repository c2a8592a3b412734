"""What the guide says about judge and site is what is stored."""

import pytest

from benchmarks import mutants, pad, site
from handbook.page import STEMS
from tests.pages import ROOT


def test_the_guide_quotes_what_is_stored_about_the_site():
    guide = (ROOT / "docs/guides/verified.md").read_text(encoding="utf-8")
    stored = site.stored()
    assert f"{stored['build']:.1f} s" in guide


def test_the_site_was_measured_to_be_light_and_fast():
    stored = site.stored()
    assert set(stored["pages"]) == set(site.KINDS)
    assert stored["build"] < 10
    for kind, page in stored["pages"].items():
        assert page["kilobytes"] <= 200, kind
        assert page["performance"] >= 90, kind
        for category in site.CATEGORIES[1:]:
            assert page[category] == 100, kind


def test_the_pad_was_measured_to_be_quick_and_to_leak_nothing():
    stored = pad.stored()
    assert stored["ready"] < 1
    assert max(stored["warm"], stored["later"]) < 5
    assert stored["cold"] < 10
    assert stored["wire warm"] == 0
    assert stored["memory after ten"] < 1.3 * stored["memory after one"]


@pytest.mark.parametrize(
    ("code", "share"), [("whiteboard", 0.97), ("production", 0.99)]
)
def test_the_judge_rejects_nearly_all_mutants(code, share):
    count, same, survived = mutants.counts(code)
    assert survived <= (1 - share) * (count - same)


@pytest.mark.parametrize("stem", STEMS)
def test_the_mutants_are_those_of_todays_code(stem):
    for code in mutants.CODES:
        today = mutants.digest(mutants.source_of(stem, code))
        assert mutants.results(stem, code)["digest"] == today, (
            f"the {code} code has changed: run {mutants.COMMAND} {stem}"
        )
