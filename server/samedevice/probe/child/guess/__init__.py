"""Inputs that suit a network: sizes from its real layers, kinds from its text and from what the program passes."""

from __future__ import annotations

import inspect
import itertools
import types
from typing import Any, Dict, Iterator, Mapping, Tuple

from .layers import BATCH, SPACE, TIME, Need
from .reading import wants

Given = Tuple[str, Tuple[Any, ...], Dict[str, Any]]
_SPACES = (64, 32, 28, 224, 16, 84, 128, 8)
_TIMES = (16, 8, 32)
_IDS = (
    "ids",
    "tokens",
    "token",
    "idx",
    "index",
    "indices",
    "input_ids",
    "words",
    "item",
    "items",
    "user",
    "users",
    "edge_index",
)
_SMALL = (
    "t",
    "timestep",
    "timesteps",
    "time",
    "step",
    "labels",
    "label",
    "y",
    "targets",
    "target",
    "class_labels",
    "n",
)
_LENGTHS = ("lengths", "lens", "length", "seq_lens", "x_lengths", "src_len", "src_lengths", "text_lengths")
_MAIN = ("input_ids", "pixel_values", "x")
"""Given also where they are optional."""
_IMAGES = ("img", "image", "images", "pixel_values", "imgs", "pixels")


def candidates(network: Any, hints: Mapping[str, Mapping[str, Any]]) -> Iterator[Given]:
    """Ways to call a network, best first; `hints` say what is known of inputs, by name or by position."""
    try:
        parameters = _parameters(network)
    except (TypeError, ValueError):
        parameters = []
    needs = wants(network)
    named = _by_name(hints, [one.name for one in parameters])
    batch = _batch(named)
    seen = set()
    for space, time in [(space, _TIMES[0]) for space in _own_spaces(network)] + [
        (_SPACES[0], time) for time in _TIMES[1:]
    ]:
        # One dimension more for what may have several, one less for ids, and both.
        for more in range(4 if time == _TIMES[0] and space == _SPACES[0] else 2):
            values = _values(network, parameters, needs, named, {BATCH: batch, SPACE: space, TIME: time}, more)
            key = repr(_sizes_of(values))
            if key not in seen:
                seen.add(key)
                yield ("", *_arranged(parameters, values))


def _batch(hints: Mapping[str, Mapping[str, Any]]) -> int:
    """The size of the batch that the program passes with any of its inputs, else 2."""
    for one in hints.values():
        shape = one.get("shape")
        if shape and isinstance(shape[0], int):
            return int(shape[0])
    return 2


def _sizes_of(value: Any) -> Any:
    """The shapes in a value, to tell whether two are alike."""
    if isinstance(value, dict):
        return [(name, _sizes_of(one)) for name, one in value.items()]
    if isinstance(value, (tuple, list)):
        return [_sizes_of(one) for one in value]
    if hasattr(value, "shape"):
        return tuple(value.shape)
    return _sizes_of(vars(value)) if isinstance(value, types.SimpleNamespace) else repr(value)


def _by_name(hints: Mapping[str, Mapping[str, Any]], names: list[str]) -> dict[str, Mapping[str, Any]]:
    """Hints by the names of parameters; a number is a position."""
    return {names[int(key)] if key.isdigit() and int(key) < len(names) else key: one for key, one in hints.items()}


def _parameters(network: Any) -> list[inspect.Parameter]:
    """What the network takes; of a container, what its first layer takes."""
    forward = network.forward
    found = list(inspect.signature(forward).parameters.values())
    return [one for one in found if one.kind is not one.VAR_KEYWORD]


def _own_spaces(network: Any) -> list[int]:
    """Picture sizes to try, that which the network names first."""
    for name in ("pretrained_cfg", "default_cfg"):
        told = getattr(network, name, None)
        if isinstance(told, dict) and isinstance(told.get("input_size"), (tuple, list)):
            return list(dict.fromkeys([told["input_size"][-1], *_SPACES]))
    for holder in (
        network,
        getattr(network, "config", None),
        getattr(network, "patch_embed", None),
        *network.children(),
    ):
        for name in ("image_size", "img_size", "input_size", "sample_size", "resolution"):
            value = getattr(holder, name, None)
            value = value[-1] if isinstance(value, (tuple, list)) and value else value
            if isinstance(value, int) and 4 <= value <= 1024:
                return list(dict.fromkeys([value, *_SPACES]))
    return list(_SPACES)


def _values(
    network: Any,
    parameters: list[inspect.Parameter],
    needs: Mapping[str, Need],
    hints: Mapping[str, Mapping[str, Any]],
    sizes: Mapping[str, int],
    more: int,
) -> dict[str, Any]:
    """A value for each input that is required, or that the program passes."""
    found: dict[str, Any] = {}
    for one in parameters:
        hint = hints.get(one.name, {})
        required = one.default is one.empty and one.kind is not one.VAR_POSITIONAL
        if one.kind is one.VAR_POSITIONAL:
            required = not any(other.default is other.empty and other is not one for other in parameters)
        main = one.name in _MAIN and not found
        if one.name == "decoder_input_ids":
            main = bool(getattr(getattr(network, "config", None), "is_encoder_decoder", False))
        if not (required or (hint and hint.get("code") != repr(one.default)) or main):
            continue
        found[one.name] = _value(network, one, needs.get(one.name) or Need(), needs, hint, sizes, more)
    for name, hint in hints.items():
        if name not in {one.name for one in parameters} and not name.isdigit():
            found[name] = _value(network, None, Need(), needs, hint, sizes, more)
    return found


def _value(
    network: Any,
    parameter: inspect.Parameter | None,
    need: Need,
    needs: Mapping[str, Need],
    hint: Mapping[str, Any],
    sizes: Mapping[str, int],
    more: int,
) -> Any:
    """One input."""
    import torch

    if "code" in hint:
        return eval(hint["code"], {"torch": torch})  # the program's own words for a plain value
    name = parameter.name if parameter is not None else ""
    if need.items and name != "edge_index" and not need.shape and not hint.get("shape"):
        return tuple(torch.randn(sizes[BATCH], 16) for _ in range(need.items))
    if need.keys and not hint.get("shape"):
        return _parts(network, name, need.keys, needs, sizes, more)
    if len(need.attributes) > 1 and not need.shape:
        return types.SimpleNamespace(**_parts(network, name, need.attributes, needs, sizes, more))
    if need.shape is None and need.like:
        for other in need.like:
            if other in needs and needs[other].shape is not None:
                need.shape, need.tail = needs[other].shape, needs[other].tail
                need.rank = need.rank or needs[other].rank
    return _named(network, name, need, hint, sizes, more)


def _parts(
    network: Any,
    name: str,
    parts: Mapping[str, None],
    needs: Mapping[str, Need],
    sizes: Mapping[str, int],
    more: int,
) -> dict[str, Any]:
    """The items or attributes of an input, by their names."""
    found: dict[str, Any] = {}
    for key in parts:
        whole = f"{name}.{key}"
        need = needs.get(whole) or Need()
        if need.keys:
            found[key] = _parts(network, whole, need.keys, needs, sizes, more)
        else:
            found[key] = _named(network, key, need, {}, sizes, more)
    return found


def _named(network: Any, name: str, need: Need, hint: Mapping[str, Any], sizes: Mapping[str, int], more: int) -> Any:
    """A tensor, by what is known and by its name."""
    import torch

    low = name.lower()
    dtype = hint.get("dtype") or need.dtype or _usual_dtype(low, need)
    shape = _shape(low, need, hint, sizes, more, dtype, network)
    if low in _LENGTHS:
        return torch.full((sizes[BATCH],), sizes[TIME], dtype=torch.long)
    if low == "edge_index":
        return torch.randint(0, shape[0] if len(shape) > 2 else 2, (2, 16))
    real = getattr(torch, dtype, None) or torch.float32
    if real is torch.bool:
        return torch.ones(shape, dtype=torch.bool)
    if not real.is_floating_point and not real.is_complex:
        high = need.high or _vocabulary(network) or 4
        if "mask" in low or "type" in low:
            return torch.ones(shape, dtype=real) if "mask" in low else torch.zeros(shape, dtype=real)
        return torch.randint(0, max(min(high, 1 << 15), 1), shape, dtype=real)
    if hint.get("dtype") is None:
        real = _floating(network)
    return torch.randn(shape).to(real)


def _usual_dtype(name: str, need: Need) -> str:
    """The dtype that a name speaks of."""
    if need.shape is None:
        if "mask" in name:
            return "int64" if name == "attention_mask" else "bool"
        if name in _IDS or name.endswith(("_ids", "_idx", "_tokens")) or name in _SMALL:
            return "int64"
    return "float32"


def _vocabulary(network: Any) -> int | None:
    """The smallest count of embeddings: numbers below it suit every one."""
    counts = [
        one.num_embeddings for one in network.modules() if hasattr(one, "num_embeddings") and one.num_embeddings > 2
    ]
    return min(counts) if counts else None


def _floating(network: Any) -> Any:
    """The dtype of the network's first floating parameter."""
    import torch

    for one in itertools.chain(network.parameters(), network.buffers()):
        if one.is_floating_point():
            return one.dtype
    return torch.get_default_dtype()


def _shape(
    name: str, need: Need, hint: Mapping[str, Any], sizes: Mapping[str, int], more: int, dtype: str, network: Any
) -> list[int]:
    """The sizes of an input."""
    hinted = hint.get("shape")
    rank = len(hinted) if hinted is not None else need.rank
    wanted = _wanted(name, need, rank, sizes, more, dtype, network)
    if hinted is None:
        return wanted
    if None not in hinted:
        return list(hinted)
    usual = wanted if len(wanted) == len(hinted) else _usual(len(hinted), sizes)
    return [usual[place] if size is None else size for place, size in enumerate(hinted)]


def _wanted(
    name: str, need: Need, rank: int | None, sizes: Mapping[str, int], more: int, dtype: str, network: Any
) -> list[int]:
    """Sizes from the layers."""
    if need.shape is None:
        if rank is None and need.least > 1:
            rank = need.least
        if rank is not None:
            return _usual(rank, sizes)
        if name in _IMAGES:
            return _usual(4, sizes)
        if dtype == "int64" and name in _SMALL:
            return [sizes[BATCH]]
        if dtype != "float32":
            return _usual(2, sizes)
        first = _first_layer(network)
        if first is None:
            return _usual(3 if more & 1 else 4, sizes)
        need = first
    if name in _SMALL and more & 1 and rank is None:
        return [sizes[BATCH]]  # a time step, which a function spreads out before it meets a layer
    shape = list(need.shape or [])
    length = len(shape)
    if need.tail:
        rank = rank or max(need.least, length + (2 if more & 1 else 1))
        shape = [BATCH, *[TIME] * (rank - length - 1), *shape] if rank > length else shape
    elif rank is not None and rank != length:
        shape = _reshaped(shape, rank)
    elif dtype == "int64" and more & 2 and length == 2 and rank is None:
        shape = shape[:1]
    return [sizes.get(size, 2) if isinstance(size, str) else int(size) for size in shape]


def _reshaped(shape: list[Any], rank: int) -> list[Any]:
    """A flat shape as a picture: 784 as 1 × 28 × 28."""
    if rank == 4 and len(shape) == 2 and isinstance(shape[1], int):
        for channels in (1, 3, 2, 4, 8, 16, 32, 64, 128, 256, 512):
            side = round((shape[1] / channels) ** 0.5)
            if side and channels * side * side == shape[1]:
                return [shape[0], channels, side, side]
    if rank > len(shape):
        return [shape[0], *[TIME] * (rank - len(shape)), *shape[1:]]
    return [*shape[: rank - 1], shape[-1]] if rank else []


def _first_layer(network: Any) -> Need | None:
    """What the first layer that wants anything wants, in the order of registration."""
    from .layers import of_layer

    for module in network.modules():
        known = of_layer(module)
        first = next(iter(known.values()), None) if known else None
        if first is not None and first.shape and first.dtype is None:
            return first
    return None


def _usual(rank: int, sizes: Mapping[str, int]) -> list[int]:
    """Usual sizes of a rank."""
    space = sizes[SPACE]
    if rank >= 5:
        return [sizes[BATCH], *[3] * (rank - 4), 8, space, space]
    return [
        [],
        [sizes[BATCH]],
        [sizes[BATCH], sizes[TIME]],
        [sizes[BATCH], sizes[TIME], 64],
        [sizes[BATCH], 3, space, space],
    ][rank]


def _arranged(parameters: list[inspect.Parameter], values: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Values as positional and keyword arguments: by position as long as none is left out."""
    args: list[Any] = []
    rest = dict(values)
    for one in parameters:
        if one.name not in values or one.kind is one.KEYWORD_ONLY:
            break
        args.append(rest.pop(one.name))
    return tuple(args), rest
