// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include "report/report.h"

void kho_report_area_nodes(const struct kho_range *area, const struct kho_ranges *memory,
			   void (*visit)(int node, void *arg), void *arg)
{
	int last = KHO_NO_NODE;

	for (size_t i = 0; i < memory->n; i++) {
		const struct kho_range *r = &memory->r[i];

		if (r->end_pa <= area->start_pa || r->start_pa >= area->end_pa || r->node == last)
			continue;
		visit(r->node, arg);
		last = r->node;
	}
}

int kho_report_area_left(const struct kho_range *area, const struct boot_result *boot,
			 uint64_t *left_bytes)
{
	struct kho_ranges taken = { 0 };
	int ret = 0;

	for (size_t i = 0; i < boot->nr_allocs && !ret; i++) {
		const struct kho_range *r = &boot->alloc[i].range;
		uint64_t start_pa = r->start_pa > area->start_pa ? r->start_pa : area->start_pa;
		uint64_t end_pa = r->end_pa < area->end_pa ? r->end_pa : area->end_pa;

		if (boot->alloc[i].user != BOOT_PURGATORY && start_pa < end_pa)
			ret = kho_ranges_add(&taken, start_pa, end_pa, 0);
	}
	kho_ranges_normalise(&taken);
	*left_bytes = area->end_pa - area->start_pa - kho_ranges_bytes(&taken);
	kho_ranges_deinit(&taken);
	return ret;
}
