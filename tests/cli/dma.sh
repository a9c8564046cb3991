#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Devices of a machine that do not reach all addresses, as sysfs shows them (Documentation/ABI/testing/sysfs-bus-pci,
# sysfs-kernel-iommu_groups; PCI 3.0, 6.2.2: bit 2 of the command register).
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

m=$work/machine
make_machine "$m" 0x10000000 0x8000000

# device NAME BITS CLASS DRIVER COMMAND [TYPE]: COMMAND is the low byte, in octal; TYPE of its IOMMU group.
device() {
	dir=$m/sys/bus/pci/devices/$1
	mkdir -p "$dir"
	echo "$2" >"$dir/dma_mask_bits"
	{
		[ -z "$4" ] || echo "DRIVER=$4"
		echo "PCI_CLASS=$3"
		echo "PCI_SLOT_NAME=$1"
	} >"$dir/uevent"
	printf "\206\200\020\160\\$5\000\000\000" >"$dir/config"
	[ $# -lt 6 ] || { mkdir "$dir/iommu_group" && echo "$6" >"$dir/iommu_group/type"; }
}
# dma_of WHAT TEXT: what a snapshot has, and that it is the same when it is read again.
dma_of() {
	run "$kexec" --kho-save-machine=- --kho-machine="$m"
	check_equal "$1" "$(sed -n 's/.*"dma":\({.*}\),"gaps".*/\1/p; s/.*\("dma":{.*}\)}$/\1/p' "$out" |
		sed 's/^"dma"://')" "$2"
	cp "$out" "$work/again"
	run "$kexec" --kho-save-machine=- --kho-machine="$work/again"
	check_equal "$1: again" "$(cat "$work/again")" "$(cat "$out")"
}
dma_of "nothing is shown" ""
device 0000:00:03.0 64 20000 virtio-pci 007
device 0000:00:01.0 32 60100 piix4 007
device 0000:00:01.3 32 c0500 piix4_smbus 003
device 0000:00:02.0 32 30000 "" 007
dma_of "a bridge, one that is no master, one without a driver" '{"known":true}'
# kernel/dma/swiotlb.c, swiotlb_create_debugfs_files(): without a buffer there is the folder alone.
mkdir -p "$m/sys/kernel/debug/swiotlb"
dma_of "a kernel without a bounce buffer used none" '{"known":true,"used_bytes":0}'
mkdir "$m/sys/kernel/debug/swiotlb/io_tlb_used_hiwater"
dma_of "what was used cannot be read" '{"known":true}'
rmdir "$m/sys/kernel/debug/swiotlb/io_tlb_used_hiwater"
echo 6 >"$m/sys/kernel/debug/swiotlb/io_tlb_used_hiwater"
device 0000:00:1b.0 40 40300 snd_hda_intel 006
device 0000:00:01.1 32 10180 ata_piix 007
dma_of "two that do not reach all" \
	'{"known":true,"direct":{"devices":2,"bits":32,"narrowest":"0000:00:01.1 (ata_piix)"},"used_bytes":12288}'
device 0000:00:1c.0 30 20000 b44 006 DMA-FQ
dma_of "one behind an IOMMU" \
	'{"known":true,"direct":{"devices":2,"bits":32,"narrowest":"0000:00:01.1 (ata_piix)"},"translated":{"devices":1,"bits":30,"narrowest":"0000:00:1c.0 (b44)"},"used_bytes":12288}'
echo identity >"$m/sys/bus/pci/devices/0000:00:1c.0/iommu_group/type"
dma_of "one that an IOMMU passes through" \
	'{"known":true,"direct":{"devices":3,"bits":30,"narrowest":"0000:00:1c.0 (b44)"},"used_bytes":12288}'
rm "$m/sys/bus/pci/devices/0000:00:03.0/dma_mask_bits"
run "$kexec" --kho-save-machine=- --kho-machine="$m"
check_equal "one that can't be read: not known" "$(grep -c '"dma":{"known":false' "$out")" 1

# The list of measurements: 5000 bytes, two headers and half a page are two pages.
mkdir -p "$m/sys/kernel/security/integrity/ima"
head -c 5000 /dev/zero >"$m/sys/kernel/security/integrity/ima/binary_runtime_measurements"
run "$kexec" --kho-save-machine=- --kho-machine="$m"
check_equal "the measurements of IMA" "$(grep -o '"ima_bytes":[0-9]*' "$out")" '"ima_bytes":8192'

finish
