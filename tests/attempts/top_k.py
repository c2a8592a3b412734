from tests.attempts import parsed

ATTEMPTS = parsed(
    """
# accept: original
def topk_per_row(X, k):
    top_indices = np.argpartition(X, -k, axis=1)[:, -k:]
    rows = np.arange(X.shape[0])[:, np.newaxis]
    top_values = X[rows, top_indices]
    sorted_order = np.argsort(-top_values, axis=1)
    return top_indices[rows, sorted_order]

# accept: full sort of the negative
def topk_per_row(X, k):
    return np.argsort(-X, axis=1)[:, :k]

# accept: partition of the negative, in int32
def topk_per_row(X, k):
    best = np.argpartition(-X, k - 1, axis=1)[:, :k].astype(np.int32)
    scores = np.take_along_axis(X, best, axis=1)
    return np.take_along_axis(best, np.argsort(scores)[:, ::-1], axis=1)

# accept: all places of the partition, as lists
def topk_per_row(X, k):
    return np.argpartition(-X, range(k), axis=1)[:, :k].tolist()

# accept: k-th value as a threshold, ties counted
def topk_per_row(X, k):
    n, d = X.shape
    t = -np.partition(-X, k - 1, axis=1)[:, k - 1 : k]
    above, equal = X > t, X == t
    room = k - above.sum(axis=1, keepdims=True)
    keep = above | (equal & (equal.cumsum(axis=1) <= room))
    columns = np.nonzero(keep)[1].reshape(n, k)
    order = np.argsort(-X[keep].reshape(n, k), axis=1)
    return columns[np.arange(n)[:, None], order]

# columns_not_values: returns the values
def topk_per_row(X, k):
    return np.sort(X, axis=1)[:, ::-1][:, :k]

# columns_not_values: returns values and columns
def topk_per_row(X, k):
    top = np.argsort(-X, axis=1)[:, :k]
    return np.take_along_axis(X, top, axis=1), top

# one_answer_per_row: ranks along the columns
def topk_per_row(X, k):
    return np.argsort(-X, axis=0)[:, :k]

# one_answer_per_row: looks the order up in every row
def topk_per_row(X, k):
    top = np.argpartition(X, -k, axis=1)[:, -k:]
    order = np.argsort(-np.take_along_axis(X, top, axis=1), axis=1)
    return top[:, order]

# largest_first: smallest of the k first
def topk_per_row(X, k):
    return np.argsort(X, axis=1)[:, -k:]

# k_different_columns: looks the values up again, ties repeated
def topk_per_row(X, k):
    best = np.sort(X, axis=1)[:, ::-1][:, :k]
    return (X[:, None, :] == best[:, :, None]).argmax(axis=2)

# k_different_columns: all that reach the k-th value
def topk_per_row(X, k):
    t = np.sort(X, axis=1)[:, -k, None]
    columns = np.nonzero(X >= t)[1].reshape(len(X), k)
    order = np.argsort(-np.take_along_axis(X, columns, axis=1), axis=1)
    return np.take_along_axis(columns, order, axis=1)

# k_from_1_to_d: squeezes k = 1
def topk_per_row(X, k):
    if k == 1:
        return np.argmax(X, axis=1)
    return np.argsort(X, axis=1)[:, ::-1][:, :k]

# vectorised: row by row
def topk_per_row(X, k):
    return np.array([np.argsort(row)[::-1][:k] for row in X])

# vectorised: a heap for each row
import heapq

def topk_per_row(X, k):
    d = X.shape[1]
    return [heapq.nlargest(k, range(d), row.__getitem__) for row in X]

# larger_input: blocks of 100 rows without the last
def topk_per_row(X, k):
    if len(X) < 1000:
        return np.argsort(-X, axis=1)[:, :k]
    top = np.zeros((len(X), k), dtype=int)
    for start in range(0, len(X) - 99, 100):
        block = X[start : start + 100]
        top[start : start + 100] = np.argsort(-block, axis=1)[:, :k]
    return top

# wide_rows_are_not_sorted: sorts wide rows whole
def topk_per_row(X, k):
    return np.asarray(X).argsort(axis=1)[:, ::-1][:, :k]

# infinities_are_scores: k times argmax of a copy
def topk_per_row(X, k):
    X, rows, found = np.array(X, dtype=float), np.arange(len(X)), []
    for _ in range(k):
        found.append(X.argmax(axis=1))
        X[rows, found[-1]] = -np.inf
    return np.stack(found, axis=1)

# nan_is_largest: sorts the negative of the selected, NaN last
def topk_per_row(X, k):
    top = np.argpartition(X, -k, axis=1)[:, -k:]
    order = np.argsort(-np.take_along_axis(X, top, axis=1), axis=1)
    return np.take_along_axis(top, order, axis=1)

# any_real_dtype: casts integers to float64
from handbook import topk_per_row as production

def topk_per_row(X, k):
    X = np.asarray(X)
    return production(X.astype(float) if X.dtype.kind in "iu" else X, k)

# k_out_of_range: k is 0 or negative without an error
def topk_per_row(X, k):
    X = np.asarray(X)
    top = np.argpartition(X, -k, axis=1)[:, -k:]
    order = np.argsort(np.take_along_axis(X, top, axis=1), axis=1)
    return np.take_along_axis(top, order[:, ::-1], axis=1)

# k_of_any_integer_type: counts in the integers of k
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

# indices_of_dtype_intp: answers in int32
from handbook import topk_per_row as production

def topk_per_row(X, k):
    return production(X, k).astype(np.int32)

# no_rows_no_problem: asks the first row for its length
from handbook import topk_per_row as production

def topk_per_row(X, k):
    X = np.asarray(X)
    if X.ndim == 2 and 1 <= k <= X.shape[1]:
        len(X[0])
    return production(X, k)

# bad_input: ranks objects
from handbook import topk_per_row as production

def topk_per_row(X, k):
    X = np.asarray(X)
    return production(X.astype(float) if X.dtype == object else X, k)

# wide_rows_are_not_sorted: lexsort of the negative
def topk_per_row(X, k):
    return np.lexsort((-X,))[:, :k]
"""
)
