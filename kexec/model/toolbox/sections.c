// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "model/toolbox/sections.h"

static int add_span(struct sections *s, uint64_t first_nr, uint64_t end_nr, int node)
{
	struct section_span *last = s->n ? &s->span[s->n - 1] : NULL;

	/* memory_present(): the first to touch a section decides its node. */
	if (last && first_nr < last->first_nr + last->count)
		first_nr = last->first_nr + last->count;
	if (first_nr >= end_nr)
		return 0;
	if (last && last->node == node && last->first_nr + last->count == first_nr) {
		last->count += end_nr - first_nr;
		return 0;
	}
	if (s->n == s->cap) {
		size_t cap = s->cap ? s->cap * 2 : 16;
		struct section_span *span = realloc(s->span, cap * sizeof(*span));

		if (!span)
			return -ENOMEM;
		s->span = span;
		s->cap = cap;
	}
	s->span[s->n++] = (struct section_span){ first_nr, end_nr - first_nr, node };
	return 0;
}

int sections_find(const struct kho_ranges *ram, unsigned int section_size_bits,
		  uint64_t page_bytes, struct sections *s)
{
	s->n = 0;
	for (size_t i = 0; i < ram->n; i++) {
		/* for_each_mem_pfn_range(): only whole pages count. */
		uint64_t start_pa = (ram->r[i].start_pa + page_bytes - 1) & ~(page_bytes - 1);
		uint64_t end_pa = ram->r[i].end_pa & ~(page_bytes - 1);
		int ret;

		if (start_pa >= end_pa)
			continue;
		ret = add_span(s, start_pa >> section_size_bits,
			       ((end_pa - 1) >> section_size_bits) + 1, ram->r[i].node);
		if (ret)
			return ret;
	}
	return 0;
}

size_t sections_group(const struct sections *s, size_t first, uint64_t *count)
{
	size_t end = first;

	*count = 0;
	while (end < s->n && s->span[end].node == s->span[first].node)
		*count += s->span[end++].count;
	return end;
}

void sections_deinit(struct sections *s)
{
	free(s->span);
	*s = (struct sections){ 0 };
}
