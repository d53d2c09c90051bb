#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes src/core/tokenizer/kalon-unicode-tables.c: what the reference tokenizer (transformers'
CLIPTokenizer, through the tokenizers library) takes for a letter, a number and white space, and
its lower case. GLib's own tables follow another version of Unicode on each system, and its
g_unichar_tolower() leaves letter-like numbers alone.

Usage: make-unicode.py [OUTPUT]
"""
import pathlib
import sys

import tokenizers
from tokenizers import Regex, normalizers, pre_tokenizers

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUTPUT = ROOT / "src/core/tokenizer/kalon-unicode-tables.c"


def code_points():
    return (c for c in range(1, 0x110000) if not 0xD800 <= c < 0xE000)


def ranges(pattern):
    split = pre_tokenizers.Split(Regex(pattern), behavior="removed", invert=True)
    found = []
    for c in code_points():
        if split.pre_tokenize_str(chr(c)):
            if found and found[-1][1] == c - 1:
                found[-1][1] = c
            else:
                found.append([c, c])
    return found


def lower_runs():
    """(first, last, step, delta): every step-th code point of first..last maps to itself + delta."""
    lower = normalizers.Lowercase()
    pairs = []
    for c in code_points():
        text = lower.normalize_str(chr(c))
        if text == chr(c):
            continue
        if len(text) == 1:
            pairs.append((c, ord(text) - c))
        else:
            assert c == 0x130, "only one character has a lower case of two"
    runs = []
    for c, delta in pairs:
        if runs and runs[-1][3] == delta:
            first, last, step, _ = runs[-1]
            if first == last and c - last in (1, 2):
                runs[-1] = (first, c, c - last, delta)
                continue
            if c - last == step:
                runs[-1] = (first, c, step, delta)
                continue
        runs.append((c, c, 1, delta))
    return runs


def table(kind, name, rows, n):
    lines = [f"const {kind} {name}[] = {{"]
    line = " "
    for row in rows:
        item = " { " + ", ".join(row) + " },"
        if len(line) + len(item) > 99:
            lines.append(line)
            line = " "
        line += item
    lines += [line, "};", f"const gsize {n} = G_N_ELEMENTS ({name});", ""]
    return lines


def main():
    output = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUT
    lines = [
        "/* SPDX-License-Identifier: GPL-3.0-or-later */",
        f"/* Made by tests/reference/make-unicode.py from tokenizers {tokenizers.__version__}. */",
        '#include "tokenizer/kalon-unicode-private.h"',
        "",
        "/* clang-format off */",
    ]
    for name, pattern in (("letters", r"\p{L}"), ("numbers", r"\p{N}"), ("spaces", r"\s")):
        rows = [(f"0x{first:x}", f"0x{last:x}") for first, last in ranges(pattern)]
        lines += table("KalonUnicodeRange", f"kalon_unicode_{name}", rows, f"kalon_unicode_n_{name}")
    rows = [(f"0x{a:x}", f"0x{b:x}", str(step), str(delta)) for a, b, step, delta in lower_runs()]
    lines += table("KalonUnicodeLower", "kalon_unicode_lower", rows, "kalon_unicode_n_lower")
    output.write_text("\n".join(lines[:-1]) + "\n")


main()
