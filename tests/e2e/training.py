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


def thumbs(app):
    return [node for node in app.application.walk() if node.role == "list item" and node.name.startswith("Thumb ")]


def the_page_tells_of_them(app):
    app.key("alt+4")
    app.wait("label", "Learned from 2 thumbs")
    wait_for("two thumbs", lambda: len(thumbs(app)) == 2)
    assert "Thumb down, “red stripes”" in thumbs(app)[0].name, thumbs(app)
    app.wait("image", "Learning curve")


def one_is_forgotten_and_comes_back(app):
    app.press("push button", "Forget")
    app.press("menu item", "Forget")
    wait_for("one thumb", lambda: len(thumbs(app)) == 1)
    app.press("push button", "Undo")
    wait_for("two thumbs again", lambda: len(thumbs(app)) == 2)


flow.run(without_thumbs_there_is_a_way_to_them, two_thumbs_are_given, the_page_tells_of_them,
         one_is_forgotten_and_comes_back)
