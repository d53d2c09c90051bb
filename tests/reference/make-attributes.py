#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/reference/attributes/expected.json: the attributes of pixels that simulated users like
(src/services/evaluator), by numpy, of pictures in tests/reference/pictures and of made-up ones that
tests/services/test-evaluator-taste.c makes by the same formula."""
import json
import pathlib

import numpy as np
from PIL import Image

HERE = pathlib.Path(__file__).resolve().parent
OUTPUT = HERE / "attributes"
SIDE = 160
PICTURES = ("rgb.png", "odd-444.jpg", "progressive.jpg", "grey.png")
N_MADE = 5


def make(seed):
    """Waves, blocks and a ramp, all in whole numbers."""
    y, x = np.mgrid[:SIDE, :SIDE]
    channels = [(x * (seed + c) // 3 + y * y * (2 - c) // 90 + x * y * seed // 70) % 256 * (c + seed) // 7 % 256
                for c in range(3)]
    block = (x // 20 + y // 32) % (seed + 2) == 0
    return np.stack([np.where(block, channel // 3, channel) for channel in channels], -1).astype(np.uint8)


def attributes(rgb):
    rgb = rgb.astype(np.float64) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = linear @ matrix.T / np.array([0.9505, 1, 1.089])
    bent = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    L, a, b = 116 * bent[..., 1] - 16, 500 * (bent[..., 0] - bent[..., 1]), 200 * (bent[..., 1] - bent[..., 2])
    g = np.abs(np.diff(L, axis=0))[:, :-1] + np.abs(np.diff(L, axis=1))[:-1]
    inner = g[40:120, 40:120]
    rest = (g.sum() - inner.sum()) / (g.size - inner.size)
    chroma = np.hypot(a, b)
    seen = chroma >= 1
    hues = np.histogram(np.arctan2(b, a)[seen], bins=20, range=(-np.pi, np.pi), weights=chroma[seen])[0]
    p = hues[hues > 0] / hues.sum() if seen.any() else np.ones(1)
    lines = g[50:56].mean() + g[104:110].mean()
    return [b.mean(), a.mean(), L.mean(), L.std(), chroma.mean(), (g < 6).mean(),
            -np.abs(L - L[:, ::-1]).mean() / (L.std() + 5), np.log((inner.mean() + 0.5) / (rest + 0.5)),
            L[:53].mean() - L[107:].mean(), (p * np.log(p)).sum(), (L < 15).mean(),
            np.log((lines + 0.5) / (2 * g.mean() + 0.5))]


def main():
    made = [attributes(make(seed)) for seed in range(1, N_MADE + 1)]
    files = {name: attributes(np.asarray(Image.open(HERE / "pictures" / name).convert("RGB").resize((SIDE, SIDE), Image.BICUBIC)))
             for name in PICTURES}
    OUTPUT.mkdir(exist_ok=True)
    text = json.dumps({"made": made, "files": files}, default=float)
    (OUTPUT / "expected.json").write_text(text.replace("], ", "],\n") + "\n")


main()
