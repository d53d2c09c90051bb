#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-documented.py KALON_CLI MAN_PAGE COMPLETION: every command and option that --help tells of is
in the manual page and in the completion, and the completion offers no other options."""

import re
import subprocess
import sys

OPTION = re.compile(r"--[a-z][a-z-]*")


def help_of(cli, *words):
    return subprocess.run([cli, *words, "--help"], check=True, capture_output=True, text=True).stdout


def commands(text):
    section = text.partition("Commands:\n")[2].partition("\n\n")[0]
    return [re.split(r"  | [\[A-Z]", line.strip())[0].split() for line in section.splitlines()]


def main():
    cli, page, completion = sys.argv[1], open(sys.argv[2]).read(), open(sys.argv[3]).read()
    page = page.replace("\\-", "-")
    texts = {(): help_of(cli)}
    for command in commands(texts[()]):
        texts[tuple(command)] = help_of(cli, *command)
        for child in commands(texts[tuple(command)]):
            texts[tuple(child)] = help_of(cli, *child)
    options = {option for text in texts.values() for option in OPTION.findall(text)}
    wrong = [f"{option} is not in {name}" for name, text in (("the man page", page),
                                                             ("the completion", completion))
             for option in sorted(options - set(OPTION.findall(text)))]
    wrong += [f"{option} of the completion is in no --help"
              for option in sorted(set(OPTION.findall(completion)) - options)]
    for command in texts:
        if " ".join(command) not in page:
            wrong.append(f"{' '.join(command)} is not in the man page")
        if not all(re.search(rf"\b{re.escape(word)}\b", completion) for word in command):
            wrong.append(f"{' '.join(command)} is not in the completion")
    print("\n".join(wrong) or f"{len(texts)} commands and {len(options)} options are documented")
    return 1 if wrong else 0


sys.exit(main())
