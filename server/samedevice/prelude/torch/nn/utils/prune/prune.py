# A pruned tensor is `name_orig` (parameter) times `name_mask` (buffer), made anew before each forward.


def custom_from_mask(module, name, mask):
    weight = getattr(module, name)
    delattr(module, name)
    module.register_parameter(name + "_orig", weight)
    module.register_buffer(name + "_mask", mask.to(dtype=weight.dtype))

    def make(module, inputs):
        setattr(module, name, getattr(module, name + "_mask") * getattr(module, name + "_orig"))

    make(module, None)
    module.register_forward_pre_hook(make)
    return module


def remove(module, name):
    weight = getattr(module, name + "_orig")
    delattr(module, name)
    delattr(module, name + "_orig")
    delattr(module, name + "_mask")
    setattr(module, name, torch.nn.Parameter(weight.data))
    return module


def is_pruned(module):
    return bool(unknown())


def global_unstructured(parameters, pruning_method, importance_scores=None, **kwargs):
    for module, name in parameters:
        identity(module, name)


def identity(module, name):
    return custom_from_mask(module, name, torch.ones_like(getattr(module, name)))


def random_unstructured(module, name, amount):
    return custom_from_mask(module, name, torch.ones_like(getattr(module, name)))


def l1_unstructured(module, name, amount, importance_scores=None):
    return custom_from_mask(module, name, torch.ones_like(getattr(module, name)))


def random_structured(module, name, amount, dim):
    return custom_from_mask(module, name, torch.ones_like(getattr(module, name)))


def ln_structured(module, name, amount, n, dim, importance_scores=None):
    return custom_from_mask(module, name, torch.ones_like(getattr(module, name)))
