// SPDX-License-Identifier: GPL-2.0-only
/* memblock's list of reserved regions, as the kernel keeps it: mm/memblock.c. */
#include "config.h"

#include "model/toolbox/memblock.h"

#define REGION_BYTES	24	/* struct memblock_region */

void memblock_settle_nodes(struct memblock *mb)
{
	for (size_t i = 0; mb->regions.max && i < mb->reserved.n; i++) {
		struct memblock_range *r = &mb->reserved.r[i];
		size_t k = memblock_ending_after(&mb->memory, r->start_pa);

		if (k == mb->memory.n || mb->memory.r[k].start_pa > r->start_pa)
			continue;
		if (r->node == KHO_NO_NODE)
			r->node = mb->memory.r[k].node;
		else if (r->node == MEMBLOCK_FIXED)
			r->node = MEMBLOCK_FIXED - 1 - mb->memory.r[k].node;
	}
}

/* memblock_double_array(), of which @what is the reason: above it first, then below. */
static bool double_array(struct memblock *mb, const struct memblock_range *what)
{
	uint64_t page = mb->regions.page_bytes, end_pa = what->end_pa;
	struct memblock_request req = {
		.bytes = (2 * mb->regions.max * REGION_BYTES + page - 1) / page * page,
		.align = page, .node = KHO_NO_NODE, .strict_min = true, .min_pa = end_pa,
		.either = true,
	};
	struct memblock_range old = mb->regions.array, larger;

	if (!memblock_find(mb, &req, &larger, NULL)) {
		req.min_pa = 0;
		req.max_pa = what->start_pa;
		if (!req.max_pa || !memblock_find(mb, &req, &larger, NULL))
			return false;
	}
	mb->regions.max *= 2;
	mb->regions.array = larger;
	memblock_free(mb, &old);
	larger.node = KHO_NO_NODE;
	memblock_reserve(mb, &larger);
	return true;
}

void memblock_make_room(struct memblock *mb, const struct memblock_range *what, size_t more)
{
	while (mb->regions.max && mb->reserved.n + mb->regions.others + more > mb->regions.max)
		if (!double_array(mb, what))
			return;
}
