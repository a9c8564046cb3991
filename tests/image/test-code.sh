#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# tests/image/kernel.c, built by the compilers that are here in the ways in which
# kernels are built: is the VMCOREINFO text read out of each, word for word?
# (Addresses are not compared: nobody but the linker knows them.)
set -u
: "${top_srcdir:?}"
: "${top_builddir:?}"

here=$top_srcdir/tests/image
show=$top_builddir/tests/image/show-vmcoreinfo
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
nr=0
ID=0x00112233445566778899aabbccddeeff01234567

say() {	# ok|not ok, name
	nr=$((nr + 1))
	echo "$1 $nr - $2"
}

skip() {	# name, why
	nr=$((nr + 1))
	echo "ok $nr - $1 # SKIP $2"
}

# compare NAME IMAGE: the text, without the values of commented lines
compare() {
	if ! "$show" "$2" >"$dir/text" 2>"$dir/err"; then
		say "not ok" "$1"
		sed 's/^/# /' "$dir/err"
		return
	fi
	sed 's/^\(# [^=]*\)=.*/\1/' "$dir/text" >"$dir/got"
	if cmp -s "$here/kernel.expected" "$dir/got"; then
		say ok "$1"
	else
		say "not ok" "$1"
		diff "$here/kernel.expected" "$dir/got" | sed 's/^/# /'
	fi
}

# build COMPILER BASE OUT OPTIONS... ; all in one line of the log when it fails
build() {
	compiler=$1 base=$2 out=$3
	shift 3
	sed "s/BASE/$base/" "$here/kernel.lds" >"$dir/lds"
	$compiler -std=gnu11 -DVMEMMAP -ffreestanding -nostdlib -static -fno-pic \
		-fno-stack-protector -Wl,--build-id=$ID -Wl,-T,"$dir/lds" -Wl,-z,norelro \
		-o "$out" "$@" "$here/kernel.c" >"$dir/log" 2>&1
}

x86() {	# compiler, options
	name="x86-64: $*"
	compiler=$1
	shift
	if ! command -v "${compiler%% *}" >/dev/null; then
		skip "$name" "no such compiler"
	elif build "$compiler" 0xffffffff81000000 "$dir/vmlinux" -mcmodel=kernel -mno-red-zone \
		-m64 "$@"; then
		compare "$name" "$dir/vmlinux"
	else
		skip "$name" "it can't build that: $(grep -m 1 error "$dir/log")"
	fi
}

arm64() {	# compiler, options
	name="arm64: $*"
	compiler=$1
	shift
	if ! command -v "${compiler%% *}" >/dev/null ||
	   ! command -v aarch64-linux-gnu-objcopy >/dev/null; then
		skip "$name" "no such compiler, or no binutils for it"
	elif build "$compiler" 0 "$dir/vmlinux" -mgeneral-regs-only "$@" "$here/head-arm64.S"; then
		aarch64-linux-gnu-objcopy -O binary "$dir/vmlinux" "$dir/Image"
		compare "$name" "$dir/Image"
		compare "$name, ELF" "$dir/vmlinux"
	else
		skip "$name" "it can't build that: $(grep -m 1 error "$dir/log")"
	fi
}

if ! "$show" --works; then
	echo "1..0 # SKIP built without capstone"
	exit 0
fi

thunks='-mindirect-branch=thunk-extern -mindirect-branch-register -Wl,--unresolved-symbols=ignore-all'
ibt='-fcf-protection=branch'
for opt in -O2 -Os; do
	for compiler in gcc clang; do
		x86 $compiler $opt -fcf-protection=none
		x86 $compiler $opt $ibt
		x86 $compiler $opt -fcf-protection=none -fno-omit-frame-pointer
	done
	# shellcheck disable=SC2086 # a list of options
	x86 gcc $opt $ibt $thunks -mfunction-return=thunk-extern
	x86 clang $opt $ibt -mretpoline-external-thunk -Wl,--unresolved-symbols=ignore-all
	x86 gcc $opt -fcf-protection=none -flto
	x86 'clang -fuse-ld=lld' $opt $ibt -flto
	x86 'clang -fuse-ld=lld' $opt $ibt -flto=thin
	arm64 aarch64-linux-gnu-gcc $opt
	arm64 aarch64-linux-gnu-gcc $opt -mbranch-protection=pac-ret+bti
	arm64 aarch64-linux-gnu-gcc $opt -flto
	arm64 'clang --target=aarch64-linux-gnu -fuse-ld=lld' $opt
	arm64 'clang --target=aarch64-linux-gnu -fuse-ld=lld' $opt -flto
	arm64 'clang --target=aarch64-linux-gnu -fuse-ld=lld' $opt -flto=thin
	arm64 'clang --target=aarch64-linux-gnu -fuse-ld=lld' $opt -mbranch-protection=pac-ret+bti
done
echo "1..$nr"
