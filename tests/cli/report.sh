#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# --kho-report --kho-image: what it says of a small machine, counted by hand.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

"$fixtures/mkkernel.py" "$work/image"
"$fixtures/mkkernel.py" --no-kho "$work/no-kho"
"$fixtures/mkkernel.py" --no-btf "$work/no-btf"

# 1 GiB: eight sections, 16 MiB of memory map.  Areas of 16 and of 15 MiB.
make_machine "$work/ample" 0x10000000 0x1000000 0x20000000 0x400000
make_machine "$work/small" 0x10000000 0xf00000

run "$kexec" --kho-report --kho-image="$work/image" --kho-machine="$work/ample"
check_status "areas that suffice" 0
check_text "the text report" "$out" <<'EOF'
successor: 7.2.0-fixture, x86_64
  page_bytes               4096  arch table
  struct_page_bytes          64  BTF
  section_size_bits          27  arch table
  pmd_bytes             2097152  arch table
  sparsemem                   1  BTF
  vmemmap                     1  BTF
  kho                         1  BTF
machine: 7.2.13
  scratch 0x0010000000-0x0011000000       16 MiB  node 0
  scratch 0x0020000000-0x0020400000        4 MiB  node 0
  memory 1024 MiB, from /sys/firmware/memmap, nodes from /sys/devices/system/node
memory map: section map 2048 KiB
  node  sections  longest run  need MiB  usable MiB
     0         8            8        16          16
verdict: ok
EOF
check_text "nothing on stderr" "$err" </dev/null

run "$kexec" --kho-report --kho-image="$work/image" --kho-machine="$work/small"
check_status "areas that do not suffice" 3
check_line "the node that lacks is named with its numbers" "$out" \
	"fail: sparsemem-short: node 0: largest usable 15 MiB of scratch, needed 16 MiB for the memory map: 8 sections in the run, section map 2048 KiB"
check_line "the verdict is the last line" "$out" "verdict: fail"

run "$kexec" --kho-report --kho-image="$work/no-kho" --kho-machine="$work/ample"
check_status "a successor without KHO" 2
check_line "what will be lost is said" "$out" \
	"warn: successor-no-kho: the successor has no KHO: it boots with all memory, and what this kernel preserved is lost"

run "$kexec" --kho-report --kho-image="$work/no-btf" --kho-machine="$work/ample"
check_status "facts that no source gives" 4
check_line "the fact is named" "$out" \
	"unknown: fact-unknown: struct_page_bytes of the successor is not known: no source in the image gives it"

cat >"$work/vmcoreinfo" <<'EOF'
OSRELEASE=7.2.0-fixture
PAGESIZE=4096
SIZE(page)=64
SYMBOL(vmemmap)=ffffea0000000000
NUMBER(SECTION_SIZE_BITS)=27
EOF
run "$kexec" --kho-report --kho-image="$work/no-btf" --kho-machine="$work/ample" \
	--kho-vmcoreinfo="$work/vmcoreinfo"
check_status "facts that a VMCOREINFO gives" 0
check_line "its source is named" "$out" "  struct_page_bytes          64  given VMCOREINFO"

sed 's/SIZE(page)=64/SIZE(page)=128/' "$work/vmcoreinfo" >"$work/other"
run "$kexec" --kho-report --kho-image="$work/image" --kho-machine="$work/ample" \
	--kho-vmcoreinfo="$work/other"
check_status "a VMCOREINFO that contradicts the image wins" 3
check_line "the contradiction is told" "$out" \
	"warn: fact-overruled: struct_page_bytes: given VMCOREINFO says 128, BTF says 64; what was given is used"
check_line "and counts: 32768 pages of 128 bytes are 4 MiB a section" "$out" \
	"fail: sparsemem-short: node 0: largest usable 16 MiB of scratch, needed 32 MiB for the memory map: 8 sections in the run, section map 4096 KiB"

run "$kexec" --kho-report=json --kho-image="$work/image" --kho-machine="$work/small"
check_status "as JSON" 3
check_text "the JSON report" "$out" <<'EOF'
{
  "schema":1,
  "verdict":"fail",
  "successor":{
    "release":"7.2.0-fixture",
    "arch":"x86_64",
    "page_bytes":4096,
    "struct_page_bytes":64,
    "section_size_bits":27,
    "pmd_bytes":2097152,
    "sparsemem":true,
    "vmemmap":true,
    "kho":true,
    "pages_per_section":32768,
    "section_map_bytes":2097152,
    "sources":{
      "page_bytes":"arch table",
      "struct_page_bytes":"BTF",
      "section_size_bits":"arch table",
      "pmd_bytes":"arch table",
      "sparsemem":"BTF",
      "vmemmap":"BTF",
      "kho":"BTF",
      "release":"image header"
    }
  },
  "machine":{
    "release":"7.2.13",
    "scratch":[
      {
        "start":268435456,
        "bytes":15728640,
        "nodes":[
          0
        ]
      }
    ],
    "nodes":[
      {
        "node":0,
        "sections":8,
        "runs":1,
        "longest_run":8
      }
    ]
  },
  "sparsemem":{
    "nodes":[
      {
        "node":0,
        "need_bytes":16777216,
        "usable_bytes":15728640,
        "fits":false
      }
    ],
    "worst_node":0
  },
  "findings":[
    {
      "id":"sparsemem-short",
      "severity":"fail",
      "message":"node 0: largest usable 15 MiB of scratch, needed 16 MiB for the memory map: 8 sections in the run, section map 2048 KiB",
      "remedy":"boot this machine with a larger kho_scratch= (a cold boot: the areas are those of the first kernel in the chain)"
    }
  ]
}
EOF

run "$kexec" --kho-report=json --kho-image="$work/no-btf" --kho-machine="$work/ample"
check_line "what is not known is null" "$out" '    "struct_page_bytes":null,'

run sh -c '"$0" --kho-report --kho-image="$1" --kho-machine="$2" >/dev/full' \
	"$kexec" "$work/image" "$work/ample"
check_status "a report that can't be written is no ok" 1

finish
