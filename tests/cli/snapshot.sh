#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# --kho-save-machine: what a snapshot says is what the machine it was made of says.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

"$fixtures/mkkernel.py" "$work/image"

# report FORMAT MACHINE FILE
report() {
	verbose=
	[ "$1" != text ] || verbose=--kho-verbose
	# shellcheck disable=SC2086 # none or one
	"$kexec" --kho-report="$1" --kho-image="$work/image" --kho-initrd=none $verbose \
		--kho-machine="$2" >"$3.whole"
	echo "status $?" >>"$3.whole"
	without_about <"$3.whole" >"$3"
}

# check_same NAME TREE: tree and snapshot, in each format.
check_same() {
	run "$kexec" --kho-save-machine="$2.json" --kho-machine="$2"
	check_status "$1: saved" 0
	for format in text json prometheus; do
		report $format "$2" "$work/of-tree"
		report $format "$2.json" "$work/of-snapshot"
		# Two that can't be read are the same, too.
		[ "$(tail -n 1 "$work/of-tree")" != "status 1" ] && [ "$(wc -l <"$work/of-tree")" -gt 5 ]
		report_test $? "$1: there is a report as $format"
		check_text "$1: the same as $format" "$work/of-snapshot" <"$work/of-tree"
	done
}

for archive in "$top_srcdir"/tests/data/machines/*.tar.gz; do
	name=$(basename "$archive" .tar.gz)
	mkdir "$work/$name"
	tar -xzf "$archive" -C "$work/$name"
	check_same "$name" "$work/$name"
	[ "$(wc -c <"$work/$name.json")" -lt 4096 ]
	report_test $? "$name: less than 4 KiB"
done

# Machines that do not show what they have.
make_machine "$work/whole" 0x10000000 0x8000000
for kind in off hidden nomem backwards nodeless halfnodes; do
	cp -r "$work/whole" "$work/$kind"
done
rm -r "$work/off/sys/kernel/debug/kho"
mkdir "$work/off/sys/kernel/debug/gpio"
echo kho=off >"$work/off/proc/cmdline"
mkdir "$work/hidden/sys/kernel/debug/kho/out/scratch"
rm -r "$work/nomem/sys/firmware/memmap"
echo 0x0 >"$work/backwards/sys/firmware/memmap/0/end"
echo 0x1000 >"$work/backwards/sys/firmware/memmap/0/start"
rm "$work/nodeless/sys/devices/system/node/online"
# One block of 512 MiB has a node, the other half of the RAM has none.
echo 0-1 >"$work/halfnodes/sys/devices/system/node/online"
mkdir -p "$work/halfnodes/sys/devices/system/memory/memory0"
ln -s ../../node/node0 "$work/halfnodes/sys/devices/system/memory/memory0/node0"
echo 0 >"$work/halfnodes/sys/devices/system/memory/memory0/phys_index"
echo 20000000 >"$work/halfnodes/sys/devices/system/memory/block_size_bytes"
for kind in whole off hidden nomem backwards nodeless halfnodes; do
	check_same "$kind" "$work/$kind"
done
# lib/vsprintf.c, bitmap_list_string(): 0 and 1, and 40 from 2 on.
make_machine "$work/nodes" 0x10000000 0x3800000
mkdir -p "$work/nodes/sys/devices/system/node"
echo 0-1,2-41 >"$work/nodes/sys/devices/system/node/possible"
run "$kexec" --kho-save-machine=- --kho-machine="$work/nodes"
check_equal "nodes that could come online" \
	"$(sed -n 's/.*"possible_nodes":\([0-9]*\).*/\1/p' "$out")" 42

run "$kexec" --kho-save-machine=- --kho-machine="$work/off"
check_line "what is missing is said" "$err" \
	"kexec: kho: kho-off: /sys/kernel/debug/kho/out: no scratch areas, KHO is off on the running kernel: it was booted with kho=off"

echo db-7 >"$work/whole/proc/sys/kernel/hostname"
run "$kexec" --kho-save-machine=- --kho-machine="$work/whole"
sed 's/"handover":.*/"handover":HANDOVER}/' "$out" >"$work/line"
check_text "by hand: one line" "$work/line" <<'EOT'
{"kho_machine":1,"host":"db-7","release":"7.2.13","arch":"x86_64","arch_source":"proc/sys/kernel/arch","cmdline":"kho=on","cpus":"0-1","scratch":{"areas":"10000000-18000000","source":"sys/kernel/debug/kho/out/scratch_phys"},"memory":{"known":true,"ranges":"0-40000000@0","source":"sys/firmware/memmap","node_source":"sys/devices/system/node","firmware_ranges":1},"handover":HANDOVER}
EOT

# The file: for its owner only, all of it or none, and a device stays one.
check_equal "mode" "$(stat -c %a "$work/whole.json")" 600
check_equal "no temporary file stays" "$(find "$work" -name '*.json.*' | wc -l)" 0
run "$kexec" --kho-save-machine=/dev/null --kho-machine="$work/whole"
check_status "into a device" 0
[ -c /dev/null ]
report_test $? "/dev/null is still one"
run "$kexec" --kho-save-machine=/dev/full --kho-machine="$work/whole"
check_status "onto a full disk" 1
check_text "and it is reported" "$err" <<'EOT'
kexec: /dev/full: No space left on device
EOT
run "$kexec" --kho-save-machine="$work/none/x" --kho-machine="$work/whole"
check_status "into no folder" 1
check_text "and it is reported" "$err" <<EOT
kexec: $work/none/x: No such file or directory
EOT
run sh -c '"$0" --kho-save-machine=- --kho-machine="$1" >/dev/full' "$kexec" "$work/whole"
check_status "stdout that is full" 1
check_text "stdout that is full: said" "$err" <<'EOT'
kexec: stdout: No space left on device
EOT

run sh -c 'cat "$2" | "$0" --kho-report --kho-image="$1" --kho-initrd=none \
	--kho-machine=/dev/stdin' \
	"$kexec" "$work/image" "$work/whole.json"
check_status "a snapshot from a pipe" 0

cut -c 1-100 <"$work/whole.json" >"$work/cut.json"
run "$kexec" --kho-report --kho-image="$work/image" --kho-initrd=none --kho-machine="$work/cut.json"
check_status "a snapshot cut short" 1
check_text "it says where" "$err" <<EOT
kexec: $work/cut.json: no JSON: it ends after 101 bytes, too early
EOT
sed 's/10000000-18000000/18000000-10000000/' "$work/whole.json" >"$work/odd.json"
run "$kexec" --kho-report --kho-image="$work/image" --kho-initrd=none --kho-machine="$work/odd.json"
check_text "a range that is none: it says where" "$err" <<EOT
kexec: $work/odd.json: \$.scratch.areas: range 1 is not a range that can be
EOT
run "$kexec" --kho-save-machine=- --kho-machine="$work/odd.json"
check_status "a snapshot of what can't be read" 1


# What its own reader would refuse is not written, and what was there stays.
cp -r "$work/whole" "$work/high"
"$fixtures/mkfdt.py" "$work/high/sys/kernel/debug/kho/out/fdt" /:compatible=kho-v4 \
	/:preserved-memory-map=u64:0x10000000001000
echo before >"$work/high.json"
run "$kexec" --kho-save-machine="$work/high.json" --kho-machine="$work/high"
check_status "a map above 2^52" 1
check_line "a map above 2^52: said" "$err" \
	"kexec: $work/high.json: this machine has no snapshot, judge it where it is: \$.handover.out.preserved_map: too large"
check_equal "a map above 2^52: the old file stays" "$(cat "$work/high.json")" before
cp -r "$work/whole" "$work/long"
head -c 262144 /dev/zero | tr '\0' x >"$work/long/proc/cmdline"
run "$kexec" --kho-save-machine=- --kho-machine="$work/long"
check_status "more than a line may have" 1
check_text "more than a line may have: said" "$err" <<'EOT'
kexec: stdout: this machine has no snapshot, judge it where it is: more than 256 KiB: no snapshot of a machine
EOT
check_text "and nothing is written" "$out" </dev/null

# json-c ends at a NUL: nothing behind it, nor a range, may be lost.
{ cat "$work/whole.json"; printf '\0{}'; } >"$work/nul.json"
run "$kexec" --kho-report --kho-image="$work/image" --kho-machine="$work/nul.json"
check_status "a NUL in the file" 1
sed 's/0-40000000@0/0-20000000@0\\u0000,20000000-40000000@0/' "$work/whole.json" >"$work/nul.json"
run "$kexec" --kho-report --kho-image="$work/image" --kho-machine="$work/nul.json"
check_status "a NUL in a list of ranges" 1
check_text "a NUL in a list of ranges: said" "$err" <<EOT
kexec: $work/nul.json: \$.memory.ranges: a NUL in a string
EOT

run "$kexec" --kho-save-machine=x -l image
check_status "words for a loader" 1
check_text "are refused" "$err" <<'EOT'
kexec: '-l': with --kho-save-machine no loader is run; see kexec --kho-help
EOT
run "$kexec" --kho-save-machine=x --kho-report
check_status "two modes" 1

# promtool knows the format.
printf '%s\n' 'a"b\c' >"$work/whole/proc/sys/kernel/osrelease"
run "$kexec" --kho-report=prometheus --kho-image="$work/image" --kho-initrd=none \
	--kho-machine="$work/whole"
cp "$out" "$work/metrics"
check_line "labels are escaped" "$work/metrics" \
	'kexec_kho_info{release="a\"b\\c",successor="7.2.0-fixture",successor_arch="x86_64"} 1'
check_line "an area" "$work/metrics" 'kexec_kho_scratch_bytes{area="0",start="0x10000000"} 134217728'
check_line "8 sections of 2 MiB of map" "$work/metrics" 'kexec_kho_memory_map_bytes 16777216'
check_line "the verdict" "$work/metrics" 'kexec_kho_verdict{verdict="ok"} 1'
check_line "and what it is not" "$work/metrics" 'kexec_kho_verdict{verdict="fail"} 0'
run "$kexec" --kho-report=prometheus --kho-image="$work/image" --kho-initrd=none \
	--kho-machine="$work/off"
check_no_text "what is not known is absent" "$out" scratch_bytes
check_no_text "also the headroom" "$out" headroom
if command -v promtool >/dev/null; then
	run sh -c 'promtool check metrics <"$0"' "$work/metrics"
	check_status "promtool" 0
	check_text "promtool has nothing to say" "$err" </dev/null
	run sh -c '"$0" --kho-report=prometheus --kho-image="$1" --kho-initrd=none \
		--kho-machine="$2" |
		promtool check metrics' "$kexec" "$work/image" "$work/off"
	check_status "promtool, of little that is known" 0
else
	skip "promtool" "no promtool: scripts/setup fleet"
fi
finish
