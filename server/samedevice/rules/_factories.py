"""The calls that make tensors from nothing, by the last part of their name."""

from __future__ import annotations

import ast

_FACTORIES = """
    zeros ones full empty rand randn randint randperm arange linspace logspace eye tensor as_tensor asarray
    zeros_like ones_like full_like empty_like rand_like randn_like randint_like scalar_tensor tril_indices triu_indices
    hann_window hamming_window blackman_window bartlett_window kaiser_window empty_strided Generator
    sparse_coo_tensor fftfreq rfftfreq range new_zeros new_ones new_full new_empty new_tensor
"""
FACTORIES = frozenset(_FACTORIES.split())
"""Calls that take `device=` and, but for Generator, `dtype=`."""
LEGACY = {
    "FloatTensor": "float32",
    "DoubleTensor": "float64",
    "HalfTensor": "float16",
    "BFloat16Tensor": "bfloat16",
    "LongTensor": "int64",
    "IntTensor": "int32",
    "ShortTensor": "int16",
    "CharTensor": "int8",
    "ByteTensor": "uint8",
    "BoolTensor": "bool",
    "Tensor": "float32",
}
"""Constructors of one dtype; those of CPU tensors take no other device."""


def function_name(call: ast.Call) -> str:
    """The last part of what is called: `zeros` of `torch.zeros(3)`."""
    function = call.func
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def makes_tensor(node: ast.AST | None) -> bool:
    """Whether a call makes a tensor, rather than a layer whose weights are tensors."""
    return isinstance(node, ast.Call) and (
        function_name(node) in FACTORIES or function_name(node) in LEGACY or function_name(node) == "from_numpy"
    )
