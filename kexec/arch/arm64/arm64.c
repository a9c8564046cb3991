// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <elf.h>
#include <linux/audit.h>

#include "arch/arm64/arm64.h"
#include "machine/srat.h"

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

/* arch/arm64/kernel/vmcore_info.c */
static const char *const own_keys[] = {
	"NUMBER(VA_BITS)", "NUMBER(kimage_voffset)", NULL
};

static const char *const keys_at_boot[] = {
	"NUMBER(kimage_voffset)", "NUMBER(PHYS_OFFSET)", "NUMBER(TCR_EL1_T1SZ)",
	"NUMBER(KERNELPACMASK)", NULL
};

static const struct kho_arch_evidence evidence[] = {
	{ SRAT_PATH, KHO_EVIDENCE_PROCESSOR, NULL, SRAT_PROCESSOR_GICC },
	/* drivers/irqchip/irq-gic-v3.c */
	{ "proc/iomem", KHO_EVIDENCE_RESOURCE, "GICD", 0 },
	{ "proc/iomem", KHO_EVIDENCE_RESOURCE, "GICR", 0 },
	/* arch/arm64/kernel/cpuinfo.c */
	{ "proc/cpuinfo", KHO_EVIDENCE_KEY, "CPU implementer", 0 },
	{ .path = NULL },
};

const struct kho_arch kho_arch_arm64 = {
	.machine = "aarch64",
	.elf_machine = EM_AARCH64,
	.page_bytes = 0,
	.page_bytes_valid = page_bytes_valid,
	.page_choice = {
		{ "ARM64_4K_PAGES", 4096 }, { "ARM64_16K_PAGES", 16384 },
		{ "ARM64_64K_PAGES", 65536 },
	},
	.section_size_bits = section_size_bits,
	.pmd_bytes = pmd_bytes,
	.image = &container_arm64,
	.cmdline = { .config_forced = "CMDLINE_FORCE" },
	.vmcoreinfo_own = own_keys,
	.vmcoreinfo_at_boot = keys_at_boot,
#ifdef HAVE_CAPSTONE
	.isa = &code_arm64,
#endif
	.evidence = evidence,
	.nodeless_bytes = 0,
	.nodes_by_srat_only = false,
	.refuses = arm64_refuses,
	.audit_arch = AUDIT_ARCH_AARCH64,
	.compat_audit_arch = { AUDIT_ARCH_ARM },
	.early = {
		/* arch/arm64/mm/init.c, early_mem() */
		.mem_is_amount = true,
		/* arch/arm64/mm/pageattr.c, rodata_full */
		.direct_map_in_pages = true,
		/* The most that a distribution has; defconfig has 32. */
		.cma_mib = 64,
		.cma_basis = "64 MiB, not known",
		.max_physmem_bits = 52,
		.physmem_bits_config = "ARM64_PA_BITS",
		/* arch/arm64/include/asm/pgtable-prot.h, PHYS_MASK_SHIFT */
		.no_lpa2_physmem_bits = 48,
		/* arch/arm64/mm/init.c */
		.crashkernel_cma_since = 7003,
	},
	.page_tables_asker = {
		"early_pgtable_alloc", "arch/arm64/mm/mmu.c", "Failed to allocate page table page",
	},
	.percpu_asker = {
		"setup_per_cpu_areas", "mm/percpu.c", "Failed to initialize percpu areas.",
	},
	.boot = &boot_arch_arm64,
};
