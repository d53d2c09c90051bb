#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""judge-server.py KALON_CLI PHOTOS QUERIES: “kalon-cli judge” against three vision servers whose judgement is
known, on a real collection.

PHOTOS is indexed, and each line of QUERIES (the first --n) answered with its forty best photos. Two systems
are made of them: the five brightest, and the five darkest. The servers prefer (a) always the first row,
(b) one by lot, (c) the brighter one, which is looked for in the picture that comes. So (a) must end as
similar, (b) near 50 %, (c) near 100 %. Every picture is checked: JPEG, longer side at most 1024 pixels, no
metadata. Then a run is killed with SIGKILL at random moments until it ends, and the calls are counted.
Prints what was found, and exits with 1 when something is not as it should be. Needs Pillow.
"""

import argparse
import base64
import http.server
import io
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time

from PIL import Image, ImageStat

STYLES = ("ranker", "scorer", "cp-scorer")


class Judge(http.server.BaseHTTPRequestHandler):
    taste = "first"
    dice = random.Random(1)
    requests = 0
    largest = 0
    lock = threading.Lock()
    faults = []
    pause = 0

    def log_message(self, *_):
        pass

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        text, picture = request["messages"][1]["content"]
        data = base64.b64decode(picture["image_url"]["url"].partition(",")[2])
        image = Image.open(io.BytesIO(data))
        with Judge.lock:
            Judge.requests += 1
            Judge.largest = max(Judge.largest, len(data))
            if image.format != "JPEG" or max(image.size) > 1024 or image.getexif() or set(image.info) - {
                    "jfif", "jfif_version", "jfif_unit", "jfif_density"}:
                Judge.faults.append(f"a picture is {image.format} {image.size} {sorted(image.info)}")
            if set(json.loads(text["text"])) != {"query"}:
                Judge.faults.append(f"more than the query is sent: {text['text']}")
            answer = self.judge(request["response_format"]["json_schema"]["schema"]["required"], image.convert("L"))
        time.sleep(Judge.pause)
        event = {"choices": [{"delta": {"content": json.dumps(answer)}, "finish_reason": "stop"}]}
        body = f"data: {json.dumps(event)}\n\ndata: [DONE]\n\n".encode()
        try:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except ConnectionError:
            pass  # who asked was killed

    def judge(self, required, image):
        width, height = image.size
        upper, lower = (ImageStat.Stat(image.crop((54, top, width, top + height // 2))).mean[0] for top in (0, height // 2))
        if Judge.taste == "first":
            points = [5, 2]
        elif Judge.taste == "lot":
            points = [Judge.dice.randint(1, 5), Judge.dice.randint(1, 5)]
        else:
            # The ground between the pictures is grey 154 for both.
            points = [min(5, max(1, round(3 + (mean - 128) / 25))) for mean in (upper, lower)]
        aspects = ("accuracy", "aesthetic", "diversity")
        if "overall" in required:
            first = {"first": True, "lot": Judge.dice.random() < 0.5, "brighter": upper > lower}[Judge.taste]
            return {aspect: "1" if first else "2" for aspect in required}
        if "row_1" in required:
            return {row: {aspect: points[i] for aspect in aspects} for i, row in enumerate(("row_1", "row_2"))}
        mean = ImageStat.Stat(image.crop((54, 0, width, height))).mean[0]
        own = min(5, max(1, round(3 + (mean - 128) / 25))) if Judge.taste == "brighter" else points[0]
        return {aspect: own for aspect in aspects}


class Program:
    def __init__(self, cli, home, url):
        self.cli = cli
        self.environment = {**os.environ, "XDG_DATA_HOME": str(home / "data"), "XDG_CACHE_HOME": str(home / "cache"),
                            "KALON_LLM_DIALECT": "openai", "KALON_LLM_URL": url, "KALON_LLM_MODEL": "vision"}

    def start(self, *arguments):
        return subprocess.Popen([self.cli, "--json", *arguments], env=self.environment, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL)

    def run(self, *arguments):
        process = self.start(*arguments)
        out, _ = process.communicate()
        if process.returncode != 0:
            sys.exit(f"{' '.join(arguments)} ended with {process.returncode}: {out.decode()}")
        return json.loads(out)


def brightness(path, known={}):
    if path not in known:
        with Image.open(path) as image:
            image.draft("L", (64, 64))
            known[path] = ImageStat.Stat(image.convert("L").resize((32, 32))).mean[0]
    return known[path]


def write_systems(program, queries, home):
    systems = {"bright": [], "dark": []}
    for query in queries:
        found = program.run("search", "--limit", "40", "--ranking", "baseline", query)["rankings"]["baseline"]
        paths = sorted((result["path"] for result in found), key=brightness)
        systems["bright"].append({"query": query, "pictures": paths[:-6:-1]})
        systems["dark"].append({"query": query, "pictures": paths[:5]})
    for name, results in systems.items():
        (home / f"{name}.json").write_text(json.dumps({"system": name, "results": results}))


def tables(report):
    """Style -> aspect -> row of the table."""
    found = {}
    for block in report["sections"]["judge"]["content"]:
        if block["type"] == "table" and block["id"] in STYLES:
            found[block["id"]] = {row["name"]: row["cells"] for row in block["rows"]}
    return found


def estimate(value):
    return value if isinstance(value, dict) else {"mean": value, "low": value, "high": value}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cli")
    parser.add_argument("photos")
    parser.add_argument("queries")
    parser.add_argument("--n", type=int, default=100)
    options = parser.parse_args()
    lines = [line.rpartition("\t")[2].strip() for line in pathlib.Path(options.queries).read_text().splitlines()]
    queries = list(dict.fromkeys(line for line in lines if line))[:: max(1, len(lines) // options.n)][: options.n]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Judge)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    wrong = Judge.faults
    with tempfile.TemporaryDirectory() as name:
        home = pathlib.Path(name)
        program = Program(options.cli, home, f"http://127.0.0.1:{server.server_port}")
        program.run("index", options.photos)
        write_systems(program, queries, home)
        (home / "queries.txt").write_text("\n".join(queries))
        command = ("judge", "--queries", str(home / "queries.txt"), "--system", f"results:{home / 'bright.json'}",
                   "--system", f"results:{home / 'dark.json'}")
        for taste in ("first", "lot", "brighter"):
            Judge.taste, Judge.requests = taste, 0
            report = program.run(*command, "--style", "all", "--cache", str(home / f"{taste}.db"))
            found = tables(report)
            print(f"{taste}: {Judge.requests} calls for {len(queries)} queries")
            for style in STYLES:
                row = found[style]["aesthetics"]
                rate = row["win_rate"] and estimate(row["win_rate"])
                first = estimate(row["first"])["mean"] if row.get("first") else None
                shown = f"{rate['mean']:.3f} ({rate['low']:.3f} to {rate['high']:.3f})" if rate else "–"
                print(f"  {style:10} win {row['win']:3} similar {row['similar']:3} lose {row['lose']:3}  win rate {shown}"
                      + (f"  upper row chosen {first:.3f}" if first is not None else ""))
                if taste == "first" and row["similar"] != len(queries):
                    wrong.append(f"first, {style}: {row['similar']} similar")
                if taste == "lot" and not rate["low"] <= 0.5 <= rate["high"]:
                    wrong.append(f"lot, {style}: {rate}")
                if taste == "brighter" and rate["mean"] < 0.98:
                    wrong.append(f"brighter, {style}: {rate}")
            if Judge.requests != 2 * len(STYLES) * len(queries):
                wrong.append(f"{taste}: {Judge.requests} calls")
        before = Judge.requests
        program.run(*command, "--style", "all", "--cache", str(home / "brighter.db"))
        print(f"once more: {Judge.requests - before} calls")
        if Judge.requests != before:
            wrong.append("kept answers were asked for again")
        Judge.requests, Judge.pause, kills = 0, 0.02, 0
        dice = random.Random(2)
        while True:
            process = program.start(*command, "--cache", str(home / "killed.db"))
            try:
                process.wait(dice.uniform(0.5, 1.5))
                break
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
        print(f"killed {kills} times: {Judge.requests} calls for {2 * len(queries)} answers")
        if not 2 * len(queries) <= Judge.requests <= 2 * len(queries) + kills:
            wrong.append(f"{Judge.requests} calls after {kills} kills")
    print(f"largest picture {Judge.largest / 1000:.0f} kB")
    for fault in dict.fromkeys(wrong):
        print(f"WRONG: {fault}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
