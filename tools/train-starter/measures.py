# SPDX-License-Identifier: GPL-3.0-or-later
"""Photographic measures, the numpy form of src/core/aesthetics/kalon-measures.c (whose header says what each is).

The recipe trains on these and tests/reference/make-aesthetics.py makes golden values of them: change both or neither.
"""
import numpy as np
from PIL import Image

SIDE = 128
NAMES = (
    "sharpness", "sharpness-half", "noise", "noise-flat", "sparsity", "flat", "anisotropy", "alignment",
    "contrast", "range", "luminance", "shadows", "highlights", "skew", "entropy",
    "colourfulness", "saturation", "saturated", "cast-rg", "cast-yb", "cast", "dark-channel",
    "frame-light", "frame-detail",
    "mscn-variance", "mscn-shape", "mscn-right", "mscn-down", "mscn-diagonal",
    "mscn-variance-half", "mscn-shape-half", "mscn-right-half", "mscn-down-half", "mscn-diagonal-half",
)
FRAME = SIDE // 8
BLOCK = 8
WINDOW = np.exp(-np.arange(-3, 4) ** 2 / (2 * (7 / 6) ** 2))
WINDOW = WINDOW / WINDOW.sum()


def shrink(photo):
    """[h, w, 3] uint8 -> [SIDE, SIDE, 3], squashed: across first, whichever pass this Pillow would begin with"""
    across = Image.fromarray(photo).resize((SIDE, len(photo)), Image.BICUBIC)
    return np.asarray(across.resize((SIDE, SIDE), Image.BICUBIC))


def laplacian(y):
    return y[:, :-2, 1:-1] + y[:, 2:, 1:-1] + y[:, 1:-1, :-2] + y[:, 1:-1, 2:] - 4 * y[:, 1:-1, 1:-1]


def sharpness(y):
    return np.log1p(laplacian(y).var((1, 2)))


def immerkaer(y):
    """Immerkaer's mask, the Laplacian of one axis after that of the other: [n, h - 2, w - 2]"""
    rows = y[:, :-2] - 2 * y[:, 1:-1] + y[:, 2:]
    return rows[:, :, :-2] - 2 * rows[:, :, 1:-1] + rows[:, :, 2:]


def blocks(x):
    """[n, h, w] -> [n, blocks, BLOCK * BLOCK]; what is left over at the right and below is left out"""
    n, h, w = x.shape
    h, w = h // BLOCK, w // BLOCK
    x = x[:, : h * BLOCK, : w * BLOCK].reshape(n, h, BLOCK, w, BLOCK)
    return x.transpose(0, 1, 3, 2, 4).reshape(n, h * w, BLOCK * BLOCK)


def smooth(x):
    x = sum(WINDOW[i] * x[:, i : x.shape[1] - 6 + i] for i in range(7))
    return sum(WINDOW[i] * x[:, :, i : x.shape[2] - 6 + i] for i in range(7))


def mscn(y):
    mean = smooth(y)
    spread = np.sqrt(np.maximum(smooth(y * y) - mean * mean, 0))
    m = (y[:, 3:-3, 3:-3] - mean) / (spread + 1)
    square = (m * m).mean((1, 2))
    return [square, np.abs(m).mean((1, 2)) ** 2 / (square + 1e-6), (m[:, :, 1:] * m[:, :, :-1]).mean((1, 2)),
            (m[:, 1:] * m[:, :-1]).mean((1, 2)), (m[:, 1:, 1:] * m[:, :-1, :-1]).mean((1, 2))]


def measure(small):
    """[n, SIDE, SIDE, 3] uint8 -> [n, len (NAMES)] float64"""
    c = small.astype(np.int64)
    r, g, b = c[..., 0], c[..., 1], c[..., 2]
    grey = (19595 * r + 38470 * g + 7471 * b + 32768) >> 16
    y = grey.astype(np.float64)
    n, count = len(y), SIDE * SIDE
    half = (y[:, ::2, ::2] + y[:, ::2, 1::2] + y[:, 1::2, ::2] + y[:, 1::2, 1::2]) / 4
    found = [sharpness(y), sharpness(half)]

    mask = np.abs(immerkaer(y))
    scale = np.sqrt(np.pi / 2) / 6
    found.append(np.log1p(scale * mask.mean((1, 2))))
    flattest = np.sort(blocks(mask).mean(2), 1)
    found.append(np.log1p(scale * flattest[:, flattest.shape[1] // 10]))

    gx = (y[:, 1:-1, 2:] - y[:, 1:-1, :-2]) / 2
    gy = (y[:, 2:, 1:-1] - y[:, :-2, 1:-1]) / 2
    square = gx * gx + gy * gy
    length = np.sqrt(square)
    energy = square.mean((1, 2)) + 1e-6
    xx, yy, xy = (gx * gx).mean((1, 2)), (gy * gy).mean((1, 2)), (gx * gy).mean((1, 2))
    found += [length.mean((1, 2)) ** 2 / energy, (square < 1).mean((1, 2)), np.sqrt((xx - yy) ** 2 + 4 * xy * xy) / energy,
              (square - 8 * gx * gx * gy * gy / (square + 1e-6)).mean((1, 2)) / energy]

    counts = np.stack([np.bincount(one.ravel(), minlength=256) for one in grey])
    below = counts.cumsum(1)
    low = (below * 20 < count).sum(1)
    high = (below * 20 < 19 * count).sum(1)
    mean, spread = y.mean((1, 2)), y.std((1, 2))
    share = counts / count
    found += [spread, high - low, mean, share[:, :9].sum(1), share[:, 247:].sum(1),
              ((y - mean[:, None, None]) ** 3).mean((1, 2)) / (spread + 1) ** 3,
              -(share * np.log2(np.where(share > 0, share, 1))).sum(1)]

    rg, yb = (r - g).astype(np.float64), (r + g) / 2 - b
    centre = np.hypot(rg.mean((1, 2)), yb.mean((1, 2)))
    radius = np.hypot(rg.std((1, 2)), yb.std((1, 2)))
    most, least = c.max(3), c.min(3)
    found += [radius + 0.3 * centre, ((most - least) / np.maximum(most, 1)).mean((1, 2)),
              ((4 * (most - least) >= 3 * most) & (most >= 32)).mean((1, 2)), rg.mean((1, 2)), yb.mean((1, 2)),
              np.log1p(centre / (radius + 1)), blocks(least).min(2).mean(1)]

    inner = y[:, FRAME:-FRAME, FRAME:-FRAME]
    frame = (y.sum((1, 2)) - inner.sum((1, 2))) / (count - inner[0].size)
    k = FRAME - 1  # gradients begin one pixel in
    sides = [length[:, :k], length[:, -k:], length[:, :, :k], length[:, :, -k:]]
    least_side = np.min([s.mean((1, 2)) for s in sides], 0)
    found += [frame - inner.mean((1, 2)), np.log((least_side + 0.5) / (length.mean((1, 2)) + 0.5))]
    found += mscn(y) + mscn(half)
    result = np.stack([np.asarray(f, np.float64) for f in found], 1)
    assert result.shape == (n, len(NAMES))
    return result
