# SPDX-License-Identifier: GPL-3.0-or-later
"""What is on screen, as a screen reader is told: the tree of AT-SPI."""
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

Atspi.init()
# What is on screen now, not what was when it was last asked for.
Atspi.get_desktop(0).set_cache_mask(Atspi.Cache.NONE)

WAIT = 60  # seconds that anything may take, under sanitizers on a busy machine
PAUSE = 0.03  # seconds between two looks
TOPLEVELS = ("frame", "window", "dialog", "alert", "file chooser")
# Of which GTK 4.8 says that they are no widgets: a page has no extents, its child has.
PAGES = ("GtkStackPage", "AdwViewStackPage")


class Timeout(AssertionError):
    pass


def wait_for(what, condition, seconds=WAIT):
    """-> the first true value of condition()"""
    end = time.monotonic() + seconds
    while True:
        while GLib.MainContext.default().iteration(False):
            pass
        try:
            value = condition()
        except GLib.Error:  # an object that has just gone
            value = None
        if value:
            return value
        if time.monotonic() > end:
            raise Timeout(f"not within {seconds} s: {what}")
        time.sleep(PAUSE)


class Node:
    """One accessible object."""

    def __init__(self, accessible):
        self.accessible = accessible

    @property
    def role(self):
        return self.accessible.get_role_name() or ""

    @property
    def name(self):
        return self.accessible.get_name() or ""

    @property
    def description(self):
        return self.accessible.get_description() or ""

    @property
    def children(self):
        found = (self.accessible.get_child_at_index(i) for i in range(self.accessible.get_child_count()))
        return [Node(child) for child in found if child is not None]

    @property
    def parent(self):
        parent = self.accessible.get_parent()
        return Node(parent) if parent is not None else None

    @property
    def extents(self):
        """(x, y, width, height) in its window, or None"""
        component = self.accessible.get_component_iface()
        if component is None:
            return None
        box = component.get_extents(Atspi.CoordType.WINDOW)
        return (box.x, box.y, box.width, box.height)

    @property
    def text(self):
        text = self.accessible.get_text_iface()
        return Atspi.Text.get_text(text, 0, Atspi.Text.get_character_count(text))

    @property
    def value(self):
        return self.accessible.get_value_iface().get_current_value()

    def has(self, state):
        return self.accessible.get_state_set().contains(getattr(Atspi.StateType, state.upper()))

    @property
    def mapped(self):
        """GTK 4.8 calls everything “visible”, and what a stack hides keeps its extents. But only of what is mapped it says
        that a point lies in it."""
        box = self.extents
        if box is None:  # the application, or a page of a stack
            return True
        x, y, width, height = box
        if width <= 0 or height <= 0:
            return False
        return self.role in TOPLEVELS or self.accessible.get_component_iface().contains(
            x + width // 2, y + height // 2, Atspi.CoordType.WINDOW)

    def walk(self):
        """itself and all below that is on screen, each once: GTK 4.8 tells of a file chooser that is its own descendant"""
        seen, waiting = set(), [self]
        while waiting:
            node = waiting.pop()
            if node.accessible in seen or not node.mapped:
                continue
            seen.add(node.accessible)
            yield node
            waiting.extend(reversed(node.children))

    def find(self, role=None, name=None, where=lambda node: True):
        """-> the first node of that role and name (part of it) that is on screen, or None"""
        for node in self.walk():
            if (role is None or node.role == role) and (name is None or name in node.name) and where(node):
                return node
        return None

    def press(self):
        """its action, as a screen reader does it"""
        action = self.accessible.get_action_iface()
        names = [Atspi.Action.get_action_name(action, i) for i in range(action.get_n_actions())]
        action.do_action(names.index("click"))

    def focus(self):
        self.accessible.get_component_iface().grab_focus()

    def tree(self):
        """what is on screen, one line a node, for whoever reads why a test failed"""
        lines, seen = [], set()

        def add(node, depth):
            if node.accessible in seen or not node.mapped:
                return
            seen.add(node.accessible)
            states = "".join(f" {s}" for s in ("focused", "checked", "selected", "expanded") if node.has(s))
            lines.append(f"{'  ' * depth}{node}{states}")
            for child in node.children:
                add(child, depth + 1)

        add(self, 0)
        return "\n".join(lines)

    def __repr__(self):
        return f"{self.role} “{self.name}”" + (f" ({self.description})" if self.description else "")
