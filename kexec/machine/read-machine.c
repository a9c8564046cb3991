// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "machine/boot-services.h"
#include "machine/cpus.h"
#include "machine/device-tree.h"
#include "machine/dma.h"
#include "machine/firmware-cpus.h"
#include "machine/handover/read-handover.h"
#include "machine/hotplug.h"
#include "machine/ima.h"
#include "machine/memory.h"
#include "machine/nodes.h"
#include "machine/page-size.h"
#include "machine/read-machine.h"
#include "machine/remedy.h"
#include "machine/running-arch.h"
#include "machine/scratch.h"
#include "machine/tree.h"

/* mm/memblock.c, memblock_validate_numa_coverage(): this much may lack a node. */
#define NODELESS_LIMIT_BYTES (UINT64_C(1) << 20)

/* Cut the RAM by node; without a map of nodes nothing is known of the memory. */
static int place_memory(struct machine *m, const struct kho_ranges *ram,
			const struct kho_ranges *map)
{
	uint64_t nodeless_bytes = 0;
	size_t kept = 0;
	int ret;

	if (!ram->n || !map->n)
		return 0;
	ret = kho_ranges_cut(ram, map, &m->memory);
	if (ret)
		return ret;
	for (size_t i = 0; i < m->memory.n; i++) {
		const struct kho_range *r = &m->memory.r[i];

		if (r->node == KHO_NO_NODE)
			nodeless_bytes += r->end_pa - r->start_pa;
		else
			m->memory.r[kept++] = *r;
	}
	m->memory.n = kept;
	if (nodeless_bytes > NODELESS_LIMIT_BYTES)
		return kho_findings_add(&m->gaps, KHO_F_NODES_MALFORMED,
					machine_remedy(m, REMEDY_OFFLINE),
					"/%s: %llu MiB of RAM belong to no node", m->node_source,
					(unsigned long long)(nodeless_bytes >> 20));
	m->memory_known = true;
	return 0;
}

/* The first line of a file, printable; NULL where it can't be read. */
static char *read_first_line(const struct machine_tree *tree, const char *path)
{
	char *text;

	if (tree_read(tree, path, &text, NULL))
		return NULL;
	text[strcspn(text, "\n")] = '\0';
	kho_make_printable(text);
	return text;
}

static void read_name(const struct machine_tree *tree, const char *path, char *name, size_t bytes)
{
	char *text = read_first_line(tree, path);

	if (text)
		snprintf(name, bytes, "%s", text);
	free(text);
}

/* A folder of something else would read as a machine that hides all. */
static int open_root(const char *root, struct machine_tree *tree, struct kho_err *err)
{
	int ret = tree_init_why(tree, root, err);

	if (ret || tree_has_folder(tree, "proc") || tree_has_folder(tree, "sys"))
		return ret;
	tree_deinit(tree);
	return kho_fail(err, EINVAL, "%s: not a captured machine: it has neither proc nor sys; "
			"scripts/capture-machine makes one", root);
}

int machine_probe(const char *root, struct kho_err *err)
{
	struct machine_tree tree;
	int ret = open_root(root, &tree, err);

	if (!ret)
		tree_deinit(&tree);
	return ret;
}

int machine_read(const char *root, struct machine *m, struct kho_err *err)
{
	struct passed_memory memory = { .boot_map_known = false };
	struct kho_ranges map = { 0 };
	struct machine_tree tree;
	int ret;

	*m = (struct machine){ .elsewhere = strcmp(root, "/") };
	ret = open_root(root, &tree, err);
	if (ret)
		return ret;
	read_name(&tree, "proc/sys/kernel/osrelease", m->release, sizeof(m->release));
	read_name(&tree, RUNNING_ARCH, m->arch, sizeof(m->arch));
	read_name(&tree, "proc/sys/kernel/hostname", m->host, sizeof(m->host));
	m->cmdline = read_first_line(&tree, "proc/cmdline");
	m->page_bytes = page_size_read(&tree);
	ret = running_arch_read(&tree, m);
	if (!ret)
		ret = cpus_read(&tree, m);
	if (!ret)
		ret = scratch_read(&tree, m);
	if (!ret)
		ret = memory_read(&tree, m, &memory);
	if (!ret)
		ret = late_read(&tree, &memory, m);
	if (!ret)
		ret = nodes_read(&tree, m, &memory, &map);
	if (!ret)
		ret = place_memory(m, &memory.ram, &map);
	if (!ret)
		ret = firmware_cpus_read(&tree, m);
	if (!ret)
		ret = handover_read(&tree, m);
	if (!ret)
		ret = dma_read(&tree, m);
	if (!ret)
		ret = boot_services_read(&tree, m);
	ima_read(&tree, m);
	device_tree_read(&tree, m);
	if (ret) {
		machine_deinit(m);
		kho_fail(err, -ret, "%s: %s", root, strerror(-ret));
	}
	passed_memory_deinit(&memory);
	kho_ranges_deinit(&map);
	tree_deinit(&tree);
	return ret;
}
