#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The small images of the fuzz corpus, all kinds, share 1,000 cuts and 10,000 changed
# bytes.
set -u
: "${top_srcdir:?}"
: "${top_builddir:?}"

set -- "$top_srcdir"/tests/data/fuzz/image/*
cuts=$((1000 / $# + 1))
flips=$((10000 / $# + 1))
for image; do
	shift
	set -- "$@" "$cuts" "$flips" "$image"
done
exec "$top_builddir/tests/image/sweep" "$@"
