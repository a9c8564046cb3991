#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# What areas cost, and what is said of it: idle KHO, plain reboots, too much, nothing that fits.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

image=$work/image
loader=$top_builddir/tests/cli/loader
"$fixtures/mkkernel.py" "$image"
make_machine "$work/idle" 0x10000000 0x6000000 0x18000000 0x2000000
make_handover "$work/busy"
truncate -s 120M "$work/initrd"

# report MACHINE OPTION...
report() {
	machine=$1
	shift
	run "$kexec" --kho-report --kho-machine="$work/$machine" "$@"
}

# remedy ID: of the report that was run last.
remedy() {
	sed -n "/: $1: /{n;s/^  remedy: //p;}" "$out"
}

# KHO is on, and nobody uses it: 0x6000000 and 0x2000000 bytes are 96 and 32 MiB.
report idle
check_line "what it costs that KHO is on and nobody hands anything over" "$out" \
	"note: kho-idle: KHO is on, and nobody hands anything over now: 128 MiB are set aside, and every kexec_file_load must fit into them"
check_equal "how to be without" "$(remedy kho-idle)" \
	"without live update boot that machine with kho=off: the memory can be pinned then, and kexec_file_load places images anywhere"
report busy
check_no_text "not where something is handed over" "$out" kho-idle

# A plain reboot is an answer only where nothing is lost with it.
plain="nothing is preserved now: for a plain reboot load with kexec -c, or boot that machine with kho=off from now on; for a handover: "
for machine in idle busy; do
	report "$machine" --kho-image="$image" --kho-initrd="$work/initrd" --kho-append=kho=on
	check_equal "$machine: an initrd that finds no hole" \
		"$(sed -n 's/.*load-no-hole: .*: \(120 MiB are wanted\), the largest hole has [0-9]* MiB$/\1/p' "$out")" \
		"120 MiB are wanted"
	case $(remedy load-no-hole) in
	"$plain"*" boot that machine cold with kho_scratch="*) said=plain ;;
	*"nothing is preserved"*) said=odd ;;
	*" boot that machine cold with kho_scratch="*) said=cold ;;
	*) said=none ;;
	esac
	check_equal "$machine: what to do" "$said" "$([ "$machine" = idle ] && echo plain || echo cold)"
done

# So for a load by the classic syscall.
if command -v unshare >/dev/null && [ "$(id -u)" = 0 ]; then
	for machine in idle busy; do
		run at "$work/$machine" "$kexec" --kho-strict --kho-loader="$loader" "image=$image" classic
		check_equal "$machine: a classic load" "$(grep -c 'remedy: nothing is preserved now' "$err")" \
			"$([ "$machine" = idle ] && echo 1 || echo 0)"
		check_equal "$machine: a handover needs the other one" \
			"$(grep -c 'remedy:.*load with kexec_file_load: kexec -s' "$err")" 1
	done
else
	skip "classic loads" "want a mount namespace"
fi

# Too much: 512 MiB, 1 GiB and 512 MiB on each of two nodes are 2560 MiB.
surplus() {
	run "$kexec" --kho-report --kho-image="$image" --kho-initrd=none --kho-append=kho=on "$@"
	sed -n 's/^note: scratch-surplus: //p' "$out" >"$work/surplus"
}
surplus --kho-describe='16G nodes=2 cpus=4' --kho-scratch=512M,1G,512M
set=$(sed -n 's/^  remedy: add kho_scratch=\([0-9M,]*\) to the boot loader.s command line; it takes effect at the next cold boot$/\1/p' "$out")
would=$(echo "$set" | awk -F '[M,]+' '{ print $1 + $2 + 2 * $3 }')
check_text "what is set aside, what would do, what is given back, and that it is CMA" "$work/surplus" <<EOT
2560 MiB are set aside, $would MiB would do: $((2560 - would)) MiB more could be pinned (the areas are CMA: page cache and user memory use them meanwhile)
EOT
# 24 MiB of more than 192 are not worth a cold boot.
surplus --kho-describe='16G nodes=2 cpus=4' --kho-scratch="$((${set%%M*} + 24))M,${set#*,}"
check_equal "little more than would do is no surplus" "$((would > 192)) $(cat "$work/surplus")" "1 "
# crashkernel= of the first kernel is memory that it took, of which the default takes 200 %.
mkdir -p "$work/crash"
cp -r "$work/idle/." "$work/crash"
echo "kho=on crashkernel=128M" >"$work/crash/proc/cmdline"
surplus --kho-machine="$work/crash" --kho-scratch
grep -q '; crashkernel= counts twice in the default of 200 %$' "$work/surplus"
report_test $? "crashkernel= inflates the default"
surplus --kho-machine="$work/idle" --kho-scratch
check_no_text "not where there is none" "$out" "counts twice"

# Less is no advice where it brings a finding that is not there now: mm/hugetlb_cma.c takes memory above
# 4 GiB, handed over or not, where no area has 1 GiB in one piece.
"$fixtures/mkkernel.py" --texts="kho-v4,memblock-v1,reserve-mem-v1,LUO,luo-v5,reserve_mem=,hugetlb_cma" "$work/cma"
for parameter in quiet hugetlb_cma=1G; do
	run "$kexec" --kho-report --kho-image="$work/cma" --kho-initrd=none --kho-append="kho=on $parameter" \
		--kho-describe='16G nodes=2 cpus=4' --kho-scratch=512M,1G,512M
	check_equal "$parameter: less would do, or take the piece of 1 GiB away" \
		"$(grep -c '^note: scratch-surplus: ' "$out") $(grep -c '^advice: .* is enough' "$out")" \
		"$([ "$parameter" = quiet ] && echo 1 1 || echo 0 0)"
done

# What is set aside now: not known where debugfs is not mounted.
cp -r "$work/idle" "$work/unseen"
rm -r "$work/unseen/sys/kernel/debug/kho"
run "$kexec" --kho-report --kho-machine="$work/unseen" --kho-image="$image" --kho-initrd=none --kho-append=kho=on
check_equal "areas that can't be seen are not said to be off" \
	"$(sed -n 's/^advice: .* MiB in all, \(.*\)); takes.*/\1/p' "$out")" "now not known"

# Nothing fits: KHO is off, and no number turns it on.
run "$kexec" --kho-report --kho-describe='96M cpus=1' --kho-image="$image" --kho-initrd=none --kho-append=kho=on
case $(remedy kho-off) in
"no kho_scratch= fits into that machine's RAM for the "*": load a smaller initrd or kernel, or boot it without a handover (kho=off)") ;;
*) false ;;
esac
report_test $? "no setting fits: said, and what would"
# Room for the load itself, outside of the areas: an initrd of 400 MiB is there twice.
truncate -s 400M "$work/large"
for ram in 900M 4G; do
	run "$kexec" --kho-report --kho-describe="$ram cpus=1" --kho-image="$image" --kho-initrd="$work/large" \
		--kho-append=kho=on
	check_equal "$ram: an initrd of 400 MiB, in the areas and in the loader" \
		"$(remedy kho-off | grep -c 'no kho_scratch= fits')" "$([ "$ram" = 4G ] && echo 0 || echo 1)"
done

# advice KERNEL WORDS EXPRESSION: of the advice as a, with the facts of a real kernel.
advice() {
	run "$kexec" --kho-report=json --kho-kernel="$top_srcdir/examples/kernel-$1-kho.json" \
		--kho-initrd=none --kho-append=kho=on --kho-describe="$2"
	python3 -c "import json, sys; a = json.load(sys.stdin)['advice']; print($3)" <"$out"
}

# A struct page of 64 bytes for each page of 4 KiB: 64 GiB have a map of 1 GiB. With scratch extended by
# free blocks of 1 GiB it need not lie in the areas, but no boot promises such blocks.
mib="a['total_bytes'] >> 20 >= 1024, a['bare_minimum']['total_bytes'] >> 20 >= 1024"
check_equal "7.2: the map lies in the areas, whatever is short" "$(advice 7.2.13 '64G nodes=2 cpus=4' "$mib")" "True True"
check_equal "7.3: the bare minimum counts on free blocks, the advice does not" \
	"$(advice 7.3.4 '64G nodes=2 cpus=4' "$mib")" "True False"

# The bare minimum stands below, with what it loses: the map of a node is on the other one.
run "$kexec" --kho-report --kho-kernel="$top_srcdir/examples/kernel-7.2.13-kho.json" --kho-initrd=none \
	--kho-append=kho=on --kho-describe='64G nodes=2 cpus=4'
check_equal "the bare minimum, and what it loses" \
	"$(sed -n 's/^bare minimum: kho_scratch=[0-9M,]* ([0-9]* MiB in all) only comes up, //p' "$out")" \
	"with less or nothing of: bounce buffer, the map on its node"
check_equal "the same for programs" "$(advice 7.2.13 '64G nodes=2 cpus=4' \
	"sorted(k for k, v in a['bare_minimum']['lacks'].items() if v), a['bare_minimum']['wants_free_blocks']")" \
	"['map_off_node_bytes', 'swiotlb_bytes'] False"
run "$kexec" --kho-report --kho-kernel="$top_srcdir/examples/kernel-7.3.4-kho.json" --kho-initrd=none \
	--kho-append=kho=on --kho-describe='64G nodes=2 cpus=4'
grep -q '^bare minimum: .*as long as whole blocks of 1 GiB hold nothing preserved$' "$out"
report_test $? "7.3: it says on what it counts"
run "$kexec" --kho-report=html --kho-kernel="$top_srcdir/examples/kernel-7.3.4-kho.json" --kho-initrd=none \
	--kho-append=kho=on --kho-describe='64G nodes=2 cpus=4'
grep -q 'The bare minimum: kho_scratch=[0-9M,]* ([0-9]* MiB in all) only comes up' "$out"
report_test $? "in a page, too"

# Two nodes with a map of 4 GiB each, and twelve small ones, which one number for all would cost as much.
small=$(seq 12 | sed 's,.*,node=16G/0,')
check_equal "uneven nodes: each gives what it takes, an eighth less in all" \
	"$(advice 7.2.13 "node=256G/4 node=256G/4 $small" \
		"a['percent'] > 0, 0 < a['total_bytes'] >> 20 < 14 * 4096 * 7 // 8")" "True True"
check_equal "even nodes: sizes" "$(advice 7.2.13 '512G nodes=4 cpus=8' "a['percent']")" 0

# One setting for kernels that differ: that of the one with the larger struct page does for both.
"$fixtures/mkkernel.py" --struct-page=128 "$work/large-page"
for images in "$image $work/large-page" "$work/large-page $image" "$image"; do
	# shellcheck disable=SC2086 # words
	run "$kexec" --kho-plan=json --kho-initrd=none --kho-append=kho=on --kho-describe='8G nodes=2 cpus=4' $images
	python3 -c "import json, sys; m = json.load(sys.stdin)['machines'][0]; print(m['setting'], *m['then'])" <"$out"
done >"$work/plans"
check_equal "two kernels: in either order the same, and both are ok" \
	"$(sed -n '1s/ .*//p' "$work/plans") ok ok" "$(sed -n 2p "$work/plans")"
check_equal "more than for the smaller one alone" \
	"$(sed 's/ .*//' "$work/plans" | sort -u | wc -l)" 2

# A kernel of 256 MiB beside one of 16 MiB: it is in the areas and in the loader's buffer, as when it is alone.
"$fixtures/mkkernel.py" --init-size=0x10000000 "$work/big"
for images in "$work/big" "$work/big $image" "$image $work/big"; do
	for ram in 600M 4G; do
		# shellcheck disable=SC2086 # words
		run "$kexec" --kho-plan --kho-initrd=none --kho-append=kho=on --kho-describe="$ram cpus=1" $images
		echo "$ram $status"
	done | paste -sd' '
done >"$work/room"
check_text "room for the largest one is kept in a plan, wherever it stands" "$work/room" <<EOF
600M 3 4G 0
600M 3 4G 0
600M 3 4G 0
EOF

# The initrd that a plan names can be loaded with each kernel, and one of a MiB more not with all.
for images in "$work/big $image" "$image $work/big"; do
	# shellcheck disable=SC2086 # words
	run "$kexec" --kho-plan=json --kho-append=kho=on --kho-describe='8G nodes=2 cpus=4' $images
	most=$(python3 -c "import json, sys; m = json.load(sys.stdin)['machines'][0]; print(m['setting'], m['initrd_bytes'] >> 20)" <"$out")
	for more in 0 1; do
		truncate -s "$((${most#* } + more))M" "$work/initrd"
		for one in "$work/big" "$image"; do
			run "$kexec" --kho-report=json --kho-append=kho=on --kho-image="$one" \
				--kho-initrd="$work/initrd" --kho-describe='8G nodes=2 cpus=4' \
				--kho-scratch="${most% *}"
			python3 -c "import json, sys; print(json.load(sys.stdin)['model']['outcome'])" <"$out"
		done
	done | paste -sd' '
done >"$work/largest"
check_text "the largest initrd of a plan is that of the larger kernel" "$work/largest" <<EOF
up up load_fails up
up up load_fails up
EOF
finish
