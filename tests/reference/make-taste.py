#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/reference/taste/expected.json: a history of thumbs over made-up features, what torch's
autograd makes of the loss that src/core/taste learns by, and where scipy finds its minimum."""
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F
from scipy.optimize import minimize

OUTPUT = pathlib.Path(__file__).resolve().parent / "taste"
LAMBDA, SMOOTHING, BELOW, POWER, LIMIT = 0.1, 0.05, 0.5, 0.25, 2.0
N_FEATURES, N_PICTURES = 7, 30


def pair_weights(event):
    weights = torch.where(torch.arange(len(event["pictures"])) < event["chosen"], 1.0, BELOW).double()
    weights[event["chosen"]] = 0
    return weights / weights.sum()


def margins(event, scores):
    shown = scores[event["pictures"]]
    return (1 if event["liked"] else -1) * (shown[event["chosen"]] - shown)


def event_loss(event, scores):
    h = margins(event, scores)
    return (pair_weights(event) * (-(1 - SMOOTHING) * F.logsigmoid(h) - SMOOTHING * F.logsigmoid(-h))).sum()


def loss(events, features, weights):
    scores = features @ weights
    total = LAMBDA / 2 * weights @ weights
    for event in events:
        of_query = sum(other["query"] == event["query"] for other in events)
        weight = min((event["chosen"] + 1) ** POWER, LIMIT) / of_query**0.5
        total = total + weight * event_loss(event, scores)
    return total


def agreement(event, scores):
    right = (torch.sign(margins(event, scores)) + 1) / 2
    return float((pair_weights(event) * right).sum())


def main():
    rng = np.random.default_rng(4)
    features = torch.tensor(rng.normal(size=(N_PICTURES, N_FEATURES)).astype(np.float32)).double()
    events = []
    for n in (2, 3, 12, 5, 9, 4):
        shown = rng.choice(N_PICTURES, n, replace=False)
        events.append({"liked": bool(rng.random() < 0.6), "chosen": int(rng.integers(n)),
                       "pictures": shown.tolist(), "query": int(rng.integers(3))})

    weights = torch.tensor(rng.normal(size=N_FEATURES).astype(np.float32)).double().requires_grad_()
    value = loss(events, features, weights)
    value.backward()

    def objective(x):
        at = torch.tensor(x, requires_grad=True)
        found = loss(events, features, at)
        found.backward()
        return found.item(), at.grad.numpy()

    best = minimize(objective, np.zeros(N_FEATURES), jac=True, method="L-BFGS-B", options={"ftol": 1e-15, "gtol": 1e-10})
    scores = features @ weights.detach()
    expected = {
        "n_features": N_FEATURES, "features": [float(np.float32(x)) for x in features.flatten()], "events": events,
        "weights": weights.tolist(), "loss": value.item(), "gradient": weights.grad.tolist(),
        "event_losses": [float(event_loss(e, scores)) for e in events], "agreements": [agreement(e, scores) for e in events],
        "minimum": best.fun, "best": best.x.tolist(),
    }
    OUTPUT.mkdir(exist_ok=True)
    (OUTPUT / "expected.json").write_text(json.dumps(expected) + "\n")


if __name__ == "__main__":
    main()
