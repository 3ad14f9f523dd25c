"""Words for recurrent layers and cells, and for packed sequences."""

from __future__ import annotations

from samedevice.dataclass import replace
from samedevice.ops.call import CLASHED, Call, DeviceFacet, Given, decided
from samedevice.ops.outcome import Refusal
from samedevice.ops.row import Made
from samedevice.ops.texts import device_name, scalar_type
from samedevice.ops.words_check import surely_differ
from samedevice.ops.words_device import checked
from samedevice.values.device import CPU, Same, compare
from samedevice.values.dtype import INT64
from samedevice.values.value import Const, Dim, How, Many, Shape, Tensor, Tuple, Value

_HIDDEN = "hx"


def rnn_device(call: Call) -> DeviceFacet:
    """Input, hidden state and weights on one device."""
    given = call.tensors(("input",))[0] if call.tensors(("input",)) else Given("input", None)
    weights = call.tensors(("weights",))
    for other, word in ((weights[:1], "parameter"), (call.tensors((_HIDDEN,)), "hidden")):
        for one in other:
            text = (
                f"Input and {word} tensors are not at the same device, found input tensor at "
                f"{device_name(given.device)} and {word} tensor at {device_name(one.device)}"
            )
            if call.devices_clash(given, one, lambda: text):  # noqa: B023  # called at once
                return CLASHED, None
    known = given.tensor or (weights[0].tensor if weights else None)
    return (known.device, known.device_from) if known else (given.device, None)


def rnn_dtypes(call: Call) -> None:
    """Input, hidden state and weights of one dtype."""
    own = call.tensor("input")
    weights = call.tensors(("weights",))
    if own is None or not weights:
        return
    if surely_differ(own.dtype, weights[0].dtype):
        one, other = f"torch.{own.dtype}", f"torch.{weights[0].dtype}"
        text = (
            f"RNN input dtype ({one}) does not match weight dtype ({other}). "
            f"Convert input: input.to({other}), or convert model: model.to({one})"
        )
        call.clash(Refusal.DTYPE, ("input", "weights[0]"), text, error="ValueError")
        return
    for hidden in call.tensors((_HIDDEN,)):
        if surely_differ(own.dtype, hidden.dtype):
            one, other = scalar_type(hidden.dtype), scalar_type(own.dtype)
            text = f"mat1 and mat2 must have the same dtype, but got {one} and {other}"
            if own.device != CPU:
                text = (
                    f"Input and hidden tensors are not the same dtype, found input tensor with {other} "
                    f"and hidden tensor with {one}"
                )
            call.clash(Refusal.DTYPE, ("input", hidden.label), text)
            return


def _hidden_size(call: Call) -> Dim:
    weights = call.tensors(("weights",))
    tensor = weights[1].tensor if len(weights) > 1 else weights[0].tensor if weights else None
    if tensor is None or tensor.shape is None or len(tensor.shape) != 2 or len(weights) < 2:
        return None
    return tensor.shape[1]


def rnn_result(call: Call, made: Made) -> Value:
    """The output and the last hidden state, for an LSTM also the cell state."""
    both = call.flag("bidirectional")
    size, layers = _hidden_size(call), call.integer("num_layers")
    ways = 2 if both else 1
    shape = call.shape("input")
    width: Dim = size * ways if isinstance(size, int) and both is not None else size if both is False else None
    output: Shape | None = None if shape is None else (*shape[:-1], width)
    count = layers * ways if layers is not None and both is not None else None
    hidden = made.shaped((count, _batch(call, shape), size))
    if call.short == "lstm":
        return Tuple((made.shaped(output), hidden, hidden))
    return Tuple((made.shaped(output), hidden))


def _batch(call: Call, shape: Shape | None) -> Dim:
    if "batch_sizes" in call.arguments:
        return None
    first = call.flag("batch_first")
    if shape is None or len(shape) < 3 or first is None:
        return None
    return shape[0] if first else shape[1]


def cell_device(call: Call) -> DeviceFacet:
    """A cell is two linear maps."""
    facet = checked("addmm", self="b_ih", mat1="input", mat2="w_ih")(call)
    if not call.clashes:
        hidden = checked("addmm", self="b_hh", mat1=_HIDDEN, mat2="w_hh")(call)
        return hidden if call.clashes else facet
    return facet


def cell_dtypes(call: Call) -> None:
    """Input and hidden state of the weights' dtype."""
    for name, weight in (("input", "w_ih"), (_HIDDEN, "w_hh")):
        table = call.tensor(weight)
        for given in call.tensors((name,)):
            if table is not None and surely_differ(given.dtype, table.dtype):
                one, other = scalar_type(given.dtype), scalar_type(table.dtype)
                text = f"mat1 and mat2 must have the same dtype, but got {one} and {other}"
                call.clash(Refusal.DTYPE, (given.label, weight), text)
                return


def cell_result(call: Call, made: Made) -> Value:
    """The next hidden state, for an LSTM also the cell state."""
    shape, weight = call.shape("input"), call.shape("w_hh")
    size = weight[1] if weight is not None and len(weight) == 2 else None
    found = made.shaped(None if shape is None else (*shape[:-1], size))
    return Tuple((found, found)) if call.short == "lstm_cell" else found


def check_lengths(call: Call) -> None:
    """Lengths of packed sequences are int64 on the CPU."""
    lengths = call.tensor("lengths")
    if lengths is None:
        return
    same = compare(lengths.device, CPU)
    certain_dtype = surely_differ(lengths.dtype, INT64)
    if same not in (Same.NO, Same.UNLESS_CPU) and not certain_dtype:
        return
    rank = len(lengths.shape) if lengths.shape is not None else 1
    text = (
        f"'lengths' argument should be a 1D CPU int64 tensor, but got {rank}D {device_name(lengths.device)} "
        f"{scalar_type(lengths.dtype)} tensor"
    )
    certain = certain_dtype or same is Same.NO
    call.clash(Refusal.LENGTHS, ("lengths",), text, certain=certain)


def packed(call: Call) -> Value:
    """pack_padded_sequence."""
    source = call.required("input")
    check_lengths(call)
    shape = source.shape
    data = replace(
        source,
        shape=None if shape is None else (None, *shape[2:]),
        cell=None,
        parameter=False,
        slot=None,
        leaf=None if source.requires_grad is None else not source.requires_grad,
    )
    origin = decided(How.FIXED, "batch sizes of packed sequences")
    sizes = Tensor(CPU, INT64, (None,), device_from=origin, dtype_from=origin)
    order: Value = Const(None)
    if call.flag("enforce_sorted") is not True:
        order = replace(sizes, device=source.device)
    fields = ("data", "batch_sizes", "sorted_indices", "unsorted_indices")
    return Tuple((data, sizes, order, order), fields, "PackedSequence")


def unpacked(call: Call) -> Value:
    """pad_packed_sequence."""
    sequence = call.value("sequence")
    data = sequence.items[0] if isinstance(sequence, Tuple) and sequence.items else None
    origin = decided(How.FIXED, "lengths of packed sequences")
    lengths = Tensor(CPU, INT64, (None,), device_from=origin, dtype_from=origin)
    if not isinstance(data, Tensor):
        return Many(lengths)
    shape = data.shape
    padded = replace(data, shape=None if shape is None else (None, None, *shape[1:]), cell=None, slot=None)
    return Tuple((padded, lengths))
