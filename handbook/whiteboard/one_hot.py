import numpy as np


def one_hot(labels, num_classes):
    """Turn each integer label into a row with a single 1."""
    Y = np.zeros((len(labels), num_classes))
    Y[np.arange(len(labels)), labels] = 1  # every (i, labels[i])
    return Y
