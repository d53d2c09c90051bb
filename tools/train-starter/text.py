#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage 6: the text tower, from random numbers, taught the joint space's texts.

Texts are made without end: captions (words dropped, spans, several in a row so
that all 77 positions learn), templated names, pairs of names, loose words.
With --tune, after the image tower: the same, plus contrast of Flickr8k captions
with the finished image tower's embeddings of two crops of each photo (kept still).
Schedule and checkpoints as in image.py, counted in steps.
"""
import json
import time

import numpy as np
import torch
import torch.nn.functional as F
from transformers import CLIPTokenizer

from common import arguments, log_line, save
from image import embed, rate
from metrics import recall
from names import category_names, imagenet_names, plural, seeded, templated, words_of
from optimizer import Optimizer
from towers import ImageTower, TextTower
from views import Targets

JOINS = ("{} and {}", "{} on {}", "a {} with a {}", "{} in the {}", "a {} next to a {}", "{} {}", "{} near {}")


class Texts:
    """Endless training texts."""

    def __init__(self, data, captions, words, seed):
        self.captions, self.rng = captions, seeded(seed, "texts")
        self.names = [n for n in imagenet_names(data)[1:]] + [[n] for n in category_names(data)]
        self.words = words
        self.common = sorted({w for c in captions for w in words_of(c)})

    def batch(self, step, size):
        """(texts as written, texts as meant).  Mostly short ones; every twelfth batch a small one of long texts, so
        that padding stays cheap.  Some names are written in the plural and meant in the singular."""
        if step % 12 == 11:
            texts = [" ".join(self.rng.choice(self.captions) for _ in range(self.rng.randint(2, 6))) for _ in range(size // 5)]
            return texts, texts
        count = size // 10
        names = [self.rng.choice(self.names)[0] for _ in range(count)]
        templates = [self.rng.choice(("{}", "{}", "the {}", "many {}", "some {}", "photos of {}", "two {}")) for _ in names]
        texts = [self.draw() for _ in range(size - count)]
        return (texts + [t.format(plural(n)) for t, n in zip(templates, names)], texts + [t.format(n) for t, n in zip(templates, names)])

    def draw(self):
        rng, kind = self.rng, self.rng.random()
        if kind < 0.5:
            parts = rng.choice(self.captions).split()
            if rng.random() < 0.5:
                drop = rng.random() * 0.6
                parts = [w for w in parts if rng.random() >= drop] or parts
            elif rng.random() < 0.4:
                length = rng.randint(1, 6)
                at = rng.randrange(max(1, len(parts) - length))
                parts = parts[at : at + length]
            text = " ".join(parts)
            return text.rstrip(" .") if rng.random() < 0.5 else text
        if kind < 0.7:
            return templated(rng, rng.choice(self.names))
        if kind < 0.8:
            first, second = (rng.choice(rng.choice(self.names)) if rng.random() < 0.5 else rng.choice(self.common) for _ in "ab")
            return rng.choice(JOINS).format(first, second)
        pool = self.common if rng.random() < 0.6 else self.words
        text = " ".join(rng.choice(pool) for _ in range(rng.choice((1, 1, 2, 3, 4))))
        return rng.choice(("{}", "{}", "a {}", "a photo of {}", "a photo of a {}")).format(text)


def main():
    def extra(parser):
        parser.add_argument("--steps", type=int, help="4,000, or 800 with --tune")
        parser.add_argument("--batch", type=int, default=256)
        parser.add_argument("--rate", type=float, default=0.02)
        parser.add_argument("--match", type=float, default=0.5, help="weight of the contrast in --tune")
        parser.add_argument("--tune", action="store_true")

    options = arguments(__doc__, extra)
    work = options.work
    targets = Targets(options)
    tokenizer = CLIPTokenizer.from_pretrained(work / "tokenizer")
    captions = json.loads((work / "captions.json").read_text())
    names = [targets.items["flickr"]["names"][r] for r in targets.rows["flickr"]]
    dev_captions = [c for n, s in zip(targets.items["flickr"]["names"], targets.items["flickr"]["splits"]) if s == "dev" for c in captions[n]]
    drawn = Texts(options.data, [c for n in names for c in captions[n]], targets.words.words, options.seed)
    name = "tuned" if options.tune else "text"
    path = work / f"{name}.pt"
    torch.manual_seed(options.seed)
    tower = TextTower(len(tokenizer)).to(options.device).bfloat16()
    optimizer = Optimizer(tower)
    steps = options.steps or (800 if options.tune else 4000)

    def encode(texts):
        made = tokenizer(texts, padding=True, truncation=True, max_length=77, return_tensors="pt")
        return made["input_ids"].to(options.device)

    step = 0
    if path.exists():
        saved = torch.load(path, map_location=options.device)
        optimizer.load(saved["optimizer"])
        step = saved["step"]
    elif options.tune:
        optimizer.load(torch.load(work / "text.pt", map_location=options.device)["optimizer"])
    drawn.rng = seeded(options.seed, "texts", step)
    generator = np.random.default_rng(options.seed + step)
    image_path = work / "image.pt"
    pictures = dev_pictures = None
    if image_path.exists():
        image = torch.load(image_path, map_location=options.device)
        eye = ImageTower(**image["settings"]).to(options.device)
        eye.load_state_dict({n[6:]: p for n, p in image["average"].items() if n.startswith("tower.")})
        eye = eye.bfloat16().eval()
        dev_pictures = embed(eye, targets.dev_photos)
    if options.tune:
        photos = torch.from_numpy(np.array(targets.photos["flickr"][targets.rows["flickr"]])).permute(0, 3, 1, 2)
        pictures = torch.stack([embed(eye, cut) for cut in (photos, photos.flip(3), photos[:, :, 12:-12, 12:-12])])
        pictures = pictures.to(options.device)
        log_line(options, stage=name, event="pictures embedded")

    def look(sums, counted):
        spent = (time.monotonic() - start) / 60
        with torch.no_grad():
            found = torch.cat([F.normalize(tower(encode(dev_captions[k : k + 500])).float(), dim=1).cpu() for k in range(0, len(dev_captions), 500)])
        likeness = F.cosine_similarity(found, targets.dev_texts).mean()
        extra = {"dev_text_to_image": recall(found, dev_pictures, 5)} if dev_pictures is not None else {}
        log_line(options, stage=name, step=step, of=steps, minutes=round(spent, 1),
                 left_minutes=round(spent * (steps - step) / max(1, step - first), 1),
                 **{k: round(v / counted, 4) for k, v in sums.items()}, dev_cosine=round(float(likeness), 4), **extra)

    def keep():
        save(path, {"optimizer": optimizer.state(), "step": step, "settings": tower.settings})

    log_line(options, stage=name, event="start", step=step, parameters=sum(p.numel() for p in tower.parameters()))
    sums, counted, first, start = {}, 0, step, time.monotonic()
    last = start
    look({}, 1)
    while step < steps:
        written, meant = drawn.batch(step, options.batch)
        found = F.normalize(tower(encode(written)).float(), dim=1)
        wanted = targets.text(meant).to(options.device)
        direction = 1 - (found * wanted).sum(1).mean()
        with torch.no_grad():
            likeness = (wanted @ wanted.T * targets.temperature).softmax(1)
        relation = -(likeness * (found @ wanted.T * targets.temperature).log_softmax(1)).sum(1).mean()
        relation = relation + (likeness * likeness.clamp_min(1e-9).log()).sum(1).mean()
        loss, parts = 4 * direction + 0.5 * relation, {"direction": direction, "relation": relation}
        if options.tune:
            chosen = generator.choice(len(names), options.batch, replace=False)
            paired = [captions[names[i]][generator.integers(5)] for i in chosen]
            shown = pictures[generator.integers(len(pictures), size=len(chosen)), chosen]
            logits = F.normalize(tower(encode(paired)).float(), dim=1) @ shown.T * targets.temperature
            number = torch.arange(len(chosen), device=options.device)
            match = (F.cross_entropy(logits, number) + F.cross_entropy(logits.T, number)) / 2
            loss, parts = loss + options.match * match, {**parts, "match": match}
        loss.backward()
        optimizer.step(rate(step / steps, options.rate * (0.3 if options.tune else 1)))
        step, counted = step + 1, counted + 1
        for k, v in parts.items():
            sums[k] = sums.get(k, 0.0) + float(v.detach())
        if time.monotonic() - last > 60:
            look(sums, counted)
            keep()
            sums, counted, last = {}, 0, time.monotonic()
    keep()
    look(sums, max(1, counted))


if __name__ == "__main__":
    main()
