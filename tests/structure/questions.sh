#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What the code asks of an image, saved facts can answer.
: "${top_srcdir:?}"
command -v python3 >/dev/null || { echo "1..0 # SKIP wants python3"; exit 0; }
exec python3 "$top_srcdir/tests/structure/check-questions" "$top_srcdir"
