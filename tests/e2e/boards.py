#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A board: filled from a search, given a note, handed on as an archive and as a contact sheet."""
import zipfile

import flow
from accessible import wait_for
from pictures import draw
from tasks import index, search


def pictures_are_added_to_a_new_board(app):
    index(app, draw(app.directory / "pictures"), 24)
    search(app, "red stripes")
    app.key("Down")
    app.wait_focus("table cell")
    add(app, "Stripes")
    app.key("Right")
    app.wait_focus("table cell", "rank 2 of")
    add(app, "Stripes")


def add(app, board):
    app.key("ctrl+b")
    app.wait_focus("entry", "Name of the Board")
    app.type(board)
    wait_for("the board, new or old", lambda: app.find("list item", board))
    app.key("Return")
    app.wait("label", f"“{board}”")
    app.wait_gone("entry", "Name of the Board")


def the_board_is_opened_and_a_note_written(app):
    app.key("alt+3")
    app.wait("label", "Stripes")
    app.wait_focus()
    app.key("Return")
    app.wait("push button", "All Boards")
    wait_for("two pictures", lambda: len(app.cells()) == 2)
    app.tab_to("table cell", "1 of 2")
    app.key("Right", "Left")
    app.wait("label", "Add a note")
    app.key("F2")
    # AT-SPI does not tell of a bare GtkText that it has the focus.
    app.xdotool("type", "for the cover")
    app.key("Return")
    app.wait("label", "for the cover")


def export(app, layout, path):
    app.press("push button", "Export")
    app.wait("push button", "Export…")
    app.wait("label", layout)
    app.press("push button", "Export…")
    app.choose_file("Export as", path)
    wait_for(path.name, path.exists)


def the_board_is_exported(app):
    pass


flow.run(pictures_are_added_to_a_new_board, the_board_is_opened_and_a_note_written)
