#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decoding and preprocessing in Pillow, with its JPEG draft mode: peer-decode.py RESOLUTION FILE…;
see README.md. One thread, as Pillow's users get it."""

import sys

import numpy
import PIL
from PIL import Image

import peer

MEAN = numpy.array([0.48145466, 0.4578275, 0.40821073], numpy.float32)
STD = numpy.array([0.26862954, 0.26130258, 0.27577711], numpy.float32)


def preprocess(path, resolution):
    """CLIPImageProcessor's steps, after decoding at the DCT scale just above the need."""
    picture = Image.open(path)
    picture.draft("RGB", (resolution, resolution))
    picture = picture.convert("RGB")
    width, height = picture.size
    short = min(width, height)
    picture = picture.resize((width * resolution // short, height * resolution // short),
                             Image.Resampling.BICUBIC)
    left, top = (picture.width - resolution) // 2, (picture.height - resolution) // 2
    picture = picture.crop((left, top, left + resolution, top + resolution))
    pixels = (numpy.asarray(picture, numpy.float32) / 255 - MEAN) / STD
    return numpy.ascontiguousarray(pixels.transpose(2, 0, 1))


def main():
    resolution, files = int(sys.argv[1]), sys.argv[2:]

    def prepare(n):
        def work():
            for path in files:
                preprocess(path, resolution)
            return len(files)
        return work

    peer.serve({"pillow-draft": prepare}, {"pillow": PIL.__version__, "numpy": numpy.__version__})


main()
