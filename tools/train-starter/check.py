#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage 8: loads an exported directory with transformers, unchanged, and looks at it.

    check.py                        sizes, end-of-text pooling, a few likenesses (needs no data)
    check.py --retrieval dev|test   text -> image R@1/5/10 on our Flickr8k split (1,000 photos)
    check.py --classes              class names over held-out class photos, top-1 and top-5
    check.py --sheet OUT.jpg --pictures DIR [--query Q ...]   best five pictures per query
"""
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageDraw
from transformers import CLIPModel, CLIPProcessor

from common import arguments, log_line
from ground import load_photos
from metrics import recall, top
from names import class_names

QUERIES = ["dog on grass", "red car", "beach sunset", "people", "snow mountain", "flowers", "a boy playing football",
           "water", "city at night", "green forest", "a cat", "desert"]
BATCH = 100


class Model:
    def __init__(self, folder):
        self.clip = CLIPModel.from_pretrained(folder, dtype=torch.float32).eval()
        self.processor = CLIPProcessor.from_pretrained(folder)

    @torch.no_grad()
    def texts(self, texts):
        found = []
        for k in range(0, len(texts), BATCH):
            made = self.processor(text=texts[k : k + BATCH], padding=True, truncation=True, return_tensors="pt")
            pooled = self.clip.text_model(**made).pooler_output
            found.append(F.normalize(self.clip.text_projection(pooled), dim=1))
        return torch.cat(found)

    @torch.no_grad()
    def pictures(self, pictures):
        found = []
        for k in range(0, len(pictures), BATCH):
            made = self.processor(images=pictures[k : k + BATCH], return_tensors="pt")
            pooled = self.clip.vision_model(**made).pooler_output
            found.append(F.normalize(self.clip.visual_projection(pooled), dim=1))
        return torch.cat(found)


def stored(work, source, rows):
    photos = np.load(work / f"photos.{source}.npy", mmap_mode="r")
    return [Image.fromarray(photos[r]) for r in rows]


def basics(model, folder, options):
    config = model.clip.config
    ids = model.processor(text=["a dog", "a dog running on the beach"], padding=True, return_tensors="pt")["input_ids"]
    one = model.texts(["a dog"])
    padded = model.texts(["a dog", "a dog running on the beach with its owner"])[:1]
    log_line(options, stage="check", parameters=sum(p.numel() for p in model.clip.parameters()),
             bytes=(folder / "model.safetensors").stat().st_size, end=config.text_config.eos_token_id,
             ends_with_end=bool((ids[:, -1] == config.text_config.eos_token_id).all()),
             padding_changes_nothing=bool((one - padded).abs().max() < 1e-4))
    words = ["dog", "puppy", "car", "automobile", "beach", "sea", "mountain", "flower"]
    likeness = model.texts(words) @ model.texts(words).T
    for word, row in zip(words, likeness):
        print(f"{word:>12}", " ".join(f"{v:6.2f}" for v in row.tolist()))


def retrieval(model, split, options):
    items, rows = load_photos(options, split)
    captions = json.loads((options.work / "captions.json").read_text())
    pictures = model.pictures(stored(options.work, "flickr", rows["flickr"]))
    texts = model.texts([c for r in rows["flickr"] for c in captions[items["flickr"]["names"][r]]])
    own = (texts @ pictures.T).T.reshape(len(pictures), len(pictures), 5)
    best = own.max(2).values
    rank = (own.reshape(len(pictures), -1) > torch.stack([best[i, i] for i in range(len(best))])[:, None]).sum(1)
    back = {str(k): round(float((rank < k).float().mean()), 4) for k in (1, 5, 10)}
    log_line(options, stage="check", split=split, pictures=len(pictures), captions=len(texts),
             text_to_image=recall(texts, pictures, 5), image_to_text=back)


def classes(model, options):
    items, rows = load_photos(options, "held")
    for source in ("flowers", "caltech", "tiny"):
        folders = [items[source]["classes"][r] for r in rows[source]]
        named = [i for i, f in enumerate(folders) if class_names(options.data, source, f)]
        names = sorted({class_names(options.data, source, folders[i])[0] for i in named})
        labels = torch.tensor([names.index(class_names(options.data, source, folders[i])[0]) for i in named])
        pictures = model.pictures(stored(options.work, source, [rows[source][i] for i in named]))
        log_line(options, stage="check", source=source, classes=len(names), photos=len(named), chance=round(1 / len(names), 4),
                 found=top(pictures, model.texts([f"a photo of a {n}" for n in names]), labels))


def sheet(model, options):
    paths = sorted(p for p in options.pictures.rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp"))
    small, kept = [], []
    for path in paths:
        try:
            picture = Image.open(path)
            picture.draft("RGB", (512, 512))
            picture = picture.convert("RGB")
            picture.thumbnail((512, 512))
        except OSError as error:
            print(f"{path}: {error}")
            continue
        small.append(picture)
        kept.append(path)
    pictures = model.pictures(small)
    queries = options.query or QUERIES
    page = Image.new("RGB", (5 * 130, 150 * len(queries)), "white")
    draw = ImageDraw.Draw(page)
    for row, query in enumerate(queries):
        likeness = (pictures @ model.texts([query]).T)[:, 0]
        draw.text((4, row * 150 + 3), query, fill="black")
        shown = []
        for place in likeness.argsort(descending=True).tolist():
            if any(float(pictures[place] @ pictures[o]) > 0.985 for o in shown):
                continue  # the same photo in another size
            page.paste(small[place].resize((126, 130)), (len(shown) * 130 + 2, row * 150 + 18))
            shown.append(place)
            if len(shown) == 5:
                break
        print(query, "->", ", ".join(f"{kept[p].name} {float(likeness[p]):.2f}" for p in shown))
    page.save(options.sheet, quality=88)


def main():
    def extra(parser):
        parser.add_argument("--model", type=pathlib.Path, default=pathlib.Path("data/models/starter"))
        parser.add_argument("--retrieval", choices=("dev", "test"))
        parser.add_argument("--classes", action="store_true")
        parser.add_argument("--sheet", type=pathlib.Path)
        parser.add_argument("--pictures", type=pathlib.Path)
        parser.add_argument("--query", action="append")

    options = arguments(__doc__, extra)
    model = Model(options.model)
    if options.retrieval:
        retrieval(model, options.retrieval, options)
    elif options.classes:
        classes(model, options)
    elif options.sheet:
        sheet(model, options)
    else:
        basics(model, options.model, options)


if __name__ == "__main__":
    main()
