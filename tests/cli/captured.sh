#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Machines captured of real boots: what is read of each, against its own command line
# (kho_scratch=lowmem,global,node).
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

"$fixtures/mkkernel.py" "$work/image"

# From the command line: the areas' sizes in MiB, one a line, in the kernel's order.
wanted_areas() {
	nodes=$(find "$1/sys/devices/system/node" -maxdepth 1 -name 'node[0-9]*' | wc -l)
	[ "$nodes" -gt 0 ] || nodes=$(($(sed 's/.*-//' "$1/sys/devices/system/node/has_memory") + 1))
	sed -n 's/.*kho_scratch=\([0-9]*\)M,\([0-9]*\)M,\([0-9]*\)M.*/\1 \2 \3/p' "$1/proc/cmdline" |
		while read -r low global node; do
			echo "$low"
			echo "$global"
			for _ in $(seq "$nodes"); do
				echo "$node"
			done
		done
}

for archive in "$top_srcdir"/tests/data/machines/*.tar.gz; do
	name=$(basename "$archive" .tar.gz)
	mkdir "$work/$name"
	tar -xzf "$archive" -C "$work/$name"
	run "$kexec" --kho-report=json --kho-image="$work/image" --kho-initrd=none \
		--kho-machine="$work/$name"
	python3 -c 'import json, sys
for area in json.load(sys.stdin)["machine"]["scratch"]:
    print(area["bytes"] >> 20)' <"$out" >"$work/areas"
	wanted_areas "$work/$name" >"$work/wanted"
	check_text "$name: the areas are those of kho_scratch=" "$work/areas" <"$work/wanted"
	# Copied before the auxiliary vector was, which alone tells an arm64 kernel's page size.
	case $name in
	arm64-7.2-two-nodes) wanted="page-size-unknown" ;;
	*) wanted= ;;
	esac
	python3 -c 'import json, sys
print(*(f["id"] for f in json.load(sys.stdin)["findings"] if f["severity"] == "unknown"))' \
		<"$out" >"$work/unknown"
	check_text "$name: nothing else of it is unknown" "$work/unknown" <<EOF
$wanted
EOF
	# The architecture of the image that was booted there is in the archive's name.
	case $name in
	arm64-*) wanted='"arch":"aarch64"' ;;
	*) wanted='"arch":"x86_64"' ;;
	esac
	cp "$work/$name/proc/sys/kernel/arch" "$work/arch"
	rm "$work/$name/proc/sys/kernel/arch"
	check_equal "$name: its architecture, without the kernel's word" \
		"$("$kexec" --kho-save-machine=- --kho-machine="$work/$name" | grep -o '"arch":"[^"]*"')" \
		"$wanted"
	cp "$work/arch" "$work/$name/proc/sys/kernel/arch"
	# By the kernel's release: KHO_FDT_COMPATIBLE of its source.
	case $(cat "$work/$name/proc/sys/kernel/osrelease") in
	6.18.*) format="kho-v1" ;;
	7.1.*) format="kho-v3" ;;
	*) format="kho-v4" ;;
	esac
	run "$kexec" --kho-report --kho-machine="$work/$name"
	check_status "$name: ready to hand over" 0
	check_line "$name: the format is that of its release" "$out" "  format $format"
done
# Four nodes of 32 MiB of map each: an eighth of one node's is a note, 2 MiB more is none.
m=$work/7.2-four-nodes
four_nodes() {
	run "$kexec" --kho-report --kho-image="$work/image" --kho-initrd=none --kho-append=nokaslr \
		--kho-machine="$m"
}
four_nodes
check_line "an eighth of a node's memory map is elsewhere" "$out" \
	"note: memory-map-little-off-node: 4 MiB of the 128 MiB of the memory map land on another node than the memory they describe"
check_line "a short bounce buffer, devices are not known" "$out" \
	"warn: swiotlb-short: swiotlb gets 8 MiB of 64 MiB: devices that need it may fail"
len=$m/sys/kernel/debug/kho/out/scratch_len
sed -i '3s/0x2000000/0x1e00000/' "$len"
mkdir -p "$m/sys/bus/pci/devices/0000:00:01.1" "$m/sys/kernel/debug/swiotlb"
echo 64 >"$m/sys/bus/pci/devices/0000:00:01.1/dma_mask_bits"
echo 0 >"$m/sys/kernel/debug/swiotlb/io_tlb_used_hiwater"
four_nodes
check_line "more than an eighth" "$out" \
	"warn: memory-map-off-node: 6 MiB of the 128 MiB of the memory map land on another node than the memory they describe"
check_line "nobody needs the bounce buffer" "$out" \
	"note: swiotlb-not-needed: swiotlb gets 8 MiB of 64 MiB: no device of this machine needs it"
echo 32 >"$m/sys/bus/pci/devices/0000:00:01.1/dma_mask_bits"
printf 'DRIVER=ata_piix\nPCI_CLASS=10180\n' >"$m/sys/bus/pci/devices/0000:00:01.1/uevent"
four_nodes
check_line "who needs it, and has enough" "$out" \
	"note: swiotlb-not-needed: swiotlb gets 8 MiB of 64 MiB: it is enough: the running kernel used at most 0 KiB of its own at a time"
# Slots of 2 KiB: a quarter of 8 MiB, and one more.
echo 1025 >"$m/sys/kernel/debug/swiotlb/io_tlb_used_hiwater"
four_nodes
check_line "who needs it" "$out" \
	"warn: swiotlb-short: swiotlb gets 8 MiB of 64 MiB: 0000:00:01.1 (ata_piix) reaches 32 bits of addresses, and may fail"

finish
