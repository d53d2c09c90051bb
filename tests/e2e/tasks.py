# SPDX-License-Identifier: GPL-3.0-or-later
"""What more than one flow does on its way."""
import json
import os
import pathlib
import subprocess

from accessible import wait_for, wait_until_settled


def index(app, folder, count):
    """adds the folder with its `count` pictures to the library, by the file chooser"""
    app.key("ctrl+o")
    app.choose_file("Add Folders", folder)
    app.wait("label", f"{count} of {count} pictures indexed")
    wait_for("pictures in the grid", app.cells)


def search(app, text):
    """-> the best picture"""
    app.key("ctrl+f")
    app.type(text)
    app.wait("table cell", "rank 1 of")
    # The aligned ranking takes the place of the baseline.
    wait_until_settled("the order of the results", lambda: [cell.name for cell in app.cells()])
    return app.wait("table cell", "rank 1 of")


def run_cli(app, *words):
    """kalon-cli, of the same build and on the same library; -> what it prints as JSON"""
    cli = pathlib.Path(app.program).parent.parent / "cli" / "kalon-cli"
    return json.loads(subprocess.run([cli, "--json", "--library", app.directory / "library", *words], check=True,
                                     stdout=subprocess.PIPE, env={**os.environ, **app.environment()}).stdout)
