# The same names where they are also found.

CosineSimilarity = torch.nn.CosineSimilarity
PairwiseDistance = torch.nn.PairwiseDistance
