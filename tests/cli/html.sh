#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# --kho-report=html: its numbers against the JSON report's, that it needs nothing else, and its
# colours.  tests/html (make check-html) looks at it in a browser.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

figures=$top_srcdir/tests/cli/figures.py
"$fixtures/mkkernel.py" "$work/x86_64"
"$fixtures/mkkernel.py" --format=vmlinux --arch=aarch64 "$work/aarch64"
"$fixtures/mkkernel.py" --no-kho "$work/no-kho"
"$fixtures/mkkernel.py" --release='</title><script>alert("&'"'"'")</script>' "$work/hostile"

# check_page NAME MACHINE OPTION...
check_page() {
	name=$1
	machine=$2
	shift 2
	run "$kexec" --kho-report=json --kho-machine="$machine" "$@"
	cp "$out" "$work/json"
	wanted=$status
	run "$kexec" --kho-report=html --kho-machine="$machine" "$@"
	check_status "$name" "$wanted"
	cp "$out" "$work/page"
	run "$figures" html "$work/json" "$work/page"
	check_status "$name: figures, and nothing from elsewhere" 0
	check_text "$name: no difference" "$out" </dev/null
	if command -v tidy >/dev/null; then
		tidy -quiet -errors --drop-empty-elements no "$work/page" >"$work/tidy" 2>&1
		check_text "$name: tidy has nothing to say" "$work/tidy" </dev/null
	else
		skip "$name: tidy has nothing to say" "wants tidy"
	fi
}

for archive in "$top_srcdir"/tests/data/machines/*.tar.gz; do
	name=$(basename "$archive" .tar.gz)
	mkdir "$work/$name"
	tar -xzf "$archive" -C "$work/$name"
	image=$work/x86_64
	[ "${name#arm64}" = "$name" ] || image=$work/aarch64
	check_page "$name" "$work/$name" --kho-image="$image" --kho-append=nokaslr
done
check_page "a successor without KHO" "$work/7.1-one-node" --kho-image="$work/no-kho"
check_page "a finding that is accepted" "$work/7.1-one-node" --kho-image="$work/no-kho" \
	--kho-ignore=successor-no-kho
check_page "a machine alone" "$work/7.3-two-nodes"
make_machine "$work/blind" 0x10000000 0x8000000
rm -r "$work/blind/sys/kernel/debug/kho" "$work/blind/sys/firmware"
check_page "a machine that shows nothing" "$work/blind" --kho-image="$work/x86_64"
check_page "a release of an image that would be a script" "$work/7.1-one-node" \
	--kho-image="$work/hostile" --kho-append='</pre><script>alert(1)</script>"'
make_machine "$work/hostile-machine" 0x10000000 0x8000000
printf '"><svg onload=alert(1)>\342\200\256\033[31m&amp;\n' \
	>"$work/hostile-machine/proc/sys/kernel/osrelease"
check_page "and one of a machine" "$work/hostile-machine" --kho-image="$work/hostile"
check_no_text "it is shown as text" "$work/page" '<svg onload'

# What an operator reads first of a page that says no; and of one that says yes.
example() {
	run "$kexec" --kho-report=html --kho-kernel="$top_srcdir/examples/kernel-7.2.13-kho.json" \
		--kho-initrd="$work/initrd" --kho-append="nokaslr kho=on" \
		--kho-machine="$top_srcdir/examples/machine-two-nodes-$1.json"
	sed 's/<[^>]*>//g' "$out" >"$work/text"
}
head -c 1M /dev/zero >"$work/initrd"
example short
check_line "a page that says no: by how much" "$work/text" "short by 524 KiB"
check_no_text "nothing is to spare" "$work/text" "to spare"
check_line "the advice stands in the card of what fails" "$work/text" \
	"Advice: kho_scratch=56M,8M,76M is enough: 216 MiB in all, now 144 MiB. It takes effect at the next cold boot."
check_equal "before the next card" "$(sed -n 's/.*\(memory-map-short\|preserved-unread\|^Advice\).*/\1/p' \
	"$work/text" | head -n 3 | tr '\n' ' ')" "memory-map-short Advice preserved-unread "
check_equal "the kernel of saved facts has its hash" \
	"$(grep -c "$(sed 's/.*"sha256":"\([0-9a-f]*\)".*/\1/' "$top_srcdir/examples/kernel-7.2.13-kho.json")" \
		"$work/text" | sed 's/^[1-9].*/shown/')" shown
example ample
check_no_text "a page that says yes: nothing is short" "$work/text" "short by"

# A snapshot of a machine is drawn as the machine is.
"$kexec" --kho-save-machine="$work/snapshot" --kho-machine="$work/7.2-four-nodes"
for format in map html; do
	"$kexec" --kho-report=$format --kho-image="$work/x86_64" --kho-initrd=none \
		--kho-machine="$work/7.2-four-nodes" >"$work/tree"
	run "$kexec" --kho-report=$format --kho-image="$work/x86_64" --kho-initrd=none \
		--kho-machine="$work/snapshot"
	without_about <"$out" >"$work/snapshots"
	without_about <"$work/tree" >"$work/trees"
	check_text "a snapshot as $format" "$work/snapshots" <"$work/trees"
done

run "$figures" contrast "$top_srcdir/kexec/report/html/page.css"
check_status "the contrast of each pair of colours" 0
check_text "none is too low" "$out" </dev/null

run sh -c '"$0" --kho-report=html --kho-image="$1" --kho-initrd=none \
	--kho-machine="$2" >/dev/full' \
	"$kexec" "$work/x86_64" "$work/7.1-one-node"
check_status "a page that can't be written is no ok" 1
finish
