"""The words of messages: operands in the user's own names, and where their facets were decided."""

from __future__ import annotations

import ast

from samedevice.findings import Related, Severity
from samedevice.interpret.analysis import Operand, Refused
from samedevice.values.condition import Choice, Path, cases, restricted
from samedevice.values.device import SymDevice
from samedevice.values.unknown import Unknown
from samedevice.values.value import Array, How, Origin, Place, Slot, Tensor

_LONGEST = 150
_NAMES = {"hx": "hidden state", "hx[0]": "hidden state", "hx[1]": "cell state"}
_UNTOLD = frozenset({"input", "other", "self", "tensors"})
"""Parameters of operations inside of layers that tell a user nothing."""
UNNAMED = "a tensor in it"


def name(operand: Operand, fact: Refused) -> str:
    """What to call an operand: the user's words, the attribute it is kept in, or the parameter of the op."""
    if operand.text and "\n" not in operand.text and len(operand.text) <= 60:
        return f"`{operand.text}`"
    slot = operand.value.slot if isinstance(operand.value, Tensor) else None
    if slot is not None:
        return f"`{slot.attribute}` of {slot.class_name}"
    what = _NAMES.get(operand.name, operand.name)
    if not fact.layer or operand.name in _UNTOLD or "[" in what:
        return UNNAMED
    return f"the {what} of {fact.layer.rpartition('.')[2]}"


def device(operand: Operand, fact: Refused) -> str:
    """The device of an operand, with how it came there: "cpu (default of torch.zeros, line 3)"."""
    value = operand.value
    if not isinstance(value, Tensor):
        return "another device"
    return facet(value.device, fact.when) + how(value.device_from, fact)


def dtype(operand: Operand, fact: Refused) -> str:
    """The dtype of an operand, with how it came about."""
    value = operand.value
    if not isinstance(value, Tensor | Array):
        return "of another dtype"
    return facet(value.dtype, fact.when) + how(value.dtype_from, fact)


def facet(value: object, when: Path) -> str:
    """A device or dtype in words, under the conditions of a fact."""
    plain: object = restricted(value, when)
    if isinstance(plain, Choice):
        held: list[object] = [one for _, one in cases(plain)]
        return " or ".join(dict.fromkeys(str(one) for one in held if not isinstance(one, Unknown)))
    return plain.text or "not known" if isinstance(plain, Unknown) else str(plain)


def how(origin: Origin | None, fact: Refused) -> str:
    """In brackets: the words of an origin with its line."""
    if origin is None:
        return ""
    words = [spoken] if (spoken := said(origin)) and origin.how is not How.CONTRACT else []
    line = getattr(origin.place.node, "lineno", 0) if origin.place and origin.place.source is fact.source else 0
    if line and line != getattr(fact.node, "lineno", 0):
        words.append(f"line {line}")
    return f" ({', '.join(words)})" if words else ""


def said(origin: Origin) -> str:
    """The words of an origin; where library code made the tensor, by the user's call that led there."""
    node = origin.place.node if origin.place is not None else None
    op = origin.words.rpartition("default of ")[2]
    if op == origin.words or not isinstance(node, ast.Call):
        return origin.words
    called = ast.unparse(node.func)
    same = called.rpartition(".")[2] == op.rpartition(".")[2] or called.startswith("super()")
    return origin.words if same or len(called) > 40 else f"the default of {called}"


def consequence(fact: Refused) -> str:
    """What happens then: "on a GPU this raises RuntimeError: ..."."""
    text = printed(fact)
    raised = f"this raises {text}" if text else "PyTorch refuses this"
    return f"{_when(fact)}{_where(fact)}{raised}"


def _when(fact: Refused) -> str:
    """The conditions of a fact in the user's words."""
    keys = (f"`{key.text}`" if taken else f"not `{key.text}`" for key, taken in fact.when if key.text)
    when = " and ".join(dict.fromkeys(keys))
    return f"when {when} " if when and "\n" not in when and len(when) < 80 else ""


def _where(fact: Refused) -> str:
    """The machine or device that it takes."""
    if fact.machine == "mps":
        return "on an Apple GPU "
    if fact.machine == "cpu":
        return "without a GPU "
    if not fact.certain:
        return _unless(fact)
    return "on a GPU " if fact.contract and _about_devices(fact) else ""


def _unless(fact: Refused) -> str:
    for operand in fact.operands:
        plain = restricted(operand.value.device, fact.when) if isinstance(operand.value, Tensor) else None
        if isinstance(plain, SymDevice) and " " not in plain.text:
            return f"unless `{plain.text}` is cpu "
    return "on a GPU "


def printed(fact: Refused) -> str:
    """PyTorch's own text, shortened and on one line."""
    text = " ".join(fact.text.split()).rstrip(".")
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rsplit(" ", 1)[0] + "…"


def related(fact: Refused) -> tuple[Related, ...]:
    """The places where the facets were decided, then the calls that led to the fact."""
    found: list[Related] = []
    for operand in fact.operands:
        value = operand.value
        if not isinstance(value, Tensor | Array):
            continue
        slot = value.slot if isinstance(value, Tensor) else None
        origins = (value.device_from if isinstance(value, Tensor) else None, value.dtype_from)
        wanted = origins[:1] if _about_devices(fact) else origins[1:]
        found += [entry for origin in wanted if (entry := _origin(operand, fact, origin))]
        found += [entry for entry in [_kept(slot)] if entry]
    found += [Related(place.source, place.source.span(place.node), "called here") for place in reversed(fact.stack)]
    here = fact.source.span(fact.node)
    unique = {(entry.source.path, entry.span): entry for entry in reversed(found) if entry.span != here}
    return tuple(reversed(unique.values()))


def severity(fact: Refused) -> Severity:
    """An error where both sides are known; a warning where a symbol, a condition or a caller decides."""
    if not fact.likely:
        return Severity.INFORMATION
    return Severity.ERROR if fact.certain and not fact.when and not fact.contract else Severity.WARNING


def _about_devices(fact: Refused) -> bool:
    return "DEVICE" in fact.kind.name or fact.kind.name in ("GENERATOR", "LENGTHS", "PIN", "PARALLEL")


def _origin(operand: Operand, fact: Refused, origin: Origin | None) -> Related | None:
    if origin is None or origin.place is None or not hasattr(origin.place.node, "lineno"):
        return None
    value = operand.value
    assert isinstance(value, Tensor | Array)
    about = value.device if isinstance(value, Tensor) and _about_devices(fact) else value.dtype
    verb = "on" if _about_devices(fact) else "is"
    return _at(origin.place, f"{name(operand, fact)}: {verb} {facet(about, fact.when)}, {said(origin)}".rstrip(", "))


def _kept(slot: Slot | None) -> Related | None:
    if slot is None or slot.place is None or not hasattr(slot.place.node, "lineno"):
        return None
    return _at(slot.place, f"`{slot.attribute}` of {slot.class_name} is a {slot.kept.value}")


def _at(place: Place, message: str) -> Related:
    return Related(place.source, place.source.span(place.node), message)
