// SPDX-License-Identifier: GPL-2.0-only
/*
 * kho-v1 (kernel/kexec_handover.c of 6.16 to 6.18, struct khoser_mem_chunk): one
 * page after the other, each with the address of the next, an order and entries:
 * where the memory of a page of bits begins, and where the bits are.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "machine/handover/preserved.h"
#include "base/cursor.h"

#define HEADER_BYTES 16
#define ENTRY_BYTES 16

struct chunk {
	uint64_t next_pa;
	uint32_t order;
	uint32_t nr_entries;
};

static int read_entries(struct preserved_walk *walk, struct cursor *c, const struct chunk *chunk,
			uint8_t *bits)
{
	unsigned int shift = walk->page_shift + chunk->order;
	int ret = 0;

	for (uint32_t i = 0; i < chunk->nr_entries && !ret; i++) {
		uint64_t base_pa, bits_pa;

		if (cursor_u64(c, &base_pa) || cursor_u64(c, &bits_pa))
			return -EBADMSG;
		ret = preserved_page(walk, bits_pa, bits);
		if (!ret)
			ret = preserved_bits(walk, base_pa, shift, bits);
	}
	return ret;
}

static int read_chunk(struct preserved_walk *walk, uint64_t pa, uint8_t *page, uint8_t *bits,
		      uint64_t *next_pa)
{
	size_t page_bytes = (size_t)1 << walk->page_shift;
	struct cursor c = cursor_init((struct kho_bytes){ page, page_bytes });
	struct chunk chunk;
	int ret = preserved_page(walk, pa, page);

	if (ret)
		return ret;
	if (cursor_u64(&c, &chunk.next_pa) || cursor_u32(&c, &chunk.order) ||
	    cursor_u32(&c, &chunk.nr_entries) ||
	    chunk.nr_entries > (page_bytes - HEADER_BYTES) / ENTRY_BYTES || chunk.order > 63)
		return kho_fail(walk->err, EBADMSG, "the page at 0x%llx is no part of the list",
				(unsigned long long)pa);
	*next_pa = chunk.next_pa;
	return read_entries(walk, &c, &chunk, bits);
}

int preserved_list(struct preserved_walk *walk, uint64_t first_pa)
{
	size_t page_bytes = (size_t)1 << walk->page_shift;
	uint8_t *pages = malloc(2 * page_bytes);
	int ret = pages ? 0 : -ENOMEM;

	for (uint64_t pa = first_pa; pa && !ret; )
		ret = read_chunk(walk, pa, pages, pages + page_bytes, &pa);
	free(pages);
	return ret;
}
