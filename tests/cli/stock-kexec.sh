#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Through the stock kexec of this machine, as an operator calls it.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

stock=$(PATH=/usr/sbin:/sbin:$PATH command -v kexec) || skip_all "no kexec is installed"
"$fixtures/mkkernel.py" "$work/image"
make_machine "$work/ample" 0x10000000 0x8000000
make_machine "$work/small" 0x10000000 0x1800000

loaded() {
	cat /sys/kernel/kexec_loaded 2>/dev/null || echo none
}

# A load syscall that reached the kernel, as strace sees it: PID SYSCALL = RESULT.
trace() {
	run strace -f -qq -e trace=kexec_file_load,kexec_load,reboot,execve -o "$work/trace" "$@"
}

before=$(loaded)

run "$kexec" --version
check_status "without our options it is the real kexec" 0
"$stock" --version >"$work/version"
check_text "its version" "$out" <"$work/version"
run "$kexec" --kho-help
check_status "help" 0
run "$kexec" --kho-chekc -l "$work/image"
check_status "an unknown option" 1
check_text "an unknown option: said" "$err" <<'EOF'
kexec: unknown option '--kho-chekc'; see kexec --kho-help
EOF

run "$kexec" --kho-report -s -l "$work/image" --append="kho=on console=ttyS0" \
	--kho-machine="$work/small"
check_status "dry run" 3
cp "$out" "$work/through-loader"
run "$kexec" --kho-report --kho-image="$work/image" --kho-machine="$work/small" \
	--kho-append="kho=on console=ttyS0"
check_text "dry run: the same report as without a loader" "$work/through-loader" <"$out"

# A dry run does nothing, whatever else is on the line.
for words in "-s -f" "-s -e" "-s -f -e" "-s -u" "-s" "-s -x -f" "-s --"; do
	# shellcheck disable=SC2086 # a list of words
	run "$kexec" --kho-report --kho-machine="$work/ample" --append=kho=on $words "$work/image"
	case $words in
	*-u*) check_status "dry run with $words: nothing was asked for" 1 ;;
	*) check_status "dry run with $words" 0 ;;
	esac
done

if command -v strace >/dev/null; then
	trace "$stock" -s -l "$work/image"
	said=$(sed -n 's/.*kexec_file_load(.*) = -1 \([A-Z]*\).*/\1/p' "$work/trace")
	trace "$kexec" --kho-report -s -f -e "$work/image" --kho-machine="$work/ample"
	check_equal "dry run with -f -e: no reboot was tried" \
		"$(grep -c 'reboot(' "$work/trace")" 0
	check_equal "dry run with -f -e: nothing else was executed" \
		"$(grep -c 'execve(.*= 0' "$work/trace")" 2
	check_equal "dry run with -f -e: the load did not return" \
		"$(grep -c 'kexec_file_load.*= -\?[0-9]' "$work/trace")" 0
	if [ "$said" = EPERM ]; then
		skip "strict: the refused load did not reach the kernel" \
			"this kernel itself refuses loads with EPERM"
	else
		trace "$kexec" --kho-strict -s -l "$work/image" --kho-machine="$work/small"
		check_equal "strict: the refused load did not reach the kernel" \
			"$(grep -o 'kexec_file_load.*= -1 EPERM' "$work/trace" | wc -l)" 1
		trace "$kexec" --kho-check -s -l "$work/image" --kho-machine="$work/small"
		check_equal "check: the load reached the kernel" \
			"$(grep -o "kexec_file_load.*= -1 $said" "$work/trace" | wc -l)" 1
	fi
else
	skip "what reached the kernel" "strace is not installed"
fi

run "$kexec" --kho-strict -s -l "$work/image" --kho-machine="$work/small"
check_status "strict refuses" 3
run "$kexec" --kho-strict=warn -s -l "$work/image" --kho-machine="$work/small"
check_status "strict=warn refuses" 3
run "$kexec" --kho-strict -c -l "$work/image" --kho-machine="$work/ample"
check_status "strict refuses a classic load" 3

# Where the kernel says ENOSYS, EINVAL or ENOEXEC to the one, kexec-tools goes on with the other.
run "$top_builddir/tests/cli/loader" without-file-load exec "$kexec" --kho-strict -a \
	-l "$work/image" --kho-machine="$work/ample"
check_status "strict refuses the classic load that kexec falls back to" 3
check_line "and why" "$err" \
	"kexec: kho: fail: classic-load: kexec_load carries no handover: the successor boots with all memory, and what this kernel preserved is lost"
run "$top_builddir/tests/cli/loader" without-file-load exec "$stock" -a -l "$work/image"
without=$status
run "$top_builddir/tests/cli/loader" without-file-load exec "$kexec" --kho-check -a \
	-l "$work/image" --kho-machine="$work/ample"
check_status "check lets it go on, with kexec's own status" "$without"
check_line "and warns" "$err" \
	"kexec: kho: fail: classic-load: kexec_load carries no handover: the successor boots with all memory, and what this kernel preserved is lost"

run "$kexec" --kho-strict=warn -s -l "$work/image" --kho-machine="$work/ample"
check_status "strict=warn refuses a warning" 2
run "$stock" -s -l "$work/image"
stock_status=$status
run "$kexec" --kho-strict -s -l "$work/image" --kho-machine="$work/ample"
check_status "strict lets a warning through, with kexec's own status" "$stock_status"
check_line "and tells it" "$err" \
	"kexec: kho: warn: successor-kho-off: the successor's command line lacks kho=on: it can't hand over in its turn, unless it is built to have it on"
"$fixtures/mkkernel.py" --no-kho "$work/no-kho"
run "$kexec" --kho-strict -s -l "$work/no-kho" --kho-machine="$work/ample"
check_status "strict refuses a successor without KHO" 3
run "$kexec" --kho-strict --kho-ignore=successor-no-kho -s -l "$work/no-kho" \
	--kho-machine="$work/ample"
check_status "unless that is accepted by name" "$stock_status"
check_line "and tells that it was" "$err" \
	"kexec: kho: fail (accepted): successor-no-kho: the successor has no KHO: it boots with all memory, and takes nothing over; nothing is registered now that would be lost"

head -c 1000 "$work/image" >"$work/cut"
run "$kexec" --kho-report -s -l "$work/cut" --kho-machine="$work/ample"
check_status "an image that kexec itself does not take" 1

check_equal "nothing was loaded by any of this" "$(loaded)" "$before"
finish
