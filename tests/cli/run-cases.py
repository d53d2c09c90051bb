#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a file of command-line cases: run-cases.py KALON_CLI MODEL_DIRECTORY FILE.test

A case is three lines or more; blank lines and lines that begin with # are between cases:

    the command           words as in a shell, with $MODEL, $PWD and $LLM (see llm_server.py) put in, but
                          no shell; NAME=VALUE in front of them is for the environment
    the exit status
    what is expected      one of these, or several, a line each:
                                   out TEXT      standard output holds TEXT
                                   err TEXT      standard error holds TEXT
                                   not TEXT      neither holds TEXT
                                                 in all three \\xHH is that byte
                                   json KEY = VALUE     "rankings.baseline.0.rank = 1";
                                   json KEY # LENGTH    of an array or object; VALUE is JSON
                                   in TEXT       nothing is expected: a line for standard input
                                   terminal      nothing is expected: standard output is a terminal

Cases of one file run in order, in one fresh folder with the pictures of make_pictures(), the label
files of make_labels(), the HPIR sets of make_hpir() and a data directory of their own. A command is kalon-cli or a file tool (mv, rm, cp, touch, chmod, stat, truncate).
With --json among the words, standard output must be one JSON document and nothing else.

KALON_MODEL_HUB is a server on this machine that has the model in each repository and at each
revision, except under someone/nothing.
"""

import hashlib
import http.server
import json
import math
import os
import pathlib
import pty
import random
import re
import shlex
import shutil
import struct
import subprocess
import sys
import tempfile
import threading
import zlib

sys.dont_write_bytecode = True  # not into the source tree
import llm_server

FILE_TOOLS = {"mv", "rm", "cp", "touch", "chmod", "stat", "truncate", "mkdir", "test", "ln"}


def png(width, height, seed, colour):
    """A picture of soft waves in all directions: unlike plain ones, no two look alike to the
    perceptual hash, and one of another size does."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    noise = random.Random(seed)
    waves = [(noise.uniform(-12, 12), noise.uniform(-12, 12), noise.uniform(0, 6.3)) for _ in range(16)]
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            u, v = (x + 0.5) / width, (y + 0.5) / height
            light = 0.5 + sum(math.cos(a * u + b * v + c) for a, b, c in waves) / 16
            rows += bytes(round(min(max(light, 0), 1) * c) for c in colour)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(rows)))
            + chunk(b"IEND", b""))


def make_pictures(folder):
    """pictures/: five good ones, two of them near-duplicates, one hidden; bad/: two bad ones, one good;
    latin/: one; and one beside them whose name looks like a weight."""
    pictures, bad, latin = folder / "pictures", folder / "bad", folder / "latin"
    for directory in (pictures / "more", bad, latin):
        directory.mkdir(parents=True)
    red, blue = png(96, 64, 1, (255, 60, 40)), png(64, 96, 3, (50, 80, 250))
    (pictures / "red.png").write_bytes(red)
    (pictures / "green.png").write_bytes(png(80, 80, 2, (40, 230, 60)))
    (pictures / "blue.png").write_bytes(blue)
    (pictures / "more" / "red-small.png").write_bytes(png(84, 56, 1, (255, 60, 40)))
    (pictures / "more" / "grey.png").write_bytes(png(90, 70, 4, (200, 200, 200)))
    (pictures / ".hidden.png").write_bytes(png(64, 64, 5, (200, 200, 20)))
    (bad / "truncated.png").write_bytes(red[: len(red) // 2])
    (bad / "empty.jpg").write_bytes(b"")
    (bad / "good.png").write_bytes(png(64, 64, 6, (10, 200, 200)))
    # A name that is not UTF-8.
    name = os.path.join(os.fsencode(latin), b"caf\xe9.png")
    with open(name, "wb") as file:
        file.write(png(64, 64, 7, (180, 20, 200)))
    (folder / "2:ratio.png").write_bytes(blue)


def make_labels(folder):
    """Label files for “eval”, for the pictures above."""
    files = {
        "captions.tsv": ["pictures/red.png\ta red wave", "pictures/blue.png\tblue weather",
                         "pictures/red.png\tsomething red", "", "pictures/green.png\tgreen",
                         "latin/caf\udce9.png\ta café", "pictures/nowhere.png\tgone",
                         "bad/truncated.png\thalf of it"],
        "long.tsv": ["pictures/red.png\t" + "a b c d e f g h " * 20],
        # Half of them are thumbed, by a hash of the name.
        "taste.tsv": ["pictures/red.png\tred", "pictures/green.png\tgreen", "pictures/blue.png\tblue", "pictures/blue.png\twater",
                      "pictures/more/red-small.png\tsmall", "pictures/more/grey.png\tgrey", "bad/good.png\tgood",
                      "pictures/nowhere.png\tgone"],
        # The same picture under two names, with the same words.
        "twins.tsv": ["pictures/blue.png\tblue weather", "2:ratio.png\tblue weather"],
        "gone.tsv": ["nowhere.png\tgone"],
        "no-tab.tsv": ["pictures/red.png\tred", "pictures/blue.png blue"],
        "latin.tsv": ["pictures/red.png\tcaf\udce9"],
        "empty.tsv": [""],
        "queries.tsv": ["a red thing\tpictures", "something else\tpictures", "a café\tlatin", "gone\tnowhere"],
        "pairs.tsv": ["red.png\tred.png\tnothing\tmild", "", "green.png\tmore/grey.png\tcolour\tstrong"],
        # One pair of three has both of its pictures.
        "half-pairs.tsv": ["pictures/red.png\tnowhere.png\tcolour\tmild", "latin/caf\udce9.png\tpictures/blue.png\tcolour\tmild",
                           "bad/truncated.png\tpictures/red.png\tcolour\tmild"],
        "gone-pairs.tsv": ["pictures/red.png\tnowhere.png\tcolour\tmild"],
        "three-fields.tsv": ["pictures/red.png\tpictures/blue.png\tcolour"],
        # For “align”, twelve things to look for, and for “eval align”, one pair and its caption.
        "wishes.txt": ["# wishes", "red", "a blue thing", "green hills", "a yellow sun", "grey weather", "a dark night", "RED",
                       "white light", "pink clouds", "brown earth", "an orange", "violet", "black and white"],
        "one.txt": ["red"],
        # More than are told one by one.
        "elsewhere.tsv": [f"elsewhere/{i}.png\tgone" for i in range(5)] + ["pictures/red.png\tred", "pictures/blue.png\tblue"],
        "one-pair.tsv": ["green.png\tmore/grey.png\tcolour\tstrong"],
        "green-captions.tsv": ["green.png\tsomething green", "green.png\tgrass", "blue.png\tno pair"],
        # For “label”: two answers to each of “wishes.txt”'s first three, to the third one the same.
        "ours.json": [json.dumps({"system": "ours", "results": [
            {"query": "red", "pictures": ["pictures/red.png", "pictures/blue.png"]},
            {"query": "a blue thing", "pictures": ["pictures/blue.png", "pictures/green.png", "pictures/red.png"]},
            {"query": "green hills", "pictures": ["pictures/green.png"]}]})],
        "theirs.json": [json.dumps({"system": "theirs", "results": [
            {"query": "red", "pictures": ["pictures/green.png", "pictures/more/grey.png"]},
            {"query": "a blue thing", "pictures": ["pictures/red.png", "pictures/more/grey.png"]},
            {"query": "green hills", "pictures": ["pictures/green.png"]}]})],
        "ratings.csv": ["name,score", "red.png,3.5", "\"green.png\",2", "blue.png,4", "more/grey.png,1", "nowhere.png,5"],
        "bad-ratings.csv": ["name,score", "red.png,3.5", "green.png,good"],
        "ava.txt": [f"{i} {i} " + "0 " * i + "1 " + "0 " * (9 - i) + "1 22 1396" for i in range(1, 4)],
        "names.tsv": ["pictures\tcolours", "pictures\tpaint", "latin\tcafé", "nowhere\tnothing"],
    }
    for name, lines in files.items():
        (folder / name).write_bytes("".join(line + "\n" for line in lines).encode(errors="surrogateescape"))


def make_hpir(folder):
    """HPIR sets for “hpir” of the pictures above: two people's labels, votes alone, one of another item."""

    def write(name, labelers, items):
        head = {"format": "kalon-hpir-set", "version": 1, "name": "Walls", "labelers": labelers, "count": len(items)}
        (folder / name).write_text("".join(json.dumps(line) + "\n" for line in [head] * bool(labelers) + items))

    def picture(path):
        return {"path": path, "content_hash": hashlib.sha256((folder / path).read_bytes()).hexdigest()}

    def item(number, query, labels):
        return {"id": str(number), "query": query, "kind": "colour",
                "group_a": [picture("pictures/red.png"), picture("pictures/more/grey.png")],
                "group_b": [picture("pictures/blue.png"), picture("pictures/green.png")],
                "labels": [dict(zip(("labeler", "repeat", "accuracy", "aesthetic", "diversity"), label))
                           for label in labels]}

    anna = [item(1, "red", [("anna", 0, "a", "b", "neither"), ("anna", 1, "a", "a", "neither")]),
            item(2, "blue", [("anna", 0, "b", "b", "b")])]
    write("anna.jsonl", [{"id": "anna", "traits": {"age": "30-39"}}], anna)
    write("bob.jsonl", [{"id": "bob"}], [item(1, "red", [("bob", 0, "a", "a", None)])])
    write("other.jsonl", [{"id": "bob"}], [item(1, "green", [])])
    write("plain.jsonl", [], [{"id": "p", "query": "red", "group_a": ["pictures/red.png"], "group_b": ["nowhere.png"],
                               "votes": {"accuracy": [3, 1]}}])
    # The same pictures on both sides: whatever ranks chooses neither.
    write("ties.jsonl", [], [{"id": f"t{i}", "query": "red", "kind": "twins", "group_a": ["pictures/red.png", "pictures/blue.png"],
                              "group_b": ["pictures/blue.png", "pictures/red.png"],
                              "votes": {"accuracy": [3, 1], "aesthetic": [1, 3]}} for i in range(2)])
    write("no-group.jsonl", [], [{"id": "p", "query": "red", "group_a": ["pictures/red.png"]}])


def start_hub(model):
    class Hub(http.server.SimpleHTTPRequestHandler):
        def translate_path(self, path):
            return os.path.join(model, "nothing" if path.startswith("/someone/nothing/") else path.rpartition("/")[2])

        def log_message(self, *words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def read_cases(path):
    case = []
    for number, line in enumerate([*path.read_text().splitlines(), ""], 1):
        if line.strip() and not line.startswith("#"):
            case.append(line)
        elif case:
            if len(case) < 3:
                sys.exit(f"{path}, before line {number}: a case is three lines or more")
            yield number - len(case), case[0], int(case[1]), case[2:]
            case = []


def look_up(document, key):
    for part in key.split("."):
        document = document[int(part)] if isinstance(document, list) else document[part]
    return document


def put_bytes(text):
    """\\xHH in a case is that byte: case files are UTF-8, file names need not be."""
    return re.sub(rb"\\x([0-9A-F]{2})", lambda match: bytes([int(match[1], 16)]), os.fsencode(text))


def check_output(expected, out, err):
    kind, _, text = expected.partition(" ")
    if kind in ("out", "err", "not"):
        text = put_bytes(text).decode(errors="surrogateescape")
    if kind == "out":
        return text in out, f"standard output has no “{text}”"
    if kind == "err":
        return text in err, f"standard error has no “{text}”"
    if kind == "not":
        return text not in out + err, f"“{text}” is printed"
    if kind == "json":
        key, sign, value = os.path.expandvars(text).split(" ", 2)
        try:
            found = look_up(json.loads(out), key)
        except (ValueError, KeyError, IndexError, TypeError) as error:
            return False, f"no {key}: {error!r}"
        found = len(found) if sign == "#" else found
        # true is 1 in Python, but not in JSON.
        same = found == json.loads(value) and isinstance(found, bool) == (value in ("true", "false"))
        return same, f"{key} is {found!r}"
    sys.exit(f"unknown expectation: {expected}")


def run_in_terminal(words, env):
    """Standard output and error are a terminal, and both come back as the former."""
    ours, its = pty.openpty()
    process = subprocess.Popen(words, env=env, stdin=subprocess.DEVNULL, stdout=its, stderr=its)
    os.close(its)
    out = b""
    try:
        while data := os.read(ours, 65536):
            out += data
    except OSError:  # the last one has closed it
        pass
    os.close(ours)
    return subprocess.CompletedProcess(words, process.wait(timeout=540), out, b"")


def run_case(cli, command, status, expected, env):
    words = [os.path.expandvars(word) if "$" in word else word for word in shlex.split(command)]
    while "=" in words[0]:
        name, _, value = words.pop(0).partition("=")
        env = dict(env, **{name: value})
    if words[0] == "kalon-cli":
        words[0] = cli
    elif words[0] not in FILE_TOOLS:
        sys.exit(f"not a command for a case: {words[0]}")
    words = [put_bytes(word) for word in words]
    typed = "".join(line.partition(" ")[2] + "\n" for line in expected if line.startswith("in "))
    expected = [line for line in expected if not line.startswith("in ")]
    if "terminal" in expected:
        expected.remove("terminal")
        done = run_in_terminal(words, env)
    else:
        done = subprocess.run(words, env=env, input=typed.encode(), capture_output=True, timeout=540)
    out, err = (data.decode(errors="surrogateescape") for data in (done.stdout, done.stderr))
    problems = []
    if done.returncode != status:
        problems.append(f"exit status {done.returncode}, not {status}")
    if b"--json" in words:
        try:
            json.loads(out)
        except ValueError as error:
            problems.append(f"not one JSON document: {error}")
    for line in expected:
        good, why = check_output(line, out, err)
        if not good:
            problems.append(why)
    return problems, out, err


def main():
    cli, model, path = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), pathlib.Path(sys.argv[3])
    cases = list(read_cases(path))
    print(f"1..{len(cases)}")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kalon-cli-"))
    failed = 0
    try:
        make_pictures(folder)
        make_labels(folder)
        make_hpir(folder)
        os.chdir(folder)
        # Nothing of what the caller has set for his own use.
        own = {name: value for name, value in os.environ.items() if not name.startswith("KALON_")}
        env = dict(own, MODEL=model, PWD=str(folder), XDG_DATA_HOME=str(folder / "data"),
                   LC_ALL="C.UTF-8", KALON_MODEL_HUB=start_hub(model))
        os.environ.update(MODEL=model, PWD=str(folder), LLM=llm_server.start())
        for i, (number, command, status, expected) in enumerate(cases, 1):
            problems, out, err = run_case(cli, command, status, expected, env)
            print(f"{'not ok' if problems else 'ok'} {i} - line {number}: {command}")
            if problems:
                failed += 1
                shown = "\n".join(problems + ["stdout:", out[-2000:], "stderr:", err[-2000:]])
                print("\n".join(f"# {line}" for line in shown.splitlines()))
    finally:
        for root, _, _ in os.walk(folder):
            os.chmod(root, 0o700)
        shutil.rmtree(folder)
    return 1 if failed else 0


sys.stdout.reconfigure(errors="backslashreplace")
sys.exit(main())
