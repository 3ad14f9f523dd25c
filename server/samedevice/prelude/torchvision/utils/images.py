# Images for people.


def make_grid(tensor, nrow=8, padding=2, normalize=False, value_range=None, scale_each=False, pad_value=0.0):
    if isinstance(tensor, (list, tuple)):
        tensor = torch.stack(list(tensor), dim=0)
    if not known(tensor):
        return unknown()
    return tensor.reshape(-1)[:1].expand(3, int(unknown()), int(unknown()))


def save_image(tensor, fp, format=None, **kwargs):
    # It moves to the CPU by itself.
    return None
