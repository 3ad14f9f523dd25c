"""Writes `server/samedevice/ops/kernels.txt`: the dtypes that torch's ops refuse for want of a kernel.

Run it after an update of torch: `python tests/record_kernels.py`. What the CUDA build refuses stands in
`tests/recorded/cuda_kernels.json`, which needs a machine with that build; what older versions on the CPU refused in
`tests/recorded/older_kernels.json`.
"""

from __future__ import annotations

import json
import re
import sys
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
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
# A star at the device: tensors without elements are refused too. `cpu<2.6`: refused before that version only.
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
    if "{" in text or re.search(r"\[\d", text):
        return None
    as_name = rf"(?<=['\" ]){scalar_type(dtype)}(?=Tensor|\W|$)"
    if re.search(as_name, text):
        return re.sub(as_name, "{0}", text)
    if f"torch.{name}" in text:
        return text.replace(f"torch.{name}", "{t0}")
    as_word = rf"(?<![\w`]){re.escape(c_type(dtype))}(?![\w`])"
    if re.search(as_word, text) and name != "bool":
        return re.sub(as_word, "{c0}", text)
    return text if any(word in text for word in SPEAKS_OF_DTYPES) else None


Bound = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]


def refused(info: Any) -> Iterator[tuple[str, str]]:
    """Every dtype that all samples of an op refuse on the CPU, with the text; a star where the empty ones do too."""
    calls: list[Bound] = []
    base = torch.float32 if torch.float32 in info.supported_dtypes("cpu") else torch.int64
    for args, kwargs in samples(info, base, 40, 240):
        found = arranged(info, args)
        if found is not None:
            calls.append((*found, kwargs))
    empty = [call for call in calls if any(isinstance(one, torch.Tensor) and one.numel() == 0 for one in call[1])]
    full = [call for call in calls if all(call is not one for one in empty)]
    for name in DTYPES:
        text = said(info, full, name, base)
        if text is not None:
            yield name, text
            if said(info, empty, name, base) == text:
                yield f"{name}*", text


def said(info: Any, calls: list[Bound], name: str, base: torch.dtype) -> str | None:
    """What all of these calls are refused with in a dtype, where it is for the dtype; empty where words say it."""
    texts: Counter[str] = Counter()
    worded = 0
    for function, args, kwargs in calls:
        changed = tuple(cast(one, getattr(torch, name), base) for one in args)
        more = {key: cast(one, getattr(torch, name), base) for key, one in kwargs.items() if key != "dtype"}
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                function(*changed, **more)
        except Exception as error:
            text = template(f"{type(error).__name__}: {error}", name)
            row = table.call(public_name(info.name) or "", [value_of(one) for one in changed],
                             {key: value_of(one) for key, one in more.items()}, Context())  # fmt: skip
            if row.clashes:
                worded += 1
            elif text is not None:
                texts[text] += 1
        else:
            return None
    if calls and worded == len(calls):
        return ""
    return texts.most_common(1)[0][0] if 2 * texts.total() > len(calls) else None


def canonical(name: str) -> str:
    """The name that a row was written under."""
    found = resolved(name)
    return found.rows[0].signature.name if found else name


def _conditional(info: Any) -> bool:
    """Whether a kernel is only reached with some flag on that the samples have on."""
    found = resolved(public_name(info.name) or "")
    names = {parameter.name for row in found.rows for parameter in row.signature.parameters} if found else set()
    flags = names & {"training", "train", "onesided"}
    given = [kwargs for _, kwargs in samples(info, torch.float32, 40, 240)] if flags else []
    settled = all(any(kwargs.get(flag) is value for kwargs in given) for flag in flags for value in (True, False))
    return not settled or "reduce" in (info.name.rpartition("_")[2], info.variant_test_name)


def main() -> None:
    """Ask torch and write the file."""
    TARGET.write_text(HEADER)
    told: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    variants: Counter[str] = Counter()
    conditional = set()
    for info in op_db:
        name = public_name(info.name)
        if name is None or info.name.startswith(("_", "jiterator")):
            continue
        if _conditional(info):
            conditional.add(name)
            continue
        variants[canonical(name)] += 1
        for dtype, text in refused(info):
            told[canonical(name), "cpu", dtype].append(text)
    for op, dtype, text in json.loads((HERE / "recorded/cuda_kernels.json").read_text()):
        name = public_name(op)
        if name is not None and name not in conditional and (filled := template(text, dtype)) is not None:
            told[canonical(name), "cuda", dtype].append(filled)
    # What one variant of an op refuses another may take.
    sure = {key: max(texts, key=bool) for key, texts in told.items() if len(texts) >= variants[key[0]] and any(texts)}
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for (name, kind, dtype), text in sure.items():
        if not dtype.endswith("*"):
            empty_too = sure.get((name, kind, f"{dtype}*")) == text
            found[name, f"{kind}*" if empty_too else kind, text].add(dtype)
    for name, kind, dtype, before, text in json.loads((HERE / "recorded/older_kernels.json").read_text()):
        found[name, f"{kind}<{before}", text].add(dtype)
    lines = [
        "\t".join((op, kind, " ".join(sorted(dtypes)), text)) for (op, kind, text), dtypes in sorted(found.items())
    ]
    TARGET.write_text(HEADER + "\n".join(lines) + "\n")
    sys.stdout.write(f"{len(lines)} lines\n")


if __name__ == "__main__":
    main()
