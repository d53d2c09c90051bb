# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures for the flows: drawn here, PNG by the standard library alone."""
import math
import pathlib

from screen import write_png


def draw(folder, count=24):
    """-> folder with `count` pictures, no two alike: discs, stripes and skies in colours of their own"""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for n in range(count):
        hue, kind = n * 2.4, n % 3

        def pixel(x, y):
            tint = [0.5 + 0.5 * math.sin(hue + c * 2.1) for c in range(3)]
            if kind == 0:
                inside = (x - 80) ** 2 + (y - 60) ** 2 < (20 + n) ** 2
                return (int(255 * (t if inside else 1 - t)) for t in tint)
            if kind == 1:
                light = 0.5 + 0.5 * math.sin((x + y) / (3 + n))
                return (int(255 * light * t) for t in tint)
            return (int(255 * (t * y + (1 - t) * (160 - y)) / 160) for t in tint)

        width, height = (160, 120) if n % 2 else (120, 160)
        rows = [bytes(value for x in range(width) for value in pixel(x, y)) for y in range(height)]
        write_png(folder / f"picture {n:02}.png", width, height, rows)
    return folder
