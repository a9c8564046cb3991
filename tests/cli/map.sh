#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# --kho-report=map: its numbers and cells against the JSON report's, and what it needs of a
# terminal.  tests/unit/test-map.c has the text that was counted by hand.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

unset COLUMNS NO_COLOR TERM LANG LC_CTYPE
LC_ALL=C
export LC_ALL
"$fixtures/mkkernel.py" "$work/x86_64"
"$fixtures/mkkernel.py" --format=vmlinux --arch=aarch64 "$work/aarch64"
head -c 1000000 /dev/zero >"$work/initrd"

# report FORMAT MACHINE OPTION...
report() {
	format=$1
	machine=$2
	shift 2
	run "$kexec" "--kho-report=$format" --kho-machine="$machine" "$@"
}

# check_figures NAME MACHINE OPTION...: in 80 columns and in 41.
check_figures() {
	name=$1
	machine=$2
	shift 2
	report json "$machine" "$@"
	cp "$out" "$work/json"
	wanted=$status
	for columns in 80 41; do
		COLUMNS=$columns report map "$machine" "$@"
		check_status "$name, $columns columns" "$wanted"
		cp "$out" "$work/map"
		run "$top_srcdir/tests/cli/figures.py" map "$work/json" "$work/map" $columns
		check_status "$name, $columns columns: figures and bars" 0
		check_text "$name, $columns columns: no difference" "$out" </dev/null
	done
	# The rest of a message may be longer.
	check_equal "$name: nothing but messages is wider than 80 columns" \
		"$(grep -cvE '^.{0,80}$|^(note|warn|unknown|fail|  remedy): |^(OK|WARN|UNKNOWN|FAIL) |^  (console|or|what shows) ' "$work/map")" 0
}

for archive in "$top_srcdir"/tests/data/machines/*.tar.gz; do
	name=$(basename "$archive" .tar.gz)
	mkdir "$work/$name"
	tar -xzf "$archive" -C "$work/$name"
	image=$work/x86_64
	[ "${name#arm64}" = "$name" ] || image=$work/aarch64
	check_figures "$name" "$work/$name" --kho-image="$image" --kho-initrd="$work/initrd" \
		--kho-append="nokaslr swiotlb=4096"
done
check_figures "7.2-four-nodes, KASLR" "$work/7.2-four-nodes" --kho-image="$work/x86_64"
make_machine "$work/tiny" 0x10000000 0x1200000
head -c 4000000 /dev/zero >"$work/large"
check_figures "an initrd that the load has no room for" "$work/tiny" \
	--kho-image="$work/x86_64" --kho-initrd="$work/large"
check_equal "what had its place by then is in the JSON" \
	"$(python3 -c 'import json, sys
print(*sorted(a["user"] for a in json.load(sys.stdin)["model"]["allocations"]))' <"$work/json")" \
	"boot_params kernel purgatory scratch_list"
check_line "who has no room is named" "$work/map" "the load fails: no area has room for the initrd"

example=$work/example-two-nodes-short
on_terminal() {
	columns=$1
	shift
	run env "$@" "$top_srcdir/tests/cli/on-terminal.py" "$columns" "$kexec" --kho-report=map \
		--kho-machine="$example" --kho-image="$work/x86_64" --kho-initrd=none
}
escape=$(printf '\033')

report map "$example" --kho-image="$work/x86_64" --kho-initrd=none
cp "$out" "$work/plain"
# Two nodes, four areas, and what finds no room.
check_equal "no terminal: 80 columns" "$(grep -c '^|.\{78\}|$' "$out")" 7
check_no_text "no terminal: no colour" "$out" "$escape"
check_equal "C locale: ASCII" "$(LC_ALL=C grep -c '[^ -~]' "$out")" 0
LC_ALL=C.UTF-8 TERM=xterm report map "$example" --kho-image="$work/x86_64"
check_no_text "no terminal, but TERM: no colour" "$out" "$escape"
check_equal "UTF-8: blocks" "$(LC_ALL=C.UTF-8 grep -c '^│.*[░▒█·].*│$' "$out")" 7

on_terminal 60 TERM=xterm
check_equal "a terminal of 60 columns" \
	"$(sed "s/$escape\[[0-9;]*m//g" "$out" | grep -c '^|.\{58\}|$')" 7
check_equal "is in colour" "$(grep -c "$escape\[48;5;" "$out" | sed 's/^[1-9].*/yes/')" yes
grep -c "$escape" "$out" >"$work/begun"
grep -c "$escape\[0m" "$out" >"$work/ended"
check_text "each line that begins one ends it" "$work/ended" <"$work/begun"
on_terminal 60 TERM=xterm COLUMNS=50
check_equal "COLUMNS goes before the terminal's width" \
	"$(sed "s/$escape\[[0-9;]*m//g" "$out" | grep -c '^|.\{48\}|$')" 7
on_terminal 80 TERM=xterm NO_COLOR=1
check_text "NO_COLOR: as without a terminal" "$out" <"$work/plain"
on_terminal 80 TERM=dumb
check_text "TERM=dumb: as without a terminal" "$out" <"$work/plain"

"$fixtures/mkkernel.py" --no-kho "$work/no-kho"
report map "$example" --kho-image="$work/no-kho"
check_status "a successor without KHO" 3
check_line "what will lie in the areas is not known" "$out" \
	"early boot is not followed: what will lie in the areas is not known"
check_no_text "and nothing is called free" "$out" " free "
make_machine "$work/blind" 0x10000000 0x8000000
rm -r "$work/blind/sys/kernel/debug/kho"
report map "$work/blind" --kho-image="$work/x86_64"
check_status "a machine without debugfs" 4
check_equal "has no areas to draw" "$(grep -c '^area' "$out")" 0
check_equal "and says why" "$(grep -c '^unknown: debugfs-not-mounted: ' "$out")" 1

"$fixtures/mkkernel.py" --release="$(printf '7.2\033[31m\033]0;owned\007')" "$work/hostile"
for format in map text html json; do
	report $format "$example" --kho-image="$work/hostile"
	check_equal "$format: no control character of an image reaches the terminal" \
		"$(tr -d '\n\t -~' <"$out" | wc -c)" 0
done

run sh -c '"$0" --kho-report=map --kho-image="$1" --kho-initrd=none --kho-machine="$2" >/dev/full' \
	"$kexec" "$work/x86_64" "$example"
check_status "a map that can't be written is no ok" 1
finish
