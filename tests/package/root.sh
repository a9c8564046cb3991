# shellcheck shell=sh disable=SC2154 # variables of tests/lib.sh
# SPDX-License-Identifier: GPL-2.0-only
#
# For tests that install a package: a root of its own to do it in. Sourced after tests/lib.sh, with
# the test's own name as the argument: it is run again in a mount namespace.
#
# All that is mounted is below one tmpfs in that namespace, and goes away with it: nothing there is
# ever removed file by file.

layers=${KHO_TEST_LAYERS-}
root=$layers/root

need() {
	for program; do
		command -v "$program" >/dev/null || skip_all "no $program; run scripts/setup package"
	done
}

# in_namespace TEST: returns in the namespace, and does not return outside of it.
in_namespace() {
	[ "$(id -u)" = 0 ] || skip_all "wants root, for a root to install in"
	need unshare setpriv
	[ -z "$layers" ] || return 0
	layers=$(mktemp -d)
	status=0
	KHO_TEST_LAYERS=$layers unshare --mount --pid --fork --mount-proc sh "$1" || status=$?
	rmdir "$layers"
	exit $status
}

make_overlay_root() {
	mkdir "$layers/upper" "$layers/work" &&
		mount -t overlay overlay -o "lowerdir=/,upperdir=$layers/upper,workdir=$layers/work" "$root"
}

# With what the checks below look at.
fill_root() {
	mount -t proc proc "$root/proc"
	mkdir "$root/pkg"
	"$fixtures/mkkernel.py" "$root/pkg/image"
	make_machine "$root/pkg/ample" 0x10000000 0x8000000
	make_machine "$root/pkg/small" 0x10000000 0x1800000
}

# As root there, without the right to load a kernel.
inside() {
	run chroot "$root" setpriv --bounding-set=-sys_boot --inh-caps=-sys_boot \
		env -u KEXEC_KHO PATH=/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C \
		DEBIAN_FRONTEND=noninteractive "$@"
}

# check_gate PROGRAM WHAT
check_gate() {
	inside "$1" --kho-strict -s -l /pkg/image
	check_status "$2: strict refuses (here are no scratch areas)" 4
	inside "$1" --kho-report -s -l /pkg/image --kho-machine=/pkg/small
	check_status "$2: a dry run of what does not fit" 3
	inside "$1" --kho-report -s -f /pkg/image --append=kho=on --kho-machine=/pkg/ample
	check_status "$2: a dry run" 0
}
