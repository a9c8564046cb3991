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
# Its numbers are worked out of the list of allocations, and of the area and the memory map (eight
# sections of 2 MiB) that the machine was made with.
sed -n '/^what fails/,/^  or /p' "$out" >"$work/failing"
"$kexec" --kho-report=json --kho-image="$work/image" --kho-initrd=none --kho-machine="$work/small" \
	--kho-append="kho=on nokaslr" >"$work/failing.json"
python3 "$top_srcdir/tests/cli/figures.py" shortage "$work/failing.json" "$work/failing" \
	0x10000000 0x1800000 0x1000000 >"$work/differences"
check_text "what fails: its numbers" "$work/differences" </dev/null
sed 's/[0-9.]* \(pieces\|[KM]iB\)/N \1/g' "$work/failing" >"$work/words"
check_text "what fails is shown" "$work/words" <<'EOF'
what fails: no room for the memory map of node 0
  wanted        N pieces of N KiB
  missing       N MiB
  largest left  N KiB, of N KiB that are left
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
# kho_extend_scratch() and its complaint, KERN_ERR before it; 7.4 is to say bootmem.
# extends NAME OPTION...
extends() {
	name=$1
	shift
	"$fixtures/mkkernel.py" --release 7.4.0-fixture "$@" "$work/extends"
	run "$kexec" --kho-report --kho-verbose --kho-image="$work/extends" --kho-machine="$work/small" \
		--kho-append="kho=on nokaslr"
	check_status "one that shows that it does by $name depends on what is preserved" 4
	check_line "and says so" "$out" \
		"unknown: preserved-unknown: the successor extends scratch over free 1 GiB blocks: it boots if enough of them are free, and dies for lack of memory for the memory map of node 0 if all hold preserved memory"
}
extends "the walk of its tree" --function kho_ext_walk_leaf
for word in scratch bootmem; do
	extends "the function of $word" --function kho_extend_$word
	complaint=$(printf '\0013KHO: Failed to extend %s: %%pe\n.' $word)
	extends "its complaint of $word" --texts="kho-v4,memblock-v1,LUO,luo-v5,${complaint%.}"
done

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
assert o.pop("advice") == model["advice"]
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
      "remedy": "the areas stay those of the first kernel in the chain: boot that machine cold with kho_scratch=4M,16M,16M (36 MiB in all) on its boot loader's kernel line"
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
      "boot that machine cold with kho_scratch=" + numbers + " (" in remedy)' <"$out" >"$work/advised"
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
tool: "${KHO_TEST_TOOL:-kexec-kho}"
version: "${KHO_TEST_VERSION:-$(sed -n 's/^AC_INIT(\[kexec-kho\], \[\([^]]*\)\].*/\1/p' "$top_srcdir/configure.ac")}"
EOF
run "$kexec" --kho-report=json --kho-machine="$work/ample" --kho-image="$work/image" \
	--kho-append="$(printf 'kho=on \344')"
check_line "a word that is no text" "$out" '    "command_line":"kho=on \\xe4",'

# ---- what is not known, and a report that can not be written ----

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

# ---- what was accepted is said in every format ----

head -c 1M /dev/zero >"$work/initrd-1M"
# accepted FORMAT
accepted() {
	run "$kexec" --kho-report="$1" --kho-kernel="$top_srcdir/examples/kernel-7.2.13-kho.json" \
		--kho-initrd="$work/initrd-1M" --kho-append="nokaslr kho=on" \
		--kho-machine="$top_srcdir/examples/machine-two-nodes-short.json" \
		--kho-ignore-fatal=memory-map-short
	check_status "accepted: $1" 0
}
answer="OK (1 fail accepted) 7.2.13 -> 7.2.13: it dies in early boot: node 1's memory map is 524 KiB short, which was accepted"
for format in text map; do
	accepted $format
	check_equal "accepted: $format: the first line" "$(head -n 1 "$out")" "$answer"
	check_equal "accepted: $format: the finding" "$(grep -c '^fail (accepted, a certain death): memory-map-short: ' "$out")" 1
	check_line "accepted: $format: the last word" "$out" "verdict: ok (1 fail accepted)"
done
accepted json
check_equal "accepted: json" "$(python3 -c '
import json, sys
r = json.load(sys.stdin)
print(r["answer"], r["about"]["accepted"], [f["id"] for f in r["findings"] if f["accepted"]])' <"$out")" \
	"$answer ['memory-map-short'] ['memory-map-short']"
accepted prometheus
check_line "accepted: prometheus" "$out" \
	'kexec_kho_findings_accepted{id="memory-map-short",severity="fail"} 1'
accepted html
check_equal "accepted: html" "$(grep -o 'Verdict: ok (1 fail accepted)' "$out")" "Verdict: ok (1 fail accepted)"
finish
