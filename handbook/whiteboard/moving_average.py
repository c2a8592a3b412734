import numpy as np


def moving_average(arr, window):
    """Average each window of neighbouring samples."""
    c = np.cumsum(np.concatenate([[0.0], arr]))  # (n + 1,)
    return (c[window:] - c[:-window]) / window  # (n - w + 1,)
