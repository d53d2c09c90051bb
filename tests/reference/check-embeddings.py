#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares Kalon's embeddings with those of transformers in fp32, for any model directory, on
texts.py and on pictures. Prints the lowest cosine of each kind; fails below 0.99999.

Pictures go through Kalon's own decoding and resizing: PNG files compare the encoder, JPEG files
also compare the decoders (Kalon decodes them smaller).

Usage: check-embeddings.py BUILD-DIR MODEL-DIR DEVICE [PICTURE...]
"""
import pathlib
import subprocess
import sys

import numpy as np
import texts
import torch
from PIL import Image
from transformers import CLIPModel, CLIPTokenizer
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

MIN_COSINE = 0.99999


def run(build, directory, device, pictures):
    data = b"".join(text.encode() + b"\0" for text in texts.TEXTS)
    command = [build / "tests/reference/encode-embeddings", directory, device, *pictures]
    output = subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout.decode()
    return np.array([[float(v) for v in line.split()] for line in output.splitlines()])


def reference(directory, pictures):
    model = CLIPModel.from_pretrained(directory, dtype=torch.float32).eval()
    tokenizer = CLIPTokenizer.from_pretrained(directory)
    context = model.config.text_config.max_position_embeddings
    inputs = tokenizer(texts.TEXTS, padding="max_length", truncation=True, max_length=context, return_tensors="pt")
    with torch.no_grad():
        rows = [model.get_text_features(**inputs).pooler_output]
        if pictures:
            processor = CLIPImageProcessorPil.from_pretrained(directory)
            images = [Image.open(path).convert("RGB") for path in pictures]
            pixels = processor(images=images, return_tensors="pt")["pixel_values"]
            rows.append(model.get_image_features(pixels).pooler_output)
    return torch.cat(rows).double().numpy()


def main():
    build, directory, device, *pictures = sys.argv[1:]
    found = run(pathlib.Path(build), directory, device, pictures)
    expected = reference(directory, pictures)
    cosine = (found * expected).sum(1) / np.linalg.norm(found, axis=1) / np.linalg.norm(expected, axis=1)
    n = len(texts.TEXTS)
    for name, part in (("texts", cosine[:n]), ("pictures", cosine[n:])):
        if len(part):
            print(f"{name}: {len(part)}, lowest cosine {part.min():.8f}, mean {part.mean():.8f}")
    return int(cosine.min() < MIN_COSINE)


sys.exit(main())
