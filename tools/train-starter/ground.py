#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage 3: the joint space both towers are later taught.

A linear layer on the teacher's pooled feature, and words whose mean is a text:
    picture = W x;   text = mean over words of (M glove(word) + own(word))
Trained by contrast inside three kinds of pairs, never across them (else the
kinds, not the contents, are told apart): Flickr8k captions, class photos with
templated names, and made features for all 1,000 names the teacher knows (its
class direction through the within-class covariance, plus the spread of real
photos).  own(word) is dropped now and then so that a word never seen with a
photo still lands where its GloVe vector says; CLIP's embeddings of category
names give the same help through a linear map that is thrown away.  A captioned
photo is seen through a random part of its stored map, a new one every time.

Writes WORK/ground.pt.  Takes about three minutes on two cores.
"""
import json
import time

import numpy as np
import torch
import torch.nn.functional as F

from common import arguments, log_line, save
from metrics import recall
from mobilenet import MobileNet
from names import Words, class_names, imagenet_names, seeded, templated

DIMENSION = 256
OTHERS = 0.3  # weight of each kind of pairs beside the captions


class Ground(torch.nn.Module):
    def __init__(self, vectors, mean, scale):
        super().__init__()
        vectors = torch.tensor(vectors)
        self.register_buffer("glove", F.normalize(vectors, dim=1) * 3)
        self.register_buffer("mean", mean)
        self.register_buffer("scale", scale)
        self.picture = torch.nn.Linear(mean.numel(), DIMENSION)
        self.map = torch.nn.Linear(vectors.shape[1], DIMENSION, bias=False)
        self.own = torch.nn.Embedding(len(vectors), DIMENSION, padding_idx=0)
        self.clip = torch.nn.Linear(DIMENSION, 512)
        self.temperature = torch.nn.Parameter(torch.tensor(2.7))
        torch.nn.init.normal_(self.map.weight, std=0.1)
        torch.nn.init.normal_(self.own.weight, std=0.02)
        with torch.no_grad():
            self.own.weight[0] = 0

    def pictures(self, pooled):
        x = (pooled - self.mean) / self.scale
        return F.normalize(self.picture(F.dropout(x, 0.3, self.training)), dim=-1)

    def sums(self, ids):
        """ids [n, length] -> mean of word vectors [n, DIMENSION], not normalised"""
        own = self.own(ids)
        if self.training:
            own = own * (torch.rand(ids.shape, device=ids.device) > 0.2).unsqueeze(-1)
        words = self.map(self.glove[ids]) + own
        present = (ids > 0).unsqueeze(-1).float()
        return (words * present).sum(1) / present.sum(1).clamp_min(1)

    def texts(self, ids):
        return F.normalize(F.dropout(self.sums(ids), 0.3, self.training), dim=-1)


def contrast(pictures, texts, temperature, same):
    """Symmetric InfoNCE; same [n, n] marks pairs that say the same thing."""
    logits = pictures @ texts.T * temperature.exp()
    target = same.float() / same.float().sum(1, keepdim=True)
    return (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2


def class_centres(x, labels, weights, names, data, known, options):
    """Made centres [1000, 1280] of the teacher's classes and the residuals of real photos.

    With equal within-class covariance S a softmax layer's rows are S^-1 mu_c up to
    a constant, hence mu_c = mu + k S (w_c - w); k is fitted on classes with photos.
    """
    count = int(labels.max()) + 1
    means = torch.zeros(count, x.shape[1]).index_add_(0, labels, x)
    means /= torch.bincount(labels, minlength=count).unsqueeze(1)
    residuals = x - means[labels]
    covariance = residuals.T @ residuals / len(x)
    directions = (weights - weights.mean(0)) @ covariance
    first = {n[0]: i for i, n in enumerate(names)}
    pairs = [(i, first[n[0]]) for i, n in enumerate(known) if n[0] in first]
    real = means[[i for i, _ in pairs]] - means.mean(0)
    made = directions[[j for _, j in pairs]]
    k = float((real * made).sum() / (made * made).sum())
    agreement = F.cosine_similarity(real, made).median()
    log_line(options, stage="ground", classes_matched=len(pairs), centre_scale=round(k, 3),
             centre_cosine=round(float(agreement), 3))
    return directions * k, residuals


def cut_means(maps, generator):
    """What a random box of at least 4 x 4 cells adds to the mean of a map: maps [n, 7, 7, c] -> [n, c]"""
    n, side = maps.shape[:2]
    size = generator.integers(4, side + 1, (2, n, 1))
    first = (generator.random((2, n, 1)) * (side + 1 - size)).astype(int)
    line = np.arange(side)
    rows, columns = (line >= first) & (line < first + size)
    box = torch.from_numpy(rows[:, :, None] & columns[:, None]).flatten(1).float()
    weights = box / box.sum(1, keepdim=True) - 1 / side**2
    return torch.einsum("nk,nkc->nc", weights, torch.from_numpy(maps).float().flatten(1, 2))


def load_photos(options, split):
    """Per source: row numbers of a split."""
    items = json.loads((options.work / "items.json").read_text())
    rows = {s: np.array([i for i, v in enumerate(d["splits"]) if v == split]) for s, d in items.items()}
    return items, rows


def main():
    def extra(parser):
        parser.add_argument("--steps", type=int, default=1000)

    options = arguments(__doc__, extra)
    rng = seeded(options.seed, "ground")
    generator = np.random.default_rng(options.seed)
    work, data = options.work, options.data
    captions = json.loads((work / "captions.json").read_text())
    items, rows = load_photos(options, "train")
    pooled = {s: np.load(work / f"pooled.{s}.npy").astype(np.float32) for s in items}
    train = {s: torch.from_numpy(pooled[s][rows[s]]) for s in items}
    mean = train["flickr"].mean(0)
    scale = train["flickr"].std(0).mean().expand_as(mean).clone()

    words = Words(data, {n: captions[n] for n, s in zip(items["flickr"]["names"], items["flickr"]["splits"]) if s == "train"})
    # Sources differ in look (size, blur); the class photos are moved to the captioned photos' mean.
    shift = {s: train["flickr"].mean(0) - train[s].mean(0) for s in items}
    class_x, class_names_of = [], []
    for source in ("caltech", "flowers", "tiny"):
        keep = [i for i, r in enumerate(rows[source]) if class_names(data, source, items[source]["classes"][r])]
        class_x.append(train[source][keep] + (shift[source] if source == "tiny" else 0))
        class_names_of += [class_names(data, source, items[source]["classes"][rows[source][i]]) for i in keep]
    class_x = torch.cat(class_x)
    distinct = {tuple(n): i for i, n in enumerate(dict.fromkeys(map(tuple, class_names_of)))}
    labels = torch.tensor([distinct[tuple(n)] for n in class_names_of])
    weights = torch.bincount(labels).float()[labels].rsqrt().numpy().astype(np.float64)
    weights /= weights.sum()
    names = imagenet_names(data)[1:]
    teacher = MobileNet(data / "teacher")
    centres, residuals = class_centres(class_x, labels, teacher.class_weight[1:], names, data, list(distinct), options)
    categories = [c["synonyms"][0] for c in json.loads((data / "clip" / "lvis_v1_train_cat_info.json").read_text())]
    category_ids = torch.tensor([words.encode("a " + c.replace("_", " "), 8) for c in categories])
    category_targets = torch.tensor(np.load(data / "clip" / "lvis_v1_clip_a+cname.npy").astype(np.float32))
    category_targets = F.normalize(category_targets, dim=1)
    category_targets = F.normalize(category_targets - category_targets.mean(0), dim=1)

    model = Ground(words.vectors, mean, scale)
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 2e-3, options.steps, pct_start=0.1)
    flickr_names = [items["flickr"]["names"][r] for r in rows["flickr"]]
    dev = load_photos(options, "dev")[1]["flickr"]
    dev_x = torch.from_numpy(pooled["flickr"][dev])
    dev_ids = torch.tensor([words.encode(c) for r in dev for c in captions[items["flickr"]["names"][r]]])
    maps = np.load(work / "map.flickr.npy")[rows["flickr"]]
    directions = torch.load(work / "directions.pt")["directions"]
    start = time.monotonic()

    def encode(texts, drop):
        ids = torch.tensor([words.encode(t) for t in texts])
        keep = torch.rand(ids.shape) >= torch.rand(len(ids), 1) * drop
        return torch.where(keep.any(1, keepdim=True) & ~keep, torch.zeros_like(ids), ids)

    for step in range(options.steps):
        model.train()
        chosen = generator.choice(len(flickr_names), 384, replace=False)
        ids = encode([rng.choice(captions[flickr_names[i]]) for i in chosen], 0.1)
        pictures = train["flickr"][chosen] + cut_means(maps[chosen], generator) @ directions.T
        loss = contrast(model.pictures(pictures), model.texts(ids), model.temperature, torch.eye(384, dtype=torch.bool))
        chosen = generator.choice(len(labels), 256, replace=False, p=weights)
        ids = encode([templated(rng, class_names_of[i]) for i in chosen], 0.0)
        same = labels[chosen][:, None] == labels[chosen][None]
        loss = loss + OTHERS * contrast(model.pictures(class_x[chosen]), model.texts(ids), model.temperature, same)
        classes = generator.choice(len(names), 256, replace=False)
        spread = residuals[generator.choice(len(residuals), 256)]
        ids = encode([templated(rng, names[c]) for c in classes], 0.0)
        made = train["flickr"].mean(0) + centres[classes] + 0.7 * spread
        loss = loss + OTHERS * contrast(model.pictures(made), model.texts(ids), model.temperature, torch.eye(256, dtype=torch.bool))
        chosen = torch.from_numpy(generator.choice(len(category_ids), 256, replace=False))
        predicted = model.clip(model.sums(category_ids[chosen]))
        loss = loss + OTHERS * (1 - F.cosine_similarity(predicted, category_targets[chosen]).mean())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        with torch.no_grad():
            model.temperature.clamp_(max=4.0)
        if step % 100 == 99 or step + 1 == options.steps:
            model.eval()
            with torch.no_grad():
                found = recall(model.texts(dev_ids), model.pictures(dev_x), 5)
            log_line(options, stage="ground", step=step + 1, loss=round(float(loss), 4), seconds=round(time.monotonic() - start),
                     temperature=round(float(model.temperature.exp()), 2), dev_text_to_image=found)
    save(work / "ground.pt", {"state": model.state_dict(), "words": words.words, "shift": shift["tiny"]})


if __name__ == "__main__":
    main()
