"""From a size that clashed in a layer to inputs that may fit it."""

from __future__ import annotations

from typing import Any, Callable, Dict, Tuple

import torch
from torch import nn

from . import sizes
from .failures import kind_of
from .shown import mapped, tensors

_CONVS = (nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)
_SPACES = (224, 32, 28, 64, 96, 128, 227, 256, 84, 299, 384, 512, 16)
Given = Tuple[Tuple[Any, ...], Dict[str, Any]]


def mended(
    network: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any], error: BaseException, layer: Any, given: Any
) -> Given | None:
    """Other arguments, read from what the failing layer wanted, else from the text; None where neither tells."""
    found = _by_layer(network, args, kwargs, error, layer, given)
    return found if found is not None else _by_text(args, kwargs, error)


def _by_layer(
    network: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any], error: BaseException, layer: Any, given: Any
) -> Given | None:
    if layer is None or not given:
        return None
    found = given[0]
    if isinstance(layer, (nn.Embedding, nn.EmbeddingBag)) and isinstance(error, IndexError):
        return _changed(args, kwargs, _same(found), lambda one: one % layer.num_embeddings)
    if isinstance(layer, nn.Embedding) and found.dtype.is_floating_point:
        return _changed(args, kwargs, _same(found), lambda one: torch.randint(0, layer.num_embeddings, one.shape))
    wanted = _wanted(layer, found)
    if wanted is None:
        return None
    dimension, size = wanted
    if found.dim() >= -dimension and found.shape[dimension] == size:
        return None  # the layer has what it wants: something after it failed
    if found.dim() > -dimension - 1 and any(_same(found)(one) for one in tensors([args, kwargs])):
        return _changed(args, kwargs, _same(found), lambda one: _sized(one, dimension, size))
    spaces = _other_space(args, kwargs) if isinstance(layer, nn.Linear) else None
    return spaces or _in_proportion(args, kwargs, dimension, found.shape[dimension], size)


def _in_proportion(args: Any, kwargs: Any, dimension: int, found: int, wanted: int) -> Given | None:
    """An input of which a layer got a multiple, or something more: `cat([x, x - y])`, `cat([x, state])`."""
    for one in tensors([args, kwargs]):
        for place in dict.fromkeys((dimension, -1)):
            old = one.shape[place] if one.dim() >= -place and one.dtype.is_floating_point else 0
            whole = old * wanted % found == 0
            new = old * wanted // found if whole else old - (found - wanted)
            if 0 < new != old and (whole or place != -1):
                return _changed(args, kwargs, _same(one), _resized(place, new))
    for one in tensors([args, kwargs]):
        new = one.shape[-1] - (found - wanted) if one.dim() and one.dtype.is_floating_point else 0
        if new > 0:
            return _changed(args, kwargs, _same(one), _resized(-1, new))
    return None


def _by_text(args: Any, kwargs: Any, error: BaseException) -> Given | None:
    """An input one of whose sizes the text names; a whole number where a fraction is wanted."""
    every, text = [*tensors([args, kwargs])], str(error)
    for found, wanted in sizes.said(text):
        for one in every:
            for place in range(-1, -one.dim() - 1, -1):
                if one.shape[place] == found:
                    return _changed(args, kwargs, _same(one), _resized(place, wanted))
    had, wanted = sizes.held(text) or (0, 0)
    for one in every:
        if one.dim() and one.numel() == had != wanted:
            if one.shape[-1] * wanted % had == 0:
                return _changed(args, kwargs, _same(one), _resized(-1, one.shape[-1] * wanted // had))
            if one.dim() > 1 and wanted % one.shape[0] == 0:
                shape = (one.shape[0], *[1] * (one.dim() - 2), wanted // one.shape[0])
                return _changed(args, kwargs, _same(one), _filled(shape))
    if kind_of(error) == "dtype":
        for one in every:
            if one.dtype == torch.int64:
                return _changed(args, kwargs, _same(one), lambda old: torch.randn(old.shape))
    return None


def _resized(place: int, size: int) -> Callable[[torch.Tensor], torch.Tensor]:
    return lambda old: _sized(old, place, size)


def _wanted(layer: Any, found: torch.Tensor) -> tuple[int, int] | None:
    """A dimension, counted from the end, and its size."""
    if isinstance(layer, nn.Linear):
        return -1, layer.in_features
    if isinstance(layer, _CONVS):
        return -len(layer.kernel_size) - 1, layer.in_channels
    if isinstance(layer, nn.RNNBase):
        return -1, layer.input_size
    if isinstance(layer, nn.LayerNorm):
        return -1, layer.normalized_shape[-1]
    if isinstance(layer, nn.modules.batchnorm._BatchNorm) and found.dim() > 1:
        return 1 - found.dim(), layer.num_features
    return None


def _same(found: torch.Tensor) -> Callable[[torch.Tensor], bool]:
    """Whether an argument is what reached the layer."""
    return lambda one: tuple(one.shape) == tuple(found.shape) and one.dtype == found.dtype


def _sized(tensor: torch.Tensor, dimension: int, size: int) -> torch.Tensor:
    shape: list[int] = list(tensor.shape)
    shape[dimension] = size
    if tensor.dtype.is_floating_point:
        return torch.randn(shape).to(tensor.dtype)
    return torch.zeros(shape, dtype=tensor.dtype)


def _other_space(args: Any, kwargs: Any) -> Given | None:
    """The next picture size that networks are made for."""
    for one in tensors([args, kwargs]):
        if one.dim() == 4 and one.dtype.is_floating_point:
            at = _SPACES.index(one.shape[-1]) + 1 if one.shape[-1] in _SPACES else 0
            if at < len(_SPACES):
                shape = (*one.shape[:2], _SPACES[at], _SPACES[at])
                return _changed(args, kwargs, _same(one), _filled(shape))
    return None


def _filled(shape: Any) -> Callable[[torch.Tensor], torch.Tensor]:
    return lambda old: torch.randn(shape)


def _changed(args: Any, kwargs: Any, which: Callable[[torch.Tensor], bool], how: Callable[[Any], Any]) -> Given:
    def change(one: torch.Tensor) -> torch.Tensor:
        return how(one) if which(one) else one

    return mapped(change, args), mapped(change, kwargs)
