#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What zsh completes, on a terminal.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

command -v zsh >/dev/null || skip_all "zsh is not installed; run scripts/setup test"

# offers WHAT WORDS MATCHES: behind the last of the words.
offers() {
	run timeout 120 python3 "$top_srcdir/tests/package/on-zsh.py" \
		"$top_srcdir/contrib/zsh-completion" "$kexec" "$2"
	check_equal "$1" "$(cat "$out" "$err" | tr '\n' ' ')" "$3"
}
offers "an option" --kho-st "--kho-strict "
offers "an option with a value" --kho-mac "--kho-machine= "
offers "an option of the loader" --reuse-c "--reuse-cmdline "
offers "a value" --kho-report=js "json "
offers "all values of one line of the help" --kho-progress= "auto bar none summary "
offers "a file" --kho-image=v "FILE "
offers "a path" --kho-loader=/usr/s "FILE "
offers "what is no file" --kho-append=v ""
offers "a finding" --kho-explain=memory-map-s "memory-map-short "
offers "the last of some findings" --kho-ignore=chain,successor-no "successor-no-kho "
offers "the loader's own file" "-s -l vml" "FILE "

# cli/options.c has all options in one table.
run timeout 120 python3 "$top_srcdir/tests/package/on-zsh.py" \
	"$top_srcdir/contrib/zsh-completion" "$kexec" --kho-
sed -n 's/^\t{ "\([a-z-]*\)", ARG_.*/--kho-\1/p' "$top_srcdir/kexec/cli/options.c" | sort -u >"$work/wanted"
sed 's/=$//' "$out" | sort -u >"$work/offered"
check_text "all options" "$work/offered" <"$work/wanted"
finish
