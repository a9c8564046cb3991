// SPDX-License-Identifier: GPL-2.0-only
/* Containers and facts of images that mkimage.c makes. */
#include "config.h"

#include <elf.h>
#include <errno.h>
#include <libfdt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mkimage.h"
#include "successor/successor.h"
#include "unit.h"

#define BASE UINT64_C(0xffffffff81000000)

static const char banner[] = "\0Linux version 7.0.1-test (nobody@nowhere) #1\n\0";
static const char kho_rodata[] = "\0kho_scratch\0Linux version 7.0.1-test (nobody) #1\n";

/* The banner, a per-CPU area, code that holds the same bytes as a boot parameter. */
static struct mk vmlinux(uint16_t machine)
{
	const struct mk_section sections[] = {
		{ ".text", BASE, MK_EXEC, "\0kho_scratch", 13 },
		{ ".rodata", BASE + 0x1000, 0, banner, sizeof(banner) },
		{ ".data..percpu", 0, MK_WRITE, "12345678", 8 },
		{ ".bss", BASE + 0x3000, MK_WRITE | MK_NOBITS, NULL, 0x5000 },
		{ ".brk", BASE + 0x8000, MK_WRITE | MK_NOBITS, NULL, 0x30000 },
		{ ".init.scratch", BASE + 0x200000, MK_WRITE | MK_NOBITS, NULL, 0x400000 },
	};

	return mk_elf(machine, 0xa00000, sections, 6);
}

static int read_mk(const struct mk *mk, struct successor *s, struct kho_err *err)
{
	int fd = mk_fd(mk), ret;

	assert_int_equal(lseek(fd, 3, SEEK_SET), 3);
	ret = successor_read_fd(fd, s, err);
	assert_int_equal(lseek(fd, 0, SEEK_CUR), 3);
	close(fd);
	return ret;
}

static void assert_reads(const struct mk *mk, struct successor *s)
{
	struct kho_err err = { "" };

	if (read_mk(mk, s, &err))
		fail_msg("%s", err.text);
}

static void assert_fails(const struct mk *mk, int code, const char *message)
{
	struct kho_err err = { "" };
	struct successor s;

	assert_int_equal(read_mk(mk, &s, &err), -code);
	assert_string_equal(err.text, message);
	assert_null(s.image);
}

static void assert_fact(const struct successor *s, enum kho_fact_id id, uint64_t value,
			enum kho_source source)
{
	enum kho_source by;
	uint64_t is;

	assert_int_equal(kho_fact_get(&s->fact[id], &is, &by), KHO_FACT_KNOWN);
	assert_int_equal(is, value);
	assert_int_equal(by, source);
}

static bool has_note(const struct successor *s, const char *part)
{
	for (size_t i = 0; i < s->nr_notes; i++)
		if (strstr(s->notes[i], part))
			return true;
	return false;
}

static void assert_unknown(const struct successor *s, enum kho_fact_id id)
{
	assert_int_equal(kho_fact_get(&s->fact[id], NULL, NULL), KHO_FACT_UNKNOWN);
}

static void test_elf(void **state)
{
	struct mk elf = vmlinux(EM_X86_64);
	struct successor s;

	assert_reads(&elf, &s);
	assert_string_equal(successor_kind(&s), "ELF kernel");
	assert_ptr_equal(s.arch, &kho_arch_x86_64);
	assert_string_equal(s.release, "7.0.1-test");
	assert_int_equal(s.release_source, KHO_SRC_STRINGS);
	assert_int_equal(s.load.segments_bytes, 0xa00000);
	assert_int_equal(s.load.percpu_bytes, 8);
	assert_int_equal(s.load.brk_offset_bytes, 0x8000);
	assert_true(s.load.memory_bytes == SUCCESSOR_BYTES_UNKNOWN);
	assert_int_equal(s.load.relocatable, KHO_TRI_UNKNOWN);
	assert_fact(&s, KHO_FACT_PAGE_BYTES, 4096, KHO_SRC_ARCH);
	assert_fact(&s, KHO_FACT_SECTION_SIZE_BITS, 27, KHO_SRC_ARCH);
	assert_fact(&s, KHO_FACT_PMD_BYTES, 2 << 20, KHO_SRC_ARCH);
	assert_unknown(&s, KHO_FACT_STRUCT_PAGE_BYTES);
	assert_unknown(&s, KHO_FACT_SPARSEMEM);
	assert_unknown(&s, KHO_FACT_VMEMMAP);
	/* What stands in code is no constant. */
	assert_fact(&s, KHO_FACT_KHO, 0, KHO_SRC_STRINGS);
	assert_int_equal(successor_has_string(&s, "kho_scratch"), KHO_TRI_NO);
	assert_int_equal(successor_has_function(&s, "start_kernel"), KHO_TRI_UNKNOWN);
	assert_null(successor_config(&s, "NUMA"));
	successor_deinit(&s);
	mk_free(&elf);
}

static void test_elf_of_another_architecture(void **state)
{
	struct mk elf = vmlinux(EM_RISCV);
	struct successor s;

	assert_reads(&elf, &s);
	assert_null(s.arch);
	assert_unknown(&s, KHO_FACT_PAGE_BYTES);
	assert_unknown(&s, KHO_FACT_PMD_BYTES);
	successor_deinit(&s);
	mk_free(&elf);
}

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

static void test_a_word_in_a_word_is_no_string(void **state)
{
	static const char rodata[] = "no_kho_scratch\0kho_scratches\0kho_bootmem\0Linux version 1 ";
	const struct mk_section section = { ".rodata", BASE, 0, rodata, sizeof(rodata) };
	struct mk elf = mk_elf(EM_X86_64, 4096, &section, 1);
	struct successor s;

	assert_reads(&elf, &s);
	assert_int_equal(successor_has_string(&s, "kho_scratch"), KHO_TRI_NO);
	assert_int_equal(successor_has_string(&s, "no_kho_scratch"), KHO_TRI_YES);
	/* The parameter's newer name counts as well. */
	assert_fact(&s, KHO_FACT_KHO, 1, KHO_SRC_STRINGS);
	successor_deinit(&s);
	mk_free(&elf);
}

static void test_bzimage(void **state)
{
	struct mk elf = vmlinux(EM_X86_64), image = mk_bzimage(&elf, "7.0.1-test (nobody) #1");
	struct successor s;

	assert_reads(&image, &s);
	assert_string_equal(successor_kind(&s), "bzImage, ELF kernel");
	assert_string_equal(s.release, "7.0.1-test");
	assert_int_equal(s.release_source, KHO_SRC_HEADER);
	assert_int_equal(s.load.memory_bytes, 0xea7000);
	assert_int_equal(s.load.alignment_bytes, 0x200000);
	assert_int_equal(s.load.preferred_pa, 0x1000000);
	assert_int_equal(s.load.relocatable, KHO_TRI_YES);
	successor_deinit(&s);
	mk_free(&image);
	mk_free(&elf);
}

/* Packed, with its size behind, as the kernel's build does for all but gzip. */
static void test_bzimage_packed(void **state)
{
	static const char *const packers[][2] = {
		{ "gzip -n", "bzImage, gzip, ELF kernel" },
		{ "xz --check=crc32", "bzImage, xz, ELF kernel" },
		{ "lz4 -l - -", "bzImage, lz4, ELF kernel" },
		{ "zstd", "bzImage, zstd, ELF kernel" },
	};

	for (size_t i = 0; i < sizeof(packers) / sizeof(packers[0]); i++) {
		struct mk elf = vmlinux(EM_X86_64), packed = mk_filter(&elf, packers[i][0]), image;
		struct kho_err err = { "" };
		struct successor s;
		int ret;

		if (i && packed.size)
			mk_put_le(&packed, packed.size, elf.size, 4);
		image = mk_bzimage(&packed, "7.0.1-test");
		ret = packed.size ? read_mk(&image, &s, &err) : -ENOTSUP;
		if (!ret) {
			assert_string_equal(successor_kind(&s), packers[i][1]);
			successor_deinit(&s);
		} else if (ret != -ENOTSUP) {
			fail_msg("%s: %s", packers[i][0], err.text);
		}
		mk_free(&image);
		mk_free(&packed);
		mk_free(&elf);
	}
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

struct arm64_case {
	uint64_t flags, page_bytes, section_size_bits, pmd_bytes;
};

/* Documentation/arch/arm64/booting.rst; arch/arm64: sparsemem.h, pgtable-hwdef.h. */
static void test_arm64_page_sizes(void **state)
{
	static const struct arm64_case cases[] = {
		{ 2, 4096, 27, 2 << 20 },
		{ 4 | 8, 16384, 27, 32 << 20 },
		{ 6 | 8, 65536, 29, 512 << 20 },
	};

	for (size_t i = 0; i < 3; i++) {
		struct mk image = mk_arm64(cases[i].flags, kho_rodata, sizeof(kho_rodata));
		struct successor s;

		assert_reads(&image, &s);
		assert_string_equal(successor_kind(&s), "arm64 Image");
		assert_string_equal(s.release, "7.0.1-test");
		assert_fact(&s, KHO_FACT_PAGE_BYTES, cases[i].page_bytes, KHO_SRC_HEADER);
		assert_fact(&s, KHO_FACT_SECTION_SIZE_BITS, cases[i].section_size_bits, KHO_SRC_ARCH);
		assert_fact(&s, KHO_FACT_PMD_BYTES, cases[i].pmd_bytes, KHO_SRC_ARCH);
		assert_fact(&s, KHO_FACT_KHO, 1, KHO_SRC_STRINGS);
		assert_int_equal(s.load.memory_bytes, 0x820000);
		assert_int_equal(s.load.text_offset_bytes, 0);
		assert_int_equal(s.load.relocatable, cases[i].flags & 8 ? KHO_TRI_YES : KHO_TRI_NO);
		successor_deinit(&s);
		mk_free(&image);
	}
}

static void test_arm64_without_a_page_size(void **state)
{
	struct mk image = mk_arm64(0, banner, sizeof(banner));
	struct successor s;

	assert_reads(&image, &s);
	assert_unknown(&s, KHO_FACT_PAGE_BYTES);
	assert_unknown(&s, KHO_FACT_SECTION_SIZE_BITS);
	assert_unknown(&s, KHO_FACT_PMD_BYTES);
	successor_deinit(&s);
	mk_put_le(&image, 24, 1, 8);
	assert_fails(&image, EINVAL, "arm64 Image: a big-endian arm64 kernel is not supported");
	mk_free(&image);
}

static void test_arm64_packed_and_zboot(void **state)
{
	struct mk image = mk_arm64(2, kho_rodata, sizeof(kho_rodata));
	struct mk packed = mk_filter(&image, "gzip -n"), zboot = mk_zboot(&packed, "gzip");
	struct mk strange = mk_zboot(&image, "rot13");
	struct successor s;

	assert_reads(&packed, &s);
	assert_string_equal(successor_kind(&s), "gzip, arm64 Image");
	successor_deinit(&s);
	assert_reads(&zboot, &s);
	assert_string_equal(successor_kind(&s), "EFI zboot image, gzip, arm64 Image");
	assert_fact(&s, KHO_FACT_PAGE_BYTES, 4096, KHO_SRC_HEADER);
	successor_deinit(&s);
	assert_fails(&strange, EINVAL,
		     "EFI zboot image: its payload has a compression that is not known, \"rot13\"");
	zboot.size--;
	assert_int_equal(read_mk(&zboot, &s, NULL), -EINVAL);
	mk_free(&strange);
	mk_free(&zboot);
	mk_free(&packed);
	mk_free(&image);
}

static void test_uki(void **state)
{
	struct mk elf = vmlinux(EM_X86_64), inner = mk_bzimage(&elf, "7.0.1-test");
	const struct mk_section sections[] = {
		{ ".osrel", 0, 0, "ID=x\n", 5 },
		{ ".cmdline", 0, 0, "quiet kho=on", 12 },
		{ ".initrd", 0, 0, "0123456789", 10 },
		{ ".linux", 0, 0, inner.data, inner.size },
	};
	struct mk uki = mk_pe(sections, 4), other = mk_pe(sections, 3);
	struct mk bare = mk_pe(&sections[3], 1);
	struct successor s;

	assert_reads(&uki, &s);
	assert_string_equal(successor_kind(&s), "unified kernel image, bzImage, ELF kernel");
	assert_string_equal(s.uki.cmdline, "quiet kho=on");
	assert_int_equal(s.uki.initrd_bytes, 10);
	successor_deinit(&s);
	/* Without the sections the loader's count: they are not known. */
	assert_reads(&bare, &s);
	assert_null(s.uki.cmdline);
	assert_int_equal(s.uki.initrd_bytes, 0);
	successor_deinit(&s);
	mk_free(&bare);
	assert_fails(&other, EINVAL, "an MZ file, but neither a bzImage, an arm64 Image, an EFI "
		     "zboot image nor a unified kernel image");
	uki.size -= 0x400;
	assert_fails(&uki, EINVAL,
		     "unified kernel image: cut short: its .linux section ends past the end of the file");
	mk_free(&other);
	mk_free(&uki);
	mk_free(&inner);
	mk_free(&elf);
}

/* Specification 5 of the UAPI group, "Multi-Profile UKIs": @0 unless another is asked for. */
static void test_uki_with_profiles(void **state)
{
	struct mk elf = vmlinux(EM_X86_64), inner = mk_bzimage(&elf, "7.0.1-test");
	const struct mk_section all[] = {
		{ ".linux", 0, 0, inner.data, inner.size },
		{ ".cmdline", 0, 0, "quiet", 5 },
		{ ".initrd", 0, 0, "01234", 5 },
		{ ".profile", 0, 0, "ID=regular\n", 11 },
		{ ".cmdline", 0, 0, "quiet kho=on", 12 },
		{ ".profile", 0, 0, "ID=factory-reset\n", 17 },
		{ ".cmdline", 0, 0, "reset", 5 },
		{ ".initrd", 0, 0, "0123456789", 10 },
	};
	struct mk uki = mk_pe(all, 8), packed = mk_filter(&uki, "gzip -n");
	struct successor s;

	assert_reads(&uki, &s);
	assert_int_equal(s.uki.nr_profiles, 2);
	assert_string_equal(s.uki.cmdline, "quiet kho=on");
	assert_int_equal(s.uki.initrd_bytes, 5);
	successor_deinit(&s);
	/* Out of memory, as out of the file. */
	assert_reads(&packed, &s);
	assert_int_equal(s.uki.nr_profiles, 2);
	assert_string_equal(s.uki.cmdline, "quiet kho=on");
	assert_int_equal(s.uki.initrd_bytes, 5);
	successor_deinit(&s);
	mk_free(&packed);
	mk_free(&uki);
	/* Nothing of its own in @0. */
	uki = mk_pe(all, 4);
	assert_reads(&uki, &s);
	assert_int_equal(s.uki.nr_profiles, 1);
	assert_string_equal(s.uki.cmdline, "quiet");
	successor_deinit(&s);
	mk_free(&uki);
	mk_free(&inner);
	mk_free(&elf);
}

/* 1.5 GiB of initrd, which are a hole: only what is needed is read. */
static void test_uki_with_a_huge_initrd(void **state)
{
	struct mk elf = vmlinux(EM_X86_64), inner = mk_bzimage(&elf, "7.0.1-test");
	const struct mk_section sections[] = {
		{ ".cmdline", 0, 0, "kho=on", 6 },
		{ ".linux", 0, 0, inner.data, inner.size },
		{ ".initrd", 0, 0, "", 1 },
	};
	struct mk uki = mk_pe(sections, 3);
	size_t header = 0x80 + 24 + 0xf0 + 2 * 40;
	struct kho_err err = { "" };
	struct successor s;
	int fd;

	mk_put_le(&uki, header + 8, 0x60000000, 4);
	mk_put_le(&uki, header + 16, 0x60000000, 4);
	fd = mk_fd(&uki);
	assert_int_equal(ftruncate(fd, (off_t)uki.size + 0x60000000), 0);
	if (successor_read_fd(fd, &s, &err))
		fail_msg("%s", err.text);
	assert_string_equal(successor_kind(&s), "unified kernel image, bzImage, ELF kernel");
	assert_int_equal(s.uki.initrd_bytes, 0x60000000);
	assert_string_equal(s.uki.cmdline, "kho=on");
	successor_deinit(&s);
	assert_int_equal(ftruncate(fd, (off_t)uki.size), 0);
	assert_int_equal(successor_read_fd(fd, &s, &err), -EINVAL);
	assert_non_null(strstr(err.text, "its .initrd section"));
	close(fd);
	/* A kernel over the limit, and a command line. */
	mk_put_le(&uki, header - 40 + 8, 0x60000000, 4);
	mk_put_le(&uki, header - 40 + 16, 0x60000000, 4);
	fd = mk_fd(&uki);
	assert_int_equal(ftruncate(fd, (off_t)uki.size + 0x60000000), 0);
	assert_int_equal(successor_read_fd(fd, &s, &err), -EFBIG);
	assert_string_equal(err.text, "unified kernel image: its .linux section has 1572864 KiB, "
			    "more than the limit of 1048576 KiB");
	close(fd);
	mk_free(&uki);
	mk_free(&inner);
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

/* Documentation/arch/arm64/booting.rst */
#define ARM64_FLAGS 24

static void test_ikconfig(void **state)
{
	static const char text[] = "# a comment\nCONFIG_SPARSEMEM=y\nCONFIG_NR_CPUS=64\n"
				   "# CONFIG_SPARSEMEM_VMEMMAP is not set\n"
				   "CONFIG_KEXEC_HANDOVER_DEBUG=y\nCONFIG_ARM64_16K_PAGES=y\n";
	struct mk config = { (uint8_t *)text, sizeof(text) - 1 }, packed = mk_filter(&config, "gzip");
	struct mk body = { 0 }, image;
	struct successor s;

	mk_put(&body, 0, banner, sizeof(banner));
	mk_put(&body, body.size, "IKCFG_ST", 8);
	mk_put(&body, body.size, packed.data, packed.size);
	mk_put(&body, body.size, "IKCFG_ED", 8);
	image = mk_arm64(0, body.data, body.size);
	assert_reads(&image, &s);
	assert_fact(&s, KHO_FACT_SPARSEMEM, 1, KHO_SRC_IKCONFIG);
	assert_fact(&s, KHO_FACT_VMEMMAP, 0, KHO_SRC_IKCONFIG);
	assert_fact(&s, KHO_FACT_KHO, 0, KHO_SRC_IKCONFIG);
	assert_fact(&s, KHO_FACT_PAGE_BYTES, 16384, KHO_SRC_IKCONFIG);
	assert_false(has_note(&s, "configuration"));
	assert_string_equal(successor_config(&s, "NR_CPUS"), "64");
	assert_string_equal(successor_config(&s, "SPARSEMEM_VMEMMAP"), "n");
	successor_deinit(&s);
	/* The header's flags say 4 KiB. */
	image.data[ARM64_FLAGS] = 2;
	assert_reads(&image, &s);
	assert_int_equal(kho_fact_get(&s.fact[KHO_FACT_PAGE_BYTES], NULL, NULL),
			 KHO_FACT_CONTRADICTED);
	assert_unknown(&s, KHO_FACT_PMD_BYTES);
	successor_deinit(&s);
	image.data[ARM64_FLAGS] = 0;
	/* One that is damaged is told of, and no fact. */
	memset(image.data + image.size - packed.size, 0, 40);
	assert_reads(&image, &s);
	assert_unknown(&s, KHO_FACT_SPARSEMEM);
	assert_true(has_note(&s, "its built-in configuration cannot be read: "));
	successor_deinit(&s);
	mk_free(&image);
	mk_free(&body);
	mk_free(&packed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_elf),
		cmocka_unit_test(test_elf_of_another_architecture),
		cmocka_unit_test(test_elf_that_is_no_kernel),
		cmocka_unit_test(test_a_word_in_a_word_is_no_string),
		cmocka_unit_test(test_bzimage),
		cmocka_unit_test(test_bzimage_packed),
		cmocka_unit_test(test_bzimage_cut),
		cmocka_unit_test(test_bzimage_of_an_old_protocol),
		cmocka_unit_test(test_arm64_page_sizes),
		cmocka_unit_test(test_arm64_without_a_page_size),
		cmocka_unit_test(test_arm64_packed_and_zboot),
		cmocka_unit_test(test_uki),
		cmocka_unit_test(test_uki_with_profiles),
		cmocka_unit_test(test_uki_with_a_huge_initrd),
		cmocka_unit_test(test_what_is_known_not_to_be_a_kernel),
		cmocka_unit_test(test_device_trees),
		cmocka_unit_test(test_overlapping_sections),
#ifdef HAVE_LIBBPF
		cmocka_unit_test(test_btf_whose_types_are_not_aligned),
#endif
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_packed_thrice),
		cmocka_unit_test(test_what_is_no_file),
		cmocka_unit_test(test_a_huge_file),
		cmocka_unit_test(test_ikconfig),
	};

	return cmocka_run_group_tests_name("image", tests, NULL, NULL);
}
