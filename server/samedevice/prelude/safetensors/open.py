# A checkpoint that is read tensor by tensor.


class safe_open:
    def __init__(self, filename, framework, device="cpu"):
        self.framework = framework
        self.device = device

    def __enter__(self):
        return self

    def __exit__(self, exc_type, exc_value, traceback):
        return None

    def keys(self):
        return [str(unknown())]

    def offset_keys(self):
        return [str(unknown())]

    def metadata(self):
        return unknown()

    def get_tensor(self, name):
        if self.framework in ("pt", "torch", "pytorch"):
            return torch.empty(unknown(), dtype=unknown(), device=self.device)
        return unknown()

    def get_slice(self, name):
        return unknown()
