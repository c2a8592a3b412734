import warnings
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.cluster.vq import kmeans2
from scipy.spatial.distance import cdist
from sklearn.cluster import KMeans
from sklearn.datasets import load_iris

from handbook import k_means
from handbook.whiteboard import k_means as whiteboard

close = np.testing.assert_allclose
equal = np.testing.assert_array_equal


def by_scikit_learn(X, init, max_iter=300):
    model = KMeans(
        len(init),
        init=init,
        n_init=1,
        tol=0,
        algorithm="lloyd",
        max_iter=max_iter,
    )
    with warnings.catch_warnings(action="ignore"):  # where max_iter ends it
        return model.fit(X)


def inertia(X, labels, centroids):
    return np.sum((X - centroids[labels]) ** 2)


@pytest.mark.parametrize("k", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("shift", [0, 1000])
def test_agrees_with_scikit_learn_on_iris(rng, k, shift):
    X = load_iris().data + shift
    X += 0.01 * rng.standard_normal(X.shape)  # no ties
    init = X[rng.permutation(len(X))[:k]]
    labels, centroids = k_means(X, k, init)
    model = by_scikit_learn(X, init)
    equal(labels, model.labels_)
    close(centroids, model.cluster_centers_, rtol=1e-9)
    close(inertia(X, labels, centroids), model.inertia_, rtol=1e-6)


@pytest.mark.parametrize("max_iter", [1, 2, 3])
def test_agrees_with_others_where_it_is_cut_short(rng, max_iter):
    X = rng.standard_normal((500, 3))
    labels, centroids = k_means(X, 4, X[:4], max_iter)
    model = by_scikit_learn(X, X[:4], max_iter)
    equal(labels, model.labels_)
    close(centroids, model.cluster_centers_, rtol=1e-9)
    close(kmeans2(X, X[:4], max_iter, minit="matrix")[0], centroids)


@given(
    n=st.integers(1, 12),
    d=st.integers(0, 3),
    max_iter=st.integers(0, 5),
    seed=st.integers(0, 2**32),
    data=st.data(),
)
def test_labels_are_nearest_and_centroids_means(n, d, max_iter, seed, data):
    rng = np.random.default_rng(seed)
    k = data.draw(st.integers(1, n))
    X = rng.integers(-3, 4, (n, d)).astype(float)  # many ties
    init = rng.integers(-4, 5, (k, d)).astype(float)
    labels, centroids = k_means(X, k, init, max_iter)
    if d:
        equal(labels, cdist(X, centroids, "sqeuclidean").argmin(axis=1))
    for steps in (100, 100 + max_iter):
        labels, centroids = k_means(X, k, init, steps)
        own = [X[labels == j] for j in range(k)]
        for j in range(k):
            if len(own[j]):
                close(centroids[j], own[j].mean(axis=0), atol=1e-12)


@given(seed=st.integers(0, 2**32), k=st.integers(1, 9))
def test_no_iteration_raises_the_inertia(seed, k):
    X = np.random.default_rng(seed).standard_normal((20, 2))
    sums = [
        inertia(X, *k_means(X, k, max_iter=t, rng=seed)) for t in range(9)
    ]
    assert all(b <= a * (1 + 1e-12) for a, b in pairwise(sums))


@pytest.mark.parametrize("seed", range(5))
def test_starts_from_distinct_rows(seed):
    X = np.arange(30.0).reshape(10, 3)
    _, start = k_means(X, 6, max_iter=0, rng=seed)
    rows = {tuple(row) for row in start.tolist()}
    assert len(rows) == 6
    assert rows <= {tuple(row) for row in X.tolist()}
    _, again = k_means(X, 6, max_iter=0, rng=np.random.default_rng(seed))
    equal(again, start)
    _, other = k_means(X, 6, max_iter=0, rng=seed + 1)
    assert not np.array_equal(other, start)


def test_each_row_is_drawn_as_often():
    X, rng = np.arange(5.0)[:, None], np.random.default_rng(0)
    drawn = [k_means(X, 2, max_iter=0, rng=rng)[1] for _ in range(1000)]
    counts = np.bincount(np.ravel(drawn).astype(int), minlength=5)
    close(counts, 400, atol=80)


def test_without_a_seed_starts_differ():
    X = np.arange(1000.0)[:, None]
    starts = [k_means(X, 5, max_iter=0)[1] for _ in range(3)]
    assert len({start.tobytes() for start in starts}) > 1


def test_an_empty_cluster_may_gain_rows_later():
    X = np.array([[0.0], [1], [10], [11], [12]])
    init = np.array([[-1.0], [30], [2.0]])
    labels, centroids = k_means(X, 3, init, max_iter=1)
    equal(centroids[1], [30])
    labels, centroids = k_means(X, 3, np.array([[0.0], [14], [3.6]]))
    equal(labels, [0, 0, 1, 1, 1])
    equal(np.bincount(labels, minlength=3), [2, 3, 0])


@pytest.mark.parametrize("dtype", ["e", "f", "d", "g", "?", "b", "B", "Q"])
def test_any_real_dtype(untouched, rng, dtype):
    X = rng.integers(0, 100, (50, 2)).astype(dtype)
    with untouched(X) as X:
        labels, centroids = k_means(X, 3, rng=1)
    wanted = k_means(X.astype(float), 3, rng=1)
    assert centroids.dtype == np.result_type(X, 1.0)
    assert labels.dtype == np.intp
    eps = max(np.finfo(centroids.dtype).eps, 1e-15)
    close(centroids, wanted[1], rtol=2 * eps)
    distances = cdist(X.astype(float), centroids.astype(float))
    equal(labels, distances.argmin(axis=1))


@pytest.mark.parametrize("dtype", ["e", "f", "d", "i", "g"])
def test_the_start_takes_the_dtype_of_the_rows(rng, dtype):
    X = rng.standard_normal((20, 2)).astype("float32")
    init = np.array([[0, 1], [1, 0]], dtype)
    centroids = k_means(X, 2, init, max_iter=0)[1]
    assert centroids.dtype == np.float32
    equal(centroids, init)


def test_float32_rows_are_summed_in_float64(rng):
    X = (1000 + rng.random((300_000, 2))).astype("float32")
    _, centroids = k_means(X, 1)
    close(centroids[0], X.mean(axis=0, dtype=float), rtol=1e-7)


@pytest.mark.parametrize("scale", [2.0**-400, 1e-9, 1, 2.0**300])
@pytest.mark.parametrize("shift", [0, 2.0**27, -(2.0**40)])
def test_offset_and_scale_change_no_label(rng, scale, shift):
    X = np.round(64 * rng.standard_normal((60, 2))) / 64
    labels, _ = k_means(X, 4, X[:4])
    moved = (X + shift) * scale
    equal(k_means(moved, 4, moved[:4])[0], labels)


def test_any_memory_layout(rng):
    X = rng.standard_normal((60, 6))
    for view in (np.asfortranarray(X), X[:, ::-2], X[::-1], X[:, :1]):
        labels, centroids = k_means(view, 4, view[:4])
        wanted = k_means(view.copy(), 4, view[:4].copy())
        equal(labels, wanted[0])
        close(centroids, wanted[1], rtol=1e-12)
    equal(
        k_means(X.tolist(), 4, X[:4].tolist())[0], k_means(X, 4, X[:4])[0]
    )


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"X": [1.0]}, ValueError, r"X must be \(n, d\), got \(1,\)"),
        ({"k": 0}, ValueError, r"k must be in \[1, 2\], got 0"),
        ({"k": 3}, ValueError, r"k must be in \[1, 2\], got 3"),
        (
            {"X": np.empty((0, 2))},
            ValueError,
            r"k must be in \[1, 0\], got 1",
        ),
        (
            {"init": [1, 2]},
            ValueError,
            r"init must be \(1, 2\), got \(2,\)",
        ),
        (
            {"init": [[1], [2]]},
            ValueError,
            r"init must be \(1, 2\), got \(2, 1\)",
        ),
        ({"max_iter": -1}, ValueError, "max_iter must be >= 0, got -1"),
        (
            {"X": [[1, np.nan]]},
            ValueError,
            "X and init must be finite, got NaN or infinity",
        ),
        (
            {"init": [[1, np.inf]]},
            ValueError,
            "X and init must be finite, got NaN or infinity",
        ),
        ({"X": [["a", "b"]]}, TypeError, "X must be real, got dtype <U1"),
        ({"init": [[1j, 2]]}, TypeError, "init must be real, got dtype c"),
        ({"k": 1.0}, TypeError, "k must be an integer, got 1.0"),
        (
            {"max_iter": 9.0},
            TypeError,
            "max_iter must be an integer, got 9",
        ),
    ],
)
def test_errors(changed, error, message):
    given = {"X": [[1.0, 2], [3, 4]], "k": 1, "init": None, "max_iter": 9}
    with pytest.raises(error, match=message):
        k_means(**given | changed)


def test_the_whiteboard_version_stops_after_max_iter():
    X = np.array([[0.0], [1], [2], [3], [10]])
    labels, centroids = whiteboard.k_means(X, 2, init=X[:2], max_iter=1)
    assert labels.tolist() == [0, 0, 0, 1, 1]
    assert centroids.tolist() == [[0], [4]]
