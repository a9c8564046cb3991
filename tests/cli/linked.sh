#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The other tests of this folder, with the gate linked into kexec; and what only that has.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

[ -x "$top_builddir/kexec/kexec-kho" ] || skip_all "configured without --with-kexec-tools"
KHO_TEST_BINDING=linked
export KHO_TEST_BINDING

# The TAP of another test, as part of this one's.
pass_on() {
	while read -r line; do
		case $line in
		"ok "*)
			tests=$((tests + 1))
			echo "ok $tests - $1: ${line#ok * - }"
			;;
		"not ok "*)
			tests=$((tests + 1))
			failures=$((failures + 1))
			echo "not ok $tests - $1: ${line#not ok * - }"
			;;
		1..0*)
			skip "$1" "${line#1..0 # SKIP }"
			complete=yes
			;;
		1..*)
			complete=yes
			;;
		*)
			echo "$line"
			;;
		esac
	done <"$2"
}

for test in "$top_srcdir"/tests/cli/*.sh; do
	name=$(basename "$test" .sh)
	[ "$name" != linked ] || continue
	complete=no
	sh "$test" >"$work/tap" 2>&1
	pass_on "$name" "$work/tap"
	check_equal "$name: it came to its end" $complete yes
done

run "$top_builddir/kexec/kexec-kho" --help
check_status "--help" 0
"$top_builddir/kexec-tools/build/sbin/kexec" --help >"$work/theirs"
head -n "$(($(wc -l <"$work/theirs") - 1))" "$work/theirs" >"$work/wanted"
head -n "$(wc -l <"$work/wanted")" "$out" >"$work/shown"
check_text "--help has all of kexec's own" "$work/shown" <"$work/wanted"
# cli/options.c has them all in one table: { "name", ARG_...
missing=$(sed -n 's/^\t{ "\([a-z-]*\)", ARG_.*/--kho-\1/p' "$top_srcdir/kexec/cli/options.c" |
	while read -r option; do
		grep -q -e "^  ${option}[ =[]" "$out" || echo "$option"
	done)
check_equal "and all of ours" "$missing" ""
run "$top_builddir/kexec/kexec-kho" --no-such-option
check_status "an option that neither has" 1

finish
