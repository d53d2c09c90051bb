#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every file with text to translate is in po/POTFILES.in, and nothing else is.
# Usage: check-potfiles.sh SOURCE-ROOT
set -euo pipefail
cd "$1"
marked=$(grep -rlE '\b(_|N_|C_|NC_|ngettext|g_dngettext) ?\(|translatable="yes"' src --include='*.c' --include='*.ui' || true)
marked+=$'\n'$(find data -name '*.desktop.in*' -o -name '*.metainfo.xml.in*' -o -name '*.gschema.xml')
diff -u <(grep -vE '^(#|$)' po/POTFILES.in | sort) <(grep . <<<"$marked" | sort) ||
  { echo "po/POTFILES.in and the marked files differ (< listed, > marked)"; exit 1; }
