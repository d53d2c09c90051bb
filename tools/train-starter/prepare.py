#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage 1: decode every training photo once into flat arrays.

Writes WORK/photos.<source>.npy ([n, side, side, 3] uint8, squashed to a square)
and WORK/items.json (per source: names, class per photo, split per photo).
Splits, chosen by SHA-256 of the name: "train"; "dev" (choices are made on it:
Flickr8k's dev, a twentieth of what the others train on); "test" (looked at once
per released model: Flickr8k's test, half of Caltech-101, the flowers' own test
folder and all photos of 50 Tiny ImageNet classes).
A source already on disk is left alone, so a cut run goes on.
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
UNSEEN = 50  # classes of Tiny ImageNet of which no photo is used


def decode(job):
    data, side = job
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    return np.asarray(picture.resize((side, side), Image.BICUBIC))


def number_of(text):
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)


def split_of(source, path, flickr_split, unseen):
    folder, name = path.split("/")[-2:]
    if source == "flickr":
        return flickr_split[name]
    tested = {"flowers": "_test/" in path, "caltech": number_of(path) % 2 == 0, "tiny": folder in unseen}
    if tested[source]:
        return "test"
    return "dev" if number_of(path) // 2 % 20 == 0 else "train"


def main():
    options = arguments(__doc__)
    data, work = options.data, options.work
    flickr_split = dict(
        line.split("\t") for line in (data / "flickr8k-split.tsv").read_text().splitlines()
    )
    classes = (data / "tiny-imagenet-wnids.txt").read_text().split()
    unseen = set(sorted(classes, key=number_of)[:UNSEEN])
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
                "splits": [split_of(source, p, flickr_split, unseen) for p in paths],
                "paths": paths,
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
