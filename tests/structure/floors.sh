#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The includes of kexec/ follow the table of floors; no circle, no file and no function too long.
: "${top_srcdir:?}"
command -v python3 >/dev/null || { echo "1..0 # SKIP wants python3"; exit 0; }
exec python3 "$top_srcdir/tests/structure/check-floors" "$top_srcdir"
