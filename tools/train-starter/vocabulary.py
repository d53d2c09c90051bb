#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage 5: a byte-pair vocabulary in CLIP's form, learned from captions, names and the GloVe word list.

Writes WORK/tokenizer/{vocab.json,merges.txt,tokenizer_config.json,special_tokens_map.json}.
Order of ids as in CLIP: 256 bytes, 256 bytes that end a word, merges, start, end.
"""
import json

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

from common import arguments, log_line
from ground import load_photos
from names import category_names, glove, imagenet_names, wordnet

SIZE = 6144
START, END = "<|startoftext|>", "<|endoftext|>"
PATTERN = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


def byte_letters():
    """GPT-2's printable letter for each byte, in CLIP's order."""
    listed = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = [chr(b) for b in listed]
    letters += [chr(256 + i) for i in range(256 - len(listed))]
    return letters


def main():
    options = arguments(__doc__)
    items, rows = load_photos(options, "train")
    captions = json.loads((options.work / "captions.json").read_text())
    texts = [c for r in rows["flickr"] for c in captions[items["flickr"]["names"][r]]]
    texts += [n for names in imagenet_names(options.data) for n in names] * 6
    texts += category_names(options.data) * 6
    texts += [w for w in glove(options.data)[0] if w.isalpha()] * 4
    texts += [names[0] for names in wordnet(options.data).values()]
    letters = byte_letters()
    tokenizer = Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(PATTERN), "removed", invert=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])
    trainer = trainers.BpeTrainer(vocab_size=SIZE - 2, initial_alphabet=letters, end_of_word_suffix="</w>",
                                  min_frequency=4, show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    merges = [tuple(m) for m in json.loads(tokenizer.to_str())["model"]["merges"]][: SIZE - 514]
    tokens = letters + [c + "</w>" for c in letters] + ["".join(m) for m in merges] + [START, END]
    assert len(set(tokens)) == len(tokens)
    folder = options.work / "tokenizer"
    folder.mkdir(exist_ok=True)
    vocab = {t: i for i, t in enumerate(tokens)}
    (folder / "vocab.json").write_text(json.dumps(vocab, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(" ".join(m) for m in merges) + "\n", encoding="utf-8")
    special = {"bos_token": START, "eos_token": END, "pad_token": END, "unk_token": END}
    (folder / "special_tokens_map.json").write_text(json.dumps(special, indent=2) + "\n")
    (folder / "tokenizer_config.json").write_text(json.dumps({
        "tokenizer_class": "CLIPTokenizer", "model_max_length": 77, "do_lower_case": True,
        "add_prefix_space": False, "errors": "replace", **special}, indent=2) + "\n")
    log_line(options, stage="vocabulary", tokens=len(tokens), merges=len(merges))


if __name__ == "__main__":
    main()
