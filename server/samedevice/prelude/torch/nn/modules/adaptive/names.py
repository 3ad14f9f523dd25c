# The same names where they are also found.

AdaptiveLogSoftmaxWithLoss = torch.nn.AdaptiveLogSoftmaxWithLoss
