"""What the guide says about judge and site is what is stored."""

import pytest

from benchmarks import judging, mutants, site
from tests.pages import ROOT, STEMS, challenge
from tests.test_pages import variants


def test_guide_shows_what_is_stored_about_the_judge():
    guide = (ROOT / "docs/guides/verified.md").read_text(encoding="utf-8")
    for text in (judging.table(), mutants.table(), mutants.survivors()):
        assert text in guide, f"docs/guides/verified.md must hold:\n{text}"
    count = sum(len(variants(challenge(s), "Pitfalls")) for s in STEMS)
    assert f"each of the {count} pitfalls" in guide


def test_guide_shows_what_is_stored_about_the_site():
    guide = (ROOT / "docs/guides/verified.md").read_text(encoding="utf-8")
    stored = site.stored()
    quoted = [stored["build"], *stored["pad"].values()]
    for text in (site.table(), *(f"{seconds:.1f} s" for seconds in quoted)):
        assert text in guide, f"docs/guides/verified.md must hold:\n{text}"


def test_the_site_was_measured_to_be_light_and_fast():
    stored = site.stored()
    assert set(stored["pages"]) == set(site.KINDS)
    assert stored["build"] < 10
    assert stored["pad"]["first"] < 15
    assert stored["pad"]["later"] < 2
    for kind, page in stored["pages"].items():
        assert page["kilobytes"] <= 200, kind
        assert page["performance"] >= 95, kind
        for category in site.CATEGORIES[1:]:
            assert page[category] == 100, kind


@pytest.mark.parametrize("stem", STEMS)
def test_the_judge_rejects_nearly_all_mutants(stem):
    found = mutants.stored()[stem]
    for survivor in found["survivors"]:
        assert bool(survivor["equivalent"]) != bool(survivor["reason"])
    same = sum(bool(s["equivalent"]) for s in found["survivors"])
    assert found["rejected"] + len(found["survivors"]) == found["mutants"]
    assert found["rejected"] >= 0.94 * (found["mutants"] - same)


def test_the_mutants_are_those_of_todays_solutions():
    """Who changes a solution has to judge its mutants again."""
    for stem in STEMS:
        lines = set(mutants.solution(stem).splitlines())
        source = mutants.text_of(sorted(lines))
        for survivor in mutants.stored()[stem]["survivors"]:
            for line in survivor["before"].splitlines():
                assert line.strip() in source, (stem, line)
