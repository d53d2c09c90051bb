#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage 1: decode every training photo once into flat arrays.

Writes WORK/photos.<source>.npy ([n, side, side, 3] uint8, squashed to a square)
and WORK/items.json (per source: names, class per photo, split per photo).
Held-out photos: Flickr8k dev and test (our split), a fifth of Caltech-101, the
flowers' own test folder and a twentieth of Tiny ImageNet, chosen by SHA-256 of
the name.  A source already on disk is left alone, so a cut run goes on.
"""
import gzip
import hashlib
import io
import json
import tarfile
from concurrent.futures import ProcessPoolExecutor

import numpy as np
from PIL import Image

from common import arguments, log_line

SOURCES = {  # source: (archive, side)
    "flickr": ("flickr8k-160.tar", 160),
    "caltech": ("caltech101-144.tar", 144),
    "flowers": ("flowers-144.tar", 144),
    "tiny": ("tiny-imagenet-40k.tar", 64),
}


def decode(job):
    data, side = job
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    return np.asarray(picture.resize((side, side), Image.BICUBIC))


def split_of(source, path, flickr_split):
    name = path.rsplit("/", 1)[-1]
    number = int(hashlib.sha256(path.encode()).hexdigest()[:8], 16)
    if source == "flickr":
        return flickr_split[name]
    if source == "flowers":
        return "held" if "_test/" in path else "train"
    return "held" if number % (5 if source == "caltech" else 20) == 0 else "train"


def main():
    options = arguments(__doc__)
    data, work = options.data, options.work
    flickr_split = dict(
        line.split("\t") for line in (data / "flickr8k-split.tsv").read_text().splitlines()
    )
    items_path = work / "items.json"
    items = json.loads(items_path.read_text()) if items_path.exists() else {}
    with ProcessPoolExecutor(options.threads) as pool:
        for source, (archive, side) in SOURCES.items():
            if source in items:
                continue
            paths, blobs = [], []
            with tarfile.open(data / archive) as tar:
                for member in tar:
                    if member.isfile():
                        paths.append(member.name)
                        blobs.append((tar.extractfile(member).read(), side))
            photos = np.lib.format.open_memmap(
                work / f"photos.{source}.npy", "w+", np.uint8, (len(paths), side, side, 3)
            )
            for i, photo in enumerate(pool.map(decode, blobs, chunksize=64)):
                photos[i] = photo
            photos.flush()
            items[source] = {
                "names": [p.rsplit("/", 1)[-1] for p in paths],
                "classes": [p.rsplit("/", 2)[-2] for p in paths],
                "splits": [split_of(source, p, flickr_split) for p in paths],
            }
            items_path.write_text(json.dumps(items))
            log_line(options, stage="prepare", source=source, photos=len(paths))
    captions = {}
    with gzip.open(data / "flickr8k-captions.tsv.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            name, caption = line.rstrip("\n").split("\t")
            captions.setdefault(name, []).append(caption)
    (work / "captions.json").write_text(json.dumps(captions))


if __name__ == "__main__":
    main()
