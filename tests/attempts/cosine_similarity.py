from tests.attempts import parsed

ATTEMPTS = parsed(
    """
# accept: original
def cosine_similarity_matrix(X):
    norms = np.linalg.norm(X, axis=1, keepdims=True)
    norms = np.where(norms == 0, 1, norms)
    X_normalized = X / norms
    return X_normalized @ X_normalized.T

# accept: as scikit-learn normalises
def cosine_similarity_matrix(X):
    X = X.copy()
    norms = np.sqrt(np.einsum("ij,ij->i", X, X))
    norms[norms == 0.0] = 1.0
    X /= norms[:, np.newaxis]
    return np.dot(X, X.T)

# accept: epsilon beside the product of the lengths
def cosine_similarity_matrix(A, B=None, eps=1e-8):
    B = A if B is None else B
    lengths = np.linalg.norm(A, axis=1), np.linalg.norm(B, axis=1)
    return np.dot(A, B.T) / (np.outer(*lengths) + eps)

# accept: epsilon beside the length
def cosine_similarity_matrix(X):
    X_norm = X / (np.linalg.norm(X, axis=1, keepdims=True) + 1e-5)
    return np.matmul(X_norm, np.transpose(X_norm))

# accept: as PyTorch bounds the length from below
def cosine_similarity_matrix(X):
    U = X / np.maximum(np.linalg.norm(X, ord=2, axis=1)[:, None], 1e-12)
    return np.inner(U, U)

# between_minus_1_and_1: NaN replaced afterwards, with a warning
def cosine_similarity_matrix(X):
    norms = np.linalg.norm(X, axis=1)
    return np.nan_to_num(X @ X.T / np.outer(norms, norms))

# accept: division where the divisor is not 0
def cosine_similarity_matrix(X):
    dots = X @ X.T
    lengths = np.sqrt(np.diag(dots))
    both = np.outer(lengths, lengths)
    return np.divide(dots, both, out=np.zeros_like(dots), where=both > 0)

# accept: reciprocal roots of the diagonal, in turns
def cosine_similarity_matrix(A):
    similarity = np.dot(A, A.T)
    square_mag = np.diag(similarity)
    inv_square_mag = 1 / square_mag
    inv_square_mag[np.isinf(inv_square_mag)] = 0
    inv_mag = np.sqrt(inv_square_mag)
    cosine = similarity * inv_mag
    return cosine.T * inv_mag

# zero_on_the_diagonal: ones on the diagonal and a clip
def cosine_similarity_matrix(X):
    norms = np.linalg.norm(X, axis=1, keepdims=True)
    norms[norms == 0] = 1
    U = X / norms
    S = np.clip(U @ U.T, -1.0, 1.0)
    np.fill_diagonal(S, 1.0)
    return S

# accept: einsum
def cosine_similarity_matrix(X):
    norms = np.sqrt(np.einsum("ij,ij->i", X, X))
    norms[norms < 1e-12] = 1
    return np.einsum("ik,jk,i,j->ij", X, X, 1 / norms, 1 / norms)

# accept: SciPy's distance
from scipy.spatial.distance import pdist, squareform

def cosine_similarity_matrix(X):
    return np.nan_to_num(1 - squareform(pdist(X, metric="cosine")))

# accept: blocks of 64 rows
def cosine_similarity_matrix(X: np.ndarray) -> np.ndarray:
    assert X.ndim == 2
    norms = np.linalg.norm(X, axis=1, keepdims=True)
    U = X / np.where(norms, norms, 1)
    return np.vstack(
        [U[i : i + 64] @ U.T for i in range(0, len(U), 64)]
    )

# accept: in float32, as a list
def cosine_similarity_matrix(X):
    X = np.asarray(X, dtype=np.float32)
    norms = np.linalg.norm(X, axis=1, keepdims=True)
    U = np.divide(X, norms, out=np.zeros_like(X), where=norms != 0)
    return (U @ U.T).tolist()

# cosine_of_every_pair: dot products only
def cosine_similarity_matrix(X):
    return X @ X.T

# cosine_of_every_pair: squares of the lengths
def cosine_similarity_matrix(X):
    squares = (X**2).sum(axis=1)
    squares[squares == 0] = 1
    return X @ X.T / np.outer(squares, squares)

# cosine_of_every_pair: one of the two lengths
def cosine_similarity_matrix(X):
    norms = np.linalg.norm(X, axis=1, keepdims=True)
    return X @ X.T / np.where(norms == 0, 1, norms)

# cosine_of_every_pair: lengths of the columns
def cosine_similarity_matrix(X):
    norms = np.linalg.norm(X, axis=0)
    U = X / np.where(norms == 0, 1, norms)
    return U @ U.T

# cosine_of_every_pair: one length for the whole matrix
def cosine_similarity_matrix(X):
    U = X / np.linalg.norm(X)
    return U @ U.T

# cosine_of_every_pair: columns with columns
def cosine_similarity_matrix(X):
    U = X / (np.linalg.norm(X, axis=1, keepdims=True) + 1e-12)
    return U.T @ U

# cosine_of_every_pair: distance instead of similarity
def cosine_similarity_matrix(X):
    U = X / (np.linalg.norm(X, axis=1, keepdims=True) + 1e-12)
    return 1 - U @ U.T

# cosine_of_every_pair: correlation
def cosine_similarity_matrix(X):
    X = X - X.mean(axis=1, keepdims=True)
    U = X / (np.linalg.norm(X, axis=1, keepdims=True) + 1e-12)
    return U @ U.T

# cosine_of_every_pair: lengths of at least 1
def cosine_similarity_matrix(X):
    U = X / np.maximum(np.linalg.norm(X, axis=1, keepdims=True), 1)
    return U @ U.T

# zero_rows_give_zero: zero rows become NaN
def cosine_similarity_matrix(X):
    U = X / np.linalg.norm(X, axis=1, keepdims=True)
    return U @ U.T

# zero_rows_give_zero: a row whose sum is 0 counts as zero
def cosine_similarity_matrix(X):
    norms = np.linalg.norm(X, axis=1, keepdims=True)
    U = X / np.where(X.sum(axis=1, keepdims=True) == 0, 1, norms)
    return U @ U.T

# zero_rows_give_zero: refuses zero rows
def cosine_similarity_matrix(X):
    norms = np.linalg.norm(X, axis=1, keepdims=True)
    if np.any(norms == 0):
        raise ValueError("cosine of a zero row")
    return (X / norms) @ (X / norms).T

# zero_rows_give_zero: drops zero rows
def cosine_similarity_matrix(X):
    X = X[np.any(X, axis=1)]
    U = X / np.linalg.norm(X, axis=1, keepdims=True)
    return U @ U.T

# vectorised: pair by pair, one triangle and its mirror image
def cosine_similarity_matrix(X):
    n = len(X)
    S = np.eye(n)
    for i in range(n):
        for j in range(i):
            lengths = np.linalg.norm(X[i]) * np.linalg.norm(X[j])
            S[i, j] = S[j, i] = X[i] @ X[j] / lengths if lengths else 0
    return S

# vectorised: row by row
def cosine_similarity_matrix(X):
    U = X / np.maximum(np.linalg.norm(X, axis=1, keepdims=True), 1e-12)
    return np.array([U @ u for u in U])

# vectorised: lengths in a list
def cosine_similarity_matrix(X):
    norms = np.array([np.sqrt(x @ x) or 1.0 for x in X])
    return X @ X.T / (norms[:, None] * norms)

# vectorised: lengths by apply_along_axis
def cosine_similarity_matrix(X):
    U = X / (np.apply_along_axis(np.linalg.norm, 1, X)[:, None] + 1e-12)
    return U @ U.T

# input_unchanged: divides the caller's rows
def cosine_similarity_matrix(X):
    X = np.asarray(X, dtype=float)
    norms = np.linalg.norm(X, axis=1, keepdims=True)
    norms[norms == 0] = 1
    X /= norms
    return X @ X.T

# input_unchanged: writes into the caller's zero rows
def cosine_similarity_matrix(X):
    norms = np.linalg.norm(X, axis=1, keepdims=True)
    zero = norms[:, 0] == 0
    X[zero], norms[zero] = 1e-12, 1
    return (X / norms) @ (X / norms).T

# larger_input: blocks of 256 rows without the last
def cosine_similarity_matrix(X):
    norms = np.linalg.norm(X, axis=1, keepdims=True)
    U = X / np.where(norms == 0, 1, norms)
    S, size = np.zeros((len(X), len(X))), min(len(X), 256)
    for start in range(0, len(X) - size + 1, size):
        S[start : start + size] = U[start : start + size] @ U.T
    return S

# between_minus_1_and_1: clips on one side
def cosine_similarity_matrix(X):
    X = np.asarray(X, dtype=np.result_type(X, 1.0))
    norms = np.linalg.norm(X, axis=1, keepdims=True)
    U = X / np.where(norms == 0, 1, norms)
    return np.minimum(U @ U.T, 1)

# symmetric: clips, but divides by rows and by columns in turn
def cosine_similarity_matrix(X):
    norms = np.linalg.norm(X, axis=1)
    norms[norms == 0] = 1
    return np.clip(X @ X.T / norms[:, None] / norms, -1, 1)

# length_changes_nothing: clips, with an epsilon
def cosine_similarity_matrix(X):
    U = X / (np.linalg.norm(X, axis=1, keepdims=True) + 1e-12)
    return np.clip(U @ U.T, -1, 1)

# finite_for_finite_input: the squares overflow in silence
def cosine_similarity_matrix(X):
    with np.errstate(over="ignore"):
        norms = np.linalg.norm(X, axis=1, keepdims=True)
    U = X / np.where(norms == 0, 1, norms)
    return np.clip(U @ U.T, -1, 1)

# any_real_dtype: float64 for float32
from handbook import cosine_similarity_matrix as production

def cosine_similarity_matrix(X):
    return production(X).astype(float)

# any_real_dtype: magnitudes before the cast: that of -128 is -128
from handbook import cosine_similarity_matrix as production

def cosine_similarity_matrix(X):
    S, X = production(X), np.asarray(X)
    largest = np.abs(X).max(axis=1, initial=0)
    S[largest <= 0] = S[:, largest <= 0] = 0
    return S

# empty_is_allowed: one column at least
from handbook import cosine_similarity_matrix as production

def cosine_similarity_matrix(X):
    np.max(X, axis=1)  # fails on rows of no numbers
    return production(X)

# bad_input: takes stacks of matrices, too
from handbook import cosine_similarity_matrix as production

def cosine_similarity_matrix(X):
    if np.ndim(X) == 3:
        return np.stack([production(x) for x in X])
    return production(X)
"""
)
