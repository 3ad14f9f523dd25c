# The same names where they are also found.

weight_norm = torch.nn.utils.weight_norm
remove_weight_norm = torch.nn.utils.remove_weight_norm
