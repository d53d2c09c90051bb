#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""12-megapixel photographs for the decode benchmark: make-photos.py OUT_DIRECTORY FILE...

Each FILE (any size, best a photograph of 6 megapixels or more) is scaled and cut to 4000 x 3000 and
saved as baseline JPEG, quality 90, 4:2:0, as cameras and telephones write: once as it is ("clean")
and once with the grain of a sensor at middling sensitivity, Gaussian of 2.5 steps ("grain"), since
pictures that were compressed before have lost theirs and are cheaper to decode than real ones."""

import pathlib
import sys

import numpy as np
from PIL import Image, ImageOps

SIZE = (4000, 3000)


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(12)
    for name in sys.argv[2:]:
        picture = ImageOps.exif_transpose(Image.open(name)).convert("RGB")
        if picture.height > picture.width:
            picture = picture.rotate(90, expand=True)
        picture = ImageOps.fit(picture, SIZE, Image.Resampling.LANCZOS)
        stem = pathlib.Path(name).stem
        picture.save(out / f"clean-{stem}.jpg", quality=90, subsampling="4:2:0")
        grain = rng.normal(0, 2.5, (SIZE[1], SIZE[0], 3)).astype(np.float32)
        noisy = np.clip(np.asarray(picture) + grain, 0, 255).astype(np.uint8)
        Image.fromarray(noisy).save(out / f"grain-{stem}.jpg", quality=90, subsampling="4:2:0")


main()
