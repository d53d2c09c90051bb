#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""check-flatpak.py SOURCE-ROOT APPLICATION-ID: the Flatpak manifest has what a manifest needs, asks for no files, and
takes only sources whose bytes are known. “check-flatpak.py --self-test …” shows that it finds what is wrong."""

import copy
import json
import pathlib
import re
import sys

# Nothing else may be asked for.
PERMISSIONS = {"--share=ipc", "--share=network", "--socket=wayland", "--socket=fallback-x11", "--device=dri"}
BUILD_SYSTEMS = {"meson", "cmake-ninja"}


def check_source(module, source):
    name = f"module {module['name']}"
    kind = source.get("type")
    if kind == "dir" and module["name"] == "kalon":
        return
    if kind == "archive":
        if not str(source.get("url", "")).startswith("https://"):
            yield f"{name}: no https address"
        if not re.fullmatch("[0-9a-f]{64}", str(source.get("sha256", ""))):
            yield f"{name}: no SHA-256 of the archive"
    elif kind == "git":
        if not re.fullmatch("[0-9a-f]{40}", str(source.get("commit", ""))) or not source.get("tag"):
            yield f"{name}: a repository needs a tag and its commit"
    else:
        yield f"{name}: a source of the type {kind}"


def find_faults(manifest, application):
    for key in ("runtime", "runtime-version", "sdk", "command", "finish-args", "modules"):
        if not manifest.get(key):
            yield f"there is no {key}"
    if manifest.get("id") != application:
        yield f"the id is not {application}"
    if manifest.get("command") != "kalon":
        yield "the command is not kalon"
    for argument in manifest.get("finish-args", []):
        if argument not in PERMISSIONS and not argument.startswith("--env="):
            yield f"{argument} is asked for"
    names = [module.get("name") for module in manifest.get("modules", [])]
    for needed in ("pocl", "opencl-icd-loader", "kalon"):
        if names.count(needed) != 1:
            yield f"module {needed} stands there {names.count(needed)} times"
    for module in manifest.get("modules", []):
        if module.get("buildsystem") not in BUILD_SYSTEMS:
            yield f"module {module['name']}: the build system {module.get('buildsystem')}"
        if not module.get("sources"):
            yield f"module {module['name']}: no sources"
        for source in module.get("sources", []):
            yield from check_source(module, source)


def spoil(manifest):
    """What must be found: one fault each."""
    def change(func):
        spoiled = copy.deepcopy(manifest)
        func(spoiled)
        return spoiled

    yield change(lambda m: m["finish-args"].append("--filesystem=host"))
    yield change(lambda m: m["finish-args"].append("--filesystem=xdg-pictures:ro"))
    yield change(lambda m: m["finish-args"].append("--socket=session-bus"))
    yield change(lambda m: m["modules"][0]["sources"][0].pop("sha256"))
    yield change(lambda m: m["modules"][0]["sources"][0].update(sha256="to be filled in"))
    yield change(lambda m: m["modules"][0]["sources"][0].update(url="http://example.org/a.tar.gz"))
    yield change(lambda m: m["modules"][0]["sources"][0].update(type="dir", path="/"))
    yield change(lambda m: m["modules"][0].update(sources=[{"type": "git", "url": "https://example.org", "tag": "v1"}]))
    yield change(lambda m: m["modules"][0].update(sources=[]))
    yield change(lambda m: m["modules"].pop(2))
    yield change(lambda m: m.pop("runtime-version"))
    yield change(lambda m: m.update(id="org.example.Other"))


def main(arguments):
    self_test = arguments[0] == "--self-test"
    root, application = arguments[-2:]
    path = pathlib.Path(root) / "build-aux/flatpak" / f"{application}.json"
    manifest = json.loads(path.read_text())
    faults = list(find_faults(manifest, application))
    if self_test:
        for number, spoiled in enumerate(spoil(manifest)):
            if not list(find_faults(spoiled, application)):
                faults.append(f"fault {number} of the self-test was not found")
    print("\n".join(faults) or f"{path.name}: nothing wrong")
    return bool(faults)


sys.exit(main(sys.argv[1:]))
