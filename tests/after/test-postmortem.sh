#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# --kho-postmortem and --kho-verify on the consoles of real handovers, whole and mangled, beside
# what QEMU's driver and tests/vm/shortfall.py read of them.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

data=$top_srcdir/tests/data/after
run python3 "$top_srcdir/tests/after/recorded.py" "$kexec" -- "$data"
check_status "each console and each survivor is read as the driver reads it" 0
[ "$status" = 0 ] || sed 's/^/# /' "$out"
tail -n 1 "$out" | grep -q '^12 consoles, .*; 6 handovers that were survived and verified; 0 diff'
report_test $? "all of them were looked at"

# key FILE KEY WANTED NAME: of the post-mortem's JSON.
key() {
	run "$kexec" --kho-report=json --kho-postmortem="$1"
	got=$(python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$out" "$2" 2>&1)
	[ "$got" = "$3" ]
	report_test $? "$4"
	[ "$got" = "$3" ] || { echo "# it is $got"; sed 's/^/# /' "$err"; }
}

zcat "$data/7.2-short/console.log.gz" >"$work/short"
zcat "$data/7.2-crashkernel/console.log.gz" >"$work/alive"
first=$(grep -n 'Linux version' "$work/short" | sed -n '2s/:.*//p')

key "$work/short" cause memory_map "unpacked"
check_status "a death is a failure" 3
key "$work/short" node 1 "the node without room"
key "$work/short" function __bitmap_set "the function in which it was"
key "$work/alive" cause none "one that lived"
check_status "no death is none" 0

# As terminals, emulators and their loggers leave it.
sed 's/$/\r\r/' "$work/short" >"$work/returns"
key "$work/returns" cause memory_map "with returns"
sed 's/^/\x1b[0m\x1b[2J\x1b]0;console\x07/; s/backing/\x1b[31mbacking\x1b[0m/' "$work/short" >"$work/ansi"
key "$work/ansi" cause memory_map "with escape sequences"
{ head -c 4096 /dev/urandom; tail -n +"$first" "$work/short"; head -c 4096 /dev/urandom; } >"$work/noise"
key "$work/noise" cause memory_map "between noise"
sed 's/^/Nov 25 21:00:00 host kernel: /' "$work/short" >"$work/syslog"
key "$work/syslog" cause memory_map "as a syslog has it"
sed 's/^/[    0.000000][    T0] /' "$work/short" >"$work/caller"
key "$work/caller" boot 2 "stamped with the caller"
tail -n 40 "$work/short" >"$work/tail"
key "$work/tail" death_line "Kernel panic - not syncing: Attempted to kill the idle task!" \
	"only the end of it"
key "$work/tail" cause memory_map "of which the function tells"
sed '/backing failed/q' "$work/short" >"$work/cut"
key "$work/cut" cause silent "cut where it died"
check_status "which is unknown" 4
sed "$((first + 3))q" "$work/short" >"$work/early"
key "$work/early" stage "in its first lines" "cut soon after its first line"
cat "$work/alive" "$work/short" "$work/alive" >"$work/three"
key "$work/three" boot 4 "among boots that lived"
key "$work/three" boots 6 "each of which is counted"
printf 'Linux version 6.1.0 (by me) #1 SMP\n' >>"$work/alive"
key "$work/alive" boots 2 "a version that a program prints is no boot"
printf '[   99.1] kexec_core: Starting new kernel\n' >"$work/jump"
key "$work/jump" stage "before its first line" "nothing at all behind the jump"

# Of a handover to a kernel that clang built, 80M,4M,52M: 12 KiB short after the map.
{ sed "$((first + 3))q" "$work/short"; cat <<'EOF2'
[    0.000000] memblock_alloc_try_nid: 4096 bytes align=0x1000 nid=-1 from=0x0000000000000000 max_addr=0x0000000000000000 spp_getpage+0x33/0x70
[    0.000000] Kernel panic - not syncing: set_pte_phys: cannot allocate page data 
EOF2
} >"$work/tables"
key "$work/tables" cause allocation "no room for a page table"

# Memory was kept after the check that the successor lacks: two places in which it dies.
key "$data/cut-page.log.gz" cause gone "below a function that reads what was handed over"
key "$data/cut-page.log.gz" function __init_page_from_nid "which is not of the handover itself"
key "$data/cut-tree.log.gz" cause gone "in one whose name begins with underscores"

# A warning before it has a place of its own.
gzip -dc "$data/cut-page.log.gz" | sed 's/^BUG: unable/WARNING: CPU: 0\nRIP: 0010:phys_pmd_init+0x1\/0x2\n&/' >"$work/warned"
key "$work/warned" function __init_page_from_nid "the function of the oops, not of a warning before it"

# Beside the record.
gzip -dc "$data/7.2-short/record.json.gz" >"$work/record.json"
run "$kexec" --kho-report=json --kho-verify="$work/record.json" --kho-postmortem="$work/short"
python3 -c 'import json, sys; r = json.load(open(sys.argv[1])); print(r["predicted"], r["right"],
r["advice"].startswith("kho_scratch="))' "$out" >"$work/got"
check_text "it was predicted, and the record has what helps" "$work/got" <<'EOF2'
dies True True
EOF2

run "$kexec" --kho-postmortem="$work/none"
check_status "no such file" 1
: >"$work/empty"
key "$work/empty" cause none "an empty log"
printf '\037\213\010\000broken' >"$work/broken.gz"
run "$kexec" --kho-postmortem="$work/broken.gz"
check_status "a damaged archive" 1
run "$kexec" --kho-report=html --kho-postmortem="$work/short"
check_status "a format that it has not" 1

finish
