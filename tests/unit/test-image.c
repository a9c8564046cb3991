// SPDX-License-Identifier: GPL-2.0-only
/* Containers and facts of images that mkimage.c makes. */
#include "config.h"

#include <elf.h>
#include <errno.h>
#include <libfdt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "image-fixture.h"

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
			assert_int_equal(s.load.unpacked_bytes, elf.size);
			successor_deinit(&s);
		} else if (ret != -ENOTSUP) {
			fail_msg("%s: %s", packers[i][0], err.text);
		}
		mk_free(&image);
		mk_free(&packed);
		mk_free(&elf);
	}
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
	/* One that is damaged is reported, and gives no fact. */
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
		cmocka_unit_test(test_a_word_in_a_word_is_no_string),
		cmocka_unit_test(test_bzimage),
		cmocka_unit_test(test_bzimage_packed),
		cmocka_unit_test(test_arm64_page_sizes),
		cmocka_unit_test(test_arm64_without_a_page_size),
		cmocka_unit_test(test_arm64_packed_and_zboot),
		cmocka_unit_test(test_uki),
		cmocka_unit_test(test_uki_with_profiles),
		cmocka_unit_test(test_uki_with_a_huge_initrd),
#ifdef HAVE_LIBBPF
#endif
		cmocka_unit_test(test_ikconfig),
	};

	return cmocka_run_group_tests_name("image", tests, NULL, NULL);
}
