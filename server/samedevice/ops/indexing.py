"""Rows: indexing, gathering, scattering, masking."""

from __future__ import annotations

from samedevice.ops.outcome import Refusal
from samedevice.ops.row import does, op
from samedevice.ops.words_check import fits, index_dtype, same_dtypes, takes
from samedevice.ops.words_device import checked, following, iterated, refused_text
from samedevice.ops.words_dtype import follows
from samedevice.ops.words_index import get_item, index_put, selected_shape, set_item
from samedevice.ops.words_shape import broadcasts, flat, like, unknown_shape

does("torch.Tensor.__getitem__(input, key)", get_item)
does("torch.Tensor.__setitem__(input, key, value)", set_item)
op(
    "torch.gather(input, dim, index, *, sparse_grad=False, out=None)",
    device=checked("gather", self="input", index="index"),
    dtype=follows(),
    shape=like("index"),
    checks=(index_dtype("gather"),),
)
op(
    "torch.index_select(input, dim, index, *, out=None)",
    device=checked("_index_select", self="input", index="index"),
    dtype=follows(),
    shape=selected_shape,
    checks=(
        takes("index", "int64 int32", "index_select(): Expected dtype int32 or int64 for index", Refusal.INDEX_DTYPE),
    ),
)
op(
    "torch.take(input, index, *, out=None)",
    device=checked("_take", self="input", index="index"),
    dtype=follows(),
    shape=like("index"),
    checks=(takes("index", "int64", "take(): Expected a long tensor for index, but got {0}", Refusal.INDEX_DTYPE),),
)
op(
    "torch.take_along_dim(input, indices, dim=None, *, out=None)",
    device=refused_text(
        Refusal.DEVICE,
        "Expected tensor to have {0} Device, but got tensor with {1} Device "
        "(while checking arguments for torch.take_along_dim():)",
        "input",
        "indices",
    ),
    dtype=follows(),
    shape=unknown_shape,
    checks=(
        takes(
            "indices",
            "int64",
            "torch.take_along_dim(): dtype of indices should be Long but got {0}",
            Refusal.INDEX_DTYPE,
        ),
    ),
)
_scatter_index = index_dtype("scatter")
_scatter_source = same_dtypes("input", "src", text="scatter(): Expected self.dtype to be equal to src.dtype")
op(
    "torch.scatter(input, dim, index, src: Tensor, *, reduce=None, out=None)",
    device=checked("scatter_src", self="input", index="index", src="src"),
    dtype=follows(),
    shape=like(),
    checks=(_scatter_index, _scatter_source),
)
op(
    "torch.scatter(input, dim, index, value: number, *, reduce=None, out=None)",
    device=checked("scatter_value", self="input", index="index"),
    dtype=follows(),
    shape=like(),
    checks=(_scatter_index, fits("value")),
)
op(
    "torch.scatter_add(input, dim, index, src)",
    device=checked("scatter_add", self="input", index="index", src="src"),
    dtype=follows(),
    shape=like(),
    checks=(_scatter_index, _scatter_source),
)
op(
    "torch.scatter_reduce(input, dim, index, src, reduce, *, include_self=True, out=None)",
    device=checked("scatter_reduce_two", self="input", index="index", src="src"),
    dtype=follows(),
    shape=like(),
    checks=(_scatter_index, _scatter_source),
)
op(
    "torch.index_add(input, dim, index, source, *, alpha=1, out=None)",
    device=checked("index_add", self="input", index="index", source="source"),
    dtype=follows(),
    shape=like(),
    checks=(
        takes(
            "index",
            "int64 int32",
            "index_add_(): Expected dtype int32/int64 for index but got: {0}",
            Refusal.INDEX_DTYPE,
        ),
        same_dtypes("input", "source", text="index_add_(): self ({0}) and source ({1}) must have the same scalar type"),
    ),
)
op(
    "torch.index_copy(input, dim, index, source, *, out=None)",
    device=checked("index_copy", self="input", index="index", source="source"),
    dtype=follows(),
    shape=like(),
    checks=(
        takes("index", "int64", "index_copy_(): Expected a long tensor for index, but got {0}", Refusal.INDEX_DTYPE),
        same_dtypes(
            "input",
            "source",
            text="index_copy_(): self and source expected to have the same dtype, but got (self) {0} and (source) {1}",
        ),
    ),
)
op(
    "torch.index_reduce(input, dim, index, source, reduce, *, include_self=True, out=None)",
    device=checked("index_reduce", self="input", index="index", source="source"),
    dtype=follows(),
    shape=like(),
    checks=(
        same_dtypes(
            "input", "source", text="index_reduce_(): self ({0}) and source ({1}) must have the same scalar type"
        ),
    ),
)
op(
    "torch.index_fill(input, dim, index, value)",
    device=iterated("input", "index", exempt=("index",)),
    dtype=follows(),
    shape=like(),
    checks=(
        takes("index", "int64", "index_fill_(): Expected dtype int64 for index.", Refusal.INDEX_DTYPE, "IndexError"),
        fits("value"),
    ),
)
op(
    "torch.index_put(input, indices: any, values, accumulate=False)",
    device=following(),
    dtype=follows(),
    shape=like(),
    checks=(index_put,),
)
op(
    "torch.masked_select(input, mask, *, out=None)",
    device=checked("_masked_select", self="input", mask="mask"),
    dtype=follows(),
    shape=flat,
    checks=(takes("mask", "bool", "masked_select: expected BoolTensor for mask", Refusal.MASK_DTYPE),),
)
op(
    "torch.masked_scatter(input, mask, source)",
    device=checked("_masked_scatter_", self="input", mask="mask", source="source"),
    dtype=follows(),
    shape=broadcasts("input", "mask"),
    checks=(
        same_dtypes(
            "input", "source", text="masked_scatter: expected self and source to have same dtypes but got{0} and {1}"
        ),
        takes(
            "mask",
            "bool",
            "masked_scatter_ only supports boolean masks, but got mask with dtype {0}",
            Refusal.MASK_DTYPE,
        ),
    ),
)
op(
    "torch.put(input, index, source, accumulate=False)",
    device=checked("_put_", self="input", index="index", source="source"),
    dtype=follows(),
    shape=like(),
    checks=(
        same_dtypes(
            "input",
            "source",
            text="put_(): self and source expected to have the same dtype, but got self.dtype = {0} and source.dtype = "
            "{1}",
        ),
    ),
)
for _text in (
    "torch.slice_scatter(input, src, dim=0, start=None, end=None, step=1)",
    "torch.select_scatter(input, src, dim, index: any)",
    "torch.diagonal_scatter(input, src, offset=0, dim1=0, dim2=1)",
    "torch.as_strided_scatter(input, src, size, stride, storage_offset=None)",
):
    op(_text, device=following(), dtype=follows(), shape=like())
op(
    "torch.repeat_interleave(input, repeats, dim=None, *, output_size=None)",
    device=checked("_index_select", self="input", index="repeats"),
    dtype=follows(),
    shape=unknown_shape,
)
