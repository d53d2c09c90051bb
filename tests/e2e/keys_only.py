#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The keyboard alone: on every page Tab goes from one thing to the next, and the focus is never lost."""
import flow
from accessible import wait_for
from pictures import draw
from tasks import index, search

TABS = 12


def tab_about(app, key):
    """Each key moves the focus, and to something that can be seen."""
    passed = []
    for _ in range(TABS):
        here = app.focused
        app.key(key)
        passed.append(wait_for(f"the focus, after {key} on {here}", lambda here=here: app.focus_beyond(here)).path)
    return passed


def from_first_run_to_pictures(app):
    app.tab_to("push button", "Choose a Folder")
    tab_about(app, "Tab")
    index(app, draw(app.directory / "pictures"), 24)


def every_page_is_walked(app):
    search(app, "red stripes")
    for page in ("alt+1", "alt+2", "alt+3", "alt+4", "alt+5"):
        app.key(page)
        app.wait_focus()
        forth = tab_about(app, "Tab")
        assert len(set(forth)) > 3, f"{page}: Tab stays between {len(set(forth))} things"
        tab_about(app, "shift+Tab")


def to_a_thumb_and_the_viewer_and_back(app):
    app.key("alt+1", "ctrl+f", "Down")
    app.wait_focus("table cell")
    app.key("plus")
    wait_for("the thumb", lambda: "Thumb up" in app.focused.description)
    app.key("Return")
    app.wait_gone("page tab")
    app.key("Escape")
    app.wait_focus("table cell")


flow.run(from_first_run_to_pictures, every_page_is_walked, to_a_thumb_and_the_viewer_and_back)
