import functools
import inspect
import math
import random
from collections.abc import Iterable
from itertools import combinations, product
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
    X = rng.standard_normal((40_009, len(WEIGHTS)))
    X[1000:, 0] = X[:-1000, -1] = 0
    X[:, [0, -1]] *= 6  # as much for their weights as the others do
    return X, X @ WEIGHTS + BIAS, 0.02, 2, 37


LARGER_INPUT = {"mini_batch_gd": _larger}


def larger_result(given: str, got: Any) -> None:
    """Expect the line; the way to it depends on the order of samples."""
    fit = _Fit(given, got)
    fit.expect("weights", WEIGHTS, atol=1e-2)
    fit.expect("bias", BIAS, atol=1e-2)
    fit.part("loss_history", (2,))


def as_stated(function: Function) -> Function:
    """Return the attempt as it is called with the statement's arguments.

    X, y, lr, epochs and batch_size go by position; rng is not asked for.
    """
    stated: Any = functools.partial(function, **_rng(function))
    for name in ("__name__", "__code__"):  # reports and the loop check
        if hasattr(function, name):
            setattr(stated, name, getattr(function, name))
    return stated


def _rng(function: Function) -> dict[str, Any]:
    """Return the keyword rng as the attempt takes it, if it does.

    The statement does not say whether it is a seed or a `Generator`.
    """
    taken = inspect.signature(function).parameters.values()
    if not any(p.name == "rng" or p.kind == p.VAR_KEYWORD for p in taken):
        return {}
    options: dict[str, Any] = {"lr": TINY, "epochs": 1, "batch_size": 2}
    try:
        call(function, np.ones((2, 1)), np.ones(2), **options, rng=SEED)
    except Broken as broken:
        error = broken.__cause__
        if isinstance(error, AttributeError) and type(error.obj) is int:
            return {"rng": np.random.default_rng(SEED)}
    return {"rng": SEED}


class _Fit:
    """A fit, of which a check reads only the parts that it is about."""

    def __init__(self, given: str, result: Any) -> None:
        self.given, self.result = given, result

    def part(self, key: str, shape: tuple[int, ...]) -> Any:
        """Return this entry as float64 of this shape."""
        if not (isinstance(self.result, dict) and key in self.result):
            hint = "Which keys does the statement give the result?"
            said, got = f"a dict with the key {key!r}", show(self.result)
            raise Broken(self.given, said, got, hint)
        given = f"{key} of {self.given}"
        array = real_array(given, self.result[key])
        if key != "weights" and array.size == math.prod(shape):
            array = array.reshape(shape)  # if w and y are columns
        if array.shape != shape:
            said, got = f"shape {shape}", f"shape {array.shape}"
            hint = "Which shape is asked for, and which line makes yours?"
            raise Broken(given, said, got, hint)
        with np.errstate(all="ignore"):
            usable = (abs(array) < 1e100).all()
        expect(given, usable, "finite real numbers", array)
        return array.astype(float)

    def expect(
        self, key: str, expected: Any, rtol: float = 0, atol: float = 0
    ) -> None:
        """Expect this entry to have this value."""
        part = self.part(key, np.shape(expected))
        expect_close(f"{key} of {self.given}", part, expected, rtol, atol)


def _fit(function: Function, X: Any, y: Any, **options: Any) -> _Fit:
    """Fit with the seed SEED, if the attempt takes one, or with `rng`."""
    if "rng" not in options:
        options |= _rng(function)
    with fenced():
        np.random.seed(SEED)  # noqa: NPY002 - if it draws from there
        given = spell(function, (X, y), options)
        return _Fit(given, call(function, X, y, **options))


def _moves(
    function: Function, n: int, batch_size: int, lr: float, epochs: int
) -> tuple[str, Any, Any]:
    """Return how far each of n samples moves the weight of its own.

    X is the identity and all targets are alike, so that a batch of m moves
    the weights of its samples by lr / m times one and the same number. The
    call, these weights and the bias.
    """
    options = {"lr": lr, "epochs": epochs, "batch_size": batch_size}
    X, y = np.eye(n), np.full(n, HUGE)
    fit = _fit(function, X, y, **options)
    shown = ", ".join(map(show, (X, y)))
    said = fit.given.replace(shown, f"np.eye({n}), np.full({n}, 1e12)")
    fit.given = f"{said}, where only sample i moves weight i"
    moves = abs(fit.part("weights", (n,))).round(1)
    given = f"weights of {fit.given}"
    expect(given, (moves > 1e3).all(), "every weight moved", moves)
    return given, moves, abs(fit.part("bias", ()))


def _samples(n: int, d: int, noise: float = 0.0) -> tuple[Any, Any]:
    """Return n samples of the line with d of its weights, and noise."""
    rng = np.random.default_rng(5)
    X = rng.standard_normal((n, d))
    y = X @ WEIGHTS[:d] + BIAS + noise * rng.standard_normal(n)
    return X, y


@core("mini_batch_gd")
def steps_against_the_gradient(mini_batch_gd: Function) -> None:
    """A step moves w and b against the gradient, both from one error.

    For one sample e = xw + b - y: what are the derivatives of e**2 by w and
    by b? Has anything moved between your two updates?
    """
    # alike, so that neither their order nor the batches matter
    X, y = np.array([[1.0, 2.0]] * 4), np.full(4, 1e9)
    fit = _fit(mini_batch_gd, X, y, lr=0.01, epochs=1, batch_size=2)
    theta = np.append(fit.part("weights", (2,)), fit.part("bias", ()))
    expected = theta.sum() / 4 * np.array([1, 2, 1])
    expect(
        f"weights, then bias, of {fit.given}",
        theta.sum() > 1 and np.allclose(theta, expected, rtol=1e-3),
        "all positive and in the ratio 1 : 2 : 1, since x is [1, 2]",
        theta.round(1),
    )


@core("mini_batch_gd")
def fits_a_line(mini_batch_gd: Function) -> None:
    """Without noise in y, the loss falls, and w and b are recovered.

    Does every row keep its own target? Which shape has Xw + b - y: one
    number for each sample, or a matrix?
    """
    X = np.array([[-2.0], [-1], [0], [1], [2], [3]])
    y = 2 * X[:, 0] + 1
    fit = _fit(mini_batch_gd, X, y, lr=0.05, epochs=300, batch_size=2)
    fit.expect("weights", [2.0], atol=1e-3)
    fit.expect("bias", 1.0, atol=1e-3)
    losses = fit.part("loss_history", (300,))
    if not losses[-1] < losses[0] / 2:
        raise Broken(
            f"loss_history of {fit.given}",
            "a last loss well below the first",
            f"first {losses[0]:.6g}, last {losses[-1]:.6g}",
            "Which losses does the entry of an epoch hold: those of this "
            "epoch, or of all so far?",
        )
    X = np.array([*product((-1.0, 1.0), repeat=3)])
    y = X @ WEIGHTS[:3] + BIAS
    fit = _fit(mini_batch_gd, X, y, lr=0.05, epochs=300, batch_size=4)
    fit.expect("weights", WEIGHTS[:3], atol=1e-3)
    fit.expect("bias", BIAS, atol=1e-3)


@core("mini_batch_gd")
def every_sample_once_an_epoch(mini_batch_gd: Function) -> None:
    """An epoch uses every sample once, whatever `batch_size` is.

    Seven samples in batches of four: what happens to the last three? And
    what if there are fewer samples than one batch would hold?
    """
    for n, m in ((7, 4), (6, 3), (12, 3), (7, 10), (1, 1)):
        given, weights, _ = _moves(mini_batch_gd, n, m, TINY, epochs=1)
        expect(  # that of a batch of 3 moves 4 / 3 as far as one of 4
            given,
            weights.max() < 1.9 * weights.min(),
            "no weight moved as if its sample had been used twice",
            weights,
        )


@core("mini_batch_gd")
def last_batch_by_its_own_size(mini_batch_gd: Function) -> None:
    """Each batch is averaged over the samples it has, the last one too.

    Five samples in batches of four: how long is each batch? By which
    number do you divide the sum over it, for w and for b?
    """
    for n, m in ((5, 4), (11, 4)):
        given, weights, bias = _moves(mini_batch_gd, n, m, TINY, epochs=1)
        count = -(-n // m)
        full = [m] * (n // m) + [n % m]
        even = [len(part) for part in np.array_split(np.arange(n), count)]
        found = np.append(np.sort(weights), bias) / weights.min()
        as_full, as_even = (
            # a batch of k moves each of its k weights by a k-th of a step
            [max(sizes) / k for k in sizes for _ in range(k)]
            + [max(sizes) * count]
            for sizes in (full, even)
        )
        if not np.allclose(found, as_even, rtol=1e-3):
            given = f"sorted {given}; then bias; in units of the least"
            expect_close(given, found.round(3), as_full, rtol=1e-3)


@core("mini_batch_gd")
def new_order_every_epoch(mini_batch_gd: Function) -> None:
    """Every epoch draws a new order, the same for X and y.

    On which side of the loop over epochs does the shuffle stand, and on
    which side the seed?
    """

    def batches(epochs: int) -> tuple[str, list[list[int]]]:
        """Return the samples that have been together in all epochs."""
        # the bias grows by step, so that later batches move less far
        given, weights, _ = _moves(mini_batch_gd, 24, 2, 0.01, epochs)
        order = np.argsort(-weights, kind="stable")
        falls = 1 - weights[order[1:]] / weights[order[:-1]]
        groups = np.split(order, np.flatnonzero(falls > 1e-4) + 1)
        given = f"samples with equal {given}"
        return given, [group.tolist() for group in groups]

    given, found = batches(1)
    in_order = [[i, i + 1] for i in range(0, 24, 2)]
    shuffled = [sorted(batch) for batch in found] != in_order
    expect(given, shuffled, "batches of a shuffled first epoch", found)
    given, found = batches(2)
    expect(
        given,
        any(len(batch) != 2 for batch in found),
        "other pairs in the second epoch than in the first",
        found,
    )


@core("mini_batch_gd")
def vectorised(mini_batch_gd: Function) -> None:
    """Python loops over epochs and batches, never over samples.

    Which one product gives the predictions of a whole batch, and which
    one the sum of error times row?
    """
    small, large = np.ones((4, 3)), np.ones((404, 3))
    try:
        expect_no_loop(
            as_stated(mini_batch_gd),
            (small, small[:, 0], 0.01, 3, 2),
            (large, large[:, 0], 0.01, 3, 202),
            extra=3 * 400,
        )
    except Broken as broken:
        shuffle = random.Random.shuffle.__code__.co_filename
        if not broken.got.endswith(shuffle):  # Python's is such a loop
            raise


@core("mini_batch_gd")
def input_unchanged(mini_batch_gd: Function) -> None:
    """The caller's rows and targets keep their order and their values.

    Do you shuffle the arrays that you were given, or something of your
    own?
    """
    X, y = np.arange(1.0, 13).reshape(6, 2), np.arange(6.0)
    options = {"lr": TINY, "epochs": 3, "batch_size": 2}
    options |= _rng(mini_batch_gd)
    expect_input_unchanged(mini_batch_gd, X, y, **options)


def _descend(X: Any, y: Any, lr: float, batches: Any) -> list[float]:
    """Step once per batch, number by number; the bias comes last."""
    rows = [[*map(float, row), 1.0] for row in X]
    theta = [0.0] * len(rows[0])
    for batch in batches:
        errors = {}
        for i in batch:
            terms = zip(theta, rows[i], strict=True)
            errors[i] = sum(t * x for t, x in terms) - float(y[i])
        for j in range(len(theta)):
            slope = sum(2 * e * rows[i][j] for i, e in errors.items())
            theta[j] -= lr * slope / len(batch)
    return theta


@production("mini_batch_gd")
def one_step_per_batch(mini_batch_gd: Function) -> None:
    """From zeros, each batch is one step of -lr times its gradient.

    Take one sample, x = 1 and y = 1: by how much does the first step move
    w? How many steps has an epoch, and which batch is the short one?
    """
    X, y = np.array([[1.0], [2.0]]), np.array([3.0, 5.0])
    for epochs, weights, bias in ((1, [1.3], 0.8), (2, [1.71], 1.05)):
        fit = _fit(mini_batch_gd, X, y, lr=0.1, epochs=epochs, batch_size=2)
        fit.expect("weights", weights, rtol=1e-9)
        fit.expect("bias", bias, rtol=1e-9)

    def expect_one_of(n: int, m: int, firsts: Iterable[Any]) -> None:
        X, y = _samples(n, 2, noise=1.0)
        fit = _fit(mini_batch_gd, X, y, lr=0.1, epochs=1, batch_size=m)
        theta = [*fit.part("weights", (2,)), fit.part("bias", ())]
        possible = [
            _descend(X, y, 0.1, (first, sorted({*range(n)} - {*first})))
            for first in firsts
        ]
        expect(
            fit.given,
            any(np.allclose(theta, p, rtol=1e-9) for p in possible),
            f"weights and bias after a step for {m} samples and one for "
            f"{n - m}, such as {np.round(possible[0], 4).tolist()}",
            np.round(theta, 4).tolist(),
        )

    for n, m in ((4, 2), (5, 4)):
        expect_one_of(n, m, combinations(range(n), m))


@production("mini_batch_gd")
def loss_before_update(mini_batch_gd: Function) -> None:
    """`loss_history` is the mean of the losses before each batch's step.

    All weights are 0 before the first step: what is the loss then? And is
    it the mean over the batches, or a sum, or the loss of the last one?
    """
    X, y = np.ones((4, 1)), np.array([1.0, 3.0, -2.0, 5.0])
    one, two = (
        _fit(mini_batch_gd, X, y, lr=0.1, epochs=epochs, batch_size=4)
        for epochs in (1, 2)
    )
    one.expect("loss_history", [39 / 4], rtol=1e-9)
    step = one.part("weights", (1,))[0] + one.part("bias", ())
    second = sum((step - t) ** 2 for t in y) / 4
    two.expect("loss_history", [39 / 4, second], rtol=1e-9)
    # alike in all samples: two batches an epoch are two epochs of one
    y = np.ones(4)
    two = _fit(mini_batch_gd, X[:2], y[:2], lr=0.1, epochs=2, batch_size=2)
    first, second = two.part("loss_history", (2,))
    one = _fit(mini_batch_gd, X, y, lr=0.1, epochs=1, batch_size=2)
    one.expect("loss_history", [(first + second) / 2], rtol=1e-9)
    # the mean of the batches, not of the samples
    X, y = np.zeros((5, 1)), np.array([6.0, 0, 0, 0, 0])
    fit = _fit(mini_batch_gd, X, y, lr=1e-12, epochs=3, batch_size=4)
    losses = fit.part("loss_history", (3,))
    expect(
        fit.given,
        not np.isclose(losses, 36 / 5, rtol=1e-6).any(),
        "the mean of the two batch losses, 4.5 or 18",
        losses,
    )


@production("mini_batch_gd")
def seeded_is_reproducible(mini_batch_gd: Function) -> None:
    """The same seed gives the same fit, to the last bit.

    A colleague wants the numbers of your report: what does every random
    number of yours come from? Is 0 a seed?
    """
    X, y = _samples(30, 3, noise=1.0)
    parts = ("weights", (3,)), ("bias", ()), ("loss_history", (3,))
    for seed in (0, 12345):
        options = {"epochs": 3, "batch_size": 8, "rng": seed}
        first, second = (_fit(mini_batch_gd, X, y, **options) for _ in "ab")
        for key, shape in parts:
            second.expect(key, first.part(key, shape))
    # the defaults are those of the signature
    X, y = _samples(70, 3, noise=1.0)
    spelled = {"lr": 0.01, "epochs": 100, "batch_size": 32, "rng": 0}
    first = _fit(mini_batch_gd, X, y, rng=0)
    second = _fit(mini_batch_gd, X, y, **spelled)
    first.expect("weights", second.part("weights", (3,)))
    first.expect("loss_history", second.part("loss_history", (100,)))


@production("mini_batch_gd")
def generator_accepted(mini_batch_gd: Function) -> None:
    """`rng` is a seed, None, or a `Generator`, which each fit advances.

    One stream of random numbers for the whole program: what does
    np.random.default_rng return when it is given a Generator?
    """
    X, y = _samples(30, 3, noise=1.0)
    options: dict[str, Any] = {"epochs": 3, "batch_size": 4}
    stream = np.random.default_rng(7)

    @functools.wraps(mini_batch_gd)
    def on_stream(*args: Any, **kwargs: Any) -> Any:
        # not an argument: call would hand over a copy of the stream
        return mini_batch_gd(*args, **kwargs, rng=stream)

    given = spell(mini_batch_gd, (X, y), options | {"rng": stream})
    fits = [_Fit(given, call(on_stream, X, y, **options)) for _ in "ab"]
    first, second = (fit.part("weights", (3,)) for fit in fits)
    expect(
        f"{given}, twice with one Generator",
        (first != second).any(),
        "two different fits, since the Generator advances",
        second,
    )
    alone = np.random.default_rng(7)
    again = _fit(mini_batch_gd, X, y, **options, rng=alone)
    again.expect("weights", first)
    for rng in (7, None):
        _fit(mini_batch_gd, X, y, **options, rng=rng).part("weights", (3,))


@production("mini_batch_gd")
def global_state_untouched(mini_batch_gd: Function) -> None:
    """NumPy's global random state stays where it was.

    Two fits, and a dropout mask after each: may the masks be equal? Who
    else draws from the generator that you seed?
    """

    @functools.wraps(mini_batch_gd)
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
            wanted = "the state of np.random as it was"
            raise Broken(given, wanted, "another state")


@production("mini_batch_gd")
def zero_epochs(mini_batch_gd: Function) -> None:
    """`epochs=0` returns zero weights, bias 0.0 and an empty history.

    A run is resumed with nothing left to do. Which of your names get their
    first value inside the loop?
    """
    X, y = _samples(4, 3)
    fit = _fit(mini_batch_gd, X, y, epochs=0, batch_size=2)
    fit.expect("weights", [0, 0, 0])
    fit.expect("bias", 0)
    fit.expect("loss_history", [])


@production("mini_batch_gd")
def any_real_dtype(mini_batch_gd: Function) -> None:
    """float32 stays float32; integers and bools become float64.

    Your weights start as float64. Which dtype has the fit of float32 data,
    and which type has your bias? And may X be a list?
    """
    parts = ("weights", (2,)), ("bias", ()), ("loss_history", (2,))
    options: dict[str, Any] = {"lr": 1e-6, "epochs": 2, "batch_size": 3}
    for dtype, numbers in (
        ("float32", [-1.5, 0.5, 2, 3]),
        ("float64", [-1.5, 0.5, 2, 3]),
        ("bool", [0, 1, 1, 0]),
        ("int8", [-128, 127, 100, 3]),
        ("uint8", [0, 255, 200, 3]),
        ("int64", [-300, 255, 200, 3]),
        ("uint64", [0, 255, 200, 3]),
    ):
        values = np.array(numbers)
        X, y = values[[[0, 1], [1, 2], [2, 3]]], values[:3]
        data = X.astype(dtype), y.astype(dtype)
        fit = _fit(mini_batch_gd, *data, **options)
        wide = _fit(
            mini_batch_gd, *(a.astype(float) for a in data), **options
        )
        fit.part("weights", (2,))
        found = np.asarray(fit.result["weights"]).dtype
        expected = "float32" if dtype == "float32" else "float64"
        expect(
            f"weights of {fit.given}",
            found == expected,
            f"dtype {expected}",
            found,
        )
        rtol = 1e-3 if dtype == "float32" else 1e-9
        for key, shape in parts:
            fit.expect(key, wide.part(key, shape), rtol=rtol)
        bias, history = fit.result["bias"], fit.result["loss_history"]
        expect(
            fit.given, type(bias) is float, "a Python float as bias", bias
        )
        expect(
            fit.given,
            isinstance(history, list)
            and all(type(loss) is float for loss in history),
            "a list of Python floats as loss_history",
            history,
        )
    listed = _fit(mini_batch_gd, [[1], [2], [3]], [3, 5, 7], **options)
    X, y = np.array([[1.0], [2], [3]]), np.array([3.0, 5, 7])
    arrays = _fit(mini_batch_gd, X, y, **options)
    listed.expect("weights", arrays.part("weights", (1,)), rtol=1e-9)


@production("mini_batch_gd")
def no_columns_no_problem(mini_batch_gd: Function) -> None:
    """d may be 0: then only b is fitted.

    Feature selection leaves nothing. Which number best predicts y then?
    """
    X, y = np.empty((4, 0)), np.array([1.0, 2.0, 3.0, 4.0])
    fit = _fit(mini_batch_gd, X, y, lr=0.25, epochs=80, batch_size=4)
    fit.expect("weights", np.empty(0))
    fit.expect("bias", 2.5, atol=1e-6)


@production("mini_batch_gd")
def bad_input_is_refused(mini_batch_gd: Function) -> None:
    """Wrong shapes and ranges raise ValueError, wrong kinds TypeError.

    What does a y of shape (n, 1) lead to in your code, and what lr=nan,
    batch_size=-1 or text? Silence is the worst answer.
    """
    rng = _rng(mini_batch_gd)

    def refuse(error: type[Exception], *data: Any, **options: Any) -> None:
        expect_error(mini_batch_gd, *data, error=error, **options, **rng)

    X, y = np.ones((4, 2)), np.ones(4)
    for shapes in (
        ((4, 2), (4, 1)),
        ((4, 2), (3,)),
        ((4, 2), (5,)),
        ((4, 2), (1,)),
        ((4, 2), ()),
        ((4,), (4,)),
        ((), ()),
        ((1, 4, 2), (1,)),
        ((4, 2, 2), (4,)),
        ((0, 2), (0,)),
    ):
        for epochs in (1, 0):  # without epochs nothing else complains
            refuse(ValueError, *map(np.ones, shapes), epochs=epochs)
    for name, numbers in (
        ("lr", (0, 0.0, -1, np.nan, float("inf"), -np.inf)),
        ("epochs", (-1,)),
        ("batch_size", (0, -1)),
    ):
        for number in numbers:
            option: dict[str, Any] = {name: number}
            for given in (option, {"epochs": 0} | option):
                refuse(ValueError, X, y, **given)
    for dtype in ("complex", "str", "object", "M8[D]"):
        strange = X.astype(int).astype(dtype)
        for data in ((strange, y), (X, strange[:, 0])):
            refuse(TypeError, *data)
    for name, values in (
        ("lr", ("0.1", None, 1j)),
        ("epochs", (2.0, "2", None)),
        ("batch_size", (2.0, "2", None)),
    ):
        for value in values:
            refuse(TypeError, X, y, **{"epochs": 0} | {name: value})
