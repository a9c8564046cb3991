/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * memblock, the allocator of the kernel's early boot, as it behaves while only
 * scratch may be used (mm/memblock.c).  Only what decides an address is here.
 *
 * Memory that may not be allocated from is not in it: what the kernel marks
 * MEMBLOCK_KHO_SCRATCH is added, the rest of the RAM is not.
 */
#ifndef MODEL_TOOLBOX_MEMBLOCK_H
#define MODEL_TOOLBOX_MEMBLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/budget.h"
#include "base/range.h"
#include "model/toolbox/shift.h"

struct memblock_request;

/* A range, and how its ends move with the kernel (shift.h). */
struct memblock_range {
	uint64_t start_pa;
	uint64_t end_pa;
	int node;
	int start_moves;
	int end_moves;
};

struct memblock_ranges {
	struct memblock_range *r;
	size_t n;
	size_t cap;
};

/* Of a reserved range: by its address, not allocated (no MEMBLOCK_RSRV_KERN). */
#define MEMBLOCK_FIXED	(-2)

/*
 * memblock's own list of what is reserved.  Regions that touch are one only if both were allocated,
 * for the same node, or both reserved by address; a list that is full is doubled, in scratch.
 */
struct memblock_regions {
	size_t max;			/* of the list; 0: they are not counted */
	size_t others;			/* that are not in @reserved: of firmware, below 1 MiB */
	uint64_t page_bytes;
	struct memblock_range array;	/* the list, once it was doubled */
};

/*
 * What a search from the top down has learnt of [@lo_pa, @hi_pa): no gap that ends above @end_pa has
 * room for @bytes at @align.  So it is for more bytes, and a larger alignment, and for every place of
 * the kernel for which the run is the same; until something is freed.
 */
struct memblock_skip {
	uint64_t lo_pa, hi_pa;
	uint64_t bytes, align;
	uint64_t end_pa;		/* at or above the start of a reserved range; 0: there is no gap */
	uint64_t generation;
};

#define MEMBLOCK_SKIP_SIZES	32
#define MEMBLOCK_SKIP_RANGES	32

/* All zeros knows nothing. */
struct memblock_skips {
	struct memblock_skip skip[MEMBLOCK_SKIP_RANGES][MEMBLOCK_SKIP_SIZES];
	uint64_t generation;		/* what was learnt in an earlier one no longer holds */
};

struct memblock {
	struct memblock_ranges memory;	/* by address; touching ranges of one node are one */
	/*
	 * By address; no two touch that move alike.  Where regions are counted, each has the node
	 * that was asked for, or MEMBLOCK_FIXED, and then two that differ may touch.
	 */
	struct memblock_ranges reserved;
	struct memblock_regions regions;
	uint64_t limit_pa;		/* memblock.current_limit; UINT64_MAX: none */
	bool bottom_up;
	int error;			/* -ENOMEM once our own memory ran out; stays */
	/* Called for each request: @had pieces side by side, 0 where it cannot be met; or NULL. */
	void (*seen)(void *arg, const struct memblock *mb, const struct memblock_request *req,
		     uint64_t had);
	void *seen_arg;
	struct shift *shift;		/* what decides is recorded in it; or NULL */
	struct memblock_skips *skips;	/* to search faster; or NULL */
	/* A step for each range that is looked at; spent, no request is met.  NULL: no limit. */
	struct kho_budget *budget;
};

struct memblock_request {
	uint64_t bytes;
	uint64_t align;			/* a power of two */
	uint64_t min_pa;		/* given up when it cannot be met, see strict_min */
	uint64_t max_pa;		/* first address after it; 0: limit_pa of the memblock */
	int node;			/* wanted first; KHO_NO_NODE: any */
	bool exact_node;		/* that node or none */
	bool strict_min;		/* memblock_phys_alloc_range(): no retry below min_pa */
	bool either;			/* met or not: the caller goes on all the same (tally.h) */
};

void memblock_init(struct memblock *mb);
/* Empty again, keeping the arrays: a model is run many times. */
void memblock_reset(struct memblock *mb);
void memblock_deinit(struct memblock *mb);

/* Failure shows in @mb->error: a caller checks once, at the end. */
void memblock_add(struct memblock *mb, uint64_t start_pa, uint64_t end_pa, int node);
void memblock_reserve(struct memblock *mb, const struct memblock_range *what);
/* @what may be empty. */
void memblock_free(struct memblock *mb, const struct memblock_range *what);
/*
 * Of @units side by side from the start of @first on, all reserved, free what is behind
 * the first @used_bytes of each: in one step, however many.
 */
void memblock_free_ends(struct memblock *mb, const struct memblock_range *first,
			uint64_t unit_bytes, uint64_t used_bytes, size_t units);

/*
 * Would the request be met, and where?  Nothing is reserved.  @gap, which may be
 * NULL, gets the free gap the address lies in, cut to the request's limits.
 */
bool memblock_find(const struct memblock *mb, const struct memblock_request *req,
		   struct memblock_range *got, struct memblock_range *gap);

/* Could @req be met if nothing at all were taken? */
bool memblock_could_meet(const struct memblock *mb, const struct memblock_request *req);

/* memblock_alloc_range_nid() with the retries of memblock_alloc_internal(). */
bool memblock_alloc(struct memblock *mb, const struct memblock_request *req,
		    struct memblock_range *got);

/*
 * The same request up to @count times, as far as the pieces lie side by side in
 * one gap: in one step, whatever the count.  @got is the whole stretch.  Returns
 * how many pieces it holds; 0: the request cannot be met even once.  @bytes_moves: how
 * the bytes of all @count pieces together move; those of @got move as its ends do.
 */
uint64_t memblock_alloc_run(struct memblock *mb, const struct memblock_request *req,
			    uint64_t count, int bytes_moves, struct memblock_range *got);

/*
 * How often could the request be met on the node it wants, at or above its lower
 * limit?  Its alignment is its size.
 */
uint64_t memblock_capacity(const struct memblock *mb, const struct memblock_request *req);

/* Free bytes, of all nodes or of one. */
uint64_t memblock_free_bytes(const struct memblock *mb, int node);

/* The same of all nodes, and the largest piece: for people, no rule depends on it. */
uint64_t memblock_left_bytes(const struct memblock *mb, uint64_t *largest_bytes);

/* numa_clear_kernel_node_hotplug(): what is reserved by then has the node that it lies on. */
void memblock_settle_nodes(struct memblock *mb);

/* ---- its parts ---- */

/* Where regions are counted: is there room for @more?  Else the list is doubled, away from @what. */
void memblock_make_room(struct memblock *mb, const struct memblock_range *what, size_t more);

/* A search of [@lo, @hi) for @req came to the gap that ends at @end_pa; 0: to the end. */
void memblock_keep_skip(const struct memblock *mb, uint64_t lo, uint64_t hi,
			const struct memblock_request *req, uint64_t end_pa);

/*
 * The index of the reserved range below which a search of [@lo, @hi) for @req goes on; reserved.n: it
 * begins at @hi.  @none: it need not, there is no room.
 */
size_t memblock_skip_to(const struct memblock *mb, uint64_t lo, uint64_t hi,
			const struct memblock_request *req, bool *none);

/* The first range that ends after @pa: the only one that may hold it. */
size_t memblock_ending_after(const struct memblock_ranges *ranges, uint64_t pa);

/* Is @gap, which is free, too small? */
static inline bool memblock_is_small(struct shift *s, const struct memblock_range *gap,
				     uint64_t bytes)
{
	return shift_lt(s, gap->end_pa, gap->end_moves, gap->start_pa + bytes, gap->start_moves);
}

#endif
