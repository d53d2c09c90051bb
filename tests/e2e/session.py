#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs one script of this folder in a desktop session of its own: an X server, a session bus, an accessibility bus, homes.

Usage: session.py BUILD SCRIPT [ARGUMENT...]      BUILD is Meson's build folder

Nothing of the session that this is started from is seen or touched. Where a program that is needed is missing, it says so
in TAP, as a skipped test.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SCREEN = "1280x1024x24"
# Who gives the keyboard to a dialog, and back when it has gone; and shadows to popovers.
WITH_MANAGER = 'xfwm4 --compositor=on & exec "$0" "$@" >&9'
TAP = 9  # where the script's standard output goes: what the buses start says things on their own
# The Python of a virtual environment does not see Debian's modules.
PYTHONS = (sys.executable, "/usr/bin/python3")
NEEDED = "from gi.repository import Gio"
FOREIGN = ("WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "AT_SPI_BUS_ADDRESS", "NO_AT_BRIDGE", "GTK_A11Y", "GTK_THEME",
           "KALON_LLM_DIALECT", "KALON_LLM_URL", "KALON_LLM_MODEL", "KALON_LLM_ALLOW")


def skip(why):
    print(f"1..0 # SKIP {why} (tools/install-packages test)")
    sys.exit(0)


def find_python():
    for python in PYTHONS:
        if subprocess.run([python, "-c", NEEDED], stderr=subprocess.DEVNULL, check=False).returncode == 0:
            return python
    return skip("no Python with gi")


def start_screen(home):
    """-> the X server and the name of its display, once it answers"""
    reading, writing = os.pipe()
    with open(home / "xvfb.log", "wb") as log:
        server = subprocess.Popen(["Xvfb", "-displayfd", str(writing), "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset", "-wr",
                                   "-fbdir", home], pass_fds=[writing], stdout=log, stderr=log)
    os.close(writing)
    with os.fdopen(reading) as answer:
        display = answer.readline().strip()
    if not display:
        sys.exit(f"Xvfb did not start:\n{(home / 'xvfb.log').read_text()}")
    return server, f":{display}"


def environment(build, home):
    variables = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    variables.update({
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home / "runtime"),
        "GSETTINGS_BACKEND": "memory",
        "GSETTINGS_SCHEMA_DIR": str(build / "data"),
        "KALON_LOCALE_DIR": str(build / "po"),
        "GIO_USE_VFS": "local",
        "GIO_USE_VOLUME_MONITOR": "unix",
        "GDK_BACKEND": "x11",
        "GSK_RENDERER": "cairo",
        "ADW_DISABLE_PORTAL": "1",
        "KALON_E2E_SCREEN": str(home / "Xvfb_screen0"),
    })
    variables.setdefault("LC_ALL", "C.UTF-8")
    variables.setdefault("LANGUAGE", "C")
    return variables


def main():
    build, script = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    for program in ("Xvfb", "xfwm4", "dbus-run-session", "xdotool"):
        if shutil.which(program) is None:
            skip(f"{program} is missing")
    if not pathlib.Path("/usr/share/dbus-1/services/org.a11y.Bus.service").exists():
        skip("at-spi2-core is missing")
    python = find_python()

    home = pathlib.Path(tempfile.mkdtemp(prefix="kalon-e2e-"))
    (home / "runtime").mkdir(mode=0o700)
    server = None
    try:
        server, display = start_screen(home)
        variables = {**environment(build, home), "DISPLAY": display}
        with open(home / "bus.log", "wb") as log:
            # What buses and registry say goes there; the script says all on its standard output.
            os.dup2(sys.stdout.fileno(), TAP)
            status = subprocess.run(["dbus-run-session", "--", "sh", "-c", WITH_MANAGER, python, script, build / "src" / "app" / "kalon", *sys.argv[3:]],
                                    env=variables, stdout=log, stderr=log, pass_fds=[TAP], check=False).returncode
        if status != 0:
            print("\n".join(f"# {line}" for line in (home / "bus.log").read_text().splitlines()))
    finally:
        if server is not None:
            server.terminate()
            server.wait()
        shutil.rmtree(home, ignore_errors=True)
    sys.exit(status)


main()
