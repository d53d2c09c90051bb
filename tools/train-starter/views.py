# SPDX-License-Identifier: GPL-3.0-or-later
"""What the image tower is shown, and what the teacher says of the very same view.

Every sample is a random crop and flip of a photo, in other colours; the
teacher's stored feature map is cut by the same crop.  Half of the samples have
a box of another photo pasted over (CutMix, Yun et al. 2019), the teacher's map
likewise, patch by patch; and from 96 pixels on half of Tiny ImageNet's 64-pixel
photos come four to a sample, so that they are not only ever seen enlarged.
"""
import json
import math

import numpy as np
import torch
import torch.nn.functional as F

from ground import Ground, load_photos
from names import Words, category_names, class_names, imagenet_names

# CLIP's own normalisation, so that preprocessor_config.json is the usual one.
MEAN = torch.tensor([0.48145466, 0.4578275, 0.40821073]).view(1, 3, 1, 1)
STD = torch.tensor([0.26862954, 0.26130258, 0.27577711]).view(1, 3, 1, 1)
SHARES = {"flickr": 0.4, "caltech": 0.12, "flowers": 0.05, "tiny": 0.43}
MIXED = 0.5  # of all samples: another photo's box pasted over


class Targets:
    """What the teacher says of each training photo, in the joint space; on options.device."""

    def __init__(self, options):
        work, device = options.work, options.device
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
        for source in self.rows:
            self.photos[source] = np.load(work / f"photos.{source}.npy", mmap_mode="r")
            self.maps[source] = np.load(work / f"map.{source}.npy", mmap_mode="r")
            pooled = torch.from_numpy(np.load(work / f"pooled.{source}.npy").astype(np.float32))
            if source == "tiny":
                pooled += saved["shift"]
            self.whole[source] = (pooled - ground.mean) @ head.T + ground.picture.bias
        texts = [c for n in names for c in captions[n]]
        self.captions = self.text(texts).view(len(names), 5, -1)
        things = [n[0] for n in imagenet_names(options.data)[1:]] + category_names(options.data)
        self.bank = torch.cat([self.captions.flatten(0, 1), self.text(["a photo of a " + t for t in things])]).to(device)
        distinct, self.class_of = {}, {}
        for source in ("caltech", "flowers", "tiny"):
            numbers = []
            for folder in self.items[source]["classes"]:
                own = class_names(options.data, source, folder)
                numbers.append(distinct.setdefault(own[0], len(distinct)) if own else -1)
            self.class_of[source] = torch.tensor(numbers)
        self.class_names = list(distinct)
        self.classes = self.text(["a photo of a " + n for n in self.class_names]).to(device)
        self.temperature = float(ground.temperature.exp())
        dev = load_photos(options, "dev")[1]["flickr"]
        self.dev_photos = torch.from_numpy(np.array(self.photos["flickr"][dev])).permute(0, 3, 1, 2)
        self.dev_texts = self.text([c for r in dev for c in captions[self.items["flickr"]["names"][r]]])

    def text(self, texts):
        return self.ground.texts(torch.tensor([self.words.encode(t) for t in texts]))


def crops(count, generator, ratio):
    """Random boxes as grid_sample's theta [n, 2, 3]: area .25-1, aspect within `ratio`, flipped half the time."""
    area = torch.empty(count).uniform_(0.25, 1.0, generator=generator)
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


def views(targets, source, chosen, side, patch, generator):
    """-> photos [n, 3, side, side], cells [n, 512, grid, grid], rest [n, 256]: the whole's part that no cell says"""
    grid = side // patch
    theta = crops(len(chosen), generator, 1.6 if source == "flickr" else 1.35)
    raw = torch.from_numpy(targets.photos[source][chosen]).permute(0, 3, 1, 2).float() / 255
    if raw.shape[-1] >= 2 * side:
        raw = F.avg_pool2d(raw, 2)  # grid_sample does not filter: more than halving would alias
    at = F.affine_grid(theta, [len(chosen), 3, side, side], align_corners=False)
    photos = colours(F.grid_sample(raw, at, "bilinear", "reflection", align_corners=False), generator)
    stored = torch.from_numpy(targets.maps[source][chosen]).float().permute(0, 3, 1, 2)
    at = F.affine_grid(theta, [len(chosen), 1, grid, grid], align_corners=False)
    cells = F.grid_sample(stored, at, "bilinear", "border", align_corners=False)
    return photos, cells, targets.whole[source][chosen] - stored.mean((2, 3)) @ targets.cell_head


def tiles(made, rows):
    """Four views [4 n, ...] as the quarters of n: [n, c, 2 side, 2 side]"""
    def lay(x):
        n, c, h, w = x.shape
        return x.view(n // 4, 2, 2, c, h, w).permute(0, 3, 1, 4, 2, 5).reshape(n // 4, c, 2 * h, 2 * w)

    photos, cells, rest = made
    return lay(photos), lay(cells), rest.view(-1, 4, rest.shape[1]).mean(1), rows[::4]


def batch(targets, size, side, patch, generator, numbers):
    """-> photos [n, 3, side, side], whole [n, 256], cells [n, tokens, 512], places of pure captioned photos, their captions, class numbers"""
    photos, cells, rest, labels, captions = [], [], [], [], []
    for source, share in SHARES.items():
        rows = targets.rows[source]
        count = max(1, round(size * share))
        parts = [(count, 1)]
        if source == "tiny" and side >= 96:
            parts = [(count // 2, 1), (count - count // 2, 4)]
        for number, tiled in parts:
            chosen = rows[np.sort(numbers.integers(0, len(rows), number * tiled))]
            if tiled == 4:
                numbers.shuffle(chosen)
                made = tiles(views(targets, source, chosen, side // 2, patch, generator), chosen)
            else:
                made = (*views(targets, source, chosen, side, patch, generator), chosen)
            photos.append(made[0]), cells.append(made[1]), rest.append(made[2])
            if source == "flickr":
                place = np.searchsorted(rows, chosen)
                captions = targets.captions[place, numbers.integers(0, 5, len(place))]
            classed = source != "flickr" and tiled == 1
            labels.append(targets.class_of[source][chosen] if classed else torch.full((number,), -1))
    photos, cells, rest, labels = torch.cat(photos), torch.cat(cells), torch.cat(rest), torch.cat(labels)
    n, grid = len(photos), side // patch
    lone = torch.rand(n, generator=generator) >= MIXED
    box = torch.zeros(n, 1, grid, grid, dtype=torch.bool)
    for i in range(n):
        if not lone[i]:
            h, w = numbers.integers(1, grid + 1), numbers.integers(1, grid + 1)
            y, x = numbers.integers(0, grid - h + 1), numbers.integers(0, grid - w + 1)
            box[i, 0, y : y + h, x : x + w] = True
    other = torch.randperm(n, generator=generator)
    photos = torch.where(F.interpolate(box.float(), scale_factor=patch) > 0.5, photos[other], photos)
    cells = torch.where(box, cells[other], cells).flatten(2).transpose(1, 2)
    share = box.float().mean((1, 2, 3)).unsqueeze(1)
    whole = cells.mean(1) @ targets.cell_head + (1 - share) * rest + share * rest[other]
    labels = torch.where(lone, labels, -1)
    pure = torch.nonzero(lone[: len(captions)])[:, 0]
    return (photos - MEAN) / STD, whole, cells, pure, captions[pure], labels
