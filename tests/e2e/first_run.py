#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""From nothing to a picture found, liked, taken back and opened."""
import flow
from accessible import wait_for
from pictures import draw
from tasks import index, search


def first_run_page_says_what_to_do(app):
    app.wait("label", "Find the Picture You Meant")
    app.wait("push button", "Choose a Folder")


def a_folder_is_indexed(app):
    index(app, draw(app.directory / "pictures"), 24)


def words_rank_the_pictures(app):
    best = search(app, "red stripes")
    assert "rank 1 of" in best.name and "similarity" in best.name, best


def keys_go_from_the_words_to_the_pictures(app):
    app.key("Down")
    app.wait_focus("table cell")


def a_thumb_is_given_and_undone(app):
    name = app.focused.name.split(",")[0]
    app.key("plus")
    app.wait("label", f"Thumb up for “{name}”")
    wait_for("a picture that is liked", lambda: "Thumb up" in app.focused.description)
    app.key("ctrl+z")
    app.wait_gone("label", "Thumb up for")
    wait_for("no picture that is liked", lambda: not any("Thumb up" in cell.description for cell in app.cells()))


def a_picture_is_opened_and_left(app):
    app.key("Return")
    app.wait("push button", "Next Picture")
    app.key("Right", "Escape")
    app.wait_gone("push button", "Next Picture")
    app.wait_focus("table cell")


flow.run(first_run_page_says_what_to_do, a_folder_is_indexed, words_rank_the_pictures,
         keys_go_from_the_words_to_the_pictures, a_thumb_is_given_and_undone, a_picture_is_opened_and_left)
