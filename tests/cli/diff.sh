#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# --kho-diff: what differs between two kernels, and what it does to a machine.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

make_machine "$work/m" 0x10000000 0x1e00000
"$fixtures/mkkernel.py" --release=7.2.0-a "$work/a"
"$fixtures/mkkernel.py" --release=7.2.0-b --struct-page=128 \
	--texts=kho-v5,memblock-v1,reserve-mem-v1,LUO,luo-v5,reserve_mem=,memtest "$work/b"
"$kexec" --kho-save-kernel="$work/a.json" --kho-image="$work/a"

cat >"$work/wanted" <<EOT
  struct_page_bytes            64 -> 128
  format kho-v4 is gone
  format kho-v5 is new
  parameter memtest            no -> yes
EOT
run "$kexec" --kho-diff "$work/a" "$work/b"
check_status "two images" 0
sed -n '1,2p' "$out" >"$work/head"
check_text "two images: which" "$work/head" <<EOT
--- $work/a: 7.2.0-a, x86_64
+++ $work/b: 7.2.0-b, x86_64
EOT
sed 1,2d "$out" >"$work/body"
check_text "two images: what differs" "$work/body" <"$work/wanted"
run "$kexec" --kho-diff="$work/a.json" "$work/b"
sed 1,2d "$out" >"$work/body"
check_text "saved facts and an image" "$work/body" <"$work/wanted"
run "$kexec" --kho-diff "$work/a.json" "$work/a"
sed 1,2d "$out" >"$work/body"
check_text "the same kernel" "$work/body" <<'EOT'
  nothing that matters to a handover
EOT

# 16 MiB of memory map and a kernel of 16 MiB do not fit in 30 MiB, a map of 32 MiB even less.
run "$kexec" --kho-diff "$work/a" "$work/b" --kho-machine="$work/m" --kho-append="nokaslr kho=on"
check_status "on a machine: the second one's verdict" 3
tail -n 2 "$out" | sed 's/ \(initrd\|swiotlb\|memory-map-off\)[a-z-]*//g' >"$work/verdicts"
check_equal "on a machine: abi-mismatch is the second one's alone" \
	"$(grep -c abi-mismatch "$work/verdicts") $(grep -c '^+++ verdict fail.*abi-mismatch' "$work/verdicts")" "1 1"
check_equal "on a machine: a verdict each" "$(cut -d' ' -f1-2 "$work/verdicts" | tr '\n' ' ')" \
	"--- verdict +++ verdict "

run "$kexec" --kho-diff "$work/a"
check_status "one kernel" 1
check_text "one kernel: said" "$err" <<'EOT'
kexec: --kho-diff needs two kernels: images, or facts of --kho-save-kernel; see kexec --kho-help
EOT
echo '{' >"$work/bad"
run "$kexec" --kho-diff "$work/a" "$work/bad"
check_status "facts that are none" 1
check_text "facts that are none: said" "$err" <<EOT
kexec: $work/bad: no facts of a kernel: byte 2: it ends too early
EOT
run "$kexec" --kho-diff "$work/none" "$work/a"
check_text "no such file" "$err" <<EOT
kexec: $work/none: No such file or directory
EOT
finish
