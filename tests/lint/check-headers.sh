#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Each header compiles alone. Usage: check-headers.sh SOURCE-ROOT BUILD-ROOT COMPILER [PACKAGE...]
# Those of the window only when gtk4 is among the packages.
set -euo pipefail
root=$1 build=$2 compiler=$3
shift 3
read -r -a flags < <(pkg-config --cflags "$@")
window=(-path "$root/src/ui" -o -path "$root/src/app" -o -path "$root/tests/ui")
[[ " $* " != *" gtk4 "* ]] || window=(-false)
status=0
count=0
while read -r header; do
  count=$((count + 1))
  # The generated headers of the build (config.h) are on the path too.
  if ! printf '#include "%s"\n' "$header" |
    "$compiler" -x c -std=gnu11 -D_GNU_SOURCE -DCL_TARGET_OPENCL_VERSION=120 -fsyntax-only -Werror \
      -I"$root/src/core" -I"$root/src/services" -I"$root/src/cli" -I"$root/src/ui" -I"$root/src/app" -I"$root/tests" \
      -I"$build" "${flags[@]}" -; then
    echo "does not compile alone: $header"
    status=1
  fi
done < <(find "$root/src" "$root/tests" \( "${window[@]}" \) -prune -o -name '*.h' -print)
echo "$count headers"
exit $status
