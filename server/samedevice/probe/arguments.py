"""Values for parameters that no caller in sight gives: from annotations, use in the body, and names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from samedevice.probe.plan import Chosen

Function = ast.FunctionDef | ast.AsyncFunctionDef

_SIZES: tuple[tuple[str, str], ...] = (
    (
        r"(in_(chans?|channels?|ch)|input_(channels?|nc)|n_?channels|image_channels|img_channels|in_c|nc|c_in|chans)",
        "3",
    ),
    (
        r".*(vocab|n_?tokens?|num_embeddings|n_?words|dict_size|num_items|num_users|n_?items|n_?users|num_types).*",
        "1000",
    ),
    (
        r".*(num_classes|n_classes|nb_classes|n_?labels|num_labels|out_classes|n_out|classes|num_outputs|n_outputs)",
        "10",
    ),
    (r".*(n_?heads?|num_heads?|nhead|heads|groups|n_group|num_groups|attention_heads)", "4"),
    (
        r".*(n_?layers?|num_layers?|depths?|n_?blocks?|num_blocks?|num_levels|n_?stages?|repeats?|num_hidden_layers)",
        "2",
    ),
    (r".*(kernel_size|kernel|ksize|ks|window_size)", "3"),
    (
        r".*(stride|dilation|expansion|scale_factor|upscale_factor|ratio|mlp_ratio|num_steps|reduction|factor|order)",
        "2",
    ),
    (r"(padding|pad|pad_idx|padding_idx|pad_token_id|dropout|drop|drop_rate|p_drop|p|dropout_rate|drop_path.*)", "0"),
    (r".*(dropout|drop|drop_prob|drop_rate|p_drop|dropout_p|pdrop)", "0.0"),
    (
        r".*(block_size|seq_len|max_len|max_length|context_length|n_ctx|max_seq_len|n_positions|max_position.*|seq_length)",
        "64",
    ),
    (r".*(image_size|img_size|input_size_2d|img_dim|resolution)", "32"),
    (r".*(patch_size|patch)", "4"),
    (r".*(timesteps|n_?steps|horizon|num_timesteps)", "10"),
    (r".*(num_nodes|n_?nodes|num_points|n_?points)", "16"),
    (
        r"(in_planes|inplanes|planes|out_planes|oup|inp|in_dim|in_features|input_dim|input_size|n_?features?|n_in|num_features)",
        "64",
    ),
    (r".*(obs_dim|state_dim|obs_size|state_size|action_dim|n_?actions|num_actions|act_dim|action_size)", "4"),
    (
        r".*(dims?|hidden|hid|size|width|units|channels?|features?|filters|embed|embd|latent|d_model|nz|ngf|ndf|rank|chs?)",
        "64",
    ),
    (r"(d_.*|n_.*|num_.*|.*_(dim|size|channels|features)|c\d?|n|d|h|k|m)", "8"),
)
"""Sizes that go together in any network: heads divide widths, groups divide channels."""
_FLOATS = re.compile(
    r".*(eps|epsilon|momentum|lr|alpha|beta|gamma|temperature|tau|std|scale|lambda|lamb|weight|margin|slope|rate|prob)"
)
_MANY = r".*(dims|sizes|widths|channels_list|hidden_dims|layers|depths|mults?)"
_NAMED: tuple[tuple[str, str], ...] = (
    (r".*norm(_layer)?(_cls)?", "__import__('torch').nn.BatchNorm2d"),
    (r".*(act|activation)(_layer|_fn|_func|_cls)?", "__import__('torch').nn.ReLU"),
    (r"device", "'cpu'"),
    (r"dtype", "__import__('torch').float32"),
    (
        r".*(bias|use_\w+|with_\w+|is_\w+|has_\w+|bilinear|bidirectional|batch_first|affine|causal|residual|training)",
        "False",
    ),
)
_ANNOTATED = {
    "bool": "False",
    "Tensor": "__import__('torch').randn(4)",
    "torch.Tensor": "__import__('torch').randn(4)",
    "torch.device": "__import__('torch').device('cpu')",
    "torch.dtype": "__import__('torch').float32",
}


def proposal(
    name: str, annotation: ast.expr | None, inside: ast.AST | None, made: frozenset[str]
) -> tuple[Chosen, bool]:
    """A value for a parameter, and whether there is ground for it; `made`: classes that need no arguments."""
    text = ast.unparse(annotation).strip("'\"") if annotation is not None else ""
    plain = re.sub(r"^(typing\.)?Optional\[(.*)\]$|\s*\|\s*None$", lambda found: found[2] or "", text)
    if plain in made:
        return Chosen(name, f"{plain}()", "its annotation"), True
    if plain in _ANNOTATED:
        return Chosen(name, _ANNOTATED[plain], "its annotation"), True
    if plain != text:
        return Chosen(name, "None", "its annotation allows None"), True
    short = name.lower().strip("_")
    if plain:
        found = _by_annotation(name, short, plain)
        if found is not None:
            return found
    elif inside is not None:
        attributes = dict.fromkeys(_read(name, inside))
        if attributes:
            return _namespace(name, list(attributes))
        if _subscripted(name, inside) or re.fullmatch(_MANY, short):
            return _several(short, name, "its name"), True
    found_by_name = _by_name(name, short)
    if found_by_name is not None:
        return found_by_name, True
    if inside is not None and _is_size(name, inside):
        return Chosen(name, "8", "its use"), True
    return Chosen(name, "None", "nothing is known of it"), False


def _by_annotation(name: str, short: str, plain: str) -> tuple[Chosen, bool] | None:
    """A value of a plain type."""
    if re.match(r"(typing\.)?(list|tuple|sequence|iterable)\b", plain, re.IGNORECASE):
        return _several(short, name, "its annotation"), True
    if plain == "str":
        return Chosen(name, repr("relu" if "act" in short else ""), "it is a string"), "act" in short
    if plain == "int":
        return Chosen(name, _size(short) or "8", "its annotation and name"), True
    if plain == "float":
        return Chosen(name, "0.1" if _FLOATS.fullmatch(short) else "0.0", "its annotation"), True
    return None


def _by_name(name: str, short: str) -> Chosen | None:
    """A value by what a parameter is called."""
    named = next((value for pattern, value in _NAMED if re.fullmatch(pattern, short)), None)
    code = named or _size(short) or ("0.1" if _FLOATS.fullmatch(short) else None)
    return None if code is None else Chosen(name, code, "its name")


def _size(name: str) -> str | None:
    return next((value for pattern, value in _SIZES if re.fullmatch(pattern, name)), None)


def _several(short: str, name: str, why: str) -> Chosen:
    """Sizes of layers, or how many blocks a stage has."""
    few = re.search(r"(layers|depths|blocks|repeats|strides|mults?|num_heads)", short)
    return Chosen(name, "[1, 1, 1, 1]" if few else "[32, 64]", why)


def _subscripted(name: str, inside: ast.AST | None) -> bool:
    """Whether items of it are taken by number."""
    for node in ast.walk(inside) if inside is not None else ():
        match node:
            case ast.Subscript(value=ast.Name(id=found), slice=ast.Constant(value=int())) if found == name:
                return True
            case ast.For(iter=ast.Name(id=found)) | ast.comprehension(iter=ast.Name(id=found)) if found == name:
                return True
    return False


def _is_size(name: str, inside: ast.AST) -> bool:
    """Whether it is given to a layer, or counts something."""
    for node in ast.walk(inside):
        if isinstance(node, ast.Call) and any(isinstance(arg, ast.Name) and arg.id == name for arg in node.args):
            function = ast.unparse(node.func)
            if function == "range" or function.startswith(("nn.", "torch.nn.", "torch.")):
                return True
        if isinstance(node, ast.BinOp) and any(
            isinstance(one, ast.Name) and one.id == name for one in (node.left, node.right)
        ):
            return True
    return False


def _read(name: str, inside: ast.AST) -> Iterator[str]:
    calls = {node.func for node in ast.walk(inside) if isinstance(node, ast.Call)}
    for node in ast.walk(inside):
        match node:
            case ast.Attribute(value=ast.Name(id=found), attr=attribute) if found == name and node not in calls:
                yield f".{attribute}"
            case ast.Subscript(value=ast.Name(id=found), slice=ast.Constant(value=str(key))) if found == name:
                yield f"[{key!r}]"


def _namespace(name: str, attributes: list[str]) -> tuple[Chosen, bool]:
    """A configuration with the attributes or keys that are read from it."""
    values, good = [], True
    keys = all(one.startswith("[") for one in attributes)
    for one in attributes:
        plain = one.lstrip(".").strip("[]'\"")
        chosen = _by_name(plain, plain.lower().strip("_"))
        good = good and chosen is not None
        given = chosen.code if chosen is not None else "None"
        values.append(f"{plain!r}: {given}" if keys else f"{plain}={given}")
    text = ", ".join(values)
    code = f"{{{text}}}" if keys else f"__import__('types').SimpleNamespace({text})"
    return Chosen(name, code, "what is read from it"), good


def parameters(node: Function) -> list[tuple[ast.arg, ast.expr | None]]:
    """The parameters of a function with their defaults, without `self`, `*args` and `**kwargs`."""
    positional = [*node.args.posonlyargs, *node.args.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(node.args.defaults))
    found = list(zip(positional, [*defaults, *node.args.defaults], strict=True))
    found += list(zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True))
    return [(one, default) for one, default in found if one.arg not in ("self", "cls")]
