import heapq
import sys
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from sklearn.metrics import top_k_accuracy_score

from handbook import topk_per_row

FLOATS = ("float16", "float32", "float64", "longdouble")
SIGNED = ("int8", "int16", "int32", "int64")
UNSIGNED = ("uint8", "uint16", "uint32", "uint64")
DTYPES = ("bool", *SIGNED, *UNSIGNED, *FLOATS)


def largest(X, k):
    """Sort every row in Python, NaN above all, and keep the k largest."""
    rows = [
        sorted(row, key=lambda x: (x != x, x), reverse=True)[:k]
        for row in X.tolist()
    ]
    return np.array(rows, dtype=X.dtype).reshape(len(X), k)


def assert_is_topk(X, top, k):
    """Check columns and values, whichever of equal values were chosen."""
    assert top.dtype == np.intp
    assert top.shape == (len(X), k)
    assert all(len(set(row)) == k for row in top.tolist())
    assert ((top >= 0) & (top < X.shape[1])).all()
    values = np.take_along_axis(X, top, axis=1)
    np.testing.assert_array_equal(values, largest(X, k))


@st.composite
def scores_and_k(draw, dtypes=DTYPES):
    """Draw (n, d) scores, few and many ties, any bits, and a valid k."""
    dtype = np.dtype(draw(st.sampled_from(dtypes)))
    shape = (draw(st.integers(0, 5)), draw(st.integers(1, 9)))
    any_value = hnp.from_dtype(dtype)
    few_values = st.sampled_from(draw(st.lists(any_value, min_size=1)))
    elements = draw(st.sampled_from([any_value, few_values]))
    X = draw(hnp.arrays(dtype, shape, elements=elements))
    return X, draw(st.integers(1, shape[1]))


def calls(X, k):
    """List the functions called, with the shape of a method's array."""
    found = []

    def watch(frame, event, called):
        if event == "c_call":
            owner = getattr(called, "__self__", None)
            found.append((called.__name__, getattr(owner, "shape", None)))
        elif event == "call":
            found.append((frame.f_code.co_name, None))

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        topk_per_row(X, k)
    finally:
        sys.setprofile(before)
    return found


def test_published_values():
    X = [[3, 9, 1, 7], [5, 2, 8, 0]]
    np.testing.assert_array_equal(topk_per_row(X, 2), [[1, 3], [2, 0]])
    np.testing.assert_array_equal(topk_per_row(X, k=1), [[1], [2]])
    np.testing.assert_array_equal(
        topk_per_row(X, 4), [[1, 3, 0, 2], [2, 0, 1, 3]]
    )


@settings(deadline=None)
@given(scores_and_k())
def test_agrees_with_sorting_in_python(drawn):
    X, k = drawn
    assert_is_topk(X, topk_per_row(X, k), k)


@pytest.mark.parametrize("dtype", ["int16", "float32", "longdouble"])
@pytest.mark.parametrize("d", [2, 17, 64, 256, 257, 5000])
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


@pytest.mark.parametrize("k", [1, 2, 5, 9])
def test_agrees_with_top_k_accuracy_of_scikit_learn(rng, k):
    scores = rng.random((200, 10))
    labels = np.arange(200) % 10
    hits = (topk_per_row(scores, k) == labels[:, None]).any(axis=1)
    assert hits.mean() == top_k_accuracy_score(labels, scores, k=k)


def test_k_is_1_is_argmax(rng):
    X = rng.random((30, 40))
    np.testing.assert_array_equal(
        topk_per_row(X, 1)[:, 0], X.argmax(axis=1)
    )


def test_k_is_d_is_a_permutation(rng):
    top = topk_per_row(rng.random((30, 40)), 40)
    np.testing.assert_array_equal(
        np.sort(top), np.tile(np.arange(40), (30, 1))
    )


@settings(deadline=None)
@given(st.integers(1, 8).flatmap(lambda d: st.permutations(range(d))))
def test_larger_k_only_adds_columns(row):
    # all values differ, so that there is one answer for every k
    X = np.array([row])
    longest = topk_per_row(X, len(row))
    for k in range(1, len(row)):
        np.testing.assert_array_equal(topk_per_row(X, k), longest[:, :k])


@pytest.mark.parametrize("dtype", DTYPES)
def test_columns_may_be_shuffled(rng, dtype):
    X = (9 * rng.random((20, 30))).astype(dtype)  # integers: ties
    values = np.take_along_axis(X, topk_per_row(X, 7), axis=1)
    shuffled = X[:, rng.permutation(30)]
    moved = np.take_along_axis(shuffled, topk_per_row(shuffled, 7), axis=1)
    np.testing.assert_array_equal(moved, values)


def test_increasing_maps_change_nothing(rng):
    X = rng.permuted(np.tile(np.arange(1.0, 31), (20, 1)), axis=1)
    expected = topk_per_row(X, 7)
    for Y in (X - 100, 1e300 * X, 1e-300 * X, X**3, np.log(X), -1 / X):
        np.testing.assert_array_equal(topk_per_row(Y, 7), expected)


def test_a_row_does_not_depend_on_the_others(rng):
    X = rng.random((5, 9)) * [[1], [1e3], [-1], [1e100], [1e-100]]
    alone = np.concatenate([topk_per_row(row[None], 4) for row in X])
    np.testing.assert_array_equal(topk_per_row(X, 4), alone)


@pytest.mark.parametrize("dtype", [*SIGNED, *UNSIGNED])
def test_extreme_integers_are_in_order(dtype):
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    X = np.array(
        [[low, high, low + 1, high - 1], [1, low, high, 2]], dtype=dtype
    )
    np.testing.assert_array_equal(
        topk_per_row(X, 4), [[1, 3, 2, 0], [2, 3, 0, 1]]
    )


@pytest.mark.parametrize("dtype", ["int64", "uint64"])
def test_integers_beyond_53_bits_are_told_apart(dtype):
    X = np.array([[2**53, 2**53 + 1], [2**62 + 1, 2**62]], dtype=dtype)
    np.testing.assert_array_equal(topk_per_row(X, 1), [[1], [0]])


def test_bools():
    np.testing.assert_array_equal(
        topk_per_row([[False, True], [True, False]], 2), [[1, 0], [0, 1]]
    )


@pytest.mark.parametrize("dtype", FLOATS)
def test_nan_is_largest_and_infinities_are_numbers(dtype):
    info = np.finfo(dtype)
    X = np.array(
        [[0, np.inf, np.nan, -np.inf, info.max, info.min, info.tiny]],
        dtype=dtype,
    )
    np.testing.assert_array_equal(
        topk_per_row(X, 7), [[2, 1, 4, 6, 0, 5, 3]]
    )
    for k in range(1, 7):
        assert_is_topk(X, topk_per_row(X, k), k)


@pytest.mark.parametrize("dtype", FLOATS)
def test_more_nans_than_k(dtype):
    X = np.array([[1, np.nan, 2, np.nan, np.nan, 3]], dtype=dtype)
    assert set(topk_per_row(X, 2)[0].tolist()) < {1, 3, 4}
    top = topk_per_row(X, 4)[0].tolist()
    assert set(top[:3]) == {1, 3, 4}
    assert top[3] == 5


@pytest.mark.parametrize("dtype", DTYPES)
def test_ties_give_k_different_columns(dtype):
    X = np.ones((3, 600), dtype=dtype)
    X[:, ::7] = 0
    for k in (1, 5, 300, 550, 600):
        assert_is_topk(X, topk_per_row(X, k), k)


def test_zeros_of_both_signs_are_equal():
    X = np.array([[0.0, -0.0, -1.0, 0.0, -0.0]])
    assert sorted(topk_per_row(X, 4)[0].tolist()) == [0, 1, 3, 4]


@pytest.mark.parametrize("dtype", DTYPES)
def test_no_rows(dtype):
    top = topk_per_row(np.empty((0, 5), dtype), 3)
    assert top.shape == (0, 3)
    assert top.dtype == np.intp


def test_only_the_survivors_are_sorted(rng):
    names = ("sort", "argsort", "lexsort", "sorted")
    for X in (rng.random((4, 5000)), rng.random((2, 300))):
        found = [call for call in calls(X, 6) if call[0] in names]
        assert set(found) == {("argsort", None), ("argsort", (len(X), 6))}


def test_calls_do_not_grow_with_the_matrix(rng):
    names = [name for name, _ in calls(rng.random((2, 5)), 2)]
    assert [name for name, _ in calls(rng.random((90, 700)), 60)] == names


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
    assert top.nbytes == index // 1000


def test_answer_may_be_written_to(rng):
    top = topk_per_row(rng.random((3, 4)), 2)
    top[:] = 0
    assert top.flags.c_contiguous


def test_any_memory_layout(rng):
    X = rng.random((6, 8))
    X.flags.writeable = False
    for view in (np.asfortranarray(X), X[::2, ::-1], X.T, X.astype(">f8")):
        expected = topk_per_row(view.astype("f8", order="C"), 3)
        np.testing.assert_array_equal(topk_per_row(view, 3), expected)
    one = np.broadcast_to(np.arange(4.0), (3, 4))
    np.testing.assert_array_equal(topk_per_row(one, 2), [[3, 2]] * 3)


@pytest.mark.parametrize(
    "kind", ["int8", "uint8", "int32", "uint32", "int64", "uint64"]
)
def test_k_may_be_a_numpy_integer(kind):
    k = np.dtype(kind).type(2)
    np.testing.assert_array_equal(topk_per_row([[3, 9, 1]], k), [[1, 0]])


@pytest.mark.parametrize(
    ("X", "k", "error", "message"),
    [
        ([[1, 2, 3]], 0, ValueError, r"k in \[1, d\], got \(1, 3\) and 0"),
        ([[1, 2, 3]], -1, ValueError, r"got \(1, 3\) and -1"),
        ([[1, 2, 3]], 4, ValueError, r"got \(1, 3\) and 4"),
        (np.empty((0, 3)), 4, ValueError, r"got \(0, 3\) and 4"),
        (np.empty((3, 0)), 1, ValueError, r"got \(3, 0\) and 1"),
        (np.empty((3, 0)), 0, ValueError, r"got \(3, 0\) and 0"),
        ([1, 2, 3], 1, ValueError, r"X must be \(n, d\) .* got \(3,\)"),
        (7, 1, ValueError, r"X must be \(n, d\) .* got \(\) and 1"),
        ([[[1, 2]]], 1, ValueError, r"got \(1, 1, 2\) and 1"),
        ([[1, 2]], 1.0, TypeError, r"k must be an integer, got 1\.0"),
        ([[1, 2]], "1", TypeError, "k must be an integer, got '1'"),
        ([[1, 2]], None, TypeError, "k must be an integer, got None"),
        ([[1, 2]], np.float64(1), TypeError, "k must be an integer"),
        ([["a", "b"]], 1, TypeError, "X must be real, got dtype <U1"),
        ([[1j, 2]], 1, TypeError, "X must be real, got dtype complex128"),
        ([[None, 2]], 1, TypeError, "X must be real, got dtype object"),
        (
            np.zeros((1, 2), "M8[s]"),
            1,
            TypeError,
            r"X must be real, got dtype datetime64\[s\]",
        ),
    ],
)
def test_bad_input(X, k, error, message):
    with pytest.raises(error, match=message):
        topk_per_row(X, k)


@pytest.mark.parametrize("dtype", DTYPES)
def test_leaves_no_trace(untouched, dtype):
    with untouched(np.array([[1, 0, 1, 0], [0, 0, 1, 1]], dtype)) as X:
        topk_per_row(X, 2)


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.int64])
def test_k_may_be_any_integer_of_numpy(rng, kind):
    X = rng.standard_normal((2, 300))  # 300 does not fit into int8
    np.testing.assert_array_equal(
        topk_per_row(X, kind(5)), topk_per_row(X, 5)
    )
