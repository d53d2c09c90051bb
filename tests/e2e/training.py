#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was learned from thumbs, one of them forgotten, and that taken back."""
import flow
from accessible import wait_for
from pictures import draw
from tasks import index, search


def without_thumbs_there_is_a_way_to_them(app):
    index(app, draw(app.directory / "pictures"), 24)
    app.key("alt+4")
    app.wait("label", "No Thumbs Yet")


def two_thumbs_are_given(app):
    app.key("alt+1")
    search(app, "red stripes")
    app.key("Down")
    app.wait_focus("table cell", "rank 1 of")
    app.key("plus")
    app.wait("label", "Thumb up for")
    app.key("Right")
    app.wait_focus("table cell", "rank 2 of")
    app.key("minus")
    app.wait("label", "Thumb down for")


def names_of_thumbs(app, n):
    """None while there are others than n of them"""
    names = [node.name for node in app.application.walk() if node.role == "list item"]
    names = [name for name in names if name.startswith("Thumb ")]
    return names if len(names) == n else None


def the_page_tells_of_them(app):
    app.key("alt+4")
    app.wait("label", "Learned from 2 thumbs")
    newest_first = wait_for("two thumbs", lambda: names_of_thumbs(app, 2))
    assert "Thumb down, “red stripes”" in newest_first[0], newest_first
    app.wait("image", "Learning curve")


def one_is_forgotten_and_comes_back(app):
    app.press("push button", "Forget")
    app.press("menu item", "Forget")
    # At once, for what offers it goes by itself.
    app.press("push button", "Undo")
    wait_for("two thumbs again", lambda: names_of_thumbs(app, 2))


flow.run(without_thumbs_there_is_a_way_to_them, two_thumbs_are_given, the_page_tells_of_them,
         one_is_forgotten_and_comes_back)
