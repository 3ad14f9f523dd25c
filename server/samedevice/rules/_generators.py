"""Words and fixes for random generators."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from samedevice.findings import Fix
from samedevice.interpret.analysis import Analysis, Operand, Refused
from samedevice.rules import _words as words
from samedevice.rules._device_fixes import made_on
from samedevice.rules._factories import function_name
from samedevice.rules._network_fixes import threaded
from samedevice.rules._offers import offered
from samedevice.rules._outline import outline
from samedevice.rules._provenance import origin_node
from samedevice.rules._scope import device_names
from samedevice.values.condition import restricted
from samedevice.values.device import AnyDevice, Device
from samedevice.values.value import DeviceValue, Origin, Tensor


def said(fact: Refused) -> str:
    """The device of the generator, and of what it should fill."""
    generator, other = sides(fact)
    parts = []
    if generator is not None and isinstance(generator.value, DeviceValue):
        where = words.facet(generator.value.device, fact.when) + words.how(generator.value.origin, fact)
        parts.append(f"{words.name(generator, fact)} is on {where}")
    if other is not None and isinstance(other.value, Tensor):
        parts.append(f"{words.name(other, fact)} is on {words.device(other, fact)}")
    return ", ".join(parts)


def sides(fact: Refused) -> tuple[Operand | None, Operand | None]:
    """The generator, and the tensor it is used with."""
    generator = next((one for one in fact.operands if one.name == "generator"), None)
    other = next((one for one in fact.operands if one is not generator), None)
    return generator, other


def generator_fixes(analysis: Analysis, fact: Refused) -> Sequence[Fix]:
    """Make the generator on the device of the tensor, or draw on the CPU."""
    generator, other = sides(fact)
    if generator is None or not isinstance(generator.value, DeviceValue):
        return ()
    wanted = _wanted(fact, other)
    moved = other.value.device_from if other is not None and isinstance(other.value, Tensor) else None
    return offered(_candidates(analysis, fact, generator.value.origin, wanted, moved))


def _candidates(
    analysis: Analysis, fact: Refused, origin: Origin | None, wanted: AnyDevice, moved: Origin | None
) -> Iterator[Fix]:
    node = origin_node(fact, origin)
    if not isinstance(node, ast.Call) or node not in outline(analysis.tree) or function_name(node) != "Generator":
        return
    names = device_names(analysis, node, wanted, moved)
    for name in names[:2]:
        yield from made_on(analysis, node, name)
    yield from threaded(analysis, node, wanted, moved)
    for name in (_parameter(analysis, node), "torch.get_default_device()", _plain(wanted)):
        if name and name not in names:
            yield from made_on(analysis, node, name)


def _parameter(analysis: Analysis, node: ast.AST) -> str:
    function = outline(analysis.tree).definition(node)
    named = function is not None and any(
        one.arg == "device" for one in (*function.args.args, *function.args.kwonlyargs)
    )
    return "device" if named else ""


def _plain(wanted: AnyDevice) -> str:
    return f'"{wanted.kind}"' if isinstance(wanted, Device) else ""


def _wanted(fact: Refused, other: Operand | None) -> AnyDevice:
    match other:
        case Operand(value=Tensor(device=device)) | Operand(value=DeviceValue(device=device)):
            return restricted(device, fact.when)
    return Device("cuda", 0)
