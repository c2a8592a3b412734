"""Count how often an attempt executes a line, or a step of a loop in C.

A loop in Python executes its lines; `traced` counts them and the calls of C
functions in them. A loop in C executes none: `installed` replaces the
functions that run one, such as `map`, before the attempt is loaded, so that
each step is counted under whatever name the attempt calls them. Not found
is a loop in C over a list that calls nothing, as in `sorted` and `max`.
"""

import builtins
import functools
import itertools
import math
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import numpy as np

Args = tuple[Any, ...]
Place = tuple[str, int]  # file and line
LOOPS = [
    (builtins, "map"),
    (builtins, "filter"),
    (builtins, "sum"),
    (functools, "reduce"),
    (itertools, "accumulate"),
    (itertools, "starmap"),
    (math, "fsum"),
    (np, "frompyfunc"),
    (np, "vectorize"),
]
TURNED_OFF = "the count of its steps was turned off"
_steps: list[Counter[Place]] = []  # the counter in use is the last


@contextmanager
def counted() -> Iterator[Counter[Place]]:
    """Count the steps of loops in C, by place."""
    steps: Counter[Place] = Counter()
    with installed():
        _steps.append(steps)
        try:
            yield steps
        finally:
            _steps.pop()


@contextmanager
def installed(*namespaces: dict[str, Any]) -> Iterator[None]:
    """Replace the functions that loop in C by some that can be counted.

    In these namespaces, too, whatever their name is there.
    """
    found = [(vars(home), name, vars(home)[name]) for home, name in LOOPS]
    if any(hasattr(loop, "counted") for _, _, loop in found):
        yield  # they are replaced already
        return
    new = {id(loop): _countable(loop) for _, _, loop in found}
    found += [
        (names, name, value)
        for names in namespaces
        for name, value in names.items()
        if id(value) in new
    ]
    for names, name, loop in found:
        names[name] = new[id(loop)]
    try:
        yield
    finally:
        for names, name, loop in found:
            names[name] = loop


def _countable(loop: Any) -> Any:
    """Return `loop` so that the steps it takes are counted."""
    if loop is np.vectorize:

        class Vectorize(np.vectorize):
            counted = True

            def __call__(self, *args: Any, **options: Any) -> Any:
                given = [*args, *options.values()]
                _count(_caller(), max(map(np.size, given), default=0))
                return super().__call__(*args, **options)

        return Vectorize

    if isinstance(loop, type):

        def new(cls: type, *args: Any, **options: Any) -> Any:
            args = _counting(args, _caller())
            return loop.__new__(cls, *args, **options)

        return type(
            loop.__name__, (loop,), {"__new__": new, "counted": True}
        )

    later = loop is np.frompyfunc  # loops when what it makes is called

    @functools.wraps(loop)
    def function(*args: Any, **options: Any) -> Any:
        if _steps or later:
            args = _counting(args, _caller())
        return loop(*args, **options)

    vars(function)["counted"] = True
    return function


def _caller() -> Place:
    frame = sys._getframe(2)
    return frame.f_code.co_filename, frame.f_lineno


def _count(place: Place, more: int = 1) -> None:
    if _steps:
        _steps[-1][place] += more


def _counting(args: Args, place: Place) -> Args:
    """Return the arguments of a loop with one that counts its steps.

    It is the function that the loop calls or else what it goes through.
    """

    def function(*given: Any) -> Any:
        _count(place)
        return args[0](*given)

    def items(iterable: Iterable[Any]) -> Iterator[Any]:
        for item in iterable:
            _count(place)
            yield item

    if args and callable(args[0]):
        return function, *args[1:]
    for i, arg in enumerate(args):
        if isinstance(arg, Iterable):
            return *args[:i], items(arg), *args[i + 1 :]
    return args


def traced(
    function: Callable[..., Any], steps: Counter[Place]
) -> Callable[..., Any]:
    """Return a function that counts its lines and C calls in `steps`."""

    # no coverage: nothing that runs inside a trace function is traced
    def lines(
        frame: FrameType, event: str, _: Any
    ) -> Any:  # pragma: no cover
        place = frame.f_code.co_filename, frame.f_lineno
        if place[0] == __file__:
            return None
        steps[place] += event == "line"
        return lines

    def c_calls(
        frame: FrameType, event: str, _: Any
    ) -> None:  # pragma: no cover
        place = frame.f_code.co_filename, frame.f_lineno
        if place[0] != __file__:
            steps[place] += event == "c_call"

    def run(*args: Any) -> Any:
        before = sys.gettrace(), sys.getprofile()
        threads = threading.gettrace(), threading.getprofile()
        threading.settrace(lines)
        threading.setprofile(c_calls)
        sys.settrace(lines)
        sys.setprofile(c_calls)
        try:
            result = function(*args)
            if (sys.gettrace(), sys.getprofile()) != (lines, c_calls):
                raise RuntimeError(TURNED_OFF)  # pragma: no cover - as well
            return result
        finally:
            sys.setprofile(before[1])
            sys.settrace(before[0])
            threading.setprofile(threads[1])
            threading.settrace(threads[0])

    return run
