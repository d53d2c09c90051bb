#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/reference/metrics/expected.json: rankings of odd sizes, with and without ties, and what
scipy, scikit-learn and numpy make of them.

Ranks: scipy's rankdata over the wrong items and the best right one, "max" among equals. Ranked lists:
numpy's stable sort, equals with the lower gain first; where nothing is equal, scikit-learn's
ndcg_score and top_k_accuracy_score must agree. Bootstrap: numpy's MT19937, which is GRand's, drawn
below n as g_rand_int_range() does (rejection, then modulo); scipy's bootstrap must give about the same
interval where each value is a cluster. Correlations, and McNemar's test as a binomial one: scipy's.
Mean reciprocal rank: scikit-learn's label_ranking_average_precision_score where nothing is equal.
"""
import json
import pathlib

import numpy as np
from scipy import stats
from sklearn import metrics

OUTPUT = pathlib.Path(__file__).resolve().parent / "metrics"
CUTS = (1, 2, 5, 10)
SEED = 20240609


def rank_of_best(similarities, relevant):
    right, wrong = similarities[relevant > 0], similarities[relevant == 0]
    if not len(right):
        return len(wrong) + 1
    return int(stats.rankdata(-np.append(wrong, right.max()), method="max")[-1])


def in_order(similarities, gains):
    return gains[np.lexsort((gains, -similarities))]


def ndcg(similarities, gains, k):
    discount = 1 / np.log2(np.arange(2, len(gains) + 2))
    found = (in_order(similarities, gains) * discount)[:k].sum()
    best = (np.sort(gains)[::-1] * discount)[:k].sum()
    if best and len(gains) > 1 and len(np.unique(similarities)) == len(similarities):
        theirs = metrics.ndcg_score([gains], [similarities], k=k)
        assert abs(found / best - theirs) < 1e-9, (found / best, theirs)
    return found / best if best else 0.0


def ranking(rng, n, n_right, levels):
    """@levels: how many different similarities there are; 0 makes no two equal."""
    similarities = rng.permutation(n) / n if not levels else rng.integers(0, levels, n) / levels
    similarities = np.float32(similarities * 2 - 1).astype(float)
    relevant = np.zeros(n, int)
    relevant[rng.choice(n, n_right, replace=False)] = 1
    gains = relevant * rng.integers(1, 4, n)
    return {
        "similarities": similarities.tolist(),
        "gains": gains.tolist(),
        "rank": rank_of_best(similarities, relevant),
        "precision": {k: float(in_order(similarities, relevant)[:k].sum() / k) for k in CUTS},
        "ndcg": {k: float(ndcg(similarities, gains, k)) for k in CUTS},
    }


def matrix(rng, n, classes, levels):
    """Rows with one right item each: top-k accuracy, and the figures over ranks."""
    scores = rng.normal(size=(n, classes)) if not levels else rng.integers(0, levels, (n, classes))
    scores = np.float32(scores).astype(float)
    truth = rng.integers(0, classes, n)
    ranks = np.array([rank_of_best(row, np.arange(classes) == t) for row, t in zip(scores, truth)])
    recall = {k: float((ranks <= k).mean()) for k in CUTS}
    if not levels and classes > 2:
        for k in CUTS:
            if k < classes:
                theirs = metrics.top_k_accuracy_score(truth, scores, k=k, labels=range(classes))
                assert abs(recall[k] - theirs) < 1e-9
        theirs = metrics.label_ranking_average_precision_score(np.eye(classes)[truth], scores)
        assert abs((1 / ranks).mean() - theirs) < 1e-9
    return {"columns": classes, "similarities": scores.ravel().tolist(), "truth": truth.tolist(),
            "ranks": ranks.tolist(), "recall": recall, "median": float(np.median(ranks)),
            "mrr": float(stats.hmean(ranks) ** -1)}


def draws(generator, n):
    """g_rand_int_range (0, n), for n below 2^31."""
    left_over = 2**31 % n * 2
    left_over -= n if left_over >= n else 0
    while True:
        number = int(generator.randint(0, 2**32, dtype=np.uint32))
        if number <= 2**32 - 1 - left_over:
            yield number % n


def interval(values, clusters, n_resamples, seed, weights=None):
    names = np.unique(clusters)
    weights = np.ones(len(values)) if weights is None else weights
    sums = np.array([(weights * values)[clusters == name].sum() for name in names])
    sizes = np.array([weights[clusters == name].sum() for name in names])
    if len(names) == 1:
        return [np.average(values, weights=weights)] * 2
    numbers = draws(np.random.RandomState(seed), len(names))
    means = []
    for _ in range(n_resamples):
        drawn = [next(numbers) for _ in names]
        if sizes[drawn].sum() > 0:
            means.append(sums[drawn].sum() / sizes[drawn].sum())
    return np.percentile(means, [2.5, 97.5])


def bootstrap(rng, sizes, n_resamples, seed):
    clusters = np.repeat(np.arange(len(sizes)), sizes)
    # Values of a cluster resemble each other, as the hits of a picture's captions do.
    values = (rng.random(len(clusters)) < np.repeat(rng.random(len(sizes)), sizes)).astype(float)
    low, high = interval(values, clusters, n_resamples, seed)
    if len(sizes) == len(clusters) > 20:
        theirs = stats.bootstrap((values,), np.mean, method="percentile", random_state=1,
                                 n_resamples=9999).confidence_interval
        assert abs(low - theirs.low) < 0.03 and abs(high - theirs.high) < 0.03
    return {"values": values.tolist(), "clusters": clusters.tolist(), "resamples": n_resamples,
            "seed": seed, "mean": float(values.mean()), "low": float(low), "high": float(high)}


def median(rng, n, n_resamples, seed):
    # Rounded: equal values, as shares of pairs have.
    values = rng.normal(size=n).round(1)
    numbers = draws(np.random.RandomState(seed), n)
    medians = [np.median(values[[next(numbers) for _ in range(n)]]) for _ in range(n_resamples)]
    low, high = np.percentile(medians, [2.5, 97.5])
    if n > 20:
        theirs = stats.bootstrap((values,), np.median, method="percentile", random_state=1,
                                 n_resamples=9999).confidence_interval
        assert abs(low - theirs.low) < 0.11 and abs(high - theirs.high) < 0.11
    return {"values": values.tolist(), "resamples": n_resamples, "seed": seed,
            "median": float(np.median(values)), "low": float(low), "high": float(high)}


def weighted(rng, sizes, share_without, n_resamples, seed):
    """@share_without: of the values that have no weight"""
    clusters = np.repeat(np.arange(len(sizes)), sizes)
    values = (rng.random(len(clusters)) < 0.6).astype(float)
    weights = rng.random(len(clusters)) * (rng.random(len(clusters)) >= share_without)
    weights[0] = 0.5
    low, high = interval(values, clusters, n_resamples, seed, weights)
    return {"values": values.tolist(), "weights": weights.tolist(), "clusters": clusters.tolist(),
            "resamples": n_resamples, "seed": seed, "mean": float(np.average(values, weights=weights)),
            "low": float(low), "high": float(high)}


def correlation(rng, n, levels, n_resamples, seed):
    """@levels: how many different values there are, nearly; 0 makes no two equal."""
    x = rng.normal(size=n) + 100
    y = 0.6 * x + 0.8 * rng.normal(size=n)
    if levels:
        x, y = np.round(x * levels / 4), np.round(y * levels / 4)
    theirs = {"pearson": lambda a, b: stats.pearsonr(a, b)[0], "spearman": lambda a, b: stats.spearmanr(a, b)[0]}
    case = {"x": x.tolist(), "y": y.tolist(), "resamples": n_resamples, "seed": seed}
    for name, get in theirs.items():
        numbers = draws(np.random.RandomState(seed), n)
        found = []
        for _ in range(n_resamples):
            drawn = [next(numbers) for _ in range(n)]
            if np.ptp(x[drawn]) > 0 and np.ptp(y[drawn]) > 0:
                found.append(get(x[drawn], y[drawn]))
        low, high = np.percentile(found, [2.5, 97.5])
        case[name] = [float(get(x, y)), float(low), float(high)]
    return case


def mcnemar(first, second):
    n = first + second
    return {"first": first, "second": second, "p": float(stats.binomtest(first, n).pvalue) if n else 1.0}


rng = np.random.default_rng(1)
document = {
    "rankings": [ranking(rng, n, right, levels)
                 for n, right, levels in ((1, 1, 0), (1, 0, 0), (2, 1, 1), (3, 3, 0), (7, 2, 0), (7, 2, 3),
                                          (13, 5, 1), (31, 4, 4), (101, 17, 0), (101, 0, 5), (257, 40, 9))],
    "matrices": [matrix(rng, n, classes, levels)
                 for n, classes, levels in ((1, 1, 0), (1, 7, 0), (2, 3, 0), (33, 5, 0), (33, 5, 2), (50, 13, 3),
                                            (17, 37, 0))],
    "bootstraps": [bootstrap(rng, sizes, n_resamples, seed)
                   for sizes, n_resamples, seed in (([1], 10, 3), ([5], 10, 3), ([1, 1], 1, SEED),
                                                    ([1] * 101, 1000, SEED), ([5] * 37, 1000, SEED),
                                                    ([1, 2, 7, 3, 1, 11, 5], 333, 12345))],
    "medians": [median(rng, n, n_resamples, seed)
                for n, n_resamples, seed in ((1, 10, 3), (2, 1, SEED), (3, 100, 7), (30, 333, 12345), (40, 1000, SEED),
                                             (101, 1000, SEED))],
    "weighted": [weighted(rng, sizes, share, n_resamples, seed)
                 for sizes, share, n_resamples, seed in (([1], 0, 10, 3), ([3], 0, 10, 3), ([1] * 4, 0.7, 333, 3),
                                                         ([1] * 30, 0, 333, 12345), ([1] * 101, 0.2, 1000, SEED),
                                                         ([2] * 75, 0.1, 1000, SEED))],
    "correlations": [correlation(rng, n, levels, n_resamples, seed)
                     for n, levels, n_resamples, seed in ((2, 0, 20, 3), (3, 0, 10, 3), (5, 2, 100, 7), (12, 4, 100, 7),
                                                          (30, 3, 200, SEED), (101, 0, 200, SEED))],
    "mcnemar": [mcnemar(first, second)
                for first, second in ((0, 0), (1, 0), (0, 5), (3, 3), (10, 4), (4, 10), (7, 8), (60, 35), (35, 61),
                                      (1000, 1100), (0, 2000), (50000, 50500))],
}
OUTPUT.mkdir(exist_ok=True)
lines = ",\n".join(f'"{name}": [\n' + ",\n".join(json.dumps(case) for case in cases) + "]"
                   for name, cases in document.items())
(OUTPUT / "expected.json").write_text(f"{{{lines}}}\n")
print(", ".join(f"{len(cases)} {name}" for name, cases in document.items()))
