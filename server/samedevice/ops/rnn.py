"""Rows: recurrent layers and cells, packed sequences."""

from __future__ import annotations

from samedevice.ops.row import does, op
from samedevice.ops.words_matmul import first_known
from samedevice.ops.words_rnn import (
    cell_device,
    cell_dtypes,
    cell_result,
    packed,
    rnn_device,
    rnn_dtypes,
    rnn_result,
    unpacked,
)
from samedevice.ops.words_shape import unknown_shape

for _name in ["lstm", "gru", "rnn_tanh", "rnn_relu"]:
    _kind = "sequence" if _name == "lstm" else "Tensor"
    _options = "has_biases, num_layers, dropout, training, bidirectional"
    op(
        f"torch.{_name}(input, hx: {_kind}, weights: sequence, {_options}, batch_first)",
        device=rnn_device,
        dtype=first_known("input", "weights"),
        shape=unknown_shape,
        checks=(rnn_dtypes,),
        result=rnn_result,
        also=(f"torch._VF.{_name}",),
    )
    op(
        f"torch.{_name}(input, batch_sizes: Tensor, hx: {_kind}, weights: sequence, {_options})",
        device=rnn_device,
        dtype=first_known("input", "weights"),
        shape=unknown_shape,
        checks=(rnn_dtypes,),
        result=rnn_result,
        also=(f"torch._VF.{_name}",),
    )
for _name in ["lstm_cell", "gru_cell", "rnn_tanh_cell", "rnn_relu_cell"]:
    op(
        f"torch.{_name}(input, hx, w_ih, w_hh, b_ih=None, b_hh=None)",
        device=cell_device,
        dtype=first_known("input", "w_ih"),
        shape=unknown_shape,
        checks=(cell_dtypes,),
        result=cell_result,
        also=(f"torch._VF.{_name}",),
    )
does("torch.nn.utils.rnn.pack_padded_sequence(input, lengths, batch_first=False, enforce_sorted=True)", packed)
does(
    "torch.nn.utils.rnn.pad_packed_sequence(sequence, batch_first=False, padding_value=0.0, total_length=None)",
    unpacked,
)
