"""Run the guide "Beyond memory" on inputs that do not fit.

    python -m benchmarks.scale    measure all, write scale.json

Two worker processes, new ones for each function, which is the one printed
in docs/guides/scale.md. Nothing is spilled to disk, and Dask kills a worker
that comes near its limit. Each block of an input is made from a seed of its
own, so the client can make it again: NumPy, a block at a time, confirms the
results. The peak is the kernel's, VmHWM: ru_maxrss would begin with the
peak of the client, which starts the workers.
"""

import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import dask
import dask.array as da
import numpy as np
from dask.distributed import Client, LocalCluster

from benchmarks import ROOT, load, save
from benchmarks.sweeps import printed
from handbook.page import Page

STORE = ROOT / "benchmarks" / "scale.json"
GUIDE = Page(ROOT / "docs/guides/scale.md")
LIMIT = 256 * 2**20  # bytes, of one worker
WORKERS = 2
MEMORY = "distributed.worker.memory"
STRICT = {f"{MEMORY}.{key}": False for key in ("target", "spill", "pause")}
LOG = {"distributed.admin.low-level-log-length": 1_000_000}

Case = tuple[list[da.Array], Callable[[], Any], Callable[[Any], None]]


def cluster() -> LocalCluster:
    with dask.config.set(STRICT | LOG):
        return LocalCluster(
            n_workers=WORKERS,
            threads_per_worker=1,
            memory_limit=LIMIT,
            dashboard_address=":0",
        )


def make(block_info=None, *, kind, seed):
    """Make one block of an input; where it lies is part of its seed."""
    where = block_info[None]
    rng = np.random.default_rng([seed, *where["chunk-location"]])
    shape, dtype = where["chunk-shape"], where["dtype"]
    if kind == "label":
        return rng.integers(0, 10, shape)
    if kind == "normal":
        return rng.standard_normal(shape, dtype)
    return rng.random(shape, dtype)


def lazy(shape, chunks, kind="normal", dtype=float, seed=0) -> da.Array:
    chunks = da.core.normalize_chunks(chunks, shape, dtype=dtype)
    return da.map_blocks(
        make,
        kind=kind,
        seed=seed,
        chunks=chunks,
        dtype=dtype,
        meta=np.empty((0,) * len(shape), dtype),
    )


def blocks(X: da.Array, kind="normal", seed=0) -> Iterator[np.ndarray]:
    """Make the blocks of an input again, in order, without Dask."""
    for where in np.ndindex(X.numblocks):
        shape = [c[i] for c, i in zip(X.chunks, where, strict=True)]
        info = {
            "chunk-location": where,
            "chunk-shape": shape,
            "dtype": X.dtype,
        }
        yield make({None: info}, kind=kind, seed=seed)


close = partial(np.testing.assert_allclose, rtol=1e-9)


def softmax_tree(f) -> Case:
    X = lazy((2**9, 2**18), (-1, 2**12))

    def check(found):  # (n,): sums of squares
        total = sum(np.exp(b).sum(axis=1) for b in blocks(X))
        squares = sum(np.exp(2 * b).sum(axis=1) for b in blocks(X))
        close(found, squares / total**2)

    return [X], lambda: (f(X) ** 2).sum(axis=1).compute(), check


def batch_matmul_blocks(f) -> Case:
    A = lazy((2**14, 64, 64), (2**8, -1, -1))
    B = lazy((2**14, 64, 64), (2**8, -1, -1), seed=1)

    def check(found):  # (m, n): rows of the batch side by side, one product
        pairs = zip(blocks(A), blocks(B, seed=1), strict=True)
        close(
            found,
            sum(np.tensordot(a, b, ((0, 2), (0, 1))) for a, b in pairs),
        )

    return [A, B], lambda: f(A, B).sum(axis=0).compute(), check


def one_hot_blocks(f) -> Case:
    labels = lazy((2**27,), 2**17, "label", int)

    def check(found):  # (C,)
        counts = sum(np.bincount(b) for b in blocks(labels, "label"))
        np.testing.assert_array_equal(found, counts)

    return [labels], lambda: f(labels, 10).sum(axis=0).compute(), check


def l2_normalize_blocks(f) -> Case:
    X = lazy((2**17, 2**10), (2**11, -1))

    def check(found):  # (d,)
        close(
            found,
            sum(
                (b / np.sqrt(np.vecdot(b, b))[:, None]).sum(axis=0)
                for b in blocks(X)
            ),
        )

    return [X], lambda: f(X).sum(axis=0).compute(), check


def cosine_similarity_strips(f) -> Case:
    X = lazy((2**12, 2**16), (2**6, -1), "uniform", np.float32)

    def run():  # (512,): sums of rows, of the first 8 strips of 64
        strips = islice(f(X), 8)
        return np.hstack(
            [s.sum(axis=1, dtype=float).compute() for s in strips]
        )

    def check(found):  # the sum of u_i . u_j over j is u_i . (sum of u_j)
        def units():
            for b in blocks(X, "uniform"):
                b = b.astype(float)
                yield b / np.sqrt(np.vecdot(b, b))[:, None]

        total = sum(U.sum(axis=0) for U in units())
        wanted = np.hstack([U @ total for U in islice(units(), 8)])
        np.testing.assert_allclose(found, wanted, rtol=1e-5)

    return [X], run, check


def topk_per_row_tree(f) -> Case:
    X = lazy((2**9, 2**18), (-1, 2**12))

    def check(found):  # (n, k): keep the ten best so far and their columns
        best, columns = np.empty((len(found), 0)), found[:, :0]
        for number, b in enumerate(blocks(X)):
            own = np.broadcast_to(np.arange(b.shape[1]), b.shape)
            best = np.hstack([best, b])
            columns = np.hstack([columns, own + number * b.shape[1]])
            order = np.argsort(-best, axis=1)[:, :10]
            best = np.take_along_axis(best, order, axis=1)
            columns = np.take_along_axis(columns, order, axis=1)
        np.testing.assert_array_equal(found, columns)

    return [X], lambda: f(X, 10).compute(), check


def moving_average_overlap(f) -> Case:
    x, w = lazy((2**27,), 2**20), 1000

    def run():
        m = f(x, w)
        return dask.compute((m * m).sum(), m.max())

    def check(found):
        square, top, tail = 0.0, -np.inf, np.empty(0)
        for b in blocks(x):
            sums = np.cumsum(np.concatenate([[0.0], tail, b]))
            means = (sums[w:] - sums[:-w]) / w
            square, top = square + means @ means, max(top, means.max())
            tail = b[1 - w :]
        close(found, (square, top))

    return [x], run, check


def binary_cross_entropy_blocks(f) -> Case:
    y, z = lazy((2**26,), 2**20, "uniform"), lazy((2**26,), 2**20, seed=1)

    def check(found):
        pairs = zip(blocks(y, "uniform"), blocks(z, seed=1), strict=True)
        losses = (np.logaddexp(0, b) - a * b for a, b in pairs)
        close(found, sum(part.sum() for part in losses) / 2**26)

    return [y, z], lambda: f(y, z), check


def knn_predict_tree(f) -> Case:
    X = lazy((2**20, 2**7), (2**13, -1))
    y = lazy((2**20,), 2**13, "label", int, seed=1)
    Q, k = np.random.default_rng(2).standard_normal((100, 2**7)), 5

    def check(found):  # (m,)
        nearest = np.full((100, k), np.inf)
        labels = np.zeros((100, k), int)
        for b, c in zip(blocks(X), blocks(y, "label", 1), strict=True):
            D = (b * b).sum(axis=1) - 2 * Q @ b.T + (Q * Q).sum(1)[:, None]
            D = np.hstack([nearest, D])
            C = np.hstack([labels, np.broadcast_to(c, (100, len(c)))])
            order = np.argpartition(D, k, axis=1)[:, :k]
            nearest = np.take_along_axis(D, order, axis=1)
            labels = np.take_along_axis(C, order, axis=1)
        votes = [np.bincount(row).argmax() for row in labels]
        np.testing.assert_array_equal(found, votes)

    return [X, y], lambda: f(X, y, Q, k), check


def mini_batch_gd_blocks(f) -> Case:
    X = lazy((2**20, 2**7), (2**13, -1))
    y = lazy((2**20,), 2**13, seed=1)

    def check(found):
        rng, weights, bias = np.random.default_rng(0), np.zeros(2**7), 0.0
        order = rng.permutation(2**7)
        for start in range(0, 2**7, 48):
            batch = set(order[start:][:48].tolist())
            slope, shift, rows = np.zeros(2**7), 0.0, 0
            pairs = zip(blocks(X), blocks(y, seed=1), strict=True)
            for number, (b, t) in enumerate(pairs):
                if number in batch:
                    error = b @ weights + bias - t
                    slope, shift = slope + b.T @ error, shift + error.sum()
                    rows += len(b)
            weights = weights - 0.1 * 2 * slope / rows
            bias = bias - 0.1 * 2 * shift / rows
        close(found[0], weights)
        close(found[1], bias)

    return [X, y], lambda: f(X, y, 0.1, 1, 48, 0), check


def fit_linear_tree(f) -> Case:
    X = lazy((2**20, 2**7), (2**13, -1))
    y = lazy((2**20,), 2**13, seed=1)

    def check(found):  # of normal numbers the Gram matrix keeps its digits
        gram, moment = np.zeros((129, 129)), np.zeros(129)
        for b, t in zip(blocks(X), blocks(y, seed=1), strict=True):
            A = np.column_stack([b, np.ones(len(b))])
            gram, moment = gram + A.T @ A, moment + A.T @ t
        *weights, bias = np.linalg.solve(gram, moment)
        close(found[0], weights)
        close(found[1], bias)

    return [X, y], lambda: f(X, y), check


def fit_logistic_blocks(f) -> Case:
    X = lazy((2**20, 2**7), (2**13, -1))
    y = lazy((2**20,), 2**13, "label", int, seed=1)

    def check(found):  # theta ends with the bias
        theta = np.zeros(2**7 + 1)
        for _ in range(3):
            slope = np.append(0.2 * 2**20 * theta[:-1], 0)
            for b, t in zip(blocks(X), blocks(y, "label", 1), strict=True):
                A = np.column_stack([b, np.ones(len(b))])
                p = np.exp(-np.logaddexp(0, -A @ theta))
                slope += A.T @ (p - t % 2)
            theta = theta - 0.5 * slope / 2**20
        close(np.append(*found), theta)

    return [X, y], lambda: f(X, y % 2, 0.5, 3, 0.2), check


def roc_auc_histograms(f) -> Case:
    labels = lazy((2**26,), 2**20, "label", int)
    scores = lazy((2**26,), 2**20, seed=1)
    edges = np.linspace(-4, 4, 999)

    def check(found):  # the area below the curve through the same bins
        counts = np.zeros((2, 1000))
        pairs = zip(
            blocks(labels, "label"), blocks(scores, seed=1), strict=True
        )
        for b, s in pairs:
            bins = np.searchsorted(edges, s, side="right")
            np.add.at(counts, (b % 2, bins), 1)
        fp, tp = np.cumsum(counts[:, ::-1], axis=1)
        area = np.trapezoid(np.append(0, tp), np.append(0, fp))
        close(found, area / (tp[-1] * fp[-1]))

    return [labels, scores], lambda: f(labels % 2, scores, edges), check


def k_means_blocks(f) -> Case:
    X, steps = lazy((2**20, 2**7), (2**13, -1)), 3
    init = np.random.default_rng(1).standard_normal((5, 2**7))

    def check(found):
        centroids = init
        for _ in range(steps):
            sums, counts = np.zeros((5, 2**7)), np.zeros(5)
            for b in blocks(X):
                D = (centroids**2).sum(axis=1) - 2 * b @ centroids.T
                labels = D.argmin(axis=1)
                for j in range(5):
                    own = b[labels == j]
                    sums[j], counts[j] = (
                        sums[j] + own.sum(0),
                        counts[j] + len(own),
                    )
            centroids = sums / counts[:, None]
        close(found, centroids)

    return [X], lambda: f(X, init, steps), check


def cross_entropy_blocks(f) -> Case:
    X = lazy((2**9, 2**18), (-1, 2**12))
    labels = np.random.default_rng(1).integers(0, 2**18, 2**9)

    def run():  # the loss, and sums of squares of the rows of the gradient
        loss, grad = f(X, labels)
        return np.append((grad**2).sum(axis=1).compute(), loss)

    def check(found):
        total, squares, own = np.zeros((3, 2**9))
        for number, b in enumerate(blocks(X)):
            E = np.exp(b)  # of normal numbers: none is large
            total, squares = (
                total + E.sum(axis=1),
                squares + (E**2).sum(axis=1),
            )
            rows = np.flatnonzero(labels // 2**12 == number)
            own[rows] = b[rows, labels[rows] % 2**12]
        p = np.exp(own) / total
        slopes = squares / total**2 - 2 * p + 1
        loss = np.mean(np.log(total) - own)
        close(found, np.append(slopes / 2**18, loss))

    return [X], run, check


def conv2d_strips(f) -> Case:
    x = lazy((2, 4, 2**14, 2**10), (1, -1, 2**7, -1))
    w = np.random.default_rng(1).standard_normal((4, 4, 3, 3))

    def run():
        y = f(x, w)
        return dask.compute((y * y).sum(), y.max())

    def check(found):  # one entry of the kernel after the other
        square, top, tail = 0.0, -np.inf, None
        for number, b in enumerate(blocks(x)):
            if number % 2**7:  # not the first strip of an image
                b = np.concatenate([tail, b], axis=2)
            tail, h = b[:, :, -2:], b.shape[2] - 2
            y = sum(
                np.tensordot(
                    w[:, :, k, j], b[0, :, k : k + h, j : j + 1022], 1
                )
                for k, j in np.ndindex(3, 3)
            )
            square, top = square + np.vdot(y, y), max(top, y.max())
        close(found, (square, top))

    return [x], run, check


def mlp_gradients_blocks(f) -> Case:
    X = lazy((2**20, 2**7), (2**13, -1))
    y = lazy((2**20,), 2**13, "label", int, seed=1)
    shapes = {"W1": (2**7, 64), "b1": (64,), "W2": (64, 10), "b2": (10,)}
    rng = np.random.default_rng(2)
    params = {k: 0.1 * rng.standard_normal(s) for k, s in shapes.items()}

    def check(found):
        W1, b1, W2, b2 = params.values()
        wanted = {key: np.zeros(shape) for key, shape in shapes.items()}
        for b, t in zip(blocks(X), blocks(y, "label", 1), strict=True):
            A = np.column_stack([b, np.ones(len(b))])
            Z = A @ np.vstack([W1, b1])
            H = np.column_stack([Z * (Z > 0), np.ones(len(b))])
            E = np.exp(H @ np.vstack([W2, b2]))
            G = E / E.sum(axis=1, keepdims=True) - np.eye(10)[t]
            second, first = H.T @ G, A.T @ np.where(Z > 0, G @ W2.T, 0)
            for key, part in (
                ("W1", first[:-1]),
                ("b1", first[-1]),
                ("W2", second[:-1]),
                ("b2", second[-1]),
            ):
                wanted[key] += part
        for key in shapes:
            close(found[key], wanted[key] / 2**20, atol=1e-12)

    return [X, y], lambda: f(X, y, params), check


def layer_norm_tree(f) -> Case:
    X = lazy((2**9, 2**18), (-1, 2**12))
    gamma, beta = np.random.default_rng(1).standard_normal((2, 2**18))

    def check(found):  # (n,): products with gamma
        mean = sum(b.sum(axis=1) for b in blocks(X))[:, None] / 2**18
        var = sum(((b - mean) ** 2).sum(axis=1) for b in blocks(X)) / 2**18
        scales = np.split(gamma**2, X.numblocks[1])
        pairs = zip(blocks(X), scales, strict=True)
        product = sum((b - mean) @ scale for b, scale in pairs)
        close(found, product / np.sqrt(var + 1e-5) + beta @ gamma)

    return [X], lambda: (f(X, gamma, beta) @ gamma).compute(), check


def attention_tree(f) -> Case:
    K = lazy((2**19, 2**7), (2**12, -1))
    V = lazy((2**19, 2**7), (2**12, -1), seed=1)
    Q = 3 * np.random.default_rng(2).standard_normal((100, 2**7))

    def check(found):  # the scores are below 100: exp needs no maximum
        total, sums = np.zeros((100, 1)), np.zeros((100, 2**7))
        for b, c in zip(blocks(K), blocks(V, seed=1), strict=True):
            weights = np.exp(Q @ b.T / np.sqrt(2**7))
            total += weights.sum(axis=1, keepdims=True)
            sums += weights @ c
        close(found, sums / total)

    return [K, V], lambda: f(Q, K, V), check


def sample_softmax_tree(f) -> Case:
    X = lazy((2**9, 2**18), (-1, 2**12))

    def check(found):  # the mass before a draw is uniform from row to row
        total = before = np.zeros(2**9)
        for number, b in enumerate(blocks(X)):
            columns = number * b.shape[1] + np.arange(b.shape[1])
            mass = np.exp(b)
            total = total + mass.sum(axis=1)
            before = before + (mass * (columns < found[:, None])).sum(
                axis=1
            )
        places = np.sort(before / total)
        assert np.abs(places - np.arange(2**9) / 2**9).max() < 0.1

    return [X], lambda: f(X, 0).compute(), check


def peak_memory() -> int:
    """The largest resident size of this process so far, in bytes."""
    status = Path("/proc/self/status").read_text("utf-8")  # Linux
    return 1024 * int(re.search(r"VmHWM:\s+(\d+) kB", status)[1])


def received(dask_worker) -> int:
    """Bytes that other workers sent to this one."""
    return sum(t["total"] for t in dask_worker.transfer_incoming_log)


def measure(case: Case) -> dict[str, int]:
    """Run one function on new workers; confirm its result."""
    inputs, run, check = case
    with cluster() as workers, Client(workers) as client:
        idle = client.run(peak_memory)
        found = run()
        peaks = client.run(peak_memory)
        assert peaks.keys() == idle.keys(), "a worker was killed"
        moved = sum(client.run(received).values())
    check(found)
    return {
        "input": sum(X.nbytes for X in inputs),
        "idle": max(idle.values()),
        "peak": max(peaks.values()),
        "moved": moved,
    }


def stored() -> dict[str, Any]:
    """Return what was measured last."""
    return load(STORE)


def table() -> str:
    """Return what is stored as the table of the guide."""
    rows = [
        f"| `{name}` | {found['peak'] / 2**20:.0f} "
        f"| {found['moved'] / 2**20:,.1f} |"
        for name, found in stored()["functions"].items()
    ]
    head = "| function | peak, MiB | sent, MiB |"
    return "\n".join([head, "|---|---:|---:|", *rows])


if __name__ == "__main__":  # a worker imports this module as well
    results = {}
    for name, function in printed(GUIDE).items():
        results[name] = measure(globals()[name](function))
        print(name, results[name], flush=True)
    data = {"limit": LIMIT, "workers": WORKERS, "functions": results}
    save(STORE, data)
    print(table())
