/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All that differs between architectures, in one const table for each.  All tables are
 * always compiled; the successor image chooses.
 *
 * To add one, answer each member of struct kho_arch from the kernel's source, in
 * kexec/arch/NAME/, then list it in arches.def.  The comment of a member says whether it may
 * be left out, and what is then not known; the members stand in the order in which they are
 * worth the work (doc/new-architecture.md).
 */
#ifndef ARCH_ARCH_H
#define ARCH_ARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/tri.h"

struct boot_arch;	/* model/toolbox/run.h */
struct code_isa;	/* successor/vmcoreinfo/code-walk.h */
struct container;	/* successor/containers/container.h */
struct successor_load;	/* successor/claims/claims.h */

/* Other ABIs of one machine, and options of its configuration: no kernel has more. */
#define KHO_ARCH_ABIS		2
#define KHO_ARCH_PAGE_SIZES	4

/* What an architecture's load rules look at. */
struct kho_load_facts {
	const struct successor_load *load;
	size_t cmdline_bytes;		/* without its NUL */
	enum kho_tri five_level;	/* x86: the running kernel uses 5-level page tables */
	uint64_t page_bytes;		/* of the running kernel; 0: not known */
};

/* Why a load is refused. */
struct kho_refusal {
	char why[160];			/* a clause: "the image is no bzImage" */
	int error;	/* positive: errno of the system call; 0: not known whether it refuses */
};

/* How the command line that is built into the kernel (CONFIG_CMDLINE) meets a given one. */
struct kho_arch_cmdline {
	const char *config_on;		/* "CMDLINE_BOOL": it counts with this one only; NULL */
	const char *config_forced;	/* "CMDLINE_OVERRIDE": with this one, it alone counts */
	bool prepended;			/* goes before the given one; else replaces an empty one */
};

/* What a file of a machine shows that only this architecture has. */
struct kho_arch_evidence {
	const char *path;	/* below the root */
	enum {
		KHO_EVIDENCE_PATH,		/* that it is there: a folder with something in it */
		KHO_EVIDENCE_RESOURCE,		/* of /proc/iomem: one with the name @text */
		KHO_EVIDENCE_KEY,		/* of /proc/cpuinfo: a line that begins with @text */
		KHO_EVIDENCE_PROCESSOR,		/* of the SRAT: an affinity of type @srat_type */
	} kind;
	const char *text;
	unsigned int srat_type;	/* ACPI 6.5, 5.2.16 */
};

/* What early boot does by default: what no header, and no parameter, of an image tells. */
struct kho_arch_early {
	/* mem= is an amount, and the last one counts; else an address, and each one cuts. */
	bool mem_is_amount;

	/* The direct map is in pages where the command line does not say otherwise (rodata=). */
	bool direct_map_in_pages;

	/*
	 * The CMA area without cma= (CONFIG_CMA_SIZE_MBYTES with CONFIG_DMA_CMA), where the
	 * image has no configuration, and how the report names this; 0, NULL: none.
	 */
	unsigned int cma_mib;
	const char *cma_basis;

	/*
	 * MAX_PHYSMEM_BITS, and the configuration's option for it; NULL: it has none.  With
	 * four levels of page tables where there may be five; 0: the same.
	 */
	unsigned int max_physmem_bits;
	const char *physmem_bits_config;
	unsigned int no_lpa2_physmem_bits;	/* arm64; of pages of 4 and 16 KiB */
	unsigned int four_level_physmem_bits;

	/*
	 * The first release (major * 1000 + minor) whose setup_arch() asks for the area of
	 * crashkernel=SIZE,cma; 0: all.
	 */
	unsigned int crashkernel_cma_since;
};

/* A function of the kernel that asks memblock for what it can't do without. */
struct kho_arch_asker {
	const char *function;	/* NULL: not known */
	const char *file;
	const char *panic;	/* its text where there is no room */
};

struct kho_arch {
	/* As uname -m prints it: "x86_64", "aarch64". */
	const char *machine;

	/* e_machine of its ELF files (EM_X86_64, EM_AARCH64). */
	uint16_t elf_machine;

	/* Page facts. */

	/*
	 * The page size, where the architecture has only one; 0 where the image
	 * must say (arm64: Image header flags, VMCOREINFO's PAGESIZE).
	 */
	uint64_t page_bytes;

	/* Can the architecture's kernels have pages of this size? */
	bool (*page_bytes_valid)(uint64_t page_bytes);

	/* The configuration's choice of a page size, without CONFIG_; none where there is one. */
	struct {
		const char *config;	/* "ARM64_4K_PAGES" */
		uint64_t page_bytes;
	} page_choice[KHO_ARCH_PAGE_SIZES];

	/*
	 * SECTION_SIZE_BITS for kernels with pages of @page_bytes
	 * (arch/x86/include/asm/sparsemem.h, arch/arm64/include/asm/sparsemem.h).
	 */
	unsigned int (*section_size_bits)(uint64_t page_bytes);

	/*
	 * PMD_SIZE (arch/x86/include/asm/pgtable_64_types.h,
	 * arch/arm64/include/asm/pgtable-hwdef.h); 0 where there are no PMDs.
	 */
	uint64_t (*pmd_bytes)(uint64_t page_bytes);

	/* The image. */

	/*
	 * The image format that only this architecture has: bzImage, Image.  NULL: only
	 * the formats of container.c are read.
	 */
	const struct container *image;

	/*
	 * The built-in command line (arch/x86/kernel/setup.c, setup_arch();
	 * drivers/of/fdt.c, early_init_dt_scan_chosen()).
	 */
	struct kho_arch_cmdline cmdline;

	/* VMCOREINFO: arch_crash_save_vmcoreinfo().  Lists end in NULL. */

	/*
	 * Keys that no other architecture prints: a text with all of them is of this one.
	 * NULL: only an ELF core tells.
	 */
	const char *const *vmcoreinfo_own;

	/*
	 * Keys whose values the boot decides, though the code names constants: what is patched
	 * at boot, what KASLR moves (SYMBOL() and KERNELOFFSET are known without this).  NULL:
	 * none.
	 */
	const char *const *vmcoreinfo_at_boot;

	/*
	 * The instructions, to follow the code that makes the VMCOREINFO.  NULL: the code is
	 * not read, as in builds without capstone; BTF and IKCONFIG may still tell.
	 */
	const struct code_isa *isa;

	/* The machine. */

	/*
	 * What tells that a machine is one of these, where its kernel does not say so itself:
	 * looked at in this order, up to a NULL path.  NULL: only the kernel tells.
	 */
	const struct kho_arch_evidence *evidence;

	/*
	 * RAM that the SRAT may leave without a node before the kernel drops it
	 * (arch/x86/mm/numa.c, numa_register_nodes(); mm/arch_numa.c: none).
	 */
	uint64_t nodeless_bytes;

	/* Nodes come from the SRAT only; else a device tree may have them too. */
	bool nodes_by_srat_only;

	/* The load. */

	/*
	 * Does kexec_file_load refuse the image or what comes with it, before it looks for
	 * room (the probe and load functions of struct kexec_file_ops)?  True: @ret_refusal
	 * says why.  NULL: not known, and never reported.
	 */
	bool (*refuses)(const struct kho_load_facts *facts, struct kho_refusal *ret_refusal);

	/*
	 * AUDIT_ARCH_... of its system calls, and of the other ABIs through which a process
	 * can make them (32-bit, x32): the gate watches all.
	 */
	uint32_t audit_arch;
	uint32_t compat_audit_arch[KHO_ARCH_ABIS];	/* 0: no more */

	/* Early boot, for the model: what an image does not tell. */
	struct kho_arch_early early;

	/* Who asks for the tables of the direct map, and for percpu memory: for reports. */
	struct kho_arch_asker page_tables_asker, percpu_asker;

	/*
	 * Placing of the load, and early boot up to the memory map, for the model.  NULL: the
	 * boot can't be followed, and the verdict is unknown.
	 */
	const struct boot_arch *boot;
};

#define ARCH(name) extern const struct kho_arch kho_arch_##name;
#include "arch/arches.def"
#undef ARCH

/* All of them, from 0 on; NULL behind the last. */
const struct kho_arch *kho_arch_at(size_t nr);

/* NULL when the architecture is not one of ours. */
const struct kho_arch *kho_arch_by_elf_machine(uint16_t elf_machine);
const struct kho_arch *kho_arch_by_name(const char *machine);

/* Fill in @ret_refusal; returns true, for the rule to return. */
bool kho_arch_refuse(struct kho_refusal *ret_refusal, int error, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
