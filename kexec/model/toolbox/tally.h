/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the requests of one run take at most, node by node, counted in blocks of a PMD:
 * from it slots/certain.h tells whether the same happens wherever the kernel lies.
 *
 * What is taken touches at most so many blocks; the kernel itself cuts one free stretch in
 * two, wherever it lies.  If what is left on each node is enough for each request there
 * whatever the places, each request is met on its node in every slot, and as much is left
 * in each.
 */
#ifndef MODEL_TOOLBOX_TALLY_H
#define MODEL_TOOLBOX_TALLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/toolbox/memblock.h"

#define TALLY_NODES	64	/* with more, nothing is certain */

struct tally_node {
	int node;
	uint64_t blocks;	/* touched by all but single pages, at most */
	uint64_t pages;		/* taken one by one, and what others may take of theirs */
	uint64_t splits;	/* pieces that may lie within a free stretch, not at its end */
	uint64_t contiguous;	/* blocks in one piece that each slot must have */
};

struct tally {
	bool on;		/* requests are counted */
	bool open;		/* what some request gets may depend on the slot */
	uint64_t block_bytes;
	uint64_t page_bytes;
	uint64_t floor_pa;	/* only memory from here on counts */
	size_t nr_nodes;
	/* Each node with memory, ascending; the one after the last: what may lie on any node. */
	struct tally_node of[TALLY_NODES + 1];
};

/*
 * Count each request of @mb from now on.  @tally has its sizes, floor, nodes, and open set;
 * its counters are cleared.  @mb keeps a pointer to it until memblock_reset().
 */
void tally_begin(struct tally *tally, struct memblock *mb);

/* A piece of @bytes for @node that may be taken elsewhere than at the top of a free stretch. */
void tally_add_within(struct tally *tally, int node, uint64_t bytes);

/* One piece of @bytes that each slot must have. */
void tally_must_have(struct tally *tally, int node, uint64_t bytes, uint64_t align);

/*
 * More memory is about to be added to @mb: what was asked for so far must be met without.
 * After it was added: what was taken may now lie anywhere between.
 */
void tally_before_more(struct tally *tally, const struct memblock *mb);
void tally_after_more(struct tally *tally);

/* Is there room on each node for the largest piece in every slot, and for one block more? */
bool tally_is_enough(const struct tally *tally, const struct memblock *mb);

#endif
