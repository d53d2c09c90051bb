#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes tests/reference/aesthetics: golden values for core/aesthetics, by numpy, Pillow and torch.

measures.tsv: picture (of ../pictures, or "formula-WIDTH-HEIGHT", see formula()), then its measures as the recipe computes
them; the first line has their names.
mlp.safetensors, linear.safetensors: random heads for embeddings of length 5, one with two hidden layers and three
measures, one as LAION's linear heads are.
quick-gelu-p16-f32-mlp.safetensors, -linear.safetensors: the same for that reference model's embeddings.
scores.tsv: head, picture of measures.tsv, the embedding's five numbers, the score by torch in float32.
"""
import json
import pathlib
import sys

import numpy as np
import torch
from PIL import Image, ImageOps
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "tools" / "train-starter"))

import measures  # noqa: E402  (the recipe's own)

OUTPUT = HERE / "aesthetics"
DIMENSION = 5
MODEL = "quick-gelu-p16-f32"
PICTURES = ("formula-128-128", "formula-301-203", "formula-90-400", "odd-444.jpg", "rgb.png", "grey.jpg", "line.png", "tiny.jpg")
ASKED = ("sharpness-half", "entropy", "cast-rg")


def formula(width, height):
    """Slopes, a product and a chequerboard, in whole numbers: test-aesthetics.c draws the same."""
    y, x = np.mgrid[0:height, 0:width]
    blue = np.where((x // 8 + y // 8) % 2 == 1, 220, x & 255)
    return np.stack([(5 * x + 3 * y) // 4 & 255, x * y // 16 & 255, blue], 2).astype(np.uint8)


def picture(name):
    if name.startswith("formula"):
        return formula(*map(int, name.split("-")[1:]))
    return np.asarray(ImageOps.exif_transpose(Image.open(HERE / "pictures" / name)).convert("RGB"))


def make_heads(prefix, dimension, inputs):
    layers = [torch.nn.Linear(dimension + len(inputs), 7), torch.nn.Linear(7, 4), torch.nn.Linear(4, 1)]
    linear = torch.nn.Linear(dimension, 1)
    with torch.no_grad():
        linear.weight *= 20
        for layer in layers:
            layer.weight *= 2
    tensors = {f"measure.{n}": v.float() for n, v in inputs.items()}
    for i, layer in enumerate(layers):
        tensors |= {f"layers.{i}.weight": layer.weight.detach().clone(), f"layers.{i}.bias": layer.bias.detach().clone()}
    save_file(tensors, OUTPUT / f"{prefix}mlp.safetensors", metadata={"format": "pt"})
    save_file({"weight": linear.weight.detach().clone(), "bias": linear.bias.detach().clone()}, OUTPUT / f"{prefix}linear.safetensors")
    return tensors, layers, linear


def main():
    OUTPUT.mkdir(exist_ok=True)
    found = {n: measures.measure(measures.shrink(picture(n))[None])[0] for n in PICTURES}
    lines = ["\t".join(("name", *measures.NAMES))]
    lines += ["\t".join((n, *(f"{v:.9g}" for v in row))) for n, row in found.items()]
    (OUTPUT / "measures.tsv").write_text("\n".join(lines) + "\n")

    places = [measures.NAMES.index(n) for n in ASKED]
    inputs = {n: torch.tensor([found["rgb.png"][i] + 0.5, 0.1 + abs(found["rgb.png"][i]) / 5]) for n, i in zip(ASKED, places)}
    torch.manual_seed(5)
    tensors, layers, linear = make_heads("", DIMENSION, inputs)
    make_heads(f"{MODEL}-", json.loads((HERE / "models" / MODEL / "config.json").read_text())["projection_dim"], inputs)

    lines = []
    for name, row in found.items():
        embedding = torch.nn.functional.normalize(torch.randn(DIMENSION), dim=0)
        numbers = torch.tensor(row[places], dtype=torch.float32)
        scale = torch.stack([tensors[f"measure.{n}"] for n in ASKED])
        x = torch.cat([embedding, ((numbers - scale[:, 0]) / scale[:, 1]).clamp(-4, 4)])
        with torch.no_grad():
            scores = {"mlp": layers[2](layers[1](layers[0](x).relu()).relu()), "linear": linear(embedding)}
        for head, score in scores.items():
            lines.append("\t".join((head, name, *(f"{v:.9g}" for v in embedding.tolist()), f"{float(score):.9g}")))
    (OUTPUT / "scores.tsv").write_text("\n".join(lines) + "\n")
    for file in OUTPUT.glob("*.safetensors"):
        file.chmod(0o644)


if __name__ == "__main__":
    main()
