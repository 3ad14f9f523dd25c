# The same names where they are also found.

spectral_norm = torch.nn.utils.spectral_norm
remove_spectral_norm = torch.nn.utils.remove_spectral_norm
