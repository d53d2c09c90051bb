#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws the curves of runs from their logs: curves.py OUT.svg LOG.jsonl...

Panels: dev recall@10 of the image tower, its losses, the text tower's likeness
to its targets.  A log is a run; several are drawn over each other, the last one
in full colour.  Needs no library.
"""
import json
import pathlib
import sys

WIDTH, HEIGHT, LEFT, GAP = 560, 240, 60, 60
COLOURS = ("#1a5fb4", "#c64600", "#26a269", "#813d9c", "#a51d2d")


def points(lines, stage, x, y):
    """Of the lines of a stage that have both keys; what a resumed run did again is left out."""
    found = {}
    for line in lines:
        value = line
        for key in y.split("."):
            value = value.get(key) if isinstance(value, dict) else None
        if line.get("stage") == stage and x in line and value is not None:
            found = {k: v for k, v in found.items() if k < line[x]}
            found[line[x]] = value
    return list(found.items())


def ticks(low, high):
    step = 10 ** len(str(int(high - low))) / 10 if high - low >= 1 else 0.1
    while (high - low) / step < 4:
        step /= 2
    first = -(-low // step) * step
    return [first + i * step for i in range(int((high - first) / step + 1e-9) + 1)]


def panel(top, title, unit, series):
    """series: [(name, colour, faint, [(x, y)...])] -> SVG text"""
    xs = [x for *_, line in series for x, _ in line]
    ys = [y for *_, line in series for _, y in line]
    if not xs:
        return ""
    x_low, x_high, y_low, y_high = 0, max(xs) or 1, min(0, *ys), max(ys) or 1

    def at(x, y):
        return (LEFT + (x - x_low) / (x_high - x_low) * WIDTH, top + HEIGHT - (y - y_low) / (y_high - y_low) * HEIGHT)

    parts = [f'<text x="{LEFT}" y="{top - 12}" font-weight="bold">{title}</text>']
    for y in ticks(y_low, y_high):
        _, py = at(0, y)
        parts.append(f'<path d="M{LEFT} {py:.1f}h{WIDTH}" stroke="#8884"/><text x="{LEFT - 6}" y="{py + 4:.1f}" text-anchor="end">{y:g}</text>')
    for x in ticks(x_low, x_high):
        px, _ = at(x, y_low)
        parts.append(f'<text x="{px:.1f}" y="{top + HEIGHT + 16}" text-anchor="middle">{x:g}</text>')
    parts.append(f'<text x="{LEFT + WIDTH}" y="{top + HEIGHT + 32}" text-anchor="end">{unit}</text>')
    for i, (name, colour, faint, line) in enumerate(series):
        path = "M" + "L".join(f"{px:.1f} {py:.1f}" for px, py in (at(*p) for p in line))
        parts.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2" opacity="{0.4 if faint else 1}"/>')
        parts.append(f'<text x="{LEFT + WIDTH + 10}" y="{top + 14 + 18 * i}" fill="{colour}">{name} ({line[-1][1]:.3g})</text>')
    return "\n".join(parts)


def main():
    output, *logs = map(pathlib.Path, sys.argv[1:])
    runs = [(log.stem, [json.loads(line) for line in log.read_text().splitlines()]) for log in logs]

    def series(stage, x, scale, wanted):
        found = []
        for number, (run, lines) in enumerate(runs):
            for i, (name, y) in enumerate(wanted):
                line = [(px / scale, py) for px, py in points(lines, stage, x, y)]
                if line:
                    found.append((f"{run}: {name}", COLOURS[i], number + 1 < len(runs), line))
        return found

    recall = [(f"R@{k}", f"dev_text_to_image.{k}") for k in (10, 5, 1)]
    losses = [(n, n) for n in ("direction", "dense", "likeness", "match", "classes")]
    panels = [
        ("Image tower: dev text to image, with stage 3's texts", "million samples", series("image", "seen", 1e6, recall)),
        ("Image tower: losses", "million samples", series("image", "seen", 1e6, losses)[-len(losses):]),
        ("Text tower: cosine with its targets, dev captions", "steps", series("text", "step", 1, [("cosine", "dev_cosine")])),
    ]
    drawn = [panel(40 + i * (HEIGHT + GAP + 30), *p) for i, p in enumerate(panels)]
    height = 40 + len(panels) * (HEIGHT + GAP + 30)
    output.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 200} {height}" font-family="sans-serif" '
        f'font-size="12" fill="#555">\n<rect width="100%" height="100%" fill="#fff"/>\n' + "\n".join(drawn) + "\n</svg>\n")


if __name__ == "__main__":
    main()
