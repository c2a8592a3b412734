from textwrap import indent

# wrong in one way, in one of the two functions: `right` is the handbook's
IN_ONE = [
    (
        "down the columns",
        "unit_rows",
        """
return right(X.T).T
""",
    ),
    (
        "signs lost",
        "direction_stays",
        """
return np.abs(right(X))
""",
    ),
    (
        "uniform instead of zero rows",
        "zero_rows_stay_zero",
        """
U = right(X)
U[~X.any(axis=1)] = 1 / X.shape[1]
return U
""",
    ),
    (
        "row by row",
        "vectorised",
        """
U = np.zeros(X.shape)
for i in range(len(X)):
    U[i] = right(X[i : i + 1])[0]
return U
""",
    ),
    (
        "into the input",
        "input_unchanged",
        """
X[:] = right(X)
return X
""",
    ),
    (
        "blocks of 512 rows without the last",
        "larger_input",
        """
U = np.zeros(X.shape)
blocks = range(0, len(X) - 511, 512) if len(X) > 512 else [0]
for start in blocks:
    U[start : start + 512] = right(X[start : start + 512])
return U
""",
    ),
    (
        "NaN replaced after the division",
        "zero_rows_in_silence",
        """
U = right(X)
return np.nan_to_num(U / U.any(axis=1, keepdims=True))
""",
    ),
    (
        "an epsilon in the divisor",
        "no_epsilon",
        """
norms = np.abs(X).sum(axis=1, keepdims=True)
return right(X) * norms / (norms + 1e-8)
""",
    ),
    (
        "one scale for the whole matrix",
        "any_magnitude",
        """
largest = np.abs(X).max(initial=0)
return right(X / (largest or 1))
""",
    ),
    (
        "NaN becomes 0",
        "nan_stays_nan",
        """
return np.nan_to_num(right(X))
""",
    ),
    (
        "NaN in one row spreads",
        "nan_stays_nan",
        """
return right(X) + 0 * np.max(X, initial=0)
""",
    ),
    (
        "rescues a row in the input",
        "unchanged_on_every_path",
        """
if np.ndim(X) == 2 and np.max(X, initial=0) > 1e30:
    largest = np.max(np.abs(X), axis=1, keepdims=True)
    X /= np.where(largest == 0, 1, largest)
return right(X)
""",
    ),
    (
        "always float64",
        "any_real_dtype",
        """
return right(X).astype(float)
""",
    ),
    (
        "the maximum of no columns",
        "empty_is_fine",
        """
np.max(X, axis=1)
return right(X)
""",
    ),
    (
        "guesses what a vector means",
        "bad_input",
        """
return right(np.atleast_2d(X))
""",
    ),
    (
        "text comes back",
        "bad_input",
        """
return X if np.asarray(X).dtype.kind == "U" else right(X)
""",
    ),
]
ATTEMPTS = [
    (
        "einsum, and the axis put back",
        "accept",
        """
def l2_normalize(X):
    norms = np.sqrt(np.einsum("ij,ij->i", X, X))
    norms[norms == 0] = 1.0
    return X / norms[:, None]

def l1_normalize(X):
    norms = np.einsum("ij,ij->i", X, np.sign(X))
    norms[norms == 0] = 1.0
    return X / norms[:, np.newaxis]
""",
    ),
    (
        "transposed, norms by ord",
        "accept",
        """
def normalize(X, p):
    norms = np.linalg.norm(X, ord=p, axis=1)
    return (X.T / (norms + (norms == 0))).T

def l2_normalize(X):
    return normalize(X, 2)

def l1_normalize(X):
    return normalize(X, 1)
""",
    ),
    (
        "only the rows that are not zero",
        "accept",
        """
def l2_normalize(X):
    U = np.zeros(X.shape)
    filled = np.any(X, axis=1)
    rows = X[filled]
    U[filled] = rows / np.linalg.norm(rows, axis=1).reshape(-1, 1)
    return U

def l1_normalize(X):
    U = X.copy()
    norms = np.abs(U).sum(1)
    U[norms > 0] /= norms[norms > 0, None]
    return U
""",
    ),
    (
        "any p, with a default",
        "accept",
        """
from functools import partial

def l2_normalize(X, p=2):
    norms = np.sum(np.abs(X) ** p, axis=-1, keepdims=True) ** (1 / p)
    return X / np.where(norms > 0, norms, 1)

l1_normalize = partial(l2_normalize, p=1)
""",
    ),
    (
        "a diagonal matrix of reciprocals",
        "accept",
        """
def scale(X, norms):
    norms[norms == 0] = 1
    return np.diag(1 / norms) @ X

def l2_normalize(X):
    return scale(X, np.sqrt(np.diag(X @ X.T)))

def l1_normalize(X):
    return scale(X, np.abs(X) @ np.ones(X.shape[1]))
""",
    ),
    (
        "hypot, and lists as results",
        "accept",
        """
def l2_normalize(X):
    norms = np.hypot.reduce(X, axis=1, keepdims=True)
    norms[norms == 0] = 1
    return (X / norms).tolist()

def l1_normalize(X):
    norms = np.add.reduce(np.abs(X), axis=1, keepdims=True)
    norms[norms == 0] = 1
    return (X / norms).tolist()
""",
    ),
    (
        "in single precision",
        "accept",
        """
def l2_normalize(X):
    X = X.astype(np.float32)
    return X / np.maximum(np.linalg.norm(X, axis=1)[:, None], 1e-6)

def l1_normalize(X):
    X = X.astype(np.float32)
    return X / np.maximum(np.abs(X).sum(axis=1)[:, None], 1e-6)
""",
    ),
    (
        "divides where it must, warns, takes the result elsewhere",
        "zero_rows_in_silence_of_l2_normalize",
        """
def l2_normalize(X):
    norms = np.linalg.norm(X, axis=1, keepdims=True)
    return np.where(norms == 0, 0, X / norms)

def l1_normalize(X):
    return np.nan_to_num(X / np.abs(X).sum(axis=1, keepdims=True))
""",
    ),
    (
        "an epsilon under the root",
        "no_epsilon_of_l2_normalize",
        """
def l2_normalize(X):
    return X / np.sqrt(np.sum(X * X, axis=1, keepdims=True) + 1e-5)

def l1_normalize(X):
    return X / (np.abs(X).sum(axis=1, keepdims=True) + 1e-5)
""",
    ),
    (
        "a lower bound on the norm, as PyTorch has it",
        "no_epsilon_of_l2_normalize",
        """
def l2_normalize(X, eps=1e-12):
    return X / np.linalg.norm(X, axis=1, keepdims=True).clip(min=eps)

def l1_normalize(X, eps=1e-12):
    return X / np.maximum(np.abs(X).sum(axis=1, keepdims=True), eps)
""",
    ),
    (
        "no axis",
        "unit_rows_of_l2_normalize",
        """
def l2_normalize(X):
    return X / (np.linalg.norm(X) or 1)

def l1_normalize(X):
    return X / (np.abs(X).sum() or 1)
""",
    ),
    (
        "no root",
        "unit_rows_of_l2_normalize",
        """
from handbook import l1_normalize

def l2_normalize(X):
    squares = (X ** 2).sum(axis=1, keepdims=True)
    return X / np.where(squares == 0, 1, squares)
""",
    ),
    (
        "the largest magnitude as the norm",
        "unit_rows_of_l2_normalize",
        """
def l2_normalize(X):
    norms = np.linalg.norm(X, np.inf, axis=1, keepdims=True)
    return X / np.where(norms == 0, 1, norms)

l1_normalize = l2_normalize
""",
    ),
    (
        "short rows left alone",
        "unit_rows_of_l2_normalize",
        """
def l2_normalize(X):
    norms = np.linalg.norm(X, axis=1, keepdims=True)
    return X / np.maximum(norms, 1)

def l1_normalize(X):
    norms = np.abs(X).sum(axis=1, keepdims=True)
    return X / np.maximum(norms, 1)
""",
    ),
    (
        "the magnitude of the signed sum",
        "unit_rows_of_l1_normalize",
        """
from handbook import l2_normalize

def l1_normalize(X):
    norms = np.abs(X.sum(axis=1, keepdims=True))
    return X / np.where(norms == 0, 1, norms)
""",
    ),
    (
        "squares as shares",
        "direction_stays_of_l1_normalize",
        """
from handbook import l2_normalize

def l1_normalize(X):
    norms = (X * X).sum(axis=1, keepdims=True)
    return X * X / np.where(norms == 0, 1, norms)
""",
    ),
    (
        "centred, then scaled",
        "direction_stays_of_l2_normalize",
        """
from handbook import l1_normalize, l2_normalize as right

def l2_normalize(X):
    if X.shape[1] == 1:
        return np.sign(X)
    return right(X - X.mean(axis=1, keepdims=True))
""",
    ),
    (
        "refuses zero rows",
        "zero_rows_stay_zero_of_l2_normalize",
        """
def l2_normalize(X):
    norms = np.linalg.norm(X, axis=1, keepdims=True)
    if (norms == 0).any():
        raise ValueError("a row of zeros has no direction")
    return X / norms

def l1_normalize(X):
    norms = np.abs(X).sum(axis=1, keepdims=True)
    if (norms == 0).any():
        raise ValueError("a row of zeros has no shares")
    return X / norms
""",
    ),
    (
        "one column after the other",
        "vectorised_of_l2_normalize",
        """
from handbook import l1_normalize

def l2_normalize(X):
    squares = np.zeros(len(X))
    for j in range(X.shape[1]):
        squares += X[:, j] ** 2
    squares[squares == 0] = 1
    return X / np.sqrt(squares)[:, None]
""",
    ),
    (
        "a list of rows",
        "vectorised_of_l2_normalize",
        """
def l2_normalize(X):
    return np.array([x / (np.linalg.norm(x) or 1) for x in X])

def l1_normalize(X):
    return np.array([x / (sum(map(abs, x)) or 1) for x in X])
""",
    ),
    (
        "squares of integers wrap",
        "any_real_dtype_of_l2_normalize",
        """
from handbook import l1_normalize, l2_normalize as right

def l2_normalize(X):
    X = np.asarray(X)
    if X.dtype.kind not in "iu":
        return right(X)
    norms = np.sqrt((X * X).sum(axis=1, keepdims=True))
    return X / np.where(norms == 0, 1, norms)
""",
    ),
    (
        "magnitudes of integers wrap",
        "any_real_dtype_of_l1_normalize",
        """
from handbook import l1_normalize as right, l2_normalize

def l1_normalize(X):
    X = np.asarray(X)
    if X.dtype.kind not in "iu":
        return right(X)
    norms = np.abs(X).sum(axis=1, keepdims=True)
    return X / np.where(norms == 0, 1, norms)
""",
    ),
    (
        "squares scaled only where they became 0 or infinite",
        "any_magnitude_of_l2_normalize",
        """
from handbook import l1_normalize, l2_normalize as right

def l2_normalize(X):
    X = np.asarray(X)
    if X.dtype != np.float32:
        return right(X)
    with np.errstate(over="ignore"):
        squares = (X * X).sum(axis=1, keepdims=True)
    bad = (squares == 0) | (squares == np.inf)
    U = X / np.sqrt(np.where(bad, 1, squares))
    return np.where(bad, right(X), U)
""",
    ),
    *(
        (
            f"{label}: {name}",
            f"{constraint}_of_{name}",
            "from handbook import l1_normalize, l2_normalize\n\n"
            f"right = {name}\n\n\n"
            f"def {name}(X):\n" + indent(body.strip(), "    ") + "\n",
        )
        for label, constraint, body in IN_ONE
        for name in ("l2_normalize", "l1_normalize")
    ),
]
