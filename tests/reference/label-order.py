#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a labeler is asked first, for tests/services/test-labelling.c: label-order.py [SEED LABELER N]

The drawing that src/services/labelling/kalon-labelling-private.h describes, with Python's own
MT19937, which takes the same array of seeds, and GLib's way from its numbers to a range."""

import hashlib
import sys

import _random


def new_random(seed, labeler):
    digest = hashlib.sha256(labeler.encode()).digest()
    words = [seed] + [int.from_bytes(digest[at : at + 4], "big") for at in range(0, 32, 4)]
    source = _random.Random()
    source.seed(sum(word << 32 * i for i, word in enumerate(words)))
    return lambda: source.getrandbits(32)


def draw_below(draw, n):
    """g_rand_int_range (random, 0, n)"""
    left = 0x80000000 % n * 2
    most = 0xFFFFFFFF - (left - n if left >= n else left)
    while (value := draw()) > most:
        pass
    return value % n


def draw_order(draw, n):
    order = list(range(n))
    for i in range(n - 1, 0, -1):
        j = draw_below(draw, i + 1)
        order[i], order[j] = order[j], order[i]
    return order


def main():
    seed, labeler, n = (int(sys.argv[1]), sys.argv[2], int(sys.argv[3])) if len(sys.argv) > 3 else (7, "Ann", 40)
    draw = new_random(seed, labeler)
    order = draw_order(draw, n)
    half = n // 2 + (1 if n % 2 and draw() & 1 << 15 else 0)  # g_rand_boolean()
    swapped = set(draw_order(draw, n)[:half])
    print("items  ", ", ".join(str(item) for item in order))
    print("swapped", ", ".join("TRUE" if place in swapped else "FALSE" for place in range(n)))


main()
