"""Writes `server/samedevice/ops/kernels.txt`: the dtypes that torch's ops refuse for want of a kernel.

Run it after an update of torch: `python tests/record_kernels.py`. What the CUDA build refuses stands in
`tests/recorded/cuda_kernels.json`, which needs a machine with that build.
"""

from __future__ import annotations

import json
import re
import sys
import warnings
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from torch.testing._internal.common_methods_invocations import op_db

from op_proof import arranged, public_name, samples, value_of
from samedevice.ops import table
from samedevice.ops.methods import resolved
from samedevice.ops.outcome import Context
from samedevice.ops.texts import c_type, scalar_type
from samedevice.values.dtype import DType

HERE = Path(__file__).parent
TARGET = HERE.parent / "server/samedevice/ops/kernels.txt"
DTYPES = ["bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64", "complex64"]
HEADER = """# Dtypes that ops refuse, by device: written by tests/record_kernels.py, which asks the real torch.
# op <tab> device <tab> dtypes <tab> the text, {0} for the dtype as `Float`, {c0} as `float`
"""
SPEAKS_OF_DTYPES = ("floating", "float", "ntegral", "oolean", "bool", "recision", "complex", "dtype")


def cast(value: Any, dtype: torch.dtype, base: torch.dtype) -> Any:
    """An argument with its tensors of the samples' dtype cast."""
    if isinstance(value, torch.Tensor):
        return value.to(dtype) if value.dtype is base else value
    if isinstance(value, list | tuple) and not isinstance(value, torch.Size):
        inner = [cast(one, dtype, base) for one in value]
        return inner if isinstance(value, list) else tuple(inner)
    return value


def template(text: str, name: str) -> str | None:
    """A message with the dtype taken out; None where it does not speak of dtypes."""
    dtype = DType(name)
    text = text.split("\n")[0]
    if "{" in text:
        return None
    for quoted in (f"'{scalar_type(dtype)}'", f" {scalar_type(dtype)}"):
        if quoted in text:
            return text.replace(quoted, quoted.replace(scalar_type(dtype), "{0}"))
    if f"torch.{name}" in text:
        return text.replace(f"torch.{name}", "{t0}")
    as_word = rf"(?<![\w`]){re.escape(c_type(dtype))}(?![\w`])"
    if re.search(as_word, text) and name != "bool":
        return re.sub(as_word, "{c0}", text)
    return text if any(word in text for word in SPEAKS_OF_DTYPES) else None


def refused(info: Any) -> Iterator[tuple[str, str]]:
    """Every dtype that all samples of an op refuse on the CPU, with the text."""
    calls = []
    base = torch.float32 if torch.float32 in info.supported_dtypes("cpu") else torch.int64
    for args, kwargs in samples(info, base, 6):
        found = arranged(info, args)
        if found is not None:
            calls.append((*found, kwargs))
    for name in DTYPES:
        texts: Counter[str] = Counter()
        for function, args, kwargs in calls:
            changed = tuple(cast(one, getattr(torch, name), base) for one in args)
            more = {key: cast(one, getattr(torch, name), base) for key, one in kwargs.items() if key != "dtype"}
            if any(isinstance(one, torch.Tensor) and one.numel() == 0 for one in changed):
                continue
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    function(*changed, **more)
            except Exception as error:
                text = template(f"{type(error).__name__}: {error}", name)
                row = table.call(public_name(info.name) or "", [value_of(one) for one in changed],
                                 {key: value_of(one) for key, one in more.items()}, Context())  # fmt: skip
                if text is not None and not row.clashes:
                    texts[text] += 1
                    continue
            texts.clear()
            break
        if texts:
            yield name, texts.most_common(1)[0][0]


def canonical(name: str) -> str:
    """The name that a row was written under."""
    found = resolved(name)
    return found.rows[0].signature.name if found else name


def _conditional(name: str) -> bool:
    """Whether a kernel is only reached with some flag on."""
    found = resolved(name)
    names = {parameter.name for row in found.rows for parameter in row.signature.parameters} if found else set()
    return name.endswith("_reduce") or bool(names & {"training", "train", "onesided"})


def main() -> None:
    """Ask torch and write the file."""
    TARGET.write_text(HEADER)
    said: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    variants: Counter[str] = Counter()
    for info in op_db:
        name = public_name(info.name)
        if name is None or info.name.startswith(("_", "jiterator")) or _conditional(name):
            continue
        variants[canonical(name)] += 1
        for dtype, text in refused(info):
            said[canonical(name), "cpu", dtype].append(text)
    for op, dtype, text in json.loads((HERE / "recorded/cuda_kernels.json").read_text()):
        name = public_name(op)
        if name is not None and not _conditional(name) and (filled := template(text, dtype)) is not None:
            said[canonical(name), "cuda", dtype].append(filled)
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for (name, kind, dtype), texts in said.items():
        # What one variant of an op refuses another may take.
        if len(texts) >= variants[name]:
            found[name, kind, texts[0]].add(dtype)
    lines = [
        "\t".join((op, kind, " ".join(sorted(dtypes)), text)) for (op, kind, text), dtypes in sorted(found.items())
    ]
    TARGET.write_text(HEADER + "\n".join(lines) + "\n")
    sys.stdout.write(f"{len(lines)} lines\n")


if __name__ == "__main__":
    main()
