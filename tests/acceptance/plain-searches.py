#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Twenty plain searches over a folder of photographs, the best five of each on one page, for a person to judge.

Usage: plain-searches.py KALON_CLI OUT.jpg FOLDER...   (needs Pillow)
"""
import json
import os
import subprocess
import sys
import tempfile

from PIL import Image, ImageDraw, ImageFont

QUERIES = ["a beach", "sunset over the sea", "snow on a mountain", "a lake between mountains", "green forest", "a flower",
           "yellow flowers in a field", "a city at night", "a bridge", "a boat on the water", "waterfall", "desert", "a bird",
           "a butterfly", "leaves with drops of water", "a road through the countryside", "clouds in a blue sky", "an old building",
           "grass", "rocks by the sea"]
SIDE, SHOWN, LINE = 150, 5, 20


def thumbnail(path):
    picture = Image.open(path)
    picture.draft("RGB", (2 * SIDE, 2 * SIDE))
    picture = picture.convert("RGB")
    picture.thumbnail((SIDE, SIDE * 2 // 3))
    return picture


def main():
    cli, output, *folders = sys.argv[1:]
    with tempfile.TemporaryDirectory() as library:
        def run(*arguments):
            done = subprocess.run([cli, "--library", library, "--json", *arguments], stdout=subprocess.PIPE, check=True)
            return json.loads(done.stdout)

        run("index", *folders)
        found = {q: run("search", q, "--limit", str(SHOWN))["rankings"]["baseline"] for q in QUERIES}
    columns = 2
    cell = (SIDE + 4) * SHOWN + 16, SIDE * 2 // 3 + LINE + 8
    page = Image.new("RGB", (columns * cell[0], (len(QUERIES) + 1) // columns * cell[1]), "white")
    draw = ImageDraw.Draw(page)
    font = ImageFont.load_default(14)
    for number, (query, results) in enumerate(found.items()):
        x, y = number % columns * cell[0] + 8, number // columns * cell[1] + 4
        draw.text((x, y), f"{number + 1}  {query}", fill="black", font=font)
        print(f"{number + 1:3} {query}: " + ", ".join(os.path.basename(r["path"]) for r in results))
        for place, result in enumerate(results):
            page.paste(thumbnail(result["path"]), (x + place * (SIDE + 4), y + LINE))
    page.save(output, quality=82)


if __name__ == "__main__":
    main()
