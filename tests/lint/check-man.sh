#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# check-man.sh PAGE: groff's warnings about a manual page, of which there must be none.
warnings=$(LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$1" 2>&1 >/dev/null)
printf '%s\n' "${warnings:-$1 is clean}"
[ -z "$warnings" ]
