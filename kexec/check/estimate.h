/* SPDX-License-Identifier: GPL-2.0-only */
/* The sparsemem estimate: which part of the memory map each node needs in one piece. */
#ifndef CHECK_ESTIMATE_H
#define CHECK_ESTIMATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/range.h"

/* The shape of a kernel's sparsemem: all that the estimate needs of the successor. */
struct kho_sparsemem_shape {
	uint64_t page_bytes;		/* a power of two */
	uint64_t struct_page_bytes;	/* sizeof(struct page) */
	unsigned int section_size_bits;	/* SECTION_SIZE_BITS */
	uint64_t pmd_bytes;		/* PMD_SIZE; 0: the architecture has none */
	bool vmemmap;			/* CONFIG_SPARSEMEM_VMEMMAP */
};

struct kho_sparsemem_node {
	int node;
	uint64_t sections;		/* present ones */
	uint64_t runs;			/* a run ends only where the node changes */
	uint64_t longest_run;		/* sections */
	uint64_t need_bytes;		/* longest run * section map size */
	uint64_t usable_bytes;		/* the largest aligned piece of scratch on the node */
};

struct kho_sparsemem {
	uint64_t pages_per_section;
	uint64_t section_map_bytes;
	struct kho_sparsemem_node *node;	/* nodes with present sections, ascending */
	size_t nr_nodes;
	size_t worst;			/* index of the node that lacks most; nr_nodes: none */
};

/*
 * pages_per_section * struct_page_bytes, rounded up to PMD_SIZE with vmemmap (to
 * the page where there are no PMDs), else to the page.
 * (mm/sparse.c, section_map_size(); mm/sparse-vmemmap.c.)
 */
uint64_t kho_section_map_bytes(const struct kho_sparsemem_shape *shape);

/*
 * The estimate of the in-kernel proposal of 2025-12-29, from the successor's own
 * shape: each node wants the map of its longest run of sections in one piece on
 * that node.
 * @memory: RAM with nodes, ascending, without overlap.  @scratch: in any order,
 * an area may span nodes, areas may touch.
 * On success @out is to be given to kho_sparsemem_deinit().
 * -EINVAL: a shape that no kernel has; -ENOMEM.
 */
int kho_sparsemem_estimate(const struct kho_sparsemem_shape *shape,
			   const struct kho_ranges *memory, const struct kho_ranges *scratch,
			   struct kho_sparsemem *out) __attribute__((warn_unused_result));

void kho_sparsemem_deinit(struct kho_sparsemem *sparsemem);

#endif
