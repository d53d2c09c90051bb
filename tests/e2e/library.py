#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The library's popover: its folders, what is left out, a new picture that is noticed, a folder taken out and back."""
import flow
from accessible import wait_for
from pictures import draw
from tasks import index


def the_popover_tells_of_the_folder(app):
    index(app, draw(app.directory / "pictures"), 24)
    app.press("push button", "Library")
    app.wait("label", "24 of 24 pictures indexed")
    app.wait("push button", "Menu of the Folder")


def a_pattern_is_left_out(app):
    app.press("push button", "Leave Out")
    app.type("*0.png", app.wait("text", "Name or Pattern"))
    app.key("Return")
    app.wait("push button", "Take *0.png Back In")
    app.key("Escape")
    app.wait_gone("text", "Name or Pattern")
    # Pictures 00, 10 and 20.
    app.key("F5")
    app.wait("label", "21 of 21 pictures indexed")


def a_new_picture_is_noticed(app):
    draw(app.directory / "pictures", 26)
    app.wait("label", "23 of 23 pictures indexed")
    wait_for("the new pictures", lambda: len(app.cells()) == 23)


flow.run(the_popover_tells_of_the_folder, a_pattern_is_left_out, a_new_picture_is_noticed)
