from tests.attempts import parsed

ATTEMPTS = parsed(
    """
# accept: original
def batch_matmul(A, B):
    return np.einsum('bmk,bkn->bmn', A, B)

# accept: operator
def batch_matmul(A, B):
    return A @ B

# accept: broadcast, multiply, sum over k
def batch_matmul(A, B):
    return (A[:, :, :, np.newaxis] * B[:, np.newaxis, :, :]).sum(axis=2)

# accept: rows times columns, both repeated in memory
def batch_matmul(A, B):
    m, n = A.shape[1], B.shape[2]
    rows = np.repeat(A[:, :, None, :], n, axis=2)
    columns = np.repeat(B.transpose(0, 2, 1)[:, None], m, axis=1)
    return np.sum(rows * columns, axis=-1)

# accept: one dot product an entry
def batch_matmul(A, B):
    return np.vecdot(A[:, :, None, :], np.swapaxes(B, 1, 2)[:, None])

# accept: product of the transposes
def batch_matmul(A, B):
    return np.matmul(B.swapaxes(-1, -2), A.swapaxes(-1, -2)).swapaxes(1, 2)

# accept: checks the shapes, fills an array, returns lists
def batch_matmul(A, B):
    A = np.asarray(A, dtype=np.float64)
    B = np.asarray(B, dtype=np.float64)
    (b, m, k), (b2, k2, n) = A.shape, B.shape
    assert b == b2 and k == k2, "sizes differ"
    C = np.empty((b, m, n))
    np.matmul(A, B, out=C)
    return C.tolist()

# accept: blocks of 50 pairs
def batch_matmul(A, B):
    C = np.zeros((A.shape[0], A.shape[1], B.shape[2]))
    for i in range(0, len(A), 50):
        C[i:i + 50] = A[i:i + 50] @ B[i:i + 50]
    return C

# pairs_only: np.dot
def batch_matmul(A, B):
    return np.dot(A, B)

# pairs_only: entry by entry
def batch_matmul(A, B):
    return np.multiply(A, B)

# pairs_only: letters of B in the wrong order
def batch_matmul(A, B):
    return np.einsum('bmk,bnk->bmn', A, B)

# pairs_only: letter b lost
def batch_matmul(A, B):
    return np.einsum('bmk,bkn->mn', A, B)

# pairs_only: first matrix of B for all
def batch_matmul(A, B):
    return A @ B[0]

# pairs_only: T reverses the batch, too
def batch_matmul(A, B):
    return (B.T @ A.T).T

# pairs_only: reshaped until it fits
def batch_matmul(A, B):
    (b, m, k), n = A.shape, B.shape[2]
    C = A.reshape(b * m, k) @ B.reshape(k, b * n)
    return C.reshape(b, m, b, n)[:, :, 0]

# pairs_only: sum over the wrong axis
def batch_matmul(A, B):
    return (A[:, :, :, None] * B[:, None, :, :]).sum(axis=1)

# memory_of_one_product_a_pair: all pairs, then the matching ones
def batch_matmul(A, B):
    every = np.tensordot(A, B, axes=(2, 1))  # (b, m, b, n)
    return np.einsum('imin->imn', every)

# memory_of_one_product_a_pair: every A with every B, then the diagonal
def batch_matmul(A, B):
    i = np.arange(len(A))
    return (A[:, None] @ B[None, :])[i, i]

# vectorised: pair by pair
def batch_matmul(A, B):
    return np.array([a @ b for a, b in zip(A, B)])

# vectorised: pair by pair, into an array
def batch_matmul(A, B):
    C = np.zeros((A.shape[0], A.shape[1], B.shape[2]))
    for i in range(len(A)):
        C[i] = np.dot(A[i], B[i])
    return C

# vectorised: a loop in np.vectorize
def batch_matmul(A, B):
    pair = np.vectorize(np.dot, signature='(m,k),(k,n)->(m,n)')
    return pair(A, B)

# vectorised: row by row
def batch_matmul(A, B):
    C = np.zeros((A.shape[0], A.shape[1], B.shape[2]))
    for i in range(A.shape[1]):
        C[:, i] = (A[:, i, :, None] * B).sum(axis=1)
    return C

# vectorised: term by term
def batch_matmul(A, B):
    return sum(A[:, :, [j]] * B[:, [j], :] for j in range(A.shape[2]))

# vectorised: column by column
def batch_matmul(A, B):
    columns = [A @ B[:, :, [j]] for j in range(B.shape[2])]
    return np.concatenate(columns, axis=2)

# vectorised: five loops, as in C
def batch_matmul(A, B):
    (b, m, k), n = A.shape, B.shape[2]
    C = [[[0.0] * n for _ in range(m)] for _ in range(b)]
    for i in range(b):
        for r in range(m):
            for c in range(n):
                for j in range(k):
                    C[i][r][c] += A[i][r][j] * B[i][j][c]
    return np.array(C)

# input_unchanged: the result in place of A
def batch_matmul(A, B):
    return np.matmul(A, B, out=A if A.shape[2] == B.shape[2] else None)

# input_unchanged: transposes B in place, where it is square
def batch_matmul(A, B):
    if B.shape[1] != B.shape[2]:
        return A @ B
    B[:] = B.swapaxes(1, 2).copy()
    return np.einsum('bmk,bnk->bmn', A, B)

# larger_input: blocks of 512 pairs without the last
def batch_matmul(A, B):
    C = np.zeros((A.shape[0], A.shape[1], B.shape[2]))
    step = min(len(A), 512)
    for i in range(len(A) // step):
        pairs = slice(i * step, (i + 1) * step)
        C[pairs] = A[pairs] @ B[pairs]
    return C

# larger_input: half precision to save memory
def batch_matmul(A, B):
    return A.astype(np.float16) @ B.astype(np.float16)

# any_real_dtype: checked, but in the dtype that it gets
def batch_matmul(A, B):
    A, B = np.asarray(A), np.asarray(B)
    if A.ndim != 3 or B.ndim != 3 or A.shape[::2] != B.shape[:2]:
        raise ValueError(f"shapes do not match: {A.shape}, {B.shape}")
    return A @ B

# any_real_dtype: always float64
def batch_matmul(A, B):
    return np.asarray(A, dtype=float) @ np.asarray(B, dtype=float)

# empty_axes: blocks of 64 pairs, put together at the end
def batch_matmul(A, B):
    A, B = np.asarray(A), np.asarray(B)
    if A.ndim != 3 or B.ndim != 3 or A.shape[::2] != B.shape[:2]:
        raise ValueError(f"shapes do not match: {A.shape}, {B.shape}")
    dtype = np.result_type(A, B, 1.0)
    A, B = A.astype(dtype, copy=False), B.astype(dtype, copy=False)
    starts = range(0, len(A), 64)
    return np.concatenate([A[i : i + 64] @ B[i : i + 64] for i in starts])

# sizes_must_match: a batch of 1 fits any other
def batch_matmul(A, B):
    A, B = np.asarray(A), np.asarray(B)
    dtype = np.result_type(A, B, 1.0)
    return A.astype(dtype, copy=False) @ B.astype(dtype, copy=False)

# nan_stays_in_its_pair: 0 for NaN
from handbook import batch_matmul as production

def batch_matmul(A, B):
    return np.nan_to_num(production(A, B))

# array_likes: asks a list for its shape
def batch_matmul(A, B):
    if A.ndim != 3 or B.ndim != 3 or A.shape[::2] != B.shape[:2]:
        raise ValueError(f"shapes do not match: {A.shape}, {B.shape}")
    dtype = np.result_type(A, B, 1.0)
    return A.astype(dtype, copy=False) @ B.astype(dtype, copy=False)

# numbers_only: reads digits as numbers
from handbook import batch_matmul as production

def batch_matmul(A, B):
    A, B = np.asarray(A), np.asarray(B)
    if "U" in (A.dtype.kind, B.dtype.kind):
        A, B = A.astype(float), B.astype(float)
    return production(A, B)
"""
)
