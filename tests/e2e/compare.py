#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two rankings beside each other, in the same place, judged blind, and exported."""
import flow
from accessible import wait_for
from pictures import draw
from tasks import index, search


def a_search_is_compared(app):
    index(app, draw(app.directory / "pictures"), 24)
    search(app, "red stripes")
    app.key("alt+2")
    for side, other in (("Baseline", "Aligned"), ("Aligned", "Baseline")):
        pane = app.wait("panel", side)
        best = wait_for(f"pictures in {side}", lambda pane=pane: pane.find("table cell", "rank 1 of"))
        wait_for(f"how it stands in {other}", lambda best=best, other=other: f"“{other}”" in best.description)
    app.wait("label", "in common")
    app.wait_focus("table cell", "rank 1 of")


def a_key_flips_between_the_two(app):
    app.key("f")
    app.wait_gone("panel", "Aligned")
    app.key("f")
    app.wait("panel", "Aligned")
    app.wait_gone("panel", "Baseline")
    app.key("Escape")
    app.wait("panel", "Baseline")
    app.wait("panel", "Aligned")


def a_search_is_judged_blind(app):
    app.press("push button", "Blind Test")
    app.wait("push button", "Left Is Better")
    app.wait_gone("panel", "Baseline")
    cell = app.wait("table cell", "rank 1 of")
    assert "similarity" not in cell.name and "Aligned" not in cell.description, cell
    app.key("1")
    app.wait("label", "You preferred")
    app.key("Escape")
    app.wait("panel", "Baseline")


def the_comparison_is_exported(app):
    page = app.directory / "comparison.html"
    app.press("push button", "Export")
    app.press("menu item", "As a Web Page")
    app.choose_file("Export the Comparison", page)
    wait_for("the page", page.exists)
    wait_for("the whole page", lambda: "</html>" in page.read_text())
    text = page.read_text()
    assert "red stripes" in text and "Baseline" in text and "Aligned" in text, text[:2000]


flow.run(a_search_is_compared, a_key_flips_between_the_two, a_search_is_judged_blind, the_comparison_is_exported)
