#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage 9: measures an exported model on dev photos and writes its calibration.json.

From names over the dev photos of each source (Flickr8k: names of the category lists that its captions use, a
photo matches where two of its five captions say the name, and is left out where only one does; the others: the
names of the class folders):
- how high cosines of matching and of other pairs are;
- the default strictness: where the searcher's cut keeps best, by F2 (van Rijsbergen 1979: a match that is cut
  weighs more than another picture that is kept, because that one stands at the end of the list);
- prompt templates for names: chosen on every second photo by how well names are found for photos (reciprocal rank)
  and photos for names (average precision), kept if they are better than the bare name on the other photos too.
From two forms of one photo (smaller, compressed, cropped, brighter) and from different photos:
- the near-duplicate cosine: where as few forms are missed as photos have a stranger above it.

Only logged, because the searcher does without: whether templates help a search, whether the best cosine tells
a query that nothing answers (docs/decisions/0006-calibration.md).
Takes about two minutes on one core.
"""
import io
import json
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image, ImageEnhance

from common import arguments, log_line
from exported import Model, stored
from ground import load_photos
from names import category_names, class_names, seeded, words_of

# Each true of any photo of the thing: no size, no place.
CANDIDATES = (
    "{}", "a {}", "the {}", "a photo of a {}", "a photo of the {}", "a picture of a {}", "an image of a {}",
    "a photo of {}", "{} photo", "photos of {}", "a photo of one {}", "this is a {}",
)
MOST_TEMPLATES = 6
LEAST_GAIN = 0.001  # of one more template; less is noise
LEAST_MATCHES = 5  # a Flickr8k name with fewer is left out
LEAST_NAMES = 20  # the five flowers, each a fifth of its library, say little about searches
FOLD_BITS = 7  # KALON_FOLD_BITS
NEAR_PHOTOS = {"flickr": 120, "caltech": 40, "flowers": 20}  # Tiny ImageNet's are too small to be made smaller
FLOOR = 0.5  # of the near-duplicate cosine, as the reader has it


# Photos and what they show

def says(text, name):
    return any(f" {name}{ending} " in text for ending in ("", "s", "es"))


def caption_labels(options, items, rows):
    """Texts of the photos, and {name: [n] how many of a photo's captions say it}."""
    captions = json.loads((options.work / "captions.json").read_text())
    texts = [[f" {' '.join(words_of(c))} " for c in captions[items["flickr"]["names"][r]]] for r in rows["flickr"]]
    counts = {}
    for name in category_names(options.data):
        words = words_of(name)
        name = " ".join(words)
        if 1 <= len(words) <= 2 and len(name) > 2 and name not in counts:
            found = np.array([sum(says(t, name) for t in five) for five in texts])
            if (found >= 2).sum() >= LEAST_MATCHES:
                counts[name] = found
    return texts, counts


def labelled(options, items, rows):
    """Per source: names, matches [names, photos] and others [names, photos], both boolean."""
    texts, counts = caption_labels(options, items, rows)
    found = np.stack(list(counts.values()))
    sources = {"flickr": (list(counts), found >= 2, found == 0)}
    for source in ("caltech", "flowers", "tiny"):
        of_photo = [(class_names(options.data, source, items[source]["classes"][r]) or [None])[0] for r in rows[source]]
        names = sorted({n for n in of_photo if n})
        matches = np.array([[n == name for n in of_photo] for name in names])
        sources[source] = (names, matches, ~matches & matches.any(0))
    everything = " ".join(t for five in texts for t in five)
    absent = [n for s in ("caltech", "tiny") for n in sources[s][0]
              if not says(everything, n) and not says(everything, n.split()[-1])]
    return sources, sorted(set(absent))


# Measures

def distribution(values):
    values = np.asarray(values, np.float64)
    return {"mean": round(float(values.mean()), 5), "deviation": round(float(values.std()), 5), "count": len(values)}


def average_precision(scores, match, other):
    order = np.argsort(-scores)
    hit = match[order][(match | other)[order]]
    return float((np.cumsum(hit) / np.arange(1, len(hit) + 1))[hit].mean())


def reciprocal_rank(scores, matches, photos):
    """Of the right name among all names, mean over photos that have one. scores: [names, photos]"""
    photos = photos & matches.any(0)
    own = (scores * matches).sum(0)
    return float((1 / (1 + (scores > own).sum(0)))[photos].mean())


class Ranking:
    """Scores as kalon_cut_scores() of src/services/searcher sees them."""

    def __init__(self, scores):
        self.order = np.argsort(-scores)
        scores = scores[self.order].astype(np.float64)
        median, low = np.quantile(scores, (0.5, 0.16))
        self.z = (scores - median) / max((median - low) * (1 + 1 / math.sqrt(len(scores))), 1e-6)
        self.by_chance = len(scores) * 0.5 * torch.erfc(torch.from_numpy(self.z) / math.sqrt(2)).numpy()

    def cut(self, strictness):
        """How many are kept; strictness 1 to 100."""
        n = len(self.z)
        gain = np.arange(1, n + 1) - self.by_chance / (1 - 0.95 * strictness / 100)
        line = math.sqrt(2 * math.log(n)) * (4 * strictness / 100 - 1)
        return max(int(gain.argmax()) + 1 if gain.max() > 0 else 0, int((self.z >= line).sum()))

    def measure(self, match, other, strictness):
        """Recall, precision and F2 of what is kept, and its share; photos of unknown label count for neither."""
        keep = self.order[: self.cut(strictness)]
        good, bad = int(match[keep].sum()), int(other[keep].sum())
        recall, precision = good / match.sum(), good / max(good + bad, 1)
        return recall, precision, 5 * precision * recall / max(4 * precision + recall, 1e-9), len(keep) / len(self.z)


def tells(answered, unanswered):
    """Area under the ROC curve: how often one of the former is above one of the latter."""
    return round(float((answered[:, None] > unanswered[None]).mean()), 3)


# The four calibrations

def choose_strictness(options, scores, sources, absent_scores):
    """Mean over a source's names, then over the sources; the least strict of equal ones."""
    voting = [s for s in sources if len(sources[s][0]) >= LEAST_NAMES]
    rankings = {s: [Ranking(row) for row in scores[s]] for s in voting}
    absent = [Ranking(row) for row in absent_scores]
    found = {}
    for strictness in range(1, 101):
        rows = [np.mean([r.measure(m, o, strictness) for r, m, o in zip(rankings[s], *sources[s][1:])], 0)
                for s in voting]
        unanswered = np.mean([r.cut(strictness) / len(r.z) for r in absent])
        found[strictness] = [round(float(v), 4) for v in (*np.mean(rows, 0), unanswered)]
    best = max(found, key=lambda strictness: found[strictness][2])
    log_line(options, stage="calibrate", what="strictness", chosen=best,
             columns=["recall", "precision", "F2", "kept", "kept where nothing answers"],
             by_strictness={s: found[s] for s in found if s % 5 == 0 or s == best})
    return best


def ensemble(embedded, templates):
    return F.normalize(sum(embedded[t] for t in templates), dim=1).numpy()


def choose_templates(options, sources, texts, pictures):
    """A greedy list, on every second photo of the class folders, checked on the others."""
    folders = [s for s in sources if s != "flickr"]
    halves = {s: np.arange(sources[s][1].shape[1]) % 2 == 0 for s in folders}

    def measure(templates, half):
        values = []
        for source in folders:
            _, matches, others = sources[source]
            photos = halves[source] == half
            scores = ensemble(texts[source], templates) @ pictures[source].T
            found = [average_precision(s, m & photos, o & photos) for s, m, o in zip(scores, matches, others)
                     if (m & photos).any()]
            values.append((reciprocal_rank(scores, matches, photos) + np.mean(found)) / 2)
        return float(np.mean(values))

    chosen, value = [], 0.0
    while len(chosen) < MOST_TEMPLATES:
        best = max((t for t in CANDIDATES if t not in chosen), key=lambda t: measure(chosen + [t], True))
        gained = measure(chosen + [best], True)
        if gained < value + LEAST_GAIN:
            break
        chosen.append(best)
        value = gained
    bare, checked = measure(["{}"], False), measure(chosen, False)
    log_line(options, stage="calibrate", what="templates", tried=chosen, chosen_on=round(value, 4),
             checked_on=round(checked, 4), bare_checked_on=round(bare, 4),
             clip_checked_on=round(measure(["a photo of a {}"], False), 4),
             all_checked_on=round(measure(list(CANDIDATES), False), 4))
    return chosen if checked > bare else ["{}"]


def log_search_with_templates(options, templates, sources, texts, pictures):
    """Mean average precision over names, and the gain with its 95 % bootstrap interval over names."""
    found, generator = {}, np.random.default_rng(options.seed)
    for source, (names, matches, others) in sources.items():
        both = []
        for list_ in (["{}"], templates):
            scores = ensemble(texts[source], list_) @ pictures[source].T
            both.append([average_precision(s, m, o) for s, m, o in zip(scores, matches, others)])
        gain = np.subtract(both[1], both[0])
        means = gain[generator.integers(0, len(gain), (1000, len(gain)))].mean(1)
        found[source] = {"names": len(names), "bare": round(float(np.mean(both[0])), 4),
                         "templates": round(float(np.mean(both[1])), 4), "gain": round(float(gain.mean()), 4),
                         "interval": [round(float(v), 4) for v in np.quantile(means, (0.025, 0.975))]}
    log_line(options, stage="calibrate", what="search with templates", mean_average_precision=found)


def log_unanswered(options, scores, absent_scores):
    """Whether the best cosine, or how far it stands out, tells queries that nothing answers."""
    def stands_out(s):
        median, low = np.quantile(s, (0.5, 0.16), axis=1)
        return (s.max(1) - median) / (median - low)

    answered = scores["flickr"]
    line = np.quantile(answered.max(1), 0.05)
    log_line(options, stage="calibrate", what="unanswered queries", answered=len(answered), unanswered=len(absent_scores),
             auc_best_cosine=tells(answered.max(1), absent_scores.max(1)),
             auc_stands_out=tells(stands_out(answered), stands_out(absent_scores)),
             silenced_at_a_loss_of_5_percent=round(float((absent_scores.max(1) < line).mean()), 3))


# Near-duplicates

COSINES = np.array([[math.cos(math.pi * (k + 1) * (2 * x + 1) / 64) for x in range(32)] for k in range(8)])


def perceptual_hash(picture):
    """kalon_image_get_perceptual_hash(): 64 booleans."""
    grey = np.asarray(picture.resize((32, 32), Image.BICUBIC), np.float64) @ (0.299, 0.587, 0.114)
    low = (COSINES @ grey @ COSINES.T).ravel()
    low[np.abs(low) < 1] = 0
    return low > np.median(low)


def forms_of(picture, rng):
    """A photo as it is met again: another size, another compression, edited a little, the next of a burst."""
    def smaller(p, factor):
        return p.resize([max(8, round(side * factor)) for side in p.size], Image.BICUBIC)

    def compressed(p, quality):
        data = io.BytesIO()
        p.save(data, "JPEG", quality=quality)
        return Image.open(data).convert("RGB")

    def cropped(p, factor):
        width, height = (round(side * factor) for side in p.size)
        left, top = rng.randint(0, p.width - width), rng.randint(0, p.height - height)
        return p.crop((left, top, left + width, top + height))

    def brighter(p, factor):
        return ImageEnhance.Brightness(p).enhance(factor)

    return [smaller(picture, 0.5), smaller(picture, 0.75), compressed(picture, 30), compressed(picture, 60),
            cropped(picture, 0.98), brighter(picture, 0.85), brighter(picture, 1.15),
            compressed(brighter(cropped(picture, 0.97), rng.uniform(0.93, 1.07)), 75)]


def near_duplicates(options, model, rows):
    """Cosines of photos and their forms that the fold's perceptual hash lets through, and which part that is."""
    rng = seeded(options.seed, "near")
    photos = [p for source, n in NEAR_PHOTOS.items()
              for p in stored(options.work, source, rng.sample(rows[source].tolist(), min(n, len(rows[source]))))]
    forms = [forms_of(photo, rng) for photo in photos]
    of_photo = model.pictures(photos)
    of_form = model.pictures([f for several in forms for f in several]).view(len(photos), -1, of_photo.shape[1])
    cosines = (of_form * of_photo[:, None]).sum(2).numpy()
    bits = np.array([[(perceptual_hash(f) != perceptual_hash(p)).sum() for f in several]
                     for p, several in zip(photos, forms)])
    return cosines[bits <= FOLD_BITS], float((bits <= FOLD_BITS).mean())


def choose_near_duplicate(options, near, passed, pictures):
    pairs, nearest = [], []
    for embedded in pictures.values():
        cosines = embedded @ embedded.T
        pairs.append(cosines[np.triu_indices(len(cosines), 1)])
        np.fill_diagonal(cosines, -1)
        nearest.append(cosines.max(1))
    pairs, nearest = np.concatenate(pairs), np.concatenate(nearest)
    lines = np.arange(FLOOR, 1, 0.001)
    missed = np.array([(near < line).mean() for line in lines])
    strangers = np.array([(nearest >= line).mean() for line in lines])
    chosen = int(np.abs(missed - strangers).argmin())
    log_line(options, stage="calibrate", what="near-duplicates", chosen=round(float(lines[chosen]), 3),
             passed_by_hash=round(passed, 4), missed=round(float(missed[chosen]), 4),
             photos_with_a_stranger_above=round(float(strangers[chosen]), 4),
             near_quantiles={q: round(float(np.quantile(near, q / 100)), 4) for q in (1, 5, 25, 50)},
             nearest_stranger_quantiles={q: round(float(np.quantile(nearest, q / 100)), 4) for q in (50, 90, 95, 99)})
    return round(float(lines[chosen]), 3), distribution(pairs)


def main():
    def extra(parser):
        parser.add_argument("--model", type=pathlib.Path, default=pathlib.Path("data/models/starter"))

    options = arguments(__doc__, extra)
    model = Model(options.model)
    items, rows = load_photos(options, "dev")
    sources, absent = labelled(options, items, rows)
    pictures = {s: model.pictures(stored(options.work, s, rows[s])).numpy() for s in sources}
    texts = {s: {t: model.texts([t.format(n) for n in sources[s][0]]) for t in CANDIDATES} for s in sources}
    scores = {s: texts[s]["{}"].numpy() @ pictures[s].T for s in sources}
    absent_scores = model.texts(absent).numpy() @ pictures["flickr"].T

    text_picture = {
        "match": distribution(np.concatenate([scores[s][sources[s][1]] for s in sources])),
        "other": distribution(np.concatenate([scores[s][sources[s][2]] for s in sources])),
    }
    strictness = choose_strictness(options, scores, sources, absent_scores)
    templates = choose_templates(options, sources, texts, pictures)
    log_search_with_templates(options, templates, sources, texts, pictures)
    log_unanswered(options, scores, absent_scores)
    near, passed = near_duplicates(options, model, rows)
    cosine, different = choose_near_duplicate(options, near, passed, pictures)
    calibration = {
        "version": 1,
        "made_from": f"tools/train-starter/calibrate.py: {sum(map(len, pictures.values()))} dev photos of Flickr8k, "
                     f"Caltech-101, TensorFlow flowers and Tiny ImageNet",
        "strictness": strictness,
        "near_duplicate_cosine": cosine,
        "templates": templates,
        "text_picture": text_picture,
        "picture_picture": {"near_duplicate": distribution(near), "different": different},
    }
    (options.model / "calibration.json").write_text(json.dumps(calibration, indent=2) + "\n")
    log_line(options, stage="calibrate", **calibration)


if __name__ == "__main__":
    main()
