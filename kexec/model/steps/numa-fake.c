// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>

#include "model/steps/successor-ram.h"

#define FAKE_NODE_MIN_BYTES	(UINT64_C(32) << 20)

/* RAM in [@lo, @hi), in bytes. */
static uint64_t present(const struct kho_ranges *ram, uint64_t lo, uint64_t hi)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < ram->n; i++) {
		uint64_t a = ram->r[i].start_pa > lo ? ram->r[i].start_pa : lo;
		uint64_t b = ram->r[i].end_pa < hi ? ram->r[i].end_pa : hi;

		sum += a < b ? b - a : 0;
	}
	return sum;
}

/* A node's blocks: its ranges, with the holes that no other node's RAM lies in. */
static int node_blocks(const struct kho_ranges *ram, struct kho_ranges *blocks)
{
	for (size_t i = 0, k; i < ram->n; i = k) {
		int ret;

		for (k = i + 1; k < ram->n && ram->r[k].node == ram->r[i].node; k++)
			;
		ret = kho_ranges_add(blocks, ram->r[i].start_pa, ram->r[k - 1].end_pa,
				     ram->r[i].node);
		if (ret)
			return ret;
	}
	return 0;
}

/* Where the fake node that starts at @start in a block that ends at @limit ends. */
static uint64_t node_end(const struct kho_ranges *ram, uint64_t start, uint64_t limit,
			 uint64_t bytes, bool big)
{
	uint64_t end = start + bytes + (big ? FAKE_NODE_MIN_BYTES : 0);

	while (end < limit && present(ram, start, end) < bytes)
		end += FAKE_NODE_MIN_BYTES;
	if (end > limit)
		end = limit;
	/* The next one must have something below 4 GiB, or else nothing of it. */
	if (end < BOOT_4G && present(ram, end, BOOT_4G) < FAKE_NODE_MIN_BYTES)
		end = BOOT_4G;
	/* And enough before the end of the block. */
	if (end >= limit || present(ram, end, limit) < bytes)
		end = limit;
	return end;
}

/* Lowest block of the lowest node above @node that has one left; -1: none. */
static int next_block(const struct kho_ranges *blocks, int node)
{
	int found = -1;

	for (size_t i = 0; i < blocks->n; i++) {
		const struct kho_range *r = &blocks->r[i];

		if (r->start_pa < r->end_pa && r->node > node &&
		    (found < 0 || r->node < blocks->r[found].node))
			found = (int)i;
	}
	return found;
}

static int split(const struct kho_ranges *ram, struct kho_ranges *blocks, uint64_t nodes,
		 struct kho_ranges *out)
{
	uint64_t bytes = kho_ranges_bytes(ram) / 4096 / nodes * 4096;
	uint64_t big = bytes % FAKE_NODE_MIN_BYTES * nodes / FAKE_NODE_MIN_BYTES;
	uint64_t fake = 0;
	int node = -1;

	bytes -= bytes % FAKE_NODE_MIN_BYTES;
	if (!bytes)
		return -EINVAL;
	/* A fake node from each node in turn, until none has anything left. */
	for (;;) {
		int i = next_block(blocks, node);
		uint64_t end;
		int ret;

		if (i < 0) {
			if (node < 0)
				return 0;
			node = -1;
			continue;
		}
		node = blocks->r[i].node;
		end = node_end(ram, blocks->r[i].start_pa, blocks->r[i].end_pa, bytes, fake < big);
		ret = kho_ranges_add(out, blocks->r[i].start_pa, end, (int)(fake++ % nodes));
		if (ret)
			return ret;
		blocks->r[i].start_pa = end;
	}
}

int numa_fake_split(const struct kho_ranges *ram, uint64_t nodes, struct kho_ranges *out)
{
	struct kho_ranges blocks = { 0 }, fake = { 0 };
	int ret;

	if (!nodes || !ram->n)
		return -EINVAL;
	ret = node_blocks(ram, &blocks);
	if (!ret)
		ret = split(ram, &blocks, nodes, &fake);
	kho_ranges_normalise(&fake);
	if (!ret)
		ret = kho_ranges_cut(ram, &fake, out);
	kho_ranges_deinit(&blocks);
	kho_ranges_deinit(&fake);
	return ret;
}
