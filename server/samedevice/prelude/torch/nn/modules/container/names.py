# The same names where they are also found.

Sequential = torch.nn.Sequential
ModuleList = torch.nn.ModuleList
ModuleDict = torch.nn.ModuleDict
ParameterList = torch.nn.ParameterList
ParameterDict = torch.nn.ParameterDict
