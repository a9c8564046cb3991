// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <elf.h>

#include "arch/arch.h"

static bool page_bytes_valid(uint64_t page_bytes)
{
	return page_bytes == 4096;
}

/* arch/x86/include/asm/sparsemem.h: 128 MiB sections. */
static unsigned int section_size_bits(uint64_t page_bytes)
{
	return 27;
}

/* arch/x86/include/asm/pgtable_64_types.h: PMD_SHIFT 21. */
static uint64_t pmd_bytes(uint64_t page_bytes)
{
	return UINT64_C(2) << 20;
}

const struct kho_arch kho_arch_x86_64 = {
	.machine = "x86_64",
	.elf_machine = EM_X86_64,
	.page_bytes = 4096,
	.page_bytes_valid = page_bytes_valid,
	.section_size_bits = section_size_bits,
	.pmd_bytes = pmd_bytes,
	.refuses = x86_64_refuses,
	.boot = &boot_arch_x86_64,
};
