#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# make bench: what the check costs, as ratios within one run.
#
#   BENCH_IMAGE  a bzImage (default: the newest Debian kernel in the cache)
#   BENCH_RUNS   runs of each (default 11)
#   BENCH_EXTRACT  the kernel's scripts/extract-vmlinux, for the nearest peer: it and pahole
set -eu

. "${top_srcdir:=.}/tests/lib.sh"
bench=$top_builddir/tests/bench
runs=${BENCH_RUNS:-11}
cache=$("$top_srcdir/tests/kernels/fetch" dir)
image=${BENCH_IMAGE:-$(find "$cache" -path '*+deb*-amd64/vmlinuz' 2>/dev/null | sort -V | tail -n 1)}
[ -n "$image" ] || {
	echo "bench: no Debian kernel in $cache; run scripts/quickstart, or name one with BENCH_IMAGE" >&2
	exit 1
}
need_at
make_machine "$work/machine" 0x10000000 0x8000000
loader=$bench/../cli/loader

echo "image: $(basename "$(dirname "$image")")/$(basename "$image"), $(wc -c <"$image") bytes"
"$bench/compare" "dry run / decompressing the payload" "$runs" \
	"$kexec" --kho-report --kho-image="$image" --kho-machine="$work/machine" -- \
	"$bench/payload" "$image"
"$kexec" --kho-save-kernel="$work/facts" --kho-image="$image"
"$bench/compare" "dry run by saved facts, hashed / dry run" "$runs" \
	"$kexec" --kho-report --kho-image="$image" --kho-kernel="$work/facts" \
	--kho-machine="$work/machine" -- \
	"$kexec" --kho-report --kho-image="$image" --kho-machine="$work/machine"
"$bench/compare" "dry run by saved facts alone / dry run" "$runs" \
	"$kexec" --kho-report --kho-kernel="$work/facts" --kho-machine="$work/machine" -- \
	"$kexec" --kho-report --kho-image="$image" --kho-machine="$work/machine"
echo "all facts / decompressing the payload, in one process:"
"$bench/bench-image" "$image" "$runs"
extract=${BENCH_EXTRACT:-$(command -v extract-vmlinux || :)}
if [ -n "$extract" ] && command -v pahole >/dev/null; then
	"$bench/compare" "dry run / extract-vmlinux + pahole -C page" "$runs" \
		"$kexec" --kho-report --kho-image="$image" --kho-machine="$work/machine" -- \
		sh -c '"$1" "$2" >"$3" && pahole -F btf -C page "$3"' sh "$extract" "$image" "$work/vmlinux"
else
	echo "not compared with extract-vmlinux + pahole: name the script with BENCH_EXTRACT"
fi
at "$work/machine" "$bench/compare" "supervised load, checked / bare load" "$runs" \
	"$kexec" --kho-check --kho-loader="$loader" \
	"image=$image" file -- "$loader" "image=$image" file
"$bench/compare" "supervised loader without a load / bare loader" "$runs" \
	"$kexec" --kho-check --kho-loader="$loader" exit=0 -- "$loader" exit=0
stock=$(PATH=/usr/sbin:/sbin:$PATH command -v kexec || :)
[ -z "$stock" ] || at "$work/machine" "$bench/compare" "stock kexec -s -l, checked / bare" "$runs" \
	"$kexec" --kho-check -s -l "$image" -- "$stock" -s -l "$image"
echo "the map of 64 GiB of preserved memory:"
"$bench/preserved"
echo "the model, by size of the machine:"
"$top_builddir/tests/model/bench"
