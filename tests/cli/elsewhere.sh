#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A remedy is for the machine that the report is about: a command where that is this machine, and
# what to do there where it was captured, recorded or described. Each class of remedies is seen so.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

need_at
"$fixtures/mkkernel.py" "$work/image"
chmod 755 "$work"

# remedy WHAT ID WANTED: without the advice, which depends on the rest of the machine.
remedy() {
	sed -n "/^[a-z]*: $2: /{n;s/^  remedy: //;s/; for this successor.*//;s/ cold with kho_scratch=.*/ cold/;p;}" \
		"$out" >"$work/remedy"
	check_text "$2, $1" "$work/remedy" <<EOF
$3
EOF
}

# here ID REMEDY: the last machine, as this one; and a snapshot that was made there is said to be of
# that machine.
here() {
	# shellcheck disable=SC2086 # none, or words
	run at "$m" $as "$kexec" --kho-report --kho-image="$work/image" --kho-initrd=none
	remedy here "$1" "$2"
	# shellcheck disable=SC2086
	at "$m" $as "$kexec" --kho-save-machine=- 2>/dev/null >"$work/snapshot"
	run "$kexec" --kho-report --kho-image="$work/image" --kho-initrd=none --kho-machine="$work/snapshot"
	speaks_of_that "in a snapshot that was made there"
}

# there ID REMEDY: of its copy, and of the snapshot of that.
there() {
	run "$kexec" --kho-report --kho-image="$work/image" --kho-initrd=none --kho-machine="$m"
	remedy "captured" "$1" "$2"
	speaks_of_that "captured"
	"$kexec" --kho-save-machine="$work/snapshot" --kho-machine="$m" 2>/dev/null
	run "$kexec" --kho-report --kho-image="$work/image" --kho-initrd=none --kho-machine="$work/snapshot"
	remedy "recorded" "$1" "$2"
}

# No remedy of another machine is a command for this one.
speaks_of_that() {
	grep -e '^  remedy: .*this machine' -e '^  remedy: \(mount\|run as\|echo\|see\|report\) ' "$out" >"$work/for-here"
	check_text "nothing for this machine, $1" "$work/for-here" </dev/null
}

machine() {
	m=$work/$1
	kho=$m/sys/kernel/debug/kho/out
	make_machine "$m" 0x10000000 0x8000000
}
as=
again=", and capture it again"
options="CONFIG_KEXEC_HANDOVER and CONFIG_KEXEC_HANDOVER_DEBUGFS"

machine debugfs
rm -r "$m/sys/kernel/debug/kho"
here debugfs-not-mounted "mount -t debugfs debugfs /sys/kernel/debug"
there debugfs-not-mounted "on that machine: mount -t debugfs debugfs /sys/kernel/debug$again"

machine off
rm -r "$m/sys/kernel/debug/kho"
mkdir "$m/sys/kernel/debug/gpio"
echo kho=off >"$m/proc/cmdline"
here kho-off "boot this machine with kho=on a kernel that has $options"
there kho-off "boot that machine with kho=on a kernel that has $options"

machine unseen
rm -r "$m/sys/kernel/debug/kho"
mkdir "$m/sys/kernel/debug/gpio"
there kho-unseen \
	"on that machine: see dmesg | grep KHO:, and boot a kernel that has CONFIG_KEXEC_HANDOVER_DEBUGFS"

machine words
echo areas >>"$kho/scratch_phys"
here scratch-malformed "report the kernel's release with a copy: capture-machine DIR"
there scratch-malformed "capture that machine again; if it stays so, report the release of its kernel"

machine cut
echo "kho=on nr_cpus=1" >"$m/proc/cmdline"
here cpus-unknown "report the kernel's release with a copy: capture-machine DIR"
there cpus-unknown "capture that machine again, with this version's capture-machine"

machine nodes
rm "$m/sys/devices/system/node/online"
here nodes-unreadable "mount -t sysfs sysfs /sys"
there nodes-unreadable "on that machine: mount -t sysfs sysfs /sys$again"

machine cmdline
rm "$m/proc/cmdline"
there running-cmdline-unknown "on that machine: mount -t proc proc /proc$again"

machine finalize
echo 0 >"$kho/finalize"
here not-finalized "echo 1 >/sys/kernel/debug/kho/out/finalize, then load"
there not-finalized "on that machine: echo 1 >/sys/kernel/debug/kho/out/finalize, then load"

machine nodeless
echo 0-1 >"$m/sys/devices/system/node/online"
mkdir -p "$m/sys/devices/system/memory/memory0"
ln -s ../../node/node0 "$m/sys/devices/system/memory/memory0/node0"
echo 00000000 >"$m/sys/devices/system/memory/memory0/phys_index"
echo 20000000 >"$m/sys/devices/system/memory/block_size_bytes"
lsmem="see lsmem for offline memory blocks, and mem= and memmap= in /proc/cmdline"
here nodes-malformed "$lsmem"
there nodes-malformed "on that machine: $lsmem"

machine short
echo 0x10000000 >"$kho/scratch_phys"
echo 0x1800000 >"$kho/scratch_len"
cold="the areas stay those of the first kernel in the chain: boot"
here memory-map-short "$cold this machine cold"
there memory-map-short "$cold that machine cold"

machine hidden
chmod 700 "$m/sys/kernel/debug"
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	as="setpriv --reuid=65534 --clear-groups"
	here not-permitted "run as root"
	# shellcheck disable=SC2086 # words
	run $as "$kexec" --kho-report --kho-image="$work/image" --kho-initrd=none --kho-machine="$m"
	remedy captured not-permitted \
		"on that machine: capture it as root; or let this user read the files of the capture"
else
	skip "not root" "wants root and setpriv"
fi

run "$kexec" --kho-report --kho-image="$work/image" --kho-initrd=none --kho-describe="2T nodes=8 cpus=256"
remedy "described" kho-off "boot that machine with kho=on"
speaks_of_that "described"

# A snapshot of an earlier version, whose texts were others.
sed 's/"remedy":"[^"]*"/"remedy":"run as root so that the SRAT can be read"/' "$work/snapshot" >"$work/earlier"
run "$kexec" --kho-report --kho-machine="$work/earlier"
check_equal "a remedy of an earlier version" "$(grep -c '^  remedy: run' "$out")" 0

finish
