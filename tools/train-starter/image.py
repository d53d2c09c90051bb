#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage 4: the image tower, from random numbers, taught by the joint space of stage 3.

Every sample is a random crop and flip of a photo; the teacher's stored feature
map is cut by the same crop.  Loss: direction of the whole (4 x), direction of
the teacher's features at each patch (2 x, through a layer thrown away at the
end), captions of Flickr8k photos by contrast (0.5 x), class names by cross
entropy (0.25 x).  The picture side grows with time: 64, 96, 128 pixels.

The schedule follows the clock: --until HH:MM (UTC) or --minutes M.  Checkpoints
every two minutes; started again with the same command it goes on.
"""
import json
import math
import os
import time

import numpy as np
import torch
import torch.nn.functional as F

from common import arguments, log_line, save, seconds_until
from ground import Ground, load_photos
from metrics import recall
from names import Words, class_names
from optimizer import Optimizer
from towers import ImageTower

# CLIP's own normalisation, so that preprocessor_config.json is the usual one.
MEAN = torch.tensor([0.48145466, 0.4578275, 0.40821073]).view(1, 3, 1, 1)
STD = torch.tensor([0.26862954, 0.26130258, 0.27577711]).view(1, 3, 1, 1)
SHARES = {"flickr": 0.45, "caltech": 0.16, "flowers": 0.06, "tiny": 0.33}
STAGES = ((0.25, 64), (0.8, 96), (1.0, 128))  # until this share of the time: picture side


class Targets:
    """What the teacher says of each training photo, in the joint space."""

    def __init__(self, options):
        work = options.work
        saved = torch.load(work / "ground.pt")
        captions = json.loads((work / "captions.json").read_text())
        self.items, self.rows = load_photos(options, "train")
        names = [self.items["flickr"]["names"][r] for r in self.rows["flickr"]]
        self.words = Words(options.data, {n: captions[n] for n in names})
        assert self.words.words == saved["words"]
        ground = Ground(self.words.vectors, saved["state"]["mean"], saved["state"]["scale"])
        ground.load_state_dict(saved["state"])
        self.ground = ground.eval().requires_grad_(False)
        basis = torch.load(work / "directions.pt")
        head = ground.picture.weight / ground.scale
        self.cell_head = (head @ basis["directions"]).T.contiguous()
        self.photos, self.maps, self.whole = {}, {}, {}
        for source, rows in self.rows.items():
            self.photos[source] = np.load(work / f"photos.{source}.npy", mmap_mode="r")
            self.maps[source] = np.load(work / f"map.{source}.npy", mmap_mode="r")
            pooled = torch.from_numpy(np.load(work / f"pooled.{source}.npy").astype(np.float32))
            if source == "tiny":
                pooled += saved["shift"]
            self.whole[source] = ((pooled - ground.mean) @ head.T + ground.picture.bias)
        self.captions = self.text([c for n in names for c in captions[n]]).view(len(names), 5, -1)
        distinct, self.class_of = {}, {}
        for source in ("caltech", "flowers", "tiny"):
            numbers = []
            for folder in self.items[source]["classes"]:
                own = class_names(options.data, source, folder)
                numbers.append(distinct.setdefault(own[0], len(distinct)) if own else -1)
            self.class_of[source] = torch.tensor(numbers)
        self.class_names = list(distinct)
        self.classes = self.text(["a photo of a " + n for n in self.class_names])
        dev = load_photos(options, "dev")[1]["flickr"]
        self.dev_photos = torch.from_numpy(np.array(self.photos["flickr"][dev])).permute(0, 3, 1, 2)
        self.dev_texts = self.text([c for r in dev for c in captions[self.items["flickr"]["names"][r]]])

    def text(self, texts):
        return self.ground.texts(torch.tensor([self.words.encode(t) for t in texts]))


def crops(count, generator, ratio):
    """Random boxes as grid_sample's theta [n, 2, 3]: area .3-1, aspect within `ratio`, flipped half the time."""
    area = torch.empty(count).uniform_(0.3, 1.0, generator=generator)
    aspect = torch.empty(count).uniform_(-math.log(ratio), math.log(ratio), generator=generator).exp()
    width, height = (area * aspect).sqrt().clamp(max=1), (area / aspect).sqrt().clamp(max=1)
    place = torch.rand(count, 2, generator=generator) * 2 - 1
    flip = torch.where(torch.rand(count, generator=generator) < 0.5, -1.0, 1.0)
    zero = torch.zeros(count)
    return torch.stack([
        torch.stack([width * flip, zero, place[:, 0] * (1 - width)], 1),
        torch.stack([zero, height, place[:, 1] * (1 - height)], 1),
    ], 1)


def colours(photos, generator):
    """Brightness, contrast, saturation within a third, each photo its own; photos in 0..1."""
    def factor():
        return torch.empty(len(photos), 1, 1, 1).uniform_(0.67, 1.33, generator=generator)

    photos = photos * factor()
    photos = (photos - photos.mean((1, 2, 3), keepdim=True)) * factor() + photos.mean((1, 2, 3), keepdim=True)
    grey = photos.mean(1, keepdim=True)
    return (grey + (photos - grey) * factor()).clamp(0, 1)


def batch(targets, size, side, patch, generator, numbers):
    """-> photos [n, 3, side, side], whole [n, 256], cells [n, tokens, 512], captions, class numbers"""
    grid = side // patch
    photos, whole, cells, texts, labels = [], [], [], [], []
    for source, share in SHARES.items():
        rows = targets.rows[source]
        chosen = rows[np.sort(numbers.integers(0, len(rows), max(1, round(size * share))))]
        theta = crops(len(chosen), generator, 1.6 if source == "flickr" else 1.35)
        raw = torch.from_numpy(targets.photos[source][chosen]).permute(0, 3, 1, 2).float() / 255
        at = F.affine_grid(theta, [len(chosen), 3, side, side], align_corners=False)
        photos.append(colours(F.grid_sample(raw, at, "bilinear", "reflection", align_corners=False), generator))
        stored = torch.from_numpy(targets.maps[source][chosen]).float().permute(0, 3, 1, 2)
        at = F.affine_grid(theta, [len(chosen), 1, grid, grid], align_corners=False)
        cut = F.grid_sample(stored, at, "bilinear", "border", align_corners=False).flatten(2).transpose(1, 2)
        shift = (cut.mean(1) - stored.mean((2, 3))) @ targets.cell_head
        whole.append(targets.whole[source][chosen] + shift)
        cells.append(cut)
        if source == "flickr":
            place = np.searchsorted(rows, chosen)
            texts = targets.captions[place, numbers.integers(0, 5, len(place))]
            labels.append(torch.full((len(chosen),), -1))
        else:
            labels.append(targets.class_of[source][chosen])
    photos = (torch.cat(photos) - MEAN) / STD
    return photos, torch.cat(whole), torch.cat(cells), texts, torch.cat(labels)


class Student(torch.nn.Module):
    def __init__(self, **settings):
        super().__init__()
        self.tower = ImageTower(**settings)
        self.cells = torch.nn.Linear(self.tower.settings["width"], 512)


def loss_of(student, made, targets):
    photos, whole, cells, texts, labels = made
    pictures, tokens = student.tower(photos.to(student.cells.weight.dtype))
    pictures = F.normalize(pictures.float(), dim=1)
    direction = 1 - F.cosine_similarity(pictures, whole).mean()
    dense = 1 - F.cosine_similarity(student.cells(tokens).float(), cells, dim=2).mean()
    temperature = targets.ground.temperature.exp()
    logits = pictures[: len(texts)] @ texts.T * temperature
    number = torch.arange(len(texts))
    match = (F.cross_entropy(logits, number) + F.cross_entropy(logits.T, number)) / 2
    named = labels >= 0
    classes = F.cross_entropy(pictures[named] @ targets.classes.T * temperature, labels[named])
    parts = {"direction": direction, "dense": dense, "match": match, "classes": classes}
    return 4 * direction + 2 * dense + 0.5 * match + 0.25 * classes, parts


@torch.no_grad()
def embed(tower, photos, size=100):
    """Whole photos [n, 3, s, s] uint8 -> unit embeddings"""
    found = []
    for k in range(0, len(photos), size):
        x = F.interpolate(photos[k : k + size].float() / 255, size=(128, 128), mode="bicubic", antialias=True)
        x = (x.clamp(0, 1) - MEAN) / STD
        found.append(F.normalize(tower(x.to(tower.positions.dtype))[0].float(), dim=1))
    return torch.cat(found)


def rate(share, peak):
    """Learning rate over the share of time spent: short warm-up, flat, then down to nothing as a cosine."""
    if share < 0.01:
        return peak * share / 0.01
    if share < 0.3:
        return peak
    return peak * 0.5 * (1 + math.cos(math.pi * min(1.0, (share - 0.3) / 0.7)))


def main():
    def extra(parser):
        parser.add_argument("--until", help="HH:MM UTC")
        parser.add_argument("--minutes", type=float, default=75)
        parser.add_argument("--batch", type=int, default=224)
        parser.add_argument("--rate", type=float, default=0.02)
        parser.add_argument("--width", type=int, default=256)
        parser.add_argument("--depth", type=int, default=6)
        parser.add_argument("--heads", type=int, default=4)
        parser.add_argument("--name", default="image", help="checkpoint WORK/NAME.pt")

    options = arguments(__doc__, extra)
    work = options.work
    (work / "pid").write_text(str(os.getpid()))
    targets = Targets(options)
    student = Student(width=options.width, depth=options.depth, heads=options.heads)
    generator = torch.Generator().manual_seed(options.seed)
    numbers = np.random.default_rng(options.seed)
    student.tower.start_patches(batch(targets, 256, 128, 16, generator, numbers)[0])
    student = student.bfloat16()
    optimizer = Optimizer(student)
    path = work / f"{options.name}.pt"
    start, until, step, seen = time.time(), None, 0, 0
    if path.exists():
        saved = torch.load(path)
        optimizer.load(saved["optimizer"])
        average, step, seen = saved["average"], saved["step"], saved["seen"]
        start, until = saved["start"], saved["until"]
        generator.manual_seed(options.seed + step)
        numbers = np.random.default_rng(options.seed + step)
    else:
        average = {n: p.clone() for n, p in optimizer.master.items()}
        until = start + (seconds_until(options.until) if options.until else options.minutes * 60)
    log_line(options, stage=options.name, event="start", step=step, parameters=sum(p.numel() for p in student.tower.parameters()),
             settings=student.tower.settings, batch=options.batch, rate=options.rate, threads=options.threads)

    shadow = ImageTower(**student.tower.settings)

    def keep(share):
        save(path, {"optimizer": optimizer.state(), "average": average, "step": step, "seen": seen, "start": start,
                    "until": until, "share": share, "settings": student.tower.settings})

    def look(share, side, parts):
        shadow.load_state_dict({n[6:]: p for n, p in average.items() if n.startswith("tower.")})
        found = recall(targets.dev_texts, embed(shadow.bfloat16().eval(), targets.dev_photos), 5)
        log_line(options, stage=options.name, step=step, seen=seen, minutes=round((time.time() - start) / 60, 1), share=round(share, 4),
                 left_minutes=round((until - time.time()) / 60, 1), trained_side=side, **{k: round(v, 4) for k, v in parts.items()},
                 dev_text_to_image=found)
        shadow.float()

    sums, counted, last_look, last_save, side = {}, 0, time.time(), time.time(), STAGES[0][1]
    while True:
        share = (time.time() - start) / (until - start)
        if share >= 1:
            break
        side = next(s for limit, s in STAGES if share <= limit)
        made = batch(targets, options.batch, side, 16, generator, numbers)
        loss, parts = loss_of(student, made, targets)
        loss.backward()
        optimizer.step(rate(share, options.rate))
        step, seen, counted = step + 1, seen + len(made[0]), counted + 1
        fade = min(0.99, step / (step + 10))
        torch._foreach_lerp_(list(average.values()), list(optimizer.master.values()), 1 - fade)
        for k, v in parts.items():
            sums[k] = sums.get(k, 0.0) + float(v.detach())
        if time.time() - last_look > 240 or step == 20:
            look(share, side, {k: v / counted for k, v in sums.items()})
            sums, counted, last_look = {}, 0, time.time()
        if time.time() - last_save > 120:
            keep(share)
            last_save = time.time()
    keep(1.0)
    look(1.0, side, {k: v / max(1, counted) for k, v in sums.items()})


if __name__ == "__main__":
    main()
