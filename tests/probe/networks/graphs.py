"""Graph networks, with scatter and with lists of edges, and networks over sets and points."""

import torch
import torch.nn.functional as F
from torch import nn


class GCNLayer(nn.Module):
    def __init__(self, fin=4, fout=6):
        super().__init__()
        self.lin = nn.Linear(fin, fout, bias=False)
        self.bias = nn.Parameter(torch.zeros(fout))

    def forward(self, x, edge_index):
        row, col = edge_index
        deg = torch.zeros(x.size(0), dtype=x.dtype, device=x.device).scatter_add_(
            0, row, torch.ones_like(row, dtype=x.dtype)
        )
        norm = deg.clamp(min=1).pow(-0.5)
        message = self.lin(x)[col] * (norm[row] * norm[col]).unsqueeze(-1)
        out = torch.zeros(x.size(0), message.size(1), dtype=x.dtype, device=x.device)
        return out.index_add(0, row, message) + self.bias


class GAT(nn.Module):
    def __init__(self, fin=4, fout=4, heads=2):
        super().__init__()
        self.heads, self.fout = heads, fout
        self.lin = nn.Linear(fin, heads * fout)
        self.att = nn.Parameter(torch.randn(1, heads, 2 * fout))

    def forward(self, x, edge_index):
        h = self.lin(x).view(-1, self.heads, self.fout)
        row, col = edge_index[0], edge_index[1]
        alpha = F.leaky_relu((torch.cat([h[row], h[col]], dim=-1) * self.att).sum(-1), 0.2).exp()
        total = alpha.new_zeros(x.size(0), self.heads).index_add_(0, row, alpha)
        alpha = alpha / total[row]
        out = h.new_zeros(x.size(0), self.heads, self.fout)
        return out.scatter_add_(
            0, row.view(-1, 1, 1).expand(-1, self.heads, self.fout), h[col] * alpha.unsqueeze(-1)
        ).flatten(1)


class Pooling(nn.Module):
    """A graph for each number in `batch`; how many there are depends on the values."""

    def __init__(self, dim=4):
        super().__init__()
        self.layer, self.out = GCNLayer(dim, dim), nn.Linear(2 * dim, 2)

    def forward(self, x, edge_index, batch):
        x = F.relu(self.layer(x, edge_index))
        graphs = int(batch.max()) + 1
        mean = torch.zeros(graphs, x.size(1), device=x.device).index_reduce_(0, batch, x, "mean", include_self=False)
        highest = torch.full((graphs, x.size(1)), -1e9, device=x.device).scatter_reduce(
            0, batch.unsqueeze(1).expand_as(x), x, "amax"
        )
        return self.out(torch.cat([mean, highest], dim=1))


class SparseProduct(nn.Module):
    def __init__(self, fin=4, fout=3):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(fin, fout))

    def forward(self, x, adjacency):
        return torch.spmm(adjacency, x @ self.weight) if adjacency.is_sparse else adjacency @ x @ self.weight


class PointNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.mlp = nn.Sequential(nn.Conv1d(3, 8, 1), nn.BatchNorm1d(8), nn.ReLU())
        self.head = nn.Linear(8, 4)

    def forward(self, points):
        return self.head(self.mlp(points.transpose(1, 2)).max(dim=2)[0])


class Neighbours(nn.Module):
    """DGCNN's features of the nearest points."""

    def __init__(self, k=3):
        super().__init__()
        self.k, self.conv = k, nn.Conv2d(6, 8, 1)

    def forward(self, x):
        distance = torch.cdist(x, x)
        idx = distance.topk(self.k, largest=False).indices
        b, n, _ = x.shape
        base = torch.arange(b, device=x.device).view(-1, 1, 1) * n
        near = x.reshape(b * n, -1)[(idx + base).view(-1)].view(b, n, self.k, -1)
        edge = torch.cat([near - x.unsqueeze(2), x.unsqueeze(2).expand_as(near)], dim=-1)
        return self.conv(edge.permute(0, 3, 1, 2)).amax(-1)


class Recommender(nn.Module):
    def __init__(self, users=10, items=12, dim=4):
        super().__init__()
        self.user, self.item = nn.Embedding(users, dim), nn.Embedding(items, dim)
        self.bag = nn.EmbeddingBag(items, dim, mode="mean")
        self.bias = nn.Parameter(torch.zeros(()))

    def forward(self, user, item, history):
        return ((self.user(user) + self.bag(history)) * self.item(item)).sum(-1) + self.bias


EDGES = torch.tensor([[0, 1, 2, 3, 0], [1, 0, 3, 2, 2]])
EXAMPLES = {
    "gcn": lambda: (GCNLayer(), (torch.randn(4, 4), EDGES)),
    "gat": lambda: (GAT(), (torch.randn(4, 4), EDGES)),
    "graph_pooling": lambda: (Pooling(), (torch.randn(4, 4), EDGES, torch.tensor([0, 0, 1, 1]))),
    "dense_adjacency": lambda: (SparseProduct(), (torch.randn(4, 4), torch.eye(4))),
    "point_net": lambda: (PointNet(), (torch.randn(2, 5, 3),)),
    "neighbours": lambda: (Neighbours(), (torch.randn(2, 6, 3),)),
    "recommender": lambda: (
        Recommender(),
        (torch.tensor([1, 2]), torch.tensor([3, 4]), torch.tensor([[1, 2], [3, 4]])),
    ),
}
