"""What is measured: sweeps of sizes, and the functions along them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np

import handbook
from handbook.page import Page, challenge

Calls = dict[str, Callable[[], object]]


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """An axis along which the functions of a challenge are measured.

    Along the first of a challenge the peak of the memory is measured, too.
    """

    key: str  # of the figure, <stem>_<key>
    axis: str = ""  # what the sizes are, where the key does not say it
    setting: str  # what does not change
    sizes: tuple[int, ...]  # in the order of their times
    # how many numbers there are at a size, and what is called
    at: Callable[[int], tuple[int, Calls]]
    # those claimed: of the time, and of the peak if it has none of its own
    exponents: dict[float, Iterable[str]] = field(default_factory=dict)
    memory: dict[float, Iterable[str]] = field(default_factory=dict)
    # the sizes between which an exponent is fitted, else the last decade
    fit: tuple[int, int] | None = None
    crossings: Iterable[tuple[str, str]] = ()
    # what the figure draws, at most six, else all; the tables hold all
    shown: Iterable[str] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "axis", self.axis or self.key)


def printed(page: Page) -> dict[str, Callable[..., Any]]:
    """Return the functions of a page, as printed there."""
    found: dict[str, Callable[..., Any]] = {}
    for fence in page.fences:
        if fence.functions:
            own: dict[str, Any] = {"__name__": "__main__"}
            exec(fence.source, own)
            found |= {name: own[name] for name in fence.functions}
    return found


@cache
def on_page(stem: str) -> dict[str, Callable[..., Any]]:
    """Return the functions of a challenge's page.

    The package's own are handbook.softmax and so on.
    """
    return printed(challenge(stem)) | {
        f"handbook.{name}": getattr(handbook, name)
        for name in handbook.__all__
    }


def sweeps(stem: str) -> list[Sweep]:
    """Return what is to be measured of a challenge."""
    return import_module(f"benchmarks.cases.{stem}").SWEEPS


def peers(stem: str) -> dict[str, Iterable[str]]:
    """Return what each production function is compared with."""
    return import_module(f"benchmarks.cases.{stem}").PEERS


def limits(stem: str) -> dict[str, str]:
    """Return what each production function does at the least, alone."""
    return import_module(f"benchmarks.cases.{stem}").LIMITS


def reasons(stem: str) -> dict[str, str]:
    """Return why functions need more memory than the fastest library."""
    case = import_module(f"benchmarks.cases.{stem}")
    return getattr(case, "MORE_MEMORY", {})


def versions(name: str, *ideas: str) -> list[str]:
    """Return both codes of a function, and the alternatives to it."""
    return [f"handbook.{name}", name, *(f"{name}_{idea}" for idea in ideas)]


def calls(stem: str, names: Iterable[str], *arguments: Any) -> Calls:
    """Return calls of functions of a page, by their names."""
    page = on_page(stem)
    return {name: lambda f=page[name]: f(*arguments) for name in names}


def normal(
    *shape: int, dtype: str = "float64", seed: int = 0
) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.standard_normal(shape).astype(dtype)


@cache
def library(name: str) -> Any:
    """Return a library of the extra "peers", None where it is missing.

    Then what calls it can be named, but not called.
    """
    try:
        return import_module(name)
    except ImportError:
        return None


def pytorch(*arrays: np.ndarray) -> list[Any]:
    """Return PyTorch, held to one thread, and arrays as its tensors."""
    torch = library("torch")
    if torch is None:
        return [None] * (1 + len(arrays))
    torch.set_num_threads(1)
    return [torch, *map(torch.from_numpy, arrays)]


def steps(first: int, last: int) -> tuple[int, ...]:
    """Return 1, 2, 5, 10, 20, 50 and so on, from the first to the last."""
    digits = range(len(str(last)))
    series = [m * 10**e for e in digits for m in (1, 2, 5)]
    return tuple(s for s in series if first <= s <= last)
