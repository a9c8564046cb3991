#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Each kept input of each fuzz target: seeds, and whatever once made one fail.
set -u
: "${top_srcdir:?}"
: "${top_builddir:?}"

nr=0
for data in "$top_srcdir"/tests/data/fuzz/*/*; do
	target=$(basename "$(dirname "$data")")
	nr=$((nr + 1))
	if timeout 60 "$top_builddir/tests/fuzz/replay-$target" "$data" >replay.$$ 2>&1; then
		echo "ok $nr - $target/$(basename "$data")"
	else
		echo "not ok $nr - $target/$(basename "$data")"
		sed 's/^/# /' replay.$$
	fi
done
rm -f replay.$$
echo "1..$nr"
