#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Where two sources of one image say different things, all are reported, and the fact is
# unknown. tests/image/kernel.c is built to lie, in one source at a time.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

here=$top_srcdir/tests/image
command -v gcc >/dev/null && [ "$(uname -m)" = x86_64 ] || skip_all "wants gcc on x86-64"
"$top_builddir/tests/image/show-vmcoreinfo" --works || skip_all "built without capstone"
make_machine "$work/machine" 0x10000000 0x4000000
sed s/BASE/0xffffffff81000000/ "$here/kernel.lds" >"$work/lds"

# build OPTIONS...: $work/vmlinux
build() {
	gcc -std=gnu11 -O2 -DKHO -ffreestanding -nostdlib -static -fno-pic -fno-stack-protector \
		-mcmodel=kernel -mno-red-zone -fcf-protection=none -Wl,-T,"$work/lds" \
		-Wl,-z,norelro -o "$work/vmlinux" "$@" "$here/kernel.c" 2>"$work/log" || {
		sed 's/^/# /' "$work/log"
		report_test 1 "building with $*"
	}
}

# pack_config LINE...: a configuration as the kernel has it in its read-only data.
pack_config() {
	printf '%s\n' "$@" | gzip -9n >"$work/config.gz"
}

# check_dispute NAME FACT CLAIMS
check_dispute() {
	run "$kexec" --kho-report --kho-verbose --kho-image="$work/vmlinux" \
		--kho-machine="$work/machine"
	check_line "$1: a finding" "$out" \
		"unknown: fact-contradicted: $2: the sources disagree: $3"
	grep -qE "^  $2 +unknown" "$out"
	report_test $? "$1: the fact is unknown"
}

pack_config CONFIG_SPARSEMEM=y CONFIG_SPARSEMEM_VMEMMAP=y CONFIG_KEXEC_HANDOVER=y
build -DVMEMMAP "-DCONFIG=\"$work/config.gz\""
run "$kexec" --kho-report --kho-verbose --kho-image="$work/vmlinux" \
		--kho-machine="$work/machine"
check_no_text "no lie, no dispute" "$out" fact-contradicted

build -DVMEMMAP -DBITS=28
check_dispute "code and arch table" section_size_bits \
	"VMCOREINFO code says 28, arch table says 27"

pack_config CONFIG_SPARSEMEM=y CONFIG_KEXEC_HANDOVER=y
build -DVMEMMAP "-DCONFIG=\"$work/config.gz\""
check_dispute "code and IKCONFIG" vmemmap "VMCOREINFO code says 1, IKCONFIG says 0"

pack_config CONFIG_SPARSEMEM=y CONFIG_SPARSEMEM_VMEMMAP=y
build -DVMEMMAP "-DCONFIG=\"$work/config.gz\""
check_dispute "IKCONFIG and read-only data" kho "IKCONFIG says 0, read-only data says 1"

if ! command -v pahole >/dev/null; then
	skip "code, IKCONFIG and BTF" "wants pahole"
	finish
fi
pack_config CONFIG_SPARSEMEM=y CONFIG_KEXEC_HANDOVER=y
build -g -DVMEMMAP -DPAGE_BYTES=56 "-DCONFIG=\"$work/config.gz\""
pahole -J --btf_gen_all "$work/vmlinux" 2>/dev/null || pahole -J "$work/vmlinux"
objcopy --set-section-flags .BTF=alloc,readonly,contents "$work/vmlinux" 2>/dev/null
check_dispute "code and BTF" struct_page_bytes "VMCOREINFO code says 56, BTF says 64"
check_dispute "code, BTF and IKCONFIG" vmemmap \
	"VMCOREINFO code says 1, BTF says 1, IKCONFIG says 0"
finish
