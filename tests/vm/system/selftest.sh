#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The rules of check-system, without a guest.
command -v python3 >/dev/null || { echo "1..0 # SKIP no python3"; exit 0; }
exec python3 "${top_srcdir:-.}/tests/vm/system/selftest.py"
