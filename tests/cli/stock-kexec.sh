#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Through kexec-tools' own kexec, as an operator calls it: the one that the front end found, or the
# one that the gate is linked into.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

case $KHO_TEST_BINDING in
linked)
	stock=$top_builddir/kexec-tools/build/sbin/kexec
	programs=1
	;;
*)
	stock=$(PATH=/usr/sbin:/sbin:$PATH command -v "${KEXEC_LOADER:-kexec}") ||
		skip_all "no kexec is installed"
	programs=2
	;;
esac
need_at
"$fixtures/mkkernel.py" "$work/image"
make_machine "$work/ample" 0x10000000 0x8000000
make_machine "$work/small" 0x10000000 0x1800000

loaded() {
	cat /sys/kernel/kexec_loaded 2>/dev/null || echo none
}

# A load syscall that reached the kernel, as strace sees it: PID SYSCALL = RESULT.
trace_words="strace -f -qq -e trace=kexec_file_load,kexec_load,reboot,execve -o $work/trace"
trace() {
	# shellcheck disable=SC2086 # a list of words
	run $trace_words "$@"
}
trace_at() {
	machine=$1
	shift
	# shellcheck disable=SC2086
	run at "$machine" $trace_words "$@"
}

# How often the trace shows a load that was refused: the loader of the front end makes the call
# and gets EPERM, the linked one does not make it.
refused_loads() {
	if [ "$KHO_TEST_BINDING" = linked ]; then
		grep -q kexec_file_load "$work/trace" || echo 1
	else
		grep -o 'kexec_file_load.*= -1 EPERM' "$work/trace" | wc -l
	fi
}

before=$(loaded)

run "$kexec" --version
check_status "without our options it is the real kexec" 0
"$stock" --version >"$work/version"
check_text "its version" "$out" <"$work/version"
run "$kexec" --kho-help
check_status "help" 0
cp "$out" "$work/our-options"
run "$kexec" --kho-chekc -l "$work/image"
check_status "an unknown option" 1
check_text "an unknown option: said" "$err" <<'EOF'
kexec: unknown option '--kho-chekc'; see kexec --kho-help
EOF

run "$kexec" --kho-report -s -l "$work/image" --append="kho=on console=ttyS0" \
	--kho-machine="$work/small"
check_status "dry run" 3
cp "$out" "$work/through-loader"
run "$kexec" --kho-report --kho-image="$work/image" --kho-initrd=none --kho-machine="$work/small" \
	--kho-append="kho=on console=ttyS0"
check_text "dry run: the same report as without a loader" "$work/through-loader" <"$out"

# Whatever writes to stdout: what does not get there is an error, and told.
# check_lost NAME WHY: stdio does not keep why where it gave up in the middle.
check_lost() {
	tail -n 1 "$err" | sed "s/: $2$/: a write failed/" >"$work/last"
	check_text "$1: said" "$work/last" <<'EOF'
kexec: stdout: a write failed
EOF
}
for words in --kho-help \
	"--kho-report -s -l $work/image --kho-machine=$work/ample" \
	"--kho-report=json -s -l $work/image --kho-machine=$work/ample" \
	"--kho-report --kho-image=$work/image --kho-machine=$work/ample" \
	"--kho-report=json --kho-image=$work/image --kho-machine=$work/ample" \
	"--kho-report=map --kho-image=$work/image --kho-machine=$work/ample" \
	"--kho-report=html --kho-image=$work/image --kho-machine=$work/ample" \
	"--kho-report=prometheus --kho-image=$work/image --kho-machine=$work/ample" \
	"--kho-report --kho-machine=$work/ample" "--kho-save-machine=- --kho-machine=$work/ample"; do
	name=$(echo "$words" | sed "s,$work/,,g")
	# shellcheck disable=SC2086 # a list of words
	run sh -c '"$@" >/dev/full' sh "$kexec" $words
	check_status "full disk, $name" 1
	check_lost "full disk, $name" "No space left on device"
	# shellcheck disable=SC2086
	run sh -c 'trap "" PIPE; exec 3>"$0"; { sleep 0.3; "$@"; echo $? >&3; } | exec true' \
		"$work/ended" "$kexec" $words
	check_equal "no reader, $name: exit status 1" "$(cat "$work/ended")" 1
	check_lost "no reader, $name" "Broken pipe"
done

# A dry run does nothing, whatever else is on the line.
for words in "-s -f" "-s -e" "-s -f -e" "-s -u" "-s" "-s -x -f" "-s --"; do
	# shellcheck disable=SC2086 # a list of words
	run "$kexec" --kho-report --kho-machine="$work/ample" --append=kho=on $words "$work/image"
	case $words in
	*-u*) check_status "dry run with $words: nothing was asked for" 1 ;;
	*) check_status "dry run with $words" 0 ;;
	esac
done

# An unload goes well in a dry run, and kexec goes on: never to the network's interfaces.
in_network() {
	unshare -n sh -c 'ip link add kho0 type veth peer name kho1 && ip link set kho0 up || exit 99
		"$@"
		ip -o link show kho0 | grep -q "[<,]UP[,>]" || echo kho0 is down >&2' sh "$@"
}
if in_network true 2>/dev/null; then
	run in_network "$kexec" --kho-report --kho-machine="$work/ample" -s -e -u "$work/image"
	check_line "dry run with -e -u: nothing was asked for" "$err" \
		"kexec: --kho-report: the loader made no load; see its message"
	check_no_text "dry run with -e -u: the network stays" "$err" "kho0 is down"
else
	skip "dry run with -e -u" "wants root, unshare and ip, to have a network of its own"
fi

if command -v strace >/dev/null; then
	trace "$stock" -s -l "$work/image"
	said=$(sed -n 's/.*kexec_file_load(.*) = -1 \([A-Z]*\).*/\1/p' "$work/trace")
	trace "$kexec" --kho-report -s -f -e "$work/image" --kho-machine="$work/ample"
	check_equal "dry run with -f -e: no reboot was tried" \
		"$(grep -c 'reboot(' "$work/trace")" 0
	check_equal "dry run with -f -e: nothing else was executed" \
		"$(grep -c 'execve(.*= 0' "$work/trace")" $programs
	check_equal "dry run with -f -e: the load did not return" \
		"$(grep -c 'kexec_file_load.*= -\?[0-9]' "$work/trace")" 0
	# Then kexec falls back by itself.
	if [ "$said" = ENOSYS ]; then
		run at "$work/ample" "$kexec" --kho-strict -a -l "$work/image"
		check_status "a load that falls back to the older syscall is refused there" 3
		check_line "and told for what it is" "$err" \
			"kexec: kho: fail: classic-load: kexec_load carries no handover: the successor boots with all memory, and what this kernel preserved is lost"
	else
		skip "a load that falls back" "this kernel has kexec_file_load"
	fi
	if [ "$said" = EPERM ]; then
		skip "strict: the refused load did not reach the kernel" \
			"this kernel itself refuses loads with EPERM"
	else
		trace_at "$work/small" "$kexec" --kho-strict -s -l "$work/image"
		check_equal "strict: the refused load did not reach the kernel" \
			"$(refused_loads)" 1
		trace_at "$work/small" "$kexec" --kho-check -s -l "$work/image"
		check_equal "check: the load reached the kernel" \
			"$(grep -o "kexec_file_load.*= -1 $said" "$work/trace" | wc -l)" 1
	fi
else
	skip "what reached the kernel" "strace is not installed"
fi

run at "$work/small" "$kexec" --kho-strict -s -l "$work/image"
check_status "strict refuses" 3
run at "$work/small" "$kexec" --kho-strict=warn -s -l "$work/image"
check_status "strict=warn refuses" 3
run at "$work/small" "$kexec" --kho-strict -a -l "$work/image"
check_status "strict refuses where kexec could fall back" 3
check_equal "and kexec does not try again by the older syscall" "$(grep -c 'load refused' "$err")" 1
run at "$work/ample" "$kexec" --kho-strict -c -l "$work/image"
check_status "strict refuses a classic load" 3

# A dry run of it is made once more by file, to follow the image all the same.
if [ "$KHO_TEST_BINDING" = front-end ]; then
	run "$kexec" --kho-report=json --kho-machine="$work/small" -c -l "$work/image"
	check_status "dry run of a classic load" 3
	check_equal "dry run of a classic load: both are said" "$(sed -n \
		's/^      "id":"\(classic-load\|memory-map-short\)",$/\1/p' "$out" | sort | paste -sd' ')" \
		"classic-load memory-map-short"
	check_line "dry run of a classic load: how to do it" "$out" \
		'      "remedy":"load with kexec_file_load: kexec -s"'
	run "$kexec" --kho-report --kho-machine="$work/small" -c -l "$work/none"
	check_status "dry run of a classic load that fails" 1
fi

# Where the kernel says ENOSYS, EINVAL or ENOEXEC to the one, kexec-tools goes on with the other.
run at "$work/ample" "$top_builddir/tests/cli/loader" without-file-load exec "$kexec" \
	--kho-strict -a -l "$work/image"
check_status "strict refuses the classic load that kexec falls back to" 3
check_line "and why" "$err" \
	"kexec: kho: fail: classic-load: kexec_load carries no handover: the successor boots with all memory, and what this kernel preserved is lost"
run "$top_builddir/tests/cli/loader" without-file-load exec "$stock" -a -l "$work/image"
without=$status
run at "$work/ample" "$top_builddir/tests/cli/loader" without-file-load exec "$kexec" \
	--kho-check -a -l "$work/image"
check_status "check lets it go on, with kexec's own status" "$without"
check_line "and warns" "$err" \
	"kexec: kho: fail: classic-load: kexec_load carries no handover: the successor boots with all memory, and what this kernel preserved is lost"

run at "$work/ample" "$kexec" --kho-strict=warn -s -l "$work/image"
check_status "strict=warn refuses a warning" 2
run "$stock" -s -l "$work/image"
stock_status=$status
run at "$work/ample" "$kexec" --kho-strict -s -l "$work/image"
check_status "strict lets a warning through, with kexec's own status" "$stock_status"
check_line "and tells it" "$err" \
	"kexec: kho: warn: successor-kho-off: the successor's command line lacks kho=on: unless KHO is on by default in it, it can't hand over in its turn, and the update after this one loses what this one keeps"
# What KHO is not in is never stopped, whatever the environment says.
no_load="--version -u -p"
# It takes the network down and reboots: only where it can do neither to this machine.
[ "$(id -u)" = 0 ] && [ -z "${KHO_TEST_CAPS_DROPPED-}" ] || no_load="$no_load -e"
for word in $no_load; do
	case $word in
	-p) set -- -p "$work/image" ;;
	*) set -- "$word" ;;
	esac
	run at "$work/small" "$stock" "$@"
	own_status=$status
	for value in strict off 0 1 STRICT; do
		run at "$work/small" env KEXEC_KHO=$value "$kexec" "$@"
		check_status "KEXEC_KHO=$value kexec $word" "$own_status"
		check_no_text "KEXEC_KHO=$value kexec $word: not refused" "$err" refused
	done
done

"$fixtures/mkkernel.py" --no-kho "$work/no-kho"
run at "$work/ample" "$kexec" --kho-strict -s -l "$work/no-kho"
check_status "strict refuses a successor without KHO" 3
run at "$work/ample" "$kexec" --kho-strict --kho-ignore=successor-no-kho -s -l "$work/no-kho"
check_status "unless that is accepted by name" "$stock_status"
check_line "and tells that it was" "$err" \
	"kexec: kho: fail (accepted): successor-no-kho: the successor has no KHO: it boots with all memory, and takes nothing over; nothing is registered now that would be lost"

head -c 1000 "$work/image" >"$work/cut"
run "$kexec" --kho-report -s -l "$work/cut" --kho-machine="$work/ample"
check_status "an image that kexec itself does not take" 1

check_equal "nothing was loaded by any of this" "$(loaded)" "$before"
finish
