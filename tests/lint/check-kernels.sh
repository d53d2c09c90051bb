#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Compiles every kernel for every form, no device needed: check-kernels.sh ROOT CLANG
set -u
root=$1
clang=$2
failed=0

for file in "$root"/kernels/*.cl; do
  [ "${file##*/}" = common.cl ] && continue
  grep -q "<file>${file##*/}</file>" "$root/kernels/kalon-kernels.gresource.xml" || {
    echo "${file##*/} is not in kalon-kernels.gresource.xml"
    failed=1
  }
  while read -r options; do
    # shellcheck disable=SC2086
    "$clang" -x cl -cl-std=CL1.2 -Xclang -finclude-default-header -fsyntax-only \
      -Wall -Wextra -Werror -Wno-unused-function -Wno-unused-parameter \
      -include "$root/kernels/common.cl" $options "$file" || {
      echo "${file##*/} does not compile with $options"
      failed=1
    }
  done <<'OPTIONS'
-DVEC=16
-DVEC=8 -DACTIVATION=2 -DRESIDUAL=0 -DCAUSAL=1
-DVEC=4 -DWEIGHT_HALF -DROW_HALF -DHEAD_DIM=5 -DVALUE_VEC=1 -DVALUE_BLOCK=1
-DGROUP=1 -DVEC=4 -DLANES=64
-DGROUP=1 -DVEC=4 -DLANES=64 -DWEIGHT_HALF -DROW_HALF -DACTIVATION=0 -DRESIDUAL=0 -DCAUSAL=1
OPTIONS
done
exit $failed
