"""What PyTorch's layers want of their inputs, read from the layers themselves."""

from __future__ import annotations

from typing import Any

BATCH, TIME, SPACE = "batch", "time", "space"
"""Sizes that a layer leaves open."""


class Need:
    """What an input has to be, as far as it is known."""

    def __init__(
        self,
        shape: list[Any] | None = None,
        dtype: str | None = None,
        high: int | None = None,
        tail: bool = False,
        rank: int | None = None,
    ) -> None:
        self.shape = shape
        self.dtype = dtype
        self.high = high
        """Numbers are below this."""
        self.tail = tail
        """Whether more dimensions may stand before those of the shape."""
        self.rank = rank
        self.least = 0
        self.items: int | None = None
        """It is a tuple of so many."""
        self.keys: dict[str, None] = {}
        self.attributes: dict[str, None] = {}
        self.like: list[str] = []
        """Other inputs of the same shape."""

    def known(self) -> bool:
        """Whether anything is known."""
        return bool(self.shape or self.dtype or self.keys or self.items)

    def take(self, wanted: Need, steps: tuple[tuple[str, Any], ...], share: int) -> None:
        """Takes over what a layer wants after some steps; what was met first counts."""
        self.dtype = self.dtype or wanted.dtype
        if wanted.high is not None:
            self.high = wanted.high if self.high is None else min(self.high, wanted.high)
        if not steps:
            self.rank = self.rank or wanted.rank
            self.least = max(self.least, wanted.least)
            self.items = self.items or wanted.items
            self.keys.update(wanted.keys)
            self.attributes.update(wanted.attributes)
        if self.shape is not None or wanted.shape is None:
            return
        shape, tail = list(wanted.shape), wanted.tail
        if share > 1:
            shape = [_shared(size, share) if isinstance(size, int) else size for size in shape]
        for step, what in reversed(steps):
            changed = _undone(shape, tail, step, what)
            if changed is None:
                return
            shape, tail = changed
        self.shape, self.tail = shape, tail


def _shared(size: int, share: int) -> int:
    return max(size // share, 1)


def _undone(shape: list[Any], tail: bool, step: str, what: Any) -> tuple[list[Any], bool] | None:
    """The shape before a step."""
    if step == "flat":
        if what:
            return [BATCH, _product(what)], False
        return ([BATCH, shape[-1]], False) if shape and isinstance(shape[-1], int) else None
    if step == "lost":
        return ([BATCH, TIME, shape[-1]], False) if tail else (shape, False)
    if step == "permute":
        full = _full(shape, tail, len(what))
        if len(full) != len(what):
            return None
        before = list(full)
        for place, dim in enumerate(what):
            before[dim] = full[place]
        return before, False
    if step == "swap":
        full = _full(shape, tail, max(3, max(abs(dim) + (dim >= 0) for dim in what)))
        one, other = what
        if max(one, other) >= len(full):
            return None
        full[one], full[other] = full[other], full[one]
        return full, False
    if step == "reduce":
        full = _full(shape, tail, len(shape) + 1)
        return ([*full[:what], TIME, *full[what:]], False) if 0 <= what <= len(full) else None
    if step == "unsqueeze":
        full = _full(shape, tail, len(shape) + 1)
        place = what if what >= 0 else len(full) + what
        return (full[:place] + full[place + 1 :], False) if place < len(full) else None
    return None


def _full(shape: list[Any], tail: bool, rank: int) -> list[Any]:
    """A shape of a rank, with usual sizes before its tail."""
    if not tail or len(shape) >= rank:
        return list(shape)
    return [BATCH, *[TIME] * (rank - len(shape) - 1), *shape]


def _product(sizes: list[int]) -> int:
    total = 1
    for size in sizes:
        total *= size
    return total


def of_layer(module: Any) -> dict[str, Need] | None:
    """What a layer of PyTorch wants of each input, in order; None for any other network."""
    for cls in type(module).__mro__:
        if cls.__module__.startswith("torch.nn.modules") and cls.__name__ in _LAYERS:
            own = type(module).__module__.startswith("torch.")
            if not own and type(module).forward is not getattr(cls, "forward", None):
                return None
            try:
                found: dict[str, Need] = _LAYERS[cls.__name__](module)
                return found
            except (AttributeError, TypeError, ValueError, IndexError):
                return None
    return None


def _conv(rank: int) -> Any:
    def wants(module: Any) -> dict[str, Need]:
        transposed = "Transpose" in type(module).__name__
        size: Any = 8 if transposed else SPACE
        return {"input": Need([BATCH, module.in_channels or 3, *[size] * rank])}

    return wants


def _norm(rank: int | None) -> Any:
    def wants(module: Any) -> dict[str, Need]:
        count = getattr(module, "num_features", None) or module.num_channels
        return {"input": Need([BATCH, count, *[SPACE] * (rank or 0)])}

    return wants


def _recurrent(module: Any) -> dict[str, Need]:
    sizes = [BATCH, TIME] if module.batch_first else [TIME, BATCH]
    state = Need()
    return {"input": Need([*sizes, module.input_size]), "hx": state}


def _attention(module: Any) -> dict[str, Need]:
    sizes = [BATCH, TIME] if module.batch_first else [TIME, BATCH]
    return {
        "query": Need([*sizes, module.embed_dim]),
        "key": Need([*sizes, module.kdim or module.embed_dim]),
        "value": Need([*sizes, module.vdim or module.embed_dim]),
        "key_padding_mask": Need([BATCH, TIME], "bool"),
    }


def _transformer_layer(module: Any) -> dict[str, Need]:
    layer = module.layers[0] if hasattr(module, "layers") else module
    first = [BATCH, TIME] if layer.self_attn.batch_first else [TIME, BATCH]
    return {"src": Need([*first, layer.self_attn.embed_dim]), "memory": Need([*first, layer.self_attn.embed_dim])}


def _transformer(module: Any) -> dict[str, Need]:
    sizes = [BATCH, TIME] if module.batch_first else [TIME, BATCH]
    return {"src": Need([*sizes, module.d_model]), "tgt": Need([*sizes, module.d_model])}


_LAYERS: dict[str, Any] = {
    "Conv1d": _conv(1),
    "Conv2d": _conv(2),
    "Conv3d": _conv(3),
    "ConvTranspose1d": _conv(1),
    "ConvTranspose2d": _conv(2),
    "ConvTranspose3d": _conv(3),
    "BatchNorm1d": _norm(None),
    "BatchNorm2d": _norm(2),
    "BatchNorm3d": _norm(3),
    "SyncBatchNorm": _norm(2),
    "InstanceNorm2d": _norm(2),
    "GroupNorm": _norm(2),
    "Linear": lambda module: {"input": Need([module.in_features or 16], tail=True)},
    "Bilinear": lambda module: {
        "input1": Need([module.in1_features], tail=True),
        "input2": Need([module.in2_features], tail=True),
    },
    "LayerNorm": lambda module: {"input": Need(list(module.normalized_shape), tail=True)},
    "RMSNorm": lambda module: {"input": Need(list(module.normalized_shape), tail=True)},
    "Embedding": lambda module: {"input": Need([BATCH, TIME], "int64", module.num_embeddings, tail=False)},
    "EmbeddingBag": lambda module: {"input": Need([BATCH, TIME], "int64", module.num_embeddings, rank=2)},
    "RNN": _recurrent,
    "LSTM": _recurrent,
    "GRU": _recurrent,
    "RNNCell": lambda module: {"input": Need([BATCH, module.input_size]), "hx": Need([BATCH, module.hidden_size])},
    "GRUCell": lambda module: {"input": Need([BATCH, module.input_size]), "hx": Need([BATCH, module.hidden_size])},
    "LSTMCell": lambda module: {"input": Need([BATCH, module.input_size])},
    "MultiheadAttention": _attention,
    "TransformerEncoder": _transformer_layer,
    "TransformerEncoderLayer": _transformer_layer,
    "TransformerDecoder": _transformer_layer,
    "TransformerDecoderLayer": _transformer_layer,
    "Transformer": _transformer,
    "MaxPool2d": lambda module: {"input": Need(rank=4)},
    "AdaptiveAvgPool2d": lambda module: {"input": Need([BATCH, 3, SPACE, SPACE])},
    "PixelShuffle": lambda module: {"input": Need([BATCH, module.upscale_factor**2, 8, 8])},
}


def of_parameter(name: str, real: Any) -> Need | None:
    """What an operation with a real tensor wants of its other operand."""
    sizes = [int(size) for size in getattr(real, "shape", ())]
    if name in ("conv1d", "conv2d", "conv3d") and len(sizes) > 2:
        return Need([BATCH, sizes[1], *[SPACE] * (len(sizes) - 2)])
    if name == "linear" and len(sizes) == 2:
        return Need([sizes[1]], tail=True)
    if name == "embedding" and len(sizes) == 2:
        return Need([BATCH, TIME], "int64", sizes[0])
    if name == "layer_norm" or (name == "add" and len(sizes) == 1 and sizes[0] > 1):
        return Need(sizes, tail=True) if sizes else None
    if name in ("matmul", "mm", "bmm", "addmm") and len(sizes) >= 2:
        return Need([sizes[-2]], tail=True)
    if name == "add" and len(sizes) >= 2 and sizes[0] == 1:
        return Need([BATCH, *sizes[1:]])
    return None
