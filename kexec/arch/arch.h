/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an architecture decides about early boot.  One const table an
 * architecture, all of them always compiled; the successor image chooses.
 *
 * To add one: make kexec/arch/NAME/NAME.c with a table, name it in arch.c, and
 * answer each member below from the kernel's source (doc/new-architecture.md).
 */
#ifndef ARCH_ARCH_H
#define ARCH_ARCH_H

#include <stdbool.h>
#include <stdint.h>

struct boot_arch;	/* model/toolbox/run.h */
struct kho_load_facts;	/* check/load-rules.h */
struct kho_refusal;

struct kho_arch {
	/* As uname -m prints it: "x86_64", "aarch64". */
	const char *machine;

	/* e_machine of its ELF files (EM_X86_64, EM_AARCH64). */
	uint16_t elf_machine;

	/*
	 * The page size, where the architecture has only one; 0 where the image
	 * must say (arm64: Image header flags, VMCOREINFO's PAGESIZE).
	 */
	uint64_t page_bytes;

	/* Can the architecture's kernels have pages of this size? */
	bool (*page_bytes_valid)(uint64_t page_bytes);

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

	/*
	 * Does kexec_file_load refuse the image or what comes with it, before it looks for
	 * room (the probe and load functions of struct kexec_file_ops)?  True: @ret_refusal
	 * says why.
	 */
	bool (*refuses)(const struct kho_load_facts *facts, struct kho_refusal *ret_refusal);

	/* The load and early boot up to the memory map, for the model. */
	const struct boot_arch *boot;
};

extern const struct kho_arch kho_arch_x86_64;
extern const struct kho_arch kho_arch_arm64;
extern const struct boot_arch boot_arch_x86_64;
extern const struct boot_arch boot_arch_arm64;

bool x86_64_refuses(const struct kho_load_facts *facts, struct kho_refusal *refusal);
bool arm64_refuses(const struct kho_load_facts *facts, struct kho_refusal *refusal);

/* NULL when the architecture is not one of ours. */
const struct kho_arch *kho_arch_by_elf_machine(uint16_t elf_machine);
const struct kho_arch *kho_arch_by_name(const char *machine);

#endif
