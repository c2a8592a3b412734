"""Moving average: more samples, and wider windows."""

import numpy as np
import pandas as pd
from scipy.ndimage import uniform_filter1d

from benchmarks.sweeps import Sweep, calls, library, normal, steps, versions

OWN = versions("moving_average", "windows", "convolve", "differences")
OURS, PLAIN, WINDOWS, CONVOLVE, DIFFERENCES = OWN
MOVE_MEAN = "bottleneck move_mean"
SHOWN = [*OWN, MOVE_MEAN]
PEERS = {OURS: ["pandas rolling", "scipy uniform_filter1d", MOVE_MEAN]}
LIMITS = {OURS: "x.copy()"}
MORE_MEMORY = {OURS: "two pieces that stay in the cache"}


def averages(n, w):
    x = normal(n)
    series, bottleneck = pd.Series(x), library("bottleneck")
    return n, {
        **calls("moving_average", OWN, x, w),
        "pandas rolling": lambda: series.rolling(w).mean().to_numpy(),
        "scipy uniform_filter1d": lambda: uniform_filter1d(x, w),
        "np.cumsum(x)": lambda: np.cumsum(x),
        "x.copy()": lambda: x.copy(),
        MOVE_MEAN: lambda: bottleneck.move_mean(x, w),
    }


SWEEPS = [
    Sweep(
        key="samples",
        setting="w = 50, float64",
        sizes=steps(500, 500_000),
        at=lambda n: averages(n, 50),
        exponents={1: OWN},
        memory={1: OWN[1:]},  # production adds pieces of one size
        shown=SHOWN,
    ),
    Sweep(
        key="window",
        axis="samples in a window",
        setting="100,000 samples, float64",
        sizes=steps(2, 5000),
        at=lambda w: averages(100_000, w),
        exponents={0: [OURS, PLAIN, DIFFERENCES], 1: [WINDOWS, CONVOLVE]},
        crossings=[(OURS, CONVOLVE), (PLAIN, CONVOLVE)],
        shown=SHOWN,
    ),
]
