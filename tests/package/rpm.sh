#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The RPM: built by make rpm with the rpmbuild that is here, then installed, used and removed in an
# overlay of this machine that is thrown away. Its packages have no RPM names: --nodeps.
KHO_TEST_CAPS_DROPPED=1
export KHO_TEST_CAPS_DROPPED
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"
. "$top_srcdir/tests/package/root.sh"

in_namespace "$0"
need rpmbuild rpm
{ mount -t tmpfs none "$layers" && mkdir "$root" && make_overlay_root; } 2>/dev/null ||
	skip_all "no root to install in: wants an overlay"
fill_root

run env -u MAKEFLAGS -u MFLAGS make -s -C "$top_builddir" rpm \
	RPM_FLAGS="--nodeps --define '_topdir $work/rpm'"
check_status "the package is built" 0
[ "$status" = 0 ] || { tail -n 20 "$err" | sed 's/^/# /'; finish; exit; }
check_no_text "rpmbuild warns of nothing" "$err" "warning: File"
cp "$work"/rpm/RPMS/*/kexec-kho-[0-9]*.rpm "$root/pkg/kexec-kho.rpm"

inside rpm -i --nodeps /pkg/kexec-kho.rpm
check_status "installed" 0
inside rpm -V --nodeps kexec-kho
check_text "all of it is there as it was packed" "$out" </dev/null
inside rpm -ql kexec-kho
cp "$out" "$work/files"
for file in sbin/kexec-kho share/kexec-kho/capture-machine share/kexec-kho/schema/report.schema.json \
	share/kexec-kho/ansible/roles/kexec_kho/tasks/main.yml share/man/man8/kexec-kho.8 \
	lib/systemd/system/kexec-kho-verify.service share/doc/kexec-kho/fleet.md \
	share/doc/kexec-kho/machine-schema.md share/bash-completion/completions/kexec-kho \
	share/zsh/site-functions/_kexec-kho; do
	grep -q "^/usr/$file\(\.gz\)*\$" "$work/files"
	report_test $? "it holds /usr/$file"
done
check_equal "it takes no kexec's place" "$(grep -c -e '/kexec$' -e '/kexec\.8' "$work/files")" 0
check_gate kexec-kho "installed"

inside rpm -e kexec-kho
check_status "removed" 0
check_equal "nothing is left" "$(cd "$root" && while read -r file; do
	[ ! -f ".$file" ] || echo "$file"
done <"$work/files")" ""
finish
