#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# How a loader is supervised: threads, orphans, signals, and whatever else the gate may be
# started with or the loader may do.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

need_at
loader=$top_builddir/tests/cli/loader
"$fixtures/mkkernel.py" "$work/image"
printf 'no kernel' >"$work/text"
make_machine "$work/ample" 0x10000000 0x8000000
make_machine "$work/small" 0x10000000 0x1800000

# As in loader.sh: what a load says that reaches this kernel.
reached=$("$loader" "image=$work/image" file)
reached=${reached#file: }

# gate MODE MACHINE STEP...: with a command in front of the gate, in $before.
before=
# shellcheck disable=SC2086 # $before is several words, or none
gate() {
	mode=$1
	machine=$work/$2
	shift 2
	if [ "$mode" = --kho-report ]; then
		timeout 60 $before "$kexec" "$mode" --kho-machine="$machine" \
			--kho-loader="$loader" "image=$work/image" "$@"
	else
		at "$machine" timeout 60 $before "$kexec" "$mode" \
			--kho-loader="$loader" "image=$work/image" "$@"
	fi
}

# ---- which thread's descriptors ----

for before in "" "$loader without-pidfd-thread exec"; do
	how=${before:+ (before Linux 6.9)}
	run gate --kho-strict ample own-file="$work/text"
	check_status "a thread with descriptors of its own is judged by those$how" 4
	if [ "$reached" = EPERM ]; then
		skip "its load is refused$how" "this kernel itself refuses loads with EPERM"
	else
		check_line "its load is refused$how" "$out" "own: EPERM"
	fi
	run gate --kho-strict ample thread
	check_status "a thread that shares them is let through$how" 0
	check_line "and its load reached the kernel$how" "$out" "thread: $reached"
done
before="$loader without-pidfd-thread exec"
run gate --kho-strict ample image=/dev/null thread
check_status "a thread's file that can't be opened anew is unknown" 4
check_line "and why is reported" "$err" \
	"kexec: kho: unknown: successor-unreadable: the loader's image can't be read: Operation not supported"
before=

# ---- two loads at a time ----

run gate --kho-strict ample other="$work/image" threads
check_line "two threads load: the first reached the kernel" "$out" "thread: $reached"
check_line "two threads load: so did the second" "$out" "other: $reached"
run gate --kho-strict ample other="$work/text" threads
check_status "two threads load: one is no kernel" 4
check_line "two threads load: what fits reached the kernel" "$out" "thread: $reached"
check_line "two threads load: what is no kernel did not" "$out" "other: EPERM"
# Any refusal decides the exit status, the worst of them, in whichever order they come.
"$fixtures/mkkernel.py" --no-kho "$work/no-kho"
for order in thread-then-other other-then-thread; do
	run gate --kho-strict ample other="$work/text" $order exit=9
	check_status "$order: one load is refused, as unknown" 4
	check_line "$order: the other reached the kernel" "$out" "thread: $reached"
	check_line "$order: the refused one did not" "$out" "other: EPERM"
	run gate --kho-strict ample other="$work/text" image="$work/no-kho" $order exit=9
	check_status "$order: one is refused as unknown, one as fail" 3
	run gate --kho-strict ample other="$work/image" $order exit=9
	check_status "$order: both are let through, and the loader has its own status" 9
done
run gate --kho-strict small other="$work/image" threads
check_status "two threads load: refused" 3
check_equal "two threads load: both" "$(grep -c ': EPERM$' "$out")" 2
check_equal "two threads load: each is reported" \
	"$(grep -c "^kexec: kho: load refused: FAIL " "$err")" 2

# ---- who is ended by a dry run ----

before="$loader ancestor exec"
run gate --kho-strict small orphan=file sleep=1
check_status "strict: the load of an orphan" 3
before=
# In a world of its own: what is tested is that nobody else is killed.
in_world() {
	# shellcheck disable=SC2016 # for the inner shell
	unshare --pid --fork --mount-proc sh -c '"$@"; exit $?' sh "$@"
}
if in_world true 2>/dev/null; then
	run in_world timeout 60 "$loader" ancestor exec "$kexec" --kho-report --kho-machine="$work/small" \
		--kho-loader="$loader" "image=$work/image" orphan=sleep=1,ifdown orphan=file sleep=30
	check_status "dry run: the load of an orphan" 3
	check_no_text "dry run: the orphan does not get past its load" "$err" "file:"
	check_line "dry run: its ancestors live" "$out" "ancestor: lives"
	check_line "dry run: no other orphan takes an interface down" "$err" "ifdown: EPERM"
	run in_world timeout 60 "$loader" ancestor exec "$kexec" --kho-report --kho-machine="$work/small" \
		--kho-loader="$loader" "image=$work/image" thread sleep=30
	check_status "dry run: the load of a thread" 3
	check_line "dry run: the process of the thread is ended alone" "$out" "ancestor: lives"
else
	skip "who is ended by a dry run" "wants root and unshare"
fi

# ---- signals ----

"$fixtures/mkkernel.py" --padding 100000000 "$work/large"
for before in "" "$loader without-killable exec"; do
	how=${before:+ (before Linux 5.19)}
	run gate --kho-strict small timer=20 image="$work/large" file
	check_status "a loader with a periodic timer$how" 3
	check_equal "its load is looked at once$how" \
		"$(grep -c "^kexec: kho: load refused: FAIL " "$err")" 1
	check_equal "and refused$how" "$(cat "$out")" "file: EPERM"
	run gate --kho-report small timer=20 image="$work/large" file
	check_status "dry run: a loader with a periodic timer$how" 3
done
before=

# signalled SIGNAL MODE STEP...: send it while the load is looked at, which takes for ever:
# nobody reads the report.
mkfifo "$work/told"
signalled() {
	signal=$1
	mode=$2
	shift 2
	# shellcheck disable=SC2217 # it need not read
	sleep 300 <"$work/told" &
	reader=$!
	exec 9>"$work/told"
	head -c 65536 /dev/zero >&9
	# A shell lets what runs in the background ignore SIGQUIT, nohup all of it SIGHUP.
	# shellcheck disable=SC2016 # for the inner shell
	at "$work/small" sh -c 'echo $$ >"$0"; exec "$@" 2>&9 9>&-' "$work/pid" "$loader" default=1 \
		default=3 exec "$kexec" "$mode" --kho-loader="$loader" "image=$work/image" "$@" file \
		>"$out" 2>"$err" &
	job=$!
	tries=600
	# The thread that looks at it.
	until pid=$(cat "$work/pid" 2>/dev/null) && [ -d "/proc/$pid/task" ] &&
		[ "$(find "/proc/$pid/task" -maxdepth 1 | wc -l)" = 3 ]; do
		[ $((tries -= 1)) != 0 ] || break
		sleep 0.1
	done
	sleep 0.2
	kill -"$signal" "$pid"
	(sleep 20 && kill -KILL "$pid") >"$work/killer" 2>&1 9>&- &
	killer=$!
	status=0
	wait $job || status=$?
	kill $killer $reader
	# Else the next reader's pipe may still have this one.
	wait $reader
	exec 9>&-
	rm "$work/pid"
}
signalled TERM --kho-strict
check_status "SIGTERM during the check" 143
check_text "SIGTERM during the check: the loader has ended of it" "$out" </dev/null
signalled TERM --kho-strict catch=15
check_status "SIGTERM that the loader catches" 143
if [ "$reached" = EPERM ]; then
	skip "its load is refused" "this kernel itself refuses loads with EPERM"
else
	check_text "its load is refused" "$out" <<'EOF'
file: EPERM
EOF
fi
signalled QUIT --kho-strict
check_status "SIGQUIT during the check" 131
signalled HUP --kho-strict
check_status "SIGHUP during the check" 129
signalled TERM --kho-check catch=15 classic
check_status "SIGTERM during the check, and the loader tries the other syscall" 143
check_no_text "which is not let through either" "$out" "classic: $reached"

# ---- what the gate is started with ----

before="$loader ignore-children exec"
run gate --kho-strict small file on-child-end
check_status "a refusal where SIGCHLD is ignored" 3
check_line "the loader finds it so" "$out" "SIGCHLD: ignored"
before=
run gate --kho-strict ample on-child-end
check_line "and else by default" "$out" "SIGCHLD: default"

for closed in "0<&-" "2>&-" "0<&- 2>&-"; do
	run timeout 60 sh -c "exec \"\$@\" $closed" sh "$kexec" --kho-report \
		--kho-machine="$work/small" --kho-loader="$loader" "image=$work/image" file
	check_status "a dry run with $closed" 3
	check_line "and its report with $closed" "$out" "verdict: fail"
done
for closed in "1>&-" "0<&- 1>&-" "1>&- 2>&-" "0<&- 1>&- 2>&-"; do
	run timeout 60 sh -c "exec \"\$@\" $closed" sh "$kexec" --kho-report \
		--kho-machine="$work/small" --kho-loader="$loader" "image=$work/image" file
	check_equal "no report is no ok with $closed" "$(case $status in 1 | 4) echo told ;; esac)" told
done

before="$loader without-ioctl exec"
for mode in --kho-strict --kho-report; do
	run gate $mode ample file
	check_status "$mode where ioctl is denied" 4
	check_no_text "$mode where ioctl is denied: the loader was not run" "$out" "file:"
done
run gate --kho-strict ample file
check_line "and why" "$err" \
	"kexec: kho: unknown: successor-unreadable: the loader can't be supervised: ioctl on the listener: Operation not permitted"
before="$loader without-receive exec"
run gate --kho-strict ample say=started file say=left
check_status "where a load can't be received" 1
check_text "the loader is ended" "$out" <<'EOF'
started
EOF
check_text "and why" "$err" <<EOF
kexec: $loader: can't be supervised any more, and was killed: Operation not permitted
EOF

before=

# ---- whose exit status ----

for own in 2 3 4; do
	run gate --kho-strict ample file exit=$own
	check_status "a loader's own status $own is not taken for a verdict" 1
	check_line "and is reported" "$err" \
		"kexec: kho: the loader's exit status was $own; it is reported as 1, because 2 to 4 are those of a verdict"
done
run gate --kho-check ample file exit=5
check_status "any other is" 5

finish
