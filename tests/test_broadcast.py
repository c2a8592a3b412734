import tracemalloc

import numpy as np
import pytest
import scipy.special
import sklearn.preprocessing

from handbook import (
    cross_entropy,
    l1_normalize,
    l2_normalize,
    layer_norm,
    softmax,
)
from handbook.broadcast import unbuffer

LABELS = np.arange(60)
FUNCTIONS = {
    "softmax": (softmax, lambda X: scipy.special.softmax(X, axis=1)),
    "l1_normalize": (
        l1_normalize,
        lambda X: sklearn.preprocessing.normalize(X, "l1"),
    ),
    "l2_normalize": (l2_normalize, sklearn.preprocessing.normalize),
    "layer_norm": (
        lambda X: layer_norm(X, np.arange(500.0), np.ones(500), eps=1),
        lambda X: [
            (x - x.mean()) / (x.var() + 1) ** 0.5 * np.arange(500) + 1
            for x in X
        ],
    ),
    "cross_entropy": (
        lambda X: cross_entropy(X, LABELS)[1] * 60 + np.eye(60, 500),
        lambda X: scipy.special.softmax(X, axis=1),
    ),
}


@pytest.mark.parametrize("shift", [0, 1000])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_long_rows(rng, untouched, name, shift):
    X = rng.standard_normal((60, 500))
    X[0] += shift
    function, expected = FUNCTIONS[name]
    with untouched(X):
        result = function(X)
    np.testing.assert_allclose(result, expected(X), rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize(
    ("shape", "copied"),
    [((60, 500), False), ((300, 100), True), ((20, 500), True)],
)
def test_what_is_broadcast_is_copied(shape, copied):
    X, m = np.ones(shape), np.ones((shape[0], 1))
    tracemalloc.start()
    with np.errstate():
        unbuffer(X)
        X -= m
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # a buffer of 8,192 numbers takes 65.5 kB, one of 256 2 kB
    assert peak > 60_000 if copied else peak < 5_000


@pytest.mark.parametrize(
    "arrays",
    [
        (np.ones((500, 60)).T,),
        (np.ones((60, 500), np.longdouble),),
        (np.ones((300, 500), np.float16),),
        (np.ones((10, 5000)),),
        (np.ones((60, 500)), np.ones(500, np.float32)),
    ],
    ids=["transposed", "longdouble", "float16", "longest", "cast"],
)
def test_what_would_not_gain_keeps_its_buffer(arrays):
    with np.errstate():
        before = np.getbufsize()
        unbuffer(*arrays)
        assert np.getbufsize() == before
