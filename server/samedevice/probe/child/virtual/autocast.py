"""`torch.autocast("cuda")`: torch's own looks at the device in C++, where our tensors are not on a GPU.

The lists are those of torch's documentation, "CUDA Ops that can autocast".
"""

from __future__ import annotations

import functools
from typing import Any, Callable

import torch
from torch.utils._pytree import tree_map

from .tensor import CudaTensor

_LOWER = {
    torch: """addbmm addmm addmv addr baddbmm bmm chain_matmul conv1d conv2d conv3d conv_transpose1d conv_transpose2d
        conv_transpose3d convolution einsum gru_cell lstm_cell matmul mm mv prelu rnn_relu_cell rnn_tanh_cell""",
    torch.Tensor: """addbmm addmm addmv addr baddbmm bmm matmul __matmul__ __rmatmul__ mm mv""",
    torch.nn.functional: """linear conv1d conv2d conv3d conv_transpose1d conv_transpose2d conv_transpose3d
        scaled_dot_product_attention prelu""",
}
_FLOAT32 = {
    torch: """acos asin cosh
        cosine_embedding_loss cdist cosine_similarity cumprod cumsum dist erfinv exp expm1 hinge_embedding_loss
        layer_norm group_norm log log10 log1p log2 norm nuclear_norm pow prod reciprocal renorm rsqrt sinh softmax
        log_softmax sum tan""",
    torch.Tensor: """__pow__ __rpow__ acos asin cosh cumprod cumsum dist erfinv exp expm1 log log10 log1p log2
        log_softmax norm pow prod reciprocal renorm rsqrt sinh softmax sum tan""",
    torch.nn.functional: """binary_cross_entropy_with_logits cosine_embedding_loss cosine_similarity cross_entropy
        gaussian_nll_loss gelu group_norm huber_loss kl_div l1_loss layer_norm log_softmax margin_ranking_loss mse_loss
        multi_margin_loss nll_loss normalize pdist poisson_nll_loss smooth_l1_loss soft_margin_loss softmax softmin
        softplus triplet_margin_loss""",
}
_WIDEST = {
    torch: "addcdiv addcmul atan2 bilinear cross dot grid_sampler index_put scatter_add tensordot",
    torch.Tensor: "addcdiv addcmul atan2 cross dot index_put scatter_add",
    torch.nn.functional: "bilinear grid_sample",
}


def install() -> None:
    """Wraps the functions that autocast changes."""
    for names, cast in ((_LOWER, _lower), (_FLOAT32, _float32), (_WIDEST, _widest)):
        for owner, text in names.items():
            for name in text.split():
                if hasattr(owner, name):
                    setattr(owner, name, _casting(getattr(owner, name), cast))
    vf: Any = torch._VF
    for name in ("lstm", "gru", "rnn_tanh", "rnn_relu", "lstm_cell", "gru_cell", "rnn_tanh_cell", "rnn_relu_cell"):
        setattr(vf, name, _casting(getattr(vf, name), _lower))
    bce = torch.nn.functional.binary_cross_entropy

    @functools.wraps(bce)
    def refused(*args: Any, **kwargs: Any) -> Any:
        if _on() and any(isinstance(one, CudaTensor) for one in args):
            raise RuntimeError(
                "torch.nn.functional.binary_cross_entropy and torch.nn.BCELoss are unsafe to autocast.\n"
                "Many models use a sigmoid layer right before the binary cross entropy layer.\n"
                "In this case, combine the two layers using torch.nn.functional.binary_cross_entropy_with_logits\n"
                "or torch.nn.BCEWithLogitsLoss.  binary_cross_entropy_with_logits and BCEWithLogits are\n"
                "safe to autocast."
            )
        return bce(*args, **kwargs)

    torch.nn.functional.binary_cross_entropy = refused


def _on() -> bool:
    return bool(torch.is_autocast_enabled("cuda") if _NEW else torch.is_autocast_enabled())


_NEW = hasattr(torch, "get_autocast_dtype")


def _casting(function: Callable[..., Any], cast: Callable[[list[Any]], Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def new(*args: Any, **kwargs: Any) -> Any:
        if not _on():
            return function(*args, **kwargs)
        found: list[Any] = []
        tree_map(lambda one: found.append(one) if _eligible(one) else None, (args, kwargs))
        dtype = cast(found) if found else None
        if dtype is None:
            return function(*args, **kwargs)
        given, named = tree_map(lambda one: one.to(dtype) if _eligible(one) else one, (args, kwargs))
        with torch.autocast("cuda", enabled=False):
            return function(*given, **named)

    return new


def _eligible(one: Any) -> bool:
    return isinstance(one, CudaTensor) and one.is_floating_point() and one.dtype != torch.float64


def _lower(found: list[Any]) -> Any:
    return torch.get_autocast_dtype("cuda") if _NEW else torch.get_autocast_gpu_dtype()


def _float32(found: list[Any]) -> Any:
    return torch.float32


def _widest(found: list[Any]) -> Any:
    dtypes = {one.dtype for one in found}
    return torch.float32 if torch.float32 in dtypes else None
