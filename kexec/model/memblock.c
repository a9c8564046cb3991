// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/memblock.h"

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
	mb->seen = NULL;
}

void memblock_deinit(struct memblock *mb)
{
	kho_ranges_deinit(&mb->memory);
	kho_ranges_deinit(&mb->reserved);
}

/* First range that ends after @pa: the only one that may hold it. */
static size_t first_ending_after(const struct kho_ranges *ranges, uint64_t pa)
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
static bool open_at(struct kho_ranges *ranges, size_t i, size_t n)
{
	if (ranges->n + n > ranges->cap) {
		size_t cap = ranges->n + n > 16 ? (ranges->n + n) * 2 : 32;
		struct kho_range *r = realloc(ranges->r, cap * sizeof(*r));

		if (!r)
			return false;
		ranges->r = r;
		ranges->cap = cap;
	}
	memmove(&ranges->r[i + n], &ranges->r[i], (ranges->n - i) * sizeof(*ranges->r));
	ranges->n += n;
	return true;
}

static bool insert_at(struct kho_ranges *ranges, size_t i, struct kho_range range)
{
	if (!open_at(ranges, i, 1))
		return false;
	ranges->r[i] = range;
	return true;
}

static void remove_run(struct kho_ranges *ranges, size_t first, size_t end)
{
	memmove(&ranges->r[first], &ranges->r[end], (ranges->n - end) * sizeof(*ranges->r));
	ranges->n -= end - first;
}

void memblock_reserve(struct memblock *mb, uint64_t start_pa, uint64_t end_pa)
{
	struct kho_ranges *res = &mb->reserved;
	size_t first, end;

	if (start_pa >= end_pa)
		return;
	/* A range that ends where this one starts touches it. */
	first = first_ending_after(res, start_pa ? start_pa - 1 : 0);
	for (end = first; end < res->n && res->r[end].start_pa <= end_pa; end++) {
		if (res->r[end].start_pa < start_pa)
			start_pa = res->r[end].start_pa;
		if (res->r[end].end_pa > end_pa)
			end_pa = res->r[end].end_pa;
	}
	if (first < end) {
		res->r[first].start_pa = start_pa;
		res->r[first].end_pa = end_pa;
		remove_run(res, first + 1, end);
		return;
	}
	if (!insert_at(res, first, (struct kho_range){ start_pa, end_pa, KHO_NO_NODE }))
		mb->error = -ENOMEM;
}

void memblock_free(struct memblock *mb, uint64_t start_pa, uint64_t end_pa)
{
	struct kho_ranges *res = &mb->reserved;
	size_t i = first_ending_after(res, start_pa);

	if (start_pa >= end_pa)
		return;
	if (i < res->n && res->r[i].start_pa < start_pa) {
		struct kho_range tail = { end_pa, res->r[i].end_pa, KHO_NO_NODE };

		res->r[i].end_pa = start_pa;
		i++;
		if (tail.start_pa < tail.end_pa) {
			if (!insert_at(res, i, tail))
				mb->error = -ENOMEM;
			return;
		}
	}
	while (i < res->n && res->r[i].end_pa <= end_pa)
		remove_run(res, i, i + 1);
	if (i < res->n && res->r[i].start_pa < end_pa)
		res->r[i].start_pa = end_pa;
}

void memblock_free_ends(struct memblock *mb, uint64_t start_pa, uint64_t unit_bytes,
			uint64_t used_bytes, size_t units)
{
	struct kho_ranges *res = &mb->reserved;
	size_t i = first_ending_after(res, start_pa);
	uint64_t end_pa = start_pa + units * unit_bytes;
	struct kho_range whole;

	if (!units || used_bytes >= unit_bytes)
		return;
	if (!used_bytes) {
		memblock_free(mb, start_pa, end_pa);
		return;
	}
	whole = res->r[i];
	if (!open_at(res, i, units - (whole.end_pa == end_pa))) {
		mb->error = -ENOMEM;
		return;
	}
	for (size_t k = 0; k < units; k++) {
		uint64_t pa = start_pa + k * unit_bytes;

		res->r[i + k] = (struct kho_range){ pa, pa + used_bytes, KHO_NO_NODE };
	}
	res->r[i].start_pa = whole.start_pa;
	if (whole.end_pa != end_pa)
		res->r[i + units] = (struct kho_range){ end_pa, whole.end_pa, KHO_NO_NODE };
}

/*
 * memblock_add() with memblock_set_node(): memory that is there already stays as
 * it is, touching ranges of one node become one (memblock_merge_regions()).
 */
void memblock_add(struct memblock *mb, uint64_t start_pa, uint64_t end_pa, int node)
{
	struct kho_ranges *mem = &mb->memory;
	size_t i = first_ending_after(mem, start_pa);

	while (start_pa < end_pa) {
		uint64_t stop_pa = end_pa;

		if (i < mem->n && mem->r[i].start_pa <= start_pa) {
			start_pa = mem->r[i++].end_pa;
			continue;
		}
		if (i < mem->n && mem->r[i].start_pa < stop_pa)
			stop_pa = mem->r[i].start_pa;
		if (!insert_at(mem, i, (struct kho_range){ start_pa, stop_pa, node })) {
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

/* Where in [@lo, @hi), which is free, would the piece go?  UINT64_MAX: it does not fit. */
static uint64_t fit(uint64_t lo, uint64_t hi, const struct memblock_request *req, bool bottom_up)
{
	uint64_t pa;

	if (hi - lo < req->bytes)
		return UINT64_MAX;
	if (bottom_up) {
		pa = (lo + req->align - 1) & ~(req->align - 1);
		return pa >= lo && pa <= hi - req->bytes ? pa : UINT64_MAX;
	}
	pa = (hi - req->bytes) & ~(req->align - 1);
	return pa >= lo ? pa : UINT64_MAX;
}

/* __memblock_find_range_top_down(), for one range of memory cut to [@lo, @hi). */
static bool find_down(const struct kho_ranges *res, uint64_t lo, uint64_t hi,
		      const struct memblock_request *req, uint64_t *pa, struct kho_range *gap)
{
	/* The last reserved range that starts below @hi is at @i - 1. */
	size_t i = first_ending_after(res, hi);

	if (i < res->n && res->r[i].start_pa < hi)
		i++;
	for (;;) {
		uint64_t floor_pa = i > 0 && res->r[i - 1].end_pa > lo ? res->r[i - 1].end_pa : lo;

		if (floor_pa < hi) {
			*pa = fit(floor_pa, hi, req, false);
			if (*pa != UINT64_MAX) {
				*gap = (struct kho_range){ floor_pa, hi, KHO_NO_NODE };
				return true;
			}
		}
		if (floor_pa == lo || res->r[i - 1].start_pa <= lo)
			return false;
		hi = res->r[--i].start_pa;
	}
}

/* __memblock_find_range_bottom_up(), for one range of memory cut to [@lo, @hi). */
static bool find_up(const struct kho_ranges *res, uint64_t lo, uint64_t hi,
		    const struct memblock_request *req, uint64_t *pa, struct kho_range *gap)
{
	size_t i = first_ending_after(res, lo);

	for (;;) {
		uint64_t top_pa = i < res->n && res->r[i].start_pa < hi ? res->r[i].start_pa : hi;

		if (top_pa > lo) {
			*pa = fit(lo, top_pa, req, true);
			if (*pa != UINT64_MAX) {
				*gap = (struct kho_range){ lo, top_pa, KHO_NO_NODE };
				return true;
			}
		}
		if (top_pa == hi || res->r[i].end_pa >= hi)
			return false;
		lo = res->r[i++].end_pa;
	}
}

/* memblock_find_in_range_node(): one pass over one node (or all), with one lower limit. */
static bool find_pass(const struct memblock *mb, const struct memblock_request *req,
		      int node, uint64_t min_pa, struct kho_range *got, struct kho_range *gap)
{
	uint64_t max_pa = req->max_pa && req->max_pa < mb->limit_pa ? req->max_pa : mb->limit_pa;
	size_t n = mb->memory.n;

	if (min_pa < LOWEST_PA)
		min_pa = LOWEST_PA;
	for (size_t k = 0; k < n; k++) {
		const struct kho_range *m = &mb->memory.r[mb->bottom_up ? k : n - 1 - k];
		uint64_t lo = m->start_pa > min_pa ? m->start_pa : min_pa;
		uint64_t hi = m->end_pa < max_pa ? m->end_pa : max_pa;
		uint64_t pa;

		if (node != KHO_NO_NODE && m->node != node)
			continue;
		if (lo >= hi || hi - lo < req->bytes)
			continue;
		if (mb->bottom_up ? find_up(&mb->reserved, lo, hi, req, &pa, gap) :
				    find_down(&mb->reserved, lo, hi, req, &pa, gap)) {
			*got = (struct kho_range){ pa, pa + req->bytes, m->node };
			gap->node = m->node;
			return true;
		}
	}
	return false;
}

bool memblock_find(const struct memblock *mb, const struct memblock_request *req,
		   struct kho_range *got, struct kho_range *gap)
{
	uint64_t min_pa = req->min_pa;
	struct kho_range unused;

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

static void tell(const struct memblock *mb, const struct memblock_request *req, uint64_t had)
{
	if (mb->seen)
		mb->seen(mb->seen_arg, mb, req, had);
}

bool memblock_alloc(struct memblock *mb, const struct memblock_request *req,
		    struct kho_range *got)
{
	bool found = memblock_find(mb, req, got, NULL);

	tell(mb, req, found);
	if (!found)
		return false;
	memblock_reserve(mb, got->start_pa, got->end_pa);
	return true;
}

uint64_t memblock_alloc_run(struct memblock *mb, const struct memblock_request *req,
			    uint64_t count, struct kho_range *got)
{
	struct kho_range gap;
	uint64_t more;

	if (!count)
		return 0;
	if (!memblock_find(mb, req, got, &gap)) {
		tell(mb, req, 0);
		return 0;
	}
	/*
	 * Pieces that are a whole number of alignments long follow one another
	 * without a hole, and nothing above the first one was good enough.
	 */
	more = (mb->bottom_up ? gap.end_pa - got->end_pa : got->start_pa - gap.start_pa) /
	       req->bytes;
	if (req->bytes % req->align || req->align & (req->align - 1))
		more = 0;
	if (more > count - 1)
		more = count - 1;
	if (mb->bottom_up)
		got->end_pa += more * req->bytes;
	else
		got->start_pa -= more * req->bytes;
	tell(mb, req, more + 1);
	memblock_reserve(mb, got->start_pa, got->end_pa);
	return more + 1;
}

/* Call @each for every free gap of @node at or above @min_pa, upwards. */
static uint64_t sum_gaps(const struct memblock *mb, int node, uint64_t min_pa,
			 uint64_t (*each)(uint64_t lo, uint64_t hi, uint64_t bytes), uint64_t bytes)
{
	const struct kho_ranges *res = &mb->reserved;
	uint64_t sum = 0;

	for (size_t k = 0; k < mb->memory.n; k++) {
		const struct kho_range *m = &mb->memory.r[k];
		uint64_t lo = m->start_pa > min_pa ? m->start_pa : min_pa;
		uint64_t hi = m->end_pa < mb->limit_pa ? m->end_pa : mb->limit_pa;

		if (node != KHO_NO_NODE && m->node != node)
			continue;
		for (size_t i = first_ending_after(res, lo);
		     lo < hi && i < res->n && res->r[i].start_pa < hi; i++) {
			if (res->r[i].start_pa > lo)
				sum += each(lo, res->r[i].start_pa, bytes);
			lo = res->r[i].end_pa;
		}
		if (lo < hi)
			sum += each(lo, hi, bytes);
	}
	return sum;
}

static uint64_t gap_bytes(uint64_t lo, uint64_t hi, uint64_t bytes)
{
	return hi - lo;
}

/* Pieces of @bytes on multiples of it. */
static uint64_t gap_pieces(uint64_t lo, uint64_t hi, uint64_t bytes)
{
	uint64_t first = (lo + bytes - 1) / bytes, end = hi / bytes;

	return end > first ? end - first : 0;
}

uint64_t memblock_capacity(const struct memblock *mb, const struct memblock_request *req)
{
	return sum_gaps(mb, req->node, req->min_pa, gap_pieces, req->bytes);
}

uint64_t memblock_free_bytes(const struct memblock *mb, int node)
{
	return sum_gaps(mb, node, 0, gap_bytes, 0);
}
