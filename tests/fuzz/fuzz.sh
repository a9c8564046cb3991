#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# make fuzz FUZZ=TARGET [FUZZ_SECONDS=N]: build tests/fuzz/fuzz-TARGET.c and all our
# sources with libFuzzer, ASan and UBSan, and run it for so long on the kept corpus.
# New inputs go to fuzz-TARGET.corpus in the build tree, those that crash to fuzz-TARGET-*. Further
# seeds are cut out of the Debian kernels in the cache.
#
# From make: CLANG, FUZZ_CFLAGS, FUZZ_LIBS, top_srcdir; the sources as arguments.
set -eu
: "${top_srcdir:?}"

target=${FUZZ:?name a target: FUZZ=image, unpack, btf, vmcoreinfo, core, code, kallsyms, machine, fdt, preserved, snapshot, saved, settings, describe, after, packed}
main=$top_srcdir/tests/fuzz/fuzz-$target.c
seconds=${FUZZ_SECONDS:-60}
test -f "$main" || { echo "fuzz.sh: there is no target $target" >&2; exit 1; }

for source; do
	shift
	case $source in
	*.c) set -- "$@" "$top_srcdir/$source" ;;
	esac
done
# shellcheck disable=SC2086 # lists of options
$CLANG $FUZZ_CFLAGS -g -O1 -fsanitize=fuzzer,address,undefined \
	-fno-sanitize-recover=undefined -DSUCCESSOR_PAYLOAD_LIMIT_BYTES='(UINT64_C(32)<<20)' \
	-DPACKED_LIMIT_BYTES='(UINT64_C(16)<<20)' \
	-o "fuzz-$target" "$main" "$@" $FUZZ_LIBS
mkdir -p "fuzz-$target.corpus" "fuzz-seeds/$target"
cache=$("$top_srcdir/tests/kernels/fetch" dir)
for kernel in $("$top_srcdir/tests/kernels/fetch" cached); do
	[ -e "fuzz-seeds/vmcoreinfo/$kernel" ] ||
		"$top_srcdir/tests/fuzz/seed-image" kexec/kexec "$cache/$kernel/vmlinuz" fuzz-seeds ||
		echo "fuzz.sh: no seeds of $kernel" >&2
done
exec "./fuzz-$target" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2560 \
	-artifact_prefix="fuzz-$target-" -print_final_stats=1 \
	"fuzz-$target.corpus" "fuzz-seeds/$target" "$top_srcdir/tests/data/fuzz/$target"
