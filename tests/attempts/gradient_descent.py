RIGHT = """
def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    rng = np.random.default_rng(rng)
    n, w, b, history = len(X), np.zeros(X.shape[1]), 0.0, []
    for _ in range(epochs):
        order = rng.permutation(n)
        losses = []
        for start in range(0, n, batch_size):
            i = order[start : start + batch_size]
            e = X[i] @ w + b - y[i]
            losses.append((e**2).mean())
            w = w - lr * 2 * X[i].T @ e / len(i)
            b = b - lr * 2 * e.mean()
        history.append(np.mean(losses))
    return {"weights": w, "bias": b, "loss_history": history}
"""
PRODUCTION = """
from handbook import mini_batch_gd as production

def mini_batch_gd(X, y, lr=0.01, epochs=100, batch_size=32, rng=None):
    return production(X, y, lr, epochs, batch_size, rng)
"""
START = "    for _ in range(epochs)"
ORDER = "order = rng.permutation(n)"
STARTS = "range(0, n, batch_size)"
BATCH = "order[start : start + batch_size]"
ERROR = "X[i] @ w + b - y[i]"
SLOPE = "2 * e.mean()"  # of the bias
LOSS = "np.mean(losses)"


def changed(source, *changes):
    """The source after these changes, each from old to new."""
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    return source


def wrong(*changes):
    return changed(RIGHT, *changes)


def shipped(*lines):
    """The production code, behind these lines."""
    last = "    return production"
    body = "".join(f"    {line}\n" for line in lines)
    return changed(PRODUCTION, (last, body + last))


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
    ("climbs", "steps_against_the_gradient", wrong((ERROR, f"-({ERROR})"))),
    (
        "the bias sees the new weights",
        "steps_against_the_gradient",
        wrong((SLOPE, f"2 * ({ERROR}).mean()")),
    ),
    (
        "the bias never moves",
        "steps_against_the_gradient",
        wrong((SLOPE, "0")),
    ),
    (
        "the bias step is a sum, that of the weights a mean",
        "steps_against_the_gradient",
        wrong((SLOPE, "2 * e.sum()")),
    ),
    (
        "weights of shape (d, 1)",
        "steps_against_the_gradient",
        wrong(
            ("np.zeros(X.shape[1])", "np.zeros((X.shape[1], 1))"),
            ("- y[i]", "- y[i, None]"),
        ),
    ),
    (
        "other names for the arguments",
        "steps_against_the_gradient",
        wrong(("lr=", "alpha="), ("lr *", "alpha *")),
    ),
    (
        "a tuple",
        "steps_against_the_gradient",
        wrong(("return {", "return w, b, {")),
    ),
    (
        "shuffles X and y separately",
        "fits_a_line",
        wrong(
            (ORDER, "X, y = rng.permutation(X), rng.permutation(y)"),
            (BATCH, "slice(start, min(start + batch_size, n))"),
            ("len(i)", "len(e)"),
        ),
    ),
    (
        "(m, 1) minus (m,)",
        "fits_a_line",
        wrong(
            ("np.zeros(X.shape[1])", "np.zeros((X.shape[1], 1))"),
            ('s": w', 's": w[:, 0]'),
        ),
    ),
    (
        "a loss for each batch",
        "fits_a_line",
        wrong(
            ("losses.append", "history.append"),
            ("history.append(np.mean(losses))", ""),
        ),
    ),
    (
        "the sum of the losses never begins anew",
        "fits_a_line",
        wrong(
            ("        losses = []\n", ""),
            (START, f"    losses = []\n{START}"),
            (LOSS, "sum(losses) / -(-n // batch_size)"),
        ),
    ),
    (
        "stops after five epochs",
        "fits_a_line",
        shipped(
            "fit = production(X, y, lr, min(epochs, 5), batch_size, rng)",
            'losses = fit["loss_history"]',
            "losses += losses[-1:] * (epochs - 5)",
            "return fit",
        ),
    ),
    (
        "drops the last batch",
        "every_sample_once_an_epoch",
        wrong(
            (STARTS, "range(0, n - batch_size + 1, batch_size)"),
            (LOSS, "sum(losses) / max(1, len(losses))"),
        ),
    ),
    (
        "draws every batch anew",
        "every_sample_once_an_epoch",
        wrong((BATCH, "rng.choice(n, min(n, batch_size), replace=False)")),
    ),
    (
        "one batch an epoch",
        "every_sample_once_an_epoch",
        wrong((STARTS, "[0]")),
    ),
    (
        "fills the last batch up",
        "every_sample_once_an_epoch",
        wrong((BATCH, "order[np.arange(start, start + batch_size) % n]")),
    ),
    (
        "the last batch overlaps the one before",
        "every_sample_once_an_epoch",
        wrong(
            (
                BATCH,
                "order[max(0, min(start, n - batch_size)) :][:batch_size]",
            )
        ),
    ),
    (
        "divides by batch_size",
        "last_batch_by_its_own_size",
        wrong(
            ("len(i)", "batch_size"), (SLOPE, "2 * e.sum() / batch_size")
        ),
    ),
    (
        "only the bias divides by batch_size",
        "last_batch_by_its_own_size",
        wrong((SLOPE, "2 * e.sum() / batch_size")),
    ),
    (
        "divides by the number of all samples",
        "last_batch_by_its_own_size",
        wrong(("len(i)", "n"), (SLOPE, "2 * e.sum() / n")),
    ),
    (
        "divides twice by the length of the batch",
        "last_batch_by_its_own_size",
        wrong((ERROR, f"({ERROR}) / len(i)")),
    ),
    (
        "sums the gradient",
        "last_batch_by_its_own_size",
        wrong((" / len(i)", ""), (SLOPE, "2 * e.sum()")),
    ),
    (
        "all samples in one batch",
        "last_batch_by_its_own_size",
        wrong((STARTS, "[0]"), (BATCH, "order")),
    ),
    (
        "one batch too few, each too long",
        "last_batch_by_its_own_size",
        wrong(
            (
                f"start in {STARTS}",
                "i in np.array_split(order, max(1, n // batch_size))",
            ),
            (f"i = {BATCH}", ""),
        ),
    ),
    (
        "never shuffles",
        "new_order_every_epoch",
        wrong((ORDER, "order = np.arange(n)")),
    ),
    (
        "shuffles once, before the epochs",
        "new_order_every_epoch",
        wrong((ORDER, ""), (START, f"    {ORDER}\n{START}")),
    ),
    (
        "seeds in the loop",
        "new_order_every_epoch",
        wrong((ORDER, "order = np.random.default_rng(0).permutation(n)")),
    ),
    (
        "shuffles the batches, not the samples",
        "new_order_every_epoch",
        wrong(
            (ORDER, "order = np.arange(n)"),
            (STARTS, f"rng.permutation({STARTS})"),
        ),
    ),
    (
        "shuffles at the end of an epoch",
        "new_order_every_epoch",
        wrong(
            (ORDER, ""),
            (START, f"    order = np.arange(n)\n{START}"),
            (f"({LOSS})", f"({LOSS}); rng.shuffle(order)"),
        ),
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
        wrong(
            (ORDER, f"{ORDER}; X[:], y[:] = X[order], y[order]"),
            (BATCH, "slice(start, min(start + batch_size, n))"),
            ("len(i)", "len(e)"),
        ),
    ),
    (
        "the error takes the place of the targets",
        "input_unchanged",
        wrong(
            (START, f"    t = y.copy()\n{START}"),
            (f"e = {ERROR}", "e = y[i] = X[i] @ w + b - t[i]"),
        ),
    ),
    (
        "row numbers as int16",
        "larger_input",
        wrong((ORDER, f"{ORDER}.astype(np.int16)")),
    ),
    (
        "trains on the first 20,000 samples",
        "larger_input",
        wrong(("len(X)", "min(len(X), 20_000)")),
    ),
    (
        "records the loss of the last batch",
        "loss_before_update",
        wrong((LOSS, "losses[-1]")),
    ),
    (
        "the mean loss of the samples",
        "loss_before_update",
        wrong(("(e**2).mean()", "(e**2).sum()"), (LOSS, "sum(losses) / n")),
    ),
    ("forgets the seed", "seeded_is_reproducible", shipped("rng = None")),
    (
        "0 is no seed",
        "seeded_is_reproducible",
        shipped("rng = rng or None"),
    ),
    (
        "other defaults",
        "seeded_is_reproducible",
        changed(PRODUCTION, ("=32", "=16")),
    ),
    (
        "draws from a copy of the generator",
        "generator_accepted",
        shipped("import copy", "rng = copy.deepcopy(rng)"),
    ),
    (
        "a RandomState",
        "generator_accepted",
        wrong(("default_rng", "RandomState")),
    ),
    (
        "draws from the global generator, too",
        "global_state_untouched",
        shipped("np.random.shuffle(np.arange(3))"),
    ),
    ("at least one epoch", "zero_epochs", shipped("epochs = epochs or 1")),
    (
        "always float64",
        "any_real_dtype",
        shipped("X, y = np.asarray(X, float), np.asarray(y, float)"),
    ),
    (
        "takes no lists",
        "any_real_dtype",
        shipped("X, y = X.view(), y.view()"),
    ),
    (
        "refuses what has no size",
        "no_columns_no_problem",
        shipped("if np.size(X) == 0:", "    raise ValueError(X)"),
    ),
    (
        "takes a column of targets",
        "bad_input_is_refused",
        shipped("y = y[:, 0] if np.ndim(y) == 2 else y"),
    ),
    (
        "takes any batch size",
        "bad_input_is_refused",
        shipped("batch_size = batch_size and max(1, batch_size)"),
    ),
    (
        "guards by assert",
        "bad_input_is_refused",
        shipped(
            "assert np.ndim(y) == 1 and np.shape(y) == np.shape(X)[:1]"
        ),
    ),
]
