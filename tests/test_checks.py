"""The checks against the pages: alternatives pass, pitfalls fail."""

import functools
import inspect
import re

import numpy as np
import pytest

from handbook import checks
from handbook.checks import Broken, checks_of, subject
from tests.pages import STEMS, challenge, slug
from tests.test_pages import constraints, variants


def functions(stem, section):
    """The functions of a section by name, with what each stands for."""
    page = challenge(stem)
    public = page.code("Solution")[0].functions
    found = {}
    for fence in page.code(section):
        if fence.functions:
            namespace = {}
            exec(fence.source, namespace)
            found |= {n: namespace[n] for n in fence.functions}
    names = public if section == "Solution" else variants(page, section)
    return {
        name: (
            found[name],
            max((p for p in public if name.startswith(p)), key=len),
        )
        for name in names
    }


def constraint(check):
    """The slug of the constraint that a check is of."""
    return check.__name__.removesuffix(f"_of_{subject(check)}")


@pytest.mark.parametrize("stem", STEMS)
def test_every_constraint_is_a_check(stem):
    names = [slug(name) for name in constraints(challenge(stem))]
    assert list(dict.fromkeys(map(constraint, checks_of(stem)))) == names


@pytest.mark.parametrize("stem", STEMS)
def test_every_check_has_a_promise_and_a_hint(stem):
    public = challenge(stem).code("Solution")[0].functions
    for check in checks_of(stem):
        promise, _, hint = check.__doc__.partition("\n\n")
        assert promise.endswith("."), check.__name__
        assert hint.strip(), check.__name__
        assert subject(check) in public


@pytest.mark.parametrize("stem", STEMS)
def test_checks_leave_no_trace(stem):
    state = np.random.get_state(legacy=False)  # noqa: NPY002
    for function, public in functions(stem, "Solution").values():
        for check in checks_of(stem):
            if subject(check) == public:
                check(function)
    after = np.random.get_state(legacy=False)  # noqa: NPY002
    np.testing.assert_equal(after, state)


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
    error = broken(checks.same, twice, 3, expected=7)
    assert (error.given, error.expected) == ("twice(3)", "array(7)")
    assert error.got == "array(6)"
    assert str(error) == "twice(3): expected array(7), got array(6)"


def test_a_long_result_is_shown_where_it_differs():
    expected = 2 * np.ones((5, 6))
    expected[3, 4] = 0
    error = broken(checks.same, twice, np.ones((5, 6)), expected=expected)
    assert error.given == "twice(an array of shape (5, 6), float64)"
    assert error.expected == "np.float64(0.0) at (3, 4)"
    assert error.got == "np.float64(2.0)"


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
    error = broken(checks.same, attempt, np.float64(3.0), expected=7.0)
    assert re.search(got, error.got)


def test_lists_and_other_dtypes_are_right_answers():
    checks.same(lambda: [1, 2], expected=np.array([1.0, 2.0]))
    checks.same(lambda: np.float32(np.nan), expected=np.nan)


def test_raises():
    checks.raises(lambda: int("x"), error=ValueError)
    error = broken(checks.raises, lambda: 1, error=ValueError)
    assert (error.expected, error.got) == ("a ValueError", "1")
    error = broken(checks.raises, lambda: {}["k"], error=ValueError)
    assert error.got == "KeyError('k')"


def add_one(x):
    x[-1] += 1e-12


@pytest.mark.parametrize(
    ("attempt", "expected"),
    [
        (add_one, "the input unchanged"),
        (lambda x: np.random.random(), "random state"),  # noqa: NPY002
        (lambda x: np.random.seed(0), "random state"),  # noqa: NPY002
        (lambda x: np.seterr(over="ignore"), "error handling"),
    ],
)
def test_traces_are_found(attempt, expected):
    state = np.random.get_state(legacy=False)  # noqa: NPY002
    handling = np.geterr()
    for x in (np.full(2000, 1 / 3), [1 / 3]):
        error = broken(checks.leaves_no_trace, attempt, x)
        assert expected in error.expected
    after = np.random.get_state(legacy=False)  # noqa: NPY002
    np.testing.assert_equal(after, state)
    assert np.geterr() == handling


def test_no_trace():
    checks.leaves_no_trace(lambda x, y, z: int("x"), [1], (2,), z={"a": 3})


LOOPS = [
    lambda X: [row.sum() for row in X],
    lambda X: [*map(np.sum, X)],
    lambda X: np.apply_along_axis(lambda row: row.max(), 1, X),
    lambda X: np.vectorize(lambda x: x + 1)(X[:, 0]),
    lambda X: sum(float(row[0]) for row in X),
    lambda X: sum(X),
    lambda X: [*map(np.negative, X)],
]


@pytest.mark.parametrize("attempt", LOOPS)
def test_loops_are_found(attempt):
    small, large = (np.ones((5, 2)),), (np.ones((405, 2)),)
    error = broken(checks.no_python_loop, attempt, small, large, extra=400)
    assert re.match(r"\d+ more steps in line \d+ of ", error.got)


@pytest.mark.parametrize("attempt", LOOPS)
def test_a_loop_is_named_by_its_own_line(attempt):
    small, large = (np.ones((5, 2)),), (np.ones((405, 2)),)
    error = broken(checks.no_python_loop, attempt, small, large, extra=400)
    line = attempt.__code__.co_firstlineno
    assert re.search(f" in line {line} of .*test_checks.py$", error.got)
    assert inspect.isclass(map)  # itself again
    assert inspect.isbuiltin(sum)


def test_a_loop_over_blocks_is_allowed():
    def by_blocks(X):
        return [X[i : i + 32].sum() for i in range(0, len(X), 32)]

    small, large = (np.ones((5, 2)),), (np.ones((405, 2)),)
    checks.no_python_loop(by_blocks, small, large, extra=400)


def test_an_error_is_no_missing_loop():
    error = broken(
        checks.no_python_loop, lambda X: X["key"], ([1],), ([1],), extra=1
    )
    assert "TypeError" in error.got


def test_holds():
    checks.holds("f(1)", True, "a positive number", 1)
    error = broken(checks.holds, "f(1)", False, "a positive number", -1)
    assert str(error) == "f(1): expected a positive number, got -1"
