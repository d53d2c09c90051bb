#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage 13: what the built-in rephraser does to results, on held-out photos with captions (unpack.py's).

    rephrase.py --cli BUILD/src/cli/kalon-cli --split dev [--style STYLE]...

Queries are the first caption of each photo, and queries/short.txt, of which those count that at least
five photos answer: a photo does when one of its captions has all words of the query. Texts are those of
"kalon-cli rephrase", scores those of "kalon-cli eval aesthetic". A search is by normalise ((1 - L) q + L r)
of the query's embedding q and the rephrased one's r. Of each style and L, the change against the plain
query with 95 % bootstrap intervals over queries: mean aesthetic score of the best ten, recall at 10 of
captions (points of a hundred), precision at 10 of short queries.
"""
import concurrent.futures
import json
import pathlib
import re
import subprocess

import numpy as np
import torch.nn.functional as F
import torch
from PIL import Image

from common import arguments, log_line
from exported import Model

HERE = pathlib.Path(__file__).parent
STYLES = ("detail", "k-list", "kw-dict", "repeat", "reorg")
SHARES = (0.25, 0.35, 0.5, 0.75, 1.0)
SMALL = {"in", "on", "and", "a", "the"}
SAME = [{"child", "children", "kid"}, {"people", "person", "crowd", "group"}, {"bicycl", "bike"}, {"man", "men", "guy"},
        {"woman", "women", "lady"}, {"forest", "wood"}, {"hik", "hike", "hiker"}]
RESAMPLES = 1000


def stem(word):
    for ending in ("ning", "ming", "ing", "es", "s", "ed"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def stems(text):
    return {stem(word) for word in re.findall("[a-z]+", text.lower())}


def answers(query, captions):
    """captions: [photos][captions] stems -> [photos] whether the photo answers the query"""
    wanted = [next((same for same in SAME if stem(w) in same), {stem(w)}) for w in query.split() if w not in SMALL]
    return np.array([any(all(w & caption for w in wanted) for caption in photo) for photo in captions])


def run(options, *words):
    command = [options.cli.resolve(), "--json", "--model", f"{options.model.resolve()}/", *words]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True).stdout)


def change(rng, before, after):
    """-> mean difference and its interval"""
    difference = after - before
    drawn = difference[rng.integers(0, len(difference), (RESAMPLES, len(difference)))].mean(1)
    return [round(float(x), 3) for x in (difference.mean(), *np.percentile(drawn, (2.5, 97.5)))]


def main():
    def extra(parser):
        parser.add_argument("--cli", type=pathlib.Path, required=True)
        parser.add_argument("--model", type=pathlib.Path, default=pathlib.Path("data/models/starter"))
        parser.add_argument("--split", choices=("dev", "test"), default="dev")
        parser.add_argument("--style", action="append", choices=STYLES)

    options = arguments(__doc__, extra)
    folder = options.work / "eval" / f"flickr-{options.split}"
    captions = {}
    for line in folder.with_suffix(".tsv").read_text().splitlines():
        name, caption = line.split("\t")
        captions.setdefault(name, []).append(caption)
    names = list(captions)
    model = Model(options.model)
    photos = model.pictures([Image.open(folder / name).convert("RGB") for name in names])
    scores = run(options, "eval", "aesthetic", *(str(folder / name) for name in names))["scores"]
    aesthetic = torch.tensor([score["aesthetic"] for score in scores])

    long = [captions[name][0].rstrip(" .") for name in names]
    read = [[stems(c) for c in captions[name]] for name in names]
    asked = {q: answers(q, read) for q in (HERE / "queries" / "short.txt").read_text().splitlines()}
    asked = {q: right for q, right in asked.items() if right.sum() >= 5}
    queries = long + list(asked)
    right = torch.cat([torch.eye(len(long), dtype=torch.bool), torch.tensor(np.stack(list(asked.values())))])

    def figures(embeddings):
        """-> [queries] mean score of the best ten, [queries] right answers among them in percent"""
        best = (embeddings @ photos.T).topk(10).indices
        found = right.gather(1, best).float()
        found[len(long) :] /= 10
        return aesthetic[best].mean(1).numpy(), 100 * found.sum(1).numpy()

    parts = {"captions": slice(0, len(long)), "short": slice(len(long), None)}
    plain = model.texts(queries)
    before = figures(plain)
    log_line(options, stage="rephrase", split=options.split, queries={p: len(queries[s]) for p, s in parts.items()},
             plain={p: [round(float(x[s].mean()), 3) for x in before] for p, s in parts.items()})
    rng = np.random.default_rng(options.seed)
    for style in options.style or STYLES:
        with concurrent.futures.ThreadPoolExecutor(options.threads) as pool:
            texts = list(pool.map(lambda q: run(options, "rephrase", "--style", style, "--", q)["text"], queries))
        rephrased = model.texts(texts)
        for share in SHARES:
            after = figures(F.normalize((1 - share) * plain + share * rephrased, dim=1))
            changes = {p: {"aesthetic": change(rng, before[0][s], after[0][s]), "found": change(rng, before[1][s], after[1][s])}
                       for p, s in parts.items()}
            log_line(options, stage="rephrase", split=options.split, style=style, share=share, **changes)


if __name__ == "__main__":
    main()
