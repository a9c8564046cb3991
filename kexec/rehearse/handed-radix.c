// SPDX-License-Identifier: GPL-2.0-only
/* kho-v3 and kho-v4: see machine/preserved-radix.c for the layout. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "kernel/formats.h"
#include "rehearse/bytes.h"
#include "rehearse/handed.h"

struct node {
	uint64_t pa;
	struct node **child;	/* NULL for a leaf */
	uint8_t bits[];		/* of a leaf */
};

struct radix_writer {
	struct handed *handed;
	struct node *root;
	unsigned int table_bits;
	unsigned int leaf_bits;
	unsigned int levels;
};

static struct node *new_node(struct radix_writer *radix, bool leaf)
{
	size_t page_bytes = (size_t)1 << radix->handed->page_shift;
	struct node *node = calloc(1, sizeof(*node) + (leaf ? page_bytes : 0));

	if (!node)
		return NULL;
	node->pa = handed_next_page(radix->handed);
	if (!leaf)
		node->child = calloc((size_t)1 << radix->table_bits, sizeof(*node->child));
	if (node->pa && (leaf || node->child))
		return node;
	free(node->child);
	free(node);
	return NULL;
}

static void free_node(const struct radix_writer *radix, struct node *node)
{
	if (!node)
		return;
	for (size_t i = 0; node->child && i < (size_t)1 << radix->table_bits; i++)
		free_node(radix, node->child[i]);
	free(node->child);
	free(node);
}

/* kho_radix_add_key().  NULL from new_node(): no memory, or no page left. */
static int add_key(struct radix_writer *radix, uint64_t key)
{
	struct node *node = radix->root;
	uint64_t bit = key & ((UINT64_C(1) << radix->leaf_bits) - 1);

	for (unsigned int level = radix->levels - 1; level; level--) {
		unsigned int shift = radix->leaf_bits + (level - 1) * radix->table_bits;
		size_t i = key >> shift & ((UINT64_C(1) << radix->table_bits) - 1);

		if (!node->child[i])
			node->child[i] = new_node(radix, level == 1);
		if (!node->child[i])
			return -ENOSPC;
		node = node->child[i];
	}
	node->bits[bit / 8] |= (uint8_t)(1 << bit % 8);
	return 0;
}

static int add_range(struct radix_writer *radix, const struct kho_range *r)
{
	int ret = 0;

	for (uint64_t pa = r->start_pa; pa < r->end_pa && !ret; ) {
		uint64_t at = pa;
		unsigned int shift = radix->handed->page_shift +
				     handed_next_order(radix->handed, &pa, r->end_pa);

		ret = add_key(radix, UINT64_C(1) << (64 - shift) | at >> shift);
	}
	return ret;
}

static int write_node(const struct radix_writer *radix, const struct node *node, uint8_t *page,
		      struct guest *guest, struct kho_err *err)
{
	size_t page_bytes = (size_t)1 << radix->handed->page_shift;
	int ret = 0;

	if (!node->child)
		return guest_write(guest, node->pa, node->bits, page_bytes, err);
	for (size_t i = 0; i < (size_t)1 << radix->table_bits; i++)
		put_le(page + i * 8, node->child[i] ? node->child[i]->pa : 0, 8);
	ret = guest_write(guest, node->pa, page, page_bytes, err);
	for (size_t i = 0; i < (size_t)1 << radix->table_bits && !ret; i++)
		if (node->child[i])
			ret = write_node(radix, node->child[i], page, guest, err);
	return ret;
}

int handed_write_radix(struct handed *handed, struct guest *guest, uint64_t *root_pa,
		       struct kho_err *err)
{
	struct radix_writer radix = {
		.handed = handed, .table_bits = handed->page_shift - 3,
		.leaf_bits = handed->page_shift + 3,
		.levels = kho_radix_levels(handed->page_shift),
	};
	uint8_t *page = malloc((size_t)1 << handed->page_shift);
	int ret;

	radix.root = new_node(&radix, false);
	ret = page && radix.root ? 0 : -ENOSPC;
	for (size_t i = 0; !ret && i < handed->preserved->n; i++)
		ret = add_range(&radix, &handed->preserved->r[i]);
	if (ret)
		ret = kho_fail(err, -ret, "no pages for the map of preserved memory");
	else
		ret = write_node(&radix, radix.root, page, guest, err);
	*root_pa = radix.root ? radix.root->pa : 0;
	free_node(&radix, radix.root);
	free(page);
	return ret;
}
