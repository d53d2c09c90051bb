#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/reference/alignment/expected.json: a tiny preference set, and what PyTorch's autograd,
clip_grad_norm_ and AdamW make of it in double precision, for each kind of adapter.

The formulas are written as they stand in kalon-trainer.h and kalon-adapter.h; logsigmoid, log_softmax
and kl_div are PyTorch's own. All queries are in every batch, so the order that they are drawn in does
not matter. Adapters start at start_values(), which the test computes as well.
"""
import json
import math
import pathlib

import numpy
import torch
from torch.nn import functional

OUTPUT = pathlib.Path(__file__).resolve().parent / "alignment"
DIMENSION, RANK, IMAGES, QUERIES = 19, 3, 30, 5
OPTIONS = {"beta": 0.2, "temperature": 0.05, "smoothing": 0.1, "anchor": 0.3, "learning_rate": 0.01,
           "weight_decay": 0.1, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "max_gradient_norm": 0.8,
           "warm_up": 0.25, "epochs": 7}


def start_values(part, rows):
    numbers = 0.1 * numpy.sin(1 + part + 1.7 * numpy.arange(rows * DIMENSION))
    return torch.tensor(numpy.float32(numbers).astype(float)).reshape(rows, DIMENSION).requires_grad_()


def unit(x):
    return x / x.norm(dim=-1, keepdim=True)


def unit_rows(rng, n):
    x = rng.normal(size=(n, DIMENSION))
    return numpy.float32(x / numpy.linalg.norm(x, axis=1, keepdims=True))


def make_set(rng):
    images, queries = unit_rows(rng, IMAGES), []
    for vector in unit_rows(rng, QUERIES):
        n = int(rng.integers(4, 9))
        pairs = [(int(w), int(l)) for w, l in (rng.choice(n, 2, replace=False) for _ in range(6))]
        queries.append({"vector": vector, "candidates": rng.choice(IMAGES, n, replace=False).tolist(),
                        "pairs": [[w, l, float(rng.integers(1, 4))] for w, l in pairs]})
    return images, queries


def change(kind, parts, q, v):
    """The query, the pictures and what is added to their scores."""
    if kind == "query":
        return unit(q + (q @ parts[0].T) @ parts[1]), v, 0
    if kind == "image":
        return q, v, v @ parts[0][0]
    return unit(q + q @ parts[0]), unit(v + v @ parts[1]), 0


def losses(kind, parts, images, queries):
    pair_loss, divergence, agreed, n_pairs = 0, 0, 0, 0
    for query in queries:
        q = torch.tensor(query["vector"].astype(float))
        v = torch.tensor(images[query["candidates"]].astype(float))
        winner, loser = (torch.tensor([p[i] for p in query["pairs"]]) for i in (0, 1))
        weight = torch.tensor([p[2] for p in query["pairs"]], dtype=torch.double)
        changed_q, changed_v, added = change(kind, parts, q, v)
        s, r = changed_v @ changed_q + added, v @ q
        h = OPTIONS["beta"] / OPTIONS["temperature"] * ((s[winner] - s[loser]) - (r[winner] - r[loser]))
        each = -(1 - OPTIONS["smoothing"]) * functional.logsigmoid(h) \
            - OPTIONS["smoothing"] * functional.logsigmoid(-h)
        pair_loss += (weight * each).sum() / weight.sum() / QUERIES
        divergence += functional.kl_div(torch.log_softmax(s / OPTIONS["temperature"], 0),
                                        torch.log_softmax(r / OPTIONS["temperature"], 0),
                                        reduction="sum", log_target=True) / QUERIES
        agreed += int((s[winner] > s[loser]).sum())
        n_pairs += len(query["pairs"])
    return pair_loss, divergence, agreed / n_pairs


def rate(step):
    warm = math.ceil(OPTIONS["warm_up"] * OPTIONS["epochs"])
    if step < warm:
        return OPTIONS["learning_rate"] * (step + 1) / warm
    return OPTIONS["learning_rate"] * 0.5 * (
        1 + math.cos(math.pi * (step - warm) / (OPTIONS["epochs"] - warm)))


def numbers(tensor):
    return [float(f"{x:.8g}") for x in tensor.detach().flatten().tolist()]


def run(kind, images, queries):
    rows = {"query": [RANK, RANK], "image": [1], "projections": [DIMENSION, DIMENSION]}[kind]
    parts = [start_values(part, n) for part, n in enumerate(rows)]
    optimizer = torch.optim.AdamW(parts, lr=1, betas=(OPTIONS["beta1"], OPTIONS["beta2"]),
                                  eps=OPTIONS["epsilon"], weight_decay=OPTIONS["weight_decay"])
    result = {"steps": []}
    for step in range(OPTIONS["epochs"]):
        optimizer.zero_grad()
        pair_loss, divergence, agreement = losses(kind, parts, images, queries)
        loss = pair_loss + OPTIONS["anchor"] * divergence
        loss.backward()
        if step == 0:
            result["gradient"] = [numbers(part.grad) for part in parts]
        norm = torch.nn.utils.clip_grad_norm_(parts, OPTIONS["max_gradient_norm"])
        optimizer.param_groups[0]["lr"] = rate(step)
        optimizer.step()
        result["steps"].append([float(x) for x in (loss.detach(), pair_loss.detach(), divergence.detach(), agreement, norm, rate(step))])
    result["parameters"] = [numbers(part) for part in parts]
    return result


def main():
    images, queries = make_set(numpy.random.default_rng(20240609))
    expected = {"dimension": DIMENSION, "rank": RANK, "options": OPTIONS,
                "images": [float(f"{x:.9g}") for x in images.flatten()],
                "queries": [dict(q, vector=[float(f"{x:.9g}") for x in q["vector"]]) for q in queries]}
    for kind in ("query", "image", "projections"):
        expected[kind] = run(kind, images, queries)
    OUTPUT.mkdir(exist_ok=True)
    (OUTPUT / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")


main()
