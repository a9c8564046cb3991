#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The RAM and the nodes that a successor is given, where that is not what a file says at
# first sight. What is expected follows from the kernel source that each case names.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

"$fixtures/mkkernel.py" "$work/image"

report() {
	run "$kexec" --kho-report --kho-image="$work/image" --kho-initrd=none --kho-machine="$m"
}

# machine NAME [--no-boot] <MAP: areas at 256 MiB, in a RAM of its own.
machine() {
	m=$work/$1
	make_machine "$m" 0x10000000 0x8000000
	rm -r "$m/sys/firmware/memmap"
	shift
	"$fixtures/mkmemmap.py" "$m" "$@"
}

srat() {
	"$fixtures/mksrat.py" "$m/sys/firmware/acpi/tables/SRAT"
}

# What is read of the machine, by its snapshot. ram: the RAM in MiB; nodes: NODE:MIB, in order.
ranges() {
	"$kexec" --kho-save-machine=- --kho-machine="$m" 2>/dev/null | python3 -c "import json, sys
text = json.load(sys.stdin).get('memory', {}).get('ranges', '')
mib = []
for part in filter(None, text.split(',')):
    span, node = part.split('@')
    start, end = (int(n, 16) for n in span.split('-'))
    mib.append((node, end - start >> 20))
$1"
}
ram() {
	ranges "print(sum(n for node, n in mib))"
}
nodes() {
	ranges "print(*(f'{node}:{n}' for node, n in mib))"
}

# ---- what kexec_file_load passes on: arch/x86/kernel/kexec-bzimage64.c, setup_e820_entries() ----

# long COUNT: COUNT entries: 1 GiB of RAM, holes of reserved memory, 1 GiB of RAM as the last.
long() {
	echo "0 40000000 System RAM"
	i=2
	while [ "$i" -lt "$1" ]; do
		printf '%x %x Reserved\n' $((0x80000000 + i * 0x1000)) $((0x80001000 + i * 0x1000))
		i=$((i + 1))
	done
	echo "100000000 140000000 System RAM"
}
long 128 >"$work/list"
machine fits <"$work/list"
check_equal "128 entries are passed on" "$(ram)" 2048
report
check_no_text "128 entries: nothing is lost" "$out" ram-not-passed
long 129 >"$work/list"
machine long <"$work/list"
check_equal "of 129 the last is lost" "$(ram)" 1024
report
check_status "of 129 the last is lost" 4
check_line "of 129 the last is lost: said" "$out" \
	"warn: ram-not-passed: the memory map has 129 entries, kexec_file_load passes the first 128: the successor loses 1 GiB of 2 GiB of RAM"
check_line "what is preserved there is not known" "$out" \
	"unknown: memory-cut: the memory map is cut, and 1 GiB of RAM with it: the successor dies if what was preserved lies there"
run "$kexec" --kho-save-machine="$work/long.json" --kho-machine="$m"
m=$work/long.json
report
check_line "the same of its snapshot" "$out" \
	"warn: ram-not-passed: the memory map has 129 entries, kexec_file_load passes the first 128: the successor loses 1 GiB of 2 GiB of RAM"
long 141 >"$work/list"
machine lost-area <"$work/list"
echo 0x100000000 >>"$m/sys/kernel/debug/kho/out/scratch_phys"
echo 0x1000000 >>"$m/sys/kernel/debug/kho/out/scratch_len"
report
check_status "an area in RAM that is lost" 3
check_line "an area in RAM that is lost: said" "$out" \
	"fail: handover-cut: 16 MiB of the scratch areas lie in RAM that the successor loses, since its memory map is cut"

# ---- DIMMs: mm/memory_hotplug.c, add_memory_resource(); not in e820_table_kexec ----

machine dimm <<EOT
0 40000000 System RAM
c0000000 c1000000 Reserved
+100000000 180000000
EOT
check_equal "a DIMM that was plugged in is not passed on" "$(ram)" 1024
report
check_status "a DIMM that was plugged in" 2
check_line "a DIMM that was plugged in: said" "$out" \
	"warn: memory-hotplugged: 2 GiB of memory came online after boot and are not in the memory map that the successor is given"
# Unplugged again, and another one plugged in: the number 2 is not used again.
mv "$m/sys/firmware/memmap/2" "$m/sys/firmware/memmap/3"
check_equal "a number that a DIMM had is no gap" "$(ram)" 1024
rm -r "$m/sys/firmware/memmap/1"
check_equal "reserved memory that went is none either" "$(ram)" 1024
rm -r "$m/sys/firmware/memmap/0"
report
check_status "RAM of the boot that went" 4
check_line "RAM of the boot that went: said" "$out" \
	"unknown: memory-malformed: /sys/firmware/memmap: 1048576 KiB of the RAM that was there at boot are in no entry: a DIMM was unplugged, or the copy is not whole"
long 140 >"$work/list"
machine dimm-last <"$work/list"
echo "0x200000000" >"$m/sys/firmware/memmap/139/start"
echo "0x23fffffff" >"$m/sys/firmware/memmap/139/end"
report
check_status "RAM beyond 128 entries is looked for in setup_data" 4
check_line "RAM beyond 128 entries is looked for in setup_data: said" "$out" \
	"unknown: memory-malformed: /sys/firmware/memmap: 1048576 KiB of the RAM that was there at boot are in no entry: a DIMM was unplugged, or the copy is not whole"
head -c 1000 "$m/sys/kernel/boot_params/data" >"$work/cut"
mv "$work/cut" "$m/sys/kernel/boot_params/data"
report
check_line "boot parameters that are cut short" "$out" \
	"unknown: memory-malformed: /sys/kernel/boot_params/data: cut short in entry 15 of 128"

# ---- drivers/firmware/memmap.c, and what a bad copy makes of it ----

machine gap --no-boot <<EOT
0 40000000 System RAM
c0000000 c1000000 Reserved
100000000 140000000 System RAM
EOT
check_equal "without the map of the boot" "$(ram)" 2048
rm -r "$m/sys/firmware/memmap/1"
report
check_status "a number is missing" 4
check_line "a number is missing: said" "$out" \
	"unknown: memory-malformed: /sys/firmware/memmap: entry 1 is absent, though there is a later one: a DIMM was unplugged, or the copy is not whole"
for type in "" "System RA" "system ram"; do
	machine "type-$type" <<-EOT
		0 40000000 System RAM
		100000000 140000000 System RAM
	EOT
	printf '%s' "$type" >"$m/sys/firmware/memmap/1/type"
	report
	check_status "type \"$type\"" 4
	check_line "type \"$type\": said" "$out" \
		"unknown: memory-malformed: /sys/firmware/memmap/1/type: \"$type\" is no type of memory"
done
machine outside <<EOT
0 10000000 System RAM
20000000 40000000 System RAM
EOT
report
check_status "an area in no RAM" 4
check_line "an area in no RAM: said" "$out" \
	"unknown: scratch-outside: 128 MiB of the scratch areas lie outside the RAM of /sys/firmware/memmap: it is not the RAM that they were made in, and the boot is not followed"

# ---- the SRAT: mm/numa_memblks.c, numa_cleanup_meminfo(); arch/x86/mm/numa.c ----

two_gib() {
	machine "$1" <<EOT
0 40000000 System RAM
100000000 140000000 System RAM
EOT
	echo 0-1 >"$m/sys/devices/system/node/online"
	cp "$m/sys/devices/system/node/online" "$m/sys/devices/system/node/has_memory"
}
one_node() {
	echo 0 >"$m/sys/devices/system/node/online"
	echo 0 >"$m/sys/devices/system/node/has_memory"
}
two_gib srat
srat <<EOT
0 0 40000000
1 100000000 140000000
EOT
check_equal "two nodes" "$(nodes)" "0:1024 1:1024"

# QEMU's: NVDIMMs in the window for DIMMs, which is a node's of its own.
srat <<EOT
0 0 40000000
1 100000000 140000000
1 140000000 1000000000 3
2 200000000 240000000 5
3 240000000 280000000 5
EOT
check_equal "what overlaps outside RAM does not matter" "$(nodes)" "0:1024 1:1024"
srat <<EOT
0 0 40000000
1 100000000 ffffffffffffffff
EOT
check_equal "an end above all memory is cut" "$(nodes)" "0:1024 1:1024"
srat <<EOT
0 0 20000000
0 30000000 40000000
1 100000000 140000000
EOT
check_equal "a hole between blocks of one node is the node's" "$(nodes)" "0:1024 1:1024"

# dropped WHY: all memory is node 0.
dropped() {
	one_node
	check_equal "$1: one node" "$(nodes)" "0:1024 0:1024"
	report
	check_line "$1: said" "$out" \
		"note: srat-dropped: /sys/firmware/acpi/tables/SRAT: $1: the kernel drops this table, and all memory is node 0"
	check_no_text "$1: nothing is unknown" "$out" "unknown: "
}
srat <<EOT
0 0 40000000
1 100000000 120000000
EOT
dropped "it gives no node to 512 of 2048 MiB of RAM"
srat <<EOT
0 0 180000000
1 100000000 140000000
EOT
dropped "nodes 0 and 1 both have memory at 0x100000000"
srat <<EOT
0 0 40000000
1024 100000000 140000000
EOT
dropped "offset 88: memory in a proximity domain beyond 1023"
srat <<EOT
0 0 40000000 0
EOT
dropped "it names no memory"
echo 0-1 >"$m/sys/devices/system/node/has_memory"
report
check_status "dropped, though the running kernel has two nodes" 4
check_line "dropped, though the running kernel has two nodes: said" "$out" \
	"unknown: nodes-malformed: /sys/firmware/acpi/tables/SRAT: it names no memory, but the running kernel has memory on several nodes"
one_node
touch "$m/sys/firmware/acpi/tables/CEDT"
report
check_status "dropped, but there are windows of CXL" 4
rm "$m/sys/firmware/acpi/tables/CEDT"

# The threshold is 1 MiB on x86, none on arm64.
srat <<EOT
0 0 40000000
1 100000000 13ff00000
EOT
echo 0-1 >"$m/sys/devices/system/node/online"
check_equal "1 MiB may have no node" "$(nodes)" "0:1024 1:1023"
echo aarch64 >"$m/proc/sys/kernel/arch"
one_node
check_equal "on arm64 none may" "$(nodes)" "0:1024 0:1024"
echo x86_64 >"$m/proc/sys/kernel/arch"

# The running kernel took all as one node: why?
srat <<EOT
0 0 40000000
1 100000000 140000000
EOT
report
check_status "two nodes, the running kernel has one" 4
check_line "two nodes, the running kernel has one: remedy" "$out" \
	"  remedy: capture that machine again; if it stays so, report the release of its kernel"
check_no_text "the SRAT was read" "$out" "run as root"
for param in numa=off mem=1G 'memmap=1G$4G'; do
	echo "kho=on $param" >"$m/proc/cmdline"
	check_equal "with $param the successor has both again" "$(nodes)" "0:1024 1:1024"
done

# No SRAT, and one node: also where mem= took most of the memory blocks away.
rm -r "$m/sys/firmware/acpi"
mkdir -p "$m/sys/devices/system/memory/memory0"
echo 8000000 >"$m/sys/devices/system/memory/block_size_bytes"
echo 0 >"$m/sys/devices/system/memory/memory0/phys_index"
echo online >"$m/sys/devices/system/memory/memory0/state"
ln -s ../../node/node0 "$m/sys/devices/system/memory/memory0/node0"
check_equal "node 0 alone is online: all RAM is its" "$(nodes)" "0:1024 0:1024"
echo aarch64 >"$m/proc/sys/kernel/arch"
echo "kho=on numa=off" >"$m/proc/cmdline"
report
check_line "numa=off where the nodes may come from a device tree" "$out" \
	"unknown: nodes-malformed: /sys/devices/system/node: the running kernel was given numa=, and its nodes are not those that the successor sees"
# arch/x86/mm/numa.c, x86_numa_init(): without a SRAT there is nothing that numa=off hides.
echo x86_64 >"$m/proc/sys/kernel/arch"
check_equal "numa=off where they come from the SRAT alone" "$(nodes)" "0:1024 0:1024"

# A copy without the map of the boot: RAM where DIMMs may be.
machine window --no-boot <<EOT
0 40000000 System RAM
100000000 140000000 System RAM
EOT
srat <<EOT
0 0 40000000
0 100000000 1000000000 3
EOT
report
check_status "RAM that may be a DIMM" 4
check_line "RAM that may be a DIMM: said" "$out" \
	"unknown: memory-unreadable: /sys/kernel/boot_params/data: absent: 1024 MiB of RAM lie where DIMMs can be plugged in, and whether they were there at boot is not known"

# ---- a real one: Debian's 6.18.15 under QEMU, with a DIMM of 512 MiB and two NVDIMMs ----

# By its log: BIOS-e820 usable 0-0x9fbff, 0x100000-0x7ffddfff; node 0 up to 0x3fffffff, node 1 the
# rest; SRAT: node 2 0x100000000-0x67fffffff hotplug, which holds both NVDIMMs and the DIMM.
m=$work/real
mkdir "$m"
tar -xzf "$top_srcdir/tests/data/machines/hotplug/6.18-dimm-and-nvdimms.tar.gz" -C "$m"
run "$kexec" --kho-save-machine=- --kho-machine="$m"
check_equal "its RAM and nodes" "$(grep -o '"ranges":"[^"]*"' "$out" | head -n 1)" \
	'"ranges":"0-9fc00@0,100000-40000000@0,40000000-7ffde000@1"'
check_equal "its DIMM" "$(grep -o '"late":"[^"]*"' "$out")" '"late":"100000000-120000000"'
check_equal "its page size" "$(grep -o '"page_bytes":[0-9]*' "$out")" '"page_bytes":4096'
rm "$m/sys/kernel/boot_params/data"
report
check_line "without the map of the boot the DIMM is not known from RAM" "$out" \
	"unknown: memory-unreadable: /sys/kernel/boot_params/data: absent: 512 MiB of RAM lie where DIMMs can be plugged in, and whether they were there at boot is not known"

# ---- what else a verdict depends on ----

known() {
	rm -rf "$work/known"
	machine known <<-EOT
		0 40000000 System RAM
	EOT
}
known
report
check_status "all is known" 0
rm "$m/sys/devices/system/cpu/possible"
report
check_status "CPUs" 4
check_line "CPUs: said" "$out" \
	"unknown: cpus-unknown: /sys/devices/system/cpu/possible: how many CPUs the successor makes room for is not known; early boot was followed for one"
known
echo 0-70000 >"$m/sys/devices/system/cpu/possible"
report
check_status "CPUs that no kernel has" 4

# Machines that were captured without /proc/sys/kernel/arch: what only one architecture shows.
arch() {
	"$kexec" --kho-save-machine=- --kho-machine="$m" 2>/dev/null |
		sed 's/.*"arch":"\([^"]*\)","arch_source":"\([^"]*\)".*/\1 \2/; /^{/d'
}
known
rm "$m/proc/sys/kernel/arch"
report
check_status "architecture by the firmware's memory map" 0
check_equal "architecture: its source" "$(arch)" "x86_64 sys/firmware/memmap"
# Lines of /proc/iomem as an arm64 and an x86-64 guest had them.
echo "08000000-0800ffff : GICD" >"$m/proc/iomem"
report
check_status "two architectures" 4
check_line "two architectures: said" "$out" \
	"unknown: arch-unknown: /sys/firmware/memmap is of x86_64, /proc/iomem is of aarch64: the architecture of this machine is not known"
check_equal "two architectures: said once" "$(grep -c '^unknown: arch-unknown' "$out")" 1
rm -r "$m/sys/firmware/memmap" "$m/sys/kernel/boot_params"
check_equal "architecture by the GIC" "$(arch)" "aarch64 proc/iomem"
echo "fec00000-fec003ff : IOAPIC 0" >"$m/proc/iomem"
check_equal "architecture by the IOAPIC" "$(arch)" "x86_64 proc/iomem"
echo "c0000000-febfffff : PCI Bus 0000:00" >"$m/proc/iomem"
check_equal "both have PCI buses" "$(arch)" ""
# ACPI 6.5, 5.2.16.4: one GICC affinity, type 3, of 18 bytes.
mkdir -p "$m/sys/firmware/acpi/tables"
{
	printf 'SRAT\102\0\0\0\003' && head -c 39 /dev/zero
	printf '\003\022' && head -c 16 /dev/zero
} >"$m/sys/firmware/acpi/tables/SRAT"
check_equal "architecture by the processors of the SRAT" "$(arch)" \
	"aarch64 sys/firmware/acpi/tables/SRAT"
rm "$m/sys/firmware/acpi/tables/SRAT"
printf 'processor\t: 0\nCPU implementer\t: 0x41\n' >"$m/proc/cpuinfo"
check_equal "architecture by /proc/cpuinfo" "$(arch)" "aarch64 proc/cpuinfo"
printf 'processor\t: 0\ncpuid level\t: 13\n' >"$m/proc/cpuinfo"
check_equal "architecture by /proc/cpuinfo, x86" "$(arch)" "x86_64 proc/cpuinfo"

known
rm -r "$m/proc/sys/kernel/arch" "$m/sys/firmware/memmap" "$m/sys/kernel/boot_params"
report
check_status "architecture" 4
check_line "architecture: said" "$out" \
	"unknown: arch-unknown: /proc/sys/kernel/arch: whether the successor is for this machine's architecture is not known"
known
rm "$m/proc/cmdline"
report
check_status "command line" 4
check_line "command line: said" "$out" \
	"unknown: running-cmdline-unknown: /proc/cmdline: what this kernel was given, and its successor may lack, is not known"
known
echo aarch64 >"$m/proc/sys/kernel/arch"
report
check_line "page size" "$out" \
	"unknown: page-size-unknown: /proc/self/auxv: the page size of the running kernel is not known: what is preserved may be misread"
# Of the arm64 7.2 guest with 3 GiB and 5 GiB, built with 4 KiB pages.
cat >"$m/proc/zoneinfo" <<-EOT
	Node 0, zone      DMA
	  pages free     123
	        managed  755738
	Node 1, zone   Normal
	        managed  1285670
EOT
echo "MemTotal:        8165632 kB" >"$m/proc/meminfo"
page_bytes() {
	"$kexec" --kho-save-machine=- --kho-machine="$m" | grep -o '"page_bytes":[0-9]*'
}
check_equal "page size from the sum of the zones" "$(page_bytes)" '"page_bytes":4096'
report
check_no_text "page size from the sum of the zones: known" "$out" page-size-unknown
echo "MemTotal:      130650112 kB" >"$m/proc/meminfo"
check_equal "16 times the memory: 64 KiB" "$(page_bytes)" '"page_bytes":65536'
echo "MemTotal:       16331264 kB" >"$m/proc/meminfo"
report
check_line "no page size makes them equal" "$out" \
	"unknown: page-size-unknown: /proc/self/auxv: the page size of the running kernel is not known: what is preserved may be misread"
# Include/uapi/linux/auxvec.h: AT_PAGESZ is 6, AT_NULL 0.
mkdir -p "$m/proc/self"
printf '\020\0\0\0\0\0\0\0\377\0\0\0\0\0\0\0\006\0\0\0\0\0\0\0\0\0\001\0\0\0\0\0\0\0\0\0\0\0\0\0' \
	>"$m/proc/self/auxv"
report
check_no_text "page size from the auxiliary vector" "$out" page-size-unknown
run "$kexec" --kho-save-machine=- --kho-machine="$m"
check_equal "64 KiB" "$(grep -o '"page_bytes":[0-9]*' "$out")" '"page_bytes":65536'

# mm/memblock.c, INIT_MEMBLOCK_REGIONS: 63 areas and the 64 pieces of RAM around them fit, one area more does not.
many_areas() {
	words=
	for i in $(seq "$1"); do
		words="$words $(printf '0x%x' $((i * 0xf00000))) 0x400000"
	done
	m=$work/areas-$1
	# shellcheck disable=SC2086 # a list of words
	make_machine "$m" $words
	run "$kexec" --kho-report --kho-machine="$m"
}
many_areas 63
check_no_text "127 ranges of memory" "$out" memory-cut
many_areas 64
check_line "129 ranges of memory" "$out" \
	"unknown: memory-cut: 64 areas split the RAM into more than the 128 ranges that the successor has room for: it loses up to 1 GiB, and dies if what was preserved lies there"
echo aarch64 >"$m/proc/sys/kernel/arch"
run "$kexec" --kho-report --kho-machine="$m"
check_no_text "arm64 has room for 1024" "$out" memory-cut

finish
