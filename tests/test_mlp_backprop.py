import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special
from sklearn.datasets import load_iris
from sklearn.neural_network import MLPClassifier

from handbook import mlp_backward, mlp_forward

close = np.testing.assert_allclose
equal = np.testing.assert_array_equal
KEYS = ["W1", "b1", "W2", "b2"]


def network(rng, n=6, d=3, h=4, C=2):
    shapes = [(d, h), (h,), (h, C), (C,)]
    params = {
        k: rng.normal(size=s) for k, s in zip(KEYS, shapes, strict=True)
    }
    return rng.normal(size=(n, d)), params, rng.normal(size=(n, C))


def gradients(X, params, grad_logits):
    _, cache = mlp_forward(X, params)
    return mlp_backward(cache, params, grad_logits)


def assert_same(found, wanted, **tolerance):
    assert list(found) == KEYS
    for key in KEYS:
        close(found[key], wanted[key], err_msg=key, **tolerance)


# torch.autograd of PyTorch 2.13.0 in float64: the mean cross_entropy of
# relu(X @ W1 + b1) @ W2 + b2 with the labels 0, 1, 1, 0, rounded to twelve
# digits. Two units of the third row are at 0, where its ReLU is closed.
TORCH_X = (np.arange(12) * 7 % 5 - 2).reshape(4, 3) / 2
TORCH_PARAMS = {
    "W1": (np.arange(12) * 5 % 7 - 3).reshape(3, 4) / 4,
    "b1": [0.5, -0.25, 0, 0.25],
    "W2": (np.arange(8) * 3 % 5 - 2).reshape(4, 2) / 2,
    "b2": [0.25, -0.5],
}
TORCH_LOGITS = [[-0.75, -0.375], [-0.5, -0.5], [-0.75, 0], [0.625, -1.125]]
TORCH_GRAD = [-0.148166649989, 0.125, 0.080205325206, -0.037011799508]
TORCH = {
    "W1": [
        [-0.128499974983, 0, -0.081005899754, 0.129660750235],
        [-0.214057987809, 0, 0.099511799508, 0.037011799508],
        [0.469903968887, 0, -0.125, -0.148166649989],
    ],
    "b1": [-0.085558012826, 0, 0.087988200492, -0.185178449496],
    "W2": [
        [-0.085336312274, 0.085336312274],
        [0, 0],
        [0.037622050123, -0.037622050123],
        [-0.250008824614, 0.250008824614],
    ],
    "b2": [0.02002687571, -0.02002687571],
}


def test_agrees_with_pytorch():
    logits, cache = mlp_forward(TORCH_X, TORCH_PARAMS)
    close(logits, TORCH_LOGITS, atol=1e-15)
    grad = np.outer(TORCH_GRAD, [1, -1])
    found = mlp_backward(cache, TORCH_PARAMS, grad)
    assert_same(found, TORCH, atol=1e-11)


def test_a_training_step_is_that_of_scikit_learn():
    X, y = load_iris(return_X_y=True)
    X, n = X - X.mean(axis=0), len(X)
    plain = {"momentum": 0, "nesterovs_momentum": False, "alpha": 0}
    plain |= {"batch_size": n, "learning_rate_init": 0.1}
    model = MLPClassifier(7, solver="sgd", random_state=0, **plain)
    model.partial_fit(X, y, classes=[0, 1, 2])

    def params():
        pairs = zip(model.coefs_, model.intercepts_, strict=True)
        arrays = [array.copy() for pair in pairs for array in pair]
        return dict(zip(KEYS, arrays, strict=True))

    before, P = params(), model.predict_proba(X)
    logits, cache = mlp_forward(X, before)
    close(special.softmax(logits, axis=1), P, rtol=1e-12)
    model.partial_fit(X, y)
    after = params()
    steps = {key: (before[key] - after[key]) / 0.1 for key in KEYS}
    found = mlp_backward(cache, before, (P - np.eye(3)[y]) / n)
    assert_same(found, steps, atol=1e-13)


def row_by_row(X, p, G):
    """Return the logits, and the sums of outer products."""
    total = {key: np.zeros(np.shape(p[key])) for key in KEYS}
    logits = np.zeros(G.shape)
    for i, (x, g) in enumerate(zip(X, G, strict=True)):
        z = x @ p["W1"] + p["b1"]
        a, back = z.clip(0), (p["W2"] @ g) * np.heaviside(z, 0)
        logits[i] = a @ p["W2"] + p["b2"]
        parts = np.outer(x, back), back, np.outer(a, g), g
        for key, part in zip(KEYS, parts, strict=True):
            total[key] += part
    return logits, total


sizes = st.integers(0, 4)


@given(n=sizes, d=sizes, h=sizes, C=sizes, seed=st.integers(0, 2**32))
def test_both_passes_are_those_of_a_loop(n, d, h, C, seed):
    X, params, G = network(np.random.default_rng(seed), n, d, h, C)
    logits, wanted = row_by_row(X, params, G)
    close(mlp_forward(X, params)[0], logits, rtol=1e-9, atol=1e-12)
    assert_same(gradients(X, params, G), wanted, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("dtype", ["float16", "float32", "longdouble"])
def test_the_float_of_the_arrays_is_kept(untouched, rng, dtype):
    X, params, G = network(rng)
    wanted, logits = gradients(X, params, G), mlp_forward(X, params)[0]
    params = {key: a.astype(dtype) for key, a in params.items()}
    with untouched(X.astype(dtype), G.astype(dtype)) as (X, G):
        found, cache = mlp_forward(X, params)
        grads = mlp_backward(cache, params, G)
    dtypes = {found.dtype, *(grad.dtype for grad in grads.values())}
    assert dtypes == {np.dtype(dtype)}
    eps = 64 * np.finfo(dtype).eps + 1e-13
    close(found, logits, rtol=eps, atol=eps)
    assert_same(grads, wanted, rtol=eps, atol=eps)


@pytest.mark.parametrize("wide", ["X", *KEYS, "grad_logits"])
def test_the_widest_float_decides(rng, wide):
    X, params, G = network(rng)
    given = {"X": X, **params, "grad_logits": G}
    given = {
        k: a.astype("f8" if k == wide else "f4") for k, a in given.items()
    }
    params = {key: given[key] for key in KEYS}
    logits, cache = mlp_forward(given["X"], params)
    assert logits.dtype == ("f4" if wide == "grad_logits" else "f8")
    grads = mlp_backward(cache, params, given["grad_logits"])
    narrow = {key for key in KEYS if grads[key].dtype != "f8"}
    assert not narrow


@pytest.mark.parametrize("kind", ["?", "uint8", "int64"])
def test_integers_lists_and_views(rng, kind):
    X, G = (
        rng.integers(0, 200, (5, 3)).astype(kind),
        rng.integers(9, size=(5, 2)),
    )
    params = {k: (9 * a).astype(int) for k, a in network(rng)[1].items()}
    floats = {key: a.astype(float) for key, a in params.items()}
    wanted = gradients(X.astype(float), floats, G.astype(float))
    lists = {key: a.tolist() for key, a in params.items()}
    for rows in (X, np.asfortranarray(X), X.tolist()):
        assert_same(gradients(rows, lists, G.tolist()), wanted)
    turned = np.repeat(X, 2, axis=0)[::-2]
    assert_same(gradients(turned, params, G[::-1]), wanted)


def test_the_passes_write_into_nothing(untouched, rng):
    X, params, G = network(rng)
    with untouched(X, G, *params.values()):
        _, cache = mlp_forward(X, params)
        first = mlp_backward(cache, params, G)
        assert_same(mlp_backward(cache, params, G), first, rtol=0)


def test_no_rows(rng):
    X, params, G = network(rng, n=0)
    assert mlp_forward(X, params)[0].shape == (0, 2)
    assert_same(gradients(X, params, G), {k: 0 * params[k] for k in KEYS})


def test_nan_stays_in_its_row(rng):
    X, params, G = network(rng)
    logits, _ = mlp_forward(X, params)
    X[2, 0] = logits[2] = np.nan
    equal(mlp_forward(X, params)[0], logits)
    assert np.isnan(gradients(X, params, G)["W2"]).all()


def test_a_closed_unit_passes_nothing():
    params = {"W1": [[1, -1]], "b1": [0, 0], "W2": [[1], [1]], "b2": [0]}
    found = gradients([[1.0]], params, [[np.inf]])
    equal(found["b1"], [np.inf, 0])
    equal(found["W1"], [[np.inf, 0]])
    equal(found["b2"], [np.inf])
    params["W2"] = [[0], [1e300]]  # the product overflows
    found = gradients([[1.0]], params, [[1e300]])
    equal(found["b1"], [0, 0])
    params = {"W1": [[1e300]], "b1": [0], "W2": [[-1]], "b2": [0]}
    equal(mlp_forward([[1e300]], params)[0], [[-np.inf]])


def changed(**changes):
    return {
        "W1": np.ones((2, 3)),
        "b1": np.ones(3),
        "W2": np.ones((3, 1)),
        "b2": np.ones(1),
    } | changes


SHAPES = r"params must be W1 \(d, h\), b1 \(h,\), W2 .*, got "
ROWS = r"X must be \(n, 2\), got "


@pytest.mark.parametrize(
    ("X", "params", "error", "message"),
    [
        ([1.0, 2], {}, ValueError, rf"{ROWS}\(2,\)"),
        ([[1.0]], {}, ValueError, rf"{ROWS}\(1, 1\)"),
        ([["a", "b"]], {}, TypeError, "X must be real, got dtype <U1"),
        ([[1, 2]], {"W1": [[1, 1]]}, ValueError, rf"{SHAPES}\(1, 2\), "),
        ([[1, 2]], {"W1": [1] * 3}, ValueError, rf"{SHAPES}\(3,\), "),
        ([[1, 2]], {"b1": [1]}, ValueError, rf"{SHAPES}\(2, 3\), \(1,\)"),
        ([[1, 2]], {"b1": [[1] * 3]}, ValueError, rf"{SHAPES}.*\(1, 3\)"),
        ([[1, 2]], {"W2": [[1]]}, ValueError, rf"{SHAPES}.*\(1, 1\)"),
        ([[1, 2]], {"W2": [1] * 3}, ValueError, rf"{SHAPES}.*\(3,\)"),
        ([[1, 2]], {"b2": 1}, ValueError, rf"{SHAPES}.*\(\)$"),
        ([[1, 2]], {"W1": ["a"]}, TypeError, "params.'W1'. must be real"),
        ([[1, 2]], {"b2": [1j]}, TypeError, "params.'b2'. must be real"),
    ],
)
def test_errors_of_the_forward_pass(X, params, error, message):
    with pytest.raises(error, match=message):
        mlp_forward(X, changed(**params))


@pytest.mark.parametrize("missing", KEYS)
def test_a_missing_parameter_is_named(missing):
    params = {
        key: value for key, value in changed().items() if key != missing
    }
    said = f"params must hold W1, b1, W2, b2, got no {missing}"
    with pytest.raises(ValueError, match=said):
        mlp_forward([[1, 2]], params)
    _, cache = mlp_forward([[1, 2]], changed())
    with pytest.raises(ValueError, match=said):
        mlp_backward(cache, params, [[1]])


GRAD = r"grad_logits must be \(4, 1\), got "
OTHER = "params must be those of the forward pass, got W1 "


@pytest.mark.parametrize(
    ("params", "grad", "error", "message"),
    [
        ({}, [1] * 4, ValueError, rf"{GRAD}\(4,\)"),
        ({}, [[1]], ValueError, rf"{GRAD}\(1, 1\)"),
        ({}, [["a"]] * 4, TypeError, "grad_logits must be real"),
        ({"W1": [[1] * 3]}, [[1]] * 4, ValueError, rf"{OTHER}\(1, 3\) for"),
        ({"b1": [1]}, [[1]] * 4, ValueError, SHAPES),
        (
            {"W1": [[1]] * 2, "b1": [1], "W2": [[1]]},
            [[1]] * 4,
            ValueError,
            rf"{OTHER}\(2, 1\) for a cache of \(4, 2\) and \(4, 3\)",
        ),
    ],
)
def test_errors_of_the_backward_pass(params, grad, error, message):
    _, cache = mlp_forward(np.ones((4, 2)), changed())
    with pytest.raises(error, match=message):
        mlp_backward(cache, changed(**params), grad)
