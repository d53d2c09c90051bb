# SPDX-License-Identifier: GPL-3.0-or-later
"""What is on screen, as a screen reader is told: the tree of AT-SPI, asked over its bus.

Without libatspi, which keeps children in mind that have changed meanwhile.
"""
import time

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

WAIT = 60  # seconds that anything may take, under sanitizers on a busy machine
PAUSE = 0.03  # seconds between two looks
TOPLEVELS = ("frame", "window", "dialog", "alert", "file chooser")
ROOT = "/org/a11y/atspi/accessible/root"
NULL = "/org/a11y/atspi/null"
# AT-SPI's numbers of roles, as its own library names them; GetRoleName says what GTK calls them.
ROLES = {
    2: "alert", 7: "check box", 8: "check menu item", 11: "combo box", 16: "dialog", 19: "file chooser", 20: "filler",
    23: "frame", 27: "image", 29: "label", 31: "list", 32: "list item", 33: "menu", 35: "menu item", 37: "page tab",
    38: "page tab list", 39: "panel", 40: "password text", 42: "progress bar", 43: "push button", 44: "radio button",
    45: "radio menu item", 48: "scroll bar", 49: "scroll pane", 50: "separator", 51: "slider", 52: "spin button", 55: "table",
    56: "table cell", 61: "text", 62: "toggle button", 69: "window", 75: "application", 79: "entry", 88: "link",
}
# The numbers of AT-SPI's states.
STATES = {"active": 1, "checked": 4, "editable": 7, "expanded": 10, "focusable": 11, "focused": 12, "pressed": 20,
          "selected": 23, "sensitive": 24}
WINDOW = 1  # AT-SPI's name for coordinates in the window


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


def wait_until_settled(what, look, still=1):
    """until look() has said the same for `still` seconds"""
    last, since = None, time.monotonic()

    def is_settled():
        nonlocal last, since
        now = look()
        if now != last:
            last, since = now, time.monotonic()
        return time.monotonic() - since > still

    wait_for(what, is_settled)


def connect():
    """-> the accessibility bus"""
    session = Gio.bus_get_sync(Gio.BusType.SESSION)
    address = session.call_sync("org.a11y.Bus", "/org/a11y/bus", "org.a11y.Bus", "GetAddress", None, None, 0, -1, None)
    flags = Gio.DBusConnectionFlags.AUTHENTICATION_CLIENT | Gio.DBusConnectionFlags.MESSAGE_BUS_CONNECTION
    return Gio.DBusConnection.new_for_address_sync(address.unpack()[0], flags, None, None)


BUS = connect()


def find_application(pid):
    """-> the root of the tree of that process, or None"""
    for node in Node("org.a11y.atspi.Registry", ROOT).children:
        owner = BUS.call_sync("org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                              "GetConnectionUnixProcessID", GLib.Variant("(s)", (node.bus_name,)), None, 0, -1, None)
        if owner.unpack()[0] == pid:
            return node
    return None


class Node:
    """One accessible object."""

    def __init__(self, bus_name, path):
        self.bus_name, self.path = bus_name, path

    def call(self, interface, method, signature=None, *arguments):
        values = GLib.Variant(signature, arguments) if signature is not None else None
        answer = BUS.call_sync(self.bus_name, self.path, f"org.a11y.atspi.{interface}", method, values, None, 0, -1, None)
        return answer.unpack()[0] if answer.n_children() == 1 else answer.unpack()

    def get(self, interface, name):
        answer = BUS.call_sync(self.bus_name, self.path, "org.freedesktop.DBus.Properties", "Get",
                               GLib.Variant("(ss)", (f"org.a11y.atspi.{interface}", name)), None, 0, -1, None)
        return answer.unpack()[0]

    @property
    def interfaces(self):
        return [name.removeprefix("org.a11y.atspi.") for name in self.call("Accessible", "GetInterfaces")]

    @property
    def role(self):
        number = self.call("Accessible", "GetRole")
        return ROLES.get(number, f"role {number}")

    @property
    def name(self):
        return self.get("Accessible", "Name")

    @property
    def description(self):
        return self.get("Accessible", "Description")

    @property
    def children(self):
        return [Node(*reference) for reference in self.call("Accessible", "GetChildren") if reference[1] != NULL]

    @property
    def extents(self):
        """(x, y, width, height) in its window, or None"""
        return self.call("Component", "GetExtents", "(u)", WINDOW) if "Component" in self.interfaces else None

    @property
    def text(self):
        return self.call("Text", "GetText", "(ii)", 0, self.get("Text", "CharacterCount"))

    @property
    def value(self):
        return self.get("Value", "CurrentValue")

    def has(self, state):
        words = self.call("Accessible", "GetState")
        return bool(words[STATES[state] // 32] >> STATES[state] % 32 & 1)

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
        return self.role in TOPLEVELS or self.call("Component", "Contains", "(iiu)", x + width // 2, y + height // 2, WINDOW)

    def walk(self):
        """itself and all below that is on screen, each once: GTK 4.8 tells of a file chooser that is its own descendant"""
        seen, waiting = set(), [self]
        while waiting:
            node = waiting.pop()
            if node.path in seen or not node.mapped:
                continue
            seen.add(node.path)
            yield node
            waiting.extend(reversed(node.children))

    def find(self, role=None, name=None, where=lambda node: True):
        """-> the first node of that role and name (part of it) that is on screen, or None"""
        for node in self.walk():
            if (role is None or node.role == role) and (name is None or name in node.name) and where(node):
                return node
        return None

    @property
    def actions(self):
        """by the names that are not translated"""
        if "Action" not in self.interfaces:
            return []
        return [self.call("Action", "GetName", "(i)", i) for i in range(len(self.call("Action", "GetActions")))]

    def press(self):
        """its action, as a screen reader does it"""
        self.call("Action", "DoAction", "(i)", self.actions.index("click"))

    def tree(self):
        """what is on screen, one line a node, for whoever reads why a test failed"""
        lines, seen = [], set()

        def add(node, depth):
            if node.path in seen or not node.mapped:
                return
            seen.add(node.path)
            states = "".join(f" {s}" for s in ("focused", "checked", "selected", "expanded") if node.has(s))
            lines.append(f"{'  ' * depth}{node}{states}")
            for child in node.children:
                add(child, depth + 1)

        try:
            add(self, 0)
        except GLib.Error as problem:
            lines.append(f"… {problem.message}")
        return "\n".join(lines)

    def __repr__(self):
        return f"{self.role} “{self.name}”" + (f" ({self.description})" if self.description else "")
