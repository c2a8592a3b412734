"""What any attempt at a challenge must satisfy, one module per challenge.

A check takes the function under test, after which its parameter is named.
It returns nothing if the promise holds and raises `Broken` if not. The
first line of its docstring is the promise, the rest is the hint that an
interviewer would give.
"""

import builtins
import copy
import importlib
import inspect
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import numpy as np

Function = Callable[..., Any]
ERRORS = (Exception, SystemExit)  # what an attempt may raise


class Broken(AssertionError):
    """A promise that an attempt broke: on which input, and how."""

    def __init__(self, given: str, expected: str, got: str) -> None:
        super().__init__(f"{given}: expected {expected}, got {got}")
        self.given, self.expected, self.got = given, expected, got


def show(value: object) -> str:
    """Return `value` as text that fits a few lines."""
    if isinstance(value, np.ndarray) and value.size > 24:
        return f"an array of shape {value.shape}, {value.dtype}"
    try:
        text = " ".join(repr(value).split())
    except ERRORS as error:
        kinds = type(value).__name__, type(error).__name__
        text = "an object of type {}, whose repr raises {}".format(*kinds)
    return text if len(text) <= 300 else f"{text[:297]}..."


@contextmanager
def fenced() -> Iterator[None]:
    """Undo what an attempt does to NumPy's random state and handling."""
    state = np.random.get_state(legacy=False)  # noqa: NPY002
    try:
        with np.errstate():  # restores it, too
            yield
    finally:
        np.random.set_state(state)  # noqa: NPY002


def call(function: Function, *args: Any, **kwargs: Any) -> Any:
    """Call the function under test on copies: no warning, no exception."""
    given = spell(function, args, kwargs)
    args, kwargs = copy.deepcopy((args, kwargs))
    with fenced(), warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return function(*args, **kwargs)
        except Warning as warning:
            raise Broken(given, "no warning", show(warning)) from warning
        except ERRORS as error:
            raise Broken(given, "a result", show(error)) from error


def spell(function: Function, args: Any, kwargs: Any) -> str:
    """Return the call as a reader would write it."""
    words = [show(a) for a in args]
    words += [f"{name}={show(value)}" for name, value in kwargs.items()]
    return f"{name_of(function)}({', '.join(words)})"


def name_of(function: Function) -> str:
    return getattr(function, "__name__", type(function).__name__)


def same(
    function: Function,
    *args: Any,
    expected: Any,
    rtol: float = 0,
    atol: float = 0,
    **kwargs: Any,
) -> None:
    """Expect this result: the shape exactly, the values to a tolerance."""
    got = call(function, *args, **kwargs)
    alike(spell(function, args, kwargs), got, expected, rtol, atol)


def alike(
    given: str, got: Any, expected: Any, rtol: float = 0, atol: float = 0
) -> None:
    """Expect `got` to equal `expected`, NaN to equal NaN."""
    a, b = as_array(given, got), np.asarray(expected)
    if a.shape != b.shape:
        raise Broken(given, f"shape {b.shape}", f"shape {a.shape}")
    with np.errstate(all="ignore"):
        close = np.isclose(a, b, rtol=rtol, atol=atol, equal_nan=True)
    if close.all():
        return
    if a.size <= 24:
        raise Broken(given, show(b), show(a))
    first = tuple(int(i) for i in np.argwhere(~close)[0])
    raise Broken(given, f"{b[first]!r} at {first}", f"{a[first]!r}")


def as_array(given: str, got: Any) -> Any:
    """Return the result as an array of real numbers; lists are fine."""
    try:
        array = np.asarray(got)
    except ERRORS:
        array = np.asarray(None)
    if array.dtype.kind not in "biuf":
        raise Broken(given, "real numbers", show(got))
    return array


def holds(given: str, condition: Any, expected: str, got: object) -> None:
    """Expect a condition that is worth a sentence of its own."""
    if not condition:
        raise Broken(given, expected, show(got))


def raises(
    function: Function, *args: Any, error: type[Exception], **kwargs: Any
) -> None:
    """Expect an exception of this type, with any message."""
    given = spell(function, args, kwargs)
    args, kwargs = copy.deepcopy((args, kwargs))
    with fenced(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            got = function(*args, **kwargs)
        except error:
            return
        except ERRORS as other:
            expected = f"a {error.__name__}"
            raise Broken(given, expected, show(other)) from other
    raise Broken(given, f"a {error.__name__}", show(got))


def leaves_no_trace(function: Function, *args: Any, **kwargs: Any) -> None:
    """Expect arguments, random state and error handling as before.

    What the function returns or raises does not matter here, unless it
    is not written yet.
    """
    given = spell(function, args, kwargs)
    before = frozen((args, kwargs))
    was = show(args[0] if len(args) == 1 else args)
    with fenced(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        np.random.seed(20_011)  # noqa: NPY002 - nobody else's seed
        state = frozen(np.random.get_state())  # noqa: NPY002
        handling = np.geterr()
        try:
            function(*args, **kwargs)
        except NotImplementedError as error:
            raise Broken(given, "a result", show(error)) from error
        except ERRORS:
            pass
        same_state = frozen(np.random.get_state()) == state  # noqa: NPY002
        found = np.geterr()
    if frozen((args, kwargs)) != before:
        now = show(args[0] if len(args) == 1 else args)
        raise Broken(given, f"the input unchanged: {was}", now)
    if not same_state:
        raise Broken(
            given, "NumPy's global random state unused", "it moved"
        )
    if found != handling:
        raise Broken(
            given, f"NumPy's error handling {handling}", f"{found}"
        )


def frozen(value: Any) -> Any:
    """Return something that is equal only if the value is, to the bit."""
    if isinstance(value, np.ndarray):
        return value.dtype, value.shape, value.tobytes()
    if isinstance(value, dict):
        return [(key, frozen(item)) for key, item in value.items()]
    if isinstance(value, list | tuple):
        return [frozen(item) for item in value]
    return repr(value)


def no_python_loop(
    function: Function,
    small: tuple[Any, ...],
    large: tuple[Any, ...],
    extra: int,
) -> None:
    """Expect no line to run once for each of the rows that `large` adds.

    `extra` is how many rows, elements or samples the large input has more.
    A line in a loop over them runs that often; in a loop over blocks of
    dozens of them it does not.
    """
    few, many = steps(function, small), steps(function, large)
    grown = [
        (count, place)
        for place, count in (many - few).items()
        if count > 0.75 * extra
    ]
    if grown:
        code = getattr(function, "__code__", None)
        file = getattr(code, "co_filename", "")
        own = [step for step in grown if step[1][0] == file]
        count, (where, line) = max(own or grown)
        raise Broken(
            f"{name_of(function)} on inputs of two sizes",
            f"no Python loop over the {extra} that one has more",
            f"{count} more steps in line {line} of {where}",
        )


def steps(
    function: Function, args: tuple[Any, ...]
) -> Counter[tuple[str, int]]:
    """Count the Python lines and C calls that a call executes, by place."""
    seen: Counter[tuple[str, int]] = Counter()

    # no coverage: nothing that runs inside a trace function is traced
    def lines(
        frame: FrameType, event: str, _: Any
    ) -> Any:  # pragma: no cover
        if event == "line":
            seen[frame.f_code.co_filename, frame.f_lineno] += 1
        return lines

    def c_calls(
        frame: FrameType, event: str, _: Any
    ) -> None:  # pragma: no cover
        if event == "c_call":
            seen[frame.f_code.co_filename, frame.f_lineno] += 1

    # map and sum loop in C: these run in Python and so are seen
    def python_map(
        f: Function, *its: Any
    ) -> Iterator[Any]:  # pragma: no cover
        caller = sys._getframe(1)
        for args in zip(*its, strict=False):
            seen[caller.f_code.co_filename, caller.f_lineno] += 1
            yield f(*args)

    def python_sum(
        iterable: Any, /, start: Any = 0
    ) -> Any:  # pragma: no cover
        caller = sys._getframe(1)
        for item in iterable:
            seen[caller.f_code.co_filename, caller.f_lineno] += 1
            start = start + item
        return start

    given = f"{name_of(function)} on an ordinary input"
    args = copy.deepcopy(args)
    trace, profile = sys.gettrace(), sys.getprofile()
    originals = builtins.map, builtins.sum
    replaced = vars(builtins)
    with fenced(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        replaced["map"], replaced["sum"] = python_map, python_sum
        sys.settrace(lines)
        sys.setprofile(c_calls)
        try:
            function(*args)
        except ERRORS as error:
            raise Broken(given, "a result", show(error)) from error
        finally:
            sys.setprofile(profile)
            sys.settrace(trace)
            replaced["map"], replaced["sum"] = originals
    return seen


def checks_of(stem: str) -> list[Function]:
    """Return the checks of a challenge in the order of its page."""
    module = importlib.import_module(f"handbook.checks.{stem}")
    return [
        check
        for name, check in vars(module).items()
        if inspect.isfunction(check)
        and check.__module__ == module.__name__
        and not name.startswith("_")
    ]


def subject(check: Function) -> str:
    """Return the name of the function that a check is about."""
    return next(iter(inspect.signature(check).parameters))


def promise(check: Function) -> str:
    """Return what a check demands, in a sentence."""
    return inspect.cleandoc(check.__doc__ or "").partition("\n\n")[0]


def hint(check: Function) -> str:
    """Return what an interviewer would say when a check fails."""
    text = inspect.cleandoc(check.__doc__ or "").partition("\n\n")[2]
    return " ".join(text.split())
