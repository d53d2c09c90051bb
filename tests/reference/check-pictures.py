#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares preprocessing with Pillow's on pictures of one's own:

    check-pictures.py BUILD_DIRECTORY FILE...

Prints, in steps of 255, the mean absolute difference of the 224 x 224 input
  full     both decode in full
  reduced  both decode JPEG at the DCT scale just above 224 (Pillow: draft)
  draft    what that scale itself changes: ours reduced against Pillow in full
and the largest difference of any pixel in "full". Exits 1 when "full" is above 0.5 anywhere."""

import pathlib
import subprocess
import sys

import numpy as np
from PIL import Image, ImageOps

SIDE = 224
Image.MAX_IMAGE_PIXELS = None


def reference(path, draft):
    picture = Image.open(path)
    if draft:
        # Pillow's draft keeps both sides above what is asked, ours the shorter one: the same
        # scale for a square, so ask for one.
        picture.draft("RGB", (SIDE, SIDE))
    picture = ImageOps.exif_transpose(picture)
    if "A" in picture.getbands() or "transparency" in picture.info:
        white = Image.new("RGBA", picture.size, (255, 255, 255, 255))
        picture = Image.alpha_composite(white, picture.convert("RGBA"))
    picture = picture.convert("RGB")
    short, long = sorted(picture.size)
    long = int(SIDE * long / short)
    size = (SIDE, long) if picture.width <= picture.height else (long, SIDE)
    picture = picture.resize(size, Image.Resampling.BICUBIC)
    left, top = (picture.width - SIDE) // 2, (picture.height - SIDE) // 2
    pixels = np.asarray(picture.crop((left, top, left + SIDE, top + SIDE)))
    return pixels.transpose(2, 0, 1).astype(np.float32)


def ours(program, files, min_side):
    data = subprocess.run([program, str(SIDE), str(min_side), *files], check=True,
                          stdout=subprocess.PIPE).stdout
    return np.frombuffer(data, np.float32).reshape(len(files), 3, SIDE, SIDE) * 255


def main():
    program = pathlib.Path(sys.argv[1]) / "tests" / "reference" / "preprocess-pictures"
    files = sys.argv[2:]
    rows = []
    for path, full, reduced in zip(files, ours(program, files, 0), ours(program, files, SIDE)):
        in_full, in_draft = reference(path, False), reference(path, True)
        row = [np.abs(full - in_full).mean(), np.abs(reduced - in_draft).mean(),
               np.abs(reduced - in_full).mean(), np.abs(full - in_full).max()]
        rows.append(row)
        print("full {:.4f}  reduced {:.4f}  draft {:.4f}  largest {:3.0f}  ".format(*row)
              + pathlib.Path(path).name)
    rows = np.array(rows)
    print("mean of {}: full {:.4f}  reduced {:.4f}  draft {:.4f}".format(len(rows), *rows.mean(0)))
    return int((rows[:, 0] > 0.5).any())


sys.exit(main())
