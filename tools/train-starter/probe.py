#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage 10: what an exported model makes of templates, plurals, colours, counts and "no X", on dev photos.

Nothing is asked to come out well: the figures go into the model card as they are.
    templates  class names over class photos, top-1, by template
    plurals    the same with the name in the plural; cosine of "a dog" and "dogs"
    colours    a caption's one colour exchanged: how often its photo likes the true caption better (blind: 50 %)
    counts     the same with a number word
    no X       of the best ten photos for "no dog", how many show a dog by their captions; for "dog"; by chance
"""
import json
import pathlib

import numpy as np
import torch

from common import arguments, log_line
from exported import Model, stored
from ground import load_photos
from metrics import top
from names import class_names, plural, seeded, words_of

COLOURS = ("red", "blue", "green", "yellow", "black", "white", "brown", "orange", "pink")
NUMBERS = ("one", "two", "three", "four", "five")
TEMPLATES = ("{}", "a {}", "a photo of a {}", "a picture of a {}", "a close up of a {}")
THINGS = ("dog", "man", "woman", "girl", "boy", "water", "snow", "bike", "ball", "grass", "beach", "child")


def exchanged(rng, captions, words):
    """(number of the photo, caption, caption with its only word of `words` exchanged)"""
    found = []
    for photo, texts in enumerate(captions):
        for text in texts:
            parts = text.lower().split()
            there = [i for i, w in enumerate(parts) if w in words]
            if len(there) == 1:
                other = rng.choice([w for w in words if w != parts[there[0]]])
                found.append((photo, " ".join(parts), " ".join(parts[: there[0]] + [other] + parts[there[0] + 1 :])))
    return found


def main():
    def extra(parser):
        parser.add_argument("--model", type=pathlib.Path, default=pathlib.Path("data/models/starter"))

    options = arguments(__doc__, extra)
    model, rng = Model(options.model), seeded(options.seed, "probe")
    items, rows = load_photos(options, "dev")
    for source in ("caltech", "tiny"):
        folders = np.array(items[source]["classes"])[rows[source]]
        names = {f: class_names(options.data, source, f)[:1] for f in sorted(set(folders))}
        named = [f for f in names if names[f]]
        kept = rows[source][np.isin(folders, named)]
        labels = torch.tensor([named.index(f) for f in folders[np.isin(folders, named)]])
        photos = model.pictures(stored(options.work, source, kept))
        by_template = {t: model.texts([t.format(names[f][0]) for f in named]) for t in TEMPLATES}
        by_template["mean of these"] = sum(by_template.values())
        by_template["plural"] = model.texts([plural(names[f][0]) for f in named])
        cosine = (by_template["a {}"] * by_template["plural"]).sum(1).mean()
        log_line(options, stage="probe", source=source, classes=len(named), photos=len(kept), plural_cosine=round(float(cosine), 3),
                 top_1={t: top(photos, texts, labels)["1"] for t, texts in by_template.items()})
    captions = json.loads((options.work / "captions.json").read_text())
    captions = [captions[items["flickr"]["names"][r]] for r in rows["flickr"]]
    photos = model.pictures(stored(options.work, "flickr", rows["flickr"]))
    for what, words in (("colours", COLOURS), ("counts", NUMBERS)):
        found = exchanged(rng, captions, words)
        own = photos[[photo for photo, *_ in found]]
        likes = (own * model.texts([t for _, t, _ in found])).sum(1) > (own * model.texts([t for *_, t in found])).sum(1)
        log_line(options, stage="probe", what=what, captions=len(found), true_liked_better=round(float(likes.float().mean()), 4))
    said = [{w.rstrip("s") for t in texts for w in words_of(t)} for texts in captions]
    shares = {"no X": [], "X": [], "chance": []}
    for thing in THINGS:
        shows = torch.tensor([thing.rstrip("s") in words for words in said]).float()
        for kind, text in (("no X", f"no {thing}"), ("X", thing)):
            best = (photos @ model.texts([text])[0]).topk(10).indices
            shares[kind].append(float(shows[best].mean()))
        shares["chance"].append(float(shows.mean()))
    log_line(options, stage="probe", what="no X", things=len(THINGS), shown_in_best_ten={k: round(float(np.mean(v)), 3) for k, v in shares.items()})


if __name__ == "__main__":
    main()
