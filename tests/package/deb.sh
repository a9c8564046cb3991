#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The Debian package: built, looked at by lintian, then installed, used, diverted, upgraded around
# and removed in a root of its own.
#
# KHO_PACKAGE_ROOT  debootstrap: a bookworm of debootstrap's, kept in the cache folder
#                   machine: this machine, as an overlay that is thrown away
#                   (default: the first that can be had)
KHO_TEST_CAPS_DROPPED=1
export KHO_TEST_CAPS_DROPPED
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"
. "$top_srcdir/tests/package/root.sh"

cache=${KHO_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/kexec-kho}
arch=$(dpkg --print-architecture 2>/dev/null)

# ---- a root ----

archive_address() {
	apt-get indextargets --format '$(LABEL)|$(REPO_URI)' | sed -n 's/^Debian|//p' | sort -u | head -n 1
}

# With what the package says that it needs, and nothing else of ours: dpkg alone can install it.
make_debootstrap_root() {
	needed=$(dpkg-deb -f "$deb" Depends | sed 's/([^)]*)//g; s/|[^,]*//g; s/ //g')
	base=$cache/chroot/bookworm-$(echo "$needed" | cksum | cut -d' ' -f1).tar
	[ -f "$base" ] && return
	mkdir -p "$cache/chroot"
	debootstrap --variant=minbase --include="kexec-tools,$needed" bookworm "$layers/new" \
		"$(archive_address)" >"$work/debootstrap" 2>&1 &&
		tar -cf "$base.$$" -C "$layers/new" . && mv "$base.$$" "$base"
	rm -f "$base.$$"
	[ -f "$base" ]
}

make_root() {
	mount -t tmpfs none "$layers" || skip_all "no root to install in: nothing can be mounted"
	mkdir "$root"
	if [ "${KHO_PACKAGE_ROOT-debootstrap}" = debootstrap ] && command -v debootstrap >/dev/null &&
		make_debootstrap_root; then
		tar -xf "$base" -C "$root"
		echo "# in a root of debootstrap's"
	elif [ "${KHO_PACKAGE_ROOT-machine}" = machine ] && make_overlay_root 2>/dev/null; then
		echo "# in an overlay of this machine"
	else
		skip_all "no root to install in: wants debootstrap, or an overlay"
	fi
	fill_root
}

# ---- the package ----

# build FOLDER JOBS: of the source in it, the packages beside it.
build() {
	(cd "$1" && DEB_BUILD_OPTIONS="nocheck parallel=$2" dpkg-buildpackage -us -uc -b -d) \
		>"$work/build.log" 2>&1
}

# check_plain WHAT: kexec and kexec-kho are kexec-tools' own, word for word.
check_plain() {
	for program in kexec kexec-kho; do
		inside "$program" --version
		check_line "$1: $program --version" "$out" "$version"
	done
}

# check_files WHAT FILES DIVERSIONS: those of /usr/sbin, but for what only later releases have.
check_files() {
	check_equal "$1: files" \
		"$(cd "$root/usr/sbin" && echo kexec* | sed 's/ kexec-load-kernel//')" "$2"
	inside dpkg-divert --list kexec-kho
	check_equal "$1: diversions" "$(wc -l <"$out")" "$3"
}

# is_version FILE VERSION
is_version() {
	check_equal "$2: it is what a plain kexec calls" \
		"$(grep -a -o "kexec-tools $2" "$root/usr/sbin/$1" | head -n 1)" "kexec-tools $2"
}

in_namespace "$0"
need dpkg-buildpackage dh lintian
make -C "$top_builddir" distdir distdir="$work/source" >"$work/distdir.log" 2>&1
mkdir -p "$work/of/another/name" && cp -a "$work/source" "$work/of/another/name/kexec-kho"
build "$work/source" "$(nproc)"
status=$?
check_status "the package is built" 0
[ $status = 0 ] || { tail -n 20 "$work/build.log" | sed 's/^/# /'; finish; exit; }
deb=$(echo "$work"/kexec-kho_*.deb)
run lintian --display-info --pedantic --allow-root "$work"/kexec-kho_*.changes
check_text "lintian has nothing to say" "$out" </dev/null
(umask 077; TZ=Pacific/Kiritimati; LC_ALL=C.UTF-8; HOME=/nonexistent; export TZ LC_ALL HOME
	build "$work/of/another/name/kexec-kho" 1)
check_equal "built elsewhere, at another time, by another user it is the same to the byte" \
	"$(sha256sum <"$(echo "$work"/of/another/name/kexec-kho_*.deb)")" "$(sha256sum <"$deb")"

make_root
cp "$deb" "$root/pkg/kexec-kho.deb"
inside kexec --version
version=$(cat "$out")
own="kexec kexec-kho kexec-kho-divert"
diverted=kexec.distrib.usr-is-merged
chroot "$root" dpkg-query -S /sbin/kexec >/dev/null 2>&1 || diverted=kexec.distrib

inside dpkg -i /pkg/kexec-kho.deb
check_status "installed" 0
[ "$status" = 0 ] || { finish; exit; }
check_plain "installed"
check_gate kexec-kho "installed"
check_files "installed" "$own" 0
inside kexec-kho-divert status
check_status "not diverted by itself" 3

inside kexec-kho-divert enable
check_status "diverted" 0
check_plain "diverted"
check_gate kexec "diverted"
inside env KEXEC_KHO=strict /sbin/kexec -s -l /pkg/image
check_status "diverted: KEXEC_KHO turns the check on (and here are no scratch areas)" 4
check_files "diverted" "$own $diverted" 2
inside kexec-kho-divert enable
check_status "diverted twice" 0
check_files "diverted twice" "$own $diverted" 2
mv "$root/usr/sbin/kexec-kho" "$root/pkg/"
inside kexec --version
check_line "diverted: a plain kexec needs nothing of ours" "$out" "$version"
mv "$root/pkg/kexec-kho" "$root/usr/sbin/"
inside dpkg -i /pkg/kexec-kho.deb
check_status "installed again" 0
check_files "installed again: still diverted" "$own $diverted" 2

# A package that never came to be configured has no prerm run.
inside dpkg -r kexec-kho
inside dpkg --unpack /pkg/kexec-kho.deb
inside kexec-kho-divert enable
inside dpkg -r kexec-kho
check_status "removed while only unpacked" 0
check_files "removed while only unpacked" "kexec" 0
inside kexec --version
check_line "removed while only unpacked: kexec --version" "$out" "$version"
inside dpkg -i /pkg/kexec-kho.deb
inside kexec-kho-divert enable

inside kexec-kho-divert disable
check_status "no longer diverted" 0
check_plain "no longer diverted"
check_files "no longer diverted" "$own" 0
inside kexec-kho-divert enable

# From bookworm's /sbin/kexec to the /usr/sbin/kexec of later ones.
for newer in 2.0.29 2.0.32; do
	other=$("$top_srcdir/scripts/apt-suites" search '^kexec-tools$' 2>/dev/null |
		awk -v v=":$newer-" -v a="$arch" 'index($2, v) && $3 == a { print $2 }' | tail -n 1)
	if [ -z "$other" ] || ! "$top_srcdir/scripts/apt-suites" download "$root/pkg" \
		"kexec-tools:$arch=$other" 2>/dev/null; then
		skip "kexec-tools is upgraded to $newer" "it can't be fetched"
		continue
	fi
	inside sh -c "dpkg --force-depends --unpack /pkg/kexec-tools_*$newer*.deb"
	check_status "kexec-tools is upgraded to $newer" 0
	diverted=kexec.distrib
	check_files "$newer: still diverted" "$own $diverted" 2
	is_version $diverted $newer
	last=$newer
done

inside dpkg -r kexec-kho
check_status "removed" 0
check_files "removed: as before" "kexec" 0
[ -z "${last-}" ] || is_version kexec "$last"
inside dpkg --purge kexec-kho
check_status "purged" 0
check_equal "purged: nothing is left" \
	"$(find "$root/usr" "$root/etc" "$root/var/lib/dpkg/info" -xdev -name '*kexec-kho*')" ""
finish
