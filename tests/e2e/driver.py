# SPDX-License-Identifier: GPL-3.0-or-later
"""Drives Kalon as a person with a keyboard and a screen reader does: keys by XTEST (xdotool), what is on screen by AT-SPI.

Run below session.py, which gives it a screen and its buses.
"""
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

from accessible import WAIT, Timeout, find_application, wait_for

# What GLib and GTK themselves say, and why it does no harm.
HARMLESS = (
    # Who shows notifications is the desktop; here there is none.
    "unable to send notifications through org.freedesktop.Notifications",
)


class App:
    """A running Kalon with a library of its own. arguments: of the program, beside --library."""

    def __init__(self, program, size=(1100, 760), arguments=(), environment=None):
        self.program = program
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="app-", dir=os.environ["HOME"]))
        self.errors = self.directory / "stderr"
        self.process = None
        try:
            self.start(size, arguments, environment or {})
        except BaseException:
            self.clean_up()
            raise

    def start(self, size=(1100, 760), arguments=(), environment=None):
        """once more, on the same library, after stop()"""
        wait_for("the window manager", lambda: self.xdotool("get_num_desktops").strip())
        with open(self.errors, "wb") as errors:
            self.process = subprocess.Popen([self.program, "--library", self.directory / "library", *arguments], stderr=errors,
                                            env={**os.environ, **self.environment(), **(environment or {})})
        self.application = wait_for("the application on the accessibility bus", self.find_application)
        self.window = wait_for("a window", lambda: self.xdotool("search", "--onlyvisible", "--name", "^Kalon$").split())[0]
        self.xdotool("mousemove", 1279, 1023)  # out of the way
        self.resize(*size)
        self.focus_window()

    def environment(self):
        variables = {
            "G_DEBUG": "gc-friendly,fatal-criticals",
            # LLVM, below PoCL, has signal stacks of its own. Leaks: as in the display suite, the toolkit's are in the way.
            "ASAN_OPTIONS": "abort_on_error=1:detect_odr_violation=0:detect_leaks=0:allocator_may_return_null=1:use_sigaltstack=0",
            "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
        }
        for name in ("DATA", "CONFIG", "STATE", "CACHE"):
            home = self.directory / name.lower()
            home.mkdir(exist_ok=True)
            variables[f"XDG_{name}_HOME"] = str(home)
        # PoCL compiles the kernels once for all tests.
        variables["POCL_CACHE_DIR"] = os.environ.get("POCL_CACHE_DIR", str(self.directory / "pocl"))
        return variables

    def find_application(self):
        assert self.process.poll() is None, self.errors.read_text()
        application = find_application(self.process.pid)
        return application is not None and application.children and application

    # What is on screen.

    def find(self, role=None, name=None, where=lambda node: True):
        return self.application.find(role, name, where)

    def wait(self, role=None, name=None, where=lambda node: True, seconds=WAIT):
        return wait_for(f"{role} “{name}”", lambda: self.find(role, name, where), seconds)

    def wait_gone(self, role=None, name=None, seconds=WAIT):
        wait_for(f"no {role} “{name}”", lambda: self.find(role, name) is None, seconds)

    def cells(self, within=None):
        return [node for node in (within or self.application).walk() if node.role == "table cell"]

    @property
    def focused(self):
        """in the window that has the keyboard, for each window keeps its own"""
        active = [window for window in self.application.children if window.has("active")]
        return active[-1].find(where=lambda node: node.has("focused")) if active else None

    def wait_focus(self, role=None, name=None):
        def has_focus():
            node = self.focused
            return node is not None and (role is None or node.role == role) and (name is None or name in node.name) and node

        return wait_for(f"the focus on {role} “{name}”", has_focus)

    # Keys.

    def xdotool(self, *words):
        return subprocess.run(["xdotool", *map(str, words)], stdout=subprocess.PIPE, text=True, check=False).stdout

    def resize(self, width, height):
        def has_size():
            """The X window is larger by the shadow, and the window manager may still have been placing it when it was told."""
            shown = self.application.children[0].extents[2:]
            answer = dict(line.split("=") for line in self.xdotool("getwindowgeometry", "--shell", self.window).split())
            shadow = int(answer["WIDTH"]) - shown[0], int(answer["HEIGHT"]) - shown[1]
            if abs(shown[0] - width) + abs(shown[1] - height) <= 4:
                return True
            self.xdotool("windowmove", self.window, 0, 0, "windowsize", self.window, width + shadow[0], height + shadow[1])
            return False

        wait_for("the window's new size", has_size)

    def focus_window(self):
        self.xdotool("windowactivate", "--sync", self.window)

    def key(self, *keys):
        """keys by X's names, one after the other: "ctrl+f", "Return" """
        for key in keys:
            self.xdotool("key", "--clearmodifiers", key)

    def tab_to(self, role, name="", key="Tab"):
        """as often as it takes; -> what then has the focus"""
        passed = []
        while True:
            here = self.focused
            if here is not None and here.role == role and name in here.name:
                return here
            assert len(passed) < 60, f"{key} does not lead to {role} “{name}”, but over {passed}"
            self.key(key)
            there = wait_for(f"the focus, after {key} on {here}", lambda here=here: self.focus_beyond(here))
            passed.append(repr(there))

    def focus_beyond(self, node):
        there = self.focused
        return there is not None and (node is None or there.path != node.path) and there

    def type(self, text, entry=None):
        """into the entry that has the focus; entry: where AT-SPI does not tell of it, as of an AdwEntryRow"""
        def find_entry():
            node = self.focused
            return node is not None and "EditableText" in node.interfaces and node

        entry = entry or wait_for("the focus in an entry", find_entry)
        self.key("ctrl+a")
        self.xdotool("type", "--clearmodifiers", "--delay", 15, text)
        wait_for(f"“{text}” in {entry}", lambda: entry.text == text)

    def press(self, role, name):
        """A GtkMenuButton and the button in it have one name."""
        self.wait(role, name, lambda node: "click" in node.actions and node.has("sensitive")).press()

    def choose_file(self, title, path):
        """in GTK's own file chooser, where a path may be typed. GTK 4.8 does not tell AT-SPI what is in it."""
        def is_open():
            return self.xdotool("search", "--onlyvisible", "--name", title).strip()

        def is_gone():
            """What was typed too early, while the chooser was reading its folder, is typed again."""
            self.key("ctrl+l", "ctrl+a")
            self.xdotool("type", "--clearmodifiers", "--delay", 15, path)
            self.key("Return")
            try:
                return wait_for("no file chooser", lambda: not is_open(), 5)
            except Timeout:
                return False

        wait_for(f"the dialog “{title}”", is_open)
        wait_for(f"the focus in “{title}”", lambda: title in self.xdotool("getwindowfocus", "getwindowname"))
        wait_for(f"a choice in “{title}”", is_gone)

    # The end.

    def stop(self):
        """as a person does; -> what the program said on the way, but for what is harmless"""
        self.key("ctrl+q")
        try:
            self.process.wait(WAIT)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)
            raise
        said = self.errors.read_text()
        assert self.process.returncode == 0, f"exit status {self.process.returncode}\n{said}"
        return "\n".join(line for line in said.splitlines() if line and not any(h in line for h in HARMLESS))

    def clean_up(self):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)
