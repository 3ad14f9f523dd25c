# The same names where they are also found.

fuse_conv_bn_eval = torch.nn.utils.fuse_conv_bn_eval
fuse_linear_bn_eval = torch.nn.utils.fuse_linear_bn_eval
fuse_conv_bn_weights = torch.nn.utils.fuse_conv_bn_weights
fuse_linear_bn_weights = torch.nn.utils.fuse_linear_bn_weights
