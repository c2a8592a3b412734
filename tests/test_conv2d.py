from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import correlate2d

from benchmarks.sweeps import on_page
from handbook import conv2d
from handbook.checks import peak_bytes
from handbook.solutions.conv2d import COLUMNS

FLOATS = ("float16", "float32", "float64", "longdouble")
INTEGERS = [f"{u}int{b}" for u in ("", "u") for b in (8, 16, 32, 64)]
SIZES = [  # n, c, h, w, f, kh, kw, stride, padding
    (2, 3, 7, 5, 4, 3, 2, 1, 0),
    (3, 2, 9, 12, 2, 3, 5, 2, 1),
    (1, 4, 6, 6, 3, 1, 1, 3, 2),
    (2, 1, 2, 3, 1, 4, 5, 1, 1),
    (70, 2, 20, 30, 3, 3, 3, 1, 1),
]


def by_loops(x, w, s, p):
    """Seven loops over whole numbers; outside an image there is no pixel.

    Images are dictionaries, in which no negative index goes unnoticed.
    """
    (n, c, *size), (f, _, *kernel) = x.shape, w.shape
    pixel = dict(np.ndenumerate(x))
    rows, columns = (
        [t for t in range(-p, h + p, s) if t + k <= h + p]
        for h, k in zip(size, kernel, strict=True)
    )
    sums = [
        sum(
            w[g, a, k, m] * pixel.get((b, a, i + k, j + m), 0)
            for a, k, m in np.ndindex(c, *kernel)
        )
        for b, g, i, j in product(range(n), range(f), rows, columns)
    ]
    return np.reshape(sums, (n, f, len(rows), len(columns)))


@given(st.data())
def test_agrees_with_seven_loops(data):
    def draw(low, high):
        return data.draw(st.integers(low, high))

    p, shape = draw(0, 3), [draw(1, 2), draw(1, 3), draw(1, 6), draw(1, 6)]
    kernel = [draw(1, min(4, size + 2 * p)) for size in shape[2:]]
    rng, s = np.random.default_rng(draw(0, 9)), draw(1, 4)
    x = rng.integers(-9, 10, shape)
    w = rng.integers(-9, 10, [draw(1, 3), shape[1], *kernel])
    np.testing.assert_array_equal(conv2d(x, w, s, p), by_loops(x, w, s, p))


@pytest.mark.parametrize("size", SIZES)
def test_agrees_with_scipy(rng, size):
    n, c, h, v, f, kh, kw, s, p = size
    x, w = rng.normal(size=(n, c, h, v)), rng.normal(size=(f, c, kh, kw))
    found = conv2d(x, w, s, p)
    x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    for b, g in np.ndindex(n, f):
        y = sum(map(correlate2d, x[b], w[g], ["valid"] * c))[::s, ::s]
        np.testing.assert_allclose(found[b, g], y, rtol=0, atol=1e-12)


# torch.nn.functional.conv2d of PyTorch 2.13.0, float64, on the sines and
# cosines of 0 to 23, by stride and padding, rounded to nine digits
TORCH = {
    (1, 0): [
        [[2.096116527, 5.154757883], [-4.987620114, -3.989057622]],
        [[4.442632292, 5.089719482], [-5.322651393, -1.804530857]],
    ],
    (2, 1): [
        [[0.69077609, -2.598515367], [-1.379125281, -3.989057622]],
        [[0.081131062, -3.116084854], [-3.914434476, -1.804530857]],
    ],
}


@pytest.mark.parametrize("given", TORCH)
def test_agrees_with_pytorch(given):
    x = np.sin(np.arange(24.0)).reshape(1, 2, 3, 4)
    w = np.cos(np.arange(24.0)).reshape(2, 2, 2, 3)
    y = conv2d(x, w, *given)
    np.testing.assert_allclose(y, [TORCH[given]], rtol=0, atol=6e-10)


def test_published_example():
    # V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep
    # learning", figure 1.1
    x = [
        *([3, 3, 2, 1, 0], [0, 0, 1, 3, 1], [3, 1, 2, 2, 3]),
        *([2, 0, 0, 2, 2], [2, 0, 0, 0, 1]),
    ]
    w = [[0, 1, 2], [2, 2, 0], [0, 1, 2]]
    y = [[12, 12, 17], [10, 17, 19], [9, 6, 14]]
    assert conv2d([[x]], [[w]]).tolist() == [[y]]


@pytest.mark.parametrize("dtype", ["bool", *INTEGERS, *FLOATS])
def test_dtypes(dtype):
    x, w = np.ones((1, 2, 3, 3), dtype), np.ones((1, 2, 2, 2), dtype)
    y = conv2d(x, w, 2, 1)
    assert y.dtype == (dtype if dtype in FLOATS else "float64")
    assert y.tolist() == [[[[2, 4], [4, 8]]]]
    assert conv2d(x, w.astype(float)).dtype == np.result_type(dtype, float)


def test_the_kernel_may_be_wider_than_the_images_are():
    y = conv2d(np.ones((1, 1, 0, 2)), np.ones((1, 1, 2, 4)), padding=1)
    assert y.tolist() == [[[[0]]]]


@pytest.mark.parametrize("number", [np.uint8, np.int8, np.int64])
def test_integers_of_numpy(number):
    x, w = np.ones((1, 1, 2, 2)), np.ones((1, 1, 2, 2))
    y = conv2d(x, w, stride=number(100), padding=number(127))
    assert y.shape == (1, 1, 3, 3)  # 256 pixels: more than a uint8 holds


def test_a_broken_pixel_changes_its_windows_only(rng):
    x, w = rng.normal(size=(3, 2, 30, 20)), rng.normal(size=(4, 2, 3, 5))
    before = conv2d(x, w, padding=1)
    for spoilt in (np.nan, np.inf, -1e300):
        x[1, 0, 12, 9] = spoilt
        changed = conv2d(x, w, padding=1) != before
        assert changed[1, :, 11:14, 6:11].all()
        assert changed.sum() == 4 * 3 * 5


@pytest.mark.parametrize("n", [1, 40, 400])
def test_memory_holds_the_columns_of_a_few_images(n):
    x, w = np.ones((n, 3, 16, 16)), np.ones((8, 3, 3, 3))
    y = conv2d(x, w)
    blocks = 3 * 8 * COLUMNS  # one, the one before it, and padded images
    assert peak_bytes(conv2d, (x, w)) < y.nbytes + blocks


def test_any_memory_layout(rng):
    x, w = rng.normal(size=(2, 3, 6, 8)), rng.normal(size=(3, 3, 2, 2))
    expected = conv2d(x, w, 2, 1)
    last = x.transpose(0, 2, 3, 1).copy()  # channels last
    for other in (
        last.transpose(0, 3, 1, 2),
        np.repeat(x, 2, axis=3)[..., ::2],
        x.astype(">f8"),
    ):
        found = conv2d(other, np.asfortranarray(w), 2, 1)
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-13)
        assert found.flags.c_contiguous


@pytest.mark.parametrize("given", [(1, 0), (2, 1), (3, 2)])
def test_the_gradients_of_the_page(rng, given):
    """They agree with central differences of the sum of G * y."""
    x, w = rng.normal(size=(2, 3, 7, 6)), rng.normal(size=(4, 3, 3, 2))
    G, page = rng.normal(size=conv2d(x, w, *given).shape), on_page("conv2d")
    for name, array in (("filter_gradient", w), ("image_gradient", x)):
        found = page[name](G, x, w, *given)
        assert found.shape == array.shape
        for place in map(tuple, rng.integers(0, array.shape, (9, 4))):
            was, sums = array[place], []
            for step in (0.5, -0.5):  # y is linear: any step will do
                array[place] = was + step
                sums.append(np.sum(G * conv2d(x, w, *given)))
            array[place] = was
            assert np.isclose(found[place], sums[0] - sums[1], atol=1e-11)


SHAPES = r"^x and w must be \(n, c, h, w\) and \(f, c, kh, kw\), got "
STEPS = "^stride must be at least 1 and padding at least 0, got "
FIT = r"^w must fit \(6, 7\), the padded image, got kernel "


@pytest.mark.parametrize(
    ("shape", "kernel", "given", "message"),
    [
        ((2, 3, 4), (1, 3, 2, 2), (), SHAPES + r"\(2, 3, 4\) and \(1, 3"),
        ((2, 3, 4, 5), (3, 2, 2), (), SHAPES + r"\(2, 3, 4, 5\) and \(3"),
        ((2, 3, 4, 5), (1, 1, 2, 2), (), SHAPES + r".*\(1, 1, 2, 2\)$"),
        ((2, 3, 4, 5), (1, 3, 2, 2), (0,), STEPS + "0 and 0$"),
        ((2, 3, 4, 5), (1, 3, 2, 2), (2, -1), STEPS + "2 and -1$"),
        ((2, 3, 4, 5), (1, 3, 7, 2), (1, 1), FIT + r"\(7, 2\)$"),
        ((2, 3, 4, 5), (1, 3, 2, 8), (1, 1), FIT + r"\(2, 8\)$"),
        ((2, 3, 4, 5), (1, 3, 0, 2), (1, 1), FIT + r"\(0, 2\)$"),
        ((2, 3, 4, 5), (1, 3, 2, 0), (1, 1), FIT + r"\(2, 0\)$"),
    ],
)
def test_sizes_that_do_not_match(shape, kernel, given, message):
    with pytest.raises(ValueError, match=message):
        conv2d(np.ones(shape), np.ones(kernel), *given)


def test_what_is_no_number():
    x, w = np.ones((1, 1, 2, 2)), np.ones((1, 1, 2, 2))
    for args, message in (
        ((x.astype(str), w), "x must be real, got dtype <U32"),
        ((x, w * 1j), "w must be real, got dtype complex128"),
        ((x, w, 1.5), "stride must be an integer, got 1.5"),
        ((x, w, 1, "same"), "padding must be an integer, got 'same'"),
        ((x, w, 1, (1, 1)), r"padding must be an integer, got \(1, 1\)"),
    ):
        with pytest.raises(TypeError, match=f"^{message}$"):
            conv2d(*args)


@pytest.mark.parametrize("dtype", ["bool", *INTEGERS, *FLOATS])
def test_leaves_no_trace(untouched, dtype):
    x, w = np.ones((2, 1, 3, 3), dtype), np.ones((1, 1, 1, 1), dtype)
    with untouched(x, w) as (x, w):
        assert not np.shares_memory(conv2d(x, w), x)
