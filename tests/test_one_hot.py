import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from sklearn.preprocessing import OneHotEncoder

from handbook import one_hot

SIGNED = ("int8", "int16", "int32", "int64")
INTEGERS = (*SIGNED, "uint8", "uint16", "uint32", "uint64")
each_integer = pytest.mark.parametrize("dtype", INTEGERS)


@st.composite
def cases(draw):
    """Draw labels, n from 0 on, of any integer dtype, and a C for them."""
    dtype = draw(st.sampled_from(INTEGERS))
    num_classes = draw(st.integers(1, 30))
    labels = draw(st.lists(st.integers(0, num_classes - 1), max_size=9))
    return np.array(labels, dtype=dtype), num_classes


@given(cases())
def test_agrees_with_a_loop(case):
    labels, num_classes = case
    Y = one_hot(labels, num_classes)
    assert type(Y) is np.ndarray
    assert Y.shape == (len(labels), num_classes)
    assert Y.dtype == np.float64
    for label, row in zip(labels.tolist(), Y.tolist(), strict=True):
        assert row == [float(j == label) for j in range(num_classes)]


def test_agrees_with_scikit_learn(rng):
    labels = rng.integers(0, 13, 500)
    encoder = OneHotEncoder(categories=[range(20)], sparse_output=False)
    np.testing.assert_array_equal(
        one_hot(labels, 20), encoder.fit_transform(labels[:, None])
    )


def test_agrees_with_compressed_sparse_rows(rng):
    # the page says that the three arrays are ones, the labels and 0 to n
    labels = rng.integers(0, 50, 200)
    three = np.ones(200), labels, np.arange(201)
    matrix = sparse.csr_array(three, shape=(200, 50))
    np.testing.assert_array_equal(one_hot(labels, 50), matrix.toarray())


@each_integer
def test_beyond_what_a_small_dtype_can_count(dtype):
    # 70,000 columns and 300 rows: more than (u)int16 and (u)int8 hold
    largest = min(np.iinfo(dtype).max, 69_999)
    Y = one_hot(np.array([100, largest], dtype=dtype), 70_000)
    assert np.argwhere(Y).tolist() == [[0, 100], [1, largest]]
    rows, columns = np.nonzero(one_hot(np.full(300, 100, dtype), 101))
    np.testing.assert_array_equal(rows, np.arange(300))
    np.testing.assert_array_equal(columns, np.full(300, 100))


@pytest.mark.parametrize("kind", [int, np.int8, np.uint8, np.uint64])
def test_number_of_classes_of_any_integer_type(kind):
    for dtype in INTEGERS:
        Y = one_hot(np.array([2], dtype=dtype), kind(3))
        assert Y.tolist() == [[0, 0, 1]]


@pytest.mark.parametrize(
    "labels",
    [
        (),
        np.array([]),
        (0, 1),
        range(2),
        [np.int8(0), np.int8(1)],
        np.array([1, 0])[::-1],
        np.array([[0, 7], [1, 7]])[:, 0],
        np.array([0, 1]).astype(np.dtype(int).newbyteorder()),
    ],
)
def test_any_sequence_and_memory_layout(labels):
    Y = one_hot(labels, 2)
    assert Y.dtype == np.float64
    np.testing.assert_array_equal(Y, np.identity(2)[: len(labels)])


@pytest.mark.parametrize(
    ("dtype", "bad"),
    [
        *((dtype, bad) for dtype in SIGNED for bad in (-1, -3, "min")),
        *((dtype, bad) for dtype in INTEGERS for bad in (3, "max")),
    ],
)
def test_a_label_outside_is_named(dtype, bad):
    if isinstance(bad, str):
        bad = getattr(np.iinfo(dtype), bad)
    message = rf"^labels must be in \[0, 3\), got {bad}$"
    with pytest.raises(ValueError, match=message):
        one_hot(np.array([0, bad, 1], dtype=dtype), 3)


def test_the_largest_label_outside_is_named():
    with pytest.raises(ValueError, match=r"got 9$"):
        one_hot([0, 7, -1, 9], 3)


@pytest.mark.parametrize(
    ("labels", "num_classes", "message"),
    [
        ([], 0, r"num_classes >= 1, got \(0,\) and 0"),
        ([0], 0, r"num_classes >= 1, got \(1,\) and 0"),
        ([0], -(2**40), rf"num_classes >= 1, got \(1,\) and {-(2**40)}"),
        ([0], np.int8(-5), r"num_classes >= 1, got \(1,\) and -5"),
        (1, 2, r"labels must be \(n,\) .*got \(\) and 2"),
        ([[1]], 2, r"labels must be \(n,\) .*got \(1, 1\) and 2"),
        (np.empty((0, 3)), 2, r"must be \(n,\) .*got \(0, 3\) and 2"),
        ([[0], [0, 1]], 2, "inhomogeneous.*"),
    ],
)
def test_sizes_that_are_wrong(labels, num_classes, message):
    with pytest.raises(ValueError, match=f"{message}$"):
        one_hot(labels, num_classes)


@pytest.mark.parametrize(
    ("labels", "num_classes", "message"),
    [
        ([1.0], 2, "labels must be integers, got float64"),
        (np.array([1], np.float16), 2, "labels must .* got float16"),
        ([True, False], 2, "labels must be integers, got bool"),
        (["1"], 2, "labels must be integers, got <U1"),
        ([1j], 2, "labels must be integers, got complex128"),
        ([None], 2, "labels must be integers, got object"),
        ([2**70], 2, "labels must be integers, got object"),
        (np.array([1], "m8[s]"), 2, r"labels must .* timedelta64\[s\]"),
        ([], 2.0, r"num_classes must be int, got 2\.0"),
        ([0], np.float64(2), r"must be int, got np\.float64\(2\.0\)"),
        ([0], "2", "num_classes must be int, got '2'"),
        ([], None, "num_classes must be int, got None"),
        ([0], np.array(2), r"num_classes must be int, got array\(2\)"),
        ([0], np.True_, r"num_classes must be int, got np\.True_"),
        ([0], True, ".*integer.*"),
    ],
)
def test_kinds_that_are_wrong(labels, num_classes, message):
    with pytest.raises(TypeError, match=f"{message}$"):
        one_hot(labels, num_classes)


def test_num_classes_is_never_guessed():
    required = inspect.signature(one_hot).parameters["num_classes"]
    assert required.default is inspect.Parameter.empty


@each_integer
def test_leaves_no_trace(untouched, dtype):
    for labels in ([1, 0, 2], []):
        with untouched(np.array(labels, dtype=dtype)) as array:
            Y = one_hot(array, 3)
        assert Y.flags.c_contiguous
        assert Y.flags.writeable
