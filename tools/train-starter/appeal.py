#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage 9: the aesthetic head, an appeal score learned from degradations.

Nobody rated these photos.  What is known is that a photo is better than itself
blurred, noisy, badly exposed, ...: the head learns to rank a photo above its
degraded copies and these by severity, from the exported model's embedding and
photographic measures (measures.py).  Four more terms keep it from learning
only those kinds, or what says nothing of a photo:
  across   a photo above a strongly degraded other one: content moves the score little;
  matched  pairs that differ in brightness, colour, size, ... alone score the same,
           and what is left favours neither side;
  outward  a photo's measures above the same moved away from what photos have
           (a natural picture is a typical one: NIQE, Mittal et al. 2013);
  balance  over photos as they are, scores go with none of brightness, colour
           and saturation, and differ little.
Scores are laid out so that the training photos have median 5 and their
strongly degraded copies median 1; what is below 1 (plain graphics, ruins of
photos) keeps its order in steps a fourteenth as long, so that it is not far below 0.

Takes WORK/photos.* and items.json of stage 1 and the model directory, writes
aesthetic.safetensors into that.  Embeddings and measures are kept in
WORK/appeal.npz for as long as model and plan are the same.

    appeal.py --write DIR --split dev|test    writes pictures and pairs for "kalon-cli eval aesthetic"
"""
import hashlib
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import save_file

import degrade
import measures
from common import arguments, log_line
from exported import Model
from ground import load_photos

PLAN = 1  # another number when the views change: kept features are then made again
VIEWS = 32  # embedded at once
KINDS, PLAIN = 4, 3  # trained kinds (each in all severities) and matched pairs per photo
EVALUATED = {"flickr": 0.75, "caltech": 0.25}
BACKGROUND = "BACKGROUND_Google"  # pictures from the web, many of them no photos
UNBIASED = ("luminance", "colourfulness", "saturation")
KNEE, BELOW = 1.0, 0.07  # scores under the knee are drawn together by this factor
LIMIT = 4.0  # MEASURE_LIMIT of kalon-aesthetic-head.c
BATCH = 256


def see(model, views):
    """Views as arrays -> [n, dimension + measures]"""
    shrunk = np.stack([measures.shrink(v) for v in views])
    return np.concatenate([model.pictures(views).numpy(), measures.measure(shrunk)], 1).astype(np.float32)


def choose(options, split, count, rng):
    """(source, photo) of a split, drawn without replacement."""
    items, rows = load_photos(options, split)
    for source, share in EVALUATED.items():
        photos = np.load(options.work / f"photos.{source}.npy", mmap_mode="r")
        usable = [r for r in rows[source] if items[source]["classes"][r] != BACKGROUND]
        for row in rng.permutation(usable)[: round(count * share)]:
            yield source, np.array(photos[row])


def make_pairs(photo, kinds, matched, rng):
    """Views of a photo, itself first, and (better, worse, kind, severity) among them; matched ones have -1, -2, ..."""
    views, pairs = [photo], []

    def place(view):
        if view is not photo:
            views.append(view)
        return 0 if view is photo else len(views) - 1

    for name, function in kinds.items():
        for severity in range(3):
            better, worse = degrade.pair(function, photo, severity, rng)
            pairs.append((place(better), place(worse), name, severity))
    for name, function in matched.items():
        one, other = function(photo, rng)
        pairs.append((place(one), place(other), name, -1 - list(degrade.MATCHED).index(name)))
    return views, pairs


def some(table, count, rng):
    names = list(table)
    return {names[i]: table[names[i]] for i in rng.permutation(len(names))[:count]}


def see_all(options):
    """features [n, .], originals [photos], pairs [m, 3] of (better, worse, severity); three severities in a row"""
    weights = (options.model / "model.safetensors").read_bytes()
    key = f"{PLAN} {options.photos} {options.seed} {hashlib.sha256(weights).hexdigest()}"
    path = options.work / "appeal.npz"
    if path.exists() and str(np.load(path)["key"]) == key:
        kept = np.load(path)
        return kept["features"], kept["originals"], kept["pairs"]
    model, rng = Model(options.model), np.random.default_rng(options.seed)
    features, originals, pairs, count = [], [], [], 0
    for number, (_, photo) in enumerate(choose(options, "train", options.photos, rng), 1):
        views, own = make_pairs(photo, some(degrade.TRAINED, KINDS, rng), some(degrade.MATCHED, PLAIN, rng), rng)
        features += [see(model, views[i : i + VIEWS]) for i in range(0, len(views), VIEWS)]
        pairs += [(count + b, count + w, s) for b, w, _, s in own]
        originals.append(count)
        count += len(views)
        if number % 100 == 0:
            log_line(options, stage="appeal", photos=number, views=count)
    features, originals, pairs = np.concatenate(features), np.array(originals), np.array(pairs)
    np.savez(path, key=key, features=features, originals=originals, pairs=pairs)
    return features, originals, pairs


class Head(torch.nn.Module):
    def __init__(self, inputs, hidden):
        super().__init__()
        self.layers = torch.nn.ModuleList([torch.nn.Linear(inputs, hidden), torch.nn.Linear(hidden, 1)])

    def forward(self, x):
        return self.layers[1](self.layers[0](x).relu())[:, 0]


def above(better, worse):
    """Bradley-Terry: minus the log of the probability that better wins."""
    return F.softplus(worse - better).mean()


class Outward:
    """Measures moved away from the middle of those of photos, in whitened terms."""

    def __init__(self, z):
        covariance = np.cov(z.numpy().T) + 0.05 * np.eye(z.shape[1])
        self.root = torch.tensor(np.linalg.cholesky(covariance), dtype=torch.float32)

    def whiten(self, z):
        return torch.linalg.solve_triangular(self.root, z.T, upper=False).T

    def __call__(self, z):
        n, m = z.shape
        along = torch.randn(n, m) @ self.root.T * (0.25 + 0.75 * torch.rand(n, 1))
        one = F.one_hot(torch.randint(m, (n,)), m) * (1 + 2 * torch.rand(n, 1)) * torch.randn(n, 1).sign()
        step = torch.where(torch.rand(n, 1) < 0.5, one, along)
        sign = (self.whiten(z) * self.whiten(step)).sum(1, keepdim=True).sign()
        return (z + sign * step).clamp(-LIMIT, LIMIT)


def train(options, features, originals, pairs):
    m = len(measures.NAMES)
    e = features.shape[1] - m
    middle, scale = features[originals, e:].mean(0), features[:, e:].std(0).clip(1e-3)
    centre = torch.tensor(features[:, :e].mean(0))
    # An embedding's elements are about 1 / sqrt (e): brought to the size of the measures, less its mean.
    stretch = options.embedding * e**0.5
    z = np.clip((features[:, e:] - middle) / scale, -LIMIT, LIMIT)
    x = torch.cat([(torch.tensor(features[:, :e]) - centre) * stretch, torch.tensor(z)], 1)
    whole = x[originals]
    ranked = torch.tensor(pairs[pairs[:, 2] >= 0])
    matched = [torch.tensor(pairs[pairs[:, 2] == k]) for k in np.unique(pairs[pairs[:, 2] < 0, 2])]
    ladders = ranked[:, 1].view(-1, 3)
    strong = ranked[ranked[:, 2] == 2, 1]
    outward = Outward(whole[:, e:])
    places = [e + measures.NAMES.index(n) for n in UNBIASED]
    head = Head(e + m, options.hidden)
    optimizer = torch.optim.AdamW(head.parameters(), lr=3e-3, weight_decay=options.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 3e-3, total_steps=options.steps)

    def draw(rows, count=BATCH):
        return rows[torch.randint(len(rows), (count,))]

    def compare(one, other):
        return head(torch.cat([one, other])).chunk(2)

    sums, counted = {}, 0
    for step in range(1, options.steps + 1):
        chosen = draw(ranked, 2 * BATCH)
        # The same inputs left out on both sides: no one of them may decide alone.
        kept = torch.cat([(torch.rand(2 * BATCH, 1) > 0.2).float().expand(-1, e), (torch.rand(2 * BATCH, m) > 0.1).float()], 1)
        ladder = draw(ladders)
        photos = draw(whole)
        parts = {
            "ranked": above(*compare(x[chosen[:, 0]] * kept, x[chosen[:, 1]] * kept)),
            "ladder": 0.5 * above(*compare(x[ladder[:, :2].flatten()], x[ladder[:, 1:].flatten()])),
            "across": options.across * above(*compare(photos, x[draw(strong)])),
            "outward": options.outward * above(*compare(photos, torch.cat([photos[:, :e], outward(photos[:, e:])], 1))),
        }
        scores = head(photos)
        unbiased = F.normalize(photos[:, places] - photos[:, places].mean(0), dim=0)
        along = F.normalize(scores - scores.mean(), dim=0) @ unbiased
        parts["balance"] = options.balance * (along**2).sum() + 0.02 * scores.var()
        pair = draw(matched[step % len(matched)])
        one, other = compare(x[pair[:, 0]], x[pair[:, 1]])
        parts["matched"] = options.matched * (((one - other) ** 2).mean() + 3 * (one - other).clamp(-0.5, 0.5).mean() ** 2)
        optimizer.zero_grad()
        sum(parts.values()).backward()
        optimizer.step()
        schedule.step()
        counted += 1
        sums = {k: sums.get(k, 0.0) + float(v.detach()) for k, v in parts.items()}
        if step % (options.steps // 4) == 0:
            log_line(options, stage="appeal", step=step, **{k: round(v / counted, 4) for k, v in sums.items()})
            sums, counted = {}, 0

    with torch.no_grad():
        scores = head(x)
        photo, bad = scores[originals].median(), scores[strong].median()
        first, last = head.layers
        # What was done to the embedding moves into the first layer, the layout of scores into the last.
        first.bias -= first.weight[:, :e] @ centre * stretch
        first.weight[:, :e] *= stretch
        gain = 4 / (photo - bad)
        last.weight *= gain
        last.bias.copy_(5 + gain * (last.bias - photo))
        # score = KNEE + relu (score - KNEE) - BELOW * relu (KNEE - score), as one more layer.
        sides, joined = torch.nn.Linear(last.in_features, 2), torch.nn.Linear(2, 1)
        sides.weight.copy_(torch.cat([last.weight, -last.weight]))
        sides.bias.copy_(torch.cat([last.bias - KNEE, KNEE - last.bias]))
        joined.weight.copy_(torch.tensor([[1.0, -BELOW]]))
        joined.bias.fill_(KNEE)
    tensors = {f"measure.{n}": torch.tensor([middle[i], scale[i]], dtype=torch.float32) for i, n in enumerate(measures.NAMES)}
    for i, layer in enumerate((first, sides, joined)):
        tensors |= {f"layers.{i}.weight": layer.weight.detach().clone(), f"layers.{i}.bias": layer.bias.detach().clone()}
    quantiles = (5 + gain * (scores[originals] - photo)).quantile(torch.tensor([0.05, 0.25, 0.5, 0.75, 0.95]))
    return tensors, [round(float(q), 2) for q in quantiles]


def write(options):
    """PNG for all, so that no picture is told by how it was saved."""
    rng = np.random.default_rng(options.seed + 1)
    options.write.mkdir(parents=True, exist_ok=True)
    tables = {"held-out": (degrade.HELD_OUT, {}), "trained": (degrade.TRAINED, {}), "matched": ({}, degrade.MATCHED)}
    lines = {name: [] for name in tables}
    for number, (source, photo) in enumerate(choose(options, options.split, options.photos, rng)):
        Image.fromarray(photo).save(options.write / f"{source}-{number}.png", compress_level=1)
        for name, table in tables.items():
            views, pairs = make_pairs(photo, *table, rng)
            files = [f"{source}-{number}.png"]
            for i, view in enumerate(views[1:], 1):
                files.append(f"{source}-{number}-{name}-{i}.png")
                Image.fromarray(view).save(options.write / files[i], compress_level=1)
            lines[name] += [f"{files[b]}\t{files[w]}\t{k}\t{'matched' if s < 0 else degrade.SEVERITIES[s]}" for b, w, k, s in pairs]
    for name, found in lines.items():
        (options.write / f"{name}.tsv").write_text("\n".join(found) + "\n")
    log_line(options, stage="appeal", split=options.split, written=options.photos, **{k: len(v) for k, v in lines.items()})


def main():
    def extra(parser):
        parser.add_argument("--model", type=pathlib.Path, default=pathlib.Path("data/models/starter"))
        parser.add_argument("--photos", type=int, help="how many (1,200 to train, 160 to write)")
        parser.add_argument("--hidden", type=int, default=64)
        parser.add_argument("--steps", type=int, default=2000)
        parser.add_argument("--decay", type=float, default=0.01)
        parser.add_argument("--embedding", type=float, default=2.0)
        parser.add_argument("--across", type=float, default=0.3)
        parser.add_argument("--outward", type=float, default=1.0)
        parser.add_argument("--matched", type=float, default=25.0)
        parser.add_argument("--balance", type=float, default=2.0)
        parser.add_argument("--write", type=pathlib.Path)
        parser.add_argument("--split", choices=("dev", "test"), default="dev")

    options = arguments(__doc__, extra)
    options.photos = options.photos or (160 if options.write else 1200)
    if options.write:
        write(options)
        return
    tensors, quantiles = train(options, *see_all(options))
    path = options.model / "aesthetic.safetensors"
    save_file(tensors, path, metadata={"format": "pt", "source": "ranking of degraded photos, tools/train-starter/appeal.py"})
    path.chmod(0o644)
    log_line(options, stage="appeal", bytes=path.stat().st_size, photos_5_25_50_75_95=quantiles)


if __name__ == "__main__":
    main()
