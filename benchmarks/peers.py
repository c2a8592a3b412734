"""Time the handbook's functions against what people would call instead.

    python -m benchmarks.peers            measure all, write peers.json
    python -m benchmarks.peers softmax    measure these challenges only
    python -m benchmarks.peers --show     print the stored figures

One thread. The functions of a case run in turns, so that drift hits all
alike; the garbage collector is off; a figure is the median of the turns.
glibc hands large arrays back to the system until one of 32 MB has been
freed, and reuses the memory of smaller ones from then on: measure() begins
with that, so that the order of the cases does not matter.
"""

import argparse
import gc
import json
import platform
import statistics
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import scipy
import sklearn
from scipy import special
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import OneHotEncoder, normalize
from threadpoolctl import threadpool_info, threadpool_limits

from tests.pages import ROOT, STEMS, challenge

STORE = ROOT / "benchmarks" / "peers.json"
TURNS = 15
SECONDS_A_TURN = 0.05

Functions = dict[str, Callable[[], object]]


def on_page(stem: str) -> dict[str, Callable[..., object]]:
    """The functions of a challenge's page, as printed there."""
    namespace: dict[str, Callable[..., object]] = {}
    for fence in challenge(stem).fences:
        if fence.functions:
            own: dict[str, object] = {}
            exec(fence.source, own)
            namespace |= {name: own[name] for name in fence.functions}
    return namespace


def softmax_cases(page):
    for shape in ((1000, 1000), (100_000, 10)):
        for dtype in ("float64", "float32"):
            X = normal(shape, dtype)
            yield (
                name(shape, dtype),
                {
                    **calls(page, "softmax", X),
                    **calls(page, "softmax_textbook", X),
                    **calls(page, "softmax_logsumexp", X),
                    **calls(page, "softmax_logaddexp", X),
                    **calls(page, "softmax_matmul", X),
                    "scipy.special.softmax": lambda X=X: special.softmax(
                        X, axis=1
                    ),
                    "X.max(axis=1)": lambda X=X: X.max(axis=1),
                    "X.sum(axis=1)": lambda X=X: X.sum(axis=1),
                },
            )


def batch_matmul_cases(page):
    for b, m, k, n, dtype in (
        (256, 64, 64, 64, "float64"),
        (256, 64, 64, 64, "float32"),
        (2000, 1, 64, 64, "float64"),
        (100_000, 3, 3, 3, "float64"),
    ):
        A, B = normal((b, m, k), dtype), normal((b, k, n), dtype, seed=1)
        yield (
            f"{b:,} × ({m}, {k}) @ ({k}, {n}), {dtype}",
            {
                **calls(page, "batch_matmul", A, B),
                "A @ B": lambda A=A, B=B: A @ B,
                **calls(page, "batch_matmul_optimized", A, B),
                **calls(page, "batch_matmul_einsum", A, B),
                **calls(page, "batch_matmul_vecdot", A, B),
                **calls(page, "batch_matmul_loop", A, B),
            },
        )


def one_hot_cases(page):
    for n, C in ((100_000, 100), (1000, 10_000)):
        labels = np.random.default_rng(0).integers(0, C, n)
        encoder = OneHotEncoder(
            categories=[np.arange(C)], sparse_output=False
        )
        yield (
            f"{n:,} labels, {C:,} classes",
            {
                **calls(page, "one_hot", labels, C),
                **calls(page, "one_hot_flat", labels, C),
                **calls(page, "one_hot_put", labels, C),
                **calls(page, "one_hot_eye", labels, C),
                **calls(page, "one_hot_comparison", labels, C),
                "sklearn OneHotEncoder": lambda labels=labels, e=encoder: (
                    e.fit_transform(labels[:, None])
                ),
            },
        )


def normalize_rows_cases(page):
    inputs = [
        (name(shape, dtype), normal(shape, dtype))
        for shape in ((1000, 1000), (100_000, 10))
        for dtype in ("float64", "float32")
    ]
    with_zero = normal((100_000, 10), "float64")
    with_zero[::100] = 0
    inputs.append(("100,000 × 10, 1 % zero rows, float64", with_zero))
    for label, X in inputs:
        ones = np.ones((X.shape[1], 1), X.dtype)
        yield (
            label,
            {
                **calls(page, "l2_normalize", X),
                **calls(page, "l2_normalize_linalg", X),
                **calls(page, "l2_normalize_where", X),
                **calls(page, "l2_normalize_vecdot", X),
                "sklearn normalize, l2": lambda X=X: normalize(X, "l2"),
                **calls(page, "l1_normalize", X),
                **calls(page, "l1_normalize_sum", X),
                "sklearn normalize, l1": lambda X=X: normalize(X, "l1"),
                "X @ ones": lambda X=X, ones=ones: X @ ones,
                "X.sum(axis=1)": lambda X=X: X.sum(axis=1),
            },
        )


def cosine_similarity_cases(page):
    for dtype in ("float64", "float32"):
        X = normal((2000, 128), dtype)
        yield (
            name((2000, 128), dtype),
            {
                **calls(page, "cosine_similarity_matrix", X),
                **calls(page, "cosine_similarity_matrix_gram", X),
                **calls(page, "cosine_similarity_matrix_safe_lengths", X),
                **calls(page, "cosine_similarity_matrix_einsum", X),
                "sklearn cosine_similarity": lambda X=X: cosine_similarity(
                    X
                ),
                "X @ X.T": lambda X=X: X @ X.T,
                "X @ X.T.copy()": lambda X=X: X @ X.T.copy(),
            },
        )


def top_k_cases(page):
    for n, d, k, dtype in (
        (1000, 10_000, 5, "float64"),
        (1000, 10_000, 5, "float32"),
        (100, 100_000, 10, "float64"),
        (10_000, 100, 5, "float64"),
        (100_000, 10, 5, "float64"),
    ):
        X = normal((n, d), dtype)
        yield (
            f"{n:,} × {d:,}, k = {k}, {dtype}",
            {
                **calls(page, "topk_per_row", X, k),
                "np.argsort": lambda X=X, k=k: np.argsort(X, axis=1)[
                    :, : -k - 1 : -1
                ],
                **calls(page, "topk_per_row_groups", X, k),
                **calls(page, "topk_per_row_first_ties", X, k),
                **calls(page, "topk_per_row_all_places", X, k),
            },
        )


def moving_average_cases(page):
    for n, windows in (
        (1_000_000, (5, 100, 10_000)),
        (200_000, (2, 5, 12, 50, 1000)),
    ):
        x = normal((n,), "float64")
        series = pd.Series(x)
        for w in windows:
            functions = {
                **calls(page, "moving_average", x, w),
                **calls(page, "moving_average_centred", x, w),
                **calls(page, "moving_average_blocks", x, w),
                **calls(page, "moving_average_fft", x, w),
                "pandas rolling": lambda series=series, w=w: (
                    series.rolling(w).mean().to_numpy()
                ),
                "np.cumsum": lambda x=x: np.cumsum(x),
            }
            if n == 200_000:
                functions |= calls(page, "moving_average_convolve", x, w)
                functions |= calls(page, "moving_average_windows", x, w)
            yield f"{n:,} samples, w = {w:,}", functions


def sigmoid_cases(page):
    for dtype in ("float64", "float32"):
        z = 5 * normal((1_000_000,), dtype)
        y = (z > 0).astype(dtype)
        yield (
            f"{z.size:,} logits, {dtype}",
            {
                **calls(page, "sigmoid", z),
                **calls(page, "sigmoid_in_place", z),
                **calls(page, "sigmoid_masks", z),
                **calls(page, "sigmoid_shifted", z),
                **calls(page, "sigmoid_logaddexp", z),
                "scipy.special.expit": lambda z=z: special.expit(z),
                "np.exp(z)": lambda z=z: np.exp(z),
                "np.where(z >= 0, 1, z)": lambda z=z: np.where(
                    z >= 0, 1, z
                ),
                **calls(page, "sigmoid_derivative", z),
                **calls(page, "sigmoid_derivative_product", z),
                **calls(page, "sigmoid_derivative_cosh", z),
                **calls(page, "binary_cross_entropy", y, z),
                **calls(page, "binary_cross_entropy_logaddexp", y, z),
            },
        )


def knn_cases(page):
    X, Q = normal((10_000, 32), "float64"), normal((1000, 32), "float64", 1)
    y = np.random.default_rng(2).integers(0, 10, len(X))
    brute = KNeighborsClassifier(5, algorithm="brute").fit(X, y)
    yield (
        "10,000 × 32, 1,000 queries, k = 5",
        {
            **calls(page, "knn_predict", X, y, Q, 5),
            **calls(page, "knn_predict_blocks", X, y, Q, 5),
            **calls(page, "knn_predict_rerank", X, y, Q, 5),
            **calls(page, "knn_predict_features", X, y, Q, 5),
            "sklearn brute force": lambda: brute.predict(Q),
            "Q @ X.T": lambda: Q @ X.T,
        },
    )


def gradient_descent_cases(page):
    X = normal((20_000, 20), "float64")
    y = X @ np.arange(20.0)
    for size in (1, 32, 1024):
        arguments = (X, y, 0.001, 1, size, 0)
        yield (
            f"20,000 × 20, an epoch, batches of {size:,}",
            {
                **calls(page, "mini_batch_gd", *arguments),
                **calls(page, "mini_batch_gd_augmented", *arguments),
                **calls(page, "mini_batch_gd_shuffled", *arguments),
                **calls(page, "mini_batch_gd_split", *arguments),
            },
        )


def normal(shape, dtype, seed=0):
    rng = np.random.default_rng(seed)
    return rng.standard_normal(shape).astype(dtype)


def name(shape, dtype):
    return " × ".join(f"{n:,}" for n in shape) + f", {dtype}"


def calls(page, function, *arguments) -> Functions:
    return {function: lambda: page[function](*arguments)}


def medians(functions: Functions) -> dict[str, float]:
    """Milliseconds a call, the functions taking turns."""
    repeats = {}
    for label, function in functions.items():
        function()
        start = time.perf_counter()
        function()
        once = time.perf_counter() - start
        repeats[label] = max(1, int(SECONDS_A_TURN / max(once, 1e-7)))
    times: dict[str, list[float]] = {label: [] for label in functions}
    gc.disable()
    for _ in range(TURNS):
        for label, function in functions.items():
            start = time.perf_counter()
            for _ in range(repeats[label]):
                function()
            elapsed = time.perf_counter() - start
            times[label].append(1000 * elapsed / repeats[label])
    gc.enable()
    return {
        label: float(f"{statistics.median(t):.3g}")
        for label, t in times.items()
    }


def machine() -> dict[str, str]:
    (blas,) = [
        f"{pool['internal_api']} {pool['version']}, "
        f"{pool.get('architecture', '?')} kernel"
        for pool in threadpool_info()
        if pool["user_api"] == "blas" and "numpy" in pool["filepath"]
    ]
    cpuinfo = Path("/proc/cpuinfo")
    names = [
        line.split(":")[1].strip()
        for line in (cpuinfo.read_text() if cpuinfo.exists() else "").split(
            "\n"
        )
        if line.startswith("model name")
    ]
    return {
        "processor": f"{(names or [platform.machine()])[0]}, one thread",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "blas": blas,
        "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__,
        "pandas": pd.__version__,
        "date": date.today().isoformat(),
    }


def milliseconds(value: float | None) -> str:
    if value is None:  # not measured on this input
        return ""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def stored() -> dict[str, dict]:
    """What the last run has left."""
    return json.loads(STORE.read_text(encoding="utf-8"))


def table(stem: str) -> str:
    """The stored figures of a challenge, a row a function."""
    cases = stored()["challenges"][stem]
    labels = dict.fromkeys(label for c in cases.values() for label in c)
    rows = [
        ["milliseconds a call", *cases],
        ["---", *("---:" for _ in cases)],
        *(
            [
                f"`{label}`",
                *(milliseconds(c.get(label)) for c in cases.values()),
            ]
            for label in labels
        ),
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


RATIOS = [
    ("softmax", "softmax", "scipy.special.softmax"),
    ("softmax", "softmax_matmul", "scipy.special.softmax"),
    ("normalize_rows", "l2_normalize", "sklearn normalize, l2"),
    ("normalize_rows", "l1_normalize", "sklearn normalize, l1"),
    (
        "cosine_similarity",
        "cosine_similarity_matrix",
        "sklearn cosine_similarity",
    ),
    ("top_k", "topk_per_row", "np.argsort"),
    ("one_hot", "one_hot", "sklearn OneHotEncoder"),
    ("knn", "knn_predict", "sklearn brute force"),
    ("knn", "knn_predict_blocks", "sklearn brute force"),
    ("moving_average", "moving_average", "pandas rolling"),
    ("batch_matmul", "batch_matmul", "A @ B"),
    ("sigmoid", "sigmoid", "scipy.special.expit"),
    ("sigmoid", "sigmoid_shifted", "scipy.special.expit"),
]


def ratios() -> str:
    """How many times as fast as its peer each function is."""
    challenges = stored()["challenges"]
    rows = [
        f"| `{ours}` | `{peer}` | {case} | {ms[peer] / ms[ours]:.2f} |"
        for stem, ours, peer in RATIOS
        for case, ms in challenges[stem].items()
    ]
    head = (
        "| function | against | input | times as fast |\n|---|---|---|---:|"
    )
    return "\n".join([head, *rows])


def setting() -> str:
    """The machine and the versions, as a sentence."""
    m = stored()["machine"]
    return (
        f"Measured on {m['date']}: {m['processor']}; Python {m['python']}, "
        f"NumPy {m['numpy']} with {m['blas']}, SciPy {m['scipy']}, "
        f"scikit-learn {m['scikit-learn']}, pandas {m['pandas']}."
    )


def measure(stems: list[str]) -> None:
    results = stored()["challenges"] if STORE.exists() else {}
    np.ones(4_000_000)  # 32 MB, freed at once
    for number, stem in enumerate(stems, start=1):
        print(f"{number}/{len(stems)} {stem}", flush=True)
        cases = globals()[f"{stem}_cases"](on_page(stem))
        results[stem] = {case: medians(f) for case, f in cases}
        ordered = {s: results[s] for s in STEMS if s in results}
        data = {"machine": machine(), "challenges": ordered}
        text = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
        STORE.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("stem", nargs="*", help=", ".join(STEMS))
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    if unknown := set(arguments.stem) - set(STEMS):
        parser.error(f"no challenge {unknown}: choose from {STEMS}")
    if not arguments.show:
        with threadpool_limits(1):  # of all that is imported above
            measure(arguments.stem or STEMS)
    for stem in arguments.stem or STEMS:
        print(f"\n{stem}\n\n{table(stem)}")
    print(f"\n{ratios()}\n\n{setting()}")


if __name__ == "__main__":
    main()
