import numpy as np


def predict_proba(X, weights, bias):
    """Return P(y = 1) for each row of X, shape (n,)."""
    z = X @ weights + bias  # (n,)
    e = np.exp(-np.abs(z))  # in [0, 1]: cannot overflow
    return np.where(z >= 0, 1, e) / (1 + e)


def fit_logistic(X, y, lr=0.1, steps=1000, l2=0.0):
    """Return weights, shape (d,), and bias after `steps` full updates."""
    n, d = X.shape
    weights, bias = np.zeros(d), 0.0
    for _ in range(steps):
        error = predict_proba(X, weights, bias) - y  # (n,)
        weights -= lr * (X.T @ error / n + l2 * weights)  # (d,)
        bias -= lr * error.mean()
    return weights, float(bias)
