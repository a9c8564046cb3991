#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# HTML reports of captured machines, looked at in a headless Chromium.  Needs the steps build,
# test and html of scripts/setup; says what it leaves out.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

here=$top_srcdir/tests/html
chromium=$(python3 -c "import sys; sys.path.insert(0, '$here'); import chromium
print(chromium.find() or '')")
[ -n "$chromium" ] || skip_all "wants Chromium: scripts/setup html, or CHROMIUM=PATH"
axe=$("$here/fetch-axe") || axe=-

"$fixtures/mkkernel.py" "$work/image"
"$fixtures/mkkernel.py" --no-kho "$work/no-kho"
"$fixtures/mkkernel.py" --release='</title><script>alert("&'"'"'")</script><img/src=x>' \
	"$work/hostile"
head -c 1000000 /dev/zero >"$work/initrd"
mkdir "$work/pages"

# make_page NAME MACHINE OPTION...
make_page() {
	page=$work/pages/$1
	if [ ! -d "$work/$2" ]; then
		mkdir "$work/$2"
		tar -xzf "$top_srcdir/tests/data/machines/$2.tar.gz" -C "$work/$2"
	fi
	machine=$work/$2
	shift 2
	for format in json html; do
		run "$kexec" --kho-report=$format --kho-machine="$machine" "$@"
		cp "$out" "$page.$format"
	done
}

make_page up example-two-nodes-ample --kho-image="$work/image" --kho-initrd="$work/initrd"
make_page dies example-two-nodes-short --kho-image="$work/image" --kho-initrd="$work/initrd" \
	--kho-append=nokaslr
make_page four-nodes 7.2-four-uneven-nodes --kho-image="$work/image" --kho-initrd=none \
	--kho-append="nokaslr crashkernel=512M"
make_page not-followed 7.1-one-node --kho-image="$work/no-kho"
make_page hostile 7.3-two-nodes --kho-image="$work/hostile" --kho-initrd=none
make_machine "$work/blind" 0x10000000 0x8000000
rm -r "$work/blind/sys/kernel/debug/kho" "$work/blind/sys/firmware"
make_page blind blind --kho-image="$work/image"

python3 "$here/check-html.py" "$chromium" "$axe" "$work/pages"
