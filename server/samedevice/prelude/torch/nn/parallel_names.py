# Found here too.

DataParallel = torch.nn.parallel.DataParallel
