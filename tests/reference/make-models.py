#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/reference/models/: tiny CLIPModel directories with random weights, a picture, and
the embeddings that transformers gives in fp32 (expected.json beside each config.json).

The shapes are chosen to be awkward: odd head sizes, a resolution that is no multiple of the patch,
twelve heads, different activations, each storage type, old and new forms of the two configs.
"""
import json
import pathlib
import shutil

import bpe
import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from transformers import CLIPConfig, CLIPModel
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

OUTPUT = pathlib.Path(__file__).resolve().parent / "models"
N_PICTURES = 3
TEXTS = [
    "",
    "a",
    "a photo of a dog",
    "quiet lake at dawn, first light",
    "The PHOTOGRAPHER'S studio isn't empty!",
    "caf\u00e9 \u6d77 \U0001f436 <|endoftext|> 42",
    "snow-covered mountains under a clear blue sky, " * 5,
    "two children play with a yellow ball",
]


def tower(width, heads, layers, mlp, act, **more):
    return dict(
        hidden_size=width, num_attention_heads=heads, num_hidden_layers=layers, intermediate_size=mlp, hidden_act=act, **more
    )


# name: (text, vision, projection, storage)
MODELS = {
    "quick-gelu-p16-f32": (
        tower(18, 3, 2, 42, "quick_gelu", max_position_embeddings=24),
        tower(14, 2, 2, 40, "quick_gelu", image_size=48, patch_size=16),
        16,
        torch.float32,
    ),
    "gelu-p16-ragged-f16": (
        tower(15, 5, 3, 37, "gelu", max_position_embeddings=19, layer_norm_eps=1e-6),
        tower(21, 3, 2, 50, "gelu", image_size=57, patch_size=16, layer_norm_eps=1e-3),
        19,
        torch.float16,
    ),
    "quick-gelu-p32-legacy-f16": (
        tower(16, 2, 1, 64, "quick_gelu", max_position_embeddings=77, eos_token_id=2),
        tower(10, 2, 3, 33, "quick_gelu", image_size=64, patch_size=32),
        24,
        torch.float16,
    ),
    "gelu-p32-ragged-bf16": (
        tower(20, 4, 2, 31, "quick_gelu", max_position_embeddings=33),
        tower(8, 2, 2, 30, "gelu", image_size=100, patch_size=32),
        7,
        torch.bfloat16,
    ),
    "twelve-heads-p14-f16": (
        tower(24, 12, 2, 50, "quick_gelu", max_position_embeddings=40),
        tower(36, 12, 2, 70, "quick_gelu", image_size=45, patch_size=14),
        33,
        torch.float16,
    ),
}


def randomise(model, generator):
    """Weights large enough that every input gets an embedding of its own."""
    for name, parameter in model.named_parameters():
        values = torch.randn(parameter.shape, generator=generator)
        if parameter.dim() < 2:
            scale, offset = 0.2, 1.0 if "norm" in name and name.endswith("weight") else 0.0
        elif "embedding" in name and "patch" not in name:
            scale, offset = 1.0, 0.0
        else:
            scale, offset = 1.5 * parameter[0].numel() ** -0.5, 0.0
        parameter.data = values * scale + offset


def pixels(n, resolution):
    """Noise over a gradient in integers, so that the C test makes the very same: see make_pixels()."""
    i, c, y, x = np.ogrid[0:n, 0:3, 0:resolution, 0:resolution]
    place = ((i * 3 + c) * resolution + y) * resolution + x
    noise = (place * 2654435761 % 2**32) >> 24
    gradient = (x * (i + 1) * 256 // resolution + y * (c + 1) * 128 // resolution) % 256
    return torch.from_numpy((((noise >> 1) + (gradient >> 1)) / 127.5 - 1).astype(np.float32))


def picture():
    y, x = np.mgrid[0:70, 0:93]
    planes = [
        127 + 120 * np.sin(x / 9) * np.cos(y / 7),
        255 * ((x // 8 + y // 6) % 2),
        (x * 3 + y * 2) % 256,
    ]
    return Image.fromarray(np.stack(planes, -1).clip(0, 255).astype(np.uint8))


def preprocessor(name, resolution):
    """The forms that are found on the hub."""
    if "legacy" in name:
        return {"crop_size": resolution, "size": resolution + 9, "resample": 3, "feature_extractor_type": "CLIPFeatureExtractor"}
    if "twelve" in name:
        return {
            "size": {"height": resolution, "width": resolution},
            "crop_size": {"height": resolution, "width": resolution},
            "image_mean": [0.5, 0.4, 0.3],
            "image_std": [0.2, 0.3, 0.4],
            "image_processor_type": "CLIPImageProcessor",
        }
    return {
        "size": {"shortest_edge": resolution},
        "crop_size": {"height": resolution, "width": resolution},
        "do_center_crop": True,
        "do_convert_rgb": True,
        "do_normalize": True,
        "do_rescale": True,
        "do_resize": True,
        "image_mean": [0.48145466, 0.4578275, 0.40821073],
        "image_std": [0.26862954, 0.26130258, 0.27577711],
        "image_processor_type": "CLIPImageProcessor",
        "resample": 3,
        "rescale_factor": 0.00392156862745098,
    }


def save_config(directory, name, text, vision, projection):
    config = {"architectures": ["CLIPModel"], "model_type": "clip", "projection_dim": projection}
    if "legacy" in name:
        config |= {"text_config": {"hidden_size": 999}, "text_config_dict": text, "vision_config_dict": vision}
    else:
        config |= {"text_config": text, "vision_config": vision}
    (directory / "config.json").write_text(json.dumps(config, indent=1) + "\n")


def unit(features):
    features = features if torch.is_tensor(features) else features.pooler_output
    return torch.nn.functional.normalize(features.double(), dim=-1)


def rounded(embeddings):
    return [[round(float(v), 8) for v in row] for row in embeddings]


def make(name, text, vision, projection, storage, merges):
    # Old configs pool at the largest id: where that is another token, the two rules differ.
    vocab = bpe.vocabulary(merges, special_last="legacy" not in name)
    directory = OUTPUT / name
    directory.mkdir(parents=True)
    text = dict(text, vocab_size=len(vocab))
    text.setdefault("eos_token_id", vocab["<|endoftext|>"])
    save_config(directory, name, text, vision, projection)
    bpe.save(directory, vocab, merges)
    resolution = vision["image_size"]
    (directory / "preprocessor_config.json").write_text(json.dumps(preprocessor(name, resolution), indent=1) + "\n")

    model = CLIPModel(CLIPConfig.from_pretrained(directory))
    randomise(model, torch.Generator().manual_seed(len(name)))
    state = {key: value.to(storage).contiguous() for key, value in model.state_dict().items()}
    save_file(state, directory / "model.safetensors", metadata={"format": "pt"})

    # From here on only what a user of transformers would do.
    model = CLIPModel.from_pretrained(directory, dtype=torch.float32).eval()
    tokenizer = bpe.reference(vocab, merges)
    context = text["max_position_embeddings"]
    inputs = tokenizer(TEXTS, padding="max_length", truncation=True, max_length=context, return_tensors="pt")
    dropped = [max(0, len(ids) - context) for ids in tokenizer(TEXTS)["input_ids"]]
    processor = CLIPImageProcessorPil.from_pretrained(directory)
    processed = processor(images=Image.open(OUTPUT / "picture.png"), return_tensors="pt")["pixel_values"]
    with torch.no_grad():
        texts = unit(model.get_text_features(**inputs))
        images = unit(model.get_image_features(pixels(N_PICTURES, resolution)))
        file = unit(model.get_image_features(processed))
    # Inputs must differ in what they give, or the comparison would prove nothing.
    for rows in (texts, torch.cat([images, file])):
        cosine = rows @ rows.T - torch.eye(len(rows))
        assert cosine.max() < 0.98 and cosine.mean() < 0.8, (name, cosine.max(), cosine.mean())
    expected = {
        "texts": TEXTS,
        "dropped": dropped,
        "text_embeddings": rounded(texts),
        "image_embeddings": rounded(images),
        "picture": rounded(file)[0],
    }
    (directory / "expected.json").write_text(json.dumps(expected) + "\n")
    print(name, (directory / "model.safetensors").stat().st_size)


def main():
    shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.mkdir()
    picture().save(OUTPUT / "picture.png", optimize=True)
    _, merges = bpe.learn(40)
    for name, (text, vision, projection, storage) in MODELS.items():
        make(name, text, vision, projection, storage, merges)


main()
