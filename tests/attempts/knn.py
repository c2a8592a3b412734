from tests.attempts import parsed

ATTEMPTS = parsed(
    """
# every_k_up_to_n: original; fails at k = n, which is production
def knn_predict(X_train, y_train, X_test, k=5):
    train_sq = np.sum(X_train ** 2, axis=1)
    test_sq = np.sum(X_test ** 2, axis=1)
    cross = X_test @ X_train.T
    dist_sq = test_sq[:, np.newaxis] + train_sq[np.newaxis, :] - 2 * cross
    dist_sq = np.maximum(dist_sq, 0)
    knn_indices = np.argpartition(dist_sq, k, axis=1)[:, :k]
    knn_labels = y_train[knn_indices]
    num_classes = int(y_train.max()) + 1
    votes = np.eye(num_classes)[knn_labels]
    return np.argmax(votes.sum(axis=1), axis=1)

# vectorised: one bincount a query
def knn_predict(X_train, y_train, X_test, k=5):
    d = (X_train ** 2).sum(axis=1) - 2 * X_test @ X_train.T
    near = y_train[np.argsort(d, axis=1)[:, :k]]
    return np.array([np.argmax(np.bincount(row)) for row in near])

# accept: query by query, a Counter and the smallest winner, a list
from collections import Counter

def knn_predict(X_train, y_train, X_test, k=5):
    predictions = []
    for x in X_test:
        distances = np.sqrt(np.sum((X_train - x) ** 2, axis=1))
        k_labels = [y_train[i] for i in np.argsort(distances)[:k]]
        counts = Counter(k_labels)
        most = max(counts.values())
        predictions.append(min(c for c, v in counts.items() if v == most))
    return predictions

# accept: root of the clipped square, classes as many as distinct labels
def knn_predict(X_train, y_train, X_test, k=5):
    sq = (
        np.sum(X_test**2, axis=1, keepdims=True)
        - 2 * np.dot(X_test, X_train.T)
        + np.sum(X_train**2, axis=1)
    )
    D = np.sqrt(np.maximum(sq, 0))
    num_classes = len(np.unique(y_train))
    votes = np.zeros((len(X_test), num_classes))
    neighbours = np.argsort(D, axis=1)[:, :k]
    for i in range(len(X_test)):
        for j in neighbours[i]:
            votes[i, y_train[j]] += 1
    return np.argmax(votes, axis=1)

# accept: mask of all rows up to the k-th distance, votes by a product
def knn_predict(X_train, y_train, X_test, k=5):
    D = ((X_test[:, None] - X_train) ** 2).sum(-1)
    kth = np.partition(D, k - 1, axis=1)[:, k - 1 : k]
    one_hot = y_train[:, None] == np.unique(y_train)
    votes = (D <= kth).astype(float) @ one_hot
    return np.unique(y_train)[votes.argmax(axis=1)]

# accept: feature by feature, ranks, class by class
def knn_predict(X_train, y_train, X_test, k=5):
    columns = zip(X_test.T, X_train.T)
    D = sum(np.subtract.outer(q, x) ** 2 for q, x in columns)
    chosen = D.argsort(axis=1).argsort(axis=1) < k
    classes = np.unique(y_train)
    votes = [(chosen & (y_train == c)).sum(axis=1) for c in classes]
    return classes[np.argmax(votes, axis=0)]

# accept: root of the absolute value
def knn_predict(X_train, y_train, X_test, k=5):
    a = np.einsum("ij,ij->i", X_test, X_test)
    b = np.einsum("ij,ij->i", X_train, X_train)
    D = np.sqrt(np.abs(a[:, None] + b - 2 * X_test.dot(X_train.T)))
    near = y_train[np.argpartition(D, kth=k, axis=-1)[..., :k]]
    C = y_train.max() + 1
    cells = near + C * np.arange(len(near))[:, None]
    counts = np.bincount(cells.ravel(), minlength=C * len(near))
    return counts.reshape(-1, C).argmax(axis=-1)

# accept: in float32
def knn_predict(X_train, y_train, X_test, k=5):
    X, Q = X_train.astype(np.float32), X_test.astype(np.float32)
    D = (X * X).sum(1) - 2 * Q @ X.T
    near = y_train[D.argsort(axis=1)[:, :k]]
    return np.array([np.bincount(row).argmax() for row in near], float)

# majority_of_the_nearest: k is 3 by default
def knn_predict(X_train, y_train, X_test, k=3):
    D = ((X_test[:, None] - X_train) ** 2).sum(axis=2)
    near = y_train[D.argsort(axis=1)[:, :k]]
    return np.array([np.bincount(row).argmax() for row in near])

# majority_of_the_nearest: the mean label of the neighbours
def knn_predict(X_train, y_train, X_test, k=5):
    D = ((X_test[:, None] - X_train) ** 2).sum(axis=2)
    near = y_train[D.argsort(axis=1)[:, :k]]
    return np.rint(near.mean(axis=1)).astype(int)

# majority_of_the_nearest: leaves out the nearest row
def knn_predict(X_train, y_train, X_test, k=5):
    D = ((X_test[:, None] - X_train) ** 2).sum(axis=2)
    near = y_train[D.argsort(axis=1)[:, 1 : k + 1]]
    return np.array([np.bincount(row).argmax() for row in near])

# majority_of_the_nearest: sum of the absolute differences
def knn_predict(X_train, y_train, X_test, k=5):
    D = np.abs(X_test[:, None] - X_train).sum(axis=2)
    near = y_train[D.argsort(axis=1)[:, :k]]
    return np.array([np.bincount(row).argmax() for row in near])

# majority_of_the_nearest: leaves out the squares of the rows
def knn_predict(X_train, y_train, X_test, k=5):
    D = (X_test**2).sum(axis=1, keepdims=True) - 2 * X_test @ X_train.T
    near = y_train[D.argsort(axis=1)[:, :k]]
    return np.array([np.bincount(row).argmax() for row in near])

# majority_of_the_nearest: each set centred on its own mean
def knn_predict(X_train, y_train, X_test, k=5):
    X, Q = X_train - X_train.mean(axis=0), X_test - X_test.mean(axis=0)
    D = (X**2).sum(axis=1) - 2 * Q @ X.T
    near = y_train[D.argsort(axis=1)[:, :k]]
    return np.array([np.bincount(row).argmax() for row in near])

# near_duplicates_are_found: root of a negative number
def knn_predict(X_train, y_train, X_test, k=5):
    d = np.sqrt(
        (X_test ** 2).sum(axis=1)[:, None]
        + (X_train ** 2).sum(axis=1)
        - 2 * X_test @ X_train.T
    )
    near = y_train[np.argsort(d, axis=1)[:, :k]]
    votes = np.eye(int(y_train.max()) + 1)[near].sum(axis=1)
    return votes.argmax(axis=1)

# near_duplicates_are_found: root of a negative number, in another order
def knn_predict(X_train, y_train, X_test, k=5):
    d = -2 * np.dot(X_test, X_train.T)
    d += np.sum(X_test**2, axis=1)[:, None]
    d += np.sum(X_train**2, axis=1)
    d = d**0.5
    near = y_train[np.argpartition(d, k, axis=1)[:, :k]]
    return np.array([np.bincount(row).argmax() for row in near])

# near_duplicates_are_found: root of a negative number, query by query
def knn_predict(X_train, y_train, X_test, k=5):
    squares, labels = (X_train * X_train).sum(axis=1), []
    for q in X_test:
        d = np.sqrt(q @ q - 2 * X_train @ q + squares)
        labels.append(np.bincount(y_train[d.argsort()[:k]]).argmax())
    return np.array(labels)

# ties_to_the_smallest: ties in the order of a set
def knn_predict(X_train, y_train, X_test, k=5):
    predictions = []
    for q in X_test:
        order = np.argsort(np.linalg.norm(X_train - q, axis=1))
        labels = y_train[order[:k]].tolist()
        predictions.append(max(set(labels), key=labels.count))
    return np.array(predictions)

# ties_to_the_smallest: ties to the largest label
def knn_predict(X_train, y_train, X_test, k=5):
    D = ((X_test[:, None] - X_train) ** 2).sum(axis=2)
    near = y_train[D.argsort(axis=1)[:, :k]]
    votes = np.eye(y_train.max() + 1)[near].sum(axis=1)
    return y_train.max() - votes[:, ::-1].argmax(axis=1)

# no_loop_over_rows: training row by training row
def knn_predict(X_train, y_train, X_test, k=5):
    D = np.empty((len(X_test), len(X_train)))
    for j, x in enumerate(X_train):
        D[:, j] = ((X_test - x) ** 2).sum(axis=1)
    near = y_train[D.argsort(axis=1)[:, :k]]
    return np.array([np.bincount(row).argmax() for row in near])

# no_loop_over_rows: norms by apply_along_axis
def knn_predict(X_train, y_train, X_test, k=5):
    squares = np.apply_along_axis(lambda x: x @ x, 1, X_train)
    D = squares - 2 * X_test @ X_train.T
    near = y_train[D.argsort(axis=1)[:, :k]]
    return np.array([np.bincount(row).argmax() for row in near])

# input_unchanged: centres both sets in place
def knn_predict(X_train, y_train, X_test, k=5):
    mean = X_train.mean(axis=0)
    X_train -= mean
    X_test -= mean
    D = (X_train**2).sum(axis=1) - 2 * X_test @ X_train.T
    near = y_train[D.argsort(axis=1)[:, :k]]
    return np.array([np.bincount(row).argmax() for row in near])

# larger_input: merges blocks of 1000 rows without the last
def knn_predict(X_train, y_train, X_test, k=5):
    best = np.full((len(X_test), k), np.inf)  # the nearest so far
    labels = np.zeros((len(X_test), k), int)
    for start in range(0, max(len(X_train) - 999, 1), 1000):
        X, y = X_train[start : start + 1000], y_train[start : start + 1000]
        D = np.hstack([best, ((X_test[:, None] - X) ** 2).sum(axis=2)])
        y = np.hstack([labels, np.tile(y, (len(X_test), 1))])
        near = np.argsort(D, axis=1)[:, :k]
        best = np.take_along_axis(D, near, axis=1)
        labels = np.take_along_axis(y, near, axis=1)
    return np.array([np.bincount(row).argmax() for row in labels])

# k_is_checked: k is clipped
from handbook import knn_predict as production

def knn_predict(X_train, y_train, X_test, k=5):
    return production(X_train, y_train, X_test, min(k, len(X_train)))

# shift_changes_nothing: float32 after the guards
from handbook import knn_predict as production

def knn_predict(X_train, y_train, X_test, k=5):
    X, Q = np.asarray(X_train, np.float32), np.asarray(X_test, np.float32)
    return production(X, y_train, Q, k)

# any_integer_labels: labels as bins
from handbook import knn_predict as production

def knn_predict(X_train, y_train, X_test, k=5):
    production(X_train, y_train, X_test, k)  # the guards
    X, Q = np.asarray(X_train, float), np.asarray(X_test, float)
    X, Q = X - X.mean(axis=0), Q - X.mean(axis=0)
    D = (X * X).sum(axis=1) - 2 * Q @ X.T
    nearest = np.argpartition(D, k - 1, axis=1)[:, :k]
    C = y_train.max() + 1
    cells = np.arange(len(Q))[:, None] * C + y_train[nearest]
    votes = np.bincount(cells.ravel(), minlength=len(Q) * C)
    return votes.reshape(len(Q), C).argmax(axis=1)

# any_integer_labels: labels as int64
from handbook import knn_predict as production

def knn_predict(X_train, y_train, X_test, k=5):
    return production(X_train, y_train, X_test, k).astype(np.int64)

# any_real_dtype: differences in the dtype of the features
from handbook import knn_predict as production

def knn_predict(X_train, y_train, X_test, k=5):
    production(X_train, y_train, X_test, k)  # the guards
    X, Q = np.asarray(X_train), np.asarray(X_test)
    with np.errstate(over="ignore"):
        D = ((Q[:, None] - X) ** 2).sum(axis=2)
    nearest = np.argpartition(D, k - 1, axis=1)[:, :k]
    classes = np.unique(y_train)
    labels = np.asarray(y_train)[nearest][:, None]  # (m, 1, k)
    votes = labels == classes[:, None]  # (m, C, k)
    return classes[votes.sum(axis=2).argmax(axis=1)]

# no_queries_no_problem: joins blocks that may be none
from handbook import knn_predict as production

def knn_predict(X_train, y_train, X_test, k=5):
    production(X_train, y_train, X_test[:1], k)  # the guards
    blocks = [
        production(X_train, y_train, X_test[i : i + 100], k)
        for i in range(0, len(X_test), 100)
    ]
    return np.concatenate(blocks)

# no_missing_values: zero for NaN in the queries
from handbook import knn_predict as production

def knn_predict(X_train, y_train, X_test, k=5):
    return production(X_train, y_train, np.nan_to_num(X_test), k)

# bad_input_is_an_error: features cast to float
from handbook import knn_predict as production

def knn_predict(X_train, y_train, X_test, k=5):
    X, Q = np.array(X_train, float), np.array(X_test, float)
    return production(X, y_train, Q, k)

# bad_input_is_an_error: makes a row of one query
from handbook import knn_predict as production

def knn_predict(X_train, y_train, X_test, k=5):
    return production(X_train, y_train, np.atleast_2d(X_test), k)
"""
)
