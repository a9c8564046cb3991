#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# --kho-verify: the boot after the jump beside the record.  The log's lines are those of Linux 7.2.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

records=$work/records
"$fixtures/mkkernel.py" --release=7.2.14 "$work/image"
make_machine "$work/before" 0x10000000 0x8000000 0x20000000 0x800000
mkdir -p "$work/before/proc/sys/kernel/random"
echo before >"$work/before/proc/sys/kernel/random/boot_id"

# recorded [WORD]...: the load whose successor is verified, with these words for it.
recorded() {
	rm -rf "$records"
	append="kho=on nokaslr${*:+ $*}"
	run "$kexec" --kho-report --kho-image="$work/image" --kho-machine="$work/before" \
		--kho-initrd=none --kho-append="$append" --kho-record="$records"
	[ -e "$records/0000000001.json" ] || { echo "Bail out! no record"; exit 1; }
}
recorded
successor=$(python3 -c 'import json, sys
print(json.load(open(sys.argv[1]))["report"]["successor"]["release"])' "$records/0000000001.json")

# after BOOT: the machine as the successor shows it, whose log is stdin behind its first lines.
after() {
	rm -rf "$work/after"
	mkdir -p "$work/after/proc/sys/kernel/random" "$work/after/dev" "$work/after/sys/kernel"
	echo "$1" >"$work/after/proc/sys/kernel/random/boot_id"
	echo "$successor" >"$work/after/proc/sys/kernel/osrelease"
	echo "$append" >"$work/after/proc/cmdline"
	{
		echo "6,1,0,-;Linux version $successor (root@vm) #1 SMP"
		echo "6,2,0,-;Command line: $append"
		cat
	} >"$work/after/dev/kmsg"
}

verify() {
	run "$kexec" --kho-machine="$work/after" --kho-verify="${record:-$records}" "$@"
}

# has ID WHAT: the finding is there.
has() {
	grep -q "^[a-z]*\( (accepted)\)\{0,1\}: $1: " "$out"
	report_test $? "$2"
	grep -q "^[a-z]*\( (accepted)\)\{0,1\}: $1: " "$out" || sed 's/^/# /' "$out" "$err"
}

found="6,3,0,-;KHO: found kexec handover data."
came="6,9,0,-;KHO: exec from: 7.2.13 (count 1)"
after after <<EOF
$found
$came
EOF
printf 'MemTotal:  4000 kB\nMemFree: 1 kB\nMemAvailable:     3000 kB\n' >"$work/after/proc/meminfo"
verify
check_status "as predicted" 0
has after-as-predicted "which is said"
check_line "with what is free" "$out" \
	"$(printf '  %-28s %16s %12s KiB' 'memory available now' '' 3000)"
python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["free_bytes"])' \
	"$records/0000000001.verified.json" >"$work/got"
check_text "which is kept" "$work/got" <<EOF
3072000
EOF
verify
check_status "the same boot is verified again" 0
has after-as-predicted "with the same result"
[ "$(cat "$records"/0000000001.verified.json | wc -l)" = 1 ]
report_test $? "its line is kept once"
echo later >"$work/after/proc/sys/kernel/random/boot_id"
verify
check_status "a later boot has nothing to verify" 0
has after-verified "which is said"
record=$records/0000000001.json
verify
has after-as-predicted "a record that is named is verified in any case"
record=

recorded
after before <<EOF
EOF
verify
check_status "before the jump" 0
has after-not-jumped "nothing is judged"
after after <<EOF
EOF
verify
check_status "a boot without the handover" 3
has after-no-handover "is a failure, also when it was verified before the jump"
verify --kho-report=json
python3 -c 'import json, sys; r = json.load(open(sys.argv[1])); print(r["became"], r["right"])' "$out" >"$work/got"
check_text "a death or a jump that was never made: nobody can tell whether the tool was right" "$work/got" <<EOF
lost None
EOF
verify --kho-ignore=after-no-handover
check_status "that can be accepted" 0

after after <<EOF
$found
6,4,0,-;KHO: handover FDT (0x1) is incompatible with 'kho-v4'
6,5,0,-;KHO: disabling KHO revival: -22
EOF
verify
grep -q "incompatible with" "$out"
report_test $? "why it took nothing is said in its words"
verify --kho-report=json
python3 -c 'import json, sys; r = json.load(open(sys.argv[1])); print(r["became"], r["right"], r["handed_over"])' \
	"$out" >"$work/got"
check_text "and the tool was wrong" "$work/got" <<EOF
lost False False
EOF

after after <<EOF
$found
$came
EOF
echo 7.2.99 >"$work/after/proc/sys/kernel/osrelease"
verify
check_status "another release" 3
has after-other-kernel "is named"
# notes DIGIT: the GNU build id of the kernel that runs.
notes() {
	python3 -c 'import struct, sys
sys.stdout.buffer.write(struct.pack("<III", 4, 20, 3) + b"GNU\0" + bytes([int(sys.argv[1])]) * 20)' "$1" \
		>"$work/after/sys/kernel/notes"
}

after after <<EOF
$found
$came
EOF
record=$work/built.json
python3 -c 'import json, sys
r = json.load(open(sys.argv[1])); r["load"]["build_id"] = "07" * 20; json.dump(r, open(sys.argv[2], "w"))' \
	"$records/0000000001.json" "$record"
notes 7
verify
has after-as-predicted "the build that was checked"
notes 8
verify
check_status "another build of the same release" 3
has after-other-kernel "is named"
record=

after after <<EOF
$found
6,9,0,-;KHO: exec from: 7.2.13 (count 3)
EOF
verify
has after-other-handover "another hop"
after after <<EOF
$found
6,9,0,-;KHO: exec from: 7.1.2 (count 1)
EOF
verify
has after-other-handover "another kernel before it"
check_status "is a failure" 3

after after <<EOF
$found
$came
EOF
echo "kho=on nokaslr crashkernel=128M" >"$work/after/proc/cmdline"
verify
check_status "another command line" 2
has after-other-cmdline "is a warning"
grep -q "'crashkernel=128M'" "$out"
report_test $? "that names the word"
echo "quiet kho=on nokaslr" >"$work/after/proc/cmdline"
verify
check_status "one that is built in stands in front" 0

recorded log_buf_len=4M
after after <<EOF
$found
$came
3,8,0,-;log_buf_len: 4194304 text bytes not available
EOF
verify
check_status "less of something" 2
has after-less "is a warning"
verify --kho-report=json
python3 -c 'import json, sys; r = json.load(open(sys.argv[1])); print(r["things"]["log_buf_bytes"])' \
	"$out" >"$work/got"
check_text "with both numbers" "$work/got" <<EOF
{'predicted': 4194304, 'seen': 0, 'right': False}
EOF
verify --kho-report=prometheus
check_line "and as a metric" "$out" 'kexec_kho_verify_thing{thing="log_buf_bytes",side="seen"} 0'

# Its own VMCOREINFO.
recorded
after after <<EOF
$found
$came
EOF
printf 'OSRELEASE=%s\nPAGESIZE=4096\nSIZE(page)=128\nNUMBER(SECTION_SIZE_BITS)=27\n' "$successor" \
	>"$work/after/proc/kcore"
verify
check_status "a fact that was read wrong" 2
has after-fact-differs "is a warning"

# A log that was overwritten.
after after <<EOF
EOF
printf '6,900,9000000,-;%s\n' "$(echo "$came" | sed 's/.*;//')" >"$work/after/dev/kmsg"
verify
check_status "a log without its first lines" 4
has after-unseen "is unknown"

# Predicted otherwise.
make_machine "$work/before" 0x10000000 0x1800000
recorded
after after <<EOF
$found
$came
EOF
verify --kho-report=json
python3 -c 'import json, sys; r = json.load(open(sys.argv[1])); print(r["predicted"], r["became"], r["right"])' \
	"$out" >"$work/got"
check_text "one that was to die and lives" "$work/got" <<EOF
dies up False
EOF

# State: one region and live update are handed over.
make_handover "$work/before"
echo "kho=on liveupdate=on reserve_mem=4M:4K:state" >"$work/before/proc/cmdline"
recorded liveupdate=on reserve_mem=4M:4K:state
luo="6,7,0,-;luo: Retrieved live update data, liveupdate number: 1"
revived="6,6,0,-;Revived memory reservation 'state' from KHO"
after after <<EOF
$found
$revived
$luo
$came
EOF
verify
check_status "state that arrives" 0
check_no_text "none is missed" "$out" after-state-lost
after after <<EOF
$found
$luo
$came
EOF
verify
check_status "a region that did not arrive" 3
has after-state-lost "is a failure"
grep -q "the region 'state'" "$out"
report_test $? "and named"
after after <<EOF
$found
$revived
$came
EOF
verify
has after-state-lost "so is live update without its state"
after after <<EOF
$found
$revived
$luo
4,7,0,-;luo: No registered handler for compatible 'memfd-v9'
$came
EOF
verify
grep -q "after-state-lost: live update complains: .*memfd-v9" "$out"
report_test $? "and what it complains of is told"

# No record, bad records.
rm -rf "$records"
mkdir "$records"
verify
check_status "a handover of which there is no record" 4
has after-no-record "is unknown"
after after <<EOF
EOF
verify
check_status "no handover and no record: nothing to say" 0
for text in '' '{' '[]' '{"kexec_kho_record":1}' '{"kexec_kho_record":2,"load":{},"report":{},"machine":{}}' \
	'{"kexec_kho_record":1,"load":{},"report":{},"machine":{"snapshot":"x"}}'; do
	printf '%s' "$text" >"$records/0000000001.json"
	verify
	check_status "no record: $text" 1
done
record=$work/nothing
verify
check_status "a record that is not there" 1
record=
verify --kho-report=html
check_status "a format that it has not" 1
verify --kho-check
check_status "no load" 1

# How often it was right, over many machines.
cat >"$work/lines" <<'EOF'
{"kexec_kho_verification":1,"successor":"7.2.14","predicted":"up","became":"up","right":true,"things":{"a":{"right":true}},"facts":{"page_bytes":true}}
{"kexec_kho_verification":1,"successor":"7.2.14","predicted":"up","became":"up","right":true,"things":{"a":{"right":false}},"facts":{}}
{"kexec_kho_verification":1,"successor":"7.2.14","predicted":"up","became":"lost","right":null,"things":{},"facts":{}}
{"kexec_kho_verification":1,"successor":"7.2.9","predicted":"dies","became":"up","right":false,"things":{},"facts":{}}
{"kexec_kho_verification":1,"successor":"7.3.4","predicted":"up","became":"not_jumped","right":null,"things":{},"facts":{}}
EOF
run "$kexec" --kho-report=json --kho-verify --kho-fleet="$work/lines"
check_status "some were wrong" 2
check_text "by kernel" "$out" <<'EOF'
{"kernel":"7.2.9","boots":1,"right":0,"wrong":1,"open":0,"up":1,"exact":1}
{"kernel":"7.2.14","boots":3,"right":2,"wrong":0,"open":1,"up":2,"exact":1}
EOF
sed -n 1p "$work/lines" >"$work/one"
run "$kexec" --kho-verify --kho-fleet="$work/one"
check_status "all were right" 0
printf 'no line\n' >>"$work/one"
run "$kexec" --kho-verify --kho-fleet="$work/one"
check_status "a line that is none" 4
run "$kexec" --kho-verify --kho-fleet="$work/none"
check_status "no such file" 1

finish
