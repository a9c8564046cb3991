// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/nodes.h"
#include "machine/number.h"
#include "machine/srat.h"

#define SRAT "sys/firmware/acpi/tables/SRAT"
#define BLOCKS "sys/devices/system/memory"
#define NODES "sys/devices/system/node"

/* 64 TiB in blocks of 128 MiB are half a million. */
#define MAX_BLOCKS (1u << 20)

struct block_walk {
	const struct machine_tree *tree;
	struct kho_ranges *map;
	uint64_t block_bytes;
	struct kho_err err;
};

/* "node3": 3.  Other names, such as "memory3" seen from "node": -EBADMSG. */
static int numbered_name(const char *name, const char *prefix, uint64_t *number)
{
	const char *at = name + strlen(prefix);

	if (strncmp(name, prefix, strlen(prefix)) || number_parse(&at, 10, number) || *at)
		return -EBADMSG;
	return 0;
}

struct block_nodes {
	uint64_t node;
	unsigned int n;
};

static int visit_block_entry(const char *name, void *arg)
{
	struct block_nodes *nodes = arg;
	uint64_t node;

	if (!numbered_name(name, "node", &node)) {
		nodes->node = node;
		nodes->n++;
	}
	return 0;
}

/* drivers/base/memory.c: phys_index is hexadecimal and counts blocks. */
static int visit_block(const char *name, void *arg)
{
	struct block_walk *walk = arg;
	struct block_nodes nodes = { 0 };
	char path[sizeof(BLOCKS) + 300];
	uint64_t number, index;
	int ret;

	if (numbered_name(name, "memory", &number))
		return 0;
	if (walk->map->n == MAX_BLOCKS)
		return kho_fail(&walk->err, EBADMSG, BLOCKS ": more than %u blocks", MAX_BLOCKS);
	snprintf(path, sizeof(path), BLOCKS "/%s/phys_index", name);
	ret = tree_read_u64(walk->tree, path, 16, &index);
	if (ret)
		return kho_fail(&walk->err, -ret, "%s: %s", path, strerror(-ret));
	if (index >= MACHINE_PA_LIMIT / walk->block_bytes)
		return kho_fail(&walk->err, EBADMSG, "%s: the block ends above 2^52", path);
	snprintf(path, sizeof(path), BLOCKS "/%s", name);
	ret = tree_list(walk->tree, path, visit_block_entry, &nodes);
	if (ret)
		return kho_fail(&walk->err, -ret, "%s: %s", path, strerror(-ret));
	if (nodes.n > 1)
		return kho_fail(&walk->err, EBADMSG, "%s: the block is part of %u nodes", path,
				nodes.n);
	if (!nodes.n)
		return 0;
	if (nodes.node > 4095)
		return kho_fail(&walk->err, EBADMSG, "%s: node %llu", path,
				(unsigned long long)nodes.node);
	return kho_ranges_add(walk->map, index * walk->block_bytes,
			      (index + 1) * walk->block_bytes, (int)nodes.node);
}

static int read_blocks(const struct machine_tree *tree, struct kho_ranges *map,
		       struct kho_err *err)
{
	struct block_walk walk = { .tree = tree, .map = map };
	int ret = tree_read_u64(tree, BLOCKS "/block_size_bytes", 16, &walk.block_bytes);

	if (ret)
		return ret;
	if (!walk.block_bytes || walk.block_bytes > MACHINE_PA_LIMIT)
		return kho_fail(err, EBADMSG, BLOCKS "/block_size_bytes: 0x%llx",
				(unsigned long long)walk.block_bytes);
	ret = tree_list(tree, BLOCKS, visit_block, &walk);
	if (ret)
		*err = walk.err;
	else if (!map->n)
		ret = -ENOENT;
	kho_ranges_normalise(map);
	return ret;
}

static int read_srat(const struct machine_tree *tree, struct kho_ranges *map,
		     struct kho_err *err)
{
	char *table;
	size_t bytes;
	int ret = tree_read(tree, SRAT, &table, &bytes);

	if (ret)
		return ret;
	ret = srat_parse((const uint8_t *)table, bytes, map, err);
	kho_err_prefix(err, SRAT ": ");
	free(table);
	if (!ret && !map->n)
		ret = -ENOENT;
	return ret;
}

/* A kernel that knows of one node says "0" here, or is built without NUMA. */
static int read_single(const struct machine_tree *tree, struct kho_ranges *map)
{
	char *online;
	int ret = tree_read(tree, NODES "/online", &online, NULL);

	if (ret)
		return ret;
	ret = strcmp(online, "0\n") ? -ENOENT : kho_ranges_add(map, 0, MACHINE_PA_LIMIT, 0);
	free(online);
	return ret;
}

int nodes_read(const struct machine_tree *tree, struct machine *m, struct kho_ranges *map)
{
	struct kho_err err = { "" };
	int ret;

	m->node_source = SRAT;
	ret = read_srat(tree, map, &err);
	if (ret == -ENOENT || ret == -EACCES || ret == -EPERM) {
		m->node_source = BLOCKS;
		ret = read_blocks(tree, map, &err);
	}
	if (ret == -ENOENT && !err.text[0]) {
		m->node_source = NODES;
		ret = read_single(tree, map);
	}
	if (!ret || ret == -ENOMEM)
		return ret;
	m->node_source = NULL;
	kho_ranges_deinit(map);
	if (err.text[0])
		return kho_findings_add(&m->gaps, KHO_F_NODES_MALFORMED,
					"run as root so that the SRAT can be read, or capture the "
					"machine again", "/%s", err.text);
	return kho_findings_add(&m->gaps, KHO_F_NODES_UNREADABLE,
				"mount sysfs, or capture the machine again",
				"/" NODES ": the nodes of the memory are not known (no SRAT, no "
				"memory blocks): %s", strerror(-ret));
}
