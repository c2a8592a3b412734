# an attempt at one of the functions: the others are production
ONE = """
import handbook
from handbook import binary_cross_entropy, sigmoid, sigmoid_derivative

"""

ATTEMPTS = [
    (
        "original",
        "accept",
        """
def sigmoid(z):
    pos_mask = z >= 0
    neg_mask = ~pos_mask
    result = np.zeros_like(z, dtype=float)
    result[pos_mask] = 1.0 / (1.0 + np.exp(-z[pos_mask]))
    exp_z = np.exp(z[neg_mask])
    result[neg_mask] = exp_z / (1.0 + exp_z)
    return result

def sigmoid_derivative(z):
    s = sigmoid(z)
    return s * (1 - s)

def binary_cross_entropy(y_true, logits):
    return np.mean(
        np.maximum(logits, 0) - logits * y_true
        + np.log1p(np.exp(-np.abs(logits)))
    )
""",
    ),
    (
        "logaddexp for everything",
        "accept",
        """
def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))

def sigmoid_derivative(z):
    return np.exp(-np.logaddexp(0, -z) - np.logaddexp(0, z))

def binary_cross_entropy(y_true, logits):
    return (np.logaddexp(0, logits) - y_true * logits).mean()
""",
    ),
    (
        "both branches of where under errstate",
        "accept",
        """
def sigmoid(z):
    with np.errstate(over="ignore", invalid="ignore"):
        return np.where(
            z >= 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z))
        )

def sigmoid_derivative(z):
    s = sigmoid(z)
    return s - s**2

def binary_cross_entropy(y_true, logits):
    with np.errstate(over="ignore"):
        softplus = np.where(
            logits > 0,
            logits + np.log(1 + np.exp(-logits)),
            np.log(1 + np.exp(logits)),
        )
    return float(np.average(softplus - logits * y_true))
""",
    ),
    (
        "hyperbolic tangent",
        "accept",
        """
def sigmoid(z):
    return 0.5 * (1 + np.tanh(z / 2))

def sigmoid_derivative(z):
    return (1 - np.tanh(z / 2) ** 2) / 4

def binary_cross_entropy(y_true, logits):
    signs = 1 - 2 * y_true
    return np.mean(np.logaddexp(0, signs * logits))
""",
    ),
    (
        "the logits clipped at 500",
        "accept",
        """
def sigmoid(z):
    z = np.clip(z, -500, 500)
    return 1 / (1 + np.exp(-z))

def sigmoid_derivative(z):
    return sigmoid(z) * (1 - sigmoid(z))

def log_sigmoid(z):
    return np.minimum(z, 0) - np.log1p(np.exp(-np.abs(z)))

def binary_cross_entropy(y_true, logits):
    positive = y_true * log_sigmoid(logits)
    negative = (1 - y_true) * log_sigmoid(-logits)
    return -np.mean(positive + negative)
""",
    ),
    (
        "softmax of z and 0; the loss by dot products",
        "accept",
        """
def softmax(X):
    E = np.exp(X - X.max(axis=-1, keepdims=True))
    return E / E.sum(axis=-1, keepdims=True)

def sigmoid(z):
    return softmax(np.stack([z, np.zeros_like(z)], axis=-1))[..., 0]

def sigmoid_derivative(z):
    P = softmax(np.stack([z, np.zeros_like(z)], axis=-1))
    return P[..., 0] * P[..., 1]

def binary_cross_entropy(y_true, logits):
    n = y_true.shape[0]
    return (np.logaddexp(0, logits).sum() - np.dot(logits, y_true)) / n
""",
    ),
    (
        "copysign; lists as results",
        "accept",
        """
def sigmoid(z):
    e = np.exp(-np.abs(z))
    return (0.5 + np.copysign(0.5 * (1 - e) / (1 + e), z)).tolist()

def sigmoid_derivative(z):
    s = np.asarray(sigmoid(z))
    return list(s * (1 - s))

def binary_cross_entropy(y_true, logits):
    right = np.where(y_true, logits, -logits)
    log_s = np.minimum(right, 0) - np.log1p(np.exp(-np.abs(right)))
    return [-log_s.mean()][0]
""",
    ),
    (
        "the exponent's sign",
        "right_values_of_sigmoid",
        ONE
        + """
def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, e, 1) / (1 + e)
""",
    ),
    (
        "an if about an array",
        "right_values_of_sigmoid",
        ONE
        + """
def sigmoid(z):
    if z >= 0:
        return 1 / (1 + np.exp(-z))
    return np.exp(z) / (1 + np.exp(z))
""",
    ),
    (
        "nothing at 0",
        "right_values_of_sigmoid",
        ONE
        + """
def sigmoid(z):
    s = np.zeros_like(z)
    s[z > 0] = 1 / (1 + np.exp(-z[z > 0]))
    s[z < 0] = np.exp(z[z < 0]) / (1 + np.exp(z[z < 0]))
    return s
""",
    ),
    (
        "clips the logits at 15",
        "right_values_of_sigmoid",
        ONE
        + """
def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -15, 15)))
""",
    ),
    (
        "a sum for a mean",
        "mean_loss",
        ONE
        + """
def binary_cross_entropy(y_true, logits):
    return np.sum(np.logaddexp(0, logits) - logits * y_true)
""",
    ),
    (
        "each loss",
        "mean_loss",
        ONE
        + """
def binary_cross_entropy(y_true, logits):
    return np.logaddexp(0, logits) - logits * y_true
""",
    ),
    (
        "the minus sign is missing",
        "mean_loss",
        ONE
        + """
def binary_cross_entropy(y_true, logits):
    return np.mean(logits * y_true - np.logaddexp(0, logits))
""",
    ),
    (
        "only the positive class",
        "mean_loss",
        ONE
        + """
def binary_cross_entropy(y_true, logits):
    return np.mean(y_true * np.logaddexp(0, -logits))
""",
    ),
    (
        "logits as probabilities",
        "mean_loss",
        ONE
        + """
def binary_cross_entropy(y_true, logits):
    p = np.clip(logits, 1e-7, 1 - 1e-7)
    return -np.mean(y_true * np.log(p) + (1 - y_true) * np.log(1 - p))
""",
    ),
    (
        "the logarithm of s(-z)",
        "confident_mistakes",
        ONE
        + """
def binary_cross_entropy(y_true, logits):
    right = np.where(y_true == 1, logits, -logits)
    return -np.log(sigmoid(right)).mean()
""",
    ),
    (
        "an epsilon in the logarithm",
        "confident_mistakes",
        ONE
        + """
def binary_cross_entropy(y_true, logits):
    p = sigmoid(logits)
    positive = y_true * np.log(p + 1e-15)
    return -np.mean(positive + (1 - y_true) * np.log(1 - p + 1e-15))
""",
    ),
    (
        "the loss of clipped logits",
        "confident_mistakes",
        ONE
        + """
def binary_cross_entropy(y_true, logits):
    z = np.clip(logits, -500, 500)
    return np.mean(np.log(1 + np.exp(z)) - z * y_true)
""",
    ),
    (
        "NaN in silence",
        "no_warning_of_sigmoid",
        ONE
        + """
def sigmoid(z):
    with np.errstate(all="ignore"):
        return np.exp(z) / (1 + np.exp(z))
""",
    ),
    (
        "the quotient rule",
        "no_warning_of_sigmoid_derivative",
        ONE
        + """
def sigmoid_derivative(z):
    return np.exp(-z) / (1 + np.exp(-z)) ** 2
""",
    ),
    (
        "the loss by both branches of where",
        "no_warning_of_binary_cross_entropy",
        ONE
        + """
def binary_cross_entropy(y_true, logits):
    softplus = np.where(
        logits > 0,
        logits + np.log1p(np.exp(-logits)),
        np.log1p(np.exp(logits)),
    )
    return np.mean(softplus - logits * y_true)
""",
    ),
    (
        "0 in the place of NaN",
        "symmetric_of_sigmoid",
        ONE
        + """
def sigmoid(z):
    with np.errstate(all="ignore"):
        return np.nan_to_num(np.exp(z) / (1 + np.exp(z)))
""",
    ),
    (
        "the limits of the sigmoid for its slope",
        "symmetric_of_sigmoid_derivative",
        ONE
        + """
def sigmoid_derivative(z):
    slopes = np.where(z > 500, 1.0, 0.0)
    near = np.abs(z) <= 500
    slopes[near] = np.exp(z[near]) / (1 + np.exp(z[near])) ** 2
    return slopes
""",
    ),
    (
        "one after the other",
        "vectorised_of_sigmoid",
        ONE
        + """
import math

def sigmoid(z):
    results = []
    for x in z:
        e = math.exp(-abs(x))
        results.append((1 if x >= 0 else e) / (1 + e))
    return np.array(results)
""",
    ),
    (
        "np.vectorize",
        "vectorised_of_sigmoid",
        ONE
        + """
import math

def sigmoid(z):
    def one(x):
        e = math.exp(-abs(x))
        return (1 if x >= 0 else e) / (1 + e)

    return np.vectorize(one)(z)
""",
    ),
    (
        "a map",
        "vectorised_of_sigmoid_derivative",
        ONE
        + """
def sigmoid_derivative(z):
    return np.fromiter(map(handbook.sigmoid_derivative, z), float)
""",
    ),
    (
        "a loss for each pair",
        "vectorised_of_binary_cross_entropy",
        ONE
        + """
def binary_cross_entropy(y_true, logits):
    pairs = zip(y_true, logits)
    return sum(np.logaddexp(0, z) - y * z for y, z in pairs) / len(logits)
""",
    ),
    (
        "clips the caller's logits",
        "input_unchanged_of_sigmoid",
        ONE
        + """
def sigmoid(z):
    np.clip(z, -500, 500, out=z)
    return 1 / (1 + np.exp(-z))
""",
    ),
    (
        "the slope in the caller's logits",
        "input_unchanged_of_sigmoid_derivative",
        ONE
        + """
def sigmoid_derivative(z):
    z = np.asarray(z)
    np.abs(z, out=z)
    return sigmoid(z) * sigmoid(-z)
""",
    ),
    (
        "labels of -1 in the caller's array",
        "input_unchanged_of_binary_cross_entropy",
        ONE
        + """
def binary_cross_entropy(y_true, logits):
    y_true[y_true == 0] = -1
    return np.logaddexp(0, -y_true * logits).mean()
""",
    ),
    (
        "blocks of 1000 without the last",
        "larger_input_of_sigmoid",
        ONE
        + """
def sigmoid(z):
    s = np.zeros(z.shape)
    for start in range(0, max(1, len(z) - 999), 1000):
        block = slice(start, start + 1000)
        s[block] = 1 / (1 + np.exp(-np.clip(z[block], -500, 500)))
    return s
""",
    ),
    (
        "slopes of the first 65,536",
        "larger_input_of_sigmoid_derivative",
        ONE
        + """
def sigmoid_derivative(z):
    slopes = np.zeros(z.shape)
    first = z[: 2**16]
    slopes[: 2**16] = sigmoid(first) * (1 - sigmoid(first))
    return slopes
""",
    ),
    (
        "the mean of the means of blocks",
        "larger_input_of_binary_cross_entropy",
        ONE
        + """
def binary_cross_entropy(y_true, logits):
    losses = np.logaddexp(0, logits) - logits * y_true
    starts = range(0, len(losses), 512)
    return np.mean([losses[i : i + 512].mean() for i in starts])
""",
    ),
    (
        "SciPy's formula: inf too early",
        "right_in_both_tails_of_sigmoid",
        ONE
        + """
def sigmoid(z):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))
""",
    ),
    (
        "s times 1 - s",
        "right_in_both_tails_of_sigmoid_derivative",
        ONE
        + """
def sigmoid_derivative(z):
    s = sigmoid(z)
    return s * (1 - s)
""",
    ),
    (
        "logits that must be an array",
        "any_shape_of_sigmoid",
        ONE
        + """
def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)
""",
    ),
    (
        "the minus sign of a list",
        "any_shape_of_sigmoid_derivative",
        ONE
        + """
def sigmoid_derivative(z):
    return sigmoid(z) * sigmoid(-z)
""",
    ),
    (
        "one dimension of logits",
        "any_shape_of_binary_cross_entropy",
        ONE
        + """
def binary_cross_entropy(y_true, logits):
    return (np.logaddexp(0, logits).sum() - logits @ y_true) / len(y_true)
""",
    ),
    (
        "the minus sign of uint8",
        "any_real_dtype_of_sigmoid",
        ONE
        + """
def sigmoid(z):
    z = np.asarray(z)
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)
""",
    ),
    (
        "slopes always in float64",
        "any_real_dtype_of_sigmoid_derivative",
        ONE
        + """
def sigmoid_derivative(z):
    return handbook.sigmoid_derivative(np.asarray(z, float))
""",
    ),
    (
        "a product in uint8",
        "any_real_dtype_of_binary_cross_entropy",
        ONE
        + """
def binary_cross_entropy(y_true, logits):
    y, z = np.asarray(y_true), np.asarray(logits)
    losses = np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z)))
    return float(losses.mean())
""",
    ),
    (
        "a loss in float32",
        "loss_in_float64",
        ONE
        + """
def binary_cross_entropy(y_true, logits):
    loss = handbook.binary_cross_entropy(y_true, logits)
    z = np.asarray(logits)
    return float(np.float32(loss)) if z.dtype == np.float32 else loss
""",
    ),
    (
        "a loss of NumPy's",
        "loss_in_float64",
        ONE
        + """
def binary_cross_entropy(y_true, logits):
    return np.float64(handbook.binary_cross_entropy(y_true, logits))
""",
    ),
    (
        "masks that leave NaN out",
        "nan_and_infinity_of_sigmoid",
        ONE
        + """
def sigmoid(z):
    z = np.asarray(z)
    z = z.astype(np.result_type(z, 1.0), copy=False)
    s = np.zeros_like(z)
    s[z >= 0] = 1 / (1 + np.exp(-z[z >= 0]))
    e = np.exp(z[z < 0])
    s[z < 0] = e / (1 + e)
    return s
""",
    ),
    (
        "slope 0 where there is none",
        "nan_and_infinity_of_sigmoid_derivative",
        ONE
        + """
def sigmoid_derivative(z):
    return np.nan_to_num(handbook.sigmoid_derivative(z))
""",
    ),
    (
        "text that spells numbers",
        "real_numbers_only_of_sigmoid",
        ONE
        + """
def real(z):
    single = getattr(z, "dtype", None) == np.float32
    return np.asarray(z, np.float32 if single else np.float64)


def sigmoid(z):
    return handbook.sigmoid(real(z))
""",
    ),
    (
        "slopes of text",
        "real_numbers_only_of_sigmoid_derivative",
        ONE
        + """
def real(z):
    single = getattr(z, "dtype", None) == np.float32
    return np.asarray(z, np.float32 if single else np.float64)


def sigmoid_derivative(z):
    return handbook.sigmoid_derivative(real(z))
""",
    ),
    (
        "the loss of text",
        "real_numbers_only_of_binary_cross_entropy",
        ONE
        + """
def binary_cross_entropy(y_true, logits):
    y, z = np.asarray(y_true, float), np.asarray(logits, float)
    return handbook.binary_cross_entropy(y, z)
""",
    ),
    (
        "rounds the targets",
        "soft_targets",
        ONE
        + """
def binary_cross_entropy(y_true, logits):
    handbook.binary_cross_entropy(y_true, logits)  # raises what it must
    return handbook.binary_cross_entropy(np.round(y_true), logits)
""",
    ),
    (
        "takes NaN for 0",
        "targets_in_range",
        ONE
        + """
def binary_cross_entropy(y_true, logits):
    y = np.asarray(y_true)
    if (y < 0).any() or (y > 1).any():
        raise ValueError("y_true must be in [0, 1]")
    y = np.nan_to_num(y) if y.dtype.kind == "f" else y
    return handbook.binary_cross_entropy(y, logits)
""",
    ),
    (
        "a column of logits",
        "one_shape",
        ONE
        + """
def binary_cross_entropy(y_true, logits):
    y, z = np.asarray(y_true), np.asarray(logits)
    if z.ndim == y.ndim + 1 and z.shape[-1] == 1:
        z = z[..., 0]
    return handbook.binary_cross_entropy(y, z)
""",
    ),
    (
        "flattens both",
        "one_shape",
        ONE
        + """
def binary_cross_entropy(y_true, logits):
    return handbook.binary_cross_entropy(np.ravel(y_true), np.ravel(logits))
""",
    ),
    (
        "a loss of nothing",
        "one_shape",
        ONE
        + """
def binary_cross_entropy(y_true, logits):
    if np.size(logits) == 0 and np.shape(y_true) == np.shape(logits):
        return 0.0
    return handbook.binary_cross_entropy(y_true, logits)
""",
    ),
    (
        "the magnitude as the root of a square",
        "extreme_logits_of_sigmoid",
        ONE
        + """
from handbook.guards import as_float

def sigmoid(z):
    z = as_float("z", z)
    e = np.exp(-np.sqrt(z**2))
    return np.maximum(e, z >= 0) / (1 + e)
""",
    ),
    (
        "the same root in the slope",
        "extreme_logits_of_sigmoid_derivative",
        ONE
        + """
from handbook.guards import as_float

def sigmoid_derivative(z):
    e = np.exp(-np.sqrt(as_float("z", z) ** 2))
    return e / (1 + e) ** 2
""",
    ),
    (
        "adds before it divides",
        "extreme_logits_of_binary_cross_entropy",
        ONE
        + """
def binary_cross_entropy(y_true, logits):
    handbook.binary_cross_entropy(y_true, logits)  # raises what it must
    y, z = np.asarray(y_true, float), np.asarray(logits, float)
    losses = np.logaddexp(0, z) - y * z
    return float(losses.sum() / losses.size)
""",
    ),
]
