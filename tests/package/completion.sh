#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What bash completes, as readline would ask for it.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

command -v bash >/dev/null || skip_all "bash is not installed"
mkdir "$work/files"
touch "$work/files/vmlinuz-7.2" "$work/files/vmlinuz-7.3"
cd "$work/files" || exit 1

# ask WORD...: the answers for the last word, in one line.
ask() {
	run bash -c '. "$1"; shift
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_kexec_kho "$1" "${@: -1}" "${@: -2:1}" 2>/dev/null
		echo "${COMPREPLY[*]}"' bash "$top_srcdir/contrib/bash-completion" "$kexec" "$@"
	answer=$(cat "$out")
}

ask --kho-st
check_equal "an option" "$answer" "--kho-strict"
ask --kho-mac
check_equal "an option with a value" "$answer" "--kho-machine="
ask --kho-strict =
check_equal "its value" "$answer" "warn"
ask --kho-report = js
check_equal "one of many values" "$answer" "json"
ask --kho-report = v
check_equal "one of another line of the help" "$answer" "vmcoreinfo"
ask --kho-image = vmlinuz-7.3
check_equal "a file" "$answer" "vmlinuz-7.3"
ask --kho-append = v
check_equal "what is no file" "$answer" ""
ask --kho-explain = memory-map-s
check_equal "a finding" "$answer" "memory-map-short"
ask --kho-ignore = chain,successor-no
check_equal "the last of some findings" "$answer" "chain,successor-no-kho"
ask --kho-progress = su
check_equal "what a fleet says" "$answer" "summary"
ask --kho-strict -s -l vml
check_equal "the loader's own file" "$answer" "vmlinuz-7.2 vmlinuz-7.3"
ask --reuse-c
check_equal "an option of the loader" "$answer" "--reuse-cmdline"

# cli/options.c has all options in one table.
ask --kho-
missing=$(sed -n 's/^\t{ "\([a-z-]*\)", ARG_.*/--kho-\1/p' "$top_srcdir/kexec/cli/options.c" |
	while read -r option; do
		case " $answer " in
		*" $option "* | *" $option= "*) ;;
		*) echo "$option" ;;
		esac
	done)
check_equal "all options" "$missing" ""
finish
