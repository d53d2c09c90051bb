#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""300 broken files among 1,000 good ones: the run ends normally, every broken one is named with a
reason, every good one is found.

Good ones are taken from FOLDER, or drawn when there is none. As root kalon-cli runs as nobody, so
that unreadable files are unreadable.
"""

import argparse
import json
import os
import pathlib
import random
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
import zlib

NOBODY = 65534


def png_chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def png(width, height, rows):
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    packed = zlib.compress(b"".join(b"\0" + row for row in rows))
    return (b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", packed)
            + png_chunk(b"IEND", b""))


def draw(generator):
    """A picture of a few coloured rectangles, unlike any other."""
    width, height = generator.randrange(80, 160), generator.randrange(80, 160)
    rows = [bytearray(bytes(generator.randrange(256) for _ in range(3)) * width)
            for _ in range(height)]
    for _ in range(12):
        colour = bytes(generator.randrange(256) for _ in range(3))
        left, top = generator.randrange(width), generator.randrange(height)
        right = generator.randrange(left, width) + 1
        for row in rows[top:generator.randrange(top, height) + 1]:
            row[3 * left:3 * right] = colour * (right - left)
    return png(width, height, [bytes(row) for row in rows])


def truncated(good, generator):
    return good[:generator.randrange(len(good) // 10, len(good) * 9 // 10)]


def mutated(good, generator):
    """Broken where a decoder cannot but notice: a PNG's pixels, which have a checksum, or a JPEG's
    tables. (Flipped bits in a JPEG's pixels are pixels, too.)"""
    data = bytearray(good)
    if data[:4] == b"\x89PNG":
        at = data.index(b"IDAT") + 4
        for _ in range(20):
            data[generator.randrange(at, len(data) - 16)] ^= generator.randrange(1, 256)
    else:
        for marker in (b"\xff\xc4", b"\xff\xdb", b"\xff\xc0"):
            at = data.find(marker)
            while at >= 0:
                data[at + 4:at + 20] = bytes(generator.randrange(256) for _ in range(16))
                at = data.find(marker, at + 20)
    return bytes(data)


def flipped(good, generator):
    """Anywhere: perhaps a picture, perhaps not."""
    data = bytearray(good)
    for _ in range(generator.randrange(1, 30)):
        data[generator.randrange(len(data))] = generator.randrange(256)
    return bytes(data)


def headless(good, generator):
    return bytes(generator.randrange(256) for _ in range(64)) + good[64:]


def renamed(good, generator):
    return generator.choice([
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n" * 20,
        b"PK\x03\x04\x14\0\0\0\x08\0" + bytes(200),
        b"ID3\x04\0\0\0\0\x0f\x76TSSE" + bytes(500),
        b"#!/bin/sh\necho no picture\n",
        b"<!DOCTYPE html><html><body>404 Not Found</body></html>\n",
    ])


def noise(good, generator):
    return bytes(generator.randrange(256) for _ in range(generator.randrange(1, 5000)))


def empty(good, generator):
    return b""


def huge(good, generator):
    kind = generator.randrange(3)
    side = generator.choice([60000, 100000, 2147483647])
    if kind == 0:
        header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
        return (b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header)
                + png_chunk(b"IDAT", zlib.compress(bytes(1000))) + png_chunk(b"IEND", b""))
    if kind == 1:
        return (b"BM" + struct.pack("<IHHI", 1054, 0, 0, 54)
                + struct.pack("<IiiHHIIiiII", 40, side, side, 1, 24, 0, 0, 0, 0, 0, 0)
                + bytes(1000))
    return (b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0x80, 0, 0) + bytes(6)
            + b"," + struct.pack("<HHHHB", 0, 0, 65535, 65535, 0) + b"\x02\x02\x44\x01\0;")


CONTENTS = [truncated, mutated, headless, renamed, noise, empty, huge]


def make_good(folder, pictures, n, generator):
    """Returns [(path, content)]."""
    sources = sorted(path for path in pathlib.Path(pictures).rglob("*")
                     if path.suffix.lower() in (".jpg", ".png")) if pictures else []
    generator.shuffle(sources)
    good = []
    for i in range(n):
        content = sources[i].read_bytes() if i < len(sources) else draw(generator)
        suffix = ".png" if content[:4] == b"\x89PNG" else ".jpg"
        path = folder / f"{i % 10}" / f"good {i}{suffix}"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        good.append((path, content))
    return good


def make_bad(folder, good, n, generator):
    """Returns {path: kind}."""
    bad = {}
    special = ["unreadable", "pipe", "dangling link", "socket"]
    for i in range(n):
        kind = i % (len(CONTENTS) + 2)
        original, content = good[generator.randrange(len(good))]
        path = folder / f"{i % 10}" / f"bad {i}{original.suffix}"
        if kind < len(CONTENTS):
            path.write_bytes(CONTENTS[kind](content, generator))
            bad[path] = CONTENTS[kind].__name__
            continue
        name = special[i // 2 % len(special)]
        bad[path] = name
        if name == "unreadable":
            path.write_bytes(content)
            path.chmod(0)
        elif name == "pipe":
            os.mkfifo(path)
        elif name == "dangling link":
            path.symlink_to("/no/such/file.jpg")
        else:
            here = os.getcwd()
            os.chdir(path.parent)  # a socket's path may not be long
            socket.socket(socket.AF_UNIX).bind(path.name)
            os.chdir(here)
    return bad


def make_flipped(folder, good, n, generator):
    paths = []
    for i in range(n):
        original, content = good[generator.randrange(len(good))]
        path = folder / f"{i % 10}" / f"flipped {i}{original.suffix}"
        path.write_bytes(flipped(content, generator))
        paths.append(path)
    return paths


def run(options, place, *rest):
    arguments = [options.kalon_cli, "--library", str(place / "library"), "--device", options.device,
                 "--json"]
    if options.model:
        arguments += ["--model", options.model]
    environment = dict(os.environ, HOME=str(place), XDG_CACHE_HOME=str(place / "cache"))
    user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    result = subprocess.run(arguments + list(rest), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            env=environment, **user)
    if result.returncode != 0:
        sys.exit(f"kalon-cli {rest[0]} ended with {result.returncode}: {result.stderr.decode()}")
    return json.loads(result.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kalon_cli")
    parser.add_argument("folder", nargs="?", help="good pictures to take from")
    parser.add_argument("--model")
    parser.add_argument("--device", default="none")
    parser.add_argument("--good", type=int, default=1000)
    parser.add_argument("--bad", type=int, default=300)
    parser.add_argument("--flipped", type=int, default=200,
                        help="files with bytes changed anywhere: named or found, never neither")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--reasons", action="store_true", help="print every reason")
    options = parser.parse_args()
    generator = random.Random(options.seed)

    place = pathlib.Path(tempfile.mkdtemp(prefix="kalon-bad-"))
    try:
        photos = place / "photos"
        photos.mkdir()
        good = make_good(photos, options.folder, options.good, generator)
        bad = make_bad(photos, good, options.bad, generator)
        maybe = make_flipped(photos, good, options.flipped, generator)
        if os.geteuid() == 0:
            os.chown(place, NOBODY, NOBODY)
        kinds = sorted(set(bad.values()))
        print(f"seed {options.seed}; {len(good)} good, {len(maybe)} flipped, {len(bad)} bad: "
              + ", ".join(f"{list(bad.values()).count(kind)} {kind}" for kind in kinds))

        start = time.monotonic()
        result = run(options, place, "index", str(photos))
        seconds = time.monotonic() - start
        reasons = {failure["path"]: failure["reason"] for failure in result["failures"]}
        unnamed = [path for path in bad if not reasons.get(str(path), "").strip()]
        wrongly = [path for path, _ in good if str(path) in reasons]
        print(f"index: {result['added']} added, {result['failed']} failed in {seconds:.1f} s")

        found = run(options, place, "search", "a photo", "--limit", "0", "--no-fold")
        paths = {entry["path"] for entry in found["rankings"]["baseline"]}
        lost = [path for path, _ in good if str(path) not in paths]
        shown = [path for path in bad if str(path) in paths]
        vanished = [path for path in maybe if (str(path) in paths) == (str(path) in reasons)]

        again = run(options, place, "index", str(photos))
        print(f"again: {again['unchanged']} unchanged, {again['failed']} failed")
        steady = (again["unchanged"], again["failed"]) == (result["added"], result["failed"])

        if options.reasons:
            for path, kind in bad.items():
                print(f"  {kind}: {path.name}: {reasons.get(str(path))}")
        for title, paths in (("bad but not named", unnamed), ("good but failed", wrongly),
                             ("good but not found", lost), ("bad but found", shown),
                             ("flipped, and neither named nor found", vanished)):
            print(f"{title}: {len(paths)}")
            for path in paths[:10]:
                print(f"  {path.name} ({bad.get(path, 'good')}): {reasons.get(str(path))}")
        return 1 if unnamed or wrongly or lost or shown or vanished or not steady else 0
    finally:
        shutil.rmtree(place)


if __name__ == "__main__":
    sys.exit(main())
