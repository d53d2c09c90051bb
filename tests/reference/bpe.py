# SPDX-License-Identifier: GPL-3.0-or-later
"""Vocabularies for golden values: CLIP's byte symbols, merges learnt from sentences of our own."""
import collections
import json
import re

SENTENCES = """
a photo of a dog running on the beach. a photo of a cat asleep on a red sofa.
two children play with a yellow ball in the park while their mother reads a book.
quiet lake at dawn, first light, mist over the water, cool palette, wide angle.
portrait of an old fisherman in warm window light, shallow depth of field, film grain.
the harbour at night: lanterns, wet cobblestones, long exposure, reflections in the water.
macro photograph of a dewdrop on a blade of grass, soft background, morning light.
a street market with oranges, lemons, and flowers; people walking under umbrellas in the rain.
snow-covered mountains under a clear blue sky, a small wooden house, smoke from the chimney.
the photographer's studio isn't empty; they're waiting, she'll come, we've seen it, I'm here, he'd go.
a minimalist white room with one chair. an abstract painting in blue and ochre, 1920s style.
ein Hund am Strand, ein See im Morgengrauen. une plage au coucher du soleil. un gato negro.
das große Mädchen läuft über die Straße, eine schöne Brücke, müde Füße.
собака бежит по пляжу, тихое озеро на рассвете, красивый закат над морем.
美しい湖の夜明け、赤い橋と桜の花。 静かな海。
"""


def byte_characters():
    """GPT-2's bytes_to_unicode()."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [b for b in range(256) if b not in printable]
    return {**{b: chr(b) for b in printable}, **{b: chr(0x100 + i) for i, b in enumerate(others)}}


def learn(n_merges):
    """(vocab, merges) with n_merges merges, in the order of OpenAI's simple_tokenizer.py."""
    table = byte_characters()
    words = collections.Counter(re.findall(r"[^\W\d_]+|\d|[^\s\w]+", SENTENCES.lower()))
    split = {}
    for word in words:
        symbols = [table[b] for b in word.encode()]
        symbols[-1] += "</w>"
        split[word] = symbols
    merges = []
    while len(merges) < n_merges:
        pairs = collections.Counter()
        for word, symbols in split.items():
            for pair in zip(symbols, symbols[1:]):
                pairs[pair] += words[word]
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        for word, symbols in split.items():
            i, merged = 0, []
            while i < len(symbols):
                if tuple(symbols[i : i + 2]) == best:
                    merged.append(symbols[i] + symbols[i + 1])
                    i += 2
                else:
                    merged.append(symbols[i])
                    i += 1
            split[word] = merged
    return vocabulary(merges), merges


def vocabulary(merges, special_last=True):
    symbols = list(byte_characters().values())
    tokens = symbols + [s + "</w>" for s in symbols]
    special = ["<|startoftext|>", "<|endoftext|>"]
    merged = [a + b for a, b in merges]
    tokens += merged + special if special_last else special + merged
    return {token: i for i, token in enumerate(tokens)}


def save(directory, vocab, merges):
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "vocab.json").write_text(json.dumps(vocab, ensure_ascii=False) + "\n", encoding="utf-8")
    lines = ["#version: 0.2"] + [f"{a} {b}" for a, b in merges]
    (directory / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def reference(vocab, merges):
    from transformers import CLIPTokenizer

    return CLIPTokenizer(vocab=vocab, merges=merges)
