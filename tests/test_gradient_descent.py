import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LinearRegression, SGDRegressor

from handbook import mini_batch_gd

FLOATS = ("float16", "float32", "float64", "longdouble")
INTEGERS = ("bool", "int8", "uint8", "int64", "uint64")


def noisy_line(rng, n=50, d=3, noise=0.1):
    X = rng.standard_normal((n, d))
    weights = np.array([2.0, -1.0, 0.5])[:d]
    return X, X @ weights + 3 + noise * rng.standard_normal(n)


def with_ones(X):
    return np.column_stack([X, np.ones(len(X))])


def naive(X, y, lr, epochs, batch_size, seed):
    """Follow the contract one number at a time, with exact sums."""
    rng = np.random.default_rng(seed)
    X, y = X.tolist(), y.tolist()
    weights, bias, loss_history = [0.0] * len(X[0]), 0.0, []
    for _ in range(epochs):
        queue, losses = rng.permutation(len(y)).tolist(), []
        while queue:
            batch, queue = queue[:batch_size], queue[batch_size:]
            errors = []
            for i in batch:
                terms = (w * x for w, x in zip(weights, X[i], strict=True))
                errors.append(math.fsum([*terms, bias, -y[i]]))
            losses.append(math.fsum(e * e for e in errors) / len(batch))
            for j in range(len(weights)):
                slopes = (
                    2 * e * X[i][j]
                    for e, i in zip(errors, batch, strict=True)
                )
                weights[j] -= lr * math.fsum(slopes) / len(batch)
            bias -= lr * math.fsum(2 * e for e in errors) / len(batch)
        loss_history.append(math.fsum(losses) / len(losses))
    return {"weights": weights, "bias": bias, "loss_history": loss_history}


def assert_same_fit(fit, expected, rtol, atol=0.0):
    assert fit.keys() == expected.keys()
    for key in expected:
        np.testing.assert_allclose(
            fit[key], expected[key], rtol=rtol, atol=atol, err_msg=key
        )


def test_published_values():
    # by hand: errors (-3, -5), then (-0.9, -1.6)
    fit = mini_batch_gd([[1], [2]], [3, 5], lr=0.1, epochs=2, batch_size=2)
    expected = {
        "weights": [1.71],
        "bias": 1.05,
        "loss_history": [17, 1.685],
    }
    assert_same_fit(fit, expected, rtol=1e-14)


def test_published_example(rng):
    X, y = noisy_line(rng, n=200)
    fit = mini_batch_gd(X, y, lr=0.01, epochs=200, rng=0)
    np.testing.assert_allclose(
        fit["weights"], [2, -1, 0.5], rtol=0, atol=0.02
    )
    assert abs(fit["bias"] - 3) < 0.02
    assert round(fit["loss_history"][-1], 2) == 0.01


def test_published_loss_of_a_short_last_batch():
    # 9 alone in the last batch: (0 + 9) / 2; paired with a 0: (4.5 + 0) / 2
    fit = mini_batch_gd(np.zeros((3, 1)), [0, 0, 3], 1e-12, 40, 2, rng=0)
    found = np.unique(np.round(fit["loss_history"], 6))
    np.testing.assert_array_equal(found, [2.25, 4.5])


def test_defaults(rng):
    X, y = noisy_line(rng)
    explicit = mini_batch_gd(X, y, 0.01, 100, 32, np.random.default_rng(4))
    assert_same_fit(mini_batch_gd(X, y, rng=4), explicit, rtol=0)


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
    arguments = X, y, 0.05, epochs, batch_size, seed
    # lr times the Hessian of any batch is below 0.5, so that no rounding
    # grows: 48 updates of numbers of order 1 stay within 1e-13
    assert_same_fit(
        mini_batch_gd(*arguments), naive(*arguments), rtol=1e-12, atol=1e-13
    )


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
    np.testing.assert_allclose(fit["weights"], model.coef_, rtol=1e-12)
    np.testing.assert_allclose(fit["bias"], model.intercept_[0], rtol=1e-12)


@pytest.mark.parametrize("batch_size", [50, 64])
def test_full_batches_reach_the_optimum(rng, batch_size):
    X, y = noisy_line(rng)
    fit = mini_batch_gd(X, y, lr=0.2, epochs=300, batch_size=batch_size)
    model = LinearRegression().fit(X, y)
    np.testing.assert_allclose(fit["weights"], model.coef_, rtol=1e-9)
    np.testing.assert_allclose(fit["bias"], model.intercept_, rtol=1e-9)
    best = np.linalg.lstsq(with_ones(X), y)[1] / 50
    np.testing.assert_allclose(fit["loss_history"][-1], best, rtol=1e-9)


@pytest.mark.parametrize(
    ("batch_size", "epochs"), [(1, 50), (7, 150), (32, 400)]
)
def test_finds_a_line_without_noise(rng, batch_size, epochs):
    X, y = noisy_line(rng, noise=0.0)
    fit = mini_batch_gd(X, y, 0.05, epochs, batch_size, rng)
    # 800 updates or more, each leaves about 0.9 of the distance
    np.testing.assert_allclose(
        fit["weights"], [2, -1, 0.5], rtol=0, atol=1e-8
    )
    np.testing.assert_allclose(fit["bias"], 3, rtol=0, atol=1e-8)
    assert fit["loss_history"][-1] < 1e-15


def test_step_is_the_gradient_by_central_differences(rng):
    X, y = noisy_line(rng)
    A, theta = with_ones(X), np.array([1.0, -2.0, 0.5, 4.0])

    def loss(point):
        return math.fsum((A @ point - y) ** 2) / 50

    # exact for a quadratic, whatever the width of the difference
    expected = [
        (loss(theta + unit) - loss(theta - unit)) / 2 for unit in np.eye(4)
    ]
    # from 0, towards what theta leaves of y: the gradient at theta
    fit = mini_batch_gd(X, y - A @ theta, 0.1, epochs=1, batch_size=50)
    gradient = np.append(fit["weights"], fit["bias"]) / -0.1
    np.testing.assert_allclose(gradient, expected, rtol=1e-12)
    np.testing.assert_allclose(fit["loss_history"], [loss(theta)])


@pytest.mark.parametrize(("factor", "growth"), [(0.9, 0.64), (1.1, 1.44)])
def test_learning_rate_bound(rng, factor, growth):
    # without noise the loss is all distance to the optimum: in the end it
    # is multiplied by (1 - lr * largest eigenvalue) squared
    X = np.full((8, 1), 2.0)  # Hessian [[8, 4], [4, 2]]: eigenvalues 0, 10
    lr = factor * 2 / 10
    fit = mini_batch_gd(X, np.full(8, 10.0), lr, epochs=30, batch_size=8)
    losses = np.array(fit["loss_history"])
    np.testing.assert_allclose(losses[1:] / losses[:-1], growth, rtol=1e-6)


def test_divergence_is_not_hidden(rng):
    X, y = noisy_line(rng)
    with pytest.warns(RuntimeWarning):
        fit = mini_batch_gd(X, y, lr=10.0, epochs=300, batch_size=50)
    assert np.isnan(fit["loss_history"][-1])


@pytest.mark.parametrize("n", [1, 2, 7, 8, 9, 40])
def test_one_permutation_an_epoch(rng, n):
    # whatever is drawn from rng, it is `epochs` permutations of n
    X, y = noisy_line(rng, n=n)
    used, expected = np.random.default_rng(3), np.random.default_rng(3)
    mini_batch_gd(X, y, epochs=5, batch_size=8, rng=used)
    for _ in range(5):
        expected.permutation(n)
    assert used.bit_generator.state == expected.bit_generator.state


@pytest.mark.parametrize("batch_size", [1, 2, 3, 6])
def test_every_sample_once_an_epoch(rng, batch_size):
    # sample i alone moves weight i, and lr is too small to move errors
    y = np.array([1.0, -2.0, 3.0, 4.0, 5.0, 6.0])
    fit = mini_batch_gd(np.eye(6), y, 1e-9, 7, batch_size, rng)
    expected = 7 * 2e-9 * y / batch_size
    np.testing.assert_allclose(fit["weights"], expected, rtol=1e-6)


def test_last_batch_is_averaged_over_its_own_size(rng):
    fit = mini_batch_gd(np.eye(5), np.ones(5), 1e-9, 1, 4, rng)
    expected = [0.5e-9, 0.5e-9, 0.5e-9, 0.5e-9, 2e-9]
    np.testing.assert_allclose(np.sort(fit["weights"]), expected, rtol=1e-6)


@pytest.mark.parametrize("batch_size", [2, 3, 10**30])
def test_batch_may_exceed_the_data(batch_size):
    fit = mini_batch_gd([[1], [2]], [3, 5], 0.1, 2, batch_size)
    expected = {
        "weights": [1.71],
        "bias": 1.05,
        "loss_history": [17, 1.685],
    }
    assert_same_fit(fit, expected, rtol=1e-14)


def test_each_epoch_draws_anew():
    # the one target that is alone in the last batch gives the loss away
    y = np.sqrt([1.0, 2, 4, 8, 16])
    fit = mini_batch_gd(np.zeros((5, 1)), y, 1e-12, 200, 4, rng=0)
    alone = np.round(fit["loss_history"], 6)
    expected = [((31 - s) / 4 + s) / 2 for s in (1, 2, 4, 8, 16)]
    values, counts = np.unique(alone, return_counts=True)
    np.testing.assert_array_equal(values, expected)
    assert counts.min() > 20  # 40 expected, standard deviation 5.7


def test_loss_is_taken_before_the_update(rng):
    X, y = noisy_line(rng)
    fit = mini_batch_gd(X, y, lr=0.1, epochs=1, batch_size=50)
    squares = math.fsum(y**2) / 50  # the weights are still 0
    np.testing.assert_allclose(fit["loss_history"], [squares], rtol=1e-13)
    fit = mini_batch_gd(X, y, lr=1e-300, epochs=3, batch_size=10)
    np.testing.assert_allclose(fit["loss_history"], squares, rtol=1e-13)


def test_targets_do_not_broadcast(rng):
    X, y = rng.standard_normal((1000, 2)), rng.standard_normal(1000)
    fit = mini_batch_gd(X, y, lr=0.5, epochs=1, batch_size=1000)
    gradient = [-2 * math.fsum(x * y) / 1000 for x in X.T]  # from zero
    assert fit["weights"].shape == (2,)
    np.testing.assert_allclose(-2 * fit["weights"], gradient, rtol=1e-12)
    with pytest.raises(
        ValueError, match=r"got \(1000, 2\) and \(1000, 1\)"
    ):
        mini_batch_gd(X, y[:, None])


@pytest.mark.parametrize("dtype", ["float32", "float64", "int64"])
def test_zero_epochs(dtype):
    X, y = np.ones((4, 3), dtype), np.ones(4, dtype)
    fit = mini_batch_gd(X, y, epochs=0)
    np.testing.assert_array_equal(fit["weights"], [0.0, 0.0, 0.0])
    assert fit["weights"].dtype == np.result_type(X, 1.0)
    assert type(fit["bias"]) is float
    assert fit["bias"] == 0.0
    assert fit["loss_history"] == []


def test_no_columns():
    fit = mini_batch_gd(np.empty((3, 0)), [1.0, 2.0, 6.0], 0.25, 60)
    assert fit["weights"].shape == (0,)
    np.testing.assert_allclose(
        fit["bias"], 3, rtol=1e-14
    )  # halves 60 times


@pytest.mark.parametrize("seed", [0, 12345, [1, 2], np.int64(7)])
def test_seeds_reproduce(rng, seed):
    X, y = noisy_line(rng)
    first, second = (mini_batch_gd(X, y, rng=seed) for _ in range(2))
    assert_same_fit(first, second, rtol=0)
    other = mini_batch_gd(X, y, rng=99)
    assert other["loss_history"] != first["loss_history"]


def test_generator_advances(rng):
    X, y = noisy_line(rng)
    stream = np.random.default_rng(7)
    first, second = (mini_batch_gd(X, y, rng=stream) for _ in range(2))
    assert_same_fit(first, mini_batch_gd(X, y, rng=7), rtol=0)
    assert second["loss_history"] != first["loss_history"]


def test_none_is_another_order_every_time(rng):
    X, y = noisy_line(rng)
    first, second = (mini_batch_gd(X, y) for _ in range(2))
    assert second["loss_history"] != first["loss_history"]


@given(seed=st.integers(0, 2**32), exponent=st.integers(-20, 20))
def test_powers_of_two_in_y_scale_the_fit(seed, exponent):
    rng = np.random.default_rng(seed)
    X, y = rng.standard_normal((9, 2)), rng.standard_normal(9)
    scale = 2.0**exponent  # exact in every operation
    fit = mini_batch_gd(X, y, 0.05, 3, 4, seed)
    scaled = mini_batch_gd(X, scale * y, 0.05, 3, 4, seed)
    losses = [scale**2 * loss for loss in fit["loss_history"]]
    np.testing.assert_array_equal(scaled["weights"], scale * fit["weights"])
    assert scaled["bias"] == scale * fit["bias"]
    assert scaled["loss_history"] == losses


def test_columns_may_be_permuted(rng):
    X, y = noisy_line(rng)
    fit = mini_batch_gd(X, y, rng=1)
    turned = mini_batch_gd(X[:, [2, 0, 1]], y, rng=1)
    expected = fit | {"weights": fit["weights"][[2, 0, 1]]}
    assert_same_fit(turned, expected, rtol=1e-12)


@pytest.mark.parametrize("dtype", FLOATS)
def test_floats_keep_their_dtype(rng, dtype):
    X, y = (a.astype(dtype) for a in noisy_line(rng))
    for lr in (0.01, np.float64(0.01)):
        fit = mini_batch_gd(X, y, lr, epochs=10, rng=0)
        assert fit["weights"].dtype == dtype
        assert type(fit["bias"]) is float
        assert [type(loss) for loss in fit["loss_history"]] == [float] * 10
        expected = mini_batch_gd(
            X.astype(float), y.astype(float), 0.01, 10, 32, 0
        )
        # 20 updates round numbers up to 8, the errors
        atol = 200 * max(np.finfo(dtype).eps, np.finfo(float).eps)
        assert_same_fit(fit, expected, rtol=0, atol=atol)


@pytest.mark.parametrize("swap", [False, True])
def test_mixed_floats_take_the_wider_dtype(rng, swap):
    X, y = noisy_line(rng)
    X, y = (X, y.astype("f4")) if swap else (X.astype("f4"), y)
    fit = mini_batch_gd(X, y, rng=0)
    expected = mini_batch_gd(X.astype(float), y.astype(float), rng=0)
    assert fit["weights"].dtype == np.float64
    assert_same_fit(fit, expected, rtol=0)


@pytest.mark.parametrize("dtype", INTEGERS)
def test_integers_and_bools_become_float64(dtype):
    X = np.array([[0, 1], [1, 1], [1, 0]], dtype)
    y = np.array([1, 0, 1], dtype)
    fit = mini_batch_gd(X, y, rng=0)
    expected = mini_batch_gd(X.astype(float), y.astype(float), rng=0)
    assert fit["weights"].dtype == np.float64
    assert_same_fit(fit, expected, rtol=0)


def test_small_integers_do_not_wrap():
    X, y = np.array([[1], [2]], np.uint8), np.array([200, 255], np.uint8)
    fit = mini_batch_gd(X, y, lr=0.1, epochs=1, batch_size=2)
    squares = (200**2 + 255**2) / 2
    expected = {"weights": [71], "bias": 45.5, "loss_history": [squares]}
    assert_same_fit(fit, expected, rtol=1e-14)


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
    fit = mini_batch_gd(X, y, 0.01, epochs, batch_size, 0)
    assert_same_fit(fit, mini_batch_gd(X, y, 0.01, 5, 100, 0), rtol=0)


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        ([1.0, 2.0], [1.0, 2.0], r"got \(2,\) and \(2,\)"),
        (3.0, 3.0, r"got \(\) and \(\)"),
        ([[[1.0]]], [1.0], r"got \(1, 1, 1\) and \(1,\)"),
        ([[1.0], [2.0]], [1.0], r"got \(2, 1\) and \(1,\)"),
        ([[1.0]], [1.0, 2.0], r"got \(1, 1\) and \(2,\)"),
        ([[1.0]], [[1.0]], r"got \(1, 1\) and \(1, 1\)"),
        ([[1.0]], 1.0, r"got \(1, 1\) and \(\)"),
        (np.empty((0, 2)), [], r"n >= 1, got \(0, 2\) and \(0,\)"),
    ],
)
def test_bad_shapes(X, y, message):
    with pytest.raises(ValueError, match=f"X must be .n, d.* {message}"):
        mini_batch_gd(X, y)


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        ([["a"]], [1.0], "got <U1, float64 and 0.01"),
        ([[1.0]], ["a"], "got float64, <U1 and 0.01"),
        ([[1j]], [1.0], "got complex128, float64"),
        ([[1.0]], [1j], "got float64, complex128"),
        ([[None]], [1.0], "got object, float64"),
        ([[1.0]], np.array(["2020"], "M8[Y]"), "got float64, datetime64"),
    ],
)
def test_data_that_are_not_real(X, y, message):
    with pytest.raises(TypeError, match=f"X, y and lr must .* {message}"):
        mini_batch_gd(X, y)


@pytest.mark.parametrize("lr", ["0.1", None, 1j])
def test_learning_rate_that_is_not_real(lr):
    with pytest.raises(TypeError, match=f"must be real, .* and {lr!r}"):
        mini_batch_gd([[1.0]], [1.0], lr=lr)


@pytest.mark.parametrize("value", [2.0, "2", None, np.float64(2)])
@pytest.mark.parametrize("name", ["epochs", "batch_size"])
def test_counts_that_are_not_integers(name, value):
    with pytest.raises(TypeError, match="must be integers, got") as caught:
        mini_batch_gd([[1.0]], [1.0], **{name: value})
    assert repr(value) in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lr", 0),
        ("lr", 0.0),
        ("lr", -0.1),
        ("lr", np.inf),
        ("lr", -np.inf),
        ("lr", np.nan),
        ("epochs", -1),
        ("batch_size", 0),
        ("batch_size", -1),
    ],
)
def test_numbers_out_of_range(name, value):
    values = {"lr": 0.1, "epochs": 0, "batch_size": 2} | {name: value}
    message = "lr > 0, .* got {lr}, {epochs} and {batch_size}"
    with pytest.raises(ValueError, match=message.format(**values)):
        mini_batch_gd([[1.0]], [1.0], **values)


@pytest.mark.parametrize(
    ("rng", "error"), [(-1, ValueError), ("a", TypeError)]
)
def test_bad_seed(rng, error):
    with pytest.raises(error):
        mini_batch_gd([[1.0]], [1.0], rng=rng)


@pytest.mark.parametrize("dtype", [*FLOATS, *INTEGERS])
def test_leaves_no_trace(untouched, dtype):
    X = np.array([[1, 0, 1], [0, 1, 1], [1, 1, 0]], dtype=dtype)
    with untouched(X, np.array([1, 0, 1], dtype=dtype)) as (X, y):
        mini_batch_gd(X, y, epochs=3, batch_size=2, rng=0)
        mini_batch_gd(X, y, epochs=3, batch_size=2)
