from tests.attempts import parsed

ATTEMPTS = parsed(
    """
# accept: original
def one_hot(labels, num_classes):
    n = len(labels)
    result = np.zeros((n, num_classes))
    result[np.arange(n), labels] = 1
    return result

# accept: identity rows
def one_hot(labels, num_classes):
    return np.eye(num_classes)[labels]

# accept: identity rows, for any shape of labels
def one_hot(labels, num_classes):
    targets = np.array(labels)
    rows = np.eye(num_classes, dtype=int)[targets.reshape(-1)]
    return rows.reshape(list(targets.shape) + [num_classes])

# accept: comparison with every class
def one_hot(labels, num_classes):
    return (labels[:, None] == np.arange(num_classes)).astype(float)

# accept: bools
def one_hot(labels, num_classes):
    return np.reshape(labels, (-1, 1)) == np.arange(num_classes)

# accept: put along an axis
def one_hot(labels, num_classes):
    Y = np.zeros((labels.size, num_classes))
    np.put_along_axis(Y, np.expand_dims(labels, 1), 1, axis=1)
    return Y

# accept: flat index
def one_hot(labels, num_classes):
    Y = np.zeros(len(labels) * num_classes)
    Y[np.arange(len(labels)) * num_classes + labels] = 1
    return Y.reshape(-1, num_classes)

# accept: loop over the classes
def one_hot(labels, num_classes):
    columns = [labels == c for c in range(num_classes)]
    return np.stack(columns, axis=1).astype(float)

# accept: checked by assert, as lists
def one_hot(labels, num_classes):
    assert labels.min() >= 0 and labels.max() < num_classes
    return np.take(np.identity(num_classes), labels, axis=0).tolist()

# one_per_row: a slice for the rows
def one_hot(labels, num_classes):
    result = np.zeros((len(labels), num_classes))
    result[:, labels] = 1
    return result

# one_per_row: row and column exchanged
def one_hot(labels, num_classes):
    result = np.zeros((len(labels), num_classes))
    result[labels, np.arange(len(labels))] = 1
    return result

# one_per_row: counts from 1
def one_hot(labels, num_classes):
    return np.eye(num_classes)[labels - 1]

# width_is_given: width from the largest label
def one_hot(labels, num_classes):
    return np.eye(labels.max() + 1)[labels]

# width_is_given: renumbered, in the width that is given
def one_hot(labels, num_classes):
    columns = np.searchsorted(np.unique(labels), labels)
    return np.eye(num_classes)[columns]

# width_is_given: a batch of 1 squeezed
def one_hot(labels, num_classes):
    return np.squeeze(np.eye(num_classes)[labels.reshape(-1)])

# vectorised: label by label
def one_hot(labels, num_classes):
    result = np.zeros((len(labels), num_classes))
    for i, label in enumerate(labels):
        result[i, label] = 1
    return result

# vectorised: a row for each label, in a comprehension
def one_hot(labels, num_classes):
    classes = np.arange(num_classes)
    return np.array([classes == label for label in labels], dtype=float)

# input_unchanged: places counted in the caller's labels
def one_hot(labels, num_classes):
    result = np.zeros((len(labels), num_classes))
    labels += np.arange(len(labels)) * num_classes
    result.reshape(-1)[labels] = 1
    return result

# larger_input: row numbers in 16 bits
def one_hot(labels, num_classes):
    result = np.zeros((len(labels), num_classes))
    rows = np.arange(len(labels)).astype(np.int16)
    result[rows, labels] = 1
    return result

# range_is_checked: -1 is the last class
def one_hot(labels, num_classes):
    labels = np.asarray(labels, dtype=np.intp)
    if labels.size and labels.max() >= num_classes:
        raise ValueError(f"labels must be below {num_classes}")
    result = np.zeros((len(labels), num_classes))
    result[np.arange(len(labels)), labels] = 1
    return result

# range_is_checked: a row of zeros for the label C
def one_hot(labels, num_classes):
    labels = np.asarray(labels)
    if (labels < 0).any():
        raise ValueError("labels must not be negative")
    return (labels[:, None] == np.arange(num_classes)).astype(float)

# integers_only: cuts floats
from handbook import one_hot as production

def one_hot(labels, num_classes):
    labels = np.asarray(labels)
    if labels.dtype.kind == "f":
        labels = labels.astype(int)
    return production(labels, num_classes)

# integers_only: takes bools
from handbook import one_hot as production

def one_hot(labels, num_classes):
    return production(np.asarray(labels) + 0, num_classes)

# always_float64: checked, but in integers
from handbook import one_hot as production

def one_hot(labels, num_classes):
    return production(labels, num_classes).astype(int)

# any_integer_dtype: classes in the labels' dtype
from handbook import one_hot as production

def one_hot(labels, num_classes):
    production(labels, num_classes)  # its errors
    labels = np.asarray(labels)
    classes = np.arange(num_classes).astype(labels.dtype)
    return (labels[:, None] == classes).astype(np.float64)

# no_labels_no_problem: indexes by an empty list
from handbook import one_hot as production

def one_hot(labels, num_classes):
    production(labels, num_classes)  # its errors
    return np.eye(num_classes)[np.asarray(labels)]

# bad_input: takes any shape
from handbook import one_hot as production

def one_hot(labels, num_classes):
    return production(np.ravel(labels), num_classes)
"""
)
