#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# NR_CPUS and the size of the log, which small kernels have in no table, as they are read out of the
# code that prints them: beside the configuration that each kernel of tests/vm was built with.  For
# arm64 the size of the percpu section too, beside the unit that the kernel reports in its log
# ("Embedded 15 pages/cpu s30912 r0 d30528"; s is the section).  Of the map of preserved memory the
# levels, as include/linux/kho/abi/kexec_handover.h makes them of the page size (KHO_TREE_MAX_DEPTH);
# Debian's 7.2.13 has them in its BTF.
set -u
: "${top_builddir:?}"

kexec=$top_builddir/kexec/kexec
cache=${KHO_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/kexec-kho}
kernels=${KHO_VM_KERNELS:-$cache/vm/kernels}
set -- "$kernels"/bzImage-*-kho "$kernels"/Image.gz-*-kho "$kernels"/Image.gz-*-kho*k
if ! grep -q '^#define HAVE_CAPSTONE 1' "$top_builddir/config.h"; then
	echo "1..0 # SKIP built without capstone"
	exit 0
elif [ ! -e "$1" ]; then
	echo "1..0 # SKIP no kernels in $kernels (KHO_VM_KERNELS, tests/vm/build-kernels)"
	exit 0
fi
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
n=0

# same WHAT WANTED KEY
same()
{
	n=$((n + 1))
	got=$(sed -n "s/.*\"$3\":\([0-9]*\).*/\1/p" "$dir/facts")
	if [ "$got" = "$2" ]; then
		echo "ok $n - $name: $1 is ${2:-unknown}"
	else
		echo "not ok $n - $name: $1 is ${got:-not found}, wanted $2"
	fi
}

config()
{
	gzip -dc "$kernels/config-${name#*-}.gz" | sed -n "s/^CONFIG_$1=//p"
}

for image; do
	name=${image##*/}
	[ -e "$kernels/config-${name#*-}.gz" ] || continue
	rm -f "$dir/facts"
	"$kexec" --kho-save-kernel="$dir/facts" --kho-image="$image" >"$dir/out" 2>&1 || cat "$dir/out"
	same NR_CPUS "$(config NR_CPUS)" nr_cpu_ids
	same "the log" $((1 << $(config LOG_BUF_SHIFT))) log_buf_len
	case $name in
	Image.gz-7.2.13-arm64-kho) same "the percpu section" 30912 percpu_bytes ;;
	Image.gz-7.3.4-arm64-kho) same "the percpu section" 31232 percpu_bytes ;;
	esac
	# gcc puts the walk of the top level into its caller where the walk is small, up to 7.2.
	case $name in
	bzImage-6.18.* | bzImage-7.1.* | Image.gz-7.2.*) levels= ;;
	*-kho64k) levels=4 ;;
	*-kho16k) levels=5 ;;
	*) levels=6 ;;
	esac
	same "the levels of a preserved map" "$levels" KHO_TREE_MAX_DEPTH
done
echo "1..$n"
