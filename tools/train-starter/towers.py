# SPDX-License-Identifier: GPL-3.0-or-later
"""CLIP's two towers, written for fast training; export.py names their weights as transformers does.

The arithmetic is CLIPModel's (pre-norm blocks, GELU, class token or end-of-text
token projected without bias).  What differs is only how weights start.
"""
import math

import torch
import torch.nn.functional as F
from torch import nn


class Block(nn.Module):
    def __init__(self, width, heads, depth):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        for layer in (self.qkv, self.out, self.fc1, self.fc2):
            nn.init.zeros_(layer.bias)
        nn.init.normal_(self.fc1.weight, std=width**-0.5)
        nn.init.normal_(self.fc2.weight, std=(4 * width) ** -0.5 / math.sqrt(2 * depth))
        self.mimetic(width, heads)

    def mimetic(self, width, heads):
        """Trockman & Kolter 2023: queries that look for their like, values that subtract; suits small data."""
        size = width // heads
        q = torch.cat([torch.linalg.qr(torch.randn(width, size))[0].T for _ in range(heads)])
        value = torch.linalg.qr(torch.randn(width, width))[0]
        noise = lambda: torch.randn(width, width) * width**-0.5  # noqa: E731
        with torch.no_grad():
            self.qkv.weight[:width] = 1.0 * q + 0.3 * noise()
            self.qkv.weight[width : 2 * width] = 1.0 * q + 0.3 * noise()
            self.qkv.weight[2 * width :] = 0.6 * value + 0.3 * noise()
            self.out.weight[:] = -0.4 * value.T + 0.2 * noise()

    def forward(self, x, causal):
        n, length, width = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(n, length, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        # Spelled out: on CPUs the fused attention's backward pass costs four times this for short sequences.
        scores = (q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)
        if causal:
            scores = scores + torch.full((length, length), -1e9, dtype=x.dtype, device=x.device).triu(1)
        y = scores.softmax(-1) @ v
        x = x + self.out(y.transpose(1, 2).reshape(n, length, width))
        return x + self.fc2(F.gelu(self.fc1(self.norm2(x))))


def grid_positions(side, width):
    """Two-dimensional sine and cosine positions [side * side, width]."""
    quarter = width // 4
    frequency = 1 / 100 ** (torch.arange(quarter) / quarter)
    line = (torch.arange(side) + 0.5)[:, None] * frequency * 8 / side
    waves = torch.cat([line.sin(), line.cos()], 1)
    rows, columns = waves.repeat_interleave(side, 0), waves.repeat(side, 1)
    return torch.cat([rows, columns], 1)


class ImageTower(nn.Module):
    def __init__(self, width=192, depth=6, heads=6, patch=16, side=128, dimension=256):
        super().__init__()
        self.settings = dict(width=width, depth=depth, heads=heads, patch=patch, side=side, dimension=dimension)
        self.patch, self.grid = patch, side // patch
        self.embed = nn.Linear(3 * patch * patch, width, bias=False)
        self.token = nn.Parameter(torch.randn(width) * 0.02)
        self.positions = nn.Parameter(torch.cat([torch.zeros(1, width), 0.4 * grid_positions(self.grid, width)]))
        self.norm_in, self.norm_out = nn.LayerNorm(width), nn.LayerNorm(width)
        self.blocks = nn.ModuleList(Block(width, heads, depth) for _ in range(depth))
        self.project = nn.Linear(width, dimension, bias=False)

    @torch.no_grad()
    def start_patches(self, photos):
        """The patch embedding starts as the whitened principal directions of real patches [n, 3, s, s]."""
        x = self.patches(photos).reshape(-1, self.embed.in_features).double()
        values, vectors = torch.linalg.eigh(x.T @ x / len(x))
        kept = self.embed.out_features
        scale = (values.flip(0)[:kept] + 0.02 * values.mean()).rsqrt()
        self.embed.weight.copy_(0.4 * (vectors.flip(1)[:, :kept] * scale).T)

    def patches(self, photos):
        n, _, side, _ = photos.shape
        g, p = side // self.patch, self.patch
        return photos.reshape(n, 3, g, p, g, p).permute(0, 2, 4, 1, 3, 5).reshape(n, g * g, 3 * p * p)

    def forward(self, photos):
        """photos [n, 3, side, side] normalised -> (projection [n, dimension], tokens [n, grid * grid, width])"""
        x = self.embed(self.patches(photos))
        grid = photos.shape[-1] // self.patch
        positions = self.positions
        if grid != self.grid:
            table = positions[1:].reshape(1, self.grid, self.grid, -1).permute(0, 3, 1, 2)
            table = F.interpolate(table.float(), size=(grid, grid), mode="bilinear", align_corners=False)
            positions = torch.cat([positions[:1], table[0].flatten(1).T.to(positions.dtype)])
        x = torch.cat([self.token.expand(len(x), 1, -1), x], 1) + positions
        x = self.norm_in(x)
        for block in self.blocks:
            x = block(x, False)
        return self.project(self.norm_out(x[:, 0])), x[:, 1:]


class TextTower(nn.Module):
    def __init__(self, vocabulary, width=192, depth=3, heads=6, context=77, dimension=256):
        super().__init__()
        self.settings = dict(vocabulary=vocabulary, width=width, depth=depth, heads=heads, context=context, dimension=dimension)
        self.end = vocabulary - 1
        self.tokens = nn.Embedding(vocabulary, width)
        self.positions = nn.Parameter(torch.randn(context, width) * 0.01)
        self.blocks = nn.ModuleList(Block(width, heads, depth) for _ in range(depth))
        self.norm_out = nn.LayerNorm(width)
        self.project = nn.Linear(width, dimension, bias=False)
        nn.init.normal_(self.tokens.weight, std=0.05)

    def forward(self, ids):
        """ids [n, length], padded with end -> [n, dimension]"""
        x = self.tokens(ids) + self.positions[: ids.shape[1]]
        for block in self.blocks:
            x = block(x, True)
        last = (ids == self.end).int().argmax(1)
        return self.project(self.norm_out(x[torch.arange(len(x)), last]))
