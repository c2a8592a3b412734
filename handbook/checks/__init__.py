"""What any attempt at a challenge must satisfy, one module per challenge.

A check is declared with its tier and the functions that it is tried on:

    @core("softmax")
    def rows_sum_to_one(softmax: Function) -> None:
        '''Every entry is at least 0, and every row sums to 1.

        Which axis do you sum over, and which shape does the sum have?
        '''

It takes the attempt, returns nothing if the promise holds, and raises
`Broken` if not. The first line of the docstring is the promise, the rest is
what an interviewer would ask. A core check fails an answer that would be
rejected, so every ordinary right answer passes it, in any style; there a
warning counts only if the check is `silent`, because the promise says so. A
production check is the next question, and any warning fails it.
"""

import contextlib
import copy
import functools
import importlib
import inspect
import io
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from tracemalloc import (
    get_traced_memory,
    is_tracing,
    reset_peak,
    start,
    stop,
)
from typing import Any, Literal

import numpy as np
from numpy import asarray, isclose, shares_memory

import handbook
from handbook.flags import FLAGS_RAISED, MESSAGE, watched, watching
from handbook.loops import Place, counted, traced

Function = Callable[..., Any]
Args = tuple[Any, ...]
Tier = Literal["core", "production"]
ERRORS = (Exception, SystemExit)  # what an attempt may raise
SHOWN = 24  # numbers of an array that are printed
LONGEST = 1_000  # characters of the arguments of a call, as code
warnings_count = ContextVar("warnings_count", default=True)
# what the check that runs can't see on this machine
unseen = ContextVar[list[str]]("unseen")
# is told of each call of an attempt, as a reader would write it
calling: ContextVar[Callable[[str], None]] = ContextVar(
    "calling", default=lambda given: None
)
# the calls of the check that runs: as they are shown, and their arguments
# as code, or "" where that is long
spelled = ContextVar[dict[str, str] | None]("spelled", default=None)


@dataclass(frozen=True)
class Check:
    """A promise of one function, and how an attempt is tried on it."""

    name: str
    constraint: str  # the name without the function: its anchor on the page
    function: str
    tier: Tier
    silent: bool  # whether a warning breaks the promise
    promise: str
    hint: str
    body: Function

    def __call__(self, attempt: Function) -> None:
        """Raise `Broken` if the attempt does not keep the promise."""
        before, blind = warnings_count.set(self.silent), unseen.set([])
        calls = spelled.set({})
        try:
            self.body(attempt)
            if unseen.get() and self.tier == "production":
                raise Unseen(unseen.get()[0])
        finally:
            warnings_count.reset(before)
            unseen.reset(blind)
            spelled.reset(calls)


def core(
    *functions: str, silent: bool = False
) -> Callable[[Function], list[Check]]:
    """Declare what an interviewer would reject an answer for."""
    return _declare("core", functions, silent)


def production(*functions: str) -> Callable[[Function], list[Check]]:
    """Declare what an interviewer would ask next."""
    return _declare("production", functions, silent=True)


def _declare(
    tier: Tier, functions: tuple[str, ...], silent: bool
) -> Callable[[Function], list[Check]]:
    """Make a check for each function; a body may ask for its name."""

    def declare(body: Function) -> list[Check]:
        constraint = body.__name__
        asks = "name" in inspect.signature(body).parameters
        docstring = inspect.cleandoc(body.__doc__ or "")
        promise, _, hint = docstring.partition("\n\n")
        several = len(functions) > 1
        return [
            Check(
                name=f"{constraint}_of_{name}" if several else constraint,
                constraint=constraint,
                function=name,
                tier=tier,
                silent=silent,
                promise=" ".join(promise.split()),
                hint=" ".join(hint.split()),
                body=functools.partial(body, name=name) if asks else body,
            )
            for name in functions
        ]

    return declare


def input_unchanged(inputs: dict[str, list[Args]]) -> list[Check]:
    """Declare that calls with these inputs change and share nothing."""

    def input_unchanged(function: Function, name: str) -> None:
        """The caller's arrays keep their values, and each result is new.

        Which of your lines write into an array that you were given?
        """
        for args in inputs[name]:
            # the inputs are there for the next attempt, too
            expect_input_unchanged(function, *copy.deepcopy(args))

    return core(*inputs)(input_unchanged)


def vectorised(
    promise: str,
    hint: str,
    sizes: dict[str, list[tuple[Args, Args]]],
    extra: int = 400,
) -> list[Check]:
    """Declare that no line runs once for each of the `extra` numbers.

    `sizes` holds pairs of inputs for each function: a small one and one
    that has `extra` more rows, elements or samples.
    """

    def vectorised(function: Function, name: str) -> None:
        for small, large in sizes[name]:
            expect_no_loop(function, small, large, extra)

    vectorised.__doc__ = f"{promise}\n\n{hint}"
    return core(*sizes)(vectorised)


def checks_of(stem: str, tier: Tier | None = None) -> list[Check]:
    """Return the checks of a challenge, the core first, in page order."""
    module = checks_module(stem)
    found = [
        check
        for value in vars(module).values()
        if isinstance(value, list)
        for check in value
        if isinstance(check, Check)
    ]
    found.sort(key=lambda check: check.tier != "core")  # is stable
    return [check for check in found if tier in (None, check.tier)]


def checks_module(stem: str) -> Any:
    """Return the module that holds a challenge's checks and title."""
    return importlib.import_module(f"handbook.checks.{stem}")


def larger_input_of(stem: str) -> list[Check]:
    """Return the check of each function on the challenge's larger input.

    The result must be the handbook's; a module with functions whose results
    may differ says in `LARGER_RESULT` what is expected of them instead.
    """
    module = checks_module(stem)

    def larger_input(function: Function, name: str) -> None:
        """A larger input gives the right result, too.

        The smaller ones did. Which dtype, block size or limit of yours does
        not fit these numbers?
        """
        function = as_stated(stem, function)
        args = module.LARGER_INPUT[name](np.random.default_rng(0))
        given, got = spell(function, args, {}), call(function, *args)
        if name in (expecting := getattr(module, "LARGER_RESULT", {})):
            expecting[name](given, got)
        else:
            expected = getattr(handbook, name)(*args)
            expect_close(given, got, expected, rtol=1e-6, atol=1e-6)

    return core(*module.LARGER_INPUT)(larger_input)


def as_stated(stem: str, function: Function) -> Function:
    """Return the attempt as it is called with the statement's arguments."""
    adapt = getattr(checks_module(stem), "as_stated", None)
    return adapt(function) if adapt else function


class Broken(AssertionError):
    """A promise that an attempt broke: on which input, and how.

    The hint, if there is one, fits the failure better than the check's.
    """

    def __init__(
        self, given: str, expected: str, got: str, hint: str = ""
    ) -> None:
        super().__init__(f"{given}: expected {expected}, got {got}")
        self.given, self.expected, self.got = given, expected, got
        self.hint = hint
        self.arguments = arguments_of(given)


class Unseen(Exception):
    """What a check can see here holds, but it can't see all of it."""


def show(value: object) -> str:
    """Return `value` as text that fits a few lines."""
    if isinstance(value, np.ndarray) and value.size > SHOWN:
        return f"an array of shape {value.shape}, {value.dtype}"
    if isinstance(value, np.exceptions.AxisError):  # its repr hides it
        value = np.exceptions.AxisError(str(value))
    try:
        if type(value) is dict:
            parts = [
                f"{key!r}: {show(part)}" for key, part in value.items()
            ]
            text = f"{{{', '.join(parts)}}}"
        else:
            text = " ".join(repr(value).split())
    except ERRORS as error:
        kinds = type(value).__name__, type(error).__name__
        text = "an object of type {}, whose repr raises {}".format(*kinds)
    return text if len(text) <= 300 else f"{text[:297]}..."


@contextmanager
def fenced() -> Iterator[None]:
    """Undo what an attempt does to NumPy's state and print options."""
    state = np.random.get_state(legacy=False)  # noqa: NPY002
    try:
        with np.errstate(), np.printoptions():  # restore them, too
            yield
    finally:
        np.random.set_state(state)  # noqa: NPY002


def call(function: Function, *args: Any, **kwargs: Any) -> Any:
    """Call the function under test on copies: no exception.

    And no warning, where the check that runs counts warnings.
    """
    given = spell(function, args, kwargs)
    result = _called(given, function, *copy.deepcopy((args, kwargs)))
    if warnings_count.get() and not FLAGS_RAISED:
        expect_no_flag(given, function, *copy.deepcopy((args, kwargs)))
    return result


def expect_no_flag(
    given: str, function: Function, args: Args, kwargs: dict[str, Any]
) -> None:
    """Expect no warning where there are no flags: look at all results."""
    quiet = contextlib.redirect_stdout(io.StringIO())
    with fenced(), quiet, warnings.catch_warnings(), watching():
        warnings.simplefilter("ignore")
        warnings.filterwarnings("error", MESSAGE, RuntimeWarning)
        try:
            function(*watched(args), **kwargs)
        except RuntimeWarning as warning:
            raise Broken(given, "no warning", show(warning)) from warning
        except ERRORS:  # it does not take watched arrays
            unseen.get([]).append(f"whether {given} warns")


def _called(
    given: str, function: Function, args: Any, kwargs: dict[str, Any]
) -> Any:
    action: Any = "error" if warnings_count.get() else "ignore"
    calling.get()(given)
    with fenced(), warnings.catch_warnings():
        warnings.simplefilter(action)
        try:
            return function(*args, **kwargs)
        except Broken:
            raise
        except Warning as warning:
            raise Broken(given, "no warning", show(warning)) from warning
        except ERRORS as error:
            hint = advice(given, error)
            raise Broken(given, "a result", show(error), hint) from error


def advice(given: str, error: BaseException) -> str:
    """Return what an interviewer would say of an exception."""
    if isinstance(error, NotImplementedError):
        return "This function is still to be written."
    inside = error.__traceback__ and error.__traceback__.tb_next
    if isinstance(error, TypeError) and not inside:
        return f"It is called as {given}. Which parameters does yours take?"
    if isinstance(error, MemoryError):
        return "Which of your arrays is the largest, and what is its shape?"
    if isinstance(error, PermissionError):
        return (
            "An attempt may not write files, start processes, open sockets "
            "or load libraries."
        )
    name = type(error).__name__
    return (
        f"What does the line that raises the {name} expect, and what does "
        "it get?"
    )


def spell(function: Function, args: Any, kwargs: Any) -> str:
    """Return the call as a reader would write it."""
    words = [show(a) for a in args]
    words += [f"{name}={show(value)}" for name, value in kwargs.items()]
    given = f"{name_of(function)}({', '.join(words)})"
    if (calls := spelled.get()) is not None:
        calls[given] = as_code(args, kwargs)
    return given


def arguments_of(given: str) -> str:
    """Return the arguments of a call that was spelled, as code, or ""."""
    calls = spelled.get() or {}
    return next(
        (calls[call] for call in reversed(calls) if call in given), ""
    )


def as_code(args: Args, kwargs: dict[str, Any]) -> str:
    """Return code that makes these arguments anew where np is known.

    Or "" where there is none of a few lines.
    """
    words = [("", value) for value in args]
    words += [(f"{name}=", value) for name, value in kwargs.items()]
    if any(isinstance(v, np.ndarray) and v.size > SHOWN for _, v in words):
        return ""
    try:
        text = ", ".join(name + _written(value) for name, value in words)
        text = re.sub(r"(?<![\w.'\"])(nan|inf)\b", r"np.\1", text)
        taken = f"(lambda *args, **kwargs: (args, kwargs))({text})"
        same = frozen(eval(taken, {"np": np})) == frozen((args, kwargs))
    except ERRORS:  # not all that has a repr is made by it
        return ""
    return f"({text})" if same and len(text) <= LONGEST else ""


def _written(value: object) -> str:
    if type(value) is dict:
        items = (f"{key!r}: {_written(v)}" for key, v in value.items())
        return f"{{{', '.join(items)}}}"
    if type(value) is tuple:
        return f"({''.join(f'{_written(v)}, ' for v in value)})"
    if type(value) is not np.ndarray:
        return repr(value)
    numbers, dtype = value.tolist(), str(value.dtype)
    if value.size == 0:
        return f"np.empty({value.shape}, dtype={dtype!r})"
    plain = asarray(numbers).dtype == value.dtype
    return f"np.array({numbers}{'' if plain else f', dtype={dtype!r}'})"


def name_of(function: Function) -> str:
    return str(getattr(function, "__name__", type(function).__name__))[:99]


def expect_result(
    function: Function,
    *args: Any,
    expected: Any,
    rtol: float = 0,
    atol: float = 0,
    dtype: Any = None,
    **kwargs: Any,
) -> None:
    """Expect this result: the shape exactly, the values to a tolerance.

    And the dtype, if one is named.
    """
    given = spell(function, args, kwargs)
    got = call(function, *args, **kwargs)
    expect_close(given, got, expected, rtol, atol)
    if dtype:
        found = real_array(given, got).dtype
        expect(given, found == dtype, f"dtype {dtype}", found)


def expect_close(
    given: str, got: Any, expected: Any, rtol: float = 0, atol: float = 0
) -> None:
    """Expect `got` to equal `expected`, NaN to equal NaN."""
    a, b = real_array(given, got), asarray(expected)
    if a.shape != b.shape:
        parts = f", from a tuple of {len(got)}" * isinstance(got, tuple)
        raise Broken(given, f"shape {b.shape}", f"shape {a.shape}{parts}")
    with np.errstate(all="ignore"):
        close = isclose(a, b, rtol=rtol, atol=atol, equal_nan=True)
    if close.all():
        return
    if a.size <= SHOWN:
        texts = show(b), show(a)
        if texts[0] == texts[1]:  # they differ in digits not printed
            with np.printoptions(floatmode="unique"):
                texts = show(b), show(a)
        raise Broken(given, *texts)
    first = tuple(int(i) for i in np.argwhere(~close)[0])
    raise Broken(given, f"{b[first]!r} at {first}", f"{a[first]!r}")


def real_array(given: str, got: Any) -> Any:
    """Return the result as an array of real numbers; lists are fine."""
    try:
        array = asarray(got)
    except ERRORS:
        array = asarray(None)
    if array.dtype.kind not in "biuf":
        hint = (
            "Does your function return its result?" if got is None else ""
        )
        raise Broken(given, "real numbers", show(got), hint)
    return array


def expect(given: str, condition: Any, expected: str, got: object) -> None:
    """Expect a condition that is worth a sentence of its own."""
    if not condition:
        raise Broken(given, expected, show(got))


def expect_error(
    function: Function,
    *args: Any,
    error: type[Exception] | tuple[type[Exception], ...],
    **kwargs: Any,
) -> None:
    """Expect an exception of this type, or of one of these."""
    kinds = error if isinstance(error, tuple) else (error,)
    expected = f"a {' or '.join(kind.__name__ for kind in kinds)}"
    expected = "an exception" if Exception in kinds else expected
    given = spell(function, args, kwargs)
    args, kwargs = copy.deepcopy((args, kwargs))
    calling.get()(given)
    with fenced(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            got = function(*args, **kwargs)
        except kinds:
            return
        except ERRORS as other:
            raise Broken(given, expected, show(other)) from other
    raise Broken(given, expected, show(got))


def expect_input_unchanged(
    function: Function, *args: Any, **kwargs: Any
) -> None:
    """Expect the arguments as they were, to the bit, and new results.

    A result that shares memory with the input, or with the next result,
    changes when the caller writes into the other.
    """
    given = spell(function, args, kwargs)
    inputs = [*args, *kwargs.values()]
    before = [(frozen(value), show(value)) for value in inputs]
    first = _called(given, function, args, kwargs)
    for value, (bits, text) in zip(inputs, before, strict=True):
        if frozen(value) != bits:
            said = f"the input unchanged: {text}"
            raise Broken(given, said, show(value))
    second = _called(given, function, args, kwargs)
    for other, whose in ((args, "the input"), (second, "the next result")):
        if share(first, other):
            hint = "Which line makes the array that you return?"
            expected = f"a result that shares no memory with {whose}"
            raise Broken(given, expected, show(first), hint)


def share(a: Any, b: Any) -> bool:
    """Whether a change of one is a change of the other."""
    return any(
        shares_memory(x, y)
        if isinstance(x, np.ndarray) and isinstance(y, np.ndarray)
        else x is y
        for x in _mutable(a)
        for y in _mutable(b)
    )


def _mutable(value: Any) -> list[Any]:
    """The arrays, lists and dictionaries that a value consists of.

    What NumPy sees as an array, a memoryview for one, is that array.
    """
    if not isinstance(value, dict | list | tuple):
        try:
            return [asarray(value)]
        except ERRORS:
            return []
    parts = value.values() if isinstance(value, dict) else value
    inner = [part for item in parts for part in _mutable(item)]
    return inner + [value] * isinstance(value, dict | list)


def frozen(value: Any) -> Any:
    """Return something that is equal only if the value is, to the bit."""
    if isinstance(value, np.ndarray):
        return value.dtype, value.shape, value.tobytes()
    if isinstance(value, dict):
        return [(key, frozen(item)) for key, item in value.items()]
    if isinstance(value, list | tuple):
        return [frozen(item) for item in value]
    return repr(value)


def peak_bytes(function: Function, args: tuple[Any, ...]) -> int:
    """Return the bytes that a call holds at most."""
    mine = not is_tracing()
    if mine:
        start()
    try:
        reset_peak()
        before, _ = get_traced_memory()
        function(*args)
        return get_traced_memory()[1] - before
    finally:
        if mine:
            stop()


def expect_no_loop(
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
    few, many = (_executions(function, args) for args in (small, large))
    grown = [
        (count, place)
        for place, count in (many - few).items()
        if count > 0.75 * extra
    ]
    if grown:
        code = getattr(function, "__code__", None)
        file = getattr(code, "co_filename", "")
        own = [found for found in grown if found[1][0] == file]
        count, (where, line) = max(own or grown)
        place = f"line {line} of {where}" if own else Path(where).name
        raise Broken(
            f"{name_of(function)} on inputs of two sizes",
            f"no Python loop over the {extra} that the larger one adds",
            f"{count} more steps in {place}",
        )


def _executions(function: Function, args: Args) -> Counter[Place]:
    given = f"{name_of(function)} on an ordinary input"
    with counted() as steps:
        _called(given, traced(function, steps), copy.deepcopy(args), {})
    return steps
