// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdlib.h>

#include "arch/arch.h"
#include "kernel/formats.h"
#include "kernel/words.h"
#include "machine/machine.h"

uint64_t machine_page_bytes(const struct machine *m)
{
	const struct kho_arch *arch = kho_arch_by_name(m->arch);

	return m->page_bytes || !arch ? m->page_bytes : arch->page_bytes;
}

const char *machine_area_parameter(const struct machine *m)
{
	return kho_area_parameter(m->scratch_source, m->cmdline, m->release);
}

bool machine_given(const struct machine *m, const char *name)
{
	struct param p;

	for (const char *at = m->cmdline; at && (at = param_next(at, &p)); )
		if (param_is(&p, name))
			return true;
	return false;
}

bool machine_cuts_cpus(const struct machine *m)
{
	static const char *const limits[] = {
		"nr_cpus", "possible_cpus", "maxcpus", "nosmp", "nolapic",
	};

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		if (machine_given(m, limits[i]))
			return true;
	return false;
}

int machine_sort_areas(const struct machine *m, struct kho_ranges *areas)
{
	int ret = 0;

	for (size_t i = 0; i < m->scratch.n && !ret; i++)
		ret = kho_ranges_add(areas, m->scratch.r[i].start_pa, m->scratch.r[i].end_pa,
				     KHO_NO_NODE);
	kho_ranges_normalise(areas);
	return ret;
}

void machine_keep_own_cpus(struct machine *m)
{
	free(m->own_cpu_node);
	m->own_cpu_node = m->cpu_node;
	m->own_cpus = m->possible_cpus;
	m->cpu_node = NULL;
	m->possible_cpus = 0;
}

void machine_deinit(struct machine *m)
{
	free(m->own_cpu_node);
	m->own_cpu_node = NULL;
	free(m->cpu_node);
	m->cpu_node = NULL;
	free(m->cmdline);
	m->cmdline = NULL;
	free(m->source_texts);
	m->source_texts = NULL;
	machine_handover_deinit(&m->handover);
	kho_ranges_deinit(&m->scratch);
	kho_ranges_deinit(&m->memory);
	kho_ranges_deinit(&m->unmapped);
	kho_ranges_deinit(&m->boot_services);
	kho_ranges_deinit(&m->lost);
	kho_ranges_deinit(&m->late);
	kho_findings_deinit(&m->gaps);
}
