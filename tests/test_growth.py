"""What is said about time and memory is what was measured."""

import json

import numpy as np
import pytest

from benchmarks import growth, measured
from benchmarks.measured import (
    CLOSE,
    LIBRARIES,
    crossing,
    curve,
    exponent,
    stored,
)
from benchmarks.sweeps import Sweep, on_page, sweeps
from handbook.challenges import functions_of
from handbook.page import STEMS

each_challenge = pytest.mark.parametrize("stem", STEMS)
each_sweep = pytest.mark.parametrize(
    ("stem", "sweep"),
    [
        pytest.param(stem, sweep, id=f"{stem}_{sweep.key}")
        for stem in STEMS
        for sweep in sweeps(stem)
    ],
)


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
    outside = LIBRARIES["bottleneck"] + LIBRARIES["PyTorch"]
    assert all(label.startswith(outside) for label in compiled)


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
    names = functions_of(stem)
    wanted = {*names, *(f"handbook.{name}" for name in names)}
    assert wanted <= labels


@each_sweep
def test_time_grows_as_claimed(stem, sweep):
    found = stored(stem)["sweeps"][sweep.key]
    for label, power in sweep.exponents.items():
        assert abs(exponent(found, label) - power) <= CLOSE, label


@each_sweep
def test_memory_grows_as_claimed(stem, sweep):
    found = stored(stem)["sweeps"][sweep.key]
    for label, power in sweep.memory.items():
        grown = exponent(found, label, "bytes")
        assert abs(grown - power) <= CLOSE, label


@each_challenge
def test_the_stored_peaks_are_those_of_today(stem):
    """At three sizes; buffers and small objects get 64 kB."""
    known = {*on_page(stem)}
    if stored(stem)["machine"]["numpy"] != np.__version__:
        # another NumPy may need other temporaries: ours do not change
        names = functions_of(stem)
        known = {*names, *(f"handbook.{name}" for name in names)}
    (sweep,) = (s for s in sweeps(stem) if s.memory)
    found = stored(stem)["sweeps"][sweep.key]
    for size in sweep.sizes[3:8:2]:
        functions = sweep.functions(size)
        for label in functions.keys() & known:
            sizes, peaks = curve(found, label, "bytes")
            if size in sizes:
                now = growth.peak_bytes(functions[label])
                then = peaks[list(sizes).index(size)]
                assert abs(now - then) <= 0.02 * then + 65_536, (
                    f"{label} at {size}: {now} bytes, stored are {then};"
                    f" run python -m benchmarks.growth {stem}"
                )


@each_challenge
def test_a_result_names_its_machine_and_versions(stem):
    machine = stored(stem)["machine"]
    wanted = {"processor", "threads", "python", "simd", "blas", "date"}
    assert machine.keys() == wanted | {*measured.PACKAGES}
    assert all(machine.values())


@each_sweep
def test_a_figure_draws_at_most_six_functions(stem, sweep):
    found = stored(stem)["sweeps"][sweep.key]["seconds"]
    assert 3 <= len(sweep.shown or found) <= 6
    assert {*sweep.shown} <= {*found}
    assert any(label.startswith("handbook.") for label in sweep.shown)


@each_sweep
def test_every_peer_is_of_a_library(stem, sweep):
    starts = [start for own in LIBRARIES.values() for start in own]
    for ours, peers in sweep.peers.items():
        assert ours.startswith("handbook.")
        for peer in peers:
            assert peer.startswith(tuple(starts)), peer


def test_the_headline_leaves_no_library_out():
    text = measured.headline()
    for name in LIBRARIES:
        assert f"| {name} | " in text
    fastest, _ = measured.overall()
    each = [measured.overall(name)[0] for name in LIBRARIES]
    assert f"| {fastest:.2f} |" in text
    assert fastest <= max(each)


def test_crossings_lie_between_the_sizes_where_the_lead_changes():
    found = {
        "sizes": [10, 100, 1000],
        "seconds": {"a": [4.0, 2.0, 1.0], "b": [1.0, 1.0, 2.0]},
    }
    # the logarithm of the lead goes from -log 2 to log 2: half way
    assert np.isclose(crossing(found, "a", "b"), 10**2.5)
    assert crossing(found, "b", "a") is None


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

    sweep = Sweep(
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
    (times,) = found["sweeps"]["rows"]["seconds"].values()
    assert len(times) == 2
    assert all(0 < time < 1 for time in times)
