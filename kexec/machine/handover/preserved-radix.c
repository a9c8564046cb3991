// SPDX-License-Identifier: GPL-2.0-only
/*
 * kho-v3 and kho-v4 (include/linux/kho/abi/kexec_handover.h of 7.1 to 7.3; the two
 * differ in what else is handed over): a tree of pages.  Those above the leaves
 * are tables of addresses, a leaf is bits, and the way to a bit is a key:
 *
 *	1 << (64 - shift) | address >> shift	with shift = page shift + order
 *
 * so that the highest bit of a key tells the order, and the rest the address.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "kernel/formats.h"
#include "machine/handover/preserved.h"
#include "base/cursor.h"

struct radix_reader {
	struct preserved_walk *walk;
	unsigned int table_bits;	/* of the key, that a table decides */
	unsigned int leaf_bits;
	unsigned int levels;
	uint8_t *page[];		/* one a level, the leaf first */
};

/* @key without the bits that the leaf decides. */
static int walk_leaf(struct radix_reader *radix, uint64_t key)
{
	struct preserved_walk *walk = radix->walk;
	unsigned int order_bit, shift;

	/* An order that no memory has would leave nothing of the key. */
	if (!key)
		return kho_fail(walk->err, EBADMSG, "it has a leaf of no order");
	order_bit = 63 - __builtin_clzll(key);
	shift = 64 - order_bit;
	/* The bit of the order leaves on the left. */
	return preserved_bits(walk, key << shift, shift, radix->page[0]);
}

static int walk_node(struct radix_reader *radix, unsigned int level, uint64_t pa, uint64_t key)
{
	uint8_t *page = radix->page[level];
	struct cursor c = cursor_init((struct kho_bytes){ page,
							  (size_t)1 << radix->walk->page_shift });
	unsigned int shift = radix->leaf_bits + (level - 1) * radix->table_bits;
	unsigned int key_bits = kho_radix_key_bits(radix->walk->page_shift);
	int ret = preserved_page(radix->walk, pa, page);

	if (ret || !level)
		return ret ? ret : walk_leaf(radix, key);
	for (uint64_t i = 0; i < UINT64_C(1) << radix->table_bits && !ret; i++) {
		uint64_t child_pa;

		if (cursor_u64(&c, &child_pa))
			return -EBADMSG;
		if (!child_pa)
			continue;
		/* At the top a table has more entries than a key has bits: a map of other levels. */
		if ((i << shift) >> key_bits || i << shift >> shift != i)
			return kho_fail(radix->walk->err, EBADMSG,
					"a key of more than %u bits: a map of %u levels has none",
					key_bits, radix->levels);
		ret = walk_node(radix, level - 1, child_pa, key | i << shift);
	}
	return ret;
}

int preserved_radix(struct preserved_walk *walk, uint64_t root_pa)
{
	size_t page_bytes = (size_t)1 << walk->page_shift;
	unsigned int table_bits = walk->page_shift - 3, leaf_bits = walk->page_shift + 3;
	unsigned int levels = kho_radix_levels(walk->page_shift);
	struct radix_reader *radix = malloc(sizeof(*radix) + levels * sizeof(radix->page[0]));
	uint8_t *pages = malloc(levels * page_bytes);
	int ret = -ENOMEM;

	if (radix && pages) {
		*radix = (struct radix_reader){ walk, table_bits, leaf_bits, levels };
		for (unsigned int i = 0; i < levels; i++)
			radix->page[i] = pages + i * page_bytes;
		ret = walk_node(radix, levels - 1, root_pa, 0);
	}
	free(pages);
	free(radix);
	return ret;
}
