#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# make bench-fleet: machines a second and core, beside the JSON library alone on the same
# file, in one run.
#
#   BENCH_IMAGE     a kernel image with KHO (default: the test image)
#   BENCH_MACHINES  machines in a file (default 50000)
set -eu

. "${top_srcdir:=.}/tests/lib.sh"
fleet=$top_srcdir/tests/fleet
machines=${BENCH_MACHINES:-50000}
image=${BENCH_IMAGE-}
[ -n "$image" ] || {
	image=$work/image
	"$fixtures/mkkernel.py" "$image"
}

# seconds FILE [OPTION]...: of CPU, without what reading the image takes.
seconds() {
	file=$1
	shift
	for input in /dev/null "$file"; do
		python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=False)
use = resource.getrusage(resource.RUSAGE_CHILDREN)
print(use.ru_utime + use.ru_stime)' "$kexec" --kho-report --kho-image="$image" --kho-initrd=none \
			--kho-fleet="$input" "$@"
	done | tr '\n' ' ' | awk '{ print $2 - $1 }'
}

# row NAME FILE [OPTION]...
row() {
	name=$1
	file=$2
	shift 2
	lines=$(wc -l <"$file")
	ours=$(seconds "$file" "$@")
	json=$("$top_builddir/tests/bench/parse-json" "$file")
	echo "$name|$(($(wc -c <"$file") / lines))|$lines|$ours|$json"
}

# Made of another seed each: nothing can be remembered from the one before.
"$fleet/make-fleet.py" "$machines" --nodes 8 --ram 2048 --factor 2 --gaps 0 >"$work/ample"
"$fleet/make-fleet.py" "$machines" --seed 2 --nodes 8 --ram 2048 --factor 0.5 --gaps 0 \
	>"$work/short"
"$fleet/make-fleet.py" $((machines / 25)) --seed 3 >"$work/mixed"
head -n $((machines / 100)) "$work/short" >"$work/few"
{
	row "8 nodes, 2 TiB, nokaslr" "$work/ample" -j1 --kho-append=nokaslr
	row "8 nodes, 2 TiB, KASLR" "$work/ample" -j1
	row "8 nodes, 2 TiB, KASLR, two threads" "$work/ample" -j2
	row "the same, too short, with advice" "$work/few" -j1
	row "all sorts, KASLR, with advice" "$work/mixed" -j1
} | awk -F'|' 'BEGIN {
	printf "%-36s %6s %8s %11s %12s %6s\n", "machines", "bytes", "lines", "a second", "json-c alone", "ratio"
} {
	printf "%-36s %6d %8d %11.0f %12.0f %6.1f\n", $1, $2, $3, $3 / $4, $5, $5 / ($3 / $4)
}'
