// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <elf.h>
#include <linux/audit.h>

#include "arch/x86_64/x86_64.h"
#include "machine/srat.h"

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

/* arch/x86/kernel/vmcore_info_64.c (up to 6.19: crash_core_64.c) */
static const char *const own_keys[] = {
	"NUMBER(phys_base)", "NUMBER(KERNEL_IMAGE_SIZE)", NULL
};

static const char *const keys_at_boot[] = {
	"NUMBER(phys_base)", "NUMBER(sme_mask)", "NUMBER(pgtable_l5_enabled)", NULL
};

static const struct kho_arch_evidence evidence[] = {
	/* arch/x86/kernel/e820.c, e820__reserve_resources(); arch/x86/kernel/ksysfs.c */
	{ "sys/firmware/memmap", KHO_EVIDENCE_PATH, NULL, 0 },
	{ "sys/kernel/boot_params", KHO_EVIDENCE_PATH, NULL, 0 },
	/* arch/x86/kernel/probe_roms.c, arch/x86/kernel/apic/ */
	{ "proc/iomem", KHO_EVIDENCE_RESOURCE, "System ROM", 0 },
	{ "proc/iomem", KHO_EVIDENCE_RESOURCE, "Local APIC", 0 },
	{ "proc/iomem", KHO_EVIDENCE_RESOURCE, "IOAPIC", 0 },
	{ SRAT_PATH, KHO_EVIDENCE_PROCESSOR, NULL, SRAT_PROCESSOR_APIC },
	{ SRAT_PATH, KHO_EVIDENCE_PROCESSOR, NULL, SRAT_PROCESSOR_X2APIC },
	/* arch/x86/kernel/cpu/proc.c */
	{ "proc/cpuinfo", KHO_EVIDENCE_KEY, "cpuid level", 0 },
	{ .path = NULL },
};

const struct kho_arch kho_arch_x86_64 = {
	.machine = "x86_64",
	.elf_machine = EM_X86_64,
	.page_bytes = 4096,
	.page_bytes_valid = page_bytes_valid,
	.section_size_bits = section_size_bits,
	.pmd_bytes = pmd_bytes,
	.image = &container_bzimage,
	.cmdline = {
		.config_on = "CMDLINE_BOOL", .config_forced = "CMDLINE_OVERRIDE", .prepended = true,
	},
	.vmcoreinfo_own = own_keys,
	.vmcoreinfo_at_boot = keys_at_boot,
#ifdef HAVE_CAPSTONE
	.isa = &code_x86_64,
#endif
	.evidence = evidence,
	.nodeless_bytes = 1 << 20,
	.nodes_by_srat_only = true,
	.refuses = x86_64_refuses,
	.audit_arch = AUDIT_ARCH_X86_64,
	/* The second is x32, for which the kernel has no name: SCMP_ARCH_X32 of libseccomp. */
	.compat_audit_arch = { AUDIT_ARCH_I386, EM_X86_64 | __AUDIT_ARCH_LE },
	.early = {
		.mem_is_amount = false,		/* arch/x86/kernel/e820.c, parse_memopt() */
		.max_physmem_bits = 52,
		.four_level_physmem_bits = 46,	/* arch/x86/include/asm/sparsemem.h */
	},
	.page_tables_asker = {
		"alloc_low_pages", "arch/x86/mm/init.c", "alloc_low_pages: can not alloc memory",
	},
	.percpu_asker = {
		"setup_per_cpu_areas", "arch/x86/kernel/setup_percpu.c",
		"cannot initialize percpu area (err=-12)",
	},
	.boot = &boot_arch_x86_64,
};
