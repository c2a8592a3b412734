"""The checks against the pages: alternatives pass, pitfalls fail."""

import functools
import importlib
import inspect
import itertools
import math
import re
import sys
import tracemalloc
import warnings

import numpy as np
import pytest

import handbook
from handbook import checks
from handbook.checks import Broken, checks_of, core, larger_input_of
from handbook.loops import counted
from handbook.page import STEMS, challenge, slug


@pytest.mark.parametrize("stem", STEMS)
def test_every_promise_of_a_page_is_a_check(stem):
    for section, tier in (
        ("Problem", "core"),
        ("In production", "production"),
    ):
        names = [slug(name) for name in challenge(stem).promises(section)]
        found = [check.constraint for check in checks_of(stem, tier)]
        assert list(dict.fromkeys(found)) == names, section


@pytest.mark.parametrize("stem", STEMS)
def test_every_check_has_a_promise_and_a_hint(stem):
    names = [check.name for check in checks_of(stem)]
    assert len(set(names)) == len(names)
    for check in checks_of(stem) + larger_input_of(stem):
        assert check.promise.endswith("."), check.name
        assert check.hint.strip(), check.name
        assert check.function in handbook.__all__


@pytest.mark.parametrize("stem", STEMS)
def test_checks_leave_no_trace(stem):
    state = np.random.get_state(legacy=False)  # noqa: NPY002
    for check in checks_of(stem):
        check(getattr(handbook, check.function))
    after = np.random.get_state(legacy=False)  # noqa: NPY002
    np.testing.assert_equal(after, state)


@pytest.mark.parametrize("stem", STEMS)
def test_the_whiteboard_code_keeps_the_core(stem):
    """As a module; tests/test_attempts.py tries what the page prints."""
    module = importlib.import_module(f"handbook.whiteboard.{stem}")
    for check in checks_of(stem, "core"):
        check(getattr(module, check.function))


def test_an_attempt_without_a_name_is_called_as_stated():
    fit = functools.partial(handbook.mini_batch_gd, epochs=1)
    stated = checks.as_stated("gradient_descent", fit)
    assert stated(np.ones((2, 1)), np.ones(2))["weights"].shape == (1,)


class Unprintable:
    """Something that NumPy can't make an array of."""

    def __array__(self, *_, **__):
        raise TypeError("no array")


def twice(x):
    return 2 * x


def broken(check, *args, **kwargs):
    with pytest.raises(Broken) as caught:
        check(*args, **kwargs)
    return caught.value


def test_a_break_says_on_what_and_how():
    error = broken(checks.expect_result, twice, 3, expected=7)
    assert (error.given, error.expected) == ("twice(3)", "array(7)")
    assert error.got == "array(6)"
    assert str(error) == "twice(3): expected array(7), got array(6)"


def test_a_long_result_is_shown_where_it_differs():
    expected = 2 * np.ones((5, 6))
    expected[3, 4] = 0
    error = broken(
        checks.expect_result, twice, np.ones((5, 6)), expected=expected
    )
    assert error.given == "twice(an array of shape (5, 6), float64)"
    assert error.expected == "np.float64(0.0) at (3, 4)"
    assert error.got == "np.float64(2.0)"


def test_a_dict_is_shown_by_its_parts():
    params = {"W": np.ones((20, 30)), "b": np.array([1, 2])}
    assert checks.show(params) == (
        "{'W': an array of shape (20, 30), float64, 'b': array([1, 2])}"
    )
    assert checks.show({}) == "{}"
    params["itself"] = params
    assert len(checks.show(params)) <= 300


def test_long_text_is_cut():
    assert len(checks.show("x" * 1000)) == 300


@pytest.mark.parametrize(
    ("attempt", "got"),
    [
        (lambda x: None, "None"),
        (lambda x: [[1], [2, 3]], r"\[\[1\], \[2, 3\]\]"),
        (lambda x: "text", "'text'"),
        (lambda x: Unprintable(), "Unprintable"),
        (lambda x: [1, 2], r"shape \(2,\)"),
        (lambda x: 1j, "1j"),
        (lambda: 1, "TypeError"),
        (lambda x: {}["key"], "KeyError"),
        (lambda x: np.log(-x), "RuntimeWarning"),
        (functools.partial(lambda x, y: x + y, 1), "array"),
    ],
)
def test_any_answer_is_judged(attempt, got):
    error = broken(
        checks.expect_result, attempt, np.float64(3.0), expected=7.0
    )
    assert re.search(got, error.got)


def test_lists_and_other_dtypes_are_right_answers():
    checks.expect_result(lambda: [1, 2], expected=np.array([1.0, 2.0]))
    checks.expect_result(lambda: np.float32(np.nan), expected=np.nan)


def test_raises():
    checks.expect_error(lambda: int("x"), error=ValueError)
    error = broken(checks.expect_error, lambda: 1, error=ValueError)
    assert (error.expected, error.got) == ("a ValueError", "1")
    error = broken(checks.expect_error, lambda: {}["k"], error=ValueError)
    assert error.got == "KeyError('k')"


def add_one(x):
    x[-1] += 1e-12


def test_traces_are_found():
    for x in (np.full(2000, 1 / 3), [1 / 3]):
        error = broken(checks.expect_input_unchanged, add_one, x)
        assert "the input unchanged" in error.expected
    checks.expect_input_unchanged(lambda x, y, z: 1, [1], (2,), z={"a": 3})
    error = broken(checks.expect_input_unchanged, int, "x")
    assert error.expected == "a result"


def test_what_an_attempt_sets_is_undone():
    def sets(x):
        np.random.seed(0)  # noqa: NPY002
        np.seterr(over="ignore")
        np.set_printoptions(precision=1)
        warnings.simplefilter("ignore")
        return x

    filters = list(warnings.filters)
    before = np.random.get_state(legacy=False), np.geterr()  # noqa: NPY002
    checks.expect_result(sets, 1.0, expected=1)
    after = np.random.get_state(legacy=False), np.geterr()  # noqa: NPY002
    np.testing.assert_equal(after, before)
    assert np.get_printoptions()["precision"] == 8
    assert warnings.filters == filters


def test_a_warning_fails_where_the_promise_names_it():
    def body(f):
        """Promise.

        Hint?
        """
        checks.call(f)

    def warns():
        return np.log(np.zeros(1))

    (lenient,), (silent,) = core("f")(body), core("f", silent=True)(body)
    (later,) = checks.production("f")(body)
    lenient(warns)
    for check in (silent, later):
        error = broken(check, warns)
        assert error.got.startswith("RuntimeWarning('divide by zero")
    assert (later.promise, later.hint) == ("Promise.", "Hint?")
    assert (lenient.tier, later.tier) == ("core", "production")


def test_a_body_for_several_functions_is_a_check_of_each():
    def promise(f, name):
        checks.expect(name, f == name, name, f)

    found = checks.production("f", "g")(promise)
    names = [(c.name, c.constraint, c.function) for c in found]
    assert names == [
        ("promise_of_f", "promise", "f"),
        ("promise_of_g", "promise", "g"),
    ]
    for check in found:
        check(check.function)


def test_what_prints_alike_is_told_apart():
    third = np.array([1 / 3])
    error = broken(
        checks.expect_result, lambda: third + 1e-12, expected=third
    )
    assert error.expected == "array([0.3333333333333333])"
    assert error.got == "array([0.3333333333343333])"


@pytest.mark.parametrize(
    ("attempt", "said"),
    [
        (lambda: 1, r"called as .*\(1\)\. Which parameters"),
        (lambda x: int(None), "raises the TypeError expect"),
        (lambda x: {}[x], "raises the KeyError expect"),
        (
            lambda x: np.missing(x),
            "raises the AttributeError expect",
        ),
    ],
)
def test_an_exception_has_advice_of_its_own(attempt, said):
    error = broken(checks.call, attempt, 1)
    assert re.search(said, error.hint)


def test_an_unwritten_function_and_a_full_memory_have_advice():
    assert "still to be written" in checks.advice("", NotImplementedError())
    assert "the largest" in checks.advice("", MemoryError())
    assert "may not write files" in checks.advice("", PermissionError())


def test_what_else_than_an_array_came_back_is_named():
    error = broken(checks.expect_result, lambda: None, expected=1)
    assert error.hint == "Does your function return its result?"
    error = broken(checks.expect_result, lambda: (1, 2), expected=1)
    assert error.got == "shape (2,), from a tuple of 2"
    error = broken(checks.call, lambda: np.ones(2).sum(axis=1))
    assert "axis 1 is out of bounds" in error.got


def test_only_the_argument_that_changed_is_shown():
    error = broken(
        checks.expect_input_unchanged,
        lambda X, y: y.sort(),
        np.zeros(2),
        np.array([2, 1]),
    )
    assert error.expected == "the input unchanged: array([2, 1])"
    assert error.got == "array([1, 2])"


LOOPS = [
    lambda X: [row.sum() for row in X],
    lambda X: [*map(np.sum, X)],
    lambda X: np.apply_along_axis(lambda row: row.max(), 1, X),
    lambda X: np.vectorize(lambda x: x + 1)(X[:, 0]),
    lambda X: sum(float(row[0]) for row in X),
    lambda X: sum(X),
    lambda X: [*map(np.negative, X)],
    lambda X: np.vectorize(math.exp)(X[:, 0]),
    lambda X: np.vectorize(math.hypot, signature="(),()->()")(*X.T),
    lambda X: np.frompyfunc(math.exp, 1, 1)(X[:, 0]),
    lambda X: [*itertools.starmap(math.hypot, X)],
    lambda X: [*itertools.accumulate(X[:, 0])],
    lambda X: [*filter(None, X[:, 0])],
    lambda X: functools.reduce(np.add, X),
    lambda X: math.fsum(X[:, 0]),
]


@pytest.mark.parametrize("attempt", LOOPS)
def test_loops_are_found(attempt):
    small, large = (np.ones((5, 2)),), (np.ones((405, 2)),)
    error = broken(checks.expect_no_loop, attempt, small, large, extra=400)
    assert re.match(r"\d+ more steps in line \d+ of ", error.got)


@pytest.mark.parametrize("attempt", LOOPS)
def test_a_loop_is_named_by_its_own_line(attempt):
    small, large = (np.ones((5, 2)),), (np.ones((405, 2)),)
    error = broken(checks.expect_no_loop, attempt, small, large, extra=400)
    line = attempt.__code__.co_firstlineno
    assert re.search(f" in line {line} of .*test_checks.py$", error.got)
    assert inspect.isclass(map)  # itself again
    assert inspect.isbuiltin(sum)


def test_tracing_of_the_readers_goes_on():
    tracemalloc.start()
    assert 7_000 < checks.peak_bytes(np.ones, (1000,)) < 10_000
    assert tracemalloc.is_tracing()
    tracemalloc.stop()


def test_a_count_that_is_turned_off_is_noticed():
    def hidden(X):
        sys.settrace(None)
        sys.setprofile(None)
        return [row.sum() for row in X]

    small, large = (np.ones((5, 2)),), (np.ones((405, 2)),)
    error = broken(checks.expect_no_loop, hidden, small, large, extra=400)
    assert "turned off" in error.got


def test_steps_in_c_are_counted():
    with counted() as steps:
        list(map(abs, [1, -2]))
        list(filter(None, [0, 1, 2]))
        with pytest.raises(TypeError):
            sum()
    assert sum(steps.values()) == 5


def test_a_loop_over_blocks_is_allowed():
    def by_blocks(X):
        return [X[i : i + 32].sum() for i in range(0, len(X), 32)]

    small, large = (np.ones((5, 2)),), (np.ones((405, 2)),)
    checks.expect_no_loop(by_blocks, small, large, extra=400)


def test_an_error_is_no_missing_loop():
    error = broken(
        checks.expect_no_loop, lambda X: X["key"], ([1],), ([1],), extra=1
    )
    assert "TypeError" in error.got


def test_holds():
    checks.expect("f(1)", True, "a positive number", 1)
    error = broken(checks.expect, "f(1)", False, "a positive number", -1)
    assert str(error) == "f(1): expected a positive number, got -1"


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ([np.array([0.1 + 0.2]), 3], "np.array([0.30000000000000004]), 3"),
        ([np.array([1e3, -np.inf])], "np.array([1000.0, -np.inf])"),
        ([np.array([1, 2], np.int8)], "np.array([1, 2], dtype='int8')"),
        ([np.empty((0, 3))], "np.empty((0, 3), dtype='float64')"),
        ([[math.nan, "nan", np.uint8(5)]], "[np.nan, 'nan', np.uint8(5)]"),
        ([{"b": np.array([0.5])}], "{'b': np.array([0.5])}"),
        ([(np.array([np.nan]), 2)], "(np.array([np.nan]), 2, )"),
        ([np.ma.array([1.0])], None),
        ([np.random.default_rng(0)], None),
        ([np.zeros(25)], None),
        ([[0] * 999], None),
    ],
)  # fmt: skip
def test_arguments_are_written_only_where_they_come_out_the_same(
    args, code
):
    assert checks.as_code(args, {}) == (f"({code})" if code else "")
    text = code and f"({code}, k=None)"
    assert checks.as_code(args, {"k": None}) == (text or "")
