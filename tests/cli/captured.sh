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
	6.18.*) format=kho-v1 ;;
	7.1.*) format=kho-v3 ;;
	*) format=kho-v4 ;;
	esac
	run "$kexec" --kho-report --kho-machine="$work/$name"
	check_status "$name: ready to hand over" 0
	check_line "$name: the format is that of its release" "$out" "  format $format"
done
finish
