// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/range.h"

int kho_ranges_add(struct kho_ranges *ranges, uint64_t start_pa, uint64_t end_pa, int node)
{
	if (end_pa < start_pa)
		return -EINVAL;
	if (ranges->n == ranges->cap) {
		size_t cap = ranges->cap ? ranges->cap * 2 : 16;
		struct kho_range *r = reallocarray(ranges->r, cap, sizeof(*r));

		if (!r)
			return -ENOMEM;
		ranges->r = r;
		ranges->cap = cap;
	}
	ranges->r[ranges->n++] = (struct kho_range){ start_pa, end_pa, node };
	return 0;
}

static int compare_start(const void *a, const void *b)
{
	const struct kho_range *x = a, *y = b;

	if (x->start_pa != y->start_pa)
		return x->start_pa < y->start_pa ? -1 : 1;
	if (x->end_pa != y->end_pa)
		return x->end_pa < y->end_pa ? -1 : 1;
	return (x->node > y->node) - (x->node < y->node);
}

/* Millions of ranges come so more often than not. */
static bool is_sorted(const struct kho_ranges *ranges)
{
	for (size_t i = 1; i < ranges->n; i++)
		if (compare_start(&ranges->r[i - 1], &ranges->r[i]) > 0)
			return false;
	return true;
}

void kho_ranges_normalise(struct kho_ranges *ranges)
{
	size_t kept = 0;

	if (!ranges->n)
		return;
	if (!is_sorted(ranges))
		qsort(ranges->r, ranges->n, sizeof(*ranges->r), compare_start);
	for (size_t i = 0; i < ranges->n; i++) {
		struct kho_range *r = &ranges->r[i];
		struct kho_range *last = kept ? &ranges->r[kept - 1] : NULL;

		if (r->start_pa == r->end_pa)
			continue;
		if (last && last->node == r->node && r->start_pa <= last->end_pa) {
			if (r->end_pa > last->end_pa)
				last->end_pa = r->end_pa;
			continue;
		}
		ranges->r[kept++] = *r;
	}
	ranges->n = kept;
}

uint64_t kho_ranges_bytes(const struct kho_ranges *ranges)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < ranges->n; i++)
		bytes += ranges->r[i].end_pa - ranges->r[i].start_pa;
	return bytes;
}

size_t kho_ranges_first_after(const struct kho_ranges *ranges, uint64_t pa)
{
	size_t low = 0, high = ranges->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (ranges->r[mid].end_pa <= pa)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

int kho_ranges_cut(const struct kho_ranges *from, const struct kho_ranges *map,
		   struct kho_ranges *out)
{
	int ret = 0;

	for (size_t i = 0; i < from->n && !ret; i++) {
		uint64_t pa = from->r[i].start_pa, end = from->r[i].end_pa;

		for (size_t m = kho_ranges_first_after(map, pa); pa < end && !ret; ) {
			const struct kho_range *c = m < map->n ? &map->r[m] : NULL;
			uint64_t stop = end;
			int node = KHO_NO_NODE;

			if (c && c->start_pa <= pa) {
				node = c->node;
				stop = c->end_pa < end ? c->end_pa : end;
				m++;
			} else if (c && c->start_pa < end) {
				stop = c->start_pa;
			}
			if (stop > pa)
				ret = kho_ranges_add(out, pa, stop, node);
			if (stop > pa)
				pa = stop;
		}
	}
	return ret;
}

uint64_t kho_ranges_common_bytes(const struct kho_ranges *a, const struct kho_ranges *b)
{
	uint64_t bytes = 0;

	for (size_t i = 0, j = 0; i < a->n && j < b->n; ) {
		const struct kho_range *x = &a->r[i], *y = &b->r[j];
		uint64_t start_pa = x->start_pa > y->start_pa ? x->start_pa : y->start_pa;
		uint64_t end_pa = x->end_pa < y->end_pa ? x->end_pa : y->end_pa;

		if (end_pa > start_pa)
			bytes += end_pa - start_pa;
		if (x->end_pa < y->end_pa)
			i++;
		else
			j++;
	}
	return bytes;
}

void kho_ranges_deinit(struct kho_ranges *ranges)
{
	free(ranges->r);
	*ranges = (struct kho_ranges){ 0 };
}
