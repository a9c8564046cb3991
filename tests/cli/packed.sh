#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# A captured machine in its tarball: what is read of it is what is read of the folder that tar
# unpacks; on stdin it is the same; and a hostile one is one line of complaint.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

# save MACHINE: its snapshot.
save() {
	run "$kexec" --kho-save-machine=- --kho-machine="$1"
}

if ! grep -q '^#define HAVE_ARCHIVE' "$top_builddir/config.h"; then
	set -- "$top_srcdir"/tests/data/machines/*.tar.gz
	save "$1"
	check_status "a tarball, without libarchive" 1
	check_text "a tarball, without libarchive: said" "$err" <<EOF
kexec: $1: this kexec is built without libarchive, which reads tarballs; unpack it, and give the folder
EOF
	finish
	exit
fi

for archive in "$top_srcdir"/tests/data/machines/*.tar.gz; do
	name=$(basename "$archive" .tar.gz)
	mkdir "$work/$name"
	tar -xzf "$archive" -C "$work/$name"
	save "$work/$name"
	cp "$out" "$work/wanted"
	cp "$err" "$work/complaints"
	save "$archive"
	check_text "$name: the tarball is the folder" "$out" <"$work/wanted"
	check_text "$name: and lacks the same" "$err" <"$work/complaints"
done

# The last one again, as tar and others write it.
tar -C "$work" -cf "$work/around.tar" "$name"
tar -C "$work/$name" -cJf "$work/inside.tar.xz" .
tar -C "$work/$name" -cf - . | zstd -q >"$work/packed.tar.zst"
"$fixtures/mktarballs.py" "$work" "$archive"
for tarball in "$work"/around.tar "$work"/inside.tar.xz "$work"/packed.tar.zst "$work"/same/*; do
	save "$tarball"
	check_text "${tarball##*/} is the folder" "$out" <"$work/wanted"
done

# once WHAT FILE MACHINE: by a pipe.
once() {
	"$kexec" --kho-save-machine=- --kho-machine="$3" <"$2" >"$out" 2>"$err"
	check_text "$1" "$out" <"$work/wanted"
	# shellcheck disable=SC2002 # a pipe is what is wanted
	cat "$2" | "$kexec" --kho-save-machine=- --kho-machine="$3" >"$out" 2>"$err"
	check_text "$1, from a pipe" "$out" <"$work/wanted"
}
once "a tarball on stdin" "$archive" -
once "a tarball on /dev/stdin" "$archive" /dev/stdin
once "a snapshot on stdin" "$work/wanted" -
mkfifo "$work/fifo"
cat "$archive" >"$work/fifo" &
save "$work/fifo"
check_text "a tarball in a FIFO" "$out" <"$work/wanted"

# What capture-machine writes as one is what it writes into a folder; here, whatever this machine is.
"$top_srcdir/scripts/capture-machine" "$work/here" >"$work/told" 2>"$work/told-err"
wanted=$?
"$top_srcdir/scripts/capture-machine" - >"$work/here.tar" 2>"$work/said"
check_equal "capture-machine -: the same status" "$?" "$wanted"
tar -tf "$work/here.tar" | grep -v '/$' | sort >"$work/names"
check_text "capture-machine -: the same names" "$work/names" <<EOF
$(cd "$work/here" && find . ! -type d | sort)
EOF
check_equal "capture-machine -: what it got is on stderr" "$(grep -c ': yes$' "$work/said")" \
	"$(grep -c ': yes$' "$work/told")"

# Every task that takes a machine; the report reads it several times.
"$fixtures/mkkernel.py" "$work/image"
report() {
	"$kexec" --kho-report=json --kho-image="$work/image" --kho-initrd=none "$@" >"$out" 2>"$err"
	status=$?
	without_about <"$out" >"$work/report"
}
report --kho-machine="$work/$name"
cp "$work/report" "$work/folder"
wanted=$status
report --kho-machine="$archive"
check_status "a report on a tarball" "$wanted"
check_text "a report on a tarball: the same" "$work/report" <"$work/folder"
report --kho-machine=- <"$archive"
check_status "a report on stdin" "$wanted"
check_text "a report on stdin: the same" "$work/report" <"$work/folder"
run sh -c '"$@" <"$0"' "$archive" "$kexec" --kho-plan=csv --kho-machine=- --kho-machine="$archive" \
	--kho-initrd=none "$work/image"
check_status "a plan for stdin and a tarball" 0
check_equal "a plan for stdin and a tarball: both" "$(tail -n +2 "$out" | wc -l)" 2
run "$kexec" --kho-plan --kho-fleet=- --kho-machine=- --kho-initrd=none "$work/image"
check_status "stdin for two" 1
check_text "stdin for two: said" "$err" <<EOF
kexec: --kho-machine=- and --kho-fleet=- both want stdin; see kexec --kho-help
EOF

# refuse NAME REASON
refuse() {
	run timeout 60 "$kexec" --kho-save-machine=- --kho-machine="$work/bad/$1"
	check_status "$1" 1
	check_equal "$1: one line" "$(wc -l <"$err")" 1
	grep -q -e "^kexec: $work/bad/$1: $2" "$err"
	report_test $? "$1: why"
	grep -q -e "^kexec: $work/bad/$1: $2" "$err" || sed 's/^/# /' "$err"
}
refuse dotdot.tar 'entry [0-9]* leads out of it: ".." in its name$'
refuse cut-at-a-header.tar 'cut short: a tarball has an end$'
refuse cut-in-a-header.tar 'damaged: '
refuse cut-in-data.tar 'damaged: '
refuse cut-packed.tar.gz 'damaged: '
refuse checksum.tar 'damaged: '
refuse gzip-of-nothing.tar.gz ''
refuse huge-file.tar 'more than 256 MiB when it is unpacked$'
refuse huger-file.tar 'damaged: '
refuse bomb.tar.gz 'more than 256 MiB when it is unpacked$'
refuse sparse.tar 'more than 256 MiB when it is unpacked$'
refuse entries.tar.gz 'more than 1048576 entries$'
refuse headers.tar 'damaged: '
refuse long-name.tar 'entry 1 has a name of 5004 bytes$'
refuse empty.tar 'no JSON: '
refuse other.tar 'not a captured machine: it has neither proc nor sys; scripts/capture-machine makes one$'
for tarball in "$work"/bad/*; do
	case $tarball in */bomb.* | */entries.* | */headers.*) continue ;; esac
	"$kexec" --kho-save-machine=- --kho-machine=- <"$tarball" >"$out" 2>"$err"
	check_equal "${tarball##*/}: on stdin it is called so" "$(grep -v '^kexec: stdin: [^/]' "$err")" ""
done
save -
check_text "nothing on stdin" "$err" <<EOF
kexec: stdin: no JSON: it ends after 0 bytes, too early
EOF

run "$kexec" --kho-report --kho-image="$work/image" --kho-initrd=none --kho-machine="$work/links.tar"
check_status "links out of the tree, in a circle, to a long name" 4
check_no_text "links: nothing of this machine" "$out" root:
check_equal "nothing was written beside" "$(find "$work" -name escaped)" ""

finish
