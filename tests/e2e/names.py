#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever can be used has a name that a screen reader can say, on every page and in every popover."""
import re

import flow
from accessible import wait_for
from pictures import draw
from tasks import index, leave, search

INTERACTIVE = {
    "push button", "toggle button", "check box", "radio button", "switch", "entry", "text", "password text", "combo box",
    "slider", "spin button", "menu item", "check menu item", "radio menu item", "table cell", "list item", "page tab", "link",
    "image", "chart", "progress bar",
}
TYPE_NAME = re.compile(r"^(Gtk|Gdk|Adw|Kalon)[A-Z]\w*$")
MNEMONIC = re.compile(r"(^|\s)_\w")
TWICE = re.compile(r"^(.+) \1$")


def fault(node):
    """-> what is wrong with its name, or None"""
    name = node.name
    if TYPE_NAME.match(name) and (name.startswith("Kalon") or node.role in INTERACTIVE or node.has("focusable")):
        return "named by its type"
    if node.role not in INTERACTIVE or not node.has("focusable"):
        return None
    if not name.strip():
        return "without a name"
    if MNEMONIC.search(name):
        return "with its mnemonic's underline"
    if TWICE.match(name):
        return "named twice"
    return None


def check_names(app, where):
    faults = [f"{where}: {node} is {fault(node)}" for node in app.application.walk() if fault(node)]
    assert not faults, "\n" + "\n".join(faults)


def check_popover(app, opener):
    """of the button of that name"""
    app.press("push button", opener)
    wait_for(f"the popover of {opener}", lambda: app.find(where=lambda node: "Popover" in node.name))
    check_names(app, opener)
    leave(app)
    wait_for("no popover", lambda: not app.find(where=lambda node: "Popover" in node.name))


def the_first_run_page(app):
    app.wait("label", "Find the Picture You Meant")
    check_names(app, "first run")
    check_popover(app, "Main Menu")


def the_grid(app):
    index(app, draw(app.directory / "pictures"), 24)
    check_names(app, "all pictures")


if __name__ == "__main__":
    flow.run(the_first_run_page, the_grid)
