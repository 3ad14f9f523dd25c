# Compiled functions do what their source does.


def script(obj, optimize=None, _frames_up=0, _rcb=None, example_inputs=None):
    return obj


def trace(
    func,
    example_inputs=None,
    optimize=None,
    check_trace=True,
    check_inputs=None,
    check_tolerance=1e-5,
    strict=True,
    _force_outplace=False,
    _module_class=None,
    _compilation_unit=None,
    example_kwarg_inputs=None,
    _store_inputs=True,
):
    if isinstance(example_inputs, tuple):
        func(*example_inputs)
    elif example_inputs is not None:
        func(example_inputs)
    return func


def script_if_tracing(fn):
    return fn


def export(fn):
    return fn


def ignore(drop=False, **kwargs):
    return drop if callable(drop) else (lambda function: function)


def unused(fn):
    return fn


def freeze(mod, preserved_attrs=None, optimize_numerics=True):
    return mod


def optimize_for_inference(mod, other_methods=None):
    return mod


def is_scripting():
    return False


def is_tracing():
    return False


def load(f, map_location=None, _extra_files=None, _restore_shapes=False):
    return unknown()


def save(m, f, _extra_files=None):
    return None
