# Generators and their states.


class Generator:
    def __init__(self, device="cpu"):
        # The default device does not count here.
        self.device = torch.device("cpu" if device is None else device)

    def manual_seed(self, seed):
        return self

    def seed(self):
        return int(unknown())

    def initial_seed(self):
        return int(unknown())

    def get_state(self):
        return get_rng_state()

    def set_state(self, new_state):
        set_rng_state(new_state)
        return self

    def clone_state(self):
        return Generator(self.device)

    def graphsafe_get_state(self):
        return self

    def graphsafe_set_state(self, state):
        return self


default_generator = Generator()


def get_rng_state():
    return torch.empty((int(unknown()),), dtype=torch.uint8, device="cpu")


def set_rng_state(new_state):
    if new_state.device.type != "cpu" or new_state.dtype != torch.uint8:
        refuse("ARGUMENT", "TypeError: RNG state must be a torch.ByteTensor", new_state)
