#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A real kernel, the smallest of those that tests/vm boots: it is cut at 1,000 places and
# 10,000 of its bytes are changed, after it was unpacked, so that all parsers see it. The
# file it is packed in is cut at 1,000 places too, but has only 200 bytes changed: most
# of the time goes into the decompressor, and the small images of test-sweep.sh have
# their share there.
#
# KHO_TEST_IMAGE names another image, for all of it: that takes many minutes.
set -u
: "${top_builddir:?}"

sweep=$top_builddir/tests/image/sweep
cache=${KHO_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/kexec-kho}
kernels=${KHO_VM_KERNELS:-$cache/vm/kernels}
if [ -n "${KHO_TEST_IMAGE:-}" ]; then
	exec "$sweep" 1000 10000 "in:$KHO_TEST_IMAGE" 1000 10000 "$KHO_TEST_IMAGE"
fi
# Of a distribution's kernel, several times as large, this would take minutes.
image=$(find "$kernels/" -name 'bzImage-*' -size -5M -printf '%s %p\n' 2>/dev/null | sort -n |
	sed -n '1s/^[0-9]* //p')
if [ -z "$image" ]; then
	echo "1..0 # SKIP no small bzImage in $kernels (KHO_VM_KERNELS, tests/vm/build-kernels)"
	exit 0
fi
exec "$sweep" 1000 10000 "in:$image" 1000 200 "$image"
