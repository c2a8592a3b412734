import math
from typing import Any

import numpy as np

from handbook import checks
from handbook.checks import (
    Broken,
    Function,
    call,
    core,
    expect,
    expect_close,
    expect_error,
    expect_input_unchanged,
    fenced,
    frozen,
    peak_bytes,
    production,
    real_array,
    show,
    spell,
)

BOX = np.array([[0.0, 0], [0, 1], [4, 0], [4, 1]])
LINE = np.array([[0.0], [1], [2], [3], [10]])
SQUARES = np.array([[i, i * i] for i in range(8)], float)
CLOUD = np.random.default_rng(0).standard_normal((40, 3))


def _larger(rng: np.random.Generator) -> tuple[Any, int, Any]:
    """Return five blobs, row after row, and a row of each to begin with."""
    centres = 20 * np.eye(5, 7)
    X = np.tile(centres, (6761, 1)) + rng.standard_normal((33_805, 7))
    return X, 5, X[-5:]


LARGER_INPUT = {"k_means": _larger}


def _larger_result(given: str, got: Any) -> None:
    """Expect each blob to be a cluster."""
    X, k, _ = _larger(np.random.default_rng(0))
    means = X.reshape(-1, k, 7).mean(axis=0)
    _Clusters(given, got, X, k).expect(np.arange(len(X)) % k, means)


LARGER_RESULT = {"k_means": _larger_result}


class _Clusters:
    """The labels and centroids that a call returned."""

    def __init__(self, given: str, result: Any, X: Any, k: int) -> None:
        hint = "What does the statement ask for, and of which shapes?"
        if not (isinstance(result, tuple | list) and len(result) == 2):
            raise Broken(given, "labels and centroids", show(result), hint)
        self.given, self.X = given, np.asarray(X, float)
        labels, centroids = (
            real_array(f"{name} of {given}", part)
            for name, part in zip(
                ("labels", "centroids"), result, strict=True
            )
        )
        self.dtypes = labels.dtype, centroids.dtype
        for name, array, shape in (
            ("labels", labels, self.X.shape[:1]),
            ("centroids", centroids, (k, self.X.shape[1])),
        ):
            if array.shape != shape:
                said, got = f"shape {shape}", f"shape {array.shape}"
                raise Broken(f"{name} of {given}", said, got, hint)
        finite = np.isfinite(centroids).all()
        said = "finite numbers"
        expect(f"centroids of {given}", finite, said, centroids)
        self.centroids = centroids.astype(float)
        valid = np.isin(labels, range(k)).all()
        said = f"whole numbers from 0 to {k - 1}"
        expect(f"labels of {given}", valid, said, labels)
        self.labels = labels.astype(int)

    def expect(self, labels: Any, centroids: Any, rtol: float = 0) -> None:
        """Expect these clusters."""
        expect_close(f"labels of {self.given}", self.labels, labels)
        atol = 1e-9 * (rtol == 0)
        expect_close(
            f"centroids of {self.given}",
            self.centroids,
            centroids,
            rtol,
            atol,
        )

    def expect_nearest(self) -> None:
        """Expect each label to be that of a nearest centroid."""
        for i, row in enumerate(self.X):
            D = [math.dist(row, c) for c in self.centroids]
            label = int(self.labels[i])
            if D[label] > min(D) * (1 + 1e-6) + 1e-9:
                best = D.index(min(D))
                given = f"label of row {i} of {self.given}"
                said = f"{best}, at the distance {D[best]:.6g}"
                raise Broken(
                    given, said, f"{label}, at the distance {D[label]:.6g}"
                )


def _cluster(
    function: Function, X: Any, k: int, **options: Any
) -> _Clusters:
    given = spell(function, (X, k), options)
    return _Clusters(given, call(function, X, k, **options), X, k)


def _lloyd(X: Any, init: Any, steps: int) -> tuple[list[int], Any]:
    """Return the clusters after so many updates, a row at a time."""

    def nearest(row: Any) -> int:
        distances = [math.dist(row, c) for c in centroids]
        return distances.index(min(distances))

    centroids = np.array(init, float)
    for _ in range(steps):
        labels = [nearest(row) for row in X]
        for j in {*labels}:
            own = np.array(
                [x for x, i in zip(X, labels, strict=True) if i == j]
            )
            centroids[j] = [
                math.fsum(column) / len(own) for column in own.T
            ]
    return [nearest(row) for row in X], centroids


@core("k_means")
def fixed_point(k_means: Function) -> None:
    """Each label is the nearest centroid's, each centroid its rows' mean.

    Which distance does a mean minimise the sum of? Do the labels that you
    return belong to the centroids that you return?
    """
    clouds = [CLOUD[:n, :d] for n, d in ((6, 1), (9, 2), (40, 3), (40, 3))]
    for X, k in zip([BOX, *clouds], (2, 1, 3, 4, 7), strict=True):
        found = _cluster(k_means, X, k, init=X[-k:])
        found.expect_nearest()
        means = found.centroids.copy()
        for j in {*found.labels.tolist()}:
            means[j] = X[found.labels == j].mean(axis=0)
        found.expect(found.labels, means)


@core("k_means")
def lloyd_from_init(k_means: Function) -> None:
    """Cluster j begins at init[j], and stops where Lloyd's algorithm does.

    By hand: which rows are nearest to each centroid, and where are their
    means? Do you still have the centroids from before the update to compare
    with? How many updates does max_iter allow?
    """
    for init, labels, centroids in (
        ([0, 2], [0, 0, 1, 1], [[0, 0.5], [4, 0.5]]),
        ([2, 0], [1, 1, 0, 0], [[4, 0.5], [0, 0.5]]),
        ([0, 1], [0, 1, 0, 1], [[2, 0], [2, 1]]),  # a worse optimum
    ):
        found = _cluster(k_means, BOX, 2, init=BOX[init])
        found.expect(labels, centroids)
    found = _cluster(k_means, LINE, 2, init=LINE[:2])
    found.expect([0, 0, 0, 0, 1], [[1.5], [10]])
    for n, k in ((40, 3), (40, 5), (25, 4)):
        X = CLOUD[:n]
        found = _cluster(k_means, X, k, init=X[:k])
        found.expect(*_lloyd(X, X[:k], 100))
        for steps in (1, 2):  # it would go on
            found = _cluster(k_means, X, k, init=X[:k], max_iter=steps)
            found.expect(found.labels, _lloyd(X, X[:k], steps)[1])


@core("k_means")
def ties_to_the_lowest(k_means: Function) -> None:
    """A row that is equally near to two centroids gets the lower label.

    Which of equal minima does argmin return? And which one does a loop
    that compares with <= keep?
    """
    X = np.array([[0.0], [2], [1]])
    found = _cluster(k_means, X, 2, init=X[:2])
    found.expect([0, 1, 0], [[0.5], [2]])
    X = np.array([[9.0, 9], [0, 0], [0, 2], [2, 0], [1, 1]])
    found = _cluster(k_means, X, 4, init=X[:4])
    found.expect([0, 1, 2, 3, 1], [[9, 9], [0.5, 0.5], [0, 2], [2, 0]])


@core("k_means")
def empty_cluster(k_means: Function) -> None:
    """With a centroid that no row is nearest to, there are k finite ones.

    What is the mean of no rows? If you average only the labels that occur,
    how many centroids do you return?
    """
    far = [99.0, 99]
    for init in ([[0, 0], [4, 0], far], [[0, 0], far, [4, 0]]):
        found = _cluster(k_means, BOX, 3, init=np.array(init))
        apart = (found.labels[:2, None] != found.labels[2:]).all()
        said = "the left rows in other clusters than the right ones"
        expect(f"labels of {found.given}", apart, said, found.labels)


@core("k_means")
def seeded_distinct_rows(k_means: Function) -> None:
    """A seed gives k distinct rows to begin with, each time the same.

    Can your draw take a row twice? Which line uses rng, and would another
    seed start elsewhere?
    """
    for seed in range(4):  # without repetition there is one way
        found = _cluster(k_means, SQUARES, 8, rng=seed)
        given = f"sorted labels of {found.given}"
        expect_close(given, np.sort(found.labels), np.arange(8))
        found.expect(found.labels, SQUARES[np.argsort(found.labels)])
    first, again = (_cluster(k_means, CLOUD, 4, rng=5) for _ in range(2))
    first.expect(again.labels, again.centroids)
    first.expect_nearest()
    starts = {
        tuple(_cluster(k_means, BOX, 2, rng=seed).labels.tolist())
        for seed in range(20)
    }
    given = f"{spell(k_means, (BOX, 2), {})} with 20 seeds"
    said = "labels that depend on the seed"
    expect(given, len(starts) > 1, said, starts)


vectorised = checks.vectorised(
    "No Python loop over rows; one over clusters is fine.",
    "Which shapes do rows and centroids need for all differences at once?",
    {
        "k_means": [
            (
                (np.tile(BOX, (2, 1)), 2, BOX[[0, 2]]),
                (np.tile(BOX, (102, 1)), 2, BOX[[0, 2]]),
            )
        ]
    },
)

input_unchanged = checks.input_unchanged(
    {"k_means": [(BOX, 2, BOX[[0, 1]]), (LINE, 2, LINE[:2] + 0.25)]}
)


@production("k_means")
def labels_match(k_means: Function) -> None:
    """Labels belong to the returned centroids, also where max_iter ends.

    After the last update, have rows changed sides? With max_iter=0, what
    are the labels, and do you return the caller's init?
    """
    for steps in (1, 2, 3, 0):
        for X, k in ((LINE, 2), (CLOUD, 5)):
            found = _cluster(k_means, X, k, init=X[:k], max_iter=steps)
            found.expect(*_lloyd(X, X[:k], steps))
    starts, X = (
        np.array([[-3.0], [4], [6], [12]]),
        np.array([[5.0], [9], [8]]),
    )
    found = _cluster(k_means, X, 3, init=starts[1:], max_iter=0)
    found.expect([0, 1, 1], starts[1:])
    expect_input_unchanged(k_means, BOX, 2, BOX[:2], max_iter=0)


@production("k_means")
def empty_stays(k_means: Function) -> None:
    """A cluster without rows keeps its centroid, and nothing warns.

    Which value stands in the array of the new centroids where there is no
    mean? Are k equal starts a problem?
    """
    far = [99.0, 99]
    init = np.array([[0, 0], far, [4, 0]])
    found = _cluster(k_means, BOX, 3, init=init)
    found.expect([0, 0, 2, 2], [[0, 0.5], far, [4, 0.5]])
    found = _cluster(k_means, BOX, 3, init=np.array([[2, 0.5]] * 3))
    found.expect([0, 0, 0, 0], [[2, 0.5]] * 3)


@production("k_means")
def random_state(k_means: Function) -> None:
    """A Generator may be the rng, and np.random keeps its state.

    What makes np.random.default_rng of a Generator? Who else draws from
    np.random's global state?
    """
    seeded = _cluster(k_means, CLOUD, 4, rng=3)
    given = _cluster(k_means, CLOUD, 4, rng=np.random.default_rng(3))
    given.expect(seeded.labels, seeded.centroids)
    with fenced():
        before = np.random.get_state()  # noqa: NPY002
        for options in ({}, {"rng": 0}):
            k_means(CLOUD.copy(), 30, **options)
            kept = frozen(np.random.get_state()) == frozen(before)  # noqa: NPY002
            called = spell(k_means, (CLOUD, 30), options)
            expect(called, kept, "np.random's state kept", "another state")


@production("k_means")
def any_real_dtype(k_means: Function) -> None:
    """float32 stays, but is summed in float64; the rest becomes float64.

    What is 0 - 250 in uint8, and what does a centroid of 2/3 become in an
    array of integers? How large is a sum of 200,000 rows near 1000?
    """
    X, init = np.array([[0], [1], [1], [250]]), np.array([[0], [250]])
    for dtypes in ("ll", "BB", "dl", "ld", "dd", "ff", "fd", "HB", "ee"):
        rows, start = X.astype(dtypes[0]), init.astype(dtypes[1])
        found = _cluster(k_means, rows, 2, init=start)
        found.expect([0, 0, 0, 1], [[2 / 3], [250]], 1e-3)
        wanted, dtype = np.result_type(rows, 1.0), found.dtypes[1]
        given = f"centroids of {found.given}"
        expect(given, dtype == wanted, f"dtype {wanted}", dtype)
        whole = found.dtypes[0].kind in "iu"
        said = "integers"
        expect(f"labels of {found.given}", whole, said, found.dtypes[0])
    found = _cluster(k_means, X.astype("B"), 2, rng=0)
    found.expect_nearest()
    found = _cluster(k_means, BOX.tolist(), 2, init=BOX[:2].tolist())
    found.expect([0, 1, 0, 1], [[2, 0], [2, 1]])
    found = _cluster(k_means, X > 0, 2, init=X[:2] > 0)
    found.expect([0, 1, 1, 1], [[0], [1]])
    rows = np.full((200_000, 2), 1000.125, np.float32)
    rows[::2] += np.float32(0.25)
    found = _cluster(k_means, rows, 1, init=rows[:1])
    found.expect(found.labels, [[1000.25, 1000.25]], 1e-7)


@production("k_means")
def offset_and_scale(k_means: Function) -> None:
    """X + 2**27 and X * 1e-9 have the labels of X.

    How many digits of a gap of 1 are left when squares near 2**54 are
    subtracted? From which change on are centroids "close" to the old ones?
    """
    X = np.round(CLOUD * 64) / 64  # 2**27 can be added without rounding
    labels, centroids = _lloyd(X, X[:4], 100)
    for scale, shift in ((1, 2.0**27), (1e-9, 0), (1e9, 0), (1, -1000)):
        rows = X * scale + shift
        found = _cluster(k_means, rows, 4, init=rows[:4])
        found.centroids = (found.centroids - shift) / scale
        expect_close(f"labels of {found.given}", found.labels, labels)
        expect_close(
            f"centroids of {found.given}, less {shift:g}, over {scale:g}",
            found.centroids,
            centroids,
            atol=1e-6,
        )


@production("k_means")
def memory(k_means: Function) -> None:
    """No array of n * k * d numbers is made.

    How many bytes are the differences of 2,000 rows to 50 centroids in 32
    columns? Which of these axes can you go along in a loop?
    """
    X = np.random.default_rng(1).standard_normal((2000, 32))
    cube = 8 * X.size * 50
    peak = peak_bytes(lambda: k_means(X.copy(), 50, X[:50].copy(), 2), ())
    given = f"{spell(k_means, (X, 50, X[:50], 2), {})}"
    said = f"a peak below a quarter of {cube:,} bytes"
    expect(given, peak < cube / 4, said, peak)


@production("k_means")
def bad_input_is_refused(k_means: Function) -> None:
    """k = 0, a wrong shape or NaN raises ValueError, text TypeError.

    What does your code return for k > n, or for an init of shape (d, k)?
    To which centroid is NaN the nearest?
    """
    for k in (0, -1, 5):
        expect_error(k_means, BOX, k, error=ValueError)
    expect_error(k_means, np.empty((0, 2)), 1, error=ValueError)
    expect_error(k_means, BOX, 5, np.zeros((5, 2)), error=ValueError)
    for shape in ((2, 3), (3, 2), (1, 2), (2,), (2, 2, 1), ()):
        expect_error(k_means, BOX, 2, np.ones(shape), error=ValueError)
    for X in (BOX[:, 0], BOX[None], np.float64(1)):
        expect_error(k_means, X, 1, error=ValueError)
    expect_error(k_means, BOX, 2, BOX[:2], -1, error=ValueError)
    for value in (np.nan, np.inf, -np.inf):
        bad = BOX + np.array([[0, 0]] * 3 + [[0, value]])
        expect_error(k_means, bad, 2, BOX[:2], error=ValueError)
        expect_error(k_means, bad, 2, rng=0, error=ValueError)
        expect_error(k_means, BOX, 2, bad[2:], error=ValueError)
    for number in (2.0, "2", None):
        expect_error(k_means, BOX, number, BOX[:2], error=TypeError)
        expect_error(k_means, BOX, 2, BOX[:2], number, error=TypeError)
    for dtype in ("str", "complex128", "object", "M8[D]"):
        strange = BOX.astype(int).astype(dtype)
        expect_error(k_means, strange, 2, BOX[:2], error=TypeError)
        expect_error(k_means, BOX, 2, strange[:2], error=TypeError)
