#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# --kho-save-kernel and --kho-kernel: the facts of an image say what the image says.
. "${top_srcdir:-$(dirname "$0")/../..}/tests/lib.sh"

make_machine "$work/m" 0x10000000 0x8000000
make_machine "$work/small" 0x10000000 0x1800000
# With producers: two that are known, and one that is not.
out_dir=$work/m/sys/kernel/debug/kho/out
mkdir "$out_dir/sub_fdts"
"$fixtures/mkfdt.py" "$out_dir/fdt" /:compatible=kho-v4 \
	/memblock:preserved-data=u64:0x20000000 /memblock:blob-size=u64:200 \
	/vendor:preserved-data=u64:0x20001000 /vendor:blob-size=u64:200 \
	/LUO:preserved-data=u64:0x20002000 /LUO:blob-size=u64:32
"$fixtures/mkfdt.py" "$out_dir/sub_fdts/memblock" /:compatible=memblock-v1 \
	/a:compatible=reserve-mem-v1 /a:start=u64:0x30000000 /a:size=u64:0x100000
"$fixtures/mkfdt.py" "$out_dir/sub_fdts/vendor" /:compatible=vendor-v7
printf 'luo-v5\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0' >"$out_dir/sub_fdts/LUO"
echo "kho=on liveupdate=on reserve_mem=1M:4K:a" >"$work/m/proc/cmdline"
# Those that are shipped are as the schema says, too.
for example in "$top_srcdir"/examples/*.json; do
	cp "$example" "$out"
	keep_json
done
append="kho=on memtest=3 reserve_mem=1M:4K:a"

# same NAME IMAGE-OPTIONS...: image and facts, every form of report, every machine.
same() {
	name=$1
	shift
	"$fixtures/mkkernel.py" "$@" "$work/image"
	run "$kexec" --kho-save-kernel="$work/facts" --kho-image="$work/image"
	check_status "$name: saved" 0
	cp "$work/facts" "$out"
	keep_json
	for machine in "$work/m" "$work/small"; do
		for form in json text map html prometheus; do
			run "$kexec" --kho-report="$form" --kho-machine="$machine" \
				--kho-image="$work/image" --kho-append="$append"
			by_image=$status
			without_about <"$out" >"$work/by-image"
			run "$kexec" --kho-report="$form" --kho-machine="$machine" \
				--kho-kernel="$work/facts" --kho-append="$append"
			without_about <"$out" >"$work/by-facts"
			check_equal "$name: $form: exit status" "$status" "$by_image"
			check_text "$name: $form" "$work/by-facts" <"$work/by-image"
		done
	done
}

same "a bzImage"
same "no KHO" --no-kho
same "no BTF" --no-btf
same "one with a configuration" --config='NUMA_EMU=n;LOG_BUF_SHIFT=18;CMDLINE_BOOL=y;CMDLINE="kho=on"'
same "one that lacks formats" --texts=kho-v3,LUO
same "one with formats of others" --texts=kho-v4,vendor-v6,vendor-v7,memblock-v2,LUO,luo-v4,memfd-v1
same "sources that disagree" --no-kho --config='MODULES=n'
grep -q fact-contradicted "$work/by-image"
report_test $? "sources that disagree: they do"
same "another architecture" --arch=aarch64 --format=Image
same "a UKI" --format=uki --section .cmdline=kho=on --section .initrd=12345

# What identifies the file, by another program.
"$fixtures/mkkernel.py" "$work/image"
run "$kexec" --kho-save-kernel=- --kho-image="$work/image"
check_status "to stdout" 0
cp "$out" "$work/facts"
check_equal "the SHA-256" "$(sed 's/.*"sha256":"\([0-9a-f]*\)".*/\1/' "$out")" \
	"$(sha256sum <"$work/image" | cut -d' ' -f1)"
check_equal "the size" "$(sed 's/.*"bytes":\([0-9]*\).*/\1/' "$out" | head -n 1)" \
	"$(($(wc -c <"$work/image")))" 2>/dev/null
check_equal "one line" "$(wc -l <"$out")" 1
check_equal "a few KiB" "$(($(wc -c <"$out") / 8192))" 0

# Beside the image: its hash decides.  Facts of another image are not used, and that is said.
"$fixtures/mkkernel.py" --struct-page=80 "$work/other"
for form in text json; do
	run "$kexec" --kho-report="$form" --kho-machine="$work/m" --kho-image="$work/other" \
		--kho-kernel="$work/facts" --kho-append="$append" --kho-initrd=none
	cp "$out" "$work/$form"
done
grep -q '"struct_page_bytes":80' "$work/json" && grep -q kernel-facts-foreign "$work/json"
report_test $? "facts of another image: the image is read, and a note says so"
run "$kexec" --kho-report=json --kho-machine="$work/m" --kho-image="$work/image" \
	--kho-kernel="$work/facts" --kho-append="$append" --kho-initrd=none
check_no_text "facts of this image: no note" "$out" kernel-facts-foreign
# That they are used shows where they say something else.
sed 's/"struct_page_bytes":{"BTF":64}/"struct_page_bytes":{"BTF":96}/' "$work/facts" >"$work/odd"
run "$kexec" --kho-report=json --kho-machine="$work/m" --kho-image="$work/image" \
	--kho-kernel="$work/odd" --kho-append="$append" --kho-initrd=none
grep -q '"struct_page_bytes":96' "$out"
report_test $? "facts of this image are used"

# A fleet.
"$kexec" --kho-save-machine="$work/s1" --kho-machine="$work/m" 2>/dev/null
"$kexec" --kho-save-machine="$work/s2" --kho-machine="$work/small" 2>/dev/null
cat "$work/s1" "$work/s2" >"$work/fleet"
run "$kexec" --kho-report --kho-fleet="$work/fleet" --kho-image="$work/image" \
	--kho-append="$append" --kho-progress=none
cp "$out" "$work/by-image"
run "$kexec" --kho-report --kho-fleet="$work/fleet" --kho-kernel="$work/facts" \
	--kho-append="$append" --kho-progress=none
check_text "a fleet" "$out" <"$work/by-image"

# A plan takes them as it takes images.
run "$kexec" --kho-plan=json --kho-machine="$work/small" "$work/image"
sed "s,$work/image,KERNEL," "$out" >"$work/by-image"
run "$kexec" --kho-plan=json --kho-machine="$work/small" "$work/facts"
sed "s,$work/facts,KERNEL," "$out" >"$work/by-facts"
check_text "a plan" "$work/by-facts" <"$work/by-image"

# A question without an answer is unknown: no KHO format is no "the successor has none".
sed 's/"formats":{[^}]*}/"formats":null/' "$work/facts" >"$work/odd"
run "$kexec" --kho-report --kho-machine="$work/m" --kho-kernel="$work/odd" --kho-append=kho=on \
	--kho-initrd=none
check_status "formats that were not saved" 4
grep -q "leave questions open" "$out"
report_test $? "and that is said"

# So is a parameter: one that may be there is judged as if it were.
"$kexec" --kho-report=json --kho-machine="$work/m" --kho-kernel="$work/facts" \
	--kho-append="nokaslr kho=on memtest=3" --kho-initrd=none >"$out"
check_no_text "a parameter that the kernel does not know" "$out" cmdline-destroys
sed 's/"parameters":{[^}]*}/"parameters":{}/' "$work/facts" >"$work/odd"
"$kexec" --kho-report=json --kho-machine="$work/m" --kho-kernel="$work/odd" \
	--kho-append="nokaslr kho=on memtest=3" --kho-initrd=none >"$out"
grep -q cmdline-destroys "$out"
report_test $? "a parameter that was not asked for"

# The examples of the project: what the real handovers of these very kernels and areas did
# (tests/data/machines/README.md), with an initrd of that size.
head -c 1032806 /dev/zero >"$work/initrd"
for example in short:3 ample:0; do
	run "$kexec" --kho-report=json --kho-kernel="$top_srcdir/examples/kernel-7.2.13-kho.json" \
		--kho-machine="$top_srcdir/examples/machine-two-nodes-${example%:*}.json" \
		--kho-initrd="$work/initrd" --kho-append="panic=1 nokaslr kho=on"
	grep -q '"outcome":"dies"' "$out"
	check_equal "example ${example%:*}" $? "$([ "${example#*:}" = 3 ] && echo 0 || echo 1)"
	check_no_text "example ${example%:*}: no question is open" "$out" "leave questions open"
done

# Bad input: one line that names file, place and fault; nothing else.
# bad NAME SED-SCRIPT TEXT
bad() {
	sed "$2" "$work/facts" >"$work/bad"
	run "$kexec" --kho-report --kho-machine="$work/m" --kho-kernel="$work/bad"
	check_status "$1" 1
	check_text "$1: said" "$err" <<EOT
kexec: $work/bad: $3
EOT
}
bad "a later version" 's/"kho_kernel":1/"kho_kernel":2/' \
	'$.kho_kernel: version 2, this kexec reads up to 1'
bad "no facts" 's/"kho_kernel"/"kho_machine"/' '$.kho_kernel: absent: these are no facts of a kernel'
bad "no hash" 's/"sha256":"./"sha256":"x/' '$.sha256: not 64 hexadecimal digits'
bad "a source that is none" 's/"BTF":64/"BFT":64/' \
	'$.struct_page_bytes.BFT: no source of an image'
bad "what the user gives is none" 's/"BTF":64/"given VMCOREINFO":64/' \
	'$.struct_page_bytes.given VMCOREINFO: no source of an image'
bad "an impossible value" 's/"BTF":64/"BTF":4096/' '$.struct_page_bytes.BTF: an impossible value'
bad "a number too large" 's/"protocol":[0-9]*/"protocol":65536/' '$.load.protocol: too large'
bad "a number below 0" 's/"memory_bytes":[0-9]*/"memory_bytes":-1/' '$.load.memory_bytes: below 0'
bad "a wrong type" 's/"LUO":true/"LUO":1/' '$.strings.LUO: of the wrong type'
bad "cut short" 's/.$//' "no facts of a kernel: byte $(($(wc -c <"$work/facts") - 1)): it ends too early"
bad "an image" '1c\
MZ' 'no facts of a kernel: byte 0: unexpected character'
run "$kexec" --kho-strict --kho-kernel="$work/bad" -l "$work/image"
check_status "bad facts with a load: before the loader runs" 1
run "$kexec" --kho-save-kernel="$work/none/x" --kho-image="$work/image"
check_status "where it can't be written" 1
run "$kexec" --kho-save-kernel=- --kho-image="$work/facts"
check_status "no image" 1
run "$kexec" --kho-save-kernel=-
check_line "an image is wanted" "$err" \
	"kexec: --kho-save-kernel needs --kho-image; see kexec --kho-help"
run "$kexec" --kho-report --kho-kernel="$work/facts" --kho-rehearse
check_line "a rehearsal wants the image" "$err" \
	"kexec: --kho-rehearse boots the image: it needs --kho-image beside --kho-kernel; see kexec --kho-help"
finish
