import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import softmax
from scipy.stats import chisquare

from handbook import sample_categorical, sampling_probs
from handbook.whiteboard import sampling as whiteboard

close = np.testing.assert_allclose
equal = np.testing.assert_array_equal
FOUR = [0.4, 0.3, 0.2, 0.1]
LAST = 1 - 2.0**-53  # the largest number below 1


class Fixed(np.random.Generator):
    """A generator whose uniform numbers are known."""

    def __init__(self, *numbers):
        super().__init__(np.random.PCG64(0))
        self.numbers = numbers

    def uniform(self, low, high):
        return low + (high - low) * np.reshape(self.numbers, high.shape)


def by_hand(row, temperature, k, p):
    """A row of probabilities, from SciPy's softmax, token by token."""
    ranked = sorted(range(len(row)), key=lambda j: (-row[j], j))[:k]
    weights = softmax([row[j] / temperature for j in ranked])
    kept, mass = {}, 0.0
    for token, weight in zip(ranked, weights, strict=True):
        if mass < p:
            kept[token] = weight
        mass += weight
    total = math.fsum(kept.values())
    return [kept.get(j, 0.0) / total for j in range(len(row))]


@given(
    n=st.integers(0, 5),
    V=st.integers(1, 40),
    temperature=st.sampled_from([0.1, 0.7, 1.0, 3.0, 50.0]),
    k=st.integers(1, 45) | st.none(),
    p=st.floats(0.01, 0.999) | st.none(),
    digits=st.sampled_from([0, 1, 9]),  # with few of them many are equal
    seed=st.integers(0, 2**32),
)
def test_agrees_with_a_loop_over_tokens(
    n, V, temperature, k, p, digits, seed
):
    rng = np.random.default_rng(seed)
    X = np.round(rng.normal(0, 3, (n, V)), digits)
    found = sampling_probs(X, temperature, k, p)
    p = p or 2
    # a mass that is the mark but for rounding may count as either
    low, high = (
        np.reshape(
            [by_hand(row, temperature, k, mark) for row in X.tolist()],
            (n, V),
        )
        for mark in (p - 1e-12, p + 1e-12)
    )
    for row, *allowed in zip(found, low, high, strict=True):
        assert any(np.allclose(row, a, 1e-9, 1e-15) for a in allowed)
    close(found.sum(axis=1), 1, rtol=1e-12)


def test_the_table_of_the_page():
    logits = np.log([[0.1, 0.4, 0.2, 0.3]])
    for k, p, expected in (
        (None, None, [0.1, 0.4, 0.2, 0.3]),
        (3, None, [0, 4 / 9, 2 / 9, 3 / 9]),
        (3, 0.7, [0, 4 / 7, 0, 3 / 7]),
    ):
        close(sampling_probs(logits, 1.0, k, p), [expected], rtol=1e-12)


# torch 2.13.0+cpu, float64, of [2.0, 1.0, 0.5, 0.1, -1.0, 3.0]: what
# softmax(x / 0.7) leaves after topk(4), and after a sort and the mask
# cumsum(p) - p >= 0.85, renormalised each time
TORCH = [
    (4, None, [0.1808415, 0.04333885, 0.02121617, 0, 0, 0.75460347]),
    (4, 0.85, [0.19332137, 0, 0, 0, 0, 0.80667863]),
    (None, 0.95, [0.18476143, 0.04427827, 0, 0, 0, 0.7709603]),
]


@pytest.mark.parametrize(("k", "p", "expected"), TORCH)
def test_agrees_with_pytorch(k, p, expected):
    X = [[2.0, 1.0, 0.5, 0.1, -1.0, 3.0]]
    for probs in (sampling_probs, whiteboard.sampling_probs):
        close(probs(np.array(X), 0.7, k, p), [expected], atol=1e-8)


@pytest.mark.parametrize("k", [None, 7, 50, 300])
@pytest.mark.parametrize("p", [None, 0.2, 0.9])
def test_the_whiteboard_version_agrees(rng, k, p):
    X = rng.normal(0, 4, (30, 300))
    expected = whiteboard.sampling_probs(X, 0.8, k, p)
    close(sampling_probs(X, 0.8, k, p), expected, rtol=1e-12)
    draws = (whiteboard.sample_categorical, sample_categorical)
    equal(*(d(expected, np.random.default_rng(3)) for d in draws))


@pytest.mark.parametrize(
    "probs",
    [FOUR, [0.5, 0.5], [0, 0.5, 0, 0.5], [0.001, 0.999], [0.02] * 50],
)
@pytest.mark.parametrize("seed", range(3))
def test_draws_pass_a_chi_squared_test(probs, seed):
    P = np.tile(probs, (50_000, 1))
    tokens = sample_categorical(P, np.random.default_rng(seed))
    assert tokens.dtype == np.intp
    counts = np.bincount(tokens, minlength=len(probs))
    possible = np.array(probs) > 0
    equal(counts[~possible], 0)
    expected = 50_000 * np.array(probs)[possible]
    assert chisquare(counts[possible], expected).pvalue > 1e-4


def test_neighbouring_rows_are_independent(rng):
    tokens = sample_categorical(np.tile(FOUR, (80_000, 1)), rng)
    pairs = np.bincount(4 * tokens[::2] + tokens[1::2], minlength=16)
    expected = 40_000 * np.outer(FOUR, FOUR).ravel()
    assert chisquare(pairs, expected).pvalue > 1e-4


@given(
    weights=st.lists(st.integers(0, 9), min_size=1, max_size=12).filter(
        any
    ),
    u=st.sampled_from([0.0, LAST]) | st.floats(0, 0.999),
)
def test_a_token_is_where_the_exact_sums_pass_u(weights, u):
    P = np.array([weights]) / sum(weights)
    token = int(sample_categorical(P, Fixed(u))[0])
    assert weights[token] > 0
    ends = [
        Fraction(sum(weights[: j + 1]), sum(weights)) for j in range(12)
    ]
    exact = next(j for j, end in enumerate(ends) if end > Fraction(u))
    near = min(abs(end - Fraction(u)) for end in ends) < 1e-14
    assert near or token == exact


def test_ends_of_a_row_of_tenths():
    P = np.full((2, 10), 0.1)
    assert P.cumsum(axis=1)[0, -1] < 1
    equal(sample_categorical(P, Fixed(LAST, 0)), [9, 0])


@pytest.mark.parametrize("u", [0.0, 0.3, LAST])
@pytest.mark.parametrize("dtype", ["e", "f", "d"])
def test_a_softmax_of_a_large_vocabulary_is_drawn_from(rng, u, dtype):
    P = sampling_probs(rng.normal(0, 4, (4, 50_000)).astype(dtype))
    assert P.dtype == dtype
    tokens = sample_categorical(P, Fixed(*[u] * 4))
    assert (P[np.arange(4), tokens] > 0).all()


def test_one_number_a_row_and_the_generator_moves_on():
    P = np.tile(FOUR, (100, 1))
    rng, other = (np.random.default_rng(5) for _ in range(2))
    first, second = (sample_categorical(P, rng) for _ in range(2))
    u = other.random(200)
    bins = np.digitize(u, np.cumsum(FOUR)[:-1])
    equal(np.concatenate([first, second]), bins)
    assert rng.random() == other.random()


def test_ties_stay_in_the_order_of_the_tokens():
    X = np.tile([1.0, 0, 1, 0], (2, 100))  # unstable sorts would differ
    kept = sampling_probs(X, top_k=250) > 0
    equal(kept.sum(axis=1), 250)
    equal(kept[:, ::2], True)
    equal(kept[:, 1::2].argmin(axis=1), 50)
    kept = sampling_probs(np.zeros((1, 8)), top_p=0.625) > 0
    equal(kept, [[True] * 5 + [False] * 3])


@pytest.mark.parametrize("tenths", range(1, 10))
def test_rounding_does_not_decide_where_the_nucleus_ends(tenths):
    for a, b, c in itertools.product(range(1, 10), repeat=3):
        if a > b > c and (d := 10 - a - b - c) in range(c):
            row = [a, b, c, d][: 3 + (d > 0)]
            logits = np.log(np.array([row]) / 10)
            kept = sampling_probs(logits, top_p=tenths / 10) > 0
            before = itertools.accumulate(row, initial=0)
            assert kept.sum() == sum(sum_ < tenths for sum_ in before)


def test_banned_tokens_stay_banned(rng):
    X = rng.standard_normal((50, 9))
    X[:, :8][rng.random((50, 8)) < 0.6] = -np.inf
    for options in ({}, {"top_k": 5}, {"top_p": 0.9}, {"temperature": 1e9}):
        P = sampling_probs(X, **options)
        equal(P[np.isneginf(X)], 0)
        close(P.sum(axis=1), 1, rtol=1e-12)


@pytest.mark.parametrize("settings", [(None, 1.0), (500, 1), (501, None)])
def test_filters_that_are_off_change_no_bit(rng, settings):
    X = rng.normal(0, 20, (30, 500))
    equal(sampling_probs(X, 1.0, *settings), sampling_probs(X))
    assert (sampling_probs(X) > 0).all()


@pytest.mark.parametrize("dtype", ["e", "f", "d", "g", "?", "b", "B", "Q"])
def test_any_real_dtype(untouched, rng, dtype):
    X = rng.integers(0, 9, (6, 20)).astype(dtype)
    with untouched(X) as X:
        P = sampling_probs(X, 2.0, 12, 0.8)
    assert P.dtype == np.result_type(X, 1.0)
    expected = sampling_probs(X.astype(float), 2.0, 12, 0.8)
    close(P, expected, rtol=max(np.finfo(P.dtype).eps, 1e-12))
    probs = np.eye(5)[[4, 0, 2]].astype(dtype)
    with untouched(probs) as probs:
        equal(sample_categorical(probs, rng), [4, 0, 2])


@pytest.mark.parametrize("scale", [1e-320, 1e-9, 1e300, 1.7e308])
@pytest.mark.parametrize("temperature", [5e-324, 1e-3, 1, 1e300])
def test_any_magnitude(scale, temperature):
    X = np.array([[1, -1, 0.5, -0.5]]) * scale
    for k, p in ((None, None), (3, None), (2, 0.3)):
        found = sampling_probs(X, temperature, k, p)[0]
        ranked = np.argsort(-X[0])[:k]
        weights = {}
        for j in ranked:
            gap = Fraction(X[0, j]) - Fraction(X[0, 0])
            z = max(gap / Fraction(temperature), Fraction(-800))
            weights[j] = math.exp(z)
        expected = np.zeros(4)
        expected[ranked] = [weights[j] for j in ranked]
        expected /= expected.sum()
        if p:  # the first has half of two, or more
            expected = [1, 0, 0, 0]
        close(found, expected, rtol=1e-9, atol=1e-300)


def test_any_memory_layout(rng):
    X = rng.normal(0, 4, (40, 30))
    for view in (np.asfortranarray(X), X[:, ::-2], X[::-1], X.T):
        P = sampling_probs(view, 0.8, 9, 0.9)
        close(P, sampling_probs(view.copy(), 0.8, 9, 0.9), rtol=1e-12)
        tokens = [
            sample_categorical(p, np.random.default_rng(1))
            for p in (np.asfortranarray(P), P.copy())
        ]
        equal(*tokens)
    found = sampling_probs(X.tolist(), top_k=3)
    equal(found, sampling_probs(X, top_k=3))


def test_numbers_of_numpy_are_settings(rng):
    X = rng.normal(0, 4, (3, 30))
    found = sampling_probs(X, np.float32(0.5), np.uint8(4), np.float64(0.9))
    equal(found, sampling_probs(X, 0.5, 4, 0.9))


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"logits": [1.0]}, ValueError, r"must be \(n, V\), .* got \(1,\)"),
        ({"logits": [[]]}, ValueError, r"V >= 1, got \(1, 0\)"),
        ({"logits": [["a"]]}, TypeError, "logits must be real, got"),
        ({"logits": [[0, np.nan]]}, ValueError, "logits must hold no NaN"),
        ({"logits": [[0, np.inf]]}, ValueError, "logits must hold no NaN"),
        ({"logits": [[-np.inf] * 2]}, ValueError, "no row of only -inf"),
        ({"temperature": 0}, ValueError, "temperature must .* > 0, got 0"),
        (
            {"temperature": np.inf},
            ValueError,
            "temperature must .* got inf",
        ),
        ({"temperature": "1"}, TypeError, "temperature must be real"),
        (
            {"temperature": [1]},
            ValueError,
            r"temperature must .* got \[1\]",
        ),
        ({"top_k": 0}, ValueError, "top_k must be at least 1, got 0"),
        ({"top_k": 2.0}, TypeError, "top_k must be an integer, got 2.0"),
        ({"top_p": 0}, ValueError, r"top_p must be in \(0, 1\], got 0"),
        (
            {"top_p": 1.01},
            ValueError,
            r"top_p must be in \(0, 1\], got 1.01",
        ),
        ({"top_p": [0.5]}, ValueError, r"top_p must .* got \[0.5\]"),
        ({"top_p": "1"}, TypeError, "top_p must be real"),
    ],
)
def test_errors_of_probabilities(changed, error, message):
    with pytest.raises(error, match=message):
        sampling_probs(**{"logits": [[0.0, 1]]} | changed)


@pytest.mark.parametrize(
    ("probs", "error", "message"),
    [
        ([1.0], ValueError, r"probs must be \(n, V\), V >= 1, got \(1,\)"),
        (np.empty((0, 0)), ValueError, r"V >= 1, got \(0, 0\)"),
        ([["a"]], TypeError, "probs must be real, got dtype <U1"),
        ([[1.5, -0.5]], ValueError, "must not be negative, got -0.5"),
        (
            [[0.5, 0.52]],
            ValueError,
            "rows of probs must sum to 1, got 1.02",
        ),
        (
            [[0.5, 0.48]],
            ValueError,
            "rows of probs must sum to 1, got 0.98",
        ),
        ([[np.nan, 1]], ValueError, "rows of probs must sum to 1, got nan"),
        ([[np.inf, 1]], ValueError, "rows of probs must sum to 1, got inf"),
    ],
)
def test_errors_of_draws(rng, probs, error, message):
    with pytest.raises(error, match=message):
        sample_categorical(probs, rng)


def test_a_seed_is_no_generator():
    message = r"rng must be a numpy.random.Generator, got 0"
    with pytest.raises(TypeError, match=message):
        sample_categorical([FOUR], 0)
