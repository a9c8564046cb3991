#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The successor's command line in a report: what takes or destroys memory, and where parameters come from.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

"$fixtures/mkkernel.py" "$work/image"
# 1 GiB: of areas of 64 MiB the kernel takes 16, and its memory map 16.
make_machine "$work/ample" 0x10000000 0x3800000 0x20000000 0x800000

# ---- shadow memory: kasan_init() takes an eighth of the RAM ----

for name in KASAN KMSAN; do
	function=kasan_init
	[ $name = KASAN ] || function=kmsan_init_shadow
	"$fixtures/mkkernel.py" --function=$function "$work/shadow"
	run "$kexec" --kho-report --kho-image="$work/shadow" --kho-initrd=none \
		--kho-machine="$work/ample" --kho-append="kho=on nokaslr"
	check_status "a successor with $function() is not followed" 4
	check_line "it is named" "$out" \
		"unknown: fact-unknown: early boot of a successor with $name is not followed"
done

# ---- parameters that take or destroy memory ----

texts="kho-v4,memblock-v1,reserve-mem-v1,LUO,luo-v5"
"$fixtures/mkkernel.py" --texts="$texts,memtest,movable_node,page_owner,hugetlb_cma" "$work/parameters"
judge_append() {
	run "$kexec" --kho-report --kho-verbose --kho-image="$work/parameters" --kho-initrd=none \
		--kho-machine="$work/ample" --kho-append="kho=on nokaslr $1"
}
judge_append memtest=1
check_status "a test of all free memory (seen to die: param-memtest-7.2)" 3
check_line "it is named" "$out" \
	"fail: cmdline-destroys: memtest on the successor's command line overwrites or takes memory that was handed over"
# What no areas mend is not "enough".  Of the areas the bounce buffer wants more as well.
grep -q "^advice: kho_scratch=[^ ]* is enough for its memory (.*; it does not mend cmdline-destroys$" "$out"
report_test $? "and no kho_scratch= mends it"
judge_append memtest=0
check_status "switched off" 0
judge_append page_owner=1
check_status "the stack depot is followed" 0
judge_append movable_node
check_status "what may take memory is not known to boot" 4
check_line "it is named" "$out" \
	"unknown: cmdline-not-followed: movable_node on the successor's command line may change early boot in a way that is not followed"
# mm/hugetlb_vmemmap.c: of gigantic pages only, of which there are none here.
"$fixtures/mkkernel.py" --texts="$texts,hugetlb_free_vmemmap,hugepages,hugepagesz" "$work/optimises"
for words in "" "hugepagesz=1G hugepages=1"; do
	run "$kexec" --kho-report --kho-image="$work/optimises" --kho-initrd=none \
		--kho-machine="$work/ample" --kho-append="kho=on nokaslr hugetlb_free_vmemmap=on $words"
	check_no_text "hugetlb_free_vmemmap=on ${words:-without gigantic pages} is settled" "$out" \
		cmdline-not-followed
done
# The decompressor looks for mem_encrypt=, where no text is searched for.
for function in mem_encrypt_setup_arch other; do
	"$fixtures/mkkernel.py" --texts="$texts" --function=$function "$work/encrypts"
	run "$kexec" --kho-report --kho-image="$work/encrypts" --kho-initrd=none \
		--kho-machine="$work/ample" --kho-append="kho=on nokaslr mem_encrypt=on"
	case $function in
	other) check_status "mem_encrypt=on with a kernel without memory encryption" 0 ;;
	*) check_status "mem_encrypt=on with a kernel that can encrypt memory" 4 ;;
	esac
done
judge_append debug_pagealloc=1
check_status "a parameter that stands nowhere in the image is none of its" 0
# mm/hugetlb_cma.c leaves scratch above 4 GiB only, and this machine has 1 GiB.
judge_append hugetlb_cma=1G
check_status "memory that is looked for above 4 GiB, where there is none" 4
# 5 GiB of map for 80 GiB of memory that is not there: 1280 MiB.
judge_append 'memmap=80G@8G'
check_status "RAM that memmap= adds" 3
check_line "wants its memory map" "$out" \
	"fail: memory-map-short: the successor dies in early boot: no room in scratch for the memory map of node 0: of its 1.27 GiB 1.23 GiB are missing"
# cma=SIZE@BASE: 256 KiB are preserved at 768 MiB, outside the area.  dma_contiguous_reserve()
# (setup_arch()) comes before kho_memory_init() (mm_core_init()), which reserves them.
preserves() {
	"$kexec" --kho-save-machine=- --kho-machine="$work/ample" | python3 -c "import json, sys
machine = json.load(sys.stdin)
machine['handover']['preserved'] = {'source': 'given', $1}
json.dump(machine, sys.stdout)"
}
preserves "'ranges': '0x30000000-0x30040000'" >"$work/preserves.json"
"$fixtures/mkkernel.py" --texts="$texts,cma" "$work/parameters"
# judge_cma VALUE [MACHINE]
judge_cma() {
	run "$kexec" --kho-report --kho-verbose --kho-image="$work/parameters" --kho-initrd=none \
		--kho-machine="$work/${2-preserves.json}" --kho-append="kho=on nokaslr cma=$1"
}
# open_cma NAME START END VALUE [MACHINE]
open_cma() {
	judge_cma "$4" ${5+"$5"}
	check_status "a fixed CMA area $1" 4
	check_line "a fixed CMA area $1: what is not known" "$out" \
		"unknown: cmdline-not-followed: cma on the successor's command line takes $2 to $3: whatever is preserved there at the handover is lost"
}
judge_cma 64M@768M
check_status "a fixed CMA area over preserved memory" 3
check_line "a fixed CMA area over preserved memory: how much" "$out" \
	"fail: cmdline-destroys: cma on the successor's command line takes 0x30000000 to 0x34000000, and with it 256 KiB of memory that was handed over"
open_cma "beside it" 0x34000000 0x38000000 64M@832M
open_cma "where what is preserved is not known" 0x30000000 0x34000000 64M@768M ample
# cma_fixed_reserve(): -EBUSY where a segment of the load, or early boot, is in the area.
open_cma "that reaches into an area" 0x17000000 0x34000000 464M@368M
# __cma_declare_contiguous_nid(): -EINVAL but for whole page blocks.
open_cma "of no whole page blocks" 0x2ff00000 0x33f00000 64M@767M
open_cma "that ends outside RAM" 0x30000000 0x70000000 1G@768M
judge_cma 64M@768M-1G
check_status "a CMA area that is looked for" 4
check_line "a CMA area that is looked for: it is not followed" "$out" \
	"unknown: cmdline-not-followed: cma on the successor's command line may change early boot in a way that is not followed"
# Of the 128 MiB of scratch it takes nothing.
open_cma "that scratch has no room for" 0x20000000 0x26800000 104M@512M
"$fixtures/mkkernel.py" --texts="$texts,memtest,page_owner,hugetlb_cma" "$work/parameters"
judge_append 'crashkernel=4M crashkernel=1G,cma'
check_status "a CMA area for the crash kernel that eats the areas (seen: param-crashkernel-cma-7.2)" 3

# ---- parameters from elsewhere: CONFIG_CMDLINE, a bootconfig behind the initrd ----

# judge_config CONFIG INITRD APPEND
judge_config() {
	"$fixtures/mkkernel.py" --config="$1" --texts="$texts,memtest,bootconfig" "$work/configured"
	run "$kexec" --kho-report --kho-verbose --kho-image="$work/configured" --kho-initrd="$2" \
		--kho-machine="$work/ample" --kho-append="kho=on nokaslr $3"
}
judge_config 'CMDLINE_BOOL=y;CMDLINE="quiet memtest=1"' none ''
check_status "what is built in counts" 3
judge_config 'CMDLINE_BOOL=y;CMDLINE="quiet memtest=1"' none memtest=0
check_status "and stands before what is given, which may take it back" 0
judge_config 'CMDLINE_BOOL=y;CMDLINE_OVERRIDE=y;CMDLINE="kho=on nokaslr"' none memtest=1
check_status "or in its place" 0
"$fixtures/mkbootconfig.py" "$work/with-bootconfig"
judge_config 'BOOT_CONFIG=y' "$work/with-bootconfig" bootconfig
check_status "a bootconfig is not followed" 4
check_line "it is named" "$out" \
	"unknown: cmdline-not-followed: bootconfig on the successor's command line may change early boot in a way that is not followed"
# init/main.c, get_boot_config_from_initrd(): what it takes for one, and what not.
for filling in 1 2 3; do
	"$fixtures/mkbootconfig.py" --filling=$filling "$work/filled"
	judge_config 'BOOT_CONFIG=y' "$work/filled" bootconfig
	check_status "filled up with $filling bytes it is one" 4
done
"$fixtures/mkbootconfig.py" --initrd-bytes=0 "$work/bare"
judge_config 'BOOT_CONFIG=y' "$work/bare" bootconfig
check_status "without an initrd before it, too" 4
for wrong in --filling=4 --checksum=1 --size=32768 --size=5000; do
	"$fixtures/mkbootconfig.py" $wrong "$work/wrong"
	judge_config 'BOOT_CONFIG=y' "$work/wrong" bootconfig
	check_status "with $wrong the kernel finds none" 0
done
printf 'size#BOOTCONFIG\n' >"$work/cut"
judge_config 'BOOT_CONFIG=y' "$work/cut" bootconfig
check_status "nor where there is no room for its header" 0
judge_config 'BOOT_CONFIG=y' "$work/with-bootconfig" ''
check_status "where it is not asked for it is ignored" 0
judge_config 'BOOT_CONFIG=y' "$work/image" bootconfig
check_status "and where there is none" 0
judge_config 'MODULES=y' "$work/with-bootconfig" bootconfig
check_status "and by a kernel that can't read one" 0
judge_config 'BOOT_CONFIG=y;BOOT_CONFIG_FORCE=y' "$work/with-bootconfig" ''
check_status "one that always reads it" 4
check_line "it is reported" "$out" \
	"unknown: cmdline-not-followed: the successor reads a bootconfig, and its initrd has one, whose parameters are not followed"

finish
