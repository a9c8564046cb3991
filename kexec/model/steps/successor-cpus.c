// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>

#include "model/steps/successor-cpus.h"

#define NODE_NUMBERS	4096	/* of a machine, as its readers take them */

/*
 * arch/x86/kernel/cpu/topology.c, topology_init_possible_cpus(), and arch/arm64/kernel/smp.c,
 * smp_init_cpus(): CPUs beyond nr_cpu_ids are left out.  It begins as NR_CPUS.
 */
static uint64_t most_cpus(const struct boot *b)
{
	uint64_t most = b->kernel->nr_cpus ? b->kernel->nr_cpus : BOOT_CPUS;

	return b->cmd.cpus && b->cmd.cpus < most ? b->cmd.cpus : most;
}

/* The group of @node, by @group_of, which counts from 1. */
static struct boot_cpus *group(struct boot *b, uint16_t *group_of, int node)
{
	uint16_t *nr = &group_of[node + 1];

	if (!*nr) {
		if (b->nr_cpus == BOOT_NODES + 1)
			return NULL;
		b->cpus[b->nr_cpus++] = (struct boot_cpus){ node, 0 };
		*nr = (uint16_t)b->nr_cpus;
	}
	return &b->cpus[*nr - 1];
}

int successor_cpus(struct boot *b)
{
	uint16_t group_of[NODE_NUMBERS + 1] = { 0 };
	uint64_t left = most_cpus(b);

	b->nr_cpus = 0;
	b->possible_cpus = 0;
	for (size_t i = 0; i < b->machine->nr_cpus && left; i++) {
		struct boot_cpus run = b->machine->cpus[i];
		struct boot_cpus *cpus;

		if (run.node < -1 || run.node >= NODE_NUMBERS || run.count > BOOT_CPUS)
			return -EINVAL;
		if (run.count > left)
			run.count = (unsigned int)left;
		/* numa=off leaves one group, on node 0 (pcpu_cpu_distance()). */
		cpus = group(b, group_of, b->cmd.numa_off ? 0 : run.node);
		if (!cpus)
			return -EINVAL;
		cpus->count += run.count;
		b->possible_cpus += run.count;
		left -= run.count;
	}
	return 0;
}
