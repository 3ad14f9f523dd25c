"""The prelude's optimizers, loaders, distributions and containers beside the genuine ones, and what they refuse."""

from __future__ import annotations

import collections
import copy
from typing import Any

import numpy
import pytest
import torch

from prelude_text import Module, NotKnown, Refused, definitions, described, public, state

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
        found, expected = list(ours.state.values()), list(genuine.state.values())[:1]
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
    found: dict[str, tuple[Any, ...]] = dict.fromkeys(sorted(two), (one, one))
    one_parameter = ["Exponential", "HalfNormal", "HalfCauchy", "StudentT", "Chi2", "Poisson", "Bernoulli"]
    one_parameter += ["ContinuousBernoulli", "Geometric", "Categorical", "OneHotCategorical", "Dirichlet"]
    found |= dict.fromkeys([*one_parameter, "OneHotCategoricalStraightThrough"], (one,))
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


REPARAMETRISED = {
    "weight_norm": lambda utils, network: utils.weight_norm(network),
    "spectral_norm": lambda utils, network: utils.spectral_norm(network),
    "prune": lambda utils, network: utils.prune.identity(network, "weight"),
}


@pytest.mark.parametrize("how", REPARAMETRISED)
def test_reparametrised_weights(how: str) -> None:
    states = []
    for library in (torch, Module("torch")):
        nn: Any = library.nn
        network = REPARAMETRISED[how](nn.utils, nn.Conv2d(2, 4, 3).double())
        assert network(torch.zeros(1, 2, 5, 5).double()).shape == (1, 4, 3, 3)
        states.append(state(REPARAMETRISED[how](nn.utils, nn.Linear(2, 4))))
    assert states[0] == states[1]
