#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters by their popover and as text, and back to all pictures."""
import flow
from accessible import wait_for
from pictures import draw
from tasks import index


def choice(app, name):
    """the button, not the token of that name in the search box"""
    return app.wait("push button", name, lambda node: node.name == name)


def a_folder_is_indexed(app):
    index(app, draw(app.directory / "pictures"), 24)


def a_choice_filters_and_is_written_as_text(app):
    app.key("ctrl+shift+f")
    app.wait_focus("text", "Filters")
    choice(app, "Portrait").press()
    text = app.wait("text", "Filters")
    wait_for("the filter as text", lambda: text.text == "orientation:portrait")
    # Every second picture is higher than wide.
    wait_for("twelve pictures", lambda: len(app.cells()) == 12)


def text_filters_and_is_shown_as_a_choice(app):
    app.wait_focus("text", "Filters")
    app.type("orientation:landscape")
    app.key("Return")
    wait_for("the choice", lambda: choice(app, "Landscape").has("pressed"))
    wait_for("no other", lambda: not choice(app, "Portrait").has("pressed"))


def filters_are_cleared(app):
    app.press("push button", "Clear")
    # At once, while the pictures are looked up.
    app.key("Escape")
    app.wait_gone("push button", "Landscape")
    app.wait_focus("push button", "Filters")
    wait_for("all pictures", lambda: len(app.cells()) == 24)


flow.run(a_folder_is_indexed, a_choice_filters_and_is_written_as_text, text_filters_and_is_shown_as_a_choice,
         filters_are_cleared)
