"""Transformers, as they are written by hand and with torch's layers."""

import math

import torch
import torch.nn.functional as F
from torch import nn


class SelfAttention(nn.Module):
    """nanoGPT's, with the causal mask as a buffer."""

    def __init__(self, dim=16, heads=2, block=32):
        super().__init__()
        self.heads = heads
        self.qkv, self.proj = nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)
        self.register_buffer("mask", torch.tril(torch.ones(block, block)).view(1, 1, block, block))

    def forward(self, x):
        B, T, C = x.size()
        q, k, v = (one.view(B, T, self.heads, C // self.heads).transpose(1, 2) for one in self.qkv(x).split(C, dim=2))
        att = (q @ k.transpose(-2, -1)) * (1.0 / math.sqrt(k.size(-1)))
        att = att.masked_fill(self.mask[:, :, :T, :T] == 0, float("-inf"))
        y = F.softmax(att, dim=-1) @ v
        return self.proj(y.transpose(1, 2).contiguous().view(B, T, C))


class GPT(nn.Module):
    def __init__(self, vocab=50, dim=16, block=32, layers=2):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(vocab, dim), nn.Embedding(block, dim)
        self.blocks = nn.ModuleList(
            nn.ModuleDict({"ln": nn.LayerNorm(dim), "attn": SelfAttention(dim, 2, block)}) for _ in range(layers)
        )
        self.head = nn.Linear(dim, vocab, bias=False)
        self.wte.weight = self.head.weight

    def forward(self, idx, targets=None):
        pos = torch.arange(0, idx.size(1), dtype=torch.long, device=idx.device)
        x = self.wte(idx) + self.wpe(pos)
        for block in self.blocks:
            x = x + block["attn"](block["ln"](x))
        logits = self.head(x)
        loss = None
        if targets is not None:
            loss = F.cross_entropy(logits.view(-1, logits.size(-1)), targets.view(-1))
        return logits, loss


class PositionalEncoding(nn.Module):
    def __init__(self, dim=16, longest=64):
        super().__init__()
        position = torch.arange(longest).unsqueeze(1)
        div = torch.exp(torch.arange(0, dim, 2) * (-math.log(10000.0) / dim))
        pe = torch.zeros(longest, dim)
        pe[:, 0::2], pe[:, 1::2] = torch.sin(position * div), torch.cos(position * div)
        self.register_buffer("pe", pe.unsqueeze(0))

    def forward(self, x):
        return x + self.pe[:, : x.size(1)]


class Encoder(nn.Module):
    """torch's own encoder with a padding mask."""

    def __init__(self, vocab=30, dim=16):
        super().__init__()
        self.embed, self.pos = nn.Embedding(vocab, dim, padding_idx=0), PositionalEncoding(dim)
        self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(dim, 2, 32, batch_first=True), 2)
        self.out = nn.Linear(dim, 3)

    def forward(self, tokens):
        mask = tokens == 0
        x = self.encoder(self.pos(self.embed(tokens)), src_key_padding_mask=mask)
        lengths = (~mask).sum(1, keepdim=True).clamp(min=1)
        return self.out((x * (~mask).unsqueeze(-1)).sum(1) / lengths)


class Seq2Seq(nn.Module):
    def __init__(self, vocab=20, dim=8):
        super().__init__()
        self.src, self.tgt = nn.Embedding(vocab, dim), nn.Embedding(vocab, dim)
        self.transformer = nn.Transformer(dim, 2, 1, 1, 16, batch_first=True)
        self.generator = nn.Linear(dim, vocab)

    def forward(self, src, tgt):
        mask = nn.Transformer.generate_square_subsequent_mask(tgt.size(1)).to(src.device)
        return self.generator(self.transformer(self.src(src), self.tgt(tgt), tgt_mask=mask))


class CrossAttention(nn.Module):
    def __init__(self, dim=16):
        super().__init__()
        self.attn = nn.MultiheadAttention(dim, 4, batch_first=True)
        self.norm = nn.LayerNorm(dim)

    def forward(self, x, context):
        out, weights = self.attn(self.norm(x), context, context, need_weights=True)
        return x + out, weights


class RotaryAttention(nn.Module):
    """Rotary positions are kept on whatever device they are first asked for."""

    def __init__(self, dim=16, heads=2):
        super().__init__()
        self.heads, self.dim = heads, dim // heads
        self.qkv = nn.Linear(dim, 3 * dim, bias=False)
        self.register_buffer(
            "inv_freq", 1.0 / 10000 ** (torch.arange(0, self.dim, 2).float() / self.dim), persistent=False
        )
        self.cos = None

    def rotary(self, x):
        if self.cos is None or self.cos.size(0) < x.size(2):
            t = torch.arange(x.size(2), device=x.device).float()
            freqs = torch.outer(t, self.inv_freq)
            emb = torch.cat((freqs, freqs), dim=-1)
            self.cos, self.sin = emb.cos(), emb.sin()
        a, b = x.chunk(2, dim=-1)
        return x * self.cos[: x.size(2)] + torch.cat((-b, a), dim=-1) * self.sin[: x.size(2)]

    def forward(self, x):
        q, k, v = self.qkv(x).unflatten(-1, (3, self.heads, self.dim)).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(self.rotary(q), self.rotary(k), v, is_causal=True)
        return y.transpose(1, 2).flatten(2)


class RMSNorm(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(dim))

    def forward(self, x):
        return (x.float() * torch.rsqrt(x.float().pow(2).mean(-1, keepdim=True) + 1e-6)).type_as(x) * self.weight


class Mixture(nn.Module):
    """A mixture of experts: which expert runs depends on the values."""

    def __init__(self, dim=8, experts=4, k=2):
        super().__init__()
        self.gate, self.k = nn.Linear(dim, experts), k
        self.experts = nn.ModuleList(
            nn.Sequential(RMSNorm(dim), nn.Linear(dim, dim), nn.GELU()) for _ in range(experts)
        )

    def forward(self, x):
        flat = x.reshape(-1, x.size(-1))
        weights, chosen = self.gate(flat).softmax(-1).topk(self.k, dim=-1)
        out = torch.zeros_like(flat)
        for i, expert in enumerate(self.experts):
            rows, slot = torch.where(chosen == i)
            if rows.numel():
                out.index_add_(0, rows, expert(flat[rows]) * weights[rows, slot, None])
        return out.view_as(x)


class VisionTransformer(nn.Module):
    def __init__(self, size=16, patch=4, dim=16, classes=5):
        super().__init__()
        self.patch_embed = nn.Conv2d(3, dim, patch, patch)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos_embed = nn.Parameter(torch.randn(1, (size // patch) ** 2 + 1, dim) * 0.02)
        self.blocks = nn.Sequential(
            *(
                nn.TransformerEncoderLayer(dim, 2, 32, activation="gelu", batch_first=True, norm_first=True)
                for _ in range(2)
            )
        )
        self.head = nn.Linear(dim, classes)

    def forward(self, x):
        x = self.patch_embed(x).flatten(2).transpose(1, 2)
        x = torch.cat((self.cls_token.expand(x.shape[0], -1, -1), x), dim=1) + self.pos_embed
        return self.head(self.blocks(x)[:, 0])


class WindowAttention(nn.Module):
    """Swin's bias, looked up by an index on the CPU or the GPU."""

    def __init__(self, dim=8, window=4, heads=2):
        super().__init__()
        self.heads, self.window = heads, window
        self.table = nn.Parameter(torch.zeros((2 * window - 1) ** 2, heads))
        coords = torch.stack(torch.meshgrid(torch.arange(window), torch.arange(window), indexing="ij")).flatten(1)
        relative = (coords[:, :, None] - coords[:, None, :]).permute(1, 2, 0) + window - 1
        self.register_buffer("index", relative[..., 0] * (2 * window - 1) + relative[..., 1])
        self.qkv, self.proj = nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)

    def forward(self, x):
        B, N, C = x.shape
        q, k, v = self.qkv(x).reshape(B, N, 3, self.heads, C // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        bias = self.table[self.index.view(-1)].view(N, N, -1).permute(2, 0, 1)
        attn = torch.einsum("bhid,bhjd->bhij", q, k) + bias.unsqueeze(0)
        return self.proj((attn.softmax(-1) @ v).transpose(1, 2).reshape(B, N, C))


EXAMPLES = {
    "self_attention": lambda: (SelfAttention(), (torch.randn(2, 8, 16),)),
    "gpt": lambda: (GPT(), (torch.randint(0, 50, (2, 8)), torch.randint(0, 50, (2, 8)))),
    "encoder": lambda: (Encoder(), (torch.randint(0, 30, (2, 8)),)),
    "seq2seq": lambda: (Seq2Seq(), (torch.randint(0, 20, (2, 6)), torch.randint(0, 20, (2, 5)))),
    "cross_attention": lambda: (CrossAttention(), (torch.randn(2, 4, 16), torch.randn(2, 6, 16))),
    "rotary_attention": lambda: (RotaryAttention(), (torch.randn(2, 6, 16),)),
    "mixture": lambda: (Mixture(), (torch.randn(2, 6, 8),)),
    "vision_transformer": lambda: (VisionTransformer(), (torch.randn(2, 3, 16, 16),)),
    "window_attention": lambda: (WindowAttention(), (torch.randn(2, 16, 8),)),
}
