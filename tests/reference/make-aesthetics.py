#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes tests/reference/aesthetics: golden values for core/aesthetics, by numpy, Pillow and torch.

measures.tsv: picture (of ../pictures, or "formula-WIDTH-HEIGHT", see formula()), then its measures as the recipe computes
them; the first line has their names.
mlp.safetensors, linear.safetensors: random heads for embeddings of length 5, one with two hidden layers and three
measures, one as LAION's linear heads are.
quick-gelu-p16-f32-mlp.safetensors, -linear.safetensors: the same for that reference model's embeddings.
scores.tsv: head, picture of measures.tsv, the embedding's five numbers, the score by torch in float32.
pth/*.pth: heads of the same length as torch.save() writes them, some of which must be refused.
imported.tsv: file of pth, what lies between its layers ("none", "relu"), the embedding's five numbers, the score by torch.
clip-iqa.tsv: an embedding of that reference model, its CLIP-IQA score by transformers' text tower and tokenizer, the
score of the blend of -linear.safetensors with weight 2 and CLIP-IQA with weight 0.5.
"""
import io
import json
import os
import pathlib
import sys
import zipfile

import numpy as np
import torch
from PIL import Image, ImageOps
from safetensors.torch import load_file, save_file
from transformers import CLIPModel

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "tools" / "train-starter"))

import bpe  # noqa: E402
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


class Predictor(torch.nn.Module):
    """improved-aesthetic-predictor's, narrower: with its dropouts, or with ReLUs in their places."""

    def __init__(self, between):
        super().__init__()
        widths = (DIMENSION, 8, 6, 4, 3)
        layers = []
        for i, (width, after) in enumerate(zip(widths, widths[1:])):
            layers += [torch.nn.Linear(width, after)] + ([between()] if i < 3 or between is torch.nn.ReLU else [])
        self.layers = torch.nn.Sequential(*layers, torch.nn.Linear(widths[-1], 1))
        with torch.no_grad():
            for parameter in self.parameters():
                parameter *= 1.7

    def forward(self, x):
        return self.layers(x)


class Hostile:
    def __reduce__(self):
        return os.system, ("echo a checkpoint was run",)


def rewritten(data, change=lambda name, content: content, compression=zipfile.ZIP_STORED):
    """The archive @data with its entries passed through @change."""
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(target, "w", compression) as archive:
        for entry in source.infolist():
            content = change(entry.filename, source.read(entry))
            if content is not None:
                archive.writestr(zipfile.ZipInfo(entry.filename), content, compression)
    return target.getvalue()


def saved(value, **more):
    file = io.BytesIO()
    torch.save(value, file, **more)
    return file.getvalue()


def make_checkpoints():
    folder = OUTPUT / "pth"
    folder.mkdir(exist_ok=True)
    torch.manual_seed(6)
    linear = torch.nn.Linear(DIMENSION, 1)
    sequence = Predictor(torch.nn.Dropout).eval()
    relu = Predictor(torch.nn.ReLU).eval()
    half = torch.nn.Linear(DIMENSION, 1).half()
    files = {
        "linear.pth": linear.state_dict(),
        "half.pth": half.state_dict(),
        "plain-dict.pth": dict(linear.state_dict()),
        "sac-linearMSE.pth": sequence.state_dict(),
        "ava-reluMSE.pth": relu.state_dict(),
        "unnamed.pth": sequence.state_dict(),
    }
    for name, state in files.items():
        (folder / name).write_bytes(saved(state))
    good = saved(linear.state_dict())
    # A state dict whose pickle is edited by hand: same length, other meaning.
    edit = lambda old, new: rewritten(good, lambda n, c: c.replace(old, new) if n.endswith(".pkl") else c)
    refused = {
        "run-command.pth": saved(Hostile()),
        "run-inside.pth": saved({"weight": Hostile(), "bias": torch.zeros(1)}),
        "module.pth": saved(linear),
        "double.pth": saved(torch.nn.Linear(DIMENSION, 1).double().state_dict()),
        "nested.pth": saved({"state_dict": linear.state_dict()}),
        "transposed.pth": saved({"weight": torch.randn(DIMENSION, 2).t(), "bias": torch.zeros(2)}),
        "convolution.pth": saved({"weight": torch.randn(1, DIMENSION, 1, 1), "bias": torch.zeros(1)}),
        "no-bias.pth": saved({"weight": linear.weight.data}),
        "norm.pth": saved({**linear.state_dict(), "norm.weight": torch.ones(3)}),
        "infinite.pth": saved({"weight": linear.weight.data / 0, "bias": torch.zeros(1)}),
        "old-form.pth": saved(linear.state_dict(), _use_new_zipfile_serialization=False),
        "deflated.pth": rewritten(good, compression=zipfile.ZIP_DEFLATED),
        "cut-off.pth": good[:-40],
        "bit-flip.pth": good.replace(linear.weight.detach().numpy().tobytes()[:4], b"\0\0\0\0"),
        "no-storage.pth": rewritten(good, lambda n, c: None if n.endswith("data/0") else c),
        "short-storage.pth": rewritten(good, lambda n, c: c[:-1] if n.endswith("data/0") else c),
        "big-endian.pth": rewritten(good, lambda n, c: b"big" if n.endswith("byteorder") else c),
        "far-offset.pth": edit(b"QK\x00K\x01K\x05\x86", b"QK\x01K\x01K\x05\x86"),
        "wider.pth": edit(b"QK\x00K\x01K\x05\x86", b"QK\x00K\x01K\xff\x86"),
    }
    for name, content in refused.items():
        (folder / name).write_bytes(content)

    lines = []
    heads = {"linear.pth": linear, "half.pth": half.float(), "plain-dict.pth": linear, "sac-linearMSE.pth": sequence,
             "ava-reluMSE.pth": relu}
    for name, head in heads.items():
        for _ in range(4):
            embedding = torch.nn.functional.normalize(torch.randn(DIMENSION), dim=0)
            with torch.no_grad():
                score = float(head(embedding))
            lines.append("\t".join((name, "relu" if head is relu else "none", *(f"{v:.9g}" for v in embedding.tolist()), f"{score:.9g}")))
    (OUTPUT / "imported.tsv").write_text("\n".join(lines) + "\n")


# As IQA-PyTorch's clipiqa has them.
PAIRS = (("Good image", "bad image"), ("Sharp image", "blurry image"), ("sharp edges", "blurry edges"),
         ("High resolution image", "low resolution image"), ("Noise-free image", "noisy image"))


def make_clip_iqa():
    directory = HERE / "models" / MODEL
    model = CLIPModel.from_pretrained(directory, dtype=torch.float32).eval()
    _, merges = bpe.learn(40)
    tokenizer = bpe.reference(bpe.vocabulary(merges), merges)
    texts = [text for pair in PAIRS for text in pair]
    inputs = tokenizer(texts, padding="max_length", truncation=True, max_length=model.config.text_config.max_position_embeddings,
                       return_tensors="pt")
    with torch.no_grad():
        prompts = model.get_text_features(**inputs)
    prompts = prompts if torch.is_tensor(prompts) else prompts.pooler_output
    prompts = torch.nn.functional.normalize(prompts, dim=-1)
    own = load_file(OUTPUT / f"{MODEL}-linear.safetensors")
    torch.manual_seed(7)
    lines = []
    for _ in range(6):
        # Between the two sides of every pair, or the softmax would say nothing but 0 and 1.
        axes, start = prompts[::2] - prompts[1::2], torch.randn(prompts.shape[1])
        leads = 0.06 * torch.rand(len(PAIRS)) - 0.03
        mixed = start - torch.linalg.pinv(axes) @ (axes @ start - leads * start.norm())
        embedding = torch.nn.functional.normalize(mixed, dim=0)
        logits = 100 * (prompts @ embedding).reshape(-1, 2)
        score = 10 * float(logits.softmax(1)[:, 0].mean())
        head = float(own["weight"][0] @ embedding + own["bias"][0])
        lines.append("\t".join((*(f"{v:.9g}" for v in embedding.tolist()), f"{score:.9g}", f"{(2 * head + 0.5 * score) / 2.5:.9g}")))
    (OUTPUT / "clip-iqa.tsv").write_text("\n".join(lines) + "\n")


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
    make_checkpoints()
    make_clip_iqa()


if __name__ == "__main__":
    main()
