// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/toolbox/memblock.h"

/* memblock_find_in_range_node(): page 0 is never given away. */
#define LOWEST_PA	UINT64_C(0x1000)

void memblock_init(struct memblock *mb)
{
	memset(mb, 0, sizeof(*mb));
	mb->limit_pa = UINT64_MAX;
}

void memblock_reset(struct memblock *mb)
{
	mb->memory.n = 0;
	mb->reserved.n = 0;
	mb->limit_pa = UINT64_MAX;
	mb->bottom_up = false;
	mb->error = 0;
	mb->regions = (struct memblock_regions){ .max = 0 };
	mb->seen = NULL;
	mb->shift = NULL;
}

void memblock_deinit(struct memblock *mb)
{
	free(mb->memory.r);
	free(mb->reserved.r);
	memset(mb, 0, sizeof(*mb));
}

size_t memblock_ending_after(const struct memblock_ranges *ranges, uint64_t pa)
{
	size_t lo = 0, hi = ranges->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (ranges->r[mid].end_pa > pa)
			hi = mid;
		else
			lo = mid + 1;
	}
	return lo;
}

/* Room for @n more before the range at @i, to be filled by the caller. */
static bool open_at(struct memblock_ranges *ranges, size_t i, size_t n)
{
	if (ranges->n + n > ranges->cap) {
		size_t cap = ranges->n + n > 16 ? (ranges->n + n) * 2 : 32;
		struct memblock_range *r = realloc(ranges->r, cap * sizeof(*r));

		if (!r)
			return false;
		ranges->r = r;
		ranges->cap = cap;
	}
	memmove(&ranges->r[i + n], &ranges->r[i], (ranges->n - i) * sizeof(*ranges->r));
	ranges->n += n;
	return true;
}

static bool insert_at(struct memblock_ranges *ranges, size_t i, struct memblock_range range)
{
	if (!open_at(ranges, i, 1))
		return false;
	ranges->r[i] = range;
	return true;
}

static void remove_run(struct memblock_ranges *ranges, size_t first, size_t end)
{
	memmove(&ranges->r[first], &ranges->r[end], (ranges->n - end) * sizeof(*ranges->r));
	ranges->n -= end - first;
}

/* Does @a end where @b starts, for every place of the kernel? */
static bool ends_where_starts(const struct memblock_range *a, const struct memblock_range *b)
{
	return a->end_pa == b->start_pa && a->end_moves == b->start_moves;
}

/* Do they overlap, or touch?  That @a lies before @b is known where they do not. */
static bool is_before(struct shift *s, const struct memblock_range *a,
		      const struct memblock_range *b)
{
	return !(ends_where_starts(a, b) && a->node == b->node) &&
	       shift_le(s, a->end_pa, a->end_moves, b->start_pa, b->start_moves);
}

void memblock_reserve(struct memblock *mb, const struct memblock_range *what)
{
	struct memblock_ranges *res = &mb->reserved;
	struct memblock_range own = *what, all;
	struct shift *s = mb->shift;
	size_t first, end;

	if (what->start_pa >= what->end_pa)
		return;
	memblock_make_room(mb, what, 1);
	if (!mb->regions.max)
		own.node = KHO_NO_NODE;
	all = own;
	/* A range that ends where this one starts touches it. */
	first = memblock_ending_after(res, all.start_pa ? all.start_pa - 1 : 0);
	if (first)
		is_before(s, &res->r[first - 1], &own);
	if (first < res->n && is_before(s, &res->r[first], &own))
		first++;
	for (end = first; end < res->n && !is_before(s, &own, &res->r[end]); end++) {
		const struct memblock_range *r = &res->r[end];

		if (shift_lt(s, r->start_pa, r->start_moves, all.start_pa, all.start_moves)) {
			all.start_pa = r->start_pa;
			all.start_moves = r->start_moves;
		}
		if (shift_lt(s, all.end_pa, all.end_moves, r->end_pa, r->end_moves)) {
			all.end_pa = r->end_pa;
			all.end_moves = r->end_moves;
		}
	}
	if (first < end) {
		res->r[first] = all;
		remove_run(res, first + 1, end);
		return;
	}
	if (!insert_at(res, first, all))
		mb->error = -ENOMEM;
}

/* Ends that are the same here only, and not where the kernel lies elsewhere. */
static void fix_chance(struct shift *s, uint64_t a, int a_moves, uint64_t b, int b_moves)
{
	if (a == b && a_moves != b_moves)
		shift_fix(s);
}

/* A gap has grown, or may have. */
static void forget_skips(struct memblock *mb)
{
	if (mb->skips)
		mb->skips->generation++;
}

void memblock_free(struct memblock *mb, const struct memblock_range *what)
{
	struct memblock_ranges *res = &mb->reserved;
	size_t i;

	if (what->start_pa >= what->end_pa)
		return;
	forget_skips(mb);
	memblock_make_room(mb, what, 2);
	i = memblock_ending_after(res, what->start_pa);
	if (i < res->n) {
		const struct memblock_range *r = &res->r[i];

		fix_chance(mb->shift, r->start_pa, r->start_moves, what->start_pa,
			   what->start_moves);
		fix_chance(mb->shift, r->end_pa, r->end_moves, what->end_pa, what->end_moves);
	}
	if (i < res->n && res->r[i].start_pa < what->start_pa) {
		struct memblock_range tail = res->r[i];

		tail.start_pa = what->end_pa;
		tail.start_moves = what->end_moves;
		res->r[i].end_pa = what->start_pa;
		res->r[i].end_moves = what->start_moves;
		i++;
		if (tail.start_pa < tail.end_pa) {
			if (!insert_at(res, i, tail))
				mb->error = -ENOMEM;
			return;
		}
	}
	while (i < res->n && res->r[i].end_pa <= what->end_pa)
		remove_run(res, i, i + 1);
	if (i < res->n && res->r[i].start_pa < what->end_pa) {
		res->r[i].start_pa = what->end_pa;
		res->r[i].start_moves = what->end_moves;
	}
}

void memblock_free_ends(struct memblock *mb, const struct memblock_range *first,
			uint64_t unit_bytes, uint64_t used_bytes, size_t units)
{
	struct memblock_ranges *res = &mb->reserved;
	struct memblock_range all = *first, whole;
	int moves = first->start_moves;
	size_t i;

	if (!units || used_bytes >= unit_bytes)
		return;
	forget_skips(mb);
	memblock_make_room(mb, first, units + 1);
	i = memblock_ending_after(res, first->start_pa);
	all.end_pa = all.start_pa + units * unit_bytes;
	all.end_moves = moves;
	if (!used_bytes) {
		memblock_free(mb, &all);
		return;
	}
	whole = res->r[i];
	fix_chance(mb->shift, whole.end_pa, whole.end_moves, all.end_pa, moves);
	if (!open_at(res, i, units - (whole.end_pa == all.end_pa))) {
		mb->error = -ENOMEM;
		return;
	}
	for (size_t k = 0; k < units; k++) {
		uint64_t pa = all.start_pa + k * unit_bytes;

		res->r[i + k] = (struct memblock_range){ pa, pa + used_bytes, whole.node,
							 moves, moves };
	}
	res->r[i].start_pa = whole.start_pa;
	res->r[i].start_moves = whole.start_moves;
	if (whole.end_pa != all.end_pa)
		res->r[i + units] = (struct memblock_range){ all.end_pa, whole.end_pa, whole.node,
							     moves, whole.end_moves };
}

/*
 * memblock_add() with memblock_set_node(): memory that is there already stays as
 * it is, touching ranges of one node become one (memblock_merge_regions()).
 */
void memblock_add(struct memblock *mb, uint64_t start_pa, uint64_t end_pa, int node)
{
	struct memblock_ranges *mem = &mb->memory;
	size_t i = memblock_ending_after(mem, start_pa);

	forget_skips(mb);

	while (start_pa < end_pa) {
		uint64_t stop_pa = end_pa;

		if (i < mem->n && mem->r[i].start_pa <= start_pa) {
			start_pa = mem->r[i++].end_pa;
			continue;
		}
		if (i < mem->n && mem->r[i].start_pa < stop_pa)
			stop_pa = mem->r[i].start_pa;
		if (!insert_at(mem, i, (struct memblock_range){ start_pa, stop_pa, node, 0, 0 })) {
			mb->error = -ENOMEM;
			return;
		}
		if (i + 1 < mem->n && mem->r[i + 1].start_pa == stop_pa &&
		    mem->r[i + 1].node == node) {
			mem->r[i].end_pa = mem->r[i + 1].end_pa;
			remove_run(mem, i + 1, i + 2);
		}
		if (i > 0 && mem->r[i - 1].end_pa == start_pa && mem->r[i - 1].node == node) {
			mem->r[i - 1].end_pa = mem->r[i].end_pa;
			remove_run(mem, i, i + 1);
			i--;
		}
		start_pa = mem->r[i++].end_pa;
	}
}

/* __memblock_find_range_top_down(): does it fit into @gap, and where? */
static bool fit_down(struct shift *s, const struct memblock_range *gap,
		     const struct memblock_request *req, struct memblock_range *got)
{
	if (memblock_is_small(s, gap, req->bytes))
		return false;
	shift_round(s, gap->end_moves, req->align);
	got->start_pa = (gap->end_pa - req->bytes) & ~(req->align - 1);
	got->start_moves = gap->end_moves;
	return shift_le(s, gap->start_pa, gap->start_moves, got->start_pa, got->start_moves);
}

/* Where a search of [@lo, @hi) begins: behind the last reserved range that starts below @hi. */
static size_t top_of(const struct memblock *mb, uint64_t hi)
{
	const struct memblock_range *r = mb->reserved.r;
	struct shift *s = mb->shift;
	size_t i = memblock_ending_after(&mb->reserved, hi);

	if (i < mb->reserved.n && shift_lt(s, r[i].start_pa, r[i].start_moves, hi, 0))
		i++;
	else if (i)
		shift_lt(s, r[i - 1].start_pa, r[i - 1].start_moves, hi, 0);
	if (i < mb->reserved.n)
		shift_le(s, hi, 0, r[i].start_pa, r[i].start_moves);
	return i;
}

/* The same in [@lo, @hi) of memory, from gap to gap. */
static bool find_down(const struct memblock *mb, uint64_t lo, uint64_t hi,
		      const struct memblock_request *req, struct memblock_range *got,
		      struct memblock_range *gap)
{
	const struct memblock_range *r = mb->reserved.r;
	struct shift *s = mb->shift;
	bool none = false;
	size_t i = memblock_skip_to(mb, lo, hi, req, &none);

	*gap = (struct memblock_range){ lo, hi, KHO_NO_NODE, 0, 0 };
	if (none)
		return false;
	if (i < mb->reserved.n) {
		gap->end_pa = r[i].start_pa;
		gap->end_moves = r[i].start_moves;
	} else {
		i = top_of(mb, hi);
	}
	for (; ; i--) {
		bool last = !i || shift_le(s, r[i - 1].end_pa, r[i - 1].end_moves, lo, 0);

		gap->start_pa = last ? lo : r[i - 1].end_pa;
		gap->start_moves = last ? 0 : r[i - 1].end_moves;
		if (shift_lt(s, gap->start_pa, gap->start_moves, gap->end_pa, gap->end_moves) &&
		    fit_down(s, gap, req, got)) {
			if (gap->end_pa != hi)
				memblock_keep_skip(mb, lo, hi, req, gap->end_pa);
			return true;
		}
		if (last || shift_le(s, r[i - 1].start_pa, r[i - 1].start_moves, lo, 0)) {
			memblock_keep_skip(mb, lo, hi, req, 0);
			return false;
		}
		if (!kho_spend(mb->budget, 1))
			return false;
		gap->end_pa = r[i - 1].start_pa;
		gap->end_moves = r[i - 1].start_moves;
	}
}

/* __memblock_find_range_bottom_up(), where KASLR chooses no place. */
static bool find_up(const struct memblock *mb, uint64_t lo, uint64_t hi,
		    const struct memblock_request *req, struct memblock_range *got,
		    struct memblock_range *gap)
{
	const struct memblock_ranges *res = &mb->reserved;
	size_t i = memblock_ending_after(res, lo);

	shift_fix(mb->shift);
	for (;;) {
		uint64_t top_pa = i < res->n && res->r[i].start_pa < hi ? res->r[i].start_pa : hi;

		got->start_pa = (lo + req->align - 1) & ~(req->align - 1);
		got->start_moves = 0;
		if (top_pa > lo && top_pa - lo >= req->bytes && got->start_pa >= lo &&
		    got->start_pa <= top_pa - req->bytes) {
			*gap = (struct memblock_range){ lo, top_pa, KHO_NO_NODE, 0, 0 };
			return true;
		}
		if (top_pa == hi || res->r[i].end_pa >= hi || !kho_spend(mb->budget, 1))
			return false;
		lo = res->r[i++].end_pa;
	}
}

/* memblock_find_in_range_node(): one pass over one node (or all), with one lower limit. */
static bool find_pass(const struct memblock *mb, const struct memblock_request *req,
		      int node, uint64_t min_pa, struct memblock_range *got, struct memblock_range *gap)
{
	uint64_t max_pa = req->max_pa && req->max_pa < mb->limit_pa ? req->max_pa : mb->limit_pa;
	size_t n = mb->memory.n;

	if (min_pa < LOWEST_PA)
		min_pa = LOWEST_PA;
	for (size_t k = 0; k < n && kho_spend(mb->budget, 1); k++) {
		const struct memblock_range *m = &mb->memory.r[mb->bottom_up ? k : n - 1 - k];
		uint64_t lo = m->start_pa > min_pa ? m->start_pa : min_pa;
		uint64_t hi = m->end_pa < max_pa ? m->end_pa : max_pa;

		if (node != KHO_NO_NODE && m->node != node)
			continue;
		if (lo >= hi || hi - lo < req->bytes)
			continue;
		if (mb->bottom_up ? find_up(mb, lo, hi, req, got, gap) :
				    find_down(mb, lo, hi, req, got, gap)) {
			got->end_pa = got->start_pa + req->bytes;
			got->end_moves = got->start_moves;
			got->node = gap->node = m->node;
			return true;
		}
	}
	return false;
}

bool memblock_find(const struct memblock *mb, const struct memblock_request *req,
		   struct memblock_range *got, struct memblock_range *gap)
{
	uint64_t min_pa = req->min_pa;
	struct memblock_range unused;

	if (!gap)
		gap = &unused;
	if (!req->bytes)
		return false;
	for (;;) {
		if (find_pass(mb, req, req->node, min_pa, got, gap))
			return true;
		if (req->node != KHO_NO_NODE && !req->exact_node &&
		    find_pass(mb, req, KHO_NO_NODE, min_pa, got, gap))
			return true;
		if (!min_pa || req->strict_min)
			return false;
		min_pa = 0;
	}
}

static void report_request(const struct memblock *mb, const struct memblock_request *req,
			   uint64_t had)
{
	if (mb->seen)
		mb->seen(mb->seen_arg, mb, req, had);
}

/* memblock_alloc_range_nid() reserves for the node that was asked for. */
static void reserve_for(struct memblock *mb, const struct memblock_request *req,
			const struct memblock_range *got)
{
	struct memblock_range what = *got;

	what.node = req->node;
	memblock_reserve(mb, &what);
}

bool memblock_alloc(struct memblock *mb, const struct memblock_request *req,
		    struct memblock_range *got)
{
	bool found = memblock_find(mb, req, got, NULL);

	report_request(mb, req, found);
	if (!found)
		return false;
	reserve_for(mb, req, got);
	return true;
}

/*
 * How many more pieces have room beside the first, @got?  Those that are a whole number
 * of alignments long follow one another without a hole, and nothing above the first one
 * was good enough.  @moves: how their bytes move.
 */
static uint64_t room_beside(const struct memblock *mb, const struct memblock_request *req,
			    const struct memblock_range *got, const struct memblock_range *gap,
			    int *moves)
{
	*moves = 0;
	if (req->bytes % req->align || req->align & (req->align - 1))
		return 0;
	if (mb->bottom_up)
		return (gap->end_pa - got->end_pa) / req->bytes;
	*moves = got->start_moves - gap->start_moves;
	shift_round(mb->shift, *moves, req->bytes);
	return (got->start_pa - gap->start_pa) / req->bytes;
}

uint64_t memblock_alloc_run(struct memblock *mb, const struct memblock_request *req,
			    uint64_t count, int bytes_moves, struct memblock_range *got)
{
	struct memblock_range gap;
	uint64_t more = 0;
	int moves = 0;

	if (!count)
		return 0;
	if (!memblock_find(mb, req, got, &gap)) {
		report_request(mb, req, 0);
		return 0;
	}
	if (count > 1 || bytes_moves)
		more = room_beside(mb, req, got, &gap, &moves);
	if (shift_le(mb->shift, (count - 1) * req->bytes, bytes_moves, more * req->bytes, moves)) {
		more = count - 1;
		moves = bytes_moves;
	}
	if (mb->bottom_up) {
		got->end_pa += more * req->bytes;
	} else {
		got->start_pa -= more * req->bytes;
		got->start_moves -= moves;
	}
	report_request(mb, req, more + 1);
	reserve_for(mb, req, got);
	return more + 1;
}

bool memblock_could_meet(const struct memblock *mb, const struct memblock_request *req)
{
	struct memblock empty = { .memory = mb->memory, .limit_pa = mb->limit_pa,
				  .bottom_up = mb->bottom_up };
	struct memblock_range got;

	return memblock_find(&empty, req, &got, NULL);
}
