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
    "conv2d": lambda rng: (
        rng.standard_normal((3, 4, 101, 97)),
        rng.standard_normal((5, 4, 3, 5)),
        2,
        1,
    )
}
X = np.arange(9.0).reshape(1, 1, 3, 3)
W = np.array([[[[1.0, 2], [3, 4]]]])


def _slide(x: Any, w: Any, stride: int = 1, padding: int = 0) -> Any:
    """Add up the products of each window, in Python."""
    (n, c, height, width), (f, _, kh, kw) = x.shape, w.shape
    oh = (height + 2 * padding - kh) // stride + 1
    ow = (width + 2 * padding - kw) // stride + 1
    y = np.zeros((n, f, oh, ow))
    for b, g, i, j in np.ndindex(y.shape):
        top, left = stride * i - padding, stride * j - padding
        for k, r, s in product(range(c), range(kh), range(kw)):
            if 0 <= top + r < height and 0 <= left + s < width:
                y[b, g, i, j] += w[g, k, r, s] * x[b, k, top + r, left + s]
    return y


def _expect(conv2d: Function, cases: Any) -> None:
    """Try shapes of x and w, and what else is given."""
    rng = np.random.default_rng(0)
    for shape, kernel, *given in cases:
        x = rng.integers(-9, 10, shape).astype(float)
        w = rng.integers(-9, 10, kernel).astype(float)
        expected = _slide(x, w, *given)
        expect_result(conv2d, x, w, *given, expected=expected, atol=1e-6)


@core("conv2d")
def sums_channels(conv2d: Function) -> None:
    """y[n, f] is the sum over the c channels of image n, by filter f.

    Which axes of w meet an axis of x and are summed over, and which one is
    left? Where does f stand in the shape of the result?
    """
    x, w = np.arange(8.0).reshape(1, 2, 2, 2), np.ones((1, 2, 1, 1))
    y = [[[[4, 6], [8, 10]]]]
    expect_result(conv2d, x, w, expected=y, atol=1e-6)
    x, w = np.arange(4.0).reshape(1, 1, 2, 2), np.array([1.0, 10])
    w = w.reshape(2, 1, 1, 1)
    y = [[[[0, 1], [2, 3]], [[0, 10], [20, 30]]]]
    expect_result(conv2d, x, w, expected=y, atol=1e-6)
    rng = np.random.default_rng(1)
    for n, c, f in ((1, 2, 3), (2, 1, 3), (3, 2, 2), (2, 3, 4), (4, 3, 1)):
        x = rng.integers(-9, 10, (n, c, 3, 3)).astype(float)
        w = rng.integers(-9, 10, (f, c, 1, 1)).astype(float)
        for kernel in (w, w.repeat(2, 2).repeat(2, 3)):  # flipped: the same
            y = _slide(x, kernel)
            expect_result(conv2d, x, kernel, expected=y, atol=1e-6)


@core("conv2d")
def no_flip(conv2d: Function) -> None:
    """The first entry of w meets the first pixel of the window.

    In the example, which four products add up to the first result? Does
    your kernel lie on the window as it is written?
    """
    y = [[[[27, 37], [57, 67]]]]
    expect_result(conv2d, X, W, expected=y, atol=1e-6)
    one = (1, 1)
    _expect(conv2d, [((*one, 5, 5), (*one, k, k)) for k in (1, 2, 3, 5)])


@core("conv2d")
def stride_floors(conv2d: Function) -> None:
    """Windows start at multiples of the stride; all of them fit.

    The last window must end inside the image. How many pixels are left
    beside it at most, and how does // count the windows?
    """
    x, w = np.arange(16.0).reshape(1, 1, 4, 4), np.ones((1, 1, 1, 1))
    y = [[[[0, 2], [8, 10]]]]
    expect_result(conv2d, x, w, 2, expected=y, atol=1e-6)
    x, w = np.ones((1, 1, 4, 4)), np.ones((1, 1, 3, 3))
    expect_result(conv2d, x, w, 2, expected=[[[[9]]]], atol=1e-6)
    sizes = (5, 3, 2), (7, 2, 3), (7, 3, 3), (6, 2, 5), (8, 3, 4), (3, 3, 4)
    _expect(conv2d, [((2, 2, h, h), (3, 2, k, k), s) for h, k, s in sizes])


@core("conv2d")
def zero_padding(conv2d: Function) -> None:
    """padding zeros on all four sides, along the height and width only.

    Which axes of x have a border, and how wide does each of them become?
    What does np.pad do with a single number?
    """
    y = [[[[0, 11], [30, 67]]]]
    expect_result(conv2d, X, W, 2, 1, expected=y, atol=1e-6)
    sizes = (3, 1, 1, 1), (4, 3, 1, 1), (2, 3, 1, 2), (5, 3, 2, 1)
    _expect(
        conv2d,
        [((2, 3, h, h), (2, 3, k, k), s, p) for h, k, s, p in sizes],
    )


@core("conv2d")
def rectangles(conv2d: Function) -> None:
    """Height and width differ, in images and in kernels.

    Your loops, reshapes and sizes name four lengths. Which of them belong
    to the rows, and which to the columns?
    """
    sizes = [
        *((3, 5, 2, 2), (5, 3, 2, 2), (4, 4, 1, 3), (4, 4, 3, 1)),
        *((3, 7, 3, 2), (7, 3, 1, 3), (4, 6, 2, 5)),
    ]
    _expect(
        conv2d,
        [
            ((2, 3, h, width), (2, 3, kh, kw), *given)
            for h, width, kh, kw in sizes
            for given in ((), (2,), (1, 1), (3, 2))
        ],
    )


vectorised = checks.vectorised(
    "No Python loop over images, nor over rows or columns of the result.",
    "Which function of NumPy shows every window, without a copy? Or loop "
    "over the few entries of the kernel: what does each multiply?",
    {
        "conv2d": [
            ((np.ones((4, 1, 4, 4)), W), (np.ones((n, 1, h, width)), W))
            for n, h, width in ((404, 4, 4), (4, 404, 4), (4, 4, 404))
        ]
    },
)

input_unchanged = checks.input_unchanged(
    {"conv2d": [(X, W), (X, W, 2, 1), (X, np.ones((1, 1, 1, 1)))]}
)


@production("conv2d")
def any_real_dtype(conv2d: Function) -> None:
    """float32 stays float32; integers and bools become float64 first.

    An image arrives as uint8. What is 200 times 3 there, and when must the
    dtype change: before the product or after it?
    """
    check = functools.partial(expect_result, conv2d, rtol=1e-9)
    for dtype in ("int8", "uint8", "int16", "uint16", "int64", "uint64"):
        high = np.iinfo(dtype).max // 2 + 1  # a power of 2
        x = np.full((1, 1, 2, 2), high, dtype)
        y = [[[[4 * float(high) ** 2]]]]
        check(x, x, expected=y, dtype="float64")
    yes = np.ones((1, 1, 2, 2), bool)
    check(yes, yes, expected=[[[[4]]]], dtype="float64")
    odd = np.full((1, 1, 1, 1), 2**53 - 1)  # exact in nothing smaller
    check(odd, odd // odd, expected=odd, dtype="float64")
    check(X.tolist(), W.tolist(), expected=_slide(X, W), dtype="float64")
    for dtype in ("float32", "float64"):
        x, w = X.astype(dtype), W.astype(dtype)
        for given in ((), (2, 1)):
            y = _slide(X, W, *given)
            check(x, w, *given, expected=y, dtype=dtype)


@production("conv2d")
def empty_axes(conv2d: Function) -> None:
    """n, f or c may be 0, and padding makes room around a 1 × 1 image.

    A last batch may hold no image. What is the sum over no channel, and
    which of your reshapes leaves a length to NumPy?
    """
    for n, c, f in ((0, 2, 3), (2, 0, 3), (2, 2, 0), (0, 0, 0)):
        for given in ((), (2, 1)):
            x, w = np.ones((n, c, 4, 5)), np.ones((f, c, 2, 3))
            expect_result(
                conv2d, x, w, *given, expected=_slide(x, w, *given)
            )
    x, w = np.full((1, 1, 1, 1), 2.0), np.arange(9.0).reshape(1, 1, 3, 3)
    expect_result(conv2d, x, w, 1, 1, expected=[[[[8]]]], rtol=1e-9)
    y = 2 * w[:, :, ::-1, ::-1]
    expect_result(conv2d, x, w, 1, 2, expected=y, atol=1e-9)


@production("conv2d")
def bad_input(conv2d: Function) -> None:
    """Sizes that do not match: ValueError; stride 1.5 or text: TypeError.

    The filters were made for grey images, with one channel, and the images
    have three. What does einsum do with an axis of length 1?
    """
    x, w = np.ones((2, 3, 4, 5)), np.ones((2, 3, 2, 2))
    for wrong in (
        (x, w[:, :1]),  # channels
        (x[:, :1], w),
        (x, w[:, :2]),
        (x, np.ones((2, 3, 5, 2))),  # a kernel that does not fit
        (x, np.ones((2, 3, 2, 6))),
        (x, np.ones((2, 3, 7, 2)), 1, 1),
        (x, np.ones((2, 3, 0, 2))),
        (x, np.ones((2, 3, 2, 0))),
        (x[0], w),  # axes
        (x, w[0]),
        (x[0, 0], w[0, 0]),
        (x[None], w),
        *((x, w, s) for s in (0, -1, -2)),
        *((x, w, 1, p) for p in (-1, -2)),
    ):
        expect_error(conv2d, *wrong, error=ValueError)
    for no_integer in (1.5, 2.0, "same", None):
        expect_error(conv2d, x, w, no_integer, error=TypeError)
        expect_error(conv2d, x, w, 1, no_integer, error=TypeError)
    for other in ("1", 1j):
        bad = np.full((1, 1, 2, 2), other)
        expect_error(conv2d, bad, W, error=TypeError)
        expect_error(conv2d, X, bad, error=TypeError)


@production("conv2d")
def nan_stays_local(conv2d: Function) -> None:
    """A NaN or 1e16 changes only the windows that hold it.

    One pixel of a sensor is broken. Which outputs may change, and does a
    product in the frequency domain know of windows?
    """
    rng = np.random.default_rng(1)
    x = rng.integers(-9, 10, (2, 2, 7, 6)).astype(float)
    w = rng.integers(1, 10, (2, 2, 3, 2)).astype(float)
    tolerance = {"rtol": 1e-9, "atol": 1e-6}
    for spoilt in (np.nan, np.inf, 1e16):
        for given in ((), (2, 1)):
            one = x.copy()
            one[0, 1, 2, 3] = spoilt
            y = _slide(one, w, *given)
            expect_result(conv2d, one, w, *given, expected=y, **tolerance)
    w[1, 0, 0, 1] = np.nan  # of one filter
    expect_result(conv2d, x, w, expected=_slide(x, w), **tolerance)


@production("conv2d")
def memory(conv2d: Function) -> None:
    """Columns are copied for a few images at a time, not for the batch.

    Each pixel lies in 25 windows of a 5 × 5 kernel. How often does your
    matrix product copy it, and for how many images at once?
    """
    x, w = np.ones((16, 4, 32, 32)), np.ones((4, 4, 5, 5))
    call(conv2d, x, w)  # what only a first call needs does not count
    times = peak_bytes(conv2d, (x, w)) / x.nbytes
    if times > 8:
        raise Broken(
            spell(conv2d, (x, w), {}),
            "at most 8 times the memory of x",
            f"{times:.0f} times the memory of x",
        )
