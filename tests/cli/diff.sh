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

# A fleet: one machine is too small for the first, and the second boots there without a handover; on the other an initrd, which --kho-diff does not know,
# decides, and the second kernel's format is against it.
"$fixtures/mkkernel.py" --release=7.2.0-c --struct-page=64 "$work/c"
make_machine "$work/ample" 0x10000000 0x8000000
"$kexec" --kho-save-machine=- --kho-machine="$work/m" | sed 's/^{/{"host":"small",/' >"$work/fleet"
"$kexec" --kho-save-machine=- --kho-machine="$work/ample" | sed 's/^{/{"host":"ample",/' >>"$work/fleet"
short() {
	sed 's/ \(initrd\|swiotlb\|memory-map-off\|margin\|cmdline\|preserved\)[a-z-]*//g' "$out"
}
run "$kexec" --kho-diff "$work/a" "$work/b" --kho-fleet="$work/fleet" --kho-append="nokaslr kho=on"
check_status "a fleet: the worst verdict of the second" 3
short | sed 1,6d >"$work/body"
check_text "a fleet: each machine, and a summary" "$work/body" <<'EOT'
machine: small
--- verdict fail memory-map-short
+++ verdict fail abi-mismatch
machine: ample
--- verdict unknown
+++ verdict fail abi-mismatch
2 machines: 1 worse, 0 better, 1 as before
EOT
run "$kexec" --kho-diff "$work/a" "$work/c" --kho-fleet="$work/fleet" --kho-machine="$work/ample" \
	--kho-describe=8G --kho-append="nokaslr kho=on"
check_equal "several kinds of machines" "$(tail -n 1 "$out")" "4 machines: 0 worse, 0 better, 4 as before"
run "$kexec" --kho-diff "$work/a" "$work/b" --kho-fleet="$work/fleet" --kho-append="nokaslr kho=on" \
	--kho-report=json
check_status "JSON: the same status" 3
cat >"$work/show.py" <<'EOT'
import json, sys
j = json.load(open(sys.argv[1]))
print(j["kexec_kho_diff"], j["before"]["release"], j["after"]["release"], j["after"]["arch"])
for c in j["changes"]:
    print(c["what"], c["before"], c["after"], sep="|")
for m in j["machines"]:
    print(m["machine"], m["before"]["verdict"], m["after"]["verdict"], "abi-mismatch" in m["after"]["findings"])
print(j["summary"])
EOT
python3 "$work/show.py" "$out" >"$work/shown"
check_text "JSON: what the text has" "$work/shown" <<'EOT'
1 7.2.0-a 7.2.0-b x86_64
struct_page_bytes|64|128
format kho-v4|yes|no
format kho-v5|no|yes
parameter memtest|no|yes
small fail fail True
ample unknown fail True
{'worse': 1, 'better': 0, 'same': 1}
EOT
run "$kexec" --kho-report=json --kho-diff "$work/a.json" "$work/a"
check_equal "JSON: the form may stand first; nothing differs, and no machine" \
	"$(python3 -c 'import json, sys; j = json.load(open(sys.argv[1])); print(j["changes"], j["machines"])' "$out")" \
	"[] []"
run "$kexec" --kho-diff "$work/a" "$work/b" --kho-report=html
check_status "a form that it has not" 1
check_text "a form that it has not: said" "$err" <<'EOT'
kexec: --kho-diff has the formats text and json; see kexec --kho-help
EOT
echo '{"kho_machine":1' >>"$work/fleet"
run "$kexec" --kho-diff "$work/a" "$work/b" --kho-fleet="$work/fleet"
check_status "a fleet with a line that is no machine" 1
grep -q "^kexec: $work/fleet: line 3: " "$err"
report_test $? "which line it is"

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
