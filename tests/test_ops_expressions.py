"""Everyday expressions: each is evaluated by the real torch and by the table, which must not contradict it."""

from __future__ import annotations

import ast
import warnings
from typing import Any

import pytest

torch = pytest.importorskip("torch")
numpy = pytest.importorskip("numpy")
op_expressions = pytest.importorskip("op_expressions")
op_proof = pytest.importorskip("op_proof")

from samedevice.values.dtype import DType  # noqa: E402  # after the check that torch is there
from samedevice.values.value import Array  # noqa: E402

EXPRESSIONS = """
torch.zeros(2, 3)
torch.zeros((2, 3), dtype=torch.float64)
torch.ones(3, dtype=torch.long)
torch.empty(2, 0)
torch.full((2,), 1)
torch.full((2,), 1.5)
torch.full((2,), True)
torch.full((2,), 1e6, dtype=torch.half)
torch.arange(5)
torch.arange(5.0)
torch.arange(1, 7, 2)
torch.arange(0, 1, 0.1)
torch.arange(0, 5, dtype=torch.float32)
torch.linspace(0, 1, 5)
torch.eye(3)
torch.eye(3, 4)
torch.tensor(1)
torch.tensor(1.5)
torch.tensor(True)
torch.tensor([1, 2])
torch.tensor([1, 2.5])
torch.tensor([[1, 2], [3, 4]])
torch.tensor([True, False])
torch.tensor([])
torch.tensor([True, 1])
torch.tensor(1e6, dtype=torch.half)
torch.tensor([x.sum(), l.sum()])
torch.tensor(a)
torch.tensor([a, a])
torch.tensor(a[0])
torch.tensor(x)
torch.tensor(1, requires_grad=True)
torch.tensor(1.0, requires_grad=True)
torch.as_tensor([1.0])
torch.as_tensor(a)
torch.as_tensor(x)
torch.from_numpy(a)
torch.from_numpy(f)
torch.from_numpy([1])
torch.Tensor(2, 3)
torch.Tensor([1, 2])
torch.Tensor((1, 2))
torch.Tensor([x.sum()])
torch.Tensor([x.sum(), l.sum()])
torch.Tensor((x.sum(), l.sum()))
torch.Tensor([[1, 2], [3, 4]])
torch.Tensor(x.shape)
torch.Tensor(x)
torch.Tensor()
x.new([x.sum()])
x.new((1, 2))
x.new(1, 2)
x.new(x.shape)
x.type(l.type())
torch.Tensor(a)
torch.FloatTensor([1, 2])
torch.LongTensor([1, 2])
torch.LongTensor(4)
torch.FloatTensor(2, 3)
torch.BoolTensor([True])
torch.zeros_like(x)
torch.zeros_like(x, dtype=torch.long)
torch.ones_like(l)
torch.rand_like(x)
torch.rand_like(l)
torch.randn_like(x, dtype=torch.float64)
torch.full_like(l, 2)
x.new_zeros(2, 3)
x.new_zeros((2, 3))
l.new_ones(3)
x.new_tensor([1, 2])
l.new_full((2,), 3)
x.new_empty(2)
torch.rand(2, 3)
torch.randn(2, 3)
torch.randn((2, 3))
torch.randn(2, dtype=torch.long)
torch.randint(0, 5, (2,))
torch.randint(5, (2,))
torch.randint(5, (2,), dtype=torch.float32)
torch.randperm(5)
torch.normal(0.0, 1.0, (2,))
torch.normal(x, 1.0)
torch.normal(x, x)
torch.bernoulli(x / 3)
torch.multinomial(m, 2)
torch.multinomial(m.long(), 2)
x.to(torch.float64)
x.to("cpu")
x.to("cpu", torch.half)
x.to(device="cpu", dtype=torch.long)
x.to(l)
x.cpu()
x.half()
x.double()
x.long()
x.int()
x.bool()
x.float()
x.bfloat16()
x.byte()
x.type(torch.float64)
x.type_as(l)
x.numpy()
h.numpy()
bf.numpy()
g.numpy()
g.detach().numpy()
x.tolist()
x.sum().item()
l.sum().item()
b.any().item()
g.requires_grad
g.detach().requires_grad
(g * 2).requires_grad
(g * 2).is_leaf
g.is_leaf
(g > 0).requires_grad
g.clone().requires_grad
g.data.requires_grad
g.argmax().requires_grad
x.requires_grad_().requires_grad
l.clone().requires_grad_()
x.shape
m.shape[0]
m.size(1)
m.size(-1)
m.dim()
m.ndim
m.numel()
m.T
m.mT
m.is_cuda
x.element_size()
x.is_floating_point()
torch.is_tensor
x + 1
x + 1.5
l + 1
l + 1.5
l / 2
l // 2
l * True
b + 1
b * 2.0
b & b
l & 1
x & x
x > 0
x == l
x == None
1 - x
1 - b
b - b
-x
-b
~b
~x
2 ** x
2 ** l
x ** 2
l ** 2
l ** 0.5
l ** -1
x % 2
h + x
h + x.sum()
x + x.double().sum()
l + x.sum()
x + a
x * f
l * a
bf + h
u + i32
u + 300
i32 + l
c + x
c + x.double()
x.add_(1)
l.clone().add_(1.5)
l.clone().div_(2)
x.clone().mul_(l)
b.clone().add_(1)
l.clone().mul_(x)
h.clone().add_(x)
x.clone().clamp_(0, 1)
x.clone().copy_(l)
l.clone().copy_(x)
x.clone().fill_(1)
x.clone().zero_()
x.clone().normal_()
x.clone().uniform_(0, 1)
h.clone().fill_(1e6)
h.masked_fill(b, -1e9)
h.masked_fill(b, float)
x.masked_fill(b, 0)
x.masked_fill(u, 0)
x.masked_fill(b, x.sum())
torch.where(b, x, 0)
torch.where(b, x, l)
torch.where(b, 1, 2)
torch.where(l, x, x)
torch.where(b)
x.where(b, 0)
x.clamp(0, 1)
l.clamp(0.5)
x.clamp(min=l)
x.abs()
l.sqrt()
b.float()
l.exp()
x.sum()
b.sum()
l.sum()
l.sum(dtype=torch.float32)
m.sum(0)
m.sum(dim=1, keepdim=True)
m.sum((0, 1))
m.sum(dim=(0, 1), keepdim=True)
m.mean()
m.mean(-1)
l.mean()
l.float().mean()
l.mean(dtype=torch.float32)
m.max()
m.max(0)
m.max(0).values
m.max(dim=1)[1]
m.max(m)
torch.max(m, dim=1, keepdim=True)
m.min(1)
m.argmax()
m.argmax(1)
m.argmax(dim=1, keepdim=True)
m.std()
m.std(0)
m.std(0, keepdim=True)
m.std(0, False)
m.std(unbiased=False)
l.std()
m.var(dim=(0, 1))
m.median()
m.median(0)
m.topk(2)
m.topk(2, dim=0)
m.sort()
m.sort(0, descending=True)
m.argsort(dim=1)
m.cumsum(0)
b.cumsum(0)
m.norm()
m.norm(dim=1)
m.norm(2, 1, True)
m.prod(0)
b.all()
b.any()
m.all(dim=0)
x.unique()
x.unique(return_counts=True)
l.bincount()
x.bincount()
m.nonzero()
m.nonzero(as_tuple=True)
m.view(-1)
m.view(9)
m.view(1, 9)
m.view(3, -1, 1)
m.view(2, 4)
m.view((9,))
m.reshape(1, -1)
m.reshape(9, 1)
m.flatten()
t4.flatten(1)
t4.flatten(1, 2)
m.transpose(0, 1)
t4.transpose(1, 3)
t4.permute(0, 2, 3, 1)
t4.permute((0, 3, 1, 2))
m.t()
x.unsqueeze(0)
x.unsqueeze(-1)
m.unsqueeze(1)
x[None]
x.unsqueeze(0).squeeze(0)
x.unsqueeze(0).squeeze()
x.expand(2, 3)
x.expand(2, -1)
x.unsqueeze(1).expand(-1, 4)
x.repeat(2)
x.repeat(2, 2)
x.repeat_interleave(2)
m.expand_as(m)
x.expand_as(m)
m.contiguous()
m.chunk(2)
m.chunk(2, dim=1)
m.split(2)
m.split([1, 2])
m.split(1, dim=1)
m.unbind()
torch.unbind(m, 1)
torch.cat([x, x])
torch.cat((x, l))
torch.cat([m, m], dim=1)
torch.cat([m, m], -1)
torch.cat([x, m])
torch.cat([m, t4])
torch.cat([h, x])
torch.stack([x, x])
torch.stack([x, l], 1)
torch.stack([x, x], dim=-1)
torch.hstack([x, x])
torch.vstack([x, x])
torch.meshgrid(x, x)
torch.meshgrid(x, l)
torch.broadcast_tensors(x, m)
m[0]
m[-1]
m[0, 1]
m[:, 0]
m[1:]
m[:2, 1:]
m[::2]
m[..., 0]
m[None]
m[:, None]
m[b]
m[m > 0]
m[l - 1]
m[l - 1, l - 1]
m[[0, 1]]
m[:, [0, 1]]
m[x]
m[u]
t4[0, ..., 1]
t4[:, 0, :, None]
m.gather(1, l.view(3, 1) - 1)
m.gather(1, x.view(3, 1))
m.index_select(0, l - 1)
m.index_select(0, x)
m.scatter(1, l.view(3, 1) - 1, 1.0)
m.scatter(1, l.view(3, 1) - 1, m)
m.scatter(1, l.view(3, 1) - 1, m.double())
m.scatter_add(0, l.view(1, 3) - 1, m.double())
m.index_add(0, l - 1, m)
m.index_add(0, l - 1, m.double())
m.masked_select(m > 0)
m.masked_select(m)
torch.take_along_dim(m, l.view(3, 1) - 1, 1)
m @ m
m @ x
x @ m
x @ x
t4 @ t4.transpose(2, 3)
m @ m.double()
m @ m.half()
m @ m.long()
m.long() @ m.long()
m @ torch.ones(4, 5)
torch.mm(m, m)
torch.bmm(t3, t3)
torch.bmm(t3, t3.double())
torch.matmul(t3, m)
torch.dot(x, x.double())
torch.outer(x, x)
torch.einsum("ij,jk->ik", m, m)
torch.einsum("bij,bjk->bik", t3, t3)
torch.einsum("bij->b", t3)
torch.einsum("ij,jk->ik", m, m.double())
torch.einsum("i,i->", x, x)
torch.einsum("bhid,bhjd->bhij", t4, t4)
torch.addmm(x, m, m)
torch.baddbmm(t3, t3, t3)
torch.cdist(m, m)
torch.cdist(m, m.double())
torch.kron(m, m)
torch.tril(m)
torch.triu(m, diagonal=1)
torch.diag(x)
torch.diagonal(m)
torch.linalg.inv(m + torch.eye(3))
torch.linalg.norm(m)
torch.linalg.svd(m)
torch.linalg.eigh(m)
torch.linalg.inv(m.half())
torch.fft.fft(x)
torch.fft.rfft(x)
torch.fft.rfft(bf)
torch.view_as_real(c)
F.linear(m, m)
F.linear(m, m, x)
F.linear(t3, m, x)
F.linear(m.double(), m, x)
F.linear(m.long(), m, x)
F.linear(m, m.double())
F.linear(m, torch.ones(5, 4))
F.conv2d(im, torch.ones(4, 3, 3, 3))
F.conv2d(im, torch.ones(4, 3, 3, 3), torch.ones(4), padding=1)
F.conv2d(im, torch.ones(4, 3, 3, 3), None, 2, 1)
F.conv2d(im.double(), torch.ones(4, 3, 3, 3), torch.ones(4))
F.conv2d(im.byte(), torch.ones(4, 3, 3, 3), torch.ones(4))
F.conv2d(im, torch.ones(4, 5, 3, 3))
F.conv_transpose2d(im, torch.ones(3, 4, 2, 2), stride=2)
F.conv1d(t3, torch.ones(4, 3, 1))
F.max_pool2d(im, 2)
F.max_pool2d(im, 3, 2, 1)
F.max_pool2d(im, 2, return_indices=True)
F.avg_pool2d(im, 2)
F.adaptive_avg_pool2d(im, 1)
F.adaptive_avg_pool2d(im, (2, 3))
F.interpolate(im, scale_factor=2)
F.interpolate(im, size=(4, 4), mode="bilinear")
F.interpolate(im.byte(), scale_factor=2)
F.pad(im, (1, 1, 2, 2))
F.pad(x, (0, 1))
F.relu(x)
F.relu(l)
F.gelu(l)
F.softmax(m, dim=-1)
F.softmax(l, dim=-1)
F.softmax(l, dim=-1, dtype=torch.float32)
m.softmax(-1)
F.log_softmax(m, 1)
torch.softmax(m, 1)
torch.sigmoid(l)
F.dropout(x, 0.5)
F.dropout(l, 0.5)
F.layer_norm(m, (3,))
F.layer_norm(m, (3,), x, x)
F.layer_norm(m.double(), (3,), x, x)
F.layer_norm(h.view(1, 3), (3,), x, x)
F.layer_norm(m, (4,))
F.batch_norm(m, x, x, x, x)
F.batch_norm(m.double(), x, x, x, x)
F.batch_norm(m.half(), x, x, x, x)
F.group_norm(t3, 3)
F.embedding(l - 1, m)
F.embedding(x, m)
F.embedding(i32 - 1, m)
F.one_hot(l)
F.one_hot(l, 5)
F.one_hot(x)
F.one_hot(i32)
F.one_hot(l, num_classes=5).float()
F.cross_entropy(m, l - 1)
F.cross_entropy(m, x)
F.cross_entropy(m, i32 - 1)
F.cross_entropy(m, b)
F.cross_entropy(m, m)
F.cross_entropy(m, l - 1, weight=x)
F.cross_entropy(m, l - 1, weight=x.double())
F.cross_entropy(m, l - 1, reduction="none")
F.cross_entropy(m.half(), l - 1)
F.cross_entropy(m.long(), l - 1)
F.nll_loss(m, l - 1)
F.nll_loss(m, x)
F.binary_cross_entropy(x / 3, x / 3)
F.binary_cross_entropy(x / 3, l)
F.binary_cross_entropy(x / 3, x.double() / 3)
F.binary_cross_entropy_with_logits(x, x)
F.binary_cross_entropy_with_logits(x, l)
F.binary_cross_entropy_with_logits(x, b)
F.binary_cross_entropy_with_logits(x, x.double())
F.binary_cross_entropy_with_logits(x, m)
F.mse_loss(x, x)
F.mse_loss(x, l)
F.mse_loss(x, x.double())
F.mse_loss(l, l)
F.mse_loss(x, x, reduction="none")
F.l1_loss(x, l)
F.smooth_l1_loss(x, x.double())
F.huber_loss(x, x.double())
F.kl_div(x, l)
F.kl_div(x, x)
F.cosine_similarity(m, m)
F.cosine_similarity(m, m, dim=-1)
F.normalize(m)
F.normalize(m.long())
F.scaled_dot_product_attention(t4, t4, t4)
F.scaled_dot_product_attention(t4, t4.half(), t4)
F.scaled_dot_product_attention(t4, t4, t4, torch.ones(5, 5).long())
F.scaled_dot_product_attention(t4, t4, t4, torch.ones(5, 5).bool())
F.grid_sample(im, torch.zeros(2, 4, 4, 2))
F.grid_sample(im, torch.zeros(2, 4, 4, 2).double())
F.pixel_shuffle(torch.ones(1, 4, 2, 2), 2)
F.unfold(im, 3)
np.zeros(3)
np.zeros((2, 3))
np.ones(3, dtype=np.float32)
np.array([1, 2])
np.array([1.0, 2])
np.array([x.numpy(), x.numpy()])
np.arange(3)
np.arange(3.0)
np.linspace(0, 1, 5)
np.eye(2)
np.full((2,), 1.5)
np.zeros_like(f)
f * 2
f * 2.0
f * a
a + 1
f / 2
np.array([1, 2]) / 2
np.array([1, 2]) * 1.5
f.astype(np.float64)
a.astype("float32")
a.astype(np.int64)
a.mean()
f.mean()
f.sum()
f.std(0)
np.mean(f)
np.mean(a, axis=0)
np.sqrt(f)
np.sin(np.array([1, 2]))
np.concatenate([f, a])
np.stack([f, f])
np.random.rand(3)
np.random.randn(2, 3)
np.random.randint(0, 5, size=3)
np.random.normal(0, 1, (2,))
np.random.choice(5, 3)
np.random.permutation(5)
np.where(f > 0, f, 0)
np.expand_dims(f, 0)
np.float32(1.5)
np.argmax(f)
a[0]
a[None]
a[1:]
a.reshape(1, 3)
a.T
a.shape
a.tolist()
np.array(g)
np.asarray(bf)
torch.from_numpy(a.astype(np.float32))
torch.tensor(a, dtype=torch.float32)
torch.tensor(np.random.randn(3))
torch.as_tensor(f * 2)
torch.from_numpy(np.random.rand(3)) + x
torch.lerp(x, x, 0.5)
torch.lerp(x, x.double(), 0.5)
torch.complex(x, x.double())
torch.isclose(x, x.double())
torch.allclose(x, x)
torch.equal(x, x)
torch.quantile(x, 0.5)
torch.quantile(x, x.double())
torch.quantile(l, 0.5)
torch.histc(l)
torch.nn.utils.rnn.pad_sequence([x, x])
torch.nn.utils.rnn.pack_padded_sequence(t3, l[:2], batch_first=True, enforce_sorted=False).data
torch.nn.utils.rnn.pack_padded_sequence(t3, x, batch_first=True)
x.clamp(torch.finfo(torch.float16).min, torch.finfo(torch.bfloat16).eps)
l.clamp(torch.iinfo(torch.uint8).min, torch.iinfo(torch.int8).max)
x.masked_fill(b, torch.finfo(torch.float64).max)
h.masked_fill(b, torch.finfo(torch.float16).min)
h.masked_fill(b, torch.finfo(torch.float32).min)
m.view(-1, -1)
m.reshape(-2, 9)
m.view(0, -1)
torch._foreach_add([x, h], 1.0)[1]
torch._foreach_sqrt([x, m])[1]
np.frombuffer(b'12345678')
np.frombuffer(b'1234', dtype=np.uint8)
F.layer_norm(m.half(), (3,), x)
F.layer_norm(m, (3,), x.half())
F.group_norm(im, 3, x.double(), x)
F.batch_norm(im, x, x, x.double(), x)
F.batch_norm(im.half(), x, x, x, x)
F.rms_norm(l, (3,))
F.softmax(l, 0)
F.huber_loss(l, x)
F.soft_margin_loss(l, x)
F.lp_pool2d(im.long(), 2, 2)
torch.round(l, decimals=1)
torch.linalg.pinv(m.half())
torch.linalg.matrix_power(m.long(), -1)
torch.masked.argmax(x, 0)
m.item()
x[0].item()
x[:0].item()
x.__int__()
x[:1].__float__()
c.__complex__()
x.__bool__()
x[:0].__bool__()
b[0].__bool__()
l.__index__()
l[1].__index__()
F.batch_norm(im, x[:2], x, x, x)
F.batch_norm(im, None, None, x, x[:2], True)
F.batch_norm(im, x, x, x, x)
F.group_norm(im, 2)
F.group_norm(im, 3, x[:2])
F.group_norm(im, 1, x, x[:1])
F.group_norm(im, 3, x, x)
"""


def namespace() -> dict[str, Any]:
    """The values that the expressions speak of."""
    x = torch.tensor([1.0, 2.0, 3.0])
    generator = torch.Generator().manual_seed(0)
    return {
        "torch": torch,
        "np": numpy,
        "F": torch.nn.functional,
        "float": 0.5,
        "x": x,
        "m": torch.rand(3, 3, generator=generator),
        "t3": torch.rand(2, 3, 3, generator=generator),
        "t4": torch.rand(2, 4, 5, 6, generator=generator),
        "im": torch.rand(2, 3, 8, 8, generator=generator),
        "l": torch.tensor([1, 2, 3]),
        "b": torch.tensor([True, False, True]),
        "h": x.half(),
        "bf": x.bfloat16(),
        "u": torch.tensor([1, 0, 1], dtype=torch.uint8),
        "i32": torch.tensor([1, 2, 3], dtype=torch.int32),
        "c": torch.tensor([1 + 1j, 2, 3]),
        "g": torch.tensor([1.0, 2.0], requires_grad=True),
        "a": numpy.ones(3),
        "f": numpy.ones(3, dtype=numpy.float32),
    }


def _cases() -> list[str]:
    return [line for line in EXPRESSIONS.strip().split("\n") if line != "torch.is_tensor"]


@pytest.mark.parametrize("text", _cases())
def test_expression(text: str) -> None:
    names = namespace()
    evaluator = op_expressions.Evaluator(names)
    value = evaluator.value(ast.parse(text, mode="eval").body)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            real = eval(text, dict(names))
    except Exception as error:
        assert evaluator.clashes, f"torch refuses: {type(error).__name__}: {error}"
        return
    assert not evaluator.clashes, f"torch accepts: {evaluator.clashes}"
    if isinstance(value, Array):
        assert isinstance(value.dtype, DType)
        assert value.dtype.name == str(numpy.asarray(real).dtype)
        assert value.shape is None or _fits(value.shape, numpy.shape(real))
        return
    tally = op_proof.Tally()
    op_proof.compare(real, value, text, tally)
    assert not tally.disagreements
    assert not tally.dtype["unknown"], value


def _fits(shape: tuple[Any, ...], real: tuple[int, ...]) -> bool:
    return len(shape) == len(real) and all(one in (None, other) for one, other in zip(shape, real, strict=True))
