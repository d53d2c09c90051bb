#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage 4: the image tower, from random numbers, taught by the joint space of stage 3.

What it is shown: views.py.  Loss: direction of the whole (4 x), direction of
the teacher's features at each patch (2 x, through a layer thrown away at the
end), the teacher's likeness to 2,048 texts (1 x), captions of Flickr8k photos by
contrast (0.5 x), class names by cross entropy (0.25 x).

--samples N says how long the run is: pictures grow from 64 to 96 to 128 pixels,
the learning rate stays flat for the first half and falls to nothing in the
second.  Checkpoints every two minutes; started again with the same command it
goes on.  What stood at the end of the flat half is kept (NAME.flat.pt): a
longer run, with another --name and --from NAME.flat.pt, begins there.
"""
import time

import numpy as np
import torch
import torch.nn.functional as F

from common import arguments, log_line, save
from metrics import recall
from optimizer import Optimizer
from towers import ImageTower
from views import MEAN, STD, Targets, batch

STAGES = ((0.55, 64, 2), (0.87, 96, 1), (1.0, 128, 1))  # until this share of the samples: picture side, batches in one
FLAT = 0.5  # share of the samples at the full learning rate
BANK = 2048


class Student(torch.nn.Module):
    def __init__(self, **settings):
        super().__init__()
        self.tower = ImageTower(**settings)
        self.cells = torch.nn.Linear(self.tower.settings["width"], 512)


def loss_of(student, made, targets, numbers):
    device = student.cells.weight.device
    photos, whole, cells, pure, captions, labels = (x.to(device) for x in made)
    pictures, tokens = student.tower(photos.to(student.cells.weight.dtype))
    pictures, whole = F.normalize(pictures.float(), dim=1), F.normalize(whole, dim=1)
    direction = 1 - (pictures * whole).sum(1).mean()
    dense = 1 - F.cosine_similarity(student.cells(tokens).float(), cells, dim=2).mean()
    bank = targets.bank[numbers.integers(0, len(targets.bank), BANK)].T * targets.temperature
    likeness = F.kl_div((pictures @ bank).log_softmax(1), (whole @ bank).log_softmax(1), log_target=True, reduction="batchmean")
    logits = pictures[pure] @ captions.T * targets.temperature
    number = torch.arange(len(pure), device=device)
    match = (F.cross_entropy(logits, number) + F.cross_entropy(logits.T, number)) / 2
    named = labels >= 0
    classes = F.cross_entropy(pictures[named] @ targets.classes.T * targets.temperature, labels[named])
    parts = {"direction": direction, "dense": dense, "likeness": likeness, "match": match, "classes": classes}
    return 4 * direction + 2 * dense + likeness + 0.5 * match + 0.25 * classes, parts


@torch.no_grad()
def embed(tower, photos, size=100):
    """Whole photos [n, 3, s, s] uint8 -> unit embeddings"""
    found = []
    for k in range(0, len(photos), size):
        x = F.interpolate(photos[k : k + size].float() / 255, size=(128, 128), mode="bicubic", antialias=True)
        x = ((x.clamp(0, 1) - MEAN) / STD).to(tower.positions)
        found.append(F.normalize(tower(x)[0].float(), dim=1).cpu())
    return torch.cat(found)


def rate(share, peak):
    """Learning rate over the share of samples seen: short warm-up, flat, then straight down to nothing."""
    return peak * min(1.0, share / 0.005, (1 - share) / (1 - FLAT))


def main():
    def extra(parser):
        parser.add_argument("--samples", type=float, default=2e6)
        parser.add_argument("--batch", type=int, default=224)
        parser.add_argument("--rate", type=float, default=0.02)
        parser.add_argument("--width", type=int, default=256)
        parser.add_argument("--depth", type=int, default=6)
        parser.add_argument("--heads", type=int, default=4)
        parser.add_argument("--name", default="image", help="checkpoint WORK/NAME.pt")
        parser.add_argument("--from", dest="start", help="a checkpoint in WORK to begin at")

    options = arguments(__doc__, extra)
    work = options.work
    targets = Targets(options)
    student = Student(width=options.width, depth=options.depth, heads=options.heads)
    generator = torch.Generator().manual_seed(options.seed)
    numbers = np.random.default_rng(options.seed)
    student.tower.start_patches(batch(targets, 256, 128, 16, generator, numbers)[0])
    student = student.to(options.device).bfloat16()
    optimizer = Optimizer(student)
    path = work / f"{options.name}.pt"
    step, seen, minutes = 0, 0, 0.0
    if path.exists() or options.start:
        saved = torch.load(path if path.exists() else work / options.start, map_location=options.device)
        optimizer.load(saved["optimizer"])
        average, step, seen, minutes = saved["average"], saved["step"], saved["seen"], saved["minutes"]
        generator.manual_seed(options.seed + step)
        numbers = np.random.default_rng(options.seed + step)
    else:
        average = {n: p.clone() for n, p in optimizer.master.items()}
    log_line(options, stage=options.name, event="start", step=step, seen=seen, samples=options.samples,
             parameters=sum(p.numel() for p in student.tower.parameters()), settings=student.tower.settings,
             batch=options.batch, rate=options.rate, threads=options.threads, device=options.device)
    shadow = ImageTower(**student.tower.settings).to(options.device)
    start = time.monotonic() - 60 * minutes
    sums, counted, last_look, last_save, begun_at = {}, 0, time.monotonic(), time.monotonic(), (seen, time.monotonic())

    def keep(file):
        save(file, {"optimizer": optimizer.state(), "average": average, "step": step, "seen": seen, "share": seen / options.samples,
                    "minutes": (time.monotonic() - start) / 60, "settings": student.tower.settings})

    def look(side):
        shadow.load_state_dict({n[6:]: p for n, p in average.items() if n.startswith("tower.")})
        found = recall(targets.dev_texts, embed(shadow.bfloat16().eval(), targets.dev_photos), 5)
        shadow.float()
        speed = (seen - begun_at[0]) / (time.monotonic() - begun_at[1])
        log_line(options, stage=options.name, step=step, seen=seen, share=round(seen / options.samples, 4), side=side,
                 minutes=round((time.monotonic() - start) / 60, 1), left_minutes=round((options.samples - seen) / speed / 60, 1),
                 per_second=round(speed),
                 **{k: round(v / max(1, counted), 4) for k, v in sums.items()}, dev_text_to_image=found)

    side = STAGES[0][1]
    while seen < options.samples:
        share = seen / options.samples
        limit, stage_side, several = next(s for s in STAGES if share < s[0])
        if stage_side != side:
            begun_at = (seen, time.monotonic())
            side = stage_side
        made = batch(targets, options.batch * several, side, 16, generator, numbers)
        loss, parts = loss_of(student, made, targets, numbers)
        loss.backward()
        optimizer.step(rate(share, options.rate))
        was_flat = share < FLAT
        step, seen, counted = step + 1, seen + len(made[0]), counted + 1
        fade = min(0.998, (1 + step) / (10 + step))
        torch._foreach_lerp_(list(average.values()), list(optimizer.master.values()), 1 - fade)
        for k, v in parts.items():
            sums[k] = sums.get(k, 0.0) + float(v.detach())
        if time.monotonic() - last_look > 240 or step == 20:
            look(side)
            sums, counted, last_look = {}, 0, time.monotonic()
        if time.monotonic() - last_save > 120:
            keep(path)
            last_save = time.monotonic()
        if was_flat and seen / options.samples >= FLAT:
            keep(work / f"{options.name}.flat.pt")
    keep(path)
    look(side)


if __name__ == "__main__":
    main()
