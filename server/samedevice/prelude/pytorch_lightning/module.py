# A network with a training loop around it, which moves the network and each batch to one device.


class LightningModule(torch.nn.Module):
    def __init__(self, *args, **kwargs):
        super().__init__()
        self.hparams = unknown()
        self.trainer = unknown()

    @property
    def device(self):
        for tensor in self.parameters():
            return tensor.device
        return unknown()

    @property
    def dtype(self):
        for tensor in self.parameters():
            return tensor.dtype
        return unknown()

    @property
    def on_gpu(self):
        return self.device.type == "cuda"

    @property
    def current_epoch(self):
        return int(unknown())

    @property
    def global_step(self):
        return int(unknown())

    @property
    def global_rank(self):
        return int(unknown())

    @property
    def logger(self):
        return unknown()

    def log(self, name, value, *args, **kwargs):
        return None

    def log_dict(self, dictionary, *args, **kwargs):
        return None

    def print(self, *args, **kwargs):
        return None

    def save_hyperparameters(self, *args, **kwargs):
        return None

    def manual_backward(self, loss, *args, **kwargs):
        loss.backward()

    def optimizers(self, use_pl_optimizer=True):
        return unknown()

    def lr_schedulers(self):
        return unknown()

    def toggle_optimizer(self, optimizer):
        return None

    def untoggle_optimizer(self, optimizer):
        return None

    def clip_gradients(self, optimizer, gradient_clip_val=None, gradient_clip_algorithm=None):
        return None

    def all_gather(self, data, group=None, sync_grads=False):
        return unknown()

    def freeze(self):
        self.requires_grad_(False)
        self.eval()

    def unfreeze(self):
        self.requires_grad_(True)
        self.train()

    @classmethod
    def load_from_checkpoint(cls, checkpoint_path, *args, **kwargs):
        return unknown()


def seed_everything(seed=None, workers=False, verbose=True):
    return int(unknown())
