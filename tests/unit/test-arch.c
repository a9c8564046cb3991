// SPDX-License-Identifier: GPL-2.0-only
/* The tables of the architectures: nothing that every one needs is left out. */
#include "config.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#ifdef HAVE_SECCOMP
#include <seccomp.h>
#endif

#include "arch/arch.h"
#include "successor/successor.h"
#include "unit.h"

static void test_what_each_must_answer(void **state)
{
	const struct kho_arch *arch;
	size_t n = 0;

	for (; (arch = kho_arch_at(n)); n++) {
		uint64_t page_bytes = arch->page_bytes ? arch->page_bytes :
				      arch->page_choice[0].page_bytes;

		assert_ptr_equal(kho_arch_by_name(arch->machine), arch);
		assert_ptr_equal(kho_arch_by_elf_machine(arch->elf_machine), arch);
		assert_true(arch->page_bytes_valid(page_bytes));
		assert_false(arch->page_bytes_valid(page_bytes + 1));
		assert_in_range(arch->section_size_bits(page_bytes), 20, 40);
		assert_true(arch->pmd_bytes(page_bytes) % page_bytes == 0);
		assert_int_not_equal(arch->audit_arch, 0);
		/* The model refuses a kernel without it: a table with boot must have it. */
		if (arch->boot)
			assert_in_range(arch->early.max_physmem_bits, 36, 56);
		/* A basis is what the report says of an area: neither without the other. */
		assert_int_equal(!!arch->early.cma_mib, !!arch->early.cma_basis);
	}
	assert_true(n >= 2);
	assert_null(kho_arch_by_name("none"));
	assert_null(kho_arch_by_elf_machine(EM_NONE));
}

/* arch/arm64/Kconfig: the help texts of ARM64_4K_PAGES and its like. */
static void test_page_sizes_of_a_configuration(void **state)
{
	const struct kho_arch *arm64 = kho_arch_by_elf_machine(EM_AARCH64);

	for (size_t i = 0; i < 3; i++) {
		assert_true(arm64->page_bytes_valid(arm64->page_choice[i].page_bytes));
		assert_int_equal(strtoul(arm64->page_choice[i].config + strlen("ARM64_"), NULL, 10)
				 << 10, arm64->page_choice[i].page_bytes);
	}
	assert_null(arm64->page_choice[3].config);
}

/* Two tables that claim the same file of a machine would contradict each other on it. */
static void test_evidence_is_of_one_architecture(void **state)
{
	for (size_t i = 0; kho_arch_at(i + 1); i++)
		for (const struct kho_arch_evidence *a = kho_arch_at(i)->evidence; a && a->path; a++)
			for (const struct kho_arch_evidence *b = kho_arch_at(i + 1)->evidence;
			     b && b->path; b++)
				assert_false(a->kind == b->kind && !strcmp(a->path, b->path) &&
					     a->srat_type == b->srat_type &&
					     !strcmp(a->text ? a->text : "", b->text ? b->text : ""));
}

/* image_load() and sanity_check_segment_list(); 0: not known, -1: it is not refused. */
static int refused_by_arm64(uint64_t running_page_bytes, const struct successor_load *load)
{
	const struct kho_load_facts facts = { .load = load, .page_bytes = running_page_bytes };
	struct kho_refusal refusal;

	return kho_arch_by_name("aarch64")->refuses(&facts, &refusal) ? refusal.error : -1;
}

static void test_what_arm64_refuses(void **state)
{
	static const struct {
		uint64_t running_page_bytes, image_size, text_offset, header_page_bytes, file_bytes;
		int error;
	} cases[] = {
		{ 4096, 0x820000, 0, 4096, 0x700000, -1 },
		{ 4096, 0x820000, 0, 0, 0x700000, -1 },
		{ 65536, 0x820000, 0, 65536, 0x700000, -1 },
		/* Before 3.17; and no Image at all. */
		{ 4096, SUCCESSOR_BYTES_UNKNOWN, 0x80000, 4096, 0x700000, EINVAL },
		{ 4096, 0x820000, SUCCESSOR_BYTES_UNKNOWN, 4096, 0x700000, EINVAL },
		/* Whether the CPU has another granule than that in use. */
		{ 4096, 0x820000, 0, 65536, 0x700000, 0 },
		{ 65536, 0x820000, 0, 4096, 0x700000, 0 },
		{ 4096, 0x820000, 0, 16384, 0x700000, 0 },
		{ 0, 0x820000, 0, 16384, 0x700000, -1 },
		/* mstart & ~PAGE_MASK */
		{ 4096, 0x820000, 0x80000, 4096, 0x700000, -1 },
		{ 4096, 0x820000, 0x1000, 4096, 0x700000, -1 },
		{ 65536, 0x820000, 0x1000, 65536, 0x700000, EADDRNOTAVAIL },
		{ 4096, 0x820000, 0x800, 4096, 0x700000, EADDRNOTAVAIL },
		{ 0, 0x820000, 0x800, 4096, 0x700000, EADDRNOTAVAIL },
		{ 0, 0x820000, 0x1000, 4096, 0x700000, -1 },
		/* mstart > mend */
		{ 4096, UINT64_MAX - 0xfff, 0x1000, 4096, 0x700000, EADDRNOTAVAIL },
		{ 4096, UINT64_MAX - 5, 0, 4096, 0x700000, EADDRNOTAVAIL },
		/* bufsz > memsz, which is in whole pages of the running kernel */
		{ 4096, 0x820000, 0, 4096, 0x820000, -1 },
		{ 4096, 0x820000, 0, 4096, 0x820001, EINVAL },
		{ 4096, 0x81f001, 0, 4096, 0x820000, -1 },
		{ 65536, 0x81f001, 0x10000, 65536, 0x820001, EINVAL },
		{ 0, 0x820001, 0, 4096, 0x830000, -1 },
		{ 0, 0x820001, 0, 4096, 0x830001, EINVAL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct successor_load load = {
			.memory_bytes = cases[i].image_size, .text_offset_bytes = cases[i].text_offset,
			.header_page_bytes = cases[i].header_page_bytes,
			.file_bytes = cases[i].file_bytes,
		};
		int error = refused_by_arm64(cases[i].running_page_bytes, &load);

		if (error != cases[i].error)
			fail_msg("case %zu: %d, not %d", i, error, cases[i].error);
	}
}

/* What libseccomp names the ABIs of each machine: a load through any is seen by the gate. */
static void test_abis(void **state)
{
#ifdef HAVE_SECCOMP
	const struct kho_arch *x86_64 = kho_arch_by_name("x86_64");
	const struct kho_arch *arm64 = kho_arch_by_name("aarch64");

	assert_int_equal(x86_64->audit_arch, SCMP_ARCH_X86_64);
	assert_int_equal(x86_64->compat_audit_arch[0], SCMP_ARCH_X86);
	assert_int_equal(x86_64->compat_audit_arch[1], SCMP_ARCH_X32);
	assert_int_equal(arm64->audit_arch, SCMP_ARCH_AARCH64);
	assert_int_equal(arm64->compat_audit_arch[0], SCMP_ARCH_ARM);
	assert_int_equal(arm64->compat_audit_arch[1], 0);
#else
	skip();
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_each_must_answer),
		cmocka_unit_test(test_page_sizes_of_a_configuration),
		cmocka_unit_test(test_evidence_is_of_one_architecture),
		cmocka_unit_test(test_what_arm64_refuses),
		cmocka_unit_test(test_abis),
	};

	return cmocka_run_group_tests_name("arch", tests, NULL, NULL);
}
