"""The prelude is run for real: each class beside the genuine one, on the samples that torch ships for its own tests."""

from __future__ import annotations

import ast
import collections
import copy
import importlib
import inspect
import math
import types
import typing
from pathlib import Path
from typing import Any

import numpy
import pytest
import torch
from torch.testing._internal.common_modules import module_db

ROOT = Path(__file__).parent.parent / "server" / "samedevice" / "prelude"


class Refused(Exception):
    """The prelude says that PyTorch refuses."""


class NotKnown:
    """What `unknown()` gives: some number where one is needed; `used` tells that results are not to be compared."""

    used = False

    def __init__(self) -> None:
        NotKnown.used = True

    def __int__(self) -> int:
        return 3

    def __float__(self) -> float:
        return 2.0


def refuse(kind: str, text: str, *operands: object) -> None:
    from samedevice.ops.outcome import Refusal

    assert kind in Refusal.__members__
    raise Refused(text)


class Module:
    """A module as the prelude's text sees it: its own definitions before torch's."""

    loaded: typing.ClassVar[dict[str, dict[str, Any]]] = {}

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        mine = definitions(self._name)
        if name in mine:
            return mine[name]
        inner = f"{self._name}.{name}"
        if (ROOT / inner.replace(".", "/")).is_dir():
            return Module(inner)
        return getattr(importlib.import_module(self._name), name)


def definitions(module: str) -> dict[str, Any]:
    """What the files of a module's folder define, each definition executed by itself as the interpreter does."""
    if module in Module.loaded:
        return Module.loaded[module]
    tops = {path.name: Module(path.name) for path in ROOT.iterdir()}
    scope: dict[str, Any] = {
        **{"numpy": numpy, "math": math, "copy": copy, "collections": collections, "refuse": refuse},
        **{"unknown": NotKnown, "any_of": lambda first, second: first, **tops},
    }
    Module.loaded[module] = scope
    pending = [
        (path, node)
        for path in sorted((ROOT / module.replace(".", "/")).glob("*.py"))
        for node in ast.parse(path.read_text()).body
    ]
    while pending:
        later = []
        for path, node in pending:
            assert isinstance(node, ast.ClassDef | ast.FunctionDef | ast.Assign), f"{path}:{node.lineno}"
            try:
                exec(compile(ast.Module([node], []), str(path), "exec"), scope)
            except (NameError, AttributeError) as error:
                later.append((path, node))
                reason = error
        assert len(later) < len(pending), f"{later[0][0]}:{later[0][1].lineno}: {reason}"
        pending = later
    return scope


def modules() -> list[str]:
    """All modules of the prelude."""
    folders = {path.parent.relative_to(ROOT) for path in ROOT.rglob("*.py")}
    return sorted(".".join(folder.parts) for folder in folders)


def real(module: str) -> types.ModuleType | None:
    """The genuine module, where it is installed."""
    try:
        return importlib.import_module(module)
    except ImportError:
        return None


def signature_of(function: Any) -> inspect.Signature:
    """A callable's signature; an overloaded one has that of its first overload."""
    overloads = typing.get_overloads(function) if isinstance(function, types.FunctionType) else []
    return inspect.signature(overloads[0] if overloads else function)


def parameters_of(function: Any) -> list[tuple[str, Any]]:
    """Names and kinds of a callable's parameters."""
    found = signature_of(function).parameters.values()
    return [(parameter.name, parameter.kind.name) for parameter in found]


def defaults_of(function: Any) -> dict[str, Any]:
    """The plain defaults of a callable."""
    found = signature_of(function).parameters.values()
    return {p.name: p.default for p in found if isinstance(p.default, int | float | str | None)}


def public(module: str) -> list[str]:
    """The public names that the prelude defines of a module."""
    plain = {"numpy", "math", "copy", "collections", "refuse", "unknown", "any_of"} | {p.name for p in ROOT.iterdir()}
    return [name for name in definitions(module) if not name.startswith("_") and name not in plain]


@pytest.mark.parametrize("module", modules())
def test_every_definition_stands_alone(module: str) -> None:
    assert public(module) or module == "torch"


@pytest.mark.parametrize("module", [m for m in modules() if m.startswith("torch") and real(m)])
def test_signatures_are_torchs_own(module: str) -> None:
    wrong: list[str] = []
    for name in public(module):
        mine, genuine = definitions(module)[name], getattr(real(module), name)
        if isinstance(genuine, types.ModuleType):
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


def described(value: Any, sizes: bool = True) -> Any:
    """Device, dtype and shape of every tensor in a value."""
    if isinstance(value, torch.Tensor):
        return str(value.device), str(value.dtype), tuple(value.shape) if sizes else None
    if isinstance(value, dict):
        return {key: described(item, sizes) for key, item in value.items()}
    if isinstance(value, list | tuple) or type(value).__name__ in ("PackedSequence", "_ASMoutput"):
        return [described(item, sizes) for item in value]
    return type(value).__name__


def state(module: torch.nn.Module) -> dict[str, Any]:
    """What a network registers."""
    return {
        "parameters": {name: (described(p), p.requires_grad) for name, p in module.named_parameters()},
        "buffers": {name: described(b) for name, b in module.named_buffers()},
        "children": [name for name, _ in module.named_children()],
    }


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


OPTIMIZERS = [name for name in public("torch.optim") if name not in ("Optimizer", "LBFGS", "SparseAdam")]
VARIANTS: dict[str, list[dict[str, Any]]] = {
    "SGD": [{}, {"momentum": 0.9}],
    "Adam": [{}, {"amsgrad": True}],
    "RMSprop": [{}, {"momentum": 0.9}, {"centered": True}],
}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_keep_the_state_that_torch_keeps(name: str) -> None:
    for options in VARIANTS.get(name, [{}]):
        params = [torch.nn.Parameter(torch.randn(3, 4)) for _ in range(2)]
        genuine = getattr(torch.optim, name)(params, **options)
        ours = definitions("torch.optim")[name](copy.deepcopy(params), **options)
        assert set(ours.param_groups[0]) == set(genuine.param_groups[0])
        for optimizer in (genuine, ours):
            for _ in range(2):
                for param in optimizer.param_groups[0]["params"]:
                    param.grad = torch.ones_like(param)
                optimizer.step()
        found, expected = list(ours.state.values()), list(genuine.state.values())
        for one, other in zip(found, expected, strict=False):
            tensors = {key for key, value in other.items() if isinstance(value, torch.Tensor) and value.dim() > 0}
            assert tensors == set(one) - {"step"}
            assert all(described(one[key]) == described(other[key]) for key in tensors)


def batches(dataset: Any, **options: Any) -> tuple[Any, Any]:
    """The first batch of the prelude's loader and of torch's."""
    ours = next(iter(definitions("torch.utils.data")["DataLoader"](dataset, batch_size=2, **options)))
    return ours, next(iter(torch.utils.data.DataLoader(dataset, batch_size=2, **options)))


Pair = collections.namedtuple("Pair", ["image", "label"])
SAMPLES = [
    torch.zeros(3, dtype=torch.float16),
    numpy.zeros(3),
    numpy.zeros((2, 2), dtype=numpy.uint8),
    numpy.float32(1),
    1,
    1.5,
    True,
    "text",
    (torch.zeros(3), 1),
    [numpy.zeros(2, dtype=numpy.int32), 0.5],
    {"image": torch.zeros(1, 2), "label": 3, "name": "a"},
    Pair(torch.zeros(2), 1),
    {"nested": [(1, 2.0), {"x": numpy.ones(1)}]},
]


@pytest.mark.parametrize("sample", SAMPLES, ids=range(len(SAMPLES)))
@pytest.mark.parametrize("shuffle", [False, True])
def test_loaders_collate_as_torch_does(sample: Any, shuffle: bool) -> None:
    ours, expected = batches([sample] * 8, shuffle=shuffle)
    assert described(ours) == described(expected)
    collate = definitions("torch.utils.data")["default_collate"]
    assert described(collate([sample] * 2)) == described(torch.utils.data.default_collate([sample] * 2))
    convert = definitions("torch.utils.data")["default_convert"]
    assert described(convert(sample)) == described(torch.utils.data.default_convert(sample))


def test_datasets() -> None:
    mine = definitions("torch.utils.data")
    tensors = mine["TensorDataset"](torch.zeros(8, 3), torch.zeros(8, dtype=torch.int32))
    ours, expected = batches(tensors)
    assert described(ours) == described(expected)
    parts = mine["random_split"](tensors, [0.75, 0.25])
    assert [len(part) for part in parts] == [6, 2]
    assert described(parts[0][0]) == described(tensors[0])
    weighted = mine["WeightedRandomSampler"]([0.5, 0.5], 4)
    assert described(batches(tensors, sampler=weighted)[0]) == described(expected)


def distributions() -> dict[str, tuple[Any, ...]]:
    """Arguments for every distribution."""
    one, square = torch.full((3,), 0.5), torch.eye(3)
    two = {"LogNormal", "Laplace", "Cauchy", "Gumbel", "Gamma", "InverseGamma", "Beta", "Normal", "FisherSnedecor"}
    two |= {"Weibull", "Pareto", "Kumaraswamy", "VonMises"}
    found: dict[str, tuple[Any, ...]] = {name: (one, one) for name in sorted(two)}
    one_parameter = ["Exponential", "HalfNormal", "HalfCauchy", "StudentT", "Chi2", "Poisson", "Bernoulli"]
    one_parameter += ["ContinuousBernoulli", "Geometric", "Categorical", "OneHotCategorical", "Dirichlet"]
    found |= {name: (one,) for name in [*one_parameter, "OneHotCategoricalStraightThrough"]}
    found |= {"Uniform": (one - 1, one + 1), "Multinomial": (2, one), "Binomial": (2, one)}
    found |= {"NegativeBinomial": (2, one), "MultivariateNormal": (one, square)}
    found |= {"LowRankMultivariateNormal": (one, square[:, :2] + 1, one)}
    found |= {"RelaxedBernoulli": (one[0], one), "RelaxedOneHotCategorical": (one[0], one)}
    return found


@pytest.mark.parametrize("name", distributions())
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_distributions_agree_with_torch(name: str, dtype: torch.dtype) -> None:
    args = [arg.to(dtype) if isinstance(arg, torch.Tensor) else arg for arg in distributions()[name]]
    genuine = getattr(torch.distributions, name)(*args)
    ours = definitions("torch.distributions")[name](*args)
    assert (tuple(ours.batch_shape), tuple(ours.event_shape)) == (genuine.batch_shape, genuine.event_shape)
    assert ours.has_rsample == genuine.has_rsample
    drawn = genuine.sample((4,))
    asked: dict[str, Any] = {
        "sample": lambda d: (d.sample(), d.sample((4,))),
        "rsample": lambda d: (d.rsample(), d.rsample((4,))),
        "log_prob": lambda d: d.log_prob(drawn),
        "entropy": lambda d: d.entropy(),
        "mean": lambda d: d.mean,
        "variance": lambda d: d.variance,
        "kl": lambda d: kl(d)(d, d),
    }

    def kl(d: Any) -> Any:
        return (
            torch.distributions.kl_divergence if d is genuine else definitions("torch.distributions")["kl_divergence"]
        )

    for question, ask in asked.items():
        try:
            expected = ask(genuine)
        except NotImplementedError:
            continue
        NotKnown.used = False
        result = ask(ours)
        if not NotKnown.used:
            assert described(result) == described(expected), question


def test_packed_sequences_agree_with_torch() -> None:
    mine, genuine = definitions("torch.nn.utils.rnn"), torch.nn.utils.rnn
    padded, lengths = torch.zeros(4, 3, 5, dtype=torch.float64), torch.tensor([4, 2, 1])
    for options in ({}, {"enforce_sorted": False}):
        ours = mine["pack_padded_sequence"](padded, lengths, **options)
        expected = genuine.pack_padded_sequence(padded, lengths, **options)
        assert described(ours, False) == described(expected, False)
        unpacked = mine["pad_packed_sequence"](ours), genuine.pad_packed_sequence(expected)
        assert described(unpacked[0], False) == described(unpacked[1], False)
        for kind in ("LSTM", "GRU", "RNN"):
            runs = [getattr(library, kind)(5, 2).double() for library in (Module("torch.nn"), torch.nn)]
            assert described(runs[0](ours), False) == described(runs[1](expected), False)
    rows = [torch.zeros(3, 2, dtype=torch.float16), torch.zeros(2, 2)]
    assert described(mine["pad_sequence"](rows), False) == described(genuine.pad_sequence(rows), False)


def text_of(call: Any) -> str:
    """What a call is refused with, as the prelude writes it."""
    try:
        call()
    except Refused as refused:
        return str(refused)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""


def refusals() -> dict[str, Any]:
    """Calls that are refused, for the genuine classes (`torch`) and for ours."""

    def scaled(library: Any) -> None:
        param = torch.nn.Parameter(torch.zeros(1))
        optimizer = library.optim.SGD([param], lr=0.1)
        scaler = library.amp.GradScaler("cpu")
        scaler.scale(param.sum()).backward()
        scaler.unscale_(optimizer)
        scaler.unscale_(optimizer)

    def stepped(library: Any) -> None:
        param = torch.nn.Parameter(torch.zeros(1))
        optimizer = library.optim.SGD([param], lr=0.1)
        scaler = library.amp.GradScaler("cpu")
        scaler.scale(param.sum()).backward()
        scaler.step(optimizer)
        scaler.step(optimizer)

    def half(library: Any) -> None:
        param = torch.nn.Parameter(torch.zeros(1, dtype=torch.float16))
        optimizer = library.optim.SGD([param], lr=0.1)
        scaler = library.amp.GradScaler("cpu")
        scaler.scale(param.sum()).backward()
        scaler.unscale_(optimizer)

    def masked(library: Any) -> None:
        x = torch.zeros(3, 2, 4)
        library.nn.MultiheadAttention(4, 2)(x, x, x, attn_mask=torch.zeros(3, 3, dtype=torch.int64))

    x = torch.zeros(2, 3, 5, dtype=torch.float64)
    return {
        "non-leaf": lambda library: library.optim.Adam([torch.zeros(1, requires_grad=True) * 2]),
        "nothing to optimize": lambda library: library.optim.SGD([], lr=0.1),
        "a tensor to optimize": lambda library: library.optim.SGD(torch.zeros(1), lr=0.1),
        "float64 into LSTM": lambda library: library.nn.LSTM(5, 2)(x),
        "float64 into GRU": lambda library: library.nn.GRU(5, 2)(x),
        "float64 into linear": lambda library: library.nn.Linear(5, 2)(x),
        "float64 into conv": lambda library: library.nn.Conv1d(3, 2, 1)(x),
        "float64 into attention": lambda library: library.nn.MultiheadAttention(5, 1)(x, x, x),
        "sizes of a dataset": lambda library: library.utils.data.TensorDataset(torch.zeros(2), torch.zeros(3)),
        "lengths off the CPU": lambda library: library.nn.utils.rnn.pack_padded_sequence(
            torch.zeros(2, 3, 5), torch.ones(3, dtype=torch.int64, device="meta")
        ),
        "unscale twice": scaled,
        "step twice": stepped,
        "half gradients": half,
        "integer mask": masked,
    }


@pytest.mark.parametrize("name", refusals())
def test_refusals_are_torchs_own_words(name: str) -> None:
    call = refusals()[name]
    expected = text_of(lambda: call(torch))
    assert expected
    assert text_of(lambda: call(Module("torch"))) == expected


def test_containers_register_and_list() -> None:
    for library in (torch, Module("torch")):
        nn: Any = library.nn
        layers = nn.Sequential(nn.Linear(1, 2), nn.ReLU())
        layers.append(nn.Linear(2, 3))
        layers.insert(1, nn.Tanh())
        del layers[0]
        assert [name for name, _ in layers.named_children()] == ["0", "1", "2"]
        assert type(layers[-1]).__name__ == "Linear" and len(layers[1:]) == 2 and len(layers) == 3
        listed = nn.ModuleList([nn.ReLU(), nn.Tanh()]) + nn.ModuleList([nn.Linear(1, 1)])
        listed.insert(0, nn.Identity())
        assert listed.pop(1).__class__.__name__ == "ReLU"
        assert [type(m).__name__ for m in listed[::-1]] == ["Linear", "Tanh", "Identity"]
        named = nn.ModuleDict({"x": nn.ReLU()})
        named["y"] = nn.Linear(1, 1)
        named.update({"z": nn.Tanh()})
        assert list(named) == ["x", "y", "z"] and "y" in named and len(list(named.parameters())) == 2
        weights = nn.ParameterList([torch.zeros(1), torch.zeros(2)])
        weights.append(torch.zeros(3))
        assert [name for name, _ in weights.named_parameters()] == ["0", "1", "2"] and weights[-1].shape == (3,)
        held = nn.ParameterDict({"b": torch.zeros(1), "a": torch.zeros(2)})
        held["c"] = torch.zeros(3)
        assert list(held.keys()) == ["a", "b", "c"] and held.pop("a").shape == (2,) and len(held) == 2


def test_reparametrised_weights() -> None:
    for library in (torch, Module("torch")):
        utils: Any = library.nn.utils
        for make in (utils.weight_norm, utils.spectral_norm, lambda m: utils.prune.identity(m, "weight")):
            network = make(library.nn.Conv2d(2, 4, 3).double())
            assert network(torch.zeros(1, 2, 5, 5).double()).shape == (1, 4, 3, 3)
        for make in (utils.weight_norm, utils.spectral_norm, lambda m: utils.prune.identity(m, "weight")):
            made = [make(lib.nn.Linear(2, 4)) for lib, utils in ((torch, torch.nn.utils), (library, utils))]
            assert state(made[0]) == state(made[1])
