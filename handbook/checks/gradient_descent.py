import copy
import functools
from itertools import combinations
from typing import Any

import numpy as np

from handbook.checks import (
    Function,
    alike,
    as_array,
    call,
    holds,
    leaves_no_trace,
    no_python_loop,
    raises,
    spell,
)

TITLE, DIFFICULTY = "Mini-batch gradient descent", "hard"
LARGER_INPUT = {
    "mini_batch_gd": lambda rng: (
        rng.standard_normal((20_000, 20)),
        rng.standard_normal(20_000),
        0.001,
        1,
        32,
        0,
    )
}
TINY = 1e-9  # a learning rate that leaves every error as it was


class _Fit:
    """A fit, of which a check reads only the parts that it is about."""

    def __init__(self, function: Function, *args: Any, **kwargs: Any):
        self.given = spell(function, args, kwargs)
        self.result = call(function, *args, **kwargs)

    def part(self, key: str, shape: tuple[int, ...]) -> Any:
        """Return this entry as float64 of this shape."""
        found = isinstance(self.result, dict) and key in self.result
        holds(self.given, found, f"a dict with {key!r}", self.result)
        given = f"{key} of {self.given}"
        array = as_array(given, self.result[key])
        holds(given, array.shape == shape, f"shape {shape}", array.shape)
        with np.errstate(all="ignore"):
            usable = (abs(array) < 1e100).all()
        holds(given, usable, "finite real numbers", array)
        return array.astype(float)

    def expect(
        self, key: str, expected: Any, rtol: float = 0, atol: float = 0
    ) -> None:
        """Expect this entry to have this value."""
        part = self.part(key, np.shape(expected))
        alike(f"{key} of {self.given}", part, expected, rtol, atol)


def _samples(n: int, d: int, noise: float = 0.0) -> tuple[Any, Any]:
    """Return the samples of y = X @ [1, -2, 3, ...] + 1.5 and noise."""
    rng = np.random.default_rng(5)
    X = rng.standard_normal((n, d))
    weights = np.array([1.0, -2.0, 3.0])[:d]
    return X, X @ weights + 1.5 + noise * rng.standard_normal(n)


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


def one_step_per_batch(mini_batch_gd: Function) -> None:
    """Each batch moves weights and bias by -lr times its gradient.

    Derive it for one sample, x = 1 and y = 1: by how much does the first
    step move w? Which errors does the bias see, those before or those
    after the weights have moved? And how many steps has an epoch?
    """
    X, y = np.array([[1.0], [2.0]]), np.array([3.0, 5.0])
    for epochs, weights, bias in ((1, [1.3], 0.8), (2, [1.71], 1.05)):
        fit = _Fit(
            mini_batch_gd, X, y, lr=0.1, epochs=epochs, batch_size=2, rng=0
        )
        fit.expect("weights", weights, rtol=1e-9)
        fit.expect("bias", bias, rtol=1e-9)
    X, y = _samples(4, 2, noise=1.0)
    fit = _Fit(mini_batch_gd, X, y, lr=0.1, epochs=1, batch_size=2, rng=0)
    theta = [*fit.part("weights", (2,)), fit.part("bias", ())]
    possible = [
        _descend(X, y, 0.1, (first, sorted({0, 1, 2, 3} - {*first})))
        for first in combinations(range(4), 2)
    ]
    holds(
        fit.given,
        any(np.allclose(theta, p, rtol=1e-9) for p in possible),
        f"weights and bias after one step for each of two batches, such as "
        f"{np.round(possible[0], 4).tolist()}",
        np.round(theta, 4).tolist(),
    )


def fits_a_line(mini_batch_gd: Function) -> None:
    """On y = Xw + b without noise, enough epochs find w and b.

    Does every sample still have its own target after the shuffle? And
    which shape has Xw - y: one number per sample, or a matrix?
    """
    for d in (1, 3):
        X, y = _samples(40, d)
        fit = _Fit(
            mini_batch_gd, X, y, lr=0.05, epochs=160, batch_size=8, rng=0
        )
        fit.expect("weights", [1, -2, 3][:d], atol=1e-3)
        fit.expect("bias", 1.5, atol=1e-3)


def every_sample_once_an_epoch(mini_batch_gd: Function) -> None:
    """An epoch visits each of the n samples exactly once.

    Seven samples in batches of three: what happens to the seventh? And
    what if there are fewer samples than one batch would hold?
    """

    def moved(n: int, batch_size: int, epochs: int) -> Any:
        # sample i alone moves weight i, once per visit by about as much
        fit = _Fit(
            mini_batch_gd,
            np.eye(n),
            np.ones(n),
            lr=TINY,
            epochs=epochs,
            batch_size=batch_size,
            rng=0,
        )
        weights = fit.part("weights", (n,))
        shortest = min(n, n % batch_size or batch_size)
        most = 2 * TINY / shortest * epochs * (1 + 1e-4)
        seen = f"sample i moves weight i only: in {fit.given}"
        holds(seen, (weights > 0).all(), "every weight moved", weights)
        once = weights.max() <= most
        holds(seen, once, f"no weight above {most:.3g}", weights)
        if n % batch_size == 0 or n < batch_size:
            even = np.full(n, weights.mean())
            alike(f"weights in {seen}", weights, even, rtol=1e-4)
        return weights

    for n, batch_size in ((6, 3), (5, 3), (7, 3), (7, 10), (1, 1)):
        moved(n, batch_size, epochs=1)
    thrice, once = moved(7, 1, epochs=3), moved(7, 1, epochs=1)
    alike(
        "weights after three epochs, in units of those after one",
        thrice,
        3 * once,
        rtol=1e-4,
    )


def new_order_every_epoch(mini_batch_gd: Function) -> None:
    """Each epoch draws a fresh permutation of the samples from `rng`.

    On which side of the loop over epochs does the shuffle stand, and on
    which side the seed?
    """
    X = np.array([[-1.5], [-1.0], [-0.5], [0.5], [1.0], [1.5]])
    y = np.array([1.0, -2.0, 4.0, 0.3, -3.0, 2.2])
    # in one and the same order the epochs soon repeat each other; six
    # samples fall into batches of two in 90 ways
    fit = _Fit(mini_batch_gd, X, y, lr=0.1, epochs=120, batch_size=2, rng=0)
    losses = np.unique(np.round(fit.part("loss_history", (120,))[-40:], 6))
    holds(
        f"losses of the last 40 epochs of {fit.given}",
        len(losses) >= 15,
        "most epochs to differ",
        losses,
    )
    fits = [
        _Fit(mini_batch_gd, X, y, lr=0.1, epochs=1, batch_size=2, rng=seed)
        for seed in range(40)
    ]
    found = np.unique(np.round([f.part("bias", ()) for f in fits], 9))
    holds(
        f"bias of {fits[0].given}, then with rng=1 to rng=39",
        len(found) >= 15,
        "most seeds to differ in the first epoch",
        found,
    )


def last_batch_by_its_own_size(mini_batch_gd: Function) -> None:
    """Batches hold `batch_size` samples, the last one what is left.

    Five samples in batches of four: which lengths do your batches have,
    and in which order? By which number do you divide each sum?
    """

    def fitted(n: int, batch_size: int, lr: float = TINY) -> _Fit:
        return _Fit(
            mini_batch_gd,
            np.eye(n),
            np.ones(n),
            lr=lr,
            epochs=1,
            batch_size=batch_size,
            rng=0,
        )

    short, full = fitted(5, 4), fitted(4, 4)
    weights = np.sort(short.part("weights", (5,)))
    holds(short.given, weights[0] > 0, "every weight moved", weights)
    alike(
        f"sorted weights of {short.given}: the sample in the batch of one "
        f"moves its weight four times as far as the others",
        weights,
        weights[0] * np.array([1, 1, 1, 1, 4]),
        rtol=1e-4,
    )
    short.expect("bias", 2 * full.part("bias", ()), rtol=1e-4)
    # the batch of one comes last: the bias has moved, its error is smaller
    last = fitted(3, 2, lr=0.1)
    weights = last.part("weights", (3,))
    holds(
        last.given,
        weights.max() < 1.95 * weights.min(),
        "no weight nearly twice another: the short batch comes last",
        weights,
    )
    few, exact = fitted(3, 32, lr=0.1), fitted(3, 3, lr=0.1)
    few.expect("weights", exact.part("weights", (3,)), rtol=1e-9)
    few.expect("bias", exact.part("bias", ()), rtol=1e-9)


def loss_before_update(mini_batch_gd: Function) -> None:
    """`loss_history` holds the mean loss of an epoch's batches.

    All weights are 0 before the first update: what is the loss then?
    Which error is it made of? And is it the mean over the batches, or a
    sum, or the loss of the last one?
    """
    X, y = np.ones((4, 1)), np.array([1.0, 3.0, -2.0, 5.0])
    one, two = (
        _Fit(
            mini_batch_gd, X, y, lr=0.1, epochs=epochs, batch_size=4, rng=0
        )
        for epochs in (1, 2)
    )
    one.expect("loss_history", [39 / 4], rtol=1e-9)
    step = one.part("weights", (1,))[0] + one.part("bias", ())
    second = sum((step - t) ** 2 for t in y) / 4
    two.expect("loss_history", [39 / 4, second], rtol=1e-9)
    # alike in all samples: two batches an epoch are two epochs of one
    y = np.ones(4)
    two = _Fit(
        mini_batch_gd, X[:2], y[:2], lr=0.1, epochs=2, batch_size=2, rng=0
    )
    first, second = two.part("loss_history", (2,))
    one = _Fit(mini_batch_gd, X, y, lr=0.1, epochs=1, batch_size=2, rng=0)
    one.expect("loss_history", [(first + second) / 2], rtol=1e-9)
    # the mean of the batches, not of the samples
    X = np.zeros((5, 1))
    options: dict[str, Any] = {
        "lr": 1e-12,
        "epochs": 3,
        "batch_size": 4,
        "rng": 0,
    }
    even = _Fit(mini_batch_gd, X, np.ones(5), **options)
    even.expect("loss_history", [1, 1, 1], rtol=1e-6)
    uneven = _Fit(mini_batch_gd, X, np.array([6.0, 0, 0, 0, 0]), **options)
    losses = uneven.part("loss_history", (3,))
    holds(
        uneven.given,
        not np.isclose(losses, 36 / 5, rtol=1e-6).any(),
        "the mean of the two batch losses, 4.5 or 18",
        losses,
    )


def zero_epochs(mini_batch_gd: Function) -> None:
    """`epochs=0` returns zero weights, bias 0.0 and an empty history.

    Which of your names get their first value inside the loop?
    """
    X, y = _samples(4, 3)
    fit = _Fit(mini_batch_gd, X, y, epochs=0, batch_size=2, rng=0)
    fit.expect("weights", [0, 0, 0])
    fit.expect("bias", 0)
    fit.expect("loss_history", [])


def seeded_is_reproducible(mini_batch_gd: Function) -> None:
    """The same seed gives the same result, to the last bit.

    What does every random number of yours come from?
    """
    X, y = _samples(24, 3, noise=1.0)
    for seed in (0, 12345):
        first, second = (
            _Fit(mini_batch_gd, X, y, epochs=3, batch_size=8, rng=seed)
            for _ in range(2)
        )
        for key, shape in (
            ("weights", (3,)),
            ("bias", ()),
            ("loss_history", (3,)),
        ):
            second.expect(key, first.part(key, shape))
    # the defaults are those of the signature
    X, y = _samples(70, 3, noise=1.0)
    spelled = {"lr": 0.01, "epochs": 100, "batch_size": 32}
    first = _Fit(mini_batch_gd, X, y, rng=0)
    second = _Fit(mini_batch_gd, X, y, **spelled, rng=0)
    first.expect("weights", second.part("weights", (3,)))
    first.expect("loss_history", second.part("loss_history", (100,)))


def generator_accepted(mini_batch_gd: Function) -> None:
    """`rng` is a seed, None, or a `Generator` that advances.

    What does np.random.default_rng return when it is given a Generator?
    """
    X, y = _samples(24, 3, noise=1.0)
    stream = np.random.default_rng(7)

    @functools.wraps(mini_batch_gd)
    def on_stream(*args: Any, **kwargs: Any) -> Any:
        # not an argument: call would hand over a copy of the stream
        return mini_batch_gd(*args, **kwargs, rng=stream)

    options: dict[str, Any] = {"epochs": 3, "batch_size": 4}
    fits = [_Fit(on_stream, X, y, **options) for _ in range(2)]
    first, second = (fit.part("weights", (3,)) for fit in fits)
    holds(
        f"{fits[0].given}, twice with one Generator as rng",
        (first != second).any(),
        "two different fits, since the Generator advances",
        second,
    )
    alone = np.random.default_rng(7)
    again = _Fit(mini_batch_gd, X, y, **options, rng=alone)
    again.expect("weights", first)
    for rng in (7, None):
        _Fit(mini_batch_gd, X, y, **options, rng=rng).part("weights", (3,))


def any_real_dtype(mini_batch_gd: Function) -> None:
    """float32 data give float32 weights, integers and bools float64.

    What is -y, or y * y, in uint8? np.result_type(X, y, 1.0) names a type
    in which nothing wraps. And which type has a mean of float32 errors?
    """
    options: dict[str, Any] = {
        "lr": 1e-6,
        "epochs": 2,
        "batch_size": 3,
        "rng": 0,
    }
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
        fit = _Fit(
            mini_batch_gd, X.astype(dtype), y.astype(dtype), **options
        )
        wide = _Fit(
            mini_batch_gd, X.astype(float), y.astype(float), **options
        )
        fit.part("weights", (2,))
        found = np.asarray(fit.result["weights"]).dtype
        expected = "float32" if dtype == "float32" else "float64"
        holds(
            f"weights of {fit.given}",
            found == expected,
            f"dtype {expected}",
            found,
        )
        rtol = 1e-3 if dtype == "float32" else 1e-9
        for key, shape in (
            ("weights", (2,)),
            ("bias", ()),
            ("loss_history", (2,)),
        ):
            fit.expect(key, wide.part(key, shape), rtol=rtol)
        bias, history = fit.result["bias"], fit.result["loss_history"]
        holds(
            fit.given, type(bias) is float, "a Python float as bias", bias
        )
        holds(
            fit.given,
            isinstance(history, list)
            and all(type(loss) is float for loss in history),
            "a list of Python floats as loss_history",
            history,
        )
    listed = _Fit(mini_batch_gd, [[1], [2], [3]], [3, 5, 7], **options)
    X, y = np.array([[1.0], [2], [3]]), np.array([3.0, 5, 7])
    arrays = _Fit(mini_batch_gd, X, y, **options)
    listed.expect("weights", arrays.part("weights", (1,)), rtol=1e-9)


def no_columns_no_problem(mini_batch_gd: Function) -> None:
    """d may be 0: then only the bias is fitted.

    Which number best predicts y when there is nothing to predict it from?
    """
    X, y = np.empty((4, 0)), np.array([1.0, 2.0, 3.0, 4.0])
    fit = _Fit(mini_batch_gd, X, y, lr=0.25, epochs=80, batch_size=4, rng=0)
    fit.expect("weights", np.empty(0))
    fit.expect("bias", 2.5, atol=1e-6)


def bad_input_is_refused(mini_batch_gd: Function) -> None:
    """Wrong shapes and ranges raise ValueError, wrong kinds TypeError.

    What do a target too few, lr=nan, batch_size=-1 and text lead to in
    your code? Silence is the worst answer.
    """
    X, y = np.ones((4, 2)), np.ones(4)
    for shapes in (
        ((0, 2), (0,)),
        ((4,), (4,)),
        ((), ()),
        ((1, 4, 2), (1,)),
        ((4, 2, 2), (4,)),
        ((4, 2), (3,)),
        ((4, 2), (5,)),
        ((4, 2), (1,)),
        ((4, 2), (4, 1)),
        ((4, 2), ()),
    ):
        for epochs in (1, 0):  # without epochs nothing else complains
            args = map(np.ones, shapes)
            raises(
                mini_batch_gd, *args, epochs=epochs, rng=0, error=ValueError
            )
    for name, numbers in (
        ("lr", (0, 0.0, -1, np.nan, float("inf"), -np.inf)),
        ("epochs", (-1,)),
        ("batch_size", (0, -1)),
    ):
        for number in numbers:
            option: dict[str, Any] = {name: number}
            for given in (option, {"epochs": 0} | option):
                raises(
                    mini_batch_gd, X, y, **given, rng=0, error=ValueError
                )
    for dtype in ("complex", "str", "object", "M8[D]"):
        strange = X.astype(int).astype(dtype)
        for data in ((strange, y), (X, strange[:, 0])):
            raises(mini_batch_gd, *data, rng=0, error=TypeError)
    for name, values in (
        ("lr", ("0.1", None, 1j)),
        ("epochs", (2.0, "2", None)),
        ("batch_size", (2.0, "2", None)),
    ):
        for value in values:
            option = {"epochs": 0} | {name: value}
            raises(mini_batch_gd, X, y, **option, rng=0, error=TypeError)


def vectorised(mini_batch_gd: Function) -> None:
    """Python loops over epochs and batches, never over samples.

    Which one product gives the predictions of a whole batch, and which
    one the sum of error times row?
    """
    small, large = np.ones((4, 3)), np.ones((404, 3))
    no_python_loop(
        mini_batch_gd,
        (small, small[:, 0], 0.01, 2, 2, 0),
        (large, large[:, 0], 0.01, 2, 202, 0),
        extra=400,
    )


def input_unchanged(mini_batch_gd: Function) -> None:
    """The caller's arrays hold afterwards what they held before.

    Do you shuffle the arrays that you were given, or something of your
    own?
    """

    @functools.wraps(mini_batch_gd)
    def fit(*args: Any, **kwargs: Any) -> Any:
        # the random state is the business of another check
        state = np.random.get_state(legacy=False)  # noqa: NPY002
        try:
            return mini_batch_gd(*args, **kwargs)
        finally:
            np.random.set_state(state)  # noqa: NPY002

    for dtype in ("float64", "float32", "int64"):
        X = np.arange(1, 13).reshape(6, 2).astype(dtype)
        y = np.arange(6).astype(dtype)
        leaves_no_trace(fit, X, y, lr=1e-6, epochs=3, batch_size=2, rng=0)


def global_state_untouched(mini_batch_gd: Function) -> None:
    """NumPy's global random state stays where it was.

    Which object do you seed, and who else draws from it?
    """

    @functools.wraps(mini_batch_gd)
    def fit(X: Any, y: Any, **kwargs: Any) -> Any:
        # what becomes of the arrays is the business of another check
        return mini_batch_gd(X.copy(), y.copy(), **copy.deepcopy(kwargs))

    X, y = _samples(6, 2)
    state = np.random.get_state(legacy=False)  # noqa: NPY002
    try:
        for rng in (0, None):
            leaves_no_trace(fit, X, y, epochs=3, batch_size=2, rng=rng)
    finally:
        np.random.set_state(state)  # noqa: NPY002
