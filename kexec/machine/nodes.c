// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arch/arch.h"
#include "machine/boot-map.h"
#include "machine/nodes.h"
#include "base/number.h"
#include "machine/remedy.h"
#include "machine/srat.h"
#include "base/cursor.h"

#define SRAT SRAT_PATH
#define CEDT "sys/firmware/acpi/tables/CEDT"
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

/* All memory is on node 0, as for a kernel without a table (dummy_numa_init()). */
static int single_node(struct kho_ranges *map)
{
	map->n = 0;
	return kho_ranges_add(map, 0, MACHINE_PA_LIMIT, 0);
}

/* Is this all that a file of the nodes says? */
static bool nodes_say(const struct machine_tree *tree, const char *path, const char *wanted)
{
	char *text;
	bool said;

	if (tree_read(tree, path, &text, NULL))
		return false;
	text[strcspn(text, "\n")] = '\0';
	said = wanted ? !strcmp(text, wanted) : strpbrk(text, ",-") != NULL;
	free(text);
	return said;
}

static bool several_nodes(const struct kho_ranges *map)
{
	for (size_t i = 1; i < map->n; i++)
		if (map->r[i].node != map->r[0].node)
			return true;
	return false;
}

/*
 * The running kernel read the same SRAT.  Where its result differs, and neither its
 * command line nor memory that came or goes says why, ours is not to be trusted.
 */
static bool is_contradicted(const struct machine_tree *tree, const struct machine *m,
			    const struct kho_ranges *map)
{
	if (m->lost.n || m->late.n || machine_given(m, "numa") || machine_given(m, "acpi") ||
	    machine_given(m, "mem") || machine_given(m, "memmap"))
		return false;
	return several_nodes(map) ? nodes_say(tree, NODES "/online", "0") :
				    nodes_say(tree, NODES "/has_memory", NULL);
}

/* Windows of CXL memory that is not in the SRAT widen what is (acpi_parse_cfmws()). */
static bool has_windows(const struct machine_tree *tree)
{
	char *table;

	if (tree_read(tree, CEDT, &table, NULL))
		return false;
	free(table);
	return true;
}

/* Without the map of the boot, RAM in a window for DIMMs may have come later. */
static int check_windows(struct machine *m, const struct passed_memory *memory,
			 const struct srat_blocks *blocks)
{
	uint64_t bytes = kho_ranges_common_bytes(&memory->ram, &blocks->hotpluggable);

	if (memory->boot_map_known || !m->firmware_ranges || !bytes)
		return 0;
	return kho_findings_add(&m->gaps, KHO_F_MEMORY_UNREADABLE,
				machine_remedy(m, REMEDY_ABSENT),
				"/" BOOT_MAP_SOURCE "/data: absent: %llu MiB of RAM lie where DIMMs can "
				"be plugged in, and whether they were there at boot is not known",
				(unsigned long long)(bytes >> 20));
}

/* The kernel drops the table: one node.  What we can't follow stays an error. */
static int drop_srat(const struct machine_tree *tree, struct machine *m, struct kho_ranges *map,
		     struct kho_err *err)
{
	const struct kho_err why = *err;
	int ret;

	if (has_windows(tree))
		return kho_fail(err, EBADMSG, "%s, and the windows of /" CEDT " are not followed",
				why.text);
	ret = single_node(map);
	if (!ret && is_contradicted(tree, m, map))
		return kho_fail(err, EBADMSG, "%s, but the running kernel has memory on several "
				"nodes", why.text);
	return ret ? ret : kho_findings_add(&m->gaps, KHO_F_SRAT_DROPPED, NULL,
					    "/%s: the kernel drops this table, and all memory "
					    "is node 0", why.text);
}

/* The RAM that may lack a node; where the architecture is not known, the most that any allows. */
static uint64_t nodeless_limit(const struct machine *m)
{
	const struct kho_arch *arch;
	uint64_t bytes = 0;

	for (size_t i = 0; (arch = kho_arch_at(i)); i++)
		if ((!m->arch[0] || !strcmp(m->arch, arch->machine)) && arch->nodeless_bytes > bytes)
			bytes = arch->nodeless_bytes;
	return bytes;
}

static int follow_srat(const struct machine_tree *tree, struct machine *m,
		       const struct passed_memory *memory, struct kho_bytes table,
		       struct kho_ranges *map, struct kho_err *err)
{
	const struct srat_rules rules = {
		.nodeless_limit_bytes = nodeless_limit(m),
		.page_bytes = m->page_bytes ? m->page_bytes : 4096,
	};
	struct srat_blocks blocks = { .memory = { 0 } };
	int ret = srat_parse(table.data, table.size, &blocks, err);

	m->possible_end_pa = blocks.end_pa < MACHINE_PA_LIMIT ? blocks.end_pa : MACHINE_PA_LIMIT;
	if (!ret)
		ret = srat_nodes(&memory->ram, &blocks.memory, &rules, map, err);
	kho_err_prefix(err, SRAT ": ");
	if (ret == -ENOTSUP)
		ret = drop_srat(tree, m, map, err);
	else if (!ret && is_contradicted(tree, m, map))
		ret = kho_fail(err, EBADMSG, SRAT ": it has RAM on several nodes, but the running "
			       "kernel treats all as node 0, and its command line does "
			       "not show why");
	if (!ret)
		ret = check_windows(m, memory, &blocks);
	srat_blocks_deinit(&blocks);
	return ret;
}

/* -ENOENT, -EACCES, -EPERM: it can't be read, and @err is empty. */
static int read_srat(const struct machine_tree *tree, struct machine *m,
		     const struct passed_memory *memory, struct kho_ranges *map,
		     struct kho_err *err)
{
	struct kho_bytes table;
	char *data;
	int ret = tree_read(tree, SRAT, &data, &table.size);

	if (ret)
		return ret;
	m->node_source = SRAT;
	table.data = (const uint8_t *)data;
	ret = follow_srat(tree, m, memory, table, map, err);
	free(data);
	return ret;
}

/* By the kernel that runs.  Where there is no SRAT, one node is one for the successor too. */
static int read_running(const struct machine_tree *tree, struct machine *m, bool no_srat,
			struct kho_ranges *map, struct kho_err *err)
{
	const struct kho_arch *arch = kho_arch_by_name(m->arch);
	bool single = nodes_say(tree, NODES "/online", "0");
	int ret = -ENOENT;

	if (machine_given(m, "numa") && !(no_srat && arch && arch->nodes_by_srat_only))
		return kho_fail(err, EBADMSG, NODES ": the running kernel was given numa=, and its "
				"nodes are not those that the successor sees");
	m->node_source = BLOCKS;
	if (!no_srat || !single)
		ret = read_blocks(tree, map, err);
	if (ret != -ENOENT || err->text[0])
		return ret;
	m->node_source = NODES;
	return single ? single_node(map) : -ENOENT;
}

/* What to do about nodes that are not known: a table that was read can't be read better. */
static int explain_unknown_nodes(struct machine *m, bool hidden, int ret, const struct kho_err *err)
{
	const char *remedy = machine_remedy(m, hidden ? REMEDY_ROOT : REMEDY_MALFORMED);

	if (err->text[0])
		return kho_findings_add(&m->gaps, KHO_F_NODES_MALFORMED, remedy, "/%s", err->text);
	return kho_findings_add(&m->gaps, KHO_F_NODES_UNREADABLE,
				hidden ? remedy : machine_remedy(m, REMEDY_SYSFS),
				"/" NODES ": the nodes of the memory are not known (no SRAT, no "
				"memory blocks): %s", strerror(-ret));
}

int nodes_read(const struct machine_tree *tree, struct machine *m,
	       const struct passed_memory *memory, struct kho_ranges *map)
{
	struct kho_err err = { "" };
	bool hidden = false;
	int ret;

	/* Which nodes a table gives depends on the RAM, and that has a gap of its own. */
	if (!memory->ram.n)
		return 0;
	ret = read_srat(tree, m, memory, map, &err);
	if ((ret == -ENOENT || ret == -EACCES || ret == -EPERM) && !err.text[0]) {
		hidden = ret != -ENOENT;
		ret = read_running(tree, m, !hidden, map, &err);
	}
	if (!ret || ret == -ENOMEM)
		return ret;
	m->node_source = NULL;
	kho_ranges_deinit(map);
	return explain_unknown_nodes(m, hidden, ret, &err);
}
