#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Debian's kernels in the cache: facts and VMCOREINFO against tests/kernels/expected, or
# what expect and expect-vmcoreinfo derive here. Fetches nothing.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

here=$top_srcdir/tests/kernels
command -v python3 >/dev/null || skip_all "wants python3"
cache=$("$here/fetch" dir)
kernels=$("$here/fetch" cached)
[ -n "$kernels" ] || skip_all "no kernel in $cache; get some with tests/kernels/fetch few"
make_machine "$work/machine" 0x10000000 0x4000000

# compare NAME ARGUMENT...: what is in $out.
compare() {
	name=$1
	shift
	"$here/compare" "$@" <"$out" >"$work/.diff" 2>&1
	report_test $? "$name, $(tail -n 1 "$work/.diff")"
	sed '$d; s/^/# /' "$work/.diff"
}

check_facts() {
	table=$here/expected/facts.tsv
	if ! grep -q "^$1	" "$table"; then
		table=$work/facts.tsv
		if ! command -v pahole >/dev/null; then
			skip "$1: facts" "not in the expected table, and no pahole to derive them"
			return
		fi
		run "$here/expect" "$cache/$1"
		cp "$out" "$table"
	fi
	run "$kexec" --kho-report=json --kho-image="$cache/$1/vmlinuz" --kho-machine="$work/machine"
	compare "$1: facts" facts "$table" "$1"
	run "$here/without-btf" "$cache/$1/vmlinuz" "$work/image"
	run "$kexec" --kho-report=json --kho-image="$work/image" --kho-machine="$work/machine"
	compare "$1: facts without BTF and IKCONFIG" facts "$table" "$1"
	rm -f "$work/image"
}

check_vmcoreinfo() {
	text=$here/expected/$1.txt
	source=$cache/source-$(echo "$1" | grep -oE '^[0-9]+\.[0-9]+')
	if [ ! -f "$text" ]; then
		text=$work/vmcoreinfo
		if ! command -v bpftool >/dev/null || ! [ -d "$source" ]; then
			skip "$1: VMCOREINFO" "no expected text; to derive it wants bpftool and $source"
			return
		fi
		run "$here/expect-vmcoreinfo" "$source" "$cache/$1"
		cp "$out" "$text"
	fi
	run "$kexec" --kho-report=vmcoreinfo "$cache/$1/vmlinuz"
	check_status "$1: VMCOREINFO" 0
	compare "$1: VMCOREINFO" vmcoreinfo "$text"
	run sh -c '"$0" --kho-report=vmcoreinfo "$1" >/dev/full' "$kexec" "$cache/$1/vmlinuz"
	check_status "$1: VMCOREINFO onto a full disk" 1
	check_text "$1: VMCOREINFO onto a full disk: said" "$err" <<'EOF'
kexec: stdout: No space left on device
EOF
}

for kernel in $kernels; do
	check_facts "$kernel"
	check_vmcoreinfo "$kernel"
done
grep -v '^#' "$here/few" >"$work/few"
while read -r class; do
	echo "$kernels" | grep -qE -e "$class" ||
		skip "a kernel $class" "none in the cache; tests/kernels/fetch few"
done <"$work/few"
finish
