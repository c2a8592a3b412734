"""What is said about time and memory is what was measured."""

import json
from itertools import chain

import numpy as np
import pytest

from benchmarks import growth, measured
from benchmarks.measured import (
    CLOSE,
    LIBRARIES,
    comparisons,
    crossing,
    curve,
    exponent,
    outdated,
    stored,
)
from benchmarks.sweeps import Sweep, on_page, peers, reasons, sweeps
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
    ends = [sweep.at(f(sweep.sizes)) for f in (min, max)]
    today = {
        "axis": sweep.axis,
        "setting": sweep.setting,
        "sizes": sorted(sweep.sizes),
        "fit": [*(sweep.fit or found["sizes"][-4::3])],
    }
    for key, value in today.items():
        why = f"{sweep.key} has the {key} {found[key]}, today {value}"
        assert found[key] == value, outdated(stem, why)
    last = len(found["sizes"]) - 1
    assert found["elements"][::last] == [elements for elements, _ in ends]
    labels = set(chain(*(calls for _, calls in ends)))
    differ = ", ".join(sorted(labels ^ set(found["seconds"])))
    assert not differ, outdated(stem, f"{sweep.key} differs in {differ}")


def test_what_is_not_stored_is_named_with_the_command(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(measured, "RESULTS", tmp_path)
    read, run = stored.__wrapped__, "run make bench STEM=softmax"
    with pytest.raises(FileNotFoundError, match=f"no such file; {run}"):
        read("softmax")
    text = '{"sweeps": {"rows": {"sizes": [1], "seconds": {}}}}'
    (tmp_path / "softmax.json").write_text(text, encoding="utf-8")
    said = f"results/softmax.json: there is no 'softmax'; {run}"
    with pytest.raises(LookupError, match=said):
        curve(read("softmax")["sweeps"]["rows"], "softmax")


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
    assert wanted <= labels, f"benchmarks/cases/{stem}.py lacks a version"


def claims(exponents):
    """Return pairs of an exponent and a function that it is claimed of."""
    return [
        (p, label) for p, labels in exponents.items() for label in labels
    ]


@each_sweep
def test_time_grows_as_claimed(stem, sweep):
    found = stored(stem)["sweeps"][sweep.key]
    for power, label in claims(sweep.exponents):
        assert abs(exponent(found, label) - power) <= CLOSE, label


@each_challenge
def test_memory_grows_as_claimed(stem):
    sweep = sweeps(stem)[0]
    found = stored(stem)["sweeps"][sweep.key]
    for power, label in claims(sweep.memory or sweep.exponents):
        grown = exponent(found, label, "bytes")
        assert abs(grown - power) <= CLOSE, label


@each_challenge
def test_the_stored_peaks_are_those_of_today(stem):
    """At three sizes; buffers and small objects get 64 kB."""
    known, share = {*on_page(stem)}, 0.02
    if stored(stem)["machine"]["numpy"] != np.__version__:
        # others may need other temporaries: 2.5 needs 6 % more for lstsq
        share = 0.1
        names = functions_of(stem)
        known = {*names, *(f"handbook.{name}" for name in names)}
    X = np.ones(100_000)
    if growth.peak_bytes(lambda: 2 * X + 1) > 1.5 * X.nbytes:
        share = 1.0  # Windows: NumPy writes no sum into a temporary
    sweep = sweeps(stem)[0]
    found = stored(stem)["sweeps"][sweep.key]
    for size in sweep.sizes[3:8:2]:
        _, functions = sweep.at(size)
        for label in functions.keys() & known:
            sizes, peaks = curve(found, label, "bytes")
            if size in sizes:
                now = growth.peak_bytes(functions[label])
                then = peaks[list(sizes).index(size)]
                why = f"{label} at {size}: {then} bytes, today {now}"
                assert abs(now - then) <= share * then + 65_536, outdated(
                    stem, why
                )


@each_challenge
def test_a_result_names_its_machine_and_versions(stem):
    machine = stored(stem)["machine"]
    wanted = {"processor", "threads", "python", "simd", "blas", "date"}
    assert machine.keys() == wanted | {*measured.PACKAGES}
    assert all(machine.values())


@each_sweep
def test_a_figure_draws_three_to_six_functions(stem, sweep):
    found = stored(stem)["sweeps"][sweep.key]["seconds"]
    shown = {*(sweep.shown or found)}
    assert 3 <= len(shown) <= 6
    missing = ", ".join(shown - {*found})
    assert not missing, outdated(stem, f"{sweep.key} lacks {missing}")
    assert any(label.startswith("handbook.") for label in shown)


@each_challenge
def test_every_peer_is_of_a_library_and_measured(stem):
    starts = [start for own in LIBRARIES.values() for start in own]
    compared = {(ours, peer) for _, ours, peer, _ in comparisons(stem)}
    for ours, others in peers(stem).items():
        assert ours.startswith("handbook.")
        for peer in others:
            assert peer.startswith(tuple(starts)), peer
            assert (ours, peer) in compared


@each_challenge
def test_each_function_stands_beside_what_it_does_at_the_least(stem):
    names = {f"handbook.{name}" for name in functions_of(stem)}
    found = measured.times_the_limit(stem).keys()
    assert found == names, "LIMITS of the case names what was measured"


@each_challenge
def test_more_memory_than_the_fastest_library_has_a_reason(stem):
    for ours, (_, ratio) in measured.peaks(stem).items():
        said = ours in reasons(stem)
        why = f"{ours} has {ratio:.2f} of its library's peak: MORE_MEMORY"
        assert (ratio > 1.05) == said, (
            f"{why} of the case says so if > 1.05"
        )


@pytest.mark.parametrize(
    ("ratio", "said"),
    [
        (0.049, "takes 20 times as long as"),
        (0.5, "takes twice as long as"),
        (0.94, "takes 1.1 times as long as"),
        (0.96, "is about as fast as"),
        (1.04, "is about as fast as"),
        (1.26, "is 1.3 times as fast as"),
        (149, "is 150 times as fast as"),
    ],
)
def test_a_ratio_is_said_as_people_say_it(ratio, said):
    assert " ".join(measured.pace(ratio)) == said


def test_what_is_as_fast_is_said_once_and_what_is_faster_last():
    ratios = {"a": 2.5, "b": 0.5, "c": 1.01, "d": 0.99}
    assert measured.beside(ratios) == (
        "is 2.5 times as fast as a, and about as fast as c and d,"
        " but takes twice as long as b"
    )


@each_challenge
def test_the_sentence_on_speed_hides_nothing(stem):
    """It names each function and library, and the worst in the file."""
    text = measured.speed(stem)
    shares = []
    for name in functions_of(stem):
        ours = f"handbook.{name}"
        assert f"`{ours}` (float" in text
        others = peers(stem).get(ours, ())
        for library, starts in LIBRARIES.items():
            if any(peer.startswith(starts) for peer in others):
                assert f" {library}" in text
        for found in stored(stem)["sweeps"].values():
            seconds, places = found["seconds"], enumerate(found["elements"])
            for i in [i for i, count in places if count >= 10_000]:
                times = {
                    other: seconds[other][i]
                    for other in (ours, name, *others)
                    if other in seconds and seconds[other][i]
                }
                shares += [
                    (time / times[ours], other, found["sizes"][i])
                    for other, time in times.items()
                    if ours in times and other != ours
                ]
    share, other, size = min(shares)
    _, last = text.split("; at worst, ")
    assert f" {' '.join(measured.pace(share))} " in last
    assert f": {size:,}; " in last
    known = other in functions_of(stem)
    assert ("the whiteboard version" if known else f"`{other}`") in last


def test_the_headline_leaves_no_library_out():
    text = measured.headline()
    for name in LIBRARIES:
        assert f"| {name} | " in text
    fastest, _, _ = measured.overall()
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
        at=lambda size: (size, functions(size)),
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
