ATTEMPTS = [
    (
        "original",
        "accept",
        """
def one_hot(labels, num_classes):
    n = len(labels)
    result = np.zeros((n, num_classes))
    result[np.arange(n), labels] = 1
    return result
""",
    ),
    (
        "identity rows",
        "accept",
        """
def one_hot(labels, num_classes):
    return np.eye(num_classes)[labels]
""",
    ),
    (
        "identity rows, for any shape of labels",
        "accept",
        """
def one_hot(labels, num_classes):
    targets = np.array(labels)
    rows = np.eye(num_classes, dtype=int)[targets.reshape(-1)]
    return rows.reshape(list(targets.shape) + [num_classes])
""",
    ),
    (
        "comparison with every class",
        "accept",
        """
def one_hot(labels, num_classes):
    return (labels[:, None] == np.arange(num_classes)).astype(float)
""",
    ),
    (
        "outer comparison, by where",
        "accept",
        """
def one_hot(labels, num_classes):
    hit = np.equal.outer(labels, range(num_classes))
    return np.where(hit, 1.0, 0.0)
""",
    ),
    (
        "bools",
        "accept",
        """
def one_hot(labels, num_classes):
    return np.reshape(labels, (-1, 1)) == np.arange(num_classes)
""",
    ),
    (
        "put along an axis",
        "accept",
        """
def one_hot(labels, num_classes):
    Y = np.zeros((labels.size, num_classes))
    np.put_along_axis(Y, np.expand_dims(labels, 1), 1, axis=1)
    return Y
""",
    ),
    (
        "flat index",
        "accept",
        """
def one_hot(labels, num_classes):
    Y = np.zeros(len(labels) * num_classes)
    Y[np.arange(len(labels)) * num_classes + labels] = 1
    return Y.reshape(-1, num_classes)
""",
    ),
    (
        "flat places, counted",
        "accept",
        """
def one_hot(labels, num_classes):
    n = len(labels)
    places = np.ravel_multi_index((np.arange(n), labels), (n, num_classes))
    counts = np.bincount(places, minlength=n * num_classes)
    return counts.reshape(n, num_classes)
""",
    ),
    (
        "added at the places",
        "accept",
        """
def one_hot(labels, num_classes):
    Y = np.zeros((len(labels), num_classes))
    np.add.at(Y, (list(range(len(labels))), list(labels)), 1)
    return Y
""",
    ),
    (
        "from a function of row and column",
        "accept",
        """
def one_hot(labels, num_classes):
    def entry(i, j):
        return labels[i] == j
    shape = len(labels), num_classes
    return np.fromfunction(entry, shape, dtype=int) * 1.0
""",
    ),
    (
        "step between neighbouring thresholds",
        "accept",
        """
def one_hot(labels, num_classes):
    reached = labels[:, None] < np.arange(num_classes + 1)
    return np.diff(reached.astype(float), axis=1)
""",
    ),
    (
        "loop over the classes",
        "accept",
        """
def one_hot(labels, num_classes):
    columns = [labels == c for c in range(num_classes)]
    return np.stack(columns, axis=1).astype(float)
""",
    ),
    (
        "checked by assert, as lists",
        "accept",
        """
def one_hot(labels, num_classes):
    assert labels.min() >= 0 and labels.max() < num_classes
    return np.take(np.identity(num_classes), labels, axis=0).tolist()
""",
    ),
    (
        "a slice for the rows",
        "one_per_row",
        """
def one_hot(labels, num_classes):
    result = np.zeros((len(labels), num_classes))
    result[:, labels] = 1
    return result
""",
    ),
    (
        "row and column exchanged",
        "one_per_row",
        """
def one_hot(labels, num_classes):
    result = np.zeros((len(labels), num_classes))
    result[labels, np.arange(len(labels))] = 1
    return result
""",
    ),
    (
        "classes down, samples across",
        "one_per_row",
        """
def one_hot(labels, num_classes):
    return np.eye(num_classes)[:, labels]
""",
    ),
    (
        "counts from 1",
        "one_per_row",
        """
def one_hot(labels, num_classes):
    return np.eye(num_classes)[labels - 1]
""",
    ),
    (
        "first class dropped, as dummy variables",
        "one_per_row",
        """
def one_hot(labels, num_classes):
    return np.eye(num_classes)[labels][:, 1:]
""",
    ),
    (
        "all the labels in one row",
        "one_per_row",
        """
def one_hot(labels, num_classes):
    result = np.zeros(num_classes)
    result[labels] = 1
    return result
""",
    ),
    (
        "the label in place of 1",
        "one_per_row",
        """
def one_hot(labels, num_classes):
    result = np.zeros((len(labels), num_classes))
    result[np.arange(len(labels)), labels] = labels
    return result
""",
    ),
    (
        "ones up to the label",
        "one_per_row",
        """
def one_hot(labels, num_classes):
    return (np.arange(num_classes) <= labels[:, None]).astype(float)
""",
    ),
    (
        "width from the largest label",
        "width_is_given",
        """
def one_hot(labels, num_classes):
    return np.eye(labels.max() + 1)[labels]
""",
    ),
    (
        "width from the number of labels that occur",
        "width_is_given",
        """
def one_hot(labels, num_classes):
    classes, columns = np.unique(labels, return_inverse=True)
    return np.eye(len(classes))[columns]
""",
    ),
    (
        "renumbered, in the width that is given",
        "width_is_given",
        """
def one_hot(labels, num_classes):
    columns = np.searchsorted(np.unique(labels), labels)
    return np.eye(num_classes)[columns]
""",
    ),
    (
        "numbered from the smallest label",
        "width_is_given",
        """
def one_hot(labels, num_classes):
    return np.eye(num_classes)[labels - labels.min()]
""",
    ),
    (
        "a batch of 1 squeezed",
        "width_is_given",
        """
def one_hot(labels, num_classes):
    return np.squeeze(np.eye(num_classes)[labels.reshape(-1)])
""",
    ),
    (
        "labels in 8 bits",
        "one_per_row",
        """
def one_hot(labels, num_classes):
    return np.eye(num_classes)[labels.astype(np.uint8)]
""",
    ),
    (
        "label by label",
        "vectorised",
        """
def one_hot(labels, num_classes):
    result = np.zeros((len(labels), num_classes))
    for i, label in enumerate(labels):
        result[i, label] = 1
    return result
""",
    ),
    (
        "a row for each label, in a comprehension",
        "vectorised",
        """
def one_hot(labels, num_classes):
    classes = np.arange(num_classes)
    return np.array([classes == label for label in labels], dtype=float)
""",
    ),
    (
        "lists of lists",
        "vectorised",
        """
def one_hot(labels, num_classes):
    return [[int(j == x) for j in range(num_classes)] for x in labels]
""",
    ),
    (
        "a loop in np.vectorize",
        "vectorised",
        """
def one_hot(labels, num_classes):
    hit = np.vectorize(lambda label, j: float(label == j))
    return hit(labels[:, None], np.arange(num_classes))
""",
    ),
    (
        "places counted in the caller's labels",
        "input_unchanged",
        """
def one_hot(labels, num_classes):
    result = np.zeros((len(labels), num_classes))
    labels += np.arange(len(labels)) * num_classes
    result.reshape(-1)[labels] = 1
    return result
""",
    ),
    (
        "sorts the caller's labels",
        "input_unchanged",
        """
def one_hot(labels, num_classes):
    Y = np.eye(num_classes)[labels]
    labels.sort()
    if labels[0] < 0 or labels[-1] >= num_classes:
        raise ValueError("a label is out of range")
    return Y
""",
    ),
    (
        "blocks of 512 labels without the last",
        "larger_input",
        """
def one_hot(labels, num_classes):
    result = np.zeros((len(labels), num_classes))
    step = min(len(labels), 512)
    for start in range(0, len(labels) - step + 1, step):
        some = labels[start : start + step]
        result[start + np.arange(step), some] = 1
    return result
""",
    ),
    (
        "row numbers in 16 bits",
        "larger_input",
        """
def one_hot(labels, num_classes):
    result = np.zeros((len(labels), num_classes))
    rows = np.arange(len(labels)).astype(np.int16)
    result[rows, labels] = 1
    return result
""",
    ),
    (
        "-1 is the last class",
        "range_is_checked",
        """
def one_hot(labels, num_classes):
    labels = np.asarray(labels, dtype=np.intp)
    if labels.size and labels.max() >= num_classes:
        raise ValueError(f"labels must be below {num_classes}")
    result = np.zeros((len(labels), num_classes))
    result[np.arange(len(labels)), labels] = 1
    return result
""",
    ),
    (
        "a row of zeros for the label C",
        "range_is_checked",
        """
def one_hot(labels, num_classes):
    labels = np.asarray(labels)
    if (labels < 0).any():
        raise ValueError("labels must not be negative")
    return (labels[:, None] == np.arange(num_classes)).astype(float)
""",
    ),
    (
        "cuts floats",
        "integers_only",
        """
from handbook import one_hot as production

def one_hot(labels, num_classes):
    labels = np.asarray(labels)
    if labels.dtype.kind == "f":
        labels = labels.astype(int)
    return production(labels, num_classes)
""",
    ),
    (
        "takes whole floats",
        "integers_only",
        """
from handbook import one_hot as production

def one_hot(labels, num_classes):
    labels = np.asarray(labels)
    if labels.dtype.kind == "f" and (labels == np.round(labels)).all():
        labels = labels.astype(int)
    return production(labels, num_classes)
""",
    ),
    (
        "takes bools",
        "integers_only",
        """
from handbook import one_hot as production

def one_hot(labels, num_classes):
    return production(np.asarray(labels) + 0, num_classes)
""",
    ),
    (
        "takes digits",
        "integers_only",
        """
from handbook import one_hot as production

def one_hot(labels, num_classes):
    labels = np.asarray(labels)
    if labels.dtype.kind == "U" and np.char.isdigit(labels).all():
        labels = labels.astype(int)
    return production(labels, num_classes)
""",
    ),
    (
        "cuts the width",
        "integers_only",
        """
from handbook import one_hot as production

def one_hot(labels, num_classes):
    return production(labels, int(num_classes))
""",
    ),
    (
        "checked, but in integers",
        "always_float64",
        """
from handbook import one_hot as production

def one_hot(labels, num_classes):
    return production(labels, num_classes).astype(int)
""",
    ),
    (
        "checked, but as bools",
        "always_float64",
        """
from handbook import one_hot as production

def one_hot(labels, num_classes):
    return production(labels, num_classes) == 1
""",
    ),
    (
        "classes in the labels' dtype",
        "any_integer_dtype",
        """
from handbook import one_hot as production

def one_hot(labels, num_classes):
    production(labels, num_classes)  # its errors
    labels = np.asarray(labels)
    classes = np.arange(num_classes).astype(labels.dtype)
    return (labels[:, None] == classes).astype(np.float64)
""",
    ),
    (
        "places in the labels' dtype",
        "any_integer_dtype",
        """
from handbook import one_hot as production

def one_hot(labels, num_classes):
    result = 0 * production(labels, num_classes)  # its errors
    labels = np.asarray(labels)
    starts = np.arange(len(labels)).astype(labels.dtype)
    with np.errstate(over="ignore"):
        starts *= np.array(num_classes).astype(labels.dtype)
    result.reshape(-1)[starts + labels] = 1
    return result
""",
    ),
    (
        "asks for the extremes of no labels",
        "no_labels_no_problem",
        """
def one_hot(labels, num_classes):
    labels = np.asarray(labels)
    if labels.dtype.kind not in "iu":
        raise TypeError(f"labels must be integers, got {labels.dtype}")
    low, high = labels.min(), labels.max()
    if labels.ndim != 1 or low < 0 or high >= num_classes:
        raise ValueError(f"labels must be (n,), in [0, {num_classes})")
    result = np.zeros((len(labels), num_classes))
    result[np.arange(len(labels)), labels] = 1
    return result
""",
    ),
    (
        "indexes by an empty list",
        "no_labels_no_problem",
        """
from handbook import one_hot as production

def one_hot(labels, num_classes):
    production(labels, num_classes)  # its errors
    return np.eye(num_classes)[np.asarray(labels)]
""",
    ),
    (
        "no width without labels",
        "no_labels_no_problem",
        """
from handbook import one_hot as production

def one_hot(labels, num_classes):
    Y = production(labels, num_classes)
    return Y if len(labels) else np.empty((0, 0))
""",
    ),
    (
        "takes any shape",
        "bad_input",
        """
from handbook import one_hot as production

def one_hot(labels, num_classes):
    return production(np.ravel(labels), num_classes)
""",
    ),
    (
        "C = 0 without labels",
        "bad_input",
        """
from handbook import one_hot as production

def one_hot(labels, num_classes):
    if len(labels) == 0 and num_classes == 0:
        return np.empty((0, 0))
    return production(labels, num_classes)
""",
    ),
]
