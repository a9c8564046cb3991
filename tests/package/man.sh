#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The manual pages render without a word of complaint, and have every finding as it is in the code.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

for page in "$top_srcdir"/doc/*.8 "$top_srcdir"/debian/*.8; do
	[ -f "$page" ] || continue
	name=$(basename "$page")
	if command -v mandoc >/dev/null; then
		run mandoc -Tlint "$page"
		# Which other pages there are, is this machine's.
		grep -v 'referenced manual not found' "$out" >"$work/lint"
		check_text "$name: mandoc -Tlint" "$work/lint" </dev/null
	else
		skip "$name: mandoc -Tlint" "mandoc is not installed"
	fi
	if man --warnings -l "$page" >/dev/null 2>&1; then
		run env LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -E UTF-8 -l "$page"
		check_text "$name: man --warnings" "$err" </dev/null
		grep -q '^EXIT STATUS\|^SYNOPSIS' "$out"
		report_test $? "$name: man shows it"
	else
		skip "$name: man --warnings" "man is not installed, or has no groff"
	fi
done

if command -v python3 >/dev/null; then
	run "$top_srcdir/scripts/make-findings" --check
	check_text "the table of findings: scripts/make-findings would not change it" "$out" </dev/null
	check_status "and it ends with 0" 0
else
	skip "the table of findings" "python3 is not installed"
fi
finish
