#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# NR_CPUS and the size of the log, which small kernels have in no table, as they are read out of the
# code that prints them, and the size of the CMA area out of the code that reserves it: beside the
# configuration that each kernel of tests/vm was built with.  For arm64 the size of the percpu section
# too, beside the unit that the kernel reports in its log ("Embedded 15 pages/cpu s30912 r0 d30528"; s is
# the section).  Of the map of preserved memory the levels, as include/linux/kho/abi/kexec_handover.h
# makes them of the page size (KHO_TREE_MAX_DEPTH); with BTF the image has them.
set -u
: "${top_builddir:?}"

kexec=$top_builddir/kexec/kexec
cache=${KHO_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/kexec-kho}
kernels=${KHO_VM_KERNELS:-$cache/vm/kernels}
distro=${KHO_VM_DISTRO:-$cache/vm/distro}
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
	gzip -dc "${image%/*}/config-${name#*-}.gz" | sed -n "s/^CONFIG_$1=//p"
}

for image in "$@" "$distro"/bzImage-* "$distro"/Image.gz-*; do
	name=${image##*/}
	[ -e "$image" ] && [ -e "${image%/*}/config-${name#*-}.gz" ] || continue
	rm -f "$dir/facts"
	"$kexec" --kho-save-kernel="$dir/facts" --kho-image="$image" >"$dir/out" 2>&1 || cat "$dir/out"
	same NR_CPUS "$(config NR_CPUS)" nr_cpu_ids
	same "the log" $((1 << $(config LOG_BUF_SHIFT))) log_buf_len
	mib=$(config CMA_SIZE_MBYTES)
	[ -z "$mib" ] || same "the CMA area" $((mib << 20)) dma_contiguous_reserve.size_bytes
	# A page block, in which CMA aligns: a PMD, or PAGE_BLOCK_MAX_ORDER (6.18 and later).
	order=$(config PAGE_BLOCK_MAX_ORDER) pmd=9 page=4096
	[ -z "$(config ARM64_16K_PAGES)" ] || pmd=11 page=16384
	[ -z "$(config ARM64_64K_PAGES)" ] || pmd=13 page=65536
	[ "${order:-99}" -lt $pmd ] || order=$pmd
	same "a page block" $((page << order)) cma_declare_contiguous_nid.align_bytes
	bits=$(config ARM64_VA_BITS)
	[ -z "$bits" ] || same VA_BITS "$bits" 'NUMBER(VA_BITS)'
	# With LPA2 it depends on the CPU.
	bits=$(config ARM64_PA_BITS)
	[ -z "$bits" ] || [ -n "$(config ARM64_LPA2)" ] || same MAX_PHYSMEM_BITS "$bits" 'NUMBER(MAX_PHYSMEM_BITS)'
	case $name in
	Image.gz-7.2.13-arm64-kho) same "the percpu section" 30912 percpu_bytes ;;
	Image.gz-7.3.4-arm64-kho) same "the percpu section" 31232 percpu_bytes ;;
	esac
	# gcc puts the walk of the top level into its caller where the walk is small, up to 7.2; without BTF.
	case $name in
	bzImage-6.18.* | bzImage-7.1.*-kho | Image.gz-7.2.*-kho*) levels= ;;
	*64k) levels=4 ;;
	*16k) levels=5 ;;
	*) levels=6 ;;
	esac
	same "the levels of a preserved map" "$levels" KHO_TREE_MAX_DEPTH
done
echo "1..$n"
