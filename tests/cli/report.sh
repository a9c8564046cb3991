#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# --kho-report --kho-verbose --kho-image: what it says of a small machine, counted by hand.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

"$fixtures/mkkernel.py" "$work/image"
"$fixtures/mkkernel.py" --no-kho "$work/no-kho"
"$fixtures/mkkernel.py" --no-btf "$work/no-btf"

# 1 GiB: eight sections, 16 MiB of memory map.  The kernel itself takes 16 MiB, so
# that areas of 64 MiB suffice and areas of 24 MiB can't.
make_machine "$work/ample" 0x10000000 0x3800000 0x20000000 0x800000
make_machine "$work/small" 0x10000000 0x1800000

run "$kexec" --kho-report --kho-verbose --kho-image="$work/image" --kho-initrd=none --kho-machine="$work/ample" \
	--kho-append="kho=on nokaslr"
check_status "areas that suffice" 0
sed -n '/^successor/,/^how/p' "$out" >"$work/head"
check_text "the text report" "$work/head" <<'EOF'
successor: 7.2.0-fixture, x86_64
  page_bytes               4096  arch table
  struct_page_bytes          64  BTF
  section_size_bits          27  arch table
  pmd_bytes             2097152  arch table
  sparsemem                 yes  BTF
  vmemmap                   yes  BTF
  kho                       yes  BTF
machine: 7.2.13
  scratch 0x0010000000-0x0013800000       56 MiB  node 0
  scratch 0x0020000000-0x0020800000        8 MiB  node 0
  memory 1 GiB, from /sys/firmware/memmap, nodes from /sys/devices/system/node
estimate of the memory map (it does not decide): section map 2 MiB
  node  sections  longest run          need        usable
     0         8            8        16 MiB        56 MiB
how it boots
EOF
check_equal "the kernel has its place in the budget" \
	"$(awk '/^  kernel / { print $3, $6 }' "$out")" "MiB 0"
check_equal "and the memory map" \
	"$(awk '/^  memory map / { n += $3 * ($4 == "MiB" ? 1024 : 1) } END { print n }' "$out")" 16384
check_equal "the verdict is the last line" "$(tail -n 1 "$out")" "verdict: ok"
check_text "nothing on stderr" "$err" </dev/null

run "$kexec" --kho-report --kho-verbose --kho-image="$work/image" --kho-initrd=none --kho-machine="$work/small" \
	--kho-append="kho=on nokaslr"
check_status "areas that do not suffice" 3
check_line "what does not fit is named with its numbers" "$out" \
	"fail: memory-map-short: the successor dies in early boot: no room in scratch for the memory map of node 0: of its 16 MiB 9.08 MiB are missing"
check_equal "the verdict is the last line" "$(tail -n 1 "$out")" "verdict: fail"

check_line "the first line is the answer" "$out" \
	"FAIL 7.2.13 -> 7.2.0-fixture: node 0's memory map is 9.08 MiB short; boot with kho_scratch=4M,16M,16M"
# By hand: of 24 MiB the kernel has 16 (and page tables, the section table and the load the rest);
# what is not there in whole MiB is asked for page by page.
sed -n '/^what fails/,/^  or /p' "$out" >"$work/failing"
check_text "what fails is shown" "$work/failing" <<'EOF'
what fails: no room for the memory map of node 0
  wanted        276 pieces of 4 KiB
  missing       9.08 MiB
  largest left  3.98 KiB, of 10.8 KiB that are left
  asked for by  vmemmap_populate(), mm/sparse-vmemmap.c
  console       sparse_init_nid: node[0] memory map backing failed, then "Kernel panic - not syncing: Attempted to kill the idle task!"
  or            nothing, without earlyprintk= or earlycon: it looks like a hang
EOF
check_equal "and stands at its place, the last in the list" \
	"$(sed -n '/^  memory map .* no room$/{N;s/.*\n  \(free in area\).*/\1/p}' "$out")" "free in area"
check_line "and what becomes of the handover depends on it" "$out" \
	"handover: would arrive, if the successor came up"

# A release that is not known to lack it may extend scratch, by whatever name.
"$fixtures/mkkernel.py" --release 7.4.0-fixture "$work/later"
run "$kexec" --kho-report --kho-verbose --kho-image="$work/later" --kho-machine="$work/small" \
	--kho-append="kho=on nokaslr"
check_status "what a later kernel does is not known" 4
check_line "it says what it depends on" "$out" \
	"unknown: fact-unknown: whether the successor extends scratch over free 1 GiB blocks is not known: it boots if it does, and else dies for lack of memory for the memory map of node 0"
check_line "and not that it dies" "$out" "early boot: comes up or dies: it depends on what is not known"
run "$kexec" --kho-report --kho-verbose --kho-image="$work/later" --kho-machine="$work/ample" \
	--kho-initrd=none --kho-append="kho=on nokaslr"
check_status "where the areas suffice it does not matter" 0
"$fixtures/mkkernel.py" --release 7.4.0-fixture --function kho_ext_walk_leaf "$work/extends"
run "$kexec" --kho-report --kho-verbose --kho-image="$work/extends" --kho-machine="$work/small" \
	--kho-append="kho=on nokaslr"
check_status "one that shows that it does depends on what is preserved" 4
check_line "and says so" "$out" \
	"unknown: preserved-unknown: the successor extends scratch over free 1 GiB blocks: it boots if enough of them are free, and dies for lack of memory for the memory map of node 0 if all hold preserved memory"

run "$kexec" --kho-report --kho-verbose --kho-image="$work/image" --kho-machine="$work/ample" \
	--kho-initrd="$work/image" --kho-append="kho=on nokaslr crashkernel=512M"
check_line "what the command line asks for and will not get" "$out" \
	"warn: crashkernel-short: crashkernel= gets 0 bytes of 512 MiB: kdump will not work after the handover"
run "$kexec" --kho-report --kho-verbose --kho-image="$work/image" --kho-initrd=none --kho-machine="$work/ample" \
	--kho-append="kho=on nokaslr mem=960M"
check_status "RAM that is cut away may hold what was preserved" 4
check_line "it says how much" "$out" \
	"unknown: memory-cut: mem= or memmap= removes 64 MiB of RAM: the successor dies if preserved memory lies there"
# A page of the user's, the handover's own, and the map of both; 960 MiB end at 0x3c000000.
cut_at_960M() {
	cp -r "$work/ample" "$work/map"
	"$fixtures/mkfdt.py" "$work/map/sys/kernel/debug/kho/out/fdt" /:compatible=kho-v4 \
		"/:preserved-memory-map=u64:$1"
	"$fixtures/mkkcore.py" "$work/map/proc/kcore" 0x40000000 "$1" "$2"
	run "$kexec" --kho-report --kho-verbose --kho-image="$work/image" --kho-initrd=none \
		--kho-machine="$work/map" \
		--kho-append="kho=on nokaslr mem=960M"
	rm -r "$work/map"
}
cut_at_960M 0x20000000 0x3b000000
check_status "nothing that is preserved is cut away" 0
cut_at_960M 0x20000000 0x3d000000
check_status "preserved memory is" 4
check_line "and how much" "$out" \
	"unknown: memory-cut: mem= or memmap= removes 64 MiB of RAM, with up to 4 KiB of preserved memory: the successor dies when it, or a user of that memory, reads it"
cut_at_960M 0x3d000000 0x20000000
check_status "the map is" 3
check_line "and what that means" "$out" \
	"fail: handover-cut: mem= or memmap= removes 64 MiB of RAM, and with it memory that is handed over: the successor dies when it reads that"
# 24 of 56 MiB of the first area, and all 8 MiB of the second.
run "$kexec" --kho-report --kho-verbose --kho-image="$work/image" --kho-initrd=none --kho-machine="$work/ample" \
	--kho-append="kho=on nokaslr mem=288M"
check_line "areas that are cut away" "$out" \
	"warn: scratch-cut: mem= or memmap= removes 32 MiB of the scratch areas"
run "$kexec" --kho-report --kho-verbose --kho-image="$work/image" --kho-initrd=none --kho-machine="$work/ample" \
	--kho-append="kho=on nokaslr memmap=4M\$0x10400000"
check_line "a piece of an area that is cut out" "$out" \
	"warn: scratch-cut: mem= or memmap= removes 4 MiB of the scratch areas"
make_machine "$work/tiny" 0x10000000 0xc00000
run "$kexec" --kho-report --kho-verbose --kho-image="$work/image" --kho-initrd=none --kho-machine="$work/tiny"
check_status "areas that the load itself does not fit in" 3
check_line "the load will fail" "$out" \
	"fail: load-no-hole: kexec_file_load will fail: no scratch area has room for the kernel: 16 MiB are wanted, on a multiple of 2 MiB, the largest hole has 11.9 MiB"
check_line "and the answer" "$out" \
	"FAIL 7.2.13 -> 7.2.0-fixture: the load fails: no hole of 16 MiB for the kernel, the largest has 11.9 MiB; boot with kho_scratch=4M,16M,16M"
run "$kexec" --kho-report --kho-verbose --kho-image="$work/image" --kho-machine="$work/ample" \
	--kho-initrd="$work/none"
check_status "no such initrd" 1

"$fixtures/mkkernel.py" --kernel-size=0x2000000 "$work/odd"
run "$kexec" --kho-report --kho-verbose --kho-image="$work/odd" --kho-initrd=none --kho-machine="$work/ample"
check_status "a kernel larger than the room that it asks for" 4
check_line "is not believed" "$out" \
	"unknown: fact-unknown: early boot can't be followed: the image's facts contradict each other"

run "$kexec" --kho-report --kho-verbose --kho-image="$work/no-kho" --kho-initrd=none --kho-machine="$work/ample"
check_status "a successor without KHO" 3
check_line "what will be lost is said" "$out" \
	"fail: successor-no-kho: the successor has no KHO: it boots with all memory, and takes nothing over; nothing is registered now that would be lost"

run "$kexec" --kho-report --kho-verbose --kho-image="$work/no-btf" --kho-initrd=none --kho-machine="$work/ample"
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
run "$kexec" --kho-report --kho-verbose --kho-image="$work/no-btf" --kho-initrd=none --kho-machine="$work/ample" \
	--kho-vmcoreinfo="$work/vmcoreinfo"
check_status "facts that a VMCOREINFO gives" 0
check_line "its source is named" "$out" "  struct_page_bytes          64  given VMCOREINFO"

sed 's/SIZE(page)=64/SIZE(page)=256/' "$work/vmcoreinfo" >"$work/other"
run "$kexec" --kho-report --kho-verbose --kho-image="$work/image" --kho-initrd=none --kho-machine="$work/ample" \
	--kho-vmcoreinfo="$work/other" --kho-append="kho=on nokaslr"
check_status "a VMCOREINFO that contradicts the image wins" 3
check_line "the contradiction is reported" "$out" \
	"warn: fact-overruled: struct_page_bytes: given VMCOREINFO says 256, BTF says 64; the given value is used"
check_line "and counts: 32768 pages of 256 bytes are 8 MiB a section, 64 MiB in all" "$out" \
	"fail: memory-map-short: the successor dies in early boot: no room in scratch for the memory map of node 0: of its 64 MiB 17.1 MiB are missing"

run "$kexec" --kho-report=json --kho-image="$work/image" --kho-initrd=none \
	--kho-machine="$work/small" \
	--kho-append="kho=on nokaslr"
check_status "as JSON" 3
python3 -c 'import json, sys
o = json.load(sys.stdin)
model = o.pop("model")
o.pop("about")
print(json.dumps(o, indent=2, sort_keys=False))
print(model["outcome"], model["failed"], model["failed_node"], model["map_bytes"])' \
	<"$out" >"$work/json"
check_text "the JSON report" "$work/json" <<'EOF'
{
  "schema": 1,
  "verdict": "fail",
  "answer": "FAIL 7.2.13 -> 7.2.0-fixture: node 0's memory map is 9.08 MiB short; boot with kho_scratch=4M,16M,16M",
  "successor": {
    "release": "7.2.0-fixture",
    "arch": "x86_64",
    "page_bytes": 4096,
    "struct_page_bytes": 64,
    "section_size_bits": 27,
    "pmd_bytes": 2097152,
    "sparsemem": true,
    "vmemmap": true,
    "kho": true,
    "pages_per_section": 32768,
    "section_map_bytes": 2097152,
    "sources": {
      "page_bytes": "arch table",
      "struct_page_bytes": "BTF",
      "section_size_bits": "arch table",
      "pmd_bytes": "arch table",
      "sparsemem": "BTF",
      "vmemmap": "BTF",
      "kho": "BTF",
      "release": "image header"
    }
  },
  "machine": {
    "release": "7.2.13",
    "scratch": [
      {
        "start": 268435456,
        "bytes": 25165824,
        "nodes": [
          0
        ]
      }
    ],
    "nodes": [
      {
        "node": 0,
        "sections": 8,
        "runs": 1,
        "longest_run": 8
      }
    ]
  },
  "sparsemem": {
    "nodes": [
      {
        "node": 0,
        "need_bytes": 16777216,
        "usable_bytes": 25165824,
        "fits": true
      }
    ],
    "worst_node": null
  },
  "rehearsal": null,
  "readiness": {
    "handover": "arrives",
    "finalized": "not_wanted",
    "formats": [
      "kho-v4"
    ],
    "successor_formats": [
      "kho-v4"
    ],
    "producers": [],
    "producers_trouble": null,
    "preserved": null,
    "handed_over": false,
    "previous_release": null,
    "handovers": 0
  },
  "findings": [
    {
      "id": "preserved-unread",
      "severity": "note",
      "accepted": false,
      "overruled": false,
      "message": "which memory is preserved can't be read: kho/out/fdt names no map",
      "remedy": null
    },
    {
      "id": "memory-map-short",
      "severity": "fail",
      "accepted": false,
      "overruled": false,
      "message": "the successor dies in early boot: no room in scratch for the memory map of node 0: of its 16 MiB 9.08 MiB are missing",
      "remedy": "the areas stay those of the first kernel in the chain: boot this machine cold with kho_scratch=4M,16M,16M (36 MiB in all)"
    }
  ]
}
dies memory_map 0 16777216
EOF

# Eight sections of 2 MiB: what there is and what is missing are all of it.
python3 -c 'import json, sys
model = json.load(sys.stdin)["model"]
had = sum(a["bytes"] for a in model["allocations"] if a["user"] == "memory_map")
short = model["shortage"]
print(had + short["missing_bytes"], short["largest_bytes"] < short["piece_bytes"])' \
	<"$out" >"$work/sums"
check_text "what is missing is all that is not there" "$work/sums" <<'EOF'
16777216 True
EOF

# ---- what to boot with, in the answer and the remedy ----

mkdir "$work/two-nodes"
tar -xzf "$top_srcdir/tests/data/machines/example-two-nodes-short.tar.gz" -C "$work/two-nodes"
run "$kexec" --kho-report=json --kho-image="$work/image" --kho-initrd=none \
	--kho-machine="$work/two-nodes" --kho-append="kho=on nokaslr"
python3 -c 'import json, sys
report = json.load(sys.stdin)
advice = report["model"]["advice"]
numbers = ",".join(str(advice[k] >> 20) + "M" for k in ("low_bytes", "global_bytes", "node_bytes"))
remedy = [f["remedy"] for f in report["findings"] if f["id"] == "memory-map-short"][0]
print(report["answer"].endswith("short; boot with kho_scratch=" + numbers),
      "boot this machine cold with kho_scratch=" + numbers + " (" in remedy)' <"$out" >"$work/advised"
check_text "the numbers of the advice" "$work/advised" <<'EOF'
True True
EOF

# ---- what a report says of itself ----

head -c 12345 /dev/zero >"$work/initrd-zeros"
run "$kexec" --kho-report=json --kho-image="$work/image" --kho-initrd="$work/initrd-zeros" \
	--kho-machine="$work/ample" --kho-append="kho=on nokaslr" --kho-ignore=chain,preserved-unread
now=$(date -u +%s)
python3 -c 'import calendar, json, sys, time
about = json.load(sys.stdin)["about"]
then = calendar.timegm(time.strptime(about.pop("time"), "%Y-%m-%dT%H:%M:%SZ"))
print("time:", abs(then - int(sys.argv[1])) < 100)
for key in sorted(about):
    print(key + ":", json.dumps(about[key], sort_keys=True))' "$now" <"$out" >"$work/about"
check_text "a report names itself" "$work/about" <<EOF
time: True
accepted: ["preserved-unread"]
command_line: "kho=on nokaslr"
host: "$(uname -n)"
image: {"bytes": $(wc -c <"$work/image"), "path": "$work/image", "release": "7.2.0-fixture", "sha256": "$(sha256sum <"$work/image" | cut -d' ' -f1)"}
initrd: {"bytes": 12345, "path": "$work/initrd-zeros"}
options: ["--kho-report=json", "--kho-image=$work/image", "--kho-initrd=$work/initrd-zeros", "--kho-machine=$work/ample", "--kho-append=kho=on nokaslr", "--kho-ignore=chain,preserved-unread"]
tool: "kexec-kho"
version: "$(sed -n 's/^AC_INIT(\[kexec-kho\], \[\([^]]*\)\].*/\1/p' "$top_srcdir/configure.ac")"
EOF
run "$kexec" --kho-report=json --kho-machine="$work/ample" --kho-image="$work/image" \
	--kho-append="$(printf 'kho=on \344')"
check_line "a word that is no text" "$out" '    "command_line":"kho=on \\xe4",'

# ---- parameters that take or destroy memory ----

texts=kho-v4,memblock-v1,reserve-mem-v1,LUO,luo-v5
"$fixtures/mkkernel.py" --texts="$texts,memtest,page_owner,hugetlb_cma" "$work/parameters"
judge_append() {
	run "$kexec" --kho-report --kho-verbose --kho-image="$work/parameters" --kho-initrd=none \
		--kho-machine="$work/ample" --kho-append="kho=on nokaslr $1"
}
judge_append memtest=1
check_status "a test of all free memory (seen to die: param-memtest-7.2)" 3
check_line "it is named" "$out" \
	"fail: cmdline-destroys: memtest on the successor's command line overwrites or takes memory that was handed over"
judge_append memtest=0
check_status "switched off" 0
judge_append page_owner=1
check_status "what may take memory is not known to boot" 4
check_line "it is named" "$out" \
	"unknown: cmdline-not-followed: page_owner on the successor's command line may change early boot in a way that is not followed"
judge_append debug_pagealloc=1
check_status "a parameter that stands nowhere in the image is none of its" 0
# mm/hugetlb_cma.c leaves scratch above 4 GiB only, and this machine has 1 GiB.
judge_append hugetlb_cma=1G
check_status "memory that is looked for above 4 GiB, where there is none" 4
# 5 GiB of map for 80 GiB of memory that is not there: 1280 MiB.
judge_append 'memmap=80G@8G'
check_status "RAM that memmap= adds" 3
check_line "wants its memory map" "$out" \
	"fail: memory-map-short: the successor dies in early boot: no room in scratch for the memory map of node 0: of its 1.27 GiB 1.23 GiB are missing"
# cma=SIZE@BASE: 256 KiB are preserved at 768 MiB, outside the area.  dma_contiguous_reserve()
# (setup_arch()) comes before kho_memory_init() (mm_core_init()), which reserves them.
preserves() {
	"$kexec" --kho-save-machine=- --kho-machine="$work/ample" | python3 -c "import json, sys
machine = json.load(sys.stdin)
machine['handover']['preserved'] = {'source': 'given', $1}
json.dump(machine, sys.stdout)"
}
preserves "'ranges': '0x30000000-0x30040000'" >"$work/preserves.json"
"$fixtures/mkkernel.py" --texts="$texts,cma" "$work/parameters"
# judge_cma VALUE [MACHINE]
judge_cma() {
	run "$kexec" --kho-report --kho-verbose --kho-image="$work/parameters" --kho-initrd=none \
		--kho-machine="$work/${2-preserves.json}" --kho-append="kho=on nokaslr cma=$1"
}
# open_cma NAME START END VALUE [MACHINE]
open_cma() {
	judge_cma "$4" ${5+"$5"}
	check_status "a fixed CMA area $1" 4
	check_line "a fixed CMA area $1: what is not known" "$out" \
		"unknown: cmdline-not-followed: cma on the successor's command line takes $2 to $3: whatever is preserved there at the handover is lost"
}
judge_cma 64M@768M
check_status "a fixed CMA area over preserved memory" 3
check_line "a fixed CMA area over preserved memory: how much" "$out" \
	"fail: cmdline-destroys: cma on the successor's command line takes 0x30000000 to 0x34000000, and with it 256 KiB of memory that was handed over"
open_cma "beside it" 0x34000000 0x38000000 64M@832M
open_cma "where what is preserved is not known" 0x30000000 0x34000000 64M@768M ample
# cma_fixed_reserve(): -EBUSY where a segment of the load, or early boot, is in the area.
open_cma "that reaches into an area" 0x17000000 0x34000000 464M@368M
# __cma_declare_contiguous_nid(): -EINVAL but for whole page blocks.
open_cma "of no whole page blocks" 0x2ff00000 0x33f00000 64M@767M
open_cma "that ends outside RAM" 0x30000000 0x70000000 1G@768M
judge_cma 64M@768M-1G
check_status "a CMA area that is looked for" 4
check_line "a CMA area that is looked for: it is not followed" "$out" \
	"unknown: cmdline-not-followed: cma on the successor's command line may change early boot in a way that is not followed"
# Of the 128 MiB of scratch it takes nothing.
open_cma "that scratch has no room for" 0x20000000 0x26800000 104M@512M
"$fixtures/mkkernel.py" --texts="$texts,memtest,page_owner,hugetlb_cma" "$work/parameters"
judge_append 'crashkernel=4M crashkernel=1G,cma'
check_status "a CMA area for the crash kernel that eats the areas (seen: param-crashkernel-cma-7.2)" 3

# ---- parameters from elsewhere: CONFIG_CMDLINE, a bootconfig behind the initrd ----

# judge_config CONFIG INITRD APPEND
judge_config() {
	"$fixtures/mkkernel.py" --config="$1" --texts="$texts,memtest,bootconfig" "$work/configured"
	run "$kexec" --kho-report --kho-verbose --kho-image="$work/configured" --kho-initrd="$2" \
		--kho-machine="$work/ample" --kho-append="kho=on nokaslr $3"
}
judge_config 'CMDLINE_BOOL=y;CMDLINE="quiet memtest=1"' none ''
check_status "what is built in counts" 3
judge_config 'CMDLINE_BOOL=y;CMDLINE="quiet memtest=1"' none memtest=0
check_status "and stands before what is given, which may take it back" 0
judge_config 'CMDLINE_BOOL=y;CMDLINE_OVERRIDE=y;CMDLINE="kho=on nokaslr"' none memtest=1
check_status "or in its place" 0
"$fixtures/mkbootconfig.py" "$work/with-bootconfig"
judge_config 'BOOT_CONFIG=y' "$work/with-bootconfig" bootconfig
check_status "a bootconfig is not followed" 4
check_line "it is named" "$out" \
	"unknown: cmdline-not-followed: bootconfig on the successor's command line may change early boot in a way that is not followed"
# init/main.c, get_boot_config_from_initrd(): what it takes for one, and what not.
for filling in 1 2 3; do
	"$fixtures/mkbootconfig.py" --filling=$filling "$work/filled"
	judge_config 'BOOT_CONFIG=y' "$work/filled" bootconfig
	check_status "filled up with $filling bytes it is one" 4
done
"$fixtures/mkbootconfig.py" --initrd-bytes=0 "$work/bare"
judge_config 'BOOT_CONFIG=y' "$work/bare" bootconfig
check_status "without an initrd before it, too" 4
for wrong in --filling=4 --checksum=1 --size=32768 --size=5000; do
	"$fixtures/mkbootconfig.py" $wrong "$work/wrong"
	judge_config 'BOOT_CONFIG=y' "$work/wrong" bootconfig
	check_status "with $wrong the kernel finds none" 0
done
printf 'size#BOOTCONFIG\n' >"$work/cut"
judge_config 'BOOT_CONFIG=y' "$work/cut" bootconfig
check_status "nor where there is no room for its header" 0
judge_config 'BOOT_CONFIG=y' "$work/with-bootconfig" ''
check_status "where it is not asked for it is ignored" 0
judge_config 'BOOT_CONFIG=y' "$work/image" bootconfig
check_status "and where there is none" 0
judge_config 'MODULES=y' "$work/with-bootconfig" bootconfig
check_status "and by a kernel that can't read one" 0
judge_config 'BOOT_CONFIG=y;BOOT_CONFIG_FORCE=y' "$work/with-bootconfig" ''
check_status "one that always reads it" 4
check_line "it is reported" "$out" \
	"unknown: cmdline-not-followed: the successor reads a bootconfig, and its initrd has one, whose parameters are not followed"

# ---- what kexec_file_load refuses (arch/x86/kernel/kexec-bzimage64.c) ----

# refused NAME ERROR PART OPTION...
refused() {
	name=$1 error=$2 part=$3
	shift 3
	"$fixtures/mkkernel.py" "$@" "$work/refused"
	run "$kexec" --kho-report --kho-verbose --kho-image="$work/refused" --kho-initrd=none \
		--kho-machine="$work/ample" --kho-append="kho=on nokaslr"
	check_status "$name" 3
	check_line "$name: why, and what then" "$out" \
		"fail: load-refused: kexec_file_load will refuse the load ($error): $part; a loader that may fall back to kexec_load (kexec -a, its default) then loads without any handover"
}
refused "protocol 2.11" ENOEXEC "the image's boot protocol is 2.11, 2.12 is needed" --protocol=0x20b
refused "no 64-bit entry" ENOEXEC \
	"the image has no 64-bit entry (XLF_KERNEL_64 is not set)" --xloadflags=0x62
refused "not above 4 GiB" ENOEXEC \
	"the image cannot be loaded above 4 GiB (XLF_CAN_BE_LOADED_ABOVE_4G is not set)" --xloadflags=0x61
refused "an ELF file" ENOEXEC "the image is no bzImage" --format=vmlinux
# "kho=on nokaslr" and its NUL are 15 bytes, elfcorehdr= wants 30 more.
refused "a command line of a byte too much" EINVAL \
	"the command line has 14 bytes, the image takes at most 13" --cmdline-size=44
"$fixtures/mkkernel.py" --cmdline-size=45 "$work/refused"
run "$kexec" --kho-report --kho-verbose --kho-image="$work/refused" --kho-initrd=none \
	--kho-machine="$work/ample" --kho-append="kho=on nokaslr"
check_status "one that just fits" 0
# ---- and on arm64 (arch/arm64/kernel/kexec_image.c; kernel/kexec_core.c) ----

# An arm64 machine with pages of 4 KiB: AT_PAGESZ (6) of its auxiliary vector.
cp -r "$work/ample" "$work/arm64"
mkdir -p "$work/arm64/proc/self"
echo aarch64 >"$work/arm64/proc/sys/kernel/arch"
printf '\006\0\0\0\0\0\0\0\0\020\0\0\0\0\0\0%016d' 0 | tr 0 '\0' >"$work/arm64/proc/self/auxv"
# refused_arm64 NAME STATUS LINE OPTION...
refused_arm64() {
	name=$1 wanted=$2 line=$3
	shift 3
	"$fixtures/mkkernel.py" --format=Image --arch=aarch64 "$@" "$work/refused"
	run "$kexec" --kho-report --kho-verbose --kho-image="$work/refused" --kho-initrd=none \
		--kho-machine="$work/arm64" --kho-append="kho=on nokaslr"
	check_status "arm64: $name" "$wanted"
	if [ "$line" ]; then
		check_line "arm64: $name: why" "$out" "$line"
	else
		check_no_text "arm64: $name: nothing is refused" "$out" load-refused
	fi
}
fallback="; a loader that may fall back to kexec_load (kexec -a, its default) then loads without any handover"
refused_arm64 "no image_size" 3 \
	"fail: load-refused: kexec_file_load will refuse the load (EINVAL): the image's header gives no image_size$fallback" \
	--init-size=0
bytes=$(($(wc -c <"$work/refused") + 8192))
refused_arm64 "a file that is larger than its image_size" 3 \
	"fail: load-refused: kexec_file_load will refuse the load (EINVAL): the image has $bytes bytes, its header's image_size is 4096$fallback" \
	--init-size=4096 --padding=8192
refused_arm64 "a text_offset that is no page" 3 \
	"fail: load-refused: kexec_file_load will refuse the load (EADDRNOTAVAIL): the image's text_offset 0x800 is no multiple of this kernel's page size" \
	--text-offset=0x800
refused_arm64 "an ELF file" 3 \
	"fail: load-refused: kexec_file_load will refuse the load (EINVAL): the image is no arm64 Image$fallback" \
	--format=vmlinux
refused_arm64 "pages that the CPU may not have" 3 \
	"unknown: fact-unknown: whether kexec_file_load refuses the load is not known: if the CPU has no pages of 64 KiB, which the image's header asks for" \
	--flags=0xe
refused_arm64 "a page size of which the header says nothing" 4 "" --flags=0x8

"$fixtures/mkkernel.py" --xloadflags=0x3 "$work/refused"
cp -r "$work/ample" "$work/la57"
printf "processor\t: 0\nflags\t\t: fpu la57 pdpe1gb\n" >"$work/la57/proc/cpuinfo"
run "$kexec" --kho-report --kho-verbose --kho-image="$work/refused" --kho-initrd=none \
	--kho-machine="$work/la57" --kho-append="kho=on nokaslr"
check_status "an image without 5-level paging where that is on" 3
printf "processor\t: 0\nflags\t\t: fpu pdpe1gb\n" >"$work/la57/proc/cpuinfo"
run "$kexec" --kho-report --kho-verbose --kho-image="$work/refused" --kho-initrd=none \
	--kho-machine="$work/la57" --kho-append="kho=on nokaslr"
check_status "and where it is off" 0
run "$kexec" --kho-report --kho-verbose --kho-image="$work/refused" --kho-initrd=none \
	--kho-machine="$work/ample" --kho-append="kho=on nokaslr"
check_status "and where that is not known" 4

# ---- the load is replayed whatever the successor is ----

truncate -s 45M "$work/initrd-45M"
for image in no-kho no-btf; do
	run "$kexec" --kho-report --kho-verbose --kho-image="$work/$image" --kho-machine="$work/ample" \
		--kho-initrd="$work/initrd-45M" --kho-ignore=successor-no-kho,fact-unknown
	check_status "$image: an initrd that finds no hole" 3
	check_line "$image: whose hole it is" "$out" \
		"fail: load-no-hole: kexec_file_load will fail: no scratch area has room for the initrd: 45 MiB are wanted, the largest hole has 38 MiB"
	run "$kexec" --kho-report --kho-verbose --kho-image="$work/$image" --kho-machine="$work/ample" \
		--kho-initrd=none --kho-ignore=successor-no-kho,fact-unknown
	check_status "$image: without one" 0
done

# ---- an initrd that was not given ----

run "$kexec" --kho-report --kho-verbose --kho-image="$work/image" --kho-machine="$work/ample" \
	--kho-append="kho=on nokaslr"
check_status "no initrd was given, and one may kill" 4
sed -n 's/^unknown: initrd-not-given: [^0-9]*\([0-9]*\) MiB[^0-9]*\([0-9]*\) MiB.*/\1 \2/p' \
	"$out" >"$work/sizes"
read -r up placed <"$work/sizes"
# By hand: the scratch list takes the last 64 KiB of the first area, so the kernel, 16 MiB on a
# boundary of 2, begins at 0x12600000; from 0x10000000 that is 38 MiB.
check_equal "the largest that can be loaded" "$placed" 38
# With an initrd of each of the two sizes the report says so.
for mib in "$up" $((up + 1)) "$placed" $((placed + 1)); do
	truncate -s "${mib}M" "$work/initrd"
	run "$kexec" --kho-report --kho-verbose --kho-image="$work/image" --kho-machine="$work/ample" \
		--kho-append="kho=on nokaslr" --kho-initrd="$work/initrd"
	echo "$mib $(sed -n 's/^fail: \([a-z-]*\)-short:.*/dies/p; s/^fail: \([a-z-]*\):.*/\1/p; s/^unknown: \(margin-[a-z]*\):.*/\1/p' "$out")"
done >"$work/said"
check_text "as with an initrd of that size" "$work/said" <<EOF
$up 
$((up + 1)) margin-short
$placed dies
$((placed + 1)) load-no-hole
EOF
# 28 MiB: the kernel and at most 10 more; 64 MiB: all that early boot wants.
make_machine "$work/roomy" 0x10000000 0x1c00000 0x18000000 0x800000 0x19000000 0x800000 0x1a000000 0x800000 0x1b000000 0x800000 0x1c000000 0x800000 0x1d000000 0x800000 0x1e000000 0x800000 0x1f000000 0x800000
run "$kexec" --kho-report --kho-verbose --kho-image="$work/image" --kho-machine="$work/roomy" \
	--kho-append="kho=on nokaslr"
grep -q '^note: initrd-room: .* [0-9]* MiB' "$out"
report_test $? "one that can be loaded never kills"

run "$kexec" --kho-report=json --kho-image="$work/no-btf" --kho-initrd=none \
	--kho-machine="$work/ample"
check_line "what is not known is null" "$out" '    "struct_page_bytes":null,'
check_line "and so is a boot that can't be followed" "$out" '  "model":null,'

run sh -c '"$0" --kho-report --kho-verbose --kho-image="$1" --kho-initrd=none --kho-machine="$2" >/dev/full' \
	"$kexec" "$work/image" "$work/ample"
check_status "a report that can't be written is no ok" 1

# One of which only the last byte is left when stdio's buffer is full: that write fails, and
# the last flush has nothing more to fail on.  Areas make it longer by lines, the release by
# the rest.
areas=
size=0
for n in $(seq 1 60); do
	areas="$areas $((0x10000000 + n * 0x1000000)) 0x800000"
	rm -rf "$work/long"
	# shellcheck disable=SC2086 # a list of words
	make_machine "$work/long" $areas
	size=$("$kexec" --kho-report --kho-verbose --kho-image="$work/image" --kho-initrd=none \
		--kho-machine="$work/long" | wc -c)
	pad=$(((4097 - size % 4096) % 4096))
	[ $pad -gt 200 ] || [ $((pad % 2)) = 1 ] || break
done
# It is in the answer, and in the facts.
release=7.2.0-fixture$(printf '%*s' $((pad / 2)) '' | tr ' ' x)
"$fixtures/mkkernel.py" --release="$release" "$work/long-release"
run "$kexec" --kho-report --kho-verbose --kho-image="$work/long-release" --kho-initrd=none \
	--kho-machine="$work/long"
check_equal "a report of a byte more than a buffer" $(($(wc -c <"$out") % 4096)) 1
run sh -c '"$0" --kho-report --kho-verbose --kho-image="$1" --kho-initrd=none --kho-machine="$2" >/dev/full' \
	"$kexec" "$work/long-release" "$work/long"
check_status "is no ok either when it can't be written" 1

# A unified kernel image with profiles: @0 counts, and that there are others is reported.
"$fixtures/mkkernel.py" --format=uki --section=.cmdline=quiet --section=.initrd=0123456789 \
	--section=.profile=ID=a --section=".cmdline=nokaslr mem=512M" --section=.profile=ID=b \
	--section=.cmdline=nothing "$work/uki"
make_machine "$work/uki-machine" 0x10000000 0x8000000
run "$kexec" --kho-report --kho-verbose --kho-image="$work/uki" --kho-machine="$work/uki-machine"
check_line "profiles of a UKI" "$out" \
	"note: uki-profiles: the unified kernel image has 2 profiles: command line and initrd are taken from @0"
check_line "profile @0 counts" "$out" \
	"unknown: memory-cut: mem= or memmap= removes 512 MiB of RAM: the successor dies if preserved memory lies there"
"$fixtures/mkkernel.py" --format=uki --section=.cmdline=nokaslr --section=.profile=ID=a \
	"$work/uki"
run "$kexec" --kho-report --kho-verbose --kho-image="$work/uki" --kho-machine="$work/uki-machine"
check_no_text "one profile is none to choose from" "$out" uki-profiles

# What is no kernel, but known: named, and what to do.  Made by the formats' own tools where
# they are installed, and else by hand: of the documented magic, and what must follow it.

# check_foreign WHAT TEXT: $work/foreign
check_foreign() {
	run "$kexec" --kho-report --kho-verbose --kho-image="$work/foreign" --kho-machine="$work/uki-machine"
	check_status "$1" 1
	echo "kexec: $work/foreign: $2" >"$work/foreign-text"
	check_text "$1 is named" "$err" <"$work/foreign-text"
}
# by_tool WHAT TEXT TOOL WORD...: made by a tool.
by_tool() {
	what=$1 text=$2
	shift 2
	if command -v "$1" >/dev/null; then
		rm -f "$work/foreign"
		"$@" >"$work/tool.log" 2>&1 || sed 's/^/# /' "$work/tool.log"
		check_foreign "$what by $1" "$text"
	else
		skip "$what by $1" "not installed"
	fi
}
text="a uImage; give the kernel in it: dumpimage -T kernel -p 0 -o KERNEL FILE"
printf '\047\005\031\126rest' >"$work/foreign"
check_foreign "a uImage" "$text"
by_tool "a uImage" "$text" mkimage -A arm64 -O linux -T kernel -C none -a 0 -e 0 -n none \
	-d "$work/image" "$work/foreign"
# U-Boot, doc/usage/fit/source_file_format.rst: a device tree with a node /images.
text="a FIT image; give the kernel in it: dumpimage -T flat_dt -p 0 -o KERNEL FILE"
"$fixtures/mkfdt.py" "$work/foreign" /:description=one /images:x=y /images/kernel:type=kernel
check_foreign "a FIT image" "$text"
by_tool "a FIT image" "$text" mkimage -f auto -A arm64 -O linux -T kernel -C none -a 0 -e 0 \
	-n none -d "$work/image" "$work/foreign"
"$fixtures/mkfdt.py" "$work/foreign" /:compatible=a-board /memory:device_type=memory
check_foreign "a device tree without images" "a device tree, not a kernel"
# lz4 0x184d2204, little-endian: doc/lz4_Frame_format.md of LZ4.
text="an lz4 frame; give what it holds: lz4 -d FILE KERNEL"
printf '\004\042\115\030rest' >"$work/foreign"
check_foreign "an lz4 frame" "$text"
by_tool "an lz4 frame" "$text" lz4 -q "$work/image" "$work/foreign"
# Android, "Boot image header": its magic, and here nothing of what it must have behind it.
text="an Android boot image; give the kernel in it: unpack_bootimg --boot_img FILE --out DIR"
printf 'ANDROID!rest' >"$work/foreign"
check_foreign "an Android boot image" "$text"
by_tool "an Android boot image" "$text" mkbootimg --kernel "$work/image" --ramdisk "$work/image" \
	--output "$work/foreign"

# ---- SIGTERM ends a long report at once ----

# A snapshot of 200 KiB that is followed for some ten seconds, until its budget is spent.
"$top_srcdir/tests/fleet/make-hostile.py" pieces >"$work/hostile.json"
# terminated NAME COMMAND...: once it has computed for half a second.
terminated() {
	name=$1
	shift
	"$@" >"$out" 2>"$err" </dev/null &
	job=$!
	tries=300
	until ticks=$(awk '{ print $14 }' "/proc/$job/stat" 2>/dev/null) && [ "${ticks:-50}" -ge 50 ]; do
		[ $((tries -= 1)) != 0 ] || break
		sleep 0.1
	done
	kill -TERM $job
	# Of the shell's own words about it nothing is wanted.
	(sleep 5 && kill -KILL $job) >"$work/killer" 2>&1 &
	killer=$!
	status=0
	wait $job || status=$?
	kill $killer 2>/dev/null
	check_status "SIGTERM: $name" 143
	check_text "SIGTERM: $name: nothing is half written" "$out" </dev/null
	check_text "SIGTERM: $name: nor complained of" "$err" </dev/null
}
for format in text json html; do
	terminated "a report as $format" "$kexec" --kho-report=$format --kho-image="$work/image" \
		--kho-initrd=none --kho-machine="$work/hostile.json" --kho-append=kho=on
done

finish
