from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize
from sklearn.datasets import load_diabetes
from sklearn.linear_model import LinearRegression, Ridge

from handbook import fit_linear

close = np.testing.assert_allclose


def plane(rng, n=40, d=3):
    X = 5 + rng.standard_normal((n, d))
    return X, X @ np.arange(1, d + 1) - 2 + rng.standard_normal(n)


def assert_same_fit(fit, weights, bias, rtol=1e-9, atol=0.0):
    assert type(fit[1]) is float
    close(fit[0], weights, rtol=rtol, atol=atol)
    close(fit[1], bias, rtol=rtol, atol=atol)


def gradient(X, y, l2, weights, bias):
    """Half the gradient, in exact arithmetic: by the weights, the bias."""
    rows = [[Fraction(x) for x in [*row, 1.0]] for row in X.tolist()]
    theta = [Fraction(x) for x in [*weights.tolist(), bias]]
    errors = [
        sum(a * x for a, x in zip(theta, row, strict=True)) - Fraction(t)
        for row, t in zip(rows, y.tolist(), strict=True)
    ]
    slopes = [
        sum(e * x for e, x in zip(errors, column, strict=True))
        for column in zip(*rows, strict=True)
    ]
    for j in range(len(theta) - 1):
        slopes[j] += Fraction(l2) * theta[j]
    return [float(slope) for slope in slopes]


@given(
    n=st.integers(1, 9),
    d=st.integers(0, 5),
    l2=st.sampled_from([0, 1e-3, 0.5, 7]),
    seed=st.integers(0, 2**32),
)
def test_the_gradient_vanishes(n, d, l2, seed):
    rng = np.random.default_rng(seed)
    X = rng.integers(-3, 4, (n, d)).astype(float)  # often collinear
    y = rng.integers(-9, 10, n).astype(float)
    weights, bias = fit_linear(X, y, l2)
    close(gradient(X, y, l2, weights, bias), 0, atol=1e-10)


@pytest.mark.parametrize("l2", [1e-3, 1, 100])
def test_agrees_with_scikit_learn_on_diabetes(l2):
    X, y = load_diabetes(return_X_y=True, scaled=False)
    model = Ridge(alpha=l2, solver="svd").fit(X, y)
    fit = fit_linear(X, y, l2)
    assert_same_fit(fit, model.coef_, model.intercept_)


def test_without_a_penalty_agrees_with_scikit_learn_on_diabetes():
    X, y = load_diabetes(return_X_y=True)  # condition number 22
    model = LinearRegression().fit(X, y)
    assert_same_fit(fit_linear(X, y), model.coef_, model.intercept_)


def test_a_descent_that_knows_no_algebra_finds_the_same(rng):
    X, y = plane(rng)

    def loss(theta):
        errors = X @ theta[:-1] + theta[-1] - y
        return errors @ errors + 2.5 * theta[:-1] @ theta[:-1]

    found = optimize.minimize(loss, np.zeros(4), tol=1e-12).x
    assert_same_fit(fit_linear(X, y, 2.5), found[:3], found[3], 1e-4)


@pytest.mark.parametrize("l2", [0, 3])
@pytest.mark.parametrize("shift", [10, -1e6])
def test_shifts_change_the_bias_only(rng, l2, shift):
    X, y = rng.integers(-9, 9, (40, 3)).astype(float), np.arange(40.0)
    weights, bias = fit_linear(X, y, l2)
    bias += 7 - shift * weights.sum()
    assert_same_fit(fit_linear(X + shift, y + 7, l2), weights, bias)


@given(seed=st.integers(0, 2**32), exponent=st.integers(-100, 100))
def test_powers_of_two_change_the_units(seed, exponent):
    X, y = plane(np.random.default_rng(seed), n=9)
    scale = 2.0**exponent
    weights, bias = fit_linear(X, y, 3)
    fit = fit_linear(scale * X, y, scale**2 * 3)
    assert_same_fit(fit, weights / scale, bias)
    fit = fit_linear(X, scale * y, 3)
    assert_same_fit(fit, weights * scale, bias * scale)


@pytest.mark.parametrize("constant", [1, 0.1, 12345.678, 1e8 + 0.1, 1e300])
@pytest.mark.parametrize("n", [2, 50, 999])
def test_a_constant_column_counts_for_nothing(rng, n, constant):
    x = rng.standard_normal(n)
    X = np.column_stack([np.full(n, constant), x])
    assert_same_fit(fit_linear(X, 1 - 2 * x), [0, -2], 1, atol=1e-12)
    y = rng.standard_normal(n)
    assert_same_fit(fit_linear(X[:, :1], y), [0], y.mean())


@pytest.mark.parametrize("n", [20, 5000])
def test_repeated_columns_share_the_weight(rng, n):
    X, y = plane(rng, n)
    weights, bias = fit_linear(X, y)
    repeated = fit_linear(np.repeat(X, 4, axis=1), y)
    assert_same_fit(repeated, np.repeat(weights / 4, 4), bias)


@pytest.mark.parametrize("dtypes", ["ee", "ff", "gg", "fd", "df", "fe"])
def test_the_wider_float_is_kept(untouched, rng, dtypes):
    data = map(np.ndarray.astype, plane(rng), dtypes)
    with untouched(*data) as (X, y):
        weights, bias = fit_linear(X, y, 2)
    dtype = np.result_type(X, y)
    assert weights.dtype == dtype
    expected = fit_linear(X.astype(float), y.astype(float), 2)
    eps = max(np.finfo(dtype).eps, 1e-15)
    close(weights, expected[0], rtol=2 * eps)
    close(bias, expected[1], rtol=20 * eps)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_the_rank_is_judged_by_the_rounding_of_the_features(rng, dtype):
    x = rng.standard_normal((50, 3)).astype(dtype)
    X = np.column_stack([x, x[:, 0] + x[:, 1], x.sum(axis=1, dtype=dtype)])
    weights, _ = fit_linear(X, rng.standard_normal(50).astype(dtype))
    assert np.abs(weights).max() < 1
    X[:, 3] += 300 * np.finfo(dtype).eps * x[:, 2]  # no rounding
    weights, _ = fit_linear(X[:, [0, 1, 3]], x[:, 2])
    assert np.abs(weights).max() > 3


@pytest.mark.parametrize("l2", [np.uint8(5), np.float16(5), np.array(5), 5])
def test_the_penalty_may_be_any_number(rng, l2):
    X, y = plane(rng)
    assert_same_fit(fit_linear(X, y, l2), *fit_linear(X, y, 5.0), 1e-14)


def test_any_memory_layout(rng):
    X, y = rng.standard_normal((60, 6)), rng.standard_normal(60)
    for view in (np.asfortranarray(X), X[:, ::-2], X[::-1], X[:, :1]):
        expected = fit_linear(view.copy(), y.copy(), 0.5)
        assert_same_fit(fit_linear(view, y, 0.5), *expected)
    expected = fit_linear(X, y)
    assert_same_fit(fit_linear(X.tolist(), y.tolist()), *expected)


SHAPES, FINITE = r"X must be \(n, d\).* n >= 1, got ", "X and y must be fin"
PENALTY = "l2 must be a finite number >= 0, got "


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"X": [1.0, 2.0]}, ValueError, rf"{SHAPES}\(2,\) and \(1,\)"),
        ({"y": [1.0, 2.0]}, ValueError, rf"{SHAPES}\(1, 1\) and \(2,\)"),
        ({"y": [[1.0]]}, ValueError, rf"{SHAPES}\(1, 1\) and \(1, 1\)"),
        (
            {"X": np.empty((0, 1)), "y": []},
            ValueError,
            rf"{SHAPES}\(0, 1\) and \(0,\)",
        ),
        ({"X": [[np.nan]]}, ValueError, FINITE),
        ({"y": [np.inf]}, ValueError, FINITE),
        ({"l2": -1}, ValueError, f"{PENALTY}-1"),
        ({"l2": np.nan}, ValueError, f"{PENALTY}nan"),
        ({"l2": np.inf}, ValueError, f"{PENALTY}inf"),
        ({"l2": [1.0, 2.0]}, ValueError, rf"{PENALTY}\[1.0, 2.0\]"),
        ({"X": [["a"]]}, TypeError, "X must be real, got dtype <U1"),
        ({"y": [1j]}, TypeError, "y must be real, got dtype complex128"),
        ({"l2": "1"}, TypeError, "l2 must be real, got dtype <U1"),
    ],
)
def test_errors(changed, error, message):
    with pytest.raises(error, match=message):
        fit_linear(**{"X": [[1.0]], "y": [1.0], "l2": 0.0} | changed)
