from typing import Any

import numpy as np

from handbook import checks
from handbook.checks import (
    Broken,
    Function,
    call,
    core,
    expect,
    expect_error,
    expect_result,
    name_of,
    peak_bytes,
    production,
    spell,
)

LARGER_INPUT = {
    "roc_auc": lambda rng: (
        rng.integers(0, 2, 40_009),
        rng.standard_normal(40_009).round(2),  # with many ties
    )
}
ANY = ValueError, Exception  # the first is named as an example
# thresholds in steps of 0.01 part these scores: 1/32 lies between them
GRID = (np.arange(32) + 0.5) / 32
_RNG = np.random.default_rng(0)
_Y, _S = np.arange(4000) % 2, _RNG.permutation(4000) / 4000


def _won(y: Any, scores: Any) -> float:
    """Count over all pairs; a tie is half a win."""
    gaps = np.subtract.outer(scores[y == 1], scores[y == 0])
    return float(((gaps > 0) + (gaps == 0) / 2).mean())


@core("roc_auc")
def pairs_won(roc_auc: Function) -> None:
    """The share of pairs in which the positive has the higher score.

    One positive and one negative make a pair: how many pairs are there?
    How many does the positive with the third lowest score of all win?
    """
    y, scores = np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8])
    expect_result(roc_auc, y, scores, expected=0.75, atol=1e-9)
    y, scores = np.array([0, 1, 1]), np.array([0.75, 0.25, 0.5])
    expect_result(roc_auc, y, scores, expected=0, atol=1e-9)
    expect_result(roc_auc, 1 - y, scores, expected=1, atol=1e-9)
    rng = np.random.default_rng(1)
    for p, q in ((1, 1), (1, 9), (8, 2), (3, 5), (12, 20)):
        y = rng.permutation(np.repeat([1, 0], [p, q]))
        scores = rng.permutation(GRID)[: p + q]  # all different
        expected = _won(y, scores)
        expect_result(roc_auc, y, scores, expected=expected, atol=1e-9)


@core("roc_auc")
def ties_half(roc_auc: Function) -> None:
    """A pair with equal scores counts half, in whatever order the rows are.

    Four rows have the same score. What is the AUC of a model that can't
    tell them apart, and does yours change when you reverse the rows?
    """
    for labels in ([1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 0, 1], [0, 1, 1, 1]):
        y, scores = np.array(labels), np.full(4, 0.3)
        expect_result(roc_auc, y, scores, expected=0.5, atol=1e-9)
    y, scores = np.array([0, 0, 1, 1]), np.array([0.1, 0.5, 0.5, 0.8])
    expect_result(roc_auc, y, scores, expected=0.875, atol=1e-9)
    rng = np.random.default_rng(2)
    for levels in (2, 3, 7):
        y = rng.permutation(np.arange(24) % 2)
        scores = rng.choice(GRID[:levels], 24)
        expected = _won(y, scores)
        for rows in (slice(None), slice(None, None, -1), scores.argsort()):
            args = y[rows].copy(), scores[rows].copy()
            expect_result(roc_auc, *args, expected=expected, atol=1e-9)


@core("roc_auc")
def only_order_matters(roc_auc: Function) -> None:
    """exp, cubes or a scale change nothing; -scores gives 1 - AUC.

    Scores may be logits, or ten probabilities between 0.501 and 0.502.
    Which thresholds do you try, and where do they come from?
    """
    rng = np.random.default_rng(3)
    y = rng.permutation(np.arange(20) % 2)
    scores = np.concatenate([GRID[10:20], GRID[6:16]])  # some are tied
    expected = _won(y, scores)
    for same in (
        scores / 1000 + 0.5,
        1000 * scores - 500,
        np.exp(20 * scores),
        (scores - 0.5) ** 3,
        scores - 2,
    ):
        expect_result(roc_auc, y, same, expected=expected, atol=1e-9)
    expect_result(roc_auc, y, -scores, expected=1 - expected, atol=1e-9)


@core("roc_auc")
def one_class(roc_auc: Function) -> None:
    """Labels of one class are an error, not a number.

    How many pairs are there without a negative, or without a positive?
    What does your last line divide by?
    """
    scores = np.array([0.1, 0.4, 0.4])
    expect_result(roc_auc, np.array([0, 1, 1]), scores, expected=1)
    for label in (1, 0):
        for n in (3, 1):
            y = np.full(n, label)
            expect_error(roc_auc, y, scores[:n], error=ANY)


@core("roc_auc")
def no_pair_is_built(roc_auc: Function) -> None:
    """Memory grows with the number of rows, not of pairs.

    200,000 rows, half of them positive, make 10 billion pairs. Which of
    your arrays has two axes? What do you know of a score's rank?
    """
    small, large = (_Y[:1000], _S[:1000]), (_Y, _S)
    call(roc_auc, *small)  # what only a first call needs does not count
    few, many = (peak_bytes(roc_auc, args) for args in (small, large))
    if many > 8 * few + 65_536:  # pairs: 16 times
        raise Broken(
            f"{name_of(roc_auc)} on 1,000 rows, then on 4,000",
            "about 4 times the memory",
            f"{many / few:.0f} times the memory, {many:,} bytes",
        )


vectorised = checks.vectorised(
    "No Python loop over rows, pairs or thresholds.",
    "Which call of NumPy sorts all scores at once? Which one counts, for "
    "every positive, the negatives below it?",
    {"roc_auc": [((_Y[:4], _S[:4]), (_Y[:404], _S[:404]))]},
)

input_unchanged = checks.input_unchanged(
    {"roc_auc": [(np.array([0, 1, 0, 1]), np.array([0.3, 0.1, 0.2, 0.1]))]}
)


@production("roc_auc")
def labels(roc_auc: Function) -> None:
    """Labels are bools, integers or 0.0 and 1.0; any other is a ValueError.

    Other tools label the classes -1 and 1, or 1 and 2. Which of your lines
    would notice? And of which type is your result?
    """
    scores = np.array([0.1, 0.5, 0.5, 0.8])
    for dtype in ("bool", "int8", "uint8", "int64", "float32", "float64"):
        y = np.array([0, 0, 1, 1], dtype)
        expect_result(roc_auc, y, scores, expected=0.875)
        got = call(roc_auc, y, scores)
        given = spell(roc_auc, (y, scores), {})
        expect(given, type(got) is float, "a Python float", type(got))
    expect_result(roc_auc, [0, 1], [0.1, 0.8], expected=1)
    for wrong in (
        [-1, -1, 1, 1],
        [1, 1, 2, 2],
        [0, 0, 1, -1],
        [0, 0.5, 1, 1],
        [0, np.nan, 1, 1],
    ):
        expect_error(roc_auc, np.array(wrong), scores, error=ValueError)


@production("roc_auc")
def special_scores(roc_auc: Function) -> None:
    """Infinities are ranked, -0.0 ties 0.0, and NaN is a ValueError.

    Where does NumPy sort a NaN, and which AUC does a model get that
    returns NaN for every positive?
    """
    y, inf = np.array([0, 1, 0, 1]), np.inf
    for scores, expected in (
        ([-inf, inf, 0.0, 1.0], 1),
        ([inf, -inf, 0.0, 1.0], 0.25),
        ([inf, inf, -inf, -inf], 0.5),
        ([0.0, -0.0, -0.0, 0.0], 0.5),
    ):
        expect_result(roc_auc, y, np.array(scores), expected=expected)
    for scores in ([0.1, np.nan, 0.2, 0.3], [np.nan, 0.1, 0.2, 0.3]):
        for dtype in ("float32", "float64"):
            args = y, np.array(scores, dtype)
            expect_error(roc_auc, *args, error=ValueError)


@production("roc_auc")
def scores_keep_their_dtype(roc_auc: Function) -> None:
    """Scores are compared in their own dtype, any real one.

    2**53 and 2**53 + 1 are one float64. What is -s of a uint8 s = 0, and
    what is the difference of two scores there?
    """
    y = np.array([0, 1, 0, 1])
    for dtype in ("int64", "uint64"):
        scores = np.array([2**53, 2**53 + 1, 2**53 + 2, 2**53 + 3], dtype)
        expect_result(roc_auc, y, scores, expected=0.75)
    for dtype in ("int8", "uint8", "int16", "uint16", "int64", "uint64"):
        low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
        scores = np.array([low, high, high - 1, low + 1], dtype)
        expect_result(roc_auc, y, scores, expected=0.75)
    for dtype in ("float16", "float32", "bool"):
        scores = np.array([0, 1, 1, 1], dtype)
        expect_result(roc_auc, y, scores, expected=0.75)
    scores = 1 + np.spacing(1.0) * np.array([0, 1, 2, 3])
    expect_result(roc_auc, y, scores, expected=0.75)


@production("roc_auc")
def bad_input(roc_auc: Function) -> None:
    """Other shapes, no rows or one class: ValueError; text: TypeError.

    What does your code return for labels (n, 1) beside scores (n,)? And
    which error do you raise for one class?
    """
    y, scores = np.array([0, 1, 1]), np.array([0.1, 0.4, 0.4])
    for wrong in (
        (y, scores[:2]),
        (y[:2], scores),
        (y[:, None], scores),
        (y, scores[:, None]),
        (y[:, None], scores[:, None]),
        (y[1], scores[1]),
        (y[:0], scores[:0]),
        (y[1:], scores[1:]),
        (1 - y[1:], scores[1:]),
    ):
        expect_error(roc_auc, *wrong, error=ValueError)
    expect_error(
        roc_auc, np.array(["0", "1", "1"]), scores, error=TypeError
    )
    for no_number in ("x", 1j, None):
        args = y, np.array([no_number] * 3)
        expect_error(roc_auc, *args, error=TypeError)
