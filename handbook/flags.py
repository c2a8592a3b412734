"""Warn of floating point where the processor does not: in a browser.

WebAssembly has no flags for overflow, division by zero and invalid values,
so NumPy there returns inf and NaN without a word. A `Watched` array looks
at the results instead: an inf or NaN that no operand explains would have
set a flag. It sees each ufunc, so operators, reductions and NumPy's
functions in Python, too. Not seen are casts, `np.dot`, and arithmetic on
NumPy's scalars that stem from no argument.
"""

import functools
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.linalg import _linalg

WORDS = {
    "divide": "divide by zero",
    "over": "overflow",
    "invalid": "invalid value",
}
MESSAGE = f"({'|'.join(WORDS.values())}) encountered in "
# where results are infinite by a pole: where this operand is 0 ...
POLES = {
    **dict.fromkeys(("power", "float_power", "reciprocal"), 0),
    **dict.fromkeys(("divide", "floor_divide", "remainder"), 1),
    **dict.fromkeys(("divmod", "fmod"), 1),
}
# ... and wherever they are
ALWAYS = {"arctanh", "log", "log10", "log1p", "log2"}
# whether a number is larger than NaN is an invalid question, too
COMPARE = {"logaddexp", "logaddexp2"}
FINFO = np.finfo
EACH = ("__call__", "outer")  # the methods of a ufunc that reduce nothing
# what makes arrays and floats that would not be watched
MAKERS = [
    *((vars(np), name) for name in ("array", "asarray", "finfo", "full")),
    *((vars(np), name) for name in ("empty", "ones", "zeros")),
    (vars(_linalg), "asarray"),
]


def raised() -> bool:
    """Whether the processor sets flags."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        with np.errstate(divide="warn"):
            np.divide(np.ones(1), 0)
    return bool(said)


FLAGS_RAISED = raised()


class Watched(np.ndarray):
    """An array that warns as NumPy does where there are flags."""

    def __array_ufunc__(
        self, ufunc: Any, method: str, *inputs: Any, **options: Any
    ) -> Any:
        given, out = [_plain(x) for x in inputs], options.get("out")
        options = {key: _plain(value) for key, value in options.items()}
        # the output may be one of the operands
        before = [np.copy(x) for x in given] if out else given
        states: Any = np.geterr()
        with np.errstate(all="ignore"):
            result = getattr(ufunc, method)(*given, **options)
            found = _flags(ufunc, method, before, options, result)
        for kind in filter(found.__contains__, WORDS):
            where = ufunc.__name__ if method in EACH else method
            text = f"{WORDS[kind]} encountered in {where}"
            if states[kind] == "warn":
                warnings.warn(text, RuntimeWarning, stacklevel=2)
            if states[kind] == "raise":
                raise FloatingPointError(text)
        if out:
            return out if len(out) > 1 else out[0]
        return watched(result)

    def __array_function__(self, *call: Any) -> Any:
        return watched(super().__array_function__(*call))

    def __getitem__(self, index: Any) -> Any:
        return watched(super().__getitem__(index))


def watched(value: Any) -> Any:
    """Return a value with the arrays and floats in it watched."""
    if isinstance(value, np.ndarray | np.inexact):
        return np.asanyarray(value).view(Watched)
    if type(value) in (list, tuple):
        return type(value)(map(watched, value))
    if isinstance(value, FINFO):
        names = [name for name in dir(value) if name[0] != "_"]
        return SimpleNamespace(
            **{name: watched(getattr(value, name)) for name in names}
        )
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    return value.view(np.ndarray) if isinstance(value, Watched) else value


@contextmanager
def watching() -> Iterator[None]:
    """Watch the arrays that are made meanwhile."""

    def watches(make: Any) -> Any:
        return lambda *args, **options: watched(make(*args, **options))

    originals = [(home, name, home[name]) for home, name in MAKERS]
    for home, name, make in originals:
        home[name] = watches(make)
    try:
        yield
    finally:
        for home, name, make in originals:
            home[name] = make


def _flags(
    ufunc: Any, method: str, given: Any, options: Any, result: Any
) -> set[str]:
    """Return the flags that an operation would have set."""
    if isinstance(result, tuple):  # of any shapes, such as those of an SVD
        each = (_flags(ufunc, method, given, options, r) for r in result)
        return set().union(*each)
    name, called, where = ufunc.__name__, method == "__call__", {}
    got, pole = np.asanyarray(result), np.array(name in ALWAYS)
    if called and name in POLES:
        pole = np.equal(given[POLES[name]], 0)
    if got.dtype.kind in "iu" and POLES.get(name) == 1:
        where["divide"] = pole
    if got.dtype.kind in "fc" and not np.isfinite(got).all():
        nan, inf = (
            _operands(test, ufunc, method, given, options)
            for test in (np.isnan, np.isinf)
        )
        made = np.isinf(got) & ~inf
        where["divide"], where["over"] = made & pole, made & ~pole
        where["invalid"] = np.isnan(got) & (~nan | (name in COMPARE))
    used = options.get("where", True) if called else True
    return {flag for flag in where if np.any(where[flag] & used)}


def _operands(
    test: Any, ufunc: Any, method: str, given: Any, options: Any
) -> Any:
    """Say of each result whether one of its operands passes the test."""
    count = len(given) if method in EACH else 1
    masks, rest = [test(x) for x in given[:count]], given[count:]
    if ufunc.signature:  # such as matmul: of all results together
        return np.any([mask.any() for mask in masks])
    if method == "__call__":
        return functools.reduce(np.logical_or, masks)
    kept = {"axis", "keepdims", "where"} & {*options}
    same = {key: options[key] for key in kept}
    first = test(options.get("initial", ufunc.identity) or 0)
    return getattr(np.logical_or, method)(*masks, *rest, **same) | first
