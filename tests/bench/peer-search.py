#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exact search in FAISS: peer-search.py ROWS DIMENSION ROWS_FILE; see README.md. FAISS is given the
best of its own settings: all threads or one, queries through BLAS or not."""

import sys
import time

import faiss
import numpy

import peer

K = 100


def main():
    n_rows, dimension = int(sys.argv[1]), int(sys.argv[2])
    rows = numpy.memmap(sys.argv[3], "<f4", "r", shape=(n_rows, dimension))
    flat = faiss.IndexFlatIP(dimension)
    for first in range(0, n_rows, 50_000):
        flat.add(numpy.ascontiguousarray(rows[first:first + 50_000]))

    def choose(setting):
        faiss.omp_set_num_threads(setting[0])
        faiss.cvar.distance_compute_blas_threshold = setting[1]

    def prepare(n):
        queries = numpy.ascontiguousarray(rows[:n])

        def seconds(setting):
            choose(setting)
            flat.search(queries, K)
            start = time.perf_counter()
            flat.search(queries, K)
            return time.perf_counter() - start

        best = min([(t, b) for t in {1, peer.THREADS} for b in (1, 20)], key=seconds)

        def work():
            choose(best)
            flat.search(queries, K)
            return n
        return work

    peer.serve({"faiss-flat": prepare}, {"faiss": faiss.__version__})


main()
