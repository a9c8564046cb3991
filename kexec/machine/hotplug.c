// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/hotplug.h"
#include "machine/remedy.h"

#define BLOCKS "sys/devices/system/memory"

/* 64 TiB in blocks of 128 MiB are half a million. */
#define MAX_BLOCKS (1u << 20)

struct late_walk {
	const struct machine_tree *tree;
	const struct kho_ranges *ram, *lost;
	struct kho_ranges *late;
	uint64_t block_bytes;
	unsigned int blocks;
	unsigned int unreadable;
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

	if (strncmp(name, "memory", 6))
		return 0;
	if (walk->blocks++ == MAX_BLOCKS)
		return -EFBIG;
	snprintf(path, sizeof(path), BLOCKS "/%s/phys_index", name);
	if (tree_read_u64(walk->tree, path, 16, &index) ||
	    index >= MACHINE_PA_LIMIT / walk->block_bytes) {
		walk->unreadable++;
		return 0;
	}
	start_pa = index * walk->block_bytes;
	if (holds_any(walk->ram, start_pa, start_pa + walk->block_bytes) ||
	    holds_any(walk->lost, start_pa, start_pa + walk->block_bytes) ||
	    !is_online(walk->tree, name))
		return 0;
	return kho_ranges_add(walk->late, start_pa, start_pa + walk->block_bytes, KHO_NO_NODE);
}

static int add_late(struct kho_ranges *late, const struct kho_ranges *from)
{
	int ret = 0;

	for (size_t i = 0; i < from->n && !ret; i++)
		ret = kho_ranges_add(late, from->r[i].start_pa, from->r[i].end_pa, KHO_NO_NODE);
	return ret;
}

static int explain_unread_blocks(struct machine *m, unsigned int unreadable)
{
	return kho_findings_add(&m->gaps, KHO_F_MEMORY_UNREADABLE,
				machine_remedy(m, REMEDY_MALFORMED),
				"/" BLOCKS ": %u blocks can't be read: whether they came online after "
				"boot is not known", unreadable);
}

int late_read(const struct machine_tree *tree, const struct passed_memory *memory,
	      struct machine *m)
{
	struct late_walk walk = { .tree = tree, .ram = &memory->ram, .lost = &m->lost,
				  .late = &m->late };
	int ret;

	if (!memory->ram.n)
		return 0;
	if (tree_read_u64(tree, BLOCKS "/block_size_bytes", 16, &walk.block_bytes) ||
	    !walk.block_bytes || walk.block_bytes > MACHINE_PA_LIMIT)
		return add_late(&m->late, &memory->hotplugged);
	ret = tree_list(tree, BLOCKS, visit_block, &walk);
	if (ret == -ENOMEM)
		return ret;
	kho_ranges_normalise(&m->late);
	if (ret)
		walk.unreadable++;
	return walk.unreadable ? explain_unread_blocks(m, walk.unreadable) : 0;
}
