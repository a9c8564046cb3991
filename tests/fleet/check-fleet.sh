#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# make check-fleet: a fleet of 100,000 made-up machines.  Takes some minutes.
#
#   FLEET        machines (default 100000)
#   FLEET_EVERY  each so many-th is judged in a run of its own too (default 50; 1: all)
#   FLEET_IMAGE  a kernel image (default: the test image)
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"
fleet=$top_srcdir/tests/fleet
count=${FLEET:-100000}
every=${FLEET_EVERY:-50}
image=${FLEET_IMAGE-}

if [ -z "$image" ]; then
	image=$work/image
	"$fixtures/mkkernel.py" "$image"
fi

# judge RECORDS LINES JOBS: the first so many of the fleet; what it took goes to $work/took.
judge() {
	run sh -c 'head -n "$1" "$2/fleet" | /usr/bin/env time -f "%M KiB, %e s, %U s of CPU" \
		-o "$2/took" "$3" --kho-report --kho-image="$4" --kho-initrd=none --kho-fleet=- \
		--kho-append=kho=on -j"$5" >"$6"' \
		sh "$2" "$work" "$kexec" "$image" "$3" "$1"
	echo "# $2 machines, -j$3: $(tail -n 1 "$work/took")"
}

peak() {
	sed -n '$s/ KiB.*//p' "$work/took"
}

command -v time >/dev/null || skip_all "no time(1): scripts/setup fleet"
"$fleet/make-fleet.py" "$count" --seed 2026 --broken 0.001 >"$work/fleet"
echo "# $count machines, $(wc -c <"$work/fleet") bytes"
for lines in $((count / 100)) $((count / 10)); do
	judge "$work/part" "$lines" 2
	[ "$lines" = $((count / 100)) ] && small=$(peak)
done
middle=$(peak)
judge "$work/records" "$count" 2
[ "$status" = 3 ]
report_test $? "the worst of them is a fail"
# Twice what the allocator may keep back of one chunk's rest is no growth; the few machines of the first run do not
# have the largest advice to work out.
[ "$(peak)" -lt $((small + 2048)) ] && [ "$(peak)" -lt $((middle + 1024)) ]
report_test $? "the most memory does not grow: $small, $middle, $(peak) KiB"
judge "$work/one" "$count" 1
cmp -s "$work/one" "$work/records"
report_test $? "one thread says the same as two"
run "$fleet/one-by-one.py" "$kexec" "$image" "$work/fleet" "$work/records" --every="$every" \
	--append=kho=on
report_test "$status" "each $every-th in a run of its own says the same"
sed 's/^/# /' "$out"
top_srcdir=$top_srcdir run "$top_builddir/tests/model/certain" 1000 2026
report_test "$status" "one slot that tells for all, on 1000 machines and around their edges"
sed -n 's/^# \(.* decided\)/# \1/p' "$out"
finish
