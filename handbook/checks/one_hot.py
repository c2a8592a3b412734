from typing import Any

import numpy as np

from handbook.checks import (
    Function,
    as_array,
    call,
    holds,
    leaves_no_trace,
    no_python_loop,
    raises,
    same,
    spell,
)

TITLE, DIFFICULTY = "One-hot encoding", "easy"
LARGER_INPUT = {"one_hot": lambda rng: (rng.integers(0, 100, 50_000), 100)}
DTYPES = tuple(
    f"{u}int{bits}" for u in ("", "u") for bits in (8, 16, 32, 64)
)


def one_per_row(one_hot: Function) -> None:
    """Row i is 1 in column labels[i] and 0 in all others.

    How many entries do you set? n are asked for: (0, labels[0]),
    (1, labels[1]) and so on. What does a slice beside an index select?
    """
    rng = np.random.default_rng(0)
    for num_classes, more in ((1, 2), (2, 1), (3, 5), (4, 2)):
        # every class occurs: the width is another promise
        labels = np.r_[0:num_classes, rng.integers(0, num_classes, more)]
        labels = rng.permutation(labels)
        expected = [
            [float(j == label) for j in range(num_classes)]
            for label in labels.tolist()
        ]
        same(one_hot, labels, num_classes, expected=expected)
    same(one_hot, np.arange(4), 4, expected=np.eye(4))
    same(one_hot, np.arange(4)[::-1], 4, expected=np.eye(4)[::-1])


def width_is_given(one_hot: Function) -> None:
    """The result has num_classes columns, whichever labels occur.

    A batch need not hold every class. Where does your code get C from, and
    the column of a label?
    """
    for label in range(5):
        row = np.arange(5) == label
        same(one_hot, np.array([label]), 5, expected=[row])
        same(one_hot, np.array([label] * 3), 5, expected=[row] * 3)


def always_float64(one_hot: Function) -> None:
    """Labels of every integer dtype, and lists, give float64.

    Which dtype do np.zeros, np.eye and a comparison give? If only small
    labels fail: which of your numbers does not fit into their dtype?
    """
    arrays: list[Any] = [np.full(300, 40, dtype=d) for d in DTYPES]
    for labels in (*arrays, [0], [40, 40]):
        # more rows and columns than 8 bits count: 296 would be 40 again
        given = spell(one_hot, (labels, 300), {})
        Y = as_array(given, call(one_hot, labels, 300))
        places = [[i, label] for i, label in enumerate(labels)]
        expected = "a 1 in the label's column of every row, and 0 elsewhere"
        holds(given, np.argwhere(Y).tolist() == places, expected, Y)
        holds(given, Y.dtype == np.float64, "dtype float64", Y.dtype)


def no_labels_no_problem(one_hot: Function) -> None:
    """n may be 0: the result is then (0, C).

    Which dtype has np.asarray([])? And what is the maximum of nothing?
    """
    for labels in (*(np.array([], dtype=d) for d in DTYPES), []):
        same(one_hot, labels, 3, expected=np.empty((0, 3)))


def range_is_checked(one_hot: Function) -> None:
    """Labels outside [0, C) or not (n,), and C < 1, are a ValueError.

    Which wrong label is a legal index all the same? And who complains
    about C = 0 if there is no label?
    """
    call(one_hot, np.array([0, 2]), 3)  # the ends are inside
    call(one_hot, np.array([0]), 1)
    for dtype in DTYPES:
        info = np.iinfo(dtype)
        bad = {3, info.max} | ({-1, -3, info.min} if info.min else set())
        for label in sorted(bad):
            labels = np.array([0, label, 1], dtype=dtype)
            raises(one_hot, labels, 3, error=ValueError)
    for num_classes in (0, -1):
        for labels in (np.array([0]), np.array([], dtype=int)):
            raises(one_hot, labels, num_classes, error=ValueError)
    for shape in ((), (1, 1), (2, 2), (0, 2), (2, 0), (2, 1)):
        labels = np.zeros(shape, dtype=int)
        raises(one_hot, labels, 2, error=ValueError)


def integers_only(one_hot: Function) -> None:
    """Labels that are floats, bools or text, or a float C: a TypeError.

    What does a cast to int make of 1.9, of -0.9 and of True? Look at the
    kind before you convert anything.
    """
    call(one_hot, np.array([1, 0]), 2)
    for labels in (
        [1.9, -0.9],
        [1.0, 0.0],
        [float("nan")],
        [True, False],
        ["a", "b"],
        ["1", "0"],
    ):
        raises(one_hot, np.array(labels), 2, error=TypeError)
    for num_classes in (2.0, 2.5):
        raises(one_hot, np.array([1, 0]), num_classes, error=TypeError)


def vectorised(one_hot: Function) -> None:
    """No Python loop over the labels.

    Two index arrays of one length are paired element by element. You have
    the columns; which rows go with them?
    """
    small, large = np.arange(4), np.arange(404) % 4
    no_python_loop(one_hot, (small, 4), (large, 4), extra=400)


def input_unchanged(one_hot: Function) -> None:
    """The caller's labels are afterwards what they were before.

    Which of your lines write into the labels that you were given? Does an
    asarray in front of them make a copy?
    """
    for dtype in ("int64", "int32", "uint8"):
        labels = np.array([1, 0, 2, 2], dtype=dtype)
        leaves_no_trace(one_hot, labels, 3)
