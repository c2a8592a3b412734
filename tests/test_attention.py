import math

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from benchmarks.sweeps import on_page
from handbook import scaled_dot_product_attention as attention
from handbook.checks import peak_bytes

close = np.testing.assert_allclose
equal = np.testing.assert_array_equal

# torch.nn.functional.scaled_dot_product_attention of PyTorch 2.13.0,
# float64, of these arrays, without a mask and with this one
Q = np.sin(np.arange(30.0)).reshape(2, 3, 5)
K = 3 * np.cos(np.arange(40.0)).reshape(2, 4, 5)
V = np.sin(np.arange(16) + 0.5).reshape(2, 4, 2)
MASK = np.tri(3, 4, 1, dtype=bool)
TORCH = [
    [
        [0.3882129883382384, -0.28541699323184644],
        [-0.534559261378348, -0.11961316538989353],
        [0.1611388466280174, 0.8615884587468167],
    ],
    [
        [0.22879798984915845, -0.3295159383095642],
        [-0.7268997349272631, -0.6051885975384212],
        [0.028518918698049817, 0.5798920075282681],
    ],
]
TORCH_MASKED = [
    [
        [0.5878464248270747, -0.2304402262904766],
        [-0.9431475778005529, -0.696030844671744],
        TORCH[0][2],
    ],
    [
        [0.22981953090652157, -0.34634043634894646],
        [-0.7287541337597133, -0.6060943255469453],
        TORCH[1][2],
    ],
]


def test_agrees_with_pytorch():
    # sin and cos of another library may differ in the last digit
    close(attention(Q, K, V), TORCH, rtol=1e-13)
    close(attention(Q, K, V, MASK), TORCH_MASKED, rtol=1e-13)


def query_by_query(Q, K, V, allowed):
    """The definition, in the numbers of mpmath; 0 without a key."""
    result = np.zeros((len(Q), V.shape[1]))
    for i, q in enumerate(Q.tolist()):
        seen = [j for j in range(len(K)) if allowed[i, j]]
        root = mpmath.sqrt(len(q))
        sizes = [
            mpmath.exp(mpmath.fdot(q, K[j].tolist()) / root) for j in seen
        ]
        for column in range(V.shape[1]) if seen else ():
            values = V[seen, column].tolist()
            mean = mpmath.fdot(sizes, values) / mpmath.fsum(sizes)
            result[i, column] = mean
    return result


@given(
    t=st.integers(0, 4),
    s=st.integers(0, 5),
    d=st.integers(1, 4),
    v=st.integers(0, 3),
    scale=st.sampled_from([1e-3, 1, 30]),
    share=st.sampled_from([0, 0.5, 1]),
    seed=st.integers(0, 2**32),
)
def test_agrees_with_the_definition(t, s, d, v, scale, share, seed):
    rng = np.random.default_rng(seed)
    Q, K = scale * rng.standard_normal((t, d)), rng.standard_normal((s, d))
    V, allowed = rng.standard_normal((s, v)), rng.random((t, s)) < share
    expected = query_by_query(Q, K, V, allowed)
    close(attention(Q, K, V, allowed), expected, rtol=1e-12, atol=1e-12)
    if allowed.all():
        close(attention(Q, K, V), expected, rtol=1e-12, atol=1e-12)


def test_weights_are_those_of_scipy(rng):
    Q, K = (
        rng.standard_normal((2, 3, 6, 8)),
        rng.standard_normal((2, 3, 7, 8)),
    )
    eye = np.broadcast_to(np.eye(7), (2, 3, 7, 7))  # the weights themselves
    scores = np.einsum("bhtd,bhsd->bhts", Q, K) / math.sqrt(8)
    close(
        attention(Q, K, eye), special.softmax(scores, axis=-1), rtol=1e-12
    )


@pytest.mark.parametrize(
    ("q", "k", "v"),
    [((), (3,), (2, 3)), ((2, 3), (1,), (3,)), ((2, 1), (3,), (2, 3))],
)
def test_leading_axes_broadcast(rng, q, k, v):
    Q, K = rng.standard_normal((*q, 4, 5)), rng.standard_normal((*k, 6, 5))
    V = rng.standard_normal((*v, 6, 2))
    for allowed in (None, rng.random((2, 1, 4, 6)) < 0.5):
        found = attention(Q, K, V, allowed)
        assert found.shape == (2, 3, 4, 2)
        for lead in np.ndindex(2, 3):
            parts = [
                np.broadcast_to(X, (2, 3, *X.shape[-2:]))[lead]
                for X in (Q, K, V)
            ]
            own = None if allowed is None else allowed[lead[0], 0]
            close(found[lead], attention(*parts, own), rtol=1e-13)


@pytest.mark.parametrize(
    "shape", [(), (1,), (6,), (4, 1), (1, 6), (4, 6), (2, 1, 1, 6)]
)
def test_masks_broadcast(rng, shape):
    Q, K = (
        rng.standard_normal((2, 3, 4, 5)),
        rng.standard_normal((2, 3, 6, 5)),
    )
    V, allowed = rng.standard_normal((2, 3, 6, 2)), rng.random(shape) < 0.5
    found = attention(Q, K, V, allowed)
    full = np.broadcast_to(allowed, (2, 3, 4, 6))
    for lead in np.ndindex(2, 3):
        expected = query_by_query(Q[lead], K[lead], V[lead], full[lead])
        close(found[lead], expected, rtol=1e-12)


@pytest.mark.parametrize("size", [1e6, 1e150])
def test_large_scores(size):
    K, V = np.array([[1.0], [-1], [0.5]]), np.array([[1.0], [2], [3]])
    close(attention([[size], [-size]], K, V), [[1], [2]], rtol=1e-15)


def test_a_query_without_a_key_gives_zeros(rng):
    allowed = rng.random((2, 3, 4)) < 0.5
    allowed[0, 1] = False
    found = attention(Q, K, V, allowed)
    equal(found[0, 1], 0)
    assert (found[1] != 0).all()
    equal(attention(Q, K[:, :0], V[:, :0]), np.zeros((2, 3, 2)))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e308])
@pytest.mark.parametrize("shape", [(4,), (2, 3, 4)])
def test_what_no_query_sees_changes_nothing(rng, value, shape):
    allowed = rng.random(shape) < 0.6
    allowed[..., 2] = False
    seen = np.broadcast_to(allowed, (2, 3, 4)).any(axis=1)[..., None]
    expected = attention(Q, K, V, allowed)
    hidden = [np.where(seen, X, value) for X in (K, V)]
    equal(attention(Q, *hidden, allowed), expected)
    shared = [
        np.where(np.arange(4)[:, None] == 2, value, X[0]) for X in (K, V)
    ]
    equal(attention(Q, *shared, allowed), attention(Q, K[0], V[0], allowed))


def test_what_a_query_sees_shows():
    for X in (Q, K, V):
        (copy := X.copy())[0] = np.nan
        args = [copy if Y is X else Y for Y in (Q, K, V)]
        found = attention(*args)
        assert np.isnan(found[0]).all()
        close(found[1], TORCH[1], rtol=1e-13)


@pytest.mark.parametrize(
    ("dtype", "rtol"), [("float16", 2e-3), ("float32", 1e-5)]
)
def test_small_floats_are_kept(untouched, dtype, rtol):
    arrays = [X.astype(dtype) for X in (Q, K, V)]
    expected = attention(*(X.astype(float) for X in arrays), MASK)
    with untouched(*arrays, MASK) as (q, k, v, allowed):
        found = attention(q, k, v, allowed)
    assert found.dtype == dtype
    close(found, expected, rtol=rtol, atol=rtol)


def test_half_precision_does_not_overflow():
    Q, K = (
        np.full((1, 64), 50, "float16"),
        np.full((2000, 64), 50, "float16"),
    )
    V = np.full((2000, 1), 100, "float16")
    equal(attention(Q, K, V), [[100]])  # the scores are 20,000, the sum 2e5


@pytest.mark.parametrize("dtype", ["bool", "int8", "uint8", "int64"])
def test_integers_become_float64(untouched, rng, dtype):
    with untouched(*rng.integers(0, 99, (3, 4, 4)).astype(dtype)) as arrays:
        found = attention(*arrays)
    expected = attention(*(X.astype(float) for X in arrays))
    assert found.dtype == "float64"
    equal(found, expected)
    lists = attention(*(X.tolist() for X in arrays), [[True] * 4] * 4)
    equal(lists, expected)


def test_mixed_dtypes_take_the_larger():
    found = attention(Q.astype("float32"), K.astype("float16"), V)
    assert found.dtype == "float64"


def test_any_memory_layout():
    for change in (np.asfortranarray, lambda X: X[::-1][::-1]):
        views = [change(X) for X in (Q, K, V, np.stack([MASK] * 2))]
        close(attention(*views), TORCH_MASKED, rtol=1e-13)


def test_a_result_is_new():
    assert not np.shares_memory(attention(Q, K, V), V)
    assert attention(Q, K, V).flags.writeable


def test_memory_of_one_array_of_scores(rng):
    Q, K, V = rng.standard_normal((3, 500, 4))
    peak = peak_bytes(attention, (Q, K, V, np.tri(500, dtype=bool)))
    assert peak < 1.3 * 8 * 500 * 500  # and the mask


def test_blocks_of_the_page_at_their_edges(rng):
    online = on_page("attention")["scaled_dot_product_attention_online"]
    for s in (1, 511, 512, 513, 1030):
        Q, K = rng.standard_normal((3, 4)), rng.standard_normal((s, 4))
        V, allowed = rng.standard_normal((s, 2)), np.arange(s) >= s // 2
        wanted = attention(Q, 9 * K, V, allowed)
        close(online(Q, 9 * K, V, allowed), wanted, rtol=1e-12)


SHAPES = (
    r"^Q, K and V must be \(..., t, d\), \(..., s, d\) and \(..., s, v\) "
    r"with d >= 1, got "
)


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"Q": [1.0, 2]}, ValueError, rf"{SHAPES}\(2,\), \(1, 2\) and "),
        ({"K": [1.0, 2]}, ValueError, rf"{SHAPES}\(1, 2\), \(2,\) and "),
        ({"V": [1.0]}, ValueError, rf"{SHAPES}.* and \(1,\)$"),
        ({"K": [[1.0]]}, ValueError, rf"{SHAPES}\(1, 2\), \(1, 1\)"),
        ({"V": [[1.0], [2]]}, ValueError, rf"{SHAPES}.* and \(2, 1\)$"),
        ({"Q": [[]], "K": [[]]}, ValueError, rf"{SHAPES}\(1, 0\), "),
        (
            {"Q": np.ones((2, 1, 2)), "V": np.ones((3, 1, 1))},
            ValueError,
            r"^leading axes of Q, K and V must broadcast, got \(2, 1",
        ),
        (
            {"mask": [[True, False]]},
            ValueError,
            r"^mask must broadcast to \(1, 1\), got \(1, 2\)$",
        ),
        (
            {"mask": np.ones((2, 1, 1), bool)},
            ValueError,
            r"^mask must broadcast to \(1, 1\), got \(2, 1, 1\)$",
        ),
        (
            {"mask": [[1]]},
            TypeError,
            "^mask must be boolean, got dtype int",
        ),
        (
            {"mask": 0.0},
            TypeError,
            "^mask must be boolean, got dtype float",
        ),
        ({"Q": [["a", "b"]]}, TypeError, "^Q must be real, got dtype <U1"),
        ({"K": [[1j, 1]]}, TypeError, "^K must be real, got dtype complex"),
        ({"V": [[None]]}, TypeError, "^V must be real, got dtype object"),
    ],
)
def test_errors(changed, error, message):
    given = {"Q": [[1.0, 2]], "K": [[3.0, 4]], "V": [[5.0]]}
    with pytest.raises(error, match=message) as caught:
        attention(**given | changed)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or not caught.value.__context__
