ATTEMPTS = [
    (
        "original: no rng argument, global generator",
        "accept",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32):
    n, d = X.shape
    w = np.zeros(d)
    b = 0.0
    loss_history = []
    for epoch in range(epochs):
        indices = np.random.permutation(n)
        X_shuffled, y_shuffled = X[indices], y[indices]
        epoch_loss, num_batches = 0.0, 0
        for start in range(0, n, batch_size):
            end = min(start + batch_size, n)
            X_batch, y_batch = X_shuffled[start:end], y_shuffled[start:end]
            m = len(y_batch)
            error = X_batch @ w + b - y_batch
            epoch_loss += np.mean(error ** 2)
            num_batches += 1
            w -= lr * (2 / m) * (X_batch.T @ error)
            b -= lr * (2 / m) * np.sum(error)
        loss_history.append(epoch_loss / num_batches)
    return {'weights': w, 'bias': b, 'loss_history': loss_history}
""",
    ),
    (
        "half the squared error: gradient without the factor 2",
        "accept",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        order, losses = rng.permutation(len(X)), []
        for start in range(0, len(X), batch_size):
            i = order[start:start + batch_size]
            e = X[i] @ w + b - y[i]
            losses.append((e ** 2).mean() / 2)
            w = w - lr * X[i].T @ e / len(i)
            b = b - lr * e.mean()
        history.append(np.mean(losses))
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "random start, batches by a generator, loss of the whole data",
        "accept",
        """
def iterate_minibatches(X, y, batch_size):
    indices = np.arange(len(X))
    np.random.shuffle(indices)
    for i in range(0, len(X), batch_size):
        excerpt = indices[i:i + batch_size]
        yield X[excerpt], y[excerpt]

def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    np.random.seed(rng)
    w = np.random.randn(X.shape[1])
    b = np.random.randn()
    history = np.zeros(epochs)
    for epoch in range(epochs):
        for X_mini, y_mini in iterate_minibatches(X, y, batch_size):
            y_hat = np.dot(X_mini, w) + b
            dw = -2 * np.dot(y_mini - y_hat, X_mini) / X_mini.shape[0]
            db = -2 * np.mean(y_mini - y_hat)
            w, b = w - lr * dw, b - lr * db
        history[epoch] = ((X @ w + b - y) ** 2).mean()
    return {"weights": w, "bias": b, "loss_history": history}
""",
    ),
    (
        "a column of ones, rows and targets shuffled in one array",
        "accept",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    data = np.c_[np.ones(len(X)), X, y]
    theta = np.zeros(X.shape[1] + 1)
    loss_history = []
    for _ in range(epochs):
        rng.shuffle(data)
        total = 0
        cuts = np.arange(batch_size, len(data), batch_size)
        for batch in np.split(data, cuts):
            Xb, yb = batch[:, :-1], batch[:, -1]
            error = Xb.dot(theta) - yb
            total += np.sum(error ** 2)
            theta -= lr * 2 * Xb.T.dot(error) / len(batch)
        loss_history.append(total / len(data))
    return {"weights": theta[1:], "bias": theta[0],
            "loss_history": loss_history}
""",
    ),
    (
        "columns: y (n, 1), w (d, 1), b (1,), one half in the loss",
        "accept",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, seed=42):
    rng = np.random.RandomState(seed)
    n, d = X.shape
    y = y.reshape(-1, 1)
    w, b = rng.randn(d, 1) * 0.01, np.zeros(1)
    loss_history = []
    for _ in range(epochs):
        order = rng.permutation(n)
        cost = 0
        for k in range(int(np.ceil(n / batch_size))):
            rows = order[k * batch_size:(k + 1) * batch_size]
            m = len(rows)
            error = X[rows].dot(w) + b - y[rows]
            cost += 1 / (2 * m) * np.dot(error.T, error)  # (1, 1)
            w -= lr * (1 / m) * X[rows].T.dot(error)
            b -= lr * (1 / m) * error.sum(axis=0)
        loss_history.append(cost)
    return {"weights": w.ravel(), "bias": b, "loss_history": loss_history}
""",
    ),
    (
        "rng is a Generator, nearly equal batches by array_split",
        "accept",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, *, rng=None):
    rng = rng or np.random.default_rng()
    n, d = X.shape
    w, b, loss_history = np.zeros(d), 0.0, []
    for _ in range(epochs):
        batches = np.array_split(rng.permutation(n), -(-n // batch_size))
        losses = []
        for i in batches:
            e = np.einsum("ij,j->i", X[i], w) + b - y[i]
            losses.append(e @ e / len(i))
            w = w - lr * 2 * np.einsum("ij,i->j", X[i], e) / len(i)
            b = b - lr * 2 * e.sum() / len(i)
        loss_history.append(np.mean(losses))
    return {"weights": w, "bias": b, "loss_history": loss_history}
""",
    ),
    (
        "Python's random.shuffle, loss summed and after the step",
        "accept",
        """
import random

def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, **kwargs):
    n, d = X.shape
    w, b = np.random.normal(0, 0.1, d), 0.0
    indices = list(range(n))
    loss_history = []
    for _ in range(epochs):
        random.shuffle(indices)
        epoch_loss = 0
        for start in range(0, n, batch_size):
            rows = indices[start:start + batch_size]
            Xb, yb = X[rows, :], y[rows]
            residual = yb - (Xb * w).sum(axis=1) - b
            w = w + lr * 2 * (Xb * residual[:, None]).mean(axis=0)
            b = b + lr * 2 * residual.mean()
            epoch_loss += np.mean((Xb @ w + b - yb) ** 2)
        loss_history.append(epoch_loss)
    return {"weights": w.tolist(), "bias": b, "loss_history": loss_history}
""",
    ),
    (
        "an order by sorting, a class, the remainder first, a partial",
        "accept",
        """
import functools

class LinearRegression:
    def __init__(self, d):
        self.params = {"weights": np.zeros((d,)), "bias": np.zeros(())}

    def loss(self, X, y):
        return np.square(self.predict(X) - y).mean()

    def predict(self, X):
        return X @ self.params["weights"] + self.params["bias"]

    def gradient(self, X, y):
        error = 2 * (self.predict(X) - y) / y.size
        return {"weights": error @ X, "bias": error.sum()}

def fit(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    model, loss_history = LinearRegression(X.shape[1]), []
    for _ in range(epochs):
        order = np.argsort(rng.random(len(X)))
        losses = []
        for end in range(len(X) % batch_size or batch_size, len(X) + 1,
                         batch_size):
            batch = order[max(end - batch_size, 0):end]
            losses.append(model.loss(X[batch], y[batch]))
            for key, g in model.gradient(X[batch], y[batch]).items():
                model.params[key] = model.params[key] - lr * g
        loss_history.append(np.mean(losses))
    return model.params | {"loss_history": loss_history}

mini_batch_gd = functools.partial(fit)
""",
    ),
    (
        "shuffles its own copies again and again, in float32",
        "accept",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    X, y = X.astype(np.float32), y.astype(np.float32)
    w, b, history = np.zeros(X.shape[1], np.float32), np.float32(0), []
    for _ in range(epochs):
        p = rng.permutation(len(X))
        X, y = X[p], y[p]
        losses, start = [], 0
        while start < len(X):
            Xb = X[start:start + batch_size]
            yb = y[start:start + batch_size]
            e = Xb @ w + b - yb
            losses.append(np.mean(e ** 2))
            w, b = w - lr * 2 / len(e) * e @ Xb, b - lr * 2 * e.mean()
            start += batch_size
        history.append(np.mean(losses))
    return dict(weights=w, bias=b, loss_history=history)
""",
    ),
    (
        "two shuffles from one state of the generator",
        "accept",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    n, d = X.shape
    X, y = X.copy(), y.copy()
    w, b, history = np.zeros(d), 0.0, []
    for epoch in range(epochs):
        np.random.seed(epoch)
        np.random.shuffle(X)
        np.random.seed(epoch)
        np.random.shuffle(y)
        losses = []
        for i in range(0, n, batch_size):
            e = y[i:i + batch_size] - (X[i:i + batch_size] @ w + b)
            w += lr * 2 * X[i:i + batch_size].T @ e / e.size
            b += lr * 2 * np.average(e)
            losses.append(np.average(e ** 2))
        history.append(np.average(losses))
    return {"weights": w, "bias": b, "loss_history": history}
""",
    ),
    (
        "a generator is required, batches by masks",
        "accept",
        """
def mini_batch_gd(X, y, lr, epochs, batch_size, rng):
    n, d = X.shape
    k = -(-n // batch_size)
    w, b, losses = np.full(d, 0.5), 0.5, np.empty((epochs, k))
    for epoch in range(epochs):
        part = rng.permutation(np.arange(n) % k)
        for j in range(k):
            A, t = X[part == j], y[part == j]
            e = np.inner(A, w) + b - t
            losses[epoch, j] = np.inner(e, e) / len(e)
            g = 2 / len(e) * np.vstack([A.T, np.ones(len(e))]) @ e
            w, b = w - lr * g[:-1], b - lr * g[-1]
    return {"weights": w, "bias": b, "loss_history": losses.mean(axis=1)}
""",
    ),
    (
        "climbs",
        "steps_against_the_gradient",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        order, losses = rng.permutation(len(X)), []
        for start in range(0, len(X), batch_size):
            i = order[start:start + batch_size]
            e = y[i] - (X[i] @ w + b)
            losses.append((e ** 2).mean())
            w = w - lr * 2 * X[i].T @ e / len(i)
            b = b - lr * 2 * e.mean()
        history.append(np.mean(losses))
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "the bias sees the new weights",
        "steps_against_the_gradient",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        order, losses = rng.permutation(len(X)), []
        for start in range(0, len(X), batch_size):
            i = order[start:start + batch_size]
            losses.append(np.mean((X[i] @ w + b - y[i]) ** 2))
            w = w - lr * 2 * X[i].T @ (X[i] @ w + b - y[i]) / len(i)
            b = b - lr * 2 * np.mean(X[i] @ w + b - y[i])
        history.append(np.mean(losses))
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "the bias never moves",
        "steps_against_the_gradient",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        order, losses = rng.permutation(len(X)), []
        for start in range(0, len(X), batch_size):
            i = order[start:start + batch_size]
            e = X[i] @ w + b - y[i]
            losses.append((e ** 2).mean())
            w = w - lr * 2 * X[i].T @ e / len(i)
        history.append(np.mean(losses))
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "the bias step is a sum, that of the weights a mean",
        "steps_against_the_gradient",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        order, losses = rng.permutation(len(X)), []
        for start in range(0, len(X), batch_size):
            i = order[start:start + batch_size]
            e = X[i] @ w + b - y[i]
            losses.append((e ** 2).mean())
            w = w - lr * 2 * X[i].T @ e / len(i)
            b = b - lr * 2 * e.sum()
        history.append(np.mean(losses))
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "weights of shape (d, 1)",
        "steps_against_the_gradient",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32):
    w, b, history = np.zeros((X.shape[1], 1)), 0.0, []
    for _ in range(epochs):
        order, losses = np.random.permutation(len(X)), []
        for start in range(0, len(X), batch_size):
            i = order[start:start + batch_size]
            e = X[i] @ w + b - y[i].reshape(-1, 1)
            losses.append((e ** 2).mean())
            w = w - lr * 2 * X[i].T @ e / len(i)
            b = b - lr * 2 * e.mean()
        history.append(np.mean(losses))
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "other names for the arguments",
        "steps_against_the_gradient",
        """
from handbook import mini_batch_gd as production

def mini_batch_gd(X, y, alpha=0.01, n_iter=100, batch_size=32, rng=None):
    return production(X, y, alpha, n_iter, batch_size, rng)
""",
    ),
    (
        "a tuple",
        "steps_against_the_gradient",
        """
from handbook import mini_batch_gd as production

def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    return (*production(X, y, lr, epochs, batch_size, rng).values(),)
""",
    ),
    (
        "shuffles X and y separately",
        "fits_a_line",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        X, y, losses = rng.permutation(X), rng.permutation(y), []
        for start in range(0, len(X), batch_size):
            i = slice(start, start + batch_size)
            e = X[i] @ w + b - y[i]
            losses.append((e ** 2).mean())
            w = w - lr * 2 * X[i].T @ e / len(e)
            b = b - lr * 2 * e.mean()
        history.append(np.mean(losses))
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "(m, 1) minus (m,)",
        "fits_a_line",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    w, b, history = np.zeros((X.shape[1], 1)), 0.0, []
    for _ in range(epochs):
        order, losses = rng.permutation(len(X)), []
        for start in range(0, len(X), batch_size):
            i = order[start:start + batch_size]
            e = X[i] @ w + b - y[i]
            losses.append((e ** 2).mean())
            w = w - lr * 2 * X[i].T @ e / len(i)
            b = b - lr * 2 * e.mean()
        history.append(np.mean(losses))
    return {'weights': w[:, 0], 'bias': b, 'loss_history': history}
""",
    ),
    (
        "a loss for each batch",
        "fits_a_line",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            i = order[start:start + batch_size]
            e = X[i] @ w + b - y[i]
            history.append((e ** 2).mean())
            w = w - lr * 2 * X[i].T @ e / len(i)
            b = b - lr * 2 * e.mean()
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "the sum of the losses never begins anew",
        "fits_a_line",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    w, b, history, total = np.zeros(X.shape[1]), 0.0, [], 0.0
    for _ in range(epochs):
        order, batches = rng.permutation(len(X)), 0
        for start in range(0, len(X), batch_size):
            i = order[start:start + batch_size]
            e = X[i] @ w + b - y[i]
            total += (e ** 2).mean()
            batches += 1
            w = w - lr * 2 * X[i].T @ e / len(i)
            b = b - lr * 2 * e.mean()
        history.append(total / batches)
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "stops after five epochs",
        "fits_a_line",
        """
from handbook import mini_batch_gd as production

def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    fit = production(X, y, lr, min(epochs, 5), batch_size, rng)
    losses = fit["loss_history"]
    return fit | {"loss_history": losses + losses[-1:] * (epochs - 5)}
""",
    ),
    (
        "drops the last batch",
        "every_sample_once_an_epoch",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        order, loss = rng.permutation(len(X)), 0.0
        for k in range(len(X) // batch_size):
            i = order[k * batch_size:(k + 1) * batch_size]
            e = X[i] @ w + b - y[i]
            loss += (e ** 2).mean()
            w = w - lr * 2 * X[i].T @ e / batch_size
            b = b - lr * 2 * e.mean()
        history.append(loss / max(1, len(X) // batch_size))
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "draws every batch anew",
        "every_sample_once_an_epoch",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    n = len(X)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        losses = []
        for _ in range(0, n, batch_size):
            i = rng.choice(n, min(n, batch_size), replace=False)
            e = X[i] @ w + b - y[i]
            losses.append((e ** 2).mean())
            w = w - lr * 2 * X[i].T @ e / len(i)
            b = b - lr * 2 * e.mean()
        history.append(np.mean(losses))
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "one batch an epoch",
        "every_sample_once_an_epoch",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        i = rng.permutation(len(X))[:batch_size]
        e = X[i] @ w + b - y[i]
        history.append((e ** 2).mean())
        w = w - lr * 2 * X[i].T @ e / len(i)
        b = b - lr * 2 * e.mean()
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "fills the last batch up",
        "every_sample_once_an_epoch",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    n = len(X)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        order, losses = rng.permutation(n), []
        for start in range(0, n, batch_size):
            i = order[np.arange(start, start + batch_size) % n]
            e = X[i] @ w + b - y[i]
            losses.append((e ** 2).mean())
            w = w - lr * 2 * X[i].T @ e / batch_size
            b = b - lr * 2 * e.mean()
        history.append(np.mean(losses))
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "the last batch overlaps the one before",
        "every_sample_once_an_epoch",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    n = len(X)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        order, losses = rng.permutation(n), []
        for start in range(0, n, batch_size):
            i = order[min(start, max(0, n - batch_size)):][:batch_size]
            e = X[i] @ w + b - y[i]
            losses.append((e ** 2).mean())
            w = w - lr * 2 * X[i].T @ e / len(i)
            b = b - lr * 2 * e.mean()
        history.append(np.mean(losses))
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "last batch divided by batch_size",
        "last_batch_by_its_own_size",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        order, losses = rng.permutation(len(X)), []
        for start in range(0, len(X), batch_size):
            i = order[start:start + batch_size]
            e = X[i] @ w + b - y[i]
            losses.append((e ** 2).mean())
            w = w - lr * 2 * X[i].T @ e / batch_size
            b = b - lr * 2 * e.sum() / batch_size
        history.append(np.mean(losses))
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "only the bias divides by batch_size",
        "last_batch_by_its_own_size",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        order, losses = rng.permutation(len(X)), []
        for start in range(0, len(X), batch_size):
            i = order[start:start + batch_size]
            e = X[i] @ w + b - y[i]
            losses.append((e ** 2).mean())
            w = w - lr * 2 * X[i].T @ e / len(i)
            b = b - lr * 2 * e.sum() / batch_size
        history.append(np.mean(losses))
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "divides by the number of all samples",
        "last_batch_by_its_own_size",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    n, d = X.shape
    w, b, history = np.zeros(d), 0.0, []
    for _ in range(epochs):
        order, losses = rng.permutation(n), []
        for start in range(0, n, batch_size):
            i = order[start:start + batch_size]
            e = X[i] @ w + b - y[i]
            losses.append((e ** 2).mean())
            w = w - lr * 1 / n * X[i].T @ e
            b = b - lr * 1 / n * e.sum()
        history.append(np.mean(losses))
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "divides twice by the length of the batch",
        "last_batch_by_its_own_size",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        order, losses = rng.permutation(len(X)), []
        for start in range(0, len(X), batch_size):
            i = order[start:start + batch_size]
            e = (X[i] @ w + b - y[i]) / len(i)
            losses.append((e ** 2).mean())
            w = w - lr * 2 * X[i].T @ e / len(i)
            b = b - lr * 2 * e.mean()
        history.append(np.mean(losses))
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "sums the gradient",
        "last_batch_by_its_own_size",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        order, losses = rng.permutation(len(X)), []
        for start in range(0, len(X), batch_size):
            i = order[start:start + batch_size]
            e = X[i] @ w + b - y[i]
            losses.append((e ** 2).mean())
            w = w - lr * 2 * X[i].T @ e
            b = b - lr * 2 * e.sum()
        history.append(np.mean(losses))
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "all samples in one batch",
        "last_batch_by_its_own_size",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        e = X @ w + b - y
        history.append((e ** 2).mean())
        w = w - lr * 2 * X.T @ e / len(X)
        b = b - lr * 2 * e.mean()
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "one batch too few, each too long",
        "last_batch_by_its_own_size",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    n, d = X.shape
    w, b, history = np.zeros(d), 0.0, []
    for _ in range(epochs):
        losses = []
        pieces = max(1, n // batch_size)
        for i in np.array_split(rng.permutation(n), pieces):
            e = X[i] @ w + b - y[i]
            losses.append((e ** 2).mean())
            w = w - lr * 2 * X[i].T @ e / len(i)
            b = b - lr * 2 * e.mean()
        history.append(np.mean(losses))
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "never shuffles",
        "new_order_every_epoch",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        losses = []
        for start in range(0, len(X), batch_size):
            Xb = X[start:start + batch_size]
            yb = y[start:start + batch_size]
            e = Xb @ w + b - yb
            losses.append((e ** 2).mean())
            w = w - lr * 2 * Xb.T @ e / len(e)
            b = b - lr * 2 * e.mean()
        history.append(np.mean(losses))
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "shuffles once, before the epochs",
        "new_order_every_epoch",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32):
    order = np.random.permutation(len(X))
    X, y = X[order], y[order]
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        losses = []
        for start in range(0, len(X), batch_size):
            Xb = X[start:start + batch_size]
            yb = y[start:start + batch_size]
            e = Xb @ w + b - yb
            losses.append((e ** 2).mean())
            w = w - lr * 2 * Xb.T @ e / len(e)
            b = b - lr * 2 * e.mean()
        history.append(np.mean(losses))
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "seeds in the loop",
        "new_order_every_epoch",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        order = np.random.default_rng(rng).permutation(len(X))
        losses = []
        for start in range(0, len(X), batch_size):
            i = order[start:start + batch_size]
            e = X[i] @ w + b - y[i]
            losses.append((e ** 2).mean())
            w = w - lr * 2 * X[i].T @ e / len(i)
            b = b - lr * 2 * e.mean()
        history.append(np.mean(losses))
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "shuffles the batches, not the samples",
        "new_order_every_epoch",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    starts = np.arange(0, len(X), batch_size)
    for _ in range(epochs):
        losses = []
        for start in rng.permutation(starts):
            Xb = X[start:start + batch_size]
            yb = y[start:start + batch_size]
            e = Xb @ w + b - yb
            losses.append((e ** 2).mean())
            w = w - lr * 2 * Xb.T @ e / len(e)
            b = b - lr * 2 * e.mean()
        history.append(np.mean(losses))
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "shuffles at the end of an epoch",
        "new_order_every_epoch",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    order = np.arange(len(X))
    for _ in range(epochs):
        losses = []
        for start in range(0, len(X), batch_size):
            i = order[start:start + batch_size]
            e = X[i] @ w + b - y[i]
            losses.append((e ** 2).mean())
            w = w - lr * 2 * X[i].T @ e / len(i)
            b = b - lr * 2 * e.mean()
        history.append(np.mean(losses))
        rng.shuffle(order)
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "sample by sample within a batch",
        "vectorised",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        order, losses = rng.permutation(len(X)), []
        for start in range(0, len(X), batch_size):
            batch = order[start:start + batch_size]
            dw, db, loss = np.zeros_like(w), 0.0, 0.0
            for i in batch:
                e = X[i] @ w + b - y[i]
                dw, db, loss = dw + 2 * e * X[i], db + 2 * e, loss + e ** 2
            w = w - lr * dw / len(batch)
            b = b - lr * db / len(batch)
            losses.append(loss / len(batch))
        history.append(np.mean(losses))
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "gathers the rows one by one",
        "vectorised",
        """
import random

def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    pairs = list(zip(X, y))
    for _ in range(epochs):
        random.shuffle(pairs)
        losses = []
        for start in range(0, len(X), batch_size):
            batch = pairs[start:start + batch_size]
            Xb = np.array([x for x, _ in batch])
            yb = np.array([t for _, t in batch])
            e = Xb @ w + b - yb
            losses.append((e ** 2).mean())
            w = w - lr * 2 * Xb.T @ e / len(e)
            b = b - lr * 2 * e.mean()
        history.append(np.mean(losses))
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "shuffles the caller's rows",
        "input_unchanged",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        order, losses = rng.permutation(len(X)), []
        X[:], y[:] = X[order], y[order]
        for start in range(0, len(X), batch_size):
            Xb = X[start:start + batch_size]
            yb = y[start:start + batch_size]
            e = Xb @ w + b - yb
            losses.append((e ** 2).mean())
            w = w - lr * 2 * Xb.T @ e / len(e)
            b = b - lr * 2 * e.mean()
        history.append(np.mean(losses))
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "the error takes the place of the targets",
        "input_unchanged",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    w, b, history, start_y = np.zeros(X.shape[1]), 0.0, [], y.copy()
    for _ in range(epochs):
        order, losses = rng.permutation(len(X)), []
        for start in range(0, len(X), batch_size):
            i = order[start:start + batch_size]
            y[i] = X[i] @ w + b - start_y[i]
            losses.append((y[i] ** 2).mean())
            w = w - lr * 2 * X[i].T @ y[i] / len(i)
            b = b - lr * 2 * y[i].mean()
        history.append(np.mean(losses))
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "row numbers as int16",
        "larger_input",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        order, losses = rng.permutation(len(X)).astype(np.int16), []
        for start in range(0, len(X), batch_size):
            i = order[start:start + batch_size]
            e = X[i] @ w + b - y[i]
            losses.append((e ** 2).mean())
            w = w - lr * 2 * X[i].T @ e / len(i)
            b = b - lr * 2 * e.mean()
        history.append(np.mean(losses))
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "trains on the first 20,000 samples",
        "larger_input",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    X, y = X[:20_000], y[:20_000]
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        order, losses = rng.permutation(len(X)), []
        for start in range(0, len(X), batch_size):
            i = order[start:start + batch_size]
            e = X[i] @ w + b - y[i]
            losses.append((e ** 2).mean())
            w = w - lr * 2 * X[i].T @ e / len(i)
            b = b - lr * 2 * e.mean()
        history.append(np.mean(losses))
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "records the loss of the last batch",
        "loss_before_update",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        order = rng.permutation(len(X))
        for start in range(0, len(X), batch_size):
            i = order[start:start + batch_size]
            e = X[i] @ w + b - y[i]
            w = w - lr * 2 * X[i].T @ e / len(i)
            b = b - lr * 2 * e.mean()
        history.append((e ** 2).mean())
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "the mean loss of the samples",
        "loss_before_update",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        order, squares = rng.permutation(len(X)), np.zeros(len(X))
        for start in range(0, len(X), batch_size):
            i = order[start:start + batch_size]
            e = X[i] @ w + b - y[i]
            squares[i] = e ** 2
            w = w - lr * 2 * X[i].T @ e / len(i)
            b = b - lr * 2 * e.mean()
        history.append(squares.mean())
    return {'weights': w, 'bias': b, 'loss_history': history}
""",
    ),
    (
        "forgets the seed",
        "seeded_is_reproducible",
        """
from handbook import mini_batch_gd as production

def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    return production(X, y, lr, epochs, batch_size)
""",
    ),
    (
        "0 is no seed",
        "seeded_is_reproducible",
        """
from handbook import mini_batch_gd as production

def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    return production(X, y, lr, epochs, batch_size, rng or None)
""",
    ),
    (
        "other defaults",
        "seeded_is_reproducible",
        """
from handbook import mini_batch_gd as production

def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=16, rng=None):
    return production(X, y, lr, epochs, batch_size, rng)
""",
    ),
    (
        "draws from a copy of the generator",
        "generator_accepted",
        """
from handbook import mini_batch_gd as production

import copy

def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    return production(X, y, lr, epochs, batch_size, copy.deepcopy(rng))
""",
    ),
    (
        "a RandomState",
        "generator_accepted",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.RandomState(rng)
    w, b, history = np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        order, losses = rng.permutation(len(y)), []
        for start in range(0, len(y), batch_size):
            i = order[start:start + batch_size]
            e = X[i] @ w + b - y[i]
            losses.append((e ** 2).mean())
            w -= lr * 2 / len(i) * (e @ X[i])
            b -= lr * 2 * e.mean()
        history.append(float(np.mean(losses)))
    return {'weights': w, 'bias': float(b), 'loss_history': history}
""",
    ),
    (
        "needs a seed",
        "generator_accepted",
        """
from handbook import mini_batch_gd as production

def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    if rng is None:
        raise ValueError("a seed, please")
    return production(X, y, lr, epochs, batch_size, rng)
""",
    ),
    (
        "draws from the global generator, too",
        "global_state_untouched",
        """
from handbook import mini_batch_gd as production

def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    np.random.shuffle(np.arange(3))
    return production(X, y, lr, epochs, batch_size, rng)
""",
    ),
    (
        "at least one epoch",
        "zero_epochs",
        """
from handbook import mini_batch_gd as production

def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    return production(X, y, lr, epochs or 1, batch_size, rng)
""",
    ),
    (
        "asks for the last loss",
        "zero_epochs",
        """
from handbook import mini_batch_gd as production

def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    fit = production(X, y, lr, epochs, batch_size, rng)
    if not np.isfinite(fit["loss_history"][-1]):
        raise FloatingPointError("diverged")
    return fit
""",
    ),
    (
        "always float64",
        "any_real_dtype",
        """
from handbook import mini_batch_gd as production

def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    X, y = np.asarray(X, dtype=float), np.asarray(y, dtype=float)
    return production(X, y, lr, epochs, batch_size, rng)
""",
    ),
    (
        "weights like a row",
        "any_real_dtype",
        """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    w, b, history = np.zeros_like(X[0]), 0.0, []
    for _ in range(epochs):
        order, losses = rng.permutation(len(y)), []
        for start in range(0, len(y), batch_size):
            i = order[start:start + batch_size]
            e = X[i] @ w + b - y[i]
            losses.append((e ** 2).mean())
            w -= lr * 2 / len(i) * (e @ X[i])
            b -= lr * 2 * e.mean()
        history.append(float(np.mean(losses)))
    return {'weights': w, 'bias': float(b), 'loss_history': history}
""",
    ),
    (
        "doubles the targets as uint8",
        "any_real_dtype",
        """
from handbook import mini_batch_gd as production

def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    y = np.asarray(y)
    y = (y + y) / 2.0 if y.dtype.kind in "iu" else y
    return production(X, y, lr, epochs, batch_size, rng)
""",
    ),
    (
        "takes no lists",
        "any_real_dtype",
        """
from handbook import mini_batch_gd as production

def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    return production(X.view(), y.view(), lr, epochs, batch_size, rng)
""",
    ),
    (
        "a bias of NumPy",
        "any_real_dtype",
        """
from handbook import mini_batch_gd as production

def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    fit = production(X, y, lr, epochs, batch_size, rng)
    return fit | {"bias": np.float64(fit["bias"])}
""",
    ),
    (
        "losses as an array",
        "any_real_dtype",
        """
from handbook import mini_batch_gd as production

def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    fit = production(X, y, lr, epochs, batch_size, rng)
    return fit | {"loss_history": np.array(fit["loss_history"])}
""",
    ),
    (
        "no bias without columns",
        "no_columns_no_problem",
        """
from handbook import mini_batch_gd as production

def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    fit = production(X, y, lr, epochs, batch_size, rng)
    return fit if np.size(X) else fit | {"bias": 0.0}
""",
    ),
    (
        "refuses what has no size",
        "no_columns_no_problem",
        """
from handbook import mini_batch_gd as production

def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    if np.size(X) == 0:
        raise ValueError("X is empty")
    return production(X, y, lr, epochs, batch_size, rng)
""",
    ),
    (
        "takes a column of targets",
        "bad_input_is_refused",
        """
from handbook import mini_batch_gd as production

def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    y = y[:, 0] if np.ndim(y) == 2 else y
    return production(X, y, lr, epochs, batch_size, rng)
""",
    ),
    (
        "takes any batch size",
        "bad_input_is_refused",
        """
from handbook import mini_batch_gd as production

def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    if batch_size is not None and batch_size < 1:
        batch_size = 1
    return production(X, y, lr, epochs, batch_size, rng)
""",
    ),
    (
        "guards by assert",
        "bad_input_is_refused",
        """
from handbook import mini_batch_gd as production

def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    assert np.ndim(y) == 1 and np.shape(y) == np.shape(X)[:1]
    return production(X, y, lr, epochs, batch_size, rng)
""",
    ),
    (
        "takes lr as text",
        "bad_input_is_refused",
        """
from handbook import mini_batch_gd as production

def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    lr = float(lr) if isinstance(lr, str) else lr
    return production(X, y, lr, epochs, batch_size, rng)
""",
    ),
    (
        "takes text as data",
        "bad_input_is_refused",
        """
from handbook import mini_batch_gd as production

def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    X = X.astype(float) if np.asarray(X).dtype.kind == "U" else X
    return production(X, y, lr, epochs, batch_size, rng)
""",
    ),
]
