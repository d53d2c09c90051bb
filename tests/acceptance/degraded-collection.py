#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A collection of which half is spoilt: degraded-collection.py PHOTOS CAPTIONS.tsv[.gz] OUT [CAPTIONS_A_PHOTO]

Of every photo of the folder PHOTOS a clean copy and a degraded one, for “kalon-cli eval align”. The degradations are those that
the starter's aesthetic head never saw in training (HELD_OUT of tools/train-starter/degrade.py), kinds and severities in turn.
Both copies are squares of 160 pixels, the size that the strengths are meant for, and PNG, so that no coding tells them apart.

OUT/pictures/   NAME.png and NAME-b.png
OUT/pairs.tsv   clean TAB degraded TAB kind TAB severity
OUT/captions.tsv   clean TAB caption, the first CAPTIONS_A_PHOTO (1) of each photo
OUT/queries.txt    the same captions, one a line

Deterministic for the same photos. Needs NumPy and Pillow."""
import gzip
import pathlib
import sys
import zlib

import numpy as np
from PIL import Image, ImageOps

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools" / "train-starter"))
import degrade

SIDE = 160


def square(path):
    with Image.open(path) as photo:
        photo = ImageOps.exif_transpose(photo).convert("RGB")
        return np.asarray(ImageOps.fit(photo, (SIDE, SIDE), Image.BICUBIC))


def read_captions(path):
    captions = {}
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            name, _, caption = line.rstrip("\n").partition("\t")
            captions.setdefault(name, []).append(caption.strip())
    return captions


def main():
    photos, captions, out = (pathlib.Path(a) for a in sys.argv[1:4])
    n_captions = int(sys.argv[4]) if len(sys.argv) > 4 else 1
    texts = read_captions(captions)
    kinds = list(degrade.HELD_OUT.items())
    (out / "pictures").mkdir(parents=True)
    pairs, lines = [], []
    for number, path in enumerate(sorted(photos.glob("*.jpg"))):
        (kind, function), severity = kinds[number % len(kinds)], number // len(kinds) % 3
        rng = np.random.default_rng(zlib.crc32(path.name.encode()))
        better, worse = degrade.pair(function, square(path), severity, rng)
        Image.fromarray(better).save(out / "pictures" / f"{path.stem}.png")
        Image.fromarray(worse).save(out / "pictures" / f"{path.stem}-b.png")
        pairs.append((f"{path.stem}.png", f"{path.stem}-b.png", kind, degrade.SEVERITIES[severity]))
        lines += [(f"{path.stem}.png", text) for text in texts[path.name][:n_captions]]
    for name, rows in ("pairs.tsv", pairs), ("captions.tsv", lines), ("queries.txt", [row[1:] for row in lines]):
        (out / name).write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")


if __name__ == "__main__":
    main()
