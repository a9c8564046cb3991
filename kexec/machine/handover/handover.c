// SPDX-License-Identifier: GPL-2.0-only
#include "config.h"

#include <stdlib.h>

#include "machine/handover/handover.h"
#include "producers/producer.h"

static void free_texts(char **text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(text[i]);
	free(text);
}

void handover_tree_deinit(struct handover_tree *tree)
{
	handover_compatible_deinit(&tree->root);
	for (size_t i = 0; i < tree->nr_producers; i++) {
		struct handover_producer *p = &tree->producer[i];

		if (p->state)
			producer_by_name(p->name)->free_state(p->state);
		free(p->name);
		for (size_t j = 0; j < p->nr_compatibles; j++)
			handover_compatible_deinit(&p->compatible[j]);
		free(p->compatible);
		free(p->trouble);
		free_texts(p->reserve_mem, p->nr_reserve_mem);
	}
	free(tree->producer);
	free(tree->producers_trouble);
	*tree = (struct handover_tree){ 0 };
}

int handover_read_kernel(const struct kcore *core, struct handover_tree *out)
{
	int ret = 0;

	for (size_t i = 0; i < out->nr_producers && !ret; i++) {
		const struct producer *known = producer_by_name(out->producer[i].name);

		if (known && known->read_kernel)
			ret = known->read_kernel(core, &out->producer[i]);
	}
	return ret;
}

void machine_handover_deinit(struct machine_handover *handover)
{
	handover_tree_deinit(&handover->out);
	handover_tree_deinit(&handover->in);
	free(handover->previous_release);
	kho_ranges_deinit(&handover->preserved);
	kho_ranges_deinit(&handover->preserved_map);
	free(handover->preserved_trouble);
	*handover = (struct machine_handover){ .hops = -1 };
}
