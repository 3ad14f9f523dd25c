# Images read as tensors.


def read_image(path, mode="UNCHANGED", apply_exif_orientation=False):
    return torch.empty((int(unknown()), int(unknown()), int(unknown())), dtype=torch.uint8, device="cpu")


def decode_image(input, mode="UNCHANGED", apply_exif_orientation=False):
    return torch.empty((int(unknown()), int(unknown()), int(unknown())), dtype=torch.uint8, device="cpu")


def read_file(path):
    return torch.empty((int(unknown()),), dtype=torch.uint8, device="cpu")
