#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exact search of Kalon's index against FAISS IndexFlatIP: same answers, and how much faster.

FAISS is given the rows as Kalon stores them (rounded to f16, read out of the embedding file), and
takes its best of several settings. Runs take turns, so a machine that slows down slows both.
Prints one JSON document. Needs numpy and faiss-cpu; about 4 GB of memory for a million rows."""

import argparse
import json
import os
import statistics
import subprocess
import tempfile
import time

import faiss
import numpy

CHUNK = 50_000
HEADER, BLOCK = 4096, 1024
PAUSE = 0.05  # seconds: OpenMP threads go on spinning for a while after a call


def make_rows(generator, n, dimension, centres):
    """Unit rows: noise, or pictures of a few hundred subjects with the common direction and the
    single large elements that CLIP embeddings have."""
    rows = generator.standard_normal((n, dimension), dtype=numpy.float32)
    if centres is not None:
        rows *= 0.6
        rows += centres[generator.integers(0, len(centres), n)]
    rows /= numpy.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def make_centres(generator, dimension):
    centres = generator.standard_normal((300, dimension), dtype=numpy.float32)
    centres += 1.2 * generator.standard_normal(dimension, dtype=numpy.float32)
    centres[:, dimension // 4] += 12
    return centres


class Kalon:
    def __init__(self, program, path, dimension, device):
        self.dimension = dimension
        self.process = subprocess.Popen([program, path, str(dimension), device],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, command, vectors):
        self.process.stdin.write(command.encode() + b"\n" + vectors.astype("<f4").tobytes())
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def append(self, rows):
        self.ask(f"append {len(rows)}", rows)

    def search(self, queries, k):
        return self.ask(f"search {len(queries)} {k}", queries)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def stored_rows(path, n, dimension):
    """The f16 rows of an embedding file, in chunks; see docs/formats.md."""
    stride = -(-dimension // 64) * 64
    block = BLOCK * (stride * 3 + 12)
    data = numpy.memmap(path, dtype=numpy.uint8, mode="r", offset=HEADER)
    for first in range(0, n, CHUNK):
        blocks = range(first // BLOCK, -(-min(first + CHUNK, n) // BLOCK))
        parts = [data[b * block + BLOCK * stride:b * block + BLOCK * stride * 3]
                 .view("<f2").reshape(BLOCK, stride)[:, :dimension] for b in blocks]
        rows = numpy.concatenate(parts)
        skipped = first - blocks[0] * BLOCK
        yield rows[skipped:skipped + min(CHUNK, n - first)].astype(numpy.float32)


def same_answers(queries, kalon, similarities, rows, index):
    """Rows may differ only where FAISS's own f32 sums cannot tell them apart."""
    for q, query in enumerate(queries):
        ours, theirs = kalon["rows"][q], rows[q].tolist()
        if not numpy.allclose(kalon["similarities"][q], similarities[q], atol=2e-6):
            return False
        if ours != theirs:
            line = similarities[q][-1]
            for row in set(ours) ^ set(theirs):
                if abs(float(index.reconstruct(int(row)) @ query) - line) > 2e-6:
                    return False
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", help="BUILD/tests/bench/bench-search")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--dimension", type=int, default=512)
    parser.add_argument("-k", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--clustered", action="store_true", help="CLIP-like instead of noise")
    parser.add_argument("--device", action="append", default=[], help="also on this OpenCL device")
    arguments = parser.parse_args()
    n, dimension, k = arguments.rows, arguments.dimension, arguments.k

    generator = numpy.random.default_rng(1)
    centres = make_centres(generator, dimension) if arguments.clustered else None
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "bench.kemb")
        ours = {"none": Kalon(arguments.program, path, dimension, "none")}
        for first in range(0, n, CHUNK):
            ours["none"].append(make_rows(generator, min(CHUNK, n - first), dimension, centres))
        for device in arguments.device:
            ours[device] = Kalon(arguments.program, path, dimension, device)
        flat = faiss.IndexFlatIP(dimension)
        for rows in stored_rows(path, n, dimension):
            flat.add(rows)
        queries = make_rows(generator, 100, dimension, centres)

        report = {"rows": n, "dimension": dimension, "k": k, "faiss": faiss.__version__,
                  "faiss_options": faiss.get_compile_options(), "data":
                  "clustered" if arguments.clustered else "noise", "runs": []}
        similarities, rows = flat.search(queries, k)
        for device, kalon in ours.items():
            report[f"same_answers/{device}"] = same_answers(
                queries, kalon.search(queries, k), similarities, rows, flat)

        # FAISS's own settings: its threads, and whether a few queries go through BLAS.
        threads = faiss.omp_get_max_threads()
        settings = {f"threads={t} blas_from={b}": (t, b)
                    for t in sorted({1, threads}) for b in (1, 20)}

        for batch in (1, 2):
            times = {name: [] for name in [*ours, *settings]}
            for turn in range(arguments.rounds + 1):
                some = queries[[(turn * batch + i) % len(queries) for i in range(batch)]]
                for device, kalon in ours.items():
                    time.sleep(PAUSE)
                    times[device].append(kalon.search(some, k)["seconds"])
                for name, (t, blas) in settings.items():
                    faiss.omp_set_num_threads(t)
                    faiss.cvar.distance_compute_blas_threshold = blas
                    time.sleep(PAUSE)
                    start = time.perf_counter()
                    flat.search(some, k)
                    times[name].append(time.perf_counter() - start)
            for values in times.values():
                del values[0]  # the first warms up
            medians = {name: statistics.median(values) for name, values in times.items()}
            best = min(settings, key=medians.get)
            run = {"queries": batch, "faiss_best": best,
                   "milliseconds": {name: round(m * 1e3, 2) for name, m in medians.items()}}
            for device in ours:
                run[f"ratio/{device}"] = round(statistics.median(
                    theirs / our for theirs, our in zip(times[best], times[device])), 2)
            report["runs"].append(run)
        for kalon in ours.values():
            kalon.close()
    print(json.dumps(report, indent=1))


main()
