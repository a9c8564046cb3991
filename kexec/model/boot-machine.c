// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "model/boot-machine.h"

/*
 * Runs of CPUs of one node.  Where they are not known, one: a death with one is a death with
 * all, and no more is concluded (cpus-unknown).
 */
static int list_cpus(const int *node, unsigned int cpus, const struct boot_cpus **runs, size_t *n)
{
	struct boot_cpus *r = calloc(cpus + 1, sizeof(*r));

	if (!r)
		return -ENOMEM;
	*n = 0;
	for (unsigned int cpu = 0; cpu < cpus; cpu++) {
		if (!*n || r[*n - 1].node != node[cpu])
			r[(*n)++] = (struct boot_cpus){ node[cpu], 0 };
		r[*n - 1].count++;
	}
	if (!*n)
		r[(*n)++] = (struct boot_cpus){ KHO_NO_NODE, 1 };
	*runs = r;
	return 0;
}

/* Preserved memory, and the pages that tell of it: both are in the successor's way. */
static int add_preserved(const struct machine *m, struct boot_machine *bm)
{
	const struct kho_ranges *const from[] = { &m->handover.preserved,
						  &m->handover.preserved_map };
	struct kho_ranges *both = calloc(1, sizeof(*both));
	int ret = both ? 0 : -ENOMEM;

	bm->preserved = both;
	bm->preserved_map = &m->handover.preserved_map;
	bm->preserved_rounded = m->handover.preserved_rounded;
	bm->preserved_ranges = m->handover.preserved_rounded ? m->handover.preserved_count :
							       m->handover.preserved.n;
	for (size_t i = 0; i < 2; i++)
		for (size_t j = 0; j < from[i]->n && !ret; j++)
			ret = kho_ranges_add(both, from[i]->r[j].start_pa, from[i]->r[j].end_pa,
					     KHO_NO_NODE);
	if (!ret)
		kho_ranges_normalise(both);
	return ret;
}

int boot_machine_init(struct boot_machine *bm, const struct machine *m)
{
	int ret;

	*bm = (struct boot_machine){ .ram = m->memory, .unmapped = m->unmapped,
				     .boot_services = m->boot_services,
				     .scratch = m->scratch,
				     .ima_bytes = m->ima_bytes,
				     .possible_end_pa = m->possible_end_pa,
				     .possible_nodes = m->possible_nodes,
				     .device_tree = m->device_tree };
	ret = list_cpus(m->cpu_node, m->possible_cpus, &bm->cpus, &bm->nr_cpus);
	if (ret)
		return ret;
	if (m->own_cpus)
		ret = list_cpus(m->own_cpu_node, m->own_cpus, &bm->own_cpus, &bm->nr_own_cpus);
	if (!ret && m->handover.preserved_known)
		ret = add_preserved(m, bm);
	if (ret) {
		boot_machine_deinit(bm);
		return ret;
	}
	bm->nr_firmware_ranges = m->firmware_ranges && m->firmware_ranges < MACHINE_E820_PASSED ?
				 m->firmware_ranges : MACHINE_E820_PASSED;
	bm->five_level = !m->cpu_flags_known || m->five_level;
	bm->lpa2 = !m->lpa2_known || m->lpa2;
	bm->lpa2_known = m->lpa2_known;
	/* Without them the direct map takes a page table for every GiB. */
	bm->gbpages = m->cpu_flags_known && m->gbpages;
	return 0;
}

void boot_machine_deinit(struct boot_machine *bm)
{
	free((void *)bm->cpus);
	bm->cpus = NULL;
	free((void *)bm->own_cpus);
	bm->own_cpus = NULL;
	if (bm->preserved)
		kho_ranges_deinit((struct kho_ranges *)bm->preserved);
	free((void *)bm->preserved);
	bm->preserved = NULL;
}
