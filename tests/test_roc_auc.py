from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import mannwhitneyu, norm, rankdata
from sklearn.datasets import load_breast_cancer
from sklearn.metrics import average_precision_score, roc_auc_score

from benchmarks.sweeps import on_page
from handbook import roc_auc
from handbook.checks import peak_bytes
from handbook.whiteboard.roc_auc import roc_auc as whiteboard

FLOATS = ("float16", "float32", "float64", "longdouble")
INTEGERS = [f"{u}int{b}" for u in ("", "u") for b in (8, 16, 32, 64)]


def by_loop(y, scores):
    """Go through all pairs, in exact arithmetic."""
    pos = [s for label, s in zip(y, scores, strict=True) if label]
    neg = [s for label, s in zip(y, scores, strict=True) if not label]
    won = sum(
        Fraction(int(a > b) + int(a >= b), 2) for a in pos for b in neg
    )
    return float(won / (len(pos) * len(neg)))


@st.composite
def cases(draw):
    """Draw labels of both classes, and scores of any dtype, often tied."""
    n = draw(st.integers(2, 12))
    y = draw(hnp.arrays(bool, n))
    y[0], y[-1] = draw(st.sampled_from([(True, False), (False, True)]))
    dtype = np.dtype(draw(st.sampled_from(["bool", *INTEGERS, *FLOATS])))
    few = hnp.arrays(
        dtype, 3, elements=hnp.from_dtype(dtype, allow_nan=False)
    )
    return y, draw(few)[
        draw(hnp.arrays(int, n, elements=st.integers(0, 2)))
    ]


@given(cases())
def test_agrees_with_a_loop_over_all_pairs(case):
    y, scores = case
    assert roc_auc(y, scores) == by_loop(y.tolist(), scores.tolist())


def test_published_value():
    # scikit-learn's documentation of roc_auc_score
    assert roc_auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) == 0.75


@pytest.mark.parametrize("decimals", [0, 1, 2, 9])
def test_agrees_with_scikit_learn_and_scipy(rng, decimals):
    y = (rng.random(3000) < 0.2).astype(int)
    scores = (rng.standard_normal(3000) + y).round(decimals)
    auc = roc_auc(y, scores)
    assert np.isclose(auc, roc_auc_score(y, scores), rtol=1e-13)
    pos, neg = scores[y == 1], scores[y == 0]
    U = mannwhitneyu(pos, neg).statistic
    assert np.isclose(auc, U / (len(pos) * len(neg)), rtol=1e-13)
    p = len(pos)
    won = rankdata(scores)[y == 1].sum() - p * (p + 1) / 2
    assert np.isclose(auc, won / (p * len(neg)), rtol=1e-13)


def test_agrees_with_scikit_learn_on_breast_cancer():
    X, y = load_breast_cancer(return_X_y=True)
    for column in X.T:
        expected = roc_auc_score(y, column)
        assert np.isclose(roc_auc(y, column), expected, rtol=1e-13)


def test_two_normal_distributions(rng):
    # P(N(1, 1) > N(0, 1)) is the normal distribution at 1 / sqrt(2)
    scores = rng.standard_normal(200_000)
    y = np.arange(200_000) % 2
    assert abs(roc_auc(y, scores + y) - norm.cdf(0.5**0.5)) < 5e-3


def test_counts_that_floats_of_32_bits_cannot_hold():
    # one pair of 2.5e9 is lost: more than int32, or float32, can count
    scores = np.arange(100_000)
    scores[[49_999, 50_000]] = scores[[50_000, 49_999]]
    y = np.arange(100_000) >= 50_000
    assert roc_auc(y, scores) == 1 - 1 / 2.5e9
    assert roc_auc(~y, scores) == 1 / 2.5e9


@pytest.mark.parametrize("dtype", ["bool", *INTEGERS, *FLOATS])
def test_labels_of_any_dtype(dtype):
    y = np.array([0, 0, 1, 1], dtype)
    auc = roc_auc(y, [0.1, 0.5, 0.5, 0.8])
    assert (type(auc), auc) == (float, 0.875)


@pytest.mark.parametrize("dtype", ["int64", "uint64", "longdouble"])
def test_scores_that_float64_cannot_tell_apart(dtype):
    low = np.array(2**62, dtype)
    scores = np.stack([low, low + low.dtype.type(1)])
    # longdouble is float64 on some machines: a tie there
    assert roc_auc([0, 1], scores) == (1 if scores[0] < scores[1] else 0.5)


def test_more_labels_than_eight_bits_count():
    y = np.repeat(np.array([0, 1], np.uint8), 300)
    assert roc_auc(y, np.arange(600)) == 1


def test_memory_grows_with_the_rows(rng):
    y, scores = np.arange(20_000) % 2, rng.standard_normal(20_000)
    assert peak_bytes(roc_auc, (y, scores)) < 6 * 8 * 20_000


def test_any_memory_layout(rng):
    y, scores = rng.integers(0, 2, 40), rng.integers(0, 9, 40)
    expected = roc_auc(y.copy(), scores.copy())
    for views in (
        (y[::-1], scores[::-1]),
        (np.repeat(y, 2)[::2], np.repeat(scores, 2)[::2]),
        (y.astype(">i8"), scores.astype(">f8")),
        (y.tolist(), tuple(scores.tolist())),
    ):
        assert roc_auc(*views) == expected


def test_average_precision_of_the_page(rng):
    y, scores = np.arange(500) % 3 == 0, rng.permutation(500)
    expected = average_precision_score(y, scores)
    found = on_page("roc_auc")["average_precision"](y, scores)
    assert np.isclose(found, expected, rtol=1e-12)


def test_delong_of_the_page(rng):
    # the error of one AUC: the spread of the AUCs of many samples
    samples = rng.standard_normal((3000, 2, 60))
    samples[:, 0] += 1
    y = np.repeat([1, 0], 60)
    spread = np.std([roc_auc(y, sample.ravel()) for sample in samples])
    error = on_page("roc_auc")["delong_error"]
    mean = np.mean([error(*sample) for sample in samples])
    assert abs(mean / spread - 1) < 0.05


SHAPES = r"y_true and scores must be \(n,\), got "
ONLY = "y_true must hold 0 and 1 only, got "
BOTH = "y_true must hold both classes, got "


@pytest.mark.parametrize(
    ("y", "scores", "error", "message"),
    [
        (
            ["0", "1"],
            [1, 2],
            TypeError,
            "y_true must be real, got dtype <U",
        ),
        (
            [0, 1],
            ["a", "b"],
            TypeError,
            "scores must be real, got dtype <U",
        ),
        ([0, 1], [1j, 2], TypeError, "scores must be real, got dtype comp"),
        (
            [0, None],
            [1, 2],
            TypeError,
            "y_true must be real, got dtype obj",
        ),
        ([0, 1], [1.0], ValueError, SHAPES + r"\(2,\) and \(1,\)$"),
        ([[0], [1]], [1, 2], ValueError, SHAPES + r"\(2, 1\) and \(2,\)$"),
        (
            [[0], [1]],
            [[1], [2]],
            ValueError,
            SHAPES + r"\(2, 1\) and \(2, 1",
        ),
        (1, 2, ValueError, SHAPES + r"\(\) and \(\)$"),
        ([0, -1, 2], [1, 2, 3], ValueError, ONLY + "-1$"),
        ([0, 1, 0.5], [1, 2, 3], ValueError, ONLY + r"0\.5$"),
        ([0, 1, np.nan], [1, 2, 3], ValueError, ONLY + "nan$"),
        ([0, 1, 1], [1, 2, np.nan], ValueError, "NaN, got NaN in row 2$"),
        ([1, 1], [1, 2], ValueError, BOTH + "2 ones and 0 zeros$"),
        ([0], [1], ValueError, BOTH + "0 ones and 1 zeros$"),
        ([], [], ValueError, BOTH + "0 ones and 0 zeros$"),
    ],
)
def test_bad_input(y, scores, error, message):
    with pytest.raises(error, match=message):
        roc_auc(y, scores)


def test_the_whiteboard_names_one_class():
    with pytest.raises(ValueError, match="AUC needs both classes"):
        whiteboard(np.ones(3), np.arange(3.0))


@pytest.mark.parametrize("dtype", ["bool", *INTEGERS, *FLOATS])
def test_leaves_no_trace(untouched, dtype):
    y, scores = np.array([0, 1, 0, 1]), np.array([1, 0, 0, 1], dtype)
    with untouched(y, scores) as (y, scores):
        assert roc_auc(y, scores) == 0.5
