#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# --kho-record: what is let through is kept, nothing else, and not without end.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

records=$work/records
"$fixtures/mkkernel.py" "$work/image"
make_machine "$work/ample" 0x10000000 0x3800000 0x20000000 0x800000

# record [WORD]...
record() {
	run "$kexec" --kho-report --kho-image="$work/image" --kho-machine="$work/ample" \
		--kho-append="kho=on nokaslr" --kho-initrd=none "$@"
}

# value NAME EXPRESSION WANTED: of the newest record, as Python reads it.
value() {
	newest=$(find "$records" -name '*.json' | sort | tail -n 1)
	got=$(python3 -c 'import json, sys; r = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' \
		"$newest" "$2" 2>&1)
	[ "$got" = "$3" ]
	report_test $? "$1"
	[ "$got" = "$3" ] || echo "# it is $got"
}

record
status_without=$status
[ ! -e "$records" ]
report_test $? "without the option nothing is kept"
printf '01234567-89ab-cdef-0123-456789abcdef\n' >"$work/boot_id"
mkdir -p "$work/ample/proc/sys/kernel/random"
cp "$work/boot_id" "$work/ample/proc/sys/kernel/random/boot_id"
record --kho-record="$records"
check_status "a report that is recorded ends as without" "$status_without"
value "the schema" 'r["kexec_kho_record"]' 1
value "the boot that made it" 'r["boot_id"]' "$(cat "$work/boot_id")"
value "the command line that is loaded" 'r["load"]["cmdline"]' "kho=on nokaslr"
value "the mode" 'r["load"]["mode"]' report
value "the report is whole" \
	'sorted(r["report"]) == sorted(json.loads(__import__("subprocess").run(["'"$kexec"'", "--kho-report=json", "--kho-image='"$work/image"'", "--kho-machine='"$work/ample"'"], stdout=-1).stdout))' True
run "$kexec" --kho-machine="$work/ample" --kho-save-machine=-
value "the machine is its snapshot" \
	'r["machine"] == json.load(open("'"$out"'"))' True
[ "$(stat -c %a "$records")" = 700 ] && [ "$(stat -c %a "$records/0000000001.json")" = 600 ]
report_test $? "for its owner only"
# For finish, which holds it against the schemas.
run cat "$records/0000000001.json"
check_status "it can be read" 0

# Old ones go, what a killed writer left too; other files stay.
touch "$records/0000000001.json.Ab12Cd" "$records/notes" "$records/0000000001.verified.json" \
	"$records/0000000002.verified.json.Ab12Cd" "$records/0000000009.verified.json.Ab12Cd"
for _ in $(seq 17); do
	record --kho-record="$records"
done
(cd "$records" && ls) >"$out"
check_text "sixteen are kept" "$out" <<EOF2
$({ seq -f %010g.json 3 18; echo 0000000009.verified.json.Ab12Cd; } | sort)
notes
EOF2

# One that can't be written.
touch "$work/file"
record --kho-record="$work/file/records"
check_status "a record that can't be written is a warning" 2
check_line "the folder is named" "$err" "kexec: kho: warn: record-unwritten: the record can't be \
written: $work/file/records: Not a directory"
record --kho-record="$work/file/records" --kho-ignore=record-unwritten
check_status "which can be accepted" "$status_without"
record --kho-record=
check_status "an empty folder is a usage error" 1
run "$kexec" --kho-report --kho-record="$records"
check_status "a machine alone is not recorded" 1

# Loads: what is refused leaves no record.
need_at
loader=$top_builddir/tests/cli/loader
make_machine "$work/small" 0x10000000 0x1800000
mkdir -p "$work/ample/proc/sys/kernel/random"

# load MODE MACHINE FOLDER
load() {
	run at "$work/$2" timeout 60 "$kexec" "$1" --kho-record="$work/$3" \
		--kho-loader="$loader" "image=$work/image" file
}
load --kho-strict small loads
check_status "a load that is refused" 3
[ ! -e "$work/loads" ]
report_test $? "leaves no record"
records=$work/loads
load --kho-check small loads
value "a load that is let through though it will die is recorded" \
	'r["load"]["mode"], r["report"]["verdict"], r["report"]["model"]["outcome"]' \
	"('check', 'fail', 'dies')"
load --kho-strict ample loads
value "so is one that strict lets through" 'r["load"]["mode"], r["machine"]["release"]' \
	"('strict', '7.2.13')"
load --kho-strict ample file/loads
check_status "strict lets a load through whose record can't be written" 0
load --kho-strict=warn ample file/loads
check_status "strict=warn does not" 2

finish
