#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Images that are more than a kernel, or none: profiles of a UKI, and what is known but can not be booted.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

"$fixtures/mkkernel.py" "$work/image"

# A unified kernel image with profiles: @0 counts, and that there are others is reported.
"$fixtures/mkkernel.py" --format=uki --section=.cmdline=quiet --section=.initrd=0123456789 \
	--section=.profile=ID=a --section=".cmdline=nokaslr mem=512M" --section=.profile=ID=b \
	--section=.cmdline=nothing "$work/uki"
make_machine "$work/uki-machine" 0x10000000 0x8000000
run "$kexec" --kho-report --kho-verbose --kho-image="$work/uki" --kho-machine="$work/uki-machine"
check_line "profiles of a UKI" "$out" \
	"note: uki-profiles: the unified kernel image has 2 profiles: command line and initrd are taken from @0"
check_line "profile @0 counts" "$out" \
	"unknown: memory-cut: mem= or memmap= removes 512 MiB of RAM: the successor dies if preserved memory lies there"
"$fixtures/mkkernel.py" --format=uki --section=.cmdline=nokaslr --section=.profile=ID=a \
	"$work/uki"
run "$kexec" --kho-report --kho-verbose --kho-image="$work/uki" --kho-machine="$work/uki-machine"
check_no_text "one profile is none to choose from" "$out" uki-profiles

# What is no kernel, but known: named, and what to do.  Made by the formats' own tools where
# they are installed, and else by hand: of the documented magic, and what must follow it.

# check_foreign WHAT TEXT: $work/foreign
check_foreign() {
	run "$kexec" --kho-report --kho-verbose --kho-image="$work/foreign" --kho-machine="$work/uki-machine"
	check_status "$1" 1
	echo "kexec: $work/foreign: $2" >"$work/foreign-text"
	check_text "$1 is named" "$err" <"$work/foreign-text"
}
# by_tool WHAT TEXT TOOL WORD...: made by a tool.
by_tool() {
	what=$1 text=$2
	shift 2
	if command -v "$1" >/dev/null; then
		rm -f "$work/foreign"
		"$@" >"$work/tool.log" 2>&1 || sed 's/^/# /' "$work/tool.log"
		check_foreign "$what by $1" "$text"
	else
		skip "$what by $1" "not installed"
	fi
}
text="a uImage; give the kernel in it: dumpimage -T kernel -p 0 -o KERNEL FILE"
printf '\047\005\031\126rest' >"$work/foreign"
check_foreign "a uImage" "$text"
by_tool "a uImage" "$text" mkimage -A arm64 -O linux -T kernel -C none -a 0 -e 0 -n none \
	-d "$work/image" "$work/foreign"
# U-Boot, doc/usage/fit/source_file_format.rst: a device tree with a node /images.
text="a FIT image; give the kernel in it: dumpimage -T flat_dt -p 0 -o KERNEL FILE"
"$fixtures/mkfdt.py" "$work/foreign" /:description=one /images:x=y /images/kernel:type=kernel
check_foreign "a FIT image" "$text"
by_tool "a FIT image" "$text" mkimage -f auto -A arm64 -O linux -T kernel -C none -a 0 -e 0 \
	-n none -d "$work/image" "$work/foreign"
"$fixtures/mkfdt.py" "$work/foreign" /:compatible=a-board /memory:device_type=memory
check_foreign "a device tree without images" "a device tree, not a kernel"
# lz4 0x184d2204, little-endian: doc/lz4_Frame_format.md of LZ4.
text="an lz4 frame; give what it holds: lz4 -d FILE KERNEL"
printf '\004\042\115\030rest' >"$work/foreign"
check_foreign "an lz4 frame" "$text"
by_tool "an lz4 frame" "$text" lz4 -q "$work/image" "$work/foreign"
# Android, "Boot image header": its magic, and here nothing of what it must have behind it.
text="an Android boot image; give the kernel in it: unpack_bootimg --boot_img FILE --out DIR"
printf 'ANDROID!rest' >"$work/foreign"
check_foreign "an Android boot image" "$text"
by_tool "an Android boot image" "$text" mkbootimg --kernel "$work/image" --ramdisk "$work/image" \
	--output "$work/foreign"

finish
