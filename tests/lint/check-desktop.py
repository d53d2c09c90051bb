#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-desktop.py SOURCE-ROOT APPLICATION-ID KALON: the files that tell a desktop of the program agree with
each other, with the code, and with the manual page."""

import configparser
import pathlib
import re
import subprocess
import sys
import xml.etree.ElementTree

ROOT, ID, KALON = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
PATH = "/" + ID.replace(".", "/")
DATA = ROOT / "data"
RAW = "https://raw.githubusercontent.com/kalon-project/kalon/main/"

wrong = []


def check(holds, text):
    if not holds:
        wrong.append(text)


def read_keys(path):
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read_string(path.read_text())
    return parser


def check_provider():
    provider = read_keys(DATA / f"{ID}.search-provider.ini")["Shell Search Provider"]
    header = (ROOT / "src/app/kalon-search-provider.h").read_text()
    expected = {"DesktopId": f"{ID}.desktop", "BusName": ID, "ObjectPath": f"{PATH}/SearchProvider", "Version": "2"}
    check(dict(provider) == expected, f"search-provider.ini says {dict(provider)}, not {expected}")
    check(f'"{provider["ObjectPath"]}"' in header, "the search provider's object is not where search-provider.ini says")


def check_desktop_file():
    desktop = read_keys(DATA / f"{ID}.desktop.in")
    entry = desktop["Desktop Entry"]
    actions = entry["Actions"].strip(";").split(";")
    code = "".join(path.read_text() for path in sorted((ROOT / "src/app").glob("*.c")))
    sections = {name.removeprefix("Desktop Action ") for name in desktop.sections() if name.startswith("Desktop Action ")}
    check(set(actions) == sections, f"Actions= names {actions}, and there are groups for {sorted(sections)}")
    for action in sections:
        # DBusActivatable: a desktop calls the action of the application that has this name.
        check(re.search(rf'\{{ \.name = "{action}", \.activate = \w+ \}}', code), f"there is no action {action} without a parameter")
        check(desktop[f"Desktop Action {action}"]["Exec"].endswith(f" action {ID} {action}"), f"Exec of {action} calls another")
    check(entry["DBusActivatable"] == "true" and entry["Icon"] == ID, "the desktop file is of another program")
    types = entry["MimeType"].strip(";").split(";")
    check(len(types) == len(set(types)), "a type stands twice in MimeType=")
    check("inode/directory" in types and {"image/jpeg", "image/png", "image/heif"} <= set(types), "a type is missing in MimeType=")
    service = read_keys(DATA / f"{ID}.service.in")["D-BUS Service"]
    check(service["Name"] == "@application_id@" and service["Exec"].endswith("/kalon --gapplication-service"), "the D-Bus service starts something else")


def check_metainfo():
    root = xml.etree.ElementTree.parse(DATA / f"{ID}.metainfo.xml.in").getroot()
    check(root.findtext("id") == ID and root.findtext("launchable") == f"{ID}.desktop", "the metainfo is of another program")
    check(root.findtext("summary") and len(root.findtext("summary")) <= 35, "the summary is missing or longer than 35 characters")
    for tag in ("developer", "developer_name", "content_rating", "branding", "releases/release", "requires/display_length"):
        check(root.find(tag) is not None, f"the metainfo has no {tag}")
    version = re.search(r"version: '([^']+)'", (ROOT / "meson.build").read_text())[1]
    check(root.find("releases/release").get("version") == version, f"the newest release of the metainfo is not {version}")
    for image in root.iter("image"):
        path = image.text.removeprefix(RAW)
        check(path != image.text and (ROOT / path).is_file(), f"the screenshot {image.text} is no file of this tree")


def check_icons():
    for path in ("scalable/apps/{}.svg", "symbolic/apps/{}-symbolic.svg"):
        icon = DATA / "icons/hicolor" / path.format(ID)
        size = xml.etree.ElementTree.parse(icon).getroot().get("viewBox")
        check(size == ("0 0 16 16" if "symbolic" in path else "0 0 128 128"), f"{icon.name} has the size {size}")
        if "symbolic" in path:
            colours = set(re.findall(r'(?:fill|stroke)="(#\w+)"', icon.read_text()))
            check(colours == {"#2e3436"}, f"{icon.name} has the colours {sorted(colours)}")


def check_manual():
    page = (DATA / "man/kalon.1").read_text().replace("\\-", "-")
    output = subprocess.run([KALON, "--help"], check=True, capture_output=True, text=True).stdout
    options = set(re.findall(r"^ +(?:-\w, )?(--[a-z][a-z-]*)", output, re.M))
    options = {option for option in options if not option.startswith("--help-")}
    check({"--search", "--library", "--version"} <= options, f"kalon --help tells of {sorted(options)} only")
    for option in sorted(options):
        check(option in page, f"{option} is not in kalon.1")


for part in (check_provider, check_desktop_file, check_metainfo, check_icons, check_manual):
    part()
print("\n".join(wrong) or "desktop file, service, search provider, metainfo, icons and manual page agree")
sys.exit(bool(wrong))
