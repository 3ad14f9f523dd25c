# The generators of the accelerators; their states are CPU tensors too.


def get_rng_state(device="cuda"):
    return torch.get_rng_state()


def get_rng_state_all():
    return [torch.get_rng_state() for _ in range(torch.cuda.device_count())]


def set_rng_state(new_state, device="cuda"):
    torch.set_rng_state(new_state)


def set_rng_state_all(new_states):
    for new_state in new_states:
        torch.set_rng_state(new_state)
