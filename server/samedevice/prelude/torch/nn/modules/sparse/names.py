# The same names where they are also found.

Embedding = torch.nn.Embedding
EmbeddingBag = torch.nn.EmbeddingBag
