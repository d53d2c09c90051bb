#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The evidence for alignment, as one report: evidence.py KALON_CLI PHOTOS CAPTIONS.tsv[.gz] SPLIT.tsv WORK [options] [-- options of “eval all”]

PHOTOS is a folder of photos, CAPTIONS has lines “name TAB caption”, SPLIT lines “name TAB dev” and “name TAB test”; others are not
looked at. Adapters learn from a half-spoilt collection of the dev photos (degraded-collection.py), everything is measured on the test
photos, and on the domains: folders with a sub-folder for each class. HPIR sets are made up from the test photos and the first domain
(“kalon-cli hpir synthetic”), unless --hpir names some. What is in WORK already is used again.

--judge ID names an aesthetic head that is imported and takes no part in learning (judge-head.py makes one); otherwise it is CLIP-IQA.
Needs NumPy and Pillow. Exits with the status of “eval all”."""
import argparse
import gzip
import os
import pathlib
import shlex
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def run(*words):
    words = [str(word) for word in words]
    print("$", shlex.join(words), flush=True)
    return subprocess.run(words, check=False).returncode


def must(*words):
    if run(*words) != 0:
        sys.exit(f"{words[0]} failed")


def read_lines(path):
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as lines:
        return [line.rstrip("\n") for line in lines]


def make_part(part, photos, captions, split, work):
    """WORK/PART/photos, WORK/PART/captions.tsv and the collection WORK/PART/spoilt."""
    folder = work / part
    names = {line.split("\t")[0] for line in split if line.split("\t")[1] == part}
    kept = [line for line in captions if line.split("\t")[0] in names]
    if not (folder / "photos").is_dir():
        (folder / "photos").mkdir(parents=True)
        for name in sorted({line.split("\t")[0] for line in kept}):
            os.symlink((photos / name).resolve(), folder / "photos" / name)
    (folder / "captions.tsv").write_text("".join(line + "\n" for line in kept), encoding="utf-8")
    if not (folder / "spoilt").is_dir():
        must(sys.executable, HERE / "degraded-collection.py", folder / "photos", folder / "captions.tsv", folder / "spoilt")
    return folder


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kalon_cli")
    parser.add_argument("photos", type=pathlib.Path)
    parser.add_argument("captions", type=pathlib.Path)
    parser.add_argument("split", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--domain", action="append", default=[], metavar="NAME=DIR")
    parser.add_argument("--names", action="append", default=[], metavar="NAME=FILE")
    parser.add_argument("--hpir", action="append", default=[], metavar="SET.jsonl")
    parser.add_argument("--items", type=int, default=300, help="of each made-up set (300)")
    parser.add_argument("--judge", default="clip-iqa", metavar="ID")
    parser.add_argument("--report", type=pathlib.Path, help="where the report is put (WORK/report)")
    words = sys.argv[1:]
    end = words.index("--") if "--" in words else len(words)
    args, rest = parser.parse_args(words[:end]), words[end + 1:]

    cli, work = args.kalon_cli, args.work
    captions, split = read_lines(args.captions), read_lines(args.split)
    dev, test = (make_part(part, args.photos, captions, split, work) for part in ("dev", "test"))
    sets = [pathlib.Path(path) for path in args.hpir]
    if not sets:
        made = [("hpir-captions", ["--captions", test / "captions.tsv", "--images", test / "photos"])]
        if args.domain:
            name, _, folder = args.domain[0].partition("=")
            classes = ["--classes", folder]
            for names in args.names:
                if names.startswith(name + "="):
                    classes += ["--names", names.partition("=")[2]]
            made.append(("hpir-classes", classes))
        for name, options in made:
            if not (work / name).is_dir():
                must(cli, "hpir", "synthetic", "--output", work / name, "--items", args.items, *options)
            sets.append(work / name / "set.jsonl")

    words = [cli, "--library", work / "library", "eval", "all",
             "--captions", test / "captions.tsv", "--images", test / "photos",
             "--pairs", test / "spoilt" / "pairs.tsv", "--pair-images", test / "spoilt" / "pictures",
             "--pair-captions", test / "spoilt" / "captions.tsv",
             "--train", dev / "spoilt" / "pictures", "--queries", dev / "spoilt" / "queries.txt",
             "--work", work / "align", "--judge", args.judge, "--report", args.report or work / "report"]
    for option, values in ("--domain", args.domain), ("--names", args.names), ("--hpir", sets):
        for value in values:
            words += [option, value]
    return run(*words, *rest)


if __name__ == "__main__":
    sys.exit(main())
