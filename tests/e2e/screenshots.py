#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Photographs of every page, light, dark, right to left and 360 pixels wide: tools/screenshots DIR makes them.

It finds its way by keys and roles, for in another language the names are others.
"""
import os
import pathlib
import subprocess
import sys
import time
import zlib

from accessible import wait_for
from driver import App
from pictures import draw
from screen import photograph, read_screen
from tasks import index, run_cli, search

WIDE, NARROW = (1100, 760), (360, 720)
STILL = 0.7  # seconds without a change are the end of one
PATIENCE = 15  # seconds in which there must be such a time; something may go on moving
MARGIN = 130  # pixels beside the window for what reaches out of it
COUNT = 24


def make_locale(name):
    """-> variables for a program in that locale, which the machine may lack"""
    folder = pathlib.Path(os.environ["HOME"]) / "locales"
    folder.mkdir(exist_ok=True)
    subprocess.run(["localedef", "-i", name, "-f", "UTF-8", folder / f"{name}.UTF-8"], check=True)
    return {"LOCPATH": str(folder), "LC_ALL": f"{name}.UTF-8", "LANGUAGE": name.split("_")[0]}


def wait_until_still():
    def look():
        return zlib.crc32(b"".join(read_screen()[2]))

    end = time.monotonic() + PATIENCE
    last, since = look(), time.monotonic()
    while time.monotonic() < end and time.monotonic() - since < STILL:
        time.sleep(STILL / 4)
        now = look()
        if now != last:
            last, since = now, time.monotonic()


def take(folder, look, page, size):
    wait_until_still()
    photograph(folder / f"{page}-{look}.png", size[0] + MARGIN, size[1] + MARGIN)
    print(f"{page}-{look}.png", flush=True)


def take_first_run(program, folder, look, size, environment):
    app = App(program, size, environment=environment)
    try:
        take(folder, look, "first-run", size)
    finally:
        app.clean_up()


def make_label_set(app):
    queries = app.directory / "queries"
    queries.write_text("red stripes\na blue disc\nan evening sky\n")
    run_cli(app, "label", "build", "--name", "Stripes", "--queries", queries, "--system", "baseline", "--system", "rephrased")


def prepare(program):
    """-> an App that was closed, whose library has pictures, thumbs, a board and a label set"""
    app = App(program)
    index(app, draw(app.directory / "pictures", COUNT), COUNT)
    search(app, "red stripes")
    app.key("Down")
    app.wait_focus("table cell", "rank 1 of")
    app.key("plus")
    app.wait("label", "Thumb up")
    app.key("Right", "Right", "minus")
    app.wait("label", "Thumb down")
    for _ in range(3):
        app.key("Right", "ctrl+b")
        app.wait_focus("entry")
        app.type("Stripes")
        app.wait("list item", "Stripes")
        app.key("Return")
        app.wait_gone("entry", "Name of the Board")
    app.stop()
    make_label_set(app)
    return app


def take_pages(app, folder, look, size, environment):
    app.start(size, environment=environment)
    wait_for("all pictures", lambda: len(app.cells()) > 1)
    take(folder, look, "all", size)
    app.wait("push button", where=lambda node: "click" in node.actions).press()
    take(folder, look, "library", size)
    app.key("Escape", "ctrl+f")
    app.type("red stripes")
    app.key("Return")
    wait_for("results", lambda: 0 < len(app.cells()) < COUNT)
    take(folder, look, "search", size)
    app.key("shift+F10")
    take(folder, look, "context-menu", size)
    app.key("Escape", "Return")
    take(folder, look, "viewer", size)
    app.key("F9")
    take(folder, look, "viewer-details", size)
    app.key("F9", "Escape")
    app.key("ctrl+shift+f")
    take(folder, look, "filters", size)
    app.key("Escape", "alt+2")
    take(folder, look, "compare", size)
    app.key("f")
    take(folder, look, "compare-flipped", size)
    app.key("Escape", "alt+3")
    take(folder, look, "boards", size)
    app.key("Return")
    take(folder, look, "board", size)
    app.key("alt+4")
    take(folder, look, "training", size)
    app.key("alt+5")
    take(folder, look, "label", size)
    app.key("Return")
    take(folder, look, "label-who", size)
    app.key("A", "d", "a", "Return")
    take(folder, look, "labelling", size)
    app.key("Escape")
    app.key("ctrl+comma")
    take(folder, look, "preferences", size)
    app.key("Escape", "ctrl+question")
    take(folder, look, "shortcuts", size)
    app.key("Escape", "F10")
    take(folder, look, "main-menu", size)
    app.key("Escape", "Escape")
    said = app.stop()
    if said:
        print(said)


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    app = prepare(program)
    try:
        for look, size, environment in (
                ("light", WIDE, {"ADW_DEBUG_COLOR_SCHEME": "prefer-light"}),
                ("dark", WIDE, {"ADW_DEBUG_COLOR_SCHEME": "prefer-dark"}),
                ("rtl", WIDE, make_locale("ar_EG")),
                ("narrow", NARROW, {})):
            take_first_run(program, folder, look, size, environment)
            take_pages(app, folder, look, size, environment)
    finally:
        app.clean_up()


main()
