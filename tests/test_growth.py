"""What the pages say about time and memory is what was measured."""

import json
import re

import numpy as np
import pytest

from benchmarks import growth
from benchmarks.growth import curve, exponent, on_page, stored, sweeps
from handbook.challenges import functions_of
from tests.pages import ROOT, STEMS, challenge

each_challenge = pytest.mark.parametrize("stem", STEMS)
each_sweep = pytest.mark.parametrize(
    ("stem", "sweep"),
    [
        pytest.param(stem, sweep, id=f"{stem}_{sweep.key}")
        for stem in STEMS
        for sweep in sweeps(stem)
    ],
)


def guide():
    path = ROOT / "docs/guides/measured.md"
    return path.read_text(encoding="utf-8")


@each_sweep
def test_what_is_stored_is_what_would_be_measured(stem, sweep):
    found = stored(stem)["sweeps"][sweep.key]
    assert found["axis"] == sweep.axis
    assert found["setting"] == sweep.setting
    assert found["fit"] == [*(sweep.fit or found["sizes"][-4::3])]
    assert found["sizes"] == sorted(sweep.sizes)
    ends = min(sweep.sizes), max(sweep.sizes)
    labels = {label for size in ends for label in sweep.functions(size)}
    assert labels <= set(found["seconds"])
    compiled = set(found["seconds"]) - labels
    assert all(growth.outside(label) for label in compiled)


@each_challenge
def test_every_version_is_measured_over_three_decades(stem):
    first = sweeps(stem)[0]
    assert len(first.sizes) >= 8
    assert first.sizes[-1] >= 1000 * first.sizes[0]
    labels = {
        label
        for found in stored(stem)["sweeps"].values()
        for label in found["seconds"]
    }
    page = challenge(stem)
    wanted = {*functions_of(stem), *page.variants("Alternatives")}
    assert wanted <= labels


@each_sweep
def test_time_grows_as_claimed(stem, sweep):
    found = stored(stem)["sweeps"][sweep.key]
    for label, power in sweep.exponents.items():
        assert abs(exponent(found, label) - power) <= growth.CLOSE, label


@each_sweep
def test_memory_grows_as_claimed(stem, sweep):
    found = stored(stem)["sweeps"][sweep.key]
    for label, power in sweep.memory.items():
        grown = exponent(found, label, "bytes")
        assert abs(grown - power) <= growth.CLOSE, label


@each_challenge
def test_the_stored_peaks_are_those_of_today(stem):
    """At three sizes; buffers and small objects get 64 kB."""
    (sweep,) = (s for s in sweeps(stem) if s.memory)
    found = stored(stem)["sweeps"][sweep.key]
    for size in sweep.sizes[3:8:2]:
        functions = sweep.functions(size)
        for label in functions.keys() & on_page(stem).keys():
            sizes, peaks = curve(found, label, "bytes")
            if size in sizes:
                now = growth.peak_bytes(functions[label])
                then = peaks[list(sizes).index(size)]
                assert abs(now - then) <= 0.02 * then + 65_536, (
                    f"{label} at {size}: {now} bytes, stored are {then};"
                    f" run python -m benchmarks.growth {stem}"
                )


@each_challenge
def test_the_page_shows_what_is_stored(stem):
    text = growth.section(stem)
    assert text in challenge(stem).prose("Complexity"), (
        f"the Complexity section of {stem}.md must hold:\n{text}"
    )


@each_challenge
def test_numbers_that_the_page_quotes_are_stored(stem):
    """Every number below the figures stands in a table or beside them."""
    prose = challenge(stem).prose("Complexity")
    section = growth.section(stem)
    text = prose[prose.index(section) + len(section) :]
    shown = set(numbers(section)) | set(numbers(growth.ratios()))
    extra = set(numbers(text)) - shown
    assert not extra, f"{stem}.md quotes {extra}, which no table shows"


def numbers(text):
    text = re.sub(r"`[^`]*`|\]\([^)]*\)|float\d+", "", text)
    return re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)


def test_the_guide_shows_what_is_stored():
    for text in (
        growth.gallery(),
        growth.ratios(),
        growth.sentence(),
        growth.setting(),
        growth.choice(),
    ):
        assert text in guide(), (
            f"docs/guides/measured.md must hold:\n{text}"
        )


def test_the_solutions_are_ahead_of_the_ecosystem():
    assert growth.overall() >= 1.3


@each_challenge
def test_where_a_library_is_ahead_the_page_says_by_how_much(stem):
    prose = challenge(stem).prose("Complexity")
    text = growth.behind(stem)
    assert text in prose, f"{stem}.md must hold:\n{text}"
    assert ("Where a library is ahead" in prose) == bool(text)


def test_crossings_lie_between_the_sizes_where_the_lead_changes():
    found = {
        "sizes": [10, 100, 1000],
        "seconds": {"a": [4.0, 2.0, 1.0], "b": [1.0, 1.0, 2.0]},
    }
    # the logarithm of the lead goes from -log 2 to log 2: half way
    assert np.isclose(growth.crossing(found, "a", "b"), 10**2.5)
    assert growth.crossing(found, "b", "a") is None


def test_an_exponent_is_fitted_where_it_is_said_to_hold():
    found = {
        "sizes": [1, 2, 5, 10, 20, 50, 100],
        "fit": [10, 100],
        "seconds": {
            "a": [7, 7, 7, 1e2, 4e2, 25e2, 1e4],
            "ends before": [7, 2, 5, 10, 20, None, None],
            "too short": [7, 2, 5, None, None, None, None],
        },
    }
    assert np.isclose(exponent(found, "a"), 2)
    assert np.isclose(exponent(found, "ends before"), 1)
    assert np.isnan(exponent(found, "too short"))


def test_a_run_that_was_ended_goes_on(tmp_path, monkeypatch):
    tried = []

    def functions(size):
        tried.append(size)
        if len(tried) == 4:  # the second round at the larger size
            raise KeyboardInterrupt
        return {"softmax": lambda: None}

    sweep = growth.Sweep(
        key="rows",
        axis="rows",
        setting="none",
        sizes=(1, 2),
        functions=functions,
        others=lambda size: {},
        elements=lambda size: size,
        exponents={},
        memory={"softmax": 0.0},
    )
    monkeypatch.setattr(growth, "RESULTS", tmp_path)
    monkeypatch.setattr(growth, "UNFINISHED", tmp_path / "unfinished.json")
    monkeypatch.setattr(growth, "sweeps", lambda stem: [sweep])
    monkeypatch.setattr(growth, "machine", lambda: {"processor": "none"})
    with pytest.raises(KeyboardInterrupt):
        growth.measure(["softmax"])
    assert tried == [1, 2, 1, 2]
    growth.measure(["softmax"])
    assert tried[4:] == [1, 2] * (growth.ROUNDS - 1)  # the second is redone
    assert [path.name for path in tmp_path.iterdir()] == ["softmax.json"]
    found = json.loads((tmp_path / "softmax.json").read_bytes())
    assert found["machine"]["processor"] == "none"
    (points,) = found["sweeps"]["rows"]["seconds"].values()
    assert [len(times) for times in points] == [growth.ROUNDS] * 2
    assert all(0 < time < 1 for times in points for time in times)
