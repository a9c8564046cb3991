// SPDX-License-Identifier: GPL-2.0-only
/* Who gets what, and what is lacking: the result of a run, as it comes about. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "model/toolbox/run.h"

/* What was left when @req, which kills, found no room. */
static void note_unmet(struct boot *b, const struct memblock_request *req, uint64_t pieces)
{
	uint64_t largest_bytes, left_bytes = memblock_left_bytes(&b->mb, &largest_bytes);

	b->out->unmet = (struct boot_unmet){
		.bytes = req->bytes, .align = req->align, .pieces = pieces,
		.largest_bytes = largest_bytes, .left_bytes = left_bytes,
	};
}

bool boot_lacks(struct boot *b, enum boot_user user, const struct memblock_request *req,
		uint64_t pieces)
{
	struct boot_result *r = b->out;

	if (r->outcome != BOOT_DIES) {
		r->outcome = BOOT_DIES;
		r->failed = user;
		r->failed_node = req->node;
		note_unmet(b, req, pieces);
		/* What comes later is followed as if this had been met: it is not listed. */
		b->quiet = true;
	}
	b->lacking_bytes += pieces * req->bytes;
	return b->lacking_bytes <= BOOT_MARGIN_BYTES;
}

/* Does @got, pieces of the same size, go on where the last stretch of the list ends? */
static bool continues(const struct boot_allocation *last, enum boot_user user, int wanted_node,
		      uint64_t pieces, const struct memblock_range *got)
{
	return last->user == user && last->wanted_node == wanted_node &&
	       last->range.node == got->node &&
	       (last->range.end_pa - last->range.start_pa) / last->pieces ==
	       (got->end_pa - got->start_pa) / pieces &&
	       (last->range.start_pa == got->end_pa || last->range.end_pa == got->start_pa);
}

/*
 * arch/x86/mm/init_64.c, phys_pmd_init(): what e820 does not have as RAM is not in the
 * direct map, and the first touch is the death (seen on 6.18 and 7.1).  The kernel has a
 * mapping of its own, and initrd and parameters are copied from there.
 */
static void note_unmapped(struct boot *b, enum boot_user user, int node,
			  const struct memblock_range *got)
{
	if (user == BOOT_KERNEL || user == BOOT_INITRD || user == BOOT_PARAMS ||
	    user == BOOT_PURGATORY)
		return;
	for (size_t i = 0; i < b->unmapped.n; i++)
		if (b->unmapped.r[i].start_pa < got->end_pa &&
		    got->start_pa < b->unmapped.r[i].end_pa) {
			b->out->failed_in_cut = b->out->outcome == BOOT_UP;
			/* It was met: nothing that is asked for lacks, and yet it is the end. */
			boot_lacks(b, user, &(struct memblock_request){ .node = node }, 0);
			b->lacking_bytes = BOOT_MARGIN_BYTES + 1;
			return;
		}
}

void boot_note(struct boot *b, enum boot_user user, int wanted_node, uint64_t pieces,
	       const struct memblock_range *got)
{
	struct boot_result *r = b->out;
	struct boot_allocation *last = r->nr_allocs ? &r->alloc[r->nr_allocs - 1] : NULL;

	if (user == BOOT_MEMORY_MAP && got->node != wanted_node) {
		r->map_off_node_bytes += got->end_pa - got->start_pa;
		b->off_node_moves += got->end_moves - got->start_moves;
	}
	if (b->unmapped.n && !r->failed_in_cut)
		note_unmapped(b, user, wanted_node, got);
	if (b->quiet)
		return;
	if (last && continues(last, user, wanted_node, pieces, got)) {
		if (got->start_pa < last->range.start_pa)
			last->range.start_pa = got->start_pa;
		if (got->end_pa > last->range.end_pa)
			last->range.end_pa = got->end_pa;
		last->pieces += pieces;
		return;
	}
	if (r->nr_allocs == r->cap_allocs) {
		size_t cap = r->cap_allocs ? r->cap_allocs * 2 : 64;
		struct boot_allocation *alloc = realloc(r->alloc, cap * sizeof(*alloc));

		if (!alloc) {
			b->mb.error = -ENOMEM;
			return;
		}
		r->alloc = alloc;
		r->cap_allocs = cap;
	}
	r->alloc[r->nr_allocs++] = (struct boot_allocation){
		user, wanted_node, pieces, { got->start_pa, got->end_pa, got->node },
	};
}

uint64_t boot_take(struct boot *b, enum boot_user user, const struct memblock_request *req,
		   uint64_t count, struct memblock_range *first)
{
	uint64_t done = 0;
	int moves = 0;

	while (shift_lt(b->mb.shift, done * req->bytes, moves, count * req->bytes, 0)) {
		struct memblock_range got;
		uint64_t n = memblock_alloc_run(&b->mb, req, count - done, -moves, &got);

		if (!n)
			break;
		boot_note(b, user, req->node, n, &got);
		if (first && !done)
			*first = got;
		done += n;
		moves += got.end_moves - got.start_moves;
	}
	if (moves)
		shift_fix(b->mb.shift);
	return done;
}

bool boot_must(struct boot *b, enum boot_user user, const struct memblock_request *req,
	       uint64_t count)
{
	uint64_t had = boot_take(b, user, req, count, NULL);

	return (had == count || boot_lacks(b, user, req, count - had)) &&
	       !b->out->failed_in_cut;
}
