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
    app.wait("label", "Add a note")
    app.key("F2")
    # AT-SPI does not tell of a bare GtkText that it has the focus.
    app.xdotool("type", "for the cover")
    app.key("Return")
    app.wait("label", "for the cover")


def export(app, place, path):
    """place: of the format in the list"""
    app.press("push button", "Export…")
    app.wait("frame", "Export Board")
    app.wait_focus("push button", "Cancel")
    # To the button beside it and to the list of formats, which does not tell that it has the focus.
    app.key("Tab", "Tab", "Return", *place * ["Down"], "Return")
    app.wait("label", "One file with your files in it" if path.suffix == ".zip" else "Pages for print and mail")
    app.wait("frame", "Export Board").find("push button", "Export…").press()
    app.choose_file("Export Board", path)
    wait_for(path.name, path.exists)
    app.wait("label", "Exported 2 pictures")


def the_board_is_exported_as_an_archive(app):
    path = app.directory / "stripes.zip"
    export(app, 1, path)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None, path
        names = archive.namelist()
        assert sum(name.endswith(".png") for name in names) == 2, names
        notes = [name for name in names if name.endswith(".txt")]
        assert len(notes) == 1 and "for the cover" in archive.read(notes[0]).decode(), names


def the_board_is_exported_as_a_contact_sheet(app):
    path = app.directory / "stripes.pdf"
    export(app, 2, path)
    data = path.read_bytes()
    assert data.startswith(b"%PDF-") and data.rstrip().endswith(b"%%EOF"), data[:20]


flow.run(pictures_are_added_to_a_new_board, the_board_is_opened_and_a_note_written, the_board_is_exported_as_an_archive,
         the_board_is_exported_as_a_contact_sheet)
