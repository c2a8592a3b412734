"""ROC AUC: more rows, and more ties among as many rows."""

import numpy as np
from scipy.stats import rankdata
from sklearn.metrics import roc_auc_score

from benchmarks.sweeps import Sweep, calls, normal, steps, versions

OWN = versions("roc_auc", "search", "curve")
PAIRS = "roc_auc_pairs"
SKLEARN, SCIPY = "sklearn roc_auc_score", "scipy rankdata, summed"
SORT = "np.sort(scores)"
SHOWN = [*OWN[:2], "roc_auc_curve", PAIRS, SKLEARN, SORT]
PEERS = {"handbook.roc_auc": [SKLEARN, SCIPY]}
LIMITS = {OWN[0]: SORT}


def areas(scores, names):
    y = np.arange(len(scores)) % 2
    p = len(scores) // 2

    def summed():
        ranks = rankdata(scores)[y == 1].sum()
        return (ranks - p * (p + 1) / 2) / (p * (len(y) - p))

    return {
        **calls("roc_auc", names, y, scores),
        SKLEARN: lambda: roc_auc_score(y, scores),
        SCIPY: summed,
        SORT: lambda: np.sort(scores),
    }


SWEEPS = [
    Sweep(
        key="rows",
        setting="half of them positive, float64, no ties",
        sizes=steps(100, 500_000),
        at=lambda n: (n, areas(normal(n), [*OWN, PAIRS])),
        exponents={1.1: OWN},
        memory={1: OWN, 2: [PAIRS]},
        crossings=[(OWN[0], PAIRS)],
        shown=SHOWN,
    ),
    Sweep(
        key="values",
        axis="distinct scores",
        setting="100,000 rows, half of them positive, float64",
        sizes=steps(2, 50_000),
        at=lambda k: (
            100_000,
            areas(
                np.random.default_rng(0).integers(0, k, 100_000) / k, OWN
            ),
        ),
        shown=[*OWN[:3], SKLEARN, SCIPY, SORT],
    ),
]
