"""Evaluates an expression on the table, as it is evaluated on the real torch."""

from __future__ import annotations

import ast
from typing import Any

import op_proof
from samedevice.ops import table
from samedevice.ops.outcome import Clash, Context
from samedevice.values.device import CPU
from samedevice.values.dtype import dtype_named
from samedevice.values.value import Array, Const, DeviceValue, DTypeValue, Slice, Tensor, Tuple, Value

MODULES = {"F": "torch.nn.functional", "np": "numpy", "torch": "torch"}
BINARY = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div", ast.FloorDiv: "floor_divide", ast.Mod: "remainder",
    ast.Pow: "pow", ast.MatMult: "matmul", ast.BitAnd: "bitwise_and", ast.BitOr: "bitwise_or",
    ast.LShift: "bitwise_left_shift",
}  # fmt: skip
NUMPY_BINARY = {"sub": "subtract", "mul": "multiply", "div": "divide", "pow": "power", "remainder": "mod"}
COMPARE = {ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "lt", ast.LtE: "le", ast.Gt: "gt", ast.GtE: "ge"}
UNARY = {ast.USub: "neg", ast.Invert: "bitwise_not"}


class Evaluator:
    """Reads names from a namespace of real values; notes the clashes on the way."""

    def __init__(self, names: dict[str, Any], context: Context | None = None) -> None:
        self.names = names
        self.context = context or Context()
        self.clashes: list[Clash] = []

    def call(self, name: str, args: list[Value], kwargs: dict[str, Value]) -> Value:
        assert table.known(name), f"no row for {name}"
        outcome = table.call(name, args, kwargs, self.context)
        self.clashes += outcome.clashes
        return outcome.value

    def value(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=value):
                return Const(value)
            case ast.Name(id=name):
                return op_proof.value_of(self.names[name])
            case ast.List(elts=elements):
                return Tuple(tuple(self.value(one) for one in elements), type="list")
            case ast.Tuple(elts=elements):
                return Tuple(tuple(self.value(one) for one in elements))
            case ast.Slice():
                parts = (node.lower, node.upper, node.step)
                return Slice(*(Const(None) if part is None else self.value(part) for part in parts))
            case ast.BinOp(left=left, op=operator, right=right):
                return self.binary(self.value(left), BINARY[type(operator)], self.value(right))
            case ast.Compare(left=left, ops=[operator], comparators=[right]):
                return self.call(f"torch.{COMPARE[type(operator)]}", [self.value(left), self.value(right)], {})
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=value)):
                return Const(-value)
            case ast.UnaryOp(op=operator, operand=operand):
                return self.call(f"torch.{UNARY[type(operator)]}", [self.value(operand)], {})
            case ast.Subscript(value=base, slice=key):
                return self.subscript(self.value(base), self.value(key))
            case ast.Call():
                return self.called(node)
            case ast.Attribute():
                return self.attribute(node)
        raise NotImplementedError(ast.dump(node))

    def subscript(self, base: Value, key: Value) -> Value:
        if isinstance(base, Tuple) and isinstance(key, Const):
            return base.items[key.value]
        family = "torch.Tensor" if isinstance(base, Tensor) else "numpy.ndarray"
        return self.call(f"{family}.__getitem__", [base, key], {})

    def binary(self, left: Value, operator: str, right: Value) -> Value:
        if isinstance(left, Tensor) or isinstance(right, Tensor):
            return self.call(f"torch.{operator}", [left, right], {})
        return self.call(f"numpy.{NUMPY_BINARY.get(operator, operator)}", [left, right], {})

    def called(self, node: ast.Call) -> Value:
        args = [self.value(one) for one in node.args]
        kwargs = {keyword.arg or "": self.value(keyword.value) for keyword in node.keywords}
        path = dotted(node.func)
        if path is not None:
            return self.call(path, args, kwargs)
        assert isinstance(node.func, ast.Attribute)
        base = self.value(node.func.value)
        family = "torch.Tensor" if isinstance(base, Tensor) else "numpy.ndarray"
        return self.call(f"{family}.{node.func.attr}", [base, *args], kwargs)

    def attribute(self, node: ast.Attribute) -> Value:
        path = dotted(node)
        if path is not None:
            found = dtype_named(path.rpartition(".")[2])
            return DTypeValue(found) if found is not None else DeviceValue(CPU)
        base = self.value(node.value)
        if isinstance(base, Tuple):
            return base.items[base.fields.index(node.attr)]
        family = "torch.Tensor" if isinstance(base, Tensor) else "numpy.ndarray"
        assert isinstance(base, Tensor | Array)
        return self.call(f"{family}.{node.attr}", [base], {})


def dotted(node: ast.expr) -> str | None:
    """The public name of a chain that begins at a module."""
    if isinstance(node, ast.Name):
        return MODULES.get(node.id)
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return None if base is None else f"{base}.{node.attr}"
    return None
