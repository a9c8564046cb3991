#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Machines that do not show what they have: each its own message and remedy.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

"$fixtures/mkkernel.py" "$work/image"

# report MACHINE: the report of the fixture image there.
report() {
	run "$kexec" --kho-report --kho-verbose --kho-image="$work/image" --kho-initrd=none --kho-machine="$1"
}

# broken NAME: a good machine under a name of its own, to be broken.
broken() {
	m=$work/$1
	kho=$m/sys/kernel/debug/kho/out
	memmap=$m/sys/firmware/memmap
	make_machine "$m" 0x10000000 0x8000000
}

# check_unknown WHAT FINDING REMEDY
check_unknown() {
	report "$m"
	check_status "$1" 4
	check_line "$1: said" "$out" "unknown: $2"
	check_line "$1: remedy" "$out" "  remedy: $3"
}

again="capture that machine again; if it stays so, report the release of its kernel"

run "$kexec" --kho-report --kho-verbose --kho-image="$work/image" --kho-initrd=none --kho-machine="$work/none"
check_status "no such folder" 1
root="on that machine: capture it as root; or let this user read the files of the capture"
check_text "no such folder: said" "$err" <<EOF
kexec: $work/none: No such file or directory; give a folder that holds proc/ and sys/
EOF

mkdir "$work/other"
run "$kexec" --kho-report --kho-image="$work/image" --kho-machine="$work/other"
check_status "a folder of something else" 1
check_text "a folder of something else: said" "$err" <<EOF
kexec: $work/other: not a captured machine: it has neither proc nor sys; scripts/capture-machine makes one
EOF

broken debugfs
rm -r "$m/sys/kernel/debug/kho"
check_unknown "debugfs not mounted" \
	"debugfs-not-mounted: /sys/kernel/debug: debugfs is not mounted, the scratch areas can't be read" \
	"on that machine: mount -t debugfs debugfs /sys/kernel/debug, and capture it again"

# check_off WHAT WHY REMEDY, check_unseen WHAT WHY: KHO is off, or not in sight.
check_off() {
	report "$m"
	check_status "$1" 3
	check_line "$1: said" "$out" \
		"fail: kho-off: /sys/kernel/debug/kho/out: no scratch areas, KHO is off on the running kernel: $2"
	check_line "$1: remedy" "$out" "  remedy: $3; for this successor with $(advised) on its boot loader's kernel line"
}
# The setting that the report advises, as remedies name it.
advised() {
	sed -n 's/^advice: \(kho=on \)\{0,1\}\([^ ]*\) is enough (\([0-9]* MiB in all\),.*/\2 (\3)/p' "$out"
}
check_unseen() {
	check_unknown "$1" "kho-unseen: /sys/kernel/debug/kho/out: no scratch areas: $2" \
		"on that machine: see dmesg | grep KHO:, and boot a kernel that has CONFIG_KEXEC_HANDOVER_DEBUGFS"
}
# config LINE...: what the running kernel was built with.
config() {
	{
		echo "# Linux"
		printf '%s\n' "$@"
	} | gzip -n >"$m/proc/config.gz"
}
look_at_log="boot that machine cold with a kho_scratch= that fits"
boot_with="boot that machine with kho=on a kernel that has CONFIG_KEXEC_HANDOVER and CONFIG_KEXEC_HANDOVER_DEBUGFS"

broken off
rm -r "$m/sys/kernel/debug/kho"
mkdir "$m/sys/kernel/debug/gpio"
echo "quiet kho_scratch=64M,64M,64M" >"$m/proc/cmdline"
check_unseen "not asked for, the default unknown" \
	"kho=on was not given, and whether KHO is on by default is not known: its configuration can't be read"
echo "kho=on kho=off" >"$m/proc/cmdline"
check_off "KHO switched off" "it was booted with kho=off" "$boot_with"
echo "quiet kho=on" >"$m/proc/cmdline"
check_unseen "KHO off though asked for" \
	"kho=on was given, so either it is built without KHO, or the reservation failed, or KHO is on but debugfs does not show it"
config "# CONFIG_KEXEC_HANDOVER is not set"
check_off "built without KHO" "it is built without CONFIG_KEXEC_HANDOVER" "$boot_with"
for place in boot/config-7.2.13 lib/modules/7.2.13/config; do
	config "# CONFIG_KEXEC_HANDOVER is not set"
	mkdir -p "$m/${place%/*}"
	gzip -dc "$m/proc/config.gz" >"$m/$place"
	rm "$m/proc/config.gz"
	check_off "built without KHO, by $place" "it is built without CONFIG_KEXEC_HANDOVER" "$boot_with"
	rm "$m/$place"
done
config CONFIG_KEXEC_HANDOVER=y "# CONFIG_KEXEC_HANDOVER_DEBUGFS is not set"
check_unseen "built to show nothing" "it is built without CONFIG_KEXEC_HANDOVER_DEBUGFS"
config CONFIG_KEXEC_HANDOVER=y CONFIG_KEXEC_HANDOVER_DEBUGFS=y
check_off "the reservation failed" "kho=on was given, but the reservation failed" "$look_at_log"
echo quiet >"$m/proc/cmdline"
check_off "KHO not switched on" "it was booted without kho=on, and KHO is off by default in it" "$boot_with"
config CONFIG_KEXEC_HANDOVER=y CONFIG_KEXEC_HANDOVER_DEBUGFS=y CONFIG_KEXEC_HANDOVER_ENABLE_DEFAULT=y
check_off "on by default, but the reservation failed" \
	"KHO is on by default in it, but the reservation failed" "$look_at_log"
rm "$m/proc/cmdline"
check_unseen "on by default, if nothing says kho=off" \
	"KHO is on by default, but the command line, which may have kho=off, can't be read"
config CONFIG_KEXEC_HANDOVER=y CONFIG_KEXEC_HANDOVER_DEBUGFS=y
check_unseen "off by default, if nothing says kho=on" \
	"its command line can't be read: whether kho=on was given is not known"
printf '\037\213\010broken' >"$m/proc/config.gz"
check_unseen "a configuration that can't be read is none" \
	"neither its command line nor its configuration can be read: whether KHO is on is not known"

# The log, as /dev/kmsg and as dmesg have it. The messages are those of kho_reserve_scratch(),
# kernel/liveupdate/kexec_handover.c (7.1 to 7.3) and kernel/kexec_handover.c (6.18).
mkdir -p "$m/dev"
printf '%s\n' "6,10,0,-;KHO: something else" "4,11,0,-;Failed to reserve IRQs" \
	"3,12,0,-;KHO: Failed to reserve nid 1 scratch buffer" \
	"4,13,0,-;KHO: Failed to reserve scratch area, disabling kexec handover" >"$m/dev/kmsg"
check_off "by the log" \
	"the reservation failed: the kernel's log has \"KHO: Failed to reserve nid 1 scratch buffer\"" \
	"$look_at_log"
printf '%s\n' "[    0.000000] Linux version 6.18.15" \
	"[    0.004219] KHO: Failed to reserve scratch area, disabling kexec handover" >"$m/dev/kmsg"
check_off "by the log of 6.18" \
	"the reservation failed: the kernel's log has \"KHO: Failed to reserve scratch area, disabling kexec handover\"" \
	"$look_at_log"
# A line across the end of what is read at once.
{
	i=0
	while [ "$i" -lt 2000 ]; do
		echo "[    1.000000] usb 1-$i: new device"
		i=$((i + 1))
	done
	echo "[    2.000000] KHO: Failed to reserve scratch array"
} >"$m/dev/kmsg"
check_off "by a long log" \
	"the reservation failed: the kernel's log has \"KHO: Failed to reserve scratch array\"" \
	"$look_at_log"
rm "$m/dev/kmsg"
mkfifo "$m/dev/kmsg"
check_unseen "a FIFO for a log is none" \
	"neither its command line nor its configuration can be read: whether KHO is on is not known"

broken renamed
mv "$kho/scratch_phys" "$kho/bootmem_phys"
mv "$kho/scratch_len" "$kho/bootmem_len"
report "$m"
check_status "the names of Linux 7.4" 0

# The same verdict, findings and advice, by the name that this kernel has.
released_and_renamed() {
	what=$1
	shift
	broken "$what"
	make_machine "$m" "$@"
	report "$m"
	released=$status
	check_equal "$what: kho_scratch= is named" "$(grep -c kho_scratch= "$out")" "$named"
	sed 's/kho_scratch=/kho_bootmem=/g' "$out" >"$work/wanted"
	"$kexec" --kho-report=html --kho-image="$work/image" --kho-initrd=none \
		--kho-machine="$m" | grep -o 'kho_scratch=[0-9 ]' | sed 's/scratch/bootmem/' >"$work/html"
	mv "$kho/scratch_phys" "$kho/bootmem_phys"
	mv "$kho/scratch_len" "$kho/bootmem_len"
	report "$m"
	check_status "$what, 7.4: the same status" "$released"
	check_text "$what, 7.4: the same report, with kho_bootmem=" "$out" <"$work/wanted"
	"$kexec" --kho-report=html --kho-image="$work/image" --kho-initrd=none \
		--kho-machine="$m" | grep -o 'kho_[a-z]*=[0-9 ]' >"$work/html7.4"
	check_text "$what, 7.4: the page too" "$work/html7.4" <"$work/html"
	run "$kexec" --kho-save-machine="$work/7.4.json" --kho-machine="$m"
	report "$work/7.4.json"
	check_text "$what, 7.4: by a snapshot" "$out" <"$work/wanted"
}
named=0
released_and_renamed ample 0x10000000 0x1000000 0x18000000 0x1000000 0x20000000 0x1000000
# The answer, the advice, and the remedy.
named=3
released_and_renamed small 0x10000000 0x400000
# No areas are shown: what the command line says.
sed -i 's/$/ kho_bootmem=8M,8M,8M/' "$m/proc/cmdline"
rm "$kho"/bootmem_*
mkdir -p "$m/dev"
echo "[    0.000000] KHO: Failed to reserve scratch array" >"$m/dev/kmsg"
report "$m"
check_line "no areas, 7.4" "$out" \
	"  remedy: boot that machine cold with a kho_bootmem= that fits; for this successor with $(advised) on its boot loader's kernel line"

broken twin
rm "$kho/scratch_len"
check_unknown "lengths absent" \
	"scratch-malformed: /sys/kernel/debug/kho/out/scratch_len: absent, but the other file is there" \
	"$again"

broken uneven
echo 0x20000000 >>"$kho/scratch_phys"
check_unknown "more starts than lengths" \
	"scratch-malformed: /sys/kernel/debug/kho/out/scratch_phys: 2 starts, but 1 lengths" "$again"

broken words
echo areas >>"$kho/scratch_phys"
check_unknown "no number" \
	"scratch-malformed: /sys/kernel/debug/kho/out/scratch_phys: line 2 is not a hexadecimal number" \
	"$again"

broken overlap
echo 0x10800000 >>"$kho/scratch_phys"
echo 0x1000000 >>"$kho/scratch_len"
check_unknown "areas that overlap" \
	"scratch-malformed: /sys/kernel/debug/kho/out/scratch_phys: areas 1 and 2 overlap" "$again"

broken huge
echo 0xfffffffffffff000 >"$kho/scratch_phys"
check_unknown "an area at the end of all addresses" \
	"scratch-malformed: /sys/kernel/debug/kho/out/scratch_phys: area 1 ends above 2^52" "$again"

broken nomem
rm -r "$memmap"
check_unknown "no memory map" \
	"memory-unreadable: /proc/iomem: No such file or directory" \
	"on that machine: mount -t proc proc /proc, and capture it again"

printf '00000000-00000000 : System RAM\n' >"$m/proc/iomem"
check_unknown "addresses hidden from users" \
	"memory-hidden: /proc/iomem:1: the addresses are hidden" "$root"

printf '00000000-00000fff : Reserved\n00001000-3fffffff : System RAM\n  01000000-01ffffff : Kernel code\n' \
	>"$m/proc/iomem"
report "$m"
check_status "iomem instead of the firmware's map" 0
check_line "iomem is named" "$out" \
	"  memory 1023 MiB, from /proc/iomem, nodes from /sys/devices/system/node"

printf '00001000-3fffffff : System RAM\n  02000000-02ffffff : reserved\n40000000-43ffffff : reserved\n' \
	>"$m/proc/iomem"
report "$m"
check_line "what the firmware keeps is memory (MEMBLOCK_NOMAP)" "$out" \
	"  memory 1.06 GiB, from /proc/iomem, nodes from /sys/devices/system/node"

printf '40000000-43ffffff : reserved\n' >"$m/proc/iomem"
check_unknown "nothing but that" "memory-malformed: /proc/iomem: no System RAM in it" "$again"

printf '00001000 System RAM\n' >"$m/proc/iomem"
check_unknown "iomem that is none" \
	"memory-malformed: /proc/iomem:1: not \"start-end : name\"" "$again"

broken backwards
echo 0x0 >"$memmap/0/end"
echo 0x1000 >"$memmap/0/start"
check_unknown "a range that ends before it starts" \
	"memory-malformed: /sys/firmware/memmap/0/end: no range: 0x1000 to 0x0" "$again"

broken nodeless
rm "$m/sys/devices/system/node/online"
check_unknown "nothing about nodes" \
	"nodes-unreadable: /sys/devices/system/node: the nodes of the memory are not known (no SRAT, no memory blocks): No such file or directory" \
	"on that machine: mount -t sysfs sysfs /sys, and capture it again"

broken srat
mkdir -p "$m/sys/firmware/acpi/tables"
printf 'SRAT\1\0\0\0' >"$m/sys/firmware/acpi/tables/SRAT"
check_unknown "a SRAT cut short" \
	"nodes-malformed: /sys/firmware/acpi/tables/SRAT: no SRAT header" "$again"

# Memory blocks of 512 MiB, one a node: eight sections become two runs of four.
broken blocks
echo 0-1 >"$m/sys/devices/system/node/online"
for i in 0 1; do
	mkdir -p "$m/sys/devices/system/memory/memory$i"
	ln -s "../../node/node$i" "$m/sys/devices/system/memory/memory$i/node$i"
	echo "0000000$i" >"$m/sys/devices/system/memory/memory$i/phys_index"
done
echo 20000000 >"$m/sys/devices/system/memory/block_size_bytes"
report "$m"
check_status "two nodes, one without an area" 2
check_line "the node without an area: said" "$out" \
	"warn: node-no-area: no scratch area lies on node 1: its memory came online after the areas were made"
check_line "the node without an area" "$out" \
	"warn: memory-map-off-node: 8 MiB of the 16 MiB of the memory map land on another node than the memory they describe"
ln -s ../../node/node0 "$m/sys/devices/system/memory/memory1/node0"
check_unknown "a block of two nodes" \
	"nodes-malformed: /sys/devices/system/memory/memory1: the block is part of 2 nodes" "$again"
rm -r "$m/sys/devices/system/memory/memory1"
report "$m"
check_status "RAM that no node has" 4
check_line "RAM that no node has: said" "$out" \
	"unknown: nodes-malformed: /sys/devices/system/memory: 512 MiB of RAM belong to no node"

# Memory blocks of 512 MiB that the firmware did not tell of: an offline one, and one in use.
broken late
mkdir -p "$m/sys/devices/system/memory"
echo 20000000 >"$m/sys/devices/system/memory/block_size_bytes"
for i in 0 1 2 3; do
	mkdir -p "$m/sys/devices/system/memory/memory$i"
	echo "0000000$i" >"$m/sys/devices/system/memory/memory$i/phys_index"
	echo online >"$m/sys/devices/system/memory/memory$i/state"
done
echo offline >"$m/sys/devices/system/memory/memory3/state"
report "$m"
check_status "memory that came online after boot" 2
check_line "memory that came online after boot: said" "$out" \
	"warn: memory-hotplugged: 512 MiB of memory came online after boot and are not in the memory map that the successor is given"

# A copied tree is not trusted: links do not lead out of it, a FIFO does not block.
broken links
mkdir "$work/outside"
mv "$kho/scratch_phys" "$work/outside/"
ln -s "$work/outside/scratch_phys" "$kho/scratch_phys"
report "$m"
check_status "a link that leads out of the tree" 4
broken fifo
rm "$kho/scratch_phys"
mkfifo "$kho/scratch_phys"
check_unknown "a FIFO" "scratch-malformed: /sys/kernel/debug/kho/out/scratch_phys: Invalid argument" "$again"

# With 2 GiB and its own kho_scratch= Linux makes a global area of no length (seen on Fedora's 7.2).
m=$work/empty-area
make_machine "$m" 0x10000000 0x8000000 0x3fc00000 0x0 0x20000000 0x8000000
run "$kexec" --kho-save-machine=- --kho-machine="$m"
check_status "an area of no length" 0
check_equal "an area of no length is kept" "$(sed -n 's/.*"areas":"\([^"]*\)".*/\1/p' "$out")" \
	10000000-18000000,3fc00000-3fc00000,20000000-28000000
report "$m"
check_status "and does no harm" 0

# A list of CPUs ascends: one that does not is none, and is not walked for hours.
broken cpus
mkdir -p "$m/sys/devices/system/cpu"
yes 0-65535, | tr -d '\n' | head -c 8388608 >"$m/sys/devices/system/cpu/possible"
run sh -c 'ulimit -t 10; exec "$@"' sh "$kexec" --kho-save-machine=- --kho-machine="$m"
check_status "a list of CPUs that goes back" 0
check_no_text "a list of CPUs that goes back: is none" "$out" '"cpus"'

if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	broken hidden
	chmod 700 "$m/sys/kernel/debug"
	chmod 755 "$work"
	run setpriv --reuid=65534 --clear-groups "$kexec" --kho-report --kho-verbose --kho-image="$work/image" \
		--kho-initrd=none \
		--kho-machine="$m"
	check_status "not root" 4
	check_line "not root: said" "$out" \
		"unknown: not-permitted: /sys/kernel/debug/kho/out/scratch_phys: hidden from this user"
else
	skip "not root" "wants root and setpriv"
fi

finish
