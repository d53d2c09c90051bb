#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A label set of forty items is made, and labelled by two people; one is interrupted and goes on. It is exported, and is a
valid HPIR set with all answers. By keys alone."""
import json

import flow
from accessible import wait_for
from pictures import draw
from tasks import index, run_cli

ITEMS = 40
REPEATS = 4  # a tenth comes twice
TASKS = ITEMS + REPEATS
STOP = 15  # items until Ada is interrupted
QUERIES = [f"{colour} {thing}" for colour in ("red", "blue", "green", "dark", "bright") for thing in (
    "stripes", "disc", "evening sky", "waves", "sun over the sea", "pattern", "ball on a table", "field", "light", "lines")]
QUESTIONS = ("Which row fits the words better?", "Which row is more beautiful?", "Which row is more varied?")


def write_results(app):
    """two systems from elsewhere, with other pictures for every query; -> their files"""
    pictures = sorted((app.directory / "pictures").glob("*.png"))
    files = []
    for number, name in enumerate(("ours", "theirs")):
        results = [{"query": query, "pictures": [str(pictures[(place + 5 * number + k) % len(pictures)]) for k in range(5)]}
                   for place, query in enumerate(QUERIES[:ITEMS])]
        files.append(app.directory / f"{name}.json")
        files[-1].write_text(json.dumps({"system": name, "results": results}))
    return files


def a_set_is_made(app):
    index(app, draw(app.directory / "pictures"), 24)
    app.key("alt+5")
    app.wait("label", "Which Row Is Better?")
    app.tab_to("push button", "New Set…")
    app.key("Return")
    dialog = app.wait("frame", "New Label Set")
    write_name(app, dialog, "Stripes and Skies")
    app.tab_to("text", "Queries")
    for query in QUERIES[:ITEMS]:
        app.xdotool("type", "--clearmodifiers", "--delay", 4, query)
        app.key("Return")
    app.wait("label", f"{ITEMS} queries")
    for place, path in enumerate(write_results(app)):
        choose_system(app, "One Ranking" if place == 0 else "The Other", path)
    app.press("push button", "Create")
    app.wait_gone("frame", "New Label Set")
    app.wait("list item", "Stripes and Skies", lambda node: f"{ITEMS} items" in text_of(node))


def text_of(node):
    return " ".join(part.name for part in node.walk())


def write_name(app, window, text):
    """into the row that has the focus: AT-SPI does not tell that it is in an AdwEntryRow"""
    entry = wait_for("an entry", lambda: window.find("text"))
    app.type(text, entry)


def choose_system(app, row, path):
    """in the row after the focus, which does not tell that it has it; the last entry of its list asks for a file"""
    # After a file chooser the window manager may give the keyboard to the main window.
    app.xdotool("search", "--onlyvisible", "--name", "^New Label Set$", "windowactivate", "--sync")
    app.key("Tab", "Return")
    app.wait("label", "Results in a File…")
    app.key("End", "Return")
    app.choose_file("Results in a File", path)
    wait_for(f"{path.name} in {row}", lambda: path.name in text_of(app.wait("combo box", row)))


def begin(app, name):
    app.key("Return")
    dialog = app.wait("frame", "Who Labels?")
    write_name(app, dialog, name)
    app.key("Return")
    app.wait_gone("frame", "Who Labels?")
    app.wait_focus("panel", QUESTIONS[0])


def wait_for_question(app, item, number):
    """the focus is on it, and with it the screen reader"""
    place = f"Item {item + 1} of {TASKS}, question {number + 1} of 3"
    wait_for(place, lambda: place in app.focused.description)
    node = app.wait_focus("panel", QUESTIONS[number])
    assert node.description.startswith("“"), node


def label_items(app, first, end, keys="012"):
    """answers items first to end - 1"""
    for item in range(first, end):
        wait_for_question(app, item, 0)
        app.key(*(keys[(item * 7 + number * 5) % len(keys)] for number in range(3)))
    if end < TASKS:
        wait_for_question(app, end, 0)


def one_answer_at_a_time(app, item):
    for number in range(3):
        wait_for_question(app, item, number)
        app.key("120"[number])


def ada_begins(app):
    app.wait_focus("list item")
    begin(app, "Ada")
    app.wait("label", f"1 of {TASKS}")
    names = [node.name for node in app.application.walk() if node.role == "list item"]
    assert len(names) == 10 and all("picture" in name for name in names), names
    shown = " ".join(node.name for node in app.application.walk())
    assert "ours" not in shown and "theirs" not in shown, "It can be told who made the rows."
    one_answer_at_a_time(app, 0)
    label_items(app, 1, 3)


def one_goes_back_and_looks_closer(app):
    app.key("BackSpace")
    wait_for_question(app, 2, 2)
    app.key("1")
    wait_for_question(app, 3, 0)
    app.tab_to("list item", "row 2, picture 5 of 5", key="shift+Tab")
    app.key("Return")
    app.wait("push button", "Back to Both Rows")
    app.key("Escape")
    app.wait_focus("list item", "row 2, picture 5 of 5")
    app.tab_to("panel", QUESTIONS[0])


def ada_is_interrupted_and_goes_on(app):
    label_items(app, 3, STOP)
    app.process.kill()
    app.process.wait()
    app.start()
    app.key("alt+5")
    app.wait("list item", "Stripes and Skies", lambda node: f"Ada {STOP}" in text_of(node))
    app.wait_focus("list item")
    begin(app, "Ada")
    wait_for_question(app, STOP, 0)
    label_items(app, STOP, TASKS)
    app.wait("label", "Thank You, Ada")
    app.wait("label", f"Of {3 * REPEATS} questions that were asked twice")


def ben_labels_it_too(app):
    app.tab_to("push button", "Another Labeler…")
    begin(app, "Ben")
    label_items(app, 0, TASKS, "121")
    app.wait("label", "Thank You, Ben")


def the_set_is_exported(app):
    path = app.directory / "set.jsonl"
    app.tab_to("push button", "Export…")
    app.key("Return")
    app.choose_file("Export the Label Set", path)
    wait_for(path.name, path.exists)
    app.wait("label", "Label set exported")
    app.key("Escape")
    app.wait("list item", "Stripes and Skies", lambda node: "Ada ✓, Ben ✓" in text_of(node))


def the_set_is_whole(app):
    head, *lines = [json.loads(line) for line in (app.directory / "set.jsonl").read_text().splitlines()]
    assert [labeler["id"] for labeler in head["labelers"]] == ["Ada", "Ben"], head
    assert len(lines) == ITEMS, len(lines)
    assert sum(len(line["labels"]) for line in lines) == 2 * TASKS
    assert {line["query"] for line in lines} == set(QUERIES[:ITEMS])


def the_set_is_valid_and_can_be_evaluated(app):
    path = app.directory / "set.jsonl"
    checked = run_cli(app, "hpir", "check", path)
    assert checked["items"] == ITEMS and checked["labels"] == 2 * ITEMS, checked
    figures = run_cli(app, "eval", "hpir", path)
    assert figures["sections"]["hpir"]["synthetic"] is False, figures["sections"].keys()


def the_page_evaluates_it(app):
    app.tab_to("push button", "Menu of")
    app.key("Return")
    app.wait_focus("menu item", "Evaluate")
    app.key("Return")
    app.wait("label", "Label set evaluated", seconds=300)
    assert list((app.directory / "library" / "reports").glob("*-label-set/index.html"))


if __name__ == "__main__":
    flow.run(a_set_is_made, ada_begins, one_goes_back_and_looks_closer, ada_is_interrupted_and_goes_on, ben_labels_it_too,
             the_set_is_exported, the_set_is_whole, the_set_is_valid_and_can_be_evaluated, the_page_evaluates_it)
