// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/cpus.h"
#include "base/number.h"

#define POSSIBLE "sys/devices/system/cpu/possible"
#define NODES "sys/devices/system/node"

/* The largest CONFIG_NR_CPUS is 8192. */
#define MAX_CPUS 65536

/* The largest CONFIG_NODES_SHIFT is 10. */
#define MAX_NODES 1024

/*
 * "0-3,8-11" (lib/vsprintf.c, bitmap_list_string()): call @visit for each number, once,
 * as they ascend.  False where the text is something else.
 */
static bool walk_list(const char *at, void (*visit)(unsigned int cpu, void *arg), void *arg)
{
	uint64_t next = 0;

	while (*at && *at != '\n') {
		uint64_t first, last;

		if (number_parse(&at, 10, &first))
			return false;
		last = first;
		if (*at == '-' && (at++, number_parse(&at, 10, &last)))
			return false;
		if (last >= MAX_CPUS || first > last || first < next || (*at && *at != ',' && *at != '\n'))
			return false;
		next = last + 1;
		for (; first <= last; first++)
			visit((unsigned int)first, arg);
		at += *at == ',';
	}
	return true;
}

static void count_up_to(unsigned int cpu, void *arg)
{
	unsigned int *count = arg;

	if (cpu >= *count)
		*count = cpu + 1;
}

static int read_possible(const struct machine_tree *tree, struct machine *m)
{
	unsigned int count = 0;
	char *list;
	bool good;

	if (tree_read(tree, POSSIBLE, &list, NULL))
		return 0;
	good = walk_list(list, count_up_to, &count);
	free(list);
	if (!good || !count)
		return 0;
	m->cpu_node = malloc(count * sizeof(*m->cpu_node));
	if (!m->cpu_node)
		return -ENOMEM;
	for (unsigned int cpu = 0; cpu < count; cpu++)
		m->cpu_node[cpu] = KHO_NO_NODE;
	m->possible_cpus = count;
	return 0;
}

struct node_walk {
	const struct machine_tree *tree;
	struct machine *m;
	int node;
};

static void set_node(unsigned int cpu, void *arg)
{
	struct node_walk *walk = arg;

	if (cpu < walk->m->possible_cpus)
		walk->m->cpu_node[cpu] = walk->node;
}

static int visit_node(const char *name, void *arg)
{
	struct node_walk *walk = arg;
	const char *at = name + strlen("node");
	char path[sizeof(NODES) + 300];
	uint64_t node;
	char *list;

	if (strncmp(name, "node", 4) || number_parse(&at, 10, &node) || *at || node > 4095)
		return 0;
	snprintf(path, sizeof(path), NODES "/%s/cpulist", name);
	if (tree_read(walk->tree, path, &list, NULL))
		return 0;
	walk->node = (int)node;
	walk_list(list, set_node, walk);
	free(list);
	return 0;
}

static void count_one(unsigned int node, void *arg)
{
	++*(unsigned int *)arg;
}

static void read_possible_nodes(const struct machine_tree *tree, struct machine *m)
{
	unsigned int count = 0;
	char *list;

	if (tree_read(tree, NODES "/possible", &list, NULL))
		return;
	if (walk_list(list, count_one, &count) && count <= MAX_NODES)
		m->possible_nodes = count;
	free(list);
}

/* Does @flag stand as a word in the line that begins at @line? */
static bool has_flag(const char *line, const char *flag)
{
	size_t end = strcspn(line, "\n"), len = strlen(flag);

	for (size_t at = 0; at < end; at += strspn(line + at, " \t")) {
		size_t word = strcspn(line + at, " \t\n");

		if (word == len && !memcmp(line + at, flag, len))
			return true;
		at += word;
	}
	return false;
}

static void read_flags(const struct machine_tree *tree, struct machine *m)
{
	const char *flags;
	char *text;

	if (tree_read(tree, "proc/cpuinfo", &text, NULL))
		return;
	flags = strstr(text, "\nflags");
	if (flags) {
		m->cpu_flags_known = true;
		m->five_level = has_flag(flags + 1, "la57");
		m->gbpages = has_flag(flags + 1, "pdpe1gb");
		m->hypervisor = has_flag(flags + 1, "hypervisor");
	}
	free(text);
}

int cpus_read(const struct machine_tree *tree, struct machine *m)
{
	struct node_walk walk = { .tree = tree, .m = m };
	int ret = read_possible(tree, m);

	read_possible_nodes(tree, m);
	if (!ret && tree_list(tree, NODES, visit_node, &walk) == -ENOMEM)
		ret = -ENOMEM;
	read_flags(tree, m);
	return ret;
}
