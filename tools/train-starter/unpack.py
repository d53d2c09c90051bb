#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage 8: the held-out photos as files, as `kalon-cli eval` takes them.

Writes below --output (default WORK/eval), the photos' own bytes:
    flickr-dev/, flickr-dev.tsv        file TAB caption; the same for -test
    caltech-dev/CLASS/, caltech-test/, flowers-dev/, flowers-test/, tiny-dev/, tiny-test/
    caltech.tsv, flowers.tsv, tiny.tsv folder TAB name: what the classes are called
"""
import json
import pathlib
import tarfile

from common import arguments, log_line
from names import class_names
from prepare import SOURCES


def write_photos(options, source, item):
    folders = {p: f"{source}-{s}" for p, s in zip(item["paths"], item["splits"]) if s != "train"}
    with tarfile.open(options.data / SOURCES[source][0]) as tar:
        for member in tar:
            if member.name not in folders:
                continue
            folder, name = member.name.split("/")[-2:]
            path = options.output / folders[member.name] / ("" if source == "flickr" else folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(tar.extractfile(member).read())
    return len(folders)


def main():
    def extra(parser):
        parser.add_argument("--output", type=pathlib.Path)

    options = arguments(__doc__, extra)
    options.output = options.output or options.work / "eval"
    items = json.loads((options.work / "items.json").read_text())
    captions = json.loads((options.work / "captions.json").read_text())
    for source, item in items.items():
        log_line(options, stage="unpack", source=source, photos=write_photos(options, source, item))
        if source == "flickr":
            for split in ("dev", "test"):
                names = [n for n, s in zip(item["names"], item["splits"]) if s == split]
                lines = [f"{n}\t{c}\n" for n in names for c in captions[n]]
                (options.output / f"flickr-{split}.tsv").write_text("".join(lines), encoding="utf-8")
        else:
            named = {f: class_names(options.data, source, f) for f in sorted(set(item["classes"]))}
            lines = [f"{f}\t{names[0]}\n" for f, names in named.items() if names]
            (options.output / f"{source}.tsv").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
