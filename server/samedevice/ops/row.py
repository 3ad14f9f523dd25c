"""The line of an op in the table, and the register of all lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from samedevice.dataclass import dataclass
from samedevice.ops.call import Call
from samedevice.ops.signature import Signature, parsed
from samedevice.ops.words_device import DeviceWord, same_device
from samedevice.ops.words_dtype import DTypeWord, promoted
from samedevice.ops.words_shape import ShapeWord, broadcast
from samedevice.values.device import AnyDevice
from samedevice.values.dtype import AnyDType, is_inexact
from samedevice.values.value import Origin, Shape, Tensor, Value

Check = Callable[[Call], None]
"""A word that only looks for what PyTorch refuses."""


class Made(NamedTuple):
    """What the words of a row decided, from which result words make values."""

    device: AnyDevice
    device_from: Origin | None
    dtype: AnyDType
    dtype_from: Origin | None
    shape: Shape | None
    requires_grad: bool | None

    def tensor(self) -> Tensor:
        """The tensor that was decided."""
        inexact = is_inexact(self.dtype)
        grad = self.requires_grad
        if grad is not False and inexact is not True:
            grad = False if inexact is False else grad
        leaf = None if grad is None else not grad
        return Tensor(
            self.device,
            self.dtype,
            self.shape,
            requires_grad=grad,
            leaf=leaf,
            device_from=self.device_from,
            dtype_from=self.dtype_from,
        )

    def shaped(self, shape: Shape | None) -> Tensor:
        """The same with another shape."""
        return self._replace(shape=shape).tensor()

    def typed(self, dtype: AnyDType, origin: Origin | None = None) -> Made:
        """The same with another dtype."""
        return self._replace(dtype=dtype, dtype_from=origin)


ResultWord = Callable[[Call, Made], Value]


def one(call: Call, made: Made) -> Value:
    """A single tensor."""
    return made.tensor()


@dataclass(slots=True, eq=False)
class Row:
    """An op: its signature and a word each for device, dtype and shape."""

    text: str
    device: DeviceWord
    dtype: DTypeWord
    shape: ShapeWord
    checks: tuple[Check, ...]
    result: ResultWord
    grad: bool
    """Whether gradients flow through it."""
    does: Callable[[Call], Value] | None
    """A word that does all of it, for what is no tensor or no simple one."""

    @property
    def signature(self) -> Signature:
        """The signature, parsed when first asked for."""
        return parsed(self.text)


ROWS: dict[str, list[Row]] = {}
"""Every row by public name; more than one where PyTorch overloads."""


def op(
    text: str,
    *,
    device: DeviceWord = same_device,
    dtype: DTypeWord = promoted,
    shape: ShapeWord = broadcast,
    checks: tuple[Check, ...] = (),
    result: ResultWord = one,
    grad: bool = True,
    also: tuple[str, ...] = (),
) -> None:
    """Register a row; `also` are further public names of the same op."""
    _register(Row(text, device, dtype, shape, checks, result, grad, None), also)


def does(text: str, word: Callable[[Call], Value], *, also: tuple[str, ...] = ()) -> None:
    """Register a row whose one word does all of it."""
    _register(Row(text, same_device, promoted, broadcast, (), one, True, word), also)


def _register(row: Row, also: tuple[str, ...]) -> None:
    for name in (row.text.partition("(")[0], *also):
        ROWS.setdefault(name, []).append(row)
