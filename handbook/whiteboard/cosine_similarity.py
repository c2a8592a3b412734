import numpy as np


def cosine_similarity_matrix(X):
    """Return the cosine of the angle between every two rows."""
    norms = np.linalg.norm(X, axis=1, keepdims=True)  # (n, 1)
    U = X / np.where(norms == 0, 1, norms)  # unit rows; zero rows stay 0
    return U @ U.T  # (n, d) @ (d, n)
