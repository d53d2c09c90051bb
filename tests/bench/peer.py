# SPDX-License-Identifier: GPL-3.0-or-later
"""What the peer programs share: the protocol of README.md."""

import json
import os
import sys
import time

SECONDS = 1.0
THREADS = len(os.sched_getaffinity(0))


def serve(peers, versions):
    """peers: name -> function (n) that returns a function which does the work once and returns how
    many things that was."""
    # Libraries that print must not get between the lines.
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    print(json.dumps({"peers": list(peers), "versions": versions, "threads": THREADS}), file=answers)
    prepared = {}
    for line in sys.stdin:
        name, n = line.split()
        if (name, n) not in prepared:
            prepared[name, n] = peers[name](int(n))
            prepared[name, n]()
        work, done, start = prepared[name, n], 0, time.perf_counter()
        while time.perf_counter() - start < SECONDS:
            done += work()
        print(json.dumps({"rate": done / (time.perf_counter() - start)}), file=answers)
