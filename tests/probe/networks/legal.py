"""Networks that look wrong and are right: what a checker must stay silent about."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


class Base(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin, self.emb = nn.Linear(4, 4), nn.Embedding(8, 4)
        self.register_buffer("scale", torch.ones(4))


class ZeroDimensional(Base):
    def forward(self, x):
        two = torch.tensor(2.0)
        x = x * two + two - x.clamp(min=0) / two
        return torch.where(x > two, x, torch.tensor(0.0)).pow(two).addcmul(x, x, value=0.5)


class CpuIndex(Base):
    def forward(self, x):
        order = torch.randperm(x.size(0))
        y = x[order] + x[torch.tensor([True] * x.size(0))]
        y[torch.arange(2), torch.tensor([0, 1])] = 1.0
        return self.lin(y[[0, 1]])


class CopiesAcross(Base):
    def forward(self, x):
        out = torch.empty_like(x)
        out[:] = torch.ones(4)
        out[0] = torch.zeros(4)
        out.copy_(torch.ones(x.shape))
        return self.lin(x) + out


class LikeAndNew(Base):
    def forward(self, x):
        noise = torch.randn_like(x) + x.new_ones(4) + torch.ones(4).to(x) + torch.zeros(4).type_as(x)
        return self.lin(noise) * torch.full_like(x, 2)


class ThereAndBack(Base):
    def forward(self, x):
        values = np.tanh(x.detach().cpu().numpy())
        return self.lin(torch.from_numpy(values).to(x.device)) * float(x.sum().item())


class Masked(Base):
    def forward(self, x):
        mask = x.abs() > 0.5
        picked = x[mask]
        if picked.numel() > 3 and bool((picked > 0).any()):
            x = x.masked_fill(~mask, torch.tensor(0.0).item())
        return self.lin(x), picked.mean(), mask.nonzero()


class Decorated(Base):
    @torch.no_grad()
    def table(self, size, device):
        return torch.linspace(0, 1, size, device=device)

    def forward(self, x):
        return self.lin(x) * self.table(4, next(self.parameters()).device) + self.scale


class Alias(Base):
    """A plain list of parameters that are registered as well, and one of them twice."""

    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Parameter(torch.ones(4)), nn.Parameter(torch.zeros(4))
        self.all = [self.a, self.b]
        self.twin = self.a

    def forward(self, x):
        return sum(x * one for one in self.all) + self.twin


class Autocast(Base):
    def forward(self, x):
        with torch.autocast(x.device.type, dtype=torch.bfloat16):
            h = self.lin(x)
            h = F.softmax(h, dim=-1) + F.layer_norm(h, (4,))
        return h.float() + self.lin(x)


class Targets(Base):
    def forward(self, x):
        y = self.lin(x)
        labels = x.argmax(1)
        return (
            F.cross_entropy(y, labels)
            + F.mse_loss(y, labels.float().unsqueeze(1).expand_as(y))
            + F.nll_loss(y.log_softmax(1), labels)
        )


class LegacyTypes(Base):
    def forward(self, x):
        kind = torch.cuda.FloatTensor if x.is_cuda else torch.FloatTensor
        return self.lin(x.type(kind)) + kind(4).fill_(1.0)


class HardCoded(Base):
    def forward(self, x):
        device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        return self.lin(x.to(device)) + torch.zeros(4, device=device) + torch.tensor([1.0, 2, 3, 4], device=device)


class Checkpointed(Base):
    def forward(self, x):
        from torch.utils.checkpoint import checkpoint

        return checkpoint(self.lin, x, use_reentrant=False)


class Normed(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.utils.parametrizations.weight_norm(nn.Linear(4, 4))
        self.spectral = nn.utils.parametrizations.spectral_norm(nn.Linear(4, 4))

    def forward(self, x):
        return self.spectral(self.lin(x))


class Lazy(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.LazyLinear(3), nn.ReLU(), nn.LazyLinear(2))
        self.net(torch.zeros(1, 4))

    def forward(self, x):
        return self.net(x)


class Double(Base):
    def forward(self, x):
        return self.lin(x).double() @ torch.eye(4, dtype=torch.float64, device=x.device) + x.sum(dtype=torch.float64)


class Quantiles(Base):
    def forward(self, x):
        ranks = torch.quantile(x, torch.tensor([0.1, 0.9], device=x.device), dim=1)
        return torch.searchsorted(ranks.sort(0)[0].t().contiguous(), x), x.unique(return_counts=True)


class Linalg(Base):
    def forward(self, x):
        gram = x.t() @ x + torch.eye(4, device=x.device)
        return torch.linalg.solve(gram, x.t()), torch.linalg.cholesky(gram).logdet(), torch.linalg.svd(x)[1]


EXAMPLES = {
    name: (lambda kind=kind: (kind(), (torch.randn(3, 4),)))
    for name, kind in list(globals().items())
    if isinstance(kind, type) and issubclass(kind, nn.Module) and kind is not Base
}
