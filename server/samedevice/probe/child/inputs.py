"""Which of the proposed inputs the network takes: each is tried on the CPU, and mended where a size is wrong."""

from __future__ import annotations

import contextlib
import functools
import io
import time
import warnings
from typing import Any, Iterator, NamedTuple

import torch

from .failures import kind_of, place_of, short
from .mending import mended
from .program import Program
from .shown import mapped

_MENDS = 5
_SECONDS = 25.0
_LARGE = 300_000_000
"""Parameters above which a network is tried without values."""
_DTYPES = (torch.float32, torch.float64, torch.float16, torch.bfloat16, torch.int64, torch.bool, torch.complex64)
_NO_VALUES = (
    "meta tensor",
    "Meta",
    "FakeTensor",
    "data-dependent",
    "DataDependent",
    "not expected device meta",
    "meta!",
)


class Input(NamedTuple):
    """Arguments for the network, on the CPU, and what was tried before them."""

    source: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    tried: list[dict[str, str]]
    fits: bool
    error: BaseException | None = None


def choose(
    program: Program,
    network: torch.nn.Module,
    candidates: list[dict[str, Any]],
    program_moves: bool,
    program_casts: bool = True,
) -> Input:
    """The first input that the network takes; else the first that may be, then the first of those that it does not.

    One that the network refuses because of dtypes of its own is an input nevertheless: no other would do. Not where
    the program changes dtypes, which may be those.
    """
    tried: list[dict[str, str]] = []
    unsure: Input | None = None
    refused: Input | None = None
    end = time.monotonic() + _SECONDS
    for source, args, kwargs, guessed in _all(program, network, candidates, tried, program_moves):
        for mends in range(_MENDS + 1):
            error, layer, shapes = _trial(network, args, kwargs)
            said = source if not mends else f"{source}, sizes mended"
            if error is None or (not guessed and _of_the_program(error)):
                return Input(said, args, kwargs, tried, True, error)
            if not _clash(error):
                unsure = unsure or Input(said, args, kwargs, tried, True, error)
                break
            tried.append({"source": said, "failed": short(error)})
            refused = refused or Input(said, args, kwargs, tried, False, error)
            better = mended(network, args, kwargs, error, layer, shapes) if mends < _MENDS else None
            if better is None or time.monotonic() > end:
                break
            args, kwargs = better
        if time.monotonic() > end or (unsure is not None and not guessed):
            break
    if unsure is None and refused is not None and not program_casts and _whatever_dtype(network, refused):
        return refused._replace(fits=True)
    found = unsure or refused
    return found if found is not None else Input("", (), {}, tried, False, None)


def _all(
    program: Program,
    network: torch.nn.Module,
    candidates: list[dict[str, Any]],
    tried: list[dict[str, str]],
    program_moves: bool,
) -> Iterator[tuple[str, tuple[Any, ...], dict[str, Any], bool]]:
    """The values of all candidates, and whether they were guessed."""
    for candidate in candidates:
        source = str(candidate.get("source") or "")
        try:
            if candidate.get("guess") is not None:
                from .guess import candidates as guesses

                for words, args, kwargs in guesses(network, candidate["guess"]):
                    yield words or source, tuple(args), dict(kwargs), True
            else:
                args, kwargs = program.arguments(candidate)
                if not program_moves:
                    args, kwargs = mapped(_to_cpu, args), mapped(_to_cpu, kwargs)
                yield source, args, kwargs, False
        except (Exception, SystemExit) as error:
            tried.append({"source": source, "failed": short(error)})


def _whatever_dtype(network: torch.nn.Module, refused: Input) -> bool:
    """Whether an input fails over dtypes on the same line, whatever its own dtype is."""
    line = _line(refused.error)
    for dtype in _DTYPES:
        cast = functools.partial(torch.Tensor.to, dtype=dtype)
        args, kwargs = mapped(cast, refused.args), mapped(cast, refused.kwargs)
        if _line(_trial(network, args, kwargs)[0]) != line:
            return False
    return line is not None


def _line(error: BaseException | None) -> tuple[str, int] | None:
    """Where in the user's text dtypes have clashed; None for any other end."""
    return place_of(error) if error is not None and kind_of(error) == "dtype" else None


def _to_cpu(tensor: torch.Tensor) -> torch.Tensor:
    return tensor if tensor.device.type in ("cpu", "meta") else tensor.detach().cpu()


def _trial(
    network: torch.nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[BaseException | None, Any, Any]:
    """Runs on the CPU: what was raised, in which layer, and what had gone into it. The network stays as it was."""
    seen: dict[str, Any] = {}

    def look(module: Any, given: Any) -> None:
        seen["layer"], seen["given"] = module, [one for one in given if isinstance(one, torch.Tensor)]

    leaves = [one for one in network.modules() if not any(True for _ in one.children())]
    large = sum(one.numel() for one in network.parameters()) > _LARGE
    with _as_it_was(network), torch.no_grad(), warnings.catch_warnings(), _silence():
        handles = [one.register_forward_pre_hook(look) for one in leaves]
        try:
            warnings.simplefilter("ignore")
            network.eval()  # batch norm would count, and refuse a batch of one
            if large:
                _without_values(network, args, kwargs)
            else:
                _on_cpu(network, args, kwargs)
            return None, None, None
        except (Exception, SystemExit) as error:
            return error, seen.get("layer"), seen.get("given")
        finally:
            for handle in handles:
                handle.remove()


def _on_cpu(network: torch.nn.Module, args: Any, kwargs: Any) -> None:
    """Runs as it is; what the program has put elsewhere is brought to the CPU for this call."""
    state = (*network.named_parameters(), *network.named_buffers())
    elsewhere = {name: one.detach().cpu() for name, one in state if one.device.type not in ("cpu", "meta")}
    given = mapped(_to_cpu, args), mapped(_to_cpu, kwargs)
    if elsewhere:
        torch.func.functional_call(network, elsewhere, *given)
    else:
        network(*given[0], **given[1])


def _without_values(network: torch.nn.Module, args: Any, kwargs: Any) -> None:
    """Runs on tensors of `meta`, which have sizes and dtypes only."""
    import torch.utils._python_dispatch as dispatch

    with dispatch._disable_current_modes(), torch.device("meta"):
        state = {name: _empty(one) for name, one in (*network.named_parameters(), *network.named_buffers())}
        torch.func.functional_call(network, state, mapped(_empty, args), mapped(_empty, kwargs))


def _empty(tensor: torch.Tensor) -> torch.Tensor:
    return torch.empty(tensor.shape, dtype=tensor.dtype, device="meta")


@contextlib.contextmanager
def _as_it_was(network: torch.nn.Module) -> Iterator[None]:
    """Puts the attributes of all layers back, also what they keep in lists and dicts: caches, counters, modes."""
    before = [(one, _copied(vars(one))) for one in network.modules()]
    try:
        yield
    finally:
        for one, attributes in before:
            own = vars(one)
            own.clear()
            for name, (value, content) in attributes.items():
                if content is not None:
                    value.clear()
                    (value.update if isinstance(value, dict) else value.extend)(content)
                own[name] = value


def _copied(attributes: dict[str, Any]) -> dict[str, Any]:
    return {
        name: (value, type(value)(value) if type(value) in (list, dict) else None) for name, value in attributes.items()
    }


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    """What the network prints is shown once, from the real run."""
    nowhere = io.StringIO()
    with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
        yield


def _clash(error: BaseException) -> bool:
    """Whether the input is to blame; a dry run can also fail for want of values."""
    text = str(error)
    if any(word in text or word in type(error).__name__ for word in _NO_VALUES) or isinstance(
        error, NotImplementedError
    ):
        return False  # which says nothing about the input
    return kind_of(error) in ("shape", "dtype") or isinstance(
        error, (TypeError, IndexError, ValueError, KeyError, AttributeError)
    )


def _of_the_program(error: BaseException) -> bool:
    """Whether it is worth running as it is, because the program itself passes this: its dtypes are its own."""
    return kind_of(error) in ("dtype", "device")
