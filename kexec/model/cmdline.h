/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parameters on the successor's command line that change what early boot
 * takes from scratch.
 */
#ifndef MODEL_CMDLINE_H
#define MODEL_CMDLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CMDLINE_MEMMAPS		16
#define CMDLINE_HUGEPAGES	64
#define CMDLINE_NOTES		16
#define CMDLINE_FAKE_NODES	1024	/* MAX_NUMNODES at most */

/* One memmap=SIZE<kind>START. */
struct cmdline_memmap {
	char kind;		/* '@' RAM, '$' '#' '!' taken away, '-' cut above bytes */
	uint64_t start_pa;
	uint64_t bytes;
};

/* One count of huge pages of one size. */
struct cmdline_hugepages {
	uint64_t page_bytes;	/* 0: the default size, which is not gigantic on x86-64 */
	uint64_t count;
	int node;		/* KHO_NO_NODE: spread over the nodes */
};

struct cmdline {
	bool nokaslr;
	bool no5lvl;
	bool nogbpages;
	bool numa_off;
	uint64_t numa_fake;		/* nodes, from numa=fake=N; 0: not given */
	bool movable_node;
	bool kho_off;			/* switches the next handover off, not this one */

	uint64_t mem_limit;		/* mem=; UINT64_MAX: not given */
	struct cmdline_memmap memmap[CMDLINE_MEMMAPS];
	size_t nr_memmaps;

	uint64_t swiotlb_bytes;		/* 0: not given */
	bool swiotlb_force;
	bool swiotlb_noforce;
	bool iommu_off;
	bool iommu_soft;

	uint64_t crashkernel_bytes;	/* 0: none */
	uint64_t crashkernel_base_pa;	/* 0: anywhere */
	uint64_t crashkernel_low_bytes;	/* only with crashkernel_high */
	bool crashkernel_high;
	bool crashkernel_low_given;

	struct cmdline_hugepages hugepages[CMDLINE_HUGEPAGES];
	size_t nr_hugepages;
	uint64_t default_hugepage_bytes;	/* 0: not given */

	uint64_t log_buf_bytes;		/* a power of two; 0: not given */
	uint64_t cma_bytes;		/* cma=; UINT64_MAX: not given */
	uint64_t dhash_entries;		/* 0: not given */
	uint64_t ihash_entries;
	bool rodata_full;		/* rodata=full given; arm64 */
	bool rodata_not_full;		/* rodata=on, off or noalias given; arm64 */

	/*
	 * Parameters that take early memory in a way that is not followed here, as
	 * they stand in the text; they lower an "ok".  Names of constant storage.
	 */
	const char *not_followed[CMDLINE_NOTES];
	size_t nr_not_followed;
};

/*
 * Read @text as the kernel does: the last of a repeated parameter wins where it
 * does there; what stands after "--" is not the kernel's.  @ram_bytes decides
 * crashkernel=RANGE:SIZE.  NULL is an empty text.  Never fails: what cannot be
 * read is ignored, as the kernel ignores it.
 */
void cmdline_parse(const char *text, uint64_t ram_bytes, struct cmdline *c);

#endif
