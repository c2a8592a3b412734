"""What is measured: sweeps of sizes, and the functions along them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np

import handbook
from handbook.page import challenge

Functions = dict[str, Callable[[], object]]


@dataclass(frozen=True)
class Sweep:
    """An axis along which the functions of a challenge are measured."""

    key: str  # of the figure, <stem>_<key>
    axis: str  # what the sizes are, such as "rows"
    setting: str  # what does not change
    sizes: tuple[int, ...]  # in the order of their times
    functions: Callable[[int], Functions]
    others: Callable[[int], Functions]  # those of the extra "peers"
    elements: Callable[[int], int]  # how many numbers the input holds
    exponents: dict[str, float]  # claimed
    # the sizes between which an exponent is fitted, else the last decade
    fit: tuple[int, int] | None = None
    crossings: tuple[tuple[str, str], ...] = ()
    peers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # what the figure draws, at most six; the tables hold all
    shown: tuple[str, ...] = ()
    # exponents of the peak, where it is measured as well
    memory: dict[str, float] = field(default_factory=dict)


@cache
def on_page(stem: str) -> dict[str, Callable[..., Any]]:
    """Return the functions of a challenge's page, as printed there.

    The package's own are handbook.softmax and so on.
    """
    namespace: dict[str, Callable[..., Any]] = {}
    for fence in challenge(stem).fences:
        if fence.functions:
            own: dict[str, Any] = {}
            exec(fence.source, own)
            namespace |= {name: own[name] for name in fence.functions}
    return namespace | {
        f"handbook.{name}": getattr(handbook, name)
        for name in handbook.__all__
    }


def sweeps(stem: str) -> list[Sweep]:
    """Return what is to be measured of a challenge."""
    return import_module(f"benchmarks.cases.{stem}").SWEEPS


def calls(stem: str, names: str, *arguments: Any) -> Functions:
    """Return calls of functions of a page, by their names."""
    page = on_page(stem)
    return {
        name: lambda f=page[name]: f(*arguments) for name in names.split()
    }


def normal(
    *shape: int, dtype: str = "float64", seed: int = 0
) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.standard_normal(shape).astype(dtype)


def pytorch() -> Any:
    """Return PyTorch, held to one thread."""
    import torch

    torch.set_num_threads(1)
    return torch


def steps(first: int, last: int) -> tuple[int, ...]:
    """Return 1, 2, 5, 10, 20, 50 and so on, from the first to the last."""
    digits = range(len(str(last)))
    series = [m * 10**e for e in digits for m in (1, 2, 5)]
    return tuple(s for s in series if first <= s <= last)
