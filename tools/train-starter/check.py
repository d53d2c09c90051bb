#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage 9: loads an exported directory with transformers, unchanged, and looks at it.

    check.py                       sizes, end-of-text pooling, a few likenesses (needs no data)
    check.py --ceiling dev|test    the teacher's own figures: what stage 3 says of the held-out photos

The model's figures come from `kalon-cli eval` (evaluate.py), and so do not depend on anything here.
"""
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

from common import arguments, log_line
from exported import Model
from ground import load_photos
from metrics import recall, top
from names import class_names
from views import Targets


def basics(options):
    model = Model(options.model)
    config = model.clip.config
    ids = model.tokenizer(["a dog", "a dog running on the beach"], padding=True, return_tensors="pt")["input_ids"]
    one = model.texts(["a dog"])
    padded = model.texts(["a dog", "a dog running on the beach with its owner"])[:1]
    log_line(options, stage="check", parameters=sum(p.numel() for p in model.clip.parameters()),
             bytes=(options.model / "model.safetensors").stat().st_size, end=config.text_config.eos_token_id,
             ends_with_end=bool((ids[:, -1] == config.text_config.eos_token_id).all()),
             padding_changes_nothing=bool((one - padded).abs().max() < 1e-4))
    words = ["dog", "puppy", "car", "automobile", "beach", "sea", "mountain", "flower"]
    for word, row in zip(words, model.texts(words) @ model.texts(words).T):
        print(f"{word:>12}", " ".join(f"{v:6.2f}" for v in row.tolist()))


def ceiling(options):
    targets = Targets(options)
    items, rows = load_photos(options, options.ceiling)
    captions = json.loads((options.work / "captions.json").read_text())
    for source, own in rows.items():
        pictures = F.normalize(targets.whole[source][own], dim=1)
        if source == "flickr":
            texts = targets.text([c for r in own for c in captions[items["flickr"]["names"][r]]])
            log_line(options, stage="ceiling", split=options.ceiling, pictures=len(own), text_to_image=recall(texts, pictures, 5))
            continue
        folders = np.array(items[source]["classes"])[own]
        names = {f: class_names(options.data, source, f) for f in sorted(set(folders))}
        named = [f for f in names if names[f]]
        kept = np.isin(folders, named)
        labels = torch.tensor([named.index(f) for f in folders[kept]])
        texts = targets.text([f"a photo of a {names[f][0]}" for f in named])
        log_line(options, stage="ceiling", split=options.ceiling, source=source, classes=len(named), pictures=int(kept.sum()),
                 chance=round(1 / len(named), 4), found=top(pictures[kept], texts, labels))


def main():
    def extra(parser):
        parser.add_argument("--model", type=pathlib.Path, default=pathlib.Path("data/models/starter"))
        parser.add_argument("--ceiling", choices=("dev", "test"))

    options = arguments(__doc__, extra)
    if options.ceiling:
        ceiling(options)
    else:
        basics(options)


if __name__ == "__main__":
    main()
