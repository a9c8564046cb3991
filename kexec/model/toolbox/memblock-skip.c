// SPDX-License-Identifier: GPL-2.0-only
/* What a search for memory has learnt for the next one. */
#include "config.h"

#include "model/toolbox/memblock.h"

/* Requests of one size follow each other, and meet the same gaps again. */
static struct memblock_skip *skip_for(const struct memblock *mb, uint64_t lo, uint64_t hi,
				      uint64_t bytes)
{
	/* By 32 bytes up to 512, and then by powers of two. */
	unsigned int size = bytes <= 512 ? (unsigned int)(bytes - 1) / 32 :
					   16 + (unsigned int)(63 - __builtin_clzll(bytes >> 9));

	/* The upper bits of a product mix all of the lower ones. */
	return &mb->skips->skip[(lo + hi) * UINT64_C(0x9e3779b97f4a7c15) >> 32 & (MEMBLOCK_SKIP_RANGES - 1)]
			       [size < MEMBLOCK_SKIP_SIZES ? size : MEMBLOCK_SKIP_SIZES - 1];
}

static bool is_skip_for(const struct memblock *mb, const struct memblock_skip *skip, uint64_t lo,
			uint64_t hi, const struct memblock_request *req)
{
	return skip->generation == mb->skips->generation && skip->bytes && skip->lo_pa == lo &&
	       skip->hi_pa == hi && skip->bytes <= req->bytes && skip->align <= req->align;
}

void memblock_keep_skip(const struct memblock *mb, uint64_t lo, uint64_t hi,
			const struct memblock_request *req, uint64_t end_pa)
{
	struct memblock_skip *skip = mb->skips ? skip_for(mb, lo, hi, req->bytes) : NULL;

	/* One for fewer bytes is of use more often. */
	if (!skip || (is_skip_for(mb, skip, lo, hi, req) &&
		      (skip->bytes < req->bytes || skip->align < req->align)))
		return;
	*skip = (struct memblock_skip){ lo, hi, req->bytes, req->align, end_pa,
					mb->skips->generation };
}

size_t memblock_skip_to(const struct memblock *mb, uint64_t lo, uint64_t hi,
			const struct memblock_request *req, bool *none)
{
	const struct memblock_skip *skip = mb->skips ? skip_for(mb, lo, hi, req->bytes) : NULL;

	if (!skip || !is_skip_for(mb, skip, lo, hi, req))
		return mb->reserved.n;
	*none = !skip->end_pa;
	return memblock_ending_after(&mb->reserved, skip->end_pa);
}
