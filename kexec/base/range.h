/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ranges of physical memory.  Half-open everywhere: what the kernel gives as an
 * inclusive end is converted where it is read.
 */
#ifndef BASE_RANGE_H
#define BASE_RANGE_H

#include <stddef.h>
#include <stdint.h>

#define KHO_NO_NODE (-1)	/* the node of this range is not known */

struct kho_range {
	uint64_t start_pa;
	uint64_t end_pa;	/* first address after it; start_pa <= end_pa */
	int node;		/* logical node number, or KHO_NO_NODE */
};

/* A growing array.  All zeros is an empty one; kho_ranges_deinit() frees it. */
struct kho_ranges {
	struct kho_range *r;
	size_t n;
	size_t cap;
};

/* Append [start_pa, end_pa).  0, -ENOMEM, or -EINVAL when the end is before the start. */
int kho_ranges_add(struct kho_ranges *ranges, uint64_t start_pa, uint64_t end_pa, int node)
	__attribute__((warn_unused_result));

/* Sort by start; drop empty ranges; merge overlapping or touching ones of one node. */
void kho_ranges_normalise(struct kho_ranges *ranges);

/* Sum of the lengths, in bytes. */
uint64_t kho_ranges_bytes(const struct kho_ranges *ranges);

/*
 * The first range that ends after @pa, by its place; n: none does.  @ranges ascend, without
 * overlap.
 */
size_t kho_ranges_first_after(const struct kho_ranges *ranges, uint64_t pa);

/*
 * Cut each range of @from along @map, appending the pieces to @out: a piece gets
 * the node of the map's range that covers it, KHO_NO_NODE where none does.  @map
 * must be normalised and free of overlap between nodes; the first match wins.
 * 0 or -ENOMEM.
 */
int kho_ranges_cut(const struct kho_ranges *from, const struct kho_ranges *map,
		   struct kho_ranges *out) __attribute__((warn_unused_result));

/* How many bytes two lists have in common; each ascending and without overlap. */
uint64_t kho_ranges_common_bytes(const struct kho_ranges *a, const struct kho_ranges *b);

void kho_ranges_deinit(struct kho_ranges *ranges);

#endif
