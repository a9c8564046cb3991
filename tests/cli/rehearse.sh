#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# --kho-rehearse with a program in QEMU's place: what it is run with, and what becomes of its
# words.  Real guests are in tests/rehearse.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

# check_match NAME FILE REGEX: some line is like it.
check_match() {
	grep -qE -e "$3" "$2"
	report_test $? "$1"
	grep -qE -e "$3" "$2" || sed 's/^/# /' "$2"
}

need_at
# As root QEMU is run as nobody, who must get there.
chmod 755 "$work"
mkdir "$work/bin" "$work/none" "$work/dev"
cat >"$work/bin/qemu-system-x86_64" <<'EOS'
#!/bin/sh
found="KHO: found kexec handover data."
case $FAKE in
up) echo "$found"
	echo "memblock_alloc_try_nid: 40960 bytes align=0x1000 nid=0 from=0x0 max_addr=0x0 pcpu_fc_alloc+0x9/0x9"
	echo "memblock_reserve: [0x10000000-0x10009fff] memblock_alloc_range_nid+0x9/0x9"
	echo "SLUB: HWalign=64, Order=0-3, MinObjects=0, CPUs=1, Nodes=1"; exec sleep 60 ;;
refused) echo "KHO: disabling KHO revival"; echo "Memory: 1K/2K available (1K kernel code)" ;;
dead) echo "$found"; echo "Kernel panic - not syncing: out of cake"; exec sleep 60 ;;
reset) echo "$found" ;;
silent) exec sleep 60 ;;
ended) echo "qemu: terminating on signal 15 from pid 1" >&2; exit 0 ;;
broken) echo "qemu: first line" >&2; echo "qemu: -machine pc: no such thing" >&2; exit 1 ;;
initrd)	# The first area is 56 MiB at 256 MiB.
	dd if=/proc/self/fd/3 bs=1M skip=256 count=56 2>/dev/null | grep -qa "a file of this load" &&
		echo "Memory: 1K/2K available (1K kernel code)" ||
		echo "Kernel panic - not syncing: no initrd"; exec sleep 60 ;;
kvm) for word; do echo "WORD $word"; done; echo "$found"; echo "Memory: 1K/2K available (1K kernel code)" ;;
broken-kvm)
	case "$*" in *"-accel kvm"*)
		echo "qemu: failed to initialize kvm: Permission denied" >&2; exit 1 ;;
	esac
	echo "$found"; echo "Memory: 1K/2K available (1K kernel code)" ;;
mute-kvm)
	case "$*" in *"-accel kvm"*)
		echo "Decompressing Linux..."; exec sleep 60 ;;
	esac
	echo "LINE $(dd if=/proc/self/fd/3 bs=4096 skip=81 count=1 2>/dev/null | tr -d '\0')"
	echo "$found"; echo "Memory: 1K/2K available (1K kernel code)" ;;
words) for word; do echo "WORD $word"; done; echo "USER $(id -u)"
	echo "FILES $(ulimit -f) $(ulimit -c)"
	# The zero page names the command line; both are in the memory of the guest.
	echo "LINE $(dd if=/proc/self/fd/3 bs=4096 skip=81 count=1 2>/dev/null | tr -d '\0')" ;;
esac
EOS
chmod 755 "$work/bin/qemu-system-x86_64"
"$fixtures/mkkernel.py" "$work/image"
make_machine "$work/ample" 0x10000000 0x3800000 0x20000000 0x800000
make_machine "$work/small" 0x10000000 0x1800000
# KVM of this machine is as if it were not there: what QEMU is given does not depend on it.
without_kvm=
[ "$(uname -m)" != x86_64 ] || without_kvm="setarch i686"
# In a namespace in which it is root, a user can't run QEMU as nobody: there it is that user again.
as_user=
[ "$(id -u)" = 0 ] || as_user="unshare --user --map-user=$(id -u) --map-group=$(id -g)"

# rehearse HOW MACHINE [WORD]...
rehearse() {
	how=$1 machine=$2
	shift 2
	# shellcheck disable=SC2086 # none, or words
	run $without_kvm env FAKE="$how" PATH="$work/bin:$PATH" "$kexec" --kho-report --kho-image="$work/image" \
		--kho-machine="$work/$machine" --kho-append="kho=on nokaslr" --kho-initrd=none "$@"
}

rehearse up ample --kho-rehearse
check_status "a successor that was seen to come up" 0
check_match "it is a note, with its words" "$out" \
	'^note: rehearsal-up: rehearsed in [0-9.]* s, the successor comes up: SLUB: HWalign=64, .*'
check_match "its allocations are reported" "$out" \
	'^  percpu memory  *40 KiB  0x0010000000-0x001000a000  pcpu_fc_alloc$'

rehearse up small --kho-rehearse
check_status "the model says that it dies, the rehearsal decides" 0
check_match "both are reported" "$out" \
	'^note: model-differs: the model says that it dies, the rehearsal decides: it comes up$'
check_match "what is overruled stays in sight" "$out" '^fail [(]overruled[)]: memory-map-short: .*'

run env FAKE=up PATH="$work/bin:$PATH" "$kexec" --kho-report --kho-image="$work/image" \
	--kho-machine="$work/small" --kho-append=kho=on --kho-initrd=none --kho-rehearse
check_status "with KASLR one place tells not of the others" 4
check_match "which is reported" "$out" \
	'^unknown: rehearsal-unknown: it comes up where the model says that it dies, in one of .*'
check_match "with the place" "$out" \
	'^note: rehearsal-up: rehearsed in [0-9.]* s, run at 0x[0-9a-f]*, the worst of [0-9]* places of KASLR, the .*'
check_match "and the reason" "$out" \
	'^  the kernel ran at 0x[0-9a-f]*, the worst place that KASLR may choose: of [0-9]* places the model has [0-9]* in which it dies; in this one there is no room for the memory map$'

"$fixtures/mkkernel.py" --texts=kho-v4,movable_node "$work/parameters"
run env FAKE=up PATH="$work/bin:$PATH" "$kexec" --kho-report --kho-image="$work/parameters" \
	--kho-machine="$work/ample" --kho-append="kho=on nokaslr movable_node" --kho-initrd=none \
	--kho-rehearse
check_status "a parameter that the model does not follow was followed by the successor" 0
check_match "the model's doubt stays in sight" "$out" \
	'[(]overruled[)]: cmdline-not-followed: movable_node .*'

rehearse dead ample --kho-rehearse
check_status "a successor that was seen to die" 3
check_line "in its own words" "$out" \
	"fail: rehearsal-died: rehearsed, the successor dies: Kernel panic - not syncing: out of cake"
rehearse reset ample --kho-rehearse
check_status "one that resets itself" 3
check_line "says nothing" "$out" \
	"fail: rehearsal-died: rehearsed, the successor dies: it reset itself (triple fault)"
rehearse refused ample --kho-rehearse
check_status "one that takes nothing of what is handed over" 3
check_match "is reported" "$out" '^fail: rehearsal-not-revived: .*'
rehearse silent ample --kho-rehearse=2
check_status "one without an end" 4
check_line "is unknown" "$out" \
	"unknown: rehearsal-unknown: the boot could not be rehearsed: no end within 2 seconds"
rehearse broken ample --kho-rehearse
check_status "a QEMU that fails" 4
check_line "in its last words" "$out" \
	"unknown: rehearsal-unknown: the boot could not be rehearsed: $work/bin/qemu-system-x86_64: qemu: -machine pc: no such thing"
rehearse ended ample --kho-rehearse
check_status "a QEMU that somebody ended is no death of the guest" 4
run env PATH="$work/none" "$kexec" --kho-report --kho-image="$work/image" \
	--kho-machine="$work/ample" --kho-append="kho=on nokaslr" --kho-rehearse
check_status "no QEMU" 4
check_line "is reported with its remedy" "$out" \
	"unknown: rehearsal-unknown: the boot could not be rehearsed: qemu-system-x86_64 was not found: install QEMU for x86_64"

rehearse words ample --kho-rehearse=60 --kho-rehearse-log="$work/log"
sed -n 's/^WORD //p' "$work/log" >"$work/words"
# No network, no disk, no monitor and no configuration: all that it gets.
check_text "QEMU's words" "$work/words" <<'EOS'
-nodefaults
-no-user-config
-no-reboot
-display
none
-monitor
none
-nic
none
-chardev
stdio,id=console,signal=off
-serial
chardev:console
-machine
pc,memory-backend=ram,max-ram-below-4g=3G,usb=off,vmport=off,graphics=off
-cpu
max,pdpe1gb=off
-smp
1
-object
memory-backend-file,id=ram,size=3221225472,mem-path=/proc/self/fd/3,share=on,reserve=off
-m
3072M
-accel
tcg
-bios
/proc/self/fd/4
EOS
[ "$(id -u)" != 0 ] || check_line "root runs it as nobody" "$work/log" "USER 65534"
check_line "it can write no file and no core" "$work/log" "FILES 0 0"
check_line "the successor's command line, and what is added" "$work/log" \
	"LINE debug earlyprintk=ttyS0 memblock=debug kho=on nokaslr"

# with_kvm COMMAND...: with a /dev/kvm that can be opened.  What it is, the stand-in says.
with_kvm() {
	# shellcheck disable=SC2086 # none or one
	unshare ${at_map-} --mount sh -c '
		dev=$1
		shift
		mount -t tmpfs dev "$dev" && touch "$dev/null" "$dev/kvm" &&
			chmod 666 "$dev/null" "$dev/kvm" && mount --bind /dev/null "$dev/null" &&
			mount --rbind "$dev" /dev || exit 125
		exec "$@"' with_kvm "$work/dev" "$@"
}
# rehearse_kvm HOW MACHINE [WORD]...: within so many seconds.
seconds=60
rehearse_kvm() {
	how=$1 machine=$2
	shift 2
	# shellcheck disable=SC2086 # none, or words
	run with_kvm $as_user "$@" env FAKE="$how" PATH="$work/bin:$PATH" "$kexec" --kho-report \
		--kho-image="$work/image" --kho-machine="$work/$machine" --kho-initrd=none \
		--kho-append="kho=on nokaslr" --kho-rehearse=$seconds --kho-rehearse-log="$work/log"
}
# A machine with RAM that ends at 2 TiB.
make_machine "$work/vast" 0x10000000 0x3800000 0x20000000 0x800000
mkdir "$work/vast/sys/firmware/memmap/1"
echo 0x1ffc0000000 >"$work/vast/sys/firmware/memmap/1/start"
echo 0x1ffffffffff >"$work/vast/sys/firmware/memmap/1/end"
echo "System RAM" >"$work/vast/sys/firmware/memmap/1/type"
too_vast="unknown: rehearsal-unknown: the boot could not be rehearsed: this machine's memory ends at 2048 GiB; without KVM a guest's ends at 1024 at most"

if [ "$(uname -m)" = x86_64 ]; then
	rehearse_kvm kvm ample
	check_status "with KVM" 0
	check_equal "it is all that QEMU is given" "$(grep -A1 -xF "WORD -accel" "$work/log" | tr '\n' ' ')" \
		"WORD -accel WORD kvm "
	check_match "which is reported" "$out" '^  took [0-9.]* s under KVM, [0-9]* MiB of memory$'
	rehearse_kvm broken-kvm ample
	check_status "where QEMU cannot use it" 0
	check_match "TCG is used" "$out" '^  took [0-9.]* s under TCG, [0-9]* MiB of memory$'
	check_line "and reported why" "$out" \
		"  KVM could not be used: $work/bin/qemu-system-x86_64: qemu: failed to initialize kvm: Permission denied"
	seconds=8
	rehearse_kvm mute-kvm ample
	seconds=60
	check_status "where its guest says nothing" 0
	check_match "TCG is used" "$out" '^  took [0-9.]* s under TCG, [0-9]* MiB of memory$'
	check_line "and reported why" "$out" "  KVM could not be used: no line of the kernel within 2 seconds"
	check_line "it has the other half of the time, with a line for each allocation" "$work/log" \
		"LINE debug earlyprintk=ttyS0 memblock=debug kho=on nokaslr"
	rehearse_kvm kvm vast
	check_match "KVM has address bits for 2 TiB" "$out" '^note: rehearsal-up: .*'
	rehearse_kvm broken-kvm vast
	check_line "TCG in its place has none" "$out" "$too_vast"
	rehearse_kvm kvm ample setarch i686
	check_status "on another architecture" 0
	check_equal "KVM is not tried" "$(grep -A1 -xF "WORD -accel" "$work/log" | tr '\n' ' ')" \
		"WORD -accel WORD tcg "
fi
rehearse words vast --kho-rehearse --kho-rehearse-log="$work/log"
check_status "more than TCG has address bits" 4
check_line "is reported with both figures" "$out" "$too_vast"
check_text "and QEMU is not started" "$work/log" </dev/null

# Too little memory for struct pages: 16 MiB for 1 GiB of RAM, and 256 MiB for a guest of any size.
make_machine "$work/poor" 0x10000000 0x3800000 0x20000000 0x800000
echo "MemAvailable: 204800 kB" >"$work/poor/proc/meminfo"
run at "$work/poor" env FAKE=words PATH="$work/bin:$PATH" "$kexec" --kho-report \
	--kho-image="$work/image" --kho-append="kho=on nokaslr" --kho-initrd=none --kho-rehearse \
	--kho-rehearse-log="$work/log"
check_status "less memory than it may take" 4
check_line "is reported with both figures" "$out" \
	"unknown: rehearsal-unknown: the boot could not be rehearsed: the guest needs up to 272 MiB, most of it for struct pages; 200 MiB are free"
check_text "and QEMU is not started" "$work/log" </dev/null

# child PID: its child, "" where it has none.  A process's parent is the fourth word, its session the sixth.
child() {
	cat /proc/[0-9]*/stat 2>/dev/null | awk -v parent="$1" '$4 == parent { print $1; exit }'
}
for signal in TERM KILL; do
	FAKE=silent PATH="$work/bin:$PATH" "$kexec" --kho-report --kho-image="$work/image" \
		--kho-machine="$work/ample" --kho-append="kho=on nokaslr" --kho-initrd=none \
		--kho-rehearse=50 >/dev/null 2>&1 </dev/null &
	tool=$! qemu=
	for _ in $(seq 100); do
		qemu=$(child $tool)
		# Between its start and its exec() it is this program still.
		[ -z "$qemu" ] || [ "$(cat "/proc/$qemu/comm")" != sleep ] || break
		sleep 0.1
	done
	check_equal "QEMU has a session of its own" \
		"$(cut -d ' ' -f 6 "/proc/${qemu:-none}/stat" 2>&1)" "$qemu"
	kill -"$signal" $tool
	wait $tool 2>/dev/null
	for _ in $(seq 50); do
		[ -d "/proc/${qemu:-none}" ] || break
		sleep 0.1
	done
	check_equal "and ends with SIG$signal of the tool" "$(ls -d "/proc/${qemu:-none}" 2>/dev/null)" ""
done

run env FAKE=up PATH="$work/bin:$PATH" "$kexec" --kho-report=json --kho-image="$work/image" \
	--kho-machine="$work/ample" --kho-append="kho=on nokaslr" --kho-rehearse
check_equal "the same for programs" "$(python3 -c '
import json, sys
r = json.load(open(sys.argv[1]))["rehearsal"]
print(r["outcome"], r["handover_found"], r["allocations"][0]["user"], r["allocations"][0]["bytes"])
' "$out")" "up True percpu 40960"
run "$kexec" --kho-report=json --kho-image="$work/image" --kho-machine="$work/ample" \
	--kho-append="kho=on nokaslr"
check_equal "null where none was made" "$(python3 -c '
import json, sys
print(json.load(open(sys.argv[1]))["rehearsal"])' "$out")" "None"

# In the gate, on what looks like another machine: what the loader gives to the kernel is rehearsed before it gets there.
gate() {
	how=$1 machine=$2 mode=$3
	shift 3
	# shellcheck disable=SC2086 # none, or words
	run at "$work/$machine" $as_user env FAKE="$how" PATH="$work/bin:$PATH" "$kexec" "$mode" \
		--kho-rehearse=2 --kho-loader="$top_builddir/tests/cli/loader" \
		"image=$work/image" "$@"
}
gate up small --kho-strict file exit=7
check_status "strict lets through what was seen to come up" 7
gate dead ample --kho-strict file exit=7
check_status "strict refuses what was seen to die" 3
check_equal "and says so" "$(grep -c '^kexec: kho: load refused: FAIL ' "$err")" 1
gate silent ample --kho-strict file exit=7
check_status "strict refuses what had no end" 4
run at "$work/ample" env PATH="$work/none" "$kexec" --kho-strict --kho-rehearse=2 \
	--kho-loader="$top_builddir/tests/cli/loader" "image=$work/image" file exit=7
check_status "strict refuses without QEMU" 4
check_equal "and says so" "$(grep -c '^kexec: kho: load refused: ' "$err")" 1
check_line "with the reason" "$err" \
	"kexec: kho: unknown: rehearsal-unknown: the boot could not be rehearsed: qemu-system-x86_64 was not found: install QEMU for x86_64"
gate dead ample --kho-check file exit=7
check_status "check lets it through" 7
check_line "with its words" "$err" \
	"kexec: kho: fail: rehearsal-died: rehearsed, the successor dies: Kernel panic - not syncing: out of cake"
echo "a file of this load" >"$work/initrd"
# shellcheck disable=SC2086 # none, or words
run at "$work/ample" $as_user env FAKE=initrd PATH="$work/bin:$PATH" "$kexec" --kho-check --kho-rehearse=60 \
	--kho-loader="$top_builddir/tests/cli/loader" "image=$work/image" "initrd=$work/initrd" \
	file exit=7
check_status "the initrd of a load" 7
check_match "its content is in the guest's memory" "$err" 'note: rehearsal-up: .*'

for bad in "--kho-rehearse=0" "--kho-rehearse=1h" "--kho-rehearse=3601"; do
	run "$kexec" --kho-report --kho-image="$work/image" "$bad"
	check_status "$bad" 1
	check_match "is refused" "$err" '^kexec: --kho-rehearse=.*: not a number of seconds from 1 to 3600.*'
done
run "$kexec" --kho-report --kho-rehearse
check_status "a rehearsal of nothing" 1
check_match "is refused" "$err" '^kexec: --kho-rehearse does not go with a report on the machine alone.*'
run "$kexec" --kho-report --kho-image="$work/image" --kho-rehearse-log="$work/log"
check_status "a log of no rehearsal" 1
run "$kexec" --kho-report --kho-image="$work/image" --kho-fleet="$work/none" --kho-rehearse
check_status "a fleet of rehearsals" 1
finish
