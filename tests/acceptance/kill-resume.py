#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Index a folder; index it again, killed at random moments and resumed; compare the answers.

The two libraries must give the same pictures in the same order with the same scores for 200 queries.
"""

import argparse
import concurrent.futures
import itertools
import json
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

THINGS = ["dog", "child", "beach", "mountain", "street", "bicycle", "water", "snow", "crowd", "ball",
          "car", "forest", "house", "sky", "flower", "horse", "boat", "night", "woman smiling", "man"]
LOOKS = ["a photo of a {}", "{} in the rain", "a red {}", "two of them with a {}", "{} from above",
         "a small {} far away", "black and white {}", "{} at sunset", "something near a {}", "no {}"]


def command(options, library, *rest):
    arguments = [options.kalon_cli, "--library", str(library), "--device", options.device]
    if options.model:
        arguments += ["--model", options.model]
    return arguments + list(rest)


def status_megabytes(pid, field):
    """None once the process is gone."""
    try:
        for line in open(f"/proc/{pid}/status"):
            if line.startswith(field):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return None


def count(library):
    catalogue = library / "catalogue.db"
    if not catalogue.exists():
        return 0
    try:
        with sqlite3.connect(f"file:{catalogue}?mode=ro", uri=True, timeout=10) as database:
            return database.execute("SELECT count(*) FROM embeddings").fetchone()[0]
    except sqlite3.OperationalError:
        return 0  # killed before the tables were made


def index_whole(options, library):
    """Runs to the end; returns the JSON, the seconds and [(pictures, peak MB)]."""
    start = time.monotonic()
    process = subprocess.Popen(command(options, library, "--json", "index", options.folder),
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    samples = []
    while process.poll() is None:
        peak = status_megabytes(process.pid, "VmHWM:")
        if peak is not None:
            samples.append((count(library), peak))
        time.sleep(0.2)
    seconds = time.monotonic() - start
    output = process.stdout.read()
    if process.returncode != 0:
        sys.exit(f"kalon-cli index failed with {process.returncode}: {output.decode()}")
    return json.loads(output), seconds, samples


def index_killed(options, library, seconds, generator):
    for i in range(options.kills):
        process = subprocess.Popen(command(options, library, "index", options.folder),
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        # Together about nine tenths of a whole run, so that work is left for every kill.
        after = generator.uniform(0, 2 * 0.9 * seconds / options.kills)
        try:
            process.wait(after)
            print(f"  {i + 1}: done before the kill")
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            print(f"  {i + 1}: killed after {after:.1f} s, {count(library)} pictures committed")


def answer(options, library, query):
    result = subprocess.run(
        command(options, library, "--json", "search", query, "--limit", "50", "--no-fold"),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if result.returncode != 0:
        sys.exit(f"kalon-cli search failed: {result.stderr.decode()}")
    document = json.loads(result.stdout)
    return document["indexed"], document["rankings"]


def compare(options, place, generator):
    whole = place / "whole"
    killed = place / "killed"

    print(f"seed {options.seed}; libraries in {place}", flush=True)
    result, seconds, samples = index_whole(options, whole)
    n = result["added"]
    peak = max((megabytes for _, megabytes in samples), default=0)
    half = max((megabytes for done, megabytes in samples if done <= n / 2), default=0)
    print(f"uninterrupted: {n} added, {result['failed']} failed in {seconds:.1f} s, "
          f"{n / seconds:.1f} pictures/s; peak memory {peak:.0f} MB, at half the run {half:.0f} MB")

    index_killed(options, killed, seconds, generator)
    resumed, seconds, _ = index_whole(options, killed)
    print(f"resumed: {resumed['added']} added, {resumed['unchanged']} unchanged in {seconds:.1f} s")

    queries = [look.format(thing) for look, thing in itertools.product(LOOKS, THINGS)]
    queries = queries[:options.queries]
    differing = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        pairs = pool.map(lambda query: (answer(options, whole, query),
                                        answer(options, killed, query)), queries)
        for query, (a, b) in zip(queries, pairs):
            if a != b:
                differing.append(query)
    print(f"{len(queries)} queries, {len(differing)} answered differently")
    for query in differing[:5]:
        print(f"  {query}")
    return 1 if differing else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kalon_cli")
    parser.add_argument("folder")
    parser.add_argument("--model")
    parser.add_argument("--device", default="none")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--keep", action="store_true", help="keep the two libraries")
    options = parser.parse_args()
    place = pathlib.Path(tempfile.mkdtemp(prefix="kalon-kill-"))
    try:
        return compare(options, place, random.Random(options.seed))
    finally:
        if not options.keep:
            shutil.rmtree(place)


if __name__ == "__main__":
    sys.exit(main())
