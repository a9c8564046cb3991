#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The examples turn the check on, as what they are for would read them.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

need_at
examples=$top_srcdir/contrib/examples
loader=$top_builddir/tests/cli/loader
"$fixtures/mkkernel.py" "$work/image"
make_machine "$work/small" 0x10000000 0x1800000

# As kexec-load-kernel does: it sources the snippets, then calls kexec.
run at "$work/small" sh -c '. "$0"; exec "$@"' "$examples/kexec.d/kho" "$kexec" \
	--kho-loader="$loader" "image=$work/image" file
check_status "sourced by kexec-tools' scripts" 3
if command -v run-parts >/dev/null; then
	check_equal "its name is one that run-parts takes" \
		"$(run-parts --list "$examples/kexec.d")" "$examples/kexec.d/kho"
else
	skip "its name is one that run-parts takes" "run-parts is not installed"
fi

drop_in=$examples/kexec-load.service.d/kho.conf
assignment=$(sed -n 's/^Environment=//p' "$drop_in")
run at "$work/small" env "$assignment" "$kexec" --kho-loader="$loader" "image=$work/image" file
check_status "in the environment of a unit" 3
# The words of the unit, with this loader in the place of systemctl.
unit=$examples/live-update.service
command=$(sed -n 's/^ExecStart=//p' "$unit")
check_equal "live-update.service runs systemctl kexec under the installed name" "$command" \
	"/usr/sbin/kexec-kho --kho-strict --kho-record --kho-loader=/usr/bin/systemctl -- kexec"
words=$(echo "$command" | sed "s|^[^ ]*||; s|/usr/bin/systemctl|$loader|; s|kexec\$||")
# shellcheck disable=SC2086 # a list of words
run at "$work/small" "$kexec" $words "image=$work/image" file
check_status "live-update.service refuses" 3
if command -v systemd-analyze >/dev/null; then
	mkdir -p "$work/units/kexec-load.service.d"
	cp "$drop_in" "$work/units/kexec-load.service.d/"
	cat >"$work/units/kexec-load.service" <<'EOF'
[Unit]
Description=Load a kernel
[Service]
Type=oneshot
ExecStart=/bin/true
EOF
	sed 's|^ExecStart=[^ ]*|ExecStart=/bin/true|' "$unit" >"$work/units/live-update.service"
	run env SYSTEMD_UNIT_PATH="$work/units:" systemd-analyze verify kexec-load.service \
		live-update.service
	grep "$work" "$err" >"$work/said"
	check_text "systemd has nothing to say of them" "$work/said" </dev/null
else
	skip "systemd has nothing to say of them" "systemd-analyze is not installed"
fi
finish
