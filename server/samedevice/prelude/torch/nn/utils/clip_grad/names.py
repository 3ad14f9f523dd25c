# The same names where they are also found.

clip_grad_norm_ = torch.nn.utils.clip_grad_norm_
clip_grad_value_ = torch.nn.utils.clip_grad_value_
clip_grad_norm = torch.nn.utils.clip_grad_norm
