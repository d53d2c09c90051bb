#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Include rules of the house: layers run one way, third-party headers have one home,
private headers stay in their folder (and its tests), modules use only those built before them."""

import pathlib
import re
import sys

ROOT = pathlib.Path(sys.argv[1])
SRC = ROOT / "src"

# Which layers a layer may include.
LAYERS = {
    "core": {"core"},
    "services": {"core", "services"},
    "cli": {"core", "services", "cli"},
    "ui": {"core", "services", "ui"},
    "app": {"core", "services", "ui", "app"},
}

# Third-party header prefix -> folders that may include it.
HOMES = {
    "CL/": {"core/compute"},
    "gdk-pixbuf/": {"core/image"},
    "lcms2": {"core/image"},
    "gexiv2/": {"core/image"},
    "jpeglib": {"core/image"},
    "turbojpeg": {"core/image"},
    "json-glib/": {"core/input", "core/weights", "core/alignment", "services/llm", "services/rephraser",
                   "services/question", "services/report", "services/json-text", "cli"},
    "sqlite3": {"services/storage"},
    "libsoup/": {"services/llm", "services/models"},
    "libsecret/": {"services/secrets"},
    "archive": {"services/board-export"},
    "cairo": {"services/board-export", "services/comparison"},
    "pango/": {"services/board-export", "services/comparison"},
    "gtk/": {"ui", "app"},
    "gdk/": {"ui", "app"},
    "adwaita": {"ui", "app"},
}

INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)
SUBDIR = re.compile(r"^subdir\('([^']+)'\)", re.M)


def module_order(layer):
    """Modules of a layer in the order its build file names them: the dependency order."""
    text = (SRC / layer / "meson.build").read_text()
    return {name: position for position, name in enumerate(SUBDIR.findall(text))}


def check(path, errors):
    relative = path.relative_to(SRC)
    layer = relative.parts[0]
    module = relative.parts[1] if len(relative.parts) > 2 else ""
    folder = f"{layer}/{module}" if module else layer
    for bracket, name in INCLUDE.findall(path.read_text(errors="replace")):
        def error(reason):
            errors.append(f"{path.relative_to(ROOT)}: {name}: {reason}")

        for prefix, homes in HOMES.items():
            if name.startswith(prefix) and folder not in homes and layer not in homes:
                error(f"belongs to {', '.join(sorted(homes))} only")
        if bracket == "<":
            continue
        if ".." in name.split("/"):
            error("includes start at a layer's root, never with ../")
            continue
        target = pathlib.Path(name)
        owners = [other for other in LAYERS if (SRC / other / name).is_file()]
        for owner in owners:
            if owner not in LAYERS[layer]:
                error(f"{layer} must not know {owner}")
            elif len(target.parts) > 1:
                other = target.parts[0]
                if target.name.endswith("-private.h") and (owner, other) != (layer, module):
                    error("private to its folder")
                order = module_order(owner)
                if owner == layer and order.get(other, -1) > order.get(module, len(order)):
                    error(f"{module} is built before {other}")


def main():
    errors = []
    files = [path for path in sorted(SRC.rglob("*.[ch]"))]
    for path in files:
        check(path, errors)
    print("\n".join(errors) if errors else f"{len(files)} files keep the layers")
    return 1 if errors else 0


sys.exit(main())
