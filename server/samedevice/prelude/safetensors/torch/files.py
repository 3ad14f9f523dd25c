# Checkpoints as dictionaries of tensors; which names they hold is not known, but where their tensors are.


def load_file(filename, device="cpu"):
    return {str(unknown()): _stored(device)}


def load(data):
    return {str(unknown()): _stored("cpu")}


def _stored(device):
    return torch.empty(unknown(), dtype=unknown(), device=device)


def save_file(tensors, filename, metadata=None):
    return None


def save(tensors, metadata=None):
    return bytes()


def save_model(model, filename, metadata=None, force_contiguous=True):
    return None


def load_model(model, filename, strict=True, device="cpu"):
    # Values are copied into the network's own tensors.
    return set(), []
