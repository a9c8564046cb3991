#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What bash completes, as readline would ask for it.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

command -v bash >/dev/null || skip_all "bash is not installed"
mkdir "$work/files"
touch "$work/files/vmlinuz-7.2" "$work/files/vmlinuz-7.3"
cd "$work/files" || exit 1

# complete WORD...: the answers for the last word, in one line.
complete() {
	run bash -c '. "$1"; shift
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_kexec_kho "$1" "${@: -1}" "${@: -2:1}" 2>/dev/null
		echo "${COMPREPLY[*]}"' bash "$top_srcdir/contrib/bash-completion" "$kexec" "$@"
	answer=$(cat "$out")
}

complete --kho-st
check_equal "an option" "$answer" "--kho-strict"
complete --kho-mac
check_equal "an option with a value" "$answer" "--kho-machine="
complete --kho-strict =
check_equal "its value" "$answer" "warn"
complete --kho-report = js
check_equal "one of many values" "$answer" "json"
complete --kho-report = v
check_equal "one of another line of the help" "$answer" "vmcoreinfo"
complete --kho-image = vmlinuz-7.3
check_equal "a file" "$answer" "vmlinuz-7.3"
complete --kho-append = v
check_equal "what is no file" "$answer" ""
complete --kho-strict -s -l vml
check_equal "the loader's own file" "$answer" "vmlinuz-7.2 vmlinuz-7.3"
complete --reuse-c
check_equal "an option of the loader" "$answer" "--reuse-cmdline"

# kho-options.c has all options in one table.
complete --kho-
missing=$(sed -n 's/^\t{ "\([a-z-]*\)", ARG_.*/--kho-\1/p' "$top_srcdir/kexec/kho-options.c" |
	while read -r option; do
		case " $answer " in
		*" $option "* | *" $option= "*) ;;
		*) echo "$option" ;;
		esac
	done)
check_equal "all options" "$missing" ""
finish
