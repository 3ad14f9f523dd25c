"""Networks that run on the CPU and not on a GPU, each wrong in its own way."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

T = torch.tensor


class Base(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin, self.conv, self.emb = nn.Linear(4, 4), nn.Conv1d(2, 4, 1), nn.Embedding(8, 4)
        self.made()

    def made(self):
        pass


class FactoryInForward(Base):
    def forward(self, x):
        return self.lin(x) + torch.zeros(4)


class NoiseInForward(Base):
    def forward(self, x):
        return self.lin(x + torch.randn(x.shape))


class PositionsOnCpu(Base):
    def forward(self, x):
        return x + self.emb(torch.arange(x.size(0)))


class PlainTensorAttribute(Base):
    def made(self):
        self.mask = torch.tril(torch.ones(4, 4))

    def forward(self, x):
        return self.lin(x) @ self.mask


class PlainListOfLayers(Base):
    def made(self):
        self.layers = [nn.Linear(4, 4) for _ in range(2)]

    def forward(self, x):
        for layer in self.layers:
            x = layer(x)
        return x


class LayerMadeInForward(Base):
    def forward(self, x):
        return nn.Linear(4, 2)(x)


class HiddenOnCpu(Base):
    def made(self):
        self.rnn = nn.LSTM(4, 3, batch_first=True)

    def forward(self, x):
        h = torch.zeros(1, 2, 3)
        return self.rnn(x.unsqueeze(1)[:2], (h, h))[0]


class GruHiddenOnCpu(Base):
    def made(self):
        self.cell = nn.GRUCell(4, 3)

    def forward(self, x):
        return self.cell(x, torch.zeros(x.size(0), 3))


class NumpyInForward(Base):
    def forward(self, x):
        return torch.from_numpy(np.tanh(self.lin(x).detach().numpy()))


class ArrayIntoForward(Base):
    def forward(self, x):
        return self.lin(x) * torch.from_numpy(np.ones(4, dtype=np.float32))


class CpuTableWithGpuIndex(Base):
    def made(self):
        self.table = torch.randn(8, 4)

    def forward(self, x):
        return x + self.table[x.argmax(1)]


class MaskOnCpu(Base):
    def forward(self, x):
        return self.lin(x).masked_fill(torch.eye(4).bool()[: x.size(0)], 0.0)


class WhereOnCpu(Base):
    def forward(self, x):
        return torch.where(x > 0, x, torch.ones(4) * 0.1)


class CatOfTwo(Base):
    def forward(self, x):
        return torch.cat([x, torch.zeros(1, 4)])


class StackOfTwo(Base):
    def forward(self, x):
        return torch.stack([x, torch.zeros_like(x, device="cpu")])


class ScatterOnCpu(Base):
    def forward(self, x):
        return torch.zeros(x.size(0), 8).scatter_add(1, T([[0, 1, 2, 3]] * x.size(0)), self.lin(x))


class IndexAddOnCpu(Base):
    def forward(self, x):
        return torch.zeros(4, 4).index_add(0, T([0, 1, 2]), self.lin(x))


class GatherIndexOnCpu(Base):
    def forward(self, x):
        return x.gather(1, T([[0], [1], [2]]))


class IndexPutFromCpu(Base):
    def forward(self, x):
        out = x.clone()
        out[x > 0] = torch.ones(int((x > 0).sum()))
        return out


class ConvWeightOnCpu(Base):
    def made(self):
        self.kernel = torch.ones(1, 1, 3)

    def forward(self, x):
        return F.conv1d(x.unsqueeze(1), self.kernel)


class ConvBiasOnCpu(Base):
    def forward(self, x):
        return F.conv1d(x.unsqueeze(1), torch.ones(2, 1, 3, device=x.device), torch.zeros(2))


class LossWeightsOnCpu(Base):
    def made(self):
        self.loss = lambda a, b: F.cross_entropy(a, b, weight=torch.ones(4))

    def forward(self, x):
        return self.loss(self.lin(x), x.argmax(1))


class LossTargetOnCpu(Base):
    def forward(self, x):
        return F.mse_loss(self.lin(x), torch.zeros(x.size(0), 4))


class LabelsOnCpu(Base):
    def forward(self, x):
        return F.cross_entropy(self.lin(x), torch.zeros(x.size(0), dtype=torch.long))


class BceLabelsOnCpu(Base):
    def forward(self, x):
        return F.binary_cross_entropy_with_logits(self.lin(x), torch.ones(x.size(0), 4))


class MatmulMixed(Base):
    def forward(self, x):
        return torch.matmul(x, torch.eye(4))


class BmmMixed(Base):
    def forward(self, x):
        return torch.bmm(x.unsqueeze(0), torch.eye(4).unsqueeze(0))


class EinsumMixed(Base):
    def forward(self, x):
        return torch.einsum("bi,ij->bj", x, torch.eye(4))


class LayerNormOnCpu(Base):
    def forward(self, x):
        return F.layer_norm(x, (4,), torch.ones(4), torch.zeros(4))


class GeneratorOnCpu(Base):
    def forward(self, x):
        return x + torch.randn(x.shape, generator=torch.Generator().manual_seed(0), device=x.device)


class LengthsOnGpu(Base):
    def forward(self, x):
        lengths = (x[:, 0] > -9).long() * 2
        return pack_padded_sequence(x.view(x.size(0), 2, 2), lengths, batch_first=True).data


class AttentionMaskOnCpu(Base):
    def made(self):
        self.attn = nn.MultiheadAttention(4, 2, batch_first=True)

    def forward(self, x):
        return self.attn(x[None], x[None], x[None], attn_mask=torch.zeros(3, 3))[0]


class SdpaKeyOnCpu(Base):
    def forward(self, x):
        return F.scaled_dot_product_attention(x[None], torch.ones(1, 3, 4), torch.ones(1, 3, 4))


class OutOnCpu(Base):
    def forward(self, x):
        return torch.add(x, x, out=torch.empty(x.shape))


class InPlaceFromGpu(Base):
    def forward(self, x):
        total = torch.zeros(4)
        total += x.sum(0)
        return total


class StatisticsOnCpu(Base):
    def made(self):
        self.mean = torch.zeros(4)

    def forward(self, x):
        self.mean = 0.9 * self.mean + 0.1 * x.mean(0)
        return x - self.mean


class ScalarOfOneElement(Base):
    def forward(self, x):
        return x * torch.tensor([2.0])


class ListOfScalars(Base):
    def forward(self, x):
        return x * torch.tensor([float(one) for one in x[:, 0]]).view(-1, 1)


class ScaleMadeOnCpu(Base):
    def forward(self, x):
        return torch.lerp(x, torch.ones(4), 0.5)


class ClampBoundOnCpu(Base):
    def forward(self, x):
        return torch.clamp(x, min=torch.tensor(0.0), max=torch.ones(4))


class EmptyBranch(Base):
    def forward(self, x):
        found = x[x > 100]
        loss = self.lin(x).sum()
        return torch.cat([loss.view(1), torch.zeros(1) if found.numel() == 0 else found[:1]])


class IntegerProduct(Base):
    def forward(self, x):
        onehot = F.one_hot(x.argmax(1), 4)
        return self.lin(x) + (onehot @ torch.ones(4, 4, dtype=torch.long, device=x.device)).float()


class HalfNorm(Base):
    def made(self):
        self.norm = nn.LayerNorm(4)

    def forward(self, x):
        return self.norm(x.half())


class HalfInput(Base):
    def forward(self, x):
        return self.lin(x.bfloat16())


class DoubleInput(Base):
    def forward(self, x):
        return self.lin(x.double())


class UnderAutocast(Base):
    """A float32 buffer written in half precision."""

    def forward(self, x):
        out = torch.zeros(x.size(0), 4, device=x.device)
        with torch.autocast(x.device.type, dtype=torch.bfloat16):
            out[torch.arange(x.size(0), device=x.device)] = self.lin(x)
        return out


class SearchOnCpu(Base):
    def forward(self, x):
        return torch.bucketize(x, torch.linspace(-1, 1, 4))


class HistogramOnGpu(Base):
    def forward(self, x):
        return torch.histogram(x.detach(), bins=4)[0]


class BatchNormOnCpu(Base):
    def forward(self, x):
        return F.batch_norm(x, torch.zeros(4), torch.ones(4))


class DistributionOnCpu(Base):
    def forward(self, x):
        return torch.distributions.Normal(torch.zeros(4), torch.ones(4)).log_prob(x)


class CachedFromFirstCall(Base):
    def made(self):
        self.cache = {"scale": torch.ones(4)}

    def forward(self, x):
        return self.lin(x) * self.cache["scale"]


class Late(Base):
    """The input of the second layer comes back from the CPU."""

    def forward(self, x):
        y = self.lin(x).cpu()
        return self.lin(y)


EXAMPLES = {
    name: (lambda kind=kind: (kind(), (torch.randn(3, 4),)))
    for name, kind in list(globals().items())
    if isinstance(kind, type) and issubclass(kind, Base) and kind is not Base
}
