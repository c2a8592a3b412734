import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def conv2d(x, w, stride=1, padding=0):
    """Slide each filter over each image, without flipping it."""
    border = (padding, padding)
    x = np.pad(x, ((0, 0), (0, 0), border, border))
    windows = sliding_window_view(x, w.shape[2:], axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]  # (n, c, oh, ow, kh, kw)
    return np.einsum("ncijkl,fckl->nfij", windows, w, optimize=True)
