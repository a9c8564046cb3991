# shellcheck shell=sh disable=SC2034 # variables for those that source it
# SPDX-License-Identifier: GPL-2.0-only
#
# For tests in shell: TAP on stdout, a scratch folder, one command at a time with
# its output, its complaints and its status kept apart.
#
#   . "${top_srcdir:-.}/tests/lib.sh"
#   run kexec --kho-report
#   check_status "what it is" 1
#   check_text "what it says" "$err" <<EOF ...
#   finish

set -u
: "${top_srcdir:=$(cd "$(dirname "$0")/../.." && pwd)}"
: "${top_builddir:=$top_srcdir/build}"
# What is tested: the front end, or (tests/cli/linked.sh) the kexec with the gate linked in.
: "${KHO_TEST_BINDING:=front-end}"
case $KHO_TEST_BINDING in
linked) kexec=$top_builddir/kexec/kexec-kho ;;
*) kexec=$top_builddir/kexec/kexec ;;
esac
fixtures=$top_srcdir/tests/fixtures
unset KEXEC_KHO
# No settings of this machine.
KEXEC_KHO_CONFIG=none
export KEXEC_KHO_CONFIG
# Messages are in ASCII then.
LC_ALL=C
export LC_ALL

# Where the kernel could load, these tests must not: without CAP_SYS_BOOT it can't.
if [ "$(id -u)" = 0 ] && [ -z "${KHO_TEST_CAPS_DROPPED-}" ] && command -v setpriv >/dev/null; then
	KHO_TEST_CAPS_DROPPED=1
	export KHO_TEST_CAPS_DROPPED KHO_TEST_BINDING top_srcdir top_builddir
	exec setpriv --bounding-set=-sys_boot --inh-caps=-sys_boot sh "$0" "$@"
fi

work=$(mktemp -d)
trap 'chmod -R u+rwx "$work"; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
out=$work/.out
err=$work/.err
status=0
tests=0
failures=0
kept=0

run() {
	status=0
	"$@" >"$out" 2>"$err" </dev/null || status=$?
	keep_json
}

# What was written as JSON, for finish.
keep_json() {
	[ "$(head -c 1 "$out")" = "{" ] || return 0
	mkdir -p "$work/.json"
	kept=$((kept + 1))
	cp "$out" "$work/.json/$kept"
}

# at MACHINE COMMAND...: a command for which this is that machine: in a mount namespace of its own
# the machine's folder sys is /sys, and the files of its proc are those of /proc.  A network of its
# own keeps this machine's interfaces up, should a kexec go on to kexec -e.  A test that calls it
# begins with need_at.
at() {
	# shellcheck disable=SC2086 # none or one
	unshare ${at_map-} --mount --net sh -c '
		machine=$1
		shift
		mount --bind "$machine/sys" /sys || exit 125
		for file in $(cd "$machine/proc" && find . -type f); do
			mount --bind "$machine/proc/$file" "/proc/$file" || exit 125
		done
		exec "$@"' at "$@"
}

need_at() {
	at_map=
	[ "$(id -u)" = 0 ] || at_map=--map-root-user
	mkdir -p "$work/at/sys" "$work/at/proc"
	at "$work/at" true 2>/dev/null ||
		skip_all "wants namespaces, to be another machine (root, or user namespaces)"
}

# report_test OK? NAME
report_test() {
	tests=$((tests + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tests - $2"
	else
		failures=$((failures + 1))
		echo "not ok $tests - $2"
	fi
}

skip() {
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2"
}

skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

check_status() {
	[ "$status" = "$2" ]
	report_test $? "$1: exit status $2"
	[ "$status" = "$2" ] || {
		echo "# it was $status, and this was said:"
		sed 's/^/# /' "$err"
	}
}

# check_text NAME FILE: the file holds exactly what stands on stdin.
check_text() {
	cat >"$work/.wanted"
	diff -u "$work/.wanted" "$2" >"$work/.diff"
	report_test $? "$1"
	sed 's/^/# /' "$work/.diff"
}

# check_line NAME FILE TEXT: the file has this line, whole.
check_line() {
	grep -qxF -e "$3" "$2"
	report_test $? "$1"
	grep -qxF -e "$3" "$2" || sed 's/^/# /' "$2"
}

# check_no_text NAME FILE TEXT: this stands nowhere in the file.
check_no_text() {
	! grep -qF -e "$3" "$2"
	report_test $? "$1"
}

check_equal() {
	[ "$2" = "$3" ]
	report_test $? "$1"
	[ "$2" = "$3" ] || echo "# '$2' is not '$3'"
}

# A JSON or HTML report without what it says of itself: time, host, options.
without_about() {
	sed -e '/^  \("\|&#34;\)about\("\|&#34;\):{$/,/^  }/d' \
		-e '/<caption>This report</,/<\/table>/d'
}

# Reports, snapshots and records of a fleet are as doc/schema says.
check_schemas() {
	[ "$kept" -gt 0 ] || return 0
	command -v python3 >/dev/null || {
		skip "doc/schema" "python3 is not installed"
		return 0
	}
	status=0
	"$top_srcdir/tests/check-schema" "$top_srcdir/doc/schema" "$work"/.json/* >"$work/.schema" 2>&1 ||
		status=$?
	if [ "$status" = 77 ]; then
		skip "doc/schema" "$(cat "$work/.schema")"
	else
		check_text "all JSON is as doc/schema says" "$work/.schema" </dev/null
	fi
}

finish() {
	check_schemas
	echo "1..$tests"
	[ "$failures" = 0 ]
}

# make_machine DIR START LENGTH...: one CPU (x86-64), one node of 1 GiB, scratch areas, and a handover in the
# format kho-v4 that nobody has put anything into.
make_machine() {
	dir=$1
	shift
	mkdir -p "$dir/proc/sys/kernel" "$dir/sys/firmware/memmap/0" \
		"$dir/sys/kernel/debug/kho/out" "$dir/sys/devices/system/node" \
		"$dir/sys/devices/system/cpu"
	echo 7.2.13 >"$dir/proc/sys/kernel/osrelease"
	echo x86_64 >"$dir/proc/sys/kernel/arch"
	echo 0 >"$dir/sys/devices/system/cpu/possible"
	echo kho=on >"$dir/proc/cmdline"
	"$fixtures/mkfdt.py" "$dir/sys/kernel/debug/kho/out/fdt" /:compatible=kho-v4
	echo 0x0 >"$dir/sys/firmware/memmap/0/start"
	echo 0x3fffffff >"$dir/sys/firmware/memmap/0/end"
	echo "System RAM" >"$dir/sys/firmware/memmap/0/type"
	echo 0 >"$dir/sys/devices/system/node/online"
	: >"$dir/sys/kernel/debug/kho/out/scratch_phys"
	: >"$dir/sys/kernel/debug/kho/out/scratch_len"
	while [ $# -gt 1 ]; do
		echo "$1" >>"$dir/sys/kernel/debug/kho/out/scratch_phys"
		echo "$2" >>"$dir/sys/kernel/debug/kho/out/scratch_len"
		shift 2
	done
}

# make_handover DIR: a machine that hands a region of reserve_mem and sessions over; $kho is its folder.
make_handover() {
	make_machine "$1" 0x10000000 0x8000000
	kho=$1/sys/kernel/debug/kho
	mkdir -p "$kho/out/sub_fdts"
	"$fixtures/mkfdt.py" "$kho/out/fdt" /:compatible=kho-v4 \
		/memblock:preserved-data=u64:0x20000000 /memblock:blob-size=u64:200 \
		/LUO:preserved-data=u64:0x20001000 /LUO:blob-size=u64:32
	"$fixtures/mkfdt.py" "$kho/out/sub_fdts/memblock" /:compatible=memblock-v1 \
		/state:compatible=reserve-mem-v1 /state:start=u64:0x30000000 /state:size=u64:0x400000
	printf 'luo-v5\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0' >"$kho/out/sub_fdts/LUO"
}
