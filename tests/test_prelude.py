"""The prelude beside the genuine classes: signatures, and networks on the samples that torch tests itself with."""

from __future__ import annotations

import copy
import importlib
import inspect
import types
from typing import Any

import pytest
import torch
from torch.testing._internal.common_modules import module_db

from prelude_text import NotKnown, defaults_of, definitions, described, modules, parameters_of, public, state


@pytest.mark.parametrize("module", modules())
def test_every_definition_stands_alone(module: str) -> None:
    assert set(definitions(module)) - set(definitions("none"))


@pytest.mark.parametrize("module", [m for m in modules() if m.split(".")[0] == "torch"])
def test_signatures_are_torchs_own(module: str) -> None:
    wrong: list[str] = []
    for name in public(module):
        mine, genuine = definitions(module)[name], getattr(importlib.import_module(module), name)
        if isinstance(genuine, types.ModuleType) or not callable(genuine):
            continue
        pairs = [(mine, genuine)]
        if inspect.isclass(genuine):
            pairs = [(mine.__init__, genuine.__init__)]
            if issubclass(genuine, torch.nn.Module) and "forward" in vars(genuine):
                pairs.append((mine.forward, genuine.forward))
        for one, other in pairs:
            try:
                expected = parameters_of(other)
            except ValueError:
                continue
            if expected == [("self", "POSITIONAL_ONLY"), ("args", "VAR_POSITIONAL"), ("kwargs", "VAR_KEYWORD")]:
                continue
            if parameters_of(one) != expected:
                wrong.append(f"{name}: {parameters_of(one)} for {expected}")
            known = defaults_of(other)
            for parameter, default in defaults_of(one).items():
                if parameter in known and default != known[parameter]:
                    wrong.append(f"{name}({parameter}={known[parameter]!r})")
    assert not wrong, "\n".join(wrong)


def registered(module: torch.nn.Module) -> list[tuple[str, str, str]]:
    """Names, devices and dtypes of what a network registers."""
    named = [*module.named_parameters(), *module.named_buffers()]
    return [(name, str(tensor.device), str(tensor.dtype)) for name, tensor in named]


def samples(info: Any, dtype: torch.dtype) -> list[Any]:
    """torch's own sample inputs of a network."""
    made = []
    for training in (True, False):
        torch.manual_seed(0)
        made += info.module_inputs_func(info, device="cpu", dtype=dtype, requires_grad=False, training=training)
    return made


INFOS = {info.name: info for info in module_db if info.name.startswith("nn.")}


@pytest.mark.parametrize("name", sorted(INFOS))
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_networks_agree_with_torch(name: str, dtype: torch.dtype) -> None:
    info = INFOS[name]
    mine = definitions("torch.nn").get(info.module_cls.__name__)
    if mine is None or dtype not in info.dtypes:
        pytest.skip("not in the prelude")
    for sample in samples(info, dtype):
        made, given = sample.constructor_input, sample.forward_input
        NotKnown.used = False
        try:
            genuine = info.module_cls(*copy.deepcopy(made.args), **copy.deepcopy(made.kwargs))
        except Exception:
            continue
        ours = mine(*copy.deepcopy(made.args), **copy.deepcopy(made.kwargs))
        if NotKnown.used:
            # A lazy one: what it registers is known, how large it is not.
            assert registered(ours) == registered(genuine)
            continue
        assert state(ours) == state(genuine), made
        ours.to(dtype)
        genuine.to(dtype)
        if given is None:
            continue
        args, kwargs = copy.deepcopy(given.args), copy.deepcopy(given.kwargs)
        try:
            expected = genuine(*args, **kwargs)
        except Exception:
            continue
        result = ours(*copy.deepcopy(given.args), **copy.deepcopy(given.kwargs))
        sizes = not NotKnown.used
        assert described(result, sizes) == described(expected, sizes), (made, given)


def test_most_of_torch_nn_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    names = [
        name
        for name, value in vars(torch.nn).items()
        if inspect.isclass(value) and issubclass(value, torch.nn.Module) and name not in ("Module", "Container")
    ]
    missing = [name for name in names if name not in public("torch.nn")]
    sampled = {info.module_cls.__name__ for info in INFOS.values()}
    with capsys.disabled():
        print(f"\nprelude: {len(names) - len(missing)} of {len(names)} public classes of torch.nn", end="; ")
        print(f"{len([n for n in names if n in sampled])} compared on torch's samples; missing: {missing}")
    assert len(missing) <= len(names) // 50
