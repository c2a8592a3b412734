ATTEMPTS = [
    (
        "original; fails at k = n, which is production",
        "every_k_up_to_n",
        """
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
""",
    ),
    (
        "one bincount a query",
        "vectorised",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    d = (X_train ** 2).sum(axis=1) - 2 * X_test @ X_train.T
    near = y_train[np.argsort(d, axis=1)[:, :k]]
    return np.array([np.argmax(np.bincount(row)) for row in near])
""",
    ),
    (
        "query by query, a Counter and the smallest winner",
        "accept",
        """
from collections import Counter

def knn_predict(X_train, y_train, X_test, k=5):
    predictions = []
    for x in X_test:
        distances = np.sqrt(np.sum((X_train - x) ** 2, axis=1))
        k_labels = [y_train[i] for i in np.argsort(distances)[:k]]
        counts = Counter(k_labels)
        most = max(counts.values())
        predictions.append(min(c for c, v in counts.items() if v == most))
    return np.array(predictions)
""",
    ),
    (
        "broadcast differences, bincount by apply_along_axis",
        "accept",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    D = np.linalg.norm(X_test[:, None, :] - X_train[None, :, :], axis=2)
    labels = y_train[np.argsort(D, axis=1)[:, :k]]
    count = lambda row: np.bincount(row).argmax()
    return np.apply_along_axis(count, 1, labels)
""",
    ),
    (
        "differences by einsum, unique of each query, a list",
        "accept",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    diff = X_test[:, None] - X_train
    dist = np.einsum("ijk,ijk->ij", diff, diff)
    out = []
    for row in np.argpartition(dist, k)[:, :k]:
        values, counts = np.unique(y_train[row], return_counts=True)
        out.append(int(values[counts.argmax()]))
    return out
""",
    ),
    (
        "root of the clipped square, classes as many as distinct labels",
        "accept",
        """
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
""",
    ),
    (
        "mask of all rows up to the k-th distance, votes by a product",
        "accept",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    D = ((X_test[:, None] - X_train) ** 2).sum(-1)
    kth = np.partition(D, k - 1, axis=1)[:, k - 1 : k]
    one_hot = y_train[:, None] == np.unique(y_train)
    votes = (D <= kth).astype(float) @ one_hot
    return np.unique(y_train)[votes.argmax(axis=1)]
""",
    ),
    (
        "feature by feature, ranks, class by class",
        "accept",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    columns = zip(X_test.T, X_train.T)
    D = sum(np.subtract.outer(q, x) ** 2 for q, x in columns)
    chosen = D.argsort(axis=1).argsort(axis=1) < k
    classes = np.unique(y_train)
    votes = [(chosen & (y_train == c)).sum(axis=1) for c in classes]
    return classes[np.argmax(votes, axis=0)]
""",
    ),
    (
        "k times the minimum, votes by add.at",
        "accept",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    one = np.ones((len(X_train), 1))
    A = np.hstack([X_train, (X_train**2).sum(1, keepdims=True)])
    B = np.hstack([-2 * X_test, np.ones((len(X_test), 1))])
    D, rows = B @ A.T, np.arange(len(X_test))
    votes = np.zeros((len(X_test), y_train.max() + 1), int)
    for _ in range(k):
        nearest = D.argmin(axis=1)
        np.add.at(votes, (rows, y_train[nearest]), 1)
        D[rows, nearest] = np.inf
    return votes.argmax(1)
""",
    ),
    (
        "blocks of 32 queries, the sorted labels compared in pairs",
        "accept",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    blocks = []
    for i in range(0, len(X_test), 32):
        d = np.linalg.norm(X_train - X_test[i : i + 32, None], axis=-1)
        near = np.sort(y_train[d.argsort(kind="stable")[:, :k]])
        votes = (near[:, :, None] == near[:, None]).sum(-1)
        best = votes.argmax(1)
        blocks.append(near[np.arange(len(near)), best])
    return np.concatenate(blocks)
""",
    ),
    (
        "sorts pairs of distance and label, query by query",
        "accept",
        """
def predict_one(X, y, q, k):
    pairs = sorted(zip(np.linalg.norm(X - q, axis=1), y))
    labels = sorted(label for _, label in pairs[:k])
    return max(labels, key=labels.count)

def knn_predict(X_train, y_train, X_test, k=5):
    return np.array([predict_one(X_train, y_train, q, k) for q in X_test])
""",
    ),
    (
        "root of the absolute value",
        "accept",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    a = np.einsum("ij,ij->i", X_test, X_test)
    b = np.einsum("ij,ij->i", X_train, X_train)
    D = np.sqrt(np.abs(a[:, None] + b - 2 * X_test.dot(X_train.T)))
    near = y_train[np.argpartition(D, kth=k, axis=-1)[..., :k]]
    C = y_train.max() + 1
    cells = near + C * np.arange(len(near))[:, None]
    counts = np.bincount(cells.ravel(), minlength=C * len(near))
    return counts.reshape(-1, C).argmax(axis=-1)
""",
    ),
    (
        "in float32",
        "accept",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    X, Q = X_train.astype(np.float32), X_test.astype(np.float32)
    D = (X * X).sum(1) - 2 * Q @ X.T
    near = y_train[D.argsort(axis=1)[:, :k]]
    return np.array([np.bincount(row).argmax() for row in near], float)
""",
    ),
    (
        "k is 3 by default",
        "majority_of_the_nearest",
        """
def knn_predict(X_train, y_train, X_test, k=3):
    D = ((X_test[:, None] - X_train) ** 2).sum(axis=2)
    near = y_train[D.argsort(axis=1)[:, :k]]
    return np.array([np.bincount(row).argmax() for row in near])
""",
    ),
    (
        "returns nothing",
        "majority_of_the_nearest",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    D = ((X_test[:, None] - X_train) ** 2).sum(axis=2)
    near = y_train[D.argsort(axis=1)[:, :k]]
""",
    ),
    (
        "a column of labels",
        "majority_of_the_nearest",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    D = ((X_test[:, None] - X_train) ** 2).sum(axis=2)
    near = y_train[D.argsort(axis=1)[:, :k]]
    return np.array([[np.bincount(row).argmax()] for row in near])
""",
    ),
    (
        "the nearest row decides alone",
        "majority_of_the_nearest",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    D = ((X_test[:, None] - X_train) ** 2).sum(axis=2)
    return y_train[D.argmin(axis=1)]
""",
    ),
    (
        "the mean label of the neighbours",
        "majority_of_the_nearest",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    D = ((X_test[:, None] - X_train) ** 2).sum(axis=2)
    near = y_train[D.argsort(axis=1)[:, :k]]
    return np.rint(near.mean(axis=1)).astype(int)
""",
    ),
    (
        "the k farthest",
        "majority_of_the_nearest",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    D = ((X_test[:, None] - X_train) ** 2).sum(axis=2)
    near = y_train[np.argpartition(D, -k, axis=1)[:, -k:]]
    return np.array([np.bincount(row).argmax() for row in near])
""",
    ),
    (
        "leaves out the nearest, as if it were the query itself",
        "majority_of_the_nearest",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    D = ((X_test[:, None] - X_train) ** 2).sum(axis=2)
    near = y_train[D.argsort(axis=1)[:, 1 : k + 1]]
    return np.array([np.bincount(row).argmax() for row in near])
""",
    ),
    (
        "sorts the columns",
        "majority_of_the_nearest",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    D = ((X_test[:, None] - X_train) ** 2).sum(axis=2)
    near = y_train[D.argsort(axis=0)[:, :k]]
    return np.array([np.bincount(row).argmax() for row in near])
""",
    ),
    (
        "sum of the absolute differences",
        "majority_of_the_nearest",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    D = np.abs(X_test[:, None] - X_train).sum(axis=2)
    near = y_train[D.argsort(axis=1)[:, :k]]
    return np.array([np.bincount(row).argmax() for row in near])
""",
    ),
    (
        "largest of the differences",
        "majority_of_the_nearest",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    D = np.abs(X_test[:, None] - X_train).max(axis=2)
    near = y_train[D.argsort(axis=1)[:, :k]]
    return np.array([np.bincount(row).argmax() for row in near])
""",
    ),
    (
        "leaves out the squares of the rows",
        "majority_of_the_nearest",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    D = (X_test**2).sum(axis=1, keepdims=True) - 2 * X_test @ X_train.T
    near = y_train[D.argsort(axis=1)[:, :k]]
    return np.array([np.bincount(row).argmax() for row in near])
""",
    ),
    (
        "cross term without the factor 2",
        "majority_of_the_nearest",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    D = (X_train**2).sum(axis=1) - X_test @ X_train.T
    near = y_train[D.argsort(axis=1)[:, :k]]
    return np.array([np.bincount(row).argmax() for row in near])
""",
    ),
    (
        "votes weighted by 1 / distance",
        "majority_of_the_nearest",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    D = np.linalg.norm(X_test[:, None] - X_train, axis=2)
    near = D.argsort(axis=1)[:, :k]
    weights = 1 / (np.take_along_axis(D, near, axis=1) + 1e-9)
    return np.array(
        [
            np.bincount(y_train[row], w).argmax()
            for row, w in zip(near, weights)
        ]
    )
""",
    ),
    (
        "one vote of all queries together",
        "majority_of_the_nearest",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    D = ((X_test[:, None] - X_train) ** 2).sum(axis=2)
    near = y_train[D.argsort(axis=1)[:, :k]]
    return np.full(len(X_test), np.bincount(near.ravel()).argmax())
""",
    ),
    (
        "root of a negative number",
        "near_duplicates_are_found",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    d = np.sqrt(
        (X_test ** 2).sum(axis=1)[:, None]
        + (X_train ** 2).sum(axis=1)
        - 2 * X_test @ X_train.T
    )
    near = y_train[np.argsort(d, axis=1)[:, :k]]
    votes = np.eye(int(y_train.max()) + 1)[near].sum(axis=1)
    return votes.argmax(axis=1)
""",
    ),
    (
        "root of a negative number, in another order",
        "near_duplicates_are_found",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    d = -2 * np.dot(X_test, X_train.T)
    d += np.sum(X_test**2, axis=1)[:, None]
    d += np.sum(X_train**2, axis=1)
    d = d**0.5
    near = y_train[np.argpartition(d, k, axis=1)[:, :k]]
    return np.array([np.bincount(row).argmax() for row in near])
""",
    ),
    (
        "root of a negative number, query by query",
        "near_duplicates_are_found",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    squares, labels = (X_train * X_train).sum(axis=1), []
    for q in X_test:
        d = np.sqrt(q @ q - 2 * X_train @ q + squares)
        labels.append(np.bincount(y_train[d.argsort()[:k]]).argmax())
    return np.array(labels)
""",
    ),
    (
        "the query is not its own neighbour: zeros are made infinite",
        "majority_of_the_nearest",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    D = np.linalg.norm(X_test[:, None] - X_train, axis=2)
    D[D == 0] = np.inf
    near = y_train[D.argsort(axis=1)[:, :k]]
    return np.array([np.bincount(row).argmax() for row in near])
""",
    ),
    (
        "ties to the nearest label",
        "ties_to_the_smallest",
        """
from collections import Counter

def knn_predict(X_train, y_train, X_test, k=5):
    D = np.linalg.norm(X_test[:, None] - X_train, axis=2)
    near = y_train[D.argsort(axis=1)[:, :k]]
    return [Counter(row).most_common(1)[0][0] for row in near]
""",
    ),
    (
        "ties in the order of a set",
        "ties_to_the_smallest",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    predictions = []
    for q in X_test:
        order = np.argsort(np.linalg.norm(X_train - q, axis=1))
        labels = y_train[order[:k]].tolist()
        predictions.append(max(set(labels), key=labels.count))
    return np.array(predictions)
""",
    ),
    (
        "ties to the largest label",
        "ties_to_the_smallest",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    D = ((X_test[:, None] - X_train) ** 2).sum(axis=2)
    near = y_train[D.argsort(axis=1)[:, :k]]
    votes = np.eye(y_train.max() + 1)[near].sum(axis=1)
    return y_train.max() - votes[:, ::-1].argmax(axis=1)
""",
    ),
    (
        "two loops",
        "no_loop_over_rows",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    D = np.zeros((len(X_test), len(X_train)))
    for i in range(len(X_test)):
        for j in range(len(X_train)):
            D[i, j] = np.sqrt(np.sum((X_test[i] - X_train[j]) ** 2))
    near = y_train[D.argsort(axis=1)[:, :k]]
    return np.array([np.bincount(row).argmax() for row in near])
""",
    ),
    (
        "distances in a list comprehension",
        "no_loop_over_rows",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    labels = []
    for q in X_test:
        distances = [np.linalg.norm(x - q) for x in X_train]
        near = y_train[np.argsort(distances)[:k]]
        labels.append(np.bincount(near).argmax())
    return np.array(labels)
""",
    ),
    (
        "training row by training row",
        "no_loop_over_rows",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    D = np.empty((len(X_test), len(X_train)))
    for j, x in enumerate(X_train):
        D[:, j] = ((X_test - x) ** 2).sum(axis=1)
    near = y_train[D.argsort(axis=1)[:, :k]]
    return np.array([np.bincount(row).argmax() for row in near])
""",
    ),
    (
        "norms by apply_along_axis",
        "no_loop_over_rows",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    squares = np.apply_along_axis(lambda x: x @ x, 1, X_train)
    D = squares - 2 * X_test @ X_train.T
    near = y_train[D.argsort(axis=1)[:, :k]]
    return np.array([np.bincount(row).argmax() for row in near])
""",
    ),
    (
        "centres both sets in place",
        "input_unchanged",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    mean = X_train.mean(axis=0)
    X_train -= mean
    X_test -= mean
    D = (X_train**2).sum(axis=1) - 2 * X_test @ X_train.T
    near = y_train[D.argsort(axis=1)[:, :k]]
    return np.array([np.bincount(row).argmax() for row in near])
""",
    ),
    (
        "sorts the caller's labels afterwards",
        "input_unchanged",
        """
from handbook import knn_predict as production

def knn_predict(X_train, y_train, X_test, k=5):
    labels = production(X_train, y_train, X_test, k)
    y_train.sort()
    return labels
""",
    ),
    (
        "row numbers in int16",
        "larger_input",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    D = (X_train**2).sum(axis=1) - 2 * X_test @ X_train.T
    near = np.argpartition(D, k - 1, axis=1)[:, :k].astype(np.int16)
    return np.array([np.bincount(row).argmax() for row in y_train[near]])
""",
    ),
    (
        "merges blocks of 1000 rows without the last",
        "larger_input",
        """
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
""",
    ),
    (
        "query by query after the guards",
        "vectorised",
        """
from handbook import knn_predict as production

def knn_predict(X_train, y_train, X_test, k=5):
    labels = production(X_train, y_train, X_test, k)
    for i, query in enumerate(np.asarray(X_test)):
        labels[i] = production(X_train, y_train, query[None], k)[0]
    return labels
""",
    ),
    (
        "k is clipped",
        "k_is_checked",
        """
from handbook import knn_predict as production

def knn_predict(X_train, y_train, X_test, k=5):
    return production(X_train, y_train, X_test, min(k, len(X_train)))
""",
    ),
    (
        "k is truncated",
        "k_is_checked",
        """
from handbook import knn_predict as production

def knn_predict(X_train, y_train, X_test, k=5):
    return production(X_train, y_train, X_test, int(k))
""",
    ),
    (
        "float32 after the guards",
        "shift_changes_nothing",
        """
from handbook import knn_predict as production

def knn_predict(X_train, y_train, X_test, k=5):
    X, Q = np.asarray(X_train, np.float32), np.asarray(X_test, np.float32)
    return production(X, y_train, Q, k)
""",
    ),
    (
        "labels as bins",
        "any_integer_labels",
        """
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
""",
    ),
    (
        "labels as floats",
        "any_integer_labels",
        """
from handbook import knn_predict as production

def knn_predict(X_train, y_train, X_test, k=5):
    return production(X_train, y_train, X_test, k).astype(float)
""",
    ),
    (
        "labels as int64",
        "any_integer_labels",
        """
from handbook import knn_predict as production

def knn_predict(X_train, y_train, X_test, k=5):
    return production(X_train, y_train, X_test, k).astype(np.int64)
""",
    ),
    (
        "differences in the dtype of the features",
        "any_real_dtype",
        """
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
""",
    ),
    (
        "joins blocks that may be none",
        "no_queries_no_problem",
        """
from handbook import knn_predict as production

def knn_predict(X_train, y_train, X_test, k=5):
    production(X_train, y_train, X_test[:1], k)  # the guards
    blocks = [
        production(X_train, y_train, X_test[i : i + 100], k)
        for i in range(0, len(X_test), 100)
    ]
    return np.concatenate(blocks)
""",
    ),
    (
        "zero for NaN in the queries",
        "no_missing_values",
        """
from handbook import knn_predict as production

def knn_predict(X_train, y_train, X_test, k=5):
    return production(X_train, y_train, np.nan_to_num(X_test), k)
""",
    ),
    (
        "takes infinity in the rows",
        "no_missing_values",
        """
from handbook import knn_predict as production

def knn_predict(X_train, y_train, X_test, k=5):
    X = np.asarray(X_train)
    if X.dtype.kind == "f":
        X = np.where(np.isinf(X), np.sign(X) * X.dtype.type(6e4), X)
    return production(X, y_train, X_test, k)
""",
    ),
    (
        "features cast to float",
        "bad_input_is_an_error",
        """
from handbook import knn_predict as production

def knn_predict(X_train, y_train, X_test, k=5):
    X, Q = np.array(X_train, float), np.array(X_test, float)
    return production(X, y_train, Q, k)
""",
    ),
    (
        "labels cast to integers",
        "bad_input_is_an_error",
        """
from handbook import knn_predict as production

def knn_predict(X_train, y_train, X_test, k=5):
    y = np.asarray(y_train)
    y = y if y.dtype.kind in "biu" else y.astype(int)
    return production(X_train, y, X_test, k)
""",
    ),
    (
        "makes a row of one query",
        "bad_input_is_an_error",
        """
from handbook import knn_predict as production

def knn_predict(X_train, y_train, X_test, k=5):
    return production(X_train, y_train, np.atleast_2d(X_test), k)
""",
    ),
    (
        "shapes are not compared",
        "bad_input_is_an_error",
        """
def knn_predict(X_train, y_train, X_test, k=5):
    X, y, Q = map(np.asarray, (X_train, y_train, X_test))
    if not isinstance(k, (int, np.integer)):
        raise TypeError("k")
    if not 1 <= k <= len(X) or not np.isfinite(X).all():
        raise ValueError("k or X_train")
    if not np.isfinite(Q).all():
        raise ValueError("X_test")
    centre = X.mean(axis=0, dtype=float)
    X, Q = X - centre, Q - centre
    D = (X * X).sum(axis=1) - 2 * Q @ X.T
    nearest = np.argpartition(D, k - 1, axis=1)[:, :k]
    classes, codes = np.unique(y, return_inverse=True)
    cells = np.arange(len(Q))[:, None] * len(classes) + codes[nearest]
    votes = np.bincount(cells.ravel(), minlength=len(Q) * len(classes))
    votes = votes.reshape(len(Q), len(classes))
    return classes[votes.argmax(axis=1)]
""",
    ),
]
