# SPDX-License-Identifier: GPL-3.0-or-later
"""Options, log and clock shared by the stages."""
import argparse
import datetime
import json
import os
import pathlib

import torch


def arguments(description, extra=None):
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=pathlib.Path, default=pathlib.Path("../shared/data"))
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("build/train-starter"))
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    parser.add_argument("--seed", type=int, default=20240609)
    if extra:
        extra(parser)
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    return options


def log_line(options, **values):
    """Appends one JSON line to WORK/log.jsonl and says it on stdout."""
    line = json.dumps({"time": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"), **values})
    with open(options.work / "log.jsonl", "a", encoding="utf-8") as log:
        log.write(line + "\n")
    print(line, flush=True)


def save(path, value):
    """Saves so that a cut at any moment leaves the old or the new file, never half of one."""
    partial = path.with_suffix(path.suffix + ".part")
    torch.save(value, partial)
    os.replace(partial, path)
