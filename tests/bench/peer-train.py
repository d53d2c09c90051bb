#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A step of ranked DPO in PyTorch: peer-train.py KIND QUERIES IMAGES DIMENSION RANK; see README.md. All
queries have as many candidates and the same pairs, so that everything is one batched product, and the
scores of the frozen model are computed once before, with one thread or all, whichever is faster: the form
that suits PyTorch best."""

import sys
import time

import torch
from torch.nn import functional

import peer

SIDE = 5
SCALE, TEMPERATURE, SMOOTHING, ANCHOR = 10.0, 0.01, 0.1, 0.1


def unit(x):
    return functional.normalize(x, dim=-1)


def make_parts(kind, dimension, rank):
    shapes = {"query": [(rank, dimension)] * 2, "image": [(dimension,)], "projections": [(dimension, dimension)] * 2}
    parts = [torch.zeros(shape) for shape in shapes[kind]]
    if kind == "query":
        parts[0] = unit(torch.randn(shapes[kind][0]))
    return [part.requires_grad_() for part in parts]


def score(kind, parts, q, v):
    """[n, d] and [n, 25, d] to [n, 25]"""
    if kind == "query":
        q = unit(q + (q @ parts[0].T) @ parts[1])
    elif kind == "image":
        q = q + parts[0]
    else:
        q, v = unit(q + q @ parts[0]), unit(v + v @ parts[1])
    return torch.bmm(v, q.unsqueeze(-1)).squeeze(-1)


def main():
    kind = sys.argv[1]
    n_queries, n_images, dimension, rank = map(int, sys.argv[2:])
    torch.manual_seed(1)
    images, queries = unit(torch.randn(n_images, dimension)), unit(torch.randn(n_queries, dimension))
    candidates = (torch.randint(n_images, (n_queries, 1)) + 37 * torch.arange(SIDE * SIDE)) % n_images
    cells = [(row, column) for row in range(SIDE) for column in range(SIDE)]
    pairs = torch.tensor([(a, b) for a in range(len(cells)) for b in range(a + 1, len(cells))
                          if cells[a][0] == cells[b][0] or cells[a][1] == cells[b][1]])
    # Margins as a product: the gradient of indexing is many times slower.
    difference = functional.one_hot(pairs[:, 0], SIDE ** 2).float() - functional.one_hot(pairs[:, 1], SIDE ** 2)
    difference = difference.T.contiguous()
    reference = torch.cat([torch.bmm(images[c], q.unsqueeze(-1)).squeeze(-1)
                           for c, q in zip(candidates.split(64), queries.split(64))])

    def prepare(n):
        parts = make_parts(kind, dimension, rank)
        optimizer = torch.optim.AdamW(parts, lr=1e-3)

        def work():
            batch = torch.randperm(n_queries)[:n]
            s, r = score(kind, parts, queries[batch], images[candidates[batch]]), reference[batch]
            h = SCALE * ((s - r) @ difference)
            loss = -((1 - SMOOTHING) * functional.logsigmoid(h) + SMOOTHING * functional.logsigmoid(-h)).mean()
            loss = loss + ANCHOR * functional.kl_div(
                torch.log_softmax(s / TEMPERATURE, -1), torch.log_softmax(r / TEMPERATURE, -1),
                reduction="batchmean", log_target=True)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parts, 1.0)
            optimizer.step()
            return len(batch) * len(pairs)

        def seconds(threads):
            torch.set_num_threads(threads)
            work()
            start = time.perf_counter()
            for _ in range(10):
                work()
            return time.perf_counter() - start

        # Small products do not gain by threads, and lose by them on a busy machine.
        torch.set_num_threads(min({1, peer.THREADS}, key=seconds))
        return work

    peer.serve({"torch-fp32": prepare}, {"torch": torch.__version__})


main()
