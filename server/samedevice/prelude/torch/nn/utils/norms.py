# Reparametrisations of the old kind: a pre-forward hook makes the plain attribute anew from its parts.


def weight_norm(module, name="weight", dim=0):
    weight = getattr(module, name)
    delattr(module, name)
    size = [1] * weight.dim()
    if dim is None:
        size = []
    else:
        size[dim] = weight.shape[dim]
    module.register_parameter(name + "_g", torch.nn.Parameter(weight.new_empty(size)))
    module.register_parameter(name + "_v", torch.nn.Parameter(weight.data))

    def make(module, inputs):
        setattr(module, name, getattr(module, name + "_v") * getattr(module, name + "_g"))

    make(module, None)
    module.register_forward_pre_hook(make)
    return module


def remove_weight_norm(module, name="weight"):
    weight = getattr(module, name + "_v")
    delattr(module, name)
    delattr(module, name + "_g")
    delattr(module, name + "_v")
    setattr(module, name, torch.nn.Parameter(weight.data))
    return module


def spectral_norm(module, name="weight", n_power_iterations=1, eps=1e-12, dim=None):
    weight = getattr(module, name)
    delattr(module, name)
    if dim is None:
        dim = 1 if type(module).__name__.startswith("ConvTranspose") else 0
    module.register_parameter(name + "_orig", weight)
    setattr(module, name, weight.data)
    module.register_buffer(name + "_u", weight.new_empty((weight.shape[dim],)))
    module.register_buffer(name + "_v", weight.new_empty((weight.numel() // weight.shape[dim],)))

    def make(module, inputs):
        setattr(module, name, getattr(module, name + "_orig") / getattr(module, name + "_u")[0])

    module.register_forward_pre_hook(make)
    return module


def remove_spectral_norm(module, name="weight"):
    weight = getattr(module, name + "_orig")
    delattr(module, name)
    delattr(module, name + "_orig")
    delattr(module, name + "_u")
    delattr(module, name + "_v")
    setattr(module, name, torch.nn.Parameter(weight.data))
    return module
