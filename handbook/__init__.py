"""The public functions, and `check` to judge your own."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from handbook.session import check

if TYPE_CHECKING:
    from handbook.solutions.attention import scaled_dot_product_attention
    from handbook.solutions.batch_matmul import batch_matmul
    from handbook.solutions.conv2d import conv2d
    from handbook.solutions.cosine_similarity import (
        cosine_similarity_matrix,
    )
    from handbook.solutions.cross_entropy import cross_entropy
    from handbook.solutions.gradient_descent import mini_batch_gd
    from handbook.solutions.k_means import k_means
    from handbook.solutions.knn import knn_predict
    from handbook.solutions.layer_norm import layer_norm
    from handbook.solutions.linear_regression import fit_linear
    from handbook.solutions.logistic_regression import (
        fit_logistic,
        predict_proba,
    )
    from handbook.solutions.mlp_backprop import mlp_backward, mlp_forward
    from handbook.solutions.moving_average import moving_average
    from handbook.solutions.normalize_rows import l1_normalize, l2_normalize
    from handbook.solutions.one_hot import one_hot
    from handbook.solutions.roc_auc import roc_auc
    from handbook.solutions.sampling import (
        sample_categorical,
        sampling_probs,
    )
    from handbook.solutions.sigmoid import (
        binary_cross_entropy,
        sigmoid,
        sigmoid_derivative,
    )
    from handbook.solutions.softmax import softmax
    from handbook.solutions.top_k import topk_per_row

__all__ = [
    "batch_matmul",
    "binary_cross_entropy",
    "check",
    "conv2d",
    "cosine_similarity_matrix",
    "cross_entropy",
    "fit_linear",
    "fit_logistic",
    "k_means",
    "knn_predict",
    "l1_normalize",
    "l2_normalize",
    "layer_norm",
    "mini_batch_gd",
    "mlp_backward",
    "mlp_forward",
    "moving_average",
    "one_hot",
    "predict_proba",
    "roc_auc",
    "sample_categorical",
    "sampling_probs",
    "scaled_dot_product_attention",
    "sigmoid",
    "sigmoid_derivative",
    "softmax",
    "topk_per_row",
]
_HOMES = {
    "batch_matmul": "batch_matmul",
    "binary_cross_entropy": "sigmoid",
    "conv2d": "conv2d",
    "cosine_similarity_matrix": "cosine_similarity",
    "cross_entropy": "cross_entropy",
    "fit_linear": "linear_regression",
    "fit_logistic": "logistic_regression",
    "k_means": "k_means",
    "knn_predict": "knn",
    "l1_normalize": "normalize_rows",
    "l2_normalize": "normalize_rows",
    "layer_norm": "layer_norm",
    "mini_batch_gd": "gradient_descent",
    "mlp_backward": "mlp_backprop",
    "mlp_forward": "mlp_backprop",
    "moving_average": "moving_average",
    "one_hot": "one_hot",
    "predict_proba": "logistic_regression",
    "roc_auc": "roc_auc",
    "sample_categorical": "sampling",
    "sampling_probs": "sampling",
    "scaled_dot_product_attention": "attention",
    "sigmoid": "sigmoid",
    "sigmoid_derivative": "sigmoid",
    "softmax": "softmax",
    "topk_per_row": "top_k",
}


# a function is imported when it is used: NumPy takes its time
def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        said = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(said)
    home = import_module(f"handbook.solutions.{_HOMES[name]}")
    globals()[name] = getattr(home, name)
    return globals()[name]


def __dir__() -> list[str]:
    return [*globals(), *_HOMES]
