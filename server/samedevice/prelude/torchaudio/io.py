# Reading sound.


def load(
    uri, frame_offset=0, num_frames=-1, normalize=True, channels_first=True, format=None, buffer_size=4096, backend=None
):
    waveform = torch.empty((int(unknown()), int(unknown())), dtype=torch.float32, device="cpu")
    return waveform if normalize else unknown(), int(unknown())


def save(
    uri,
    src,
    sample_rate,
    channels_first=True,
    format=None,
    encoding=None,
    bits_per_sample=None,
    buffer_size=4096,
    backend=None,
    compression=None,
):
    return None
