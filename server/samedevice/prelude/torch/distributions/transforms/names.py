# The same names where they are also found.

Transform = torch.distributions.Transform
AffineTransform = torch.distributions.AffineTransform
ComposeTransform = torch.distributions.ComposeTransform
PowerTransform = torch.distributions.PowerTransform
ExpTransform = torch.distributions.ExpTransform
SigmoidTransform = torch.distributions.SigmoidTransform
TanhTransform = torch.distributions.TanhTransform
SoftplusTransform = torch.distributions.SoftplusTransform
AbsTransform = torch.distributions.AbsTransform
SoftmaxTransform = torch.distributions.SoftmaxTransform
