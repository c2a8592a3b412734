import functools
from itertools import product
from typing import Any

import numpy as np

from handbook import checks
from handbook.checks import (
    Broken,
    Function,
    call,
    core,
    expect_error,
    expect_result,
    peak_bytes,
    production,
    spell,
)

LARGER_INPUT = {
    "batch_matmul": lambda rng: (
        rng.standard_normal((1003, 19, 13)),
        rng.standard_normal((1003, 13, 17)),
    )
}
LONG = (404, 4, 4, 4), (4, 404, 4, 4), (4, 4, 404, 4), (4, 4, 4, 404)
NOT_A_PAIR = (  # of shapes
    ((1, 5, 6), (2, 6, 5)),  # another b: 1 is no exception
    ((2, 5, 6), (1, 6, 5)),
    ((2, 3, 4), (3, 4, 5)),
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
ONE = np.array([[[1.0, 2], [3, 4]]]), np.array([[[5.0, 6], [7, 8]]])


@core("batch_matmul")
def pairs_only(batch_matmul: Function) -> None:
    """C[i] is the product of A[i] and B[i], and of nothing else.

    Which of the letters b, m, k, n is summed over, and which stands in A,
    in B and in C? What is its shape for (2, 3, 4) and (2, 4, 5)?
    """
    A = np.array([[[0.0, 1], [2, 3]], [[4, 5], [6, 7]]])
    B = np.array([[[1.0, 0], [0, 1]], [[0, 1], [1, 0]]])
    C = [[[0.0, 1], [2, 3]], [[5, 4], [7, 6]]]
    expect_result(batch_matmul, A, B, expected=C, atol=1e-6)
    C = [[[19, 22], [43, 50]]]  # of a B that is not symmetric
    expect_result(batch_matmul, *ONE, expected=C, atol=1e-6)
    rng = np.random.default_rng(0)
    for b, m, k, n in (
        (2, 3, 3, 3),
        (1, 2, 3, 4),
        (2, 2, 3, 2),
        (3, 1, 4, 2),
        (4, 3, 1, 2),
    ):
        A = rng.integers(-9, 10, (b, m, k)).astype(float)
        B = rng.integers(-9, 10, (b, k, n)).astype(float)
        entries = [  # row by column, in Python
            sum(x * y for x, y in zip(row, column, strict=True))
            for i in range(b)
            for row, column in product(A[i].tolist(), B[i].T.tolist())
        ]
        expected = np.reshape(entries, (b, m, n))
        expect_result(batch_matmul, A, B, expected=expected, atol=1e-6)


@core("batch_matmul")
def memory_of_one_product_a_pair(batch_matmul: Function) -> None:
    """Memory is needed for b products, not for those of all b * b pairs.

    Of 200 pairs you return 200 products. What is the shape of the largest
    array on the way there, and how much of it do you keep?
    """
    A, B = np.ones((200, 8, 4)), np.ones((200, 4, 8))
    call(batch_matmul, A, B)  # what only a first call needs does not count
    times = peak_bytes(batch_matmul, (A, B)) / (200 * 8 * 8 * A.itemsize)
    if times > 40:
        raise Broken(
            spell(batch_matmul, (A, B), {}),
            "at most 40 times the memory of the result",
            f"{times:.0f} times the memory of the result",
        )


vectorised = checks.vectorised(
    "No Python loop over the batch, over rows or over elements.",
    "Two functions of NumPy multiply whole stacks in one call: one is an "
    "operator, the other takes the letters of the formula.",
    {
        "batch_matmul": [
            (
                (np.ones((4, 4, 4)), np.ones((4, 4, 4))),
                (np.ones((b, m, k)), np.ones((b, k, n))),
            )
            for b, m, k, n in LONG
        ]
    },
)


input_unchanged = checks.input_unchanged({"batch_matmul": [ONE]})


@production("batch_matmul")
def any_real_dtype(batch_matmul: Function) -> None:
    """float32 stays float32; integers and bools become float64 first.

    Two int8 matrices hold 100. What is 100 times 100 in int8, and what is
    True plus True? When must the dtype change: before or after?
    """
    hundred = np.array([[[100], [100]]], dtype=np.int8)
    yes = np.array([[[True, True]]])
    one, odd = np.array([[[1]]]), np.array([[[2**53 - 1]]])
    cases: list[tuple[Any, Any, float]] = [
        (hundred[:, :1], hundred[:, :1], 10000),
        (yes, yes.mT, 2),
        (yes, hundred, 200),
        (odd, one, 2**53 - 1),  # exact in nothing smaller
    ]
    for bits in (8, 16, 32, 64):
        for dtype in (f"int{bits}", f"uint{bits}"):
            # the largest powers of 2: exact in float64, and so are squares
            A = np.array([[[2 ** (bits - 2)]]], dtype=dtype)
            cases.append((A, A, 4.0 ** (bits - 2)))
    check = functools.partial(expect_result, batch_matmul, rtol=1e-9)
    for A, B, expected in cases:
        check(A, B, expected=[[[expected]]], dtype="float64")
    for dtype in ("float32", "float64"):
        A = np.array([[[3]]], dtype=dtype)
        check(A, A, expected=[[[9]]], dtype=dtype)


@production("batch_matmul")
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
        expect_result(batch_matmul, A, B, expected=np.zeros((b, m, n)))


@production("batch_matmul")
def sizes_must_match(batch_matmul: Function) -> None:
    """Another b, another k, or no stack of matrices is a ValueError.

    A batch of 1 meets a batch of 2. What does NumPy do with an axis of
    length 1, and with one that is missing? Who notices?
    """
    for left, right in NOT_A_PAIR:
        A, B = np.ones(left), np.ones(right)
        expect_error(batch_matmul, A, B, error=ValueError)


@production("batch_matmul")
def nan_stays_in_its_pair(batch_matmul: Function) -> None:
    """NaN in one pair shows in the product of that pair, and only there.

    One sensor of a batch reports NaN. Which products should show it, and
    in which of yours does it show?
    """
    A, B = np.ones((3, 2, 2)), np.ones((3, 2, 2))
    A[0] = B[2] = np.nan
    expected = [np.full((2, 2), x) for x in (np.nan, 2.0, np.nan)]
    expect_result(batch_matmul, A, B, expected=expected, rtol=1e-9)


@production("batch_matmul")
def array_likes(batch_matmul: Function) -> None:
    """Lists of numbers are accepted, as A, as B and as both.

    Which of your lines asks for .shape, .ndim or .dtype, and does a list
    have one? What does @ do with two lists?
    """
    A, B = [[[1.0, 2.0]]], [[[3.0], [4.0]]]
    for left, right in ((A, B), (A, np.array(B)), (np.array(A), B)):
        expect_result(
            batch_matmul, left, right, expected=[[[11]]], rtol=1e-9
        )


@production("batch_matmul")
def numbers_only(batch_matmul: Function) -> None:
    """Text, even of digits, and complex numbers are a TypeError.

    A column of a CSV file arrives as text. What does asarray with
    dtype=float make of "2", and what of "a"?
    """
    number = [[[1.0]]]
    for text in ([[["2"]]], [[["a"]]], [[[1j]]]):
        for A, B in ((text, number), (number, text), (text, text)):
            expect_error(batch_matmul, A, B, error=TypeError)
