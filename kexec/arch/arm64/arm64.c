// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <elf.h>

#include "arch/arch.h"

static bool page_bytes_valid(uint64_t page_bytes)
{
	return page_bytes == 4096 || page_bytes == 16384 || page_bytes == 65536;
}

/* arch/arm64/include/asm/sparsemem.h: 512 MiB sections with 64K pages, else 128 MiB. */
static unsigned int section_size_bits(uint64_t page_bytes)
{
	return page_bytes == 65536 ? 29 : 27;
}

/*
 * arch/arm64/include/asm/pgtable-hwdef.h: a table is one page of eight-byte
 * entries, so a PMD covers page_bytes / 8 pages.
 */
static uint64_t pmd_bytes(uint64_t page_bytes)
{
	return page_bytes / 8 * page_bytes;
}

const struct kho_arch kho_arch_arm64 = {
	.machine = "aarch64",
	.elf_machine = EM_AARCH64,
	.page_bytes = 0,
	.page_bytes_valid = page_bytes_valid,
	.section_size_bits = section_size_bits,
	.pmd_bytes = pmd_bytes,
	.refuses = arm64_refuses,
	.boot = &boot_arch_arm64,
};
