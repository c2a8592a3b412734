import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, special
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import scale

from handbook import fit_logistic, predict_proba

close = np.testing.assert_allclose


def overlapping(rng, n=60, d=3):
    X = rng.standard_normal((n, d))
    logits = X @ np.arange(1, d + 1) / 2 - 0.5
    return X, (logits + rng.logistic(size=n) > 0).astype(float)


def assert_same_fit(fit, weights, bias, rtol=1e-9, atol=0.0):
    assert type(fit[1]) is float
    close(fit[0], weights, rtol=rtol, atol=atol)
    close(fit[1], bias, rtol=rtol, atol=atol)


def number_by_number(X, y, lr, steps, l2):
    """The descent in Python floats, from the formula of each derivative."""
    d = len(X[0]) if X else 0
    w, b = [0.0] * d, 0.0
    for _ in range(steps):
        slopes, shift = [l2 * v for v in w], 0.0
        for row, label in zip(X, y, strict=True):
            z = sum(x * v for x, v in zip(row, w, strict=True)) + b
            p = math.exp(min(z, 0)) / (1 + math.exp(-abs(z)))
            slopes = [
                s + (p - label) * x / len(X)
                for s, x in zip(slopes, row, strict=True)
            ]
            shift += (p - label) / len(X)
        w = [v - lr * s for v, s in zip(w, slopes, strict=True)]
        b -= lr * shift
    return w, b


@given(
    n=st.integers(1, 9),
    d=st.integers(0, 4),
    lr=st.sampled_from([0.01, 0.5, 3.0]),
    steps=st.integers(0, 6),
    l2=st.sampled_from([0, 1e-3, 0.3]),
    seed=st.integers(0, 2**32),
)
def test_each_step_is_that_of_a_loop(n, d, lr, steps, l2, seed):
    rng = np.random.default_rng(seed)
    X, y = rng.standard_normal((n, d)), rng.integers(0, 2, n)
    expected = number_by_number(X.tolist(), y.tolist(), lr, steps, l2)
    fit = fit_logistic(X, y, lr, steps, l2)
    assert_same_fit(fit, *expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("l2", [0.01, 0.1, 1])
def test_agrees_with_scikit_learn_on_breast_cancer(l2):
    X, y = load_breast_cancer(return_X_y=True)
    X = scale(X)[:, :5]
    model = LogisticRegression(
        C=1 / (len(y) * l2), tol=1e-12, max_iter=10_000
    ).fit(X, y)
    fit = fit_logistic(X, y, lr=1.0, steps=5000, l2=l2)
    assert_same_fit(fit, *model.coef_, model.intercept_[0], 1e-6)
    close(predict_proba(X, *fit), model.predict_proba(X)[:, 1], rtol=1e-5)


@pytest.mark.parametrize("l2", [0, 0.05])
def test_a_minimiser_that_knows_no_gradient_finds_the_same(rng, l2):
    X, y = overlapping(rng)

    def loss(theta):
        z = X @ theta[:-1] + theta[-1]
        penalty = l2 / 2 * theta[:-1] @ theta[:-1]
        return np.mean(special.softplus(z) - y * z) + penalty

    found = optimize.minimize(loss, np.zeros(4), tol=1e-12).x
    fit = fit_logistic(X, y, 1.0, 3000, l2)
    assert_same_fit(fit, found[:3], found[3], 1e-4)


@pytest.mark.parametrize("l2", [0, 0.2])
def test_repeated_rows_change_nothing(rng, l2):
    X, y = overlapping(rng)
    five = np.repeat(X, 5, axis=0), np.repeat(y, 5)
    expected = fit_logistic(X, y, 0.5, 50, l2)
    assert_same_fit(fit_logistic(*five, 0.5, 50, l2), *expected)


@pytest.mark.parametrize("factor", [1, 1000, 1e150])
def test_separable_classes_keep_weights_finite(factor):
    X, y = factor * np.array([[-2.0], [-1], [1], [2]]), [0, 0, 1, 1]
    weights, bias = fit_logistic(X, y)
    assert np.isfinite(weights).all()
    assert bias == pytest.approx(0, abs=1e-9)
    np.testing.assert_array_equal(predict_proba(X, weights, bias) > 0.5, y)


@pytest.mark.parametrize("ones", [1, 3, 9])
def test_a_bias_alone_becomes_the_log_odds(ones):
    y = np.repeat([1, 0], [ones, 10 - ones])
    fit = fit_logistic(np.zeros((10, 2)), y, 1.0, 900, l2=1)
    assert_same_fit(fit, [0, 0], special.logit(ones / 10))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_probabilities_are_those_of_expit(dtype):
    z = np.linspace(-100, 100, 801, dtype=dtype)
    for X, weights, bias in (
        (z[:, None], np.ones(1, dtype), 0),
        (np.column_stack([z, z]), np.array([2, -3], dtype), 0.25),
        (z[:, None], np.zeros(1, dtype), -800),
    ):
        found = predict_proba(X, weights, bias)
        assert found.dtype == dtype
        logits = (X @ weights + bias).astype(float)
        eps = np.finfo(dtype).eps
        tiny = np.finfo(dtype).tiny
        close(found, special.expit(logits), rtol=9 * eps, atol=tiny)


def test_probabilities_far_from_zero():
    X = np.array([[-740.0], [-1e300], [1e300], [740], [-np.inf], [np.inf]])
    found = predict_proba(X, [1.0], 0)
    # SciPy's expit gives 0 for -740
    close(found, [math.exp(-740), 0, 1, 1, 0, 1], atol=1e-323)
    found = predict_proba(X[1:3], [1e300], 0)  # the logit overflows
    np.testing.assert_array_equal(found, [0, 1])
    rows = [[np.nan, 0], [0, 0], [np.inf, np.inf]]
    found = predict_proba(rows, [1, -1], 0)
    np.testing.assert_array_equal(found, [np.nan, 0.5, np.nan])


@pytest.mark.parametrize("dtype", ["float16", "float32", "longdouble"])
def test_the_float_of_the_features_is_kept(untouched, rng, dtype):
    X, y = overlapping(rng)
    with untouched(X.astype(dtype), y) as (X, y):
        weights, bias = fit_logistic(X, y, 0.5, 500)
    expected = fit_logistic(X.astype(float), y, 0.5, 500)
    assert weights.dtype == dtype
    close(weights, expected[0], rtol=2 * np.finfo(dtype).eps + 1e-15)
    assert bias == expected[1]


@pytest.mark.parametrize("labels", ["?", "uint8", "int64", "float32"])
def test_labels_of_any_real_dtype(rng, labels):
    X, y = overlapping(rng)
    fit = fit_logistic(X, y.astype(labels), 0.5, 50)
    assert_same_fit(fit, *fit_logistic(X, y, 0.5, 50), rtol=1e-14)


@pytest.mark.parametrize("kind", [np.uint8, np.float16, np.array, int])
def test_numbers_may_be_of_any_kind(rng, kind):
    X, y = overlapping(rng)
    weights, bias = fit_logistic(X, y, kind(1), 3, kind(2))
    assert_same_fit((weights, bias), *fit_logistic(X, y, 1.0, 3, 2.0))
    expected = predict_proba(X, weights, 1.0)
    close(predict_proba(X, weights, kind(1)), expected, rtol=1e-15)


def test_integers_lists_and_views(rng):
    X, y = rng.integers(-3, 4, (40, 4)), rng.integers(0, 2, 40)
    expected = fit_logistic(X.astype(float), y, 0.1, 20)
    for view in (X.astype("int8"), np.asfortranarray(X), X.tolist()):
        assert_same_fit(fit_logistic(view, y.tolist(), 0.1, 20), *expected)
        found = predict_proba(view, *expected)
        close(found, special.expit(X @ expected[0] + expected[1]))


def test_defaults():
    X, y = [[0.0], [1], [3]], [0, 1, 0]
    expected = fit_logistic(X, y, 0.1, 1000, 0.0)
    assert_same_fit(fit_logistic(X, y), *expected, rtol=0)


def test_no_step_and_no_column():
    weights, bias = fit_logistic([[1.0, 2]], [1], steps=0)
    assert weights.tolist() == [0, 0]
    assert type(bias) is float
    weights, bias = fit_logistic(np.empty((2, 0)), [1, 1], 1, 1)
    assert (weights.shape, bias) == ((0,), 0.5)
    assert predict_proba(np.empty((0, 2)), [1, 2], 0).shape == (0,)
    assert predict_proba(np.empty((2, 0)), [], 0).tolist() == [0.5, 0.5]


SHAPES = r"X must be \(n, d\) and y \(n,\) with n >= 1, got "
LABELS = "y must hold 0 and 1 only, got "
RATE = "lr must be a finite number"
PENALTY = "l2 must be a finite number >= 0, got "


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"X": [1.0, 2.0]}, ValueError, rf"{SHAPES}\(2,\) and \(1,\)"),
        ({"y": [[1.0]]}, ValueError, rf"{SHAPES}\(1, 1\) and \(1, 1\)"),
        ({"X": np.empty((0, 1)), "y": []}, ValueError, SHAPES),
        ({"X": [[np.inf]]}, ValueError, "X must be finite, got NaN or inf"),
        ({"y": [-1]}, ValueError, f"{LABELS}-1.0"),
        ({"y": [np.nan]}, ValueError, f"{LABELS}nan"),
        ({"lr": 0}, ValueError, f"{RATE} > 0, got 0"),
        ({"lr": [0.1]}, ValueError, rf"{RATE} > 0, got \[0.1\]"),
        ({"lr": np.inf}, ValueError, f"{RATE} > 0, got inf"),
        ({"steps": -1}, ValueError, "steps must be at least 0, got -1"),
        ({"l2": -0.5}, ValueError, f"{PENALTY}-0.5"),
        ({"l2": np.inf}, ValueError, f"{PENALTY}inf"),
        ({"l2": [1.0]}, ValueError, rf"{PENALTY}\[1.0\]"),
        ({"X": [["a"]]}, TypeError, "X must be real, got dtype <U1"),
        ({"y": ["1"]}, TypeError, "y must be real, got dtype <U1"),
        ({"lr": "1"}, TypeError, "lr must be real, got dtype <U1"),
        ({"l2": 1j}, TypeError, "l2 must be real, got dtype complex128"),
        ({"steps": 2.0}, TypeError, "steps must be an integer, got 2.0"),
    ],
)
def test_errors_of_the_fit(changed, error, message):
    with pytest.raises(error, match=message):
        fit_logistic(**{"X": [[1.0]], "y": [1.0]} | changed)


FIT = r"X must be \(n, d\), weights \(d,\) and bias a number, got "


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"X": [1.0]}, ValueError, rf"{FIT}\(1,\), \(1,\) and \(\)"),
        ({"weights": [[1.0]]}, ValueError, rf"{FIT}\(1, 1\), \(1, 1\)"),
        ({"bias": [0.0]}, ValueError, rf"{FIT}.* and \(1,\)"),
        ({"X": [["a"]]}, TypeError, "X must be real, got dtype <U1"),
        ({"weights": [1j]}, TypeError, "weights must be real, got dtype c"),
        ({"bias": "0"}, TypeError, "bias must be real, got dtype <U1"),
    ],
)
def test_errors_of_the_prediction(changed, error, message):
    given = {"X": [[1.0]], "weights": [1.0], "bias": 0.0}
    with pytest.raises(error, match=message):
        predict_proba(**given | changed)
