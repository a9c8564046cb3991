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
