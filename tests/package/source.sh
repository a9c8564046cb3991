#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# --with-kexec-tools: which trees are taken, and what is said of the others.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

# tree VERSION: as much of a source as is looked at, in $work/tree.
tree() {
	rm -rf "$work/tree"
	mkdir -p "$work/tree/kexec" "$work/tree/util_lib"
	echo "AC_INIT($1)" >"$work/tree/configure.ac"
	cat >"$work/tree/kexec/kexec-syscall.h" <<'EOF'
syscall(__NR_kexec_load, a)
syscall(__NR_kexec_file_load, a)
EOF
	cat >"$work/tree/kexec/kexec.c" <<'EOF'
xen_kexec_load(&info);
xen_kexec_unload(kexec_flags);
reboot(LINUX_REBOOT_CMD_KEXEC);
arch_usage();
ifdown();
EOF
	echo 'KEXEC_OBJS =' >"$work/tree/kexec/Makefile"
	echo 'UTIL_LIB =' >"$work/tree/util_lib/Makefile"
}

check() {
	run "$top_srcdir/scripts/check-kexec-tools" "$work/tree"
}

# taken AC_INIT-ARGUMENTS VERSION
taken() {
	tree "$1"
	check
	check_status "AC_INIT($1)" 0
	check_line "AC_INIT($1): its version" "$out" "$2"
}

taken 'kexec-tools, 2.0.25' 2.0.25
taken '[kexec-tools],[2.0.32]' 2.0.32
taken '[kexec-tools], [2.0.33.git]' 2.0.33

tree '[kexec-tools],[2.0.9]'
check
check_status "too old" 1
check_text "too old: said" "$err" <<EOF
$work/tree is kexec-tools 2.0.9; 2.0.25 or later is needed
EOF

tree '[makedumpfile],[1.7]'
check
check_text "another project" "$err" <<EOF
$work/tree/configure.ac does not tell the version of kexec-tools
EOF

tree '[kexec-tools],[2.0.32]'
touch "$work/tree/config.status"
check
check_text "configured in place" "$err" <<EOF
$work/tree was configured in place; unpack it anew
EOF

tree '[kexec-tools],[2.0.40]'
sed -i 's/syscall(__NR_kexec_file_load/raw_file_load(/' "$work/tree/kexec/kexec-syscall.h"
check
check_status "a call that is made otherwise" 1
why="$work/tree is kexec-tools 2.0.40, but its kexec/kexec-syscall.h has no 'syscall(__NR_kexec_file_load,': the gate can't be bound to it; take a release from 2.0.25 to 2.0.32"
check_line "a call that is made otherwise: said" "$err" "$why"

if [ -x "$top_srcdir/configure" ]; then
	mkdir "$work/build"
	cd "$work/build" || exit 1
	run "$top_srcdir/configure" "--with-kexec-tools=$work/tree"
	cd / || exit 1
	check_status "configure stops" 1
	check_line "and says why" "$err" "configure: error: --with-kexec-tools: $why"
else
	skip "configure stops" "there is no configure; run ./bootstrap"
fi
finish
