import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from handbook import batch_matmul

FLOATS = ("float16", "float32", "float64", "longdouble")
INTEGERS = (
    *("bool", "int8", "int16", "int32", "int64"),
    *("uint8", "uint16", "uint32", "uint64"),
)


@st.composite
def pairs(draw):
    """Draw a (b, m, k) and a (b, k, n) stack of integers, sizes from 0 on.

    Products and sums of integers below 1000 are exact in float64, so that
    results can be compared without a tolerance.
    """
    b, m, k, n = (draw(st.integers(0, 4)) for _ in range(4))
    numbers = st.integers(-999, 999)
    A = draw(hnp.arrays(np.int64, (b, m, k), elements=numbers))
    return A, draw(hnp.arrays(np.int64, (b, k, n), elements=numbers))


def by_hand(A, B):
    """Multiply as Python's numbers, entry by entry."""
    A, B = A.astype(object), B.astype(object)
    C = np.zeros((*A.shape[:2], B.shape[2]), dtype=object)
    for i, row, column in np.ndindex(C.shape):
        terms = zip(A[i, row], B[i, :, column], strict=True)
        C[i, row, column] = sum(x * y for x, y in terms)
    return C


def test_fibonacci_numbers():
    # [[1, 1], [1, 0]]^n holds F(n + 1), F(n), F(n - 1)
    step = [[[1, 1], [1, 0]]]
    power = step
    for _ in range(77):
        power = batch_matmul(power, step)
    # F(78) and F(77), OEIS A000045: the last below 2^53
    assert power[0, 0, 1] == 8944394323791464
    assert power[0, 1, 1] == 5527939700884757


@given(pairs())
def test_agrees_with_python_integers(stacks):
    C = batch_matmul(*stacks)
    assert C.dtype == np.float64
    np.testing.assert_array_equal(C, by_hand(*stacks).astype(float))


def test_longdouble_is_not_rounded_to_double():
    tiny = np.finfo(np.longdouble).eps
    A = np.array([[[1, tiny]]], dtype=np.longdouble)
    B = np.ones((1, 2, 1), dtype=np.longdouble)
    assert batch_matmul(A, B).item() - 1 == tiny


@pytest.mark.parametrize("dtype", INTEGERS[1:])
def test_extreme_integers_do_not_wrap(dtype):
    smallest, largest = np.iinfo(dtype).min, np.iinfo(dtype).max
    A = np.array([[[smallest, largest]]], dtype=dtype)
    expected = float(smallest) ** 2 + float(largest) ** 2
    assert batch_matmul(A, A.mT).item() == expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("int8", "float32", "float32"),
        ("float32", "int64", "float64"),
        ("float32", "float64", "float64"),
        ("float16", "uint8", "float16"),
        ("bool", "float32", "float32"),
        ("uint64", "int64", "float64"),
        *zip(FLOATS, FLOATS, FLOATS, strict=True),
    ],
)
def test_mixed_dtypes_are_promoted_together(left, right, expected):
    A = np.array([[[3, 1]]]).astype(left)
    B = np.array([[[2], [5]]]).astype(right)
    for C in (batch_matmul(A, B), batch_matmul(B.mT, A.mT)):
        assert C.dtype == expected
        assert C.item() == int(A[0, 0, 0]) * 2 + 5


def test_nan_and_infinity_stay_in_their_row_and_column():
    A, B = np.ones((3, 2, 2)), np.ones((3, 2, 2))
    A[0, 0, 0], B[2, 1, 1] = np.nan, np.inf
    expected = np.full((3, 2, 2), 2.0)
    expected[0, 0], expected[2, :, 1] = np.nan, np.inf
    np.testing.assert_array_equal(batch_matmul(A, B), expected)


def test_any_memory_layout(rng):
    A = rng.integers(-99, 100, (6, 8, 8)).astype(float)
    B = rng.integers(-99, 100, (8, 8, 3)).astype(float)
    for view in (
        np.asfortranarray(A),
        A[::2, ::-1, :],
        A[:, :, ::2],
        A.mT,
        A.transpose(2, 0, 1),
        np.broadcast_to(A[0], (4, 8, 8)),
    ):
        b, _, k = view.shape
        other = B[:b, :k].copy()
        C = by_hand(view, other).astype(float)
        np.testing.assert_array_equal(batch_matmul(view, other), C)
        D = batch_matmul(other.mT, view.mT)
        np.testing.assert_array_equal(D, C.mT)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((1, 3, 4), (2, 4, 5)),  # batches differ, and are not broadcast
        ((2, 3, 4), (1, 4, 5)),
        ((2, 3, 1), (2, 4, 5)),  # inner sizes differ
        ((2, 4), (2, 4, 5)),  # no stack
        ((2, 3, 4), (2, 4)),
        ((2, 3, 4, 1), (2, 4, 5)),
        ((2, 3, 4), (2, 4, 5, 1)),
    ],
)
def test_bad_shapes(left, right):
    got = re.escape(f"got {left} and {right}")
    message = rf"^A and B must be \(b, m, k\) and \(b, k, n\), {got}$"
    with pytest.raises(ValueError, match=message):
        batch_matmul(np.ones(left), np.ones(right))


@pytest.mark.parametrize(
    "bad", ["a", 1j, None, b"a", np.datetime64("2020")]
)
def test_bad_kinds(bad):
    A, B = np.array([[[bad]]]), np.ones((1, 1, 1))
    message = re.escape(f"must be real, got {A.dtype} and float64")
    with pytest.raises(TypeError, match=f"^A and B {message}$"):
        batch_matmul(A, B)
    message = re.escape(f"must be real, got float64 and {A.dtype}")
    with pytest.raises(TypeError, match=f"^A and B {message}$"):
        batch_matmul(B, A)


@pytest.mark.parametrize("dtype", [*FLOATS, *INTEGERS])
def test_leaves_no_trace(untouched, dtype):
    A = np.array([[[1, 0], [1, 1]]], dtype=dtype)
    B = np.array([[[0, 1], [1, 1]]], dtype=dtype)
    with untouched(A, B):
        batch_matmul(A, B)
