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
        "partition of the negative, in int32",
        "accept",
        """
def topk_per_row(X, k):
    best = np.argpartition(-X, k - 1, axis=1)[:, :k].astype(np.int32)
    scores = np.take_along_axis(X, best, axis=1)
    return np.take_along_axis(best, np.argsort(scores)[:, ::-1], axis=1)
""",
    ),
    (
        "all places of the partition, as lists",
        "accept",
        """
def topk_per_row(X, k):
    return np.argpartition(-X, range(k), axis=1)[:, :k].tolist()
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
        "ranks along the columns",
        "one_answer_per_row",
        """
def topk_per_row(X, k):
    return np.argsort(-X, axis=0)[:, :k]
""",
    ),
    (
        "looks the order up in every row",
        "one_answer_per_row",
        """
def topk_per_row(X, k):
    top = np.argpartition(X, -k, axis=1)[:, -k:]
    order = np.argsort(-np.take_along_axis(X, top, axis=1), axis=1)
    return top[:, order]
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
        "row by row",
        "vectorised",
        """
def topk_per_row(X, k):
    return np.array([np.argsort(row)[::-1][:k] for row in X])
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
        "sorts wide rows whole",
        "wide_rows_are_not_sorted",
        """
def topk_per_row(X, k):
    return np.asarray(X).argsort(axis=1)[:, ::-1][:, :k]
""",
    ),
    (
        "k times argmax of a copy",
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
        "sorts the negative of the selected, NaN last",
        "nan_is_largest",
        """
def topk_per_row(X, k):
    top = np.argpartition(X, -k, axis=1)[:, -k:]
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
