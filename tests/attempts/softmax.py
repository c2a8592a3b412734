from tests.attempts import parsed

ATTEMPTS = parsed(
    """
# accept: original
def softmax(X):
    X_shifted = X - X.max(axis=1, keepdims=True)
    exp_X = np.exp(X_shifted)
    return exp_X / exp_X.sum(axis=1, keepdims=True)

# accept: maximum by reshape
def softmax(X):
    m = np.max(X, axis=1).reshape(-1, 1)
    e = np.exp(X - m)
    return e / np.sum(e, axis=1).reshape(-1, 1)

# any_real_dtype: SciPy's
def softmax(x, axis=1):
    x_max = np.amax(x, axis=axis, keepdims=True)
    exp_x_shifted = np.exp(x - x_max)
    return exp_x_shifted / np.sum(exp_x_shifted, axis=axis, keepdims=True)

# accept: columns by transposing
def softmax(X):
    Z = np.exp(X.T - X.T.max(axis=0))
    return (Z / Z.sum(axis=0)).T

# accept: logaddexp
def softmax(X):
    return np.exp(X - np.logaddexp.reduce(X, axis=1)[:, None])

# accept: through the logarithm
def softmax(X):
    Z = X - np.amax(X, 1)[:, np.newaxis]
    return np.exp(Z - np.log(np.exp(Z).sum(1))[:, np.newaxis])

# vectorised: loop over the classes
def softmax(X):
    E = np.exp(X - X.max(axis=1, keepdims=True))
    total = np.zeros(len(E))
    for column in E.T:
        total += column
    return E / total[:, None]

# accept: epsilon in the sum
def softmax(X):
    e = np.exp(X - X.max(axis=1, keepdims=True))
    return e / (e.sum(axis=1, keepdims=True) + 1e-8)

# rows_sum_to_one: rounds
def softmax(X):
    e = np.exp(X - X.max(axis=1, keepdims=True))
    return np.round(e / e.sum(axis=1, keepdims=True), 4)

# rows_sum_to_one: over the columns
def softmax(X):
    e = np.exp(X - X.max(axis=0))
    return e / e.sum(axis=0)

# rows_sum_to_one: over the whole matrix
def softmax(X):
    e = np.exp(X - X.max())
    return e / e.sum()

# finite_for_large_logits: clips the logits
def softmax(X):
    e = np.exp(np.clip(X, -600, 600))
    return e / e.sum(axis=1, keepdims=True)

# shift_changes_nothing: clips from below
def softmax(X):
    X = np.clip(X, -500, None)
    e = np.exp(X - X.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

# vectorised: row by row
def softmax(X):
    rows = []
    for row in X:
        e = np.exp(row - max(row))
        rows.append(e / sum(e))
    return np.array(rows)

# input_unchanged: in the caller's array
def softmax(X):
    X -= X.max(axis=1, keepdims=True)
    np.exp(X, out=X)
    X /= X.sum(axis=1, keepdims=True)
    return X.copy()

# larger_input: blocks of 512 rows without the last
def softmax(X):
    P = np.zeros(X.shape)
    blocks = range(0, max(1, len(X) - 511), 512)
    for start in blocks if len(X) > 512 else [0]:
        rows = X[start : start + 512]
        E = np.exp(rows - rows.max(axis=1, keepdims=True))
        P[start : start + 512] = E / E.sum(axis=1, keepdims=True)
    return P

# masked_is_zero: zero for -inf
def softmax(X):
    X = np.where(np.isfinite(X), X, 0.0)
    e = np.exp(X - X.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)

# extreme_logits: warns at the ends of the range
def softmax(X):
    X = np.asarray(X)
    X = X.astype(np.result_type(X, 1.0))
    E = np.exp(X - X.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)

# no_rows: refuses the empty batch
from handbook import softmax as production

def softmax(X):
    if np.size(X) == 0:
        raise ValueError("X is empty")
    return production(X)

# bad_input: takes any shape
def softmax(X):
    X = np.asarray(X)
    X = X.astype(np.result_type(X, 1.0), copy=False)
    with np.errstate(over="ignore"):
        E = np.exp(X - X.max(axis=-1, keepdims=True))
    return E / E.sum(axis=-1, keepdims=True)
"""
)
