#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A real x86-64 and a real arm64 kernel, of those that tests/vm boots: in whatever
# container, and without the BTF and the configuration built into it, the facts and the
# VMCOREINFO are the same, and those that its configuration decides are as that says.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

here=$top_srcdir/tests/kernels
kernels=${KHO_VM_KERNELS:-${KHO_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/kexec-kho}/vm/kernels}
command -v python3 >/dev/null || skip_all "wants python3"
"$top_builddir/tests/image/show-vmcoreinfo" --works || skip_all "built without capstone"
make_machine "$work/machine" 0x10000000 0x4000000

# say IMAGE: its facts without their sources, and its VMCOREINFO.
say() {
	"$kexec" --kho-report --kho-verbose --kho-image="$1" --kho-machine="$work/machine" 2>&1 |
		sed -n '/^successor:/,/^  kho/s/^\(  [a-z_]*  *[0-9a-z]*\)  .*/\1/p'
	"$kexec" --kho-report=vmcoreinfo "$1" 2>&1
}

# check_same NAME: of $work/image
check_same() {
	say "$work/image" >"$work/found"
	check_text "$1" "$work/found" <"$work/wanted"
	rm -f "$work/image"
}

# check_config ARCH IMAGE: what was said of the image itself, against the file that built it.
check_config() {
	config=$(dirname "$2")/config-$(basename "$2" | sed 's/^[^-]*-//').gz
	if [ ! -f "$config" ]; then
		skip "$1: as its configuration says" "no $config"
		return
	fi
	sed -n -E 's/^  (sparsemem|vmemmap|kho) +(yes|no)$/\1 \2/p' "$work/wanted" >"$work/said"
	for fact in sparsemem:SPARSEMEM vmemmap:SPARSEMEM_VMEMMAP kho:KEXEC_HANDOVER; do
		gzip -dc "$config" | grep -q "^CONFIG_${fact#*:}=y$" && answer=yes || answer=no
		echo "${fact%:*} $answer"
	done >"$work/built"
	check_text "$1: as its configuration says" "$work/said" <"$work/built"
}

# newest PATTERN
newest() {
	find "$kernels/" -name "$1" 2>/dev/null | sort -V | tail -n 1
}

# check ARCH IMAGE FORMAT...
check() {
	arch=$1
	image=$2
	shift 2
	if [ -z "$image" ]; then
		skip "$arch" "no kernel for it in $kernels (KHO_VM_KERNELS, tests/vm/build-kernels)"
		return
	fi
	say "$image" >"$work/wanted"
	grep -q '^SIZE(page)=' "$work/wanted"
	report_test $? "$arch: $(basename "$image") has a VMCOREINFO"
	check_config "$arch" "$image"
	for form; do
		if "$here/wrap" "$form" "$image" "$work/image" 2>"$err"; then
			check_same "$arch: $form"
		else
			skip "$arch: $form" "$(tail -n 1 "$err")"
		fi
	done
	"$here/without-btf" "$image" "$work/image"
	! grep -q IKCFG_ST "$work/image"
	report_test $? "$arch: its configuration is removed"
	check_same "$arch: without BTF and IKCONFIG"
}

check x86-64 "$(newest 'bzImage-*')" vmlinux zstd uki
check arm64 "$(newest 'Image*-arm64-*')" vmlinux zboot-gzip zboot-zstd zboot-lz4 xz uki
finish
