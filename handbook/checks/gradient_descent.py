import contextlib
import inspect
import math
from functools import partial, update_wrapper, wraps
from itertools import product
from typing import Any

import numpy as np

from handbook.checks import (
    Broken,
    Function,
    call,
    core,
    expect,
    expect_close,
    expect_error,
    expect_input_unchanged,
    expect_no_loop,
    fenced,
    frozen,
    production,
    real_array,
    show,
    spell,
)

SEED = 1
HUGE = 1e12  # targets beside which it does not matter where w and b start
TINY = 1e-6  # a learning rate that leaves every error as it was
WEIGHTS, BIAS = np.array([1.0, -2, 3, 0.5, -1, 2, -3]), 1.5


def _larger(rng: np.random.Generator) -> tuple[Any, ...]:
    """Return samples of which the first 1000 and the last are needed."""
    X = rng.standard_normal((33_809, len(WEIGHTS)))
    X[1000:, 0] = X[:-1000, -1] = 0
    X[:, [0, -1]] *= 6  # as much for their weights as the others do
    return X, X @ WEIGHTS + BIAS, 0.08, 2, 201


LARGER_INPUT = {"mini_batch_gd": _larger}


def _larger_result(given: str, got: Any) -> None:
    """Expect the line; the way to it depends on the order of samples."""
    fit = _Fit(given, got)
    fit.expect(atol=1e-2, weights=WEIGHTS, bias=BIAS)
    fit.part("loss_history", 2)


LARGER_RESULT = {"mini_batch_gd": _larger_result}


def as_stated(function: Function) -> Function:
    """Return the attempt, to be called with all arguments but rng."""
    return _bound(function, **_rng(function))


def _bound(function: Function, **options: Any) -> Function:
    """Return the attempt with these options, under its name."""
    kept, bound = ("__name__", "__code__"), partial(function, **options)
    return update_wrapper(bound, function, kept, updated=())


def _rng(function: Function) -> dict[str, Any]:
    """Return the keyword rng as the attempt takes it, if it does.

    The statement does not say whether it is a seed or a `Generator`.
    """
    taken = inspect.signature(function).parameters.values()
    if not any(p.name == "rng" or p.kind == p.VAR_KEYWORD for p in taken):
        return {}
    seed = {"rng": SEED}
    for options in (seed, {"rng": np.random.default_rng(SEED)}, {}):
        with contextlib.suppress(Broken):
            call(
                function, np.ones((2, 1)), np.ones(2), TINY, 1, 2, **options
            )
            return options
    return seed


class _Fit:
    """A fit, of which a check reads only the parts that it is about."""

    def __init__(self, given: str, result: Any) -> None:
        self.given, self.result = given, result

    def part(self, key: str, *shape: int) -> Any:
        """Return this entry as float64 of this shape."""
        hint = "Which entries does the statement name, of which shapes?"
        if not (isinstance(self.result, dict) and key in self.result):
            said, got = f"a dict with the key {key!r}", show(self.result)
            raise Broken(self.given, said, got, hint)
        given = f"{key} of {self.given}"
        array = real_array(given, self.result[key])
        if key != "weights" and array.size == math.prod(shape):
            array = array.reshape(shape)  # if w and y are columns
        if array.shape != shape:
            said, got = f"shape {shape}", f"shape {array.shape}"
            raise Broken(given, said, got, hint)
        with np.errstate(all="ignore"):
            usable = (abs(array) < 1e100).all()
        expect(given, usable, "finite real numbers", array)
        return array.astype(float)

    def parts(self, d: int, epochs: int) -> dict[str, Any]:
        """Return all entries of a fit of d weights."""
        shapes = {"weights": [d], "bias": [], "loss_history": [epochs]}
        return {key: self.part(key, *shapes[key]) for key in shapes}

    def expect(
        self, rtol: float = 0, atol: float = 0, **expected: Any
    ) -> None:
        """Expect these entries to have these values."""
        for key, value in expected.items():
            part = self.part(key, *np.shape(value))
            expect_close(f"{key} of {self.given}", part, value, rtol, atol)


def _fit(function: Function, X: Any, y: Any, **options: Any) -> _Fit:
    """Fit with the seed SEED, if the attempt takes one, or with `rng`."""
    if "rng" not in options:
        options |= _rng(function)
    with fenced():
        np.random.seed(SEED)  # noqa: NPY002 - if it draws from there
        given = spell(function, (X, y), options)
        return _Fit(given, call(function, X, y, **options))


def _moves(
    function: Function, n: int, m: int, lr: float = TINY, epochs: int = 1
) -> tuple[str, Any, Any]:
    """Return the call, how far each sample moves its weight, and the bias.

    X is the identity and all targets are alike, so that a batch of m moves
    the weights of its samples by lr / m times one and the same number.
    """
    X, y = np.eye(n), np.full(n, HUGE)
    fit = _fit(function, X, y, lr=lr, epochs=epochs, batch_size=m)
    said = f"np.eye({n}), np.full({n}, 1e12)"
    fit.given = fit.given.replace(f"{show(X)}, {show(y)}", said)
    fit.given += ", where only sample i moves weight i"
    moves = abs(fit.part("weights", n)).round(1)
    given = f"weights of {fit.given}"
    expect(given, (moves > 1e3).all(), "every weight moved", moves)
    return given, moves, abs(fit.part("bias"))


def _samples(n: int, d: int) -> tuple[Any, Any]:
    """Return n noisy samples of the line with d of its weights."""
    rng = np.random.default_rng(5)
    X = rng.standard_normal((n, d))
    return X, X @ WEIGHTS[:d] + BIAS + rng.standard_normal(n)


@core("mini_batch_gd")
def steps_against_the_gradient(mini_batch_gd: Function) -> None:
    """A step moves w and b against the gradient, both from one error.

    For one sample e = xw + b - y: what are the derivatives of e**2 by w and
    by b? Has anything moved between your two updates?
    """
    # alike, so that neither their order nor the batches matter
    X, y = np.array([[1.0, 2.0]] * 4), np.full(4, 1e9)
    fit = _fit(mini_batch_gd, X, y, lr=0.01, epochs=1, batch_size=2)
    theta = np.append(fit.part("weights", 2), fit.part("bias"))
    line = theta.sum() / 4 * np.array([1, 2, 1])
    down = theta.sum() > 1 and np.allclose(theta, line, rtol=1e-3)
    given = f"weights, then bias, of {fit.given}"
    said = "all positive and in the ratio 1 : 2 : 1, since x is [1, 2]"
    expect(given, down, said, theta.round(1))


@core("mini_batch_gd")
def fits_a_line(mini_batch_gd: Function) -> None:
    """Without noise in y, the loss falls, and w and b are recovered.

    Does every row keep its own target? Which shape has Xw + b - y: one
    number for each sample, or a matrix?
    """
    x = np.array([[-2.0], [-1], [0], [1], [2], [3]])
    cube = np.array([*product((-1.0, 1.0), repeat=3)])
    for X, w, b, m in ((x, [2.0], 1.0, 2), (cube, WEIGHTS[:3], BIAS, 4)):
        options = {"lr": 0.05, "epochs": 300, "batch_size": m}
        fit = _fit(mini_batch_gd, X, X @ w + b, **options)
        fit.expect(atol=1e-3, weights=w, bias=b)
        losses = fit.part("loss_history", 300)
        if not losses[-1] < losses[0] / 2:
            given = f"loss_history of {fit.given}"
            said = "a last loss well below the first"
            got = f"first {losses[0]:.6g}, last {losses[-1]:.6g}"
            hint = "Does each entry hold the losses of its epoch only?"
            raise Broken(given, said, got, hint)


@core("mini_batch_gd")
def every_sample_once_an_epoch(mini_batch_gd: Function) -> None:
    """An epoch uses every sample once, whatever `batch_size` is.

    Seven samples in batches of four: what happens to the last three? And
    what if there are fewer samples than one batch would hold?
    """
    for n, m in ((7, 4), (6, 3), (12, 3), (7, 10), (1, 1)):
        given, weights, _ = _moves(mini_batch_gd, n, m)
        # that of a batch of 3 moves 4 / 3 as far as one of 4
        once = weights.max() < 1.9 * weights.min()
        said = "no weight moved as if its sample had been used twice"
        expect(given, once, said, weights)


@core("mini_batch_gd")
def last_batch_by_its_own_size(mini_batch_gd: Function) -> None:
    """Each batch is averaged over the samples it has, the last one too.

    Five samples in batches of four: how long is each batch? By which
    number do you divide the sum over it, for w and for b?
    """
    for n, *cuts in ((5, [4, 1], [3, 2]), (11, [4, 4, 3])):
        given, weights, bias = _moves(mini_batch_gd, n, 4)
        found = np.append(np.sort(weights), bias) / weights.min()
        # a batch of k moves each of its k weights by a k-th of a step
        possible = [
            np.append(m[0] / np.repeat(m, m), m[0] * len(m)) for m in cuts
        ]
        if not any(np.allclose(found, p, rtol=1e-3) for p in possible):
            given = f"sorted {given}; then bias; in units of the least"
            expect_close(given, found.round(3), possible[0], rtol=1e-3)


@core("mini_batch_gd")
def new_order_every_epoch(mini_batch_gd: Function) -> None:
    """Every epoch draws a new order, the same for X and y.

    On which side of the loop over epochs does the shuffle stand, and on
    which side the seed?
    """
    in_order = [[i, i + 1] for i in range(0, 24, 2)]
    for epochs, said in (
        (1, "batches of a shuffled first epoch"),
        (2, "other pairs in the second epoch than in the first"),
    ):
        # the bias grows by step, so that later batches move less far
        given, weights, _ = _moves(mini_batch_gd, 24, 2, 0.01, epochs)
        order = np.argsort(-weights, kind="stable")
        falls = 1 - weights[order[1:]] / weights[order[:-1]]
        groups = np.split(order, np.flatnonzero(falls > 1e-4) + 1)
        found = [sorted(group.tolist()) for group in groups]
        pairs = all(len(batch) == 2 for batch in found)
        old = pairs and (epochs == 2 or found == in_order)
        expect(f"samples with equal {given}", not old, said, found)


@core("mini_batch_gd")
def vectorised(mini_batch_gd: Function) -> None:
    """Python loops over epochs and batches, never over samples.

    Which one product gives the predictions of a whole batch, and which
    one the sum of error times row?
    """
    small = np.ones((4, 3)), np.ones(4), 0.01, 3, 2
    large = np.ones((404, 3)), np.ones(404), 0.01, 3, 202
    try:
        expect_no_loop(as_stated(mini_batch_gd), small, large, 3 * 400)
    except Broken as broken:
        if not broken.got.endswith(" in random.py"):  # Python's shuffle
            raise


@core("mini_batch_gd")
def input_unchanged(mini_batch_gd: Function) -> None:
    """The caller's rows and targets keep their order and their values.

    Do you shuffle the arrays that you were given, or something of your
    own?
    """
    X, y = np.arange(1.0, 13).reshape(6, 2), np.arange(6.0)
    expect_input_unchanged(as_stated(mini_batch_gd), X, y, TINY, 3, 2)


@production("mini_batch_gd")
def one_step_per_batch(mini_batch_gd: Function) -> None:
    """From zeros, each batch is one step of -lr times its gradient.

    Take one sample, x = 1 and y = 1: by how much does the first step move
    w? How many steps has an epoch, and which batch is the short one?
    """
    X, y = np.array([[1.0], [2.0]]), np.array([3.0, 5.0])
    for epochs, weights, bias in ((1, [1.3], 0.8), (2, [1.71], 1.05)):
        fit = _fit(mini_batch_gd, X, y, lr=0.1, epochs=epochs, batch_size=2)
        fit.expect(rtol=1e-9, weights=weights, bias=bias)
    X, y = _samples(5, 2)
    fit = _fit(mini_batch_gd, X, y, lr=0.1, epochs=1, batch_size=4)
    theta = np.append(fit.part("weights", 2), fit.part("bias"))
    A, possible = np.c_[X, np.ones(5)], []
    for last in range(5):
        possible.append(np.zeros(3))
        for rows in ([i for i in range(5) if i != last], [last]):
            # by differences, which are exact for a quadratic
            around = possible[-1] + np.vstack([np.eye(3), -np.eye(3)])
            losses = np.mean((around @ A[rows].T - y[rows]) ** 2, axis=1)
            possible[-1] -= 0.1 * (losses[:3] - losses[3:]) / 2
    kept = any(np.allclose(theta, p, rtol=1e-9) for p in possible)
    one = possible[0].round(4).tolist()
    said = f"weights, then bias, after steps for 4 and for 1, such as {one}"
    expect(fit.given, kept, said, theta.round(4).tolist())


@production("mini_batch_gd")
def loss_before_update(mini_batch_gd: Function) -> None:
    """`loss_history` is the mean of the losses before each batch's step.

    All weights are 0 before the first step: what is the loss then? And is
    it the mean over the batches, or a sum, or the loss of the last one?
    """
    X, y = np.array([[1.0], [2.0]]), np.array([3.0, 5.0])
    one, two = (
        _fit(mini_batch_gd, X, y, lr=0.1, epochs=epochs, batch_size=2)
        for epochs in (1, 2)
    )
    error = X @ one.part("weights", 1) + one.part("bias") - y
    two.expect(rtol=1e-9, loss_history=[17, np.mean(error**2)])
    # alike in all samples: two batches an epoch are two epochs of one
    X, y = np.ones((4, 1)), np.ones(4)
    two = _fit(mini_batch_gd, X[:2], y[:2], lr=0.1, epochs=2, batch_size=2)
    one = _fit(mini_batch_gd, X, y, lr=0.1, epochs=1, batch_size=2)
    mean = two.part("loss_history", 2).mean()
    one.expect(rtol=1e-9, loss_history=[mean])
    # the mean of the batches, not of the samples
    X, y = np.zeros((5, 1)), np.array([6.0, 0, 0, 0, 0])
    fit = _fit(mini_batch_gd, X, y, lr=1e-12, epochs=3, batch_size=4)
    losses = fit.part("loss_history", 3)
    kept = not np.isclose(losses, 36 / 5, rtol=1e-6).any()
    said = "the mean of the two batch losses, 4.5 or 18"
    expect(fit.given, kept, said, losses)


@production("mini_batch_gd")
def seeded_is_reproducible(mini_batch_gd: Function) -> None:
    """The same seed gives the same fit, to the last bit.

    A colleague wants the numbers of your report: what does every random
    number of yours come from? Is 0 a seed?
    """
    X, y = _samples(30, 3)
    for seed in (0, 12345):
        options = {"epochs": 3, "batch_size": 8, "rng": seed}
        first, second = (_fit(mini_batch_gd, X, y, **options) for _ in "ab")
        second.expect(**first.parts(3, 3))
    # the defaults are those of the signature
    X, y = _samples(70, 3)
    spelled = {"lr": 0.01, "epochs": 100, "batch_size": 32, "rng": 0}
    second = _fit(mini_batch_gd, X, y, **spelled)
    _fit(mini_batch_gd, X, y, rng=0).expect(**second.parts(3, 100))


@production("mini_batch_gd")
def generator_accepted(mini_batch_gd: Function) -> None:
    """`rng` is a seed, None, or a `Generator`, which each fit advances.

    One stream of random numbers for the whole program: what does
    np.random.default_rng return when it is given a Generator?
    """
    X, y = _samples(30, 3)
    options: dict[str, Any] = {"epochs": 3, "batch_size": 4}
    stream = np.random.default_rng(7)
    # not an argument: call would hand over a copy of the stream
    on_stream = _bound(mini_batch_gd, rng=stream)
    given = spell(mini_batch_gd, (X, y), options | {"rng": stream})
    fits = [_Fit(given, call(on_stream, X, y, **options)) for _ in "ab"]
    first, second = (fit.part("weights", 3) for fit in fits)
    given = f"{given}, twice with one Generator"
    said = "two different fits, since the Generator advances"
    expect(given, (first != second).any(), said, second)
    alone = np.random.default_rng(7)
    fit = _fit(mini_batch_gd, X, y, **options, rng=alone)
    fit.expect(weights=first)
    for rng in (7, None):
        _fit(mini_batch_gd, X, y, **options, rng=rng).part("weights", 3)


@production("mini_batch_gd")
def global_state_untouched(mini_batch_gd: Function) -> None:
    """NumPy's global random state stays where it was.

    Two fits, and a dropout mask after each: may the masks be equal? Who
    else draws from the generator that you seed?
    """

    @wraps(mini_batch_gd)
    def touches(*args: Any, **kwargs: Any) -> bool:
        before = frozen(np.random.get_state(legacy=False))  # noqa: NPY002
        mini_batch_gd(*args, **kwargs)
        after = frozen(np.random.get_state(legacy=False))  # noqa: NPY002
        return bool(after != before)

    X, y = _samples(6, 2)
    for rng in ({}, _rng(mini_batch_gd)):
        options = {"epochs": 3, "batch_size": 2} | rng
        if call(touches, X, y, **options):
            given = spell(mini_batch_gd, (X, y), options)
            raise Broken(given, "np.random as it was", "another state")


@production("mini_batch_gd")
def zero_epochs(mini_batch_gd: Function) -> None:
    """`epochs=0` returns zero weights, bias 0.0 and an empty history.

    A run is resumed with nothing left to do. Which of your names get their
    first value inside the loop?
    """
    X, y = _samples(4, 3)
    fit = _fit(mini_batch_gd, X, y, epochs=0, batch_size=2)
    fit.expect(weights=[0, 0, 0], bias=0, loss_history=[])


@production("mini_batch_gd")
def any_real_dtype(mini_batch_gd: Function) -> None:
    """float32 stays float32; integers and bools become float64.

    Your weights start as float64. Which dtype has the fit of float32 data,
    and which type has your bias? And may X be a list?
    """
    options: dict[str, Any] = {"lr": 1e-6, "epochs": 2, "batch_size": 3}
    for dtypes, numbers in (
        ("float32 float64", [-1.5, 0.5, 2, 3]),
        ("bool", [0, 1, 1, 0]),
        ("int8 int64", [-128, 127, 100, 3]),
        ("uint8 uint64", [0, 255, 200, 3]),
    ):
        for dtype in dtypes.split():
            X = np.array(numbers, dtype)[[[0, 1], [1, 2], [2, 3]]]
            fit, wide = (
                _fit(mini_batch_gd, data, data[:, 0], **options)
                for data in (X, X.astype(float))
            )
            fit.part("weights", 2)
            found = np.asarray(fit.result["weights"]).dtype
            wanted = dtype if dtype == "float32" else "float64"
            given = f"weights of {fit.given}"
            expect(given, found == wanted, f"dtype {wanted}", found)
            rtol = 1e-3 if dtype == "float32" else 1e-9
            fit.expect(rtol=rtol, **wide.parts(2, 2))
            bias, history = fit.result["bias"], fit.result["loss_history"]
            kept = {*map(type, [bias, *history])} == {float}
            kept = kept and isinstance(history, list)
            said = "Python floats: the bias, and those of a list of losses"
            expect(fit.given, kept, said, (bias, history))
    X, y = np.array([[1.0], [2], [3]]), np.array([3.0, 5, 7])
    wide = _fit(mini_batch_gd, X, y, **options)
    fit = _fit(mini_batch_gd, [[1], [2], [3]], [3, 5, 7], **options)
    fit.expect(rtol=1e-9, **wide.parts(1, 2))


@production("mini_batch_gd")
def no_columns_no_problem(mini_batch_gd: Function) -> None:
    """d may be 0: then only b is fitted.

    Feature selection leaves nothing. Which number best predicts y then?
    """
    X, y = np.empty((4, 0)), np.array([1.0, 2.0, 3.0, 4.0])
    fit = _fit(mini_batch_gd, X, y, lr=0.25, epochs=80, batch_size=4)
    fit.expect(atol=1e-6, weights=np.empty(0), bias=2.5)


@production("mini_batch_gd")
def bad_input_is_refused(mini_batch_gd: Function) -> None:
    """Wrong shapes and ranges raise ValueError, wrong kinds TypeError.

    What does a y of shape (n, 1) lead to in your code, and what lr=nan,
    batch_size=-1 or text? Silence is the worst answer.
    """
    refuse = partial(expect_error, mini_batch_gd, **_rng(mini_batch_gd))
    X, y = np.ones((4, 2)), np.ones(4)
    pairs: Any = [((4, 2), s) for s in ((4, 1), (3,), (5,), (1,), ())]
    pairs += [((4,), (4,)), ((), ()), ((1, 4, 2), (1,))]
    pairs += [((4, 2, 2), (4,)), ((0, 2), (0,))]
    for epochs, pair in product((1, 0), pairs):
        # without epochs nothing else complains
        refuse(*map(np.ones, pair), error=ValueError, epochs=epochs)
    for error, name, values in (
        (ValueError, "lr", [0, 0.0, -1, np.nan, float("inf"), -np.inf]),
        (ValueError, "epochs", [-1]),
        (ValueError, "batch_size", [0, -1]),
        (TypeError, "lr", ["0.1", None, 1j]),
        (TypeError, "epochs", [2.0, "2", None]),
        (TypeError, "batch_size", [2.0, "2", None]),
    ):
        for epochs, value in product((1, 0), values):
            refuse(X, y, error=error, **{"epochs": epochs, name: value})
    for dtype in ("complex", "str", "object", "M8[D]"):
        strange = X.astype(int).astype(dtype)
        for data in ((strange, y), (X, strange[:, 0])):
            refuse(*data, error=TypeError)
