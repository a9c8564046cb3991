#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# Every command of README, manual and doc/, run as it stands there; what stands below it is said.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

need_at
LC_ALL=C.UTF-8
export LC_ALL

# A clone that is built, and the files that the documents name.
place=$work/place
mkdir -p "$place" "$work/bin" "$work/boot" "$work/commands" "$work/var/lib/prometheus/node-exporter" "$work/var/log"
for folder in contrib examples scripts; do ln -s "$(cd "$top_srcdir" && pwd)/$folder" "$place/$folder"; done
ln -s "$(cd "$top_builddir" && pwd)/kexec/kexec" "$work/bin/kexec"
ln -s kexec "$work/bin/kexec-kho"
"$fixtures/mkkernel.py" "$place/vmlinuz"
head -c 1000000 /dev/zero >"$place/initrd"
for name in "$place/vmlinuz-7.2" "$work/boot/vmlinuz-7.2" "$work/boot/vmlinuz"; do
	cp "$place/vmlinuz" "$name"
done
for name in "$place/initrd-7.2" "$work/boot/initrd-7.2" "$work/boot/initrd.img" "$work/boot/initrd.img-7.2"; do
	cp "$place/initrd" "$name"
done
make_machine "$place/captured" 0x10000000 0x8000000
# What explanations of findings call the files of their reader.
for name in IMAGE UKI; do ln -s vmlinuz "$place/$name"; done
for name in INITRD SMALLER; do ln -s initrd "$place/$name"; done
ln -s captured "$place/PATH"
ln -s captured "$place/DIR"
cat "$top_srcdir"/examples/machine-*.json >"$place/fleet.jsonl"
loader=$top_builddir/tests/cli/loader
at "$place/captured" "$kexec" --kho-check --kho-loader="$loader" --kho-log="$place/decisions.jsonl" \
	"image=$place/vmlinuz" file >/dev/null 2>&1

# shown FILE SAID: the lines of SAID stand in FILE in this order; "…" is any number of lines.
shown() {
	awk 'NR == FNR { line[++n] = $0; next }
		/^…$/ { any = 1; next }
		{
			found = 0
			while (at < n && !found) {
				at++
				found = line[at] == $0
				if (!found && !any) exit 1
			}
			if (!found) exit 1
			any = 0
		}' "$1" "$2"
}

number=$(python3 "$top_srcdir/tests/doc/commands.py" "$work/commands" "$top_srcdir/README.md" \
	"$top_srcdir"/doc/*.md "$top_srcdir/doc/kexec-kho.8")
ran=0
n=0
while [ $((n += 1)) -le "$number" ]; do
	command=$work/commands/$n
	grep -q 'kexec\|capture-machine\|jq\|head -c\|^prom=' "$command.sh" || continue
	name="$(cat "$command.where"): $(head -n 1 "$command.sh")"
	why=$(grep -v '^#' "$top_srcdir/tests/doc/not-run" | while IFS='	' read -r pattern reason; do
		grep -q -e "$pattern" "$command.sh" && echo "$reason" && break
	done)
	if [ -n "$why" ]; then
		skip "$name" "$why"
		continue
	fi
	# What a document sets stays for its next command.
	cat "$command.sh" >>"$work/$(cat "$command.where").so-far"
	grep '^prom=' "$work/$(cat "$command.where").so-far" >"$work/preset" || :
	# shellcheck disable=SC2016 # for the inner shell
	run unshare ${at_map:-} --mount --net sh -c 'mount --bind "$1/boot" /boot
		mount --bind "$1/var" /var || exit 125
		cd "$1/place" && PATH=$1/bin:$PATH && . "$1/preset" && . "$2"' sh "$work" "$command.sh"
	ran=$((ran + 1))
	# A load that is let through ends as this kernel, or the missing CAP_SYS_BOOT, has it.
	! grep -q -e '--kho-check' "$command.sh" || ! grep -q '^kexec: kho: ' "$err" || status=0
	case $status in
	0 | 2 | 3 | 4) report_test 0 "$name" ;;
	*)
		report_test 1 "$name"
		echo "# exit status $status"
		sed 's/^/# /' "$err"
		;;
	esac
	[ ! -s "$command.said" ] && continue
	shown "$out" "$command.said"
	status=$?
	report_test $status "what it shows: $name"
	[ "$status" = 0 ] || sed 's/^/# /' "$out" | head -n 40
done
[ "$ran" -ge 15 ]
report_test $? "the documents have commands ($ran ran)"
check_equal "the recipe for Prometheus keeps a failure" \
	"$(grep -c '^kexec_kho_verdict{' "$work/var/lib/prometheus/node-exporter/kho.prom")" 4

finish
