def batch_matmul(A, B):
    """Multiply two stacks of matrices pair by pair."""
    return A @ B  # (b, m, k) @ (b, k, n): the first axis is the batch
