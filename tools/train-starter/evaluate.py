#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stage 12: every figure of the model card, by kalon-cli on the exported files and held-out photos.

They are those that unpack.py and `appeal.py --write WORK/eval/appeal-SPLIT --split SPLIT` wrote.
    evaluate.py --cli BUILD/src/cli/kalon-cli --split dev    as often as you like
    evaluate.py --cli BUILD/src/cli/kalon-cli --split test   once per released model

Logs what kalon-cli printed, less its long lists.
"""
import json
import pathlib
import subprocess

from common import arguments, log_line

HERE = pathlib.Path(__file__).parent


def main():
    def extra(parser):
        parser.add_argument("--cli", type=pathlib.Path, required=True)
        parser.add_argument("--model", type=pathlib.Path, default=pathlib.Path("data/models/starter"))
        parser.add_argument("--split", choices=("dev", "test"), default="dev")

    options = arguments(__doc__, extra)
    folder = options.work / "eval"

    def run(what, *words):
        command = [options.cli.resolve(), "--json", "--model", options.model.resolve(), "eval", *words]
        found = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
        kept = {k: v for k, v in found.items() if not isinstance(v, list) or k in ("templates", "outcomes")}
        log_line(options, stage="evaluate", split=options.split, what=what, **kept)

    run("captions", "retrieval", "--captions", folder / f"flickr-{options.split}.tsv", "--images", folder / f"flickr-{options.split}")
    for source in ("caltech", "flowers", "tiny"):
        photos = folder / f"{source}-{options.split}"
        run(source, "classify", "--images", photos, "--names", folder / f"{source}.tsv")
    if options.split == "test":
        for source in ("caltech", "tiny"):
            queries = HERE / "queries" / f"unseen-{source}.tsv"
            run(f"unseen words, {source}", "retrieval", "--queries", queries, "--images", folder / f"{source}-test")
    pairs = folder / f"appeal-{options.split}"
    for kinds in ("held-out", "trained", "matched"):
        run(f"appeal, {kinds}", "aesthetic", "--pairs", pairs / f"{kinds}.tsv", "--images", pairs)


if __name__ == "__main__":
    main()
