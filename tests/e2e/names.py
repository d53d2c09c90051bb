#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever can be used has a name that a screen reader can say, on every page and in every popover."""
import re

import flow
from accessible import wait_for
from pictures import draw
from tasks import index, search

INTERACTIVE = {
    "push button", "toggle button", "check box", "radio button", "entry", "text", "password text", "combo box", "slider",
    "spin button", "menu item", "check menu item", "radio menu item", "table cell", "list item", "page tab", "link",
}
# What the toolkit makes and does not name, and from outside cannot be named.
TOOLKIT = (
    ("list item", ""),  # what an AdwComboRow shows of its choice; the row itself has a name
    ("push button", "GtkToggleButton"),  # in a GtkDropDown, whose own name is a combo box's
    ("push button", "GtkImage"),  # a toast's close button; Escape and time close it as well
)
TYPE_NAME = re.compile(r"^(Gtk|Gdk|Adw|Kalon)[A-Z]\w*$")
MNEMONIC = re.compile(r"(^|\s)_\w")
TWICE = re.compile(r"^(.+) \1$")


def fault(node):
    """-> what is wrong with its name, or None"""
    name = node.name
    if (node.role, name) in TOOLKIT:
        return None
    if TYPE_NAME.match(name) and (name.startswith("Kalon") or node.role in INTERACTIVE):
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
    # In one go: what goes meanwhile makes it begin again.
    faults, = wait_for("the tree", lambda: ([(node, fault(node)) for node in app.application.walk() if fault(node)],))
    assert not faults, "".join(f"\n{where}: {node} is {what}" for node, what in faults)


def is_popover(node):
    return "Popover" in node.name


def check_popover(app, opener):
    """of the button of that name"""
    app.press("push button", opener)
    app.wait(where=is_popover)
    check_names(app, opener)
    app.key("Escape")
    wait_for("no popover", lambda: not app.find(where=is_popover))


def the_first_run_page(app):
    app.wait("label", "Find the Picture You Meant")
    check_names(app, "first run")
    for opener in ("Library", "Filters", "Strictness", "Main Menu"):
        check_popover(app, opener)


def all_pictures(app):
    index(app, draw(app.directory / "pictures"), 24)
    check_names(app, "all pictures")
    check_popover(app, "Library")


def results(app):
    search(app, "red stripes")
    check_names(app, "results")
    check_popover(app, "What Moves Pictures Up")
    app.key("Down")
    app.wait_focus("table cell")
    app.key("plus")
    app.wait("label", "Thumb up")
    app.key("shift+F10")
    app.wait("menu item", "More Like This")
    check_names(app, "context menu")
    app.key("Escape")
    app.wait_gone("menu item", "More Like This")


def boards(app):
    app.key("ctrl+b")
    app.wait_focus("entry", "Name of the Board")
    check_names(app, "board picker")
    app.type("Stripes")
    app.wait("list item", "Stripes")
    app.key("Return")
    app.wait_gone("entry", "Name of the Board")
    app.key("alt+3")
    app.wait("label", "Stripes")
    check_names(app, "boards")


def compare(app):
    app.key("alt+2")
    app.wait("label", "in common")
    check_names(app, "compare")


def training(app):
    app.key("alt+4")
    app.wait("label", "Learned from 1 thumb")
    check_names(app, "training")


def label(app):
    app.key("alt+5")
    app.wait("label", "Which Row Is Better?")
    check_names(app, "label")
    app.tab_to("push button", "New Set…")
    app.key("Return")
    app.wait("frame", "New Label Set")
    check_names(app, "new label set")
    app.key("Escape")
    app.wait_gone("frame", "New Label Set")


if __name__ == "__main__":
    flow.run(the_first_run_page, all_pictures, results, boards, compare, training, label)
