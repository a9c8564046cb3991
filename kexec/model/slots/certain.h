/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Does the same happen wherever KASLR puts the kernel?  Decided from one run, by
 * counting; doc/model.md has the argument.
 *
 * Memory is cut into blocks of a PMD, node by node.  What is taken touches at most so
 * many of them; the kernel itself cuts one free stretch in two, wherever it lies.  If
 * what is left on each node is enough for each request there whatever the places, each
 * request is met on its node in every slot, and as much is left in each.
 */
#ifndef MODEL_SLOTS_CERTAIN_H
#define MODEL_SLOTS_CERTAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "model/toolbox/memblock.h"

struct boot;

#define CERTAIN_NODES	64	/* with more, nothing is certain */

struct certain_tally {
	uint64_t blocks;	/* touched by all but single pages, at most */
	uint64_t pages;		/* taken one by one, and what others may take of theirs */
	uint64_t splits;	/* pieces that may lie within a free stretch, not at its end */
	uint64_t contiguous;	/* blocks in one piece that each slot must have */
};

struct certain {
	bool on;		/* requests are looked at */
	bool open;		/* what some request gets may depend on the slot */
	uint64_t block_bytes;
	uint64_t page_bytes;
	/* Only memory from here on counts, and only slots there are told for. */
	uint64_t floor_pa;
	size_t nr_nodes;
	int number[CERTAIN_NODES];	/* of each node with memory, ascending */
	/* The last one is for what may lie on any node. */
	struct certain_tally tally[CERTAIN_NODES + 1];
};

/*
 * Below it what the slots get is not the same: 4 GiB where a bounce buffer is wanted,
 * which must lie there.
 */
uint64_t certain_floor(const struct boot *b);

/* Begin to look, with the kernel and what was loaded with it in place. */
void certain_begin(struct boot *b);

/* A piece of @bytes for @node that may be taken elsewhere than at the top of a free stretch. */
void certain_add_within(struct boot *b, int node, uint64_t bytes);

/* One piece of @bytes that each slot must have. */
void certain_must_have(struct boot *b, int node, uint64_t bytes, uint64_t align);

/*
 * More memory is about to be added: what was asked for so far must be had without.
 * @added: it is there; what was taken may now lie anywhere between.
 */
void certain_before_more(struct boot *b);
void certain_after_more(struct boot *b);

/* Could @req be met if nothing at all were taken?  False: in no slot. */
bool certain_could_be(const struct memblock *mb, const struct memblock_request *req);

/* Without extended scratch: is the memory map too large for the areas, whatever happens? */
bool certain_death(const struct boot *b);

/*
 * After a run that came up with the kernel at or above the floor: does every slot there
 * come up, with no less left than in this one, and with the same of all that is asked
 * for?  After one that died: does every slot die, whatever small pieces take?
 */
bool certain_same(struct boot *b);

#endif
