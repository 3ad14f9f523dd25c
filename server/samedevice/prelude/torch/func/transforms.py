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
        if in_dims != 0 or out_dims != 0:
            return unknown()
        result = func(*[_first(arg) for arg in args], **{key: _first(arg) for key, arg in kwargs.items()})
        return _batched(result, _length(args))

    return mapped


def _first(value):
    if isinstance(value, torch.Tensor):
        return value[0]
    if isinstance(value, dict):
        return {key: _first(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(_first(item) for item in value)
    if isinstance(value, list):
        return [_first(item) for item in value]
    return value


def _length(args):
    for arg in args:
        if isinstance(arg, torch.Tensor):
            return arg.shape[0]
    return int(unknown())


def _batched(value, size):
    if isinstance(value, torch.Tensor):
        return torch.stack([value] * size)
    if isinstance(value, dict):
        return {key: _batched(item, size) for key, item in value.items()}
    if isinstance(value, tuple):
        return tuple(_batched(item, size) for item in value)
    if isinstance(value, list):
        return [_batched(item, size) for item in value]
    return unknown()


def jacrev(func, argnums=0, *, has_aux=False, chunk_size=None, _preallocate_and_copy=False):
    def mapped(*args, **kwargs):
        func(*args, **kwargs)
        return unknown()

    return mapped


def jacfwd(func, argnums=0, has_aux=False, *, randomness="error"):
    def mapped(*args, **kwargs):
        func(*args, **kwargs)
        return unknown()

    return mapped


def hessian(func, argnums=0):
    def mapped(*args, **kwargs):
        func(*args, **kwargs)
        return unknown()

    return mapped


def jvp(func, primals, tangents, *, strict=False, has_aux=False):
    func(*primals)
    return unknown()


def vjp(func, *primals, has_aux=False):
    func(*primals)
    return unknown()


def linearize(func, *primals):
    func(*primals)
    return unknown()


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
