import numpy as np

from handbook import checks
from handbook.checks import (
    Function,
    core,
    expect_error,
    expect_result,
    production,
)

LARGER_INPUT = {"one_hot": lambda rng: (rng.integers(0, 41, 33_003), 41)}
DTYPES = [f"{u}int{bits}" for u in ("", "u") for bits in (64, 32, 16, 8)]
OUTSIDE = ValueError, IndexError  # NumPy's own for an index is as good
NO_INDEX = TypeError, IndexError


@core("one_hot")
def one_per_row(one_hot: Function) -> None:
    """Row i is 1 in column labels[i] and 0 in all others.

    n entries are asked for: (0, labels[0]), (1, labels[1]) and so on. What
    does a slice beside an index select? Which dtype have your indices?
    """
    rows = [[0.0, 0, 1], [1, 0, 0], [0, 1, 0]]
    expect_result(one_hot, np.array([2, 0, 1]), 3, expected=rows)
    rng = np.random.default_rng(0)
    for num_classes, more in ((2, 1), (3, 5), (4, 2)):
        # every class occurs: the width is another promise
        labels = np.r_[0:num_classes, rng.integers(0, num_classes, more)]
        labels = rng.permutation(labels)
        expected = np.eye(num_classes)[labels]
        expect_result(one_hot, labels, num_classes, expected=expected)
    labels = np.arange(300)[::-1]
    expect_result(one_hot, labels, 300, expected=np.eye(300)[::-1])


@core("one_hot")
def width_is_given(one_hot: Function) -> None:
    """The result has num_classes columns, whichever labels occur.

    A batch need not hold every class, and may be a single label. Where
    does your code get C from, and the column of a label?
    """
    rows = [[0.0, 0, 1, 0], [1, 0, 0, 0], [0, 1, 0, 0]]
    expect_result(one_hot, np.array([2, 0, 1]), 4, expected=rows)
    for label in range(5):
        for labels in (np.array([label]), np.array([label] * 3)):
            expect_result(one_hot, labels, 5, expected=np.eye(5)[labels])
    expect_result(one_hot, np.array([0, 0]), 1, expected=[[1.0], [1.0]])


vectorised = checks.vectorised(
    "No Python loop over the labels.",
    "Two index arrays of one length are paired element by element. You "
    "have the columns; which rows go with them?",
    {"one_hot": [((np.arange(4), 4), (np.arange(404) % 4, 4))]},
)


input_unchanged = checks.input_unchanged(
    {"one_hot": [(np.array([1, 0, 2, 2]), 3)]}
)


@production("one_hot")
def range_is_checked(one_hot: Function) -> None:
    """A label below 0 or from C on is an error.

    Missing labels are coded as -1. Which column is 1 in their rows? And
    what does your code do with the label C?
    """
    for dtype in DTYPES:
        info = np.iinfo(dtype)
        below = (-1, -3, info.min) if info.min else ()
        for label in (*below, 3, info.max):
            labels = np.array([0, label, 1], dtype=dtype)
            expect_error(one_hot, labels, 3, error=OUTSIDE)


@production("one_hot")
def integers_only(one_hot: Function) -> None:
    """Labels that are floats, bools or text, or a float C, are an error.

    What does a cast to int make of 1.9, of -0.9 and of True? And what does
    a bool select as an index?
    """
    floats = [1.9, -0.9], [1.0, 0.0], [float("nan")]
    for labels in (*floats, [True, False], ["a", "b"], ["1", "0"]):
        expect_error(one_hot, np.array(labels), 2, error=NO_INDEX)
    for C in (2.0, 2.5):
        expect_error(one_hot, np.array([1, 0]), C, error=TypeError)


@production("one_hot")
def always_float64(one_hot: Function) -> None:
    """The result is float64, whatever the labels are.

    Which dtype do np.zeros, np.eye and a comparison give? What is Y.T @ Y
    if Y holds bools?
    """
    for dtype in ("int64", "int32", "uint8"):
        labels = np.array([0, 1, 1], dtype=dtype)
        rows = [[1.0, 0], [0, 1], [0, 1]]
        expect_result(one_hot, labels, 2, expected=rows, dtype="float64")


@production("one_hot")
def any_integer_dtype(one_hot: Function) -> None:
    """Labels may be of any integer dtype, or a list.

    Small labels arrive as int8 or uint8, 300 of them, for 300 classes.
    Which of your numbers do not fit into their dtype?
    """
    # more rows and columns than 8 bits count: 296 would be 40 again
    for labels in (*(np.full(300, 40, d) for d in DTYPES), [0], [40, 40]):
        expected = np.eye(300)[np.asarray(labels)]
        expect_result(one_hot, labels, 300, expected=expected)


@production("one_hot")
def no_labels_no_problem(one_hot: Function) -> None:
    """n may be 0: the result is then (0, C).

    Which dtype has np.asarray([])? And what is the maximum of nothing?
    """
    for labels in (*(np.array([], dtype=d) for d in DTYPES), []):
        expect_result(one_hot, labels, 3, expected=np.empty((0, 3)))


@production("one_hot")
def bad_input(one_hot: Function) -> None:
    """C < 1, or labels that are not (n,), are a ValueError.

    What does your code return for labels of shape (2, 1) or (2, 2)? And
    who notices C = 0 if there is no label?
    """
    for shape in ((2, 2), (2, 1), (1, 1), (0, 2), (2, 0), ()):
        labels = np.zeros(shape, dtype=int)
        expect_error(one_hot, labels, 2, error=ValueError)
    for num_classes in (0, -1):
        labels = np.array([0])
        expect_error(one_hot, labels, num_classes, error=OUTSIDE)
        expect_error(one_hot, labels[:0], num_classes, error=ValueError)
