#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every language of po/LINGUAS is well formed and complete. Usage: check-translations.sh SOURCE-ROOT
set -euo pipefail
cd "$1"
template=$(mktemp --suffix=.pot)
trap 'rm -f "$template"' EXIT
# Keywords as Meson's glib preset has them; .ui, schema, desktop file and metainfo by their own rules.
grep -vE '^(#|$)' po/POTFILES.in |
  xgettext --files-from=- --from-code=UTF-8 --add-comments --keyword=_ --keyword=N_ --keyword=C_:1c,2 \
    --keyword=NC_:1c,2 --keyword=g_dngettext:2,3 --output="$template"
status=0
for language in $(grep -vE '^(#|$)' po/LINGUAS); do
  msgfmt --check --statistics --output-file=/dev/null "po/$language.po" || status=1
  msgcmp "po/$language.po" "$template" || { echo "po/$language.po does not have every text"; status=1; }
done
exit $status
