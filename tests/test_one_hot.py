import inspect

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.metrics import confusion_matrix
from sklearn.preprocessing import OneHotEncoder

from handbook import one_hot

SIGNED = ("int8", "int16", "int32", "int64")
UNSIGNED = ("uint8", "uint16", "uint32", "uint64")


@st.composite
def cases(draw):
    """Draw labels, n from 0 on, of any integer dtype, and a C for them."""
    dtype = draw(st.sampled_from(SIGNED + UNSIGNED))
    num_classes = draw(st.integers(1, 30))
    labels = draw(st.lists(st.integers(0, num_classes - 1), max_size=9))
    return np.array(labels, dtype=dtype), num_classes


def by_hand(labels, num_classes):
    return [
        [1.0 if j == label else 0.0 for j in range(num_classes)]
        for label in labels.tolist()
    ]


def test_worked_example():
    Y = one_hot([2, 0, 1], num_classes=4)
    assert type(Y) is np.ndarray
    assert Y.dtype == np.float64
    np.testing.assert_array_equal(
        Y, [[0, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 0]]
    )


@settings(deadline=None)
@given(cases())
def test_agrees_with_a_loop(case):
    labels, num_classes = case
    Y = one_hot(labels, num_classes)
    assert Y.shape == (len(labels), num_classes)
    assert Y.dtype == np.float64
    assert Y.tolist() == by_hand(labels, num_classes)


@settings(deadline=None)
@given(cases())
def test_there_is_one_1_per_row_and_argmax_finds_it(case):
    labels, num_classes = case
    Y = one_hot(labels, num_classes)
    assert np.isin(Y, (0, 1)).all()
    np.testing.assert_array_equal(Y.sum(axis=1), np.ones(len(labels)))
    np.testing.assert_array_equal(Y.argmax(axis=1), labels)


@settings(deadline=None)
@given(cases(), st.randoms(use_true_random=False))
def test_a_row_depends_on_its_label_only(case, random):
    labels, num_classes = case
    order = list(range(len(labels)))
    random.shuffle(order)
    order = np.array(order, dtype=np.intp)
    Y = one_hot(labels, num_classes)
    np.testing.assert_array_equal(
        one_hot(labels[order], num_classes), Y[order]
    )
    for label, row in zip(labels, Y, strict=True):
        np.testing.assert_array_equal(one_hot([label], num_classes), [row])


@settings(deadline=None)
@given(cases(), st.integers(1, 9))
def test_more_classes_append_columns_of_zeros(case, more):
    labels, num_classes = case
    wide = one_hot(labels, num_classes + more)
    np.testing.assert_array_equal(
        wide, np.pad(one_hot(labels, num_classes), ((0, 0), (0, more)))
    )


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
    # and that without the shape SciPy guesses C
    few = sparse.csr_array((np.ones(2), np.array([0, 2]), np.arange(3)))
    assert few.shape == (2, 3)


def test_product_of_two_is_the_confusion_matrix(rng):
    truth, guess = rng.integers(0, 6, (2, 300))
    np.testing.assert_array_equal(
        one_hot(truth, 6).T @ one_hot(guess, 6),
        confusion_matrix(truth, guess, labels=range(6)),
    )


def test_times_a_matrix_is_a_row_look_up(rng):
    labels, W = rng.integers(0, 9, 40), rng.standard_normal((9, 3))
    np.testing.assert_array_equal(one_hot(labels, 9) @ W, W[labels])


def test_all_classes_in_order_give_the_identity():
    np.testing.assert_array_equal(one_hot(range(12), 12), np.identity(12))


def test_one_class():
    np.testing.assert_array_equal(one_hot([0, 0], 1), [[1], [1]])


def test_equal_labels_give_equal_rows():
    np.testing.assert_array_equal(one_hot([1, 1], 3), [[0, 1, 0]] * 2)


@pytest.mark.parametrize("dtype", [*SIGNED, *UNSIGNED])
def test_any_integer_dtype(dtype):
    Y = one_hot(np.array([2, 0, 127], dtype=dtype), 128)
    assert Y.dtype == np.float64
    assert [np.flatnonzero(row).tolist() for row in Y] == [[2], [0], [127]]


@pytest.mark.parametrize("dtype", [*SIGNED, *UNSIGNED])
def test_beyond_what_a_small_dtype_can_count(dtype):
    # 70,000 columns and 300 rows: more than (u)int16 and (u)int8 hold
    largest = min(np.iinfo(dtype).max, 69_999)
    Y = one_hot(np.array([100, largest], dtype=dtype), 70_000)
    assert np.argwhere(Y).tolist() == [[0, 100], [1, largest]]
    rows, columns = np.nonzero(one_hot(np.full(300, 100, dtype), 101))
    np.testing.assert_array_equal(rows, np.arange(300))
    np.testing.assert_array_equal(columns, np.full(300, 100))


@pytest.mark.parametrize(
    "kind", [int, np.int8, np.uint8, np.int64, np.uint64, np.intp]
)
def test_number_of_classes_of_any_integer_type(kind):
    for dtype in (*SIGNED, *UNSIGNED):
        Y = one_hot(np.array([2], dtype=dtype), kind(3))
        assert Y.tolist() == [[0, 0, 1]]


@pytest.mark.parametrize(
    "labels",
    [
        [],
        (),
        np.array([]),
        *(np.array([], dtype=d) for d in (*SIGNED, *UNSIGNED)),
    ],
)
def test_no_labels(labels):
    Y = one_hot(labels, 3)
    assert Y.shape == (0, 3)
    assert Y.dtype == np.float64


@pytest.mark.parametrize(
    "labels", [(1, 0), range(2), [np.int8(1), np.int8(0)]]
)
def test_any_sequence(labels):
    expected = np.zeros((2, 2))
    for row, label in enumerate(labels):
        expected[row][label] = 1
    np.testing.assert_array_equal(one_hot(labels, 2), expected)


def test_any_memory_layout(rng):
    grid = rng.integers(0, 5, (8, 6))
    for view in (grid[:, 1], grid[0, ::-2], grid.T[2], grid[::3, 0]):
        np.testing.assert_array_equal(
            one_hot(view, 5), one_hot(view.copy(), 5)
        )
    swapped = grid[0].astype(grid.dtype.newbyteorder())
    np.testing.assert_array_equal(one_hot(swapped, 5), one_hot(grid[0], 5))


def test_result_is_new_and_writeable():
    first = one_hot([0, 1], 2)
    first[:] = 7
    np.testing.assert_array_equal(one_hot([0, 1], 2), [[1, 0], [0, 1]])
    assert first.flags.c_contiguous


@pytest.mark.parametrize("dtype", SIGNED)
@pytest.mark.parametrize("label", ["-1", "-3", "min"])
def test_negative_labels_do_not_wrap(dtype, label):
    bad = np.iinfo(dtype).min if label == "min" else int(label)
    message = rf"labels must be in \[0, 3\), got {bad}$"
    with pytest.raises(ValueError, match=message):
        one_hot(np.array([0, bad, 1], dtype=dtype), 3)


@pytest.mark.parametrize("dtype", [*SIGNED, *UNSIGNED])
@pytest.mark.parametrize("label", ["3", "max"])
def test_labels_from_num_classes_on(dtype, label):
    bad = np.iinfo(dtype).max if label == "max" else int(label)
    message = rf"labels must be in \[0, 3\), got {bad}$"
    with pytest.raises(ValueError, match=message):
        one_hot(np.array([2, bad], dtype=dtype), 3)


def test_the_first_bad_label_is_named():
    with pytest.raises(ValueError, match=r"got 9$"):
        one_hot([0, 9, -1, 7], 3)


@pytest.mark.parametrize("num_classes", [0, -1, -(2**40), np.int8(-5)])
@pytest.mark.parametrize("labels", [[], [0]])
def test_too_few_classes(labels, num_classes):
    shape = rf"\({len(labels)},\)"
    message = rf"num_classes >= 1, got {shape} and {num_classes}$"
    with pytest.raises(ValueError, match=message):
        one_hot(labels, num_classes)


@pytest.mark.parametrize(
    ("labels", "shape"),
    [
        (1, r"\(\)"),
        ([[1]], r"\(1, 1\)"),
        (np.empty((0, 3)), r"\(0, 3\)"),
        (np.empty((3, 0), int), r"\(3, 0\)"),
        ([[0, 1], [1, 0]], r"\(2, 2\)"),
    ],
)
def test_labels_that_are_not_one_dimensional(labels, shape):
    message = rf"labels must be \(n,\) .*got {shape} and 2$"
    with pytest.raises(ValueError, match=message):
        one_hot(labels, 2)


@pytest.mark.parametrize(
    ("labels", "dtype"),
    [
        ([1.0], "float64"),
        ([np.nan], "float64"),
        (np.array([1], np.float16), "float16"),
        ([True, False], "bool"),
        (["a"], "<U1"),
        (["1"], "<U1"),
        ([b"1"], r"\|S1"),
        ([1j], "complex128"),
        ([None], "object"),
        ([2**70], "object"),
        (np.array([1], "m8[s]"), r"timedelta64\[s\]"),
        (np.array([1], "M8[s]"), r"datetime64\[s\]"),
    ],
)
def test_labels_that_are_not_integers(labels, dtype):
    message = f"labels must be integers, got {dtype}$"
    with pytest.raises(TypeError, match=message):
        one_hot(labels, 2)


@pytest.mark.parametrize("labels", [[], [0]])
@pytest.mark.parametrize(
    ("num_classes", "shown"),
    [
        (2.0, r"2\.0"),
        (np.float64(2), r"np\.float64\(2\.0\)"),
        ("2", "'2'"),
        (None, "None"),
        ([2], r"\[2\]"),
        (np.array(2), r"array\(2\)"),
        (2j, "2j"),
        (np.True_, r"np\.True_"),
    ],
)
def test_num_classes_that_is_not_an_integer(labels, num_classes, shown):
    message = f"num_classes must be int, got {shown}$"
    with pytest.raises(TypeError, match=message):
        one_hot(labels, num_classes)


def test_a_python_bool_is_no_number_of_classes():
    with pytest.raises(TypeError, match="integer"):
        one_hot([0], True)


def test_num_classes_is_never_guessed():
    required = inspect.signature(one_hot).parameters["num_classes"]
    assert required.default is inspect.Parameter.empty


def test_ragged_lists():
    with pytest.raises(ValueError, match="inhomogeneous"):
        one_hot([[0], [0, 1]], 2)


@pytest.mark.parametrize("dtype", [*SIGNED, *UNSIGNED])
def test_leaves_no_trace(untouched, dtype):
    with untouched(np.array([1, 0, 2], dtype=dtype)) as labels:
        one_hot(labels, 3)
    with untouched(np.array([], dtype=dtype)) as labels:
        one_hot(labels, 3)
