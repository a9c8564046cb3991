// SPDX-License-Identifier: GPL-2.0-only
/* Files that are no kernel, or a damaged one: each is refused with its reason, or read without. */
#include "config.h"

#include <elf.h>
#include <errno.h>
#include <libfdt.h>
#include <stdio.h>

#include "image-fixture.h"

static void test_elf_that_is_no_kernel(void **state)
{
	const struct mk_section text = { ".text", BASE, MK_EXEC, banner, sizeof(banner) };
	struct mk program = mk_elf(EM_X86_64, 4096, &text, 1), narrow = vmlinux(EM_X86_64);

	assert_fails(&program, EINVAL, "ELF kernel: it holds no Linux version banner");
	narrow.data[EI_CLASS] = ELFCLASS32;
	assert_fails(&narrow, EINVAL, "ELF kernel: not a 64-bit little-endian kernel");
	mk_free(&narrow);
	mk_free(&program);
}

static void test_bzimage_cut(void **state)
{
	struct mk elf = vmlinux(EM_X86_64), image = mk_bzimage(&elf, "7.0.1-test");
	char message[100];

	snprintf(message, sizeof(message),
		 "bzImage: cut short: the payload ends at %#zx, the file at %#zx", image.size,
		 image.size - 1);
	image.size--;
	assert_fails(&image, EINVAL, message);
	image.size = 0x250;
	assert_fails(&image, EINVAL, "bzImage: the file ends inside the boot protocol's header");
	image.size = 0x204;
	assert_fails(&image, EINVAL, "not a kernel image of a known kind");
	mk_free(&image);
	mk_free(&elf);
}

static void test_bzimage_of_an_old_protocol(void **state)
{
	struct mk elf = vmlinux(EM_X86_64), image = mk_bzimage(&elf, "2.6.20");

	mk_put_le(&image, 0x206, 0x0207, 2);
	assert_fails(&image, EINVAL, "bzImage: boot protocol 2.07 is too old: 2.10 is needed");
	mk_free(&image);
	mk_free(&elf);
}

/* What holds a kernel that no kexec loads is named. */
static void test_what_is_known_not_to_be_a_kernel(void **state)
{
	static const struct {
		const char *magic, *said;
	} known[] = {
		{ "\x27\x05\x19\x56rest", "a uImage; give the kernel in it: "
		  "dumpimage -T kernel -p 0 -o KERNEL FILE" },
		{ "\x04\x22\x4d\x18rest",
		  "an lz4 frame; give what it holds: lz4 -d FILE KERNEL" },
		{ "ANDROID!rest", "an Android boot image; give the kernel in it: "
		  "unpack_bootimg --boot_img FILE --out DIR" },
		{ "070701rest", "a cpio archive: an initrd, not a kernel" },
	};
	char inner[300];

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		struct mk image = { 0 }, packed;

		mk_put(&image, 0, known[i].magic, strlen(known[i].magic) + 1);
		assert_fails(&image, EINVAL, known[i].said);
		packed = mk_filter(&image, "gzip -n");
		snprintf(inner, sizeof(inner), "gzip: it holds %s", known[i].said);
		assert_fails(&packed, EINVAL, inner);
		mk_free(&packed);
		mk_free(&image);
	}
}

static void test_device_trees(void **state)
{
	uint64_t fdt[64];
	struct mk image = { (uint8_t *)fdt, 0 };

	assert_int_equal(fdt_create(fdt, sizeof(fdt)), 0);
	assert_int_equal(fdt_finish_reservemap(fdt), 0);
	assert_int_equal(fdt_begin_node(fdt, ""), 0);
	assert_int_equal(fdt_begin_node(fdt, "images"), 0);
	assert_int_equal(fdt_end_node(fdt), 0);
	assert_int_equal(fdt_end_node(fdt), 0);
	assert_int_equal(fdt_finish(fdt), 0);
	image.size = fdt_totalsize(fdt);
	assert_fails(&image, EINVAL, "a FIT image; give the kernel in it: dumpimage -T flat_dt -p 0 "
		     "-o KERNEL FILE");
	assert_int_equal(fdt_open_into(fdt, fdt, sizeof(fdt)), 0);
	assert_int_equal(fdt_set_name(fdt, fdt_path_offset(fdt, "/images"), "chosen"), 0);
	image.size = fdt_totalsize(fdt);
	assert_fails(&image, EINVAL, "a device tree, not a kernel");
}

/* Two sections that are the same bytes of the file. */
static void test_overlapping_sections(void **state)
{
	struct mk elf = vmlinux(EM_X86_64);
	size_t header = 0x100 + sizeof(Elf64_Shdr);

	mk_put_le(&elf, header + offsetof(Elf64_Shdr, sh_offset), 0, 8);
	mk_put_le(&elf, header + offsetof(Elf64_Shdr, sh_size), elf.size, 8);
	assert_fails(&elf, EINVAL, "ELF kernel: ELF section 2 does not fit into the file");
	mk_free(&elf);
}

#ifdef HAVE_LIBBPF
/* struct btf_header of include/uapi/linux/btf.h, one byte longer: types at an odd place. */
static void test_btf_whose_types_are_not_aligned(void **state)
{
	static const uint8_t btf[] = {
		0x9f, 0xeb, 1, 0, 25, 0, 0, 0, 0, 0, 0, 0, 12, 0, 0, 0, 12, 0, 0, 0, 1, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0,
	};
	const struct mk_section sections[] = {
		{ ".rodata", BASE, 0, banner, sizeof(banner) },
		{ ".BTF", BASE + 0x1000, 0, btf, sizeof(btf) },
	};
	struct mk elf = mk_elf(EM_X86_64, 4096, sections, 2);
	struct successor s;

	assert_reads(&elf, &s);
	assert_true(has_note(&s, "its .BTF is damaged"));
	successor_deinit(&s);
	mk_free(&elf);
}
#endif

/* A UKI in a UKI in a UKI, and so on. */
static void test_depth(void **state)
{
	struct mk image = vmlinux(EM_X86_64);

	for (int i = 0; i < 6; i++) {
		const struct mk_section section = { ".linux", 0, 0, image.data, image.size };
		struct mk uki = mk_pe(&section, 1);

		mk_free(&image);
		image = uki;
	}
	assert_int_equal(read_mk(&image, &(struct successor){ 0 }, NULL), -EINVAL);
	mk_free(&image);
}

/* gzip in gzip in gzip: no container of ours does that. */
static void test_packed_thrice(void **state)
{
	struct mk image = mk_arm64(2, banner, sizeof(banner));

	for (int i = 0; i < 3; i++) {
		struct mk packed = mk_filter(&image, "gzip -n");

		mk_free(&image);
		image = packed;
	}
	assert_fails(&image, EINVAL,
		     "gzip, gzip, gzip: packed more than 2 times");
	mk_free(&image);
}

static void test_what_is_no_file(void **state)
{
	struct mk empty = { (uint8_t *)"", 0 }, text = { (uint8_t *)"#!/bin/sh\n", 10 };
	struct kho_err err;
	struct successor s;
	int fd[2];

	assert_fails(&text, EINVAL, "not a kernel image of a known kind");
	fd[0] = mk_fd(&empty);
	assert_int_equal(successor_read_fd(fd[0], &s, &err), -EINVAL);
	assert_string_equal(err.text, "the file is empty");
	close(fd[0]);
	assert_int_equal(pipe(fd), 0);
	assert_int_equal(successor_read_fd(fd[0], &s, &err), -EINVAL);
	assert_string_equal(err.text, "a pipe, not a file");
	close(fd[0]);
	close(fd[1]);
	assert_int_equal(successor_read_fd(fd[0], &s, &err), -EBADF);
	successor_deinit(&s);
}

static void test_a_huge_file(void **state)
{
	struct mk empty = { (uint8_t *)"", 0 };
	int fd = mk_fd(&empty);
	struct kho_err err;
	struct successor s;

	assert_int_equal(ftruncate(fd, (INT64_C(1) << 30) + (1 << 20)), 0);
	assert_int_equal(successor_read_fd(fd, &s, &err), -EFBIG);
	assert_string_equal(err.text, "1025 MiB, more than the limit of 1024 MiB");
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_elf_that_is_no_kernel),
		cmocka_unit_test(test_bzimage_cut),
		cmocka_unit_test(test_bzimage_of_an_old_protocol),
		cmocka_unit_test(test_what_is_known_not_to_be_a_kernel),
		cmocka_unit_test(test_device_trees),
		cmocka_unit_test(test_overlapping_sections),
		cmocka_unit_test(test_btf_whose_types_are_not_aligned),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_packed_thrice),
		cmocka_unit_test(test_what_is_no_file),
		cmocka_unit_test(test_a_huge_file),
	};

	return cmocka_run_group_tests_name("image-bad", tests, NULL, NULL);
}
