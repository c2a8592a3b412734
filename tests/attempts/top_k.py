ATTEMPTS = [
    (
        "original",
        "accept",
        """
def topk_per_row(X, k):
    top_indices = np.argpartition(X, -k, axis=1)[:, -k:]
    rows = np.arange(X.shape[0])[:, np.newaxis]
    top_values = X[rows, top_indices]
    sorted_order = np.argsort(-top_values, axis=1)
    return top_indices[rows, sorted_order]
""",
    ),
    (
        "full sort of the negative",
        "accept",
        """
def topk_per_row(X, k):
    return np.argsort(-X, axis=1)[:, :k]
""",
    ),
    (
        "stable sort of the negative",
        "accept",
        """
def topk_per_row(X, k):
    return (-X).argsort(kind="stable")[..., :k]
""",
    ),
    (
        "full sort cut from behind",
        "accept",
        """
def topk_per_row(X, k):
    return np.argsort(X)[:, : -k - 1 : -1]
""",
    ),
    (
        "full sort of the columns of the transpose, as lists",
        "accept",
        """
def topk_per_row(X, k):
    return np.flipud(X.T.argsort(axis=0))[:k].T.tolist()
""",
    ),
    (
        "partition of the negative",
        "accept",
        """
def topk_per_row(X, k):
    n, d = X.shape
    best = np.argpartition(-X, k - 1, axis=1)[:, :k].astype(np.int32)
    scores = np.take_along_axis(X, best, axis=1)
    return np.take_along_axis(best, np.argsort(scores)[:, ::-1], axis=1)
""",
    ),
    (
        "partition at k, guarded",
        "accept",
        """
def topk_per_row(X, k):
    if k >= X.shape[1]:
        return np.argsort(X)[:, ::-1]
    best = np.argpartition(-X, k)[:, :k]
    order = np.argsort(-np.take_along_axis(X, best, axis=1))
    return np.take_along_axis(best, order, axis=1)
""",
    ),
    (
        "all places of the partition",
        "accept",
        """
def topk_per_row(X, k):
    return np.argpartition(-X, range(k), axis=1)[:, :k]
""",
    ),
    (
        "k times argmax, in floats",
        "accept",
        """
def topk_per_row(X, k):
    X = X.copy()
    rows = np.arange(len(X))
    result = np.zeros((len(X), k))
    for j in range(k):
        result[:, j] = X.argmax(axis=1)
        X[rows, result[:, j].astype(int)] = -np.inf
    return result
""",
    ),
    (
        "k times nanargmax",
        "accept",
        """
def topk_per_row(X, k):
    left, found = X.astype(float), []
    for _ in range(k):
        found.append(np.nanargmax(left, axis=1))
        np.put_along_axis(left, found[-1][:, None], np.nan, axis=1)
    return np.stack(found, axis=1)
""",
    ),
    (
        "k times argmax of a masked array",
        "accept",
        """
def topk_per_row(X, k):
    M, found = np.ma.array(X, copy=True), []
    for _ in range(k):
        found.append(M.argmax(axis=1))
        M[np.arange(len(M)), found[-1]] = np.ma.masked
    return np.column_stack(found)
""",
    ),
    (
        "ranks by comparing all pairs of columns",
        "accept",
        """
def topk_per_row(X, k):
    d = X.shape[1]
    ahead = X[:, None, :] > X[:, :, None]
    tie = X[:, None, :] == X[:, :, None]
    ahead |= tie & np.tri(d, k=-1, dtype=bool)
    ranks = ahead.sum(axis=2)
    columns = np.empty(X.shape, dtype=int)
    np.put_along_axis(columns, ranks, np.arange(d)[None], axis=1)
    return columns[:, :k]
""",
    ),
    (
        "ranks by sorting twice, then a mask",
        "accept",
        """
def topk_per_row(X, k):
    ranks = (-X).argsort(axis=1, kind="stable").argsort(axis=1)
    rows, columns = np.where(ranks < k)
    result = np.zeros((len(X), k), dtype=int)
    result[rows, ranks[rows, columns]] = columns
    return result
""",
    ),
    (
        "one lexsort of all elements",
        "accept",
        """
def topk_per_row(X, k):
    n, d = X.shape
    rows = np.repeat(np.arange(n), d)
    order = np.lexsort((-X.ravel(), rows))
    return order.reshape(n, d)[:, :k] % d
""",
    ),
    (
        "complex numbers carry the columns",
        "accept",
        """
def topk_per_row(X, k):
    Z = np.sort(-X + 1j * np.arange(X.shape[1]), axis=1)
    return Z[:, :k].imag.astype(int)
""",
    ),
    (
        "k-th value as a threshold, ties counted",
        "accept",
        """
def topk_per_row(X, k):
    n, d = X.shape
    t = -np.partition(-X, k - 1, axis=1)[:, k - 1 : k]
    above, equal = X > t, X == t
    room = k - above.sum(axis=1, keepdims=True)
    keep = above | (equal & (equal.cumsum(axis=1) <= room))
    columns = np.nonzero(keep)[1].reshape(n, k)
    order = np.argsort(-X[keep].reshape(n, k), axis=1)
    return columns[np.arange(n)[:, None], order]
""",
    ),
    (
        "flat positions of the survivors",
        "accept",
        """
def topk_per_row(X, k):
    n, d = X.shape
    top = np.argpartition(X, d - k)[:, d - k :]
    start = d * np.arange(n)[:, None]
    order = X.ravel()[start + top].argsort()[:, ::-1]
    return top.ravel()[k * np.arange(n)[:, None] + order]
""",
    ),
    (
        "einsum with one-hot rows",
        "accept",
        """
def topk_per_row(X, k):
    order = np.argsort(X, axis=1)[:, ::-1][:, :k]
    places = np.eye(X.shape[1])[order]
    return np.einsum("nkd,d->nk", places, np.arange(X.shape[1]))
""",
    ),
    (
        "returns the values",
        "columns_not_values",
        """
def topk_per_row(X, k):
    return np.sort(X, axis=1)[:, ::-1][:, :k]
""",
    ),
    (
        "returns values and columns",
        "columns_not_values",
        """
def topk_per_row(X, k):
    top = np.argsort(-X, axis=1)[:, :k]
    return np.take_along_axis(X, top, axis=1), top
""",
    ),
    (
        "positions among the survivors",
        "columns_not_values",
        """
def topk_per_row(X, k):
    top = np.argpartition(X, -k, axis=1)[:, -k:]
    return np.argsort(-np.take_along_axis(X, top, axis=1), axis=1)
""",
    ),
    (
        "a mask of the winners",
        "columns_not_values",
        """
def topk_per_row(X, k):
    return X >= np.sort(X, axis=1)[:, [-k]]
""",
    ),
    (
        "one ranking of the whole matrix",
        "one_answer_per_row",
        """
def topk_per_row(X, k):
    return np.argsort(-X, axis=None)[:k]
""",
    ),
    (
        "ranks along the columns",
        "one_answer_per_row",
        """
def topk_per_row(X, k):
    return np.argsort(-X, axis=0)[:, :k]
""",
    ),
    (
        "partitions along the columns",
        "one_answer_per_row",
        """
def topk_per_row(X, k):
    top = np.argpartition(X, -k, axis=0)[-k:]
    order = np.argsort(-np.take_along_axis(X, top, axis=0), axis=0)
    return np.take_along_axis(top, order, axis=0)
""",
    ),
    (
        "cuts rows, not columns",
        "one_answer_per_row",
        """
def topk_per_row(X, k):
    return np.argsort(-X)[:k]
""",
    ),
    (
        "looks the order up in whole rows",
        "one_answer_per_row",
        """
def topk_per_row(X, k):
    top = np.argpartition(X, -k, axis=1)[:, -k:]
    order = np.argsort(-np.take_along_axis(X, top, axis=1), axis=1)
    return top[:, order]
""",
    ),
    (
        "pairs the rows with the places",
        "one_answer_per_row",
        """
def topk_per_row(X, k):
    rows = np.arange(len(X))
    top = np.argpartition(X, -k, axis=1)[:, -k:]
    order = np.argsort(-X[rows, top], axis=1)
    return np.take_along_axis(top, order, axis=1)
""",
    ),
    (
        "turns the rows round, not the columns",
        "one_answer_per_row",
        """
def topk_per_row(X, k):
    return np.argsort(X, axis=1)[::-1][:, :k]
""",
    ),
    (
        "the order of the first row for all",
        "one_answer_per_row",
        """
def topk_per_row(X, k):
    top = np.sort(np.argsort(X, axis=1)[:, -k:], axis=1)
    return top[:, np.argsort(-X[0, top[0]])]
""",
    ),
    (
        "survivors not sorted",
        "largest_first",
        """
def topk_per_row(X, k):
    return np.argpartition(X, -k, axis=1)[:, -k:]
""",
    ),
    (
        "survivors reversed, not sorted",
        "largest_first",
        """
def topk_per_row(X, k):
    return np.argpartition(X, -k, axis=1)[:, : -k - 1 : -1]
""",
    ),
    (
        "survivors of the negative not sorted",
        "largest_first",
        """
def topk_per_row(X, k):
    return np.argpartition(-X, k - 1, axis=1)[:, :k]
""",
    ),
    (
        "smallest of the k first",
        "largest_first",
        """
def topk_per_row(X, k):
    return np.argsort(X, axis=1)[:, -k:]
""",
    ),
    (
        "the k smallest",
        "largest_first",
        """
def topk_per_row(X, k):
    return np.argsort(X, axis=1)[:, :k]
""",
    ),
    (
        "by absolute value",
        "largest_first",
        """
def topk_per_row(X, k):
    return np.argsort(-np.abs(X), axis=1)[:, :k]
""",
    ),
    (
        "k times argmax, zero for what is taken",
        "largest_first",
        """
def topk_per_row(X, k):
    X, rows, found = X.copy(), np.arange(len(X)), []
    for _ in range(k):
        found.append(X.argmax(axis=1))
        X[rows, found[-1]] = 0
    return np.stack(found, axis=1)
""",
    ),
    (
        "bytes as columns",
        "largest_first",
        """
def topk_per_row(X, k):
    return np.argsort(-X, axis=1)[:, :k].astype(np.int8)
""",
    ),
    (
        "looks the values up again, ties repeated",
        "k_different_columns",
        """
def topk_per_row(X, k):
    best = np.sort(X, axis=1)[:, ::-1][:, :k]
    return (X[:, None, :] == best[:, :, None]).argmax(axis=2)
""",
    ),
    (
        "all that reach the k-th value",
        "k_different_columns",
        """
def topk_per_row(X, k):
    t = np.sort(X, axis=1)[:, -k, None]
    columns = np.nonzero(X >= t)[1].reshape(len(X), k)
    order = np.argsort(-np.take_along_axis(X, columns, axis=1), axis=1)
    return np.take_along_axis(columns, order, axis=1)
""",
    ),
    (
        "masks every equal value at once",
        "k_different_columns",
        """
def topk_per_row(X, k):
    X, found = X.copy(), []
    for _ in range(k):
        found.append(X.argmax(axis=1))
        X[X == X.max(axis=1, keepdims=True)] = -np.inf
    return np.stack(found, axis=1)
""",
    ),
    (
        "partitions at k, which is one too far",
        "k_from_1_to_d",
        """
def topk_per_row(X, k):
    top = np.argpartition(-X, k, axis=1)[:, :k]
    order = np.argsort(-np.take_along_axis(X, top, axis=1), axis=1)
    return np.take_along_axis(top, order, axis=1)
""",
    ),
    (
        "squeezes k = 1",
        "k_from_1_to_d",
        """
def topk_per_row(X, k):
    if k == 1:
        return np.argmax(X, axis=1)
    return np.argsort(X, axis=1)[:, ::-1][:, :k]
""",
    ),
    (
        "slice from behind that is empty for k = d",
        "k_from_1_to_d",
        """
def topk_per_row(X, k):
    start = X.shape[1] - k - 1
    return np.argsort(X, axis=1)[:, :start:-1]
""",
    ),
    (
        "row by row",
        "vectorised",
        """
def topk_per_row(X, k):
    return np.array([np.argsort(row)[::-1][:k] for row in X])
""",
    ),
    (
        "apply_along_axis",
        "vectorised",
        """
def topk_per_row(X, k):
    return np.apply_along_axis(lambda row: np.argsort(-row)[:k], 1, X)
""",
    ),
    (
        "a heap for each row",
        "vectorised",
        """
import heapq

def topk_per_row(X, k):
    d = X.shape[1]
    return [heapq.nlargest(k, range(d), row.__getitem__) for row in X]
""",
    ),
    (
        "survivors sorted in Python",
        "vectorised",
        """
def topk_per_row(X, k):
    top = np.argpartition(X, -k, axis=1)[:, -k:]
    return [
        sorted(found, key=row.__getitem__, reverse=True)
        for row, found in zip(X, top)
    ]
""",
    ),
    (
        "ranks counted column by column",
        "vectorised",
        """
def topk_per_row(X, k):
    ranks = np.zeros(X.shape, dtype=int)
    for j in range(X.shape[1]):
        ranks += X < X[:, [j]]
        ranks[:, j + 1 :] += X[:, j + 1 :] == X[:, [j]]
    return np.argsort(ranks, axis=1)[:, :k]
""",
    ),
    (
        "k times argmax in the caller's array",
        "input_unchanged",
        """
def topk_per_row(X, k):
    rows = np.arange(len(X))
    top = np.zeros((len(X), k), dtype=int)
    for j in range(k):
        top[:, j] = X.argmax(axis=1)
        X[rows, top[:, j]] = -np.inf
    return top
""",
    ),
    (
        "sorts the caller's rows",
        "input_unchanged",
        """
def topk_per_row(X, k):
    top = np.argsort(-X, axis=1)[:, :k]
    X.sort(axis=1)
    return top
""",
    ),
    (
        "blocks of 100 rows without the last",
        "larger_input",
        """
def topk_per_row(X, k):
    if len(X) < 1000:
        return np.argsort(-X, axis=1)[:, :k]
    top = np.zeros((len(X), k), dtype=int)
    for start in range(0, len(X) - 99, 100):
        block = X[start : start + 100]
        top[start : start + 100] = np.argsort(-block, axis=1)[:, :k]
    return top
""",
    ),
    (
        "flat positions in 16 bits",
        "larger_input",
        """
def topk_per_row(X, k):
    n, d = X.shape
    flat = np.arange(n * d).astype(np.int16).reshape(n, d)
    order = np.argsort(-X, axis=1)[:, :k]
    return np.take_along_axis(flat, order, axis=1) % d
""",
    ),
    (
        "sorts wide rows whole",
        "wide_rows_are_not_sorted",
        """
def topk_per_row(X, k):
    return np.asarray(X).argsort(axis=1)[:, ::-1][:, :k]
""",
    ),
    (
        "sorts wide rows by lexsort",
        "wide_rows_are_not_sorted",
        """
def topk_per_row(X, k):
    return np.lexsort((X,), axis=1)[:, ::-1][:, :k]
""",
    ),
    (
        "asks the partition for every place",
        "wide_rows_are_not_sorted",
        """
def topk_per_row(X, k):
    places = range(np.shape(X)[1])
    return np.argpartition(X, places, axis=1)[:, ::-1][:, :k]
""",
    ),
    (
        "masks with -inf, which may be a score",
        "infinities_are_scores",
        """
def topk_per_row(X, k):
    X, rows, found = np.array(X, dtype=float), np.arange(len(X)), []
    for _ in range(k):
        found.append(X.argmax(axis=1))
        X[rows, found[-1]] = -np.inf
    return np.stack(found, axis=1)
""",
    ),
    (
        "puts all rows on one scale",
        "infinities_are_scores",
        """
from handbook import topk_per_row as production

def topk_per_row(X, k):
    X = np.asarray(X)
    if X.dtype != float or not np.isfinite(X).all() or not X.size:
        return production(X, k)
    return production(X / max(1, np.abs(X).max()), k)
""",
    ),
    (
        "sorts the negative of the survivors, NaN last",
        "nan_is_largest",
        """
def topk_per_row(X, k):
    top = np.argpartition(X, -k, axis=1)[:, -k:]
    order = np.argsort(-np.take_along_axis(X, top, axis=1), axis=1)
    return np.take_along_axis(top, order, axis=1)
""",
    ),
    (
        "fills the gaps with zero",
        "nan_is_largest",
        """
from handbook import topk_per_row as production

def topk_per_row(X, k):
    X = np.asarray(X)
    return production(np.where(np.isnan(X), np.zeros_like(X), X), k)
""",
    ),
    (
        "fills the caller's gaps",
        "nan_is_largest",
        """
from handbook import topk_per_row as production

def topk_per_row(X, k):
    top = production(X, k)
    if isinstance(X, np.ndarray) and X.dtype.kind == "f":
        X[np.isnan(X)] = np.inf
    return top
""",
    ),
    (
        "negates unsigned integers",
        "any_real_dtype",
        """
from handbook import topk_per_row as production

def topk_per_row(X, k):
    X = np.asarray(X)
    if X.dtype.kind in "fc":
        return production(X, k)
    top = np.argpartition(-X, k - 1, axis=1)[:, :k]
    order = np.argsort(-np.take_along_axis(X, top, axis=1), axis=1)
    return np.take_along_axis(top, order, axis=1)
""",
    ),
    (
        "casts integers to float64",
        "any_real_dtype",
        """
from handbook import topk_per_row as production

def topk_per_row(X, k):
    X = np.asarray(X)
    return production(X.astype(float) if X.dtype.kind in "iu" else X, k)
""",
    ),
    (
        "takes arrays only",
        "any_real_dtype",
        """
from handbook import topk_per_row as production

def topk_per_row(X, k):
    return production(X, k) if X.ndim == 2 else production(X[None], k)
""",
    ),
    (
        "k is 0 or negative without an error",
        "k_out_of_range",
        """
def topk_per_row(X, k):
    X = np.asarray(X)
    top = np.argpartition(X, -k, axis=1)[:, -k:]
    order = np.argsort(np.take_along_axis(X, top, axis=1), axis=1)
    return np.take_along_axis(top, order[:, ::-1], axis=1)
""",
    ),
    (
        "gives d columns if k is larger",
        "k_out_of_range",
        """
from handbook import topk_per_row as production

def topk_per_row(X, k):
    return production(X, min(k, np.shape(X)[1]))
""",
    ),
    (
        "truncates k",
        "k_out_of_range",
        """
from handbook import topk_per_row as production

def topk_per_row(X, k):
    return production(X, int(k))
""",
    ),
    (
        "counts in the integers of k",
        "k_of_any_integer_type",
        """
def topk_per_row(X, k):
    X = np.asarray(X)
    if X.dtype.kind not in "biuf" or not isinstance(k, (int, np.integer)):
        raise TypeError
    if X.ndim != 2 or not 1 <= k <= X.shape[1]:
        raise ValueError
    kth = X.shape[1] - k
    top = np.argpartition(X, kth, axis=1)[:, kth:]
    order = np.argsort(np.take_along_axis(X, top, axis=1), axis=1)
    return np.take_along_axis(top, order[:, ::-1], axis=1)
""",
    ),
    (
        "answers in int32",
        "indices_of_dtype_intp",
        """
from handbook import topk_per_row as production

def topk_per_row(X, k):
    return production(X, k).astype(np.int32)
""",
    ),
    (
        "asks the first row for its length",
        "no_rows_no_problem",
        """
from handbook import topk_per_row as production

def topk_per_row(X, k):
    X = np.asarray(X)
    if X.ndim == 2 and 1 <= k <= X.shape[1]:
        len(X[0])
    return production(X, k)
""",
    ),
    (
        "ranks the last axis of any stack",
        "bad_input",
        """
from handbook import topk_per_row as production

def topk_per_row(X, k):
    X = np.asarray(X)
    if X.ndim < 2:
        return production(X, k)
    top = production(X.reshape(-1, X.shape[-1]), k)
    return top.reshape(*X.shape[:-1], k)
""",
    ),
    (
        "ranks objects",
        "bad_input",
        """
from handbook import topk_per_row as production

def topk_per_row(X, k):
    X = np.asarray(X)
    return production(X.astype(float) if X.dtype == object else X, k)
""",
    ),
]
