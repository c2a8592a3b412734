"""Right answers are accepted, wrong ones refused for their real mistake."""

import functools
import json
import os
import re
import subprocess
import sys
import warnings

import pytest
from threadpoolctl import threadpool_info

from handbook.challenges import functions_of
from handbook.checks import checks_of, larger_input_of
from handbook.judge import try_out
from handbook.page import BREAKS, STEMS, challenge
from tests.attempts import (
    attempts_of,
    broken,
    core_names,
    products,
    rows_of,
)
from tests.pages import ROOT

each_challenge = pytest.mark.parametrize("stem", STEMS)
each_attempt = pytest.mark.parametrize(
    ("stem", "verdict", "source"),
    [
        pytest.param(
            stem,
            verdict,
            source,
            id=f"{stem}: {label}",
        )
        for stem in STEMS
        for label, verdict, source in attempts_of(stem)
    ],
)
# the BLAS kernels of other processors: all other tests run on this one's
KERNELS = {"Prescott", "Haswell", "Zen", "SkylakeX"} - {
    library.get("architecture") for library in threadpool_info()
}
# A product that ends Python where a kernel can't be imitated: for want of
# an instruction, or by a fault of OpenBLAS 0.3.34, which NumPy 2.5 has, on
# AMD's Zen 4 and 5: https://github.com/OpenMathLib/OpenBLAS/issues/6021
PROBE = "import numpy as np; np.ones((384, 384)) @ np.ones((384, 2))"


def on_kernel(kernel, *call):
    return subprocess.run(
        [sys.executable, *call],
        cwd=ROOT,
        env={**os.environ, "OPENBLAS_CORETYPE": kernel},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


rows = functools.cache(rows_of)  # tests/conftest.py: on one worker


def failed(stem, source, function=None):
    """The checks that an attempt fails, in order.

    Those of one function, where the others are not what is tried.
    """
    found = rows(stem, source)
    if function in functions_of(stem):
        found = [row for row in found if row["function"] == function]
    return broken(found)


def constraints(stem, names):
    """The constraints that checks are of, by the names of the checks."""
    by_name = {check.name: check.constraint for check in checks_of(stem)}
    return [by_name.get(name, name) for name in names]


@each_challenge
def test_the_whiteboard_keeps_the_core(stem):
    names = failed(stem, challenge(stem).solution.source)
    assert not {*names} & core_names(stem), names
    assert names, "what is left for production?"


@each_challenge
def test_production_keeps_everything(stem):
    path = ROOT / "handbook/solutions" / f"{stem}.py"
    assert failed(stem, path.read_text(encoding="utf-8")) == []


@each_attempt
def test_verdict(stem, verdict, source):
    names = failed(stem, source)
    if verdict == "accept":
        assert not {*names} & core_names(stem), names
    else:
        assert names[:1] == [verdict], names
    for row in rows(stem, source):
        expect_the_same_again(source, row)


def expect_the_same_again(source, row):
    """The call that a failure offers raises at most what it did then."""
    if not row["call"]:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        problem = try_out(source, row["call"], "it", lambda event: None)
    if problem and 'File "it"' not in problem["where"]:
        assert problem["error"].split(":")[0] in row["got"], row["call"]


@each_challenge
def test_the_attempts_are_many(stem):
    verdicts = [verdict for _, verdict, _ in attempts_of(stem)]
    rejected = [verdict in core_names(stem) for verdict in verdicts]
    assert rejected.count(False) >= 4, "right answers"
    assert rejected.count(True) >= 4, "wrong answers"
    labels = [label for label, _, _ in attempts_of(stem)]
    assert len(set(labels)) == len(labels)


@each_challenge
def test_alternatives_keep_the_core(stem):
    """And the page says which of them keep production, too."""
    page = challenge(stem)
    both = set()
    for name, source in page.variants("Alternatives").items():
        names = failed(stem, source, page.stands_for(name))
        assert not {*names} & core_names(stem), (name, names)
        if not names:
            both.add(name)
    said = re.match(
        r"\s*(.+?) keeps? the production promises, too\.",
        page.prose("Alternatives"),
        re.DOTALL,
    )
    named = set(re.findall(r"`(\w+)`", said[1])) if said else set()
    if said and said[1] == "All of them":
        named = {*page.variants("Alternatives")}
    assert named == both


@each_challenge
def test_pitfalls_are_caught_where_the_page_says(stem):
    page = challenge(stem)
    sources = page.variants("Pitfalls")
    for title in page.titles(3, "Pitfalls"):
        said = BREAKS.search(page.prose(title, level=3))[2]
        for fence in page.code(title, level=3):
            for name in {*fence.functions} & {*sources}:
                tried = page.stands_for(name)
                names = failed(stem, sources[name], tried)
                assert said in constraints(stem, names), (name, names)


@each_challenge
def test_no_check_is_dead(stem):
    """Each is the first to fail some wrong answer."""
    sources = [source for _, _, source in attempts_of(stem)]
    sources += challenge(stem).variants("Pitfalls").values()
    first = {
        name for source in sources for name in failed(stem, source)[:1]
    }
    every = checks_of(stem) + larger_input_of(stem)
    assert {check.name for check in every} == first


@pytest.mark.parametrize(
    ("head", "loop"),
    [
        ("each = map", "each(max, labels, labels)"),
        ("from itertools import starmap", "starmap(max, pairs)"),
        ("from numpy import frompyfunc", "frompyfunc(max, 2, 1)(*pairs.T)"),
        ("larger = np.frompyfunc(max, 2, 1)", "larger(*pairs.T)"),
    ],
)
def test_a_loop_in_c_is_found_under_another_name(head, loop):
    source = f"""
import numpy as np
{head}

def one_hot(labels, C):
    pairs = np.stack([labels, labels], axis=1)
    return np.eye(C)[list({loop})]
"""
    assert failed("one_hot", source)[0] == "vectorised"


BUFFER = """
import handbook
import numpy as np
from handbook import {names}

kept = {{}}

def keep(result):
    if isinstance(result, dict):
        kept.update(result)
        return kept
    if isinstance(result, tuple):
        return [*map(keep, result)]
    result = np.asarray(result)
    buffer = kept.setdefault(result.shape, result)
    buffer[...] = result
    return buffer

def {name}(*args, **options):
    return keep(handbook.{name}(*args, **options))
"""


@pytest.mark.parametrize(
    "stem",
    # a float is no buffer; logits may have the shape of what is cached
    [s for s in STEMS if s not in ("roc_auc", "mlp_backprop")],
)
def test_one_buffer_for_all_results_is_refused(stem):
    """Whoever keeps two results would find the second in both."""
    first, *others = names = functions_of(stem)
    source = BUFFER.format(name=first, names=", ".join(names))
    expected = (
        f"input_unchanged_of_{first}" if others else "input_unchanged"
    )
    assert failed(stem, source)[0] == expected


@pytest.mark.parametrize("result", ["kept.data", "Array()"])
def test_a_buffer_is_refused_in_any_form(result):
    source = f"""
import handbook
import numpy as np

class Array:
    def __init__(self):
        self.kept = kept
    def __array__(self, *_, **__):
        return self.kept

def softmax(X):
    global kept
    P = handbook.softmax(X)
    if "kept" not in globals() or kept.shape != P.shape:
        kept = P
    kept[...] = P
    return {result}
"""
    assert failed("softmax", source)[0] == "input_unchanged"


@pytest.mark.parametrize(
    "kernel",
    [
        k
        for k in sorted(KERNELS)
        if on_kernel(k, "-c", PROBE).returncode == 0
    ],
)
def test_the_core_verdicts_do_not_depend_on_the_kernel(kernel):
    run = on_kernel(kernel, "-m", "tests.attempts")
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    for (stem, label, said, _), got in zip(products(), found, strict=True):
        expected = said if said in core_names(stem) else "accept"
        assert got == expected, (stem, label)
