#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Possible CPUs of the successor, where the running kernel has fewer.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

"$fixtures/mkkernel.py" "$work/image"

# 256 CPUs, of which nr_cpus=1 leaves the running kernel one: the table of the firmware has them, 8 enabled and 248
# that may be plugged in (ACPI 6.5, 5.2.12.2), for a guest. Nodes 0 and 1 in turn, by the SRAT (5.2.16.1).
madt() {
	python3 - "$1/sys/firmware/acpi/tables" <<'EOF'
import os, struct, sys
os.makedirs(sys.argv[1], exist_ok=True)
def table(name, size, entries):
    body = b"".join(entries)
    head = name + struct.pack("<IB", size + len(body), 3)
    with open(sys.argv[1] + "/" + name.decode(), "wb") as f:
        f.write(head.ljust(size, b"\0") + body)
ids = [i for i in range(256) if i != 255]
table(b"APIC", 44, [struct.pack("<BBBBI", 0, 8, i, i, i < 8) for i in ids]
      + [struct.pack("<BBHIII", 9, 16, 0, 255, 0, 255)])
table(b"SRAT", 48, [struct.pack("<BBHIIIII", 2, 24, 0, i % 2, i, 1, 0, 0) for i in range(256)]
      + [struct.pack("<BBIHQQIIQ", 1, 40, 0, 0, 0, 1 << 30, 0, 1, 0)])
EOF
}
# cpus_of WHAT "A B": so many on node 0 and on node 1.
cpus_of() {
	run "$kexec" --kho-save-machine=- --kho-machine="$m"
	check_equal "$1" "$(python3 -c '
import json, re, sys
count = [0, 0]
for first, end, node in re.findall("([0-9a-f]+)-([0-9a-f]+)@?([0-9]*)", json.load(sys.stdin)["cpus"]):
    count[int(node or 0)] += int(end, 16) - int(first, 16)
print(*count)' <"$out")" "$2"
}
m=$work/machine
make_machine "$m" 0x10000000 0x8000000
madt "$m"
printf 'processor\t: 0\nflags\t\t: fpu hypervisor\n' >"$m/proc/cpuinfo"
cpus_of "the running kernel's own" "1 0"
echo kho=on nr_cpus=1 >"$m/proc/cmdline"
cpus_of "256 CPUs of a guest, nr_cpus=1" "128 128"
check_equal "and where from" "$(sed -n 's/.*"cpus_source":"\([^"]*\)".*/\1/p' "$out")" \
	sys/firmware/acpi/tables/APIC
sed 's/,"cpus_source":"[^"]*"//' "$out" >"$work/earlier"
run "$kexec" --kho-report --kho-image="$work/image" --kho-initrd=none --kho-machine="$work/earlier"
check_line "of an earlier capture" "$out" \
	"unknown: cpus-unknown: /sys/devices/system/cpu/possible: how many CPUs the successor makes room for is not known; early boot was followed for one"
printf 'processor\t: 0\nflags\t\t: fpu\n' >"$m/proc/cpuinfo"
cpus_of "bare metal: no CPU can be plugged in" "4 4"
# CONFIG_NR_CPUS=1
echo kho=on >"$m/proc/cmdline"
echo 0 >"$m/sys/devices/system/cpu/kernel_max"
cpus_of "as many as the kernel can have" "4 4"
echo kho=on possible_cpus=1 >"$m/proc/cmdline"
rm "$m/sys/firmware/acpi/tables/APIC"
run "$kexec" --kho-report --kho-image="$work/image" --kho-initrd=none --kho-machine="$m"
check_status "no table" 4
check_line "no table: said" "$out" \
	"unknown: cpus-unknown: /sys/firmware/acpi/tables/APIC: No such file or directory: the running kernel's own CPUs are cut by its command line, and how many the successor makes room for is not known"

finish
