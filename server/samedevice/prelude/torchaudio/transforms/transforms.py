# Transforms of sound: most keep a window or filter bank as a buffer, which must be where the sound is.


class Spectrogram(torch.nn.Module):
    def __init__(
        self,
        n_fft=400,
        win_length=None,
        hop_length=None,
        pad=0,
        window_fn=torch.hann_window,
        power=2.0,
        normalized=False,
        wkwargs=None,
        center=True,
        pad_mode="reflect",
        onesided=True,
        return_complex=None,
    ):
        super().__init__()
        self.n_fft = n_fft
        self.win_length = win_length if win_length is not None else n_fft
        self.hop_length = hop_length if hop_length is not None else self.win_length // 2
        self.power = power
        self.center = center
        window = window_fn(self.win_length) if wkwargs is None else window_fn(self.win_length, **wkwargs)
        self.register_buffer("window", window)

    def forward(self, waveform):
        length = waveform.shape[-1]
        spec = torch.stft(
            waveform.reshape(-1, length),
            self.n_fft,
            hop_length=self.hop_length,
            win_length=self.win_length,
            window=self.window,
            center=self.center,
            return_complex=True,
        )
        spec = spec.reshape((*waveform.shape[:-1], *spec.shape[-2:]))
        return spec if self.power is None else spec.abs()


class MelScale(torch.nn.Module):
    def __init__(self, n_mels=128, sample_rate=16000, f_min=0.0, f_max=None, n_stft=201, norm=None, mel_scale="htk"):
        super().__init__()
        self.n_mels = n_mels
        self.register_buffer("fb", torch.zeros((n_stft, n_mels)))

    def forward(self, specgram):
        return torch.matmul(specgram.transpose(-1, -2), self.fb).transpose(-1, -2)


class MelSpectrogram(torch.nn.Module):
    def __init__(
        self,
        sample_rate=16000,
        n_fft=400,
        win_length=None,
        hop_length=None,
        f_min=0.0,
        f_max=None,
        pad=0,
        n_mels=128,
        window_fn=torch.hann_window,
        power=2.0,
        normalized=False,
        wkwargs=None,
        center=True,
        pad_mode="reflect",
        onesided=None,
        norm=None,
        mel_scale="htk",
    ):
        super().__init__()
        self.sample_rate = sample_rate
        self.n_fft = n_fft
        self.n_mels = n_mels
        self.spectrogram = Spectrogram(
            n_fft, win_length, hop_length, pad, window_fn, power, normalized, wkwargs, center, pad_mode
        )
        self.mel_scale = MelScale(n_mels, sample_rate, f_min, f_max, n_fft // 2 + 1, norm, mel_scale)

    def forward(self, waveform):
        return self.mel_scale(self.spectrogram(waveform))


class AmplitudeToDB(torch.nn.Module):
    def __init__(self, stype="power", top_db=None):
        super().__init__()

    def forward(self, x):
        return torch.log10(x)


class MFCC(torch.nn.Module):
    def __init__(self, sample_rate=16000, n_mfcc=40, dct_type=2, norm="ortho", log_mels=False, melkwargs=None):
        super().__init__()
        self.MelSpectrogram = MelSpectrogram(sample_rate, **({} if melkwargs is None else melkwargs))
        self.amplitude_to_DB = AmplitudeToDB("power", 80.0)
        self.register_buffer("dct_mat", torch.zeros((self.MelSpectrogram.n_mels, n_mfcc)))

    def forward(self, waveform):
        mel = self.amplitude_to_DB(self.MelSpectrogram(waveform))
        return torch.matmul(mel.transpose(-1, -2), self.dct_mat).transpose(-1, -2)


class Resample(torch.nn.Module):
    def __init__(
        self,
        orig_freq=16000,
        new_freq=16000,
        resampling_method="sinc_interp_hann",
        lowpass_filter_width=6,
        rolloff=0.99,
        beta=None,
        *,
        dtype=None,
    ):
        super().__init__()
        self.orig_freq = orig_freq
        self.new_freq = new_freq
        if orig_freq != new_freq:
            self.register_buffer("kernel", torch.zeros((int(unknown()), 1, int(unknown())), dtype=dtype))

    def forward(self, waveform):
        if self.orig_freq == self.new_freq:
            return waveform
        flat = waveform.reshape(-1, 1, waveform.shape[-1])
        out = torch.nn.functional.conv1d(flat, self.kernel)
        return out.reshape((*waveform.shape[:-1], int(unknown())))


class InverseSpectrogram(torch.nn.Module):
    def __init__(
        self,
        n_fft=400,
        win_length=None,
        hop_length=None,
        pad=0,
        window_fn=torch.hann_window,
        normalized=False,
        wkwargs=None,
        center=True,
        pad_mode="reflect",
        onesided=True,
    ):
        super().__init__()
        self.n_fft = n_fft
        self.win_length = win_length if win_length is not None else n_fft
        self.hop_length = hop_length if hop_length is not None else self.win_length // 2
        window = window_fn(self.win_length) if wkwargs is None else window_fn(self.win_length, **wkwargs)
        self.register_buffer("window", window)

    def forward(self, spectrogram, length=None):
        return torch.istft(spectrogram, self.n_fft, self.hop_length, self.win_length, self.window)


class GriffinLim(torch.nn.Module):
    def __init__(
        self,
        n_fft=400,
        n_iter=32,
        win_length=None,
        hop_length=None,
        window_fn=torch.hann_window,
        power=2.0,
        wkwargs=None,
        momentum=0.99,
        length=None,
        rand_init=True,
    ):
        super().__init__()
        size = win_length if win_length is not None else n_fft
        self.register_buffer("window", window_fn(size) if wkwargs is None else window_fn(size, **wkwargs))

    def forward(self, specgram):
        wave = specgram.sum(-2) * self.window[0]
        return wave[..., : int(unknown())]


class _Masking(torch.nn.Module):
    def forward(self, specgram, mask_value=0.0):
        return specgram


class FrequencyMasking(_Masking):
    def __init__(self, freq_mask_param, iid_masks=False):
        super().__init__()


class TimeMasking(_Masking):
    def __init__(self, time_mask_param, iid_masks=False, p=1.0):
        super().__init__()


class Vol(torch.nn.Module):
    def __init__(self, gain, gain_type="amplitude"):
        super().__init__()

    def forward(self, waveform):
        return waveform


class Fade(torch.nn.Module):
    def __init__(self, fade_in_len=0, fade_out_len=0, fade_shape="linear"):
        super().__init__()

    def forward(self, waveform):
        return waveform


class MuLawEncoding(torch.nn.Module):
    def __init__(self, quantization_channels=256):
        super().__init__()

    def forward(self, x):
        return x.to(torch.int64)


class MuLawDecoding(torch.nn.Module):
    def __init__(self, quantization_channels=256):
        super().__init__()

    def forward(self, x_mu):
        return x_mu.to(torch.float32)
