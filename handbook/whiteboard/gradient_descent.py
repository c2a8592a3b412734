import numpy as np


def train_epoch(X, y, w, b, lr, batch_size, rng):
    """Take a step for each batch; return w, b and the mean loss."""
    order, losses = rng.permutation(len(X)), []
    for start in range(0, len(X), batch_size):
        batch = order[start : start + batch_size]  # (m,), may be short
        error = X[batch] @ w + b - y[batch]  # (m,)
        losses.append(np.mean(error**2))
        w = w - lr * 2 / len(batch) * (X[batch].T @ error)  # (d,)
        b = b - lr * 2 * error.mean()
    return w, b, np.mean(losses)


def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    """Fit y = Xw + b; return a dict of weights, bias, loss_history."""
    rng = np.random.default_rng(rng)
    w, b, loss_history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        w, b, loss = train_epoch(X, y, w, b, lr, batch_size, rng)
        loss_history.append(float(loss))
    return {"weights": w, "bias": float(b), "loss_history": loss_history}
