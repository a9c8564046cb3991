#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# --kho-explain and --kho-version: each finding of the table is explained, here, in the manual and
# on the page.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

sed -n 's/^FINDING([A-Z0-9_]*, "\([a-z0-9-]*\)", .*/\1/p' "$top_srcdir/kexec/finding/findings.def" |
	sort >"$work/ids"
run "$kexec" --kho-explain
check_status "the list" 0
sed 's/ .*//' "$out" | sort >"$work/listed"
check_text "the list has each finding" "$work/listed" <"$work/ids"

while read -r id; do
	run "$kexec" --kho-explain="$id"
	[ "$status" = 0 ] && [ "$(sed -n '1s/ (.*//p' "$out")" = "$id" ] &&
		[ "$(grep -cxE 'Why it happens|What to do|When it is safe to accept' "$out")" = 3 ] &&
		grep -qxF ".Ss $id" "$top_srcdir/doc/kexec-kho.8" &&
		[ "$(grep -cF "<h2 id=\"$id\">" "$top_srcdir/doc/findings.html")" = 1 ] ||
		echo "$id"
done <"$work/ids" >"$work/without"
check_text "each is explained, in the manual, and has one anchor on the page" "$work/without" </dev/null

run "$kexec" --kho-explain=not-finalized
check_text "one of them, exactly" "$out" <<'EOF'
not-finalized (fail)
  the running kernel must be finalized before the load, and is not

Why it happens
  Up to 7.1 the handover must be finalized before the load; until then
  kexec_file_load adds no handover data, and the successor boots without any.

What to do
  Finalize it, then load.
  # echo 1 >/sys/kernel/debug/kho/out/finalize

When it is safe to accept
  Where nothing is to be handed over.

Example
  fail: not-finalized: /sys/kernel/debug/kho/out/finalize is 0: kexec_file_load adds no handover data
EOF
run "$kexec" --kho-explain=no-such
check_status "a finding that there is not" 1
check_text "a finding that there is not: said" "$err" <<'EOF'
kexec: --kho-explain=no-such: no such finding; kexec --kho-explain lists them
EOF
run sh -c '"$0" --kho-explain >/dev/full' "$kexec"
check_status "a list that can't be written" 1

run "$kexec" --kho-version
check_status "the version" 0
check_equal "the version: of each format that has a schema" "$(grep -c ': schema 1$' "$out")" \
	"$(find "$top_srcdir/doc/schema" -name '*.schema.json' | wc -l)"
finish
