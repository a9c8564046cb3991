// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include "model/toolbox/segments.h"

static const struct segment *overlap(const struct segments *s, uint64_t start_pa, uint64_t end_pa)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->seg[i].got.start_pa < end_pa && start_pa < s->seg[i].got.end_pa)
			return &s->seg[i];
	return NULL;
}

/* locate_mem_hole_top_down(): the kernel steps page by page, here from segment to segment. */
static bool hole_down(const struct segments *s, const struct kho_range *area, struct segment *want)
{
	uint64_t end_pa = area->end_pa - 1 < want->max_pa ? area->end_pa : want->max_pa + 1;
	uint64_t floor_pa = area->start_pa > want->min_pa ? area->start_pa : want->min_pa;

	while (end_pa > floor_pa && end_pa - floor_pa >= want->bytes) {
		uint64_t pa = (end_pa - want->bytes) & ~(want->align - 1);
		const struct segment *in_the_way;

		if (pa < floor_pa)
			return false;
		in_the_way = overlap(s, pa, pa + want->bytes);
		if (!in_the_way) {
			want->got = (struct kho_range){ pa, pa + want->bytes, area->node };
			return true;
		}
		end_pa = in_the_way->got.start_pa;
	}
	return false;
}

/* locate_mem_hole_bottom_up() */
static bool hole_up(const struct segments *s, const struct kho_range *area, struct segment *want)
{
	uint64_t end_pa = area->end_pa - 1 < want->max_pa ? area->end_pa : want->max_pa + 1;
	uint64_t pa = area->start_pa > want->min_pa ? area->start_pa : want->min_pa;

	for (;;) {
		const struct segment *in_the_way;

		pa = (pa + want->align - 1) & ~(want->align - 1);
		if (pa >= end_pa || end_pa - pa < want->bytes)
			return false;
		in_the_way = overlap(s, pa, pa + want->bytes);
		if (!in_the_way) {
			want->got = (struct kho_range){ pa, pa + want->bytes, area->node };
			return true;
		}
		pa = in_the_way->got.end_pa;
	}
}

/* Of the areas, where @want may lie: between the segments that are placed already. */
static void note_no_hole(struct segments *s, const struct kho_ranges *areas,
			 const struct segment *want)
{
	struct segment_refused *refused = &s->refused[want->user];

	*refused = (struct segment_refused){ .bytes = want->bytes, .align = want->align };
	for (size_t i = 0; i < areas->n; i++) {
		const struct kho_range *area = &areas->r[i];
		uint64_t pa = area->start_pa > want->min_pa ? area->start_pa : want->min_pa;
		uint64_t end_pa = area->end_pa - 1 < want->max_pa ? area->end_pa : want->max_pa + 1;

		while (pa < end_pa) {
			const struct segment *in = overlap(s, pa, pa + 1), *next = NULL;
			uint64_t first_pa = (pa + want->align - 1) & ~(want->align - 1);
			uint64_t stop_pa;

			if (in) {
				pa = in->got.end_pa;
				continue;
			}
			for (size_t k = 0; k < s->n; k++)
				if (s->seg[k].got.start_pa > pa &&
				    (!next || s->seg[k].got.start_pa < next->got.start_pa))
					next = &s->seg[k];
			stop_pa = next && next->got.start_pa < end_pa ? next->got.start_pa : end_pa;
			refused->left_bytes += stop_pa - pa;
			if (first_pa < stop_pa && stop_pa - first_pa > refused->largest_bytes)
				refused->largest_bytes = stop_pa - first_pa;
			pa = stop_pa;
		}
	}
}

bool segments_add(struct segments *segments, const struct kho_ranges *areas,
		  uint64_t page_bytes, const struct segment *want)
{
	struct segment *seg = &segments->seg[segments->n];

	if (segments->n == SEGMENTS_MAX)
		return false;
	*seg = *want;
	/* kexec_add_buffer(): at least whole pages, on page boundaries. */
	seg->bytes = (want->bytes + page_bytes - 1) & ~(page_bytes - 1);
	if (seg->align < page_bytes)
		seg->align = page_bytes;
	for (size_t i = 0; i < areas->n; i++) {
		const struct kho_range *area = &areas->r[i];

		if (area->end_pa - area->start_pa < seg->bytes || area->start_pa > seg->max_pa)
			continue;
		if (seg->bottom_up ? hole_up(segments, area, seg) :
				     hole_down(segments, area, seg)) {
			segments->n++;
			return true;
		}
	}
	note_no_hole(segments, areas, seg);
	return false;
}

const struct segment *segments_find(const struct segments *segments, int user)
{
	for (size_t i = 0; i < segments->n; i++)
		if (segments->seg[i].user == user)
			return &segments->seg[i];
	return NULL;
}
