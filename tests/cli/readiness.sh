#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Will the handover happen: what is said of machines that hand something over.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

"$fixtures/mkkernel.py" --release=7.2.13 "$work/image"

# hands_over DIR: and its kernel was given what it needs for that, and a crash kernel.
hands_over() {
	make_handover "$1"
	echo "kho=on liveupdate=on reserve_mem=4M:4K:state crashkernel=64M" >"$1/proc/cmdline"
}

# report IMAGE APPEND...
report() {
	image=$1
	shift
	run "$kexec" --kho-report --kho-verbose --kho-image="$work/$image" --kho-initrd=none \
		--kho-machine="$work/m" \
		--kho-append="nokaslr $*"
	sed -n '/^handover/,/^  memory that is preserved/p' "$out" >"$work/section"
	grep -E '^(warn|unknown|fail|verdict)' "$out" >"$work/findings"
}

# image NAME TEXTS: a successor with these texts in its read-only data.
image() {
	"$fixtures/mkkernel.py" --texts="$2" "$work/$1"
}

hands_over "$work/m"
same="kho=on liveupdate=on reserve_mem=4M:4K:state crashkernel=16M"

report image "$same"
check_status "a healthy pair" 0
check_text "what is handed over, and what becomes of it" "$work/section" <<'END'
handover: arrives
  format kho-v4; the successor reads kho-v4
  memblock         memblock-v1, reserve-mem-v1; reserve_mem state: arrives
  LUO              luo-v5: arrives
  preserved memory unknown
  memory that is preserved between now and the jump is not known
END

image other kho-v3,kho-v5,memblock-v1
report other "$same"
check_status "another format" 3
check_text "another format: said" "$work/findings" <<'END'
fail: abi-mismatch: this kernel hands over in the format kho-v4, the successor reads kho-v3, kho-v5: it disables KHO revival and boots as from cold; lost: memblock (reserve_mem state), LUO
verdict: fail
END
check_text "another format: all of it is lost" "$work/section" <<'END'
handover: lost
  format kho-v4; the successor reads kho-v3, kho-v5
  memblock         memblock-v1, reserve-mem-v1; reserve_mem state: lost
  LUO              luo-v5: lost
  preserved memory unknown
  memory that is preserved between now and the jump is not known
END

"$fixtures/mkkernel.py" --no-kho "$work/no-kho"
report no-kho "$same"
check_status "a successor without KHO" 3
check_text "a successor without KHO: said" "$work/findings" <<'END'
fail: successor-no-kho: the successor has no KHO: it boots with all memory, and takes nothing over; lost: memblock (reserve_mem state), LUO
verdict: fail
END

image producers kho-v4,memblock-v2,reserve-mem-v1,LUO,luo-v6
report producers "$same"
check_status "producers of another format" 3
check_line "memblock is ignored" "$work/findings" \
	"fail: producer-mismatch: memblock: its blob is memblock-v1 (the successor has memblock-v2): the successor ignores it, and the content of every reserve_mem= region is lost"
check_line "live update panics" "$work/findings" \
	"fail: producer-mismatch: LUO: its blob is luo-v5 (the successor has luo-v6): the successor panics in liveupdate_early_init()"
check_line "the worst of it is reported first" "$work/section" "handover: panic"

report image "liveupdate=on reserve_mem=4M:4K:state crashkernel=16M"
check_text "kho=on is missing, and the image does not tell its default" "$work/findings" <<'END'
unknown: producer-unknown: LUO: the successor's command line lacks kho=on, and whether KHO is on by default is not known: if not, the sessions are lost
warn: successor-kho-off: the successor's command line lacks kho=on: unless KHO is on by default in it, it can't hand over in its turn, and the update after this one loses what this one keeps
verdict: unknown
END
report image "kho=on reserve_mem=8M:4K:state"
check_text "what both must be reported alike" "$work/findings" <<'END'
fail: luo-off: LUO: the successor's command line lacks liveupdate=on: live update is off there, and the sessions are lost
fail: reserve-mem-lost: reserve_mem state has 4194304 bytes, the successor asks for 8388608: it makes a new region, the content is lost
unknown: cmdline-not-followed: reserve_mem on the successor's command line may change early boot in a way that is not followed
warn: crashkernel-missing: this kernel was given crashkernel=, the successor is not: no kdump after the handover
verdict: fail
END

run "$kexec" --kho-report --kho-verbose --kho-image="$work/image" --kho-initrd=none --kho-machine="$work/m"
check_status "no command line" 4
check_line "no command line: said" "$out" \
	"unknown: cmdline-not-given: LUO: whether its state arrives depends on the successor's command line, and none was given"

"$fixtures/mkkernel.py" --arch=aarch64 --format=vmlinux "$work/arm64"
echo x86_64 >"$work/m/proc/sys/kernel/arch"
report arm64 "$same"
check_status "another architecture" 3
check_line "another architecture: said" "$work/findings" \
	"fail: arch-differs: the successor is an aarch64 kernel, this machine runs an x86_64 one"

# Linux 6.18: nothing is given along, nor shown, before it is finalized.
hands_over "$work/m618"
rm -r "$work/m618/sys/kernel/debug/kho/out/fdt" "$work/m618/sys/kernel/debug/kho/out/sub_fdts"
echo 0 >"$work/m618/sys/kernel/debug/kho/out/finalize"
run "$kexec" --kho-report --kho-verbose --kho-image="$work/image" --kho-initrd=none --kho-machine="$work/m618" \
	--kho-append="nokaslr $same"
check_status "not finalized" 3
check_line "not finalized: said" "$out" \
	"fail: not-finalized: /sys/kernel/debug/kho/out/finalize is 0: kexec_file_load adds no handover data, the successor boots as from cold; what would be lost is not known"
check_line "not finalized: remedy" "$out" \
	"  remedy: on that machine: echo 1 >/sys/kernel/debug/kho/out/finalize, then load"

"$fixtures/mkfdt.py" "$work/gizmo-fdt" /:compatible=memblock-v1
# A producer that nobody knows, and one whose blob is not there.
hands_over "$work/m"
kho=$work/m/sys/kernel/debug/kho
"$fixtures/mkfdt.py" "$kho/out/fdt" /:compatible=kho-v5,kho-v4 \
	/gizmo:preserved-data=u64:0x20002000 /widget:preserved-data=u64:0x20003000
rm "$kho/out/sub_fdts"/*
"$fixtures/mkfdt.py" "$kho/out/sub_fdts/gizmo" /:compatible=gizmo-v7
report image "$same"
check_status "producers that nobody knows" 4
check_line "one format of a list will do" "$work/section" \
	"  format kho-v5, kho-v4; the successor reads kho-v4"
check_line "one whose format the successor lacks" "$work/findings" \
	"unknown: producer-unknown: gizmo: its blob is gizmo-v7 (the successor has none of that name): unless a module of the successor reads it, it is lost"
check_line "one without a blob" "$work/findings" \
	"unknown: producer-unknown: widget: its blob can't be read: whether the successor takes it over is not known"
run "$kexec" --kho-report --kho-verbose --kho-image="$work/image" --kho-initrd=none --kho-machine="$work/m" \
	--kho-append="nokaslr $same" --kho-ignore=producer-unknown,cmdline-not-followed
check_status "accepted by name" 0
check_line "accepted by name: said" "$out" \
	"unknown (accepted): producer-unknown: widget: its blob can't be read: whether the successor takes it over is not known"

# Formats that are none, in a blob and in the root: no text, no NUL, an empty text.
for value in hex: hex:67697a6d6f2d7637 hex:00 "$(printf 'x%.0s' $(seq 256))"; do
	"$fixtures/mkfdt.py" "$kho/out/sub_fdts/gizmo" "/:compatible=$value"
	report image "$same"
	check_status "a blob's format '$value'" 4
	check_line "a blob's format '$value': said" "$work/findings" \
		"unknown: producer-unknown: gizmo: its blob is read in part only (/: \"compatible\" is no list of formats): whether the successor takes it over is not known"
	for format in json html map prometheus; do
		run "$kexec" --kho-report=$format --kho-image="$work/image" \
			--kho-machine="$work/m" --kho-append="nokaslr $same"
		check_status "a blob's format '$value': $format" 4
	done
	"$fixtures/mkfdt.py" "$work/m/fdt" "/:compatible=$value"
	cp -r "$work/m" "$work/root"
	mv "$work/root/fdt" "$work/root/sys/kernel/debug/kho/out/fdt"
	run "$kexec" --kho-report --kho-verbose --kho-image="$work/image" --kho-machine="$work/root" \
		--kho-append="nokaslr $same"
	check_status "the root's format '$value'" 4
	rm -r "$work/root"
done

# A format behind a node whose name is too long is not seen: what is read is not all.
"$fixtures/mkfdt.py" "$kho/out/fdt" /:compatible=kho-v4
"$fixtures/mkfdt.py" "$kho/out/sub_fdts/gizmo" /:compatible=memblock-v1 \
	"/$(printf 'n%.0s' $(seq 300)):x=y" /last:compatible=gizmo-v9
report image "$same"
check_status "a blob that is read in part" 4
check_line "a blob that is read in part: said" "$work/findings" \
	"unknown: producer-unknown: gizmo: its blob is read in part only (the path of a node is longer than 256): whether the successor takes it over is not known"
check_line "and what is read of it" "$work/section" \
	"  gizmo            memblock-v1, the rest unread: unknown"
run "$kexec" --kho-save-machine="$work/part.json" --kho-machine="$work/m"
run "$kexec" --kho-report --kho-verbose --kho-image="$work/image" --kho-machine="$work/part.json" \
	--kho-append="nokaslr $same"
check_line "as a snapshot" "$out" \
	"unknown: producer-unknown: gizmo: its blob is read in part only (the path of a node is longer than 256): whether the successor takes it over is not known"

# Blobs that can't be read, of producers that the root does not name.
rm "$kho/out/sub_fdts/gizmo"
mkfifo "$kho/out/sub_fdts/pipe"
ln -s loop "$kho/out/sub_fdts/loop"
report image "$same"
check_status "blobs that can't be read" 4
check_line "a pipe" "$work/findings" \
	"unknown: producer-unknown: pipe: its blob can't be read (not a regular file): whether the successor takes it over is not known"
check_line "a loop of links" "$work/findings" \
	"unknown: producer-unknown: loop: its blob can't be read (Too many levels of symbolic links): whether the successor takes it over is not known"
rm "$kho/out/sub_fdts/pipe" "$kho/out/sub_fdts/loop"
truncate -s $((16 * 1024 * 1024 + 1)) "$kho/out/sub_fdts/large"
report image "$same"
check_status "a blob of a byte more than the limit" 4
check_line "a blob of a byte more than the limit: said" "$work/findings" \
	"unknown: producer-unknown: large: its blob can't be read (more than 16 MiB): whether the successor takes it over is not known"
rm "$kho/out/sub_fdts/large"

# One that may not be read, as a user who may not; root may.
"$fixtures/mkfdt.py" "$kho/out/sub_fdts/memblock" /:compatible=memblock-v1
chmod -R go+rX "$work/m" "$work/image"
chmod 000 "$kho/out/sub_fdts/memblock"
chmod 755 "$work"
user=
[ "$(id -u)" != 0 ] || user="setpriv --reuid=65534 --regid=65534 --clear-groups"
# shellcheck disable=SC2086 # several words, or none
if $user cat "$work/image" >/dev/null 2>&1 && ! $user cat "$kho/out/sub_fdts/memblock" >/dev/null 2>&1; then
	run $user "$kexec" --kho-report --kho-image="$work/image" --kho-initrd=none \
		--kho-machine="$work/m" --kho-append="nokaslr $same"
	check_status "a blob that this user may not read" 4
	check_line "a blob that this user may not read: said" "$out" \
		"unknown: producer-unknown: memblock: its blob can't be read (Permission denied): whether the successor takes it over is not known"
else
	skip "a blob that this user may not read" "wants to be another user than root (setpriv)"
fi
rm -f "$kho/out/sub_fdts/memblock"

# More than are read one by one: those that are left out count.
for i in $(seq 257); do
	cp "$work/gizmo-fdt" "$kho/out/sub_fdts/memblock$i"
done
report image "$same"
check_status "more producers than are read" 4
grep "^unknown: producer-unknown: who else .* more than 256 producers" "$work/findings" >"$work/more"
check_equal "more producers than are read: said, once" "$(wc -l <"$work/more")" 1
rm "$kho/out/sub_fdts"/*
report image "kho=on crashkernel=16M"
check_status "nobody hands anything over" 0

# A root that is cut names nobody: the folder of blobs must be there.
"$fixtures/mkfdt.py" "$work/fdt" /:compatible=kho-v4 /memblock:blob-size=u64:200
head -c 92 "$work/fdt" >"$kho/out/fdt"
report image "kho=on crashkernel=16M"
check_status "a cut root, and a folder" 0
rmdir "$kho/out/sub_fdts"
report image "$same"
check_status "a cut root, and no folder" 4
check_line "a cut root, and no folder: said" "$work/findings" \
	"unknown: producer-unknown: who else hands something over is not known: sys/kernel/debug/kho/out/sub_fdts: No such file or directory"
run "$kexec" --kho-save-machine="$work/part.json" --kho-machine="$work/m"
run "$kexec" --kho-report --kho-verbose --kho-image="$work/image" --kho-machine="$work/part.json" \
	--kho-append="nokaslr $same"
check_status "a cut root, and no folder: as a snapshot" 4
mkdir "$kho/out/sub_fdts"

# What is no device tree.
printf 'kho-v4' >"$kho/out/fdt"
report image "$same"
check_status "no device tree" 4
check_line "no device tree: said" "$work/findings" \
	"unknown: handover-unreadable: /sys/kernel/debug/kho/out/fdt: not a valid device tree: the format of the handover is not known"

# The machine alone.
hands_over "$work/alone"
run "$kexec" --kho-report --kho-verbose --kho-machine="$work/alone"
check_status "a machine that is ready" 0
check_text "a machine that is ready: said" "$out" <<'END'
OK 7.2.13: nothing was found that prevents a handover
note: preserved-unread: which memory is preserved can't be read: kho/out/fdt names no map
handover: ready on this side
  format kho-v4
  memblock         memblock-v1, reserve-mem-v1; reserve_mem state
  LUO              luo-v5
  preserved memory unknown
  memory that is preserved between now and the jump is not known
running kernel: unknown
machine: 7.2.13
  scratch 0x0010000000-0x0018000000      128 MiB  node 0
  memory 1 GiB, from /sys/firmware/memmap, nodes from /sys/devices/system/node
verdict: ok
END
# Its own shape: 1 GiB of pages with 64 bytes each, 16 MiB of map in one piece.
cat >"$work/alone/proc/kcore" <<'END'
OSRELEASE=7.2.13
PAGESIZE=4096
SIZE(page)=64
NUMBER(phys_base)=0
NUMBER(KERNEL_IMAGE_SIZE)=1073741824
NUMBER(SECTION_SIZE_BITS)=27
SYMBOL(vmemmap)=ffffea0000000000
END
run "$kexec" --kho-report --kho-verbose --kho-machine="$work/alone"
check_line "its own kernel" "$out" "running kernel: 7.2.13, x86_64"
check_line "what a successor of its shape would need" "$out" \
	"     0         8            8        16 MiB       128 MiB"
run "$kexec" --kho-report=json --kho-machine="$work/alone"
python3 -c 'import json, sys
o = json.load(sys.stdin)
print(o["verdict"], o["model"], o["readiness"]["handover"], o["readiness"]["successor_formats"])
for p in o["readiness"]["producers"]:
    print(p["name"], p["formats"], p["reserve_mem"], p["fate"])' <"$out" >"$work/json"
check_text "as JSON" "$work/json" <<'END'
ok None None None
memblock {'/': ['memblock-v1'], '/state': ['reserve-mem-v1']} ['state'] unknown
LUO {'/': ['luo-v5']} [] unknown
END
rm -r "$work/alone/sys/kernel/debug/kho"
mkdir "$work/alone/sys/kernel/debug/gpio"
run "$kexec" --kho-report --kho-verbose --kho-machine="$work/alone"
check_status "a machine whose KHO can't be seen" 4

finish
