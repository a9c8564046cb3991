#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The small images of the fuzz corpus, all kinds, share 1,000 cuts and 10,000 changed
# bytes.  KHO_TEST_IMAGE names a large one to do the same to; that takes minutes.
set -u

images="$top_srcdir/tests/data/fuzz/image"
set -- "$images"/*
if [ -n "${KHO_TEST_IMAGE:-}" ]; then
	exec "$top_builddir/tests/image/sweep" 1000 10000 "$KHO_TEST_IMAGE"
fi
exec "$top_builddir/tests/image/sweep" $((1000 / $# + 1)) $((10000 / $# + 1)) "$@"
