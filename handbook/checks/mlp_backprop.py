import copy
import functools
import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np

import handbook
from handbook.checks import (
    Broken,
    Function,
    as_code,
    call,
    core,
    expect,
    expect_close,
    expect_error,
    expect_input_unchanged,
    expect_no_loop,
    production,
    real_array,
    show,
    spell,
    spelled,
)

KEYS = ("W1", "b1", "W2", "b2")
EXAMPLE: tuple[Any, ...] = (
    np.array([[1.0, 2], [3, -1]]),
    {
        "W1": np.array([[1.0, -1, 0], [0, 1, -1]]),
        "b1": np.zeros(3),
        "W2": np.array([[1.0, 0], [0, 1], [2, 2]]),
        "b2": np.array([0.5, -0.5]),
    },
    np.array([[1.0, 0], [0, -1]]),
)


def _network(rng: Any, n: int, d: int, h: int, C: int) -> tuple[Any, ...]:
    """Return X, params and grad_logits of these sizes."""
    shapes = {"W1": (d, h), "b1": (h,), "W2": (h, C), "b2": (C,)}
    params = {key: rng.standard_normal(s) for key, s in shapes.items()}
    return rng.standard_normal((n, d)), params, rng.standard_normal((n, C))


def _each(change: Function, X: Any, params: Any, G: Any) -> Any:
    """Return a network with each of its arrays changed."""
    return change(X), {k: change(p) for k, p in params.items()}, change(G)


# square matrices, one row, one unit; no unit is within 0.1 of its kink
SIZES = (5, 3, 4, 2), (4, 3, 3, 3), (1, 2, 3, 1), (3, 2, 1, 2)
_rng = np.random.default_rng(3)
NETWORKS = [
    _each(lambda a: a.round(1), *_network(_rng, *sizes)) for sizes in SIZES
]


def _logits(X: Any, p: Any) -> Any:
    Z1 = np.einsum("nd,dh->nh", X, p["W1"]) + p["b1"]
    return np.einsum("nh,hc->nc", Z1.clip(0), p["W2"]) + p["b2"]


def _differences(
    X: Any, params: Any, G: Any, *, step: float = 1e-6
) -> dict[str, Any]:
    """Return the slopes of the sum of G·logits, one number at a time."""
    slopes = {key: np.zeros(np.shape(params[key])) for key in KEYS}
    for key, slope in slopes.items():
        for at in np.ndindex(slope.shape):
            for side in (step, -step):
                moved = copy.deepcopy(params)
                moved[key][at] += side
                slope[at] += (G * _logits(X, moved)).sum() / (2 * side)
    return slopes


def _larger(rng: np.random.Generator) -> tuple[Any, ...]:
    return _network(rng, 20_011, 19, 37, 11)


LARGER_INPUT = {
    "mlp_forward": lambda rng: _larger(rng)[:2],
    "mlp_backward": _larger,
}
CLOSE: Any = {"rtol": 1e-6, "atol": 1e-6}


def _larger_result(given: str, got: Any) -> None:
    """Expect the handbook's logits and gradients; not its cache."""
    X, params, G = _larger(np.random.default_rng(0))
    wanted, cache = handbook.mlp_forward(X, params)
    if not isinstance(got, Mapping):
        expect_close(given, _parts(given, got)[0], wanted, **CLOSE)
        return
    for key, grad in handbook.mlp_backward(cache, params, G).items():
        expect_close(f"{key} of {given}", got[key], grad, **CLOSE)


LARGER_RESULT = dict.fromkeys(LARGER_INPUT, _larger_result)


def as_stated(function: Function) -> Function:
    """Return either pass, to be called with data instead of a cache."""

    def stated(X: Any, params: Any, *grad_logits: Any) -> Any:
        if not grad_logits:
            return function(X, params)
        cache = _forward_of(function)(X, params)[1]
        return function(cache, params, *grad_logits)

    return functools.update_wrapper(stated, function, ["__name__"], [])


def _forward_of(backward: Function) -> Function:
    """Return the forward pass that stands beside a backward pass.

    Only that one makes caches for it.
    """
    home = getattr(inspect.unwrap(backward), "__globals__", {})
    forward: Function = home.get("mlp_forward", handbook.mlp_forward)
    return forward


def _parts(given: str, got: Any) -> tuple[Any, Any]:
    """Return logits and cache."""
    if not (isinstance(got, tuple | list) and len(got) == 2):
        hint = "What does the backward pass need from this one?"
        raise Broken(given, "logits and a cache", show(got), hint)
    return got[0], got[1]


def _forward(forward: Function, X: Any, params: Any) -> tuple[str, Any]:
    """Return what the logits are called, and the logits."""
    given = spell(forward, (X, params), {})
    logits, _ = _parts(given, call(forward, X, params))
    return f"logits of {given}", logits


def _cached(backward: Function, X: Any, params: Any) -> tuple[str, Any]:
    """Return the call of the forward pass, and the cache that it made."""
    forward = _forward_of(backward)
    after = spell(forward, (X, params), {})
    try:
        return after, _parts(after, call(forward, X, params))[1]
    except Broken as broken:
        broken.arguments = ""  # they are not those of the backward pass
        raise


class _Gradients:
    """What a backward pass returns after the forward pass beside it."""

    def __init__(
        self, backward: Function, X: Any, params: Any, G: Any
    ) -> None:
        after, cache = _cached(backward, X, params)
        given = f"mlp_backward(cache, params, {show(G)}) after {after}"
        got = call(backward, cache, params, G)
        data, rest = as_code((X, params), {}), as_code((params, G), {})
        code = f"(mlp_forward{data}[1], {rest[1:]}" if data and rest else ""
        (spelled.get() or {})[given] = code
        if not (isinstance(got, Mapping) and {*KEYS} <= {*got}):
            hint = "Which keys must the dict have?"
            said = "a dict with the keys W1, b1, W2 and b2"
            raise Broken(given, said, show(got), hint)
        self.given = {key: f"{key} of {given}" for key in KEYS}
        self.found = {k: real_array(self.given[k], got[k]) for k in KEYS}

    def expect(self, wanted: dict[str, Any], **close: float) -> None:
        for key, value in wanted.items():
            given, found = self.given[key], self.found[key]
            expect_close(given, found, value, **(close or CLOSE))


@core("mlp_forward")
def logits(mlp_forward: Function) -> None:
    """The logits are max(X·W1 + b1, 0)·W2 + b2, shape (n, C).

    By hand: which hidden units are above 0 for the first row? Is there
    anything after the second layer?
    """
    wanted = [[1.5, 0.5], [5.5, 1.5]]
    expect_close(*_forward(mlp_forward, *EXAMPLE[:2]), wanted, **CLOSE)
    for X, params, _ in NETWORKS:
        found = _forward(mlp_forward, X, params)
        expect_close(*found, _logits(X, params), **CLOSE)


@core("mlp_backward")
def shapes_of_the_parameters(mlp_backward: Function) -> None:
    """Each gradient has the shape of its parameter, under the same key.

    Which product of X, shape (n, d), and a gradient of shape (n, h) has
    the shape (d, h)? Which of its axes does b1, shape (h,), lack?
    """
    for network in (EXAMPLE, *NETWORKS):
        found = _Gradients(mlp_backward, *network)
        for key, value in network[1].items():
            shape, said = found.found[key].shape, f"shape {value.shape}"
            expect(found.given[key], shape == value.shape, said, shape)


@core("mlp_backward")
def sums_over_the_batch(mlp_backward: Function) -> None:
    """Every row twice gives twice the gradients.

    The factor 1/n of a mean loss is in grad_logits already. What do you
    divide by n, and where do you take a mean?
    """
    for X, params, G in (EXAMPLE, NETWORKS[0]):
        once = _Gradients(mlp_backward, X, params, G).found
        X, G = np.vstack([X, X]), np.vstack([G, G])
        twice = _Gradients(mlp_backward, X, params, G)
        twice.expect({key: 2 * value for key, value in once.items()})


@core("mlp_backward")
def gate_of_the_relu(mlp_backward: Function) -> None:
    """No gradient passes a unit whose pre-activation is 0 or negative.

    What is the slope of max(z, 0) for z = -3 and for z = 3? At z = 0 it is
    a convention: 0 here. Do you still know z in the backward pass?
    """
    W2, b2 = np.array([[1.0], [2], [4]]), np.zeros(1)
    X, G = np.array([[3.0]]), np.array([[-1.0]])
    for W1, b1 in (
        ([1.0, -1, 0], [0.0, 0, 0]),  # pre-activations 3, -3 and 0
        ([2.0, 1, 1], [0.0, -3, -4]),  # 6, 0 and -1
    ):
        first = {"W1": np.array([W1]), "b1": np.array(b1)}
        params = first | {"W2": W2, "b2": b2}
        found = _Gradients(mlp_backward, X, params, G)
        for key in first:
            passes = (np.ravel(found.found[key]) != 0).tolist()
            said = "a gradient for unit 0, and 0 for units 1 and 2"
            opened = passes == [True, False, False]
            expect(found.given[key], opened, said, found.found[key])


@core("mlp_backward")
def gradients_by_differences(mlp_backward: Function) -> None:
    """All gradients equal central differences of the sum of G·logits.

    Take d = h = C, where any transpose fits: which index of W2 does the
    sum run over on the way back? Is the cache still what forward made?
    """
    for network in NETWORKS:
        found = _Gradients(mlp_backward, *network)
        found.expect(_differences(*network))


@core("mlp_forward", "mlp_backward")
def vectorised(function: Function, name: str) -> None:
    """No Python loop over rows or units.

    Which one product adds up the outer products of all rows?
    """
    rng = np.random.default_rng(0)
    small = _network(rng, 4, 2, 4, 2)
    for n, h in ((404, 4), (4, 404)):
        pair: Any = small[:2], _network(rng, n, 2, h, 2)[:2]
        if name == "mlp_backward":
            grads = np.ones((4, 2)), np.ones((n, 2))
            pair = [
                (_cached(function, *data)[1], data[1], G)
                for data, G in zip(pair, grads, strict=True)
            ]
        expect_no_loop(function, pair[0], pair[1], 400)


@core("mlp_forward", "mlp_backward")
def input_unchanged(function: Function, name: str) -> None:
    """No array of the caller changes; backward twice gives the same.

    Which of your lines write into an array, and who else holds it: the
    caller, or the cache?
    """
    X, params, G = NETWORKS[0]
    if name == "mlp_forward":

        def mlp_forward(X: Any, params: Any) -> Any:
            return _parts(name, function(X, params))[0]

        expect_input_unchanged(mlp_forward, *copy.deepcopy((X, params)))
        return
    forward = _forward_of(function)

    def mlp_backward(X: Any, params: Any, grad_logits: Any) -> Any:
        args = _parts(name, forward(X, params))[1], params, grad_logits
        function(*args)
        return function(*args)

    mlp_backward.__name__ = "mlp_forward and mlp_backward twice on "
    try:
        expect_input_unchanged(mlp_backward, *copy.deepcopy((X, params, G)))
    except Broken as broken:
        broken.arguments = ""  # no call of one function has them
        raise
    second = call(mlp_backward, X, params, G)
    for key, first in _Gradients(function, X, params, G).found.items():
        given = f"{key} of a second mlp_backward with the same cache"
        expect_close(given, second[key], first, **CLOSE)


@production("mlp_forward", "mlp_backward")
def any_real_dtype(function: Function, name: str) -> None:
    """float32 stays float32; integers and bools become float64.

    X may hold uint8 pixels, params lists. What is 200·200 in uint8, and
    what does True + True give?
    """
    close: Any = {"rtol": 1e-5, "atol": 1e-5}
    for dtype in ("float32", "float64", "int8", "uint8", "?", "list"):

        def cast(a: Any, dtype: str = dtype) -> Any:
            a = (40 * a.clip(-3, 3)).astype("int8")
            return a.tolist() if dtype == "list" else a.astype(dtype)

        args = _each(cast, *NETWORKS[0])
        plain = _each(lambda a: np.asarray(a, float), *args)
        stays = "float32" if dtype == "float32" else "float64"
        if name == "mlp_backward":
            gradients = _Gradients(function, *args)
            # whole numbers are 1 or more away from a kink
            gradients.expect(_differences(*plain, step=2**-10), **close)
            results = gradients.found
        else:
            given, found = _forward(function, *args[:2])
            expect_close(given, found, _logits(*plain[:2]), **close)
            results = {given: real_array(given, found)}
        for key, found in results.items():
            said, fits = f"dtype {stays}", found.dtype == stays
            expect(f"{key} for {dtype}", fits, said, found.dtype)


@production("mlp_forward", "mlp_backward")
def empty_batch(function: Function, name: str) -> None:
    """No rows give logits of shape (0, C), and gradients of 0.

    The last batch of a shard may be empty. What is a sum of nothing?
    """
    params, none = EXAMPLE[1], np.empty((0, 2))
    if name == "mlp_forward":
        expect_close(*_forward(function, none, params), none)
    else:
        wanted = {key: np.zeros_like(params[key]) for key in KEYS}
        _Gradients(function, none, params, none).expect(wanted)


@production("mlp_forward")
def nan_shows(mlp_forward: Function) -> None:
    """A NaN in a row of X makes the logits of that row NaN, no others.

    Is NaN above 0? What does np.where(Z1 > 0, Z1, 0) put in its place?
    """
    for X, params, _ in NETWORKS[:2]:
        wanted, X = _logits(X, params), X.copy()
        X[1, 2] = wanted[1] = np.nan
        expect_close(*_forward(mlp_forward, X, params), wanted, **CLOSE)


@production("mlp_backward")
def closed_means_closed(mlp_backward: Function) -> None:
    """An infinite gradient at a closed unit passes 0, without a warning.

    What is inf·0? Which function chooses instead of multiplying?
    """
    X, b2 = np.array([[1.0]]), np.zeros(1)
    two = {"W1": np.array([[1.0, -1]]), "b1": np.zeros(2), "b2": b2}
    params = two | {"W2": np.array([[1.0], [1e200]])}
    found = _Gradients(mlp_backward, X, params, np.array([[1e200]]))
    found.expect({"b1": [1e200, 0], "W1": [[1e200, 0]], "b2": [1e200]})
    params = two | {"W1": np.array([[-1.0, -2]]), "W2": np.ones((2, 1))}
    found = _Gradients(mlp_backward, X, params, np.array([[np.inf]]))
    found.expect({"b1": [0, 0], "W1": [[0, 0]], "b2": [np.inf]})


@production("mlp_forward", "mlp_backward")
def bad_input_is_refused(function: Function, name: str) -> None:
    """Missing keys and wrong shapes raise ValueError, text TypeError.

    What does a bias of shape (h, 1) broadcast to if n = h? And what does a
    grad_logits of shape (1, C) give for n rows?
    """
    rng = np.random.default_rng(0)
    X, params, G = _network(rng, 4, 3, 4, 2)
    wrong = {
        "W1": [(4,), (1, 3, 4), (3, 5)],
        "b1": [(4, 1), (1, 4), (1,), ()],
        "W2": [(4,), (1, 4, 2), (5, 2)],
        "b2": [(2, 1), (1, 2), (1,), ()],
    }
    changed = [
        params | {k: np.ones(shape)} for k in KEYS for shape in wrong[k]
    ]
    changed += [{k: params[k] for k in KEYS if k != no} for no in KEYS]
    typed = [params | {key: params[key].astype(str)} for key in KEYS]
    bad: Any
    if name == "mlp_forward":
        given: Any = X
        for bad in (X[0], X[None], X[:, :2], X[:, :1], 1.0):
            expect_error(function, bad, params, error=ValueError)
        expect_error(function, X.astype(str), params, error=TypeError)
        rest: Any = ()
    else:
        _, given = _cached(function, X, params)
        for bad in (G[0], G[:1], G[:, :1], G[None], G[[0] * 8], 1.0):
            expect_error(function, given, params, bad, error=ValueError)
        expect_error(function, given, params, G + 1j, error=TypeError)
        rest = (G,)
        # those of another network: of as many units, of as many columns
        for d, h in ((2, 4), (3, 5)):
            changed.append(_network(rng, 4, d, h, 2)[1])
    for bad in changed:
        expect_error(function, given, bad, *rest, error=ValueError)
    for bad in typed:
        expect_error(function, given, bad, *rest, error=TypeError)
