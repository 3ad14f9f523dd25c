"""What to do about a failure, in a sentence or two."""

from __future__ import annotations

from collections import Counter

from samedevice.probe.report.words import facet, line
from samedevice.probe.result import Failure, Shown

_BY_KIND = {
    "shape": "Compare what the layer was built for with what comes out of the one before it.",
    "memory": "Take a smaller batch or shorter sequences, or end other programs that hold memory on this GPU.",
    "crash": "The interpreter itself died. Run the program in a terminal with `python -X faulthandler`: "
    "the last lines say in which call.",
    "timeout": "Give it more time, or smaller inputs; a loop in the program may wait for something that never comes.",
    "import": "Install what is missing for this interpreter, or choose another one with `--python`.",
    "exit": "The program ends itself while it is being built. Put what must run only from the terminal under "
    '`if __name__ == "__main__":`.',
}


def advice(failure: Failure) -> str:
    """What to do; empty where the message has to be enough."""
    if failure.remedy:
        return line(failure.remedy, 600)
    if failure.kind == "device":
        return _device(failure)
    if failure.kind == "dtype":
        return _dtype(failure)
    return _BY_KIND.get(failure.kind, "")


def odd(failure: Failure, operand: Shown) -> list[str]:
    """The facets of an operand that do not fit to the others."""
    if failure.kind == "shape":
        return ["shape"]
    if failure.kind not in ("device", "dtype"):
        return []
    own = facet(operand, failure.kind)
    usual = _usual([facet(other, failure.kind) for other in failure.operands])
    return [failure.kind] if own and own != usual else []


def _usual(values: list[str]) -> str:
    """The value that most have; of two, the one that is not the CPU."""
    counts = Counter(value for value in values if value)
    return max(counts, key=lambda value: (counts[value], value != "cpu"), default="")


def _device(failure: Failure) -> str:
    """Operands on different devices."""
    one, other = _apart(failure)
    if not one or not other:
        return _elsewhere(failure)
    name, with_name = name_of(one), name_of(other)
    if one.get("layer"):
        return (
            f"`{line(str(one['layer']), 60)}` did not move with the network: a layer in a plain list or dict stays "
            "behind (take `nn.ModuleList` or `nn.ModuleDict`), and so does one that is made on the way or added after "
            "`.to(device)`."
        )
    return (
        f"Bring `{name}` to the device of `{with_name}`. If it belongs to the network, make it a parameter or a buffer "
        "(`self.register_buffer`), so that `.to(device)` moves it; if it is made on the way, say "
        f"`device={with_name}.device`."
    )


def _elsewhere(failure: Failure) -> str:
    """Something without a name is on another device."""
    named = [one for one in failure.operands if facet(one, "device")]
    made = f": what is made here wants `device={name_of(named[0])}.device`" if named else ""
    first = "What else this line uses is on another device" if named else "Bring what meets here to one device"
    return (
        f"{first}{made}. `.to(device)` moves parameters, buffers and registered layers; a layer in a plain list or "
        "dict stays behind (take `nn.ModuleList` or `nn.ModuleDict`), and so does a tensor that is a plain attribute "
        "(take `self.register_buffer`)."
    )


def _dtype(failure: Failure) -> str:
    """Operands of different dtypes."""
    one, other = _apart(failure)
    if not one or not other:
        return "Bring the tensors that meet here to one dtype, or run this part under `torch.autocast`."
    return (
        f"Cast one of them, as in `{name_of(one)}.to({name_of(other)}.dtype)`, or run the forward pass under "
        "`torch.autocast` and leave the parameters in float32."
    )


def name_of(operand: Shown) -> str:
    """What the program calls an operand."""
    return line(str(operand.get("name") or "tensor"), 60)


def _apart(failure: Failure) -> tuple[Shown | None, Shown | None]:
    """The operand that is unlike the others, and one of the others."""
    unlike = [operand for operand in failure.operands if odd(failure, operand)]
    alike = [operand for operand in failure.operands if not odd(failure, operand) and facet(operand, failure.kind)]
    return (unlike[0] if unlike else None, alike[0] if alike else None)
