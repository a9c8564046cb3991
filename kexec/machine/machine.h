/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a machine has: the scratch areas that its kernel set aside, its RAM as a
 * successor will see it, and the node of each piece.
 */
#ifndef MACHINE_MACHINE_H
#define MACHINE_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#include "finding/finding.h"
#include "base/range.h"
#include "base/tree-counts.h"
#include "machine/handover/handover.h"

/* Physical addresses of any supported machine lie below this. */
#define MACHINE_PA_LIMIT	(UINT64_C(1) << 52)

/* arch/x86/include/uapi/asm/bootparam.h, E820_MAX_ENTRIES_ZEROPAGE */
#define MACHINE_E820_PASSED	128

/* Where the kernel itself tells its architecture: the source that needs no deduction. */
#define RUNNING_ARCH	"proc/sys/kernel/arch"

/* PCI devices at work that reach less than 64 bits of addresses. */
struct machine_reach {
	unsigned int devices;
	unsigned int bits;		/* of the one that reaches least */
	char device[96];		/* that one: "0000:00:1f.2 (ata_piix)" */
};

/* What shows whether a device needs a bounce buffer. */
struct machine_dma {
	bool known;			/* all PCI devices were looked at */
	struct machine_reach direct;	/* they see physical addresses */
	struct machine_reach translated;/* an IOMMU gives them addresses that they reach */
	bool used_known;
	uint64_t used_bytes;		/* of the running kernel's buffer, the most at a time */
};

struct machine {
	char release[128];		/* uname -r of the running kernel; "" when not known */
	char arch[32];			/* uname -m of it; "" when not known */
	const char *arch_source;	/* the file that shows it; NULL when not known */
	char host[256];			/* uname -n of it; "" when not known */
	char *cmdline;			/* of the running kernel; NULL when not known */

	/*
	 * CPUs that could ever come up, each with its node (KHO_NO_NODE: not known).
	 * cpu_node is NULL where the machine does not tell.
	 */
	int *cpu_node;
	unsigned int possible_cpus;
	const char *cpus_source;	/* the table of the firmware; NULL: the running kernel's own */

	/*
	 * Where possible_cpus is 0, as the command line cuts them and no table shows all: those that
	 * the running kernel has, as its next cold boot will.
	 */
	int *own_cpu_node;
	unsigned int own_cpus;

	/*
	 * End of the highest memory that the SRAT names, plugged in or not: the kernel's
	 * max_possible_pfn.  0: not known, or there is no SRAT.
	 */
	uint64_t possible_end_pa;

	/* Nodes that could ever come online (node_possible_map); 0: not shown, or without NUMA. */
	unsigned int possible_nodes;

	/*
	 * arm64: the CPU has LPA2, so that a kernel configured for it uses addresses of 52 bits with
	 * pages of 4 and 16 KiB; see lpa2.h.
	 */
	bool lpa2_known;
	bool lpa2;

	/* x86: "la57" and "pdpe1gb" of /proc/cpuinfo; what shape the direct map has. */
	bool cpu_flags_known;
	bool five_level;
	bool gbpages;
	bool hypervisor;		/* "hypervisor": a guest */

	/*
	 * Entries of the memory map that kexec_file_load passes on, before it cuts after
	 * MACHINE_E820_PASSED of them; 0: none shown.
	 */
	unsigned int firmware_ranges;

	bool elsewhere;			/* captured, recorded or described: not this machine */
	bool supposed;			/* the areas are those of another kho_scratch=, see suppose.h */
	bool scratch_known;
	struct kho_ranges scratch;	/* areas in the kernel's own order; no node */

	bool memory_known;
	struct kho_ranges memory;	/* RAM for the successor, by node, ascending, disjoint */

	/* arm64: of @memory, what the firmware keeps and no kernel maps; ascending, no node. */
	struct kho_ranges unmapped;

	/*
	 * x86, booted by UEFI: what the firmware's boot services took, which a kernel that boots from
	 * cold keeps until after its areas are made; ascending, no node.  See boot-services.h.
	 */
	bool uefi;
	bool boot_services_known;
	struct kho_ranges boot_services;

	/* RAM of the entries that are cut off; ascending, no node. */
	struct kho_ranges lost;

	/* Memory that came online since boot and is not in @memory; ascending, no node. */
	struct kho_ranges late;

	/* PAGE_SIZE of the running kernel; 0: not known, see machine_page_bytes(). */
	uint64_t page_bytes;

	/* Of the list of measurements that a load takes along (IMA); 0: none, or not to be seen. */
	uint64_t ima_bytes;

	struct tree_counts device_tree;
	struct machine_handover handover;
	struct machine_dma dma;

	const char *scratch_source;	/* the files these came from, below the root; */
	const char *memory_source;	/* NULL when not known */
	const char *node_source;	/* NULL: not known, or the machine has one node */
	char *source_texts;		/* what they point into; NULL: constant text */

	/* What could not be read, why, and what to do about it. */
	struct kho_findings gaps;
};

/* PAGE_SIZE of the running kernel, also where only its architecture tells; 0: not known. */
uint64_t machine_page_bytes(const struct machine *m);

/* The early parameter that sizes the areas of the running kernel, without '='. */
const char *machine_area_parameter(const struct machine *m);

/* Is the parameter @name on the command line of the running kernel? */
bool machine_given(const struct machine *m, const char *name);

/* Does that command line limit the possible CPUs of the running kernel? */
bool machine_cuts_cpus(const struct machine *m);

/* The scratch areas by address; @areas is empty.  0 or -ENOMEM. */
int machine_sort_areas(const struct machine *m, struct kho_ranges *areas)
	__attribute__((warn_unused_result));

/* The CPUs that @m has are all that the running kernel has, and how many more there are is not known. */
void machine_keep_own_cpus(struct machine *m);

void machine_deinit(struct machine *m);

#endif
