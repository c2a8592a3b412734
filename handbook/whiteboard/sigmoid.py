import numpy as np


def sigmoid(z):
    """Map real numbers to (0, 1) without overflow."""
    e = np.exp(-np.abs(z))  # in [0, 1]: cannot overflow
    return np.where(z >= 0, 1, e) / (1 + e)


def sigmoid_derivative(z):
    """Return the slope of the sigmoid."""
    return sigmoid(z) * sigmoid(-z)


def binary_cross_entropy(y_true, logits):
    """Average the cross-entropy of binary targets, from logits."""
    softplus = np.maximum(logits, 0) + np.log1p(np.exp(-np.abs(logits)))
    return np.mean(softplus - logits * y_true)
