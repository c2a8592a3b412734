"""The functions of the guide "Beyond memory", on blocks of many shapes."""

import re

import dask.array as da
import numpy as np
import pytest

import handbook
from benchmarks import scale
from benchmarks.sweeps import printed
from handbook.page import STEMS

page = printed(scale.GUIDE)
close = np.testing.assert_allclose
equal = np.testing.assert_array_equal
ROWS = [(7,), (3, 3, 1), (1, 5, 1), (1,) * 7]
COLUMNS = [(5,), (3, 2), (1, 3, 1), (1,) * 5]


def cut(X, *sizes):
    """A Dask array with blocks of these sizes along each axis."""
    return da.from_array(X, chunks=sizes)


@pytest.fixture
def X(rng):
    """Scores (7, 5): a zero row, equal rows, a masked half, large ones."""
    X = rng.normal(0, 3, (7, 5))
    X[1], X[2], X[3] = 0, 1, X[4]
    X[5, :3], X[6] = -np.inf, 1000
    return X


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("columns", COLUMNS)
def test_softmax(X, rows, columns):
    found = page["softmax_tree"](cut(X, rows, columns)).compute()
    close(found, handbook.softmax(X), rtol=1e-14)


def test_softmax_of_rows_cut_often(rng):
    X = rng.normal(0, 100, (3, 70))  # a tree of four levels
    X[:, 20:40] = -np.inf
    found = page["softmax_tree"](cut(X, 2, 1)).compute()
    close(found, handbook.softmax(X), rtol=1e-12)


@pytest.mark.parametrize("batch", [(5,), (2, 2, 1), (1, 4)])
def test_batch_matmul(rng, batch):
    A, B = rng.normal(size=(5, 3, 4)), rng.normal(size=(5, 4, 2))
    D = cut(A, batch, (1, 2), (3, 1)), cut(B, (4, 1), (2, 2), 1)
    wanted = handbook.batch_matmul(A, B)
    close(page["batch_matmul_blocks"](*D).compute(), wanted, rtol=1e-13)
    close((D[0] @ D[1]).compute(), wanted, rtol=1e-13)
    with pytest.raises(ValueError, match=r"4"):
        page["batch_matmul_blocks"](D[0], D[1][:4])


def test_one_hot(rng):
    labels = rng.integers(0, 4, 11)
    for sizes in ((11,), (4, 4, 3), (1, 10)):
        found = page["one_hot_blocks"](cut(labels, sizes), 6)
        assert found.shape == (11, 6)
        equal(found.compute(), handbook.one_hot(labels, 6))


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("columns", COLUMNS[::2])
def test_functions_that_run_on_whole_rows(X, rows, columns):
    X[5] = 2
    D = cut(X, rows, columns).rechunk({1: -1})
    for name in ("softmax", "l1_normalize", "sigmoid"):
        f = getattr(handbook, name)
        close(D.map_blocks(f).compute(), f(X), rtol=1e-14)
    X[5] = 1e200
    found = page["l2_normalize_blocks"](cut(X, rows, columns)).compute()
    close(found, handbook.l2_normalize(X), rtol=1e-14)


@pytest.mark.parametrize("rows", ROWS)
def test_cosine_similarity(rng, rows):
    X = rng.normal(size=(7, 5))
    X[1], X[3], X[5] = 0, X[4], 1e200
    strips = list(page["cosine_similarity_strips"](cut(X, rows, (3, 2))))
    assert [strip.shape for strip in strips] == [(r, 7) for r in rows]
    S = np.concatenate([strip.compute() for strip in strips])
    close(S, handbook.cosine_similarity_matrix(X), atol=1e-15)
    assert np.abs(S).max() <= 1


@pytest.mark.parametrize("k", [1, 5, 16])
@pytest.mark.parametrize("columns", [(17,), (6, 6, 5), (1,) * 17])
def test_topk(rng, k, columns):
    X = rng.integers(0, 5, (4, 17))  # ties
    found = page["topk_per_row_tree"](cut(X, (3, 1), columns), k).compute()
    assert all(len({*row}) == k for row in found.tolist())
    values = np.take_along_axis(X, found, axis=1)
    equal(values, np.sort(X, axis=1)[:, ::-1][:, :k])


@pytest.mark.parametrize("window", [1, 5, 30])
@pytest.mark.parametrize("sizes", [(30,), (13, 13, 4), (1,) * 30, (2, 28)])
def test_moving_average(rng, window, sizes):
    x = 1e8 + rng.normal(size=30)
    m = page["moving_average_overlap"](cut(x, sizes), window)
    assert m.shape == (31 - window,)
    close(m.compute(), handbook.moving_average(x, window), rtol=1e-15)


@pytest.mark.parametrize("shape", [(9,), (3, 5), (2, 3, 4)])
def test_sigmoid_and_loss(rng, shape):
    z, y = rng.normal(0, 30, shape), rng.random(shape)
    Z, Y = da.from_array(z, chunks=2), da.from_array(y, chunks=3)
    for f in (handbook.sigmoid, handbook.sigmoid_derivative):
        close(Z.map_blocks(f).compute(), f(z), rtol=1e-14)
    loss = page["binary_cross_entropy_blocks"](Y, Z)
    close(loss, handbook.binary_cross_entropy(y, z), rtol=1e-13)


def test_loss_of_large_logits():
    z, y = np.array([1000.0, -1000, 1000, 0]), np.array([0, 1, 1, 1])
    loss = page["binary_cross_entropy_blocks"](cut(y, 2), cut(z, 3))
    close(loss, handbook.binary_cross_entropy(y, z), rtol=1e-14)


@pytest.mark.parametrize("k", [1, 4, 49])
@pytest.mark.parametrize("rows", [(50,), (20, 3, 27), (2,) * 25])
def test_knn(rng, k, rows):
    X = 1e7 + rng.normal(size=(50, 3))  # far from the origin
    Q = 1e7 + rng.normal(size=(20, 3))
    y = rng.choice([-(2**62), -1, 0, 2**62], 50)  # few labels: ties
    D = cut(X, rows, (2, 1)), cut(y, 8)
    found = page["knn_predict_tree"](*D, Q, k)
    equal(found, handbook.knn_predict(X, y, Q, k))


@pytest.mark.parametrize(
    ("rows", "size"), [((1,) * 7, 1), ((1,) * 7, 4), ((3, 3, 1), 3)]
)
def test_gradient_descent(rng, rows, size):
    X, y = rng.normal(size=(7, 3)), rng.normal(size=7)
    D = cut(X, rows, (2, 1)), cut(y, 3)
    w, b = page["mini_batch_gd_blocks"](*D, 0.1, 3, size, rng=5)
    size = 7 if len(rows) == size else size  # all blocks are all rows
    wanted = handbook.mini_batch_gd(X, y, 0.1, 3, size, rng=5)
    close(w, wanted["weights"], rtol=1e-11)
    close(b, wanted["bias"], rtol=1e-11)


@pytest.mark.parametrize("rows", [(40,), (13, 13, 13, 1), (1,) * 40])
@pytest.mark.parametrize(
    ("d", "l2", "shift"), [(3, 0, 1e4), (3, 2, 1e4), (50, 0, 0)]
)
def test_linear_regression(rng, rows, d, l2, shift):
    X, y = shift + rng.normal(size=(40, d)), rng.normal(size=40)
    w, b = page["fit_linear_tree"](cut(X, rows, 2), cut(y, 9), l2)
    weights, bias = handbook.fit_linear(X, y, l2)
    close(w, weights, rtol=1e-8)
    close(b, bias, rtol=1e-8)


def test_linear_regression_of_nearly_collinear_columns(rng):
    X, w = rng.normal(size=(90, 2)), np.array([1, -2, 3])
    X = np.column_stack([X, X @ [1, 1] + 1e-8 * rng.normal(size=90)])
    tree = page["fit_linear_tree"]
    found, _ = tree(cut(X, 20, 3), cut(X @ w + 1, 20))
    close(found, w, rtol=1e-6)  # a Gram matrix leaves no digit


@pytest.mark.parametrize("rows", [(40,), (13, 13, 13, 1), (1,) * 40])
@pytest.mark.parametrize("columns", [3, (2, 1)])
@pytest.mark.parametrize("l2", [0, 0.3])
def test_logistic_regression(rng, rows, columns, l2):
    X, y = rng.normal(size=(40, 3)), rng.integers(0, 2, 40)
    D = cut(X, rows, columns), cut(y, 9)
    w, b = page["fit_logistic_blocks"](*D, 0.5, 4, l2)
    weights, bias = handbook.fit_logistic(X, y, 0.5, 4, l2)
    close(w, weights, rtol=1e-11)
    close(b, bias, rtol=1e-11)


@pytest.mark.parametrize("sizes", [(60,), (25, 1, 34), (1,) * 60])
def test_roc_auc(rng, sizes):
    y, scores = rng.integers(0, 2, 60), rng.integers(0, 9, 60) - 4.0
    scores[[0, 1]] = -np.inf, np.inf
    D = cut(y, 7), cut(scores, sizes)
    auc, edges = handbook.roc_auc(y, scores), np.arange(-4.5, 5)
    # each distinct score has a bin of its own, the infinite ones as well
    close(page["roc_auc_histograms"](*D, edges), auc, rtol=1e-14)
    one_bin = page["roc_auc_histograms"](*D, [])
    assert one_bin == 0.5
    with pytest.raises(ZeroDivisionError):
        page["roc_auc_histograms"](D[0] * 0, D[1], edges)


@pytest.mark.parametrize("rows", [(40,), (13, 13, 13, 1), (1,) * 40])
@pytest.mark.parametrize("max_iter", [0, 1, 100])
def test_k_means(rng, rows, max_iter):
    X = rng.normal(size=(40, 3))
    init = np.vstack([X[:3], [[99, 99, 99]]])  # one without rows
    found = page["k_means_blocks"](cut(X, rows, 2), init, max_iter)
    close(found, handbook.k_means(X, 4, init, max_iter)[1], rtol=1e-12)
    equal(found[3], 99)


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("columns", COLUMNS)
def test_cross_entropy(X, rows, columns):
    labels = np.array([0, 4, 2, 1, 4, 3, 0])
    X[0, 1:3] = -np.inf
    loss, grad = page["cross_entropy_blocks"](cut(X, rows, columns), labels)
    expected, slopes = handbook.cross_entropy(X, labels)
    close(loss, expected, rtol=1e-14)
    close(grad.compute(), slopes, atol=1e-16)


@pytest.mark.parametrize("rows", [(9,), (4, 1, 4), (1,) * 9])
@pytest.mark.parametrize("kernel", [(3, 2), (1, 1), (9, 7)])
def test_conv2d(rng, rows, kernel):
    x, w = rng.normal(size=(3, 2, 9, 7)), rng.normal(size=(4, 2, *kernel))
    y = page["conv2d_strips"](cut(x, (2, 1), 1, rows, (4, 3)), w)
    wanted = handbook.conv2d(x, w)
    assert y.shape == wanted.shape
    close(y.compute(), wanted, rtol=0, atol=1e-13)


@pytest.mark.parametrize("rows", [(40,), (13, 13, 13, 1), (1,) * 40])
@pytest.mark.parametrize("columns", [3, (2, 1)])
def test_mlp_backprop(rng, rows, columns):
    X, y = rng.normal(size=(40, 3)), rng.integers(0, 4, 40)
    shapes = {"W1": (3, 5), "b1": (5,), "W2": (5, 4), "b2": (4,)}
    params = {k: rng.normal(size=shape) for k, shape in shapes.items()}
    D = cut(X, rows, columns), cut(y, 9)
    found = page["mlp_gradients_blocks"](*D, params)
    logits, cache = handbook.mlp_forward(X, params)
    G = (handbook.softmax(logits) - np.eye(4)[y]) / 40
    wanted = handbook.mlp_backward(cache, params, G)
    assert list(found) == list(wanted)
    for key in shapes:
        close(found[key], wanted[key], rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("columns", COLUMNS)
def test_layer_norm(rng, rows, columns):
    X, (gamma, beta) = rng.normal(size=(7, 5)), rng.normal(size=(2, 5))
    X[1], X[2] = 7, 1e8 * X[2]
    D = cut(X, rows, columns)
    found = page["layer_norm_tree"](D, gamma, beta, 1e-3).compute()
    wanted = handbook.layer_norm(X, gamma, beta, 1e-3)
    close(found, wanted, rtol=1e-12, atol=1e-13)


def test_layer_norm_of_rows_cut_often(rng):
    X, one = 1e8 + rng.normal(size=(3, 70)), np.ones(70)  # four levels
    found = page["layer_norm_tree"](cut(X, 2, 1), one, 0 * one).compute()
    close(found, handbook.layer_norm(X, one, 0 * one), atol=1e-6)


@pytest.mark.parametrize("keys", [(40,), (13, 13, 13, 1), (1,) * 40])
@pytest.mark.parametrize("size", [1, 1000])
def test_attention(rng, keys, size):
    Q, K = rng.normal(size=(7, 3)), size * rng.normal(size=(40, 3))
    V = rng.normal(size=(40, 5))
    found = page["attention_tree"](Q, cut(K, keys, 2), cut(V, 9, 2))
    wanted = handbook.scaled_dot_product_attention(Q, K, V)
    close(found, wanted, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("rows", [(20_000,), (6000, 14_000)])
@pytest.mark.parametrize("columns", COLUMNS)
def test_sampling(rows, columns):
    kinds = [[1, -np.inf, -1, 1000, 1001], [1, 0, -np.inf, 2, 0], [0] * 5]
    X = np.tile(kinds, (6667, 1))[:20_000]
    D = cut(X, rows, columns)
    tokens = page["sample_softmax_tree"](D, 0).compute()
    for kind, probs in enumerate(handbook.softmax(X[:3])):
        own = tokens[kind::3]
        found = np.bincount(own, minlength=5) / len(own)
        close(found, probs, atol=0.03)
        equal(found[probs == 0], 0)
    own = tokens[2::3]  # of equal logits: blocks do not share their noise
    pairs = np.bincount(5 * own[:-1] + own[1:], minlength=25) / len(own)
    close(pairs, 1 / 25, atol=0.02)
    equal(page["sample_softmax_tree"](D, 0).compute(), tokens)
    assert (page["sample_softmax_tree"](D, 1).compute() != tokens).any()


@pytest.mark.parametrize("dtype", ["float32", "uint8", "bool"])
def test_dtypes_are_those_in_memory(rng, dtype):
    X = (10 * rng.random((6, 4))).astype(dtype)
    D = cut(X, 4, 3)
    pairs = [
        (page["softmax_tree"](D), handbook.softmax(X)),
        (page["l2_normalize_blocks"](D), handbook.l2_normalize(X)),
        (
            page["layer_norm_tree"](D, np.ones(4), np.zeros(4)),
            handbook.layer_norm(X, np.ones(4), np.zeros(4)),
        ),
        (
            page["batch_matmul_blocks"](D[None], D.T[None]),
            handbook.batch_matmul(X[None], X.T[None]),
        ),
        (
            page["moving_average_overlap"](D[:, 0], 3),
            handbook.moving_average(X[:, 0], 3),
        ),
        (
            page["conv2d_strips"](D[None, None], X[None, None, :2, :2]),
            handbook.conv2d(X[None, None], X[None, None, :2, :2]),
        ),
        (
            next(page["cosine_similarity_strips"](D)),
            handbook.cosine_similarity_matrix(X)[:4],
        ),
    ]
    for lazy, wanted in pairs:
        found = lazy.compute()
        assert lazy.dtype == found.dtype == wanted.dtype
        close(found, wanted, rtol=1e-6, atol=1e-6)


def test_functions_of_the_package_fetch_a_dask_array(X):
    assert isinstance(handbook.softmax(cut(X, 3, 5)), np.ndarray)


def test_guide_shows_what_is_stored():
    text, stored = scale.GUIDE.text, scale.stored()
    table = scale.table()
    assert table in text, f"docs/guides/scale.md must hold:\n{table}"
    assert f'memory_limit="{stored["limit"] // 2**20} MiB"' in text
    assert f"n_workers={stored['workers']}," in text
    assert re.search(r"at least 1\s+GiB of input", text)


def test_every_function_was_measured_on_what_does_not_fit():
    stored = scale.stored()
    assert set(stored["functions"]) == set(page)
    assert all(hasattr(scale, name) for name in page)
    assert 2 * stored["workers"] * stored["limit"] == 2**30
    for name, found in stored["functions"].items():
        assert found["input"] >= 2**30, name
        assert found["idle"] < found["peak"] < stored["limit"], name


def test_workers_exchange_nothing_where_the_guide_says_so():
    functions = scale.stored()["functions"]
    for name in ("batch_matmul", "one_hot", "l2_normalize"):
        found = functions[f"{name}_blocks"]
        assert found["moved"] < found["input"] / 500, name  # the result


def test_the_guide_has_a_section_for_each_challenge():
    anchors = [anchor for *_, anchor in scale.GUIDE.headings]
    for stem in STEMS:
        assert f"{stem}_scale" in anchors, (
            f"docs/guides/scale.md has no section {{ #{stem}_scale }}"
        )
