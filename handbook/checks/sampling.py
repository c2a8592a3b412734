import math
from typing import Any

import numpy as np

from handbook import checks
from handbook.checks import (
    Broken,
    Function,
    call,
    core,
    expect,
    expect_close,
    expect_error,
    expect_result,
    production,
    real_array,
    spell,
)

FOUR = [0.4, 0.3, 0.2, 0.1]
MIXED = [0.1, 0.4, 0.2, 0.3]
STEPS = np.arange(12) / 2  # of logits, no two equal
ROWS = np.random.default_rng(0).permuted(np.tile(STEPS, (5, 1)), axis=1)
LAST = 1 - 2.0**-53  # the largest number that rng.random() returns


class Seeded(np.random.Generator):
    """A generator that shows how it is made, copies of it as well."""

    def __init__(self, seed: int) -> None:
        super().__init__(np.random.PCG64(seed))
        self.seed = seed

    def __repr__(self) -> str:
        return f"np.random.default_rng({self.seed})"

    def __deepcopy__(self, memo: Any) -> "Seeded":
        copy = Seeded(self.seed)
        copy.bit_generator.state = self.bit_generator.state
        return copy


class Edge(Seeded):
    """A generator whose uniform numbers are all the same."""

    def __init__(self, u: float) -> None:
        super().__init__(0)
        self.u, self.drawn = u, False

    def __repr__(self) -> str:
        return f"a generator whose random() is {self.u!r}"

    def __deepcopy__(self, memo: Any) -> "Edge":
        return self

    def random(self, size: Any = None, *_: Any, **__: Any) -> Any:
        self.drawn = True
        return self.u if size is None else np.full(size, self.u)

    def uniform(self, low: Any = 0, high: Any = 1, size: Any = None) -> Any:
        return low + (high - low) * self.random(size)


def _larger(rng: np.random.Generator) -> tuple[Any, ...]:
    """Return rows of a small vocabulary, and all three settings."""
    return 3 * rng.standard_normal((1003, 211)), 0.8, 50, 0.9


KINDS = [FOUR, [0, 0.5, 0, 0.5], [0.3, 0, 0.7, 0]]
MANY = np.tile(KINDS, (20_001, 1))
LARGER_INPUT = {
    "sampling_probs": _larger,
    "sample_categorical": lambda rng: (MANY, Seeded(0)),
}


def _larger_result(given: str, got: Any) -> None:
    """Expect the frequencies early, in the middle and late."""
    for part in np.split(_tokens(given, got, MANY), 3):
        _expect_frequencies(given, part, KINDS)


LARGER_RESULT = {"sample_categorical": _larger_result}


def _tokens(given: str, got: Any, probs: Any) -> Any:
    """Return the tokens drawn, one per row, none of probability 0."""
    tokens, (n, V) = real_array(given, got), np.shape(probs)
    if tokens.shape != (n,):
        said = f"shape {(n,)}, one token per row"
        raise Broken(given, said, f"shape {tokens.shape}")
    valid = np.isin(tokens, range(V)).all()
    expect(given, valid, f"whole numbers from 0 to {V - 1}", tokens)
    tokens = tokens.astype(int)
    drawn = np.asarray(probs, float)[np.arange(n), tokens]
    if not (drawn > 0).all():
        row = int(np.argmin(drawn > 0))
        said = f"in row {row} a token of positive probability"
        raise Broken(given, said, f"token {tokens[row]}")
    return tokens


def _draw(function: Function, probs: Any, rng: Any) -> tuple[str, Any]:
    """Return the call, and the tokens that it draws."""
    given = spell(function, (probs, rng), {})
    return given, _tokens(given, call(function, probs, rng), probs)


def _expect_frequencies(given: str, tokens: Any, kinds: Any) -> None:
    """Expect those of rows that are of these kinds in turn."""
    for i, probs in enumerate(kinds):
        own = tokens[i :: len(kinds)]
        found = np.bincount(own, minlength=len(probs)) / len(own)
        where = f"every {len(kinds)}th row of {given}"
        where = where if len(kinds) > 1 else given
        expect_close(f"frequencies in {where}", found, probs, atol=0.02)


def _normalised(weights: Any) -> list[float]:
    return [w / math.fsum(weights) for w in weights]


def _filtered(
    row: Any, temperature: float, top_k: int, top_p: float
) -> list[float]:
    """Return the probabilities of a row, token by token."""
    ranked = sorted(range(len(row)), key=lambda j: (-row[j], j))[:top_k]
    weights = [
        math.exp((row[j] - row[ranked[0]]) / temperature) for j in ranked
    ]
    kept: list[float] = []
    for p in _normalised(weights):
        if top_p == 1 or math.fsum(kept) < top_p:
            kept.append(p)
    result = [0.0] * len(row)
    for j, p in zip(ranked, _normalised(kept), strict=False):
        result[j] = p
    return result


def _expect_filtered(
    function: Function,
    X: Any,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    **options: Any,
) -> None:
    """Expect the probabilities of these rows, at these settings."""
    k, p = top_k or len(X[0]), top_p or 1.0
    expected = [_filtered(row, temperature, k, p) for row in X.tolist()]
    given: dict[str, Any] = {
        name: value
        for name, value, off in (
            ("temperature", temperature, 1.0),
            ("top_k", top_k, None),
            ("top_p", top_p, None),
        )
        if value != off
    }
    given |= {"atol": 1e-6} | options
    expect_result(function, X, expected=expected, **given)


@core("sampling_probs")
def probabilities(sampling_probs: Function) -> None:
    """Without filters: the softmax of each row, tokens in their places.

    Which token does each of your probabilities belong to after a sort?
    And what is exp(1000)?
    """
    P = np.array([[0.2, 0.5, 0.3], [0.6, 0.1, 0.3]])
    expect_result(sampling_probs, np.log(P), expected=P, atol=1e-6)
    _expect_filtered(sampling_probs, ROWS)
    high = np.array([[1000.0, 1002, 1001], [-1000, 0, 1]])
    _expect_filtered(sampling_probs, high)


@core("sampling_probs")
def temperature(sampling_probs: Function) -> None:
    """The temperature divides the logits, so p becomes p**(1/T) / sum.

    What happens to the larger of two probabilities as T falls? Do you
    divide the logits or the probabilities?
    """
    P = np.array([[0.2, 0.5, 0.3]])
    for T in (0.5, 2.0):
        expected = P ** (1 / T) / (P ** (1 / T)).sum()
        args = np.log(P), T
        expect_result(sampling_probs, *args, expected=expected, atol=1e-6)
    for T in (0.1, 5.0):
        _expect_filtered(sampling_probs, ROWS, T)
    _expect_filtered(sampling_probs, np.array([[900.0, 1000, 950]]), 0.5)


@core("sampling_probs")
def exactly_k(sampling_probs: Function) -> None:
    """The k largest logits stay, and the rows sum to 1 again.

    Where does the largest logit stand in your order? What is the sum of a
    row after the others became 0?
    """
    _expect_filtered(sampling_probs, np.log([MIXED]), top_k=2)
    for k in (1, 3, 11):
        _expect_filtered(sampling_probs, ROWS, top_k=k)
        _expect_filtered(sampling_probs, -ROWS, top_k=k)


@core("sampling_probs")
def nucleus(sampling_probs: Function) -> None:
    """The smallest set of mass top_p or more stays: at least one token.

    How much mass lies before the first token, and how much before the one
    that crosses top_p? Does that one stay?
    """
    _expect_filtered(sampling_probs, np.log([[0.9, 0.1]]), top_p=0.5)
    for p in (0.05, 0.65, 0.75, 0.95):
        _expect_filtered(sampling_probs, np.log([FOUR, MIXED]), top_p=p)
    for p in (0.3, 0.8, 0.99):
        _expect_filtered(sampling_probs, ROWS, top_p=p)


@core("sampling_probs")
def order(sampling_probs: Function) -> None:
    """First the temperature, then top-k, then top-p of what is left.

    Of which probabilities does top_p count the mass: before or after the
    division by the temperature, before or after the top k sum to 1?
    """
    X = np.log([FOUR, MIXED])
    _expect_filtered(sampling_probs, X, top_k=2, top_p=0.5)
    _expect_filtered(sampling_probs, X, 2.0, None, 0.65)
    _expect_filtered(sampling_probs, X, 0.5, 3, 0.9)
    for T, k, p in ((0.5, 6, 0.9), (2.0, 8, 0.7), (1.0, 3, 0.95)):
        _expect_filtered(sampling_probs, ROWS, T, k, p)


@core("sample_categorical")
def draws(sample_categorical: Function) -> None:
    """Frequencies are the probabilities, row by row; a seed repeats them.

    How many uniform numbers do n rows need, and where do they come from?
    Which token is drawn if one before it has probability 0?
    """
    _draw(sample_categorical, np.eye(5)[[3, 0, 4, 4, 1]], Seeded(0))
    for probs in ([0.25] * 4, [0.0, 0.1, 0.0, 0.6, 0.3, 0.0]):
        P = np.tile(probs, (20_000, 1))
        given, tokens = _draw(sample_categorical, P, Seeded(0))
        _expect_frequencies(given, tokens, [probs])
        # a token and that of the next row, as a pair
        pairs = tokens[::2] * len(probs) + tokens[1::2]
        both = np.outer(probs, probs).ravel()
        _expect_frequencies(f"pairs of rows of {given}", pairs, [both])
    P = np.tile(KINDS, (7000, 1))
    given, tokens = _draw(sample_categorical, P, Seeded(1))
    _expect_frequencies(given, tokens, KINDS)
    _, again = _draw(sample_categorical, P, Seeded(1))
    expect_close(f"{given}, again", again, tokens)
    given, other = _draw(sample_categorical, P, Seeded(2))
    said = "other tokens than those of the seed 1"
    if (other == tokens).all():
        raise Broken(given, said, "the same tokens")


X4, X404 = np.tile(np.log(MIXED), (4, 1)), np.tile(np.log(MIXED), (404, 1))
P4, P404 = np.tile(MIXED, (4, 1)), np.tile(MIXED, (404, 1))

vectorised = checks.vectorised(
    "No Python loop over rows.",
    "Which axis do you sort and accumulate along? Which comparison finds "
    "the tokens of all rows at once?",
    {
        "sampling_probs": [((X4, 0.5, 3, 0.7), (X404, 0.5, 3, 0.7))],
        "sample_categorical": [((P4, Seeded(0)), (P404, Seeded(0)))],
    },
)

input_unchanged = checks.input_unchanged(
    {
        "sampling_probs": [(ROWS,), (ROWS, 0.5, 3, 0.7)],
        "sample_categorical": [(np.array([FOUR, MIXED]), Seeded(0))],
    }
)


@production("sampling_probs")
def ties(sampling_probs: Function) -> None:
    """Of equal logits the first stay: k of them, and so for top-p.

    How many logits are as large as the third largest of six equal ones?
    Which sort keeps equal ones in their order?
    """
    _expect_filtered(sampling_probs, np.zeros((1, 6)), top_k=3)
    four, wide = np.zeros((1, 4)), np.zeros((2, 300))
    for p in (0.5, 0.375):  # two have a mass of 0.5, and that is enough
        _expect_filtered(sampling_probs, four, top_p=p)
    coarse = np.round(np.random.default_rng(1).standard_normal((3, 400)), 1)
    wide[:, 7::9] = 1
    for X, k in ((wide, 20), (wide, 50), (coarse, 50)):
        _expect_filtered(sampling_probs, X, 1.0, k, rtol=1e-9, atol=0)
        _expect_filtered(sampling_probs, X, 1.0, k, 0.7011, atol=1e-9)
    _expect_filtered(sampling_probs, coarse, 1.0, None, 0.7, atol=1e-9)


@production("sampling_probs")
def banned_tokens(sampling_probs: Function) -> None:
    """-inf has probability 0; a row of nothing else raises ValueError.

    What is -inf minus -inf? What if fewer than k tokens are left?
    """
    ban = -math.inf
    X = np.array([[ban, 0, ban, 0], [1, ban, ban, ban]])
    expected = [[0, 0.5, 0, 0.5], [1, 0, 0, 0]]
    bad = np.array([[0, 1.0], [ban, ban]])
    for args in ((), (1.0, 3), (1.0, None, 0.9), (9.0, 2, 0.9)):
        expect_result(
            sampling_probs, X, *args, expected=expected, rtol=1e-9
        )
        expect_error(sampling_probs, bad, *args, error=ValueError)


@production("sample_categorical")
def last_bin(sample_categorical: Function) -> None:
    """u = 0 and the largest u below 1 draw tokens of positive probability.

    What is ten times 0.1, added up? Which token do you return if no sum
    exceeds u, and which if u equals a sum of zeros?
    """
    random = np.random.default_rng(0).random((500, 40))
    random[:, [0, -1]] = 0
    random /= random.sum(axis=1, keepdims=True)
    for probs in (
        np.full((1, 10), 0.1),
        np.array([[0, 0, *[0.1] * 10, 0, 0]]),
        np.full((1, 10), 0.0999),  # a row of float16 may be so short
        random,
    ):
        _draw(sample_categorical, probs, Edge(0.0))
        _draw(sample_categorical, probs, Edge(LAST))


@production("sampling_probs")
def off_means_off(sampling_probs: Function) -> None:
    """top_p = 1 and top_k of V or more change nothing.

    How large is the sum of 1 and 1e-17, and is the mass before the last
    token below 1? What does a partition at V + 1 do?
    """
    far = np.array([[0.0, -38, -40, -300]])
    for X in (ROWS, far):
        V = X.shape[1]
        for k, p in ((None, 1.0), (V, None), (V + 1, None), (V + 9, 1.0)):
            close = {"rtol": 1e-9, "atol": 0}
            _expect_filtered(sampling_probs, X, 1.0, k, p, **close)
    _expect_filtered(sampling_probs, far, 1.0, 3, 1.0, rtol=1e-9, atol=0)
    _expect_filtered(sampling_probs, ROWS, 1.0, 13, 0.7, atol=1e-12)


@production("sampling_probs", "sample_categorical")
def any_real_dtype(function: Function, name: str) -> None:
    """float32 stays, summed in float64; integers, bools and lists count.

    What is -1 in uint8? What do 50,000 probabilities in float32 add up to,
    and what is then the last one?
    """
    if name == "sample_categorical":
        for dtype in ("int64", "uint8", "bool", "float16", "float32"):
            _draw(function, np.eye(3)[[2, 0, 1]].astype(dtype), Seeded(0))
        lists = [[0, 1], [1, 0]], Seeded(0)
        given, got = spell(function, lists, {}), call(function, *lists)
        tokens = real_array(given, got)
        expect(given, tokens.dtype.kind in "iu", "integers", tokens)
        _tokens(given, tokens, lists[0])
        probs = np.full((1, 100_001), 2.5e-8, "float32")
        probs[0, 0] = 0.9975  # steps of float32 are 6e-8 there
        u = Edge(0.99875)
        given, token = _draw(function, probs, u)
        if u.drawn:  # else it does not go by the sums
            expect_close(given, token, [50_000], atol=100)
        return
    X = np.array([[3, 0, 1, 122], [1, 0, 1, 1]])
    for dtype in ("float32", "float64", "int8", "uint8", "int64", "bool"):
        stays = "float32" if dtype == "float32" else "float64"
        for k, p in ((None, None), (2, None), (3, 0.6)):
            rows = X.astype(dtype)
            _expect_filtered(function, rows, 2.0, k, p, dtype=stays)
    expect_result(function, X.tolist(), top_k=1, expected=np.eye(4)[[3, 0]])
    tail = np.full((1, 100_001), -17.5, "float32")
    tail[0, 0] = 0
    half = (1 + 1 / (1 + 100_000 * math.exp(-17.5))) / 2
    options = {"top_p": half}
    given = f"tokens left of {spell(function, (tail,), options)}"
    got = real_array(given, call(function, tail, **options))
    expect_close(given, np.count_nonzero(got), 50_001, atol=100)


@production("sampling_probs")
def any_magnitude(sampling_probs: Function) -> None:
    """Logits of 1e308 and any temperature above 0: no NaN, no warning.

    What is 1e308 / 0.01, and inf - inf? Which comes first, the division or
    the subtraction of the maximum?
    """
    X = np.array([[1e308, 0, -1e308], [1e308, 1e308, -1e308]])
    close: Any = {"expected": [[1, 0, 0], [0.5, 0.5, 0]], "rtol": 1e-9}
    for T in (0.01, 1.0, 1e-300):
        for filters in ((), (2,), (None, 0.9)):
            expect_result(sampling_probs, X, T, *filters, **close)
    args = np.array([[5.0, 0, -5]]), 1e300
    expect_result(sampling_probs, *args, expected=[[1 / 3] * 3], rtol=1e-9)


@production("sampling_probs", "sample_categorical")
def no_rows(function: Function, name: str) -> None:
    """n = 0 gives an empty result; V = 0 raises ValueError.

    Which of your reductions fails without rows, which without tokens?
    """
    none: Any = np.empty((0, 4))
    cases: Any = [((), none), ((1.0, 2, 0.5), none)]
    if name == "sample_categorical":
        cases = [((Seeded(0),), np.empty(0))]
    for args, expected in cases:
        expect_result(function, none, *args, expected=expected)
        for n in (0, 2):
            empty = np.empty((n, 0))
            expect_error(function, empty, *args, error=ValueError)


@production("sampling_probs", "sample_categorical")
def bad_input_is_refused(function: Function, name: str) -> None:
    """Numbers out of range or another shape: ValueError; text: TypeError.

    What do top_p = 0, top_k = 0 and a temperature of 0 or -1 do? What is
    drawn from a row of logits, or from one that holds NaN?
    """
    P = np.array([FOUR, MIXED])
    if name == "sample_categorical":
        rng = Seeded(0)
        for bad in (np.log(P), 2 * P, P / 2, 0 * P, P[0], P[None]):
            expect_error(function, bad, rng, error=ValueError)
        for value in (np.nan, -0.5, -np.inf, np.inf):
            bad = np.array([[0.5, 0.5, 0], [0.5, value, 0.5 - value]])
            expect_error(function, bad, rng, error=ValueError)
        for strange in (P.astype(str), P.astype(complex), P.astype(object)):
            expect_error(function, strange, rng, error=TypeError)
        expect_error(function, P, "0", error=TypeError)
        return
    X = np.log(P)
    for bad in (X[0], X[None], np.float64(1)):
        expect_error(function, bad, error=ValueError)
    for value in (np.nan, np.inf):
        bad = np.array([[0, 1.0, 2], [0, value, 2]])
        expect_error(function, bad, error=ValueError)
        expect_error(function, bad, top_k=2, top_p=0.5, error=ValueError)
    ranges: Any = {
        "temperature": [0, -1, math.nan, math.inf, [1.0, 2.0]],
        "top_k": [0, -1],
        "top_p": [0, -0.1, 1.5, math.nan, [0.5]],
    }
    kinds: Any = {"temperature": ["1", 1j], "top_k": [2.0], "top_p": ["1"]}
    for error, options in ((ValueError, ranges), (TypeError, kinds)):
        for option, values in options.items():
            for value in values:
                expect_error(function, X, error=error, **{option: value})
    for odd in (X.astype(str), X.astype(complex), X.astype(object)):
        expect_error(function, odd, error=TypeError)
