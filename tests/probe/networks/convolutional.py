"""Networks of convolutions, as torchvision and timm write them."""

import torch
import torch.nn.functional as F
from torch import nn


class LeNet(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 6, 5, padding=2)
        self.conv2 = nn.Conv2d(6, 16, 5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, classes)

    def forward(self, x):
        x = F.max_pool2d(torch.relu(self.conv1(x)), 2)
        x = F.max_pool2d(torch.relu(self.conv2(x)), 2)
        return self.fc2(torch.relu(self.fc1(torch.flatten(x, 1))))


class BasicBlock(nn.Module):
    def __init__(self, inplanes, planes, stride=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inplanes, planes, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = nn.Conv2d(planes, planes, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.relu = nn.ReLU(inplace=True)
        self.downsample = None
        if stride != 1 or inplanes != planes:
            self.downsample = nn.Sequential(nn.Conv2d(inplanes, planes, 1, stride, bias=False), nn.BatchNorm2d(planes))

    def forward(self, x):
        identity = x if self.downsample is None else self.downsample(x)
        out = self.bn2(self.conv2(self.relu(self.bn1(self.conv1(x)))))
        out += identity
        return self.relu(out)


class ResNet(nn.Module):
    def __init__(self, width=8, classes=10):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, width, 3, 1, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU(inplace=True)
        )
        self.layer1 = nn.Sequential(BasicBlock(width, width), BasicBlock(width, width))
        self.layer2 = nn.Sequential(BasicBlock(width, 2 * width, 2), BasicBlock(2 * width, 2 * width))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(2 * width, classes)

    def forward(self, x):
        return self.fc(self.pool(self.layer2(self.layer1(self.stem(x)))).flatten(1))


class InvertedResidual(nn.Module):
    """MobileNet's block, with squeeze and excitation."""

    def __init__(self, channels=8, expand=4):
        super().__init__()
        hidden = channels * expand
        self.expand = nn.Sequential(nn.Conv2d(channels, hidden, 1), nn.BatchNorm2d(hidden), nn.ReLU6(inplace=True))
        self.depthwise = nn.Sequential(nn.Conv2d(hidden, hidden, 3, padding=1, groups=hidden), nn.Hardswish())
        self.squeeze = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(hidden, hidden // 4, 1), nn.SiLU())
        self.excite = nn.Sequential(nn.Conv2d(hidden // 4, hidden, 1), nn.Hardsigmoid())
        self.project = nn.Conv2d(hidden, channels, 1)

    def forward(self, x):
        h = self.depthwise(self.expand(x))
        return x + self.project(h * self.excite(self.squeeze(h)))


class DenseBlock(nn.Module):
    def __init__(self, channels=6, growth=4, layers=3):
        super().__init__()
        self.layers = nn.ModuleList(
            nn.Sequential(
                nn.BatchNorm2d(channels + i * growth), nn.ReLU(), nn.Conv2d(channels + i * growth, growth, 3, padding=1)
            )
            for i in range(layers)
        )

    def forward(self, x):
        features = [x]
        for layer in self.layers:
            features.append(layer(torch.cat(features, dim=1)))
        return torch.cat(features, dim=1)


class ConvNeXtBlock(nn.Module):
    def __init__(self, dim=8, scale=1e-6):
        super().__init__()
        self.dwconv = nn.Conv2d(dim, dim, 7, padding=3, groups=dim)
        self.norm = nn.LayerNorm(dim, eps=1e-6)
        self.pw1, self.pw2 = nn.Linear(dim, 4 * dim), nn.Linear(4 * dim, dim)
        self.gamma = nn.Parameter(scale * torch.ones(dim))

    def forward(self, x):
        h = self.norm(self.dwconv(x).permute(0, 2, 3, 1))
        h = self.gamma * self.pw2(F.gelu(self.pw1(h)))
        return x + h.permute(0, 3, 1, 2)


class DropPath(nn.Module):
    """Stochastic depth; the random mask follows its input."""

    def __init__(self, drop=0.5):
        super().__init__()
        self.drop = drop
        self.conv = nn.Conv1d(4, 4, 3, padding=1)

    def forward(self, x):
        keep = 1 - self.drop
        mask = x.new_empty((x.shape[0],) + (1,) * (x.ndim - 1)).bernoulli_(keep)
        return x + self.conv(x) * mask / keep


class Dilated1d(nn.Module):
    """A WaveNet in small."""

    def __init__(self, channels=8, layers=3):
        super().__init__()
        self.inp = nn.Conv1d(1, channels, 1)
        self.filters = nn.ModuleList(nn.Conv1d(channels, channels, 2, dilation=2**i) for i in range(layers))
        self.gates = nn.ModuleList(nn.Conv1d(channels, channels, 2, dilation=2**i) for i in range(layers))
        self.out = nn.Conv1d(channels, 1, 1)

    def forward(self, x):
        x = self.inp(x)
        skip = 0
        for i, (f, g) in enumerate(zip(self.filters, self.gates)):
            h = F.pad(x, (2**i, 0))
            h = torch.tanh(f(h)) * torch.sigmoid(g(h))
            skip = skip + h
            x = x + h
        return self.out(F.leaky_relu(skip, 0.2))


class Volume(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv3d(1, 4, 3, padding=1), nn.InstanceNorm3d(4, affine=True), nn.PReLU(4), nn.MaxPool3d(2)
        )
        self.up = nn.ConvTranspose3d(4, 1, 2, 2)

    def forward(self, x):
        return torch.sigmoid(self.up(self.net(x)))


class Autoencoder(nn.Module):
    def __init__(self, latent=4):
        super().__init__()
        self.encoder = nn.Sequential(nn.Flatten(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 2 * latent))
        self.decoder = nn.Sequential(nn.Linear(latent, 64), nn.Sigmoid(), nn.Unflatten(1, (1, 8, 8)))

    def forward(self, x):
        mean, logvar = self.encoder(x).chunk(2, dim=1)
        z = mean + torch.randn_like(mean) * (0.5 * logvar).exp()
        return self.decoder(z), mean, logvar


class SpatialTransformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.loc = nn.Sequential(nn.AdaptiveAvgPool2d(4), nn.Flatten(), nn.Linear(3 * 16, 6))
        self.loc[2].weight.data.zero_()
        self.loc[2].bias.data.copy_(torch.tensor([1, 0, 0, 0, 1, 0], dtype=torch.float))

    def forward(self, x):
        theta = self.loc(x).view(-1, 2, 3)
        grid = F.affine_grid(theta, x.size(), align_corners=False)
        return F.grid_sample(x, grid, align_corners=False)


class PixelShuffler(nn.Module):
    def __init__(self, scale=2):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(3, 16, 3, padding=1), nn.LeakyReLU(0.1), nn.Conv2d(16, 3 * scale**2, 3, padding=1)
        )
        self.shuffle = nn.PixelShuffle(scale)
        self.register_buffer("mean", torch.tensor([0.4, 0.5, 0.6]).view(1, 3, 1, 1))

    def forward(self, x):
        up = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
        return self.shuffle(self.body(x - self.mean)) + up


EXAMPLES = {
    "lenet": lambda: (LeNet(), (torch.randn(2, 1, 28, 28),)),
    "resnet": lambda: (ResNet(), (torch.randn(2, 3, 32, 32),)),
    "inverted_residual": lambda: (InvertedResidual(), (torch.randn(2, 8, 8, 8),)),
    "dense_block": lambda: (DenseBlock(), (torch.randn(2, 6, 8, 8),)),
    "convnext_block": lambda: (ConvNeXtBlock(), (torch.randn(2, 8, 8, 8),)),
    "drop_path": lambda: (DropPath(), (torch.randn(2, 4, 8),)),
    "dilated_1d": lambda: (Dilated1d(), (torch.randn(2, 1, 32),)),
    "volume": lambda: (Volume(), (torch.randn(1, 1, 4, 4, 4),)),
    "autoencoder": lambda: (Autoencoder(), (torch.rand(2, 1, 8, 8),)),
    "spatial_transformer": lambda: (SpatialTransformer(), (torch.randn(2, 3, 16, 16),)),
    "pixel_shuffler": lambda: (PixelShuffler(), (torch.rand(1, 3, 8, 8),)),
}
