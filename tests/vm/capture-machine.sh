#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# scripts/capture-machine on this machine, with this shell and with busybox.
. "${top_srcdir:-.}/tests/lib.sh"

capture=$top_srcdir/scripts/capture-machine

same_file() {
	# Not cmp: these files give no true size.
	[ "$(cat "/$1")" = "$(cat "$work/$2/$1")" ]
	report_test $? "$2: /$1 is copied"
}

# The names and contents of what is below /sys/devices/system/memory, from both.
blocks() {
	(cd "$1/sys/devices/system/memory" && for file in block_size_bytes memory*/phys_index; do
		[ ! -f "$file" ] || echo "$file $(cat "$file")"
	done; for link in memory*/node*; do
		[ ! -L "$link" ] || echo "$link $(readlink "$link")"
	done) 2>/dev/null
}

check_copy() {
	same_file proc/cmdline "$1"
	same_file proc/sys/kernel/osrelease "$1"
	same_file sys/devices/system/cpu/possible "$1"
	# Where the kernel shows them.
	if [ -f /sys/kernel/boot_params/data ]; then
		cmp -s /sys/kernel/boot_params/data "$work/$1/sys/kernel/boot_params/data"
		report_test $? "$1: the boot parameters are copied"
	else
		skip "$1: the boot parameters are copied" "this kernel has none"
	fi
	blocks / >"$work/there"
	blocks "$work/$1" >"$work/here"
	cmp -s "$work/there" "$work/here"
	report_test $? "$1: memory blocks and their nodes are copied"
	[ "$(ls "$work/$1/proc/self")" = auxv ] && [ ! -e "$work/$1/proc/kcore" ]
	report_test $? "$1: nothing else is"
}

run sh "$capture" "$work/sh"
check_copy sh
if command -v busybox >/dev/null; then
	run busybox sh "$capture" "$work/busybox"
	check_copy busybox
else
	skip busybox "no busybox"
fi

run sh "$capture" "$work/sh"
check_status "a folder that is not empty is refused" 1
check_text "and named" "$err" <<EOT
capture-machine: $work/sh exists and is not an empty folder
EOT
run sh "$capture"
check_status "no folder" 1
run sh "$capture" --help
check_status "an option" 1
check_equal "its usage" "$(head -n 1 "$err")" "Usage: capture-machine [--redact] DIR"

# This machine may have no KHO: then 2, and it is said.
run sh "$capture" --redact "$work/redacted"
areas=$(grep -c '^capture-machine: scratch areas: yes$' "$out")
check_status "what was seen decides" "$((areas ? 0 : 2))"
check_equal "each part is named" "$(grep -c '^capture-machine: [a-zA-Z ]*\(([^)]*)\)*: \(yes\|no\)$' "$out")" 6
check_no_text "redacted: no name" "$work/redacted/proc/cmdline" root=
[ ! -e "$work/redacted/proc/sys/kernel/hostname" ]
report_test $? "redacted: no host"

# A host with a secret in each place where its command line stands.
if [ "$(id -u)" = 0 ] && unshare --mount --net true 2>/dev/null; then
	secret=password=of-somebody
	mkdir -p "$work/host/sys/firmware" "$work/host/proc" "$work/boot"
	printf '\320\015\376\355\0\0bootargs\0%s\0' "kho=on $secret" >"$work/host/sys/firmware/fdt"
	echo "kho=on $secret crashkernel=64M" >"$work/host/proc/cmdline"
	printf 'CONFIG_KEXEC_HANDOVER=y\nCONFIG_CMDLINE="%s"\n' "$secret" >"$work/boot/config-$(uname -r)"
	# shellcheck disable=SC2016 # for the inner shell
	run at "$work/host" sh -c 'mount --bind "$1" /boot && exec sh "$2" --redact "$3"' sh \
		"$work/boot" "$capture" "$work/hidden"
	check_equal "redacted: what the check reads stays" "$(cat "$work/hidden/proc/cmdline")" \
		"kho=on crashkernel=64M"
	check_line "redacted: and the configuration" "$work/hidden/boot/config-$(uname -r)" \
		"CONFIG_KEXEC_HANDOVER=y"
	check_equal "redacted: the secret stands nowhere" \
		"$(grep -rlF "$secret" "$work/hidden" | sed "s|$work||")" ""
else
	skip "redacted: the secret stands nowhere" "wants root, to be another machine"
fi
finish
