#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What a pipeline needs beside the exit status: a record of each decision, and settings for a site.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

need_at
loader=$top_builddir/tests/cli/loader
log=$work/log
"$fixtures/mkkernel.py" "$work/image"
make_machine "$work/ample" 0x10000000 0x8000000
make_machine "$work/small" 0x10000000 0x1800000
reached=$("$loader" "image=$work/image" file)
reached=${reached#file: }

# gate MACHINE WORD...
gate() {
	machine=$1
	shift
	run at "$work/$machine" "$kexec" --kho-loader="$loader" "$@"
}

# record EXPRESSION: of the last line of the log.
record() {
	tail -n 1 "$log" | python3 -c "
import json, sys
r = json.load(sys.stdin)
print($1)"
}

# ---- the log ----

gate ample --kho-strict --kho-log="$log" "image=$work/image" file
check_status "a load that passes" 0
check_equal "leaves a line in the log" "$(wc -l <"$log")" 1
check_equal "that says so" "$(record '[r[k] for k in ("decision", "mode", "verdict")]')" \
	"['allowed', 'strict', 'ok']"
check_equal "with the report in it" \
	"$(record '(r["report"]["verdict"], r["report"]["model"]["outcome"])')" "('ok', 'up')"
check_equal "that names the image" "$(record 'r["report"]["about"]["image"]["sha256"]')" \
	"$(sha256sum "$work/image" | cut -d' ' -f1)"
check_equal "the log is its owner's only" "$(stat -c %a "$log")" 600
check_equal "beside the line on stderr" "$(grep -c '^kexec: kho: OK 7.2.13 -> 7.2.0-fixture' "$err")" 1
gate small --kho-strict --kho-log="$log" "image=$work/image" file
check_status "a load that is refused" 3
check_equal "leaves another" "$(wc -l <"$log")" 2
check_equal "that says it" \
	"$(record '[r[k] for k in ("decision", "mode", "verdict")] + [r["report"]["answer"]]')" \
	"['refused', 'strict', 'fail', \"FAIL 7.2.13 -> 7.2.0-fixture: node 0's memory map is 7.11 MiB short; boot with kho_scratch=4M,20M,12M\"]"
gate small --kho-check --kho-log="$log" "image=$work/image" file
check_equal "one that is let through all the same" "$(record '(r["decision"], r["verdict"])')" \
	"('allowed', 'fail')"
gate small --kho-strict --kho-log="$log" "image=$work/image" crash unload exit=1
check_equal "crash loads and unloads leave none" "$(wc -l <"$log")" 3
out=$log keep_json

run at "$work/ample" sh -c '"$@" 3>"$0"' "$work/fd" "$kexec" --kho-loader="$loader" --kho-check \
	--kho-log=fd:3 "image=$work/image" file
check_equal "a descriptor" "$(wc -l <"$work/fd")" 1
gate ample --kho-check --kho-log=- "image=$work/image" file
check_equal "stdout" "$(grep -c '^{"schema":1,' "$out")" 1
for fd in 77 x 99999999999; do
	gate ample --kho-check --kho-log=fd:$fd "image=$work/image" file
	check_status "no descriptor: $fd" 1
	check_text "no descriptor: $fd: the loader did not run" "$out" </dev/null
done

# Two gates at a time, and the records stay whole.
: >"$work/both"
for _ in 1 2 3 4; do
	at "$work/small" "$kexec" --kho-strict --kho-loader="$loader" --kho-log="$work/both" \
		"image=$work/image" file file file >/dev/null 2>&1 &
done
wait
check_equal "four writers: whole lines" "$(python3 -c '
import json, sys
print(sum(json.loads(line)["decision"] == "refused" for line in open(sys.argv[1])))' "$work/both")" 12

# ---- a log that can't be written ----

mkdir "$work/folder"
gate ample --kho-strict --kho-log="$work/folder" "image=$work/image" file
check_status "strict refuses what it can't record" 4
check_line "it says why" "$err" "kexec: kho: unknown: the decision can't be recorded: --kho-log=$work/folder: Is a directory"
check_line "and that it refuses" "$err" "kexec: kho: load refused: unknown"
gate ample --kho-check --kho-log="$work/folder" "image=$work/image" file exit=7
check_status "check loads all the same" 7
check_line "the load reached the kernel" "$out" "file: $reached"
check_line "check: it says why, too" "$err" "kexec: kho: unknown: the decision can't be recorded: --kho-log=$work/folder: Is a directory"
gate small --kho-strict --kho-log="$work/folder" "image=$work/image" file
check_status "fail stays fail" 3
gate ample --kho-strict --kho-log="$work/folder" "image=$work/image" crash exit=5
check_status "a crash load needs no record" 5
gate ample --kho-strict --kho-log=/dev/full "image=$work/image" file
check_status "a full disk" 4
run at "$work/ample" sh -c '"$@" | sleep 0' sh "$kexec" --kho-strict --kho-loader="$loader" \
	--kho-log=- "image=$work/image" sleep=1 file
check_line "a reader that went away: an error, and no SIGPIPE" "$err" \
	"kexec: kho: unknown: the decision can't be recorded: --kho-log=-: Broken pipe"
if [ "$(id -u)" = 0 ] && unshare --mount true 2>/dev/null; then
	# shellcheck disable=SC2016 # for the inner shell
	run at "$work/ample" sh -c 'mount -t tmpfs -o size=4k tmpfs "$0" && echo before >"$0/log" &&
		"$@"; status=$?; cat "$0/log"; exit $status' "$work/folder" "$kexec" --kho-strict \
		--kho-loader="$loader" --kho-log="$work/folder/log" "image=$work/image" file
	check_status "a disk that gets full" 4
	check_line "is named" "$err" \
		"kexec: kho: unknown: the decision can't be recorded: --kho-log=$work/folder/log: No space left on device"
	grep -v '^file: ' "$out" >"$work/left"
	check_text "and no half of a record stays" "$work/left" <<-EOT
		before
	EOT
else
	skip "a disk that gets full" "wants root"
fi

# ---- the journal ----

# with_journal NUMBER COMMAND...: a journal that takes so many entries, in $work/journal.
with_journal() {
	# shellcheck disable=SC2016 # for the inner shell
	run unshare ${at_map:-} --mount sh -c '
		fixtures=$1; work=$2; number=$3; shift 3
		mkdir -p /run/systemd/journal
		mount -t tmpfs tmpfs /run/systemd && mkdir /run/systemd/journal || exit 125
		"$fixtures/journald.py" /run/systemd/journal/socket "$number" >"$work/journal" &
		tries=100
		until [ -S /run/systemd/journal/socket ] || [ $((tries -= 1)) = 0 ]; do sleep 0.1; done
		"$@"; status=$?
		wait; exit $status' sh "$fixtures" "$work" "$@"
}
# entry EXPRESSION: of the last one.
entry() {
	tail -n 1 "$work/journal" | python3 -c "
import json, sys
e = json.load(sys.stdin)
print($1)"
}
if [ -d /run/systemd ] || [ "$(id -u)" = 0 ]; then
	with_journal 1 unshare --mount --net true
	at_inside() { at "$@"; }
	cat >"$work/load" <<-EOT
		#!/bin/sh
		machine=\$1; shift
		mount --bind "\$machine/sys" /sys || exit 125
		for file in \$(cd "\$machine/proc" && find . -type f); do
			mount --bind "\$machine/proc/\$file" "/proc/\$file" || exit 125
		done
		exec "\$@"
	EOT
	chmod +x "$work/load"
	with_journal 1 "$work/load" "$work/small" "$kexec" --kho-strict --kho-journal \
		--kho-loader="$loader" "image=$work/image" file
	check_status "journal: a refused load" 3
	check_equal "journal: the message" "$(entry 'e["MESSAGE"][0]')" \
		"load refused: FAIL 7.2.13 -> 7.2.0-fixture: node 0's memory map is 7.11 MiB short; boot with kho_scratch=4M,20M,12M"
	check_equal "journal: the fields" \
		"$(entry '[e[k][0] for k in ("PRIORITY", "SYSLOG_IDENTIFIER", "KHO_DECISION", "KHO_VERDICT", "KHO_RUNNING_RELEASE", "KHO_SUCCESSOR_RELEASE")]')" \
		"['3', '${KHO_TEST_TOOL:-kexec-kho}', 'refused', 'fail', '7.2.13', '7.2.0-fixture']"
	check_equal "journal: each finding" "$(entry 'e["KHO_FINDING"]')" \
		"['preserved-unread', 'memory-map-short']"
	check_equal "journal: the record" \
		"$(entry 'json.loads(e["KHO_RECORD"][0])["report"]["answer"]')" \
		"FAIL 7.2.13 -> 7.2.0-fixture: node 0's memory map is 7.11 MiB short; boot with kho_scratch=4M,20M,12M"
	check_equal "journal: the id of a refusal" "$(entry 'e["MESSAGE_ID"][0]')" \
		"$(sed -n 's/^| refused | `\([0-9a-f]*\)` |$/\1/p' "$top_srcdir/doc/log.md")"
	# Larger than a datagram: it goes as a file in memory.
	with_journal 1 "$work/load" "$work/small" sh -c 'sysctl -qw net.core.wmem_max=4608 2>/dev/null
		exec "$@"' sh "$kexec" --kho-check --kho-journal \
		--kho-loader="$loader" "image=$work/image" "append=$(printf '%02000d' 0)" file
	check_equal "journal: a large entry" "$(entry 'len(e["KHO_RECORD"])')" 1
	run unshare ${at_map:-} --mount --net sh -c 'mount -t tmpfs tmpfs /run || exit 125
		exec "$@"' sh "$work/load" "$work/ample" "$kexec" --kho-strict --kho-journal \
		--kho-loader="$loader" "image=$work/image" file
	check_status "no journal: strict refuses" 4
	check_line "no journal: it says so" "$err" "kexec: kho: unknown: the decision can't be recorded: --kho-journal: /run/systemd/journal/socket: No such file or directory"
	gate_log=$work/log3
	run unshare ${at_map:-} --mount --net sh -c 'mount -t tmpfs tmpfs /run || exit 125
		exec "$@"' sh "$work/load" "$work/ample" "$kexec" --kho-strict --kho-journal \
		--kho-log="$gate_log" --kho-loader="$loader" "image=$work/image" file
	check_equal "no journal: the log's last word is the refusal" \
		"$(tail -n 1 "$gate_log" | cut -d, -f3)" '"decision":"refused"'
else
	skip "the journal" "wants root"
fi

# ---- quiet ----

gate ample --kho-strict --kho-quiet --kho-log="$log" "image=$work/image" file
check_text "quiet: nothing on stderr of a load that is ok" "$err" </dev/null
check_equal "quiet: the log has it" "$(record 'r["verdict"]')" ok
gate small --kho-check --kho-quiet "image=$work/image" file
check_equal "quiet: what is worse is said" "$(grep -c '^kexec: kho: FAIL ' "$err")" 1

# ---- the environment ----

run at "$work/small" env KEXEC_KHO=strict KEXEC_KHO_LOADER="$loader" KEXEC_KHO_LOG="$log" \
	KEXEC_KHO_IGNORE_FATAL=memory-map-short KEXEC_KHO_QUIET=1 "$kexec" "image=$work/image" file
check_status "all of it from the environment" 0
check_equal "what was accepted counts, and is recorded" \
	"$(record '(r["verdict"], r["report"]["about"]["accepted"])')" "('ok', ['memory-map-short'])"
check_text "and it was quiet" "$err" </dev/null
run at "$work/small" env KEXEC_KHO=strict KEXEC_KHO_LOADER="$loader" KEXEC_KHO_LOG="$work/other" \
	"$kexec" --kho-log=none "image=$work/image" file
check_equal "an option counts before it" "$(ls "$work/other" 2>/dev/null)" ""
run at "$work/small" env KEXEC_KHO=check KEXEC_KHO_LOADER="$loader" KEXEC_KHO_IGNROE=x \
	"$kexec" "image=$work/image" file
check_status "a name that there is not: strict" 3
check_line "and named" "$err" \
	"kexec: kho: KEXEC_KHO_IGNROE: no such setting; a load is checked as by --kho-strict"
run env KEXEC_KHO_LOG="$log" KEXEC_KHO_HEADROOM=0 "$kexec" --kho-report \
	--kho-image="$work/image" --kho-machine="$work/small"
check_status "what a report does not use is no error in the environment" 3

# ---- the files ----

# conf TEXT: read from this file alone.
conf() {
	printf '%s\n' "$@" >"$work/conf"
	run at "$work/$machine" env KEXEC_KHO_LOADER="$loader" KEXEC_KHO_CONFIG="$work/conf" \
		"$kexec" "image=$work/image" file
}

machine=small
conf '# a comment' '[KHO]' 'Mode = strict' "Log=$log" 'Quiet=yes'
check_status "a file: its mode" 3
check_equal "a file: its log" "$(record 'r["decision"]')" refused
conf '[KHO]' Mode=check 'IgnoreFatal=memory-map-short' Mode=strict=warn
check_status "a file: the last one counts" 0
conf '[KHO]' Mode=strict 'IgnoreFatal=memory-map-short' 'IgnoreFatal='
check_status "a file: an empty value takes back" 3
conf '[KHO]' Mode=off
check_status "a file: off" 0
check_line "a file: off: the load reached the kernel" "$out" "file: $reached"
run at "$work/small" env KEXEC_KHO=check KEXEC_KHO_LOADER="$loader" "$kexec" \
	--kho-config="$work/conf" "image=$work/image" file
check_equal "the environment counts before a file" "$(grep -c '^kexec: kho: FAIL' "$err")" 1
printf '[KHO]\nMode=check\nLog=%s\n' "$work/of-the-file" >"$work/conf"
run at "$work/small" env KEXEC_KHO_LOG="$work/of-the-environment" KEXEC_KHO_LOADER="$loader" "$kexec" \
	--kho-config="$work/conf" "image=$work/image" file
check_equal "not only its mode" "$(cd "$work" && echo of-the-*)" of-the-environment
while IFS='|' read -r line said; do
	conf '[KHO]' Mode=check "$line"
	check_status "a bad line is strict: $line" 3
	check_line "a bad line is named: $line" "$err" "kexec: kho: $work/conf:3: $said"
done <<'EOF'
Ignroe=chain|Ignroe: no such setting; a load is checked as by --kho-strict
image=x|image: no such setting; a load is checked as by --kho-strict
Image=x|Image: no such setting; a load is checked as by --kho-strict
Ignore=no-such|Ignore: --kho-ignore=no-such: no such finding; kexec --kho-explain lists them; a load is checked as by --kho-strict
Journal=maybe|Journal: --kho-journal=maybe: neither "yes" nor "no"; see kexec --kho-help; a load is checked as by --kho-strict
Mode=strct|Mode=strct: not "off", "check", "strict" or "strict=warn": taken as "strict"
nonsense|nonsense: neither a section nor NAME=VALUE
[Kho]|[Kho]: no such section; there is [KHO]
EOF
conf Mode=off
check_status "a line in no section" 3
check_line "a line in no section: named" "$err" "kexec: kho: $work/conf:1: Mode=off: not in the section [KHO]"
run at "$work/small" env KEXEC_KHO_LOADER="$loader" KEXEC_KHO_CONFIG="$work/none" "$kexec" \
	"image=$work/image" file
check_status "a file that there is not: strict" 3
check_line "a file that there is not: named" "$err" "kexec: kho: $work/none: No such file or directory"
printf '[KHO]\0\n' >"$work/zero"
run at "$work/small" "$kexec" --kho-config="$work/zero" --kho-check --kho-loader="$loader" \
	"image=$work/image" file
check_status "an option of the mode counts, whatever the file says" 0
check_line "which is named" "$err" "kexec: kho: $work/zero: no text: it has a byte of zero"
machine=ample
conf '[KHO]' Bad
check_status "a bad line lets through what fits" 0

finish
