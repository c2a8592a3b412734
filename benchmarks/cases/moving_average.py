"""Moving average: more samples, and wider windows."""

import numpy as np
import pandas as pd
from scipy.ndimage import uniform_filter1d

from benchmarks.sweeps import Functions, Sweep, calls, normal, steps

OWN = (
    "handbook.moving_average moving_average moving_average_windows"
    " moving_average_convolve moving_average_differences"
)
OTHERS = "pandas rolling", "scipy uniform_filter1d", "bottleneck move_mean"
PEERS = {"handbook.moving_average": OTHERS}
SHOWN = (*OWN.split(), "bottleneck move_mean")


def functions(n: int, w: int) -> Functions:
    x = normal(n)
    series = pd.Series(x)
    return {
        **calls("moving_average", OWN, x, w),
        "pandas rolling": lambda: series.rolling(w).mean().to_numpy(),
        "scipy uniform_filter1d": lambda: uniform_filter1d(x, w),
        "np.cumsum(x)": lambda: np.cumsum(x),
        "x.copy()": lambda: x.copy(),
    }


def others(n: int, w: int) -> Functions:
    import bottleneck

    x = normal(n)
    return {"bottleneck move_mean": lambda: bottleneck.move_mean(x, w)}


SWEEPS = [
    Sweep(
        key="samples",
        axis="samples",
        setting="w = 50",
        sizes=steps(500, 500_000),
        functions=lambda n: functions(n, 50),
        others=lambda n: others(n, 50),
        elements=lambda n: n,
        exponents=dict.fromkeys(OWN.split(), 1.0),
        peers=PEERS,
        shown=SHOWN,
        memory=dict.fromkeys(OWN.split(), 1.0),
    ),
    Sweep(
        key="window",
        axis="samples in a window",
        setting="100,000 samples",
        sizes=steps(2, 5000),
        functions=lambda w: functions(100_000, w),
        others=lambda w: others(100_000, w),
        elements=lambda w: 100_000,
        exponents=dict.fromkeys(OWN.split(), 0.0)
        | {"moving_average_windows": 1.0, "moving_average_convolve": 1.0},
        crossings=tuple(
            (name, "moving_average_convolve") for name in OWN.split()[:2]
        ),
        peers=PEERS,
        shown=SHOWN,
    ),
]
