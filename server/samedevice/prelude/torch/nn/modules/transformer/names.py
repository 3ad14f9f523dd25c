# The same names where they are also found.

TransformerEncoder = torch.nn.TransformerEncoder
TransformerDecoder = torch.nn.TransformerDecoder
Transformer = torch.nn.Transformer
TransformerEncoderLayer = torch.nn.TransformerEncoderLayer
TransformerDecoderLayer = torch.nn.TransformerDecoderLayer
