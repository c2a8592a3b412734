import itertools
import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import linalg
from scipy.spatial.transform import Rotation

from handbook import batch_matmul

FLOATS = ("float16", "float32", "float64", "longdouble")
INTEGERS = (
    *("bool", "int8", "int16", "int32", "int64"),
    *("uint8", "uint16", "uint32", "uint64"),
)
SIZES = st.integers(0, 4)


@st.composite
def pairs(draw, count=1):
    """Draw a (b, m, k) stack and `count` stacks (b, k, n) of integers.

    Products and sums of integers below 1000 are exact in float64, so that
    results can be compared without a tolerance.
    """
    b, m, k, n = (draw(SIZES) for _ in range(4))
    numbers = st.integers(-999, 999)
    A = draw(hnp.arrays(np.int64, (b, m, k), elements=numbers))
    right = hnp.arrays(np.int64, (b, k, n), elements=numbers)
    return A, *(draw(right) for _ in range(count))


def by_hand(A, B):
    """Multiply in Python integers, entry by entry."""
    (b, m, k), n = A.shape, B.shape[2]
    C = np.zeros((b, m, n))
    for i, row, column in np.ndindex(b, m, n):
        C[i, row, column] = sum(
            int(A[i, row, j]) * int(B[i, j, column]) for j in range(k)
        )
    return C


def test_worked_example():
    # the second matrix of B exchanges the columns
    C = batch_matmul(
        [[[0, 1], [2, 3]], [[4, 5], [6, 7]]],
        [[[1, 0], [0, 1]], [[0, 1], [1, 0]]],
    )
    assert C.dtype == np.float64
    np.testing.assert_array_equal(C, [[[0, 1], [2, 3]], [[5, 4], [7, 6]]])


def test_fibonacci_numbers():
    # [[1, 1], [1, 0]]^n holds F(n + 1), F(n), F(n - 1)
    step = np.array([[[1, 1], [1, 0]]])
    power = step
    for _ in range(77):
        power = batch_matmul(power, step)
    # F(78) and F(77), OEIS A000045: the last below 2^53
    assert power[0, 0, 1] == 8944394323791464
    assert power[0, 1, 1] == 5527939700884757


def test_stacks_of_square_matrices_are_not_crossed():
    # np.dot of two stacks of 8 matrices 13 x 13 has shape (8, 13, 8, 13)
    A, B = np.arange(2 * 8 * 13 * 13).reshape(2, 8, 13, 13)
    C = batch_matmul(A, B)
    assert C.shape == (8, 13, 13)
    np.testing.assert_array_equal(C, by_hand(A, B))


@settings(deadline=None)
@given(pairs())
def test_agrees_with_python_integers(stacks):
    A, B = stacks
    C = batch_matmul(A, B)
    assert C.shape == (*A.shape[:2], B.shape[2])
    assert C.dtype == np.float64
    np.testing.assert_array_equal(C, by_hand(A, B))


@settings(deadline=None)
@given(pairs(count=2))
def test_distributes_over_addition(stacks):
    A, B, D = stacks
    np.testing.assert_array_equal(
        batch_matmul(A, B + D), batch_matmul(A, B) + batch_matmul(A, D)
    )


@settings(deadline=None)
@given(pairs())
def test_transpose_reverses_the_factors(stacks):
    A, B = stacks
    np.testing.assert_array_equal(
        batch_matmul(B.mT, A.mT), batch_matmul(A, B).mT
    )


@settings(deadline=None)
@given(pairs(), st.randoms(use_true_random=False))
def test_order_of_the_batch_does_not_matter(stacks, random):
    A, B = stacks
    order = list(range(len(A)))
    random.shuffle(order)
    order = np.array(order, dtype=np.intp)
    np.testing.assert_array_equal(
        batch_matmul(A[order], B[order]), batch_matmul(A, B)[order]
    )


def test_associative(rng):
    A, B, C = (
        rng.integers(-99, 100, shape)
        for shape in ((7, 2, 3), (7, 3, 5), (7, 5, 4))
    )
    np.testing.assert_array_equal(
        batch_matmul(batch_matmul(A, B), C),
        batch_matmul(A, batch_matmul(B, C)),
    )


def test_identity_and_zero(rng):
    A = rng.standard_normal((5, 3, 4))
    eye = np.broadcast_to(np.eye(4), (5, 4, 4))
    np.testing.assert_array_equal(batch_matmul(A, eye), A)
    np.testing.assert_array_equal(batch_matmul(A, 0 * eye), 0 * A)


def test_rows_against_correctly_rounded_sums(rng):
    A = rng.standard_normal((4, 3, 50))
    B = rng.standard_normal((4, 50, 2))
    C = batch_matmul(A, B)
    for i, m, n in itertools.product(range(4), range(3), range(2)):
        terms = [
            Fraction(float(x)) * Fraction(float(y))
            for x, y in zip(A[i, m], B[i, :, n], strict=True)
        ]
        # k roundings of sums, one of each product: (k + 1) eps / 2
        bound = 51 * 2.0**-53 * math.fsum(abs(t) for t in terms)
        assert abs(C[i, m, n] - sum(terms)) <= bound


def test_agrees_with_mpmath(rng):
    A, B = rng.standard_normal((2, 3, 4, 4))
    mpmath.mp.dps = 30
    for a, b, c in zip(A, B, batch_matmul(A, B), strict=True):
        exact = mpmath.matrix(a.tolist()) * mpmath.matrix(b.tolist())
        expected = np.array(exact.tolist(), dtype=float)
        np.testing.assert_allclose(
            c, expected, rtol=0, atol=1e-14
        )  # |c| < 10


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_agrees_with_scipy_blas(rng, dtype):
    A = rng.standard_normal((6, 20, 30)).astype(dtype)
    B = rng.standard_normal((6, 30, 10)).astype(dtype)
    gemm = linalg.get_blas_funcs("gemm", dtype=dtype)
    expected = [gemm(1.0, a, b) for a, b in zip(A, B, strict=True)]
    # 30 terms of magnitude 1, added in another order
    atol = 100 * np.finfo(dtype).eps
    np.testing.assert_allclose(
        batch_matmul(A, B), expected, rtol=0, atol=atol
    )


def test_agrees_with_one_block_diagonal_product(rng):
    A = rng.integers(-99, 100, (3, 2, 4))
    B = rng.integers(-99, 100, (3, 4, 5))
    blocks = linalg.block_diag(*A) @ linalg.block_diag(*B)
    expected = linalg.block_diag(*batch_matmul(A, B))
    np.testing.assert_array_equal(blocks, expected)


def test_composes_rotations(rng):
    first, second = (
        Rotation.from_rotvec(rng.standard_normal((20, 3))) for _ in range(2)
    )
    composed = batch_matmul(second.as_matrix(), first.as_matrix())
    expected = (second * first).as_matrix()
    np.testing.assert_allclose(composed, expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize("dtype", FLOATS)
def test_floats_keep_their_dtype(dtype):
    A = np.array([[[1, 2]], [[3, 4]]], dtype=dtype)
    C = batch_matmul(A, A.mT)
    assert C.dtype == dtype
    np.testing.assert_array_equal(C, [[[5]], [[25]]])


def test_longdouble_is_not_rounded_to_double():
    tiny = np.finfo(np.longdouble).eps
    A = np.array([[[1, tiny]]], dtype=np.longdouble)
    B = np.ones((1, 2, 1), dtype=np.longdouble)
    assert batch_matmul(A, B).item() - 1 == tiny


@pytest.mark.parametrize("dtype", INTEGERS)
def test_integers_and_bools_become_float64(dtype):
    A = np.array([[[1, 0, 1], [1, 1, 1]]], dtype=dtype)
    C = batch_matmul(A, A.mT)
    assert C.dtype == np.float64
    np.testing.assert_array_equal(C, [[[2, 2], [2, 3]]])  # counts, not ors


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
    ],
)
def test_mixed_dtypes_are_promoted_together(left, right, expected):
    A = np.array([[[3, 1]]]).astype(left)
    B = np.array([[[2], [5]]]).astype(right)
    for C in (batch_matmul(A, B), batch_matmul(B.mT, A.mT)):
        assert C.dtype == expected
        assert C.item() == int(A[0, 0, 0]) * 2 + 5


@pytest.mark.parametrize("dtype", [*FLOATS, *INTEGERS])
@pytest.mark.parametrize(
    ("b", "m", "k", "n"),
    [(0, 2, 3, 4), (2, 0, 3, 4), (2, 3, 0, 4), (2, 3, 4, 0), (0, 0, 0, 0)],
)
def test_any_size_may_be_zero(dtype, b, m, k, n):
    C = batch_matmul(np.ones((b, m, k), dtype), np.ones((b, k, n), dtype))
    assert C.dtype == (dtype if dtype in FLOATS else np.float64)
    np.testing.assert_array_equal(C, np.zeros((b, m, n)))


def test_nan_and_infinity_stay_in_their_matrices():
    A, B = np.ones((3, 2, 2)), np.ones((3, 2, 2))
    A[0, 0, 0], B[2, 1, 1] = np.nan, np.inf
    C = batch_matmul(A, B)
    np.testing.assert_array_equal(C[0], [[np.nan, np.nan], [2, 2]])
    np.testing.assert_array_equal(C[1], [[2, 2], [2, 2]])
    np.testing.assert_array_equal(C[2], [[2, np.inf], [2, np.inf]])


def test_any_memory_layout(rng):
    A = rng.integers(-99, 100, (6, 8, 8)).astype(float)
    for view in (
        np.asfortranarray(A),
        A[::2, ::-1, :],
        A[:, :, ::2],
        A.mT,
        A.transpose(2, 0, 1),
        np.broadcast_to(A[0], (4, 8, 8)),
    ):
        b, _, k = view.shape
        other = rng.integers(-99, 100, (b, k, 3)).astype(float)
        expected = batch_matmul(view.copy(order="C"), other)
        np.testing.assert_array_equal(batch_matmul(view, other), expected)
        expected = batch_matmul(other.mT, view.mT.copy(order="C"))
        np.testing.assert_array_equal(
            batch_matmul(other.mT, view.mT), expected
        )


def test_result_does_not_share_memory():
    A = np.ones((2, 3, 3))
    assert not np.shares_memory(batch_matmul(A, A), A)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ((2, 3, 4), (3, 4, 5)),  # batches differ
        ((1, 3, 4), (2, 4, 5)),  # and are not broadcast
        ((2, 3, 4), (1, 4, 5)),
        ((0, 3, 4), (1, 4, 5)),
        ((2, 3, 4), (2, 5, 4)),  # inner sizes differ
        ((2, 3, 1), (2, 4, 5)),
        ((2, 3, 4), (2, 1, 5)),
        ((2, 3, 4), (2, 0, 5)),
        ((3, 4), (4, 5)),  # not stacks
        ((2, 4), (2, 4, 5)),
        ((2, 3, 4), (4, 5)),
        ((2, 3, 4), (2, 4)),
        ((2, 3, 4, 1), (2, 4, 5)),
        ((2, 3, 4), (2, 4, 5, 1)),
        ((2, 2, 3, 4), (2, 2, 4, 5)),
        ((2,), (2,)),
        ((), ()),
    ],
)
def test_bad_shapes(left, right):
    with pytest.raises(ValueError, match=r"\(b, m, k\).*got") as error:
        batch_matmul(np.ones(left), np.ones(right))
    assert str(error.value).endswith(f"got {left} and {right}")


@pytest.mark.parametrize(
    ("bad", "dtype"),
    [
        ([[["a"]]], "<U1"),
        ([[[1j]]], "complex128"),
        ([[[None]]], "object"),
        ([[[b"a"]]], r"\|S1"),
        (np.zeros((1, 1, 1), "M8[s]"), r"datetime64\[s\]"),
        (np.zeros((1, 1, 1), "m8[s]"), r"timedelta64\[s\]"),
    ],
)
def test_bad_kinds(bad, dtype):
    message = "A and B must be real, got "
    with pytest.raises(TypeError, match=f"{message}{dtype} and float64"):
        batch_matmul(bad, [[[1.0]]])
    with pytest.raises(TypeError, match=f"{message}float64 and {dtype}"):
        batch_matmul([[[1.0]]], bad)


def test_ragged_lists():
    with pytest.raises(ValueError, match="inhomogeneous"):
        batch_matmul([[[1.0], [1.0, 2.0]]], [[[1.0]]])


@pytest.mark.parametrize("dtype", [*FLOATS, *INTEGERS])
def test_leaves_no_trace(untouched, dtype):
    A = np.array([[[1, 0], [1, 1]]], dtype=dtype)
    B = np.array([[[0, 1], [1, 1]]], dtype=dtype)
    with untouched(A, B):
        batch_matmul(A, B)
