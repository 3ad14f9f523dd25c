"""Diffusion, segmentation, detection, flows, fields: outputs as large as inputs, and as many as there are boxes."""

import math

import torch
import torch.nn.functional as F
from torch import nn


def timestep_embedding(t, dim):
    half = dim // 2
    freqs = torch.exp(-math.log(10000) * torch.arange(half, dtype=torch.float32, device=t.device) / half)
    args = t[:, None].float() * freqs[None]
    return torch.cat([args.cos(), args.sin()], dim=-1)


class ResBlock(nn.Module):
    def __init__(self, cin, cout, temb):
        super().__init__()
        self.norm1, self.conv1 = nn.GroupNorm(2, cin), nn.Conv2d(cin, cout, 3, padding=1)
        self.emb = nn.Linear(temb, cout)
        self.norm2, self.conv2 = nn.GroupNorm(2, cout), nn.Conv2d(cout, cout, 3, padding=1)
        self.skip = nn.Conv2d(cin, cout, 1) if cin != cout else nn.Identity()

    def forward(self, x, emb):
        h = self.conv1(F.silu(self.norm1(x))) + self.emb(emb)[:, :, None, None]
        return self.skip(x) + self.conv2(F.silu(self.norm2(h)))


class DiffusionUNet(nn.Module):
    def __init__(self, width=4):
        super().__init__()
        self.width = width
        self.time = nn.Sequential(nn.Linear(width, 2 * width), nn.SiLU(), nn.Linear(2 * width, 2 * width))
        self.inp = nn.Conv2d(3, width, 3, padding=1)
        self.down, self.pool = ResBlock(width, 2 * width, 2 * width), nn.Conv2d(2 * width, 2 * width, 3, 2, 1)
        self.mid = ResBlock(2 * width, 2 * width, 2 * width)
        self.up, self.out = ResBlock(4 * width, width, 2 * width), nn.Conv2d(width, 3, 3, padding=1)

    def forward(self, x, t):
        emb = self.time(timestep_embedding(t, self.width))
        skip = self.down(self.inp(x), emb)
        h = F.interpolate(self.mid(self.pool(skip), emb), scale_factor=2, mode="nearest")
        return self.out(self.up(torch.cat([h, skip], dim=1), emb))


class Diffusion(nn.Module):
    """The loss of DDPM: noise is made in the forward pass."""

    def __init__(self, steps=10):
        super().__init__()
        self.net = DiffusionUNet()
        self.steps = steps
        alphas = torch.cumprod(1 - torch.linspace(1e-4, 0.02, steps), dim=0)
        self.register_buffer("root", alphas.sqrt())
        self.register_buffer("rest", (1 - alphas).sqrt())

    def forward(self, x):
        t = torch.randint(0, self.steps, (x.shape[0],), device=x.device)
        noise = torch.randn_like(x)
        noisy = self.root[t].view(-1, 1, 1, 1) * x + self.rest[t].view(-1, 1, 1, 1) * noise
        return F.mse_loss(self.net(noisy, t), noise)


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.enc1, self.enc2 = self.block(3, 4), self.block(4, 8)
        self.up = nn.ConvTranspose2d(8, 4, 2, stride=2)
        self.dec, self.out = self.block(8, 4), nn.Conv2d(4, 2, 1)

    @staticmethod
    def block(cin, cout):
        return nn.Sequential(nn.Conv2d(cin, cout, 3, padding=1), nn.BatchNorm2d(cout), nn.ReLU(inplace=True))

    def forward(self, x):
        a = self.enc1(x)
        b = self.up(self.enc2(F.max_pool2d(a, 2)))
        dy, dx = a.size(2) - b.size(2), a.size(3) - b.size(3)
        b = F.pad(b, [dx // 2, dx - dx // 2, dy // 2, dy - dy // 2])
        return self.out(self.dec(torch.cat([a, b], dim=1)))


def iou(a, b):
    top, bottom = torch.maximum(a[:, None, :2], b[:, :2]), torch.minimum(a[:, None, 2:], b[:, 2:])
    inter = (bottom - top).clamp(min=0).prod(-1)
    area = lambda x: (x[:, 2] - x[:, 0]) * (x[:, 3] - x[:, 1])  # noqa: E731
    return inter / (area(a)[:, None] + area(b) - inter)


def nms(boxes, scores, limit):
    order = scores.argsort(descending=True)
    kept = []
    while order.numel() > 0:
        kept.append(order[0])
        if order.numel() == 1:
            break
        overlap = iou(boxes[order[:1]], boxes[order[1:]])[0]
        order = order[1:][overlap <= limit]
    return torch.stack(kept)


class Detector(nn.Module):
    """Boxes over a threshold, then non-maximum suppression in Python."""

    def __init__(self, classes=3):
        super().__init__()
        self.backbone = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.ReLU(), nn.Conv2d(8, 8, 3, 2, 1), nn.ReLU())
        self.cls, self.reg = nn.Conv2d(8, classes, 1), nn.Conv2d(8, 4, 1)

    def forward(self, x):
        f = self.backbone(x)
        scores, labels = self.cls(f).flatten(2).sigmoid().max(1)
        boxes = self.reg(f).flatten(2).transpose(1, 2)
        h, w = f.shape[-2:]
        ys, xs = torch.meshgrid(torch.arange(h, device=x.device), torch.arange(w, device=x.device), indexing="ij")
        centre = torch.stack([xs, ys], dim=-1).view(-1, 2).float()
        results = []
        for s, label, d in zip(scores, labels, boxes):
            decoded = torch.cat([centre - d[:, :2].exp(), centre + d[:, 2:].exp()], dim=1)
            mask = s > 0.3
            if not mask.any():
                results.append({"boxes": x.new_zeros((0, 4)), "labels": label[:0]})
                continue
            keep = nms(decoded[mask], s[mask], 0.5)
            results.append({"boxes": decoded[mask][keep], "labels": label[mask][keep], "scores": s[mask][keep]})
        return results


class Coupling(nn.Module):
    """A step of RealNVP, with its prior."""

    def __init__(self, dim=4):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(dim, 8), nn.Tanh(), nn.Linear(8, 2 * dim))
        self.register_buffer("mask", torch.tensor([1.0, 0.0] * (dim // 2)))

    def forward(self, x):
        s, t = self.net(x * self.mask).chunk(2, dim=-1)
        z = x * self.mask + (1 - self.mask) * (x * s.tanh().exp() + t)
        prior = torch.distributions.Normal(torch.zeros_like(z), torch.ones_like(z))
        return prior.log_prob(z).sum(-1) + ((1 - self.mask) * s).sum(-1)


class RadianceField(nn.Module):
    def __init__(self, bands=4):
        super().__init__()
        self.register_buffer("bands", 2.0 ** torch.arange(bands))
        self.net = nn.Sequential(nn.Linear(3 * 2 * bands, 16), nn.ReLU(), nn.Linear(16, 4))

    def forward(self, origin, direction):
        steps = torch.linspace(0.0, 1.0, 6, device=origin.device)
        points = origin[:, None] + direction[:, None] * steps[:, None]
        angles = points[..., None] * self.bands
        out = self.net(torch.cat([angles.sin(), angles.cos()], dim=-1).flatten(-2))
        alpha = 1 - torch.exp(-F.relu(out[..., 3]))
        trans = torch.cumprod(torch.cat([torch.ones_like(alpha[:, :1]), 1 - alpha + 1e-10], -1), -1)[:, :-1]
        return ((alpha * trans)[..., None] * out[..., :3].sigmoid()).sum(1)


class Codebook(nn.Module):
    """VQ-VAE's nearest entries, moved by an average in training."""

    def __init__(self, entries=6, dim=4):
        super().__init__()
        self.embedding = nn.Embedding(entries, dim)
        self.register_buffer("uses", torch.zeros(entries))

    def forward(self, z):
        flat = z.reshape(-1, z.size(-1))
        distance = (
            flat.pow(2).sum(1, keepdim=True)
            - 2 * flat @ self.embedding.weight.t()
            + self.embedding.weight.pow(2).sum(1)
        )
        index = distance.argmin(1)
        self.uses.mul_(0.9).add_(F.one_hot(index, self.uses.numel()).sum(0), alpha=0.1)
        q = self.embedding(index).view_as(z)
        return z + (q - z).detach(), F.mse_loss(z, q.detach()) + F.mse_loss(q, z.detach())


class Spectral(nn.Module):
    """A layer of a Fourier neural operator."""

    def __init__(self, width=4, modes=3):
        super().__init__()
        self.modes = modes
        self.weight = nn.Parameter(torch.randn(width, width, modes, dtype=torch.cfloat) * 0.1)
        self.conv = nn.Conv1d(width, width, 1)

    def forward(self, x):
        ft = torch.fft.rfft(x)
        out = torch.zeros(x.size(0), x.size(1), x.size(-1) // 2 + 1, dtype=torch.cfloat, device=x.device)
        out[:, :, : self.modes] = torch.einsum("bix,iox->box", ft[:, :, : self.modes], self.weight)
        return F.gelu(torch.fft.irfft(out, n=x.size(-1)) + self.conv(x))


class StateSpace(nn.Module):
    """A scan in a loop, as the reference of Mamba has it."""

    def __init__(self, dim=4, state=3):
        super().__init__()
        self.A_log = nn.Parameter(torch.log(torch.arange(1, state + 1).float()).repeat(dim, 1))
        self.D, self.proj, self.dt = nn.Parameter(torch.ones(dim)), nn.Linear(dim, 2 * state), nn.Linear(dim, dim)

    def forward(self, u):
        A = -torch.exp(self.A_log.float())
        B, C = self.proj(u).chunk(2, dim=-1)
        delta = F.softplus(self.dt(u))
        x = torch.zeros(u.size(0), *A.shape, device=u.device)
        ys = []
        for i in range(u.size(1)):
            x = torch.exp(delta[:, i, :, None] * A) * x + delta[:, i, :, None] * B[:, i, None] * u[:, i, :, None]
            ys.append(torch.einsum("bdn,bn->bd", x, C[:, i]))
        return torch.stack(ys, dim=1) + u * self.D


EXAMPLES = {
    "diffusion_unet": lambda: (DiffusionUNet(), (torch.randn(2, 3, 8, 8), torch.tensor([1, 5]))),
    "diffusion_loss": lambda: (Diffusion(), (torch.randn(2, 3, 8, 8),)),
    "unet": lambda: (UNet(), (torch.randn(1, 3, 9, 10),)),
    "detector": lambda: (Detector(), (torch.randn(2, 3, 16, 16),)),
    "coupling": lambda: (Coupling(), (torch.randn(3, 4),)),
    "radiance_field": lambda: (RadianceField(), (torch.randn(3, 3), torch.randn(3, 3))),
    "codebook": lambda: (Codebook(), (torch.randn(2, 3, 4),)),
    "spectral": lambda: (Spectral(), (torch.randn(2, 4, 16),)),
    "state_space": lambda: (StateSpace(), (torch.randn(2, 5, 4),)),
}
