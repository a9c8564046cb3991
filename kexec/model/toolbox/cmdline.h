/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parameters on the successor's command line that change what early boot
 * takes from scratch.
 */
#ifndef MODEL_TOOLBOX_CMDLINE_H
#define MODEL_TOOLBOX_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arch/arch.h"
#include "kernel/parameters.h"
#include "model/toolbox/stack-depot.h"

#define CMDLINE_MEMMAPS		32
#define CMDLINE_HUGEPAGES	64
#define CMDLINE_NOTES		16
#define CMDLINE_FAKE_NODES	1024	/* MAX_NUMNODES at most */

/* One memmap=SIZE<kind>START, or one mem= where that is an address. */
struct cmdline_memmap {
	/* '@' RAM, '$' '#' '!' taken away, '-' cut above bytes, 'x' all RAM forgotten */
	char kind;
	uint64_t start_pa;
	uint64_t bytes;
};

/* One count of huge pages of one size. */
struct cmdline_hugepages {
	uint64_t page_bytes;	/* 0: the default size, which is not gigantic on x86-64 */
	uint64_t count;
	int node;		/* KHO_NO_NODE: spread over the nodes */
};

/* A parameter that is not followed: PARAMETER_TAKES or PARAMETER_DESTROYS. */
struct cmdline_note {
	const char *name;	/* constant text, as the kernel spells it */
	enum parameter_effect effect;
	uint64_t start_pa, end_pa;	/* the memory that it names; both 0: none, or not known */
};

struct cmdline {
	bool nokaslr;
	bool no5lvl;
	bool no_lpa2;
	bool nogbpages;
	bool numa_off;
	uint64_t numa_fake;		/* nodes, from numa=fake=N; 0: not given */
	bool movable_node;
	bool percpu_in_pages;		/* percpu_alloc=page */
	bool kho_off;			/* switches the next handover off, not this one */

	/* mem=; UINT64_MAX: not given.  An amount on arm64, else the lowest of all. */
	uint64_t mem_limit;
	struct cmdline_memmap memmap[CMDLINE_MEMMAPS];	/* in their order, mem= too */
	size_t nr_memmaps;

	uint64_t swiotlb_bytes;		/* 0: not given */
	uint64_t swiotlb_areas;		/* 0: not given */
	bool swiotlb_force;
	bool swiotlb_noforce;
	bool iommu_off;
	bool iommu_soft;

	uint64_t crashkernel_bytes;	/* 0: none */
	uint64_t crashkernel_base_pa;	/* 0: anywhere */
	uint64_t crashkernel_low_bytes;	/* only with crashkernel_high */
	bool crashkernel_high;
	bool crashkernel_low_given;
	uint64_t crashkernel_cma_bytes;	/* 0: none */

	struct cmdline_hugepages hugepages[CMDLINE_HUGEPAGES];
	size_t nr_hugepages;
	uint64_t default_hugepage_bytes;	/* 0: not given */

	bool kfence_given;		/* kfence.sample_interval= */
	bool kfence_on;			/* other than 0 */

	struct stack_depot_words depot;

	bool no_ioapic;			/* x86: nosmp, maxcpus=0 or noapic */
	uint64_t cpus;			/* nr_cpus=, nosmp and the like: at most; 0: no limit */

	uint64_t log_buf_bytes;		/* a power of two; 0: not given */
	uint64_t cma_bytes;		/* cma=; UINT64_MAX: not given */
	uint64_t cma_base_pa;		/* where it is reserved; 0: anywhere */
	uint64_t dhash_entries;		/* 0: not given */
	uint64_t ihash_entries;
	bool hashes_early;		/* hashdist=0 */
	bool rodata_full;		/* rodata=full given; arm64 */
	bool rodata_not_full;		/* rodata=on, off or noalias given; arm64 */

	/*
	 * Parameters that take or destroy early memory in a way that is not followed,
	 * each once, whatever its value.
	 */
	struct cmdline_note not_followed[CMDLINE_NOTES];
	size_t nr_not_followed;
};

/* Whose command line it is. */
struct cmdline_reader {
	const struct kho_arch *arch;	/* decides which parameters there are; NULL: any */
	bool saturates;			/* numbers that do not fit: params.h */
};

/*
 * Read @text as the kernel does: the last of a repeated parameter wins where it
 * does there; what stands after "--" is not the kernel's.  @ram_bytes decides
 * crashkernel=RANGE:SIZE.  NULL is an empty text.  Never fails: what cannot be
 * read is ignored, as the kernel ignores it.
 */
void cmdline_parse(const char *text, const struct cmdline_reader *reader, uint64_t ram_bytes,
		   struct cmdline *c);

/* Add a parameter that is not followed; @name is constant text. */
void cmdline_note(struct cmdline *c, const char *name, enum parameter_effect effect);

#endif
