"""A watched array warns of what this processor has flags for."""

import warnings

import numpy as np
import pytest

from handbook import checks, flags
from handbook.checks import Broken
from handbook.flags import watched, watching
from tests.attempts import rows_of

INPUTS = {
    "ordinary": [[1, 2], [3, 4]],
    "zeros": [[0, 0], [1, -0.0]],
    "negative": [[-1, -2], [-0.5, 3]],
    "exponents": [[1000, 1], [-1000, 3]],
    "1e200": [[1e200, 1e200], [1, 2]],
    "1e308": [[1e308, 1e308], [1e308, -1e308]],
    "tiny": [[1e-320, 5e-324], [1e-200, 1]],
    "infinite": [[np.inf, 1], [2, 3]],
    "both infinite": [[np.inf, -np.inf], [2, np.inf]],
    "NaN": [[np.nan, 1], [0, 3]],
    "no columns": np.empty((3, 0)),
}


def in_place(X):
    X /= X.sum(axis=1, keepdims=True)


def both_quotients(X):
    out = np.empty_like(X), np.empty_like(X)
    assert np.divmod(X, 0.0, out=out)[1] is out[1]


def chosen(X):
    np.divide(1, X, out=np.full_like(X, np.inf), where=X != 0)


OPERATIONS = {
    "exp": np.exp,
    "log": np.log,
    "square root": np.sqrt,
    "logaddexp": lambda X: np.logaddexp(0, X),
    "square": lambda X: X**2,
    "reciprocal": lambda X: X**-1.0,
    "quotient": lambda X: X / X,
    "of one": lambda X: 1 / X,
    "of integers": lambda X: np.array([1, 2]) // np.array([0, 1]),
    "both quotients": both_quotients,
    "difference": lambda X: X - X.max(initial=-np.inf),
    "sums": lambda X: X.sum(axis=1),
    "mean": np.mean,
    "of no numbers": lambda X: np.logaddexp.reduce(X[:0], axis=0),
    "running sums": lambda X: X.cumsum(axis=1),
    "segments": lambda X: np.add.reduceat(X, [0, 1], axis=0),
    "singular values": lambda X: np.linalg.svd((X > 1) * 1.0),
    "all pairs": lambda X: np.subtract.outer(X, X),
    "in place": in_place,
    "chosen": chosen,
    "at": lambda X: np.add.at(X, 0, 1.0),
    "norms": lambda X: np.linalg.norm(X, axis=1),
    "deviations": lambda X: np.std(X, axis=0) if len(X) == 2 else None,
    "product of matrices": lambda X: X @ X.T,
    "where": lambda X: np.where(X > 0, 1 / (1 + np.exp(-X)), np.exp(X)),
    "a new array": lambda X: np.exp(np.asarray(X, float)),
    "of a list": lambda X: np.exp(np.array(X.tolist(), float)),
    "one by one": lambda X: [np.exp(x) for x in X.ravel()],
    "split": lambda X: [np.exp(x) for x in np.split(X, 1)],
    "float32": lambda X: np.exp(np.array([89, -89], np.float32)),
    "largest": lambda X: np.finfo(X.dtype).max / X.shape[1],
    "one after the other": lambda X: np.divide.reduce(np.array([8, 2.0])),
    "finite sums": lambda X: np.sum(
        np.array([1e308, 1e308, np.inf]), where=[True, True, False]
    ),
    "positive": lambda X: np.exp(np.where(X > 0, X, 0)),
}


def warned(function, *args):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        function(*args)
    texts = (str(warning.message) for warning in caught)
    return {text.replace("scalar ", "") for text in texts}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_warnings_are_those_of_the_processor(operation, monkeypatch):
    function = OPERATIONS[operation]
    for name, rows in INPUTS.items():
        expected = warned(function, np.array(rows, float))
        with monkeypatch.context() as browser:
            states = np.geterr()
            browser.setattr(np, "geterr", lambda states=states: states)
            with np.errstate(all="ignore"), watching():  # no flags
                found = warned(function, watched(np.array(rows, float)))
        assert found == expected, name


def test_the_inputs_warn():
    """Else the test above compares nothing with nothing."""
    seen = {
        text
        for function in OPERATIONS.values()
        for rows in INPUTS.values()
        for text in warned(function, np.array(rows, float))
    }
    for word in flags.WORDS.values():
        assert any(text.startswith(word) for text in seen)


def test_an_attempt_may_ask_for_silence_or_an_error():
    X = watched(np.array([1000.0, 0]))
    with np.errstate(all="ignore"):
        assert not warned(np.exp, X)
    with (
        np.errstate(over="raise"),
        pytest.raises(
            FloatingPointError, match="overflow encountered in exp"
        ),
    ):
        np.exp(X)


def test_results_are_those_of_numpy():
    X = np.arange(6.0).reshape(2, 3)
    [Y] = watched([X])
    assert isinstance(Y @ Y.T, flags.Watched)
    np.testing.assert_array_equal(Y @ Y.T, X @ X.T)
    Y += 1
    assert X[0, 0] == 1


NAIVE = """
import numpy as np

def softmax(X):
{0}
    E = np.exp(X)
    return E / E.sum(axis=1, keepdims=True)
"""


def test_the_judge_looks_where_there_are_no_flags(monkeypatch):
    large = np.array([[1000.0, 1]])
    with pytest.raises(Broken, match="'overflow encountered in exp'"):
        checks.expect_no_flag("exp(1000)", np.exp, (large,), {})
    checks.expect_no_flag("exp(1)", np.exp, (large / 1000,), {})
    monkeypatch.setattr(checks, "FLAGS_RAISED", False)
    source = NAIVE.format("    print(X)\n    X = X - X.max()")
    [row] = [
        row
        for row in rows_of("softmax", source)
        if row["name"] == "finite_for_large_logits"
    ]
    assert "RuntimeWarning" in row["got"]


def test_what_cannot_be_looked_at_is_left_open(monkeypatch):
    """An attempt that takes no array but NumPy's own."""
    monkeypatch.setattr(checks, "FLAGS_RAISED", False)
    source = """
import handbook

def softmax(X):
    if isinstance(X, handbook.flags.Watched):
        raise TypeError
    return handbook.softmax(X)
"""
    rows = {row["name"]: row for row in rows_of("softmax", source)}
    assert rows["finite_for_large_logits"]["passed"]
    assert rows["bad_input"]["passed"]  # it calls for no warning
    row = rows["extreme_logits"]
    assert row["passed"] is None
    assert row["hint"].startswith("What is -1e308 - 1e308")
    assert row["got"].startswith("a browser can't show whether softmax(")


def test_int32_and_int64_indices_are_left_open_in_32_bits(monkeypatch):
    monkeypatch.setattr(checks.checks_module("top_k"), "ALIKE", {"int32"})
    for dtype, passed in (("int32", None), ("int16", False)):
        source = f"""
import handbook

def topk_per_row(X, k):
    return handbook.topk_per_row(X, k).astype("{dtype}")
"""
        rows = {row["name"]: row for row in rows_of("top_k", source)}
        row = rows["indices_of_dtype_intp"]
        assert row["passed"] is passed
        assert ("a browser can't show" in row["got"]) is (passed is None)
