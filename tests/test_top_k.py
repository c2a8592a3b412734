import heapq
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from handbook import topk_per_row
from handbook.solutions.top_k import one_by_one

FLOATS = ("float16", "float32", "float64", "longdouble")
SIGNED = ("int8", "int16", "int32", "int64")
UNSIGNED = ("uint8", "uint16", "uint32", "uint64")
DTYPES = ("bool", *SIGNED, *UNSIGNED, *FLOATS)


def assert_is_topk(X, top, k):
    """Sort rows in Python, NaN above all; any of equal values may win."""
    assert top.dtype == np.intp
    assert top.shape == (len(X), k)
    assert all(len(set(row)) == k for row in top.tolist())
    assert ((top >= 0) & (top < X.shape[1])).all()
    values = np.take_along_axis(X, top, axis=1)
    rows = [
        sorted(row, key=lambda x: (x != x, x), reverse=True)[:k]
        for row in X.tolist()
    ]
    expected = np.array(rows, dtype=X.dtype).reshape(len(X), k)
    np.testing.assert_array_equal(values, expected)


@st.composite
def scores_and_k(draw):
    """Draw (n, d) scores, few and many ties, any bits, and a valid k."""
    dtype = np.dtype(draw(st.sampled_from(DTYPES)))
    shape = (draw(st.integers(0, 5)), draw(st.integers(1, 9)))
    any_value = hnp.from_dtype(dtype)
    few_values = st.sampled_from(draw(st.lists(any_value, min_size=1)))
    elements = draw(st.sampled_from([any_value, few_values]))
    X = draw(hnp.arrays(dtype, shape, elements=elements))
    return X, draw(st.integers(1, shape[1]))


@given(scores_and_k())
def test_agrees_with_sorting_in_python(drawn):
    X, k = drawn
    assert_is_topk(X, topk_per_row(X, k), k)
    few = one_by_one(X, k) if X.size else None
    if few is not None:
        assert_is_topk(X, few, k)


@pytest.mark.parametrize("dtype", ["int16", "float32", "longdouble"])
@pytest.mark.parametrize("d", [2, 17, 64, 257, 800, 5000])
def test_agrees_with_heapq(rng, d, dtype):
    # NumPy's selection differs by width, dtype and CPU: float32 may go to
    # x86-simd-sort, which sorts up to 256 numbers outright
    X = np.stack([rng.permutation(d) for _ in range(3)]).astype(dtype)
    for k in {1, 2, d // 2, d - 1, d}:
        expected = [
            heapq.nlargest(k, range(d), key=row.__getitem__)
            for row in X.tolist()
        ]
        np.testing.assert_array_equal(topk_per_row(X, k), expected)


@pytest.mark.parametrize("dtype", DTYPES)
def test_ties_give_k_different_columns(dtype):
    X = np.ones((3, 600), dtype=dtype)
    X[:, ::7] = 0
    for k in (1, 5, 300, 550, 600):
        for scores in (X, X == 0, X * (np.arange(600) == 9)):
            assert_is_topk(scores, topk_per_row(scores, k), k)


@pytest.mark.parametrize("dtype", FLOATS)
def test_nan_is_largest_and_infinities_are_numbers(dtype):
    f = np.finfo(dtype)
    row = [0, np.inf, np.nan, -np.inf, f.max, f.min, f.tiny]
    top = topk_per_row(np.array([row], dtype=dtype), 7)
    np.testing.assert_array_equal(top, [[2, 1, 4, 6, 0, 5, 3]])
    wide = np.array([row + [-1] * 600] * 2, dtype=dtype)
    np.testing.assert_array_equal(
        topk_per_row(wide, 5), np.tile(top[:, :5], (2, 1))
    )


@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64"])
def test_peak_memory_is_one_index_per_element(dtype):
    X = np.ones((100, 5000), dtype=dtype)
    tracemalloc.start()
    top = topk_per_row(X, 5)
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    index = X.size * np.dtype(np.intp).itemsize
    assert peak < 1.1 * index
    assert kept < 0.1 * index  # no view that keeps the index alive
    assert top.flags.c_contiguous
    assert top.flags.writeable


def test_any_memory_layout(rng):
    X = rng.random((6, 8))
    X.flags.writeable = False
    for view in (np.asfortranarray(X), X[::2, ::-1], X.T, X.astype(">f8")):
        assert_is_topk(view, topk_per_row(view, 3), 3)
    one = np.broadcast_to(np.arange(4.0), (3, 4))
    np.testing.assert_array_equal(topk_per_row(one, 2), [[3, 2]] * 3)


@pytest.mark.parametrize(
    ("X", "k", "error", "message"),
    [
        ([[1, 2, 3]], 0, ValueError, r"k in \[1, d\], got \(1, 3\) and 0"),
        (np.empty((3, 0)), 0, ValueError, r"got \(3, 0\) and 0"),
        ([1, 2, 3], 1, ValueError, r"X must be \(n, d\) .* got \(3,\)"),
        ([[1, 2]], 1.0, TypeError, r"k must be an integer, got 1\.0"),
        ([[1, 2]], "1", TypeError, "k must be an integer, got '1'"),
        ([["a", "b"]], 1, TypeError, "X must be real, got dtype <U1"),
        ([[None, 2]], 1, TypeError, "X must be real, got dtype object"),
        (np.zeros((1, 2), "M8[s]"), 1, TypeError, "got dtype datetime64"),
    ],
)
def test_bad_input(X, k, error, message):
    with pytest.raises(error, match=message):
        topk_per_row(X, k)


@pytest.mark.parametrize("dtype", DTYPES)
def test_leaves_no_trace(untouched, dtype):
    with untouched(np.array([[1, 0, 1, 0], [0, 0, 1, 1]], dtype)) as X:
        topk_per_row(X, 2)
