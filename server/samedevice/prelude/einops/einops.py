# Rearrangements keep device and dtype. Sizes are computed from the pattern where its axes are single names.


def _groups(side):
    # "b (h w) 1" is [["b"], ["h", "w"], []].
    groups = []
    inside = None
    for word in side.replace("(", " ( ").replace(")", " ) ").split():
        if word == "(":
            inside = []
        elif word == ")":
            groups.append(inside)
            inside = None
        elif inside is None:
            groups.append([] if word == "1" else [word])
        else:
            inside.append(word)
    return groups


def _shape(tensor, pattern, axes_lengths):
    if "..." in pattern or "_" in pattern:
        return None
    left, right = pattern.split("->")
    sizes = dict(axes_lengths)
    for position, group in enumerate(_groups(left)):
        rest = tensor.shape[position]
        open_axis = None
        for axis in group:
            if axis in axes_lengths:
                rest = rest // axes_lengths[axis]
            elif open_axis is None:
                open_axis = axis
            else:
                # Two sizes of one group are open: einops refuses that.
                return None
        if open_axis is not None:
            sizes[open_axis] = rest
    shape = []
    for group in _groups(right):
        size = 1
        for axis in group:
            size = size * sizes[axis]
        shape.append(size)
    return tuple(shape)


def _made(tensor, pattern, axes_lengths):
    if not known(tensor):
        return unknown()
    if isinstance(tensor, (list, tuple)):
        tensor = torch.stack(list(tensor)) if isinstance(tensor[0], torch.Tensor) else numpy.stack(list(tensor))
    if isinstance(tensor, numpy.ndarray):
        return tensor.reshape(unknown())
    shape = _shape(tensor, pattern, axes_lengths)
    if shape is None:
        return tensor.reshape(unknown())
    return tensor.reshape(-1)[:1].expand(shape)


def rearrange(tensor, pattern, **axes_lengths):
    return _made(tensor, pattern, axes_lengths)


def repeat(tensor, pattern, **axes_lengths):
    return _made(tensor, pattern, axes_lengths)


def reduce(tensor, pattern, reduction, **axes_lengths):
    if reduction == "mean" and isinstance(tensor, torch.Tensor) and not tensor.is_floating_point():
        refuse("FLOAT_NEEDED", "einops.EinopsError: reduce_mean is not available for non-floating tensors", tensor)
    return _made(tensor, pattern, axes_lengths)


def einsum(*tensors_and_pattern):
    return torch.einsum(tensors_and_pattern[-1], *tensors_and_pattern[:-1]).reshape(unknown())


def pack(tensors, pattern):
    return torch.cat([tensor.reshape(-1) for tensor in tensors]).reshape(unknown()), unknown()


def unpack(tensor, packed_shapes, pattern):
    return [tensor.reshape(unknown())] * len(packed_shapes)


def parse_shape(x, pattern):
    return {axis: x.shape[position] for position, axis in enumerate(pattern.split())}


def asnumpy(tensor):
    return tensor.detach().cpu().numpy()
