# torch.func: functions of functions, as far as one call of the inner function tells.


def functional_call(module, parameter_and_buffer_dicts, args=None, kwargs=None, *, tie_weights=True, strict=False):
    # The given tensors take the place of the registered ones for one call.
    if isinstance(parameter_and_buffer_dicts, (tuple, list)):
        given = {}
        for tensors in parameter_and_buffer_dicts:
            given.update(tensors)
    else:
        given = dict(parameter_and_buffer_dicts)
    if args is None:
        args = ()
    elif not isinstance(args, tuple):
        args = (args,)
    clone = copy.deepcopy(module)
    for name, tensor in given.items():
        owner, _, attribute = name.rpartition(".")
        _replace(clone.get_submodule(owner), attribute, tensor)
    return clone(*args, **({} if kwargs is None else kwargs))


def _replace(owner, attribute, tensor):
    delattr(owner, attribute)
    setattr(owner, attribute, tensor)


def grad(func, argnums=0, has_aux=False):
    def gradient(*args, **kwargs):
        result = func(*args, **kwargs)
        if isinstance(argnums, tuple):
            found = tuple(_like(args[number]) for number in argnums)
        else:
            found = _like(args[argnums])
        return (found, result[1]) if has_aux else found

    return gradient


def grad_and_value(func, argnums=0, has_aux=False):
    def gradient(*args, **kwargs):
        result = func(*args, **kwargs)
        if isinstance(argnums, tuple):
            found = tuple(_like(args[number]) for number in argnums)
        else:
            found = _like(args[argnums])
        return found, result

    return gradient


def _like(value):
    if isinstance(value, torch.Tensor):
        return torch.empty_like(value)
    if isinstance(value, dict):
        return {key: _like(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(_like(item) for item in value)
    if isinstance(value, list):
        return [_like(item) for item in value]
    return unknown()


def vmap(func, in_dims=0, out_dims=0, randomness="error", *, chunk_size=None):
    def mapped(*args, **kwargs):
        # One slice stands for all of them.
        dims = in_dims if isinstance(in_dims, (tuple, list)) else [in_dims] * len(args)
        slices = [_slice(arg, dim) for arg, dim in zip(args, dims)]
        result = func(*slices, **{key: _slice(arg, 0) for key, arg in kwargs.items()})
        return _batched(result, _length(args, dims), out_dims)

    return mapped


def _slice(value, dim):
    if dim is None:
        return value
    if isinstance(value, torch.Tensor):
        return value.select(dim, 0)
    if isinstance(value, dict):
        return {key: _slice(item, dim[key] if isinstance(dim, dict) else dim) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        dims = dim if isinstance(dim, (tuple, list)) else [dim] * len(value)
        items = [_slice(item, inner) for item, inner in zip(value, dims)]
        return tuple(items) if isinstance(value, tuple) else items
    return value


def _length(args, dims):
    for arg, dim in zip(args, dims):
        if isinstance(arg, torch.Tensor) and isinstance(dim, int):
            return arg.shape[dim]
    return int(unknown())


def _batched(value, size, dim):
    if isinstance(value, torch.Tensor):
        return value if dim is None else value.unsqueeze(dim).repeat_interleave(size, dim)
    if isinstance(value, dict):
        return {key: _batched(item, size, dim) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        dims = dim if isinstance(dim, (tuple, list)) else [dim] * len(value)
        items = [_batched(item, size, inner) for item, inner in zip(value, dims)]
        return tuple(items) if isinstance(value, tuple) else items
    return unknown()


def jacrev(func, argnums=0, *, has_aux=False, chunk_size=None, _preallocate_and_copy=False):
    def mapped(*args, **kwargs):
        return _derived(func(*args, **kwargs), args, argnums, has_aux, _pulled_back)

    return mapped


def jacfwd(func, argnums=0, has_aux=False, *, randomness="error"):
    def mapped(*args, **kwargs):
        return _derived(func(*args, **kwargs), args, argnums, has_aux, _pushed_forward)

    return mapped


def hessian(func, argnums=0):
    return jacfwd(jacrev(func, argnums), argnums)


def _derived(result, args, argnums, has_aux, derivative):
    value, aux = result if has_aux else (result, None)
    if isinstance(argnums, tuple):
        of = tuple(args[number] for number in argnums)
    else:
        of = args[argnums]
    found = _by_items(value, of, derivative)
    return (found, aux) if has_aux else found


def _by_items(value, of, derivative):
    # The outer structure is that of the result, the inner one that of what it is derived by.
    if isinstance(value, dict):
        return {key: _by_items(item, of, derivative) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return tuple(_by_items(item, of, derivative) for item in value)
    if isinstance(of, dict):
        return {key: _by_items(value, item, derivative) for key, item in of.items()}
    if isinstance(of, (tuple, list)):
        return tuple(_by_items(value, item, derivative) for item in of)
    if isinstance(value, torch.Tensor) and isinstance(of, torch.Tensor):
        return derivative(value, of)
    return unknown()


def _pulled_back(value, of):
    return of.new_empty(value.shape + of.shape)


def _pushed_forward(value, of):
    return value.new_empty(value.shape + of.shape)


def jvp(func, primals, tangents, *, strict=False, has_aux=False):
    result = func(*primals)
    if has_aux:
        return result[0], _like(result[0]), result[1]
    return result, _like(result)


def vjp(func, *primals, has_aux=False):
    result = func(*primals)

    def pulled_back(cotangents, retain_graph=True, create_graph=None):
        return tuple(_like(primal) for primal in primals)

    if has_aux:
        return result[0], pulled_back, result[1]
    return result, pulled_back


def linearize(func, *primals):
    result = func(*primals)

    def pushed_forward(*tangents):
        return _like(result)

    return result, pushed_forward


def functionalize(func, *, remove="mutations"):
    return func


def stack_module_state(models):
    models = list(models)
    parameters = {
        name: torch.stack([tensor.detach()] * len(models)).requires_grad_()
        for name, tensor in models[0].named_parameters()
    }
    buffers = {name: torch.stack([tensor] * len(models)) for name, tensor in models[0].named_buffers()}
    return parameters, buffers
