// SPDX-License-Identifier: GPL-2.0-only
/* How much is free, and how often a request could be met. */
#include "config.h"

#include "model/toolbox/memblock.h"

/* A free gap's share of a sum, and how it moves. */
struct share {
	uint64_t sum;
	int moves;
};

static void add_bytes(struct shift *s, const struct memblock_range *gap, uint64_t bytes,
		      struct share *to)
{
	to->sum += gap->end_pa - gap->start_pa;
	to->moves += gap->end_moves - gap->start_moves;
}

/* Pieces of @bytes on multiples of it. */
static void add_pieces(struct shift *s, const struct memblock_range *gap, uint64_t bytes,
		       struct share *to)
{
	uint64_t first, end;

	if (memblock_is_small(s, gap, bytes))
		return;
	shift_round(s, gap->start_moves, bytes);
	shift_round(s, gap->end_moves, bytes);
	first = (gap->start_pa + bytes - 1) / bytes;
	end = gap->end_pa / bytes;
	if (shift_lt(s, first * bytes, gap->start_moves, end * bytes, gap->end_moves)) {
		to->sum += end - first;
		to->moves += gap->end_moves - gap->start_moves;
	}
}

/* Over every free gap of @node at or above @min_pa.  A sum that moves holds here only. */
static uint64_t sum_gaps(const struct memblock *mb, int node, uint64_t min_pa,
			 void (*add)(struct shift *s, const struct memblock_range *gap,
				     uint64_t bytes, struct share *to), uint64_t bytes)
{
	const struct memblock_range *r = mb->reserved.r;
	struct shift *s = mb->shift;
	struct share share = { 0 };

	for (size_t k = 0; k < mb->memory.n; k++) {
		const struct memblock_range *m = &mb->memory.r[k];
		struct memblock_range gap = { .start_pa = m->start_pa > min_pa ? m->start_pa :
									 min_pa };
		uint64_t hi = m->end_pa < mb->limit_pa ? m->end_pa : mb->limit_pa;
		size_t i;

		if ((node != KHO_NO_NODE && m->node != node) || gap.start_pa >= hi)
			continue;
		i = memblock_ending_after(&mb->reserved, gap.start_pa);
		if (i)
			shift_le(s, r[i - 1].end_pa, r[i - 1].end_moves, gap.start_pa, 0);
		for (; i < mb->reserved.n &&
		     shift_lt(s, r[i].start_pa, r[i].start_moves, hi, 0); i++) {
			gap.end_pa = r[i].start_pa;
			gap.end_moves = r[i].start_moves;
			if (shift_lt(s, gap.start_pa, gap.start_moves, gap.end_pa, gap.end_moves))
				add(s, &gap, bytes, &share);
			gap.start_pa = r[i].end_pa;
			gap.start_moves = r[i].end_moves;
		}
		gap.end_pa = hi;
		gap.end_moves = 0;
		if (shift_lt(s, gap.start_pa, gap.start_moves, hi, 0))
			add(s, &gap, bytes, &share);
	}
	if (share.moves)
		shift_fix(s);
	return share.sum;
}

/* Nothing is decided by it: what moves with the kernel is not recorded. */
uint64_t memblock_left_bytes(const struct memblock *mb, uint64_t *largest_bytes)
{
	const struct memblock_ranges *reserved = &mb->reserved;
	uint64_t left_bytes = 0;

	*largest_bytes = 0;
	for (size_t k = 0; k < mb->memory.n; k++) {
		const struct memblock_range *m = &mb->memory.r[k];
		uint64_t end_pa = m->end_pa < mb->limit_pa ? m->end_pa : mb->limit_pa;
		uint64_t at_pa = m->start_pa;

		for (size_t i = memblock_ending_after(reserved, at_pa); at_pa < end_pa; i++) {
			uint64_t stop_pa = i < reserved->n && reserved->r[i].start_pa < end_pa ?
					   reserved->r[i].start_pa : end_pa;
			uint64_t bytes = stop_pa > at_pa ? stop_pa - at_pa : 0;

			left_bytes += bytes;
			if (bytes > *largest_bytes)
				*largest_bytes = bytes;
			at_pa = i < reserved->n ? reserved->r[i].end_pa : end_pa;
		}
	}
	return left_bytes;
}

uint64_t memblock_capacity(const struct memblock *mb, const struct memblock_request *req)
{
	return sum_gaps(mb, req->node, req->min_pa, add_pieces, req->bytes);
}

uint64_t memblock_free_bytes(const struct memblock *mb, int node)
{
	return sum_gaps(mb, node, 0, add_bytes, 0);
}
