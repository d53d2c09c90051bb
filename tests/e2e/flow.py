# SPDX-License-Identifier: GPL-3.0-or-later
"""A flow: steps that a person takes one after the other in one running Kalon. Told as TAP."""
import os
import pathlib
import sys
import traceback

from driver import App
from screen import photograph


def comment(text):
    print("\n".join(f"# {line}" for line in text.splitlines()), flush=True)


def show(app, name):
    """what was on screen when a step failed"""
    comment(app.errors.read_text())
    try:
        comment(app.application.tree())
    except Exception as problem:  # pylint: disable=broad-except
        comment(f"no tree: {problem}")
    if "KALON_E2E_LOGS" in os.environ:
        folder = pathlib.Path(os.environ["KALON_E2E_LOGS"])
        folder.mkdir(parents=True, exist_ok=True)
        photograph(folder / f"{name}.png")
        comment(f"the screen: {folder / name}.png")


def closes_without_a_complaint(app):
    said = app.stop()
    assert not said, said


def run(*steps, **options):
    """steps: functions of the App; each one's name is what it shows. options: of the App."""
    steps += (closes_without_a_complaint,)
    print(f"1..{len(steps)}", flush=True)
    app = App(sys.argv[1], **options)
    try:
        for number, step in enumerate(steps, 1):
            name = step.__name__.replace("_", " ")
            try:
                step(app)
            except Exception:  # pylint: disable=broad-except
                comment(traceback.format_exc())
                show(app, f"{pathlib.Path(sys.argv[0]).stem}-{number}")
                print(f"not ok {number} - {name}\nBail out! The steps build on each other.", flush=True)
                sys.exit(1)
            print(f"ok {number} - {name}", flush=True)
    finally:
        app.clean_up()
