#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What kexec_file_load refuses, where it finds no room, and an initrd that was not given.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

"$fixtures/mkkernel.py" "$work/image"
"$fixtures/mkkernel.py" --no-kho "$work/no-kho"
"$fixtures/mkkernel.py" --no-btf "$work/no-btf"

# 1 GiB: of areas of 64 MiB the kernel takes 16, and its memory map 16.
make_machine "$work/ample" 0x10000000 0x3800000 0x20000000 0x800000

# ---- what kexec_file_load refuses (arch/x86/kernel/kexec-bzimage64.c) ----

# refused NAME ERROR PART OPTION...
refused() {
	name=$1 error=$2 part=$3
	shift 3
	"$fixtures/mkkernel.py" "$@" "$work/refused"
	run "$kexec" --kho-report --kho-verbose --kho-image="$work/refused" --kho-initrd=none \
		--kho-machine="$work/ample" --kho-append="kho=on nokaslr"
	check_status "$name" 3
	check_line "$name: why, and what then" "$out" \
		"fail: load-refused: kexec_file_load will refuse the load ($error): $part; a loader that may fall back to kexec_load (kexec -a, its default) then loads without any handover"
}
refused "protocol 2.11" ENOEXEC "the image's boot protocol is 2.11, 2.12 is needed" --protocol=0x20b
refused "no 64-bit entry" ENOEXEC \
	"the image has no 64-bit entry (XLF_KERNEL_64 is not set)" --xloadflags=0x62
refused "not above 4 GiB" ENOEXEC \
	"the image cannot be loaded above 4 GiB (XLF_CAN_BE_LOADED_ABOVE_4G is not set)" --xloadflags=0x61
refused "an ELF file" ENOEXEC "the image is no bzImage" --format=vmlinux
# "kho=on nokaslr" and its NUL are 15 bytes, elfcorehdr= wants 30 more.
refused "a command line of a byte too much" EINVAL \
	"the command line has 14 bytes, the image takes at most 13" --cmdline-size=44
"$fixtures/mkkernel.py" --cmdline-size=45 "$work/refused"
run "$kexec" --kho-report --kho-verbose --kho-image="$work/refused" --kho-initrd=none \
	--kho-machine="$work/ample" --kho-append="kho=on nokaslr"
check_status "one that just fits" 0
# ---- and on arm64 (arch/arm64/kernel/kexec_image.c; kernel/kexec_core.c) ----

# An arm64 machine with pages of 4 KiB: AT_PAGESZ (6) of its auxiliary vector.
cp -r "$work/ample" "$work/arm64"
mkdir -p "$work/arm64/proc/self"
echo aarch64 >"$work/arm64/proc/sys/kernel/arch"
printf '\006\0\0\0\0\0\0\0\0\020\0\0\0\0\0\0%016d' 0 | tr 0 '\0' >"$work/arm64/proc/self/auxv"
# refused_arm64 NAME STATUS LINE OPTION...
refused_arm64() {
	name=$1 wanted=$2 line=$3
	shift 3
	"$fixtures/mkkernel.py" --format=Image --arch=aarch64 "$@" "$work/refused"
	run "$kexec" --kho-report --kho-verbose --kho-image="$work/refused" --kho-initrd=none \
		--kho-machine="$work/arm64" --kho-append="kho=on nokaslr"
	check_status "arm64: $name" "$wanted"
	if [ "$line" ]; then
		check_line "arm64: $name: why" "$out" "$line"
	else
		check_no_text "arm64: $name: nothing is refused" "$out" load-refused
	fi
}
fallback="; a loader that may fall back to kexec_load (kexec -a, its default) then loads without any handover"
refused_arm64 "no image_size" 3 \
	"fail: load-refused: kexec_file_load will refuse the load (EINVAL): the image's header gives no image_size$fallback" \
	--init-size=0
bytes=$(($(wc -c <"$work/refused") + 8192))
refused_arm64 "a file that is larger than its image_size" 3 \
	"fail: load-refused: kexec_file_load will refuse the load (EINVAL): the image has $bytes bytes, its header's image_size is 4096$fallback" \
	--init-size=4096 --padding=8192
refused_arm64 "a text_offset that is no page" 3 \
	"fail: load-refused: kexec_file_load will refuse the load (EADDRNOTAVAIL): the image's text_offset 0x800 is no multiple of this kernel's page size" \
	--text-offset=0x800
refused_arm64 "an ELF file" 3 \
	"fail: load-refused: kexec_file_load will refuse the load (EINVAL): the image is no arm64 Image$fallback" \
	--format=vmlinux
refused_arm64 "pages that the CPU may not have" 3 \
	"unknown: fact-unknown: whether kexec_file_load refuses the load is not known: if the CPU has no pages of 64 KiB, which the image's header asks for" \
	--flags=0xe
refused_arm64 "a page size of which the header says nothing" 4 "" --flags=0x8

"$fixtures/mkkernel.py" --xloadflags=0x3 "$work/refused"
cp -r "$work/ample" "$work/la57"
printf "processor\t: 0\nflags\t\t: fpu la57 pdpe1gb\n" >"$work/la57/proc/cpuinfo"
run "$kexec" --kho-report --kho-verbose --kho-image="$work/refused" --kho-initrd=none \
	--kho-machine="$work/la57" --kho-append="kho=on nokaslr"
check_status "an image without 5-level paging where that is on" 3
printf "processor\t: 0\nflags\t\t: fpu pdpe1gb\n" >"$work/la57/proc/cpuinfo"
run "$kexec" --kho-report --kho-verbose --kho-image="$work/refused" --kho-initrd=none \
	--kho-machine="$work/la57" --kho-append="kho=on nokaslr"
check_status "and where it is off" 0
run "$kexec" --kho-report --kho-verbose --kho-image="$work/refused" --kho-initrd=none \
	--kho-machine="$work/ample" --kho-append="kho=on nokaslr"
check_status "and where that is not known" 4

# ---- the load is replayed whatever the successor is ----

truncate -s 45M "$work/initrd-45M"
for image in no-kho no-btf; do
	run "$kexec" --kho-report --kho-verbose --kho-image="$work/$image" --kho-machine="$work/ample" \
		--kho-initrd="$work/initrd-45M" --kho-ignore=successor-no-kho,fact-unknown
	check_status "$image: an initrd that finds no hole" 3
	check_line "$image: whose hole it is" "$out" \
		"fail: load-no-hole: kexec_file_load will fail: no scratch area has room for the initrd: 45 MiB are wanted, the largest hole has 38 MiB"
	run "$kexec" --kho-report --kho-verbose --kho-image="$work/$image" --kho-machine="$work/ample" \
		--kho-initrd=none --kho-ignore=successor-no-kho,fact-unknown
	check_status "$image: without one" 0
done

# ---- an initrd that was not given ----

run "$kexec" --kho-report --kho-verbose --kho-image="$work/image" --kho-machine="$work/ample" \
	--kho-append="kho=on nokaslr"
check_status "no initrd was given, and one may kill" 4
sed -n 's/^unknown: initrd-not-given: [^0-9]*\([0-9]*\) MiB[^0-9]*\([0-9]*\) MiB.*/\1 \2/p' \
	"$out" >"$work/sizes"
read -r up placed <"$work/sizes"
# By hand: the scratch list takes the last 64 KiB of the first area, so the kernel, 16 MiB on a
# boundary of 2, begins at 0x12600000; from 0x10000000 that is 38 MiB.
check_equal "the largest that can be loaded" "$placed" 38
# With an initrd of each of the two sizes the report says so.
for mib in "$up" $((up + 1)) "$placed" $((placed + 1)); do
	truncate -s "${mib}M" "$work/initrd"
	run "$kexec" --kho-report --kho-verbose --kho-image="$work/image" --kho-machine="$work/ample" \
		--kho-append="kho=on nokaslr" --kho-initrd="$work/initrd"
	echo "$mib $(sed -n 's/^fail: \([a-z-]*\)-short:.*/dies/p; s/^fail: \([a-z-]*\):.*/\1/p; s/^unknown: \(margin-[a-z]*\):.*/\1/p' "$out")"
done >"$work/said"
check_text "as with an initrd of that size" "$work/said" <<EOF
$up 
$((up + 1)) margin-short
$placed dies
$((placed + 1)) load-no-hole
EOF
# 28 MiB: the kernel and at most 10 more; 64 MiB: all that early boot wants.
make_machine "$work/roomy" 0x10000000 0x1c00000 0x18000000 0x800000 0x19000000 0x800000 0x1a000000 0x800000 0x1b000000 0x800000 0x1c000000 0x800000 0x1d000000 0x800000 0x1e000000 0x800000 0x1f000000 0x800000
run "$kexec" --kho-report --kho-verbose --kho-image="$work/image" --kho-machine="$work/roomy" \
	--kho-append="kho=on nokaslr"
grep -q '^note: initrd-room: .* [0-9]* MiB' "$out"
report_test $? "one that can be loaded never kills"

finish
