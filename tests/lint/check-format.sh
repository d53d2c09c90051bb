#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every C file is as clang-format makes it. Usage: check-format.sh SOURCE-ROOT CLANG-FORMAT
set -euo pipefail
find "$1/src" "$1/tests" -name '*.[ch]' -print0 |
  xargs -0 "$2" --style=file --dry-run --Werror
