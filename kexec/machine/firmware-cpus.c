// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "machine/firmware-cpus.h"
#include "machine/madt.h"
#include "machine/remedy.h"
#include "machine/srat.h"

#define MADT "sys/firmware/acpi/tables/APIC"
#define FADT "sys/firmware/acpi/tables/FACP"
#define SRAT "sys/firmware/acpi/tables/SRAT"
#define KERNEL_MAX "sys/devices/system/cpu/kernel_max"

/* ACPI 6.5, table 5.9 */
#define FADT_REVISION	8
#define FADT_MINOR	131

/* x86: as many as CONFIG_NR_CPUS, which may be fewer than there are. */
static bool is_full(const struct machine_tree *tree, const struct machine *m)
{
	uint64_t last;

	return !tree_read_u64(tree, KERNEL_MAX, 10, &last) && m->possible_cpus > last;
}

/* acpi_parse_madt(): ACPI 6.3 and newer support the online capable bit. */
static bool says_online_capable(const struct machine_tree *tree)
{
	size_t bytes;
	char *fadt;
	bool says = false;

	if (tree_read(tree, FADT, &fadt, &bytes))
		return false;
	if (bytes > FADT_MINOR)
		says = (uint8_t)fadt[FADT_REVISION] > 6 ||
		       (fadt[FADT_REVISION] == 6 && (uint8_t)fadt[FADT_MINOR] >= 3);
	free(fadt);
	return says;
}

/* Of the SRAT, unless the kernel drops it; then all is node 0. */
static int read_nodes(const struct machine_tree *tree, const struct machine *m,
		      struct srat_blocks *blocks)
{
	struct kho_err err;
	size_t bytes;
	char *table;
	int ret;

	for (size_t i = 0; i < m->gaps.n; i++)
		if (m->gaps.f[i].id == KHO_F_SRAT_DROPPED)
			return 0;
	if (tree_read(tree, SRAT, &table, &bytes))
		return 0;
	ret = srat_parse((const uint8_t *)table, bytes, blocks, &err);
	free(table);
	return ret == -ENOMEM ? ret : 0;
}

static int node_of(const struct srat_blocks *blocks, uint32_t id)
{
	for (size_t i = 0; i < blocks->processors.n; i++)
		if (blocks->processors.r[i].start_pa <= id && id < blocks->processors.r[i].end_pa)
			return blocks->processors.r[i].node;
	return 0;
}

static int set_cpus(const struct machine_tree *tree, struct machine *m, const uint32_t *ids,
		    size_t n)
{
	struct srat_blocks blocks = { .memory = { 0 } };
	int *nodes = malloc(n * sizeof(*nodes));
	int ret = nodes ? read_nodes(tree, m, &blocks) : -ENOMEM;

	for (size_t i = 0; i < n && !ret; i++)
		nodes[i] = node_of(&blocks, ids[i]);
	srat_blocks_deinit(&blocks);
	if (ret) {
		free(nodes);
		return ret;
	}
	free(m->cpu_node);
	m->cpu_node = nodes;
	m->possible_cpus = (unsigned int)n;
	m->cpus_source = MADT;
	return 0;
}

/* @err is empty where it can't be read. */
static int read_madt(const struct machine_tree *tree, struct machine *m, struct kho_err *err)
{
	const struct madt_rules rules = {
		.arm64 = !strcmp(m->arch, "aarch64"),
		.hypervisor = m->hypervisor,
		.online_capable = says_online_capable(tree),
	};
	size_t bytes, n;
	uint32_t *ids;
	char *table;
	int ret = tree_read(tree, MADT, &table, &bytes);

	if (ret)
		return ret;
	ret = madt_cpus((const uint8_t *)table, bytes, &rules, &ids, &n, err);
	free(table);
	if (ret)
		return ret;
	ret = set_cpus(tree, m, ids, n);
	free(ids);
	return ret;
}

static int explain_unknown_cpus(struct machine *m, int ret, const struct kho_err *err)
{
	bool hidden = ret == -EACCES || ret == -EPERM;

	machine_keep_own_cpus(m);
	return kho_findings_add(&m->gaps, KHO_F_CPUS_UNKNOWN,
				machine_remedy(m, hidden ? REMEDY_ROOT : REMEDY_ABSENT),
				"/" MADT ": %s: the running kernel's own CPUs are cut by its command "
				"line, and how many the successor makes room for is not known",
				err->text[0] ? err->text : strerror(-ret));
}

int firmware_cpus_read(const struct machine_tree *tree, struct machine *m)
{
	struct kho_err err = { "" };
	bool cut = machine_cuts_cpus(m);
	int ret;

	if (!m->possible_cpus || (!cut && !is_full(tree, m)))
		return 0;
	ret = read_madt(tree, m, &err);
	if (!ret || ret == -ENOMEM)
		return ret;
	return cut ? explain_unknown_cpus(m, ret, &err) : 0;
}
