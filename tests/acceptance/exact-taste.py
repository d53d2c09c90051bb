#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Thumbs that are taken back leave nothing: exact-taste.py KALON_CLI FOLDER

Over the pictures of FOLDER: one library gets ten thumbs, another only those that are not taken back later.
After undoing, forgetting a query and forgetting a picture in the first, `search --ranking both` must print the
same in both for every query, digit for digit; after `reset`, the same as with no thumb at all.
"""
import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

QUERIES = ("a dog", "people at the beach", "a red car", "mountains in snow")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cli", metavar="KALON_CLI", type=pathlib.Path)
    parser.add_argument("folder", metavar="FOLDER", type=pathlib.Path)
    options = parser.parse_args()
    work = pathlib.Path(tempfile.mkdtemp(prefix="kalon-exact-"))
    failures = []

    def run(library, *words):
        command = [options.cli.resolve(), "--library", work / library, "--json", *words]
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            sys.exit(f"{words}: {done.stderr}")
        return json.loads(done.stdout)

    def rank(library):
        found = [run(library, "search", query, "--ranking", "both", "--limit", "200")["rankings"] for query in QUERIES]
        return json.dumps(found)

    def check(what, first, second):
        print(f"{what}: {'equal' if first == second else 'DIFFERENT'}")
        if first != second:
            failures.append(what)

    try:
        run("all", "index", options.folder.resolve())
        shutil.copytree(work / "all", work / "kept")
        untouched = rank("all")

        def thumb(library, query, place):
            results = run(library, "search", query, "--limit", "12")["rankings"]["baseline"]
            word = "like" if place % 3 else "dislike"
            return run(library, word, results[place]["path"], "--query", query)

        # Pictures on the pages are those of the ranking at that moment: thumbs that stay come first, so that
        # both libraries show the same for them.
        for place in (2, 5, 7):
            thumb("all", QUERIES[0], place)
            thumb("kept", QUERIES[0], place)
        kept = rank("kept")
        check("the same thumbs, in two libraries", rank("all"), kept)
        undone = [thumb("all", QUERIES[1], place)["thumb"] for place in (1, 3, 4)]
        for place in (2, 3, 8):
            thumb("all", QUERIES[2], place)
        if rank("all") == kept:
            failures.append("thumbs change nothing")
        for number in undone:
            run("all", "forget", "--thumb", str(number))
        run("all", "forget", "--query", QUERIES[2].upper())
        check("after undoing three and forgetting a query", rank("all"), kept)

        picture = run("all", "search", QUERIES[3], "--limit", "12")["rankings"]["baseline"][6]["path"]
        run("all", "like", picture, "--query", QUERIES[3])
        run("all", "forget", picture)
        run("kept", "forget", picture)
        check("after forgetting a picture", rank("all"), rank("kept"))
        run("all", "reset")
        check("after reset, as before any thumb", rank("all"), untouched)
    finally:
        shutil.rmtree(work)
    print("failed: " + ", ".join(failures) if failures else "exact")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
