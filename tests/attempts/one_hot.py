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
        "counts from 1",
        "one_per_row",
        """
def one_hot(labels, num_classes):
    return np.eye(num_classes)[labels - 1]
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
        "renumbered, in the width that is given",
        "width_is_given",
        """
def one_hot(labels, num_classes):
    columns = np.searchsorted(np.unique(labels), labels)
    return np.eye(num_classes)[columns]
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
        "takes bools",
        "integers_only",
        """
from handbook import one_hot as production

def one_hot(labels, num_classes):
    return production(np.asarray(labels) + 0, num_classes)
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
        "takes any shape",
        "bad_input",
        """
from handbook import one_hot as production

def one_hot(labels, num_classes):
    return production(np.ravel(labels), num_classes)
""",
    ),
]
