#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares Kalon's tokens with those of transformers' CLIPTokenizer, with CLIP's own vocabulary
(from the shared data), on captions, on texts.py, on every code point of Unicode and on random
strings. Prints the number of differences; fails when there is any.

Usage: check-tokens.py BUILD-DIR [SHARED-DATA]
"""
import gzip
import pathlib
import random
import subprocess
import sys
import tempfile
import unicodedata

import bpe
import texts
from tokenizers import normalizers

ROOT = pathlib.Path(__file__).resolve().parents[2]
CONTEXT = 77
# A vocabulary of 49,408: 512 byte symbols, the merges, the two special tokens.
N_MERGES = 49152 - 256 - 2


def clip_merges(shared):
    with gzip.open(shared / "clip/bpe_simple_vocab_16e6.txt.gz", "rt", encoding="utf-8") as file:
        lines = file.read().split("\n")
    return [tuple(line.split()) for line in lines[1 : N_MERGES + 1]]


def captions(shared):
    with gzip.open(shared / "flickr8k-captions.tsv.gz", "rt", encoding="utf-8") as file:
        lines = [line.rstrip("\n").split("\t", 1)[1] for line in file]
    return random.Random(1).sample(lines, 20000)


def code_points():
    """Each code point in company, eight to a text."""
    points = [chr(c) for c in range(1, 0x110000) if not 0xD800 <= c < 0xE000]
    return [" ".join(f"a{c}A{c}1{c}!" for c in points[i : i + 8]) for i in range(0, len(points), 8)]


def is_young_mark(character):
    """A combining mark that the reference's normaliser, older than GLib's, takes for a base: next
    to another mark the two put them in different orders."""
    nfc = normalizers.NFC()
    around = (f"\u0345{character}", f"{character}\u0334")
    return unicodedata.combining(character) > 0 and all(nfc.normalize_str(text) == text for text in around)


def random_texts(n):
    source = random.Random(2)
    pools = [
        [chr(c) for c in range(1, 0x250)],
        [chr(c) for c in range(0x300, 0x370)] + list("aeiouAEIOU<>="),
        list(" \t\n'sStTrReEvVmMlLdD!<|>") + ["<|endoftext|>", "<|startoftext|>", "<|EndOfText|>"],
        [chr(c) for c in range(0x370, 0x3000)],
        [chr(c) for c in range(0x1F000, 0x1FB00)] + ["\u200d", "\ufe0f"],
        [chr(c) for c in range(0xAC00, 0xAD00)] + [chr(c) for c in range(0x1100, 0x1200)],
    ]
    pools = [[c for c in pool if len(c) > 1 or not is_young_mark(c)] for pool in pools]
    return ["".join(source.choices(pools[i % len(pools)], k=source.randrange(1, 40))) for i in range(n)]


def run(program, directory, samples):
    data = b"".join(text.encode() + b"\0" for text in samples)
    output = subprocess.run([program, directory, str(CONTEXT)], input=data, stdout=subprocess.PIPE, check=True)
    return [[int(word) for word in line.split()] for line in output.stdout.decode().splitlines()]


def main():
    build = pathlib.Path(sys.argv[1])
    shared = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "../shared/data"
    merges = clip_merges(shared)
    vocab = bpe.vocabulary(merges)
    tokenizer = bpe.reference(vocab, merges)
    failed = 0
    with tempfile.TemporaryDirectory() as directory:
        bpe.save(pathlib.Path(directory), vocab, merges)
        for name, samples in (
            ("captions", captions(shared)),
            ("texts.py", texts.TEXTS),
            ("code points, 8 a text", code_points()),
            ("random strings", random_texts(60000)),
        ):
            found = run(build / "tests/reference/encode-tokens", directory, samples)
            full = tokenizer(samples)["input_ids"]
            short = tokenizer(samples, truncation=True, max_length=CONTEXT)["input_ids"]
            expected = [[len(a) - len(b), *b] for a, b in zip(full, short)]
            wrong = [i for i in range(len(samples)) if i >= len(found) or found[i] != expected[i]]
            failed |= bool(wrong)
            print(f"{name}: {len(samples)} texts, {len(wrong)} differences")
            for i in wrong[:5]:
                print(f"  {ascii(samples[i])}\n    {expected[i]}\n    {found[i] if i < len(found) else None}")
    return failed


sys.exit(main())
