import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression, SGDRegressor

from handbook import mini_batch_gd


def noisy_line(rng, n=50):
    X = rng.standard_normal((n, 3))
    return X, X @ [2, -1, 0.5] + 3 + 0.1 * rng.standard_normal(n)


def naive(X, y, lr, epochs, batch_size, rng):
    """Follow the contract one number at a time, with exact sums."""
    rows = [[*row, 1.0] for row in X.tolist()]
    theta, loss_history = [0.0] * len(rows[0]), []
    for _ in range(epochs):
        queue, losses = rng.permutation(len(y)).tolist(), []
        while queue:
            batch, queue = queue[:batch_size], queue[batch_size:]
            errors = {}
            for i in batch:
                terms = (t * x for t, x in zip(theta, rows[i], strict=True))
                errors[i] = math.fsum([*terms, -y[i]])
            losses.append(math.fsum(e * e for e in errors.values()))
            losses[-1] /= len(batch)
            for j in range(len(theta)):
                slopes = (2 * e * rows[i][j] for i, e in errors.items())
                theta[j] -= lr * math.fsum(slopes) / len(batch)
        loss_history.append(math.fsum(losses) / len(losses))
    *weights, bias = theta
    return {"weights": weights, "bias": bias, "loss_history": loss_history}


def assert_same_fit(fit, expected, rtol=0.0, atol=0.0):
    assert fit.keys() == expected.keys()
    for key in expected:
        np.testing.assert_allclose(
            fit[key], expected[key], rtol=rtol, atol=atol, err_msg=key
        )


@pytest.mark.parametrize("batch_size", [2, 3, 10**30])
def test_published_values(batch_size):
    # by hand: errors (-3, -5), then (-0.9, -1.6)
    fit = mini_batch_gd([[1], [2]], [3, 5], 0.1, 2, batch_size)
    losses = [17, 1.685]
    expected = {"weights": [1.71], "bias": 1.05, "loss_history": losses}
    assert_same_fit(fit, expected, rtol=1e-14)


@given(
    n=st.integers(1, 12),
    d=st.integers(1, 4),
    batch_size=st.integers(1, 15),
    epochs=st.integers(0, 4),
    seed=st.integers(0, 2**32),
)
def test_agrees_with_a_naive_loop(n, d, batch_size, epochs, seed):
    rng = np.random.default_rng(seed)
    X, y = rng.uniform(-1, 1, (n, d)), rng.uniform(-1, 1, n)
    # lr times the Hessian of any batch is below 0.5, so that no rounding
    # grows: 48 updates of numbers of order 1 stay within 1e-13
    used, other = (np.random.default_rng(seed) for _ in range(2))
    fit = mini_batch_gd(X, y, 0.05, epochs, batch_size, used)
    expected = naive(X, y, 0.05, epochs, batch_size, other)
    assert_same_fit(fit, expected, rtol=1e-12, atol=1e-13)
    assert used.bit_generator.state == other.bit_generator.state


def test_single_samples_agree_with_scikit_learn(rng):
    X, y = noisy_line(rng)
    model = SGDRegressor(
        penalty=None, learning_rate="constant", eta0=0.02, shuffle=False
    )  # its loss carries a factor 1/2: twice the learning rate
    shuffler = np.random.default_rng(9)
    for _ in range(5):
        order = shuffler.permutation(50)
        model.partial_fit(X[order], y[order])
    fit = mini_batch_gd(X, y, lr=0.01, epochs=5, batch_size=1, rng=9)
    found = [*fit["weights"], fit["bias"]]
    expected = [*model.coef_, *model.intercept_]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_full_batches_reach_the_optimum(rng):
    X, y = noisy_line(rng)
    fit = mini_batch_gd(X, y, lr=0.2, epochs=300, batch_size=64)
    model = LinearRegression().fit(X, y)
    best = np.mean((model.predict(X) - y) ** 2)
    found = [*fit["weights"], fit["bias"], fit["loss_history"][-1]]
    expected = [*model.coef_, model.intercept_, best]
    np.testing.assert_allclose(found, expected, rtol=1e-9)


@pytest.mark.parametrize(("factor", "growth"), [(0.9, 0.64), (1.1, 1.44)])
def test_learning_rate_bound(factor, growth):
    # without noise the loss is all distance to the optimum: in the end it
    # is multiplied by (1 - lr * largest eigenvalue) squared
    X = np.full((8, 1), 2.0)  # Hessian [[8, 4], [4, 2]]: eigenvalues 0, 10
    lr = factor * 2 / 10
    fit = mini_batch_gd(X, np.full(8, 10.0), lr, epochs=30, batch_size=8)
    losses = np.array(fit["loss_history"])
    np.testing.assert_allclose(losses[1:] / losses[:-1], growth, rtol=1e-6)


def test_none_is_another_order_every_time(rng):
    X, y = noisy_line(rng)
    first, second = (mini_batch_gd(X, y) for _ in range(2))
    assert second["loss_history"] != first["loss_history"]


@pytest.mark.parametrize("dtypes", ["ee", "ff", "gg", "fd", "df"])
@pytest.mark.parametrize("epochs", [0, 10])
def test_the_wider_float_is_kept(untouched, rng, dtypes, epochs):
    line = map(np.ndarray.astype, noisy_line(rng), dtypes)
    with untouched(*line) as (X, y):
        fit = mini_batch_gd(X, y, np.float64(0.01), epochs, rng=0)
    dtype = np.result_type(X, y)
    assert fit["weights"].dtype == dtype
    assert type(fit["bias"]) is float
    assert [type(loss) for loss in fit["loss_history"]] == [float] * epochs
    X, y = X.astype(float), y.astype(float)
    expected = mini_batch_gd(X, y, 0.01, epochs, 32, rng=0)
    # 20 updates round numbers up to 8, the errors
    eps = max(np.finfo(dtype).eps, np.finfo(float).eps)
    atol = 0 if dtype.char == "d" else 200 * eps
    assert_same_fit(fit, expected, atol=atol)


def test_any_memory_layout(rng):
    X, y = rng.standard_normal((60, 6)), rng.standard_normal(60)
    for view in (np.asfortranarray(X), X[:, ::-2], X[:, :1]):
        fit = mini_batch_gd(view, y[::-1], rng=0)
        expected = mini_batch_gd(view.copy(), y[::-1].copy(), rng=0)
        assert_same_fit(fit, expected, rtol=1e-11)


@pytest.mark.parametrize("dtype", ["int8", "uint8", "int64", "uint64"])
def test_counts_may_be_numpy_integers(rng, dtype):
    # the second batch ends at 200, the third at 300: beyond int8 and uint8
    X, y = noisy_line(rng, n=300)
    epochs, batch_size = np.array([5, 100], dtype)
    fit = mini_batch_gd(X, y, 0.01, epochs, batch_size, rng=0)
    assert_same_fit(fit, mini_batch_gd(X, y, 0.01, 5, 100, rng=0))


REAL, INTEGERS = "X, y and lr must be real, got ", "must be integers, got "
SHAPES, RANGES = r"X must be \(n, d\).* got ", "need finite lr > 0.* got "
EMPTY = {"X": np.empty((0, 1)), "y": []}


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"X": [1.0, 2.0]}, ValueError, rf"{SHAPES}\(2,\) and \(1,\)"),
        ({"y": [1.0, 2.0]}, ValueError, rf"{SHAPES}\(1, 1\) and \(2,\)"),
        ({"y": [[1.0]]}, ValueError, rf"{SHAPES}\(1, 1\) and \(1, 1\)"),
        (EMPTY, ValueError, r"n >= 1, got \(0, 1\) and \(0,\)"),
        ({"X": [["a"]]}, TypeError, f"{REAL}<U1, float64 and 0.1"),
        ({"y": [1j]}, TypeError, f"{REAL}float64, complex128 and 0.1"),
        ({"lr": "0.1"}, TypeError, f"{REAL}float64, float64 and '0.1'"),
        ({"epochs": 2.0}, TypeError, f"{INTEGERS}2.0 and 2"),
        ({"batch_size": "2"}, TypeError, f"{INTEGERS}0 and '2'"),
        ({"batch_size": np.float64(2)}, TypeError, f"{INTEGERS}0 and np"),
        ({"lr": np.nan}, ValueError, f"{RANGES}nan, 0 and 2"),
        ({"epochs": -1}, ValueError, f"{RANGES}0.1, -1 and 2"),
        ({"batch_size": 0}, ValueError, f"{RANGES}0.1, 0 and 0"),
        ({"rng": -1}, ValueError, "."),  # the message is NumPy's
        ({"rng": "a"}, TypeError, "."),
    ],
)
def test_errors(changed, error, message):
    good = {"X": [[1.0]], "y": [1.0], "lr": 0.1, "epochs": 0}
    with pytest.raises(error, match=message):
        mini_batch_gd(**good | {"batch_size": 2} | changed)
