#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage 2: run the teacher (MobileNetV2) once over every photo.

Writes per source WORK/map.<source>.npy ([n, cells, cells, 512] float16: the
last feature map in its 512 strongest principal directions) and
WORK/pooled.<source>.npy ([n, 1280] float16), and WORK/directions.pt.
Tiny ImageNet's 64-pixel photos are shown at 160 pixels: enlarged to 224 they
confuse the teacher (18 % of 400 named right, 27 % at 160).
Goes on where it was cut, 2,000 photos back at most.
"""
import json

import numpy as np
import torch
import torch.nn.functional as F

from common import arguments, log_line, save
from mobilenet import MobileNet

SIDES = {"flickr": 224, "caltech": 224, "flowers": 224, "tiny": 160}
KEPT = 512
BATCH = 50


def features(model, photos, side, options):
    x = torch.from_numpy(np.ascontiguousarray(photos)).to(options.device).permute(0, 3, 1, 2)
    x = F.interpolate(x.float() / 127.5 - 1, size=(side, side), mode="bicubic", align_corners=False)
    return model(x.clamp(-1, 1).bfloat16()).float()


def principal_directions(model, sources, options):
    """Mean [1280] and the strongest directions [1280, KEPT] of feature-map cells, from an even sample."""
    cells = []
    for source, photos in sources.items():
        chosen = np.arange(0, len(photos), max(1, len(photos) // 300))[:300]
        for k in range(0, len(chosen), BATCH):
            f = features(model, photos[chosen[k : k + BATCH]], SIDES[source], options)
            cells.append(f.permute(0, 2, 3, 1).reshape(-1, f.shape[1]).cpu())
    cells = torch.cat(cells)
    mean = cells.mean(0)
    values, vectors = torch.linalg.eigh((cells - mean).T @ (cells - mean) / len(cells))
    kept = values.flip(0)
    log_line(options, stage="teacher", variance_kept=round(float(kept[:KEPT].sum() / kept.sum()), 4))
    return {"mean": mean, "directions": vectors.flip(1)[:, :KEPT].contiguous()}


@torch.no_grad()
def main():
    options = arguments(__doc__)
    work = options.work
    model = MobileNet(options.data / "teacher").to(options.device).bfloat16().eval()
    sources = {s: np.load(work / f"photos.{s}.npy", mmap_mode="r") for s in SIDES}
    if not (work / "directions.pt").exists():
        save(work / "directions.pt", principal_directions(model, sources, options))
    basis = torch.load(work / "directions.pt")
    mean, directions = basis["mean"].to(options.device), basis["directions"].to(options.device)
    progress_path = work / "teacher.json"
    progress = json.loads(progress_path.read_text()) if progress_path.exists() else {}
    for source, photos in sources.items():
        count, cells = len(photos), SIDES[source] // 32
        mode = "r+" if source in progress else "w+"
        maps = np.lib.format.open_memmap(work / f"map.{source}.npy", mode, np.float16, (count, cells, cells, KEPT))
        pooled = np.lib.format.open_memmap(work / f"pooled.{source}.npy", mode, np.float16, (count, 1280))
        for k in range(progress.get(source, 0), count, BATCH):
            f = features(model, photos[k : k + BATCH], SIDES[source], options).permute(0, 2, 3, 1)
            maps[k : k + BATCH] = ((f - mean) @ directions).half().cpu().numpy()
            pooled[k : k + BATCH] = f.mean((1, 2)).half().cpu().numpy()
            if k % 2000 == 0 or k + BATCH >= count:
                maps.flush(), pooled.flush()
                progress[source] = min(k + BATCH, count)
                progress_path.write_text(json.dumps(progress))
                log_line(options, stage="teacher", source=source, done=progress[source], of=count)


if __name__ == "__main__":
    main()
