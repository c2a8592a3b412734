"""Convolution: more images, and wider kernels."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.signal import correlate

from benchmarks.sweeps import Sweep, calls, normal, pytorch, steps, versions

OWN = versions("conv2d", "im2col", "entries", "fourier")
TORCH, SCIPY = "torch conv2d", "scipy correlate"
PLAIN = "np.einsum without optimize"
PEERS = {OWN[0]: [TORCH, SCIPY]}
LIMITS = {OWN[0]: "W @ columns"}


def convolutions(n, c, size, f, k):
    x = normal(n, c, size, size, dtype="float32")
    w = normal(f, c, k, k, dtype="float32", seed=1)
    torch, X, W = pytorch(x, w)

    windows = sliding_window_view(x, (k, k), axis=(2, 3))
    columns = windows.transpose(0, 1, 4, 5, 2, 3)
    columns = columns.reshape(n, c * k * k, -1)

    def plain():
        return np.einsum("ncijkl,fckl->nfij", windows, w)

    return x.size, {
        **calls("conv2d", OWN, x, w),
        PLAIN: plain,
        SCIPY: lambda: [
            [correlate(image, kernel, "valid")[0] for kernel in w]
            for image in x
        ],
        TORCH: lambda: torch.nn.functional.conv2d(X, W),
        LIMITS[OWN[0]]: lambda: w.reshape(f, -1) @ columns,
    }


SWEEPS = [
    Sweep(
        key="images",
        setting="3 channels of 16 × 16, 8 filters of 3 × 3, float32",
        sizes=steps(1, 1000),
        at=lambda n: convolutions(n, 3, 16, 8, 3),
        exponents={1: OWN},
        fit=(50, 1000),
        memory={1: OWN[1:]},
        shown=[*OWN[:4], PLAIN, TORCH],
    ),
    Sweep(
        key="kernel",
        axis="width of the kernel",
        setting="an image of 4 channels, 64 × 64, 8 filters, float32",
        sizes=(1, 2, 3, 5, 7, 11, 15, 21, 31),
        at=lambda k: convolutions(1, 4, 64, 8, k),
        crossings=[(OWN[0], OWN[4])],
        shown=[*OWN, TORCH],
    ),
]
