/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which sections are present, and in which groups the kernel maps them
 * (mm/sparse.c: memory_present(), sparse_init()).
 */
#ifndef MODEL_TOOLBOX_SECTIONS_H
#define MODEL_TOOLBOX_SECTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "base/range.h"

/* Present sections without a gap, of one node. */
struct section_span {
	uint64_t first_nr;
	uint64_t count;
	int node;
};

/* All zeros is an empty one; sections_deinit() frees it. */
struct sections {
	struct section_span *span;	/* by number; no two overlap */
	size_t n;
	size_t cap;
};

/*
 * Fill @s, which may hold an earlier result, from @ram: normalised, the node of
 * each range known.  A section that any page of RAM touches is present, and
 * belongs to the node of the lowest.  0 or -ENOMEM.
 */
int sections_find(const struct kho_ranges *ram, unsigned int section_size_bits,
		  uint64_t page_bytes, struct sections *s) __attribute__((warn_unused_result));

/*
 * The spans [*first, returned) are mapped by one call of sparse_init_nid(): they
 * are of one node, gaps do not matter.  @count gets their sections.
 */
size_t sections_group(const struct sections *s, size_t first, uint64_t *count);

void sections_deinit(struct sections *s);

#endif
