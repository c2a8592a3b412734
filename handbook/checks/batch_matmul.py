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

TITLE, DIFFICULTY = "Batched matrix product", "easy"
LARGER_INPUT = {
    "batch_matmul": lambda rng: (
        rng.standard_normal((256, 64, 64)),
        rng.standard_normal((256, 64, 64)),
    )
}
NOT_A_PAIR = (  # of shapes
    ((2, 3, 4), (3, 4, 5)),  # another b
    ((1, 3, 4), (2, 4, 5)),  # 1 is no exception
    ((2, 3, 4), (1, 4, 5)),
    ((0, 3, 4), (1, 4, 5)),
    ((2, 3, 4), (2, 5, 4)),  # another k
    ((2, 3, 1), (2, 4, 5)),
    ((2, 3, 4), (2, 1, 5)),
    ((2, 3, 4), (2, 0, 5)),
    ((3, 4), (4, 5)),  # no stacks
    ((2, 3, 4), (4, 5)),
    ((3, 4), (2, 4, 5)),
    ((2, 3, 4), (2, 4)),
    ((2, 2, 3, 4), (2, 2, 4, 5)),
    ((2, 3, 4), (2, 2, 4, 5)),
    ((2, 2, 2, 2), (2, 2, 2)),
    ((2, 2, 2), (2, 2, 2, 2)),
    ((2, 3, 2), (2, 2)),
    ((2,), (2,)),
    ((), ()),
)


def _by_hand(A: Any, B: Any) -> list[list[list[float]]]:
    """Multiply row by column, in Python."""
    return [
        [
            [
                sum(x * y for x, y in zip(row, column, strict=True))
                for column in zip(*right, strict=True)
            ]
            for row in left
        ]
        for left, right in zip(A.tolist(), B.tolist(), strict=True)
    ]


def pairs_only(batch_matmul: Function) -> None:
    """C[i] is the product of A[i] and B[i], and of nothing else.

    Which letter of b, m, k, n is summed over, and which stands in A, in B
    and in C? Write down the shape that your product has for (2, 3, 4) and
    (2, 4, 5).
    """
    A = np.array([[[0.0, 1], [2, 3]], [[4, 5], [6, 7]]])
    B = np.array([[[1.0, 0], [0, 1]], [[0, 1], [1, 0]]])
    C = [[[0, 1], [2, 3]], [[5, 4], [7, 6]]]
    same(batch_matmul, A, B, expected=C, atol=1e-9)
    rng = np.random.default_rng(0)
    for b, m, k, n in (
        (1, 2, 3, 4),
        (2, 2, 3, 2),
        (3, 1, 4, 2),
        (4, 3, 1, 2),
        (2, 3, 3, 3),
    ):
        A = rng.integers(-9, 10, (b, m, k)).astype(float)
        B = rng.integers(-9, 10, (b, k, n)).astype(float)
        same(batch_matmul, A, B, expected=_by_hand(A, B), atol=1e-9)
    A, B = np.ones((3, 2, 2)), np.ones((3, 2, 2))
    A[0] = B[2] = np.nan  # shows wherever it has a part
    expected = [np.full((2, 2), x) for x in (np.nan, 2.0, np.nan)]
    same(batch_matmul, A, B, expected=expected, atol=1e-9)


def any_real_dtype(batch_matmul: Function) -> None:
    """float32 stays float32; integers and bools become float64 first.

    Two int8 matrices hold 100. What is 100 times 100 in int8, and what is
    True plus True? When must the dtype change: before or after?
    """

    def check(A: Any, B: Any, expected: float, dtype: str) -> None:
        same(batch_matmul, A, B, expected=[[[expected]]], rtol=1e-9)
        given = spell(batch_matmul, (A, B), {})
        found = as_array(given, call(batch_matmul, A, B)).dtype
        holds(given, found == dtype, f"dtype {dtype}", found)

    for dtype in ("float32", "float64"):
        A = np.array([[[3]]], dtype=dtype)
        check(A, A, 9, dtype)
    hundred = np.array([[[100]]], dtype=np.int8)
    check(hundred, hundred, 10000, "float64")
    for bits in (8, 16, 32, 64):
        for dtype in (f"int{bits}", f"uint{bits}"):
            # the largest powers of 2: exact in float64, and so are squares
            A = np.array([[[2 ** (bits - 2)]]], dtype=dtype)
            check(A, A, 4.0 ** (bits - 2), "float64")
    one, odd = np.array([[[1]]]), np.array([[[2**53 - 1]]])
    check(odd, one, 2**53 - 1, "float64")  # exact in nothing smaller
    yes = np.array([[[True, True]]])
    check(yes, yes.mT, 2, "float64")
    check(yes, np.array([[[100], [100]]], np.int8), 200, "float64")


def empty_axes(batch_matmul: Function) -> None:
    """b, m, k or n may be 0; an empty sum is 0.

    What is the sum of no numbers? And does your code need a first matrix?
    """
    for b, m, k, n in (
        (0, 2, 3, 4),
        (2, 0, 3, 4),
        (2, 3, 0, 4),
        (2, 3, 4, 0),
        (0, 0, 0, 0),
    ):
        A, B = np.ones((b, m, k)), np.ones((b, k, n))
        same(batch_matmul, A, B, expected=np.zeros((b, m, n)))


def sizes_must_match(batch_matmul: Function) -> None:
    """Another b, another k, or no stack of matrices is a ValueError.

    NumPy stretches an axis of length 1 without a word, and puts missing
    axes in front. Which sizes do you compare before you multiply?
    """
    call(batch_matmul, np.ones((2, 3, 4)), np.ones((2, 4, 5)))
    call(batch_matmul, np.ones((1, 1, 1)), np.ones((1, 1, 1)))
    for left, right in NOT_A_PAIR:
        A, B = np.ones(left), np.ones(right)
        raises(batch_matmul, A, B, error=ValueError)


def array_likes(batch_matmul: Function) -> None:
    """Lists of numbers are accepted; text is a TypeError.

    Which of your lines asks for .shape, .ndim or .dtype, and does a list
    have one?
    """
    row, column = [[[1.0, 2.0]]], [[[3.0], [4.0]]]
    same(batch_matmul, row, column, expected=[[[11]]], rtol=1e-9)
    array = np.array(column)
    same(batch_matmul, row, array, expected=[[[11]]], rtol=1e-9)
    array = np.array(row)
    same(batch_matmul, array, column, expected=[[[11]]], rtol=1e-9)
    number, text, digit = [[[1.0]]], [[["a"]]], [[["2"]]]
    for pair in ((text, number), (number, text), (text, text)):
        raises(batch_matmul, *pair, error=TypeError)
    for pair in ((digit, number), (number, digit), (digit, digit)):
        raises(batch_matmul, *pair, error=TypeError)


def vectorised(batch_matmul: Function) -> None:
    """No Python loop over the batch, over rows or over elements.

    Two functions of NumPy multiply whole stacks in one call: one is an
    operator, the other takes the letters of the formula.
    """
    small = np.ones((4, 4, 4)), np.ones((4, 4, 4))
    for b, m, k, n in (
        (404, 4, 4, 4),
        (4, 404, 4, 4),
        (4, 4, 404, 4),
        (4, 4, 4, 404),
    ):
        large = np.ones((b, m, k)), np.ones((b, k, n))
        no_python_loop(batch_matmul, small, large, extra=400)


def input_unchanged(batch_matmul: Function) -> None:
    """The caller's arrays hold afterwards what they held before.

    Which of your lines write into A or B? Does an asarray in front of them
    make a copy?
    """
    for dtype in ("float64", "float32", "int64"):
        A = np.array([[[1, 2], [3, 4]]], dtype=dtype)
        B = np.array([[[5, 6], [7, 8]]], dtype=dtype)
        leaves_no_trace(batch_matmul, A, B)
