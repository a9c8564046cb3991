// SPDX-License-Identifier: GPL-2.0-only
/* kho-v1: see machine/handover/preserved-list.c for the layout. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "rehearse/bytes.h"
#include "rehearse/handed.h"

#define HEADER_BYTES	16
#define ENTRY_BYTES	16
#define ORDERS		11

/* A page of bits for one stretch of memory, of one order. */
struct bits {
	uint64_t base_pa;
	uint64_t pa;
	uint8_t *page;
};

struct order {
	struct bits *bits;	/* ascending */
	size_t n;
};

struct list_maker {
	struct handed *handed;
	struct order order[ORDERS];
};

/* The page that has the bit of @at.  Memory comes ascending, so it is the last or a new one. */
static struct bits *bits_of(struct list_maker *list, unsigned int order, uint64_t base_pa)
{
	struct order *o = &list->order[order];
	struct bits *bits;

	if (o->n && o->bits[o->n - 1].base_pa == base_pa)
		return &o->bits[o->n - 1];
	bits = reallocarray(o->bits, o->n + 1, sizeof(*bits));
	if (!bits)
		return NULL;
	o->bits = bits;
	bits += o->n;
	bits->base_pa = base_pa;
	bits->pa = handed_next_page(list->handed);
	bits->page = calloc(1, (size_t)1 << list->handed->page_shift);
	if (!bits->pa || !bits->page) {
		free(bits->page);
		return NULL;
	}
	o->n++;
	return bits;
}

static int add_range(struct list_maker *list, const struct kho_range *r)
{
	unsigned int page_shift = list->handed->page_shift;

	for (uint64_t pa = r->start_pa; pa < r->end_pa; ) {
		uint64_t at = pa;
		unsigned int order = handed_next_order(list->handed, &pa, r->end_pa);
		unsigned int covers = page_shift + order + page_shift + 3;
		uint64_t base_pa = at >> covers << covers;
		uint64_t bit = (at - base_pa) >> (page_shift + order);
		struct bits *bits = bits_of(list, order, base_pa);

		if (!bits)
			return -ENOSPC;
		bits->page[bit / 8] |= (uint8_t)(1 << bit % 8);
	}
	return 0;
}

/* One page of the list: as many entries of @order as there are, from @*at on. */
static void fill_chunk(const struct list_maker *list, unsigned int order, size_t *at, uint8_t *page)
{
	size_t page_bytes = (size_t)1 << list->handed->page_shift;
	size_t room = (page_bytes - HEADER_BYTES) / ENTRY_BYTES, n = 0;
	const struct order *o = &list->order[order];

	memset(page, 0, page_bytes);
	for (; n < room && *at < o->n; n++, (*at)++) {
		put_le(page + HEADER_BYTES + n * ENTRY_BYTES, o->bits[*at].base_pa, 8);
		put_le(page + HEADER_BYTES + n * ENTRY_BYTES + 8, o->bits[*at].pa, 8);
	}
	put_le(page + 8, order, 4);
	put_le(page + 12, n, 4);
}

static int write_chunks(struct list_maker *list, struct guest *guest, uint64_t *root_pa,
			struct kho_err *err)
{
	size_t page_bytes = (size_t)1 << list->handed->page_shift;
	uint64_t next_pa = 0;
	uint8_t *page = malloc(page_bytes);
	int ret = page ? 0 : -ENOMEM;

	/* From the end, so that each knows the one behind it. */
	for (unsigned int order = 0; order < ORDERS && !ret; order++)
		for (size_t at = 0; at < list->order[order].n && !ret; ) {
			uint64_t pa = handed_next_page(list->handed);

			if (!pa) {
				ret = kho_fail(err, ENOSPC,
					       "no pages for the map of preserved memory");
				break;
			}
			fill_chunk(list, order, &at, page);
			put_le(page, next_pa, 8);
			ret = guest_write(guest, pa, page, page_bytes, err);
			next_pa = pa;
		}
	*root_pa = next_pa;
	free(page);
	return ret;
}

int handed_write_list(struct handed *handed, struct guest *guest, uint64_t *root_pa,
		      struct kho_err *err)
{
	size_t page_bytes = (size_t)1 << handed->page_shift;
	struct list_maker list = { .handed = handed };
	int ret = 0;

	for (size_t i = 0; !ret && i < handed->preserved->n; i++)
		ret = add_range(&list, &handed->preserved->r[i]);
	if (ret)
		kho_fail(err, -ret, "no pages for the map of preserved memory");
	else
		ret = write_chunks(&list, guest, root_pa, err);
	for (unsigned int order = 0; order < ORDERS; order++) {
		for (size_t i = 0; i < list.order[order].n; i++) {
			const struct bits *bits = &list.order[order].bits[i];

			if (!ret)
				ret = guest_write(guest, bits->pa, bits->page, page_bytes, err);
			free(bits->page);
		}
		free(list.order[order].bits);
	}
	return ret;
}
