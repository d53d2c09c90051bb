#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/reference/hpir/: a made-up HPIR set with labels of six people, the choices of three
rankings, the scores of two aesthetic models, and what numpy and scipy make of them.

No code is shared with Kalon: votes are counted from the labels here, correlations are scipy's, McNemar's
exact p is that of a binomial test of the discordant items.
"""
import json
import pathlib

import numpy as np
from scipy import stats

OUTPUT = pathlib.Path(__file__).resolve().parent / "hpir"
ASPECTS = ("accuracy", "aesthetic", "diversity")
AGES = ("20-29", "20-29", "30-39", "30-39", "30-39", "40-49")
REGIONS = ("Asia", "Europe", "Asia", "Europe", None, "Asia")
KINDS = ("relevance", "degradation", "near-duplicate")
N_ITEMS, MIN_SPLIT = 60, 5


def label(rng, person, leaning, repeat):
    """@leaning: of each aspect how probable "a" is"""
    answer = {"labeler": f"person-{person}", "repeat": repeat, "swapped": bool(rng.integers(2)), "time": 0, "seconds": 0}
    for aspect, p in zip(ASPECTS, leaning):
        draw = rng.random()
        answer[aspect] = None if draw < 0.05 else "neither" if draw < 0.15 else "a" if rng.random() < p else "b"
    return answer


def make_item(rng, i):
    leaning = rng.beta(0.8, 0.8, 3)
    labels = [label(rng, person, leaning, 0) for person in range(5) if rng.random() < 0.8]
    # Somebody who has judged too few items to be told of.
    labels += [label(rng, 5, leaning, 0)] if i < 3 else []
    labels += [label(rng, int(answer["labeler"][-1]), leaning, 1) for answer in labels[:1] if i % 4 == 0]
    sizes = rng.integers(1, 4, 2)
    groups = [[{"path": f"p{i}-{g}-{j}.png"} for j in range(sizes[g])] for g in range(2)]
    return {"id": f"item-{i}", "query": f"query {i % 35}", "kind": KINDS[i % 3], "group_a": groups[0], "group_b": groups[1],
            "labels": labels}


def gold(item, aspect, people):
    votes = [answer[aspect] for answer in item["labels"] if answer["repeat"] == 0 and int(answer["labeler"][-1]) in people]
    a, b = votes.count("a"), votes.count("b")
    return None if a == b else (0 if a > b else 1, max(a, b) / (a + b))


def outcomes(items, choices, aspect, people):
    """[items with a majority]: 1, 0 or 1/2; and the confidences"""
    found = [(choice, *gold(item, aspect, people)) for item, choice in zip(items, choices) if gold(item, aspect, people)]
    right = np.array([0.5 if choice == 2 else float(choice == best) for choice, best, _ in found])
    return right, np.array([confidence for _, _, confidence in found])



def agreement(items, choices, baseline, aspect, people=range(6)):
    right, confidence = outcomes(items, choices, aspect, people)
    gains = right - outcomes(items, baseline, aspect, people)[0]
    better, worse = int((gains > 0).sum()), int((gains < 0).sum())
    return {
        "n": len(right),
        "confidence": float(confidence.mean()),
        "agreement": float(right.mean()),
        "weighted": float(np.average(right, weights=2 * confidence - 1)),
        "gain": float(gains.mean()),
        "weighted_gain": float(np.average(gains, weights=2 * confidence - 1)),
        "better": better,
        "worse": worse,
        "p": float(stats.binomtest(better, better + worse).pvalue) if better + worse else 1.0,
    }


def split(items, rows, aspect, people, least):
    found = [outcomes(items, row, aspect, people)[0] for row in rows]
    n = len(found[0])
    return {"n": n, "agreement": [float(right.mean()) if n >= least else None for right in found],
            "gain": [float((right - found[0]).mean()) if n >= least else None for right in found]}


def splits(items, rows):
    document = {}
    for kind in sorted(KINDS):
        numbers = [i for i, item in enumerate(items) if item["kind"] == kind]
        document[kind] = [split([items[i] for i in numbers], [row[numbers] for row in rows], aspect, range(6), 1)
                          for aspect in ASPECTS]
    for trait, values in (("age", AGES), ("region", REGIONS)):
        for value in sorted(set(filter(None, values))):
            people = [person for person in range(6) if values[person] == value]
            found = [split(items, rows, aspect, people, MIN_SPLIT) for aspect in ASPECTS]
            if max(of_aspect["n"] for of_aspect in found) >= MIN_SPLIT:
                document[f"{trait}: {value}"] = found
    return document


def scorer(items, scores):
    differences, margins, right = [], [], []
    for item, (a, b) in zip(items, scores):
        votes = [answer["aesthetic"] for answer in item["labels"] if answer["repeat"] == 0]
        n_a, n_b = votes.count("a"), votes.count("b")
        if n_a + n_b == 0:
            continue
        differences.append(np.mean(a) - np.mean(b))
        margins.append((n_a - n_b) / (n_a + n_b))
        if n_a != n_b:
            right.append(0.5 if differences[-1] == 0 else float((differences[-1] > 0) == (n_a > n_b)))
    return {"n": len(margins), "n_decided": len(right), "right": float(np.mean(right)),
            "spearman": float(stats.spearmanr(differences, margins)[0]),
            "pearson": float(stats.pearsonr(differences, margins)[0])}


def draw_scores(rng, items, scale, slope):
    """@slope: how much the votes say of the scores"""
    def draw(item, group, sign):
        shift = sign * slope * sum({"a": 1, "b": -1}.get(answer["aesthetic"], 0) for answer in item["labels"])
        # Quarters: exact in float, and sometimes equal.
        return (np.round((shift + rng.normal(5, scale, len(item[group]))) * 4) / 4).tolist()

    return [[draw(item, "group_a", 1), draw(item, "group_b", -1)] for item in items]


def main():
    rng = np.random.default_rng(6)
    items = [make_item(rng, i) for i in range(N_ITEMS)]
    labelers = [{"id": f"person-{i}", "traits": {"age": AGES[i], **({"region": REGIONS[i]} if REGIONS[i] else {})}}
                for i in range(6)]
    header = {"format": "kalon-hpir-set", "version": 1, "name": "Made up", "synthetic": True, "made_from": None,
              "labelers": labelers, "count": len(items)}
    # Those of a query together.
    order = sorted(range(N_ITEMS), key=lambda i: (i % 35, i))
    ordered = [items[i] for i in order]
    rows = np.array([rng.choice(3, N_ITEMS, p=(0.45, 0.45, 0.1)) for _ in range(3)])
    scores = [draw_scores(rng, ordered, *how) for how in ((1, 0.1), (0.25, 0))]
    document = {
        "order": order,
        "clusters": [i % 35 for i in order],
        "choices": rows.tolist(),
        "rows": [[agreement(ordered, row, rows[0], aspect) for aspect in ASPECTS] for row in rows],
        "splits": splits(ordered, rows),
        "scores": scores,
        "scorers": [scorer(ordered, of_model) for of_model in scores],
    }
    OUTPUT.mkdir(exist_ok=True)
    lines = [json.dumps(line) for line in [header, *items]]
    (OUTPUT / "set.jsonl").write_text("\n".join(lines) + "\n")
    (OUTPUT / "expected.json").write_text(json.dumps(document) + "\n")


main()
