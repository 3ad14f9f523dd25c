# A parametrised attribute may become anything: what is known of it is what the parametrisation returns.


def register_parametrization(module, tensor_name, parametrization, *, unsafe=False):
    parametrization(getattr(module, tensor_name))
    return module


def remove_parametrizations(module, tensor_name, leave_parametrized=True):
    return module


def is_parametrized(module, tensor_name=None):
    return bool(unknown())
