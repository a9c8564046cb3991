#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The gate, under a loader that tells what came back from each load syscall.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

need_at
loader=$top_builddir/tests/cli/loader
"$fixtures/mkkernel.py" "$work/image"
make_machine "$work/ample" 0x10000000 0x8000000
make_machine "$work/small" 0x10000000 0x1800000

# What a load says that reaches this kernel: ENOSYS without kexec, or (without
# CAP_SYS_BOOT) EPERM, which is no proof that it was the gate that refused.
reached=$("$loader" "image=$work/image" file)
reached=${reached#file: }

# load MODE MACHINE STEP...
load() {
	mode=$1
	machine=$2
	shift 2
	run at "$work/$machine" "$kexec" "$mode" --kho-loader="$loader" "image=$work/image" "$@"
}

# check_refused NAME WHO: the last load got EPERM of the gate, not of the kernel.
check_refused() {
	if [ "$reached" = EPERM ]; then
		skip "$1" "this kernel itself refuses loads with EPERM"
	else
		check_line "$1" "$out" "$2: EPERM"
	fi
}

load --kho-strict ample file
check_status "strict lets through what fits" 0
check_line "the load reached the kernel" "$out" "file: $reached"
sed 's/[0-9.]* MiB to spare/MUCH to spare/' "$err" >"$work/note"
check_text "and nothing was said but a note" "$work/note" <<'EOF'
kexec: kho: OK 7.2.13 -> 7.2.0-fixture: it boots inside the scratch areas, with MUCH to spare
kexec: kho: note: preserved-unread: which memory is preserved can't be read: kho/out/fdt names no map
EOF

load --kho-strict small file
check_status "strict refuses what does not fit" 3
check_refused "the load did not reach the kernel" file
cp "$err" "$work/refused"
check_text "why it was refused" "$err" <<'EOF'
kexec: kho: load refused: FAIL 7.2.13 -> 7.2.0-fixture: node 0's memory map is 7.11 MiB short; boot with kho_scratch=4M,20M,12M
kexec: kho: fail: memory-map-short: the successor dies in early boot: no room in scratch for the memory map of node 0: of its 16 MiB 7.11 MiB are missing
kexec: kho: remedy: the areas stay those of the first kernel in the chain: boot this machine cold with kho_scratch=4M,20M,12M (36 MiB in all) on its boot loader's kernel line
kexec: kho: note: preserved-unread: which memory is preserved can't be read: kho/out/fdt names no map
kexec: kho: more: kexec --kho-explain=memory-map-short
EOF

# The parameter has the name that the running kernel knows.
make_machine "$work/later" 0x10000000 0x1800000
for file in phys len; do
	mv "$work/later/sys/kernel/debug/kho/out/scratch_$file" \
		"$work/later/sys/kernel/debug/kho/out/bootmem_$file"
done
load --kho-strict later file
check_status "strict refuses it on a kernel with the names of 7.4" 3
sed -n 's/.* \(boot[a-z ]* with kho_[a-z]*=[0-9M,]*\).*/\1/p' "$err" >"$work/lines"
check_text "with the line for the boot loader by the name of that kernel" "$work/lines" <<'EOF'
boot with kho_bootmem=4M,20M,12M
boot this machine cold with kho_bootmem=4M,20M,12M
EOF

load --kho-check small file exit=7
check_status "check lets it through, with the loader's own status" 7
check_line "check: the load reached the kernel" "$out" "file: $reached"
sed 's/load refused: //' "$work/refused" >"$work/let-through"
check_text "check: the warning is the same, without a refusal" "$err" <"$work/let-through"

load --kho-strict small exit=0
check_status "a loader that loads nothing: it may have had it done" 4
check_text "a loader that loads nothing: said" "$err" <<EOF
kexec: kho: unknown: --kho-loader=$loader made no load itself that carries a handover: nothing was checked
EOF
load --kho-check small exit=0
check_status "check: a loader that loads nothing" 0
load --kho-strict small exit=9
check_status "a loader that loads nothing and fails" 9
load --kho-strict small file exit=0
check_status "a refusal is not hidden by the loader's status" 3
load --kho-strict small thread
check_refused "a load from another thread" thread
load --kho-strict small child
check_refused "a load from a child" child
load --kho-strict ample classic
check_status "the classic syscall carries no handover" 3
check_refused "the classic load did not reach the kernel" classic
load --kho-strict ample compat
check_refused "nor did one through the 32-bit ABI" compat

# kexec-tools falls back to kexec_load where the kernel does not take the other.
load --kho-strict ample file classic
check_status "a fallback to the classic syscall" 3
check_line "the first load reached the kernel" "$out" "file: $reached"
check_refused "the fallback did not" classic
check_line "and why" "$err" \
	"kexec: kho: fail: classic-load: kexec_load carries no handover: the successor boots with all memory, and what this kernel preserved is lost"
load --kho-strict small --kho-ignore=memory-map-short file
check_status "a certain death is not accepted like a nuisance" 1
check_text "and which word it takes" "$err" <<'EOF'
kexec: --kho-ignore=memory-map-short: with it the successor surely dies, and what was handed over is lost; whoever wants that says --kho-ignore-fatal=memory-map-short
EOF
load --kho-strict small --kho-ignore-fatal=memory-map-short file
check_status "what was accepted by name is let through" 0
check_line "and the first line says so" "$err" \
	"kexec: kho: OK (1 fail accepted) 7.2.13 -> 7.2.0-fixture: it dies in early boot: node 0's memory map is 7.11 MiB short, which was accepted"
check_line "the accepted load reached the kernel" "$out" "file: $reached"
check_line "and told as accepted" "$err" \
	"kexec: kho: fail (accepted, a certain death): memory-map-short: the successor dies in early boot: no room in scratch for the memory map of node 0: of its 16 MiB 7.11 MiB are missing"
load --kho-strict ample --kho-ignore=classic-load classic
check_status "so is a classic load" 0
load --kho-strict small --kho-ignore=classic-load,chain file
check_status "another finding stays" 3
load --kho-strict small --kho-ignore=classic file
check_status "a finding that there is not" 1
check_text "a finding that there is not: said" "$err" <<'EOF'
kexec: --kho-ignore=classic: no such finding; kexec --kho-explain lists them
EOF

load --kho-strict small crash unload
check_line "the crash load reached the kernel" "$out" "crash: $reached"
check_line "the unload reached the kernel" "$out" "unload: $reached"
check_text "crash loads and unloads: none was checked" "$err" <<EOF
kexec: kho: unknown: --kho-loader=$loader made no load itself that carries a handover: nothing was checked
EOF
check_status "crash loads and unloads: that is unknown of a loader that was named" 4
load --kho-check small unload crash
check_status "check: crash loads and unloads" 0
load --kho-strict ample unload file unload
check_status "a load between unloads was checked" 0

# Several loads: any refusal counts, the worst of them, whatever comes after it.
"$fixtures/mkkernel.py" --no-kho "$work/no-kho"
printf 'no kernel' >"$work/text"
load --kho-strict ample "image=$work/no-kho" file "image=$work/image" file exit=9
check_status "refused, then let through" 3
check_line "the second load reached the kernel" "$out" "file: $reached"
load --kho-strict ample file "image=$work/no-kho" file exit=9
check_status "let through, then refused" 3
load --kho-strict ample "image=$work/text" file "image=$work/no-kho" file
check_status "refused as unknown, then as fail" 3
load --kho-strict ample "image=$work/no-kho" file "image=$work/text" file
check_status "refused as fail, then as unknown" 3
load --kho-strict=warn ample "image=$work/text" file "image=$work/no-kho" unload exit=9
check_status "refused, then an unload" 4
load --kho-strict ample "other=$work/no-kho" threads exit=9
check_status "two threads, one is refused" 3
check_line "two threads: the other load reached the kernel" "$out" "thread: $reached"
check_refused "two threads: the refused load did not" other
load --kho-check ample "image=$work/no-kho" file exit=9
check_status "check refuses none: the loader's own status" 9

# What counts is the machine when the load is made, not when the loader was started.
make_machine "$work/turns" 0x10000000 0x8000000
areas=$work/turns/sys/kernel/debug/kho/out/scratch_len
load --kho-strict turns file "run=echo 0x1800000 >$areas" file
check_status "strict: a machine that turned short is refused" 3
check_line "strict: the load before that reached the kernel" "$out" "file: $reached"
load --kho-strict turns "run=echo 0x8000000 >$areas" file
check_status "strict: one that is ample by now is let through" 0
run "$kexec" --kho-report --kho-verbose --kho-machine="$work/turns" --kho-loader="$loader" "image=$work/image" \
	"run=echo 0x1800000 >$areas" file
check_status "dry run: a copied machine that turned short" 3
check_line "dry run: its area as it is now" "$out" \
	"  scratch 0x0010000000-0x0011800000       24 MiB  node 0"
"$kexec" --kho-save-machine="$work/turns.json" --kho-machine="$work/ample"
"$kexec" --kho-save-machine="$work/small.json" --kho-machine="$work/small"
run "$kexec" --kho-report --kho-machine="$work/turns.json" --kho-loader="$loader" \
	"image=$work/image" "run=cp $work/small.json $work/turns.json" file
check_status "dry run: a snapshot that turned short" 3

run "$kexec" --kho-report --kho-machine="$work/turns" --kho-loader="$loader" "image=$work/image" \
	"run=mv $work/turns $work/gone" file
check_status "dry run: a machine that vanished is unknown" 4
check_line "dry run: and that is reported" "$out" \
	"unknown: machine-unreadable: the machine can't be read: $work/turns: No such file or directory; give a folder that holds proc/ and sys/"
check_line "dry run: with the verdict" "$out" "verdict: unknown"
run "$kexec" --kho-report=json --kho-machine="$work/turns.json" --kho-loader="$loader" \
	"image=$work/image" "run=echo >$work/turns.json" file
check_status "dry run: a snapshot that is none any more is unknown" 4
check_line "dry run: also as JSON" "$out" '  "verdict":"unknown",'
check_line "dry run: nothing is said of such a machine" "$out" '    "handovers":null'
run "$kexec" --kho-report --kho-machine="$work/turns" --kho-loader="$loader" "image=$work/image" \
	"run=echo ran" file
check_status "a machine that was never there" 1
check_text "a machine that was never there: said" "$err" <<EOF
kexec: $work/turns: No such file or directory; give a folder that holds proc/ and sys/
EOF
run "$kexec" --kho-strict --kho-machine="$work/ample" --kho-loader="$loader" "image=$work/image" \
	file
check_status "another machine than the one that is loaded on" 1
check_text "another machine: the loader was not run" "$out" </dev/null
check_text "another machine: said" "$err" <<'EOF'
kexec: --kho-machine does not go with a load, only with --kho-report of one machine, --kho-save-machine, --kho-verify, --kho-plan and --kho-diff; see kexec --kho-help
EOF

# Findings that stderr does not take: nobody was warned.
cp -r "$work/ample" "$work/warned"
echo "kho=on crashkernel=128M" >"$work/warned/proc/cmdline"
load --kho-strict warned file
check_status "strict lets through a warning that is read" 0
check_line "which is" "$err" \
	"kexec: kho: warn: crashkernel-missing: this kernel was given crashkernel=, the successor is not: no kdump after the handover"
for where in '2>/dev/full' '2>&-'; do
	# lost MACHINE OPTION...
	lost() {
		machine=$1
		shift
		run at "$work/$machine" sh -c "\"\$@\" $where" sh "$kexec" --kho-strict "$@" \
			--kho-loader="$loader" "image=$work/image" file
	}
	lost warned
	check_status "strict: a warning that can't be written ($where) is unknown" 4
	check_refused "strict: a warning that can't be written ($where): the load did not reach the kernel" file
	lost ample
	check_status "strict: a note that can't be written ($where) is still a note" 0
	check_line "strict: a note that can't be written ($where): the load reached the kernel" "$out" \
		"file: $reached"
	lost warned --kho-ignore=crashkernel-missing
	check_status "strict: an accepted warning that can't be written ($where) is still accepted" 0
	lost small
	check_status "strict: a failure that can't be written ($where) is a failure" 3
done
run at "$work/ample" sh -c '"$@" 2>/dev/full' sh "$kexec" --kho-check --kho-loader="$loader" \
	"image=$work/image" file exit=7
check_status "check: a finding that can't be written: the loader's own status" 7
check_line "check: a finding that can't be written: the load reached the kernel" "$out" \
	"file: $reached"

load --kho-strict ample seek=7 file where
check_line "the descriptor's offset stays" "$out" "offset: 7"

for mode in --kho-strict --kho-check; do
	run at "$work/ample" "$kexec" $mode --kho-loader="$loader" file
	check_line "$mode: a descriptor that can't be read is unknown" "$err" \
		"kexec: kho: unknown: successor-unreadable: the loader's image can't be read: Bad file descriptor"
done
check_status "check: unknown is let through" 0

run at "$work/ample" "$kexec" --kho-strict --kho-loader="$loader" \
	"image=$work/text" file
check_status "what is no kernel is unknown" 4

run at "$work/small" env KEXEC_KHO=strict "$kexec" --kho-loader="$loader" "image=$work/image" \
	file env
check_status "KEXEC_KHO stands for the option" 3
check_line "the loader does not inherit KEXEC_KHO" "$out" "KEXEC_KHO: off"
run at "$work/small" env KEXEC_KHO=off "$kexec" --kho-loader="$loader" --kho-ignore=chain \
	"image=$work/image" file env exit=7
check_status "KEXEC_KHO=off switches the check off" 7
check_line "KEXEC_KHO=off: the load reached the kernel" "$out" "file: $reached"
check_text "KEXEC_KHO=off: nothing was said" "$err" </dev/null
check_line "KEXEC_KHO=off: it is inherited" "$out" "KEXEC_KHO: off"
for value in 0 1 STRICT; do
	cat >"$work/said" <<EOF
kexec: kho: KEXEC_KHO=$value: not "off", "check", "strict" or "strict=warn": taken as "strict"
EOF
	run at "$work/small" env KEXEC_KHO=$value "$kexec" --kho-loader="$loader" \
		"image=$work/image" crash unload file
	check_status "KEXEC_KHO=$value refuses what does not fit" 3
	check_line "KEXEC_KHO=$value: crash loads pass" "$out" "crash: $reached"
	check_line "KEXEC_KHO=$value: unloads pass" "$out" "unload: $reached"
	grep KEXEC_KHO "$err" >"$work/told"
	check_text "KEXEC_KHO=$value: told once" "$work/told" <"$work/said"
	run at "$work/ample" env KEXEC_KHO=$value "$kexec" --kho-loader="$loader" \
		"image=$work/image" file
	check_status "KEXEC_KHO=$value lets through what fits" 0
done

load --kho-report small unload reboot ifdown file "exit=0"
check_status "a dry run" 3
check_line "dry run: the report is on stdout" "$out" "verdict: fail"
check_line "dry run: an unload does nothing and goes well" "$err" "unload: done"
check_line "dry run: no reboot" "$err" "reboot: EPERM"
check_line "dry run: no interface goes down" "$err" "ifdown: EPERM"
check_no_text "dry run: the loader does not get past its load" "$err" "file:"
load --kho-report ample child file
check_no_text "dry run: nor does one whose child loads" "$err" "file:"
load --kho-report ample exit=0
check_status "dry run of a loader that loads nothing" 1
check_text "dry run of a loader that loads nothing: said" "$err" <<'EOF'
kexec: --kho-report: the loader made no load; see its message
EOF
load --kho-report ample crash
check_status "dry run of a crash load" 0
check_line "dry run of a crash load: said" "$out" \
	"note: crash-load: a crash kernel carries no handover: nothing to check"

run at "$work/ample" "$kexec" --kho-strict --kho-loader="$work/none" -l image
check_status "no such loader" 1
check_text "no such loader: said" "$err" <<EOF
kexec: --kho-loader=$work/none: No such file or directory
EOF
ln -s "$kexec" "$work/again"
run at "$work/ample" "$kexec" --kho-strict --kho-loader="$work/again" -l image
check_status "the loader is this program itself" 1
printf '#!/nowhere\n' >"$work/script"
chmod +x "$work/script"
run at "$work/ample" "$kexec" --kho-strict --kho-loader="$work/script" -l image
check_status "a loader that can't be executed" 1

# A kernel lets a task have one listener only: under ours, another can't supervise.
cp "$kexec" "$work/inner"
run at "$work/ample" "$kexec" --kho-check --kho-loader="$work/inner" -- \
	--kho-strict --kho-loader="$loader" "image=$work/image" file
check_status "strict: what can't be supervised is refused" 1
check_equal "strict: which was the status of unknown" "$(grep -c 'exit status was 4;' "$err")" 1
check_line "strict: and why is reported" "$err" \
	"kexec: kho: unknown: successor-unreadable: the loader can't be supervised: this process is supervised already (by another kexec --kho-check or --kho-strict, or a container manager), and Linux allows one supervisor only"
check_no_text "strict: and no remedy that is of another trouble" "$err" "remedy:"
check_text "strict: the loader was not run" "$out" </dev/null
run at "$work/ample" "$kexec" --kho-check --kho-loader="$work/inner" -- \
	--kho-check --kho-loader="$loader" "image=$work/image" file
check_line "check: what can't be supervised is loaded all the same" "$out" "file: $reached"

# Any program will do that ends in the load syscalls, such as a script of a site's own.
run at "$work/small" "$kexec" --kho-strict --kho-loader=/bin/sh -- \
	-c '"$0" "image=$1" file; exit 0' "$loader" "$work/image"
check_status "a shell whose child loads" 3
check_refused "a shell whose child loads: it did not reach the kernel" file
run at "$work/ample" "$kexec" --kho-strict --kho-loader=/bin/sh -- \
	-c '"$0" "image=$1" file; exit 5' "$loader" "$work/image"
check_status "a shell whose child may load" 5

# A /proc of a few files, and of the process itself.
in_xen() {
	mkdir -p "$work/proc"
	at "$work/ample" sh -c 'mount --bind /proc "$0" && mount -t tmpfs none /proc &&
		mkdir /proc/xen && ln -s "$0/self" "$0/$$" /proc/ &&
		echo control_d >/proc/xen/capabilities || exit 99
		exec "$@"' "$work/proc" "$@"
}
if in_xen true 2>/dev/null; then
	run in_xen "$kexec" --kho-strict --kho-loader="$loader" \
		"image=$work/image" file
	check_status "strict: nor is what a hypercall would load let through" 4
	check_line "strict: and why is reported" "$err" \
		"kexec: kho: unknown: successor-unreadable: the loader can't be supervised in a Xen control domain: it loads by hypercall"
else
	skip "strict in a Xen control domain" "wants root and unshare, to show one"
fi

# Signals and their status pass through.
load --kho-check ample raise=15
check_status "a loader that dies of a signal" 143
"$kexec" --kho-check --kho-loader="$loader" sleep=30 &
pid=$!
sleep 1
kill -TERM $pid
status=0
wait $pid || status=$?
check_status "a signal to us goes to the loader" 143
# shellcheck disable=SC2009 # pgrep would match this very script
check_equal "and the loader is gone" "$(ps -eo args | grep -c "^$loader sleep=3[0]")" 0

# If the supervisor dies, the load must fail: its listener is gone.
run at "$work/ample" "$kexec" --kho-check --kho-loader="$loader" \
	"image=$work/image" orphan-me sleep=1 file
check_status "the supervisor was killed" 137
sleep 2
check_line "the load fails" "$out" "file: ENOSYS"

if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	chmod 755 "$work"
	chmod 644 "$work/image"
	run at "$work/small" setpriv --reuid=65534 --clear-groups "$kexec" --kho-strict \
		--kho-loader="$loader" "image=$work/image" file
	check_status "not root: refused all the same" 3
else
	skip "not root: refused all the same" "wants root and setpriv"
fi

# ---- the end of the initrd: does a bootconfig follow it? ----

"$fixtures/mkkernel.py" --config="BOOT_CONFIG=y" --texts=kho-v4,bootconfig "$work/configured"
"$fixtures/mkbootconfig.py" "$work/with-bootconfig"
head -c 8192 /dev/zero >"$work/initrd"
# with_initrd FILE
with_initrd() {
	load --kho-strict ample image="$work/configured" initrd="$work/$1" \
		cmdline="console=ttyS0 kho=on nokaslr bootconfig" file
}
with_initrd initrd
check_status "a load with an initrd that ends in no bootconfig" 0
with_initrd with-bootconfig
check_status "and with one" 4
check_line "it is named" "$err" \
	"kexec: kho: unknown: cmdline-not-followed: bootconfig on the successor's command line may change early boot in a way that is not followed"

finish
