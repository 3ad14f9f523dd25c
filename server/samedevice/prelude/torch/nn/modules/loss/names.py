# The same names where they are also found.

_Loss = torch.nn._Loss
_WeightedLoss = torch.nn._WeightedLoss
L1Loss = torch.nn.L1Loss
MSELoss = torch.nn.MSELoss
NLLLoss = torch.nn.NLLLoss
NLLLoss2d = torch.nn.NLLLoss2d
CrossEntropyLoss = torch.nn.CrossEntropyLoss
LinearCrossEntropyLoss = torch.nn.LinearCrossEntropyLoss
PoissonNLLLoss = torch.nn.PoissonNLLLoss
GaussianNLLLoss = torch.nn.GaussianNLLLoss
KLDivLoss = torch.nn.KLDivLoss
BCELoss = torch.nn.BCELoss
BCEWithLogitsLoss = torch.nn.BCEWithLogitsLoss
HingeEmbeddingLoss = torch.nn.HingeEmbeddingLoss
MultiLabelMarginLoss = torch.nn.MultiLabelMarginLoss
SmoothL1Loss = torch.nn.SmoothL1Loss
HuberLoss = torch.nn.HuberLoss
SoftMarginLoss = torch.nn.SoftMarginLoss
MultiLabelSoftMarginLoss = torch.nn.MultiLabelSoftMarginLoss
CosineEmbeddingLoss = torch.nn.CosineEmbeddingLoss
MarginRankingLoss = torch.nn.MarginRankingLoss
MultiMarginLoss = torch.nn.MultiMarginLoss
TripletMarginLoss = torch.nn.TripletMarginLoss
TripletMarginWithDistanceLoss = torch.nn.TripletMarginWithDistanceLoss
CTCLoss = torch.nn.CTCLoss
