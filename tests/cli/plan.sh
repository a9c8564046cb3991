#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# How much scratch: machines in words, areas of another kho_scratch=, plans, and what is too much.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

image=$work/image
"$fixtures/mkkernel.py" "$image"
# jq by python: value EXPRESSION, of the JSON in $out as j.
value() {
	python3 -c "import json, sys; j = json.load(open(sys.argv[1])); print($1)" "$out"
}
append=kho=on
report() {
	run "$kexec" --kho-report=json --kho-image="$image" --kho-initrd=none --kho-append="$append" "$@"
}

# Words.
run "$kexec" --kho-describe='3T nodes=3 cpus=7 hole=1G-2G' --kho-save-machine=-
check_status "a machine in words" 0
check_equal "its nodes: a third each, the first around the hole" \
	"$(value "j['memory']['ranges']")" \
	"0-40000000@0,80000000-10040000000@0,10040000000-20040000000@1,20040000000-30040000000@2"
check_equal "its CPUs" "$(value "j['cpus']")" "0-3@0,3-5@1,5-7@2"
run "$kexec" --kho-plan --kho-describe='2X nodse=8
# as many as there are
 node=1G node=3M;cpus=0
arch=sparc page=8K hole=4G 1T 2T' "$image"
check_status "words that are none" 1
check_text "all that is wrong, each with its place" "$err" <<EOF
kexec: --kho-describe: line 1, word 1: 2X: not a size; write 512G or 2T
kexec: --kho-describe: line 1, word 2: nodse=8: no such word; there are SIZE, nodes=, cpus=, node=, hole=, hotplug=, arch=, page=, release=, host=
kexec: --kho-describe: line 3, word 2: node=3M: not a multiple of 2M
kexec: --kho-describe: line 3, word 3: cpus=0: not a number from 1 to 65536
kexec: --kho-describe: line 4, word 1: arch=sparc: no such architecture; x86_64 or aarch64
kexec: --kho-describe: line 4, word 2: page=8K: not a page size; 4K, 16K or 64K
kexec: --kho-describe: line 4, word 3: hole=4G: write hole=START-END
kexec: --kho-describe: line 4, word 5: 2T: a second size of all memory
EOF
echo "2T nodes=2 node=1G" >"$work/words"
run "$kexec" --kho-plan --kho-describe=@"$work/words" "$image"
check_status "a file of words that contradict each other" 1
check_text "is named" "$err" <<EOF
kexec: --kho-describe=@$work/words: nodes=2, but 1 words node=
kexec: --kho-describe=@$work/words: the nodes have 1024 MiB in all, not 2097152
EOF
run "$kexec" --kho-plan --kho-describe=@"$work/none" "$image"
check_status "no such file" 1
check_text "no such file: said" "$err" <<EOF
kexec: --kho-describe=@$work/none: No such file or directory
EOF
run "$kexec" --kho-report --kho-image="$image" --kho-describe=1G --kho-machine="$work"
check_status "words and a machine" 1

# What if.  kho_reserve_scratch() of 7.2 rounds up to 4 MiB.
make_machine "$work/m" 0x10000000 0x8000000
report --kho-machine="$work/m" --kho-scratch=6M,41M,17M
check_equal "areas are rounded up as the kernel does" \
	"$(value "[int(a['bytes']) >> 20 for a in j['machine']['scratch']]")" "[8, 44, 20]"
doubt="'layout-unsure' in [f['id'] for f in j['findings']]"
check_equal "no doubt about their places on a machine without UEFI" "$(value "$doubt")" False
# struct efi_info of the boot parameters, without a /dev/mem that shows the map it names.
cp -r "$work/m" "$work/uefi"
mkdir -p "$work/uefi/sys/kernel/boot_params"
head -c 4096 /dev/zero >"$work/uefi/sys/kernel/boot_params/data"
printf EL64 | dd of="$work/uefi/sys/kernel/boot_params/data" bs=1 seek=448 conv=notrunc 2>/dev/null
report --kho-machine="$work/uefi" --kho-scratch=6M,41M,17M
check_equal "with UEFI it is said that they may lie lower" "$(value "$doubt")" True
report --kho-machine="$work/m" --kho-scratch=4M,8M,4M
check_status "areas that are too small" 3
report --kho-machine="$work/m" --kho-scratch=16M,2G,16M
check_status "areas that find no room" 3
check_equal "the kernel turns KHO off" "$(value "'kho-off' in [f['id'] for f in j['findings']]")" True
report --kho-machine="$work/m" --kho-scratch
check_status "the default" 0
report --kho-describe='8G nodes=2 cpus=4' --kho-scratch=256M,256M,256M
check_status "a machine in words, and its areas" 0
for bad in 16M,42M 150 0% 0,0,0 '16M,42M,50M,'; do
	run "$kexec" --kho-report --kho-image="$image" --kho-scratch=$bad
	check_status "--kho-scratch=$bad" 1
done

# An advice holds, and a step less of it does not.
report --kho-describe='8G nodes=2 cpus=4'
check_status "described without areas: KHO is off" 3
remedy=$(value "[f['remedy'] for f in j['findings'] if f['id'] == 'kho-off'][0]")
set=$(echo "$remedy" | sed -n 's/.*kho_scratch=\([^ ]*\) .*/\1/p')
check_equal "KHO is off: the number is in the JSON too" \
	"$(value "j['model'], j['advice']['setting'], j['advice']['gain'], j['advice']['initrd_bytes']")" \
	"None $set kho None"
report --kho-describe='8G nodes=2 cpus=4' --kho-scratch="$set"
check_status "with what is advised, $set" 0
check_equal "and nothing would be gained" "$(value "j['model']['advice']['gain']")" none
# check_less WORDS SET: a step less of each of the three is too little.
check_less() {
	for less in $(python3 -c '
import sys
n = [int(s[:-1]) for s in sys.argv[1].split(",")]
for i in range(3):
    if n[i] > 4:
        print(",".join("%dM" % (v - 4 * (k == i)) for k, v in enumerate(n)))' "$2"); do
		report --kho-describe="$1" --kho-scratch="$less"
		check_equal "a step less, $less: something is short, or the margin" \
			"$(value "j['verdict'] != 'ok' or \
				j['model']['headroom_bytes'] * 10 < j['model']['map_bytes'] or \
				any(s['slots'] for s in j['model']['shortfalls'].values())")" True
	done
}
check_less '8G nodes=2 cpus=4' "$set"

# With a crash kernel the places of its 16 MiB decide: what is judged is the worst that the first kernel makes.
ids="[f['id'] for f in j['findings']]"
append="kho=on crashkernel=128M"
report --kho-describe='8G nodes=2 cpus=4'
crash=$(value "j['advice']['setting']")
report --kho-describe='8G nodes=2 cpus=4' --kho-scratch="$crash"
check_equal "ok in all layouts, $crash" "$(value "(j['verdict'], 'layout-worst' in $ids)")" "('ok', False)"
check_less '8G nodes=2 cpus=4' "$crash"
check_equal "in the worst of them, which is said" "$(value "'layout-worst' in $ids")" True
append=kho=on

# Without an initrd the advice names the largest that can be loaded: a larger one is not.
no_initrd() {
	run "$kexec" --kho-report=json --kho-image="$image" --kho-append=kho=on \
		--kho-describe='8G nodes=2 cpus=4' "$@"
}
no_initrd
unknown=$(value "j['advice']['setting']")
most=$(value "j['advice']['initrd_bytes'] >> 20")
check_equal "the remedy names it" \
	"$(value "'can load an initrd of up to $most MiB' in [f['remedy'] for f in j['findings'] if f['id'] == 'kho-off'][0]")" \
	True
truncate -s "${most}M" "$work/initrd"
no_initrd --kho-scratch="$unknown" --kho-initrd="$work/initrd"
check_equal "an initrd of $most MiB can be loaded" "$(value "j['model']['outcome']")" up
truncate -s "$((most + 1))M" "$work/initrd"
no_initrd --kho-scratch="$unknown" --kho-initrd="$work/initrd"
check_equal "one of a MiB more can't" "$(value "j['model']['outcome']")" load_fails
run "$kexec" --kho-report --kho-image="$image" --kho-append=kho=on --kho-describe='8G nodes=2 cpus=4'
grep -q "^advice: .* is enough (.*; it can load an initrd of up to $most MiB: give yours with --kho-initrd=$" "$out"
report_test $? "and so does the text"

# Two gigantic pages want 3 GiB less a step in one piece: a kernel in the middle of a node of 4 GiB
# leaves none, whatever the node has in all.  It stays where it was loaded with nokaslr.
gigantic() {
	run "$kexec" --kho-report=json --kho-image="$image" --kho-initrd=none \
		--kho-append="kho=on hugepagesz=1G hugepages=2" --kho-describe="$1"
}
gigantic '8G nodes=2 cpus=4'
check_equal "no room wherever KASLR puts the first kernel: nokaslr" "$(value "j['advice']['nokaslr']")" True
check_equal "in the remedy" \
	"$(value "[' nokaslr (' in f['remedy'] for f in j['findings'] if f['id'] == 'kho-off']")" "[True]"
append="kho=on hugepagesz=1G hugepages=2"
report --kho-describe='8G nodes=2 cpus=4' --kho-scratch="$(value "j['advice']['setting']")"
check_equal "what if: ok where it is not in their way, and that it may be is said" \
	"$(value "(j['verdict'], 'layout-no-room' in $ids)")" "('ok', True)"
append=kho=on
gigantic '32G nodes=2 cpus=4'
check_equal "nodes of 16 GiB have room on either side" "$(value "j['advice']['nokaslr']")" False
check_equal "for two pages, whatever the address" \
	"$(value "max(j['advice']['global_bytes'], j['advice']['node_bytes']) >> 20")" 3068

run "$kexec" --kho-plan --kho-initrd=none --kho-append="kho=on hugepagesz=1G hugepages=2" \
	--kho-describe='8G nodes=2 cpus=4' "$image"
grep -q "^  kho=on kho_scratch=[0-9M,]* nokaslr: ok (" "$out"
report_test $? "so does a plan"

# Too much is a note, in metrics too.
report --kho-describe='8G nodes=2 cpus=4' --kho-scratch=512M,1G,512M
check_status "far too much is no warning" 0
check_equal "it is a note" \
	"$(value "[f['severity'] for f in j['findings'] if f['id'] == 'scratch-surplus']")" "['note']"
run "$kexec" --kho-report=prometheus --kho-image="$image" --kho-initrd=none --kho-append=kho=on \
	--kho-describe='8G nodes=2 cpus=4' --kho-scratch=512M,1G,512M
check_equal "and what would be given back a metric" \
	"$(sed -n 's/^kexec_kho_wasted_bytes //p' "$out" | awk '{ print ($1 > 2^30) }')" 1

# Plans.
run "$kexec" --kho-save-machine="$work/m.json" --kho-machine="$work/m"
cat "$work/m.json" "$work/m.json" >"$work/fleet"
plan() {
	run "$kexec" "$@" --kho-initrd=none --kho-append=kho=on --kho-machine="$work/m" \
		--kho-describe='8G nodes=2 cpus=4' --kho-fleet="$work/fleet" "$image" "$image"
}
plan --kho-plan=json
check_status "a plan for two kernels and four machines" 0
check_equal "the machines in their order" "$(value "len(j['machines'])")" 4
check_equal "the described one as in its report" "$(value "j['machines'][1]['setting']")" "$set"
check_equal "and all are ok then" \
	"$(value "set(v for m in j['machines'] for v in m['then'])")" "{'ok'}"
check_equal "now, KHO is off there" "$(value "j['machines'][1]['now']")" "['off', 'off']"
for_all=$(value "j['setting_for_all']")
plan --kho-plan
check_line "one setting for all" "$out" "all machines: kho=on kho_scratch=$for_all"
# 7.4 names it otherwise; of a machine in words the kernel is not known.
make_machine "$work/later" 0x10000000 0x8000000
for file in phys len; do
	mv "$work/later/sys/kernel/debug/kho/out/scratch_$file" \
		"$work/later/sys/kernel/debug/kho/out/bootmem_$file"
done
run "$kexec" --kho-plan --kho-initrd=none --kho-append=kho=on --kho-machine="$work/later" \
	--kho-describe='8G nodes=2 cpus=4' "$image"
check_equal "the parameter of each machine's kernel" \
	"$(grep -o 'kho_[a-z]*=' "$out" | paste -sd' ')" \
	"kho_bootmem= kho_scratch= kho_bootmem= kho_scratch="
for release in 6.18.15:scratch 7.3.4:scratch 7.4.0-rc1:bootmem 8.0:bootmem; do
	run "$kexec" --kho-plan --kho-initrd=none --kho-append=kho=on \
		--kho-describe="8G nodes=2 cpus=4 release=${release%:*}" "$image"
	check_equal "that of a kernel in words, ${release%:*}" "$(grep -o 'kho_[a-z]*=' "$out")" \
		"kho_${release#*:}="
done
plan --kho-plan=csv
check_equal "a line for each machine and kernel" "$(grep -c '^"' "$out")" 8
check_equal "with as many fields" \
	"$(python3 -c 'import csv, sys; print({len(r) for r in csv.reader(open(sys.argv[1]))})' "$out")" "{10}"
run "$kexec" --kho-plan --kho-describe='96M' --kho-initrd=none "$image"
check_status "a machine that no setting fits" 3
run "$kexec" --kho-plan=csv --kho-describe='96M' --kho-initrd=none "$image"
check_equal "why, in the last column" "$(sed -n '2s/.*,none fits: .*/said/p' "$out")" said
run "$kexec" --kho-plan=json --kho-describe='96M' --kho-describe='8G nodes=2 cpus=4' "$image"
check_status "the same beside one that has a setting" 3
check_equal "why there is none" "$(value "j['machines'][0]['setting'], 'none fits' in j['machines'][0]['why']")" \
	"None True"
check_equal "the largest initrd of the other, which was not given" \
	"$(value "j['machines'][1]['initrd_bytes'] >> 20 > 8")" True
run "$kexec" --kho-plan --kho-describe='2T nodes=8 cpus=256' --kho-machine="$work/m" "$image" -l
check_status "a loader's word" 1

# Without an image: that of the running kernel with its initrd, where they are installed, as it was booted.
run "$kexec" --kho-plan --kho-machine="$work/m"
check_status "no image, and none is installed" 1
check_text "which is said" "$err" <<EOF
kexec: --kho-plan: the running kernel 7.2.13 is not to be read where distributions install it (/boot/vmlinuz-7.2.13): name an image
EOF
cp -r "$work/m" "$work/installed"
mkdir "$work/installed/boot"
cp "$image" "$work/installed/boot/vmlinuz-7.2.13"
truncate -s 20M "$work/installed/boot/initrd.img-7.2.13"
echo "kho=on log_buf_len=8M" >"$work/installed/proc/cmdline"
run "$kexec" --kho-plan=json --kho-machine="$work/installed"
check_status "the installed kernel" 0
check_equal "is named as what it is" "$(value "j['kernels'][0]['image']")" "the running kernel"
own=$(value "j['machines']")
run "$kexec" --kho-plan=json --kho-machine="$work/installed" --kho-append="kho=on log_buf_len=8M" \
	--kho-initrd="$work/installed/boot/initrd.img-7.2.13" "$image"
check_equal "the plan is that of its image, initrd and command line" "$own" "$(value "j['machines']")"
for words in --kho-describe=8G --kho-append=kho=on --kho-initrd=none "--kho-fleet=$work/fleet" \
	"--kho-machine=$work/later"; do
	run "$kexec" --kho-plan --kho-machine="$work/installed" "$words"
	check_status "no image, with ${words%%=*}" 1
	check_text "is refused" "$err" <<-EOF
		kexec: --kho-plan: for several or described machines, and with --kho-append and --kho-initrd, it needs the kernels' images; see kexec --kho-help
	EOF
done
run "$kexec" --kho-plan --kho-describe=1T "$work/none"
check_status "no such image" 1
finish
