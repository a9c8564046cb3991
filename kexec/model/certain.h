/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Does the same happen wherever KASLR puts the kernel?  Decided from one run, by
 * counting; doc/model.md has the argument.
 *
 * Memory is cut into blocks of a PMD.  What is taken touches at most so many of
 * them; the kernel itself cuts one free stretch in two, wherever it lies.  If what
 * is left is enough for each request whatever the places, each request is met in
 * every slot, and as much is left in each.
 */
#ifndef MODEL_CERTAIN_H
#define MODEL_CERTAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "model/memblock.h"

struct boot;

struct certain {
	bool on;		/* requests are looked at */
	bool open;		/* what some request gets may hang on the slot */
	uint64_t block_bytes;
	uint64_t page_bytes;
	uint64_t blocks;	/* touched by all but single pages, at most */
	uint64_t pages;		/* taken one by one, and what others may take of theirs */
	uint64_t page_kinds;	/* that are asked for in turns: each opens a block of its own */
	uint64_t splits;	/* pieces that may lie within a free stretch, not at its end */
	uint64_t contiguous;	/* blocks in one piece that each slot must have */
};

/* Begin to look, with the kernel and what was loaded with it in place. */
void certain_begin(struct boot *b);

/* A piece of @bytes that will or may be taken, by steps that say so themselves. */
void certain_add(struct certain *c, uint64_t bytes, uint64_t align);

/* Pages that may be taken one by one. */
void certain_add_pages(struct certain *c, uint64_t pages);

/* One of @bytes that may be taken elsewhere than at the top of a free stretch. */
void certain_add_within(struct certain *c, uint64_t bytes);

/* One piece of @bytes that each slot must have. */
void certain_must_have(struct certain *c, uint64_t bytes, uint64_t align);

/*
 * More memory is about to be added: what was asked for so far must be had without.
 * @added: it is there; what was taken may now lie anywhere between.
 */
void certain_before_more(struct boot *b);
void certain_after_more(struct boot *b);

/* Could @req be met if nothing at all were taken?  False: in no slot. */
bool certain_could_be(const struct memblock *mb, const struct memblock_request *req);

/*
 * After a run that came up: does every slot come up, with no less left than in this
 * one?  After one that died: does every slot die?
 */
bool certain_same(struct boot *b);

#endif
