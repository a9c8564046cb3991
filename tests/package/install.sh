#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# make install: what is there afterwards, and that a kexec that is not ours stays.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

dest=$work/dest
install() {
	run env -u MAKEFLAGS -u MFLAGS make -s -C "$top_builddir" "$@"
}
# Where it goes without a prefix of its own.
sbindir=$(sed -n 's/^prefix = //p' "$top_builddir/Makefile")/sbin

install install DESTDIR="$dest"
check_status "make install" 0
loader=$(sed -n 's/^KEXEC_LOADER = //p' "$top_builddir/Makefile")
check_line "it says what stands in front of what" "$out" \
	"make install: $sbindir/kexec stands in front of $loader, and runs it"
check_equal "kexec-kho is beside kexec" "$("$dest$sbindir/kexec-kho" --kho-version | head -n 1)" \
	"$("$dest$sbindir/kexec" --kho-version | head -n 1)"
for file in capture-machine schema/report.schema.json schema/decision.schema.json \
	ansible/roles/kexec_kho/tasks/main.yml; do
	[ -s "$dest${sbindir%/sbin}/share/kexec-kho/$file" ]
	report_test $? "$file is installed"
done
for file in fleet.md machine-schema.md examples/kexec-kho.conf examples/machine-two-nodes-short.json; do
	[ -s "$dest${sbindir%/sbin}/share/doc/kexec-kho/$file" ]
	report_test $? "$file is installed"
done
# README.Debian is the package's.
share=$dest${sbindir%/sbin}/share
for page in "$share"/doc/kexec-kho/*.md; do
	grep -o ']([^)#:]*[)#]' "$page"
done | sed 's/^](//; s/[)#]$//; s|.*/||' | grep . | grep -v '^README.Debian$' | sort -u >"$work/links"
while read -r name; do
	find "$share" -name "$name" | grep -q . || echo "$name"
done <"$work/links" >"$work/lost"
check_text "what the documents lead to is installed too" "$work/lost" </dev/null
[ "$(wc -l <"$work/links")" -ge 25 ]
report_test $? "and they lead to much"
man=$dest${sbindir%/sbin}/share/man/man8
check_equal "the manual is there under both names" "$(head -n 4 "$man/kexec.8")" "$(head -n 4 "$man/kexec-kho.8")"
install install DESTDIR="$dest"
check_status "over ours" 0
rm "$man/kexec.8"
echo "of another package" >"$man/kexec.8"
install install DESTDIR="$dest"
check_equal "a manual of another package stays" "$(cat "$man/kexec.8")" "of another package"

echo "of another package" >"$dest$sbindir/kexec"
install install DESTDIR="$dest"
[ "$status" != 0 ]
report_test $? "over a kexec that is not ours: refused"
check_equal "it stays" "$(cat "$dest$sbindir/kexec")" "of another package"
check_line "the alternatives are named" "$err" "make install: $dest$sbindir/kexec is not ours, and is not overwritten. Install in front of it (--prefix=/usr/local), beside it (--program-transform-name='s/^kexec\$/kexec-kho/'), or the package (kexec-kho-divert enable)"
rm "$dest$sbindir/kexec"
install uninstall DESTDIR="$dest"
[ ! -e "$dest$sbindir/kexec-kho" ] && [ ! -L "$dest$sbindir/kexec-kho" ]
report_test $? "make uninstall takes it away"
check_equal "but not that manual" "$(ls "$man")" kexec.8

finish
