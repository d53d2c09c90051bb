# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by tools/run, tools/test and tools/install-packages.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# "--yes" where the default answer to every question is to be taken, else empty.
yes=
[ "${CI:-}" != true ] || yes=--yes

say() { printf '\n== %s\n' "$*"; }

# Prints a command and runs it.
run() {
  echo "+ $*"
  "$@"
}

# Asks a question whose default is yes; without a terminal the answer is no.
agree() {
  [ -z "$yes" ] || return 0
  [ -t 0 ] || return 1
  local answer
  read -r -p "$1 [Y/n] " answer
  [[ ${answer:-y} == [Yy]* ]]
}

# The comment block at the top of the calling script, from its third line on.
usage() { awk 'NR > 2 { if (!/^#/) exit; sub(/^# ?/, ""); print }' "$0"; }
