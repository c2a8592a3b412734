import math
import re

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import differentiate, special
from sklearn.metrics import log_loss

from handbook import cross_entropy

close = np.testing.assert_allclose
INF, NAN = math.inf, math.nan
# torch.nn.functional.cross_entropy and its backward(), torch 2.13.0, CPU,
# float64, to ten digits: logits, labels, loss, gradient
TORCH = [
    (
        [[1, 2, 3], [1000, 0, 0]],
        [2, 1],
        500.2038029822,
        [[0.04501528659, 0.1223642355, -0.1673795221], [0.5, -0.5, 0]],
    ),
    (
        [[0.5, -1.25, 3, 0], [2, 2, -4.5, 1], [-30, 10, 0.25, 40]],
        [0, 3, 1],
        11.4996753602,
        [
            [-0.3094603732, 0.004148498423, 0.2908321925, 0.01447968225],
            [0.1406836084, 0.1406836084, 2.115092507e-4, -0.2815787261],
            [1.325149912e-31, -0.3333333333, 1.818331614e-18, 0.3333333333],
        ],
    ),
    ([[0, -INF, 0]], [0], 0.6931471806, [[-0.5, 0, 0.5]]),
    ([[0, -INF, 0]], [1], INF, [[0.5, -1, 0.5]]),
    ([[-INF, -INF]], [1], NAN, [[NAN, NAN]]),
    (
        [[NAN, 0], [0, 1]],
        [1, 0],
        NAN,
        [[NAN, NAN], [-0.3655292893, 0.3655292893]],
    ),
]


def samples(rng, n=7, C=5, scale=3.0):
    return scale * rng.standard_normal((n, C)), rng.integers(0, C, n)


@pytest.mark.parametrize(("logits", "labels", "loss", "grad"), TORCH)
def test_agrees_with_pytorch(logits, labels, loss, grad):
    found, slopes = cross_entropy(logits, labels)
    assert type(found) is float
    close(found, loss, rtol=1e-9)
    close(slopes, grad, rtol=1e-9, atol=1e-16)


@mpmath.workdps(40)
def exact(logits, labels):
    """Loss and gradient in forty digits, from their definitions."""
    losses, slopes = [], []
    for row, label in zip(logits.tolist(), labels.tolist(), strict=True):
        E = [mpmath.exp(mpmath.mpf(x)) for x in row]
        P = [e / mpmath.fsum(E) for e in E]
        losses.append(-mpmath.log(P[label]))
        slopes.append([p - (j == label) for j, p in enumerate(P)])
    n = len(losses)
    grad = [[float(x / n) for x in row] for row in slopes]
    return float(mpmath.fsum(losses) / n), grad


@given(
    n=st.integers(1, 6),
    C=st.integers(1, 6),
    scale=st.sampled_from([1e-3, 1.0, 30.0, 1e4]),
    seed=st.integers(0, 2**32),
)
def test_forty_digits_agree(n, C, scale, seed):
    logits, labels = samples(np.random.default_rng(seed), n, C, scale)
    loss, grad = exact(logits, labels)
    found, slopes = cross_entropy(logits, labels)
    # a row that is right by 40 loses its digits: 1 + exp(-40) is 1
    close(found, loss, rtol=1e-14, atol=1e-15)
    close(slopes, grad, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("shape", [(1, 2), (4, 3), (3, 4), (5, 1)])
def test_the_gradient_is_that_of_scipys_differences(rng, shape):
    logits, labels = samples(rng, *shape, 1)

    def loss(flat):  # (n C, ...) -> (...)
        X = np.moveaxis(flat.reshape(*shape, *flat.shape[1:]), 1, -1)
        logp = special.log_softmax(X, axis=-1)
        return -np.stack(
            [logp[i, ..., y] for i, y in enumerate(labels)]
        ).mean(axis=0)

    found = differentiate.jacobian(loss, logits.ravel()).df
    grad = cross_entropy(logits, labels)[1]
    close(grad.ravel(), found, atol=1e-10)


def test_agrees_with_scikit_learn_and_scipy(rng):
    logits, labels = samples(rng, 500, 7)
    loss, grad = cross_entropy(logits, labels)
    P = special.softmax(logits, axis=1)
    close(loss, log_loss(labels, P, labels=range(7)), rtol=1e-13)
    close(grad, (P - np.eye(7)[labels]) / 500, atol=1e-16)
    close(grad.sum(axis=1), 0, atol=1e-17)


@pytest.mark.parametrize("C", [1, 2, 10, 50_000])
def test_equal_logits_cost_log_c(C):
    for height in (0, 1000, -1e300):
        loss, grad = cross_entropy(np.full((3, C), height), [0, C - 1, 0])
        assert loss == pytest.approx(math.log(C), rel=1e-13)
        close(grad[2, 0], (1 / C - 1) / 3, rtol=1e-13)


@pytest.mark.parametrize("margin", [1, 40, 800, 1e5, 1e300])
def test_a_wrong_row_costs_its_margin(margin):
    for logits in ([[margin, 0]], [[0, -margin]]):
        loss, grad = cross_entropy(logits, [1])
        assert loss == pytest.approx(np.logaddexp(0, margin), rel=1e-15)
        p = special.expit(margin)
        close(grad, [[p, -p]], rtol=1e-14)


@pytest.mark.parametrize(("dtype", "most"), [("f4", 90), ("f8", 710)])
def test_products_of_exponentials_do_not_overflow(dtype, most):
    for largest in range(30, most, 5):
        logits = np.full((1, 50_000), largest, dtype)
        logits[0, 0] = -largest
        loss, _ = cross_entropy(logits, [0])
        expected = logits[0, 1] - float(logits[0, 0]) + math.log(49_999)
        assert loss == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("dtype", ["f4", "f8"])
def test_no_loss_is_negative(rng, dtype):
    for x in 30 * rng.standard_normal(1000):
        assert cross_entropy(np.array([[x, x - 30]], dtype), [0])[0] >= 0
        assert cross_entropy(np.array([[x]], dtype), [0])[0] == (
            pytest.approx(0, abs=2e-7)
        )


def test_a_small_loss_keeps_its_digits_beside_large_logits():
    loss, _ = cross_entropy([[100, 90]], [0])
    assert loss == pytest.approx(math.log1p(math.exp(-10)), rel=1e-11)


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "g"])
def test_exponentials_that_would_overflow_or_vanish(dtype):
    most, eps = np.log(np.finfo(dtype).max), np.finfo(dtype).eps + 1e-15
    labels = np.arange(100) % 2
    for top in most * np.linspace(-1.5, 1.5, 121):
        X = np.full((100, 2), top)
        X[:, 1] -= np.linspace(0, 0.4 * most, 100)
        X = X.astype(dtype)
        loss, grad = cross_entropy(X, labels)
        margins = (X[:, 0].astype("g") - X[:, 1]) * (2 * labels - 1)
        losses = np.logaddexp(0, margins)
        assert loss == pytest.approx(float(losses.mean()), rel=float(eps))
        p = (special.expit(margins) / 100)[:, None]
        expected = np.where(labels[:, None] == [0, 1], -p, p)
        close(grad, expected, rtol=8 * eps, atol=4 * eps / 100)


def test_means_of_losses_whose_sum_overflows():
    logits = np.full((1000, 2), 1e308) * [1, 0]
    assert cross_entropy(logits, np.ones(1000, int))[0] == pytest.approx(
        1e308, rel=1e-13
    )
    loss, grad = cross_entropy([[1e308, -1e308]], [1])
    assert loss == INF  # 2e308 is no float64
    assert grad.tolist() == [[1, -1]]
    wide = np.array([[3e38, -3e38]], np.float32)
    loss, grad = cross_entropy(wide, [1])
    assert loss == 2 * float(wide[0, 0])
    assert grad.tolist() == [[1, -1]]


def test_rows_without_a_distribution_spoil_no_other():
    logits = [[NAN, 1], [0, 0], [INF, 0], [-INF, -INF], [INF, INF]]
    loss, grad = cross_entropy(logits, [0, 1, 1, 0, 1])
    assert math.isnan(loss)
    expected = np.full((5, 2), NAN)
    expected[1] = 0.1, -0.1
    close(grad, expected, rtol=1e-15)


@pytest.mark.parametrize("dtype", ["float16", "float32", "longdouble"])
def test_the_float_of_the_logits_is_kept(untouched, rng, dtype):
    logits, labels = samples(rng)
    with untouched(logits.astype(dtype), labels) as (X, y):
        loss, grad = cross_entropy(X, y)
    expected, slopes = cross_entropy(X.astype(float), y)
    eps = float(np.finfo(dtype).eps) + 1e-15
    assert (grad.dtype, type(loss)) == (dtype, float)
    close(grad, slopes, rtol=8 * eps, atol=eps)
    assert loss == pytest.approx(expected, rel=4 * eps)


def test_many_classes_and_rows_of_float16():
    classes = np.zeros((1, 66_000), np.float16)
    loss, grad = cross_entropy(classes, [0])
    assert loss == pytest.approx(math.log(66_000), rel=1e-6)
    close(grad[0, [0, -1]], [-1, 1 / 66_000], rtol=0.01)
    _, grad = cross_entropy(np.zeros((66_000, 2), np.float16), [0] * 66_000)
    close(grad[:, 1], 1 / 132_000, rtol=0.01)


@pytest.mark.parametrize("dtype", ["?", "int8", "uint8", "int64", "uint64"])
def test_integers_become_float64(untouched, dtype):
    logits = np.array([[0, 1, 1], [1, 0, 1]], dtype)
    labels = np.array([0, 2], np.uint8)
    with untouched(logits, labels):
        loss, grad = cross_entropy(logits, labels)
    expected, slopes = cross_entropy(logits.astype(float), [0, 2])
    assert grad.dtype == np.float64
    assert loss == expected
    np.testing.assert_array_equal(grad, slopes)


def test_views_and_lists(rng):
    logits, labels = samples(rng, 8, 6)
    expected, slopes = cross_entropy(logits, labels)
    for X in (
        np.asfortranarray(logits),
        logits.tolist(),
        logits[::-1][::-1],
    ):
        for y in (labels.tolist(), labels.astype("int8"), labels.copy()):
            loss, grad = cross_entropy(X, y)
            assert loss == pytest.approx(expected, rel=1e-14)
            close(grad, slopes, atol=1e-16)


LOGITS = "logits must be (n, C) with n, C >= 1, got "


@pytest.mark.parametrize(
    ("error", "logits", "labels", "message"),
    [
        (ValueError, [1.0, 2], [0, 1], f"{LOGITS}(2,)"),
        (ValueError, np.ones((1, 2, 2)), [0], f"{LOGITS}(1, 2, 2)"),
        (ValueError, np.ones((0, 3)), [], f"{LOGITS}(0, 3)"),
        (ValueError, np.ones((2, 0)), [0, 0], f"{LOGITS}(2, 0)"),
        (TypeError, [["a"]], [0], "logits must be real, got dtype <U1"),
        (
            TypeError,
            [[1j]],
            [0],
            "logits must be real, got dtype complex128",
        ),
        (TypeError, [[1.0]], [0.0], "labels must be integers, got float64"),
        (TypeError, [[1.0]], [False], "labels must be integers, got bool"),
        (ValueError, [[1.0]], [[0]], "labels must be (1,), got (1, 1)"),
        (ValueError, [[1.0]], 0, "labels must be (1,), got ()"),
        (ValueError, [[1.0]] * 2, [0], "labels must be (2,), got (1,)"),
        (ValueError, [[1.0, 2]], [2], "labels must be in [0, 2), got 2"),
        (ValueError, [[1.0, 2]], [-1], "labels must be in [0, 2), got -1"),
    ],
)
def test_errors(error, logits, labels, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        cross_entropy(logits, labels)
