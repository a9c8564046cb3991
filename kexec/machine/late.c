// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/late.h"

#define BLOCKS "sys/devices/system/memory"

/* 64 TiB in blocks of 128 MiB are half a million. */
#define MAX_BLOCKS (1u << 20)

struct late_walk {
	const struct machine_tree *tree;
	const struct kho_ranges *ram;
	struct kho_ranges *late;
	uint64_t block_bytes;
};

/* A block whose state can't be read counts as one that is online. */
static bool is_online(const struct machine_tree *tree, const char *block)
{
	char path[sizeof(BLOCKS) + 300], *state;
	bool online;

	snprintf(path, sizeof(path), BLOCKS "/%s/state", block);
	if (tree_read(tree, path, &state, NULL))
		return true;
	online = strncmp(state, "offline", 7);
	free(state);
	return online;
}

static bool holds_any(const struct kho_ranges *ram, uint64_t start_pa, uint64_t end_pa)
{
	const struct kho_range block = { start_pa, end_pa, KHO_NO_NODE };
	const struct kho_ranges blocks = { (struct kho_range *)&block, 1, 1 };

	return kho_ranges_common_bytes(ram, &blocks);
}

/* drivers/base/memory.c: phys_index is hexadecimal and counts blocks. */
static int visit_block(const char *name, void *arg)
{
	struct late_walk *walk = arg;
	char path[sizeof(BLOCKS) + 300];
	uint64_t index, start_pa;

	if (strncmp(name, "memory", 6) || walk->late->n == MAX_BLOCKS)
		return 0;
	snprintf(path, sizeof(path), BLOCKS "/%s/phys_index", name);
	if (tree_read_u64(walk->tree, path, 16, &index) ||
	    index >= MACHINE_PA_LIMIT / walk->block_bytes)
		return 0;
	start_pa = index * walk->block_bytes;
	if (holds_any(walk->ram, start_pa, start_pa + walk->block_bytes) ||
	    !is_online(walk->tree, name))
		return 0;
	return kho_ranges_add(walk->late, start_pa, start_pa + walk->block_bytes, KHO_NO_NODE);
}

int late_read(const struct machine_tree *tree, const struct kho_ranges *ram, struct machine *m)
{
	struct late_walk walk = { .tree = tree, .ram = ram, .late = &m->late };

	if (!ram->n ||
	    tree_read_u64(tree, BLOCKS "/block_size_bytes", 16, &walk.block_bytes) ||
	    !walk.block_bytes || walk.block_bytes > MACHINE_PA_LIMIT)
		return 0;
	if (tree_list(tree, BLOCKS, visit_block, &walk) == -ENOMEM)
		return -ENOMEM;
	kho_ranges_normalise(&m->late);
	return 0;
}
