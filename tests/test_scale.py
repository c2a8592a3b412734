"""The functions of the guide "Beyond memory", on a cluster of processes."""

import inspect
import os

import dask
import dask.array as da
import numpy as np
import pytest
from dask.distributed import Client

import handbook
from benchmarks import scale
from tests.pages import ROOT

page = scale.on_page()
close = np.testing.assert_allclose
equal = np.testing.assert_array_equal
DTYPES = ("float32", "float64", "uint8", "bool")


@pytest.fixture(scope="module")
def client():
    with (
        scale.cluster() as cluster,
        Client(cluster, set_as_default=False) as client,
    ):
        yield client


@pytest.fixture
def workers(client):
    """Compute in the two processes; without it, in threads of this one."""
    with client.as_current(), dask.config.set(scheduler=client.get):
        yield client


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


ROWS = [(7,), (3, 3, 1), (1, 5, 1), (1,) * 7]
COLUMNS = [(5,), (3, 2), (1, 3, 1), (1,) * 5]


@pytest.mark.parametrize("rows", ROWS)
@pytest.mark.parametrize("columns", [COLUMNS[0], COLUMNS[2]])
def test_rows(X, rows, columns):
    D = cut(X, rows, columns)
    equal(page["softmax_blocks"](D).compute(), handbook.softmax(X))
    X[5] = 1e200
    D = cut(X, rows, columns)
    for name in ("l2_normalize", "l1_normalize"):
        found = page[f"{name}_blocks"](D).compute()
        close(found, getattr(handbook, name)(X), rtol=1e-14)
    found = page["topk_per_row_blocks"](D, 1).compute()
    values = np.take_along_axis(X, found, axis=1)
    equal(values, X.max(axis=1, keepdims=True))


@pytest.mark.parametrize("rows", ROWS[:2])
@pytest.mark.parametrize("columns", COLUMNS)
def test_softmax_of_cut_rows(X, rows, columns):
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
    f = page["batch_matmul_blocks"]
    found = f(cut(A, batch, (1, 2), (3, 1)), cut(B, (4, 1), 4, 1))
    close(found.compute(), handbook.batch_matmul(A, B), rtol=1e-13)
    with pytest.raises(ValueError, match=r"4"):
        f(cut(A, batch, 3, 4), cut(B[:4], 4, 4, 2))
    with pytest.raises(ValueError, match="A and B must be"):
        f(cut(A, batch, 3, 4), cut(B[:, :3], 5, 3, 2)).compute()


def test_one_hot(rng):
    labels = rng.integers(0, 4, 11)
    for sizes in ((11,), (4, 4, 3), (1, 10)):
        found = page["one_hot_blocks"](cut(labels, sizes), 6)
        assert found.shape == (11, 6)
        equal(found.compute(), handbook.one_hot(labels, 6))
    with pytest.raises(ValueError, match=r"labels must be in \[0, 3\)"):
        page["one_hot_blocks"](cut(labels, 4), 3).compute()


@pytest.mark.parametrize("rows", ROWS)
def test_cosine_similarity(rng, rows):
    X = rng.normal(size=(7, 5))
    X[1], X[3], X[5] = 0, X[4], 1e200
    strips = list(page["cosine_similarity_strips"](cut(X, rows, (3, 2))))
    assert [strip.shape for strip in strips] == [(r, 7) for r in rows]
    S = np.concatenate([strip.compute() for strip in strips])
    close(S, handbook.cosine_similarity_matrix(X), atol=1e-15)
    assert np.abs(S).max() <= 1


@pytest.mark.parametrize("k", [1, 5, 17])
@pytest.mark.parametrize("columns", [(17,), (6, 6, 5), (1,) * 17])
def test_topk_of_cut_rows(rng, k, columns):
    X = rng.integers(0, 5, (4, 17))  # ties
    found = page["topk_per_row_tree"](cut(X, (3, 1), columns), k).compute()
    assert found.shape == (4, k)
    assert found.dtype == np.intp
    for row in found:
        assert len(set(row.tolist())) == k
    values = np.take_along_axis(X, found, axis=1)
    equal(values, np.sort(X, axis=1)[:, ::-1][:, :k])


@pytest.mark.parametrize("dtype", ["uint8", "int8", "int64", "float32"])
def test_topk_of_cut_rows_of_any_dtype(dtype):
    X = np.array([[0, 1, 100, 3, 2, 101, 4]]).astype(dtype)
    if dtype == "int64":
        X = X + 2**62  # no float tells these apart
    found = page["topk_per_row_tree"](cut(X, 1, 3), 3).compute()
    equal(found, [[5, 2, 6]])
    for k in (0, 8):
        with pytest.raises(ValueError, match=rf"k .*\[1, 7\], got {k}"):
            page["topk_per_row_tree"](cut(X, 1, 3), k)


@pytest.mark.parametrize("window", [1, 5, 30])
@pytest.mark.parametrize("sizes", [(30,), (13, 13, 4), (1,) * 30, (2, 28)])
def test_moving_average(rng, window, sizes):
    x = 1e8 + rng.normal(size=30)
    m = page["moving_average_overlap"](cut(x, sizes), window)
    assert m.shape == (31 - window,)
    close(m.compute(), handbook.moving_average(x, window), rtol=1e-15)


def test_a_window_longer_than_the_array_is_refused():
    with pytest.raises(ValueError, match="larger than your array"):
        page["moving_average_overlap"](cut(np.ones(5), 2), 6)


@pytest.mark.parametrize("shape", [(), (9,), (3, 5), (2, 3, 4)])
def test_sigmoid(rng, shape):
    z = np.asarray(rng.normal(0, 30, shape))
    y = np.asarray(rng.random(shape))
    Z, Y = da.from_array(z, chunks=2), da.from_array(y, chunks=3)
    for name in ("sigmoid", "sigmoid_derivative"):
        found = page[f"{name}_blocks"](Z).compute()
        close(found, getattr(handbook, name)(z), rtol=1e-14)
    loss = page["binary_cross_entropy_blocks"](Y, Z)
    close(loss, handbook.binary_cross_entropy(y, z), rtol=1e-13)


def test_binary_cross_entropy_at_the_edge():
    z = np.array([1e308, -1e308, 1e308, 0, 1000])
    y = np.array([0, 1, 0, 1, 0])
    f = page["binary_cross_entropy_blocks"]
    wanted = handbook.binary_cross_entropy(y, z)
    close(f(cut(y, 2), cut(z, 3)), wanted, rtol=1e-14)
    with pytest.raises(ValueError, match="do not add up"):
        f(cut(y[:4], 2), cut(z, 3))
    with pytest.raises(ValueError, match="y_true must be in"):
        f(cut(2 * y, 2), cut(z, 3))


@pytest.mark.parametrize("k", [1, 4, 50])
@pytest.mark.parametrize("rows", [(50,), (20, 3, 27), (2,) * 25])
def test_knn(rng, k, rows):
    X = 1e7 + rng.normal(size=(50, 3))  # far from the origin
    Q = 1e7 + rng.normal(size=(20, 3))
    y = rng.choice([-(2**62), -1, 0, 2**62], 50)  # few labels: ties
    wanted = handbook.knn_predict(X, y, Q, k)
    D = cut(X, rows, (2, 1)), cut(y, 8)
    for queries in (Q, cut(Q, 7, 2)):
        found = page["knn_predict_tree"](*D, queries, k)
        assert found.dtype == y.dtype
        equal(found.compute(), wanted)


def test_knn_ties_and_bounds():
    X, Q = np.array([[0], [1], [2], [3]]), np.array([[1], [2]])
    for y in ([3, -1, -1, 3], [True, False, False, True]):
        D = cut(X.astype(np.uint8), 1, 1), cut(np.array(y), 3)
        f = page["knn_predict_tree"]
        equal(f(*D, Q, 4).compute(), [min(y)] * 2)
        for k in (0, 5):
            with pytest.raises(ValueError, match=rf"\[1, 4\], got {k}"):
                f(*D, Q, k)


@pytest.mark.parametrize("size", [1, 4, 9])
def test_gradient_descent_row_by_row(rng, size):
    X, y = rng.normal(size=(7, 3)), rng.normal(size=7)
    D = cut(X, 1, (2, 1)), cut(y, 3)
    fit = page["mini_batch_gd_blocks"](*D, 0.1, 3, size, rng=5)
    wanted = handbook.mini_batch_gd(X, y, 0.1, 3, size, rng=5)
    assert len(fit["loss_history"]) == 3
    for key in wanted:
        close(fit[key], wanted[key], rtol=1e-11)


@pytest.mark.parametrize("rows", ROWS)
def test_gradient_descent_on_all_rows(rng, rows):
    X, y = rng.normal(size=(7, 3)), rng.normal(size=7)
    D = cut(X, rows, 3), cut(y, 4)
    fit = page["mini_batch_gd_blocks"](*D, 0.1, 3, len(rows))
    wanted = handbook.mini_batch_gd(X, y, 0.1, 3, 7)
    for key in wanted:
        close(fit[key], wanted[key], rtol=1e-11)


@pytest.mark.parametrize("dtype", DTYPES)
def test_dtypes_are_those_in_memory(rng, dtype):
    X = (10 * rng.random((6, 4))).astype(dtype)
    D, wanted = cut(X, 4, 3), np.result_type(X.dtype, 1.0)
    A = da.from_array(np.stack([X[:4], X[1:5]]), chunks=1)
    lazy = {
        "softmax": page["softmax_blocks"](D),
        "l2_normalize": page["l2_normalize_blocks"](D),
        "l1_normalize": page["l1_normalize_blocks"](D),
        "sigmoid": page["sigmoid_blocks"](D),
        "sigmoid_derivative": page["sigmoid_derivative_blocks"](D),
    }
    found = {
        name: (a, getattr(handbook, name)(X)) for name, a in lazy.items()
    }
    found |= {
        "softmax_tree": (page["softmax_tree"](D), handbook.softmax(X)),
        "batch_matmul": (
            page["batch_matmul_blocks"](A, A),
            handbook.batch_matmul(A.compute(), A.compute()),
        ),
        "moving_average": (
            page["moving_average_overlap"](D[:, 0], 3),
            handbook.moving_average(X[:, 0], 3),
        ),
        "cosine": (
            next(page["cosine_similarity_strips"](D)),
            handbook.cosine_similarity_matrix(X)[:4],
        ),
    }
    for name, (a, b) in found.items():
        computed = a.compute()
        assert a.dtype == computed.dtype == b.dtype == wanted, name
        close(computed, b, rtol=1e-6, atol=1e-6, err_msg=name)
    fit = page["mini_batch_gd_blocks"](D, D[:, 0], 0.001, 2, 2)
    same = handbook.mini_batch_gd(X, X[:, 0], 0.001, 2, 6)
    assert fit["weights"].dtype == same["weights"].dtype == wanted
    close(fit["weights"], same["weights"], rtol=1e-5)


@pytest.mark.parametrize(
    ("test", "arguments"),
    [
        (test_rows, (ROWS[1], COLUMNS[2])),
        (test_softmax_of_cut_rows, (ROWS[1], COLUMNS[2])),
        (test_batch_matmul, ((2, 2, 1),)),
        (test_one_hot, ()),
        (test_cosine_similarity, (ROWS[1],)),
        (test_topk_of_cut_rows, (5, (6, 6, 5))),
        (test_moving_average, (5, (13, 13, 4))),
        (test_sigmoid, ((3, 5),)),
        (test_binary_cross_entropy_at_the_edge, ()),
        (test_knn, (4, (20, 3, 27))),
        (test_knn_ties_and_bounds, ()),
        (test_gradient_descent_row_by_row, (4,)),
        (test_gradient_descent_on_all_rows, (ROWS[1],)),
        (test_dtypes_are_those_in_memory, ("float32",)),
    ],
)
def test_on_workers(workers, request, test, arguments):
    names = inspect.signature(test).parameters
    fixtures = [
        request.getfixturevalue(n) for n in names if n in ("X", "rng")
    ]
    test(*fixtures, *arguments)


def test_the_workers_are_processes(client):
    assert os.getpid() not in (pids := client.run(os.getpid).values())
    assert len(set(pids)) == scale.WORKERS


def test_guide_shows_what_is_stored():
    table = scale.table()
    assert table in scale.GUIDE.text, (
        f"docs/guides/scale.md must hold:\n{table}"
    )
    stored = scale.stored()
    assert f'memory_limit="{stored["limit"] // 2**20} MiB"' in (
        scale.GUIDE.text
    )
    assert f"n_workers={stored['workers']}," in scale.GUIDE.text


def test_every_function_was_measured_on_what_does_not_fit():
    stored = scale.stored()
    names = {case.__name__ for case in scale.CASES}
    assert set(stored["functions"]) == names == set(page) - {"peak_memory"}
    for name in handbook.__all__:  # each has a version on the page
        assert any(
            n.startswith(name.removesuffix("_matrix")) for n in names
        )
    for name, found in stored["functions"].items():
        assert found["input"] >= 4 * stored["limit"], name
        assert found["idle"] < found["peak"] < stored["limit"], name


def test_the_guide_has_a_section_for_each_challenge():
    stems = (p.stem for p in (ROOT / "handbook/solutions").glob("[!_]*.py"))
    anchors = [anchor for *_, anchor in scale.GUIDE.headings]
    for stem in stems:
        assert f"{stem}_scale" in anchors
