# The same names where they are also found.

Parameter = torch.nn.Parameter
Buffer = torch.nn.Buffer
