#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The plug-in keeps facts of each installed kernel, and never stops an installation.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

plugin=$top_srcdir/contrib/kernel-install/kexec-kho.install
KEXEC_KHO_KERNELS=$work/kernels
KEXEC=$kexec
export KEXEC_KHO_KERNELS KEXEC
"$fixtures/mkkernel.py" "$work/image"
"$kexec" --kho-save-kernel="$work/wanted" --kho-image="$work/image"

run "$plugin" add 7.2.13 "$work/entry" "$work/image"
check_status "kernel-install add" 0
check_text "its facts" "$work/kernels/7.2.13.json" <"$work/wanted"
check_equal "for their owner only" "$(stat -c %a "$work/kernels" "$work/kernels/7.2.13.json" |
	tr '\n' ' ')" "700 600 "
run "$plugin" remove 7.2.13 "$work/entry"
check_status "kernel-install remove" 0
check_equal "they are gone" "$(ls "$work/kernels")" ""

for hook in postinst.d postrm.d; do
	mkdir "$work/$hook"
	cp "$plugin" "$work/$hook/zz-kexec-kho"
done
run "$work/postinst.d/zz-kexec-kho" 7.3.4 "$work/image"
check_status "postinst.d" 0
check_text "its facts as well" "$work/kernels/7.3.4.json" <"$work/wanted"
if command -v run-parts >/dev/null; then
	check_equal "its name is one that run-parts takes" "$(run-parts --list "$work/postinst.d")" \
		"$work/postinst.d/zz-kexec-kho"
fi

# A kernel that was replaced by what is no kernel: the old facts do not stay.
echo "not a kernel" >"$work/bad"
run "$work/postinst.d/zz-kexec-kho" 7.3.4 "$work/bad"
check_status "no kernel: the installation goes on" 0
grep -q "^kexec-kho: kernel 7.3.4: no facts are kept" "$err"
report_test $? "and it is said"
check_equal "the old facts are gone" "$(ls "$work/kernels")" ""
run "$work/postrm.d/zz-kexec-kho" 7.3.4 "$work/image"
check_status "postrm.d of what is not there" 0
run "$plugin" add ../../etc/x "$work/entry" "$work/image"
check_status "a version that is a path" 0
check_equal "writes nothing" "$(ls "$work/kernels")" ""
KEXEC=$work/none PATH=/nowhere run /bin/sh "$plugin" add 7.2.13 "$work/entry" "$work/image"
check_status "without a kexec" 0
finish
