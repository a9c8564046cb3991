#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A machine of two real handovers, on a CPU with LPA2 and on one without: tests/data/lpa2/README.md says what they did.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

data=$top_srcdir/tests/data/lpa2
head -c 3350000 /dev/zero >"$work/initrd"

# report FLAGS KERNEL: of the machine with these cpu_flags; none: as a captured tree shows it.
report() {
	sed "${1:+s/\"possible_nodes\"/\"cpu_flags\":$1,&/}" "$data/machine.json" >"$work/machine"
	run "$kexec" --kho-report --kho-machine="$work/machine" --kho-kernel="$data/kernel-$2.json" \
		--kho-initrd="$work/initrd" --kho-append="console=ttyAMA0 earlycon panic=1 kho=on nokaslr memblock=debug"
}

report '["lpa2"]' 7.2.13-arm64-kho
check_status "with LPA2 it died" 3
grep -q "^fail: memory-map-short: the successor dies in early boot" "$out"
report_test $? "with LPA2: for lack of memory for the map"
report '[]' 7.2.13-arm64-kho
check_status "without LPA2 it came up" 2
check_no_text "without LPA2: nothing dies" "$out" "dies"
report '' 7.2.13-arm64-kho
check_status "it is not known" 4
check_line "not known: said" "$out" "unknown: fact-unknown: whether the CPU has LPA2 (addresses of 52 bits) is not known: \
the successor boots if it has not, and else dies for lack of memory for the memory map of node 1"
grep -q "remedy: make the report there as root, or of a snapshot (kexec --kho-save-machine=FILE)" "$out"
report_test $? "not known: the remedy"

# arch/arm64/include/asm/pgtable-prot.h: with pages of 64 KiB PHYS_MASK_SHIFT is a constant.
for flags in '["lpa2"]' '[]'; do
	sed "s/\"page_bytes\":4096/\"cpu_flags\":$flags,\"page_bytes\":65536/
		s/\"areas\":\"[^\"]*\"/\"areas\":\"c0000000-e0000000,1e0000000-200000000,a0000000-c0000000\"/" \
		"$data/machine.json" >"$work/machine"
	run "$kexec" --kho-report=json --kho-machine="$work/machine" --kho-initrd=none \
		--kho-kernel="$data/kernel-7.3.4-arm64-rhel64k.json" --kho-append="kho=on nokaslr"
	grep -o '"headroom_bytes":[1-9][0-9]*' "$out" | tr '\n' ' '
	echo
done >"$work/headroom"
check_equal "pages of 64 KiB do not ask" "$(uniq -c <"$work/headroom" | awk '{ print $1 }')" 2

finish
