#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# --kho-fleet: a verdict a line, in the order of the lines, whatever they hold.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"
fleet=$top_srcdir/tests/fleet
append="nokaslr kho=on"
export append

"$fixtures/mkkernel.py" "$work/image"
# As in report.sh: 16 MiB of memory map and a kernel of 16 MiB.
make_machine "$work/ample" 0x10000000 0x8000000
make_machine "$work/small" 0x10000000 0x1800000
echo ample >"$work/ample/proc/sys/kernel/hostname"
echo 'small "1"' >"$work/small/proc/sys/kernel/hostname"
"$kexec" --kho-save-machine="$work/a" --kho-machine="$work/ample"
"$kexec" --kho-save-machine="$work/s" --kho-machine="$work/small"
rm -r "$work/small/sys/kernel/debug/kho"
"$kexec" --kho-save-machine="$work/u" --kho-machine="$work/small" 2>/dev/null

judge() {
	run "$kexec" --kho-report --kho-image="$work/image" --kho-initrd=none \
		--kho-append="$append" "$@"
}

{
	cat "$work/a"
	echo
	cat "$work/s"
	echo '{"kho_machine":1'
	echo '{"kho_machine":1,"host":7}'
	head -c 300000 /dev/zero | tr '\0' x
	echo
	cat "$work/u"
	printf '%s' "$(cat "$work/a")"
} >"$work/fleet"
judge --kho-fleet="$work/fleet"
check_status "the worst is a fail" 3
# headroom LINE [FILE]: what the record of that line says.
headroom() {
	sed -n "s/^{.*\"line\":$1,.*\"headroom_bytes\":\([0-9]*\),.*/\1/p" "${2-$out}"
}
left=$(headroom 1)
# Of 128 MiB 16 go to the kernel and 16 to the map; all the rest takes 8 at most, in such a kernel.
[ "$left" -gt $((88 << 20)) ] && [ "$left" -lt $((96 << 20)) ]
report_test $? "the headroom, by hand: of 128 MiB more than 88 and less than 96"
sed 's/"advice":{[^}]*}/"advice":ADVICE/' "$out" >"$work/records"
check_text "the records" "$work/records" <<EOT
{"schema":1,"line":1,"host":"ample","verdict":"ok","findings":[{"id":"preserved-unread","severity":"note","accepted":false}],"ignored":[],"outcome":"up","headroom_bytes":$left,"advice":null}
{"schema":1,"line":3,"host":"small \"1\"","verdict":"fail","findings":[{"id":"preserved-unread","severity":"note","accepted":false},{"id":"memory-map-short","severity":"fail","accepted":false}],"ignored":[],"outcome":"dies","headroom_bytes":null,"advice":ADVICE}
{"schema":1,"line":4,"host":null,"verdict":null,"error":"no JSON: it ends after 16 bytes, too early"}
{"schema":1,"line":5,"host":null,"verdict":null,"error":"\$.host: not of type string"}
{"schema":1,"line":6,"host":null,"verdict":null,"error":"longer than a snapshot can be"}
{"schema":1,"line":7,"host":"small \"1\"","verdict":"unknown","findings":[{"id":"debugfs-not-mounted","severity":"unknown","accepted":false}],"ignored":[],"outcome":null,"headroom_bytes":null,"advice":null}
{"schema":1,"line":8,"host":"ample","verdict":"ok","findings":[{"id":"preserved-unread","severity":"note","accepted":false}],"ignored":[],"outcome":"up","headroom_bytes":$left,"advice":null}
EOT
sed 's/in [0-9.]* s, [0-9]* a second/in T s, R a second/; s/: [0-9.]* MiB,/: SIZE,/' "$err" >"$work/said"
check_text "stderr is no terminal: the summary all the same" "$work/said" <<'EOT'
7 machines in T s, R a second: 2 ok, 0 warn, 1 fail, 1 unknown, 3 errors
smallest headroom: SIZE, ample (line 1)
EOT
cp "$out" "$work/records"

judge --kho-fleet="$work/a"
check_status "one that is ok" 0
# Early boot takes from the top: of an area that begins 32 MiB later just these are not left.
make_machine "$work/less" 0x12000000 0x6000000
"$kexec" --kho-save-machine="$work/l" --kho-machine="$work/less"
judge --kho-fleet="$work/l"
check_equal "32 MiB less of an area are as many less of headroom" "$(headroom 1)" \
	$((left - (32 << 20)))
sed 4q "$work/fleet" | grep -v areas >"$work/broken"
judge --kho-fleet="$work/broken"
check_status "a line that is no machine counts as unknown" 4
judge --kho-fleet="$work/s" --kho-ignore=chain --kho-ignore-fatal=memory-map-short
check_status "accepted by name" 0
check_equal "accepted by name: and the summary" "$(sed -n 's/^1 machines.*errors; //p' "$err")" \
	"1 with accepted findings"
sed 's/,"outcome".*//' "$out" >"$work/accepted"
check_text "accepted by name: the record tells it" "$work/accepted" <<'EOT'
{"schema":1,"line":1,"host":"small \"1\"","verdict":"ok","findings":[{"id":"preserved-unread","severity":"note","accepted":false},{"id":"memory-map-short","severity":"fail","accepted":true}],"ignored":["memory-map-short","chain"]
EOT
printf '\n \t\n\n' >"$work/blank"
for none in /dev/null "$work/blank"; do
	judge --kho-fleet="$none"
	check_status "no machine in $none is unknown" 4
	check_text "no machine in $none: said" "$err" <<EOT
kexec: kho: unknown: $none: there is no machine in it: nothing was checked
EOT
	check_text "no machine in $none: no record" "$out" </dev/null
done
judge --kho-fleet=-
check_status "nothing from stdin is unknown" 4
check_text "nothing from stdin: said" "$err" <<'EOT'
kexec: kho: unknown: stdin: there is no machine in it: nothing was checked
EOT

# Which hosts to leave alone, by the lines of the manual and of doc/fleet.md.
documented=$(sed -n "s/^\(jq -r '.*'\) verdicts.jsonl$/\1/p" "$top_srcdir/doc/fleet.md")
manual=$(sed -n 's/^\.Dl \$ \(jq .*\) verdicts.jsonl$/\1/p' "$top_srcdir/doc/kexec-kho.8" |
	sed 's/\\(dq/"/g; s/\\e/\\/g')
check_equal "both documents have the same line" "$manual" "$documented"
if command -v jq >/dev/null; then
	cp "$work/records" "$work/verdicts.jsonl"
	run sh -c "$documented \"\$0\"" "$work/verdicts.jsonl"
	check_status "jq reads the records" 0
	check_text "jq: whatever is neither ok nor warn" "$out" <<'EOT'
3	small "1"	fail	
4			no JSON: it ends after 16 bytes, too early
5			$.host: not of type string
6			longer than a snapshot can be
7	small "1"	unknown	
EOT
else
	skip "jq reads the records" "jq is not installed"
fi

for jobs in --kho-jobs=1 -j7; do
	judge --kho-fleet="$work/fleet" $jobs
	check_text "the same with $jobs" "$out" <"$work/records"
done
judge --kho-fleet="$work/fleet" -j 2
check_text "the same with -j 2" "$out" <"$work/records"
run sh -c '"$0" --kho-report --kho-image="$1" --kho-initrd=none \
	--kho-append="$append" --kho-fleet=- <"$2"' \
	"$kexec" "$work/image" "$work/fleet"
check_text "the same from stdin" "$out" <"$work/records"
# A line at a time, in two halves: what is whole is judged at once.
run sh -c '{ head -c 100 "$2"; sleep 0.2; tail -c +101 "$2"; } |
	"$0" --kho-report --kho-image="$1" --kho-initrd=none --kho-append="$append" --kho-fleet=-' \
	"$kexec" "$work/image" "$work/fleet"
check_text "the same through a pipe, in parts" "$out" <"$work/records"
mkfifo "$work/in" "$work/back"
"$kexec" --kho-report --kho-image="$work/image" --kho-initrd=none \
	--kho-fleet=- <"$work/in" >"$work/back" &
exec 7>"$work/in" 8<"$work/back"
cat "$work/a" >&7
read -r first <&8
check_equal "an answer comes before the end of the input" "${first%%,\"host*}" '{"schema":1,"line":1'
exec 7>&- 8<&-
wait

judge --kho-fleet="$work/none"
check_status "no such file" 1
check_text "it is named" "$err" <<EOT
kexec: $work/none: No such file or directory
EOT
judge --kho-fleet="$work"
check_status "a folder" 1
run sh -c '"$0" --kho-report --kho-image="$1" --kho-initrd=none --kho-fleet="$2" >/dev/full' \
	"$kexec" "$work/image" "$work/fleet"
check_status "a full disk" 1
check_text "it is reported" "$err" <<'EOT'
kexec: stdout: No space left on device
EOT
# More records than stdio holds back: the write that fails is not the last.
i=0
while [ $i -lt 300 ]; do
	cat "$work/a"
	i=$((i + 1))
done >"$work/many"
on_small_disk() {
	# shellcheck disable=SC2086 # none or one
	unshare ${at_map-} --mount sh -c 'mount -t tmpfs -o size=16k none "$0" || exit 125
		"$@" >"$0/records"
		status=$?
		cp "$0/records" "$0.records"
		exit $status' "$work/disk" "$@"
}
mkdir "$work/disk"
[ "$(id -u)" = 0 ] || at_map=--map-root-user
run on_small_disk true
if [ $status = 0 ]; then
	for jobs in 1 2; do
		run on_small_disk "$kexec" --kho-report --kho-image="$work/image" \
			--kho-append="$append" --kho-fleet="$work/many" --kho-jobs=$jobs
		check_status "a disk that gets full, $jobs threads" 1
		check_text "a disk that gets full: said" "$err" <<'EOT'
kexec: stdout: No space left on device
EOT
		[ "$(wc -l <"$work/disk.records")" -lt 300 ]
		report_test $? "a disk that gets full: so it did"
	done
else
	skip "a disk that gets full" "wants a mount namespace"
fi
run sh -c 'trap "" PIPE; { sleep 0.3; "$0" --kho-report --kho-image="$1" --kho-append="$append" \
	--kho-fleet="$2"; echo $? >"$3"; } | exec true' "$kexec" "$work/image" "$work/many" "$work/ended"
check_equal "a reader that went away: exit status 1" "$(cat "$work/ended")" 1
check_text "a reader that went away: said" "$err" <<'EOT'
kexec: stdout: Broken pipe
EOT
run "$kexec" --kho-report --kho-fleet="$work/fleet"
check_status "no image" 1
judge --kho-fleet="$work/fleet" --kho-machine="$work/ample"
check_status "a machine beside a fleet" 1
judge --kho-fleet="$work/fleet" --kho-jobs=0
check_status "no thread at all" 1
judge --kho-jobs=2
check_status "jobs without a fleet" 1

# The bar and the summary, on a terminal.
run "$top_srcdir/tests/cli/on-terminal.py" 80 sh -c '"$@" >/dev/null' sh "$kexec" --kho-report \
	--kho-image="$work/image" --kho-initrd=none --kho-append="$append" --kho-fleet="$work/fleet"
tr '\r' '\n' <"$out" >"$work/terminal"
sed -n 's/^7 machines in .* a second: //p' "$work/terminal" >"$work/counts"
check_text "the summary" "$work/counts" <<'EOT'
2 ok, 0 warn, 1 fail, 1 unknown, 3 errors
EOT
# Three digits, rounded down: 94.6 MiB.
check_line "whose headroom is the smallest" "$work/terminal" \
	"smallest headroom: $((left >> 20)).$(((left & 0xfffff) * 10 >> 20)) MiB, ample (line 1)"
for how in bar summary none; do
	judge --kho-fleet="$work/a" --kho-progress=$how
	echo "$how $(tr '\r' '\n' <"$err" | grep -c ' machines in ')"
done >"$work/said"
check_text "--kho-progress" "$work/said" <<'EOT'
bar 1
summary 1
none 0
EOT

"$fleet/make-fleet.py" 300 --seed 5 --broken 0.03 >"$work/300"
judge --kho-fleet="$work/300"
cp "$out" "$work/300.out"
run "$fleet/one-by-one.py" "$kexec" "$work/image" "$work/300" "$work/300.out" --append="$append" \
	--every=3
check_status "300 machines: as each in a run of its own" 0
sed 's/^/# /' "$out"
errors=$(sed -n "s/.*'errors': \([0-9]*\).*/\1/p" "$out")
[ "$errors" -lt 10 ]
report_test $? "few of them are no machines"

# A line that asks for hours has its verdict after a counted number of steps: unknown. Its
# neighbours have theirs. The limits are 20 and more times what it takes.
"$fleet/make-hostile.py" pieces >"$work/hostile"
sed -n 1p "$work/fleet" >>"$work/hostile"
run sh -c 'ulimit -t 60; exec "$@"' sh "$kexec" --kho-report --kho-image="$work/image" \
	--kho-append=kho=on --kho-fleet="$work/hostile" --kho-jobs=1
check_status "too much work" 4
check_equal "too much work: each has its record" "$(wc -l <"$out")" 2
sed -n 1p "$out" >"$work/first"
check_equal "too much work: the finding" \
	"$(python3 -c 'import json, sys; print("too-much-work" in [f["id"] for f in json.load(sys.stdin)["findings"]])' <"$work/first")" \
	True

# However many formats are asked for, the image is walked through once.
"$fixtures/mkkernel.py" --padding=60000000 "$work/padded"
"$fleet/make-hostile.py" formats >"$work/hostile"
run sh -c 'ulimit -t 10; exec "$@"' sh "$kexec" --kho-report --kho-image="$work/padded" \
	--kho-append=kho=on --kho-fleet="$work/hostile"
check_status "3800 formats" 4

if command -v parallel >/dev/null; then
	split -n l/5 "$work/300" "$work/part."
	run sh -c 'parallel --will-cite -q -k "$0" --kho-report --kho-image="$1" --kho-initrd=none \
		--kho-append="$append" \
		--kho-fleet={} -j1 ::: "$2"/part.*' "$kexec" "$work/image" "$work"
	sed 's/"line":[0-9]*/"line":N/' "$out" >"$work/parallel.out"
	sed 's/"line":[0-9]*/"line":N/' "$work/300.out" >"$work/single.out"
	check_text "the same under GNU parallel, a file each" "$work/parallel.out" <"$work/single.out"
	run sh -c 'parallel --will-cite -q -k --pipepart -a "$2/300" --block 20k "$0" --kho-report \
		--kho-image="$1" --kho-initrd=none \
			--kho-append="$append" --kho-fleet=- -j1' "$kexec" "$work/image" "$work"
	sed 's/"line":[0-9]*/"line":N/' "$out" >"$work/parallel.out"
	check_text "the same under GNU parallel, parts of one file" "$work/parallel.out" \
		<"$work/single.out"
else
	skip "GNU parallel" "no parallel: scripts/setup fleet"
fi
finish
