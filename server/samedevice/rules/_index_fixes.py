"""Fixes for indices, masks and integers: casts with a dtype that does not depend on another operand."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from samedevice.findings import Fix
from samedevice.interpret.analysis import Analysis, Refused
from samedevice.rules import _edits as edits
from samedevice.rules._casts import BOOL, FLOAT, LONG, cast_fixes, dtype_fixes, first_tensor, odd_dtype
from samedevice.rules._offers import offer, offered
from samedevice.rules._provenance import dtype
from samedevice.values.dtype import DType


def index_fixes(analysis: Analysis, fact: Refused) -> Sequence[Fix]:
    """Make the index int64."""
    operand = next((one for one in fact.operands if one.name in ("index", "indices", "key")), first_tensor(fact))
    return () if operand is None else cast_fixes(analysis, fact, operand, LONG)


def mask_fixes(analysis: Analysis, fact: Refused) -> Sequence[Fix]:
    """Make the mask bool, or negate it with `~`."""
    inverted = offered(_inverted(analysis, fact))
    operand = next((one for one in fact.operands if one.name in ("mask", "condition", "attn_mask")), first_tensor(fact))
    if inverted or operand is None or dtype(operand, fact) == BOOL:
        return inverted
    return cast_fixes(analysis, fact, operand, BOOL)


def float_fixes(analysis: Analysis, fact: Refused) -> Sequence[Fix]:
    """Make the integers floats, of the dtype of the other operand where there is one."""
    sides = odd_dtype(fact)
    if sides is not None and isinstance(dtype(sides[1], fact), DType):
        return dtype_fixes(analysis, fact)
    operand = sides[0] if sides is not None else first_tensor(fact)
    return () if operand is None else cast_fixes(analysis, fact, operand, FLOAT)


def _inverted(analysis: Analysis, fact: Refused) -> Iterator[Fix]:
    match fact.node:
        case ast.BinOp(left=ast.Constant(value=1 | 1.0), op=ast.Sub(), right=mask):
            text = "~" + edits.receiver(analysis.source, mask)
            yield from offer(f"Write `{text}`", edits.replace, analysis.source, fact.node, text)
