#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A second opinion: judge-head.py PHOTOS EMBEDDING_LENGTH OUT.safetensors

An aesthetic head to judge what another one has ordered, for “kalon-cli eval align --judge”. It sees photographic measures alone,
no embedding, so it cannot share the errors of what an adapter changes; it learns from other photos and another seed than the
starter's own head, and from the TRAINED kinds of tools/train-starter/degrade.py only: the collection's kinds are new to it.
A photo is to be above itself degraded (logistic loss of the difference). Import it with “kalon-cli model import-head”.

Deterministic for the same photos and the same PyTorch. Needs PyTorch, safetensors, NumPy and Pillow."""
import importlib.util
import pathlib
import sys

import numpy as np
import torch
from safetensors.torch import save_file

here = pathlib.Path(__file__).resolve()
sys.path.insert(0, str(here.parents[2] / "tools" / "train-starter"))
import degrade
import measures

spec = importlib.util.spec_from_file_location("collection", here.with_name("degraded-collection.py"))
collection = importlib.util.module_from_spec(spec)
spec.loader.exec_module(collection)

SEED = 77
PAIRS_A_PHOTO = 6
HIDDEN = 24
EPOCHS = 60


def see(photos):
    """-> better, worse: [n, measures]"""
    rng = np.random.default_rng(SEED)
    kinds = list(degrade.TRAINED.values())
    seen = []
    for path in sorted(photos.glob("*.jpg")):
        photo = collection.square(path)
        for k in rng.choice(len(kinds), PAIRS_A_PHOTO, replace=False):
            seen += [measures.shrink(v) for v in degrade.pair(kinds[k], photo, int(rng.integers(3)), rng)]
    found = np.concatenate([measures.measure(np.stack(seen[i : i + 64])) for i in range(0, len(seen), 64)])
    return found[::2], found[1::2]


def main():
    photos, dimension, out = pathlib.Path(sys.argv[1]), int(sys.argv[2]), pathlib.Path(sys.argv[3])
    torch.manual_seed(SEED)
    torch.set_num_threads(1)
    better, worse = see(photos)
    mean, scale = better.mean(0), better.std(0) + 1e-6
    better, worse = (torch.tensor(np.clip((x - mean) / scale, -4, 4), dtype=torch.float32) for x in (better, worse))
    head = torch.nn.Sequential(torch.nn.Linear(len(mean), HIDDEN), torch.nn.ReLU(), torch.nn.Linear(HIDDEN, 1))
    optimizer = torch.optim.AdamW(head.parameters(), 2e-3, weight_decay=0.05)
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(better)).split(256):
            loss = torch.nn.functional.softplus(head(worse[rows]) - head(better[rows])).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    with torch.no_grad():
        # Scores as every head has them: good photos at 5, about 0 to 10; here with a spread of 1.5.
        scores = head(better)[:, 0]
        middle, gain = scores.median(), 1.5 / scores.std()
        head[2].weight *= gain
        head[2].bias.copy_((head[2].bias - middle) * gain + 5)
        blind = torch.zeros(HIDDEN, dimension)
        tensors = {f"measure.{name}": torch.tensor([mean[i], scale[i]], dtype=torch.float32)
                   for i, name in enumerate(measures.NAMES)}
        tensors |= {"layers.0.weight": torch.cat([blind, head[0].weight], 1).contiguous(), "layers.0.bias": head[0].bias,
                    "layers.1.weight": head[2].weight, "layers.1.bias": head[2].bias}
        save_file({k: v.contiguous() for k, v in tensors.items()}, out)
        print(f"pairs right in training: {(head(better) > head(worse)).float().mean():.3f}")


if __name__ == "__main__":
    main()
