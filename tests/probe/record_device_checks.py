"""Writes `server/samedevice/probe/child/virtual/device_checks.txt`: which tensors each CUDA kernel wants on one device.

Run it after an update of torch, in a Python that has torch and pyyaml: `python tests/probe/record_device_checks.py`.
It asks torchgen, which comes with torch, for the C++ that it generates in front of the CUDA kernels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import torch
import torchgen
from torchgen.api import cpp
from torchgen.dest.register_dispatch_key import RegisterDispatchKey
from torchgen.gen import get_grouped_native_functions, parse_native_yaml
from torchgen.model import DispatchKey, NativeFunction, NativeFunctionsGroup
from torchgen.selective_build.selector import SelectiveBuilder
from torchgen.utils import Target

TARGET = Path(__file__).parents[2] / "server/samedevice/probe/child/virtual/device_checks.txt"
SOURCES = Path(torchgen.__file__).parent / "packaged/ATen/native"
CHECK = re.compile(r'check_and_update_common_device\(common_device, \w+, "(\w+)", "(\w+)"\)')
HEADER = f"""# Tensors that torch's CUDA kernels want on one device: written by
# tests/probe/record_device_checks.py from torch {torch.__version__}.
# op <tab> the wrapper that checks, - where TensorIterator does, none without a CUDA kernel <tab> its arguments
"""


def main() -> None:
    """Asks torchgen and writes the file."""
    parsed = parse_native_yaml(str(SOURCES / "native_functions.yaml"), str(SOURCES / "tags.yaml"))
    cuda, cpu = parsed.backend_indices[DispatchKey.CUDA], parsed.backend_indices[DispatchKey.CPU]
    selector = SelectiveBuilder.get_nop_selector()
    generator = RegisterDispatchKey(
        cuda,
        Target.ANONYMOUS_DEFINITION,
        selector,
        rocm=False,
        symint=True,
        class_method_name=None,
        skip_dispatcher_op_registration=False,
    )
    lines: set[str] = set()
    for group in get_grouped_native_functions(parsed.native_functions):
        checks: dict[str, list[str]] = {}
        for method, argument in CHECK.findall("\n".join(generator(group))):
            checks.setdefault(method, []).append(argument)
        if cpu.has_kernel(group) and not cuda.has_kernel(group) and not _composite(group):
            functions = group.functions() if isinstance(group, NativeFunctionsGroup) else [group]
            lines.update(
                f"{one.func.name}\tnone\t\n" for one in functions if not re.search("mkldnn|_cpu", str(one.func.name))
            )
            continue
        structured = isinstance(group, NativeFunctionsGroup) and group.structured
        for function in group.functions() if isinstance(group, NativeFunctionsGroup) else [group]:
            lines.update(_lines(function, checks, structured or cuda.has_kernel(function)))
    TARGET.write_text(HEADER + "".join(sorted(lines)), encoding="utf-8")
    print(f"{TARGET}: {len(lines)} lines")


def _composite(group: NativeFunction | NativeFunctionsGroup) -> bool:
    function = group.functional if isinstance(group, NativeFunctionsGroup) else group
    return function.has_composite_kernel


def _lines(function: NativeFunction, checks: dict[str, list[str]], has_kernel: bool) -> Iterator[str]:
    """The line of one overload, if its kernel looks at two tensors or more."""
    name, overload = cpp.name(function.func), function.func.name.overload_name
    wrappers = (f"wrapper_CUDA_{overload}_{name}", f"wrapper_CUDA_{name}" + (f"_{overload}" if overload else ""))
    method = next((one for one in wrappers if one in checks), None)
    tensors = [one for one in function.func.arguments.flat_all if one.type.is_tensor_like()]
    several = len(tensors) > 1 or any(one.type.is_list_like() for one in tensors)
    if method and several:
        yield f"{function.func.name}\t{method}\t{' '.join(checks[method])}\n"
    elif has_kernel and several:
        yield f"{function.func.name}\t-\t{' '.join(one.name for one in tensors)}\n"


if __name__ == "__main__":
    main()
