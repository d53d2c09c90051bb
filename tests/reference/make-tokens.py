#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/reference/tokens/: a small vocabulary and what transformers' CLIPTokenizer makes of
texts.py with it."""
import json
import pathlib

import bpe
import texts

OUTPUT = pathlib.Path(__file__).resolve().parent / "tokens"
CONTEXT = 77

vocab, merges = bpe.learn(400)
bpe.save(OUTPUT, vocab, merges)
tokenizer = bpe.reference(vocab, merges)
cases = []
for text in texts.TEXTS:
    full = tokenizer(text)["input_ids"]
    ids = tokenizer(text, truncation=True, max_length=CONTEXT)["input_ids"]
    cases.append({"text": text, "ids": ids, "dropped": len(full) - len(ids)})
lines = ",\n".join(json.dumps(case) for case in cases)
(OUTPUT / "expected.json").write_text(f'{{"context": {CONTEXT}, "cases": [\n{lines}\n]}}\n')
print(f"{len(cases)} texts, {len(vocab)} tokens")
